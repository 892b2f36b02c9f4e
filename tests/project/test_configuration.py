"""What is configured for a file, and what a mistake in it says."""

from __future__ import annotations

import json
import os
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import batten.report
from batten.project.configuration import Configurations
from batten.project.disk import Disk
from batten.project.settings_table import KEYS, KEYS_OF_PATH, ConfigurationError, settings_of
from batten.rules.finding import Finding, Severity
from batten.syntax.text import Span

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads(
    resources.files(batten.report).joinpath("schema/configuration.schema.json").read_text("utf-8")
)


def finding(code: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(code, "x", severity, "", "/a.py", Span(0, 1), "", None, (), "f")


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def codes(folder: Path, path: str) -> set[str]:
    file = (folder / path).as_posix()
    settings = Configurations().nearest(file).for_file(file)
    return {code for code in ("BTN101", "BTN102", "BTN103") if settings.has(finding(code))}


def test_nothing_configured_is_everything_wanted(tmp_path: Path) -> None:
    assert len(codes(tmp_path, "a.py")) == 3


def test_the_nearest_file_counts_alone(tmp_path: Path) -> None:
    write(
        tmp_path,
        pyproject_toml='[tool.batten]\nignore = ["BTN101"]\n',
        inner__batten_toml='ignore = ["unescaped-query-value"]\n',
        inner__other__pyproject_toml="[tool.ruff]\nline-length = 100\n",
    )

    assert codes(tmp_path, "a.py") == {"BTN102", "BTN103"}
    assert codes(tmp_path, "inner/a.py") == {"BTN101", "BTN103"}
    assert codes(tmp_path, "inner/other/a.py") == {"BTN101", "BTN103"}


def test_batten_toml_stands_over_pyproject_toml(tmp_path: Path) -> None:
    write(
        tmp_path,
        pyproject_toml='[tool.batten]\nselect = ["BTN101"]\n',
        batten_toml='select = ["BTN102"]\n',
    )

    assert codes(tmp_path, "a.py") == {"BTN102"}


def test_paths_can_have_settings_of_their_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        batten_toml="""
            ignore = ["BTN103"]
            [per-path."tests/"]
            select = ["BTN102"]
            [per-path."tests/*/deep.py"]
            select = ["BTN1"]
            ignore = ["BTN101"]
        """,
    )

    assert codes(tmp_path, "a.py") == {"BTN101", "BTN102"}
    assert codes(tmp_path, "tests/a.py") == {"BTN102"}
    assert codes(tmp_path, "tests/x/deep.py") == {"BTN102", "BTN103"}


def test_a_least_severity_leaves_out_what_is_less(tmp_path: Path) -> None:
    write(tmp_path, batten_toml='min-severity = "warning"\n')
    file = (tmp_path / "a.py").as_posix()
    settings = Configurations().nearest(file).for_file(file)

    assert settings.has(finding("BTN101", Severity.WARNING))
    assert not settings.has(finding("BTN101", Severity.NOTE))


def test_a_rule_has_the_severity_that_is_configured(tmp_path: Path) -> None:
    write(
        tmp_path,
        batten_toml="""
            severity = { unescaped-path-segment = "error", BTN1 = "note" }
            [per-path."tests/"]
            severity = { BTN102 = "warning" }
        """,
    )

    def severities(path: str) -> list[Severity]:
        file = (tmp_path / path).as_posix()
        settings = Configurations().nearest(file).for_file(file)
        weighed = (settings.weighed(finding(code)) for code in ("BTN101", "BTN102", "BTN103"))
        return [each.severity for each in weighed]

    assert severities("a.py") == [Severity.ERROR, Severity.NOTE, Severity.NOTE]
    assert severities("tests/a.py") == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


def test_excluded_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, batten_toml='exclude = ["vendored/", "/*_pb2.py"]\n')
    configuration = Configurations().nearest((tmp_path / "a.py").as_posix())

    def excludes(name: str) -> bool:
        return configuration.excludes((tmp_path / name).as_posix())

    assert excludes("vendored/x/a.py")
    assert excludes("x_pb2.py")
    assert not excludes("inner/x_pb2.py")


def test_a_change_of_the_file_is_seen(tmp_path: Path) -> None:
    known = Configurations()
    file = (tmp_path / "a.py").as_posix()
    for content, wanted in (('ignore = ["BTN101"]\n', False), ("ignore = []\n", True)):
        write(tmp_path, batten_toml=content)
        assert known.nearest(file).for_file(file).has(finding("BTN101")) is wanted
    (tmp_path / "batten.toml").unlink()
    assert known.nearest(file).file is None


