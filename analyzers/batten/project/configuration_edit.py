"""Writing into a configuration file: the edit that ignores one more rule.

The file is people's: comments and layout stay. What was written is read again, and an edit that
does not mean just that one rule more is none.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from batten.project.configuration import SHARED_FILE
from batten.rewrite.edit import Edit, apply
from batten.syntax.text import Span

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from batten.syntax.text import SourceText


def ignoring(source: SourceText, name: str, code: str) -> Edit | None:
    """Return the edit of a configuration file, called `name`, that ignores a rule everywhere.

    None when it is ignored already, or when there is no sure way.
    """
    edit = _proposed(source, name, code)
    try:
        before, after = (_table(each, name) for each in (source, apply(source, [edit])))
    except (tomllib.TOMLDecodeError, AttributeError):
        return None
    wanted = {**before, "ignore": [code, *before.get("ignore", [])]}
    return edit if after == wanted and code not in before.get("ignore", []) else None


_HEADER = re.compile(rb"^[ \t]*\[", re.MULTILINE)
_OUR_HEADER = re.compile(rb"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*batten[ \t]*\][^\n]*\n?", re.MULTILINE)
_IGNORE = re.compile(rb"^[ \t]*ignore[ \t]*=[ \t]*\[(?P<empty>\s*\])?", re.MULTILINE)


def _proposed(source: SourceText, name: str, code: str) -> Edit:
    data = source.data
    newline = "\r\n" if b"\r\n" in data else "\n"
    line = f'ignore = ["{code}"]{newline}'
    start = 0
    if name == SHARED_FILE:
        header = _OUR_HEADER.search(data)
        if header is None:
            end = len(data)
            gap = newline if not data or data.endswith(b"\n") else newline * 2
            return Edit(Span(end, end), f"{gap}[tool.batten]{newline}{line}")
        start = header.end()
        if not header[0].endswith(b"\n"):
            line = newline + line
    following = _HEADER.search(data, start)
    ignored = _IGNORE.search(data, start, following.start() if following else len(data))
    if ignored is None:
        return Edit(Span(start, start), line)
    at = data.index(b"[", ignored.start()) + 1
    return Edit(Span(at, at), f'"{code}"' if ignored["empty"] else f'"{code}", ')


def _table(source: SourceText, name: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(source.text.replace("\r\n", "\n"))
    if name != SHARED_FILE:
        return table
    return dict(table.get("tool", {}).get("batten", {}))
