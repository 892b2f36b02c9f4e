"""What goes to standard output: in order, whole, and never waited for by the event loop."""

from __future__ import annotations

import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from batten_server import output as output_module
from batten_server.at_once import _Nothing, _Polled
from batten_server.output import PATIENCE, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is written at once there")

LONG = 1 << 20
"""Bytes that nothing takes at once."""
SHORT = 1 << 15
"""Bytes that an empty pipe takes."""


@pytest.fixture(params=["pipe", "pipe elsewhere", "socket"])
def pipe(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """Two ends, as clients make them; the writing one is closed by the output."""
    if request.param == "socket":
        source, sink = (each.detach() for each in socket.socketpair())
    else:
        source, sink = os.pipe()
    if request.param == "pipe elsewhere":
        monkeypatch.setattr(output_module, "at_once", _Polled)
    yield source, sink
    os.close(source)


Pipe = tuple[int, int]


def all_of(source: int) -> bytes:
    found = b""
    while chunk := os.read(source, 1 << 16):
        found += chunk
    return found


def test_a_message_is_there_at_once_if_the_client_reads(pipe: Pipe) -> None:
    source, sink = pipe
    output = Output(sink)
    before = threading.active_count()
    output.write(b"one")
    output.write(b"two")

    assert os.read(source, 100) == b"onetwo"
    assert threading.active_count() == before
    output.close()


@pytest.mark.skipif(sys.platform != "linux", reason="pipes can't be made larger there")
def test_the_findings_of_a_long_document_are_there_at_once() -> None:
    source, sink = os.pipe()
    output = Output(sink)
    before = threading.active_count()
    output.write(b"x" * SHORT * 7)

    assert threading.active_count() == before
    output.close()
    assert len(all_of(source)) == SHORT * 7
    os.close(source)


def test_a_client_that_does_not_read_keeps_nobody_waiting(pipe: Pipe) -> None:
    source, sink = pipe
    output = Output(sink)
    messages = [b"%d " % number * SHORT for number in range(1, 9)]
    messages.append(b"x" * LONG)
    for message in messages:  # these would hang if anything waited
        output.write(message)
        output.write(b"short")

    reading: list[bytes] = []
    reader = threading.Thread(target=lambda: reading.append(all_of(source)))
    reader.start()
    output.close()
    reader.join()
    assert reading == [b"short".join([*messages, b""])]


def test_of_what_waits_news_take_the_place_of_older_ones(pipe: Pipe) -> None:
    """A client may stop reading while its user types on."""
    source, sink = pipe
    output = Output(sink)
    output.write(b"x" * LONG, "a")  # it has begun, and is to be ended
    while output._backlog:  # the thread takes it
        pass
    for number in range(1000):
        output.write(b"<a%d>" % number, "a")
        output.write(b"<b%d>" % number, "b")
        if number % 500 == 0:
            output.write(b"<answer>")
    waiting = len(output._backlog)

    reading: list[bytes] = []
    reader = threading.Thread(target=lambda: reading.append(all_of(source)))
    reader.start()
    output.close()
    reader.join()
    assert waiting == 4
    assert reading == [b"x" * LONG + b"<answer><answer><a999><b999>"]


def test_after_a_long_message_short_ones_are_written_at_once_again(pipe: Pipe) -> None:
    source, sink = pipe
    output = Output(sink)
    output.write(b"x" * LONG)
    left = LONG
    while left:
        left -= len(os.read(source, left))
    while output._left != output._written:
        pass
    output.write(b"short")

    assert os.read(source, 100) == b"short"
    output.close()


def test_the_end_does_not_wait_for_ever(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batten_server.output.PATIENCE", PATIENCE / 50)
    output = Output(pipe[1])
    output.write(b"x" * LONG * 3)
    output.close()


def test_a_client_that_has_gone_is_no_trouble() -> None:
    source, sink = os.pipe()
    os.close(source)
    output = Output(sink)
    output.write(b"x" * LONG)
    output.write(b"short")
    output.close()


def test_where_nothing_can_be_written_at_once_all_is_left_to_the_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(output_module, "at_once", lambda _: _Nothing())
    source, sink = os.pipe()
    output = Output(sink)
    output.write(b"one")
    output.write(b"two")
    output.close()

    assert all_of(source) == b"onetwo"
    os.close(source)


def test_a_descriptor_that_others_share_stays_as_it_is(pipe: Pipe) -> None:
    output = Output(pipe[1])
    output.write(b"one")

    assert os.get_blocking(pipe[1])
    output.close()


def test_a_file_is_written_from_where_it_stands(tmp_path: object) -> None:
    file = os.open(f"{tmp_path}/out", os.O_RDWR | os.O_CREAT)
    os.write(file, b"before ")
    output = Output(os.dup(file))
    output.write(b"one ")
    output.write(b"two" * LONG)
    output.close()

    os.lseek(file, 0, os.SEEK_SET)
    assert os.read(file, 14) == b"before one two"
    os.close(file)


def test_that_a_client_has_gone_is_logged_once_though_the_log_is_written_to_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, sink = os.pipe()
    os.close(source)
    output = Output(sink)
    caplog.set_level("INFO", "batten_server")
    for _ in range(3):
        output.write(b"short")
    output.write(b"x" * LONG)
    output.close()

    assert len(caplog.records) == 1


def test_a_descriptor_that_does_not_block_loses_nothing(pipe: Pipe) -> None:
    source, sink = pipe
    os.set_blocking(sink, False)
    output = Output(sink)
    for _ in range(3):
        output.write(b"x" * LONG)

    reading: list[bytes] = []
    reader = threading.Thread(target=lambda: reading.append(all_of(source)))
    reader.start()
    output.close()
    reader.join()
    assert reading == [b"x" * LONG * 3]
