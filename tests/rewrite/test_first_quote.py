"""Taking the first of two escapings away: what is escaped again stands between carets."""

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.first_quote import without_first_quote
from batten.rewrite.refusal import Refusal

IMPORT = "from urllib.parse import quote\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("r = quote(^quote(x)^)\n", "r = quote(x)\n"),
        (
            "def f(n):\n    g(quote(^n^))\n\n\nf(quote(x))\nf(y)\nf(n=quote(z))\n",
            "def f(n):\n    g(quote(n))\n\n\nf(x)\nf(y)\nf(n=z)\n",
        ),
        (
            "def f(a, *, n: str = ''):\n    g(quote(^n^))\n\n\nf(quote(x), n=quote(z))\n",
            "def f(a, *, n: str = ''):\n    g(quote(n))\n\n\nf(quote(x), n=z)\n",
        ),
        (
            "class C:\n    def f(self, n):\n        g(quote(^n^))\n\n"
            "    def h(self, x):\n        self.f(quote(x))\n        other.f(quote(x))\n",
            "class C:\n    def f(self, n):\n        g(quote(n))\n\n"
            "    def h(self, x):\n        self.f(x)\n        other.f(quote(x))\n",
        ),
        (
            "def f(n):\n    g(quote(^n^))\n\n\ndef h(x):\n    q = quote(x)\n    f(q)\n",
            "def f(n):\n    g(quote(n))\n\n\ndef h(x):\n    q = x\n    f(q)\n",
        ),
    ],
)
def test_the_first_quote_goes(before, after, marked):
    source, value = marked(IMPORT + before)
    edits = without_first_quote(source, value)
    assert not isinstance(edits, Refusal), edits.reason
    assert apply(source, edits).text == IMPORT + after


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(n):\n    g(quote(^n^))\n", "`n` is escaped first in code that is not seen"),
        (
            "def f(n):\n    g(quote(^n^))\n\n\nf(*quote(x))\n",
            "`n` is escaped first in code that is not seen",
        ),
        (
            "def f(n):\n    n = n.lower()\n    g(quote(^n^))\n\n\nf(quote(x))\n",
            "`n` is given another value on the way",
        ),
        (
            "@route\ndef f(n):\n    g(quote(^n^))\n\n\nf(quote(x))\n",
            "`n` is escaped first in code that is not seen",
        ),
        ("def f():\n    g(quote(^n^))\n", "it is not a call of `quote`"),
        ("g(quote(^n^))\n", "it is not a call of `quote`"),
    ],
)
def test_it_stays_where_it_is_not_plain_whose_it_is(code, reason, marked):
    source, value = marked(IMPORT + code)
    assert without_first_quote(source, value) == Refusal(reason)
