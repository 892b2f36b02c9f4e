"""The whole way in one place: documents in, findings with verified fixes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.models.model import Models
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span


class Program:
    """The documents under analysis and what is known of them.

    A document is named by its path: absolute and POSIX-style for files (the editor's server
    maps URIs to it), any unique name for text that has no file. Work is remembered by the text of
    units, so that a changed document costs its changed units.
    """

    def __init__(self, models: Models) -> None:
        raise NotImplementedError

    def put(self, path: str, source: SourceText) -> None:
        """Add a document, or give it a new text."""
        raise NotImplementedError

    def remove(self, path: str) -> None:
        """Forget a document; unknown paths are ignored."""
        raise NotImplementedError

    def source(self, path: str) -> SourceText:
        """Return the text of a document; KeyError when it was never put."""
        raise NotImplementedError

    def findings(self, path: str) -> tuple[Finding, ...]:
        """Return the findings in one document, sorted by place."""
        raise NotImplementedError

    def unread(self, path: str) -> tuple[Span, ...]:
        """Return the ranges that could not be parsed, sorted; empty for sound text."""
        raise NotImplementedError

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the verified fixes of a current finding, best first; at most one is preferred."""
        raise NotImplementedError
