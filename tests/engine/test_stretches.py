"""A letter anywhere in a function gives the summary of its text, and costs its own statement."""

from __future__ import annotations

import re
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.summarize import statements, stretches
from batten.summarize.alike import is_same
from batten.summarize.unit import Summarizer, summarize
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from batten.summarize.scope import Scope

TYPED = {
    "an argument in a branch": """\
def f(self, name, key):
    url = "/" + name
    if key:
        self.get(url)
        for each in key:
            self.put(url, ¦each.key¦)
            self.post(each)
        self.get(key[0])
    elif name:
        url = name
    return self.get(url, key)
""",
    "a name that is bound": """\
def f(self, name, key):
    url = "/" + name
    if key:
        try:
            found¦_there = ¦check(key)
            self.put(url)
        finally:
            self.post(key)
        self.get(key[0])
    self.put(url)
    return self.get(url, key)
""",
    "a name that becomes one that others read": """\
def f(self, name):
    ¦url¦ = "/" + name
    self.get(url)
    ur = self.get(name)
    with ur as u:
        self.get(u, url)
""",
    "the number of something that is compared": """\
def f(self, n):
    while n:
        x = ¦True
        if ¦x: self.get(n)
    get(n % x)
    return f"/{x}"
""",
    "an attribute that is read again": """\
def f(self, bar):
    if bar:
        get(bar.¦url¦)
        call()
    get(bar.url, bar.other)
    get(bar.u, bar.ur)
    return bar.url
""",
    "an item that is read again": """\
def f(self, bar):
    held = getattr(bar, "y")
    if bar:
        get(bar["a¦bc¦"])
    get(bar["ab"], held)
    return bar["abc"]
""",
    "a call whose function is asked for": """\
def f(bar, client):
    if bar:
        found = ¦dict¦(bar)
    other = ¦copy.copy¦(bar)
    other.update({"a": bar})
    get(other)
    if client.is_name(bar): get(bar)
    pairs = {k: v for k, v in other.items() if v}
    get(pairs["a"], found)
""",
    "an address that was checked": """\
def f(url, other):
    at = urlparse(url)
    if other:
        next¦_one¦ = at.netloc
        if at.netloc == "example.com":
            get(url)
        if url.startswith("/a"):
            return get(url)
    get(url, other)
""",
    "flags": """\
def f(n, name, other):
    ok = isinstance(n, int)
    if name:
        ok = False
        if other:
            errors = []
            if not name: errors.append(¦other¦)
            if not errors: get(name)
    elif isinstance(name, str) and (found := check(n)):
        get(found)
    if ok: get(f"/{n}")
    if not found: get(n)
""",
    "a flag that is tested, or is not": """\
def f(n, name):
    ok = isinstance(n, int)
    okay = isinstance(name, int)
    if name:
        call(n); fine = okay
    if ok¦ay¦: get(f"/{n}/{name}")
    if fine:
        get(name)
""",
    "a loop with ways out": """\
def f(items, n):
    found = None
    for each in items:
        if each.a:
            found = each
            break
        with each as other:
            if other: continue
            n = ¦other.get(found)¦
            call(n)
        found = n
    else:
        get(found)
    return get(n, found)
""",
    "a try that is left anywhere": """\
def f(n, m):
    url = None
    try:
        url = "/a/" + n
        first(url)
        if m: url = ¦m
        second(¦url)
        ok = check(m)
    except (ValueError, KeyError) as error:
        get(url, error)
        raise
    except OSError:
        url = n
    else:
        get(url); url = ok
    finally:
        close(url, n)
    get(url)
""",
    "a match": """\
def f(n, m):
    match n:
        case int(): url = "/" + n; get(url)
        case "a" | "b":
            url = ¦m¦
            get(n)
        case str(x) if x:
            get(x)
        case _:
            url = n
    get(url)
""",
    "names of other functions": """\
def f(n):
    def outer():
        nonlocal parts; parts = []
    parts = []
    if n:
        global URL
        ¦URL¦ = n
        def add(x): parts.append(x); return lambda: (x, n)
        class Inner(Base):
            def go(self): return n
        for x in n: add(partial(get, x)); parts.append(lambda y=x: y)
    get(URL, *parts, Inner())
""",
    "another name for all of them": """\
def f(n, m):
    if n:
        ab¦c¦ = m
    get("/{m}/{abc}".format(**locals()))
    del n
    n = m
    return get(n)
""",
    "a global that takes items": """\
def f(n):
    held = (CACHE)
    if n:
        C¦ACH¦E = n
    held["a"] = n
    held.append(n)
    get(held)
""",
    "fields": """\
class A(Base):
    make = lambda self: self.url
    if TYPE:
        url: str = "/a"
        other: ¦int¦ = check(url)
    url: int = get(url) if ok else 0
    other: str
""",
    "a module": """\
import urllib.request as request
URL = "https://example.com/"
if request:
    from re import *
    urls = [URL + x for x in request.args¦.all¦]
    URL += urls[0]
for x in urls:
    get(x)
""",
}
CHANGED = {
    "a number, and what equals it": (
        """\
def f(self, a_longer_name, other_name, n):
    if n:
        x = @
        call()
    get(f"/{x}")
""",
        ("1", "True", "2"),
    ),
    "the order of names": (
        """\
def f(self, a_longer_name, other_name, n):
    if n:
        @
        call()
    get(locals())
""",
        ("a = n; b = n", "b = n; a = n", "a = b = n"),
    ),
    "a function that copies": (
        """\
def f(self, a_longer_name, other_name, n):
    found = copy.@(n)
    found.update({"a": n})
    get(found)
""",
        ("copy", "cop", "deepcopy"),
    ),
    "a parameter": (
        """\
def f(self, a_longer_name, other_name, one_more_name=None, @=None):
    get(bar)
    put(bar, baz)
""",
        ("bar", "baz", "other"),
    ),
    "a function that maps": (
        """\
def f(self, a_longer_name, other_name, n):
    found = @(str, n)
    get(list(found))
""",
        ("map", "imap", "filter"),
    ),
    "a name that a value has": (
        """\
def f(self, a_longer_name, other_name, n):
    held = (CACHE)
    @ = n
    held["a"] = n
    held.append(n)
    get(held)
""",
        ("CACHE", "CACH", "CASH"),
    ),
    "what is known of a parameter at the end": (
        """\
def f(self, a_longer_name, other_name, n):
    @(n)
    call()
    return other_name
""",
        ("check", "checked", "is_checked"),
    ),
    "a parameter under another name": (
        """\
def f(self, a_longer_name, other_name, p):
    q = (p)
    @
    assert q.startswith("https://example.com/")
    get(q)
    get(p)
""",
        ("p = 5", "r = 5", "other_name = 5"),
    ),
    "all names": (
        """\
def f(self, a_longer_name, other_name, n):
    @ = n
    call()
    get("{}".format(**locals()))
    put(**locals())
""",
        ("abc", "abcd", "ab"),
    ),
    "a flag about a value that is there no more": (
        """\
def f(self, a_longer_name, other_name, x):
    ok = isinstance(x, int)
    @
    assert ok
    get(f"/{x}")
""",
        ("x = 1", "y = 1", "z = 1"),
    ),
    "an address under two names": (
        """\
def f(self, a_longer_name, other_name, q, m):
    r = @
    if not q.startswith("https://example.com/"):
        return
    get(r)
""",
        ("m", "q", "other_name"),
    ),
    "whether a name is tested": (
        """\
def f(self, a_longer_name, other_name, n, m):
    ok = isinstance(n, int)
    fine = isinstance(m, int)
    if other_name:
        call(n)
        ok = fine
    if @:
        get(f"/{n}/{m}")
""",
        ("ok", "fine", "n"),
    ),
    "whether it has returned": (
        """\
def f(self, a_longer_name, other_name, n, m):
    if n:
        url = @
        call()
        return n
    with lock:
        raise m
    get(url)
""",
        ("n", "m", "self"),
    ),
}
KINDS = {"def": UnitKind.FUNCTION, "class": UnitKind.CLASS}


