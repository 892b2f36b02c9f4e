"""A mistake that was made and mended in public, told again in code of our own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Relation(Enum):
    """How what Batten does stands to the fix that the maintainers took."""

    SAME = "batten fix writes just that"
    OFFERED = "it is offered, beside another one that is preferred"
    EQUAL = "batten fix writes something else that sends the same"


HOSTILE = ("a/b", "../b", "a?b=c", "a#b", "a&b=c", "a b", "a+b", "100%", "%2F", "é")
HARMLESS = ("name", "A-1_b.c~d", "2024")


@dataclass(frozen=True)
class Twin:
    """`origin` names the fix in public: only the idea is from there.

    `call` sends the request for a `value`; `{base}` in the modules is the server's address.
    `apart` are hostile values for which the two fixes differ, and `why` tells why that is right,
    or why another fix than the accepted one is.
    """

    origin: str
    title: str
    before: str
    accepted: str
    call: str
    relation: Relation = Relation.SAME
    why: str = ""
    apart: tuple[str, ...] = ()
