"""Which units may have a say in what names mean, told by their text alone."""

import pytest

from batten.rewrite.occurrences import declaring_globals, mentioning, with_a_say
from batten.syntax.text import SourceText
from batten.syntax.units import divided

_FIRST = "import urllib.parse\n\n\ndef first():\n    pass\n\n\n"


@pytest.mark.parametrize(
    "code",
    [
        "def f(quote): pass",
        "def f(a, *quote): pass",
        "def f():\n    quote = 1",
        "def f():\n    a, quote = 1, 2",
        "def f():\n    quote: int",
        "def f():\n    for quote in ():\n        pass",
        "def f():\n    with a as quote:\n        pass",
        "def f():\n    import quote",
        "def f():\n    import quote.more",
        "def f():\n    import os, quote.more",
        "def f():\n    from a import b as quote",
        "def f():\n    def quote(a): pass",
        "def f():\n    def \\\n quote(a): pass",
        "def f():\n    class quote(A): pass",
        "def f():\n    return lambda quote: 1",
        "def f():\n    return (quote := 1)",
        "def f():\n    match a:\n        case quote: pass",
        "def f():\n    from a import *",
        'def f():\n    print "a"',
        'def f():\n    f"""\n    {(quote := 1)}"""',
        "def f():\n    f'\\\n    # {(quote := 1)}'",
    ],
)
def test_a_unit_that_may_bind_a_word_or_is_of_python_2_has_a_say(code: str) -> None:
    division = divided(SourceText(_FIRST + code + "\n"))
    assert 2 in with_a_say(division, {"quote"})


@pytest.mark.parametrize(
    "code",
    [
        "def f(): return quote(1)",
        "def f(): return quote.more(1)",
        "def f(): return parse.quote(1) + parse.quote",
        "def f(): return quoted, unquote, 'print'",
        "def f():\n    import os",
        "def f():\n    print('a')",
        "def f():\n    pass\n    # to quote a name",
        'def f():\n    """Return a quote of it."""',
        "def f():\n    r'''A quote of it.'''",
        'def f():\n    """Of quote:\n\n    import quote\n    """',
    ],
)
def test_a_unit_that_uses_a_word_has_none(code: str) -> None:
    division = divided(SourceText(_FIRST + code + "\n"))
    assert 2 not in with_a_say(division, {"quote"})


def test_where_a_star_import_may_bind_the_word_its_users_have_a_say() -> None:
    division = divided(SourceText("from a import *\n\n\ndef f(): return quote(1)\n"))
    assert with_a_say(division, {"quote"}) == {0, 1}


@pytest.mark.parametrize(
    ("line", "declares"),
    [
        ("global name", True),
        ("if a: global name", True),
        ("a(); global\tname", True),
        ("global \\\n        name", True),
        ("# a global name", False),
        ("a = 'the global name'", False),
        ("globally = 1", False),
    ],
)
def test_declarations_of_globals_are_found(line: str, declares: bool) -> None:
    division = divided(SourceText(f"{_FIRST}def f(a):\n    {line}\n"))
    assert declaring_globals(division) == ({2} if declares else set())


def test_those_that_mention_a_word_come_with_the_module_and_the_classes_around() -> None:
    code = "class A:\n    a = 1\n\n    def f(self): return quote(1)\n\n    def g(self): return 1\n"
    found = mentioning(divided(SourceText(code)), frozenset({"quote"}))
    assert [b"def f" in text for text in found] == [False, False, True]
    assert b"a = 1" in found[1]
