"""No test sees what the user's own scans have kept, or keeps anything there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _cache_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Programs that tests start inherit it, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "BATTEN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
