"""## What it reports

A value from a remote client (a parameter, a form field, a header or the body of a request that
a web application answers) that is the whole URL of a request, or its beginning with the host.
So is what begins a reference that is resolved against an address, as in `urljoin(BASE, value)`:
one that is an address itself replaces that. Websockets and browsers that the program drives
count as well.

## Why it matters

This is server-side request forgery: the request goes out from inside. With
`http://169.254.169.254/` it asks a cloud's metadata service for credentials, with
`http://localhost:8080/` an administration page that trusts the machine it runs on; some
clients read `file:///etc/passwd`, too.

## Example

    requests.get(request.args["url"])

## Use instead

Let the client choose a name, and look up the address in a table of your own:

    FEEDS = {"news": "https://news.example/feed", "blog": "https://blog.example/feed"}
    requests.get(FEEDS[request.args["feed"]])

or check that the URL is in a fixed set. Where every address on the Internet has to be possible,
as for web hooks, compare the parsed scheme and host, resolve the host and refuse private
addresses, connect to the address that was checked, and follow no redirects.

## What it does not report

Addresses from settings, the environment, the command line, `input()` or parameters of a
constructor: people may choose their server. URLs that were checked to be in a fixed set or to
match a full pattern.

## Fix safety

There is no quick fix: which addresses are allowed is for people to say.

## References

- OWASP Server-Side Request Forgery Prevention Cheat Sheet
- CWE-918: Server-Side Request Forgery (SSRF)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.url import Context, hostile
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.advice import allow_addresses
from batten.rules.urls.control import REQUESTS, as_address, choosing, doubt, role, takeover
from batten.rules.urls.hole import reported, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Finding


def check(flow: Flow) -> Finding | None:
    """Report a value from a remote client that is the URL of a request, or its head."""
    leaf = next(choosing(flow), None)
    if leaf is None or flow.sink.kind not in REQUESTS:
        return None
    address = as_address(flow)
    witness = takeover(address, leaf, hostile(Context.WHOLE))
    message = (
        f"{shown(flow)} {role(flow, 'a request')} and {leaf.why}{doubt(leaf)}:"
        f" with `{witness.value}` it would send `{witness.before}`"
    )
    return reported(address, "BTN105", "controlled-url", Severity.ERROR, message, witness)


RULE = Rule(
    code="BTN105",
    name="controlled-url",
    family="urls",
    summary="A remote client chooses the URL that is requested (SSRF).",
    severity=Severity.ERROR,
    cwe=(918,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a URL from a parameter",
            bad=(
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/preview")\n'
                "def preview():\n"
                '    address = request.args["address"]\n'
                "    return requests.get(address).text\n"
            ),
            fixed=None,
            good=(
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                'FEEDS = {"news": "https://news.example/feed", "blog": "https://blog.example/"}\n'
                "\n"
                '@app.get("/preview")\n'
                "def preview():\n"
                '    return requests.get(FEEDS[request.args["feed"]]).text\n'
            ),
        ),
    ),
    check=check,
    fix=allow_addresses,
)
