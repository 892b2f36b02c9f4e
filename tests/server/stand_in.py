"""A language server whose analysis is a word search: run as a script, it serves an editor.

It lets the tests of the server say exactly what the engine answers, and misbehave on demand:

- each call `send(...)` is one that sends its argument;
- each word `bad_...` is a finding, with a preferred fix and an unsafe alternative;
- a text with the word `raise_now` makes the analysis raise, `sleep_now` makes it slow, and
  `print_now` makes it print, as does a child process that it starts;
- while a document holds the word `allow_all`, no other has findings.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, cast

from batten.analysis.judgement import Judged
from batten.link.border import Border
from batten.link.keys import UnitKey
from batten.link.sink_calls import SinkCall
from batten.models.model import SinkKind
from batten.rewrite.edit import Edit, Fix, Level
from batten.rules.finding import Finding, Severity, Step, Witness
from batten.syntax.text import Span
from batten.syntax.units import divided

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from batten.link.found import Found
    from batten.syntax.text import SourceText
    from batten.syntax.units import Division

SLOW = 60.0
"""Seconds that `sleep_now` takes: longer than any test would wait for it."""


class StandIn:
    """As much of a `Program` as the server uses; `log` tells what it was asked.

    Between the two events of `held`, the first of which it sets, it is looking for findings.
    Then it may be stopped; `looked_at` are the texts for which it was not.
    """

    def __init__(self) -> None:
        self.log: list[str] = []
        self.looked_at: list[str] = []
        self.border = Border()
        self.delay = 0.0
        self.held: tuple[threading.Event, threading.Event] | None = None
        self._sources: dict[str, SourceText] = {}

    def put(self, path: str, source: SourceText) -> None:
        self.log.append(f"put {path} {source.text!r}")
        self._sources[path] = source
        if "raise_now" in source.text:
            raise RuntimeError("a rule that fails")
        if "print_now" in source.text:
            print("printed by a rule")
            subprocess.run([sys.executable, "-c", "print('printed by a child')"], check=True)
        seconds = SLOW if "sleep_now" in source.text else self.delay
        if seconds:
            self.border.before_long()
            time.sleep(seconds)

    @contextlib.contextmanager
    def put_aside(self, path: str, source: SourceText) -> Iterator[None]:
        before = self._sources[path]
        try:
            self.put(path, source)
            yield
        finally:
            self._sources[path] = before

    def remove(self, path: str) -> None:
        self.log.append(f"remove {path}")
        self._sources.pop(path, None)

    def source(self, path: str) -> SourceText:
        return self._sources[path]

    def findings(self, path: str) -> tuple[Finding, ...]:
        source = self._sources[path]
        if self.held is not None:
            self.border.before_long()
            begun, may_end = self.held
            begun.set()
            may_end.wait()
        self.border()
        self.looked_at.append(source.text)
        others = [other.text for name, other in self._sources.items() if name != path]
        if any("allow_all" in text for text in others):
            return ()
        return tuple(
            _finding(path, Span(*match.span()), match[1].decode())
            for match in re.finditer(rb"bad_([\w\x80-\xff]+)", source.data)
        )

    def judged(self, path: str) -> tuple[Judged, ...]:
        found, division = self.findings(path), divided(self._sources[path])
        return tuple(Judged(each, cast("Found", _Found(each, division))) for each in found)

    def sinks(self, path: str) -> tuple[SinkCall, ...]:
        text = self._sources[path].data
        return tuple(_sink(match) for match in re.finditer(rb"(send)\(([^)]*)\)", text))

    def fixes_to_make(self, findings: tuple[Finding, ...], levels: set[Level]) -> tuple[Fix, ...]:
        fixes = (fix for finding in findings for fix in self.fixes(finding))
        return tuple(fix for fix in fixes if fix.preferred and fix.level in levels)

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        self.log.append(f"fixes {finding.fingerprint}")
        is_risky = finding.fingerprint == "word:risky"
        return (
            Fix("Give it up", Level.UNSAFE, (Edit(finding.span, "None"),), preferred=is_risky),
            Fix(
                "Make it good",
                Level.SAFE,
                (Edit(Span(finding.span.start, finding.span.start + 3), "good"),),
                preferred=not is_risky,
            ),
            Fix("Think again", Level.ADVICE, (), preferred=False),
        )


class _Found:
    """As much of what was found as the server uses."""

    unit = ""

    def __init__(self, finding: Finding, division: Division) -> None:
        self.path = finding.path
        self._finding = finding
        self._division = division

    def span(self) -> Span:
        return self._finding.span

    def places(self) -> tuple[Span, ...]:
        return (self._finding.span, *[step.span for step in self._finding.trace])

    def around(self) -> list[UnitKey]:
        return [UnitKey(self.path, self.unit)]

    def division(self, _path: str) -> Division:
        return self._division


def _sink(match: re.Match[bytes]) -> SinkCall:
    return SinkCall(
        span=Span(*match.span()),
        callee=Span(*match.span(1)),
        argument=Span(*match.span(2)),
        keyword="url",
        start="start",
        kind=SinkKind.REQUEST,
        client="sender",
        method="GET",
    )


def _finding(path: str, span: Span, word: str) -> Finding:
    return Finding(
        code="BTN101",
        name="bad-word",
        severity={"note": Severity.NOTE, "error": Severity.ERROR}.get(word, Severity.WARNING),
        message=f"the word {word}",
        path=path,
        span=span,
        context="word",
        witness=Witness("../`x`", "GET /../`x`", "GET /..%2F%60x%60"),
        trace=(Step(path, Span(0, 1), "comes from here"), Step(path, span, "goes in here")),
        fingerprint=f"word:{word}",
    )


if __name__ == "__main__":
    from batten_server import command
    from batten_server.server import BattenServer

    sys.exit(command.main(sys.argv[1:], make_server=lambda: BattenServer(StandIn)))
