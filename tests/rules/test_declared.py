"""Rules of any family declare their fix in a few lines; three that are made up prove it."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import pytest

from batten.analysis.verify import Condition, Cure, Verdict, verified
from batten.rewrite.declared import add_keyword, drop_argument, swap_callee, together
from batten.rewrite.edit import Fix, Level, apply
from batten.rewrite.refusal import Refusal
from batten.rules.declared import Way, fixing
from batten.rules.finding import Finding, Severity
from batten.syntax.text import SourceText, Span

unsafe_yaml = fixing(
    Way(
        "Load only plain data",
        Level.UNSAFE,
        together(swap_callee("yaml.safe_load"), drop_argument("Loader", 1)),
    )
)
no_timeout = fixing(
    Way("Give up after 10 seconds", Level.UNSAFE, add_keyword("timeout", "10")),
    advice="Give {value} a timeout",
)
weak_hash = fixing(
    Way("Say that it protects nothing", Level.SAFE, add_keyword("usedforsecurity", "False")),
    Way("Use SHA-256", Level.UNSAFE, swap_callee("hashlib.sha256"), preferred=False),
)
RULES = {
    "yaml.load": (unsafe_yaml, lambda call: True),
    "requests.get": (no_timeout, lambda call: _keyword(call, "timeout") is None),
    "hashlib.md5": (weak_hash, lambda call: _keyword(call, "usedforsecurity") is None),
}
CALLS = ("yaml.safe_load", "hashlib.sha256")


def analyse(source: SourceText) -> list[Finding]:
    """Report the calls of the three rules, as a rule on calls would."""
    starts = [0]
    for line in source.data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for call in (node for node in ast.walk(ast.parse(source.data)) if isinstance(node, ast.Call)):
        _, judge = RULES.get(ast.unparse(call.func), (None, lambda call: False))
        if judge(call):
            start = starts[call.lineno - 1] + call.col_offset
            end = starts[call.end_lineno - 1] + call.end_col_offset
            span = Span(start, end)
            name = ast.unparse(call.func)
            found.append(Finding(name, name, Severity.WARNING, "", "a.py", span, "", None, (), ""))
    return found


def propose(source: SourceText, finding: Finding) -> list[Fix]:
    fix, _ = RULES[finding.code]
    flow = SimpleNamespace(span=finding.span, name=finding.name)
    return [one for one in fix(flow, source) if isinstance(one, Fix)]


def _keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((keyword for keyword in call.keywords if keyword.arg == name), None)


EXAMPLES = [
    (
        "import yaml\nsettings = yaml.load(text, Loader=yaml.Loader)\n",
        "import yaml\nsettings = yaml.safe_load(text)\n",
    ),
    (
        "import requests\nr = requests.get(\n    url,\n    headers=headers,\n)\n",
        "import requests\nr = requests.get(\n    url,\n    headers=headers,\n    timeout=10,\n)\n",
    ),
    (
        "import hashlib\nkey = hashlib.md5(name.encode()).hexdigest()\n",
        "import hashlib\nkey = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()\n",
    ),
]


@pytest.mark.parametrize(("bad", "fixed"), EXAMPLES)
def test_the_preferred_fix_gives_the_fixed_code_and_is_verified(bad, fixed):
    source = SourceText(bad)
    (finding,) = analyse(source)
    (preferred,) = (fix for fix in propose(source, finding) if fix.preferred)

    judged = verified(
        source, [Cure(finding, preferred)], analyse=analyse, propose=propose, calls=CALLS
    )

    assert apply(source, preferred.edits).text == fixed
    assert judged.holds


def test_what_it_calls_must_be_known_to_be_meant():
    source = SourceText(EXAMPLES[0][0])
    (finding,) = analyse(source)
    (fix,) = propose(source, finding)
    judged = verified(source, [Cure(finding, fix)], analyse=analyse, propose=propose, calls=())
    assert judged == Verdict(
        Condition.RESOLVES,
        "`yaml.safe_load` is `yaml.safe_load` there, which the fix does not mean",
    )


def test_a_second_way_is_offered_beside_the_preferred_one():
    source = SourceText(EXAMPLES[2][0])
    (finding,) = analyse(source)
    fixes = propose(source, finding)
    assert [(fix.title, fix.preferred) for fix in fixes] == [
        ("Say that it protects nothing", True),
        ("Use SHA-256", False),
    ]
    second = apply(source, fixes[1].edits).text
    assert second == "import hashlib\nkey = hashlib.sha256(name.encode()).hexdigest()\n"


def test_where_no_change_can_be_made_there_is_the_reason_and_advice():
    source = SourceText("import requests\nr = requests.get(url, **more)\n")
    (finding,) = analyse(source)
    flow = SimpleNamespace(span=finding.span, name="requests.get")
    assert list(no_timeout(flow, source)) == [
        Refusal("`timeout` may be among the arguments that are unpacked"),
        Fix("Give `requests.get` a timeout", Level.ADVICE, (), preferred=False),
    ]
