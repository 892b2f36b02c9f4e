"""The documents that are open are in their newest text whenever somebody asks."""

from __future__ import annotations

from lsprotocol import types

from batten.syntax.text import Encoding, Position
from batten_server.document import Change, opened
from batten_server.documents import Documents

NAME = "/a.py"


def documents(text: str) -> Documents:
    found = Documents()
    found[NAME] = opened(types.TextDocumentItem("file:///a.py", "python", 1, text))
    return found


def typed(column: int, text: str) -> Change:
    return Change(text, (Position(0, column), Position(0, column)))


def test_edits_are_made_in_their_order() -> None:
    found = documents("a\n")
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    found.change(NAME, 3, [typed(2, "c"), typed(3, "\n")], Encoding.UTF16)
    assert (found[NAME].version, found[NAME].source.text) == (3, "abc\n\n")


def test_a_document_is_the_same_object_until_the_next_edit() -> None:
    found = documents("a\n")
    before = found[NAME]
    assert found[NAME] is before
    assert found.is_newest(before)
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    assert not found.is_newest(before)
    assert found[NAME] is not before
    assert found.is_newest(found[NAME])


def test_a_document_that_is_opened_again_is_what_was_opened() -> None:
    found = documents("a\n")
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    found[NAME] = documents("new\n")[NAME]
    assert found[NAME].source.text == "new\n"


def test_a_document_that_is_closed_is_gone() -> None:
    found = documents("a\n")
    document = found[NAME]
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    del found[NAME]
    assert not found
    assert found.get(NAME) is None
    assert not found.is_newest(document)


def test_the_bytes_of_what_was_changed_are_put_together_when_there_is_time() -> None:
    found = documents("a\n")
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    pieces = found[NAME].source.pieces
    assert pieces._is != b"ab\n"
    found.put_together()
    assert pieces._is == b"ab\n"


def test_what_was_closed_meanwhile_is_not_put_together() -> None:
    found = documents("a\n")
    found.change(NAME, 2, [typed(1, "b")], Encoding.UTF16)
    pieces = found[NAME].source.pieces
    del found[NAME]
    found.put_together()
    assert pieces._is != b"ab\n"
