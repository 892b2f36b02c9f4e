"""Answers that are undone when what they were worked out from changes."""

from __future__ import annotations

import pytest

from batten.link.reads import Entry, Memo, Parted, Reads, SteadyMemo


def test_an_answer_that_was_given_up_is_no_trouble_when_something_changes() -> None:
    reads, fact = Reads(), Entry()
    calls = [10, 20]

    def call(number: int) -> int:
        fact.read_by(reads.at)
        return calls[number]

    memo = SteadyMemo(reads, call)
    with pytest.raises(IndexError):
        memo(2)
    assert memo(1) == 20

    calls.append(30)
    reads.undo([fact])

    assert memo(2) == 30


def test_an_answer_about_what_is_gone_is_dropped_with_those_who_read_it() -> None:
    reads, fact = Reads(), Entry()
    calls = [10, 20]

    def call(number: int) -> int:
        fact.read_by(reads.at)
        return calls[number]

    memo = SteadyMemo(reads, call)
    sums = SteadyMemo(
        reads, lambda count: sum(memo(each) for each in range(min(count, len(calls))))
    )
    assert sums(2) == 30

    calls.pop()
    reads.undo([fact])

    assert sums(2) == 10


def test_a_question_that_once_failed_does_not_hide_a_change_from_those_who_ask_it_now() -> None:
    reads, fact = Reads(), Entry()
    calls = [10, 20]

    def call(number: int) -> int:
        fact.read_by(reads.at)
        return calls[number]

    memo = SteadyMemo(reads, call)
    for _ in range(9):
        with pytest.raises(IndexError):
            memo(2)
    calls.append(30)
    sums = SteadyMemo(reads, lambda number: memo(number) + 1)
    assert sums(2) == 31

    calls[2] = 40
    reads.undo([fact])

    assert sums(2) == 41


def test_a_change_of_one_part_is_nothing_to_who_has_read_another() -> None:
    reads, fact = Reads(), Parted()
    parts = {1: "head", 2: "body"}
    read: list[int] = []

    def part(wanted: int) -> str:
        read.append(wanted)
        fact.part_read_by(reads.at, wanted)
        return parts[wanted]

    memo = Memo(reads, part)
    both = Memo(reads, lambda _: memo(1) + part(2))
    assert both(0) == "headbody"
    assert memo(2) == "body"

    parts[2] = "other"
    reads.undo([fact.changed(2)])

    assert (both(0), memo(1), memo(2)) == ("headother", "head", "other")
    assert read == [1, 2, 2, 2, 2]
