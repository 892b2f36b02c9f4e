"""The names that rules go by on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.cli.usage import UsageError
from batten.project import settings
from batten.project.settings import UnknownRuleError
from batten.project.suggestion import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rules.rule import Rule


def rule_named(name: str) -> Rule:
    """Return the rule with a code, name or alias; UsageError, with a suggestion, for others."""
    from batten.rules import registry  # loads most of the engine

    rule = registry.rule_named(name)
    if rule is None:
        raise _unknown(UnknownRuleError(name))
    return rule


def codes_named(names: Iterable[str]) -> frozenset[str]:
    """Return the codes that names stand for; `BTN1` and `BTN10` stand for all that begin so."""
    try:
        return settings.codes_named(names)
    except UnknownRuleError as error:
        raise _unknown(error) from error


def _unknown(error: UnknownRuleError) -> UsageError:
    near = suggestion(error.name, error.known)
    return UsageError(f"{error}{near} (`batten rules` lists them)")
