"""What goes to standard output: in order, whole, and never waited for by the event loop."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from batten_server.output import AT_ONCE, PATIENCE, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes tell nothing about their room there")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe; the writing one is closed by the output."""
    source, sink = os.pipe()
    yield source, sink
    os.close(source)


def all_of(source: int) -> bytes:
    found = b""
    while chunk := os.read(source, 1 << 16):
        found += chunk
    return found


def test_a_message_is_there_at_once_if_the_client_reads(pipe: tuple[int, int]) -> None:
    source, sink = pipe
    output = Output(sink)
    before = threading.active_count()
    output.write(b"one")
    output.write(b"two")

    assert os.read(source, 100) == b"onetwo"
    assert threading.active_count() == before
    output.close()


def test_a_client_that_does_not_read_keeps_nobody_waiting(pipe: tuple[int, int]) -> None:
    source, sink = pipe
    output = Output(sink)
    messages = [b"%d " % number * AT_ONCE for number in range(1, 9)]
    for message in messages:  # these would hang if anything waited
        output.write(message)
        output.write(b"short")

    reading: list[bytes] = []
    reader = threading.Thread(target=lambda: reading.append(all_of(source)))
    reader.start()
    output.close()
    reader.join()
    assert reading == [b"short".join([*messages, b""])]


def test_after_a_long_message_short_ones_are_written_at_once_again(pipe: tuple[int, int]) -> None:
    source, sink = pipe
    output = Output(sink)
    output.write(b"x" * AT_ONCE * 4)
    left = AT_ONCE * 4
    while left:
        left -= len(os.read(source, left))
    while output._left != output._written:
        pass
    output.write(b"short")

    assert os.read(source, 100) == b"short"
    output.close()


def test_the_end_does_not_wait_for_ever(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batten_server.output.PATIENCE", PATIENCE / 50)
    output = Output(pipe[1])
    output.write(b"x" * AT_ONCE * 100)
    output.close()


def test_a_client_that_has_gone_is_no_trouble() -> None:
    source, sink = os.pipe()
    os.close(source)
    output = Output(sink)
    output.write(b"x" * AT_ONCE * 100)
    output.write(b"short")
    output.close()
