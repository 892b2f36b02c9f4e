"""Which texts are put together for people to read, and are no pieces of URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.terms import Const, Format, Joined, Template

if TYPE_CHECKING:
    from batten.values.terms import Value

# No URL has them; words and `<...>` around values do.
_OF_SENTENCES = frozenset(" \t\n<>")


def is_for_people(text: Value) -> bool:
    """Tell whether the literal parts of a text say that it is read, and not sent."""
    match text:
        case Template(parts):
            literals = [part for part in parts if isinstance(part, str)]
        case Format(_, Const(str(template))):
            literals = [template]
        case Joined(Const(str(separator))):
            literals = [separator]
        case _:
            return False
    return not all(_OF_SENTENCES.isdisjoint(literal) for literal in literals)
