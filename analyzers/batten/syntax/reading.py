"""The tokens of a text, read from the start of a statement on, and the brackets they open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.syntax.tokens import TOKEN

if TYPE_CHECKING:
    from batten.syntax.strings import Strings


class Reading:
    """How far a text was read: `offset` is a border of tokens, `kind` what the last one was.

    `open_brackets` are the places of those without a partner so far, `surplus` tells whether
    there were closing ones without a partner.
    """

    __slots__ = ("_data", "_strings", "kind", "offset", "open_brackets", "surplus")

    def __init__(self, data: bytes, strings: Strings, start: int) -> None:
        self._data = data
        self._strings = strings
        self.offset = start
        self.kind: str | None = None
        self.open_brackets: list[int] = []
        self.surplus = False

    def step(self) -> bool:
        """Read one token; False at the end of the text."""
        start = self.offset
        token = TOKEN.match(self._data, start)
        if token is None:
            return False
        self.offset = token.end()
        self.kind = token.lastgroup
        if self.kind == "open":
            self.open_brackets.append(start)
        elif self.kind == "close":
            if self.open_brackets:
                self.open_brackets.pop()
            else:
                self.surplus = True
        elif self.kind == "triple":
            self.offset = self._strings.end_around(start) or self.offset
        return True

    def read_to(self, offset: int) -> None:
        """Read on until `offset`, or behind it when it is inside a token."""
        while self.offset < offset and self.step():
            pass
