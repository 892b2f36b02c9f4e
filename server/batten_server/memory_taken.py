"""How much memory the process takes, as far as the system tells."""

from __future__ import annotations

import sys
from pathlib import Path

_PAGES = Path("/proc/self/statm")
_BLOCK = 100
"""Bytes of one of Python's own blocks, on average."""


def memory_taken() -> int:
    """Return the bytes that the process takes.

    That is its resident memory on Linux, also when Python has left its heap to the C library
    (`large_pages.py`), and about what its objects take elsewhere.
    """
    if sys.platform == "linux":
        try:
            return int(_PAGES.read_bytes().split()[1]) * _page()
        except OSError:  # there is no /proc
            pass
    return sys.getallocatedblocks() * _BLOCK


def _page() -> int:
    import resource

    return resource.getpagesize()
