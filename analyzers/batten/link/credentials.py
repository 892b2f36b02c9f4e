"""Which argument of a request tells the server who asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.entities import Known
from batten.values.terms import NONE, Const, Mapping

if TYPE_CHECKING:
    from batten.link.entities import Frame
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call

_ARGUMENTS = ("auth", "cookies", "cert")
_HEADERS = re.compile(
    r"(?:proxy-)?authorization|cookie|(?:x-)?(?:[a-z]+-)*(?:token|secret|api-?key|access-key)",
    re.IGNORECASE,
)


def credentials(call: Call, frame: Frame, resolver: Resolver) -> str:
    """Return the argument, or the header, by which a request tells who asks; "" for none."""
    named = dict(call.arguments.named)
    for name in _ARGUMENTS:
        if name in named and named[name].value != NONE:
            return f"`{name}=`"
    given = named.get("headers")
    for entity in resolver.resolve(given.value, frame) if given is not None else ():
        if isinstance(entity, Known) and isinstance(entity.value, Mapping):
            for key, _ in entity.value.entries:
                if (
                    isinstance(key, Const)
                    and isinstance(key.value, str)
                    and _HEADERS.fullmatch(key.value)
                ):
                    return f"the header `{key.value}`"
    return ""
