"""The grammar of URLs: which part of a URL a hole fills, and what may not stand there raw.

Text is read by a small state machine, one character after the other. A `Place` is its state:
where the next character lands. Reading is total: every string, however broken, leads from
every place to a place, and reading a text in pieces leads to the same place as reading it at
once. So templates are read left to right, literal by literal, with `after_hole` in between.

The machine follows RFC 3986, sections 3 and 4.1 (URI and relative reference), where URL
parsers agree. Where the WHATWG URL standard and Python's `urllib.parse.urlsplit` agree on
more, it follows them: blanks and controls before the URL are skipped, and tab, CR and LF are
skipped everywhere. The backslash is ordinary text, as in RFC 3986; only browsers read it as a
slash.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from string import ascii_letters, digits
from urllib.parse import quote


class Place(Enum):
    """Where in a URL the next character lands."""

    # There is one object of each: the hash of its name would be asked of Python each time.
    __hash__ = object.__hash__

    START = auto()
    """Before anything."""
    SLASH = auto()
    """Behind a first `/`: the path, unless a second one opens an authority (`//host`)."""
    FIRST = auto()
    """In a first word that a `:` would turn into a scheme and a `/` into a path segment."""
    SCHEME_END = auto()
    """Behind `https:`."""
    SCHEME_SLASH = auto()
    """Behind `https:/`."""
    BASE = auto()
    """Behind an address of unknown text and length, such as a hole at the start."""
    BASE_SLASH = auto()
    """Behind an unknown address and `/`, where a second one opens an authority: it was a scheme."""
    BEHIND_SETTING = auto()
    """Right behind an address that the environment gives: in its path, unless text says more."""
    BASE_COLON = auto()
    """Behind an unknown address and `:`: it was a scheme if `//` follows, or else a host."""
    BASE_COLON_SLASH = auto()
    """Behind an unknown address and `:/`."""
    AUTHORITY = auto()
    """Where a host or a user name begins."""
    HOST = auto()
    """In the host (or in a user name: only a later `@` tells)."""
    IP_LITERAL = auto()
    """In the brackets of an IPv6 address, where `:` opens no port."""
    PORT = auto()
    """Behind the `:` of the authority (or in a password)."""
    AUTHORITY_HOLE = auto()
    """Right behind a hole in the authority: the hole may have closed it or not."""
    REFERENCE = auto()
    """Where a reference begins that is resolved against an address, or is one itself."""
    SEGMENT_START = auto()
    """Behind a `/` of the path."""
    SEGMENT = auto()
    """Inside a path segment."""
    SEGMENT_HOLE = auto()
    """Right behind a hole in the path, which may have a query of its own that `&` goes on with."""
    QUERY_START = auto()
    """Behind `?` or `&`, where a `name=value` piece begins."""
    QUERY_NAME = auto()
    """Inside the name of a query parameter."""
    QUERY_VALUE_START = auto()
    """Behind the `=` of a query parameter."""
    QUERY_VALUE = auto()
    """Inside the value of a query parameter."""
    FRAGMENT = auto()
    """Behind `#`: nothing leaves this place."""
    ESCAPER = auto()
    """Where text begins that an escaper is given."""
    ESCAPER_OF_VALUE = auto()
    """The same for a query value, in which whole URLs and queries may be wrapped up."""
    PARAMETER = auto()
    """The value of a query parameter that a client, or `urlencode`, escapes by itself."""
    PARAMETERS = auto()
    """Where a mapping of such parameters stands; text in its place is not of this grammar."""
    ESCAPER_TEXT = auto()
    """Inside text that an escaper is given: nothing leaves this place."""


class Context(Enum):
    """The part of a URL that a hole fills; `value` is the words for people."""

    __hash__ = object.__hash__  # as above

    WHOLE = "whole URL"
    BASE = "base address"
    REST = "rest of the URL"
    SCHEME = "scheme"
    USERINFO = "user info"
    HOST = "host"
    PORT = "port"
    PATH_SEGMENT = "path segment"
    PATH_PART = "part of a path segment"
    QUERY = "query"
    QUERY_NAME = "query name"
    QUERY_VALUE = "query value"
    FRAGMENT = "fragment"
    PARAMETER = "query parameter"
    ESCAPED = "escaped text"
    ESCAPED_PART = "part of escaped text"


def start(name: str) -> Place:
    """Return the place that a model's `start` names; ValueError with the known names."""
    try:
        return _STARTS[name]
    except KeyError:
        known = ", ".join(_STARTS)
        raise ValueError(f"unknown start of a URL {name!r}; known are {known}") from None


