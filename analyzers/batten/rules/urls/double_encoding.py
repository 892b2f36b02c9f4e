"""## What it reports

A value that is escaped already and is escaped again: by another `quote`, by `urlencode`, by a
function of the program that quotes what it is given, or by a client that encodes `params=`.

## Why it matters

The `%` of the first escaping is escaped by the second: `a b` is sent as `a%2520b`. A server decodes
once and sees `a%20b`, so whatever has a blank, a slash or an umlaut in its name is not found, or
is stored under a wrong name.

## Example

    requests.get("https://api.example/search", params={"q": quote(text)})

## Use instead

Escape once, in the last step:

    requests.get("https://api.example/search", params={"q": text})

## What it does not report

Text with other text around it, such as a URL with an escaped path that goes into a query value as
a whole; whole queries in a query value; escapers that keep `%`, and `urlencode` with
`safe=` or `quote_via=`. Where the value is escaped already on some ways only, it is a note.

## Fix safety

Where the first call of `quote` stands in the place itself, or where functions of the same file give
the value, it is taken away. The fix is unsafe:
letters, digits, `-`, `.`, `_` and `~` are sent as before, byte for byte, but all else is escaped
only once from then on. Where a service really asks for two escapings, say so in a comment that
turns the rule off.

## References

- RFC 3986, section 2.4
- CWE-174: Double Decoding of the Same Data
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from batten.grammars.url import Context, Place
from batten.link.flow import LeafKind
from batten.rewrite.edit import Level
from batten.rules.declared import Way, fixing
from batten.rules.finding import Severity, Witness
from batten.rules.rule import Example, Rule
from batten.rules.urls.hole import reported, sent, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow, Leaf
    from batten.rewrite.edit import Edit
    from batten.rewrite.refusal import Refusal
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span

_VALUE = "a b"
# What is proven harmless, or constant, may go through any number of escapings.
_SILENT = frozenset({LeafKind.CONSTANT, LeafKind.HARMLESS})
_WRAPPED_UP = frozenset("&=?:")


def check(flow: Flow) -> Finding | None:
    """Report an escaped value that is given to an escaper."""
    if flow.context not in (Context.ESCAPED, Context.PARAMETER):
        return None
    leaf = next((leaf for leaf in flow.leaves if _is_escaped(leaf, flow.place)), None)
    if leaf is None:
        return None
    once = quote(_VALUE, safe="")
    twice = quote(once, safe="")
    flow = flow if flow.sent_before else replace(flow, sent_before="{...}/")
    witness = Witness(_VALUE, sent(flow, twice), sent(flow, once))
    # The name of a call says no more than what it is escaped by.
    subject = "the value" if f"`{flow.name}()`" in leaf.why else shown(flow)
    again = "here" if flow.context is Context.ESCAPED else "as a query parameter"
    message = (
        f"{subject} {leaf.why} already and is escaped once more {again}:"
        f" `{_VALUE}` would be sent as `{twice}`"
    )
    always = all(leaf.kind in _SILENT or leaf.kind is LeafKind.ESCAPED for leaf in flow.leaves)
    severity = Severity.WARNING if always else Severity.NOTE
    return reported(flow, "BTN107", "double-encoding", severity, message, witness)


def _is_escaped(leaf: Leaf, place: Place) -> bool:
    """Tell whether a value is escaped, and is no whole query or URL that is wrapped up here."""
    if leaf.kind is not LeafKind.ESCAPED:
        return False
    return place is Place.ESCAPER or _WRAPPED_UP.isdisjoint(leaf.kept)


def _without_first_quote(source: SourceText, value: Span) -> tuple[Edit, ...] | Refusal:
    from batten.rewrite.first_quote import without_first_quote  # only for fixes

    return without_first_quote(source, value)


RULE = Rule(
    code="BTN107",
    name="double-encoding",
    family="urls",
    summary="A value that is escaped already is escaped again.",
    severity=Severity.WARNING,
    cwe=(174,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="quoted for a client that quotes",
            bad=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def search(text):\n"
                '    params = {"q": quote(text), "limit": 10}\n'
                '    return requests.get("https://api.example/search", params=params)\n'
            ),
            fixed=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def search(text):\n"
                '    params = {"q": text, "limit": 10}\n'
                '    return requests.get("https://api.example/search", params=params)\n'
            ),
            good=(
                "import requests\n"
                "\n"
                "def search(text):\n"
                '    params = {"q": text, "limit": 10}\n'
                '    return requests.get("https://api.example/search", params=params)\n'
            ),
        ),
        Example(
            title="a helper that quotes what is quoted",
            bad=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def item(name):\n"
                '    return requests.get("https://api.example/items/" + quote(name, safe=""))\n'
                "\n"
                "def item_of(user):\n"
                '    return item(quote(user.title, safe=""))\n'
            ),
            fixed=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def item(name):\n"
                '    return requests.get("https://api.example/items/" + quote(name, safe=""))\n'
                "\n"
                "def item_of(user):\n"
                "    return item(user.title)\n"
            ),
            good=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def item(name):\n"
                '    return requests.get("https://api.example/items/" + quote(name, safe=""))\n'
                "\n"
                "def item_of(user):\n"
                "    return item(user.title)\n"
            ),
        ),
    ),
    check=check,
    fix=fixing(
        Way("Leave the first quote() out", Level.UNSAFE, _without_first_quote),
        advice="Escape {value} once, in the last step",
    ),
)
