"""Diagnostics that are kept from text to text are those that would be written anew."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from batten.analysis.program import Program
from batten.models.load import load
from batten.project.settings import Settings
from batten.project.suppressions import covering
from batten.project.verdict import verdict
from batten.rules.finding import Severity
from batten.syntax.text import Encoding, SourceText
from batten_server import kept_diagnostics
from batten_server.analysis import Report
from batten_server.capabilities import Editor
from batten_server.document import Document
from batten_server.kept_diagnostics import KeptDiagnostics
from batten_server.written import diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable

_MODELS = load()
_RICH = Editor(related_information=True, diagnostic_data=True, encoding=Encoding.UTF16)
_PLAIN = Editor()

_CLIENT = """import requests

class Client:
    def get(self, path):
        return requests.get("https://api.example" + path)
"""
_CALLER = """import client, requests
AT = requests.get("https://api.example/é𝄞/%s" % input())

def one(name, api: client.Client):
    return api.get("/things/%s" % name)

def other(name, api: client.Client):
    "é𝄞"; return api.get(f"/é𝄞/{name}?a={input()}")  # batten: ignore[BTN101]
"""
# Lines that come and go, in either document: harmless, sinks, suppressions, what does not parse.
_LINES = st.sampled_from(
    [
        "",
        "# é𝄞",
        "x = 1",
        "def more(name): requests.get('https://api.example/%s' % name)",
        "    # batten: ignore-file[BTN102] so it is",
        "class Inner:",
        "    at = requests.get('https://api.example/%s' % input())  # nosec",
        "  # nosec",
        "  def",
        '"""',
        "'''",
        "    path = path + '?b=' + name",
    ]
)
_EDITS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 2), _LINES), max_size=6
)


@given(_EDITS, st.sampled_from([_RICH, _PLAIN]), st.sampled_from([{}, {"BTN101": Severity.NOTE}]))
@hypothesis_settings(deadline=None)
def test_they_are_the_same_as_from_scratch(
    edits: list[tuple[bool, int, int, str]], editor: Editor, severity: dict[str, Severity]
) -> None:
    program, kept = Program(_MODELS), KeptDiagnostics()
    settings = Settings(severity=severity, ignore=frozenset({"BTN103"}))
    texts = {"/w/client.py": _CLIENT, "/w/caller.py": _CALLER}
    for in_client, at, gone, line in [(False, 0, 0, ""), *edits]:
        path = "/w/client.py" if in_client else "/w/caller.py"
        lines = texts[path].split("\n")
        lines[at : at + gone] = [line]
        texts[path] = "\n".join(lines)
        documents = {
            each: Document(f"file://{each}", each, 1, SourceText(text))
            for each, text in texts.items()
        }
        for each, document in documents.items():
            program.put(each, document.source)
        document = documents["/w/caller.py"]
        source = document.source
        found = kept.of(
            program.judged(document.path), settings, covering(source), documents, editor
        )

        shown = verdict(program.findings(document.path), source, settings, date.today()).shown
        anew = diagnostics(Report(document, shown, documents), editor)
        assert found == anew[document.uri]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{one}\n# no function\n{one}", "{one}\n{one}\n{one}"),
        ("{one}", "{one}\n{one}"),
        ("{one}\n{one}", "{one}"),
        ("'''\n{one}\n'''\n{one}\n'''", "\n{one}\n'''\n{one}\n'''"),
    ],
)
def test_namesakes_with_the_same_text_are_told_apart(before: str, after: str) -> None:
    one = "def one(name): requests.get('https://api.example/%s' % name)"
    program, kept = Program(_MODELS), KeptDiagnostics()
    for text in (before, after):
        source = SourceText("import requests\n" + text.format(one=one))
        documents = {"/w/a.py": Document("file:///w/a.py", "/w/a.py", 1, source)}
        program.put("/w/a.py", source)
        found = kept.of(program.judged("/w/a.py"), Settings(), (), documents, _RICH)

        report = Report(documents["/w/a.py"], program.findings("/w/a.py"), documents)
        assert found == diagnostics(report, _RICH)["file:///w/a.py"]


@pytest.fixture
def found() -> Callable[[str], list[str]]:
    """What is kept of the diagnostics of a document, for one text after the other."""
    program, kept = Program(_MODELS), KeptDiagnostics()

    def found(text: str) -> list[str]:
        document = Document("file:///w/a.py", "/w/a.py", 1, SourceText(text))
        program.put("/w/a.py", document.source)
        judged = program.judged("/w/a.py")
        return kept.of(judged, Settings(), (), {"/w/a.py": document}, _RICH)

    return found


def test_what_stays_in_its_line_is_not_written_again(
    found: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import requests\n\ndef one(name):\n    x = 1\n    return name\n\n"
        "def other(name):\n    requests.get('https://api.example/%s' % name)\n"
    )
    before = found(text)
    monkeypatch.delattr(kept_diagnostics, "diagnostic")

    assert len(before) == 1
    assert found(text.replace("x = 1", "xyz = 1")) == before


def test_what_moves_by_lines_is_not_written_again(
    found: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import requests\n\ndef one(name):\n    x = 1\n    return name\n\n"
        "def other(name):\n    requests.get('https://api.example/%s?100%%%d' % (name, 1))\n"
    )
    before = found(text)
    monkeypatch.delattr(kept_diagnostics, "diagnostic")

    assert len(before) == 1
    for more in (2, 0, 1):
        moved = before[0]
        for line in (7, 6):
            moved = moved.replace(f'"line":{line},', f'"line":{line + more},')
        assert found(text.replace("x = 1", "x = 1" + more * "\n")) == [moved]
