"""The files of the VS Code extension agree with those of the server."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import batten.report
from batten.project.settings_table import KEYS
from batten.rules.finding import Severity
from batten_server import execute_command
from batten_server.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "vscode-client"
PACKAGE = json.loads((CLIENT / "package.json").read_text("utf-8"))
SETTINGS = PACKAGE["contributes"]["configuration"]["properties"]
OF_CLIENT = {"batten.path", "batten.interpreter", "batten.trace.server"}
SERVERS = json.loads(
    resources.files(batten.report).joinpath("schema/configuration.schema.json").read_text("utf-8")
)


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


VALUES: list[Any] = [
    *("", "note", "warning", "error", "high", "NOTE", "BTN1"),
    *(1, 0.5, True),
    *([], ["BTN1"], ["BTN101", "BTN102"], [1], [["BTN1"]], [None]),
    *({}, {"BTN101": "note"}, {"BTN1": "off"}, {"BTN1": 1}, {"BTN1": ["note"]}),
    *({"tests/": {}}, {"tests/": 1}, {"tests/": None}, {"tests/": []}),
    {"tests/": {"select": ["BTN1"], "ignore": ["BTN101"], "minSeverity": "error"}},
    {"tests/": {"severity": {"BTN1": "note"}}},
    *({"tests/": {key: wrong}} for key in ("select", "ignore") for wrong in ("BTN1", [1])),
    *({"tests/": {"minSeverity": "high"}}, {"tests/": {"severity": "note"}}),
    *({"tests/": {"select": []}}, {"tests/": {"exclude": []}}, {"tests/": {"other": 1}}),
]
"""What users may write; rules that there are, as a schema does not know them."""


@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in OF_CLIENT])
def test_the_editor_takes_as_a_setting_what_the_server_takes(name: str) -> None:
    schema = Draft202012Validator(SETTINGS[name])
    marked = [value for value in VALUES if not schema.is_valid(value)]

    assert marked == [value for value in VALUES if complaints(name, value)]
    assert 0 < len(marked) < len(VALUES)


def complaints(name: str, value: Any) -> list[str]:
    """Return what the server says of a setting of this value."""
    told: list[str] = []
    Policy(told.append).take({name.removeprefix("batten."): value})
    return told


def test_all_severities_can_be_chosen_and_no_other() -> None:
    labels = [severity.label for severity in Severity]
    enums = [node["enum"] for node in nodes(SETTINGS) if "enum" in node and "note" in node["enum"]]

    assert len(enums) == 4
    assert [[each for each in enum if each is not None] for enum in enums] == [labels] * 4


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema with all that are in it."""
    yield schema
    for inner in schema.values():
        if isinstance(inner, dict):
            yield from nodes(inner)


def test_each_setting_is_described_as_the_server_describes_it() -> None:
    described = {
        f"batten.{camel_case(key)}": each.get("description") or definition(each)["description"]
        for key, each in SERVERS["properties"].items()
    }
    assert tuple(SERVERS["properties"]) == KEYS
    assert {name: SETTINGS[name]["description"] for name in described} == described
    assert set(SETTINGS) - set(described) == OF_CLIENT
    assert all(SETTINGS[name]["description"] for name in OF_CLIENT)


def definition(reference: dict[str, str]) -> dict[str, Any]:
    return SERVERS["$defs"][reference["$ref"].removeprefix("#/$defs/")]  # type: ignore[no-any-return]


def camel_case(key: str) -> str:
    first, *others = key.split("-")
    return first + "".join(map(str.capitalize, others))


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
