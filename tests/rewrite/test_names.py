"""What a name means at a place: rows of code, with the place between carets."""

import random
import re
import symtable
import sys
import sysconfig
import warnings
from collections import Counter
from pathlib import Path

import pytest

from batten.rewrite.names import bindings, bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import Condition, How, ScopeKind, read_scopes
from batten.rewrite.tree import syntax
from batten.syntax.text import SourceText

QUOTE = "urllib.parse.quote"


def resolved(marked, code):
    """Return what a name means; the same must come of reading only what is around the place."""
    source, span = marked(code)
    whole, part = bindings(source), bindings_at(source, span.start)
    found = whole.resolve(source.slice(span), span.start)
    assert part.resolve(source.slice(span), span.start) == found
    return found


@pytest.mark.parametrize(
    "code",
    [
        "from urllib.parse import quote\n^quote^",
        "from urllib.parse import quote as q\n^q^",
        "from urllib.parse import (unquote,  # comment\n    quote,)\n^quote^",
        "from urllib import parse\n^parse.quote^",
        "from urllib import parse as p\n^p.quote^",
        "import urllib.parse\n^urllib.parse.quote^",
        "import urllib . parse\n^urllib.parse.quote^",
        "import urllib.parse as up\n^up.quote^",
        "import os, urllib.parse, sys\n^urllib.parse.quote^",
        "import urllib\nimport urllib.parse\n^urllib.parse.quote^",
        "import urllib.request, urllib.parse\n^urllib.parse.quote^",
        "from six.moves.urllib import parse\n^parse.quote^",
        "from six.moves.urllib.parse import quote\n^quote^",
        "from six.moves import urllib\n^urllib.parse.quote^",
        "import six\n^six.moves.urllib.parse.quote^",
        "import six.moves.urllib.parse as p\n^p.quote^",
        "from requests.utils import quote\n^quote^",
        "from requests.compat import quote\n^quote^",
        "import requests.utils\n^requests.utils.quote^",
        "from requests import utils\n^utils.quote^",
        "from django.utils.http import urlquote\n^urlquote^",
        "from future.moves.urllib.parse import quote\n^quote^",
        "from urllib.parse import *\n^quote^",
        # the same whichever way the code runs
        (
            "try:\n from urllib.parse import quote\nexcept ImportError:\n"
            " from urllib import quote\n^quote^"
        ),
        "try:\n from urllib.parse import quote\nexcept ImportError:\n raise\n^quote^",
        (
            "try:\n import a\nexcept E:\n b\nelse:\n c\nfinally:\n"
            " from urllib.parse import quote\n^quote^"
        ),
        "try:\n a()\nfinally:\n b()\nfrom urllib.parse import quote\n^quote^",
        "if a:\n from urllib.parse import quote\nelse:\n from urllib import quote\n^quote^",
        (
            "if a:\n from urllib.parse import quote\nelif b:\n raise E\nelse:\n"
            " from urllib import quote\n^quote^"
        ),
        # seen from inside
        "from urllib.parse import quote\ndef f(x):\n return ^quote^",
        "from urllib.parse import quote\nclass C:\n def f(self): return ^quote^",
        "from urllib.parse import quote\nclass C:\n quote = 1\n def f(self): return ^quote^",
        "from urllib.parse import quote\nclass C:\n def quote(self): return ^quote^",
        "from urllib.parse import quote\nf = lambda x: ^quote^",
        "from urllib.parse import quote\ndef f(): return [^quote^ for x in y]",
        "from urllib.parse import quote\n[quote for quote in ^quote^]",
        "from urllib.parse import quote\ndef f(quote=^quote^): pass",
        "from urllib.parse import quote\ndef f(x: ^quote^): pass",
        "from urllib.parse import quote\n@^quote^\ndef f(quote): pass",
        "from urllib.parse import quote\nclass C(^quote^):\n quote = 1",
        "from urllib.parse import quote\ndef f():\n global quote\n return ^quote^",
        "from urllib.parse import quote\nx.quote = 1\n^quote^",
        "from urllib.parse import quote\nf(quote=1)\n^quote^",
        "from urllib.parse import quote\nmatch x:\n case quote.y: pass\n^quote^",
        "from urllib.parse import quote\nmatch x:\n case quote(): pass\n^quote^",
        # imported by a function
        "def f():\n from urllib.parse import quote\n return ^quote^",
        "def f():\n from urllib.parse import quote\n def g(): return ^quote^",
        "class C:\n from urllib.parse import quote\n x = ^quote^",
        # star imports before it
        "from a import *\nfrom urllib.parse import quote\n^quote^",
    ],
)
def test_the_name_is_quote(code, marked):
    assert resolved(marked, f"{code}\n") == QUOTE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("^quote^", "`quote` is not imported"),
        ("import urllib\n^urllib.parse.quote^", "`urllib.parse` is not imported as a whole"),
        (
            "import requests\n^requests.utils.quote^",
            "`requests.utils` is not imported as a whole",
        ),
        (
            "import urllib.request\n^urllib.parse.quote^",
            "`urllib.parse` is not imported as a whole",
        ),
        ("^quote^\nfrom urllib.parse import quote", "`quote` is imported only later, on line 2"),
        (
            "def f(): ^quote^\nfrom urllib.parse import quote",
            "`quote` is imported only later, on line 2",
        ),
        (
            "if TYPE_CHECKING:\n from urllib.parse import quote\n^quote^",
            "`quote` is imported for type checkers only, on line 2",
        ),
        (
            "if typing.TYPE_CHECKING:\n from urllib.parse import quote\n^quote^",
            "`quote` is imported for type checkers only, on line 2",
        ),
        (
            "if a:\n from urllib.parse import quote\n^quote^",
            "`quote` is imported only under a condition, on line 2",
        ),
        (
            "try:\n from urllib.parse import quote\nexcept ImportError:\n pass\n^quote^",
            "`quote` is imported only under a condition, on line 2",
        ),
        (
            "with a:\n from urllib.parse import quote\n^quote^",
            "`quote` is imported only under a condition, on line 2",
        ),
        (
            "def f():\n global quote\n from urllib.parse import quote\ndef g(): ^quote^",
            "`quote` is imported only under a condition, on line 3",
        ),
        (
            "try:\n from urllib.parse import quote\nexcept E:\n quote = 1\n^quote^",
            "`quote` is assigned on line 4",
        ),
        ("from urllib.parse import quote\nquote = 1\n^quote^", "`quote` is assigned on line 2"),
        ("from urllib.parse import quote\n^quote^\nquote += 1", "`quote` is assigned on line 3"),
        (
            "from urllib.parse import quote\nquote: int = 1\n^quote^",
            "`quote` is assigned on line 2",
        ),
        (
            "from urllib.parse import quote\na, (b, *quote) = c\n^quote^",
            "`quote` is assigned on line 2",
        ),
        ("from urllib.parse import quote\na = quote = c\n^quote^", "`quote` is assigned on line 2"),
        (
            "from urllib.parse import quote\ndef quote(): pass\n^quote^",
            "`quote` is a function on line 2",
        ),
        (
            "from urllib.parse import quote\nclass quote: pass\n^quote^",
            "`quote` is a class on line 2",
        ),
        (
            "from urllib.parse import quote\ntype quote = int\n^quote^",
            "`quote` is a type on line 2",
        ),
        (
            "from urllib.parse import quote\nfor a, quote in b: ^quote^",
            "`quote` is a loop variable on line 2",
        ),
        ("from urllib.parse import quote\ndel quote\n^quote^", "`quote` is deleted on line 2"),
        (
            "from urllib.parse import quote\nwith a as quote: ^quote^",
            "`quote` is bound by a with statement on line 2",
        ),
        (
            "from urllib.parse import quote\ntry: a\nexcept E as quote: ^quote^",
            "`quote` is bound by an except clause on line 3",
        ),
        (
            "from urllib.parse import quote\nmatch a:\n case [*quote]: ^quote^",
            "`quote` is bound by a pattern on line 3",
        ),
        (
            "from urllib.parse import quote\nmatch a:\n case C(x=quote) | {'a': quote}: ^quote^",
            "`quote` is bound by a pattern on line 3",
        ),
        (
            "from urllib.parse import quote\nmatch a:\n case b as quote: ^quote^",
            "`quote` is bound by a pattern on line 3",
        ),
        ("from urllib.parse import quote\n(quote := 1)\n^quote^", "`quote` is assigned on line 2"),
        (
            "from urllib.parse import quote\n[(quote := 1) for x in y]\n^quote^",
            "`quote` is assigned on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(quote): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(*quote): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(**quote: int): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(*, quote=1): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(quote: int = 1): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(quote):\n def g(): ^quote^",
            "`quote` is a parameter on line 2",
        ),
        ("from urllib.parse import quote\ndef f[quote](): ^quote^", "`quote` is a type on line 2"),
        (
            "from urllib.parse import quote\nlambda quote: ^quote^",
            "`quote` is a parameter on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f():\n ^quote^\n quote = 1",
            "`quote` is assigned on line 4",
        ),
        (
            "from urllib.parse import quote\n[^quote^ for quote in x]",
            "`quote` is a loop variable on line 2",
        ),
        (
            "from urllib.parse import quote\n[^quote^ for x in y for quote in x]",
            "`quote` is a loop variable on line 2",
        ),
        (
            "from urllib.parse import quote\nclass C:\n quote = 1\n x = ^quote^",
            "`quote` is assigned on line 3",
        ),
        (
            "from urllib.parse import quote\ndef f():\n global quote\n quote = 1\n^quote^",
            "`quote` is assigned on line 4",
        ),
        (
            "def f():\n from urllib.parse import quote\n def g():\n  nonlocal quote\n"
            "  quote = 1\n ^quote^",
            "`quote` is assigned on line 5",
        ),
        (
            "class C:\n from urllib.parse import quote\n def f(self): ^quote^",
            "`quote` is not imported",
        ),
        (
            "from urllib.parse import quote\nfrom shlex import quote\n^quote^",
            "`quote` is imported from more than one place",
        ),
        (
            "from urllib.parse import quote\nfrom a import *\n^quote^",
            "the star import on line 2 may bind the name anew",
        ),
        ("from a import *\n^quote^", "`quote` may come from the star import on line 1"),
        (
            "from urllib.parse import *\nfrom a import *\n^quote^",
            "`quote` may come from the star import on line 2",
        ),
        (
            "from urllib.parse import quote\ndef f(ｑuote): ^quote^",
            "`quote` is a parameter on line 2",
        ),
    ],
)
def test_the_name_is_not_surely_quote(code, reason, marked):
    assert resolved(marked, f"{code}\n") == Refusal(reason)


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("from shlex import quote\n^quote^", "shlex.quote"),
        ("from .parse import quote\n^quote^", ".parse.quote"),
        ("from . import parse\n^parse.quote^", ".parse.quote"),
        ("^str^", "builtins.str"),
        ("from a import *\n^str^", "builtins.str"),
        ("import os\n^os.path.join^", "os.path.join"),
    ],
)
def test_other_names_have_their_own_meaning(code, meant, marked):
    assert resolved(marked, f"{code}\n") == meant


