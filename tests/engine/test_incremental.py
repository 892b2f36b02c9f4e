"""An updated program is the same as a fresh one, and a summary depends on its text alone."""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batten.analysis.program import Program
from batten.link import links
from batten.link.reads import Entry
from batten.summarize.unit import summarize
from batten.syntax.text import SourceText
from batten.syntax.units import units
from corpus import FIXTURES, models

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.rules.finding import Finding

    Edit = Callable[[list[str]], list[str]]

_SMALL = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
_PROJECTS = [name for name, documents in FIXTURES.items() if len(documents) > 1]
_FILES = [name for name, documents in FIXTURES.items() if len(documents) == 1]
_STATEMENTS = (
    "import requests",
    "from urllib.parse import quote",
    "from clients import *",
    "name = quote(name, safe='')",
    "BASE = 'https://api.example'",
    "session = requests.Session()",
    "fetch = session.get",
    "'Gets :param str name: a thing'",
    "url = BASE + '/x/' + name",
    "    return requests.get('https://api.example/x/%s' % name)",
    "    self.get('/x/%s' % name)",
    "    name = int(name)",
    "    if not name:",
    "def get(self, path):",
    "def fetch(name): return requests.get(BASE + name)",
    "class Client(Base):",
    "    path = '/shelves'",
    '"""',
    "(",
    "    pass",
    "",
)


_KEYS = ("", "x", "_of", " ", "(", ")", "  # about it", "'", "%s", "{name}", "/", "é")


def _replaced(line: int, statement: str) -> Edit:
    return lambda lines: [*lines[:line], statement, *lines[line + 1 :]]


def _inserted(line: int, statement: str) -> Edit:
    return lambda lines: [*lines[:line], statement, *lines[line:]]


def _deleted(line: int, count: int) -> Edit:
    return lambda lines: [*lines[:line], *lines[line + count :]]


def _typed(line: int, where: float, gone: int, text: str) -> Edit:
    """Type a text inside a line, in the place of some letters."""

    def edit(lines: list[str]) -> list[str]:
        before = lines[line] if line < len(lines) else ""
        at = int(where * len(before))
        return [*lines[:line], before[:at] + text + before[at + gone :], *lines[line + 1 :]]

    return edit


def _swapped(line: int, count: int) -> Edit:
    """Move some lines below those that follow them."""
    return lambda lines: [
        *lines[:line],
        *lines[line + count : line + 2 * count],
        *lines[line : line + count],
        *lines[line + 2 * count :],
    ]


_LINES = st.integers(0, 120)
_EDITS = st.one_of(
    st.builds(_replaced, _LINES, st.sampled_from(_STATEMENTS)),
    st.builds(_inserted, _LINES, st.sampled_from(_STATEMENTS)),
    st.builds(_deleted, _LINES, st.integers(1, 4)),
    st.builds(_swapped, _LINES, st.integers(1, 8)),
    st.builds(_typed, _LINES, st.floats(0, 1), st.integers(0, 2), st.sampled_from(_KEYS)),
)


def _texts(name: str) -> dict[str, str]:
    return {path: fixture.code for path, fixture in FIXTURES[name].items()}


def _program(texts: Mapping[str, str]) -> Program:
    program = Program(models())
    for path, text in texts.items():
        program.put(path, SourceText(text))
    return program


def _findings(program: Program, paths: Mapping[str, str]) -> dict[str, tuple[Finding, ...]]:
    return {path: program.findings(path) for path in paths}


def _units(lines: list[str]) -> list[range]:
    """Return the lines of each function, and of each class with all that is in it."""
    source = SourceText("\n".join(lines))
    ends: dict[str | None, int] = {}
    found = units(source)
    for unit in reversed(found):
        own = max((piece.document_start + piece.length for piece in unit.pieces), default=0)
        end = ends[unit.qualified_name] = max(own, ends.get(unit.qualified_name, 0))
        ends[unit.owner] = max(end, ends.get(unit.owner, 0))
    starts = [(unit.document_starts[0], ends[unit.qualified_name]) for unit in found[1:]]
    return [
        range(source.position(start).line, source.position(end).line + 1) for start, end in starts
    ]


