"""What a name in a document means at a place: an import, a builtin, or something else.

Only what can be proven from the document is an answer; everything else is a refusal.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.rewrite.occurrences import USUAL_WORDS, with_a_say
from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import Condition, How, ScopeKind, read_scopes
from batten.rewrite.synonyms import canonical, loads
from batten.rewrite.tree import excerpt, syntax
from batten.syntax.units import DividedText, divided

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from batten.rewrite.scopes import Binding, Scope, Scopes
    from batten.rewrite.tree import Syntax
    from batten.syntax.text import SourceText
    from batten.syntax.units import Division


@lru_cache(maxsize=2)
def bindings(source: SourceText) -> Bindings | Refusal:
    """Return which names a document binds to what; refuse as `syntax` does."""
    tree = syntax(source)
    return tree if isinstance(tree, Refusal) else Bindings(tree, read_scopes(tree))


def bindings_at(source: SourceText, at: int, words: Collection[str] = ()) -> Bindings | Refusal:
    """Return what names mean in the function, class or module body around a byte offset.

    That is all that an edit there needs, and large documents take far longer to read as a whole.
    Of other functions and classes it has those that may bind one of the `words`, as a new import
    may; the usual ones are looked for anyway. Refuses when the module's body or what
    is around the place is broken.
    """
    division = division_of(source)
    around = division.name(division.index_at(at))
    return _excerpted(source, frozenset([around]), USUAL_WORDS.union(words))


def excerpts(
    before: Division, after: Division, units: Collection[str]
) -> tuple[Syntax | Refusal, Syntax | Refusal]:
    """Return the same excerpt of a document before and after edits in some of its units.

    The first is what `bindings_at` reads in one of these units. Both refuse as it does.
    """
    kept = frozenset(units) - {""}
    source = DividedText(before)
    besides = _besides(before, USUAL_WORDS)
    return _excerpt(source, kept, USUAL_WORDS), excerpt(after, kept, besides)


@lru_cache(maxsize=4)
def _excerpted(
    source: SourceText, kept: frozenset[str], words: frozenset[str]
) -> Bindings | Refusal:
    tree = _excerpt(source, kept, words)
    return tree if isinstance(tree, Refusal) else Bindings(tree, read_scopes(tree))


@lru_cache(maxsize=2)
def _excerpt(source: SourceText, kept: frozenset[str], words: frozenset[str]) -> Syntax | Refusal:
    division = division_of(source)
    return excerpt(division, kept, _besides(division, words))


@lru_cache(maxsize=2)
def _besides(division: Division, words: frozenset[str]) -> tuple[str, ...]:
    """Return the names of the units that may bind some words, or tell of Python 2."""
    return tuple(map(division.name, sorted(with_a_say(division, words))))


def division_of(source: SourceText) -> Division:
    """Return the units of a document."""
    return source.division if isinstance(source, DividedText) else _divided(source)


@lru_cache(maxsize=2)
def _divided(source: SourceText) -> Division:
    """Divide a document, of which several questions follow."""
    return divided(source)


@dataclass(frozen=True, slots=True, eq=False)
class Bindings:
    """The names of a document. Places are byte offsets, line numbers in reasons are from 1."""

    syntax: Syntax
    scopes: Scopes

    def lookup(self, name: str, at: int) -> tuple[Scope, tuple[Binding, ...]]:
        """Return the scope in which Python finds `name` at a place, and what binds it there.

        A name that the document does not bind is the module's, with no bindings.
        """
        for scope in self._visible(at):
            if name in scope.globals:
                break
            found = scope.bindings.get(name)
            if found:
                return scope, found
        return self.scopes.module, self.scopes.module.bindings.get(name, ())

    def resolve(self, dotted: str, at: int) -> str | Refusal:
        """Return the qualified name of what `dotted` certainly is at a place.

        The result is canonical (`urllib.parse.quote` for `six.moves.urllib.parse.quote`);
        builtins are `builtins.str`. Refuses names that are bound to something else, under a
        condition, only later, or perhaps by a star import.
        """
        head, _, rest = dotted.partition(".")
        scope, found = self.lookup(head, at)
        if not found:
            return self._unbound(dotted, head, at)
        targets: set[str] = set()
        for binding in found:
            if binding.target is None:
                return Refusal(self.described(binding))
            targets.add(canonical(f"{binding.target}.{rest}" if rest else binding.target))
        if len(targets) > 1:
            return Refusal(f"`{head}` is imported from more than one place")
        unsure = self._unsure(head, scope, found, at)
        if unsure is not None:
            return unsure
        if rest and not _reached(found, rest, at):
            return Refusal(f"`{dotted.rpartition('.')[0]}` is not imported as a whole")
        return targets.pop()

    def described(self, binding: Binding) -> str:
        """Return what binds a name, for a reason: "`quote` is a parameter on line 3"."""
        line = self.syntax.line(binding.span.start)
        if binding.how is How.IMPORT:
            return f"`{binding.name}` is `{binding.target}` (imported on line {line})"
        return f"`{binding.name}` is {binding.how.value} on line {line}"

    def rebinding_star(self, after: int) -> Refusal | None:
        """Return a reason when a star import at or behind a place may bind any name anew."""
        for star in self.scopes.stars:
            if star.span.start >= after:
                line = self.syntax.line(star.span.start)
                return Refusal(f"the star import on line {line} may bind the name anew")
        return None

    def _visible(self, at: int) -> Iterator[Scope]:
        """Yield the scopes in which a name at a place is looked up, innermost first."""
        scopes = self.scopes.all
        innermost = max(i for i, scope in enumerate(scopes) if i == 0 or scope.covers(at))
        scope: Scope | None = scopes[innermost]
        while scope is not None:
            if scope.kind is not ScopeKind.CLASS or scope is scopes[innermost]:
                yield scope
            scope = None if scope.parent is None else scopes[scope.parent]

    def _unbound(self, dotted: str, head: str, at: int) -> str | Refusal:
        if hasattr(builtins, head):
            return f"builtins.{dotted}"
        if not self.scopes.stars:
            return Refusal(f"`{head}` is not imported")
        last = self.scopes.stars[-1]
        line = self.syntax.line(last.span.start)
        if last.span.end <= at and last.condition is Condition.NONE:
            meant = canonical(f"{last.module}.{dotted}")
            if meant in _EXPORTED:
                return meant
        return Refusal(f"`{head}` may come from the star import on line {line}")

    def _unsure(
        self, head: str, scope: Scope, found: tuple[Binding, ...], at: int
    ) -> Refusal | None:
        since = scope.surely.get(head)
        line = self.syntax.line(found[0].span.start)
        if since is None:
            if all(binding.condition is Condition.TYPE_CHECKING for binding in found):
                return Refusal(f"`{head}` is imported for type checkers only, on line {line}")
            return Refusal(f"`{head}` is imported only under a condition, on line {line}")
        if since > at:
            return Refusal(f"`{head}` is imported only later, on line {line}")
        return self.rebinding_star(since) if scope is self.scopes.module else None


def _reached(found: tuple[Binding, ...], rest: str, at: int) -> bool:
    """Tell whether imports give all modules on the way to an attribute of what they bind."""
    reaching = [binding for binding in found if _reaches(binding, rest)]
    return len(reaching) == len(found) or any(
        binding.condition is Condition.NONE and binding.span.end <= at for binding in reaching
    )


def _reaches(binding: Binding, rest: str) -> bool:
    assert binding.target is not None
    assert binding.module is not None
    owner = f"{binding.target}.{rest}".rpartition(".")[0]
    return owner == binding.target or loads(binding.module, owner)


# What modules export with a star, as far as edits call it.
_EXPORTED = frozenset({"urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urlencode"})
