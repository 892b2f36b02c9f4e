"""How the server starts, keeps its stream clean, and ends."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wire import STAND_IN, TIMEOUT, Process, Wire, environment, frame, initialization, opening

from batten.project.large_pages import is_of_use
from batten_server.command import main

if TYPE_CHECKING:
    from collections.abc import Iterator

URI = "file:///work/a.py"
PLACE = {"line": 0, "character": 0}
SHUTDOWN = {"id": "end", "method": "shutdown"}
EXIT = {"method": "exit"}

SOON = 10.0
"""Seconds that are enough for an end on a busy machine, and far less than what would delay it."""


@pytest.fixture
def server() -> Iterator[Process]:
    with Process("--stdio") as process:
        process.begin()
        yield process


@pytest.fixture(scope="module")
def shared() -> Iterator[Process]:
    """A server for the tests that leave it alive."""
    with Process("--stdio") as process:
        process.begin()
        yield process


def test_an_orderly_end_is_0(server: Process) -> None:
    server.send(SHUTDOWN)
    assert server.receive() == {"jsonrpc": "2.0", "id": "end", "result": None}
    server.send(EXIT)

    assert server.wait(SOON) == 0
    assert server.errors() == ""


@pytest.mark.skipif(
    not is_of_use(), reason="only done on Linux with the GNU C library and large pages"
)
def test_the_heap_is_in_large_pages_and_the_process_the_one_that_was_started() -> None:
    program = "from batten.cli.main import program; program()"
    for command in (["-m", "batten_server"], ["-c", program, "server"]):
        with Process("--stdio", command=[sys.executable, *command]) as server:
            server.begin()
            began_with = Path(f"/proc/{server.process.pid}/environ").read_bytes().split(b"\0")
            server.send(SHUTDOWN, EXIT)

            assert b"PYTHONMALLOC=malloc" in began_with
            assert server.wait(SOON) == 0


def test_exit_without_shutdown_is_1(server: Process) -> None:
    server.send(EXIT)

    assert server.wait(SOON) == 1


def test_the_end_of_standard_input_ends_the_server(server: Process) -> None:
    server.hang_up()

    assert server.wait(SOON) == 1
    assert server.errors() == ""


def test_the_end_of_standard_input_after_shutdown_is_orderly(server: Process) -> None:
    server.send(SHUTDOWN)
    server.receive()
    server.hang_up()

    assert server.wait(SOON) == 0


def test_a_stream_that_breaks_off_in_a_message_ends_the_server(server: Process) -> None:
    server.send_bytes(b"Content-Length: 100\r\n\r\n{")
    server.hang_up()

    assert server.wait(SOON) == 1


def test_a_running_analysis_does_not_keep_the_server(server: Process) -> None:
    server.send(opening(URI, "sleep_now\n"))
    time.sleep(0.2)  # so that it does run
    server.send(SHUTDOWN, EXIT)

    assert server.wait(SOON) == 0


def test_a_client_that_reads_no_more_does_not_hang_the_server(server: Process) -> None:
    assert server.process.stdout is not None
    server.process.stdout.close()
    server.send(opening(URI, "bad_word\n"), SHUTDOWN, EXIT)

    assert server.wait(SOON) == 0


def test_what_is_printed_does_not_get_into_the_stream(server: Process) -> None:
    server.send(opening(URI, "bad_word print_now\n"))
    published = server.receive()
    server.send(SHUTDOWN)

    assert len(published["params"]["diagnostics"]) == 1
    assert server.receive()["id"] == "end"
    server.send(EXIT)
    server.wait(SOON)
    assert "printed by a rule" in server.errors()


def test_a_conversation_may_come_from_a_file(tmp_path: Path) -> None:
    """As a test of somebody's may have it; nothing tells when there is more in a file to read."""
    file = tmp_path / "said"
    opened = opening(URI, "bad_word\n")
    file.write_bytes(b"".join(map(frame, [initialization(), opened, SHUTDOWN, EXIT])))
    with file.open("rb") as said:
        done = subprocess.run(
            STAND_IN, stdin=said, capture_output=True, env=environment(), timeout=60, check=True
        )

    assert done.stdout.count(b'"result"') == 2
    assert done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="there it is pipes")
def test_a_conversation_may_go_over_one_socket_as_editors_on_node_have_it() -> None:
    ours, theirs = socket.socketpair()
    with (
        ours,
        theirs,
        subprocess.Popen(STAND_IN, stdin=theirs, stdout=theirs, env=environment()) as server,
    ):
        stream = ours.makefile("rwb")
        client = Wire(stream, stream)
        client.begin()
        client.send(opening(URI, "bad_word " * 10_000))
        published = client.receive()
        client.send(SHUTDOWN)
        assert client.receive()["id"] == "end"
        client.send(EXIT)

        assert len(published["params"]["diagnostics"]) == 10_000
        assert server.wait(SOON) == 0


