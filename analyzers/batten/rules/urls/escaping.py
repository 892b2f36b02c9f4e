"""What the rules for unescaped values share: the grade, the words and the attack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.grammars.alteration import altered
from batten.grammars.url import Context
from batten.link.evidence import (
    is_address_name,
    is_identifier_name,
    is_segment_of_route,
)
from batten.link.flow import Flow, Leaf, LeafKind
from batten.models.model import Control, SinkKind
from batten.rules.finding import Severity, Witness
from batten.rules.urls.control import choosing, gets_through, in_links
from batten.rules.urls.hole import place, reported, sends, sent, shown
from batten.rules.urls.slashes import Slashes, is_whole_path, slashes

if TYPE_CHECKING:
    from batten.rules.finding import Finding

# Unlike `path`, which may be a value of the service, these say that a URL goes on with it.
_URL_NAME = re.compile(r"(?:^|_)(?:url|uri|endpoint|href)$", re.IGNORECASE)
_SEVERITIES = {
    LeafKind.REPLIED: Severity.NOTE,
    LeafKind.IDENTIFIER: Severity.NOTE,
    LeafKind.UNKNOWN: Severity.WARNING,
    LeafKind.CONTROLLED: Severity.ERROR,
}


def unescaped(flow: Flow, code: str, name: str) -> Finding | None:
    """Return the finding of a value that goes unescaped into its place, or None if it may."""
    if flow.sink.kind is SinkKind.LOCATION:
        return None  # a browser may go there already; only another site is of interest
    if flow.place is url.Place.REFERENCE and _chooses_the_host(flow):
        return None  # worse than what it does to the path
    worst = flow.leaves[0]
    severity = _severity(flow, worst)
    if severity is None:
        return None
    witness = attack(flow)
    message = (
        f"{shown(flow)} goes unescaped into {place(flow)} of a URL"
        f" and {worst.why}{_doubt(worst, witness.value)}:"
        f" with `{witness.value}` it would {sends(flow)} `{witness.before}`"
    )
    return reported(flow, code, name, severity, message, witness)


def _severity(flow: Flow, leaf: Leaf) -> Severity | None:
    """Grade a value: an id that a user of the program itself types in is still an id."""
    severity = _SEVERITIES.get(leaf.kind)
    if severity is None:
        return None
    kinds = {other.kind for other in flow.leaves}
    if leaf.kind is LeafKind.UNKNOWN and LeafKind.ESCAPED in kinds:
        # Escaped on one way and raw on the other: what is raw may be escaped elsewhere.
        return Severity.NOTE
    pieces = LeafKind.PIECE in kinds
    if _is_rest_of_path(flow) and leaf.kind is not LeafKind.CONTROLLED:
        return None
    if leaf.kind is LeafKind.UNKNOWN and not leaf.told and is_whole_path(flow):
        return Severity.NOTE  # most likely put together by callers elsewhere
    if pieces and leaf.control is not Control.REMOTE:
        # Ready pieces of URLs go in here as well: it can't be escaped at this place.
        if is_address_name(flow.name):
            return None
        if not leaf.told:
            return Severity.NOTE
    if flow.context is Context.QUERY_NAME and leaf.kind is LeafKind.UNKNOWN:
        # Names of parameters come from the program far more often than from people.
        return Severity.NOTE
    if leaf.control is Control.REMOTE and flow.sink.kind is SinkKind.REDIRECT:
        # To send a browser where it already is, or may go, gives nobody anything.
        return severity if in_links(leaf) and not leaf.checked else Severity.NOTE
    if leaf.control is None or leaf.control is Control.REMOTE:
        return severity
    credential = any(other.told and other.kind is LeafKind.IDENTIFIER for other in flow.leaves)
    if not is_identifier_name(flow.name) and not credential:
        return severity
    # What people type in for an id is an id, unless the documentation says names will do.
    names = any(other.told and other.kind is LeafKind.UNKNOWN for other in flow.leaves)
    return Severity.WARNING if names else Severity.NOTE


def _chooses_the_host(flow: Flow) -> bool:
    """Tell whether a value from a remote client takes the place of the address before it."""
    leaves = choosing(flow)
    return any(flow.sink.kind is not SinkKind.REDIRECT or in_links(leaf) for leaf in leaves)


def _is_rest_of_path(flow: Flow) -> bool:
    """Tell whether a whole path is glued on (`"/v1" + path`), as an address is to a base.

    So is one that its own text begins with (`f"{self.path}/{name}"`), whatever comes before that.
    """
    if flow.context is Context.PATH_SEGMENT and not flow.after:
        return bool(_URL_NAME.search(flow.name))
    glued = flow.context is Context.PATH_PART and not (flow.before and flow.after)
    return glued and is_address_name(flow.name)


def attack(flow: Flow) -> Witness:
    """Return a hostile value for the hole and the request line before and after escaping."""
    value, text = _hostile(flow)
    safe = url.escaped(flow.context, text)
    return Witness(value, sent(flow, text), sent(flow, safe))


def _hostile(flow: Flow) -> tuple[str, str]:
    """Return a value that comes through, and what is left of it where it goes in."""
    leaf = flow.leaves[0]
    if slashes(flow) is Slashes.MEANT:
        # Escaped, such a value keeps its slashes: what it may not do is to end the path.
        return _ENDS_PATH, _put_in(flow, altered(_ENDS_PATH, leaf.altered))
    usual = url.hostile(flow.context, flow.place)
    for value in (usual, *url.HOSTILE_TOO.get(flow.context, ())):
        if "/" in value and is_segment_of_route(leaf):
            continue
        text = _put_in(flow, altered(value, leaf.altered))
        if not gets_through(leaf, value):
            continue
        if text == usual or url.breaks_out(flow.context, text):
            return value, text
    return usual, _put_in(flow, altered(usual, leaf.altered))


_ENDS_PATH = "a?admin=1"


def _doubt(leaf: Leaf, value: str) -> str:
    """Return what a check by a pattern does not keep out, as words behind others."""
    if not leaf.matched or is_segment_of_route(leaf) or not gets_through(leaf, value):
        return ""
    return ", though the pattern that checks it lets more through"


def _put_in(flow: Flow, text: str) -> str:
    return repr(text) if flow.spec == "r" else text
