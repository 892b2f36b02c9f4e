"""## What it reports

A value from a remote client that goes raw into the URL of a redirect, where the framework passes
CR and LF on as they are.

## Why it matters

The URL becomes a line of the answer, `Location: ...`. A value with a line end in it writes more
lines: headers such as `Set-Cookie`, or a whole second answer (response splitting). Whether that
gets out depends on the server in front; one that refuses it answers with an error instead.

## Example

    raise falcon.HTTPFound("/search#" + req.get_param("q"))

## Use instead

    raise falcon.HTTPFound("/search#" + falcon.uri.encode_value(req.get_param("q")))

## What it does not report

Frameworks and clients that encode line ends, delete them or refuse the URL, which most do; values
that were escaped or checked; the path and the headers of the request itself, which hold no line
ends.

## Fix safety

There is no quick fix of its own; the fixes for unescaped values cure this as well.

## References

- CWE-93: Improper Neutralization of CRLF Sequences
- CWE-113: HTTP Request/Response Splitting
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.grammars.wire import keeps_line_ends
from batten.rules.finding import Severity, Witness
from batten.rules.rule import Example, Rule, no_fix
from batten.rules.urls.control import in_links, remote
from batten.rules.urls.hole import reported, sent, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Finding

_VALUE = "x\r\nSet-Cookie: a=b"


def check(flow: Flow) -> Finding | None:
    """Report raw text from a remote client where line ends are passed on."""
    if flow.context is Context.ESCAPED or not keeps_line_ends(flow.sink.client):
        return None
    leaf = next((leaf for leaf in remote(flow) if in_links(leaf)), None)
    if leaf is None:
        return None
    value = _visible(_VALUE)
    witness = Witness(value, _visible(sent(flow, _VALUE)), None)
    message = (
        f"{shown(flow)} {leaf.why} and may hold line ends, which {flow.sink.client} passes on:"
        f" with `{value}` it would answer `{witness.before}`"
    )
    return reported(flow, "BTN112", "line-ends-in-url", Severity.WARNING, message, witness)


def _visible(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n")


RULE = Rule(
    code="BTN112",
    name="line-ends-in-url",
    family="urls",
    summary="A remote client's value may bring line ends into a redirect.",
    severity=Severity.WARNING,
    cwe=(93, 113),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a search that is handed on",
            bad=(
                "import falcon\n"
                "\n"
                "class Search:\n"
                "    def on_get(self, req: falcon.Request, resp: falcon.Response):\n"
                '        raise falcon.HTTPFound("/search#" + req.get_param("q"))\n'
            ),
            fixed=None,
            good=(
                "import falcon\n"
                "\n"
                "class Search:\n"
                "    def on_get(self, req: falcon.Request, resp: falcon.Response):\n"
                '        text = falcon.uri.encode_value(req.get_param("q"))\n'
                '        raise falcon.HTTPFound("/search#" + text)\n'
            ),
        ),
    ),
    check=check,
    fix=no_fix,
)