@lru_cache(maxsize=4096)
def advance(place: Place, literal: str) -> Place:
    """Return the place behind `literal`, read from `place`. Linear in its length."""
    at = 0
    while at < len(literal):
        character = literal[at]
        at += 1
        if character in _SKIPPED:
            continue
        moves, otherwise = _MOVES[place]
        place = moves.get(character, otherwise)
        run = _RUNS[place].match(literal, at)
        at = run.end() if run else at
    # Two slashes that come from two texts are a base and a path: `base + "/" + "/users"`.
    return Place.SEGMENT_START if place is Place.BASE_SLASH else place


def after_hole(place: Place) -> Place:
    """Return the place behind a hole of unknown text that stands at `place`."""
    return _AFTER_HOLE.get(place, place)


def context(place: Place, following: str | None) -> Context:
    """Return the part of the URL that a hole at `place` fills.

    `following` is the literal text behind the hole up to the next hole: "" when the URL ends
    there, None when another hole follows at once.
    """
    text = following or ""
    if place in _BEFORE_SCHEME and text.startswith("://"):
        return Context.SCHEME
    if place is Place.START:
        return Context.WHOLE if following == "" else Context.BASE
    if place in _IN_AUTHORITY:
        return _authority_context(place, text)
    if place in _BEFORE_SEGMENT:
        ends = following is not None and text[:1] in _SEGMENT_ENDS
        return Context.PATH_SEGMENT if ends else Context.PATH_PART
    if place is Place.PARAMETER:
        return Context.PARAMETER if following == "" else Context.ESCAPED_PART
    if place in (Place.ESCAPER, Place.ESCAPER_OF_VALUE):
        return Context.ESCAPED if following == "" else Context.ESCAPED_PART
    if place in (Place.QUERY_START, Place.QUERY_NAME):
        return Context.QUERY_NAME if _NAME_TAIL.match(text) else Context.QUERY
    return _CONTEXTS[place]


def in_query(place: Place) -> bool:
    """Tell whether a place is behind the path: in the query or the fragment."""
    return place in _BEHIND_PATH


def inside_escaper(around: Context) -> Place:
    """Return the place where the text begins that is escaped to fill a hole in `around`."""
    return Place.ESCAPER_OF_VALUE if around is Context.QUERY_VALUE else Place.ESCAPER


def escapable(context: Context) -> bool:
    """Tell whether percent-encoding the value closes a hole in this context.

    It does not where the URL names its host: `evil.example` has nothing to encode, and some
    clients decode the host again. Only an allow-list helps there.
    """
    return context in _DANGEROUS


def dangerous(context: Context) -> frozenset[str]:
    r"""Return the characters with which a value says more than itself when they arrive raw.

    They are the delimiters that end or split this part (RFC 3986 section 2.2), `%`, which
    would be decoded, `+`, which forms read as a space, and `\` where browsers read a slash.
    Where no encoding helps (`escapable`), all reserved characters are dangerous.
    """
    return _DANGEROUS.get(context, _RESERVED)


def hostile(context: Context, place: Place | None = None) -> str:
    """Return a short value that shows the harm in this context.

    `place` is the place of the hole, where it is known: a value behind the text of a host
    has to go on from that text, and a dot segment has to begin where a segment does.
    """
    if context is Context.HOST and place is Place.HOST:
        return ".evil.example/"
    if context is Context.PATH_PART and place in _BEFORE_SEGMENT:
        return _HOSTILE[Context.PATH_SEGMENT]
    return _HOSTILE[context]


