"""What takes little is analysed in the event loop, and what takes long never keeps that waiting."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from clock import standing

from batten.link.border import Border
from batten_server import short_turn
from batten_server.short_turn import (
    MOST_STOPS,
    OVERRUN,
    PATIENCE,
    REST,
    MoreToReadError,
    ShortTurn,
    TooLongError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conversation import Conversation

    from batten.syntax.text import SourceText

URI = "file:///work/a.py"
PATH = "/work/a.py"


@pytest.fixture
def at_work(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads that texts were put in, in order."""
    threads: list[threading.Thread] = []
    put = conversation.program.put

    def noted(path: str, source: SourceText) -> None:
        threads.append(threading.current_thread())
        put(path, source)

    monkeypatch.setattr(conversation.program, "put", noted)
    return threads


async def _typed(conversation: Conversation, *texts: str) -> None:
    for version, text in enumerate(texts, 2):
        conversation.replace(URI, version, text)
        await conversation.settle()


async def test_a_change_is_analysed_where_it_was_read(
    conversation: Conversation, at_work: list[threading.Thread]
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    await _typed(conversation, "bad_word bad_other\n", "bad_other\n")

    here = threading.current_thread()
    assert [thread is here for thread in at_work] == [False, True, True]
    assert [len(each["diagnostics"]) for each in conversation.published(URI)] == [1, 2, 1]


async def test_what_takes_long_goes_on_in_the_thread_of_the_analysis(
    conversation: Conversation, at_work: list[threading.Thread]
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.program.delay = 0.05
    await _typed(conversation, "bad_word bad_other\n", "bad_other\n")

    here = threading.current_thread()
    assert [thread is here for thread in at_work] == [False, True, False, False]
    assert [len(each["diagnostics"]) for each in conversation.published(URI)] == [1, 2, 1]


async def test_the_event_loop_is_free_while_what_was_typed_takes_long(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.replace(URI, 2, "bad_word sleep_now\n")
    answer = await conversation.answer("batten/nonsense")

    assert answer["error"]
    assert len(conversation.published(URI)) == 1


async def test_nothing_is_analysed_in_two_threads_at_a_time(
    conversation: Conversation, at_work: list[threading.Thread]
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.program.held = begun, may_end = threading.Event(), threading.Event()
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 1}}
    hover = asyncio.ensure_future(conversation.ask("textDocument/hover", place))
    await asyncio.to_thread(begun.wait)
    conversation.replace(URI, 2, "bad_other\n")
    await asyncio.sleep(0.01)
    conversation.program.held = None
    may_end.set()
    await hover
    await conversation.settle()

    assert threading.current_thread() not in at_work
    assert len(conversation.published(URI)) == 2


async def test_a_failure_in_the_event_loop_costs_its_answer_only(
    conversation: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    await _typed(conversation, "raise_now\n", "raise_now again\n", "bad_word bad_other\n")

    assert [each.levelname for each in caplog.records if each.levelname == "ERROR"] == ["ERROR"]
    assert len(conversation.published(URI)[-1]["diagnostics"]) == 2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass, in seconds, which stands still otherwise."""
    return standing(monkeypatch, short_turn)


def test_a_turn_ends_at_the_first_border_after_some_time(clock: Callable[[float], None]) -> None:
    turn, border, done = ShortTurn(), Border(), list[str]()

    def job() -> None:
        border()
        done.append("first")
        clock(PATIENCE * 1.1)
        border()
        done.append("second")

    with pytest.raises(TooLongError):
        turn.take(PATH, border, job)
    border()
    border.before_long()

    assert done == ["first"]


def test_a_turn_ends_before_what_takes_long() -> None:
    border = Border()

    with pytest.raises(TooLongError):
        ShortTurn().take(PATH, border, border.before_long)


def test_a_turn_suits_who_took_little_the_last_time(clock: Callable[[float], None]) -> None:
    turn = ShortTurn()

    assert not turn.suits(PATH), "nobody knows yet"
    turn.timed(PATH, lambda: clock(PATIENCE / 2))
    assert turn.suits(PATH)
    turn.timed(PATH, lambda: clock(PATIENCE * 1.1))
    assert not turn.suits(PATH)


def test_who_kept_the_editor_waiting_is_left_to_the_thread_for_a_while(
    clock: Callable[[float], None],
) -> None:
    turn = ShortTurn()
    turn.take(PATH, Border(), lambda: turn.timed(PATH, lambda: clock(OVERRUN * 1.1)))
    for _ in range(REST - 1):
        turn.timed(PATH, lambda: None)
        assert not turn.suits(PATH)
    turn.timed(PATH, lambda: None)

    assert turn.suits(PATH)


def test_a_turn_ends_at_the_first_border_when_there_is_more_to_read() -> None:
    there = [True, False]
    turn, border = ShortTurn(there.pop), Border()
    turn.timed(PATH, lambda: None)
    turn.take(PATH, border, border)
    with pytest.raises(MoreToReadError):
        turn.take(PATH, border, lambda: turn.timed(PATH, border))

    assert turn.suits(PATH), "it did not take long"


def test_a_turn_is_done_after_all_when_there_is_always_more_to_read() -> None:
    turn, border = ShortTurn(lambda: True), Border()
    for _ in range(2):
        for _ in range(MOST_STOPS):
            with pytest.raises(MoreToReadError):
                turn.take(PATH, border, border)
        turn.take(PATH, border, lambda: turn.timed(PATH, border))


async def test_what_comes_in_the_middle_of_a_turn_is_read_first(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    unread = [(4, "bad_word bad_more\n"), (3, "bad_more\n")]
    asked: list[str] = []

    def is_there() -> bool:
        if not asked:  # before the analysis begins
            asked.append(conversation.text(URI))
            return False
        if unread:
            asyncio.get_running_loop().call_soon(conversation.replace, URI, *unread.pop())
            return True
        return False

    conversation.server.incoming.is_there = is_there
    conversation.program.looked_at.clear()
    conversation.replace(URI, 2, "bad\n")
    await conversation.settle()

    assert asked == ["bad\n"]
    assert conversation.program.looked_at == ["bad_word bad_more\n"]
    assert [published["version"] for published in conversation.published(URI)] == [1, 4]


async def test_a_question_in_the_middle_of_a_turn_costs_no_findings(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    there = [True, False]
    conversation.server.incoming.is_there = lambda: bool(there) and there.pop()
    conversation.replace(URI, 2, "bad_word bad_more\n")
    await conversation.settle()

    assert not there
    assert [len(each["diagnostics"]) for each in conversation.published(URI)] == [1, 2]
