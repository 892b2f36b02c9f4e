"""## What it reports

A value from a remote client that a web application redirects the browser to: as the whole
address, as its beginning, as a part that chooses the host, or as what `urljoin(base, value)`
resolves, where an address replaces the base. So is one that an answer of Flask,
Django or Starlette gets as its `Location` header.

## Why it matters

A link to a site that people trust then leads to one that they should not: to a copy of its login
page, or with a token of a login in the address to the attacker's server. `//evil.example/` is
an address on another host as well, so a check for `http` at the beginning is not enough.

## Example

    return redirect(request.args.get("next"))

## Use instead

Let the client choose a name of a page, and make the address of it with `url_for` or `reverse`:

    return redirect(url_for(PAGES[request.args["next"]]))

or check that the address is in a fixed set. Django has
`url_has_allowed_host_and_scheme(next, allowed_hosts=None)` for addresses of the own site.

## What it does not report

Addresses that begin with a path of the program (`"/users/" + name`), whose values are judged
by the rules for paths and queries; what `url_for` and `reverse` return; the address of the
request itself, and headers and cookies, which no link can bring along; addresses from settings,
and addresses that were checked to be in a fixed set or by a function such as `is_safe_url`;
the `Location` of an answer whose status is known to be no redirect.

## Fix safety

There is no quick fix: which addresses are allowed is for people to say.

## References

- OWASP Unvalidated Redirects and Forwards Cheat Sheet
- CWE-601: URL Redirection to Untrusted Site ('Open Redirect')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.advice import allow_addresses
from batten.rules.urls.control import (
    ANSWERS,
    AUTHORITY,
    as_address,
    choosing,
    doubt,
    in_links,
    remote,
    role,
    takeover,
)
from batten.rules.urls.hole import reported, shown

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Finding

_ELSEWHERE = "https://evil.example/"


def check(flow: Flow) -> Finding | None:
    """Report a value from a remote client that chooses the host of a redirect."""
    leaves = remote(flow) if flow.context in AUTHORITY else choosing(flow)
    leaf = next(filter(in_links, leaves), None)
    if leaf is None or flow.sink.kind not in ANSWERS:
        return None
    address = as_address(flow)
    witness = takeover(address, leaf, _ELSEWHERE)
    message = (
        f"{shown(flow)} {role(flow, 'a redirect')} and {leaf.why}{doubt(leaf)}:"
        f" with `{witness.value}` it would answer `{witness.before}`"
    )
    return reported(address, "BTN106", "open-redirect", Severity.ERROR, message, witness)


RULE = Rule(
    code="BTN106",
    name="open-redirect",
    family="urls",
    summary="A remote client chooses the site that a browser is redirected to.",
    severity=Severity.ERROR,
    cwe=(601,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="back to where the login began",
            bad=(
                "from flask import Flask, redirect, request\n"
                "\n"
                "app = Flask(__name__)\n"
                "\n"
                '@app.post("/login")\n'
                "def login():\n"
                '    return redirect(request.args.get("next") or "/")\n'
            ),
            fixed=None,
            good=(
                "from flask import Flask, redirect, request, url_for\n"
                "\n"
                "app = Flask(__name__)\n"
                'PAGES = {"home": "home", "cart": "shop.cart"}\n'
                "\n"
                '@app.post("/login")\n'
                "def login():\n"
                '    page = PAGES.get(request.args.get("next"), "home")\n'
                "    return redirect(url_for(page))\n"
            ),
        ),
    ),
    check=check,
    fix=allow_addresses,
)
