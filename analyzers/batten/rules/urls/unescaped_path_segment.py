"""## What it reports

A value that is put into a path segment of a URL as it is, on its way to an HTTP request. The
value is underlined where it goes in, also when the request is made by a wrapper, in another
method or in another file.

Two places are taken to be in the path though nobody can see it: right behind an address from the
environment (`os.environ["API"] + name`), and in a template that is not known
(`HOST + self.template.format(name)`), wherever in it the value goes.

## Why it matters

`/`, `?` and `#` end the segment: with `../admin?x=1` the request goes to another resource, and
what followed the value becomes a part of the query. Nobody has to attack for that: a name
with a slash or a question mark in it is enough to read, change or delete the wrong thing.

## Example

    requests.get("https://api.example/users/%s" % name)

## Use instead

    requests.get("https://api.example/users/%s" % quote(name, safe=""))

`safe=""` matters: by default `quote` leaves `/` as it is. No escaping stops a value that is
`.` or `..` as a whole: refuse those where the value comes in (BTN109 tells where).

## What it does not report

Constants, numbers, UUID objects and other values whose text can't say more than itself; values
that were escaped, or that were checked against a fixed set, a pattern or a type; addresses and
finished paths that are handed on as a whole. An id by name or documentation (`user_id`, "UUID of
the server") is a note; a value that an outsider controls is an error. A whole path
behind an address (`f"{self.url}/{path}"`) is a note as long as nothing in the program says what
it is: callers elsewhere have put it together. Where all callers in what is scanned give constants,
the value is one: a client that only its own example calls is to be scanned without that.

## Fix safety

Letters, digits, `-`, `.`, `_` and `~` are sent as before, byte for byte. `str()` is put around a
value that may not be text, as `%s` did. A value that its template formats (`%5s`, `{!r}`) is
formatted first and escaped then; blanks and quotes that this adds are sent escaped, so that fix
is unsafe.

Where the name of the value tells of slashes, there are two fixes: `quote(path)` keeps them, and is
preferred for a `path` or an `endpoint`; `quote(branch, safe="")` makes one segment of all, and is
preferred for a `branch`, a `key` or a `file`. Neither is safe for a whole path behind an address,
nor is a fix in `__str__`, `__repr__` or `__format__`, whose text people read too, nor one of a text
that its function uses for something else as well, such as the name of a file. What comes from a
mapping (`% locals()`, `**values`), and what is escaped on another of its ways, can't be escaped
where it goes in: there is advice only.

## References

- RFC 3986, sections 2.1 and 3.3
- CWE-116: Improper Encoding or Escaping of Output
- CWE-22: Path Traversal
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
    """Report an unescaped value in a path segment or a part of one."""
    if flow.context not in (Context.PATH_SEGMENT, Context.PATH_PART):
        return None
    return unescaped(flow, "BTN101", "unescaped-path-segment")


RULE = Rule(
    code="BTN101",
    name="unescaped-path-segment",
    family="urls",
    summary="A value goes unescaped into a path segment of a URL.",
    severity=Severity.WARNING,
    cwe=(116, 22),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a name in a path",
            bad=(
                "import requests\n"
                "\n"
                "def user(name):\n"
                '    url = "https://api.example/users/%s" % name\n'
                "    return requests.get(url)\n"
            ),
            fixed=(
                "from urllib.parse import quote\n"
                "\n"
                "import requests\n"
                "\n"
                "def user(name):\n"
                '    url = "https://api.example/users/%s" % quote(str(name), safe="")\n'
                "    return requests.get(url)\n"
            ),
            good=(
                "import requests\n"
                "\n"
                "def user(number: int):\n"
                '    return requests.get("https://api.example/users/%d" % number)\n'
            ),
        ),
    ),
    check=check,
    fix=escape_fixes,
    leaves=("BTN109",),
)
