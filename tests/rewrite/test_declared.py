"""The blocks that fixes of rules are declared with, each by what it makes of a call."""

import pytest

from batten.rewrite.declared import (
    add_keyword,
    drop_argument,
    replace_argument,
    replace_prefix,
    swap_callee,
    together,
    wrap,
)
from batten.rewrite.edit import apply
from batten.rewrite.refusal import Refusal

safe_load = together(swap_callee("yaml.safe_load"), drop_argument("Loader", 1))
timeout = add_keyword("timeout", "10")
not_for_security = add_keyword("usedforsecurity", "False")


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (
            safe_load,
            "import yaml\nd = ^yaml.load(text, Loader=yaml.Loader)^\n",
            "import yaml\nd = yaml.safe_load(text)\n",
        ),
        (
            safe_load,
            "import yaml\nd = ^yaml.load(text, yaml.Loader)^\n",
            "import yaml\nd = yaml.safe_load(text)\n",
        ),
        (
            safe_load,
            "from yaml import load\nd = ^load(open(f))^\n",
            "from yaml import load, safe_load\nd = safe_load(open(f))\n",
        ),
        (
            safe_load,
            "import yaml as y\nd = ^y.load(\n    text,  # as is\n    Loader=y.Loader,\n)^\n",
            None,
        ),
        (
            safe_load,
            "import yaml as y\nd = ^y.load(\n    Loader=y.Loader, stream=text\n)^\n",
            "import yaml as y\nd = y.safe_load(\n    stream=text\n)\n",
        ),
        (timeout, "requests.get(url)", "requests.get(url, timeout=10)"),
        (timeout, "requests.get(url,)", "requests.get(url, timeout=10,)"),
        (timeout, "(requests.get)(url, *a)", "(requests.get)(url, *a, timeout=10)"),
        (timeout, "requests.get()", "requests.get(timeout=10)"),
        (timeout, "requests.get(url, timeout=None)", "requests.get(url, timeout=10)"),
        (timeout, "(requests.get(url))", "(requests.get(url, timeout=10))"),
        (
            timeout,
            "requests.get(\n    url,  # all\n    headers=h,\n)",
            "requests.get(\n    url,  # all\n    headers=h,\n    timeout=10,\n)",
        ),
        (
            timeout,
            "requests.get(\r\n\turl\r\n)",
            "requests.get(\r\n\turl,\r\n\ttimeout=10\r\n)",
        ),
        (not_for_security, "hashlib.md5(x)", "hashlib.md5(x, usedforsecurity=False)"),
        (
            not_for_security,
            "hashlib.new('md5', x, usedforsecurity=True)",
            "hashlib.new('md5', x, usedforsecurity=False)",
        ),
        (replace_argument("shell", None, "False"), "run(a, shell=True)", "run(a, shell=False)"),
        (replace_argument("mode", 1, "0o600"), "os.chmod(p, 0o777)", "os.chmod(p, 0o600)"),
        (replace_argument("mode", 1, "0o600"), "os.chmod(p, mode=m)", "os.chmod(p, mode=0o600)"),
        (drop_argument("verify"), "get(u, verify=False, timeout=1)", "get(u, timeout=1)"),
        (drop_argument("verify"), "get(verify=False)", "get()"),
        (wrap("builtins.int"), "port", "int(port)"),
        (wrap("builtins.repr"), "a or b", "repr(a or b)"),
        (replace_prefix("http://", "https://"), "f'http://{h}/'", "f'https://{h}/'"),
        (replace_prefix("http://", "https://"), "('http://a' '/b')", "('https://a' '/b')"),
    ],
)
def test_a_block_changes_what_it_says_and_no_more(change, before, after, marked):
    module = before if "\n" in before and "^" in before else f"^{before}^"
    source, span = marked(module)
    made = change(source, span)
    if after is None:
        assert isinstance(made, Refusal)
    else:
        assert apply(source, made).text == after


@pytest.mark.parametrize(
    ("change", "code", "reason"),
    [
        (timeout, "^get(url, **more)^", "`timeout` may be among the arguments that are unpacked"),
        (
            timeout,
            "^all(x for x in y)^",
            "its argument is a generator without parentheses of its own",
        ),
        (timeout, "^get^", "it is not a call"),
        (timeout, "r = ^get(^", "the document has a syntax error on line 1"),
        (
            replace_argument("mode", 1, "1"),
            "^f(*a)^",
            "`mode` may be among the arguments that are unpacked",
        ),
        (replace_argument("mode", 1, "1"), "^f(a)^", "the call has no `mode`"),
        (drop_argument("a", 0), "^f(1, 2)^", "the arguments behind `a` would move up"),
        (drop_argument("b"), "^f(a,  # why\n b=1)^", "there is a comment beside the argument"),
        (swap_callee("yaml.safe_load"), "def f(yaml, safe_load): ^yaml.load(x)^", None),
        (wrap("builtins.int"), "int = 1\nx = ^y^", "`int` is not the builtin here"),
        (wrap("builtins.int"), "^x^ = y", "it is not the expression of a value"),
        (together(timeout, timeout), "^f(timeout=None)^", None),
        (
            together(timeout, add_keyword("timeout", "20")),
            "^f(timeout=None)^",
            "the changes are overlapping edits at byte 10",
        ),
        (
            replace_prefix("http://", "https://"),
            "^url^",
            "it is no literal that begins with `http://`",
        ),
    ],
)
def test_what_a_block_can_not_do_it_refuses_with_the_reason(change, code, reason, marked):
    source, span = marked(code)
    made = change(source, span)
    if reason is None and "timeout" in code:
        assert apply(source, made).text == "f(timeout=10)"
    elif reason is None:
        assert isinstance(made, Refusal)
    else:
        assert made == Refusal(reason)


@pytest.mark.parametrize("change", [timeout, not_for_security, safe_load])
def test_a_block_applied_twice_is_a_block_applied_once(change, marked):
    source, span = marked("import yaml\nr = ^yaml.load(x)^\n")
    once = apply(source, change(source, span))
    start, end = once.data.index(b"yaml."), len(once.data.rstrip())
    again = change(once, type(span)(start, end))
    assert apply(once, again) == once
