"""Reading settings from a table: of a configuration file, or of an editor.

A mistake never becomes a setting. All mistakes of a table are told at once, each with a
suggestion where one is near.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from batten.project.settings import PathSettings, Settings, UnknownRuleError, codes_named
from batten.project.suggestion import suggestion
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = ("select", "ignore", "min-severity", "severity", "exclude", "per-path")
"""What a table may hold; `report/schema/configuration.schema.json` says the same."""

KEYS_OF_PATH = ("select", "ignore", "min-severity", "severity")
"""What may stand under a pattern of `per-path`."""


class ConfigurationError(Exception):
    """What is wrong with settings, and where they stand; each of `mistakes` is a sentence."""

    def __init__(self, where: str, mistakes: tuple[str, ...]) -> None:
        super().__init__("; ".join(f"{where}: {mistake}" for mistake in mistakes))
        self.where = where
        self.mistakes = mistakes


def settings_of(table: Mapping[str, Any], where: str) -> Settings:
    """Return the settings in a table; `where` is how people know it, for ConfigurationError."""
    mistakes: list[str] = []
    found = _settings(table, KEYS, "", mistakes)
    if mistakes:
        raise ConfigurationError(where, tuple(mistakes))
    return found


def _settings(
    table: Mapping[str, Any], keys: tuple[str, ...], within: str, mistakes: list[str]
) -> Settings:
    said: dict[str, Any] = {}
    for key, value in table.items():
        if key not in keys:
            mistakes.append(f"{within}there is no key {key!r}{suggestion(key, keys)}")
            continue
        try:
            name, read = _READERS[key]
            said[name] = read(value)
        except UnknownRuleError as error:
            near = suggestion(error.name, error.known)
            mistakes.append(f"{within}{key}: {error}{near}")
        except ValueError as error:
            mistakes.append(f"{within}{key}: {error}")
        except ConfigurationError as error:
            mistakes += [f"{within}{mistake}" for mistake in error.mistakes]
    return Settings(**said)


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"a list of strings is needed, not {value!r}")
    return tuple(value)


def _codes(value: Any) -> frozenset[str]:
    return codes_named(_strings(value))


def _selected(value: Any) -> frozenset[str]:
    codes = _codes(value)
    if not codes:
        raise ValueError("no rule is named, so nothing would be looked for")
    return codes


def _severity(value: Any) -> Severity:
    labels = [severity.label for severity in Severity]
    if value not in labels:
        near = suggestion(value, labels) if isinstance(value, str) else ""
        raise ValueError(f"{value!r} is none of {', '.join(labels)}{near}")
    return Severity[value.upper()]


def _severities(value: Any) -> Mapping[str, Severity]:
    if not isinstance(value, Mapping):
        raise ValueError(f"a table with a rule for each key is needed, not {value!r}")
    named = [(codes_named([name]), _severity(severity)) for name, severity in value.items()]
    # A rule by its own name stands over the start of its code.
    named.sort(key=lambda pair: len(pair[0]), reverse=True)
    return {code: severity for codes, severity in named for code in sorted(codes)}


def _patterns(value: Any) -> tuple[str, ...]:
    patterns = _strings(value)
    for pattern in patterns:
        _check_pattern(pattern)
    return patterns


def _check_pattern(pattern: str) -> None:
    from pathspec import GitIgnoreSpec  # 40 ms, and most tables have no pattern

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError as error:
        raise ValueError(f"{pattern!r} is no pattern: {error}") from error


def _per_path(value: Any) -> tuple[PathSettings, ...]:
    if not isinstance(value, Mapping):
        raise ValueError(f"a table with a pattern for each key is needed, not {value!r}")
    mistakes: list[str] = []
    found: list[PathSettings] = []
    for pattern, table in value.items():
        within = f"per-path.{pattern!r}: "
        if not isinstance(table, Mapping):
            mistakes.append(f"{within}a table is needed, not {table!r}")
            continue
        try:
            _check_pattern(pattern)
        except ValueError as error:
            mistakes.append(f"per-path: {error}")
            continue
        found.append(PathSettings(pattern, _settings(table, KEYS_OF_PATH, within, mistakes)))
    if mistakes:
        raise ConfigurationError("", tuple(mistakes))
    return tuple(found)


_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "select": ("select", _selected),
    "ignore": ("ignore", _codes),
    "min-severity": ("least", _severity),
    "severity": ("severity", _severities),
    "exclude": ("exclude", _patterns),
    "per-path": ("per_path", _per_path),
}
"""For each key the field of `Settings` that it fills, and how its value is read."""
