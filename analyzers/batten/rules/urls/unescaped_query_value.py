"""## What it reports

A value, or the name of a parameter, that is put into the query of a URL as it is, on its way to
an HTTP request.

## Why it matters

`&` begins another parameter and `#` cuts the rest off: with `a&limit=0` the server gets a
parameter that the code never meant to send. `+` arrives as a space and `%41` as `A`, so that
even an honest date-time with `+00:00` reads wrong.

## Example

    requests.get("https://api.example/users?name=" + name)

## Use instead

    requests.get("https://api.example/users?name=" + quote(name, safe=""))

or, where the client takes them, parameters:

    requests.get("https://api.example/users", params={"name": name})

## What it does not report

Constants, numbers, UUID objects; values that were escaped (`quote`, `quote_plus`, `urlencode`)
or checked before; a whole query that was composed elsewhere, which is judged where its values
go in. An id by name or documentation is a note; a value that an outsider controls is an error.

The name of a parameter (`?{key}=1`) is judged by the same evidence, with one difference: where
nothing is known of it, it is a note, since names are chosen by programs far more often than by
people. One that all callers write out is silent, one that an outsider controls is an error.

## Fix safety

With `quote`, letters, digits, `-`, `.`, `_` and `~` are sent as before, byte for byte; all else
arrives at the server as the value itself. The items of a join are escaped one by one, so that the
separator stays what it was.

Two more fixes move the whole query out of the text, or nothing of it: to the parameters of the
call, if its library takes them or if the method of the program that is called hands its own
`params` on to one that does; and to `urlencode`, if there are several pairs. Parameters are unsafe
where the value may be None, a bool or a list, which clients treat each in its own way, and where
literal text such as `in:` or a comma is sent escaped. Nothing is moved that is escaped already, no
name that the call has parameters for, and nothing to a call with parameters in httpx, which forgets
a query in the URL as soon as there are any.

## References

- RFC 3986, sections 2.1 and 3.4
- CWE-116: Improper Encoding or Escaping of Output
- CWE-74: Injection
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.escape_fixes import escape_fixes
from batten.rules.urls.escaping import unescaped

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Finding


def check(flow: Flow) -> Finding | None:
    """Report an unescaped value or name in a query."""
    if flow.context not in (Context.QUERY_VALUE, Context.QUERY_NAME):
        return None
    return unescaped(flow, "BTN102", "unescaped-query-value")


RULE = Rule(
    code="BTN102",
    name="unescaped-query-value",
    family="urls",
    summary="A value goes unescaped into the query of a URL.",
    severity=Severity.WARNING,
    cwe=(116, 74),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a name in a query",
            bad=(
                "import requests\n"
                "\n"
                "def users(name):\n"
                '    url = "https://api.example/users?name=" + name\n'
                "    return requests.get(url)\n"
            ),
            fixed=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def users(name):\n"
                '    url = "https://api.example/users?name=" + quote(name, safe="")\n'
                "    return requests.get(url)\n"
            ),
            good=(
                "import requests\n"
                "\n"
                "def users(name):\n"
                '    return requests.get("https://api.example/users", params={"name": name})\n'
            ),
        ),
    ),
    check=check,
    fix=escape_fixes,
)
