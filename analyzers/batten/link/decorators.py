"""What the decorators of a method make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.terms import Attribute, Imported, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.parts import Decorated


def is_static(function: Decorated) -> bool:
    """Tell whether a method takes no receiver."""
    return "staticmethod" in _decorator_names(function)


def is_class_method(function: Decorated) -> bool:
    """Tell whether a method takes its class as the receiver."""
    return "classmethod" in _decorator_names(function)


def is_property(function: Decorated) -> bool:
    """Tell whether reading the name calls the method."""
    return any(
        name in ("property", "cached_property", "reify") for name in _decorator_names(function)
    )


def is_context_manager(function: Decorated) -> bool:
    """Tell whether a generator is what `with` enters: its value is the one that it yields."""
    names = ("contextmanager", "asynccontextmanager")
    return any(name in names for name in _decorator_names(function))


def _decorator_names(function: Decorated) -> Iterator[str]:
    for decorator in function.decorators:
        if isinstance(decorator, Name):
            yield decorator.id
        elif isinstance(decorator, Attribute):
            yield decorator.name
        elif isinstance(decorator, Imported):
            yield decorator.target.rpartition(".")[2]
