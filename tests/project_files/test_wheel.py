"""The wheel, as a user gets it: built, put into an empty environment, and run there.

Needs the package registries, for the build backend and the dependencies.
"""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("wheel")  # one worker: build and install once


@dataclass(frozen=True)
class Installed:
    """A wheel, and the folder of programs of an environment that holds it and nothing else."""

    wheel: Path
    programs: Path

    def run(self, program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=600)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=600)
    return Installed(wheel, programs)


def test_wheel_holds_all_that_is_not_python_too(installed: Installed) -> None:
    held = set(zipfile.ZipFile(installed.wheel).namelist())
    wanted = {"batten/py.typed", "batten_server/py.typed"}
    wanted |= {f"batten/pages/{path.name}" for path in ROOT.glob("docs/rules/*.md")}
    for folder, package in (("analyzers", "batten"), ("server", "batten_server")):
        sources = (ROOT / folder / package).rglob("*")
        wanted |= {
            path.relative_to(ROOT / folder).as_posix()
            for path in sources
            if path.suffix in {".py", ".toml", ".json"}
        }
    assert wanted - held == set()


def test_version_is_told(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("batten", "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[:2] == ["batten", installed.wheel.name.split("-")[1]]


def test_rules_are_listed(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("batten", "rules", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BTN101" in done.stdout
    assert "BTN102" in done.stdout


def test_examples_are_scanned(installed: Installed) -> None:
    done = installed.run("batten", "scan", "examples", cwd=ROOT)
    assert done.returncode == 1, done.stderr
    assert "BTN101" in done.stdout


def test_link_of_a_rule_leads_to_the_page_in_the_wheel(
    installed: Installed, tmp_path: Path
) -> None:
    program = (
        "from urllib.request import url2pathname, urlopen\n"
        "from batten.report.rule_page import page_uri\n"
        "print(urlopen(page_uri('BTN101')).read().decode())\n"
    )
    done = installed.run("python", "-c", program, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout.rstrip() == (ROOT / "docs/rules/BTN101.md").read_text("utf-8").rstrip()


def test_command_line_does_not_load_the_protocol_of_editors(
    installed: Installed, tmp_path: Path
) -> None:
    program = (
        "import sys, batten.cli.main; print(sorted({'pygls', 'lsprotocol'} & set(sys.modules)))"
    )
    done = installed.run("python", "-c", program, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_server_is_a_command(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("batten", "server", "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--stdio" in done.stdout