@pytest.mark.parametrize(
    ("table", "mistake"),
    [
        ({"selct": []}, "there is no key 'selct'; did you mean select?"),
        ({"min_severity": "note"}, "did you mean min-severity?"),
        ({"min-severity": "warn"}, "'warn' is none of note, warning, error; did you mean warning?"),
        ({"min-severity": 1}, "1 is none of note, warning, error"),
        ({"severity": "note"}, "severity: a table with a rule for each key is needed, not 'note'"),
        ({"severity": {"BTN101": "nte"}}, "'nte' is none of note, warning, error; did you mean"),
        ({"severity": {"open-redirct": "note"}}, "no rule 'open-redirct'; did you mean open-redir"),
        ({"select": "BTN101"}, "select: a list of strings is needed, not 'BTN101'"),
        ({"select": []}, "select: no rule is named"),
        (
            {"ignore": ["open-redirct"]},
            "ignore: there is no rule 'open-redirct'; did you mean open-redirect?",
        ),
        ({"exclude": [1]}, "exclude: a list of strings is needed"),
        ({"per-path": []}, "per-path: a table with a pattern for each key is needed"),
        ({"per-path": {"x": 5}}, "per-path.'x': a table is needed, not 5"),
        (
            {"per-path": {"x": {"exclude": []}}},
            "per-path.'x': there is no key 'exclude'",
        ),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(table: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings_of(table, "batten.toml")

    assert mistake in str(raised.value)
    assert str(raised.value).startswith("batten.toml: ")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as raised:
        settings_of({"a": 1, "select": ["nothing-such"], "min-severity": "high"}, "x")

    assert len(raised.value.mistakes) == 3


def test_a_file_that_is_no_toml_is_an_error_that_tells_where_and_what_to_do(
    tmp_path: Path,
) -> None:
    write(tmp_path, pyproject_toml="[tool.batten\n")
    with pytest.raises(ConfigurationError) as raised:
        codes(tmp_path, "a.py")
    assert str(raised.value).startswith(
        f"{(tmp_path / 'pyproject.toml').as_posix()}: it can't be read as TOML, so its settings"
        " are not known: "
    )
    assert str(raised.value).endswith("(at line 1, column 13); correct that")
    write(tmp_path, pyproject_toml="", batten_toml="select = [\n")
    with pytest.raises(ConfigurationError, match="can't be read as TOML"):
        codes(tmp_path, "a.py")


def test_who_writes_a_batten_toml_like_a_pyproject_toml_is_told(tmp_path: Path) -> None:
    write(tmp_path, batten_toml='[tool.batten]\nselect = ["BTN101"]\n')
    with pytest.raises(ConfigurationError, match=r"without \[tool.batten\]"):
        codes(tmp_path, "a.py")


def test_a_shared_file_that_is_no_toml_and_not_about_batten_is_passed_by(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml="[project]\nname = {{ cookiecutter.name }}\n")
    assert len(codes(tmp_path, "a.py")) == 3


@pytest.mark.parametrize("name", ["batten.toml", "pyproject.toml"])
def test_a_file_that_can_not_be_read_is_an_error(tmp_path: Path, name, monkeypatch) -> None:
    (tmp_path / name).write_text("")

    def refuse(self: Disk, path: str) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Disk, "content", refuse)
    with pytest.raises(ConfigurationError, match="not known: Permission denied; let Batten"):
        codes(tmp_path, "a.py")


def test_a_folder_of_that_name_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert len(codes(tmp_path, "a.py")) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_of_that_name_is_passed_by_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    assert len(codes(tmp_path, "a.py")) == 3


def test_a_file_that_is_nested_too_deep_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    write(tmp_path, pyproject_toml="x = " + "[" * 5000 + "]" * 5000 + "\n[tool.batten]\n")
    with pytest.raises(ConfigurationError, match="can't be read as TOML"):
        codes(tmp_path, "a.py")


def test_names_without_a_path_have_no_configuration() -> None:
    assert Configurations().nearest("<stdin>").file is None
    assert Configurations().nearest("untitled:Untitled-1").file is None


def test_the_schema_knows_the_same_keys() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    inner = SCHEMA["properties"]["per-path"]["additionalProperties"]

    assert tuple(SCHEMA["properties"]) == KEYS
    assert tuple(inner["properties"]) == KEYS_OF_PATH


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"select": ["BTN1"], "ignore": [], "min-severity": "error", "exclude": ["x/"]},
        {"per-path": {"tests/": {"ignore": ["BTN101"]}}},
        {"select": []},
        {"select": "BTN1"},
        {"min-severity": "high"},
        {"severity": {"BTN101": "note"}},
        {"severity": {"BTN101": "off"}},
        {"severity": "note"},
        {"per-path": {"x": {"severity": {"BTN1": "note"}}}},
        {"nothing": 1},
        {"per-path": {"x": {"exclude": []}}},
        {"per-path": {"x": 1}},
    ],
)
def test_the_schema_takes_what_is_taken(table: dict[str, Any]) -> None:
    try:
        settings_of(table, "x")
        is_right = True
    except ConfigurationError:
        is_right = False

    assert Draft202012Validator(SCHEMA).is_valid(table) is is_right
