"""Put the Python libraries of the extension into `bundled/`, for each Python that it can run on.

Some libraries are compiled, for one version of Python and one system each: those stand in
`python3.10`, `python3.11` and so on, what is the same for all in `common`. They are made for
the system that this runs on.
"""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")

CLIENT = Path(__file__).parents[1]


def main() -> None:
    """Make the folder anew."""
    target = CLIENT / "bundled"
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        wheel = build(CLIENT.parent, Path(temporary))
        folders = {version: target / f"python{version}" for version in VERSIONS}
        for version, folder in folders.items():
            install(wheel, version, folder)
    share(list(folders.values()), target / "common")


def build(project: Path, folder: Path) -> Path:
    """Build the wheel of Batten."""
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(project))
    (wheel,) = folder.glob("batten-*.whl")
    return wheel


def install(wheel: Path, version: str, folder: Path) -> None:
    """Install Batten and all that it needs on a version of Python."""
    wanted = [str(wheel)]
    while wanted:
        # pip asks the Python that it runs on whether a requirement is one: we ask again.
        pip_install(wanted, version, folder)
        wanted = missing(version, folder)
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for tests in [path for path in folder.rglob("tests") if path.is_dir()]:
        shutil.rmtree(tests)


def pip_install(wanted: list[str], version: str, folder: Path) -> None:
    """Install into a folder, for a version of Python that need not be there."""
    into = ("--target", str(folder), "--python-version", version, "--only-binary=:all:")
    pip("install", "--no-compile", "--upgrade", *into, *wanted)


def missing(version: str, folder: Path) -> list[str]:
    """Return what the libraries in `folder` need on that version and is not there."""
    installed = list(distributions(path=[str(folder)]))
    there = {canonicalize_name(each.metadata["Name"]) for each in installed}
    needed = [need for each in installed for need in needs(each, version)]
    return sorted({str(each) for each in needed if canonicalize_name(each.name) not in there})


def needs(distribution: Distribution, version: str) -> list[Requirement]:
    """Return what a library needs on a version of Python."""
    environment = {"python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    listed = [Requirement(each) for each in distribution.requires or ()]
    kept = [each for each in listed if each.marker is None or each.marker.evaluate(environment)]
    for each in kept:
        each.marker = None
    return kept


def share(folders: list[Path], common: Path) -> None:
    """Move what is the same in all folders to one."""
    common.mkdir()
    first, *others = folders
    for entry in sorted(first.iterdir()):
        if all(same(entry, other / entry.name) for other in others):
            entry.rename(common / entry.name)
            for other in others:
                remove(other / entry.name)


def same(one: Path, other: Path) -> bool:
    """Tell whether two files, or all in two folders, are the same."""
    if one.is_file() or other.is_file():
        return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)
    if not other.is_dir():
        return False
    names = {path.name for path in one.iterdir()}
    if names != {path.name for path in other.iterdir()}:
        return False
    return all(same(one / name, other / name) for name in names)


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def pip(*arguments: str) -> None:
    """Run pip, and end with its message if it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    main()
