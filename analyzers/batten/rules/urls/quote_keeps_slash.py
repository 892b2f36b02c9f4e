"""## What it reports

A value that is escaped on its way into a URL, but keeps a character that ends the place where it
stands: `/` in a single segment of a path, which `quote` keeps unless it is told otherwise; `?` or
`#` in a path and `&` or `#` in a query, where they are named in `safe=`.

## Why it matters

`quote("../admin")` is `../admin`: the request goes to another resource, though the code looks
escaped. With `safe="&"` a value brings parameters of its own along.

## Example

    requests.get("https://api.example/users/" + quote(name) + "/keys")

## Use instead

    requests.get("https://api.example/users/" + quote(name, safe="") + "/keys")

## What it does not report

Slashes in a query, where they mean nothing; values with slashes that are meant, which is
taken from names (`path`, `key`, `file`, `branch`); a call of `quote` in the last segment of a
path, which may well be a path by itself; items of a join; whole queries, such as `urlencode`
makes, which keep `&` and `=`. A kept `/` is a note, since the service may want it; the other
characters are a warning.

## Fix safety

Letters, digits, `-`, `.`, `_` and `~` are sent as before, byte for byte. The fix is unsafe all the
same: a slash in the value, or what `safe=` names, is escaped from then on, and only people can say
that it was never meant. There is a fix where the call of `quote` stands in the URL itself:
text that was escaped before must not be escaped again.

## References

- RFC 3986, sections 2.2, 3.3 and 3.4
- CWE-116: Improper Encoding or Escaping of Output
- CWE-22: Path Traversal
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from batten.grammars.url import Context
from batten.link.evidence import is_address_name
from batten.link.flow import LeafKind
from batten.rewrite.edit import Fix, Level
from batten.rewrite.refusal import Refusal
from batten.rules.finding import Severity, Witness
from batten.rules.rule import Example, Rule
from batten.rules.urls.hole import place, reported, sends, sent, shown
from batten.rules.urls.slashes import is_named_with_slashes, is_rest_of_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.flow import Flow
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText

# The characters that end the place, the worst first. Slashes are judged apart.
_ENDS = {
    Context.PATH_SEGMENT: "?#",
    Context.PATH_PART: "?#",
    Context.QUERY_NAME: "&=#",
    Context.QUERY_VALUE: "&#",
}
_QUERY_DELIMITERS = frozenset("&=")
_HOSTILE = {"?": "x?admin=1", "#": "x#", "&": "a&limit=0", "=": "admin=1", "/": "../admin"}
_TELLS_NOTHING = re.compile("quote|escape|encode|^$", re.IGNORECASE)


def check(flow: Flow) -> Finding | None:
    """Report an escaped value that keeps what ends its place."""
    kept = _kept(flow)
    harmful = next((character for character in _ends(flow) if character in kept), None)
    if harmful is None:
        return None
    leaf = next(leaf for leaf in flow.leaves if harmful in leaf.kept)
    value = _HOSTILE[harmful]
    before, after = (sent(flow, quote(value, safe=safe)) for safe in (leaf.kept, _narrowed(flow)))
    message = (
        f"{shown(flow)} {leaf.why}, which keeps `{harmful}`, in {place(flow)} of a URL:"
        f" with `{value}` it would {sends(flow)} `{before}`"
    )
    severity = Severity.NOTE if harmful == "/" else Severity.WARNING
    witness = Witness(value, before, after)
    return reported(flow, "BTN103", "quote-keeps-slash", severity, message, witness)


def fix(flow: Flow, source: SourceText) -> Iterator[Fix | Refusal]:
    """Propose to keep nothing that ends the place, where `quote` is called in the URL itself."""
    from batten.rewrite.kept import keep_only  # only for fixes: findings do without

    safe = _narrowed(flow)
    edits = keep_only(source, flow.span, safe=safe)
    if isinstance(edits, Refusal):
        yield edits
        return
    escaped = " ".join(f"`{character}`" for character in sorted(_kept(flow) - set(safe)))
    yield Fix(f"Let quote() escape {escaped} too", Level.UNSAFE, edits, preferred=True)


def _kept(flow: Flow) -> frozenset[str]:
    """Return what the value's escaping keeps; nothing where the value may be something worse."""
    if flow.leaves[0].kind is not LeafKind.ESCAPED:
        return frozenset()
    return frozenset("".join(leaf.kept for leaf in flow.leaves))


def _narrowed(flow: Flow) -> str:
    """Return the characters that the escaping may go on keeping."""
    ends = _ENDS[flow.context] + ("/" if flow.context is Context.PATH_SEGMENT else "")
    return "".join(sorted(_kept(flow) - set(ends)))


def _ends(flow: Flow) -> str:
    """Return the characters that must not be kept in the hole, the worst first."""
    if _kept(flow) >= _QUERY_DELIMITERS and "?" not in _kept(flow):
        # What keeps just the delimiters of a query escapes whole queries, as `urlencode` does.
        return ""
    ends = _ENDS.get(flow.context, "")
    single = flow.context is Context.PATH_SEGMENT and flow.join is None
    return f"{ends}/" if single and not _slashes_may_be_meant(flow) else ends


def _slashes_may_be_meant(flow: Flow) -> bool:
    named = is_address_name(flow.name) or is_named_with_slashes(flow.name)
    if named or is_rest_of_route(flow):
        return True
    return bool(_TELLS_NOTHING.search(flow.name)) and not flow.after.startswith("/")


RULE = Rule(
    code="BTN103",
    name="quote-keeps-slash",
    family="urls",
    summary="A value is escaped, but keeps a character that ends its place in a URL.",
    severity=Severity.NOTE,
    cwe=(116, 22),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="quote() as it comes",
            bad=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def keys(name):\n"
                '    url = "https://api.example/users/" + quote(name) + "/keys"\n'
                "    return requests.get(url)\n"
            ),
            fixed=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def keys(name):\n"
                '    url = "https://api.example/users/" + quote(name, safe="") + "/keys"\n'
                "    return requests.get(url)\n"
            ),
            good=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def content(path):\n"
                '    return requests.get("https://api.example/files/" + quote(path))\n'
            ),
        ),
    ),
    check=check,
    fix=fix,
)
