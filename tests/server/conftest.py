"""Two ways to the server: in this process over plain messages, and as the editors start it."""

from __future__ import annotations

import inspect
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

sys.path.append(str(Path(__file__).parent))  # for the modules that are no tests

from conversation import Conversation

from editors import EDITORS, Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest_asyncio.fixture
async def conversation() -> AsyncIterator[Conversation]:
    """A session with a stand-in engine, initialized by a client that declares nothing."""
    begun = Conversation()
    await begun.initialize({})
    yield begun


@pytest.fixture(autouse=True)
def nothing_unexpected(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test in which the server said what nobody expects, or logged an error of its own.

    Who looks at the log, with `caplog`, expects errors.
    """
    Conversation.begun.clear()
    yield
    surprises = [each for begun in Conversation.begun for each in begun.surprises()]
    assert surprises == []
    if "caplog" not in inspect.signature(request.function).parameters:
        records = caplog.get_records("call")
        assert [each.getMessage() for each in records if each.levelno >= logging.ERROR] == []


@pytest_asyncio.fixture(
    scope="session",
    loop_scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in EDITORS],
)
async def running_editor(request: pytest.FixtureRequest) -> AsyncIterator[Session]:
    """The real server under the capabilities of one editor, for all tests of the run."""
    session = await Session.start(EDITORS[request.param])
    yield session
    await session.end()


@pytest_asyncio.fixture(loop_scope="session")
async def editor(running_editor: Session) -> AsyncIterator[Session]:
    """The same for one test, which fails when the server says what this editor can't expect."""
    yield running_editor
    surprises, running_editor.listener.surprises = running_editor.listener.surprises, []
    assert surprises == []
