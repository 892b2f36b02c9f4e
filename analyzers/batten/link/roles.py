"""What a document is for, by its path: tests and examples say nothing of what others may do."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def is_test(path: str) -> bool:
    """Tell whether a document is a test, by the names that pytest and unittest look for."""
    *folders, name = path.split("/")
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "tests.py")
        or any(folder in ("tests", "test") for folder in folders)
    )


@lru_cache(maxsize=4096)
def is_aside(path: str) -> bool:
    """Tell whether a document is a test or an example: what it gives says nothing of others."""
    return is_test(path) or not _EXAMPLES.isdisjoint(path.split("/")[:-1])


_EXAMPLES = frozenset({"example", "examples"})
