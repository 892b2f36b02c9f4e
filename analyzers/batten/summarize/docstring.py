"""What a docstring says of the parameters: Sphinx, Google and numpy style, and plain lists."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping


@immutable
class Described:
    """The documented type and description of one parameter; either may be empty."""

    type: str = ""
    text: str = ""


@lru_cache(maxsize=4)  # who types in a function has its docstring read with every key
def described_parameters(doc: str) -> Mapping[str, Described]:
    """Return what `doc` tells of each parameter that it names."""
    found: dict[str, Described] = {}
    if ":" not in doc and "-" not in doc:
        return found
    for style, words in _STYLES:
        for word in words:
            if word in doc:
                break
        else:
            continue
        for name, described in style(doc):
            before = found.get(name)
            if before is not None:
                described = Described(described.type or before.type, described.text or before.text)
            found[name] = described
    return found


# Each begins with a letter or mark that a search can leap to, and counts at the start of a line.
_SPHINX = re.compile(
    r":(?P<field>param|parameter|arg|argument|key|keyword|type)[ \t]+"
    r"(?P<head>[^:\n]+):(?P<text>.*(?:\n(?![ \t]*:|[ \t]*$).*)*)",
    re.MULTILINE,
)
_BULLET = re.compile(r"[-*][ \t]+`*(?P<name>\w+)`*[ \t]+[-:][ \t]+(?P<text>.+)$", re.MULTILINE)
_GOOGLE_SECTION = re.compile(r"(?:(?:Keyword )?Arg(?:ument)?s|Param(?:eter)?s):[ \t]*\n")
_NUMPY_SECTION = re.compile(r"(?:Other )?Parameters[ \t]*\n[ \t]*-{3,}[ \t]*\n")
_GOOGLE_ENTRY = re.compile(
    r"^(?P<name>\*{0,2}\w+)[ \t]*(?:\((?P<type>[^)]*)\))?[ \t]*:(?P<text>.*)$"
)
_NUMPY_ENTRY = re.compile(r"^(?P<name>\*{0,2}\w+(?:,[ \t]*\w+)*)[ \t]*(?::[ \t]*(?P<type>.*))?$")


def _at_starts(pattern: re.Pattern[str], doc: str) -> list[tuple[int, re.Match[str]]]:
    """Return what is found behind nothing but the indentation of its line, and how deep that is.

    What is found in the middle of a line does not reach over one that begins so.
    """
    found = []
    for match in pattern.finditer(doc):
        at = match.start()
        line = doc.rfind("\n", 0, at) + 1
        if not doc[line:at].strip(" \t"):
            found.append((at - line, match))
    return found


def _bullets(doc: str) -> list[tuple[str, Described]]:
    return [(match["name"], Described(text=match["text"])) for _, match in _at_starts(_BULLET, doc)]


def _sphinx(doc: str) -> list[tuple[str, Described]]:
    found = []
    for _, match in _at_starts(_SPHINX, doc):
        head = match["head"].split()
        if not head:
            continue
        name = head[-1].strip("`*")
        text = " ".join(match["text"].split())
        if match["field"] == "type":
            found.append((name, Described(type=text)))
        else:
            found.append((name, Described(" ".join(head[:-1]), text)))
    return found


def _google(doc: str) -> list[tuple[str, Described]]:
    found: list[tuple[str, Described]] = []
    for indent, section in _at_starts(_GOOGLE_SECTION, doc):
        found += _entries(doc[section.end() :], indent, _GOOGLE_ENTRY)
    return found


def _numpy(doc: str) -> list[tuple[str, Described]]:
    found: list[tuple[str, Described]] = []
    for indent, section in _at_starts(_NUMPY_SECTION, doc):
        found += _entries(doc[section.end() :], indent - 1, _NUMPY_ENTRY)
    return found


def _entries(text: str, outer: int, entry: re.Pattern[str]) -> list[tuple[str, Described]]:
    """Read the entries that are indented deeper than `outer` columns, until the section ends."""
    found: list[tuple[str, Described]] = []
    column: int | None = None
    for line in text.split("\n"):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if indent <= outer:
            break
        if column is None:
            column = indent
        if indent == column:
            match = entry.match(line.strip())
            if match is None:
                break
            described = Described(
                (match["type"] or "").strip(), match.groupdict().get("text") or ""
            )
            found += [(name.strip(" *"), described) for name in match["name"].split(",")]
        elif found:
            name, before = found[-1]
            found[-1] = (name, Described(before.type, f"{before.text} {line.strip()}".strip()))
    return found


# The styles, those that tell most last, each with words one of which is in every text of the style.
_STYLES = (
    (_bullets, ("- ", "* ", "-\t", "*\t")),
    (_numpy, ("Parameters",)),
    (_google, ("Args:", "Arguments:", "Params:", "Parameters:")),
    (_sphinx, (":param", ":arg", ":key", ":type")),
)
