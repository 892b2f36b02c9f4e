"""The units of real modules are the definitions that Python's own parser finds."""

from __future__ import annotations

import ast
import os
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from batten.syntax.decode import decode, encode
from batten.syntax.parse import errors, parse
from batten.syntax.units import units

if TYPE_CHECKING:
    from batten.syntax.text import SourceText
    from batten.syntax.units import Unit

LIBRARY = Path(os.__file__).parent
MODULES = sorted(path.name for path in LIBRARY.glob("*.py"))[::4][:40]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def definitions(tree: ast.AST) -> list[Definition]:
    """Return the classes and functions of a module, but none inside functions, in order."""
    found: list[Definition] = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, Definition):
            found.append(child)
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += definitions(child)
    return found


def last_line_of_code(source: SourceText, unit: Unit) -> int:
    """Return the number of the last line in `unit` that is more than a comment."""
    lines = [
        source.position(piece.document_start).line + 1 + number
        for piece in unit.pieces
        for number, line in enumerate(
            source.data[piece.document_start :][: piece.length].splitlines()
        )
        if line.strip() and not line.strip().startswith(b"#")
    ]
    return max(lines, default=0)


@pytest.mark.parametrize("name", MODULES)
def test_units_are_the_definitions_of_a_module(name: str) -> None:
    decoded = decode((LIBRARY / name).read_bytes())
    source = decoded.source
    expected = []
    for node in definitions(ast.parse(source.text)):
        first = min([node.lineno, *[decorator.lineno for decorator in node.decorator_list]])
        expected.append((node.name, first, node.end_lineno))
    found = units(source)
    numbers = {unit.qualified_name: number for number, unit in enumerate(found)}
    last_lines = [last_line_of_code(source, unit) for unit in found]
    for index in reversed(range(1, len(found))):
        owner = found[index].owner
        assert owner is not None
        last_lines[numbers[owner]] = max(last_lines[numbers[owner]], last_lines[index])
    assert [
        (normalize("NFKC", unit.name), source.position(unit.document_starts[0]).line + 1, last)
        for unit, last in zip(found[1:], last_lines[1:], strict=True)
    ] == expected


@pytest.mark.parametrize("name", MODULES)
def test_units_of_a_sound_module_parse_without_errors(name: str) -> None:
    source = decode((LIBRARY / name).read_bytes()).source
    if not errors(parse(source.data)):
        broken = [unit.qualified_name for unit in units(source) if errors(parse(unit.text))]
        assert broken == []


@pytest.mark.parametrize("name", MODULES)
def test_each_byte_of_a_module_is_in_one_unit(name: str) -> None:
    source = decode((LIBRARY / name).read_bytes()).source
    end = 0
    for place, length in sorted(
        (piece.document_start, piece.length) for unit in units(source) for piece in unit.pieces
    ):
        assert place == end
        end += length
    assert end == len(source.data)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_decoded_as_python_does_and_written_back(name: str) -> None:
    data = (LIBRARY / name).read_bytes()
    decoded = decode(data)
    with tokenize.open(LIBRARY / name) as file:
        assert decoded.source.text.replace("\r\n", "\n") == file.read()
    assert encode(decoded.source, decoded) == data
