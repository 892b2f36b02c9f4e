"""Comments that say which findings somebody has looked at and accepts.

- `# batten: ignore[BTN102] reason` at the end of a line covers that line, on a line of its own
  the next statement; `ignore-file` covers the file. Rules go by code, name or alias.
  `until 2027-01-31` in the reason ends it after that day.
- `# nosec` covers its statement; `# nosec B608` only the rules with that alias.
- `# noqa: S608` covers its line for the rules with that alias; without an id it is about style.

A comment that names rules never covers others, also when nobody knows the names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.project.rows import rows_of
from batten.rules.names import NAMES
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.project.rows import Row, Rows
    from batten.syntax.text import SourceText


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a suppression, where it stands, and the codes of the rules that go by it."""

    text: str
    span: Span
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suppression:
    """One of these comments, which stands at `span` and covers what touches `covered`.

    It is about the rules that are `named`; without names about all if it `is_blanket`, else
    about none. `until` is the last day that it counts on. `is_ours` tells that it is written for
    Batten and not for another tool.
    """

    span: Span
    covered: Span
    named: tuple[Named, ...]
    is_blanket: bool
    reason: str
    until: date | None
    is_ours: bool = False

    def covers(self, code: str, span: Span, today: date) -> bool:
        """Tell whether it suppresses what a rule finds at a place of its document."""
        if self.until is not None and today > self.until:
            return False
        if span.start > self.covered.end or span.end < self.covered.start:
            return False
        return self.is_blanket or any(code in name.codes for name in self.named)


def suppressor(
    code: str, span: Span, comments: Iterable[Suppression], today: date
) -> Suppression | None:
    """Return the first comment of a document that suppresses what a rule finds at a place."""
    return next((each for each in comments if each.covers(code, span, today)), None)


def may_suppress(comment: Suppression) -> bool:
    """Tell whether a comment can suppress anything, or is meant to: most are for other tools."""
    return comment.is_ours or comment.is_blanket or any(name.codes for name in comment.named)


def suppressions(source: SourceText) -> tuple[Suppression, ...]:
    """Return the suppressions in a text, in order."""
    words = _words(source.data)
    return tuple(found_at(words, source, rows_of(source))) if words else ()


def covering(source: SourceText) -> tuple[Suppression, ...]:
    """Return those of `suppressions` that can cover anything: most comments are for other tools."""
    words = covering_words(source.data)
    return tuple(found_at(words, source, rows_of(source))) if words else ()


def covering_words(data: bytes) -> list[int]:
    """Return where the words of those may be in a text, in order, in one or not.

    Each line has its own, whatever is around it.
    """
    return [at for at in _words(data) if _may_cover(data, at)]


def found_at(words: Iterable[int], source: SourceText, rows: Rows) -> Iterator[Suppression]:
    """Yield the suppressions in comments that hold one of some words, in their order."""
    read_to = 0
    for word in words:
        if word < read_to:
            continue
        row = rows.at(word)
        comment = row.comment
        if comment is None or word < comment.start:
            continue
        read_to = comment.end
        text = source.slice(comment)
        for match in _DIRECTIVE.finditer(text):
            yield _suppression(match, _Comment(text, comment, row, rows, len(source.data)))


@lru_cache(maxsize=1_000)
def codes_of(name: str) -> frozenset[str]:
    """Return the codes of the rules that have this code, name or alias, in any case."""
    wanted = name.strip().lower()
    return frozenset(rule.code for rule in NAMES.values() if rule.is_called(wanted))