def test_a_request_is_about_the_text_as_it_was_when_it_was_asked(shared: Process) -> None:
    """Even when the change that came after it is there already."""
    place = {"start": PLACE, "end": PLACE}
    document = {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": []}}
    change = {
        "textDocument": {"uri": URI, "version": 2},
        "contentChanges": [{"range": place, "text": "bad_second\n"}],
    }
    shared.send(
        opening(URI, "bad_first\n"),
        {"id": 1, "method": "textDocument/codeAction", "params": document},
        {"method": "textDocument/didChange", "params": change},
    )

    assert "second" not in str(answer(shared, 1)["result"])


def test_headers_may_come_in_any_order_and_case(shared: Process) -> None:
    body = frame({"id": 2, "method": "batten/nonsense"}).partition(b"\r\n\r\n")[2]
    shared.send_bytes(
        b"\r\ncontent-type: application/vscode-jsonrpc; charset=utf-8\r\n"
        b"content-length:%d\r\n\r\n%b" % (len(body), body)
    )

    assert answer(shared, 2)["error"]


def test_bytes_that_are_no_message_are_passed_over(shared: Process) -> None:
    shared.send_bytes(b"nonsense\r\n\r\nContent-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{]")
    shared.send_bytes(b"Content-Length: 0\r\n\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\x01")
    shared.send({"id": 3, "method": "batten/nonsense"})

    assert answer(shared, 3)["error"]


def test_text_beyond_ascii_comes_and_goes_whole(shared: Process) -> None:
    uri = "file:///work/caf%C3%A9.py"
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 8}}
    shared.send(opening(uri, "é😀 = bad_ü\n"))
    shared.send({"id": 4, "method": "textDocument/hover", "params": place})

    assert "the word ü" in answer(shared, 4)["result"]["contents"]["value"]


def answer(wire: Wire, message_id: int) -> dict[str, Any]:
    """Return the answer to a request, after whatever comes before it."""
    while (message := wire.receive()).get("id") != message_id:
        pass
    return message


@pytest.mark.skipif(sys.platform == "win32", reason="the wrapper below is a POSIX shell")
@pytest.mark.parametrize("transport", [["--stdio"], ["--tcp", "127.0.0.1:0"]])
def test_a_server_whose_editor_is_gone_before_it_starts_ends(transport: list[str]) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as editor:
        pass
    with Process(*transport, f"--clientProcessId={editor.pid}") as server:
        assert server.wait(SOON) == 1


@pytest.mark.parametrize("named_by", ["initialize", "--clientProcessId"])
def test_the_server_ends_when_the_editor_is_gone(named_by: str) -> None:
    """Standard input stays open here, as another child of a dead editor may hold it."""
    editor = subprocess.Popen(["sleep", "600"])
    option = [f"--clientProcessId={editor.pid}"] if named_by == "--clientProcessId" else []
    with Process("--stdio", *option) as server:
        server.begin(process_id=None if option else editor.pid)
        editor.kill()
        editor.wait()

        assert server.wait(SOON) == 1