@pytest.fixture(autouse=True)
def taken_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "SHORTEST", 1)
    monkeypatch.setattr(stretches, "PIECES", 1000)


def _kind(text: str) -> UnitKind:
    return next((kind for word, kind in KINDS.items() if text.startswith(word)), UnitKind.MODULE)


def _assert_same(summarizer: Summarizer, text: str) -> None:
    kind = _kind(text)
    made, wanted = summarizer.summarize(kind, text.encode()), summarize(kind, text.encode())
    assert is_same(made, wanted), text


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_typing_and_taking_back(text: str) -> None:
    parts = text.split("¦")
    for at in range(1, len(parts), 2):
        before, typed, behind = "".join(parts[:at]), parts[at], "".join(parts[at + 1 :])
        longer = [before + typed[:end] + behind for end in range(len(typed) + 1)]
        summarizer = Summarizer()
        for each in (*longer, *reversed(longer), longer[-1]):
            _assert_same(summarizer, each)


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_each_letter_twice(text: str) -> None:
    text = text.replace("¦", "")
    summarizer = Summarizer()
    for at in range(0, len(text), 7):
        for typed in ("x", "xy"):
            _assert_same(summarizer, text[:at] + typed + text[at:])


@pytest.mark.parametrize(("text", "variants"), CHANGED.values(), ids=CHANGED)
def test_one_state_after_another(text: str, variants: tuple[str, ...]) -> None:
    for first, second in permutations(variants, 2):
        (third,) = {*variants} - {first, second}
        summarizer = Summarizer()
        for each in (third, first, second, second, first):
            _assert_same(summarizer, text.replace("@", each))


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were interpreted."""
    found: list[str] = []
    execute = statements.execute

    def counted(scope: Scope, node: Node) -> None:
        found.append(scope.slice(node))
        execute(scope, node)

    monkeypatch.setattr(statements, "execute", counted)
    return found


FUNCTION = """\
def f(self, name):
    url = "/" + name
    with self.lock:
        if name:
            self.before(name)
            found = self.get(url, key)
            self.behind(found)
        else:
            self.otherwise(url)
        self.put(url)
    def inner(x):
        self.first(x)
        if x:
            self.second()
        self.third(x, url)
    self.done(inner)
