"""Makes the modules that are no tests importable, and the server that remembers requests."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "proof")]
