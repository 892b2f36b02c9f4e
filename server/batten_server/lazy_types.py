"""Loading the types of the protocol without making all of them.

`lsprotocol.types` has more than five hundred classes, and attrs writes and compiles five methods
for each when it is imported. That is half of what this server would take to start and a quarter of
what it would occupy, and a session uses some forty of them. So while the module is loaded, attrs
only takes note of each class, and does its work when somebody first asks for the class's fields or
for an instance.

It is attrs itself that makes the class then, as it would have, but for `__slots__`, which need
another class. Where the module is loaded already, nothing is done.
"""

from __future__ import annotations

import importlib
import sys
import threading
from functools import partial
from typing import Any

import attrs

_MODULE = "lsprotocol.types"


def load() -> None:
    """Load the types; call it before anything that imports them."""
    if _MODULE in sys.modules:
        return
    library: Any = attrs
    define, library.define = library.define, _noted
    try:
        importlib.import_module(_MODULE)
    finally:
        library.define = define
    # lsprotocol would look up the names in all annotations; here each class does so for itself.
    hooks: Any = importlib.import_module("lsprotocol._hooks")
    hooks._resolved_forward_references = True


_making = threading.RLock()


class _Made(type):
    """The type of a class that attrs has made: nothing stands in the way of its instances."""


class _Noted(_Made):
    """The type of a class that attrs has not seen yet; `_options` are what it is to be told."""

    def __call__(cls, *values: Any, **named: Any) -> Any:
        for each in cls.__mro__:
            if "_options" in each.__dict__:
                _make(each)
        return type.__call__(cls, *values, **named)  # by now it may be of another type

    def __getattr__(cls, name: str) -> Any:
        if name == "__attrs_attrs__" and "_options" in cls.__dict__ and _make(cls):
            return getattr(cls, name)
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


def _noted(cls: type | None = None, **options: Any) -> Any:
    if cls is None:
        return partial(_noted, **options)
    own = {name: cls.__dict__[name] for name in cls.__dict__.keys() - {"__dict__", "__weakref__"}}
    return _Noted(cls.__name__, cls.__bases__, {**own, "_options": options})


def _make(cls: Any) -> bool:
    """Let attrs make a class; False when it is at it and is asking for what there is not yet."""
    with _making:
        options = cls.__dict__.get("_options")
        if options is None:
            return True  # another thread has made it
        if "_is_begun" in cls.__dict__:
            return False
        cls._is_begun = True
        attrs.define(cls, slots=False, **options)
        # A copy: Python puts its builtins into the table.
        attrs.resolve_types(cls, dict(sys.modules[_MODULE].ALL_TYPES_MAP), {})
        del cls._options
        cls.__class__ = _Made
        return True
