"""A program starts again with its heap in large pages, and nobody can tell but by the clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from batten.project import large_pages
from batten.project.large_pages import start_again_in_large_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ANALYZERS = str(Path(large_pages.__file__).parents[2])
REPORT = f"""
import json, os, sys
sys.path.insert(0, {ANALYZERS!r})
from batten.project.large_pages import start_again_in_large_pages
print("once more", file=sys.stderr)
start_again_in_large_pages()
names = ("PYTHONMALLOC", "GLIBC_TUNABLES", "BATTEN_STARTED_AGAIN", "PYTHONPATH", "OTHER")
flags = {{name: getattr(sys.flags, name, None) for name in ("no_user_site", "safe_path")}}
print(json.dumps({{
    "process": os.getpid(),
    "arguments": sys.argv[1:],
    "environment": {{name: os.environ[name] for name in names if name in os.environ}},
    "own heap": bool(sys.getallocatedblocks()),
    "said": sys.stdin.read() if {{stdin}} else "",
    "path": sys.path,
    **flags,
}}))
"""
AGAIN = 2
ONCE = 1

pytestmark = pytest.mark.skipif(
    not large_pages.is_of_use(),
    reason="only done on Linux with the GNU C library and large pages",
)


class Run:
    """A program that tells what it sees, and how often it was started."""

    def __init__(self, options: Sequence[str], given: str = "", **environment: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with subprocess.Popen(
            [sys.executable, *options],
            env={**kept, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            out, err = process.communicate(given, timeout=60)
        assert process.returncode == 0, err
        self.starts = err.count("once more")
        self.seen: dict[str, Any] = json.loads(out)
        self.is_same_process = self.seen["process"] == process.pid


def program(stdin: str = "False") -> str:
    return REPORT.replace("{stdin}", stdin)


def test_the_same_process_goes_on_with_another_heap() -> None:
    run = Run(["-c", program(), "--log", "a b"], OTHER="kept")

    assert run.starts == AGAIN
    assert run.is_same_process
    assert not run.seen["own heap"]
    assert run.seen["arguments"] == ["--log", "a b"]


def test_child_processes_see_nothing_of_it() -> None:
    run = Run(["-c", program()], OTHER="kept", GLIBC_TUNABLES="glibc.malloc.check=0")

    assert run.starts == AGAIN
    assert run.seen["environment"] == {"GLIBC_TUNABLES": "glibc.malloc.check=0", "OTHER": "kept"}


def test_what_was_sent_meanwhile_is_there_to_be_read() -> None:
    run = Run(["-c", program("True")], given="a message")

    assert run.starts == AGAIN
    assert run.seen["said"] == "a message"


def test_who_has_chosen_a_heap_keeps_it() -> None:
    run = Run(["-c", program()], PYTHONMALLOC="pymalloc")

    assert run.starts == ONCE
    assert run.seen["own heap"]
    assert run.seen["environment"] == {"PYTHONMALLOC": "pymalloc"}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python has no option for it before 3.11")
def test_an_isolated_program_stays_isolated() -> None:
    run = Run(["-I", "-c", program()], PYTHONPATH="/nowhere/of/mine", OTHER="kept")

    assert run.starts == AGAIN
    assert not run.seen["own heap"]
    assert run.seen["no_user_site"]
    assert run.seen["safe_path"]
    assert "/nowhere/of/mine" not in run.seen["path"]
    assert "" not in run.seen["path"]
    assert run.seen["environment"] == {"OTHER": "kept"}


def test_a_python_that_ignores_its_environment_goes_on_as_it_is() -> None:
    assert Run(["-E", "-c", program()]).starts == ONCE


def test_a_program_from_standard_input_is_not_started_without_it() -> None:
    run = Run(["-"], given=program())

    assert run.starts == ONCE
    assert run.seen["own heap"]


def test_a_program_from_a_pipe_is_not_started_without_it() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        assert cat.stdin is not None
        assert cat.stdout is not None
        cat.stdin.write(program().encode())
        cat.stdin.close()
        number = cat.stdout.fileno()
        done = subprocess.run(
            [sys.executable, f"/dev/fd/{number}"],
            pass_fds=(number,),
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.stderr.count("once more") == ONCE
    assert json.loads(done.stdout)["own heap"]


def test_a_system_that_starts_nothing_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refuse(*command: object) -> None:
        tried.append(command)
        raise PermissionError

    monkeypatch.delenv("PYTHONMALLOC", raising=False)
    monkeypatch.setattr(sys, "argv", ["batten", "server"])
    monkeypatch.setattr(os, "execve", refuse)
    start_again_in_large_pages()

    assert len(tried) == 1


def refusing(error: Exception) -> Callable[[str], str]:
    def refuse(_: str) -> str:
        raise error

    return refuse


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (sys, "platform", "darwin"),
        (os, "confstr", refusing(OSError(22, "Invalid argument"))),  # another C library
        (os, "confstr", refusing(ValueError("unknown name"))),
        (os, "confstr", lambda _: "glibc 2.31"),
        (large_pages, "_LARGE_PAGES", "/nowhere"),
        (large_pages, "_LARGE_PAGES", __file__),  # here it says [never], too
        (sys, "abiflags", "t"),  # without the interpreter's lock
        (sys, "frozen", True),
        (sys, "executable", ""),
    ],
)
def test_elsewhere_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, where: object, name: str, value: object
) -> None:
    monkeypatch.delenv("PYTHONMALLOC", raising=False)
    monkeypatch.setattr(sys, "argv", ["batten", "server"])
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("started again"))
    monkeypatch.setattr(where, name, value, raising=False)
    start_again_in_large_pages()