def _unit_changed(change: str, which: float, where: float) -> Edit:
    """Do something to a function or class as a whole; `where` is the unit that it goes to."""

    def edit(lines: list[str]) -> list[str]:
        spans = _units(lines)
        if not spans:
            return lines
        own, other = (spans[int(at * (len(spans) - 1))] for at in (which, where))
        unit = lines[own.start : own.stop]
        before, after = lines[: own.start], lines[own.stop :]
        if change == "remove":
            return [*before, *after]
        if change == "copy":
            return [*lines[: other.start], *unit, *lines[other.start :]]
        if change == "turn":
            header = {"def": "class", "class": "def"}
            turned = re.sub(r"\b(def|class)\b", lambda word: header[word[0]], unit[0], count=1)
            return [*before, turned, *unit[1:], *after]
        if change == "rename":
            name = (re.findall(r"(?:def|class) (\w+)", lines[other.start]) or ["get"])[0]
            return [
                *before,
                re.sub(r"((?:def|class) )\w+", rf"\1{name}", unit[0]),
                *unit[1:],
                *after,
            ]
        assert change == "move"
        rest = [*before, *after]
        at = other.start if other.start <= own.start else max(other.start - len(own), own.start)
        return [*rest[:at], *unit, *rest[at:]]

    return edit


_ANYWHERE = st.floats(0, 1)
_UNIT_EDITS = st.builds(
    _unit_changed,
    st.sampled_from(["remove", "copy", "turn", "rename", "move"]),
    _ANYWHERE,
    _ANYWHERE,
)


@settings(_SMALL, max_examples=60)
@given(
    name=st.sampled_from(sorted(FIXTURES)),
    edits=st.lists(st.tuples(_ANYWHERE, st.one_of(_UNIT_EDITS, _EDITS)), min_size=1, max_size=5),
)
def test_units_that_come_go_and_move_are_judged_as_if_they_were_new(
    name: str, edits: list[tuple[float, Edit]]
) -> None:
    texts = _texts(name)
    program = _program(texts)
    found = _findings(program, texts)
    with mock.patch.object(links, "Tracer", None):  # nothing is linked anew
        for which, edit in edits:
            path = sorted(texts)[int(which * (len(texts) - 1))]
            texts[path] = "\n".join(edit(texts[path].split("\n")))
            program.put(path, SourceText(texts[path]))
            found = _findings(program, texts)

    assert found == _findings(_program(texts), texts)


@_SMALL
@given(
    name=st.sampled_from(_FILES),
    edits=st.lists(st.tuples(_EDITS, st.booleans()), min_size=1, max_size=5),
)
def test_an_edited_file_is_judged_as_if_it_were_new(
    name: str, edits: list[tuple[Edit, bool]]
) -> None:
    texts = _texts(name)
    (path,) = texts
    program = _program(texts)
    for edit, asked in edits:
        texts[path] = "\n".join(edit(texts[path].split("\n")))
        program.put(path, SourceText(texts[path]))
        if asked:
            program.findings(path)

    assert _findings(program, texts) == _findings(_program(texts), texts)


@_SMALL
@given(data=st.data(), name=st.sampled_from(_PROJECTS))
def test_an_edited_project_is_judged_as_if_it_were_new(data: st.DataObject, name: str) -> None:
    texts = _texts(name)
    program = _program(texts)
    steps = st.lists(st.tuples(st.sampled_from(sorted(texts)), _EDITS), min_size=1, max_size=4)
    for path, edit in data.draw(steps):
        texts[path] = "\n".join(edit(texts[path].split("\n")))
        program.put(path, SourceText(texts[path]))
        program.findings(path)

    assert _findings(program, texts) == _findings(_program(texts), texts)


@pytest.mark.parametrize("name", _PROJECTS)
def test_a_file_that_is_gone_is_forgotten(name: str) -> None:
    texts = _texts(name)
    for path in texts:
        program = _program(texts)
        _findings(program, texts)
        program.remove(path)
        rest = {other: text for other, text in texts.items() if other != path}

        assert _findings(program, rest) == _findings(_program(rest), rest)


@pytest.mark.parametrize("name", _PROJECTS)
def test_files_that_come_and_go_one_by_one_do_not_link_everything_again(name: str) -> None:
    texts = _texts(name)
    program = _program({})
    here: dict[str, str] = {}
    for path, text in texts.items():
        here[path] = text
        program.put(path, SourceText(text))
        with mock.patch.object(links, "Tracer", links.Tracer if len(here) == 1 else None):
            found = _findings(program, here)
        assert found == _findings(_program(here), here)
    for path in texts:
        del here[path]
        program.remove(path)
        with mock.patch.object(links, "Tracer", None):
            found = _findings(program, here)
        assert found == _findings(_program(here), here)


