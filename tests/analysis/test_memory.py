"""What a program remembers does not grow with the number of edits, whatever is typed."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.link import links
from batten.models.load import load
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

WRAPPER = """\
import requests


class Client:
    def __init__(self, base):
        self.base = base

    def get(self, path, **more):
        return requests.get(self.base + path, **more)
"""
CALLER = """\
from work.wrapper import Client


def find(name, text):
    client = Client("https://x.test/")
    return client.get("/items/%s" % name)


def other(key):
    return Client("https://y.test").get(f"/other/{key}").json()
"""
ALONE = """\
import requests


def find(name):
    return requests.get("https://x.test/items/%s" % name)
"""
EDITS = 200
A_FEW = 1_000
"""Objects; five that are kept of every edit would be more."""


def _typed_in_a_caller(word: str) -> tuple[str, str]:
    return CALLER.replace("find(name", f"find({word}").replace("% name", f"% {word}"), WRAPPER


def _typed_after_a_call(word: str) -> tuple[str, str]:
    return CALLER.replace(".json()", f".{word}()"), WRAPPER


def _typed_in_a_wrapper(word: str) -> tuple[str, str]:
    return CALLER, WRAPPER.replace("path", word)


def _typed_in_a_name_that_others_call(word: str) -> tuple[str, str]:
    return CALLER, WRAPPER.replace("get(self", f"{word}(self")


def _typed_as_a_name_in_a_path(word: str) -> tuple[str, str]:
    return CALLER.replace("% name", f"% {word}"), WRAPPER


def _typed_as_an_attribute_in_a_path(word: str) -> tuple[str, str]:
    return CALLER.replace("% name", f"% name.{word}"), WRAPPER


def _half_typed_with_an_import(word: str) -> tuple[str, str]:
    return f"import {word}\n{CALLER}\n\ndef {word}(x):\n    {word}x(x)\n    return '", WRAPPER


def test_a_finding_that_was_moved_by_every_edit_keeps_none_of_them() -> None:
    program = Program(load())

    def edit(first: int, last: int) -> int:
        for number in range(first, last):
            program.put("/work/caller.py", SourceText(f"'{'x' * number}'\n{ALONE}"))
            assert len(program.findings("/work/caller.py")) == 1
        gc.collect()
        return len(gc.get_objects())

    warm = edit(0, 100)

    assert edit(100, 2_000) < warm + A_FEW
    (finding,) = program.findings("/work/caller.py")
    assert program.fixes(finding)  # and no chain of them is followed


@pytest.mark.parametrize(
    "typed",
    [
        _typed_in_a_caller,
        _typed_after_a_call,
        _typed_in_a_wrapper,
        _typed_in_a_name_that_others_call,
        _typed_as_a_name_in_a_path,
        _typed_as_an_attribute_in_a_path,
        _half_typed_with_an_import,
    ],
)
def test_many_edits_leave_nothing_behind(
    typed: Callable[[str], tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MAX_DROPPED", 100)  # else it is tidied after thousands of edits
    program = Program(load())

    def edit(first: int, last: int) -> int:
        for number in range(first, last):
            caller, wrapper = typed(f"name{number}")
            program.put("/work/wrapper.py", SourceText(wrapper))
            program.put("/work/caller.py", SourceText(caller))
            for path in program.paths:
                program.findings(path)
        for finding in program.findings("/work/caller.py"):
            program.fixes(finding)
        gc.collect()
        return len(gc.get_objects())

    warm = edit(0, 100)

    assert edit(100, 100 + EDITS) < warm + A_FEW


def test_a_scan_leaves_nothing_to_the_collector() -> None:
    """It is off meanwhile, so what is done with has to go by itself."""
    program = Program(load())
    gc.collect()
    gc.disable()
    try:
        for number in range(50):
            program.put(f"/work/wrapper{number}.py", SourceText(WRAPPER))
            caller = CALLER.replace("work.wrapper", f"work.wrapper{number}")
            program.put(f"/work/caller{number}.py", SourceText(caller))
        assert all(len(program.findings(path)) for path in program.paths if "caller" in path)
        left = gc.collect()
    finally:
        gc.enable()

    assert left < A_FEW


def test_what_is_linked_anew_leaves_nothing_to_the_collector() -> None:
    """A file comes and goes, and the whole program is linked again each time."""
    program = Program(load())
    program.put("/work/wrapper.py", SourceText(WRAPPER))
    program.put("/work/caller.py", SourceText(CALLER))
    assert program.findings("/work/caller.py")
    gc.collect()
    gc.disable()
    try:
        for number in range(20):
            if number % 2:
                program.remove("/work/alone.py")
            else:
                program.put("/work/alone.py", SourceText(ALONE))
            assert program.findings("/work/caller.py")
        left = gc.collect()
    finally:
        gc.enable()

    assert left < A_FEW


def test_a_finding_can_be_fixed_after_all_was_linked_anew_for_a_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a trial makes of another text may let go of what the findings were made of."""
    monkeypatch.setattr(links, "MAX_DROPPED", -1)
    monkeypatch.setattr(links, "MAX_GROWTH", 0)
    program = Program(load())
    program.put("alone.py", SourceText(ALONE))
    (finding,) = program.findings("alone.py")
    for word in ("first", "second"):
        with program.put_aside("alone.py", SourceText(ALONE.replace("% name", f"% {word}"))):
            assert program.findings("alone.py")
    assert program.proposed(finding)
