"""Values that lead to another host where the usual one does not come through.

A program may take slashes or schemes away, or change letters, and be taken over all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars.url import Context, Place, hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

_TO_BROWSERS = (
    "//evil.example/",
    "////evil.example/",
    r"/\evil.example/",
    "http:evil.example",
    "hthttps://tps://evil.example/",
    "hthttp://tp://evil.example/",
)
_TO_CLIENTS = ("https://evil.example/", "hthttp://tp://evil.example/")
_ATTACKERS = re.compile(r"(?:^|[.@])evil\.example$|^169\.254\.169\.254$")
_ANSWER = "Location: "
# Browsers take a backslash for a slash. Behind the scheme of another page they need none of them.
_BROWSER_HOST = re.compile(r"(?:https:[/\\]{2,}|http:[/\\]*|[/\\]{2,})([^/\\?#]*)", re.IGNORECASE)


def takeovers(context: Context, place: Place, whole: str) -> Iterator[str]:
    """Yield values to try, the plainest first; `whole` is the first for a whole URL."""
    first = whole if context is Context.WHOLE else hostile(context, place)
    yield first
    if context in (Context.WHOLE, Context.BASE):
        yield from _TO_CLIENTS
        yield from _TO_BROWSERS
        return
    if first.endswith("/"):
        yield from (f"{first[:-1]}{end}" for end in "#?")
    if context is Context.HOST and place is Place.HOST:
        yield from ("@evil.example/", "@evil.example#")


def leads_away(line: str) -> bool:
    """Tell whether a request line, or the `Location` of an answer, goes to such a host."""
    if line.startswith(_ANSWER):
        found = _BROWSER_HOST.match(line.removeprefix(_ANSWER))
        host = found[1] if found is not None else ""
    else:
        host = line.rpartition(" to ")[2]
    host = re.sub(r":\d*$", "", host.lower())
    return bool(_ATTACKERS.search(host))
