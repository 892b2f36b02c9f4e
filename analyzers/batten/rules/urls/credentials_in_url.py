"""## What it reports

A password in front of the host of a URL that is requested, `https://user:password@host/`: written
out, or put in. Also, as a note, a value of a query parameter whose name says that it is a
credential: `password`, `secret`, `client_secret`, `access_token` and the like.

## Why it matters

URLs are shown and kept where nobody looks for secrets: in logs of servers and proxies, in
messages of exceptions, in histories, in the `Referer` header. A password that is written out is
known to all who can read the program.

## Example

    requests.get(f"https://{user}:{password}@api.example/items")

## Use instead

    requests.get("https://api.example/items", auth=(user, password))

and for tokens a header: `headers={"Authorization": f"Bearer {token}"}`.

## What it does not report

Addresses of databases and other services that are no requests over HTTP; user names alone;
passwords written out in tests. A password that comes from settings, the environment or the command
line is a note.

## Fix safety

There is advice only: which arguments a client takes for the credentials differs, and a secret that
was written out has to be changed, too.

## References

- RFC 3986, sections 3.2.1 and 7.5
- CWE-522: Insufficiently Protected Credentials
- CWE-598: Use of GET Request Method With Sensitive Query Strings
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars.address import address
from batten.grammars.secret_parameters import secret_parameter
from batten.grammars.url import Context, Place
from batten.link.flow import LeafKind
from batten.link.index import is_test
from batten.models.model import Control
from batten.rules.declared import fixing
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.control import REQUESTS
from batten.rules.urls.hole import reported, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow, Leaf
    from batten.rules.finding import Finding

_SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|pwd|secret|token|api_?key)$", re.IGNORECASE
)
_SCHEME = re.compile(r"(?:https?|wss?|\{[^{}]*\})?(?:://)?(?=[^/]*$)", re.IGNORECASE)
_SETTINGS = frozenset({Control.ENVIRONMENT, Control.COMMAND_LINE, Control.INPUT})


def check(flow: Flow) -> Finding | None:
    """Report a password in the authority of a request's URL, or a credential in its query."""
    if flow.sink.kind not in REQUESTS:
        return None
    if flow.literal:
        return _written_out(flow)
    if flow.context is Context.USERINFO:
        return _put_in(flow)
    if flow.context is Context.QUERY_VALUE or flow.place is Place.PARAMETER:
        return _in_query(flow)
    return None


def _written_out(flow: Flow) -> Finding | None:
    known = address(flow.before)
    if known is None or not known.password or "{" in known.password or is_test(flow.path):
        return None
    message = (
        "a password is written into this URL of a request: URLs get logged, and who reads the"
        " program knows it; hand it over with the client's `auth=`"
    )
    return _reported(flow, Severity.WARNING, message)


def _put_in(flow: Flow) -> Finding | None:
    if flow.place is not Place.PORT and not _SECRET.search(flow.name):
        return None
    if "://" in flow.sent_before and not _SCHEME.match(flow.sent_before):
        return None
    worst = flow.leaves[0]
    if worst.kind is LeafKind.HARMLESS or worst.control is Control.REMOTE:
        # Whoever chooses the user info chooses the host: another rule reports that.
        return None
    message = (
        f"{shown(flow)} is a password in the URL of a request: URLs get logged;"
        " hand it over with the client's `auth=`"
    )
    severity = Severity.NOTE if _is_setting(worst) else Severity.WARNING
    return _reported(flow, severity, message)


def _is_setting(leaf: Leaf) -> bool:
    """Tell whether a value comes from outside of the program's text, by those who run it."""
    return leaf.control in _SETTINGS or (leaf.kind is LeafKind.CONSTANT and not leaf.is_text)


def _in_query(flow: Flow) -> Finding | None:
    name = secret_parameter(flow.before)
    if not name or flow.leaves[0].kind is LeafKind.HARMLESS:
        return None
    message = (
        f"{shown(flow)} is sent as `{name}` in the query of a URL: URLs get logged;"
        " send it in a header or in the body"
    )
    return _reported(flow, Severity.NOTE, message)


def _reported(flow: Flow, severity: Severity, message: str) -> Finding:
    return reported(flow, "BTN110", "credentials-in-url", severity, message, None)


RULE = Rule(
    code="BTN110",
    name="credentials-in-url",
    family="urls",
    summary="A password stands in the URL of a request.",
    severity=Severity.WARNING,
    cwe=(522, 598),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="written out",
            bad=(
                "import requests\n"
                "\n"
                "def items():\n"
                '    return requests.get("https://reader:tulip7@api.example/items")\n'
            ),
            fixed=None,
            good=(
                "import os\n"
                "\n"
                "import requests\n"
                "\n"
                "def items():\n"
                '    login = ("reader", os.environ["API_PASSWORD"])\n'
                '    return requests.get("https://api.example/items", auth=login)\n'
            ),
        ),
        Example(
            title="put in",
            bad=(
                "import requests\n"
                "\n"
                "def items(password):\n"
                '    return requests.get(f"https://reader:{password}@api.example/items")\n'
            ),
            fixed=None,
            good=(
                "import requests\n"
                "\n"
                "def items(password):\n"
                '    login = ("reader", password)\n'
                '    return requests.get("https://api.example/items", auth=login)\n'
            ),
        ),
    ),
    check=check,
    fix=fixing(advice="Hand the credentials to the client apart from the URL, as with `auth=`"),
)