_WORDS = (b"batten:", b"nosec", b"noqa")
_DIRECTIVE = re.compile(
    r"""
      \#\s*batten:\s*(?P<form>ignore-file|ignore)\b(?P<rest>[^\#]*)
    | \#\s*nosec\b(?P<nosec>[^\#]*)
    | \#\s*noqa\b\s*:(?P<noqa>[^\#]*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\[(?P<names>[^\]]*)\](?P<reason>.*)", re.DOTALL)
_NAME = re.compile(r"[^\s,]+")
_ID = re.compile(r"[A-Z]{1,10}\d{1,5}")
_NOQA = re.compile(rb"noqa\b([^#\n]*)", re.IGNORECASE)
_BYTES_ID = re.compile(rb"[A-Z]{1,10}\d{1,5}")
_LIST_OF_IDS = re.compile(r"[\s,]*[A-Z]{1,10}\d{1,5}(?:[\s,]+[A-Z]{1,10}\d{1,5})*\b")
_CHECK = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
"""How the checks that `nosec` names are called when they are not named by id."""
_UNTIL = re.compile(
    r"\buntil\b[\s:=(`]*(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?![\d.]*\d)",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _words(data: bytes) -> list[int]:
    """Return where the words of suppressions stand, whether they are in one or not."""
    # Nearly all texts end here; searching with a pattern takes ten times as long.
    data = data.lower()
    return sorted(at for word in _WORDS for at in _places(data, word))


def _may_cover(data: bytes, word: int) -> bool:
    """Tell whether the word of a suppression may be one that covers something."""
    noqa = _NOQA.match(data, word)
    return noqa is None or any(codes_of(each[0].decode()) for each in _BYTES_ID.finditer(noqa[1]))


def _places(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + 1)


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    span: Span
    row: Row
    rows: Rows
    end_of_file: int

    def bytes_up_to(self, index: int) -> int:
        return self.span.start + len(self.text[:index].encode("utf-8", "surrogatepass"))

    def span_of(self, start: int, end: int) -> Span:
        return Span(self.bytes_up_to(start), self.bytes_up_to(end))


def _suppression(match: re.Match[str], comment: _Comment) -> Suppression:
    span = comment.span_of(*match.span())
    if match["form"] is not None:
        whole = match["form"].lower() == "ignore-file"
        covered = Span(0, comment.end_of_file) if whole else _line_or_next_statement(comment)
        brackets = _BRACKETS.fullmatch(match["rest"])
        if brackets is None:
            return Suppression(span, covered, (), False, match["rest"].strip(), None, True)
        start = match.start("rest") + brackets.start("names")
        named = _named(_NAME.finditer(brackets["names"]), start, comment)
        reason = brackets["reason"].strip()
        try:
            until = _until(reason)
        except ValueError:  # no such day: better to say it again than to be silent for ever
            return Suppression(span, covered, (), False, reason, None, True)
        return Suppression(span, covered, named, False, reason, until, True)
    if match["nosec"] is not None:
        text, start = match["nosec"], match.start("nosec")
        words = [word for word in _NAME.finditer(text) if _is_id(word[0].strip(":.;"))]
        named = _named(words, start, comment)
        covered = comment.rows.statement(comment.row.span.start)
        return Suppression(span, covered, named, not named, text.strip(" :-"), None)
    ids = _LIST_OF_IDS.match(match["noqa"])
    names = _ID.finditer(ids[0]) if ids else ()
    named = _named(names, match.start("noqa"), comment)
    return Suppression(span, comment.row.span, named, False, "", None)


def _is_id(word: str) -> bool:
    return bool(_ID.fullmatch(word) or _CHECK.fullmatch(word) or codes_of(word))


def _named(words: Iterable[re.Match[str]], start: int, comment: _Comment) -> tuple[Named, ...]:
    return tuple(
        Named(
            word[0],
            comment.span_of(start + word.start(), start + word.end()),
            codes_of(word[0].strip(":.;")),
        )
        for word in words
    )


def _until(reason: str) -> date | None:
    """Return the last day that a comment counts; ValueError for what looks like one and is none.

    What is misspelt would else count for ever.
    """
    match = _UNTIL.search(reason)
    if match is not None and _DAY.fullmatch(match[1]) is None:
        raise ValueError(match[1])
    return date.fromisoformat(match[1]) if match else None


def _line_or_next_statement(comment: _Comment) -> Span:
    row = comment.row
    if not row.is_empty:
        return row.span
    following = comment.rows.next_code(row)
    if following is None:
        return row.span
    # Among the lines in brackets, a comment is about the next of them.
    return comment.rows.statement(following.span.start) if row.is_last else following.span
