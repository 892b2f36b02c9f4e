"""One table of a model file, read strictly.

Every key that a reader asks for is known; `finish` finds the keys that nobody asked for. So
the code that reads a table is its schema.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.models.error import ModelError, suggestion
from batten.models.model import RECEIVER, Argument, Part
from batten.models.names import expand

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Row:
    """The keys of one table.

    `table` is its name, "" for the whole file; `index` counts the `[[table]]`s of that name
    from 0, and is None for a `[table]`. `inherited` are values of keys that the row may leave
    out. `file` is the name of the file for people, `text` what it holds.
    """

    __slots__ = ("_asked", "_content", "_file", "_index", "_inherited", "_table", "_text")

    def __init__(
        self,
        file: str,
        text: str,
        table: str,
        index: int | None,
        content: Mapping[str, object],
        inherited: Mapping[str, object],
    ) -> None:
        self._file = file
        self._text = text
        self._table = table
        self._index = index
        self._content = content
        self._inherited = inherited
        self._asked: list[str] = []

    def string(self, key: str) -> str | None:
        """Return a string, None when the key is absent."""
        value = self._get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong_type(key, "a string")

    def word(self, key: str, known: Collection[str]) -> str | None:
        """Return one of the known words, None when the key is absent."""
        value = self.string(key)
        if value is not None:
            self._check_word(key, value, known)
        return value

    def words(self, key: str, known: Collection[str]) -> list[str]:
        """Return known words, written as one or a list; [] when the key is absent."""
        values = self._strings(key)
        for value in values:
            self._check_word(key, value, known)
        return values

    def names(self, key: str) -> list[str]:
        """Return qualified names, written as one pattern or a list; [] when absent."""
        try:
            return [name for pattern in self._strings(key) for name in expand(pattern)]
        except ValueError as problem:
            raise self.error(key, str(problem)) from None

    def argument(self, key: str) -> Argument | None:
        """Return a parameter: `0`, `"url"`, `[0, "url"]`, or `"self"` for the receiver."""
        value = self._get(key)
        return None if value is None else self._argument(key, value)

    def arguments(self, key: str) -> tuple[Argument, ...]:
        """Return parameters: one as `argument` reads it or a list of lists; () when absent."""
        value = self._get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(each, list) for each in value):
            return tuple(self._argument(key, each) for each in value)
        return (self._argument(key, value),)

    def parts(self, key: str, starts: Collection[str]) -> tuple[Part, ...]:
        """Return parts of a text: a list of `["path", 2]` or `["path", 2, "escaped"]`."""
        value = self._get(key)
        found: list[Part] = []
        for each in value if isinstance(value, list) else () if value is None else (value,):
            match each:
                case [str(start), argument] | [str(start), argument, "escaped"]:
                    self._check_word(key, start, starts)
                    found.append(Part(start, self._argument(key, argument), len(each) == 3))
                case _:
                    raise self._wrong_type(key, 'a list of parts, such as ["path", 2]')
        return tuple(found)

    def condition(self, key: str) -> tuple[Argument, str] | None:
        """Return a parameter and the name of the value it must have: `[0, "pycurl.URL"]`."""
        match self._get(key):
            case None:
                return None
            case [argument, str(name)]:
                return self._argument(key, argument), name
        raise self._wrong_type(key, 'a parameter and a name, as in [0, "pycurl.URL"]')

    def pairs(self) -> list[tuple[str, str, str]]:
        """Return the entries of a `[table]` that maps names to a name.

        Each is the key as written, one name that it stands for, and the name it maps to.
        """
        found = []
        for key in self._content:
            target = self.string(key) or ""
            try:
                found += [(key, name, target) for name in expand(key)]
            except ValueError as problem:
                raise self.error(key, str(problem)) from None
        return found

    def rows(self, table: str, inherited: Mapping[str, object]) -> list[Row]:
        """Return the rows of a table inside this one: `[table]` is one row, [] when absent."""
        value = self._get(table)
        if value is None:
            return []
        if isinstance(value, dict):
            return [Row(self._file, self._text, table, None, value, inherited)]
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return [
                Row(self._file, self._text, table, index, each, inherited)
                for index, each in enumerate(value)
            ]
        raise self._wrong_type(table, f"a table: [{table}] or [[{table}]]")

    def finish(self) -> None:
        """Raise ModelError for the first key that no reader asked for."""
        for key in self._content:
            if key not in self._asked:
                raise self.error(key, f"unknown key{_hint(key, self._asked)}")

    def error(self, key: str, problem: str) -> ModelError:
        """Return an error at a key of this table."""
        number = "" if self._index is None else f" number {self._index + 1}"
        table = f"{self._table}{number}, " if self._table else ""
        return ModelError(self._file, self._line(key), f"{table}key {key!r}: {problem}")

    def _get(self, key: str) -> object:
        self._asked.append(key)
        return self._content.get(key, self._inherited.get(key))

    def _check_word(self, key: str, value: str, known: Collection[str]) -> None:
        if value not in known:
            raise self.error(key, f"unknown word {value!r}{_hint(value, known)}")

    def _strings(self, key: str) -> list[str]:
        value = self._get(key)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        raise self._wrong_type(key, "a string or a list of strings")

    def _argument(self, key: str, value: object) -> Argument:
        match value:
            case bool():
                pass
            case int() if value >= 0:
                return Argument(value, None)
            case "self":
                return RECEIVER
            case str() if value.isidentifier():
                return Argument(None, value)
            case [int(position), str(keyword)] if position >= 0 and keyword.isidentifier():
                return Argument(position, keyword)
        raise self._wrong_type(key, 'a position, a keyword, or both as in [0, "url"]')

    def _wrong_type(self, key: str, wanted: str) -> ModelError:
        return self.error(key, f"must be {wanted}, not {self._content[key]!r}")

    def _line(self, key: str) -> int | None:
        """Find the 1-based line of a key. Only an error pays for it: TOML readers keep none."""
        table = self._table
        headers_left = (self._index or 0) + 1 if table else 0
        header_line = None
        for number, line in enumerate(self._text.splitlines(), 1):
            header = _HEADER.match(line)
            if header and header[1] == table:
                headers_left -= 1
                header_line = number if headers_left == 0 else header_line
            elif headers_left == 0 and key in (_defined_in(line), header and header[1]):
                return number
        return header_line


def _hint(word: str, known: Collection[str]) -> str:
    return suggestion(word, known) or f"; known are {', '.join(known)}"


def _defined_in(line: str) -> str | None:
    """Return the key that a line gives a value to."""
    definition = _DEFINITION.match(line)
    return definition and (definition[1] or definition[2])


_HEADER = re.compile(r"\s*\[\[?\s*(\w+)\s*\]\]?")
_DEFINITION = re.compile(r"""\s*(?:["'](.*?)["']|(\w+))\s*=""")
