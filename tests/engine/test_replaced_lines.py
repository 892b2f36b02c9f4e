"""A program with one line replaced, and with the line put back, is as one that is new.

Circles are where an answer might depend on what was asked first: of these fixtures, which are
full of circles and of more than bounds allow, each third line is replaced by one of a few.
"""

from __future__ import annotations

import pytest

from batten.analysis.program import Program
from batten.syntax.text import SourceText
from corpus import FIXTURES, models

_LINES = (
    "    def get(self, path):",
    "from urllib.parse import quote",
    "        self.stack = [self.stack[-1] + '/x', name]",
)


@pytest.mark.parametrize("name", sorted(name for name in FIXTURES if "robustness" in name))
def test_a_replaced_line_gives_what_a_fresh_start_gives(name: str) -> None:
    ((path, fixture),) = FIXTURES[name].items()
    program = Program(models())
    program.put(path, SourceText(fixture.code))
    program.findings(path)
    lines = fixture.code.split("\n")
    for number in range(0, len(lines), 3):
        new = _LINES[number // 3 % len(_LINES)]
        text = SourceText("\n".join([*lines[:number], new, *lines[number + 1 :]]))
        anew = Program(models())
        anew.put(path, text)
        program.put(path, text)

        assert program.findings(path) == anew.findings(path), number
        program.put(path, SourceText(fixture.code))
        program.findings(path)
