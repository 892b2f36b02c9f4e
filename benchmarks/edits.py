"""What somebody types into a document, kind by kind.

A kind is a function from the lines of a document and a number of edits to the edits: the number of
a line, 0-based, what stands in it, and what replaces that. They are to be made in their order. A
kind that finds no place for itself in a document yields nothing.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

Edit = tuple[int, str, str]
Kind = Callable[[Sequence[str], int], Iterator[Edit]]

ASSIGNED = re.compile(r"^(\s{8,})([A-Za-z_]+)( = .*)$")
# Up to the end of a word in a statement of a function.
_STATEMENT = re.compile(r"^\s{8,}(?:return |raise |if |self\.)?\w+(?= = |\(|\.)")
_WORD = "detail"
_TEXT_GIVEN = re.compile(r"""(self\.\w+\(\s*[fr]?["'])(\w*/?\w)""")
_METHOD = re.compile(r"    def (\w+)\(self, (\w+)")
_METHOD_CALLED = re.compile(r"self\.(\w+)\(")
_IMPORT = re.compile(r"(?:import|from) .*\w$")


def anywhere(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Type six letters behind words all over the code, one by one, and take them away at once."""
    fitting = [number for number, line in enumerate(lines) if _STATEMENT.match(line)]
    places = count // (len(_WORD) + 1) + 1
    for at in fitting[:: max(1, len(fitting) // places)][:places]:
        typed = [lines[at]]
        for end in range(1, len(_WORD) + 1):
            typed.append(_STATEMENT.sub(rf"\g<0>{_WORD[:end]}", lines[at]))
        for before, after in itertools.pairwise([*typed, lines[at]]):
            yield at, before, after


def assigned_names(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Make an assigned name longer, and short again."""
    yield from _letters(lines, count, ASSIGNED, r"\1\2{}\3")


def comments(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Write a comment behind a statement."""
    yield from _letters(lines, count, ASSIGNED, r"\1\2\3  # {}")


def arguments(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Write a text that is given to another method."""
    yield from _letters(lines, count, _TEXT_GIVEN, r"\g<1>{}\2")


def quotes(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Begin a text which does not end, and take it away again."""
    at = first_assignment(lines)
    for _ in range(count):
        yield at, lines[at], f'{lines[at]} + """'
        yield at, f'{lines[at]} + """', lines[at]


def wrappers(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Change what the method that is called most often does with its first argument."""
    heads = {
        match[1]: (number, match[2])
        for number, line in enumerate(lines)
        if (match := _METHOD.match(line))
    }
    called = Counter(found for line in lines for found in _METHOD_CALLED.findall(line))
    for name, _ in called.most_common():
        if name not in heads:
            continue
        head, parameter = heads[name]
        used = re.compile(rf"(?<=[( ]){parameter}(?=[,)])")
        for at in _body(lines, head):
            if used.search(lines[at]):
                yield from _numbers(at, count, lines[at], used, r"\g<0> + '{}'")
                return


def imports(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Import another name in the first import."""
    at = next(n for n, line in enumerate(lines) if _IMPORT.match(line))
    yield from _numbers(at, count, lines[at], re.compile("$"), ", name{}")


def functions(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Put a function at the end, and take it away again."""
    at = len(lines) - 1
    for number in range(count):
        more = f"{lines[at]}\n\n\ndef more{number}(): pass"
        yield at, lines[at], more
        yield at + 3, f"def more{number}(): pass", ""


def attributes(lines: Sequence[str], count: int) -> Iterator[Edit]:
    """Give a class attribute, which was not there before, other values."""
    heads = (n for n in _from_the_middle(lines) if _METHOD.match(lines[n]))
    at = next((head - 1 for head in heads if not lines[head - 1].strip()), None)
    if at is not None:
        yield from _numbers(at, count, lines[at], re.compile("$"), "    timeout = 1{}")


def first_assignment(lines: Sequence[str]) -> int:
    """Return the number of a line of the second half in which a name is assigned to.

    Raises StopIteration when no line of the document does so.
    """
    return next(number for number in _from_the_middle(lines) if ASSIGNED.match(lines[number]))


def _from_the_middle(lines: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of all lines, those of the second half first."""
    half = len(lines) // 2
    yield from range(half, len(lines))
    yield from range(half)


def _body(lines: Sequence[str], head: int) -> Iterator[int]:
    """Yield the numbers of the lines behind the head of a method, up to the next member."""
    for number in range(head + 1, len(lines)):
        if lines[number].strip() and len(lines[number]) - len(lines[number].lstrip()) < 8:
            if lines[number].startswith(("    )", '    """')):
                continue
            return
        yield number


def _letters(
    lines: Sequence[str], count: int, fits: re.Pattern[str], written: str
) -> Iterator[Edit]:
    """Write one to eight letters and none, over and over, in the first fitting line."""
    at = next((n for n in _from_the_middle(lines) if fits.search(lines[n])), None)
    if at is None:
        return
    line = lines[at]
    for number in range(count):
        after = fits.sub(written.format("abcdefgh"[: (number + 1) % 9]), lines[at], count=1)
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _numbers(at: int, count: int, text: str, fits: re.Pattern[str], written: str) -> Iterator[Edit]:
    """Write one number after the other, each new, and in the end none."""
    line = text
    for number in range(count):
        after = fits.sub(written.format(number), text, count=1)
        yield at, line, after
        line = after
    yield at, line, text


KINDS: tuple[tuple[str, int, Kind], ...] = (
    ("letter anywhere in the file", 1, anywhere),
    ("letter in an assigned name", 1, assigned_names),
    ("letter in a comment", 1, comments),
    ("letter in an argument of a call", 1, arguments),
    ("triple quote, and gone again", 4, quotes),
    ("name in a wrapper", 4, wrappers),
    ("name that is imported", 4, imports),
    ("line with a new function", 4, functions),
    ("digit of a class attribute", 4, attributes),
)
"""Name, how much rarer than a letter it is measured, and the edits."""
