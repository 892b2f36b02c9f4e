"""Texts that name a server (`"%s://%s/api" % (scheme, host)`) and are read inside of a path.

They are cut, or one of the pieces that are joined in an order that nobody knows. Which server it
is does not go into the path.
"""

from __future__ import annotations

from batten.grammars.url import Place
from batten.values.terms import Hole

Parts = tuple[str | Hole, ...]

_IN_PATH = frozenset({Place.SLASH, Place.BASE_SLASH, Place.SEGMENT_START, Place.SEGMENT})


def names_server_in_path(parts: Parts, place: Place) -> bool:
    """Tell whether a text in a path begins with a scheme that is not known, and a host."""
    second = parts[1] if len(parts) > 1 and isinstance(parts[0], Hole) else ""
    return place in _IN_PATH and isinstance(second, str) and second.startswith("://")


def behind_server(parts: Parts) -> Parts:
    """Return the path of such a text, and what is behind; nothing if it has none."""
    for index, part in enumerate(parts[1:], start=1):
        path = part[len("://") if index == 1 else 0 :] if isinstance(part, str) else ""
        if "/" in path:
            return (path[path.index("/") :], *parts[index + 1 :])
    return ()
