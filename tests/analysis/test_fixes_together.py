"""The fixes of many findings of a document are verified as a set; what spoils the set stays out."""

from __future__ import annotations

import pytest

from batten.analysis import verify
from batten.analysis.fix_all import fix_all
from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import Edit, Fix, Level
from batten.syntax.text import SourceText, Span

PATH = "/a.py"
MODELS = load()


def module(count: int) -> str:
    functions = (
        f"def get_{number}(name):\n"
        f'    return requests.get("https://api.example/items/%s/{number}" % name)\n'
        for number in range(count)
    )
    return "import requests\n\n" + "\n\n".join(functions)


def put(text: str) -> Program:
    program = Program(MODELS)
    program.put(PATH, SourceText(text))
    return program


@pytest.fixture
def trials(monkeypatch) -> list[int]:
    """How many fixes each verification was about."""
    sizes: list[int] = []
    verified = verify.verified

    def counted(source, cures, **how):
        sizes.append(len(cures))
        return verified(source, cures, **how)

    monkeypatch.setattr(verify, "verified", counted)
    return sizes


def test_hundreds_of_fixes_cost_one_verification(trials):
    program = put(module(200))

    def propose(source):
        program.put(PATH, source)
        return program.fixes_to_make(program.findings(PATH), {Level.SAFE})

    fixed = fix_all(program.source(PATH), propose)

    assert (len(fixed.applied), fixed.rounds, fixed.settled) == (200, 1, True)
    assert trials == [200]
    assert fixed.source.text.count("import quote") == 1


def test_they_are_the_fixes_that_each_finding_has_by_itself():
    program = put(module(3))
    findings = program.findings(PATH)
    together = program.fixes_to_make(findings, {Level.SAFE})
    assert together == tuple(put(module(3)).fix_to_make(each, {Level.SAFE}) for each in findings)


def test_one_that_can_not_be_made_leaves_the_others(monkeypatch, trials):
    program = put(module(8))
    findings = program.findings(PATH)
    proposed = Program._proposed

    def spoiled(self, finding):
        if finding.span == findings[5].span and self is program:
            broken = Edit(Span(finding.span.start, finding.span.end), "name name")
            return (Fix("Break it", Level.SAFE, (broken,), preferred=True),)
        return proposed(self, finding)

    monkeypatch.setattr(Program, "_proposed", spoiled)

    made = program.fixes_to_make(findings, {Level.SAFE})

    assert len(made) == 7
    assert "Break it" not in [fix.title for fix in made]
    assert len(trials) < 12


def test_only_the_levels_that_are_asked_for_are_made():
    code = (
        'import requests\nfor name in open("x"):\n    requests.get("https://a.example/%r" % name)\n'
    )
    program = put(code)
    findings = program.findings(PATH)
    assert program.fixes_to_make(findings, {Level.SAFE}) == ()
    (fix,) = program.fixes_to_make(findings, set(Level))
    assert fix.level is Level.UNSAFE


def test_findings_that_need_other_documents_are_verified_with_these():
    program = Program(MODELS)
    client = (
        "import requests\n\ndef get(path):\n    return requests.get('https://a.example' + path)\n"
    )
    program.put("/client.py", SourceText(client))
    user = "from client import get\n\ndef item(name):\n    return get('/items/%s' % name)\n"
    program.put("/user.py", SourceText(user + module(1)))
    findings = program.findings("/user.py")
    assert len(findings) == 2
    assert len(program.fixes_to_make(findings, {Level.SAFE})) == 2


def test_no_findings_have_no_fixes():
    assert put(module(1)).fixes_to_make((), set(Level)) == ()
