"""The names that rules go by on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.cli.usage import UsageError, suggestion
from batten.rules import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rules.rule import Rule


def rule_named(name: str) -> Rule:
    """Return the rule with a code, name or alias; UsageError, with a suggestion, for others."""
    rule = registry.rule_named(name)
    if rule is not None:
        return rule
    known = [each for rule in registry.rules() for each in (rule.code, rule.name, *rule.aliases)]
    raise UsageError(
        f"there is no rule {name!r}{suggestion(name, known)} (`batten rules` lists them)"
    )


def codes_named(names: Iterable[str]) -> frozenset[str]:
    """Return the codes that names stand for; `BTN1` and `BTN10` stand for all that begin so."""
    codes: set[str] = set()
    for name in names:
        block = {rule.code for rule in registry.rules() if _is_block(name, rule)}
        codes |= block or {rule_named(name).code}
    return frozenset(codes)


def _is_block(name: str, rule: Rule) -> bool:
    return name.upper().startswith("BTN") and rule.code.startswith(name.upper())
