"""Real editors, each driven without a screen on a copy of the examples.

`make editors` installs them, `make test-editors` runs these tests.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for the modules that the tests here share

from session import ROOT, Example


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave these tests to `make test-editors`: they want minutes and the machine to themselves."""
    return True if "BATTEN_EDITORS" not in os.environ else None


@pytest.fixture
def example(tmp_path: Path) -> Example:
    shutil.copytree(ROOT / "examples/inventory", tmp_path / "inventory")
    return Example(tmp_path / "inventory")
