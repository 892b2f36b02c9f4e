"""The bytes of a client reach its session as messages, in order, up to the end."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from wire import frame

from batten_server.intake import Intake

if TYPE_CHECKING:
    import pytest

REQUEST, NOTICE, EXIT = ({"method": name} for name in ("ask", "tell", "exit"))


class Session:
    """A protocol whose handlers of requests begin when the event loop gets to them."""

    exit_code = 7

    def __init__(self) -> None:
        self.log: list[str] = []
        self.ended = False

    def receive(self, body: bytes) -> bool:
        message = json.loads(body)
        self.log.append(message["method"])
        self.ended = message["method"] == "exit"
        if message["method"] == "ask":
            asyncio.get_running_loop().call_soon(self.log.append, "begun")
            return True
        return False


def begun() -> tuple[Session, Intake]:
    session = Session()
    return session, Intake(session)  # type: ignore[arg-type]


def stream(*messages: dict[str, Any]) -> bytes:
    return b"".join(map(frame, messages))


async def test_all_that_has_come_is_handled_before_anything_else_runs() -> None:
    session, intake = begun()
    asyncio.get_running_loop().call_soon(session.log.append, "anything else")
    intake.take(stream(NOTICE, NOTICE, NOTICE))
    await asyncio.sleep(0)

    assert session.log == ["tell", "tell", "tell", "anything else"]


async def test_what_follows_a_request_waits_until_its_handler_has_begun() -> None:
    session, intake = begun()
    intake.take(stream(NOTICE, REQUEST, REQUEST, NOTICE))
    intake.take(stream(NOTICE, EXIT))
    intake.end()

    assert await intake.over() == 7
    assert session.log == ["tell", "ask", "begun", "ask", "begun", "tell", "tell", "exit"]


async def test_nothing_is_handled_after_exit() -> None:
    session, intake = begun()
    intake.take(stream(EXIT, NOTICE))
    intake.take(stream(NOTICE))

    assert await intake.over() == 7
    assert session.log == ["exit"]


async def test_the_end_of_the_stream_is_the_end() -> None:
    session, intake = begun()
    intake.take(stream(NOTICE) + b"\r\n")
    over = asyncio.create_task(intake.over())
    await asyncio.sleep(0)
    assert not over.done()
    intake.end()
    intake.end()

    assert await over == 7
    assert session.log == ["tell"]


async def test_a_stream_that_breaks_off_is_told_of_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, intake = begun()
    intake.take(stream(NOTICE)[:-1])
    intake.end()
    await intake.over()

    assert "broke off in a message" in caplog.text


async def test_what_can_be_no_message_is_the_end(caplog: pytest.LogCaptureFixture) -> None:
    session, intake = begun()
    intake.take(stream(NOTICE) + b"x" * 100_000)
    intake.take(stream(NOTICE))
    await intake.over()

    assert session.log == ["tell"]
    assert "no header" in caplog.text
