"""All fixes of a document at once, with a stand-in for the rules that propose them."""

import ast

from batten.analysis.fix_all import fix_all
from batten.rewrite.edit import Edit, Fix, Level
from batten.rewrite.quote import Coercion, quote_value
from batten.rewrite.refusal import Refusal
from batten.syntax.text import SourceText, Span


def fix(*edits):
    return Fix("Escape", Level.SAFE, tuple(edits), preferred=True)


def quoting(source):
    """Propose to quote each name that begins with `bad` and is not quoted yet."""
    tree = ast.parse(source.data)
    lines = source.data.split(b"\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id.startswith("bad"):
            start = sum(len(line) + 1 for line in lines[: node.lineno - 1]) + node.col_offset
            span = Span(start, start + len(node.id))
            edits = quote_value(source, span, safe="", coercion=Coercion.TEXT)
            if not isinstance(edits, Refusal):
                yield fix(*edits)


def proposing(source):
    return list(quoting(source))


def test_many_fixes_share_one_import():
    source = SourceText("import os\n\na = '/%s' % bad\nb = '/%s/%s' % (bad, bad_too)\n")
    fixed = fix_all(source, proposing)
    assert fixed.source.text == (
        "import os\nfrom urllib.parse import quote\n\n"
        "a = '/%s' % quote(bad, safe='')\n"
        "b = '/%s/%s' % (quote(bad, safe=''), quote(bad_too, safe=''))\n"
    )
    assert (len(fixed.applied), fixed.rounds, fixed.settled) == (3, 1, True)


def test_a_second_run_changes_nothing():
    source = SourceText("import os\n\na = '/%s' % bad\n")
    once = fix_all(source, proposing).source
    again = fix_all(once, proposing)
    assert (again.source, again.applied, again.rounds, again.settled) == (once, (), 0, True)


def test_fixes_that_overlap_wait_for_the_next_round():
    def propose(source):
        fixes = []
        if "ab" in source.text:
            at = source.text.index("ab")
            fixes += [fix(Edit(Span(at, at + 2), "x")), fix(Edit(Span(at, at + 1), "y"))]
        if "x" in source.text:
            at = source.text.index("x")
            fixes.append(fix(Edit(Span(at, at + 1), "z")))
        return fixes

    fixed = fix_all(SourceText("ab ab"), propose)
    assert fixed.source.text == "z z"
    assert fixed.settled


def test_two_insertions_at_one_place_are_made_one_after_the_other():
    def propose(source):
        start = Span(0, 0)
        missing = [name for name in ("a", "b") if name not in source.text]
        return [fix(Edit(start, name)) for name in missing]

    fixed = fix_all(SourceText("."), propose)
    assert (fixed.source.text, fixed.rounds, fixed.settled) == ("ba.", 2, True)


def test_fixes_that_never_end_stop_at_the_bound():
    def propose(source):
        return [fix(Edit(Span(0, 0), "x"))]

    fixed = fix_all(SourceText(""), propose, rounds=5)
    assert (fixed.source.text, fixed.rounds, fixed.settled) == ("xxxxx", 5, False)


def test_fixes_that_undo_each_other_stop():
    def propose(source):
        return [fix(Edit(Span(0, 1), "b" if source.text == "a" else "a"))]

    fixed = fix_all(SourceText("a"), propose)
    assert (fixed.source.text, len(fixed.applied), fixed.settled) == ("b", 1, False)


def test_advice_without_an_edit_changes_nothing():
    source = SourceText("a")
    advice = Fix("Use a list of hosts", Level.ADVICE, (), preferred=False)
    fixed = fix_all(source, lambda source: [advice])
    assert (fixed.source, fixed.applied, fixed.settled) == (source, (), True)


def test_fixes_that_only_fit_one_by_one_are_made_one_by_one():
    def propose(source):
        calls = {"a = 1\n": "a = (1\n", "b = 2\n": "b = 2)\n"}
        return [
            fix(Edit(Span(start, start + len(old)), new))
            for old, new in calls.items()
            if (start := source.text.find(old)) >= 0
        ]

    fixed = fix_all(SourceText("a = 1\n\nb = 2\n"), propose, rounds=1)
    assert fixed.source.text == "a = (1\n\nb = 2\n"
    assert not fixed.settled


def test_fixes_that_break_more_than_is_broken_are_not_made_together():
    typed = "def f():\n    x = (\n"

    def propose(source):
        calls = {"a = 1": "a = f(1", "b = 2": "b = g(2)", "c = 3": "c = 4"}
        return [
            fix(Edit(Span(start, start + len(old)), new))
            for old, new in calls.items()
            if (start := source.text.find(old)) >= 0
        ]

    code = f"{typed}\n\ndef g():\n    b = 2\n    c = 3\n"
    fixed = fix_all(SourceText(code), propose)
    assert fixed.source.text == f"{typed}\n\ndef g():\n    b = g(2)\n    c = 4\n"
    assert (fixed.rounds, fixed.settled) == (1, True)
    code = f"{typed}\n\ndef g():\n    a = 1\n    b = 2\n"
    assert fix_all(SourceText(code), propose).rounds == 2


def test_the_bound_is_met_exactly_when_the_last_round_settles():
    def propose(source):
        return [fix(Edit(Span(0, 1), "b"))] if source.text == "a" else []

    assert fix_all(SourceText("a"), propose, rounds=1).settled
