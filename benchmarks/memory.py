"""Whether the memory of the server grows while somebody types for a day: ten thousand edits.

    .venv/bin/python benchmarks/memory.py [FILE] [--edits N] [--lines N]

Each edit writes a name, a text or a function that was never there before, and half of them are
taken back. The table has the resident memory after each tenth of the edits. The exit code is 1 when
the second half has added more than a tenth to what there was at the end of the first.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from client import Client
from edits import ASSIGNED, first_assignment
from keystroke import OURS
from subjects import document, hardest

PAUSE = 2.5
"""Seconds of silence before a look; the server collects all its garbage only after more."""
GROWTH = 1.1


def main() -> int:
    """Type, print what memory that takes, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=2_000)
    arguments = parser.parse_args()
    file = arguments.file or hardest()
    text = document(file.read_text(), arguments.lines)
    client = Client(OURS, {}, dict(os.environ))
    client.open(text)
    lines = text.splitlines()
    at = first_assignment(lines)
    line, seen = lines[at], []
    print(f"{len(lines)} lines\n{'edits':>8} {'MiB':>8} {'ms each':>8}")
    for tenth in range(10):
        began = time.perf_counter()
        for number in range(tenth * arguments.edits // 10, (tenth + 1) * arguments.edits // 10):
            after = _edited(lines[at], number)
            client.replace_line(at, line, after)
            line = after
        took = (time.perf_counter() - began) * 1e4 / arguments.edits
        client.code_action()
        time.sleep(PAUSE)
        seen.append(client.memory())
        print(f"{(tenth + 1) * arguments.edits // 10:8} {seen[-1]:8.1f} {took:8.1f}", flush=True)
    client.close()
    return int(max(seen[5:]) > GROWTH * max(seen[:5]))


def _edited(line: str, number: int) -> str:
    """Return a line with something new in it; every other edit takes it back."""
    if number % 2:
        return line
    indentation = line[: len(line) - len(line.lstrip())]
    return (
        ASSIGNED.sub(rf"\g<1>\g<2>{number}\g<3>", line),
        f"{line}  # {number}",
        f"{line}.name{number}()",
        f"{indentation}self.put{number}('https://x.test/%s' % name{number})",
    )[number // 2 % 4]


if __name__ == "__main__":
    sys.exit(main())
