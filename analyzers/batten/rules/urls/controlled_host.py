"""## What it reports

A value from a remote client (a parameter, a form field, a header or the body of a request that
a web application answers) that is put into the scheme, the user info, the host or the port of
a URL that the application then requests. A value right behind the text of a host counts: in
`"https://api.example" + path` there is no `/` that ends the host. So does one right behind an
address that is not known, as in `self.base + path`: nothing says that it ends with a `/`.

## Why it matters

Who chooses the host chooses who gets the request, with the tokens and cookies that go with it,
and makes the server reach into networks that are closed to people outside. Behind
`https://api.example`, the value `.evil.example/` gives a host of the attacker, and
`@evil.example/` turns the text before it into a user name.

## Example

    requests.get("https://" + request.args["region"] + ".api.example/status")

## Use instead

A fixed table of what may be chosen:

    HOSTS = {"eu": "https://eu.api.example", "us": "https://us.api.example"}
    requests.get(HOSTS[request.args["region"]] + "/status")

or a check with `re.fullmatch("[a-z0-9-]{1,63}", region)`, `int(port)`, the client's own
`auth=` for names and passwords, and a `/` at the end of the host's text. Escaping does not
help: `evil.example` has nothing to escape, and some clients decode the host again.

## What it does not report

Hosts from settings, the environment, the command line, `input()` or parameters of a
constructor: people may choose their server. Values that were checked against a fixed set or a
pattern, numbers, and values that were escaped. The path of the request itself behind a host: web
frameworks see to it that it begins with a slash. What stands right behind an address that the
environment gives is taken to be in its path (BTN101).

## Fix safety

There is no quick fix: which hosts are allowed is for people to say.

## References

- RFC 3986, section 3.2
- CWE-918: Server-Side Request Forgery (SSRF)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.url import Context, Place
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.advice import allow_hosts
from batten.rules.urls.control import (
    AUTHORITY,
    REQUESTS,
    begins_with_slash,
    doubt,
    remote,
    takeover,
)
from batten.rules.urls.hole import reported, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Finding


def check(flow: Flow) -> Finding | None:
    """Report a value from a remote client in the scheme or authority of a request's URL."""
    behind = flow.context is Context.REST and flow.place is Place.BASE
    if not (flow.context in AUTHORITY or behind) or flow.sink.kind not in REQUESTS:
        return None
    goes_on = behind or (flow.context is Context.HOST and flow.place is Place.HOST)
    leaves = (leaf for leaf in remote(flow) if not (goes_on and begins_with_slash(leaf)))
    leaf = next(leaves, None)
    if leaf is None:
        return None
    witness = takeover(flow, leaf, "")
    place = f"goes into the {flow.context.value} of a URL"
    if behind:
        place = "goes on with an address, of which nobody knows whether a `/` ends it,"
    elif goes_on:
        place = "goes on with the host of a URL, as no `/` stands before it,"
    message = (
        f"{shown(flow)} {place} and {leaf.why}{doubt(leaf)}:"
        f" with `{witness.value}` it would send `{witness.before}`"
    )
    return reported(flow, "BTN104", "controlled-host", Severity.ERROR, message, witness)


RULE = Rule(
    code="BTN104",
    name="controlled-host",
    family="urls",
    summary="A remote client chooses the host, port, scheme or user of a URL that is requested.",
    severity=Severity.ERROR,
    cwe=(918,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a region that becomes a host",
            bad=(
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/status")\n'
                "def status():\n"
                '    region = request.args["region"]\n'
                '    return requests.get(f"https://{region}.api.example/status").text\n'
            ),
            fixed=None,
            good=(
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                'HOSTS = {"eu": "https://eu.api.example", "us": "https://us.api.example"}\n'
                "\n"
                '@app.get("/status")\n'
                "def status():\n"
                '    region = request.args["region"]\n'
                '    return requests.get(HOSTS[region] + "/status").text\n'
            ),
        ),
        Example(
            title="no slash behind the host",
            bad=(
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/report")\n'
                "def report():\n"
                '    rest = request.args["rest"]\n'
                '    return requests.get("https://api.example" + rest).text\n'
            ),
            fixed=None,
            good=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "from flask import Flask, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.get("/report")\n'
                "def report():\n"
                '    rest = request.args["rest"]\n'
                '    return requests.get("https://api.example/" + quote(rest, safe="")).text\n'
            ),
        ),
    ),
    check=check,
    fix=allow_hosts,
)
