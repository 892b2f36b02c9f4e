"""`quote` in the place of escaping by hand."""

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.quote import Coercion
from batten.rewrite.refusal import Refusal
from batten.rewrite.replaced import is_escaped_by_hand, quote_instead

IMPORT = "from urllib.parse import quote\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'/i/' + ^x.replace('/', '%2F')^", "'/i/' + quote(x, safe='')"),
        ("'/i/' + ^x.replace('/', '%2F').replace(' ', '%20')^", "'/i/' + quote(x, safe='')"),
        ("'/i/%s' % ^(x.y().replace('/', '%2f'))^", "'/i/%s' % (quote(x.y(), safe=''))"),
    ],
)
def test_quote_takes_the_place_of_the_replacements(before, after, marked):
    source, value = marked(f"{IMPORT}r = {before}\n")

    assert is_escaped_by_hand(source, value)
    edits = quote_instead(source, value, safe="", coercion=Coercion.TEXT)

    assert apply(source, edits).text == f"{IMPORT}r = {after}\n"


def test_also_where_a_variable_holds_it_for_one_place(marked):
    code = "def f(x):\n    y = x.replace('/', '%2F')\n    return '/i/' + ^y^\n"
    source, value = marked(IMPORT + code)
    edits = quote_instead(source, value, safe="", coercion=Coercion.TEXT)
    fixed = "def f(x):\n    y = quote(x, safe='')\n    return '/i/' + y\n"
    assert apply(source, edits).text == IMPORT + fixed


def test_a_variable_that_others_read_is_not_escaped_a_second_time(marked):
    code = "def f(x):\n    y = x.replace('/', '%2F')\n    print(y)\n    return '/i/' + ^y^\n"
    source, value = marked(IMPORT + code)
    assert is_escaped_by_hand(source, value)
    assert quote_instead(source, value, safe="", coercion=Coercion.TEXT) == Refusal(
        "its escapes come from `replace()`, and would be escaped again"
    )


@pytest.mark.parametrize("code", ["^x^", "^x.replace('a', 'b')^", "^x.lower()^", "^quote(x)^"])
def test_other_values_are_not_escaped_by_hand(code, marked):
    source, value = marked(f"{IMPORT}r = '/i/' + {code}\n")
    assert not is_escaped_by_hand(source, value)
