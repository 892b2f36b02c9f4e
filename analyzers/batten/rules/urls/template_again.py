"""## What it reports

A value in text that is then used as a template itself: `("/users/%s/%%s" % name) % key`,
`f"/users/{name}/%s" % key`, `("/users/" + name + "/{}").format(key)`.

## Why it matters

The second step reads the value, too. For `%`, the `%2F` of an escaped value is a conversion that is
not finished: TypeError, ValueError, or a number in the middle of the URL. For `format`, a value
with braces is a field: `{0.__class__}` reads attributes of what is filled in, and a lone
brace is a ValueError.

## Example

    requests.get((f"https://api.example/users/{quote(name)}" + "/keys/%s") % number)

## Use instead

Fill all holes in one step:

    requests.get(f"https://api.example/users/{quote(name)}/keys/{number}")

## What it does not report

Base addresses in front of a template (`BASE + "/users/%s" % name` does not read `BASE` again, and
where it is read, it has no `%`); constants, numbers and ids; escaped values in a template for
`format`, as `quote` escapes braces.

## Fix safety

There is advice only: the steps have to be put together by hand.

## References

- CWE-134: Use of Externally-Controlled Format String
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from batten.grammars.url import Context
from batten.link.evidence import is_address_name
from batten.link.flow import LeafKind
from batten.models.model import Control
from batten.rules.declared import fixing
from batten.rules.finding import Severity, Witness
from batten.rules.rule import Example, Rule
from batten.rules.urls.hole import reported, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow, Leaf
    from batten.rules.finding import Finding

_PARTS = frozenset(
    {
        Context.PATH_SEGMENT,
        Context.PATH_PART,
        Context.QUERY,
        Context.QUERY_NAME,
        Context.QUERY_VALUE,
        Context.FRAGMENT,
    }
)
_FINISHED = frozenset({LeafKind.COMPOSED, LeafKind.PIECE})
_RAW = frozenset({LeafKind.UNKNOWN, LeafKind.CONTROLLED})
_STEPS = {"%": "`%`", "{": "`format()`", "$": "`substitute()`"}


def check(flow: Flow) -> Finding | None:
    """Report a value in text that is read as a template again."""
    if not flow.reread or flow.context not in _PARTS or is_address_name(flow.name):
        return None
    if not _FINISHED.isdisjoint(leaf.kind for leaf in flow.leaves):
        return None
    leaf = next((leaf for leaf in flow.leaves if _can_break(leaf, flow.reread)), None)
    if leaf is None:
        return None
    witness = _witness(flow, leaf)
    message = (
        f"{shown(flow)} {leaf.why} and goes into text that {_STEPS[flow.reread]} then reads as a"
        f" template: with `{witness.value}` {_told(witness.before)}"
    )
    severity = _severity(leaf, flow.reread)
    return reported(flow, "BTN108", "template-again", severity, message, witness)


def _can_break(leaf: Leaf, style: str) -> bool:
    return leaf.kind in _RAW or (style == "%" and leaf.kind is LeafKind.ESCAPED)


def _severity(leaf: Leaf, style: str) -> Severity:
    if style == "%":
        return Severity.WARNING
    return Severity.WARNING if leaf.control is Control.REMOTE else Severity.NOTE


def _witness(flow: Flow, leaf: Leaf) -> Witness:
    if flow.reread == "{":
        return Witness("{", "nothing: its `{` is read as the beginning of a field", None)
    if flow.reread == "$":
        return Witness("$name", "nothing: `$name` is read as a placeholder", None)
    if leaf.kind is LeafKind.ESCAPED:
        read = quote("a/b c", safe=leaf.kept)
        return Witness(
            "a/b c", f"nothing: `{read[read.index('%') :]}` is read as a conversion", None
        )
    return Witness("100%", "nothing: its `%` is read as a conversion", None)


def _told(before: str) -> str:
    nothing, _, why = before.partition("nothing: ")
    return f"it would send `{before}`" if nothing or not why else f"nothing is sent: {why}"


RULE = Rule(
    code="BTN108",
    name="template-again",
    family="urls",
    summary="Text with a value in it is used as a template again.",
    severity=Severity.WARNING,
    cwe=(134,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="escaped, then formatted",
            bad=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def key(name, number: int):\n"
                '    url = "https://api.example/users/" + quote(name, safe="") + "/keys/%d"\n'
                "    return requests.get(url % number)\n"
            ),
            fixed=None,
            good=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def key(name, number: int):\n"
                '    url = "https://api.example/users/%s/keys/%d"\n'
                '    return requests.get(url % (quote(name, safe=""), number))\n'
            ),
        ),
    ),
    check=check,
    fix=fixing(advice="Put {value} in with the last step, where it is not read again"),
)
