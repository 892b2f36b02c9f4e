"""Where long work can be stopped: between two units, two flows, two fixes.

What is done then stays, and who asks again goes on from there, with other texts if they have
changed. So somebody who types never waits for the analysis of a text that is old already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Border:
    """Called where work can be stopped: `check` stops it by raising what is no `Exception`.

    An `Exception` would be taken for a failure of the analysis.
    """

    __slots__ = ("check",)

    def __init__(self) -> None:
        self.check: Callable[[], None] = go_on

    def __call__(self) -> None:
        """Ask whether to go on."""
        self.check()


def go_on() -> None:
    """Do not stop."""