def test_a_binding_tells_where_and_how_it_is_made():
    code = "if TYPE_CHECKING:\n    import a.b as c\nfor d in e: pass\n"
    module = bindings(SourceText(code)).scopes.module
    (c,), (d,) = module.bindings["c"], module.bindings["d"]
    assert (c.how, c.condition, c.target, c.module) == (
        How.IMPORT,
        Condition.TYPE_CHECKING,
        "a.b",
        "a.b",
    )
    assert (d.how, d.condition, d.target) == (How.LOOP, Condition.NONE, None)
    assert code[c.span.start : c.span.end] == "import a.b as c"


def test_a_broken_module_has_no_bindings():
    assert bindings(SourceText("a = 1\nx = (\n")) == Refusal(
        "the document has a syntax error on line 2"
    )


def test_a_broken_function_is_bound_and_hides_nothing_else():
    code = "import quote\ndef f(:\n    import g\n\ndef h(): from m import k\n"
    scopes = bindings(SourceText(code)).scopes
    assert set(scopes.module.bindings) == {"quote", "f", "h"}
    assert [binding.how for binding in scopes.module.bindings["f"]] == [How.FUNCTION]
    assert "g" in scopes.mentioned


def test_lone_carriage_returns_end_lines():
    names = bindings(SourceText("from urllib.parse import quote\rx = 1\r"))
    assert names.resolve("quote", 32) == QUOTE


