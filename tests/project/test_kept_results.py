from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batten.project.contents import read_all
from batten.project.discovery import discover
from batten.project.examination import Examination
from batten.project.kept_results import from_bytes, to_bytes
from batten.project.problem import Kind, Lines, Problem
from batten.project.results import Results, unweighed
from batten.project.run import Run
from batten.report.formats import Format, render
from batten.report.outcome import Outcome
from batten.report.sarif_rules import known
from batten.report.style import COLOURED
from batten.rewrite.edit import Edit, Fix, Level
from batten.rules.finding import Severity, Step, Witness
from batten.syntax.text import Span

FIXTURES = Path(__file__).parents[1] / "engine" / "fixtures"
KEY = "5" * 64


@cache
def real() -> tuple[tuple[str, ...], Run]:
    """Everything that is found in the fixtures of the engine."""
    paths = discover([str(FIXTURES)]).files
    run = Run(paths, read_all(paths).read, lambda *_: None)
    run.examined()
    return paths, run


def read_back(data: bytes, key: str = KEY) -> Results | None:
    paths, run = real()
    return from_bytes(data, key, paths, run.source)


def rendered(results: Results) -> list[str]:
    outcome = Outcome(
        findings=results.examined.findings,
        problems=results.examined.problems,
        files=len(results.examined.files),
        root=FIXTURES.as_posix(),
        rules=known,
        source=real()[1].source,
        fixes=lambda finding: results.fixes.get(unweighed(finding)),
    )
    return [render(form, outcome, COLOURED) for form in Format]


texts = st.text(st.characters(), max_size=20)


@st.composite
def places(draw: st.DrawFn, path: str) -> Span:
    data = real()[1].source(path).data
    borders = st.integers(0, len(data)).filter(
        lambda at: at == len(data) or data[at] & 0b1100_0000 != 0b1000_0000
    )
    return Span(*sorted((draw(borders), draw(borders))))


@st.composite
def fixes(draw: st.DrawFn, path: str) -> Fix:
    edits = st.builds(Edit, places(path), texts)
    return Fix(
        draw(texts),
        draw(st.sampled_from(Level)),
        tuple(draw(st.lists(edits, max_size=1))),
        draw(st.booleans()),
    )


@st.composite
def some_results(draw: st.DrawFn) -> Results:
    """Real findings, with other words and places in some of them."""
    paths, run = real()
    files = run.examined().files
    found = draw(st.lists(st.sampled_from(run.examined().findings), max_size=5, unique=True))
    steps = st.sampled_from(files).flatmap(
        lambda path: st.builds(Step, st.just(path), places(path), texts)
    )
    witnesses = st.none() | st.builds(Witness, texts, texts, st.none() | texts)
    findings = []
    offered = {}
    for finding in found:
        if draw(st.booleans()):
            finding = replace(
                finding,
                severity=draw(st.sampled_from(Severity)),
                message=draw(texts),
                span=draw(places(finding.path)),
                witness=draw(witnesses),
                trace=(*finding.trace, *draw(st.lists(steps, max_size=2))),
            )
        findings.append(finding)
        if draw(st.booleans()):
            offered[unweighed(finding)] = tuple(draw(st.lists(fixes(finding.path), max_size=2)))
    lines = st.lists(st.builds(Lines, st.integers(1, 99), st.integers(1, 99)), max_size=2)
    kinds = st.sampled_from([kind for kind in Kind if kind is not Kind.INTERNAL])
    problems = st.builds(Problem, st.sampled_from(paths), kinds, texts, lines.map(tuple))
    judged = draw(st.sets(st.sampled_from(files), max_size=3)).union(each.path for each in findings)
    return Results(
        Examination(
            tuple(sorted(judged)), tuple(findings), tuple(draw(st.lists(problems, max_size=2)))
        ),
        frozenset(draw(st.sets(st.sampled_from(files), max_size=3))),
        offered,
    )


def test_all_that_is_found_in_the_fixtures_comes_back_as_it_was() -> None:
    paths, run = real()
    results = run.news()
    assert results is not None
    assert len(results.examined.findings) > 300
    assert results.examined.problems
    back = read_back(to_bytes(results, KEY, paths))
    assert back == results
    assert rendered(back) == rendered(results)


# What is written does not depend on the rest of the run, so a part of it is enough.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_results())
def test_results_come_back_as_they_were(results: Results) -> None:
    back = read_back(to_bytes(results, KEY, real()[0]))
    assert back == results
    assert rendered(back) == rendered(results)


