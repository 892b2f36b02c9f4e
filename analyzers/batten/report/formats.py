"""The output formats by name."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.report.outcome import Outcome
    from batten.report.style import Style


class Format(Enum):
    """How `batten scan` writes what it found; the value is the name on the command line."""

    TEXT = "text"
    FULL = "full"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


TERMINAL_FORMATS = frozenset({Format.TEXT, Format.FULL})
"""Those that are written for people, and may be coloured."""

FORMATS_WITH_FIXES = frozenset({Format.FULL, Format.JSON, Format.SARIF})


def render(form: Format, outcome: Outcome, style: Style) -> str:
    """Return the whole output; only the formats for people use `style`.

    Only what writes this format is loaded: libraries may take longer to load than a scan.
    """
    match form:
        case Format.TEXT:
            from batten.report import text

            return text.render(outcome, style)
        case Format.FULL:
            from batten.report import full

            return full.render(outcome, style)
        case Format.JSON:
            from batten.report import json

            return json.render(outcome)
        case Format.SARIF:
            from batten.report import sarif

            return sarif.render(outcome)
        case Format.GITHUB:
            from batten.report import github

            return github.render(outcome)
        case Format.GITLAB:
            from batten.report import gitlab

            return gitlab.render(outcome)
        case Format.JUNIT:
            from batten.report import junit

            return junit.render(outcome)
