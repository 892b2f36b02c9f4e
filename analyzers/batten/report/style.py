"""The colours of the terminal formats."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING

from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(Enum):
    """What a piece of output is; each has a look."""

    ERROR = auto()
    WARNING = auto()
    NOTE = auto()
    PLACE = auto()
    FRAME = auto()
    TITLE = auto()
    BAD = auto()
    GOOD = auto()


SEVERITY_ROLE: Mapping[Severity, Role] = MappingProxyType(
    {Severity.ERROR: Role.ERROR, Severity.WARNING: Role.WARNING, Severity.NOTE: Role.NOTE}
)


@dataclass(frozen=True, slots=True)
class Style:
    """The parameters of the ANSI colour sequence (ECMA-48, SGR) of each role that has one."""

    looks: Mapping[Role, str]

    def paint(self, role: Role, text: str) -> str:
        """Return `text` in the look of `role`; text that has no look stays as it is."""
        look = self.looks.get(role)
        return text if look is None or not text else f"\x1b[{look}m{text}\x1b[0m"


PLAIN = Style(MappingProxyType({}))

COLOURED = Style(
    MappingProxyType(
        {
            Role.ERROR: "1;31",
            Role.WARNING: "1;33",
            Role.NOTE: "1;36",
            Role.PLACE: "1",
            Role.FRAME: "2",
            Role.TITLE: "1",
            Role.BAD: "31",
            Role.GOOD: "32",
        }
    )
)
