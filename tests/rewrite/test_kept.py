"""Correcting which characters a call of `quote` keeps."""

from __future__ import annotations

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.kept import keep_only
from batten.rewrite.refusal import Refusal

IMPORT = "from urllib.parse import quote, quote_plus\n"


@pytest.mark.parametrize(
    ("before", "safe", "after"),
    [
        ('"/i/" + ^quote(x)^', "", '"/i/" + quote(x, safe="")'),
        ('"/i/" + ^(quote(x))^', "", '"/i/" + (quote(x, safe=""))'),
        ('"/i/" + ^quote(x, safe="/?")^', "", '"/i/" + quote(x, safe="")'),
        ('"?a=" + ^quote(x, safe="&,")^', ",", '"?a=" + quote(x, safe=",")'),
        ('"/i/%s" % ^quote(str(x))^', "", '"/i/%s" % quote(str(x), safe="")'),
    ],
)
def test_a_call_of_quote_keeps_only_what_it_is_told(before, safe, after, marked):
    source, call = marked(IMPORT + before + "\n")
    edits = keep_only(source, call, safe=safe)

    assert apply(source, edits).text == IMPORT + after + "\n"


@pytest.mark.parametrize(
    "code", ['"/i/" + ^escaped^', '"/i/" + ^quote_plus(x, safe="/")^', '"/i/" + ^segment(x)^']
)
def test_what_is_no_call_of_quote_is_not_escaped_a_second_time(code, marked):
    source, call = marked(f"{IMPORT}escaped = quote(x)\n{code}\n")

    assert keep_only(source, call, safe="") == Refusal("it is not a call of `quote`")


USED = "    q = quote(x)\n"


def test_a_variable_that_holds_the_call_for_one_place_stands_for_it(marked):
    source, call = marked(f"{IMPORT}def f(x):\n{USED}    return '/i/' + ^q^\n")

    fixed = apply(source, keep_only(source, call, safe="")).text

    assert fixed == f"{IMPORT}def f(x):\n    q = quote(x, safe='')\n    return '/i/' + q\n"


@pytest.mark.parametrize(
    "code",
    [
        f"def f(x):\n{USED}    print(q)\n    return '/i/' + ^q^\n",
        f"def f(x):\n{USED}    return '/i/' + ^q^ + q\n",
        f"def f(x, q):\n{USED}    return '/i/' + ^q^\n",
        f"def f(x):\n    global q\n{USED}    return '/i/' + ^q^\n",
        "def f(x):\n    q += quote(x)\n    return '/i/' + ^q^\n",
        "q = quote(x)\n'/i/' + ^q^\n",
        "class A:\n    q = quote(x)\n    url = '/i/' + ^q^\n",
    ],
)
def test_a_variable_that_is_read_elsewhere_too_is_left_alone(code, marked):
    source, call = marked(IMPORT + code)
    assert keep_only(source, call, safe="") == Refusal("it is not a call of `quote`")
