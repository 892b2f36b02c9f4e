"""Messages are cut out of a stream however it comes: in pieces, or several at once."""

from __future__ import annotations

import pytest

from batten_server.frames import Frames, NoMessageError

STREAM = (
    b'Content-Length: 7\r\n\r\n{"a":1}'
    b"content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:2\r\n\r\n[]"
    b"\r\n\r\nContent-Length: 0\n\n"
    b"X-Unheard-Of: Content-Length: 5\r\nContent-Length :  4 \r\n\r\n\r\n\r\n"
)
BODIES = [b'{"a":1}', b"[]", b"", b"\r\n\r\n"]


def cut(*pieces: bytes) -> list[bytes]:
    frames, found = Frames(), []
    for piece in pieces:
        frames.add(piece)
        while (body := frames.next()) is not None:
            found.append(body)
    assert frames.is_empty
    return found


def test_several_messages_may_come_at_once() -> None:
    assert cut(STREAM) == BODIES


@pytest.mark.parametrize("at", range(1, len(STREAM)))
def test_a_message_may_be_split_anywhere(at: int) -> None:
    assert cut(STREAM[:at], STREAM[at:]) == BODIES


def test_a_message_may_come_byte_by_byte() -> None:
    assert cut(*(STREAM[at : at + 1] for at in range(len(STREAM)))) == BODIES


def test_a_long_message_is_one() -> None:
    body = b"x" * 5_000_000
    stream = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)

    assert cut(*(stream[at : at + 65536] for at in range(0, len(stream), 65536))) == [body]


def test_what_has_begun_is_not_nothing() -> None:
    frames = Frames()
    frames.add(b"Content-Length: 2\r\n\r\n{")

    assert frames.next() is None
    assert not frames.is_empty


def test_what_is_no_header_is_skipped_up_to_an_empty_line() -> None:
    assert cut(b"hello\r\nContent-Length: x\r\n\r\n", STREAM) == BODIES


def framed(body: bytes, wrong_by: int = 0) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body) + wrong_by, body)


@pytest.mark.parametrize("wrong_by", [-20, -3, -2, -1, 1, 2, 3, 20])
def test_a_wrong_length_costs_the_messages_around_it(wrong_by: int) -> None:
    """Such as one in characters, or without what somebody put behind the body."""
    stream = framed('{"text":"é: Content-Length: 7\\r\\n"}'.encode(), wrong_by)
    others = [b'{"a":%d}' % number for number in range(9)]
    found = cut(stream, *map(framed, others))

    assert found[-7:] == others[-7:]


@pytest.mark.parametrize("junk", [b"\xef\xbb\xbf", b"hello", b"Content-Length: -5\r\n\r\n{}"])
def test_what_stands_before_a_header_costs_nothing_else(junk: bytes) -> None:
    """Such as a byte order mark, or what a wrapper of the server prints."""
    assert cut(junk, framed(b"[]"), framed(b"{}")) == [b"[]", b"{}"]


@pytest.mark.parametrize(
    "stream",
    [b"x" * 100_000, b"name: value\r\n" * 10_000, b"Content-Length: %b\r\n\r\n" % (b"9" * 5_000)],
    ids=["one line", "many lines", "a length that is no number"],
)
def test_a_header_that_does_not_end_is_none(stream: bytes) -> None:
    frames = Frames()
    frames.add(stream)

    with pytest.raises(NoMessageError):
        frames.next()