def breaks_out(context: Context, text: str) -> bool:
    """Tell whether a value says more than itself in a segment of a path or in a query."""
    if context is Context.PATH_SEGMENT and text == "..":
        return True
    return any(delimiter in text for delimiter in _DELIMITERS.get(context, ()))


def escaped(context: Context, value: str) -> str:
    """Return `value` as the escaper that fits the context writes it.

    A whole query keeps `=` and `&`, as `urlencode` does; the rest of a path keeps `/`.
    """
    return quote(value, safe=_KEPT.get(context, ""), errors="surrogatepass")


def _authority_context(place: Place, text: str) -> Context:
    if _USERINFO_TAIL.match(text):
        return Context.USERINFO
    if place in (Place.PORT, Place.BASE_COLON):
        return Context.PORT
    if place is Place.AUTHORITY_HOLE and text[:1] not in _HOST_GOES_ON:
        return Context.REST
    return Context.HOST


_STARTS = {
    "start": Place.START,
    "host": Place.AUTHORITY,
    "path": Place.BASE,
    "reference": Place.REFERENCE,
    "query": Place.QUERY_START,
    "query value": Place.QUERY_VALUE_START,
}

HOSTILE_TOO = {
    Context.PATH_SEGMENT: (
        "..?x=1",
        "x/../../admin?x=1",
        "1/../../admin?x=1",
        "x#",
        "..",
        "a/b",
        "1/2",
    ),
    Context.PATH_PART: ("x?x=1", "1/../admin?x=1", "x#", "a/b", "1/2"),
    Context.QUERY: ("a=1#", "a+b"),
    Context.QUERY_NAME: ("a#", "a=b"),
    Context.QUERY_VALUE: ("1&limit=0", "a#", "1#", "a+b"),
}
"""Values that show the harm where the usual one does not come through."""

_DELIMITERS = {
    Context.PATH_SEGMENT: "/?#",
    Context.PATH_PART: "/?#",
    Context.QUERY: "&#+",
    Context.QUERY_NAME: "&#=+",
    Context.QUERY_VALUE: "&#+",
}

_SKIPPED = frozenset("\t\r\n")

# What follows "//" up to the path: a user name, a host and a port end in the same characters.
_LEAVE_AUTHORITY = {"/": Place.SEGMENT_START, "?": Place.QUERY_START, "#": Place.FRAGMENT}
_LEAVE_HOST = {**_LEAVE_AUTHORITY, "@": Place.AUTHORITY, ":": Place.PORT}
_LEAVE_SEGMENT = {"/": Place.SEGMENT_START, "?": Place.QUERY_START, "#": Place.FRAGMENT}
_LEAVE_VALUE = {"&": Place.QUERY_START, "#": Place.FRAGMENT}
_LEAVE_NAME = {**_LEAVE_VALUE, "=": Place.QUERY_VALUE_START}

_BEGIN = {**_LEAVE_SEGMENT, "/": Place.SLASH, **dict.fromkeys(ascii_letters, Place.FIRST)}
_BLANKS = tuple(map(chr, range(0x21)))

