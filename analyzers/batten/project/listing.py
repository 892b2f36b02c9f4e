"""The code in a review request.

People paste code for review as a listing whose lines carry their numbers (`12 import os`), as a
fenced block, or as it stands, often with prose around it. `listings` cuts the code out and keeps
the number of each line, so that the answer can name the lines as the request does.

Numbered prose ("1. Please check ...") is told from numbered code by how its lines look; a Python
file that merely shows a listing in a docstring is told from a request by how the lines *around*
the listing read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    UnreadLines = Callable[[str], Collection[int]]
    """Tells the 0-based lines of a text that can't be read as Python."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A piece of code, and for each of its lines the number that it goes by."""

    text: str
    numbers: tuple[int, ...]


def whole(text: str) -> Listing:
    """Return a text as one listing whose lines count from 1."""
    return Listing(text, tuple(_count(_LINE_END.split(text))))


def listings(request: str, unread: UnreadLines) -> tuple[Listing, ...]:
    """Return the code of a request in order; empty when it holds none."""
    lines = _LINE_END.split(request)
    runs = _numbered(lines) or _fenced(lines)
    covered = {index for run in runs for index in range(run.first, run.last + 1)}
    around = [index for index in range(len(lines)) if index not in covered]
    if runs and not _reads_as_python(lines, around, unread(request)):
        return tuple(run.listing for run in runs)
    if not runs and not _is_python(lines, unread(request)):
        return ()
    return (whole(request),)


@dataclass(frozen=True, slots=True)
class _Run:
    """A listing and the 0-based lines of the request, both included, that it stands in."""

    first: int
    last: int
    listing: Listing


_LINE_END = re.compile(r"\r\n|\n|\r")

_CODE = re.compile(
    r"""
    \s* (?: (?: import | from | def | class | async | return | raise | del | global | assert
              | yield | await | print ) \b
          | (?: pass | break | continue ) \s* $
          | @ \w
          | (?: if | elif | else | for | while | with | try | except | finally | match | case )
            \b .* : \s* (?: \# .* )? $ )
    | .* (?: \w\( | \w\[ | \s [-+*/%|&^]? = \s | == | \)\s*: \s* $ )
    """,
    re.VERBOSE,
)
"""How a line of code looks, as against a sentence."""

_SENTENCE = re.compile(r"\s*[A-Za-z][\w'’,-]*(?:\s+[\w'’\"(,-]+){2,}.*")
_MARK_OF_CODE = re.compile(r"""[#"'=()\[\]{}@]""")
_FENCE = re.compile(r"\s*(?P<mark>```+|~~~+)\s*(?P<language>[\w+.-]*)[^`]*$")
_PYTHON_FENCES = frozenset({"", "python", "py", "python2", "python3", "py2", "py3", "pycon"})

_MARKS = ("", ":", "|", " |", "│", " │", ".", ")")
"""What may stand between a number and its line. Blank space follows it, or the end."""


def _numbered(lines: Sequence[str]) -> tuple[_Run, ...]:
    """Return the numbered listings, read with the mark that makes the most code of them."""
    best: tuple[_Run, ...] = ()
    most = 0
    for mark in _MARKS:
        runs = tuple(_joined(filter(_is_code, _runs(lines, mark))))
        code = sum(_code_lines(run) for run in runs)
        if code > most:
            best, most = runs, code
    return best


def _runs(lines: Sequence[str], mark: str) -> Iterator[_Run]:
    """Yield the runs of numbers that rise by one; lines without a number may stand between."""
    pattern = re.compile(rf"\s*(?P<number>\d{{1,7}}){re.escape(mark)}(?P<rest>.*)", re.DOTALL)
    found: list[tuple[int, int, str]] = []
    for index, line in enumerate(lines):
        match = pattern.fullmatch(line)
        if match is None or (mark == "" and match["rest"] and match["rest"][0] not in " \t"):
            continue
        number = int(match["number"])
        if found and number != found[-1][1] + 1:
            yield _run(found)
            found = []
        found.append((index, number, match["rest"]))
    if found:
        yield _run(found)


def _run(found: Sequence[tuple[int, int, str]]) -> _Run:
    rests = [rest for _, _, rest in found]
    # One blank belongs to the mark; `grep -n` writes none, and then a blank is indentation.
    blank = all(rest[0] in " \t" for rest in rests if rest)
    code = [rest[1:] if blank else rest for rest in rests]
    numbers = tuple(number for _, number, _ in found)
    return _Run(found[0][0], found[-1][0], _listing(code, numbers))


def _listing(code: Iterable[str], numbers: tuple[int, ...]) -> Listing:
    # The text ends its last line, so it has one empty line more: that goes by the next number.
    text = "".join(f"{line}\n" for line in code)
    return Listing(text, (*numbers, numbers[-1] + 1 if numbers else 1))


def _is_code(run: _Run) -> bool:
    lines = run.listing.text.split("\n")
    code = _code_lines(run)
    sentences = sum(1 for line in lines if _SENTENCE.fullmatch(line) and not _CODE.match(line))
    return code > 0 and (code >= sentences or len(run.listing.numbers) > _LONG)


_LONG = 20
"""Nobody numbers so many sentences; a listing of that length is code, docstrings and all."""


def _code_lines(run: _Run) -> int:
    return sum(1 for line in run.listing.text.split("\n") if _CODE.match(line))


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join runs whose numbers go on rising: a listing with lines left out is one piece of code."""
    last: _Run | None = None
    for run in runs:
        if last is None:
            last = run
        elif run.listing.numbers[0] >= last.listing.numbers[-1]:
            last = _Run(
                last.first,
                run.last,
                Listing(
                    last.listing.text + run.listing.text,
                    last.listing.numbers[:-1] + run.listing.numbers,
                ),
            )
        else:
            yield last
            last = run
    if last is not None:
        yield last


def _fenced(lines: Sequence[str]) -> tuple[_Run, ...]:
    """Return the fenced blocks that may be Python; each counts its lines from 1."""
    runs: list[_Run] = []
    opened: tuple[int, str, str] | None = None
    for index, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        if opened is None:
            opened = (index, fence["mark"], fence["language"].lower())
        elif fence["mark"].startswith(opened[1]) and not fence["language"]:
            first, _, language = opened
            if language in _PYTHON_FENCES:
                code = lines[first + 1 : index]
                runs.append(_Run(first, index, _listing(code, tuple(_count(code)))))
            opened = None
    if opened is not None and opened[2] in _PYTHON_FENCES:  # the end was cut off
        code = lines[opened[0] + 1 :]
        runs.append(_Run(opened[0], len(lines) - 1, _listing(code, tuple(_count(code)))))
    return tuple(runs)


def _count(lines: Sequence[str]) -> range:
    return range(1, len(lines) + 1)


def _reads_as_python(lines: Sequence[str], around: Sequence[int], unread: Collection[int]) -> bool:
    """Tell whether the lines around a listing are code, so that the listing is only shown."""
    prose = sum(1 for index in around if index in unread and lines[index].strip())
    code = sum(1 for index in around if index not in unread and _CODE.match(lines[index]))
    return code > prose


def _is_python(lines: Sequence[str], unread: Collection[int]) -> bool:
    """Tell whether a text without a listing is code: mostly readable, or sound without a doubt."""
    if _reads_as_python(lines, range(len(lines)), unread):
        return True
    # A word or two ("Hello") is sound Python as well, but nobody means it so.
    return not unread and any(_MARK_OF_CODE.search(line) for line in lines)