def test_deep_nesting_is_read():
    code = "from urllib.parse import quote\nx = " + "(" * 3000 + "quote" + ")" * 3000 + "\n"
    assert bindings(SourceText(code)).resolve("quote", 3036) == QUOTE


def test_around_a_place_names_mean_what_they_mean_in_the_whole_document():
    """Compare in modules of the standard library, with an import typed into each."""
    library = Path(sysconfig.get_path("stdlib"))
    files = sorted(path for path in library.glob("*.py") if path.stat().st_size < 60_000)
    for seed, path in enumerate(random.Random(1).sample(files, 25)):
        text = path.read_text("utf-8")
        lines = ("import urllib.parse", "from urllib.parse import quote", "from six import *", "")
        source = SourceText(f"{text}\n{lines[seed % 4]}\n")
        whole = bindings(source)
        words = sorted(set(re.findall(r"\b[a-z]\w*(?:\.[a-z]\w*)?", text)))
        for at in random.Random(seed).sample(range(len(source.data)), 15):
            part = bindings_at(source, at)
            for word in ("quote", "urllib.parse.quote", *random.Random(at).sample(words, 10)):
                assert part.resolve(word, at) == whole.resolve(word, at), (path, at, word)


def test_around_a_place_other_functions_are_read_only_if_a_new_import_may_change_them():
    code = "def a():\n    x = 1\n\ndef b():\n    quote = 2\n\ndef c():\n    y = 3\n\n"
    code += "def d():\n    global z; z = 4\n"
    source = SourceText(code)
    read = bindings_at(source, code.index("x"))
    names = {name for scope in read.scopes.all for name in scope.bindings}
    assert names == {"a", "b", "c", "d", "x", "quote", "z"}
    other = bindings_at(source, code.index("x"), {"y"})
    assert "y" in {name for scope in other.scopes.all for name in scope.bindings}


