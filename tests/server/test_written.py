"""What is written down of a diagnostic is what the diagnostic says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import Encoding, SourceText
from batten_server.analysis import Report
from batten_server.capabilities import Editor
from batten_server.document import Document, Part
from batten_server.lenient import converter
from batten_server.presentation import diagnostic
from batten_server.written import diagnostics

_BARE = Editor()
_RICH = Editor(related_information=True, code_description=True, diagnostic_data=True)


_CLIENT = """
import requests

class Client:
    def get(self, path):
        return requests.get("https://api.example" + path)
"""
_CALLER = """
import flask
import client

def thing(name, api: client.Client):
    "é𝄞"; return api.get("/things/%s" % name) + api.get(f"/é𝄞/{name}?a={
        flask.request.args["a"]}")
"""


def _reports() -> list[Report]:
    program = Program(load())
    sources = {"/w/client.py": SourceText(_CLIENT), "/w/caller.py": SourceText(_CALLER)}
    for path, source in sources.items():
        program.put(path, source)
    documents = {
        path: Document(f"file://{path}", path, 1, source) for path, source in sources.items()
    }
    found = [Report(each, program.findings(path), documents) for path, each in documents.items()]
    assert sum(len(report.findings) for report in found) > 2
    return found


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("editor", [_BARE, _RICH])
def test_both_say_the_same(editor: Editor, encoding: Encoding) -> None:
    editor = replace(editor, encoding=encoding)
    for report in _reports():
        (written,) = diagnostics(report, editor).values()
        made = [diagnostic(finding, report, editor) for finding in report.findings]
        assert [json.loads(each) for each in written] == converter().unstructure(made)


def test_each_cell_of_a_notebook_has_its_own() -> None:
    report = next(each for each in _reports() if each.findings)
    text = report.document.source.text
    middle = text.index("\n", len(text) // 2) + 1
    cells = tuple(
        Part(f"cell:{number}", 1, SourceText(piece), len(text[:start].encode()))
        for number, (piece, start) in enumerate(((text[:middle], 0), (text[middle:], middle)))
    )
    document = replace(report.document, cells=cells)
    report = replace(report, document=document, passed={**report.passed, document.path: document})
    written = diagnostics(report, _RICH)

    assert list(written) == ["cell:0", "cell:1"]
    for finding in report.findings:
        part = document.part_of(finding.span)
        if part is not None:
            said = converter().unstructure(diagnostic(finding, report, _RICH))
            assert said in [json.loads(each) for each in written[part.uri]]
