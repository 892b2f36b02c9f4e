"""The process that fixes a workspace: it answers with edits and writes nothing.

Of a document that is open, what the editor shows is fixed and not the file.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from batten.analysis.fix_project import fix_project
from batten.analysis.program import Program
from batten.models.load import load
from batten.project.examination import examine
from batten.project.source_file import NotReadError, SourceFile, read
from batten.project.verdict import verdict
from batten.rewrite.edit import Level
from batten.rules.finding import Severity
from batten.syntax.decode import Decoded
from batten.syntax.text import SourceText
from batten_server.child import answer
from batten_server.difference import difference

if TYPE_CHECKING:
    from batten.analysis.fix_project import FixedDocument
    from batten.rules.finding import Finding
    from batten_server.child import Progress, Request


def main() -> None:
    """Answer one request."""
    answer(_fix)


def _fix(request: Request, progress: Progress) -> dict[str, Any]:
    open_texts: dict[str, str] = request.whole["open"]

    def text_of(path: str) -> SourceFile:
        if path in open_texts:
            text = SourceText(open_texts[path])
            return SourceFile(path, text.data, Decoded(text, "utf-8", b"", reversible=True))
        return read(path)

    def shown(path: str) -> tuple[Finding, ...]:
        settings = request.policy.settings(path)
        if settings is None:
            return ()
        found = verdict(program.findings(path), program.source(path), settings, date.today())
        # As on the command line: what is most likely harmless is changed only when asked for.
        return tuple(each for each in found.shown if each.severity >= Severity.WARNING)

    asked: set[str] = set()

    def wanted(path: str) -> tuple[Finding, ...]:
        asked.add(path)
        progress("fixing", len(asked), len(paths))
        return shown(path)

    program = Program(load())
    examined = examine(program, request.files, text_of, progress)
    paths = tuple(path for path in examined.files if shown(path))
    fixed = fix_project(program, paths, wanted, {Level.SAFE})
    edits = {
        path: _edits(document)
        for path, document in sorted(fixed.documents.items())
        if _is_current(path, document, open_texts)
    }
    return {
        "edits": edits,
        "fixed": {path: len(fixed.documents[path].made()) for path in edits},
        "left": sum(len(shown(path)) for path in paths),
    }


def _edits(document: FixedDocument) -> dict[str, Any]:
    """Return the edits of a document in bytes, and its text, which they are edits of."""
    edits = difference(document.first, document.source)
    return {
        "text": document.first.text,
        "edits": [[edit.span.start, edit.span.end, edit.text] for edit in edits],
    }


def _is_current(path: str, document: FixedDocument, open_texts: dict[str, str]) -> bool:
    """Tell whether a file that nobody has open is as it was when it was read."""
    if path in open_texts:
        return True
    try:
        return read(path).source == document.first
    except NotReadError:
        return False


if __name__ == "__main__":
    main()
