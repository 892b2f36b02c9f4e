"""What somebody asks a scan, and the answer as long as it is the same.

An answer follows from the command line, the folder and the screen that it was asked for, the day,
Batten itself, and what is on the disk. All but the last make the name of a question.
"""

from __future__ import annotations

import os
import sys
import time

from batten.cli.terminal import is_coloured, is_debugging, is_one_screen
from batten.cli.words import CACHE_DIR, NO_CACHE, STDIN
from batten.project.cache_folder import ANSWERS, CacheFolder, usual_folder
from batten.project.digest import blake2b
from batten.project.engine_identity import engine_mark
from batten.project.kept_answers import Answer, keep, kept_answer
from batten.project.sights import WatchedDisk

TYPE_CHECKING = False  # as in terminal.py
if TYPE_CHECKING:
    from collections.abc import Sequence


class Question:
    """A question whose answer may be kept in a folder.

    `engine` is the mark of who answers, and `disk` what they look through.
    """

    def __init__(self, given: Sequence[str], folder: str) -> None:
        self.engine = engine_mark()
        self.folder = folder
        self.disk = WatchedDisk()
        self._answers = CacheFolder(folder, ANSWERS)
        self._name = _name(given, self.engine)

    def answer(self) -> Answer | None:
        """Return the answer if it was given before and can be no other now."""
        return kept_answer(self._answers, self._name)

    def answered(self, answer: Answer) -> None:
        """Keep the answer, which follows from what was seen on the disk."""
        sights = self.disk.sights()
        if sights is not None:
            keep(self._answers, self._name, answer, sights)


def question_in(given: Sequence[str]) -> Question | None:
    """Return what the arguments of a scan ask; None when nothing is to be kept.

    To look for three of them takes no parser, which takes longer than the answer. Whether they make
    sense is for the parser to say: where they don't, nothing is ever kept.
    """
    if NO_CACHE in given or STDIN in given or is_debugging():
        return None
    folder = _named_folder(given) or usual_folder(os.environ)
    return None if folder is None else Question(given, folder)


def tell(answer: Answer) -> int:
    """Write an answer, and return the exit code."""
    sys.stderr.write(answer.before)
    sys.stdout.write(answer.output)
    sys.stderr.write(answer.after)
    return answer.code


def _named_folder(given: Sequence[str]) -> str:
    """Return the folder that the options name, the last one if there are several, or ""."""
    named = ""
    options = iter(given)
    for option in options:
        if option == "--":  # only paths follow
            break
        name, is_whole, folder = option.partition("=")
        if name == CACHE_DIR:
            named = folder if is_whole else next(options, "")
    return named


def _name(given: Sequence[str], engine: bytes) -> str:
    asked = (
        *given,
        os.getcwd(),  # noqa: PTH109
        time.strftime("%Y-%m-%d"),
        is_coloured(sys.stdout),
        is_one_screen(),
    )
    whole = blake2b(engine, digest_size=32)
    whole.update(repr(asked).encode("utf-8"))
    return whole.hexdigest()
