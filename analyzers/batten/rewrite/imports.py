"""What to write to call a function at a place, and the import that it takes.

An import that is there is used, under the name that it has. If none can be used, one is added
under a name that is free, the same one for the whole document if that can be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.import_block import NewImport, import_edit
from batten.rewrite.names import Bindings, bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import Condition, How, ScopeKind
from batten.rewrite.synonyms import canonical, synonyms
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.rewrite.edit import Edit
    from batten.rewrite.scopes import Binding
    from batten.syntax.text import SourceText


@immutable
class Callee:
    """`text` calls the function; `imports` are the edits that it takes to be bound, if any."""

    text: str
    imports: tuple[Edit, ...]


def callee(source: SourceText, at: int, name: str) -> Callee | Refusal:
    """Return how to call the function with the qualified `name` at byte offset `at`.

    `name` is canonical: `urllib.parse.quote`. Refuses where no name for it is free, in broken
    text, and in a document whose module body is broken.
    """
    names = bindings_at(source, at, _words(name))
    if isinstance(names, Refusal):
        return names
    broken = names.syntax.broken(at)
    if broken is not None:
        return broken
    for text in _spellings(names, name, at):
        if names.resolve(text, at) == name:
            return Callee(text, ())
    return _imported(names, name, at)


def _words(name: str) -> set[str]:
    """Return all names that an import for a function may bind, see `_ways`."""
    homes = [each for each in synonyms(name) if each == name or each.startswith(_SIX)]
    return {each.partition(".")[0] for each in homes} | set(name.split("."))


def _spellings(names: Bindings, name: str, at: int) -> list[str]:
    """Return all ways to write `name` with what the document imports, the best first."""
    found: set[str] = set()
    for binding in _imports(names, at):
        assert binding.target is not None
        if canonical(binding.target) == name:
            found.add(binding.name)
        for other in synonyms(name):
            if other.startswith(f"{binding.target}."):
                found.add(binding.name + other.removeprefix(binding.target))
    function = name.rpartition(".")[2]
    if names.scopes.stars:
        found.add(function)
    return sorted(
        found, key=lambda text: (text.count("."), text.rpartition(".")[2] != function, text)
    )


def _imports(names: Bindings, at: int) -> Iterator[Binding]:
    for scope in names.scopes.all:
        if scope is names.scopes.module or scope.covers(at):
            for bound in scope.bindings.values():
                yield from (binding for binding in bound if binding.how is How.IMPORT)


@immutable
class _Way:
    """An import, the name that it binds, what that is, and how to call the function then."""

    new: NewImport
    bound: str
    target: str
    text: str


def _imported(names: Bindings, name: str, at: int) -> Callee | Refusal:
    old = _python_2_only(names)
    if old is not None:
        return old
    ways = _ways(names, name)
    refusals: list[Refusal] = []
    clear = [way for way in ways if _is_clear(names, way)]
    for way in [*clear, *(way for way in ways if way not in clear)]:
        refusal = _taken(names, way, at)
        if refusal is None:
            last_star = max((star.span.end for star in names.scopes.stars), default=0)
            edit = import_edit(names.syntax, way.new, behind=last_star)
            if edit is None:
                refusal = names.rebinding_star(0)
            elif edit.span.start > at:
                refusal = Refusal("it would be used above its import")
            else:
                return Callee(way.text, (edit,))
        if refusal is not None:
            refusals.append(refusal)
    reasons = dict.fromkeys(refusal.reason for refusal in refusals)
    return Refusal(f"no import of `{name}` can be added: {'; '.join(reasons)}")


def _ways(names: Bindings, name: str) -> tuple[_Way, ...]:
    """Return the ways to import a function, the usual one first."""
    module, _, function = name.rpartition(".")
    home = _home(names, name)
    package, _, last = home.rpartition(".")
    root = home.partition(".")[0]
    loaded = home if home == module else root
    ways = [
        _Way(NewImport(home, function), function, name, function),
        _Way(NewImport(loaded, None), root, root, f"{home}.{function}"),
    ]
    if package:
        ways.append(_Way(NewImport(package, last), last, module, f"{last}.{function}"))
    return tuple(ways)


def _home(names: Bindings, name: str) -> str:
    """Return the module to import from: that of `six` where a document gets others from there."""
    module = name.rpartition(".")[0]
    bound = [binding for found in names.scopes.module.bindings.values() for binding in found]
    if any((binding.module or "").startswith("six.moves") for binding in bound):
        for other in synonyms(name):
            if other.startswith(_SIX):
                return other.rpartition(".")[0]
    return module


def _is_clear(names: Bindings, way: _Way) -> bool:
    """Tell whether no function of the document uses the name for something else."""
    return all(
        _is_meant(binding, way)
        for scope in names.scopes.all
        if scope.kind is not ScopeKind.CLASS
        for binding in scope.bindings.get(way.bound, ())
    )


def _taken(names: Bindings, way: _Way, at: int) -> Refusal | None:
    """Return why a name can't be given to an import for use at a place."""
    scope, found = names.lookup(way.bound, at)
    if scope is not names.scopes.module:
        return Refusal(names.described(found[0]))
    for binding in names.scopes.module.bindings.get(way.bound, ()):
        if not _is_meant(binding, way):
            return Refusal(names.described(binding))
    if not found and names.scopes.stars and way.bound in names.scopes.mentioned:
        return Refusal(f"`{way.bound}` may come from a star import")
    return None


def _is_meant(binding: Binding, way: _Way) -> bool:
    return binding.target is not None and canonical(binding.target) == way.target


def _python_2_only(names: Bindings) -> Refusal | None:
    for found in names.scopes.module.bindings.values():
        for binding in found:
            top = (binding.module or "").partition(".")[0]
            if top in _PYTHON_2 and binding.condition is Condition.NONE:
                line = names.syntax.line(binding.span.start)
                return Refusal(f"the code is for Python 2: it imports `{top}` on line {line}")
    for match in _PRINT.finditer(names.syntax.data):
        node = names.syntax.root.descendant_for_byte_range(match.start(1), match.end(1))
        if node is not None and node.parent is not None and node.parent.type == "print_statement":
            line = names.syntax.line(match.start(1))
            return Refusal(f"the code is for Python 2: it has a print statement on line {line}")
    return None


_SIX = "six.moves."
# Begins with what stands there, which is found fast; the tree tells what it is.
_PRINT = re.compile(rb"(print)[ \t]+[^=(\s]")
# Modules of the standard library that Python 3 does not have, under names that nobody reuses.
_PYTHON_2 = frozenset(
    {
        "__builtin__",
        "ConfigParser",
        "HTMLParser",
        "cPickle",
        "cStringIO",
        "cookielib",
        "httplib",
        "urllib2",
        "urlparse",
        "xmlrpclib",
    }
)
