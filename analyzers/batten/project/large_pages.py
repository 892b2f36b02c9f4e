"""A heap in large pages, for a program that waits most of its time and then has to be quick.

What answers a key lies all over some 50 MB of heap. Between two keys the processor forgets where
the pages of the heap are, and to look up one of 4 KiB is slower than what is then done with it: in
a virtual machine, that was half of the time between a key and its findings. Of large pages (2 MiB)
there are twenty instead of ten thousand, and the start has fewer of them to be given, too.

Linux gives large pages to a heap in one piece. Python takes its heap in pieces of 1 MiB, wherever
there is room; the C library takes one piece that grows, and asks for large pages when it is told
to (`glibc.malloc.hugetlb`, since 2.35, where the system leaves that to programs:
/sys/kernel/mm/transparent_hugepage/enabled). Python can be told to leave the heap to it
(`PYTHONMALLOC`). Both is told by the environment and at the start only: the program starts again.

Other systems, older C libraries and others (that of Alpine is slow with small objects) and a
Python that ignores its environment go on as they are.
"""

# ruff: noqa: PTH110, PTH112, PTH113, PTH123
from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # loading `typing` would delay the second start
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence

_STARTED_AGAIN = "BATTEN_STARTED_AGAIN"
"""Set in the second run, to what `_TUNABLES` was in the first."""
_ALLOCATOR = "PYTHONMALLOC"
_TUNABLES = "GLIBC_TUNABLES"
_FIRST_WITH_THEM = (2, 35)
"""The version of the GNU C library."""
_LARGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled"
_KEPT = 1 << 25
"""Bytes: the most that the C library takes for a threshold. So much that is free is kept, and no
text gets pages of its own: else every few keys the system would give some, which it has to clear.
"""
_WANTED = ":".join(
    (
        "glibc.malloc.hugetlb=1",
        # In one piece: threads get none of their own; only one at a time runs Python code anyway.
        "glibc.malloc.arena_max=1",
        f"glibc.malloc.mmap_threshold={_KEPT}",
        f"glibc.malloc.trim_threshold={_KEPT}",
    )
)


def start_again_in_large_pages() -> None:
    """Start this program again with a heap in large pages, as the same process.

    To be called before anything has been read or is loaded that takes long. Returns in the second
    run, with the environment as it was before (with `-I`, without what Python ignores in it), and
    where it would be of no use or is not possible.
    """
    if _STARTED_AGAIN in os.environ:
        clean_up(os.environ)
        return
    command = second_command(sys.orig_argv)
    if command and is_of_use() and _ALLOCATOR not in os.environ:
        try:
            os.execve(command[0], command, second_environment(os.environ))
        except OSError:
            return  # slower, but it works


def second_command(first: Sequence[str]) -> list[str]:
    """Return the command line of the second run; empty when there can be none.

    Python ignores its environment with `-I`, which the second run does without: nothing of that
    environment is left to it.
    """
    options = list(first[1:])
    if getattr(sys, "frozen", False) or not sys.executable or _has_been_read(sys.argv[0]):
        return []
    if options[:1] == ["-I"] and sys.version_info >= (3, 11):
        options[:1] = ["-s", "-P"]
    elif sys.flags.ignore_environment:
        return []
    return [sys.executable, *options]


def second_environment(first: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the second run."""
    ignored = "PYTHON" if sys.flags.ignore_environment else _ALLOCATOR
    kept = {name: value for name, value in first.items() if not name.startswith(ignored)}
    tunables = first.get(_TUNABLES, "")
    return {
        **kept,
        _ALLOCATOR: "malloc",
        _TUNABLES: f"{tunables}:{_WANTED}".lstrip(":"),
        _STARTED_AGAIN: tunables,
    }


def clean_up(environment: MutableMapping[str, str]) -> None:
    """Take out of the environment of the second run what its child processes shall not have."""
    tunables = environment.pop(_STARTED_AGAIN)
    environment.pop(_ALLOCATOR, None)
    environment.pop(_TUNABLES, None)
    if tunables:
        environment[_TUNABLES] = tunables


def is_of_use() -> bool:
    """Tell whether this is CPython on Linux, and its C library gets large pages for a heap."""
    if sys.platform != "linux" or sys.implementation.name != "cpython":
        return False
    if "t" in sys.abiflags:  # without the interpreter's lock it has a heap of its own, and no other
        return False
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        first, second = (int(part) for part in version.split(".")[:2])
        with open(_LARGE_PAGES) as setting:
            are_given = "[never]" not in setting.read()
    except (OSError, ValueError):  # another C library, or a system without
        return False
    return name == "glibc" and (first, second) >= _FIRST_WITH_THEM and are_given


def _has_been_read(program: str) -> bool:
    """Tell whether a program came from standard input or a pipe: it is not there a second time."""
    is_file = os.path.isfile(program) or os.path.isdir(program)
    return (
        program in ("", "-")
        or program.startswith("/dev/")
        or (os.path.exists(program) and not is_file)
    )
