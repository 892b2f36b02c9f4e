"""All rules, found by looking: a module below `batten.rules` with a `RULE` is a rule."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

import batten.rules
from batten.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, sorted by code."""
    return tuple(sorted(_found(), key=lambda rule: rule.code))


def rule_named(text: str) -> Rule | None:
    """Return the rule with this code, name or alias, in any case; None when there is none."""
    wanted = text.strip().lower()
    for rule in rules():
        if wanted in (rule.code.lower(), rule.name, *(alias.lower() for alias in rule.aliases)):
            return rule
    return None


def _found() -> Iterator[Rule]:
    for module in pkgutil.walk_packages(batten.rules.__path__, "batten.rules."):
        rule = getattr(importlib.import_module(module.name), "RULE", None)
        if isinstance(rule, Rule):
            yield rule
