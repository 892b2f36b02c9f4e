"""A fix is tried before it is offered: what is withheld, and why.

A small judge stands in for the rules: a name that begins with `bad` is a finding wherever it is
used outside of a call of some `quote`.
"""

import ast
from dataclasses import replace

import pytest

from batten.analysis.verify import Condition, Cure, Verdict, verified
from batten.rewrite.edit import Edit, Fix, Level
from batten.rewrite.quote import Coercion, quote_value
from batten.rewrite.refusal import Refusal
from batten.rules.finding import Finding, Severity
from batten.syntax.text import SourceText, Span

IMPORT = "from urllib.parse import quote\n"


def analyse(source):
    tree = ast.parse(source.data)
    quoted = {
        name
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and "quote" in ast.unparse(call.func)
        for name in ast.walk(call)
    }
    lines = source.data.split(b"\n")
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id.startswith("bad") and node not in quoted:
            start = sum(len(line) + 1 for line in lines[: node.lineno - 1]) + node.col_offset
            context = "query value" if node.id.endswith("q") else "path segment"
            found.append(finding(Span(start, start + len(node.id)), context))
    return sorted(found, key=lambda one: one.span)


def finding(span, context="path segment", code="BTN101"):
    return Finding(code, "name", Severity.WARNING, "", "a.py", span, context, None, (), "")


def propose(source, found):
    edits = quote_value(source, found.span, safe="", coercion=Coercion.TEXT)
    if not isinstance(edits, Refusal):
        yield fix(*edits)


def fix(*edits):
    return Fix("Escape", Level.SAFE, tuple(edits), preferred=True)


def replacing(source, old, new):
    """Return the edit that puts `new` in the place of the first `old`."""
    start = source.data.index(old.encode())
    return Edit(Span(start, start + len(old.encode())), new)


def verdict(code, *changes, judge=analyse, again=propose, leaves=(), **options):
    source = SourceText(code)
    edits = (replacing(source, old, new) for old, new in changes)
    (first, *_) = analyse(source)
    cures = [Cure(first, fix(*edits), leaves)]
    return verified(source, cures, analyse=judge, propose=again, **options)


@pytest.mark.parametrize(
    "code",
    [
        f"{IMPORT}url = '/i/%s' % bad\n",
        "import requests\n\nurl = '/i/%s' % bad\n",
        f"{IMPORT}url = f'/i/{{bad}}'\n",
        f"{IMPORT}url = '/i/%s/%s' % (bad, bad)\n",
        f"{IMPORT}url = '/é/%s?b=%s' % (bad, bad_q)\n",
        "from urllib.parse import urlencode\r\nurl = '/é/%s' % bad  # 🙂\r\n",
    ],
)
def test_what_the_rewrite_proposes_may_be_offered(code):
    source = SourceText(code)
    found = analyse(source)[0]
    (proposed,) = propose(source, found)
    assert verified(source, [Cure(found, proposed)], analyse=analyse, propose=propose) == Verdict(
        None
    )


ESCAPED = ("bad", "quote(bad, safe='')")


