"""Whether a value in a path may be meant to hold slashes, by its name and place."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.link.evidence import ROUTE_PATH, is_address_name

if TYPE_CHECKING:
    from batten.link.flow import Flow


class Slashes(Enum):
    """What is known of the slashes in a value."""

    MEANT = "meant"
    PERHAPS = "perhaps meant"
    ENDING = "end the segment"


def slashes(flow: Flow) -> Slashes:
    """Judge the slashes of the value in a hole; each item of a join is a value by itself."""
    if flow.context not in (Context.PATH_SEGMENT, Context.PATH_PART) or flow.join is not None:
        return Slashes.ENDING
    if is_address_name(flow.name) or is_rest_of_route(flow):
        return Slashes.MEANT
    return Slashes.PERHAPS if is_named_with_slashes(flow.name) else Slashes.ENDING


def is_whole_path(flow: Flow) -> bool:
    """Tell whether a value is all of the path behind an address, by its name and place.

    A wrapper (`f"{self.url}/{path}"`) is given what others have put together.
    """
    if flow.context is not Context.PATH_SEGMENT or flow.after or flow.join is not None:
        return False
    named = is_address_name(flow.name) or _RESOURCE.search(flow.name) is not None
    return named and _ADDRESS.fullmatch(flow.sent_before) is not None


def is_rest_of_route(flow: Flow) -> bool:
    """Tell whether a route fills the value with the rest of a path (`<path:name>`)."""
    return any(leaf.source.startswith(ROUTE_PATH) for leaf in flow.leaves)


def is_named_with_slashes(name: str) -> bool:
    """Tell whether a name is one of things that often have slashes in them: files, branches."""
    return _NAMES.search(name) is not None


_ADDRESS = re.compile(r"(?:\w+://[^/?#]*|\{[^{}/]*\})/")
_RESOURCE = re.compile(r"(?:^|_)resource$", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:^|_|/)(?:key|file|filename|folder|directory|branch|ref|prefix|object|blob|tree|point|repo"
    r"|repository|project|page|resource)$",
    re.IGNORECASE,
)
