"""The other end of `workspace_process.py`: a request comes on standard input, JSON in a line.

The answer is a line on standard output; lines before it tell how far the work is. An answer that
`stays` says that there may be another request.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batten.project.discovery import discover
from batten.syntax.text import Encoding
from batten_server.capabilities import Editor
from batten_server.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO

_PAUSE = 0.2
"""Seconds between two lines that tell how far it is."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the files that are wanted, what the editor can take, and what counts.

    `whole` is the request as it came, `mistakes` are those found in what configures the files.
    """

    files: tuple[str, ...]
    editor: Editor
    policy: Policy
    whole: Mapping[str, Any]
    mistakes: list[str]


def answer(work: Callable[[Request, Progress], dict[str, Any]]) -> None:
    """Do the work of one request, and of others as long as the answers stay.

    Whoever asks ends this process. Where they are gone, it ends with its work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a `print` somewhere writes is no answer
    try:
        _answer_all(work, sink)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sink.fileno())  # for what is left in it


def _answer_all(work: Callable[[Request, Progress], dict[str, Any]], sink: BinaryIO) -> None:
    stays = True
    while stays and (line := sys.stdin.readline()):
        request = _request(json.loads(line))
        answered = work(request, Progress(sink))
        stays = answered.get("stays", False)
        _write(sink, {**answered, "mistakes": request.mistakes})


def _request(whole: Mapping[str, Any]) -> Request:
    editor = Editor(**{**whole["editor"], "encoding": Encoding(whole["editor"]["encoding"])})
    mistakes: list[str] = []
    policy = Policy(mistakes.append)
    policy.take_sent(whole["settings"])
    found = discover(whole["folders"]).files
    files = tuple(path for path in found if policy.settings(path) is not None)
    return Request(files, editor, policy, whole, mistakes)


class Progress:
    """Tells how far the work is, now and then."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._due = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell what is being done, to how many files it was, and how many there are."""
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _PAUSE
            _write(self._sink, {"what": what, "done": done, "total": total})


def _write(sink: BinaryIO, message: Mapping[str, Any]) -> None:
    sink.write(json.dumps(message).encode() + b"\n")
    sink.flush()
