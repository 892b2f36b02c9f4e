"""What somebody asks a scan, and the answer as long as it is the same.

An answer follows from the command line, the folder and the screen that it was asked for, the day,
Batten itself, and what is on the disk. All but the last make the name of a question.
"""

from __future__ import annotations

import os
import sys
import time

from batten.cli.terminal import is_coloured, is_debugging, is_one_screen
from batten.cli.usage import UsageError
from batten.cli.words import CACHE_DIR, NO_CACHE, OUTPUT, STDIN
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
        self._file = _value(OUTPUT, given)

    def answer(self) -> Answer | None:
        """Return the answer if it was given before and can be no other now."""
        answer = kept_answer(self._answers, self._name)
        # Which file is written to is for the command line to say, whatever is kept.
        return answer if answer is not None and answer.file == self._file else None

    def answered(self, answer: Answer) -> None:
        """Keep the answer, which follows from what was seen on the disk."""
        sights = self.disk.sights()
        if sights is not None:
            keep(self._answers, self._name, answer, sights)


def question_in(given: Sequence[str]) -> Question | None:
    """Return what the arguments of a scan ask; None when nothing is to be kept.

    To look for a few of them takes no parser, which takes longer than the answer. Whether they make
    sense is for the parser to say: where they don't, nothing is ever kept.
    """
    if NO_CACHE in given or STDIN in given or is_debugging():
        return None
    folder = _value(CACHE_DIR, given) or usual_folder(os.environ)
    return None if folder is None else Question(given, folder)


def tell(answer: Answer) -> int:
    """Write an answer, and return the exit code; UsageError when its file can't be written."""
    sys.stderr.write(answer.before)
    if answer.file is None:
        sys.stdout.write(answer.output)
    else:
        _write(answer.output, answer.file)
    sys.stderr.write(answer.after)
    return answer.code


def _write(text: str, file: str) -> None:
    try:
        with open(file, "wb") as opened:  # noqa: PTH123
            opened.write(text.encode("utf-8", "backslashreplace"))
    except OSError as failure:
        raise UsageError(f"can't write {file}: {failure.strerror}") from failure


def _value(option: str, given: Sequence[str]) -> str | None:
    """Return what is given with an option; of several the last one counts."""
    value = None
    words = iter(given)
    for word in words:
        if word == "--":  # only paths follow
            break
        name, is_whole, rest = word.partition("=")
        if name == option:
            value = rest if is_whole else next(words, None)
    return value


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