def test_methods_of_classes_around_a_place_are_there_by_name():
    methods = "".join(f"    def m{n}(self):\n        v{n} = 1\n" for n in range(4))
    code = f"class C:\n{methods}\nclass D:\n    def d(self): pass\n"
    read = bindings_at(SourceText(code), code.index("v2"))
    names = {name for scope in read.scopes.all for name in scope.bindings}
    assert names == {"C", "D", "self", "v2", *(f"m{n}" for n in range(4))}


def test_scopes_hold_what_the_compiler_says_they_hold():
    """Compare with `symtable` over modules of the standard library."""
    library = Path(sysconfig.get_path("stdlib"))
    files = sorted(path for path in library.glob("*.py") if path.stat().st_size < 100_000)
    for path in random.Random(0).sample(files, 40):
        text = path.read_text("utf-8")
        tree = syntax(SourceText(text))
        assert not isinstance(tree, Refusal), path
        scopes = read_scopes(tree).all
        ours = Counter(
            (scope.kind.value, frozenset(scope.bindings))
            for scope in scopes
            if scope.kind in (ScopeKind.FUNCTION, ScopeKind.CLASS, ScopeKind.LAMBDA)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, str(path), "exec")
        left_out = _moved_by_the_compiler(scopes)
        assert _without(ours, left_out) == _without(_compiled(table), left_out), path


def _compiled(table):
    found = Counter()
    pending = [table]
    while pending:
        table = pending.pop()
        pending.extend(table.get_children())
        kind = "lambda" if table.get_name() == "lambda" else str(table.get_type())
        local = frozenset(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_local() and not symbol.get_name().startswith(".")
        )
        if kind in ("function", "class", "lambda") and table.get_name() not in _COMPREHENSIONS:
            found[kind, local - _IMPLIED] += 1
    return found


_COMPREHENSIONS = {"genexpr", "listcomp", "setcomp", "dictcomp"}
_IMPLIED = {"__class__", "__classdict__", "__static_attributes__", "__firstlineno__"}


def _moved_by_the_compiler(scopes):
    """Since Python 3.12 variables of comprehensions are shown in the function (PEP 709)."""
    if sys.version_info < (3, 12):
        return frozenset()
    inner = (scope.bindings for scope in scopes if scope.kind is ScopeKind.COMPREHENSION)
    return frozenset(name for bindings in inner for name in bindings)


def _without(scopes, left_out):
    """Leave out some names, and those that classes mangle."""
    return Counter(
        (kind, frozenset(name for name in names - left_out if "__" not in name))
        for (kind, names), count in scopes.items()
        for _ in range(count)
    )