def signed(body: bytes) -> bytes:
    """Return what somebody would write who wants to be believed."""
    digest = blake2b(body, digest_size=32).hexdigest().encode()
    return b"\n".join((b"batten results 1", digest, body))


def body_of(results: Results) -> bytes:
    return to_bytes(results, KEY, real()[0]).split(b"\n", 2)[2]


def sample() -> bytes:
    paths, run = real()
    found = run.examined().findings[:3]
    fix = Fix("title", Level.SAFE, (Edit(Span(0, 0), "import os\n"),), preferred=True)
    results = Results(
        Examination(paths, found, run.examined().problems[:1]),
        frozenset(paths[:1]),
        {unweighed(found[0]): (fix,)},
    )
    return to_bytes(results, KEY, paths)


def test_the_form_is_signed_as_the_tests_do() -> None:
    data = sample()
    assert signed(data.split(b"\n", 2)[2]) == data
    assert read_back(data) is not None


def test_another_run_is_not_taken_for_this_one() -> None:
    assert read_back(sample(), key="6" * 64) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_no_results(data: bytes) -> None:
    assert read_back(data) is None
    assert read_back(signed(data)) is None


@given(st.data())
def test_what_is_cut_off_or_changed_is_no_result(data: st.DataObject) -> None:
    whole = sample()
    at = data.draw(st.integers(0, len(whole) - 1))
    assert read_back(whole[:at]) is None
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    assert read_back(whole[:at] + bytes([other]) + whole[at + 1 :]) is None


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**6) | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_forged_is_no_result_or_one_that_can_be_shown(data: st.DataObject) -> None:
    body = json.loads(sample().split(b"\n", 2)[2])
    holder: dict | list = body
    while True:
        key = data.draw(
            st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        )
        inner = holder[key]  # type: ignore[index]
        if not isinstance(inner, list) or not inner or data.draw(st.integers(0, 5)) == 0:
            break
        holder = inner
    holder[key] = data.draw(values)  # type: ignore[index]
    results = read_back(signed(json.dumps(body).encode()))
    if results is not None:
        rendered(results)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'{"key": ' + b"9" * 5_000 + b"}", id="too long a number"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="nothing"),
        pytest.param(b"{}", id="no fields"),
        pytest.param(b"\xff\xfe[\x00]\x00", id="another encoding"),
    ],
)
def test_json_of_another_form_is_no_result(body: bytes) -> None:
    assert read_back(signed(body)) is None


def changed(field: str, *way: int, to: object) -> bytes:
    body = json.loads(sample().split(b"\n", 2)[2])
    inner = body[field]
    for index in way[:-1]:
        inner = inner[index]
    inner[way[-1]] = to
    return signed(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("field", "way", "to"),
    [
        pytest.param("findings", (0, 0), "BTN999", id="no such rule"),
        pytest.param("findings", (0, 1), 4, id="no such severity"),
        pytest.param("findings", (0, 1), True, id="true is no number"),
        pytest.param("findings", (0, 3), 10_000, id="no such file"),
        pytest.param("findings", (0, 3), -1, id="counted from the end"),
        pytest.param("findings", (0, 5), 10**9, id="behind the end of the file"),
        pytest.param("findings", (0, 4), 10**6, id="ends before it begins"),
        pytest.param("findings", (0, 6), "\x1b[2J", id="what moves the cursor"),
        pytest.param("findings", (0, 8), [10_000], id="no such step"),
        pytest.param("problems", (0, 1), "internal", id="a failure of ours"),
        pytest.param("fixes", (0, 0, 1), "sound", id="no such level"),
        pytest.param("fixes", (0, 0, 3), 1, id="one is not true"),
        pytest.param("commented", (0,), "0", id="text is no number"),
    ],
)
def test_one_wrong_value_is_enough(field: str, way: tuple[int, ...], to: object) -> None:
    assert read_back(changed(field, *way, to=to)) is None


def test_a_failed_run_is_not_kept() -> None:
    paths, _run = real()
    failed = Problem(paths[0], Kind.INTERNAL, "Batten failed on this file")
    results = Results(Examination(paths, (), (failed,)), frozenset())
    assert not results.are_sound
    assert read_back(to_bytes(results, KEY, paths)) is None


def test_the_text_of_files_is_not_in_it() -> None:
    results = real()[1].news()
    assert results is not None
    written = body_of(results).decode()
    for path in results.examined.files:
        lines = real()[1].source(path).text.splitlines()
        comments = [line.strip() for line in lines if line.strip().startswith("# ")]
        assert not any(comment in written for comment in comments if len(comment) > 20)
