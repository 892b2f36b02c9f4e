"""What to do where no edit can be right: a person has to decide something first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.edit import Fix, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.flow import Flow
    from batten.syntax.text import SourceText


def advice(title: str) -> Fix:
    """Return a fix without edits."""
    return Fix(title, Level.ADVICE, (), preferred=False)


def allow_hosts(flow: Flow, _source: SourceText) -> Iterator[Fix]:
    """Advise to choose the host from those that are known."""
    name = f"`{flow.name}`" if flow.name else "the value"
    yield advice(f"Look {name} up in a fixed table, or check it with re.fullmatch()")


def allow_addresses(flow: Flow, _source: SourceText) -> Iterator[Fix]:
    """Advise to check the scheme and the host of a whole address."""
    name = f"`{flow.name}`" if flow.name else "the value"
    yield advice(f"Check the scheme and the host of {name} against those that are allowed")
