"""Loading asyncio and hashlib without OpenSSL.

Nothing here is encrypted: an editor talks to its own server, over pipes or on its own machine. And
a fingerprint is as good from Python's own code. OpenSSL would take 8 MiB and a fiftieth of the
start-up. Both do without where Python was built without it.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

_TAKEN_WITH = {"asyncio": "ssl", "hashlib": "_hashlib"}


def load() -> None:
    """Load both, and let others still load OpenSSL afterwards."""
    modules: dict[str, Any] = sys.modules
    for module, part in _TAKEN_WITH.items():
        if module in modules or part in modules:
            continue
        modules[part] = None  # as if there were none
        try:
            importlib.import_module(module)
        finally:
            del modules[part]