@pytest.mark.parametrize(
    ("code", "changes", "condition", "reason"),
    [
        (
            "url = bad\n",
            [("bad", "quote(bad")],
            Condition.PARSES,
            "after the fix the document has a syntax error on line 1",
        ),
        (
            f"{IMPORT}url = bad\nx = 1\n",
            [("bad", "quote(bad, safe='') + '")],
            Condition.PARSES,
            "after the fix the document has a syntax error on line 2",
        ),
        (
            f"{IMPORT}f(bad)\n",
            [("bad", "quote(x) for x in bad, 1")],
            Condition.PARSES,
            "after the fix Python 3.8 can't read the document",
        ),
        ("url = bad\n", [], Condition.CURES, "the fix changes nothing"),
        ("url = bad\n", [("bad", "bad")], Condition.CURES, "the fix changes nothing"),
        (
            "url = bad\n",
            [("url", "uri")],
            Condition.CURES,
            "BTN101 is still there, at `bad`",
        ),
        (
            f"{IMPORT}url = bad\n",
            [("bad", "quote(bad, safe='') + bad_q")],
            Condition.CURES,
            "BTN101 is still there, at `bad_q`",
        ),
        (
            f"{IMPORT}url = bad\nx = 1\n",
            [ESCAPED, ("x = 1", "x = bad")],
            Condition.CURES,
            "there is a new finding, BTN101 at `bad`",
        ),
        (
            "url = bad\n",
            [ESCAPED],
            Condition.RESOLVES,
            "`quote` can't be called there: `quote` is not imported",
        ),
        (
            f"{IMPORT}def f(quote):\n    return bad\n",
            [ESCAPED],
            Condition.RESOLVES,
            "`quote` can't be called there: `quote` is a parameter on line 2",
        ),
        (
            "from shlex import quote\nurl = bad\n",
            [ESCAPED],
            Condition.RESOLVES,
            "`quote` is `shlex.quote` there, which the fix does not mean",
        ),
        (
            f"{IMPORT}def f(str): return bad\n",
            [("bad", "quote(str(bad), safe='')")],
            Condition.RESOLVES,
            "`str` can't be called there: `str` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote, urlencode\nurl = urlencode({'a': bad})\n",
            [ESCAPED],
            Condition.ONCE,
            "`urllib.parse.urlencode` would encode again what `urllib.parse.quote` encodes",
        ),
        (
            f"{IMPORT}get('/', params={{'a': bad}})\n",
            [ESCAPED],
            Condition.ONCE,
            "`params` would encode again what `urllib.parse.quote` encodes",
        ),
        (
            f"{IMPORT}url = bad\n",
            [("bad", "quote(str(quote(bad)), safe='')")],
            Condition.ONCE,
            "`urllib.parse.quote` would encode again what `urllib.parse.quote` encodes",
        ),
    ],
)
def test_a_fix_that_fails_a_condition_is_withheld(code, changes, condition, reason):
    found = verdict(code, *changes)
    assert found == Verdict(condition, reason)
    assert not found.holds


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ('quote(bad, safe="")', "repeats its own quotes inside a field"),
        ("quote(bad, safe='\\n')", "has a backslash inside a field"),
        ("quote(\nbad, safe='')", "has a field of several lines"),
    ],
)
def test_f_strings_of_python_3_12_are_not_written_for_older_ones(field, reason, monkeypatch):
    # The compiler that runs the tests may be too old to read them at all.
    monkeypatch.setattr("batten.analysis.verify._can_read", lambda text, python: True)

    def judge(source):
        return analyse(source) if "{bad}" in source.text else []

    code = IMPORT + 'url = f"/i/{bad}"\n'
    old = verdict(code, ("bad", field), judge=judge)
    assert old.failed is Condition.PORTABLE
    assert old.reason == f"the f-string {reason}, which Python before 3.12 can't read"
    assert verdict(code, ("bad", field), judge=judge, python=(3, 12)).holds


def test_an_edit_must_lie_in_the_document():
    source = SourceText("url = bad\n")
    (found,) = analyse(source)
    outside = verified(
        source, [Cure(found, fix(Edit(Span(0, 99), "x")))], analyse=analyse, propose=propose
    )
    assert outside == Verdict(Condition.PARSES, "an edit is not inside the document")


def test_an_edit_must_not_split_a_character():
    source = SourceText("url = 'é' + bad\n")
    (found,) = analyse(source)
    inside = Span(8, 8)
    assert source.data[7:9] == "é".encode()
    split = verified(
        source, [Cure(found, fix(Edit(inside, "x")))], analyse=analyse, propose=propose
    )
    assert split == Verdict(Condition.PARSES, "an edit is not inside the document")


def test_edits_of_one_fix_must_not_overlap():
    source = SourceText("url = bad\n")
    (found,) = analyse(source)
    overlapping = fix(Edit(Span(0, 5), "x"), Edit(Span(3, 6), "y"))
    result = verified(source, [Cure(found, overlapping)], analyse=analyse, propose=propose)
    assert result == Verdict(Condition.PARSES, "the fix has overlapping edits at byte 3")


