from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # for the module that is no test

from handmade import CODE, Run


@pytest.fixture
def run() -> Run:
    """A run over one small client without findings."""
    made = Run()
    made.code(CODE)
    return made
