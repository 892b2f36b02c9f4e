"""The digest that kept things go by and are under."""

from __future__ import annotations

try:
    # What hashlib gives, which loads OpenSSL before: a twentieth of the time of a warm scan.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
