"""## What it reports

A value from a remote client that is a whole segment of a path, escaped, but not checked for `.`
and `..`, on its way to a client that resolves such segments before it sends.

## Why it matters

No escaping helps against `..`: it has no special character, and `%2E%2E` means the same. With it
the request goes to another resource: `/users/../keys` is sent as `/keys`. `DELETE /users/..`
may delete more than one user.

## Example

    requests.get("https://api.example/users/" + quote(request.args["name"], safe="") + "/keys")

## Use instead

    name = request.args["name"]
    if name in ("", ".", ".."):
        abort(400)
    requests.get("https://api.example/users/" + quote(name, safe="") + "/keys")

or a check that a name has the form that names have: `re.fullmatch(r"[a-z][a-z0-9-]*", name)`.

## What it does not report

Values that are not escaped, which another rule reports; values that do not come from a remote
client; a segment with other text in it; the first segment of a path, above which there is
nothing; clients that send `..` as it is; values that were compared with `..` or checked by a
function whose name says so (`is_valid`, `check_name`).

## Fix safety

There is advice only: what to answer is for people to say.

## References

- RFC 3986, sections 3.3 and 5.2.4
- CWE-22: Path Traversal
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.grammars.wire import walks_dots
from batten.link.flow import LeafKind
from batten.models.model import Control
from batten.rules.declared import fixing
from batten.rules.finding import Severity, Witness
from batten.rules.rule import Example, Rule
from batten.rules.urls.control import REQUESTS
from batten.rules.urls.hole import reported, sent, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow, Leaf
    from batten.rules.finding import Finding

# What stands in front of the path: a scheme and a host, or a base address that is not known.
_BASE = re.compile(r"(?:[\w+.-]+|\{[^{}]*\})://[^/]*|\{[^{}]*\}")


def check(flow: Flow) -> Finding | None:
    """Report an escaped segment that a remote client chooses and that may be `..`."""
    if flow.context is not Context.PATH_SEGMENT or flow.sink.kind not in REQUESTS:
        return None
    if not walks_dots(flow.sink.client) or not _is_below_something(flow.sent_before):
        return None
    leaf = next((leaf for leaf in flow.leaves if _may_be_dots(leaf)), None)
    if leaf is None:
        return None
    witness = Witness("..", sent(flow, ".."), None)
    source = f" (`{leaf.source}`)" if leaf.source else ""
    message = (
        f"{shown(flow)} comes from a remote client{source} and may be `..`, which no escaping"
        f" changes: {flow.sink.client} would send `{witness.before}`"
    )
    return reported(flow, "BTN109", "dot-segment", Severity.WARNING, message, witness)


def _may_be_dots(leaf: Leaf) -> bool:
    chosen = leaf.kind is LeafKind.ESCAPED and leaf.control is Control.REMOTE
    return chosen and not leaf.checked and not leaf.undotted


def _is_below_something(before: str) -> bool:
    """Tell whether the path has a segment in front of this one that `..` would take away."""
    base = _BASE.match(before)
    path = before[base.end() :] if base else before
    return bool(path.strip("/"))


RULE = Rule(
    code="BTN109",
    name="dot-segment",
    family="urls",
    summary="A remote client's value may be `..` in the path of a URL.",
    severity=Severity.WARNING,
    cwe=(22,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="quoted, not checked",
            bad=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/keys")\n'
                "def keys():\n"
                '    name = quote(request.args["name"], safe="")\n'
                '    return requests.get(f"https://api.example/users/{name}/keys").text\n'
            ),
            fixed=None,
            good=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "from flask import Flask, abort, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/keys")\n'
                "def keys():\n"
                '    name = request.args["name"]\n'
                '    if name in ("", ".", ".."):\n'
                "        abort(400)\n"
                '    segment = quote(name, safe="")\n'
                '    return requests.get(f"https://api.example/users/{segment}/keys").text\n'
            ),
        ),
    ),
    check=check,
    fix=fixing(advice="Refuse {value} when it is empty, `.` or `..`"),
)
