"""All safe fixes of a document that somebody wants, as edits of the text that it has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.rewrite.edit import Edit
    from batten.rules.finding import Finding
    from batten_server.document import Document
    from batten_server.server import BattenServer


LONGEST = 10.0
"""Seconds after which whoever asked is told that there are none, if the search is stopped again."""


async def safe_fixes(
    ls: BattenServer, document: Document, wanted: Callable[[Finding], bool]
) -> tuple[Edit, ...]:
    """Return the edits that make the safe fixes of the wanted findings; none of an old text.

    An edit of any document stops the search for them. Another document's is no reason to find
    none: editors that save several at once have them fixed one beside the other. But while
    somebody types on and on in another one, there is no time for it.
    """
    edits, end = None, ls.loop.time() + LONGEST
    while edits is None and ls.documents.is_newest(document) and ls.loop.time() < end:
        edits = await ls.engine.fix_all(document, wanted)
    return edits or ()
