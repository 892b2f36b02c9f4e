"""The fixtures on disk, and programs of them.

A file below `fixtures/` is a program of one document; a folder below `fixtures/projects/` is a
program of all its files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carets import marks, read

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carets import Fixture, Mark

    from batten.models.model import Models

_FOLDER = Path(__file__).parent / "fixtures"
_PROJECTS = _FOLDER / "projects"


def _fixtures() -> dict[str, dict[str, Fixture]]:
    found: dict[str, dict[str, Fixture]] = {}
    for file in sorted(_FOLDER.rglob("*.py")):
        path = file.relative_to(_FOLDER).as_posix()
        fixture = read(path, file.read_bytes().decode("utf-8"))
        if _PROJECTS in file.parents:
            project = file.relative_to(_PROJECTS).parts[0]
            found.setdefault(f"projects/{project}", {})[f"/{path}"] = fixture
        else:
            found[path] = {f"/{path}": fixture}
    return found


FIXTURES = _fixtures()
"""For each program its documents by path."""


@cache
def models() -> Models:
    """Return the models that come with Batten."""
    return load()


def analysed(texts: Mapping[str, str] | Iterable[tuple[str, str]]) -> Program:
    """Return a program of the given documents, put in the given order."""
    program = Program(models())
    for path, text in dict(texts).items():
        program.put(path, SourceText(text))
    return program


def all_marks(program: Program, paths: Iterable[str]) -> dict[str, frozenset[Mark]]:
    """Return the findings of several documents of a program."""
    return {path: marks(program.findings(path), program.source(path)) for path in paths}


@cache
def today(name: str) -> Mapping[str, frozenset[Mark]]:
    """Return what is found in one of the fixtures, by path."""
    documents = FIXTURES[name]
    program = analysed((path, fixture.code) for path, fixture in documents.items())
    return all_marks(program, documents)