@pytest.mark.parametrize("name", _PROJECTS)
def test_a_file_that_comes_back_as_it_was_changes_nothing(name: str) -> None:
    texts = _texts(name)
    program = _program(texts)
    before = _findings(program, texts)
    for path, text in texts.items():
        program.put(path, SourceText(""))
        _findings(program, texts)
        program.put(path, SourceText(text))

    assert _findings(program, texts) == before


@pytest.mark.parametrize("name", _FILES)
def test_the_shape_of_a_function_is_the_same_wherever_it_stands(name: str) -> None:
    (text,) = _texts(name).values()
    above = "# é\n\n\nclass Other:\n    def method(self):\n        return 1\n\n\n"
    shapes = [summarize(unit.kind, unit.text).shape for unit in units(SourceText(text))]
    moved = [summarize(unit.kind, unit.text).shape for unit in units(SourceText(above + text))]

    assert [shape for shape in shapes[1:] if shape not in moved] == []
    assert len(moved) == len(shapes) + 2


@_SMALL
@given(data=st.data(), name=st.sampled_from(_FILES))
def test_a_cut_off_text_is_judged_without_complaint(data: st.DataObject, name: str) -> None:
    (text,) = _texts(name).values()
    program = _program({"/cut.py": text})
    for cut in data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=4)):
        program.put("/cut.py", SourceText(text[:cut]))
        program.findings("/cut.py")
        program.unread("/cut.py")

    program.put("/cut.py", SourceText(text))
    assert _findings(program, {"/cut.py": ""}) == _findings(
        _program({"/cut.py": text}), {"/cut.py": ""}
    )


LIBRARY = Path(os.__file__).parent
_MODULES = sorted(
    name
    for name in ("ftplib", "http/client", "http/cookiejar", "nntplib", "urllib/robotparser")
    for name in (f"{name}.py",)
    if (LIBRARY / name).exists()
)
_WORD = re.compile(r"[A-Za-z_]\w+")


def _renamed(at: float, name: str) -> Edit:
    """Put another name in the place of the first word of a line somewhere in a text."""

    def edit(lines: list[str]) -> list[str]:
        number = int(at * (len(lines) - 1))
        return [*lines[:number], _WORD.sub(name, lines[number], count=1), *lines[number + 1 :]]

    return edit


def _put_in(at: float, statement: str) -> Edit:
    """Insert a line that is indented as the line below it."""

    def edit(lines: list[str]) -> list[str]:
        number = int(at * (len(lines) - 1))
        below = lines[number]
        indent = below[: len(below) - len(below.lstrip())]
        return [*lines[:number], indent + statement.lstrip(), *lines[number:]]

    return edit


_EDITS_IN_MODULES = st.one_of(
    st.builds(_renamed, _ANYWHERE, st.sampled_from(["name", "self", "url", "requests", "get"])),
    st.builds(_put_in, _ANYWHERE, st.sampled_from(_STATEMENTS)),
    st.builds(_put_in, _ANYWHERE, st.sampled_from(_STATEMENTS)),
)


@settings(_SMALL, max_examples=12)
@given(
    name=st.sampled_from(_MODULES),
    edits=st.lists(st.tuples(_EDITS_IN_MODULES, st.booleans()), min_size=2, max_size=6),
)
def test_an_edited_module_of_the_library_is_judged_as_if_it_were_new(
    name: str, edits: list[tuple[Edit, bool]]
) -> None:
    texts = {"/m.py": "import requests\n" + (LIBRARY / name).read_text(encoding="utf-8")}
    program = _program(texts)
    _findings(program, texts)
    for edit, asked in edits:
        texts["/m.py"] = "\n".join(edit(texts["/m.py"].split("\n")))
        program.put("/m.py", SourceText(texts["/m.py"]))
        if asked:
            assert _findings(program, texts) == _findings(_program(texts), texts)

    assert _findings(program, texts) == _findings(_program(texts), texts)


_WRAPPED = """\
import requests

class Api:
    def get(self, path):
        return requests.get("https://api.example" + path)

    def thing(self, name):
        kept = name
        return self.get("/things/%s" % kept)

    def other(self, text):
        return self.get("/others?q=%s" % text)
"""


