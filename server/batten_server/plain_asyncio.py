"""Loading asyncio without TLS.

Nothing here is encrypted: an editor talks to its own server, over pipes or on its own machine. OpenSSL
would take 5 MiB and a fiftieth of the start-up. asyncio is made to do without where Python is
built without it.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def load() -> None:
    """Load asyncio, and let others still load `ssl` afterwards."""
    modules: dict[str, Any] = sys.modules
    if "ssl" in modules or "asyncio" in modules:
        return
    modules["ssl"] = None  # as if there were none
    try:
        importlib.import_module("asyncio")
    finally:
        del modules["ssl"]
