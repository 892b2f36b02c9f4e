"""What is true of the files of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout.split("\0")
    if name and (ROOT / name).is_file()
]
PAGES = [path for path in TRACKED if path.suffix == ".md"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: str) -> list[str]:
    """Return the tracked lines that match, as `path:line: text`."""
    found = []
    for path in TRACKED:
        text = path.read_text("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{name(path)}:{number}: {line.strip()[:100]}")
    return found


def test_no_file_names_a_place_of_the_machine_it_was_written_on() -> None:
    assert lines_with(rf"[/]root[/]|{re.escape(str(ROOT))}(?![\w.-])") == []


def test_no_file_names_the_address_of_a_package_index() -> None:
    index = r"(?i)(index-url|find-links|registry)\W{1,4}(https?|file)://|/simple/[\w.-]*['\"]"
    assert lines_with(index) == []


def test_every_page_links_to_what_is_there() -> None:
    targets = [(page, target) for page in PAGES for target in links(page)]
    assert targets
    assert [
        f"{name(page)}: {target}"
        for page, target in targets
        if not (page.parent / target.partition("#")[0]).exists()
    ] == []


def test_every_page_of_the_documentation_can_be_reached() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in links(page)
    }
    documentation = [page for page in PAGES if page.is_relative_to(ROOT / "docs")]
    assert [name(page) for page in documentation if page not in linked] == []


def links(page: Path) -> list[str]:
    """Return the targets of a page's links to files."""
    text = re.sub(r"(?ms)^```.*?^```$|^    .*?$|`[^`\n]*`", "", page.read_text("utf-8"))
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target for target in found if "://" not in target]


def test_every_make_command_that_is_told_of_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    call = re.compile(r"(?:^    |`)make ((?: ?[a-z]+)+)", re.MULTILINE)
    calls = [line for page in PAGES for line in call.findall(page.read_text("utf-8"))]
    told = {target for line in calls for target in line.split()}
    assert told
    assert told - targets == set()


def test_every_command_of_batten_that_is_told_of_exists() -> None:
    command_line = re.compile(r"(?:^    (?:\$ )?|`)batten ([a-z]+)", re.MULTILINE)
    told = {command for page in PAGES for command in command_line.findall(page.read_text("utf-8"))}
    assert told >= {"scan", "fix", "review", "explain", "rules", "server"}
    for command in sorted(told):
        done = batten(command, "--help")
        assert (done.returncode, done.stderr) == (0, ""), command


def test_page_of_the_command_line_tells_of_each_option_and_of_no_other() -> None:
    page = (ROOT / "docs/cli.md").read_text("utf-8")
    for section in page.split("\n## batten ")[1:]:
        command = section.split()[0]
        taken = set(
            re.findall(r"(?m)^  (?:-\w, )?(--[a-zA-Z-]+)", batten(command, "--help").stdout)
        )
        told = set(re.findall(r"`(--[a-zA-Z-]+)", section))
        assert told == taken - {"--help"}, command


def test_every_excerpt_of_the_readme_is_what_batten_prints() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    excerpts = re.findall(r"(?ms)^```\n\$ batten ([^\n]*)\n(.*?)^```$", readme)
    assert excerpts
    for command, excerpt in excerpts:
        printed = batten(*command.split()).stdout
        for part in filter(None, re.split(r"(?m)^ *\.\.\.\n", excerpt)):
            _, found, printed = printed.partition(part)
            assert found == part


def batten(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "batten", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_changelog_begins_with_the_version_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    changes = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert changes is not None
    assert changes[1] == version[1]


def test_generated_pages_are_current() -> None:
    command = [sys.executable, str(ROOT / "docs/generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mode")
def test_the_file_that_decides_on_a_change_can_be_run() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o100
