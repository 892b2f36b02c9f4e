"""Half-typed code in one place does not take away the fixes of another."""

import pytest

from batten.analysis.program import Program
from batten.analysis.verify import Condition, Cure, Verdict, verified
from batten.models.load import load
from batten.rewrite.edit import Edit, Fix, Level, apply
from batten.rules.finding import Finding, Severity
from batten.syntax.text import SourceText, Span

IMPORTS = "import requests\n\n\n"
SHOW = '''def show(name):
    """Show one."""
    return requests.get("https://api.example.com/items/%s" % name)
'''
ESCAPED = SHOW.replace("% name", '% quote(str(name), safe="")')
MODELS = load()


def fixed(code):
    """Return the text after the preferred fix of the last finding; None when there is no fix."""
    program = Program(MODELS)
    program.put("a.py", SourceText(code))
    *_, found = program.findings("a.py")
    fixes = program.fixes(found)
    return apply(program.source("a.py"), fixes[0].edits).text if fixes else None


BROKEN = [
    "def typed(a):\n    b = (a\n",
    'def typed(a):\n    b = """a\n',
    'def typed(a):\n    """About\n    b = a\n',
    "def typed(a:\n    pass\n",
    "def typed(a):\n    b = a.\n    return b\n",
    "def typed(a):\n    for b in\n",
    "def typed(a):\n    b = [\n    return {a: b\n",
    "@cached(\ndef typed(a):\n    return (\n",
    "async def typed(a):\n    return f(\n",
    "class Typed:\n    limit = (\n\n    def get(self):\n        return 1\n",
    "class Typed:\n    def get(self):\n        return (\n\n    def set(self):\n        return 1\n",
    "class Typed(\n    def get(self):\n        return 1\n",
    "class T:\n    x = (\n",
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_fix_below_broken_code_is_offered(broken):
    before = f"{IMPORTS}{broken}\n\n{SHOW}"
    after = f"from urllib.parse import quote\n\n{IMPORTS}{broken}\n\n{ESCAPED}"
    assert fixed(before) == after


@pytest.mark.parametrize("broken", BROKEN)
def test_a_fix_above_broken_code_is_offered(broken):
    before = f"{IMPORTS}{SHOW}\n\n{broken}"
    after = f"from urllib.parse import quote\n\n{IMPORTS}{ESCAPED}\n\n{broken}"
    assert fixed(before) == after


@pytest.mark.parametrize("broken", ["        b = (\n", '        b = """\n'])
def test_a_method_beside_a_broken_one_is_fixed(broken):
    method = "\n".join(f"    {line}" if line else "" for line in SHOW.split("\n"))
    before = f"{IMPORTS}class Client:\n    def typed(self):\n{broken}\n{method}"
    after = before.replace("% name", '% quote(str(name), safe="")')
    assert fixed(before) == f"from urllib.parse import quote\n\n{after}"


def test_a_method_of_a_class_with_a_broken_body_is_fixed():
    method = "\n".join(f"    {line}" if line else "" for line in SHOW.split("\n"))
    before = f"{IMPORTS}class Client:\n    limit = (\n\n{method}"
    after = before.replace("% name", '% quote(str(name), safe="")')
    assert fixed(before) == f"from urllib.parse import quote\n\n{after}"


def test_two_broken_functions_take_nothing_from_a_third():
    first, second = 'def first():\n    a = """\n', 'def second():\n    b = """ (\n'
    before = f"{IMPORTS}{first}\n\n{SHOW}\n\n{second}"
    after = f"from urllib.parse import quote\n\n{IMPORTS}{first}\n\n{ESCAPED}\n\n{second}"
    assert fixed(before) == after


@pytest.mark.parametrize(
    "code",
    [
        # what is broken itself
        IMPORTS + SHOW + "    x = (\n",
        # the module: its imports can't be relied on
        f"{IMPORTS}limits = (\n\n{SHOW}",
        # a function that may bind a name of the module
        f"{IMPORTS}def typed():\n    global quote\n    quote = (\n\n{SHOW}",
    ],
)
def test_where_the_names_of_the_module_are_in_doubt_there_is_no_fix(code):
    assert fixed(code) is None


def test_a_name_that_a_broken_function_has_is_not_imported_over():
    broken = "def quote(text):\n    return (\n"
    before = f"{IMPORTS}{broken}\n\n{SHOW}"
    after = before.replace("% name", '% urllib.parse.quote(str(name), safe="")')
    assert fixed(before) == f"import urllib.parse\n\n{after}"


def test_a_name_in_broken_code_that_a_star_import_may_give_is_left_alone():
    broken = "def typed():\n    return quote(\n"
    before = f"from helpers import *\n{IMPORTS}{broken}\n\n{SHOW}"
    assert "import urllib.parse\n" in fixed(before)


def finding(span):
    return Finding("BTN101", "name", Severity.WARNING, "", "a.py", span, "", None, (), "")


def verdict(code, old, new):
    source = SourceText(code)
    start = source.data.index(old.encode())
    edit = Edit(Span(start, start + len(old.encode())), new)
    fix = Fix("Change it", Level.SAFE, (edit,), preferred=True)
    return verified(
        source, [Cure(finding(edit.span), fix)], analyse=lambda source: [], propose=lambda *_: []
    )


TYPED = "\n\ndef typed(:\n    c = (\n"


def test_an_edit_in_broken_code_is_withheld():
    assert verdict(f"def f(): return bad\n{TYPED}", "c = (", "c = bad (") == Verdict(
        Condition.PARSES, "the document has a syntax error on line 4"
    )


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("f(1", "after the fix the document has a syntax error on line 1"),
        ("'''", "after the fix the document has a syntax error on line 1"),
        ("1\n\ndef g():\n    return 1", "the edit changes how the text around it reads"),
    ],
)
def test_an_edit_beside_broken_code_must_not_break_more(new, reason):
    assert verdict(f"def f(): return bad\n{TYPED}", "bad", new) == Verdict(Condition.PARSES, reason)


def test_an_edit_beside_broken_code_that_breaks_nothing_may_be_made():
    assert verdict(f"def f(): return bad\n{TYPED}", "bad", "1").holds
