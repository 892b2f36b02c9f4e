"""The fixes of a whole program are made together: what does not hold so is made apart, or not."""

from __future__ import annotations

from batten.analysis.fix_project import _disturbs, fix_project
from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import Edit, Fix, Level
from batten.syntax.text import SourceText, Span

MODELS = load()
HOLED = """\
import requests


def get(name):
    return requests.get("https://api.example/items/%s" % name)
"""
QUOTES = """\
import requests
from urllib.parse import quote


def item(name):
    return requests.get("https://api.example/items/" + quote(name, safe=""))
"""
GIVES = """\
from urllib.parse import quote
from helper import item


def get(name):
    return item(quote(name))
"""


def put(**texts: str) -> Program:
    program = Program(MODELS)
    for name, text in texts.items():
        program.put(f"/{name}.py", SourceText(text))
    return program


def fixed(program, **options):
    return fix_project(program, program.paths, program.findings, {Level.SAFE}, **options)


def test_files_are_fixed_together_and_then_nothing_is_left():
    program = put(a=HOLED, b=HOLED, c="x = 1\n")

    project = fixed(program)

    assert sorted(project.documents) == ["/a.py", "/b.py"]
    assert not project.failures
    for path, document in project.documents.items():
        assert len(document.rounds) == 1
        assert document.source == program.source(path)
        assert "quote(str(name)" in document.source.text
        assert program.findings(path) == ()
    assert not fixed(program).documents


def test_the_program_is_linked_once_for_all_files(monkeypatch):
    program = put(**{f"m{number}": HOLED for number in range(8)})
    before = [program.findings(path) for path in program.paths]
    made: list[int] = []
    linked = Program._linked

    def counted(self):
        made.append(self._found is None)
        return linked(self)

    monkeypatch.setattr(Program, "_linked", counted)
    assert len(fixed(program).documents) == len(before)
    assert sum(made) == 1


def test_a_fix_knows_its_place_before_and_after():
    program = put(a=HOLED)
    document = fixed(program).documents["/a.py"]
    (made,) = document.made()
    assert document.first.data[made.before :].startswith(b"name)")
    assert document.source.data[made.after :].startswith(b"quote(str(name)")
    assert document.origin(made.after) == made.before


def test_a_fix_that_spoils_another_file_is_not_made(monkeypatch):
    program = put(a=HOLED, b=f"{HOLED}\n\n{HOLED.replace('name', 'other')}", c=HOLED)

    def disturbs(program, before, edited):
        return "quote(str(other)" in program.source("/b.py").text

    monkeypatch.setattr("batten.analysis.fix_project._disturbs", disturbs)
    project = fixed(program)

    assert sorted(project.documents) == ["/a.py", "/b.py", "/c.py"]
    assert "quote(str(name)" in program.source("/b.py").text
    assert '/items/%s" % other)' in program.source("/b.py").text


def test_a_finding_in_a_file_that_is_not_edited_is_seen():
    program = put(helper=QUOTES, gives="x = 1\n")
    before = {path: program.findings(path) for path in program.paths}
    program.put("/gives.py", SourceText(GIVES))
    assert _disturbs(program, before, {"/gives.py"})
    assert not _disturbs(program, before, {"/gives.py", "/helper.py"})


def test_what_does_not_hold_leaves_the_rest_to_be_made(monkeypatch):
    program = put(a=HOLED, b=f"{HOLED}\n\n{HOLED.replace('get(name)', 'other(name)')}")
    proposed = Program._proposed
    spoiled = program.findings("/b.py")[0].span

    def spoil(self, finding):
        if finding.path == "/b.py" and finding.span == spoiled:
            idle = Edit(Span(finding.span.start, finding.span.end), "(name)")
            return (Fix("Do nothing", Level.SAFE, (idle,), preferred=True),)
        return proposed(self, finding)

    monkeypatch.setattr(Program, "_proposed", spoil)
    project = fixed(program, rounds=1)

    assert "quote(str(name)" in project.documents["/a.py"].source.text
    assert project.documents["/b.py"].source.text.count("quote(str(name)") == 1


def test_a_failure_on_one_file_leaves_the_others(monkeypatch):
    program = put(a=HOLED, b=HOLED)
    proposed = Program._proposed

    def fail(self, finding):
        if finding.path == "/a.py":
            raise KeyError("nobody expects this")
        return proposed(self, finding)

    monkeypatch.setattr(Program, "_proposed", fail)
    project = fixed(program)

    assert list(project.failures) == ["/a.py"]
    assert sorted(project.documents) == ["/b.py"]


def test_fixes_without_an_end_stop_at_the_bound(monkeypatch):
    program = put(a=HOLED)
    monkeypatch.setattr(
        "batten.analysis.fix_project._that_hold", lambda p, b, attempt: attempt.cures
    )

    def grow(self, finding):
        return (Fix("Grow", Level.SAFE, (Edit(Span(0, 0), "# x\n"),), preferred=True),)

    monkeypatch.setattr(Program, "_proposed", grow)
    project = fixed(program, rounds=5)
    assert len(project.documents["/a.py"].rounds) == 5