def test_a_document_whose_module_body_does_not_parse_gets_no_fix():
    source = SourceText("url = bad\nx = (\n")
    result = verified(
        source,
        [Cure(finding(Span(6, 9)), fix(Edit(Span(6, 9), "1")))],
        analyse=lambda source: [],
        propose=propose,
    )
    assert result == Verdict(Condition.PARSES, "the document has a syntax error on line 2")


def test_text_around_an_edit_must_read_as_before():
    # What was a comment becomes code.
    source = SourceText("url = bad  # then = 1\n")
    (found,) = analyse(source)
    broken = fix(Edit(Span(6, 12), "1;"))
    result = verified(source, [Cure(found, broken)], analyse=analyse, propose=propose)
    assert result == Verdict(Condition.PARSES, "the edit changes how the text around it reads")


def test_what_another_rule_would_edit_again_is_withheld():
    code = f"{IMPORT}url = bad\n"
    inner = finding(Span(37, 40), code="BTN999")
    quoted = finding(Span(43, 46), code="BTN999")
    assert SourceText(code).slice(inner.span) == "bad"

    def judge(source):
        return [*analyse(source), inner if "quote(bad" not in source.text else quoted]

    def again(source, found):
        yield fix(Edit(found.span, f"quote({source.slice(found.span)})"))

    result = verdict(code, ESCAPED, judge=judge, again=again)
    assert result == Verdict(Condition.SETTLES, "BTN999 would edit the new text again")


def test_other_findings_may_stay_where_they_were():
    code = f"{IMPORT}a = bad_q\nurl = '/i/%s?%s' % (bad, bad_q)\nb = bad\n"
    source = SourceText(code)
    for found in analyse(source):
        (proposed,) = propose(source, found)
        assert verified(source, [Cure(found, proposed)], analyse=analyse, propose=propose).holds


def test_a_fix_may_call_what_its_rule_says():
    code = "import shlex\nurl = bad\n"
    assert verdict(code, ("bad", "shlex.quote(bad)")).failed is Condition.RESOLVES
    assert verdict(code, ("bad", "shlex.quote(bad)"), calls=["shlex.quote"]).holds


def test_calls_that_were_in_the_value_are_not_looked_up():
    code = f"{IMPORT}def f(get): return get(bad)\n"
    assert verdict(code, ("get(bad)", "quote(str(get(bad)), safe='')")).holds


def test_what_no_edit_can_cure_may_stay_in_its_place_when_it_is_lesser():
    def judge(source):
        found = analyse(source)
        if found:
            return found
        start = source.data.index(b"quote(bad")
        severity = Severity.NOTE if b"lesser" in source.data else Severity.WARNING
        left = finding(Span(start, start + 5), code="BTN109")
        return [replace(left, severity=severity)]

    lesser, equal = (
        f"{IMPORT}url = '/i/%s' % bad  # {word}\n" for word in ("lesser", "just as bad")
    )
    change = ("% bad", "% quote(bad, safe='')")

    assert verdict(lesser, change, judge=judge, again=_nothing, leaves=("BTN109",)).holds
    assert not verdict(equal, change, judge=judge, again=_nothing, leaves=("BTN109",)).holds
    assert not verdict(lesser, change, judge=judge, again=_nothing).holds


def _nothing(_source, _found):
    return ()


def test_fixes_of_several_findings_are_tried_at_once():
    source = SourceText(f"{IMPORT}url = '/%s/%s' % (bad, bad_too)\nother = '/%s' % bad\n")
    found = analyse(source)
    fixes = [next(iter(propose(source, each))) for each in found]
    cures = list(map(Cure, found, fixes))

    def judge(*cures):
        return verified(source, cures, analyse=analyse, propose=propose)

    assert judge(*cures).holds
    assert judge(cures[0], cures[2]).holds
    idle = Cure(found[1], fixes[2])
    assert judge(cures[0], idle) == Verdict(Condition.CURES, "BTN101 is still there, at `bad_too`")
    broken = Cure(found[1], fix(replacing(source, "bad_too", "quote(bad_too")))
    assert judge(cures[0], broken, cures[2]).failed is Condition.PARSES
