"""Who types in a unit gets the same summary as for its text alone, whatever was passed over."""

from __future__ import annotations

import itertools
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.summarize.bookmarks import Rereading
from batten.summarize.unit import Summarizer, summarize
from batten.syntax.text import SourceText
from batten.syntax.units import Content, UnitKind, divided

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope

KINDS = {"def": UnitKind.FUNCTION, "@": UnitKind.FUNCTION, "class": UnitKind.CLASS}
TYPED = {
    "a call": """\
def f(self, name):
    url = "/items/" + name
    self.get(url)
    ¦return (self.get(f"/items/{name}"))¦
    self.put(url, name)
""",
    "the test of a name bound before": """\
def f(n, name):
    ok = isinstance(n, int)
    other = check(name)
    return get(¦f"/{n}/{name}" if ok else ¦"/")
""",
    "a test that takes another's place": """\
def f(n, name):
    ok = isinstance(n, int)
    if name:
        ok = False
    if ok¦ and name or not n¦:
        return get(f"/{n}")
""",
    "a name given to another, which is tested": """\
def f(n):
    known = isinstance(n, int)
    call(n)
    ok = ¦known¦
    if ok: get(f"/{n}")
""",
    "a global that was bound before": """\
def f(n):
    URL = n
    call(n)
    ¦global URL¦
    URL = "/" + n
""",
    "a nonlocal in a function further down": """\
def f(n):
    url = "/" + n
    def first(): nonlocal url; url = n
    get(url)
    def second():
        nonlocal ¦url, n¦
        url = n
    get(url)
""",
    "functions, lambdas and partials before": """\
def f(n, get):
    parts = []
    def add(x, key=lambda y: y): parts.append(x); return lambda: x
    send = partial(get, "/" + n); sort = lambda z: z + n
    class Inner(Base):
        url = n
        def go(self): get(self.url)
    add(n)
    get(¦parts[0], send(n)¦)
""",
    "a docstring": '''\
def f(n):
    """Get ¦it if it is not n¦.

    :param str n: a name
    """
    return get(n)
''',
    "what comes after a docstring": '''\
def f(n):
    """Get it.

    :param str n: if not ok
    """
    ok = n.isdigit()
    # done
    ¦assert ok¦
    return get(n)
''',
    "a parameter, and so a statement that is no place for one": """\
def f(n¦, key=None¦):
    url = "/" + n
    return get(url)
""",
    "a statement that goes on": """\
def f(n):
    url = "/" + n
    if n: call(n)
    ¦else: url = n¦
    return get(url)
""",
    "an indented line": """\
def f(n):
    url = "/" + n
    for x in n: pass
¦        url = n¦
    return get(url)
""",
    "after the end": """\
def f(n):
    url = "/" + n
    get(url)
    ¦get(n)¦
""",
    "what is never reached": """\
def f(n):
    url = "/" + n
    return get(url)
    ¦get(n)¦
""",
    "deletions, walruses and items": """\
def f(n, *rest):
    found = {}
    if (m := check(n)): found["a"] = n
    del n
    found["b"] = m; r = call(found); r.status
    ¦del found; r.json(); get(n % m)¦
    return get(rest[0], r)
""",
    "a way out of try": """\
def f(n):
    try:
        url = "/" + n
        call(url)
    except (ValueError, KeyError) as error:
        url = str(error)
    finally:
        close(n)
    ¦try: get(url)
    finally: get(n)¦
""",
    "a match": """\
def f(n):
    match n:
        case int(): url = "/" + n
        case "a" | "b": url = n
    ¦match url:
        case str(x): get(x)¦
    return get(url)
""",
    "an open bracket, and a quote": """\
def f(n):
    a, b = n, n
    url, other = "/" + a, b
  ¦  get(url¦, b)
    return get(b)
""",
    "a line that may go on in the next": """\
def f(n):
    url = "/" + n
    get(url)
    ¦n,¦
    b = get(url)
    return b
""",
    "a bracket that closes nothing where a line begins": """\
def f(n):
    url = "/" + n
    get(url)
¦    }a = "b"
¦    if n: get(url)
    return a
""",
    "a comment behind a block": """\
def f(n):
    url = "/" + n
    for x in n:
        get(url)
¦        # more
¦    if n: get(url)
    return url
""",
    "a quote that ends a line, and lines behind it": """\
def f(n):
    url = "/" + n
    get(url)
    a = n¦ + \"\"\"
    Get it.¦
    return get(a)
""",
    "an error that cuts a statement off": """\
def f(n):
    first, rest = n[0], n[1:]
¦) ¦    if check(first):
        if rest == "":
            get(first)
""",
    "a unit with decorators": """\
@route("/a", lambda x: x)
def f(n=lambda y: y):
    url = "/" + n
    yield url
    ¦yield from n¦
""",
    "fields": '''\
class A(Base):
    """A class."""
    url: str = "/a"
    make = lambda self: self.url
    ok = check(url)
    ¦url: int = get(url) if ok else 0¦
''',
    "a module": '''\
"""A module."""
from os import *
import urllib.request as request
URL = "https://example.com/"
urls = [URL + x for x in request.args]
¦from re import *
get(URL + urls[0])¦
''',
}


