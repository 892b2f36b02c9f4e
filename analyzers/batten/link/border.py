"""Where long work can be stopped: between units, statements, dropped answers, flows and fixes.

What is done then stays, and who asks again goes on from there, with other texts if they have
changed. So somebody who types never waits for the analysis of a text that is old already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Border:
    """Called where work can be stopped: `check` stops it by raising what is no `Exception`.

    An `Exception` would be taken for a failure of the analysis. `check_long` does the same where
    the way to the next border is long.
    """

    __slots__ = ("check", "check_long")

    def __init__(self) -> None:
        self.check: Callable[[], None] = go_on
        self.check_long: Callable[[], None] = go_on

    def __call__(self) -> None:
        """Ask whether to go on."""
        self.check()

    def before_long(self) -> None:
        """Ask whether to go on with what may take some ten milliseconds and can't be stopped."""
        self.check_long()


def go_on() -> None:
    """Do not stop."""
