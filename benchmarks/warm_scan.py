"""Wall time of a second `batten scan` beside that of `ruff check --no-cache`, in turn.

    .venv/bin/python benchmarks/warm_scan.py [FOLDER ...] [--rounds N]

The folders are those of `scan.py`. The first scan fills a cache that is empty, and is told apart.
Ruff, with its rules `S`, looks at all files each time. Prints the median of the ratios of pairs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from scan import BIN, packages


def main() -> None:
    """Run the pairs and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=21, help="how many pairs (default: 21)")
    arguments = parser.parse_args()
    folders = [str(folder) for folder in arguments.folders] or [str(packages())]
    with tempfile.TemporaryDirectory() as folder:
        ours = [str(BIN / "batten"), "scan", "--fixes", "none", "--exit-zero"]
        theirs = [str(BIN / "ruff"), "check", "--isolated", "--no-respect-gitignore"]
        theirs += ["--select", "S", "--no-cache", "--exit-zero", "--quiet"]
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode"))}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        seconds([*ours, "--no-cache", *folders], environment)  # so that bytecode is there
        for form in ("text", "json"):
            cache = str(Path(folder, form))
            pair = [
                [*ours, "--cache-dir", cache, "--format", form, *folders],
                [*theirs, "--output-format", _OF_RUFF[form], *folders],
            ]
            compare(form, pair, arguments.rounds, environment)


_OF_RUFF = {"text": "concise", "json": "json"}


def compare(form: str, pair: list[list[str]], rounds: int, environment: dict[str, str]) -> None:
    """Print what two commands take, in turn."""
    cold = seconds(pair[0], environment)
    for command in pair:  # so that both have run
        seconds(command, environment)
    ours, theirs, ratios = [], [], []
    for _ in range(rounds):
        ours.append(seconds(pair[0], environment))
        theirs.append(seconds(pair[1], environment))
        ratios.append(ours[-1] / theirs[-1])
    print(
        f"{form}: first scan {cold:.2f} s, second {statistics.median(ours):.3f} s, "
        f"ruff {statistics.median(theirs):.3f} s; "
        f"second / ruff, median of {rounds} pairs: {statistics.median(ratios):.2f}"
    )


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the wall time, in seconds, that a command takes."""
    start = time.perf_counter()
    subprocess.run(
        command,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