def _kind(text: str) -> UnitKind:
    return next((kind for word, kind in KINDS.items() if text.startswith(word)), UnitKind.MODULE)


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_typing_and_taking_back(text: str) -> None:
    before, typed, behind = text.split("¦")
    longer = [before + typed[:end] + behind for end in range(len(typed) + 1)]
    summarizer, kind = Summarizer(), _kind(text)
    for each in (*longer, *reversed(longer), longer[-1]):
        assert summarizer.summarize(kind, each.encode()) == summarize(kind, each.encode()), each


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements were passed over, in turn."""
    counts: list[int] = []
    resume = Rereading.resume

    def counted(again: Rereading, scope: Scope, statements: list[Node]) -> int:
        mark = again.bookmark
        done = resume(again, scope, statements)
        counts.append(len(mark.statements) if mark and (done or again.passed) else 0)
        return done

    monkeypatch.setattr(Rereading, "resume", counted)
    return counts


def test_what_is_before_the_change_is_passed_over(saved: list[int]) -> None:
    summarizer = Summarizer()
    for name in ("n", "na", "nam", "name", "name +", "name + (", "name", "b"):
        text = f"def f(name):\n    a = name\n    b = a\n    get({name})\n    return b\n"
        summarizer.summarize(UnitKind.FUNCTION, text.encode())
    assert saved == [0, 2, 2, 2, 2, 2, 2]


def test_what_is_before_the_first_change_of_a_unit_is_known_after_it(saved: list[int]) -> None:
    summarizer = Summarizer()
    texts = [f"def f(a):\n    b = a\n    get({name})\n".encode() for name in ("b", "bc", "bcd")]
    summarizer.summarize(UnitKind.FUNCTION, b"def other():\n    pass\n")
    for before, text in itertools.pairwise(texts):
        summarizer.summarize(UnitKind.FUNCTION, text, before)
    assert saved == [0, 1]


@cache
def _units() -> list[Content]:
    """Return units of some length, of the standard library and of the fixtures."""
    files = [*Path(os.__file__).parent.glob("[a-h]*.py")]
    files += Path(__file__).parent.joinpath("fixtures").rglob("*.py")
    texts = [path.read_text("utf-8", "replace") for path in sorted(files)]
    units = [unit for text in texts for unit in divided(SourceText(text)).contents]
    return [unit for unit in units if 4 < unit.text.count(b"\n") < 200]


PIECES = [
    *r"""
    a x ( ) [ ] { } ' " = . , # \ if not else: try: finally: except: elif match return yield
    global nonlocal del lambda assert break await import
    """.split(),
    *("\n", "    ", "\n    ", '"""', "(y := f(x))", " = ok", "é", ",\n", "print\n"),
]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_edits_of_real_units(data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(_units()))
    words = sorted({word.decode("utf-8", "replace") for word in re.findall(rb"\w+", unit.text)})
    typed = st.sampled_from(PIECES) | st.sampled_from(words or PIECES)
    texts, summarizer = [unit.text], Summarizer()
    summarizer.summarize(unit.kind, unit.text)
    at = data.draw(st.integers(0, len(unit.text)))
    for _ in range(data.draw(st.integers(2, 6))):
        text = texts[-1]
        at = max(0, min(len(text), at + data.draw(st.integers(-30, 30))))
        removed = data.draw(st.sampled_from([0, 0, 0, 1, 5, 40]))
        text = text[:at] + data.draw(typed).encode() + text[at + removed :]
        if data.draw(st.integers(0, 5)) == 0:
            text = data.draw(st.sampled_from(texts))  # taken back
        before = data.draw(st.sampled_from([None, *texts]))  # told or not, and not always the last
        texts.append(text)
        assert summarizer.summarize(unit.kind, text, before) == summarize(unit.kind, text)


def test_a_bracket_in_a_comment_that_was_passed_breaks_nothing() -> None:
    text = (
        b"def f_with_a_rather_long_name_for_this(a, b):\n    w = 1\n    # note x\n"
        b"    x = g(\n    a,\n    b)\n" + b"    y = a + b\n" * 10 + b"    import requests\n"
        b"    requests.get(a+b)\n    z = foo"
    )
    summarizer, before, texts = Summarizer(), None, [text]
    for typed in (b".bar", b"(1)", b" + a", b" + b"):
        texts.append(texts[-1] + typed)
    texts += [texts[-1].replace(b"note", b"note" + typed) for typed in (b"(", b"(a", b"(ab")]
    for each in texts:
        found = summarizer.summarize(UnitKind.FUNCTION, each + b"\n", before)
        assert found == summarize(UnitKind.FUNCTION, each + b"\n")
        before = each + b"\n"
