"""What the rules share for text that chooses where a request or a browser goes.

Only a remote client counts. The people who start a program, configure it or type into it may
choose their server.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.grammars.alteration import altered
from batten.grammars.takeover import leads_away, takeovers
from batten.grammars.url import Context, Place
from batten.link.evidence import is_segment_of_route
from batten.link.flow import LeafKind
from batten.link.patterns import passes
from batten.models.model import Control, SinkKind
from batten.rules.finding import Witness
from batten.rules.urls.hole import sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.flow import Flow, Leaf

AUTHORITY = frozenset({Context.SCHEME, Context.USERINFO, Context.HOST, Context.PORT})
"""The parts of a URL with which a value that goes in raw can choose another host."""

ADDRESS = frozenset({Context.WHOLE, Context.BASE})
"""The places where a value brings a host of its own along."""

REQUESTS = frozenset({SinkKind.REQUEST, SinkKind.WEBSOCKET, SinkKind.BROWSER})
"""The sinks with which the program itself goes to the URL."""

ANSWERS = frozenset({SinkKind.REDIRECT, SinkKind.LOCATION})
"""The sinks that tell a browser where to go."""


# What requests of web frameworks call the parts of their own address.
_OWN_PATHS = frozenset(
    """
    path full_path fullpath path_info path_qs raw_path rel_url relative_uri get_full_path
    get_full_path_info
    """.split()
)
_OWN_ADDRESSES = frozenset(
    """
    url base_url root_url url_root host_url path_url raw_url uri full_url host forwarded_host
    get_host scheme build_absolute_uri
    """.split()
)
_SENT_BY_BROWSERS = frozenset(
    """
    headers META referrer referer user_agent authorization cookies COOKIES get_header get_cookie
    environ env
    """.split()
)
_RAW_SERVER = "http.server."


def remote(flow: Flow) -> Iterator[Leaf]:
    """Yield the values from remote clients that may fill the hole.

    A value that the program has asked about does not count, nor one that it has escaped.
    """
    for leaf in flow.leaves:
        raw = leaf.kind is LeafKind.CONTROLLED
        if raw and leaf.control is Control.REMOTE and not leaf.checked:
            yield leaf


def choosing(flow: Flow) -> Iterator[Leaf]:
    """Yield the values from remote clients that are the address, or replace it.

    A reference (`urljoin(base, value)`) does that when it is an address itself.
    """
    if flow.context in ADDRESS:
        yield from remote(flow)
    elif flow.place is Place.REFERENCE:
        for leaf in remote(flow):
            # Without a slash it is no address of a server, and with one in front it is a path.
            no_address = is_segment_of_route(leaf) and flow.sink.kind in REQUESTS
            if not no_address and not begins_with_slash(leaf):
                yield leaf


def as_address(flow: Flow) -> Flow:
    """Return the flow of a reference as what it is when it is an address itself."""
    if flow.place is not Place.REFERENCE:
        return flow
    context = Context.BASE if flow.after else Context.WHOLE
    return replace(flow, context=context, place=Place.START, sent_before="")


def role(flow: Flow, what: str) -> str:
    """Return what a value is that chooses the address of `what`, as words of a message."""
    if flow.place is Place.REFERENCE:
        return f"replaces the address of {what}, where it is one itself,"
    return f"is the {flow.context.value} of {what}"


def doubt(leaf: Leaf) -> str:
    """Return what is wrong with the check that a value went through, as words behind others."""
    return f", though it is {leaf.doubt}" if leaf.doubt else ""


def in_links(leaf: Leaf) -> bool:
    """Tell whether a link can bring the value along, not only the browser or the address itself.

    An attacker chooses the links that others follow, but not the headers that they send, and
    a redirect to the address of the request itself leads nowhere else.
    """
    name = leaf.source.rpartition(".")[2]
    return name not in _OWN_PATHS | _OWN_ADDRESSES | _SENT_BY_BROWSERS


def begins_with_slash(leaf: Leaf) -> bool:
    """Tell whether the value is the path of the request, as web frameworks hand it on.

    The server of the standard library hands on what it gets, with or without a slash.
    """
    name = leaf.source.rpartition(".")[2]
    return name in _OWN_PATHS and not leaf.source.startswith(_RAW_SERVER)


def takeover(flow: Flow, leaf: Leaf, whole: str) -> Witness:
    """Return an attack that leads to another host; no escaping stops it.

    `whole` is the hostile value where the hole is the whole URL. The value is one that gets
    through what the program does to it, where one of those that are known does.
    """
    values = takeovers(flow.context, flow.place, whole)
    usual = next(values)
    for value in (usual, *values):
        if ("/" in value and is_segment_of_route(leaf)) or not gets_through(leaf, value):
            continue
        witness = _witness(flow, leaf, value)
        plain = value == usual and not leaf.altered
        if plain or leads_away(witness.before):
            return witness
    return _witness(flow, leaf, usual)


def gets_through(leaf: Leaf, value: str) -> bool:
    """Tell whether a value gets through the patterns that are there to check it."""
    return all(passes(function, pattern, value) for function, pattern in leaf.matched)


def _witness(flow: Flow, leaf: Leaf, value: str) -> Witness:
    return Witness(value, sent(flow, altered(value, leaf.altered)), None)
