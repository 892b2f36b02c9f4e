"""What the methods of text that change it make of a value: `x.upper()`, `x.replace("/", "_")`."""

from __future__ import annotations

Alteration = tuple[str, ...]
"""The name of a method and its arguments."""

_METHODS = frozenset(
    """
    lower upper title capitalize casefold strip lstrip rstrip replace removeprefix removesuffix
    """.split()
)

_FEWEST_ARGUMENTS = {"replace": 2, "removeprefix": 1, "removesuffix": 1}
_MOST_ARGUMENTS = {**_FEWEST_ARGUMENTS, "strip": 1, "lstrip": 1, "rstrip": 1}


def is_alteration(step: Alteration) -> bool:
    """Tell whether a method with such arguments can be followed."""
    name, *arguments = step
    fewest, most = _FEWEST_ARGUMENTS.get(name, 0), _MOST_ARGUMENTS.get(name, 0)
    return name in _METHODS and fewest <= len(arguments) <= most


def altered(text: str, steps: tuple[Alteration, ...]) -> str:
    """Return what is left of a text after some alterations, the first first."""
    for name, *arguments in steps:
        text = getattr(text, name)(*arguments)
    return text