"""


@pytest.mark.parametrize(
    "place", ["key)", "before", "behind(f", "lock", "otherwise", "second", "done"]
)
def test_what_is_around_a_letter_is_not_interpreted(place: str, interpreted: list[str]) -> None:
    summarizer = Summarizer()
    for letters in ("", "x"):
        text = FUNCTION.replace(place, letters + place)
        _summarize(summarizer, text)
    interpreted.clear()
    _summarize(summarizer, FUNCTION.replace(place, "xy" + place))
    lines = {each.strip() for each in interpreted if "\n" not in each}
    assert len(lines) == (0 if place == "lock" else 1), lines


def _summarize(summarizer: Summarizer, text: str) -> None:
    summarizer.summarize(UnitKind.FUNCTION, text.encode())


NAMES = ("a", "b", "ab", "ok", "n")
VALUES = [
    text.replace("*", " ")
    for text in """
    [] {} None True 1 "" "/a" a.b self.a n.ok get(a) check(n) a[b] self.get(a,b) f"/{a}/{n}"
    "/"+ab isinstance(n,int) (lambda:a) [x*for*x*in*a] a*or*b a*if*ok*else*b getattr(n,"b")
    dict(a=b) urlparse(a) a.netloc map(get,a) partial(get,a) (b:=check(a)) not*ok copy(a)
    a*==*n b*in*a n.startswith(ab) re.match("/",n)
    """.split()
]
SIMPLE = (
    *("NAME = VALUE", "NAME = VALUE", "self.a = VALUE", "a.b = VALUE", "a['b'] = VALUE", "NAME"),
    *("NAME += VALUE", "get(VALUE, VALUE)", "NAME.append(VALUE)", "NAME.update(a=VALUE)"),
    *("assert VALUE", "return VALUE", "yield VALUE", "NAME: NAME = VALUE", "global NAME"),
    *("del NAME", "break", "continue", "raise", "pass", "get(**locals())", "sys.exit()"),
)
COMPOUND = (
    *("if VALUE:", "if VALUE:", "if NAME:", "if not NAME:", "for a in b:", "while ok:", "try:"),
    *(
        "for n, ok in a.items():",
        "with VALUE as NAME:",
        "match NAME:",
        "def ab(n):",
        "class ab(n):",
    ),
    *("async def b(): nonlocal a; a = n\nif a:", "with a:"),
)
CLAUSES = {
    "if": ("elif VALUE:", "elif NAME:", "else:"),
    "for": ("else:",),
    "while": ("else:",),
    "try": ("except KeyError:", "else:", "finally:"),
}
CASES = ("case int():", 'case "a" | "b":', "case b:", "case str(ab) if VALUE:", "case _:")
DEEPEST = 3


def _filled(chance: Random, text: str) -> str:
    """Return a text with something in the place of each word for it."""
    for word, known in (("NAME", NAMES), ("VALUE", VALUES)):
        text = re.sub(word, lambda _, known=known: chance.choice(known), text)  # type: ignore[misc]
    return text


def _block(chance: Random, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a block."""
    for _ in range(chance.randint(1, 4)):
        if depth == DEEPEST or chance.random() < 0.6:
            yield _filled(chance, chance.choice(SIMPLE))
            continue
        head = _filled(chance, chance.choice(COMPOUND))
        yield from head.split("\n")
        kind = head.split("\n")[-1].split(maxsplit=1)[0].rstrip(":")
        if kind == "match":
            for case in chance.sample(CASES, 2):
                yield "    " + _filled(chance, case)
                yield from _indented(_indented(_block(chance, depth + 1)))
            continue
        yield from _indented(_block(chance, depth + 1))
        if kind == "try":
            yield "except (ValueError, a) as b:"
            yield from _indented(_block(chance, depth + 1))
        for clause in CLAUSES.get(kind, ()):
            if chance.random() < 0.4:
                yield _filled(chance, clause)
                yield from _indented(_block(chance, depth + 1))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


