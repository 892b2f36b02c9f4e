"""Failures of the analysis: logged once for each place, they cost an answer and nothing else."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Failures:
    """Those of one session."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def contain(self, job: Callable[[], T], otherwise: T) -> T:
        """Do a job; return `otherwise` when it fails."""
        try:
            return job()
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            failure = f"{type(error).__name__} at {place.filename}:{place.lineno}"
            if failure not in self._known:
                self._known.add(failure)
                _log.exception("The analysis failed; the same failure is not logged again")
            return otherwise

    def known(self) -> list[str]:
        """Return what failed and where, sorted."""
        return sorted(self._known)
