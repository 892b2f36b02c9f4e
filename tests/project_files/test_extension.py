"""The files of the VS Code extension agree with those of the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from batten_server import execute_command
from batten_server.policy import Policy

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "vscode-client"
PACKAGE = json.loads((CLIENT / "package.json").read_text("utf-8"))
SETTINGS = PACKAGE["contributes"]["configuration"]["properties"]


def test_settings_are_those_of_the_schema() -> None:
    command = [sys.executable, str(CLIENT / "generate_settings.py"), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_server_takes_the_settings_of_a_user_who_has_set_nothing() -> None:
    sent: dict[str, object] = {}
    for name, setting in SETTINGS.items():
        *sections, key = name.removeprefix("batten.").split(".")
        table = sent
        for section in sections:
            table = table.setdefault(section, {})  # type: ignore[assignment]
        table[key] = setting["default"]
    complaints: list[str] = []
    policy = Policy(complaints.append)
    policy.take(sent)
    nothing = Policy(complaints.append)
    nothing.take(None)
    assert policy.settings("/a.py") == nothing.settings("/a.py")
    assert complaints == []


def test_a_project_that_is_not_trusted_does_not_choose_what_is_started() -> None:
    restricted = PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert set(restricted) == {"batten.path", "batten.interpreter"}


def test_commands_have_other_names_than_those_that_the_server_announces() -> None:
    commands = {each["command"] for each in PACKAGE["contributes"]["commands"]}
    announced = {
        value
        for value in vars(execute_command).values()
        if isinstance(value, str) and value.startswith("batten.")
    }
    assert announced
    assert commands & announced == set()


def test_no_other_extension_is_needed() -> None:
    assert "extensionDependencies" not in PACKAGE


def test_version_is_that_of_the_project() -> None:
    assert f'\nversion = "{PACKAGE["version"]}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_lock_file_does_not_tell_where_packages_were_downloaded() -> None:
    assert '"resolved"' not in (CLIENT / "package-lock.json").read_text("utf-8")


def test_readme_tells_of_each_setting_and_each_command() -> None:
    readme = (CLIENT / "README.md").read_text("utf-8")
    assert [name for name in SETTINGS if f"`{name}`" not in readme] == []
    hidden = {
        each["command"]
        for each in PACKAGE["contributes"]["menus"]["commandPalette"]
        if each["when"] == "false"
    }
    titles = [
        each["title"]
        for each in PACKAGE["contributes"]["commands"]
        if each["command"] not in hidden
    ]
    assert [title for title in titles if f"| {title} |" not in readme] == []