LETTERS = (*"abnxy1 _.()=:", "ok", "True", ", b", " = a\n", "\n    ")
WORD = re.compile(r"\b(?:a|b|ab|ok|n|get|check|True|1)\b")


def _edited(chance: Random, text: str, at: int) -> str:
    """Return a text with a change near a place."""
    if chance.random() < 0.6:
        words = [each for each in WORD.finditer(text, 20) if abs(each.start() - at) < 60]
        if words:
            word = chance.choice(words)
            return text[: word.start()] + chance.choice((*NAMES, "abc", "1")) + text[word.end() :]
    if chance.random() < 0.5:
        at = text.find("\n", at) + 1 or len(text)
        line = text[at : text.find("\n", at) + 1]
        pad = line[: len(line) - len(line.lstrip())] or "    "
        end = at + chance.choice((0, len(line)))
        return f"{text[:at]}{pad}{_filled(chance, chance.choice(SIMPLE))}\n{text[end:]}"
    return text[:at] + chance.choice(LETTERS) + text[at + chance.choice((0, 0, 0, 1, 6)) :]


@given(st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_edits_of_nested_blocks(seed: int) -> None:
    chance = Random(seed)
    text = "\n".join(("def f(self, n, a=None):", "    call(n)", *_indented(_block(chance)), ""))
    summarizer, sound = Summarizer(), [text]
    at = chance.randint(40, len(text))
    for _ in range(chance.randint(4, 12)):
        text = _edited(chance, chance.choice((text, sound[-1], sound[-1])), at)
        _assert_same(summarizer, text)
        if not summarize(UnitKind.FUNCTION, text.encode()).errors:
            sound.append(text)
        if chance.random() < 0.2:
            text = chance.choice(sound)
        at = max(40, min(len(text), at + chance.randint(-20, 20)))
