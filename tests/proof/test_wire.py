"""What is really sent: code before and after each fix that is offered, run against a server.

Harmless values are sent in the same bytes, hostile ones stay in their place: as many segments in
the path, the same names in the query, and the server reads the very value. Whole segments of
dots are left out: no escaping keeps clients from resolving them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

import pytest
from forms import FORMS, PLACES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorder import Recorder

from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import Level, apply
from batten.syntax.text import SourceText
from clients import CLIENTS, Objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATH = "/proof.py"


@dataclass(frozen=True)
class Case:
    """One way to put a value into a URL and to send it, before and after each fix."""

    before: str
    after: tuple[tuple[str, Level, str], ...]


@cache
def fixed(form: str, client: str, place: str) -> Case:
    """Return a module with a hole, and what Batten makes of it."""
    how, sender = FORMS[form], CLIENTS[client]
    before, after = PLACES[place]
    url, first = (text.format(before=before, after=after) for text in (how.url, how.first))
    constants = first if first.startswith("TEMPLATE") else ""
    steps = f"    {first}\n" if first and not constants else ""
    awaits = "async " if sender.is_async else ""
    annotation = ": str" if how.text else ""
    code = (
        f"import {sender.module}\n\n{constants}\n\n"
        f"{awaits}def send(client: {sender.type}, base, x{annotation}):\n"
        f"{steps}    {sender.call.format(url=url)}\n"
    )
    program = Program(_models())
    program.put(_PATH, SourceText(code))
    fixes = {fix for finding in program.findings(_PATH) for fix in program.fixes(finding)}
    source = program.source(_PATH)
    made = ((fix.title, fix.level, apply(source, fix.edits).text) for fix in fixes if fix.edits)
    return Case(code, tuple(sorted(made, key=lambda each: each[0])))


@cache
def _models():
    return load()


@cache
def _sender(code: str) -> Callable[..., object]:
    names: dict[str, object] = {}
    exec(compile(code, _PATH, "exec"), names)
    return names["send"]


@dataclass(frozen=True)
class Wire:
    """A server, and clients that talk to it."""

    recorder: Recorder
    objects: Objects

    def target(self, client: str, code: str, value: object) -> str:
        """Return what a client asks for when code sends a value."""
        base = f"http://127.0.0.1:{self.recorder.port}" if CLIENTS[client].base else ""
        send = _sender(code)
        sent = self.recorder.sent_by(lambda: self.objects.run(client, send, base, value))
        return sent.decode("ascii")


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    recorder = Recorder()
    objects = Objects(recorder.port)
    yield Wire(recorder, objects)
    objects.close()
    recorder.close()


COMBINATIONS = st.tuples(
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(sorted(CLIENTS)),
    st.sampled_from(sorted(PLACES)),
)
HARMLESS = st.text("abcXYZ019-._~", min_size=3, max_size=9).filter(lambda text: text.strip("."))
NUMBERS = st.one_of(st.integers(), st.booleans(), st.uuids(), st.none())
HOSTILE = st.text("ab/?#&=%+;:@,\\'\" \n\r\té😀.", min_size=3, max_size=9).filter(
    lambda text: text.strip(".")
)
KNOWN_ATTACKS = ["../admin?x=1", "a&y=2", "a#b", "%2e%2e%2f", "a+b", "a\r\nHost: evil", "a;b"]


def proves(test):
    """Run a test on a few dozen combinations, the same ones each time."""
    quick = settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return quick(test)


@proves
@given(combination=COMBINATIONS, values=st.lists(HARMLESS, min_size=1, max_size=2), other=NUMBERS)
def test_harmless_values_are_sent_in_the_same_bytes(wire, combination, values, other):
    form, client, _ = combination
    case = fixed(*combination)
    for value in [*values, *([] if FORMS[form].text or form == "padded" else [other])]:
        sent = wire.target(client, case.before, value)
        for title, level, code in case.after:
            if level is Level.SAFE:
                assert wire.target(client, code, value) == sent, (title, code)
            elif isinstance(value, (str, uuid.UUID)):
                assert unquote(wire.target(client, code, value)) == sent, (title, code)


@proves
@given(combination=COMBINATIONS, values=st.lists(HOSTILE, min_size=1, max_size=3))
def test_hostile_values_stay_in_their_place(wire, combination, values):
    _, client, _ = combination
    case = fixed(*combination)
    expected = wire.target(client, case.before, "harmless")
    for value in [*values, *KNOWN_ATTACKS]:
        for title, _, code in case.after:
            target = wire.target(client, code, value)
            read, asked = _read(target), _read(expected.replace("harmless", "\0"))
            if title.endswith("keeping `/`"):
                assert read[1] == asked[1], (title, value, target)
            else:
                assert read == _filled(asked, value), (title, value, target)


def _read(target: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the segments and the parameters that a server reads."""
    path, _, query = target.partition("?")
    return [unquote(part) for part in path.split("/")], parse_qsl(query, keep_blank_values=True)


def _filled(read, value: str):
    path, query = read
    return (
        [part.replace("\0", value) for part in path],
        [(name.replace("\0", value), given.replace("\0", value)) for name, given in query],
    )


def test_every_form_is_fixed_wherever_the_value_stands():
    for form in FORMS:
        for place in PLACES:
            case = fixed(form, "requests", place)
            assert case.after, case.before


def test_a_query_is_handed_over_where_the_client_takes_parameters():
    titles = {
        client: any(
            title.startswith("Pass `")
            for title, _, _ in fixed("percent", client, "last value").after
        )
        for client in CLIENTS
    }
    assert titles == {
        "requests": True,
        "httpx": True,
        "aiohttp": True,
        "urllib3": True,
        "urllib.request": False,
        "http.client": False,
        "keystoneauth1": True,
    }
