"""Fixes that maintainers took for real mistakes, held against what Batten does with the same.

Each twin is fixed by `batten fix --unsafe-fixes`, and the mistake, the accepted fix and Batten's
are sent to a server on this machine: harmless values give the same bytes with all three, hostile
ones are read as the same path and parameters with both fixes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

import pytest
from paths import PATHS
from queries import QUERIES
from recorder import Recorder
from twin import HARMLESS, HOSTILE, Relation

from batten.analysis.fix_all import fix_all
from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import Level, apply
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin import Twin

TWINS = [*PATHS, *QUERIES]
PATH = "/twin.py"
ESCAPING = ("BTN101", "BTN102", "BTN103", "BTN107")
MODELS = load()

each_twin = pytest.mark.parametrize(
    "twin", [pytest.param(twin, id=f"{twin.origin}: {twin.title}") for twin in TWINS]
)


@pytest.fixture(scope="module")
def server() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.close()


def test_there_are_enough_and_each_is_another():
    assert len(TWINS) >= 25
    assert len({twin.before for twin in TWINS}) == len(TWINS)


@each_twin
def test_the_accepted_fix_has_no_finding(twin: Twin) -> None:
    assert findings(put(twin.accepted)) == []


@each_twin
def test_the_mistake_is_found_and_fixed(twin: Twin) -> None:
    program = put(twin.before)
    assert findings(program)
    offered = [
        apply(program.source(PATH), fix.edits).text
        for finding in findings(program)
        for fix in program.fixes(finding)
    ]

    fixed = batten_fixes(twin)

    assert findings(put(fixed)) == []
    assert (fixed == twin.accepted) is (twin.relation is Relation.SAME)
    if twin.relation is Relation.OFFERED:
        assert twin.accepted in offered
    assert (twin.relation is Relation.SAME and not twin.apart) or twin.why


@each_twin
def test_all_send_the_same_for_harmless_values(twin: Twin, server: Recorder) -> None:
    fixed = batten_fixes(twin)
    for value in HARMLESS:
        before, accepted, ours = (
            send(code, twin.call, value, server) for code in (twin.before, twin.accepted, fixed)
        )
        assert before == accepted == ours


@each_twin
def test_both_fixes_are_read_alike_for_hostile_values(twin: Twin, server: Recorder) -> None:
    fixed = batten_fixes(twin)
    for value in HOSTILE:
        accepted, ours = (
            read(send(code, twin.call, value, server)) for code in (twin.accepted, fixed)
        )
        assert (accepted == ours) is (value not in twin.apart), value


def put(code: str) -> Program:
    program = Program(MODELS)
    program.put(PATH, SourceText(code))
    return program


def findings(program: Program) -> list:
    return [each for each in program.findings(PATH) if each.code in ESCAPING]


def batten_fixes(twin: Twin) -> str:
    program = put(twin.before)

    def propose(source):
        program.put(PATH, source)
        return program.fixes_to_make(findings(program), set(Level))

    return fix_all(program.source(PATH), propose).source.text


def send(code: str, call: str, value: str, server: Recorder) -> bytes:
    names = {"__name__": "twin"}
    address = f"http://127.0.0.1:{server.port}"
    exec(code.replace("{base}", address), names)

    def action() -> None:
        result = eval(call.replace("{base}", address), {**names, "value": value})
        if asyncio.iscoroutine(result):
            asyncio.run(result)

    return server.sent_by(action)


def read(target: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the segments of the path and the parameters, as a server reads them."""
    path, _, query = target.decode("ascii").partition("?")
    return [unquote(part) for part in path.split("/")], parse_qsl(query, keep_blank_values=True)
