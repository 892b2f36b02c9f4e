"""What the rules share for text that chooses where a request or a browser goes.

Only a remote client counts. The people who start a program, configure it or type into it may
choose their server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars import url
from batten.grammars.url import Context
from batten.models.model import Control, SinkKind
from batten.rules.finding import Witness
from batten.rules.urls.hole import sent

if TYPE_CHECKING:
    from batten.link.flow import Flow, Leaf

AUTHORITY = frozenset({Context.SCHEME, Context.USERINFO, Context.HOST, Context.PORT})
"""The parts of a URL with which a value that goes in raw can choose another host."""

ADDRESS = frozenset({Context.WHOLE, Context.BASE})
"""The places where a value brings a host of its own along."""

REQUESTS = frozenset({SinkKind.REQUEST, SinkKind.WEBSOCKET, SinkKind.BROWSER})
"""The sinks with which the program itself goes to the URL."""


def remote(flow: Flow) -> Leaf | None:
    """Return the value from a remote client that may fill the hole, if there is one."""
    for leaf in flow.leaves:
        if leaf.control is Control.REMOTE and not leaf.checked:
            return leaf
    return None


def takeover(flow: Flow, whole: str) -> Witness:
    """Return the attack that leads to another host; no escaping stops it.

    `whole` is the hostile value where the hole is the whole URL.
    """
    value = whole if flow.context is Context.WHOLE else url.hostile(flow.context, flow.place)
    return Witness(value, sent(flow, value), None)
