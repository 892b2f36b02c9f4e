"""Different names of one function, as far as an edit may call any of them.

A synonym takes the same arguments and returns the same text; it may come from another library
or from Python 2.
"""

from __future__ import annotations

QUOTE = "urllib.parse.quote"
URLENCODE = "urllib.parse.urlencode"


def canonical(name: str) -> str:
    """Return the qualified name of the standard library's function that `name` is, or `name`."""
    whole = _FUNCTIONS.get(name) or _PYTHON_2.get(name)
    if whole is not None:
        return whole
    for module, meant in _MODULES.items():
        if name == module or name.startswith(f"{module}."):
            return meant + name[len(module) :]
    return name


def synonyms(name: str) -> tuple[str, ...]:
    """Return all qualified names of what `name` is canonical for, `name` first.

    Names of Python 2 are not among them: they don't resolve today.
    """
    module, _, function = name.rpartition(".")
    modules = (other for other, meant in _MODULES.items() if meant == module)
    functions = (other for other, meant in _FUNCTIONS.items() if meant == name)
    return (name, *(f"{other}.{function}" for other in modules), *functions)


def loads(loaded: str, module: str) -> bool:
    """Tell whether importing `loaded` is enough to reach `module` through it."""
    return (
        loaded == module
        or loaded.startswith(f"{module}.")
        or any(
            (loaded == package or loaded.startswith(f"{package}."))
            and (module == inner or module.startswith(f"{inner}."))
            for package, inner in _REACHED
        )
    )


_MODULES = {
    "six.moves.urllib.parse": "urllib.parse",
    "future.moves.urllib.parse": "urllib.parse",
    "future.backports.urllib.parse": "urllib.parse",
}

_FUNCTIONS = {
    "requests.compat.quote": "urllib.parse.quote",
    "requests.utils.quote": "urllib.parse.quote",
    "django.utils.http.urlquote": "urllib.parse.quote",
    "requests.compat.quote_plus": "urllib.parse.quote_plus",
    "django.utils.http.urlquote_plus": "urllib.parse.quote_plus",
    "requests.compat.urlencode": "urllib.parse.urlencode",
}

# What `except ImportError` falls back to. A document that imports them by name may call them.
_PYTHON_2 = {
    "urllib.quote": "urllib.parse.quote",
    "urllib.quote_plus": "urllib.parse.quote_plus",
    "urllib.urlencode": "urllib.parse.urlencode",
}

# Packages that import these modules themselves, by their own documentation or as a stated part
# of their interface. `import urllib` is not one of them.
_REACHED = (
    ("six", "six.moves"),
    ("os", "os.path"),
)