def test_an_edit_in_a_function_does_not_link_everything_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = _program({"/m.py": _WRAPPED})
    assert len(program.findings("/m.py")) == 2
    monkeypatch.delattr(links, "Tracer")

    for kept, count in (
        ("name", 2),
        ("int(name)", 1),
        ("3", 1),
        ("(name", 2),
        ("{x", 1),
        ("= name", 2),
        ("name + 'x'", 2),
    ):
        text = _WRAPPED.replace("kept = name", f"kept = {kept}")
        program.put("/m.py", SourceText(text))
        assert len(program.findings("/m.py")) == count, kept


_WITH_ONE_MORE = [
    f"{_WRAPPED}\n\ndef more(name):\n    return Api().get(name)\n",
    f"{_WRAPPED}\n    def more(self): pass\n",
    f"def first(): pass\n\n{_WRAPPED}",
    _WRAPPED.replace("def other(", "def get("),
    _WRAPPED.replace("class Api:", "class Client:"),
    _WRAPPED.replace("class Api:", "class Base: pass\n\nclass Api(Base):"),
    _WRAPPED.replace("kept = name", "kept = (lambda: name)()"),
    _WRAPPED.replace("return self.get", "def inner(): return 1\n        return self.get"),
    _WRAPPED.replace("    def thing", "    send = requests.get\n\n    def thing"),
    _WRAPPED.replace("kept = name", "self.fetch = self.get; kept = name"),
    _WRAPPED.replace("kept = name", "global HOST; HOST = kept = name"),
]


def test_units_that_come_and_go_do_not_link_everything_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anew = [_program({"/m.py": text}).findings("/m.py") for text in _WITH_ONE_MORE]
    program = _program({"/m.py": _WRAPPED})
    before = program.findings("/m.py")
    monkeypatch.delattr(links, "Tracer")

    for text, findings in zip(_WITH_ONE_MORE, anew, strict=True):
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == findings
        program.put("/m.py", SourceText(_WRAPPED))
        assert program.findings("/m.py") == before


_BODIES = (
    "import requests",
    "import requests\nfrom urllib.parse import quote",
    "import requests\nHOST = 'x'",
    "'About: it.'\nimport requests",
    "import other",
    "import json as requests",
)


def test_an_edit_of_a_modules_body_does_not_link_everything_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [_WRAPPED.replace("import requests", body) for body in _BODIES]
    anew = [_program({"/m.py": text}).findings("/m.py") for text in texts]
    program = _program({"/m.py": _WRAPPED})
    assert len(program.findings("/m.py")) == 2
    monkeypatch.delattr(links, "Tracer")

    for text, findings in zip(texts, anew, strict=True):
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == findings


def test_a_wrapper_that_changes_changes_what_its_callers_do() -> None:
    program = _program({"/m.py": _WRAPPED})
    for sent, count in (("path", 2), ("str(len(path))", 0), ("'/x?y=' + path", 2), ("path", 2)):
        program.put("/m.py", SourceText(_WRAPPED.replace("+ path", f"+ {sent}")))
        assert len(program.findings("/m.py")) == count, sent


def test_a_long_day_of_typing_takes_no_more_memory_than_a_short_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "MAX_DROPPED", 50)
    program = _program({"/m.py": _WRAPPED})
    held = []
    for number in range(600):
        text = _WRAPPED.replace("kept = name", f"kept = name + 'x{number}'")
        program.put("/m.py", SourceText(text))
        assert len(program.findings("/m.py")) == 2
        if number % 100 == 99:
            gc.collect()
            held.append(
                sum(str(type(each).__module__).startswith("batten") for each in gc.get_objects())
            )

    assert max(held[3:]) < 1.05 * max(held[:3])


_GIVEN = """\
import requests

def send(name):
    return requests.get("https://api.example/" + name)

def thing(name):
    kept = name
    return send(kept)
"""


def test_a_way_that_is_followed_anew_leaves_none_of_those_before() -> None:
    program = _program({"/m.py": _GIVEN})
    reading = []
    for number in range(80):
        typed = f"name.name{number}()" if number % 2 else "name"
        program.put("/m.py", SourceText(_GIVEN.replace("kept = name", f"kept = {typed}")))
        assert len(program.findings("/m.py")) == 1
        gc.collect()
        entries = (each for each in gc.get_objects() if isinstance(each, Entry))
        live = (each for each in entries if each.drop is not None and not each.is_dropped)
        reading.append(sum(type(each.key).__name__ == "_Hole" for each in live))

    assert max(reading[40:]) <= max(reading[:40])
