"""Those that are to be answered again since an answer that they have asked for has grown.

In which order changes nothing but the work. Who has asked many waits until all others are done:
along a chain of functions each of which calls one wrapper, the wrapper would else be asked again,
with all its callers, at every step.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from batten.link.contributions import MANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.point import Demand

    Asker = Demand | int


class Again:
    """Demands and sinks (by number), each once; the first ones first, but who has asked many."""

    def __init__(self, asked: Callable[[Asker], int]) -> None:
        """Hold nobody; `asked` tells how much somebody has asked."""
        self._asked = asked
        self._first: OrderedDict[Asker, None] = OrderedDict()
        self._last: OrderedDict[Asker, None] = OrderedDict()

    def __bool__(self) -> bool:
        """Tell whether anybody waits."""
        return bool(self._first or self._last)

    def add(self, askers: Iterable[Asker]) -> None:
        """Let some be answered again."""
        for asker in askers:
            if asker not in self._first and asker not in self._last:
                (self._last if self._asked(asker) >= MANY else self._first)[asker] = None

    def pop(self) -> Asker:
        """Return who is next, and let go of it."""
        return (self._first or self._last).popitem(last=False)[0]

    def keep(self, kept: Callable[[Asker], bool]) -> None:
        """Let go of those that are not to be kept."""
        for waiting in (self._first, self._last):
            for asker in [each for each in waiting if not kept(each)]:
                del waiting[asker]
