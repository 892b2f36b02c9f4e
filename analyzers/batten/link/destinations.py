"""Under which names a program finds the options and arguments of its command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.keys import call_key, function_key
from batten.link.tables import last_name
from batten.values.terms import Const

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.link.keys import CallKey
    from batten.link.told import IndexedUnit
    from batten.summarize.summary import Call

_DECLARING = frozenset({"add_argument", "add_option"})


def destination(names: Iterable[str]) -> str:
    """Return the parameter that an option with these names fills."""
    names = list(names)
    plain = [name for name in names if not name.startswith("-")]
    chosen = plain[0] if plain else max(names, key=_dashes, default="")
    return chosen.split("/")[0].lstrip("-").replace("-", "_").lower() if chosen else ""


def destinations(unit: IndexedUnit) -> dict[str, list[CallKey]]:
    """Tell the calls that declare options for `parse_args()` by the attributes they are kept in."""
    found: dict[str, list[CallKey]] = {}
    for number, function in enumerate(unit.shape.functions):
        for place, call in enumerate(function.calls):
            if last_name(call.function) in _DECLARING:
                names = _names(call)
                if names:
                    key = call_key((function_key((*unit.key, number)), place))
                    found.setdefault(destination(names), []).append(key)
    return found


def _names(call: Call) -> list[str]:
    wanted = dict(call.arguments.named).get("dest")
    names = call.arguments.positional if wanted is None else (wanted,)
    return [str(each.value.value) for each in names if isinstance(each.value, Const)]


def _dashes(name: str) -> int:
    return len(name) - len(name.lstrip("-"))