# For each place: where the telling characters lead, and where all others do.
_MOVES: dict[Place, tuple[dict[str, Place], Place]] = {
    Place.START: ({**_BEGIN, **dict.fromkeys(_BLANKS, Place.START)}, Place.SEGMENT),
    Place.REFERENCE: ({**_BEGIN, **dict.fromkeys(_BLANKS, Place.REFERENCE)}, Place.SEGMENT),
    Place.SLASH: ({**_LEAVE_SEGMENT, "/": Place.AUTHORITY}, Place.SEGMENT),
    Place.FIRST: (
        {
            **_LEAVE_SEGMENT,
            ":": Place.SCHEME_END,
            **dict.fromkeys(ascii_letters + digits + "+-.", Place.FIRST),
        },
        Place.SEGMENT,
    ),
    Place.SCHEME_END: ({**_LEAVE_SEGMENT, "/": Place.SCHEME_SLASH}, Place.SEGMENT),
    Place.SCHEME_SLASH: ({**_LEAVE_SEGMENT, "/": Place.AUTHORITY}, Place.SEGMENT),
    # `&` right behind an address goes on with a query that the address has.
    **dict.fromkeys(
        (Place.BASE, Place.BEHIND_SETTING),
        (
            {
                **_LEAVE_SEGMENT,
                "/": Place.BASE_SLASH,
                ":": Place.BASE_COLON,
                "&": Place.QUERY_START,
            },
            Place.SEGMENT,
        ),
    ),
    Place.BASE_SLASH: ({**_LEAVE_SEGMENT, "/": Place.AUTHORITY}, Place.SEGMENT),
    Place.BASE_COLON: (
        {
            **_LEAVE_SEGMENT,
            "/": Place.BASE_COLON_SLASH,
            **dict.fromkeys(digits, Place.PORT),
        },
        Place.SEGMENT,
    ),
    Place.BASE_COLON_SLASH: ({**_LEAVE_SEGMENT, "/": Place.AUTHORITY}, Place.SEGMENT),
    Place.AUTHORITY: ({**_LEAVE_HOST, "[": Place.IP_LITERAL}, Place.HOST),
    Place.HOST: (_LEAVE_HOST, Place.HOST),
    Place.IP_LITERAL: ({**_LEAVE_AUTHORITY, "]": Place.HOST}, Place.IP_LITERAL),
    Place.PORT: ({**_LEAVE_AUTHORITY, "@": Place.AUTHORITY}, Place.PORT),
    Place.AUTHORITY_HOLE: (_LEAVE_HOST, Place.HOST),
    Place.SEGMENT_START: (_LEAVE_SEGMENT, Place.SEGMENT),
    Place.SEGMENT: (_LEAVE_SEGMENT, Place.SEGMENT),
    Place.SEGMENT_HOLE: ({**_LEAVE_SEGMENT, "&": Place.QUERY_START}, Place.SEGMENT),
    Place.QUERY_START: (_LEAVE_NAME, Place.QUERY_NAME),
    Place.QUERY_NAME: (_LEAVE_NAME, Place.QUERY_NAME),
    Place.QUERY_VALUE_START: (_LEAVE_VALUE, Place.QUERY_VALUE),
    Place.QUERY_VALUE: (_LEAVE_VALUE, Place.QUERY_VALUE),
    Place.FRAGMENT: ({}, Place.FRAGMENT),
    Place.ESCAPER: ({}, Place.ESCAPER_TEXT),
    Place.ESCAPER_OF_VALUE: ({}, Place.ESCAPER_TEXT),
    Place.PARAMETER: ({}, Place.ESCAPER_TEXT),
    Place.PARAMETERS: ({}, Place.ESCAPER_TEXT),
    Place.ESCAPER_TEXT: ({}, Place.ESCAPER_TEXT),
}


def _run(place: Place) -> re.Pattern[str]:
    """Return the pattern of the text that does not leave a place, to skip it at once."""
    moves, otherwise = _MOVES[place]
    if otherwise is not place:
        staying = [character for character, to in moves.items() if to is place]
        return re.compile(f"[{re.escape(''.join(staying))}]*" if staying else "")
    leaving = re.escape("".join(moves))
    return re.compile(f"[^{leaving}]*" if leaving else "(?s:.*)")


_RUNS = {place: _run(place) for place in Place}

_AFTER_HOLE = {
    Place.START: Place.BASE,
    Place.SLASH: Place.SEGMENT_HOLE,
    Place.SCHEME_END: Place.BASE,
    Place.SCHEME_SLASH: Place.BASE,
    Place.BASE_COLON: Place.AUTHORITY_HOLE,
    Place.BASE_COLON_SLASH: Place.BASE,
    Place.REFERENCE: Place.SEGMENT_HOLE,
    Place.BEHIND_SETTING: Place.SEGMENT_HOLE,
    Place.AUTHORITY: Place.AUTHORITY_HOLE,
    Place.HOST: Place.AUTHORITY_HOLE,
    Place.PORT: Place.AUTHORITY_HOLE,
    Place.SEGMENT_START: Place.SEGMENT_HOLE,
    Place.SEGMENT: Place.SEGMENT_HOLE,
    Place.QUERY_START: Place.QUERY_NAME,
    Place.QUERY_VALUE_START: Place.QUERY_VALUE,
    Place.ESCAPER: Place.ESCAPER_TEXT,
    Place.ESCAPER_OF_VALUE: Place.ESCAPER_TEXT,
    Place.PARAMETER: Place.ESCAPER_TEXT,
    Place.PARAMETERS: Place.ESCAPER_TEXT,
}

