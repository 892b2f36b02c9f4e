"""What HTTP clients make of a URL before they send it.

Clients differ: some resolve `..`, some decode `%41`, some refuse a space. A witness has to
show what really leaves the machine, so each client has a `_Profile`. The profiles were
measured against a server that prints what it receives (requests 2.34, urllib3 2.8, httpx 0.28,
aiohttp 3.14 with yarl 1.25, niquests 3.21, httplib2 0.32, tornado 6.6, treq 26.7, libcurl 8.23,
curl_cffi 0.16, keystoneauth1 5.18, asks 3.0, websockets 17.4, websocket-client 1.9, Chromium
156; Flask 3.1, Django 5.2, Starlette 1.6, bottle 0.13, WebOb 1.8, Pyramid 2.1, falcon 4.4,
sanic 25.12). A client that was not measured is taken to send what it is given.

A placeholder such as `{base}` or `{id}` stands for text that is not known. It stays as it is,
so that people can read the line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from string import ascii_letters, digits
from typing import TYPE_CHECKING
from urllib.parse import quote

from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping


def request_line(client: str, method: str, url: str) -> str:
    """Return the request line that a client sends for a URL: `GET /items?a=b to host`.

    The host is told where the URL names it. A URL may begin with a placeholder for its base.
    For a framework that redirects to the URL, it is the `Location` line of the answer. Where
    the client refuses the URL, it is a sentence that says so. Raises ValueError for a client
    that has no profile.
    """
    profile = _PROFILES.get(client)
    if profile is None:
        raise ValueError(f"no wire profile {client!r}; known are {', '.join(_PROFILES)}")
    text = url
    if _SPECIAL.search(url):
        for case, way in profile.ways.items():
            if way is _Way.REFUSE and case.value.search(url):
                return f"nothing: {client} refuses a {case.name.lower().replace('_', ' ')}"
        if profile.plus_in_query:
            path, mark, query = url.partition("?")
            url = path + mark + query.replace(" ", "+")
        text = _treated(url, profile.ways)
    if profile.answers:
        return f"Location: {text}"
    base, host, target = _split(text, profile.host_ends)
    path, mark, query = target.partition("?")
    path = _decoded(_walked(path, base, profile.dots), profile.decoded_in_path)
    path = _encoded(path, profile.encoded_in_path)
    query = _encoded(_decoded(query, profile.decoded_in_query), profile.encoded_in_query)
    if profile.upper_case:
        path, query = _upper_case(path), _upper_case(query)
    line = f"{method} {base}{path}{mark}{query}"
    return f"{line} to {host}" if host else line


def walks_dots(client: str) -> bool:
    """Tell whether a client resolves the path segments `.` and `..` before it sends."""
    return _PROFILES[client].dots is not _Dots.SEND


def keeps_line_ends(client: str) -> bool:
    """Tell whether CR and LF of a URL are sent, or put into a header, as they are."""
    return _PROFILES[client].ways[_Case.LINE_END] is _Way.KEEP


def clients() -> tuple[str, ...]:
    """Return the names of all clients that have a profile."""
    return tuple(_PROFILES)


class _Case(Enum):
    """Characters that a URL may not hold, or that are not meant for the server."""

    LINE_END = re.compile("[\t\r\n]")
    SPACE = re.compile(" ")
    NON_ASCII_CHARACTER = re.compile("[^\0-\x7f]+")
    BACKSLASH = re.compile(r"\\")
    STRAY_PERCENT_SIGN = re.compile("%(?![0-9A-Fa-f]{2})")
    FRAGMENT = re.compile("#(?s:.*)")
    SECOND_SLASH = re.compile(r"(?<=\A/)/")


class _Way(Enum):
    """What a client does with such characters."""

    KEEP = auto()
    ENCODE = auto()
    DELETE = auto()
    REFUSE = auto()
    SLASH = auto()
    """Reads them as a slash."""


class _Dots(Enum):
    """What a client does with the path segments `.` and `..`."""

    SEND = auto()
    WALK = auto()
    WALK_DECODED = auto()
    """Walks them also where they are written with `%2e`."""


@immutable
class _Profile:
    """What one client does with a URL.

    `decoded_in_path` and `decoded_in_query` are the characters whose percent-encoding it takes
    off, `encoded_in_path` and `encoded_in_query` those that it encodes, though they are neither
    reserved for a URL nor allowed in one. `upper_case` tells that it writes `%2F` for `%2f`,
    `plus_in_query` that it writes a blank of the query as `+`.
    `host_ends` are the characters behind which its host begins, inside the authority.
    `answers` marks a framework, which puts the URL into an answer.
    """

    ways: Mapping[_Case, _Way]
    dots: _Dots = _Dots.SEND
    decoded_in_path: frozenset[str] = frozenset()
    decoded_in_query: frozenset[str] = frozenset()
    encoded_in_path: str = ""
    encoded_in_query: str = ""
    upper_case: bool = False
    plus_in_query: bool = False
    host_ends: str = "@"
    answers: bool = False


_UNRESERVED = frozenset(ascii_letters + digits + "-._~")  # RFC 3986 section 2.3

_USUAL = {
    _Case.LINE_END: _Way.ENCODE,
    _Case.SPACE: _Way.ENCODE,
    _Case.NON_ASCII_CHARACTER: _Way.ENCODE,
    _Case.BACKSLASH: _Way.KEEP,
    _Case.STRAY_PERCENT_SIGN: _Way.KEEP,
    _Case.FRAGMENT: _Way.DELETE,
    _Case.SECOND_SLASH: _Way.KEEP,
}
_CAREFUL = {**_USUAL, _Case.BACKSLASH: _Way.ENCODE, _Case.STRAY_PERCENT_SIGN: _Way.ENCODE}
_STRICT = {
    **_USUAL,
    _Case.LINE_END: _Way.REFUSE,
    _Case.SPACE: _Way.REFUSE,
    _Case.NON_ASCII_CHARACTER: _Way.REFUSE,
}
_RAW = {
    **_USUAL,
    _Case.LINE_END: _Way.DELETE,
    _Case.SPACE: _Way.KEEP,
    _Case.NON_ASCII_CHARACTER: _Way.KEEP,
}
_ANSWER = {**_USUAL, _Case.BACKSLASH: _Way.ENCODE, _Case.FRAGMENT: _Way.KEEP}
_RAW_ANSWER = {**_RAW, _Case.FRAGMENT: _Way.KEEP, _Case.LINE_END: _Way.REFUSE}

_AS_GIVEN = _Profile(_USUAL)

# Neither reserved nor unreserved. Braces are too, but here they mark what is not known.
_EXCLUDED = '"<>^`|'
_EXCLUDED_AND_BRACKETS = f"{_EXCLUDED}[]"
_URLLIB3 = _Profile(
    _CAREFUL,
    encoded_in_path=_EXCLUDED_AND_BRACKETS,
    encoded_in_query=_EXCLUDED_AND_BRACKETS,
    upper_case=True,
)
_REQUESTS = replace(
    _URLLIB3, dots=_Dots.WALK, decoded_in_path=_UNRESERVED, decoded_in_query=_UNRESERVED
)

_PROFILES = {
    "unknown": _AS_GIVEN,
    "aiohttp": _Profile(
        {**_CAREFUL, _Case.LINE_END: _Way.DELETE},
        _Dots.WALK_DECODED,
        _UNRESERVED | frozenset("@:,;=&'()*!$"),
        _UNRESERVED | frozenset("/?:@,"),
        _EXCLUDED_AND_BRACKETS,
        _EXCLUDED_AND_BRACKETS,
        upper_case=True,
        plus_in_query=True,
    ),
    "asks": _Profile(
        {**_USUAL, _Case.LINE_END: _Way.DELETE, _Case.BACKSLASH: _Way.ENCODE},
        _Dots.SEND,
        _UNRESERVED,
        _UNRESERVED,
    ),
    "botocore": _AS_GIVEN,
    "browser": _Profile(
        {**_USUAL, _Case.LINE_END: _Way.DELETE, _Case.BACKSLASH: _Way.SLASH}, _Dots.WALK_DECODED
    ),
    "curl_cffi": _Profile(
        {**_USUAL, _Case.BACKSLASH: _Way.ENCODE}, _Dots.WALK_DECODED, _UNRESERVED, _UNRESERVED
    ),
    "geventhttpclient": _AS_GIVEN,
    "http.client": _Profile({**_STRICT, _Case.FRAGMENT: _Way.KEEP}),
    "httplib2": _Profile({**_USUAL, _Case.LINE_END: _Way.DELETE}, host_ends=""),
    "httpx": _Profile(
        {**_USUAL, _Case.LINE_END: _Way.REFUSE},
        _Dots.WALK,
        encoded_in_path='"<>`',
        encoded_in_query='"<>',
    ),
    "keystoneauth1": _REQUESTS,
    "niquests": _Profile(_CAREFUL, _Dots.SEND, _UNRESERVED, _UNRESERVED),
    "pycurl": _Profile(_STRICT, _Dots.WALK_DECODED),
    "requests": _REQUESTS,
    "requests-toolbelt": replace(_REQUESTS, ways={**_CAREFUL, _Case.LINE_END: _Way.DELETE}),
    "tornado": _Profile(_RAW),
    "treq": _Profile({**_USUAL, _Case.BACKSLASH: _Way.ENCODE}),
    "urllib": _Profile(_STRICT, host_ends=""),
    "urllib3": replace(_URLLIB3, dots=_Dots.WALK),
    "urllib3-pool": _URLLIB3,
    "websocket-client": _Profile(_RAW),
    "websockets": _Profile(
        {**_RAW, _Case.NON_ASCII_CHARACTER: _Way.ENCODE, _Case.FRAGMENT: _Way.REFUSE}
    ),
    "aiohttp.web": _Profile({**_ANSWER, _Case.LINE_END: _Way.DELETE}, answers=True),
    "bottle": _Profile({**_RAW_ANSWER, _Case.LINE_END: _Way.DELETE}, answers=True),
    "django": _Profile(_ANSWER, answers=True),
    "falcon": _Profile({**_RAW_ANSWER, _Case.LINE_END: _Way.KEEP}, answers=True),
    "flask": _Profile({**_ANSWER, _Case.LINE_END: _Way.REFUSE}, answers=True),
    "pyramid": _Profile({**_RAW_ANSWER, _Case.SECOND_SLASH: _Way.ENCODE}, answers=True),
    "sanic": _Profile(_ANSWER, answers=True),
    "starlette": _Profile(_ANSWER, answers=True),
    "tornado.web": _Profile(_RAW_ANSWER, answers=True),
    "webob": _Profile({**_RAW_ANSWER, _Case.SECOND_SLASH: _Way.ENCODE}, answers=True),
    "test-client": _AS_GIVEN,
}


def _treated(url: str, ways: Mapping[_Case, _Way]) -> str:
    for case, way in ways.items():
        if way is _Way.ENCODE:
            url = case.value.sub(
                lambda match: quote(match[0], safe="", errors="surrogatepass"), url
            )
        elif way is _Way.DELETE:
            url = case.value.sub("", url)
        elif way is _Way.SLASH:
            url = case.value.sub("/", url)
    return url


def _split(url: str, host_ends: str) -> tuple[str, str, str]:
    """Split a URL into a base that is not known, a host that is, and what is requested."""
    absolute = _ABSOLUTE.match(url)
    if absolute:
        authority, target = absolute[1] or absolute[2], url[absolute.end() :]
        host = authority.rpartition(host_ends)[2] if host_ends else authority
        return "", host, target if target.startswith("/") else f"/{target}"
    base = _PLACEHOLDER.match(url)
    return (base[0], "", url[base.end() :]) if base else ("", "", url)


def _walked(path: str, base: str, dots: _Dots) -> str:
    """Walk the dot segments of a path (RFC 3986 section 5.2.4).

    Steps above the root lead to the root; steps above a base stay, since its path is unknown, and
    so do those above a placeholder for a path (`{api_path}`), which has several segments.
    """
    if dots is _Dots.SEND or ("." not in path and (dots is _Dots.WALK or "%" not in path)):
        return path
    root = "/" if path.startswith("/") else ""
    kept: list[str] = []
    for segment in path.removeprefix("/").split("/"):
        step = _DOT.sub(".", segment) if dots is _Dots.WALK_DECODED else segment
        if step == "..":
            if kept and _PATH.fullmatch(kept[-1]):
                kept.append("..")
            elif kept and kept[-1] != "..":
                kept.pop()
            elif base or not root:
                kept.append("..")
        elif step != ".":
            kept.append(segment)
    if step in (".", ".."):
        kept.append("")
    return root + "/".join(kept)


def _decoded(text: str, characters: frozenset[str]) -> str:
    def decoded(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in characters else match[0]

    return _ENCODED.sub(decoded, text) if characters and "%" in text else text


def _encoded(text: str, characters: str) -> str:
    if not any(each in text for each in characters):
        return text
    return "".join(quote(each, safe="") if each in characters else each for each in text)


def _upper_case(text: str) -> str:
    return _ENCODED.sub(lambda match: match[0].upper(), text) if "%" in text else text


# A base that is only a host goes on up to an `@` that makes a user name of it.
_ABSOLUTE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*|\{[^{}]*\})://([^/?#]+)|(\{[^{}]*\}[^/?#@]*@[^/?#]*)"
)
_PATH = re.compile(r"\{\w*(?:path|url|uri|endpoint)\}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_DOT = re.compile("%2[eE]")
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
# What any case is about.
_SPECIAL = re.compile("|".join(case.value.pattern for case in _Case))
