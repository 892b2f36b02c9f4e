"""CPU time of `batten scan` beside that of `bandit -r`, on the same folders, in turn.

    .venv/bin/python benchmarks/scan.py [FOLDER ...] [--rounds N]

Without a folder it downloads the packages of `packages.txt` into `.bench`. Prints the median of the
ratios pair by pair: a machine whose speed drifts moves both commands of a pair alike.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
DOWNLOADS = HERE.parent / ".bench"
BIN = Path(sys.executable).parent


def main() -> None:
    """Run the pairs and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=5, help="how many pairs (default: 5)")
    arguments = parser.parse_args()
    folders = [str(folder) for folder in arguments.folders] or [str(packages())]
    ours = [
        str(BIN / "batten"),
        "scan",
        "--no-cache",
        "--fixes",
        "none",
        "--format",
        "json",
        "--exit-zero",
    ]
    theirs = [str(BIN / "bandit"), "-q", "-r", "-f", "json", "--exit-zero"]
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in (ours, theirs):
            cpu_seconds([*command, *folders], environment)
        print(f"{'batten':>10} {'bandit':>10} {'ratio':>7}   CPU seconds")
        ratios = []
        for _ in range(arguments.rounds):
            pair = [cpu_seconds([*command, *folders], environment) for command in (ours, theirs)]
            ratios.append(pair[0] / pair[1])
            print(f"{pair[0]:10.2f} {pair[1]:10.2f} {ratios[-1]:7.2f}")
    print(f"batten / bandit, median of {len(ratios)} pairs: {statistics.median(ratios):.2f}")


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the CPU time, in seconds, that a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def packages() -> Path:
    """Return a folder with the packages of `packages.txt`, downloaded once."""
    unpacked = DOWNLOADS / "packages"
    for requirement in (HERE / "packages.txt").read_text().split():
        target = unpacked / requirement
        if target.exists():
            continue
        archives = DOWNLOADS / "archives" / requirement
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*download, "--dest", str(archives), requirement], check=True)
        for archive in archives.iterdir():
            unpack(archive, target)
    return unpacked


def unpack(archive: Path, target: Path) -> None:
    """Unpack a wheel or a source distribution."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target)
    else:
        with tarfile.open(archive) as source:
            source.extractall(target, filter="data")


if __name__ == "__main__":
    main()
