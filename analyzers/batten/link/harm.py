"""Of which holes a rule may have something to say.

Most holes of a program that calls an API are parameters which the client escapes. To find out how
each gets to its sink, and to tell the rules, would be most of the work of a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.secret_parameters import secret_parameter
from batten.grammars.url import Context, Place
from batten.link.flow import LeafKind
from batten.models.model import Control

if TYPE_CHECKING:
    from batten.link.flow import Leaf
    from batten.link.noted import NotedHole

# What is put together elsewhere is judged there.
_NO_HARM = frozenset({LeafKind.CONSTANT, LeafKind.HARMLESS, LeafKind.COMPOSED, LeafKind.PIECE})
# Where somebody else escapes the value.
_ESCAPED = frozenset({Context.PARAMETER, Context.ESCAPED})


def may_do_harm(noted: NotedHole, place: Place, context: Context) -> bool:
    """Tell whether a rule may have something to say of a hole."""
    if noted.hole.reread:
        return True
    if context is Context.USERINFO:
        return True  # a constant may still be a password
    if all(leaf.kind in _NO_HARM for leaf in noted.leaves):
        return False
    if context not in _ESCAPED:
        return True
    return any(map(_outlasts_escaping, noted.leaves)) or (
        place is Place.PARAMETER and bool(secret_parameter(noted.text.before))
    )


def _outlasts_escaping(leaf: Leaf) -> bool:
    """Tell whether escaping does not make a value harmless: it is escaped already, or not asked."""
    return leaf.kind is LeafKind.ESCAPED or leaf.control is Control.REMOTE
