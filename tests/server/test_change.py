"""A change as editors write it is read by hand, to the same as the converter makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from batten_server import lenient
from batten_server.change import DocumentChange, converted, read_change

if TYPE_CHECKING:
    from conversation import Conversation

URI = "file:///work/a.py"
DOCUMENT = {"uri": URI, "version": 2}
PLACE = {"start": {"line": 1, "character": 2}, "end": {"line": 3, "character": 4}}


def read_leniently(params: Any) -> DocumentChange:
    message = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}
    cls = types.METHOD_TO_TYPES[message["method"]][0]
    return converted(lenient.structure(lenient.converter(), message, cls).params)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [{"text": "all"}],
        [{"range": PLACE, "text": "some"}],
        [{"range": PLACE, "text": ""}, {"text": "é\ud800"}, {"range": PLACE, "text": "\n"}],
        [{"range": PLACE, "text": "x", "unheardOf": None}],
    ],
)
def test_what_editors_write_is_read(changes: Any) -> None:
    params = {"textDocument": {**DOCUMENT, "unheardOf": 1}, "contentChanges": changes}

    assert read_change(params) == read_leniently(params)


def test_the_length_that_some_editors_tell_beside_the_range_does_not_matter() -> None:
    change = {"range": PLACE, "text": "x", "rangeLength": 5}
    told, untold = (
        read_change({"textDocument": DOCUMENT, "contentChanges": [each]})
        for each in (change, {"range": PLACE, "text": "x"})
    )

    assert told == untold
    assert told is not None


@pytest.mark.parametrize(
    "params",
    [
        None,
        5,
        [],
        {},
        {"textDocument": DOCUMENT},
        {"textDocument": DOCUMENT, "contentChanges": None},
        {"textDocument": DOCUMENT, "contentChanges": {"text": "x"}},
        {"textDocument": DOCUMENT, "contentChanges": [None]},
        {"textDocument": DOCUMENT, "contentChanges": ["text"]},
        {"textDocument": DOCUMENT, "contentChanges": [{"text": 5}]},
        {"textDocument": DOCUMENT, "contentChanges": [{"range": None, "text": "x"}]},
        {"textDocument": DOCUMENT, "contentChanges": [{"range": PLACE}]},
        {"textDocument": {"uri": URI}, "contentChanges": []},
        {"textDocument": {"uri": URI, "version": True}, "contentChanges": []},
        {"textDocument": {"uri": URI, "version": "2"}, "contentChanges": []},
        {"textDocument": {"uri": URI, "version": 2**40}, "contentChanges": []},
        {"textDocument": {"uri": None, "version": 2}, "contentChanges": []},
        *(
            {
                "textDocument": DOCUMENT,
                "contentChanges": [{"range": {"start": place, "end": place}, "text": "x"}],
            }
            for place in (
                {"line": 1},
                {"line": -1, "character": 0},
                {"line": 1.0, "character": 0},
                {"line": "1", "character": 0},
                {"line": 2**40, "character": 0},
                {"line": True, "character": 0},
                [1, 0],
            )
        ),
    ],
)
def test_anything_unusual_is_left_to_the_converter(params: Any) -> None:
    assert read_change(params) is None


@pytest.mark.parametrize("place", [{"line": 0, "character": 2**40}, {"line": 0, "character": "2"}])
async def test_what_is_unusual_is_done_all_the_same(
    conversation: Conversation, place: dict[str, Any]
) -> None:
    conversation.open(URI, "ab\n")
    conversation.change(URI, 2, {"range": {"start": place, "end": place}, "text": "!"})

    assert conversation.text(URI) == "ab!\n"


def test_a_version_may_be_null_as_in_the_protocol_before_3_16() -> None:
    document = {"uri": URI, "version": None}
    told = read_change({"textDocument": document, "contentChanges": [{"text": "x"}]})

    assert told is not None
    assert told.version is None