def test_an_editor_that_does_not_exist_here_is_no_reason_to_end() -> None:
    """As when the server runs in a container: the editor's number means nothing there."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with Process("--stdio") as server:
        server.begin(process_id=gone.pid)
        time.sleep(1.5)
        server.send(SHUTDOWN)

        assert server.receive()["id"] == "end"


def test_the_log_goes_to_a_file_and_holds_no_text_of_the_user(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with Process("--stdio", "--log-file", str(log)) as server:
        server.begin()
        place = {"textDocument": {"uri": URI}, "position": PLACE}
        hover = {"id": 1, "method": "textDocument/hover", "params": place}
        server.send(opening(URI, "raise_now the_users_text\n"), hover)
        assert server.receive()["id"] == 1
        server.send(SHUTDOWN, EXIT)
        server.wait(SOON)
        assert server.errors() == ""

    written = log.read_text(encoding="utf-8")
    assert "a rule that fails" in written
    assert "the_users_text" not in written


def test_a_log_of_everything_holds_no_text_of_the_user(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with Process("--stdio", "--log-file", str(log)) as server:
        server.begin()
        place = {"textDocument": {"uri": URI}, "position": PLACE}
        server.send(
            {"method": "$/setTrace", "params": {"value": "verbose"}},
            opening(URI, "bad_the_users_text\n"),
            {"id": 1, "method": "textDocument/hover", "params": place},
        )
        answer = server.receive()
        while answer.get("id") != 1:
            assert "the_users_text" in str(answer)
            answer = server.receive()
        server.send(SHUTDOWN, EXIT)
        server.wait(SOON)

    written = log.read_text(encoding="utf-8")
    assert f"about {URI}" in written
    assert "the_users_text" not in written


def test_every_tcp_client_has_a_session_of_its_own() -> None:
    with Process("--tcp", "127.0.0.1:0") as server:
        assert server.process.stderr is not None
        address = server.process.stderr.readline().decode().split()[-1]
        host, _, port = address.rpartition(":")
        for number in range(3):
            with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
                stream = connection.makefile("rwb")
                client = Wire(stream, stream)
                client.begin()
                client.send(opening(URI, "bad_word " * (number + 1)))
                assert len(client.receive()["params"]["diagnostics"]) == number + 1
                if number:  # the first just hangs up
                    client.send(SHUTDOWN)
                    assert client.receive()["id"] == "end"
                    client.send(EXIT)
                    assert stream.read() == b""
        assert server.process.poll() is None


def test_a_tcp_client_that_resets_the_connection_is_not_worth_a_line() -> None:
    with Process("--tcp", "127.0.0.1:0") as server:
        assert server.process.stderr is not None
        host, _, port = server.process.stderr.readline().decode().split()[-1].rpartition(":")
        for _ in range(2):
            with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
                connection.sendall(frame({"id": 1, "method": "batten/nonsense"}) * 5_000)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
            stream = connection.makefile("rwb")
            Wire(stream, stream).begin()
        server.process.terminate()

        assert server.errors().count("\n") <= 2, "one for each client"


def test_twenty_clients_in_a_row_leave_nothing_behind() -> None:
    with Process("--tcp", "127.0.0.1:0") as server:
        assert server.process.stderr is not None
        host, _, port = server.process.stderr.readline().decode().split()[-1].rpartition(":")
        for number in range(20):
            with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
                stream = connection.makefile("rwb")
                client = Wire(stream, stream)
                client.begin()
                client.send(opening(URI, "bad_word"))
                if number % 2:
                    assert client.receive()["params"]["diagnostics"]
                else:  # dies in the middle of a message
                    client.send_bytes(b"Content-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        if Path(f"/proc/{server.process.pid}/task").exists():
            threads = list(Path(f"/proc/{server.process.pid}/task").iterdir())
            assert len(threads) < 10
        assert server.process.poll() is None


def test_the_log_goes_to_the_editor(server: Process) -> None:
    server.send(opening(URI, "raise_now\n"))
    logged = server.receive()

    assert logged["method"] == "window/logMessage"
    assert logged["params"]["type"] == 1
    assert "a rule that fails" in logged["params"]["message"]
    server.send(SHUTDOWN)
    assert server.receive()["id"] == "end"
    server.send(EXIT)
    server.wait(SOON)
    assert server.errors() == ""


def test_an_editor_can_ask_for_more_of_the_log(server: Process) -> None:
    change = {"textDocument": {"uri": URI, "version": 2}, "contentChanges": []}
    server.send({"method": "textDocument/didChange", "params": change})
    server.send({"method": "$/setTrace", "params": {"value": "verbose"}})
    server.send({"method": "textDocument/didChange", "params": change})
    server.send({"method": "$/setTrace", "params": {"value": "off"}})
    server.send({"method": "textDocument/didChange", "params": change})
    server.send({"method": "$/setTrace", "params": {"value": "nonsense"}})
    said = [server.receive()["params"]["message"] for _ in range(2)]
    server.send(SHUTDOWN)

    assert said[0] == f"{URI} changed but is not open"
    assert said[1].startswith("$/setTrace cannot be read")
    assert server.receive()["id"] == "end"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--tcp", "nonsense"], "'nonsense' is not HOST:PORT"),
        (["--ws", "nonsense"], "'nonsense' is not HOST:PORT"),
        (["--ws", "203.0.113.1:1"], "203.0.113.1"),
        (["--stdio", "--ws", "127.0.0.1:0"], "not allowed with argument"),
        (["--tcp", "127.0.0.1:99999"], "'127.0.0.1:99999' is not HOST:PORT"),
        (["--stdio", "--tcp", "127.0.0.1:0"], "not allowed with argument"),
        (["--clientProcessId", "x"], "invalid int value: 'x'"),
        (["--unheard-of"], "unrecognized arguments: --unheard-of"),
        (["--log-file", "/nonexistent/x.log"], "/nonexistent/x.log"),
        (["--tcp", "203.0.113.1:1"], "203.0.113.1"),
    ],
)
def test_wrong_use_is_2_and_says_why(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(arguments)
    except SystemExit as ending:  # argparse's way
        code = ending.code  # type: ignore[assignment]
    said = capsys.readouterr()

    assert code == 2
    assert complaint in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_the_engine_is_importable_without_the_protocol() -> None:
    code = (
        "import sys, batten, batten.analysis.program, batten.syntax.text;"
        "print([name for name in ('pygls', 'lsprotocol') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )

    assert result.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind")
def test_a_terminal_that_does_not_block_is_not_at_its_end() -> None:
    """One who shares it may have made it so; a read then finds nothing, and there will be more."""
    import tty

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    os.set_blocking(theirs, False)
    process = subprocess.Popen(
        [*STAND_IN, "--stdio"], stdin=theirs, stdout=subprocess.PIPE, env=environment()
    )
    with process, os.fdopen(ours, "wb", 0) as sink:
        assert process.stdout is not None
        wire = Wire(process.stdout, sink)
        time.sleep(0.5)  # there is nothing to be read
        wire.send(initialization())
        assert wire.receive()["id"] == 0
        wire.send(SHUTDOWN)
        assert wire.receive()["id"] == "end"
        wire.send(EXIT)
        assert process.wait(SOON) == 0
    os.close(theirs)