_BEFORE_SCHEME = frozenset(
    {Place.START, Place.FIRST, Place.BASE, Place.BEHIND_SETTING, Place.REFERENCE}
)
_BEFORE_SEGMENT = frozenset({Place.SLASH, Place.SEGMENT_START, Place.REFERENCE})
_IN_AUTHORITY = frozenset(
    {
        Place.BASE_COLON,
        Place.AUTHORITY,
        Place.HOST,
        Place.IP_LITERAL,
        Place.PORT,
        Place.AUTHORITY_HOLE,
    }
)
_BEHIND_PATH = frozenset(
    {
        Place.QUERY_START,
        Place.QUERY_NAME,
        Place.QUERY_VALUE_START,
        Place.QUERY_VALUE,
        Place.FRAGMENT,
    }
)
_SEGMENT_ENDS = ("", "/", "?", "#")
_HOST_GOES_ON = (".", ":")
_USERINFO_TAIL = re.compile("[^/?#@]*@")
_NAME_TAIL = re.compile("[^=&#]*=")

# The places where what follows the hole does not matter.
_CONTEXTS = {
    Place.FIRST: Context.PATH_PART,
    Place.SCHEME_END: Context.REST,
    Place.SCHEME_SLASH: Context.REST,
    Place.BASE: Context.REST,
    Place.BEHIND_SETTING: Context.PATH_PART,
    Place.BASE_COLON_SLASH: Context.REST,
    Place.SEGMENT: Context.PATH_PART,
    Place.SEGMENT_HOLE: Context.PATH_PART,
    Place.QUERY_VALUE_START: Context.QUERY_VALUE,
    Place.QUERY_VALUE: Context.QUERY_VALUE,
    Place.FRAGMENT: Context.FRAGMENT,
    Place.ESCAPER_TEXT: Context.ESCAPED_PART,
    Place.PARAMETERS: Context.PARAMETER,
}

_RESERVED = frozenset(":/?#[]@!$&'()*+,;=%\\")  # RFC 3986 section 2.2, `%` and the backslash
_DANGEROUS = {
    Context.REST: frozenset("?#@:%\\"),
    Context.USERINFO: frozenset("/?#@:%\\"),
    Context.PATH_SEGMENT: frozenset("/?#%\\"),
    Context.PATH_PART: frozenset("/?#%\\"),
    Context.QUERY: frozenset("#"),
    Context.QUERY_NAME: frozenset("&=#+%"),
    Context.QUERY_VALUE: frozenset("&#+%"),
    Context.FRAGMENT: frozenset[str](),
    Context.PARAMETER: frozenset[str](),
    Context.ESCAPED: frozenset[str](),
    Context.ESCAPED_PART: frozenset[str](),
}

_HOSTILE = {
    Context.WHOLE: "http://169.254.169.254/",
    Context.BASE: "http://evil.example",
    Context.REST: "@evil.example/",
    Context.SCHEME: "http://evil.example/#",
    Context.USERINFO: "x@evil.example/",
    Context.HOST: "evil.example/",
    Context.PORT: "80@evil.example/",
    Context.PATH_SEGMENT: "../admin?x=1",
    Context.PATH_PART: "x/../admin?x=1",
    Context.QUERY: "admin=1#",
    Context.QUERY_NAME: "a=1&admin",
    Context.QUERY_VALUE: "a&limit=0",
    Context.FRAGMENT: "a b",
    Context.PARAMETER: "a%20b",
    Context.ESCAPED: "a%20b",
    Context.ESCAPED_PART: "a%20b",
}

_KEPT = {Context.REST: "/", Context.QUERY: "=&"}
