"""What is reported, exactly: every fixture's findings are those that its carets draw."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carets import difference

from corpus import FIXTURES, all_marks, analysed, today

_ABOVE = '''\
# Something else stands here: “é”, 😀.

import collections


def _unrelated(rows):
    """Count rows by kind."""
    return collections.Counter(kind for kind, _ in rows)


'''

_NAMES = list(FIXTURES)
_PROJECTS = [name for name, documents in FIXTURES.items() if len(documents) > 1]


@pytest.mark.parametrize("name", _NAMES)
def test_findings_are_those_that_the_fixture_draws(name: str) -> None:
    wrong = difference(FIXTURES[name], today(name))

    assert not wrong, f"\n{wrong}"


@pytest.mark.parametrize("name", _NAMES)
def test_lines_inserted_above_move_findings_and_change_nothing_else(name: str) -> None:
    documents = FIXTURES[name]
    program = analysed((path, _ABOVE + fixture.code) for path, fixture in documents.items())

    down = _ABOVE.count("\n")
    assert all_marks(program, documents) == {
        path: frozenset(replace(mark, line=mark.line + down) for mark in found)
        for path, found in today(name).items()
    }


@pytest.mark.parametrize("name", _PROJECTS)
def test_the_order_of_documents_is_of_no_matter(name: str) -> None:
    documents = FIXTURES[name]
    for order in (sorted(documents, reverse=True), sorted(documents, key=lambda path: path[::-1])):
        program = analysed((path, documents[path].code) for path in order)

        assert all_marks(program, order) == today(name)


def test_the_order_of_many_unrelated_documents_is_of_no_matter() -> None:
    texts = {
        path: fixture.code for documents in FIXTURES.values() for path, fixture in documents.items()
    }
    forwards, backwards = analysed(texts.items()), analysed(reversed(texts.items()))

    assert all_marks(forwards, texts) == all_marks(backwards, texts)
