"""The fix of a rule, declared: ways to change what was found, each in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.edit import Fix, Level
from batten.rewrite.refusal import Refusal
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.link.flow import Flow
    from batten.rewrite.declared import Change
    from batten.syntax.text import SourceText


@immutable
class Way:
    """One way to cure a finding.

    `{value}` in the title stands for the name of what was found. `preferred` is False where a
    person has to know something that the program does not tell.
    """

    title: str
    level: Level
    change: Change
    preferred: bool = True


def fixing(*ways: Way, advice: str = "") -> Callable[[Flow, SourceText], Iterator[Fix | Refusal]]:
    """Return the `fix` of a rule that makes one of these changes, the best first.

    Where none can be made, it gives the advice, if there is one.
    """

    def fix(flow: Flow, source: SourceText) -> Iterator[Fix | Refusal]:
        name = f"`{flow.name}`" if flow.name else "the value"
        made: list[Fix] = []
        for way in ways:
            edits = way.change(source, flow.span)
            if isinstance(edits, Refusal):
                yield edits
            elif edits:
                preferred = way.preferred and not any(fix.preferred for fix in made)
                made.append(Fix(way.title.format(value=name), way.level, edits, preferred))
        yield from made
        if advice and not made:
            yield Fix(advice.format(value=name), Level.ADVICE, (), preferred=False)

    return fix
