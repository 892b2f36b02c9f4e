"""A text that is in a tree twice is read once."""

from __future__ import annotations

import weakref

from batten.summarize.unit import Summarizer, summarize
from batten.syntax.units import UnitKind

_GET = b"def get(self, name):\n    return self.client.get('/items/' + name)\n"
_PUT = b"def put(self, name):\n    return self.client.put('/items/' + name)\n"


def test_a_text_that_was_met_is_not_read_again() -> None:
    summarizer = Summarizer()
    found = [summarizer.summarize(UnitKind.FUNCTION, text) for text in (_GET, _PUT, _GET, _PUT)]
    assert found[2] is found[0]
    assert found[3] is found[1]
    assert found[0] == summarize(UnitKind.FUNCTION, _GET)


def test_a_text_is_another_as_another_unit() -> None:
    summarizer = Summarizer()
    summarizer.summarize(UnitKind.FUNCTION, _GET)
    summarizer.summarize(UnitKind.FUNCTION, _PUT)
    assert summarizer.summarize(UnitKind.MODULE, _GET) == summarize(UnitKind.MODULE, _GET)


def test_of_what_is_typed_nothing_is_remembered() -> None:
    summarizer = Summarizer()
    found = [
        summarizer.summarize(UnitKind.FUNCTION, text, before)
        for text, before in ((_GET, _PUT), (_PUT, _GET), (_GET, _PUT))
    ]
    assert found[2] is not found[0]
    assert found[2] == found[0]


def test_a_text_that_is_gone_is_forgotten() -> None:
    summarizer = Summarizer()
    known = weakref.ref(summarizer.summarize(UnitKind.FUNCTION, _GET))
    summarizer.summarize(UnitKind.FUNCTION, _PUT)
    assert known() is None
