"""One model file: from bytes to the rows of its tables."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from batten.models.error import ModelError
from batten.models.row import Row
from batten.models.vocabulary import CLIENTS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse(file: str, data: bytes, tables: Iterable[str]) -> dict[str, list[Row]]:
    """Parse a file that may hold the given tables; `file` is its name for people.

    Raises ModelError when it is not UTF-8, not TOML, or holds something else.
    """
    text = _text(file, data)
    top = Row(file, text, "", None, _content(file, text), {})
    client = top.word("client", CLIENTS)
    inherited = {"client": client} if client else {}
    rows = {table: top.rows(table, inherited) for table in tables}
    top.finish()
    return rows


def _text(file: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise ModelError(file, line, "not valid UTF-8") from None


def _content(file: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        place = _PLACE.search(str(problem))
        line = int(place[1]) if place else text.count("\n") + 1
        raise ModelError(file, line, f"not valid TOML: {problem}") from None


_PLACE = re.compile(r"at line (\d+)")
