"""What every output format renders."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.project.problem import Problem
    from batten.project.verdict import Suppressed
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding, Severity
    from batten.syntax.text import SourceText, Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of a run, sorted by path and place, and how to look up what they speak of.

    `root` is the folder that paths are shown relative to, absolute and POSIX-style. `rules` gives
    the rules as SARIF describes them. `fixes` may take long: formats that show no fixes never call
    it. None tells that nobody looked for fixes. `suppressed` are shown by the formats that can say
    so.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: int
    root: str
    rules: Callable[[], list[dict[str, Any]]]
    source: Callable[[str], SourceText]
    fixes: Callable[[Finding], tuple[Fix, ...] | None]
    suppressed: tuple[Suppressed, ...] = ()

    def counts(self) -> Counter[Severity]:
        """Return how many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)


def place(finding: Finding) -> tuple[str, Span, str]:
    """Return what findings are sorted by."""
    return (finding.path, finding.span, finding.code)


@lru_cache(maxsize=4096)  # each step of each trace asks
def shown(path: str, root: str) -> str:
    """Return a path as people know it: relative to `root` when that leads up less than to `/`."""
    if not Path(path).is_absolute():
        return path  # a name such as `<stdin>`
    try:
        relative = os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive
        return path
    up = len(root.rstrip("/").split("/")) - 1
    return path if up and relative.startswith("../" * up) else relative
