"""Taking `quote` away from around a text."""

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.refusal import Refusal
from batten.rewrite.unwrap import unwrap

IMPORT = "from urllib.parse import quote, quote_plus, urlencode\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{'n': ^quote(x)^}", "{'n': x}"),
        ("{'n': ^quote(x, safe='')^}", "{'n': x}"),
        ("{'n': ^(quote_plus(x))^}", "{'n': (x)}"),
        ("{'n': ^quote(str(x), '')^}", "{'n': str(x)}"),
        ("{'n': ^quote(x['a'].b)^}", "{'n': x['a'].b}"),
        ("^quote(a + b)^ + c", "(a + b) + c"),
        ("^quote('a')^.lower()", "('a').lower()"),
        ("f'/{^quote(x, safe=\"\")^}'", "f'/{x}'"),
        ("^quote(\n    x,\n    safe='',\n)^", "x"),
        ("^quote(f(\n    x,\n))^", "(f(\n    x,\n))"),
    ],
)
def test_the_text_stands_alone(before, after, marked):
    source, call = marked(f"{IMPORT}r = {before}\n")
    assert apply(source, unwrap(source, call)).text == f"{IMPORT}r = {after}\n"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("r = ^urlencode(x)^", "it is not a call of `quote`"),
        ("r = ^x^", "it is not a call of `quote`"),
        ("def f(quote): return ^quote(x)^", "it is not a call of `quote`"),
        ("r = ^quote(*x)^", "the arguments of `quote` are not in sight"),
        ("r = ^quote(string=x)^", "the arguments of `quote` are not in sight"),
        ("r = ^quote(x,  # why\n)^", "there is a comment in the call"),
        ("r = quote(^x^", "the document has a syntax error on line 2"),
    ],
)
def test_what_can_not_be_unwrapped_is_refused_with_the_reason(code, reason, marked):
    source, call = marked(f"{IMPORT}{code}\n")
    assert unwrap(source, call) == Refusal(reason)


def test_a_variable_that_holds_the_call_for_one_place_stands_for_it(marked):
    source, call = marked(f"{IMPORT}def f(x):\n    q = quote(x)\n    return {{'n': ^q^}}\n")
    fixed = apply(source, unwrap(source, call)).text
    assert fixed == f"{IMPORT}def f(x):\n    q = x\n    return {{'n': q}}\n"
