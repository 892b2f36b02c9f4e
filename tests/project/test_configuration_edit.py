"""One more rule is ignored, and everything else in the file stays."""

from __future__ import annotations

import pytest

from batten.project.configuration_edit import ignoring
from batten.rewrite.edit import apply
from batten.syntax.text import SourceText


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("batten.toml", "", 'ignore = ["BTN101"]\n'),
        ("batten.toml", "ignore = []\n", 'ignore = ["BTN101"]\n'),
        (
            "batten.toml",
            'ignore = [\n  "BTN103",  # notes\n]\n',
            'ignore = ["BTN101", \n  "BTN103",  # notes\n]\n',
        ),
        (
            "batten.toml",
            '# ours\n[per-path."x"]\nignore = ["BTN102"]\n',
            'ignore = ["BTN101"]\n# ours\n[per-path."x"]\nignore = ["BTN102"]\n',
        ),
        (
            "pyproject.toml",
            '[project]\nname = "é"',
            '[project]\nname = "é"\n\n[tool.batten]\nignore = ["BTN101"]\n',
        ),
        (
            "pyproject.toml",
            "[tool.batten]\r\nmin-severity = 'note'\r\n[tool.x]\r\nignore = [1]\r\n",
            "[tool.batten]\r\nignore = [\"BTN101\"]\r\nmin-severity = 'note'\r\n"
            "[tool.x]\r\nignore = [1]\r\n",
        ),
        (
            "pyproject.toml",
            '[tool.x]\nignore = []\n[tool.batten] # ours\nignore = ["BTN102"]\n',
            '[tool.x]\nignore = []\n[tool.batten] # ours\nignore = ["BTN101", "BTN102"]\n',
        ),
        ("pyproject.toml", "[tool.batten]", '[tool.batten]\nignore = ["BTN101"]\n'),
    ],
)
def test_one_more_rule_is_ignored(name: str, before: str, after: str) -> None:
    source = SourceText(before)
    edit = ignoring(source, name, "BTN101")

    assert edit is not None
    assert apply(source, [edit]).text == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("batten.toml", 'ignore = ["BTN101"]\n'),
        ("batten.toml", "ignore = [\n"),
        ("batten.toml", 'x = """\nignore = []\n"""\n'),
        ("batten.toml", '"ignore" = []\n'),
        ("pyproject.toml", "tool.batten.ignore = []\n"),
        ("pyproject.toml", "[tool]\nbatten = { ignore = [] }\n"),
        ("pyproject.toml", "tool = 1\n"),
    ],
)
def test_where_there_is_no_sure_way_there_is_no_edit(name: str, text: str) -> None:
    assert ignoring(SourceText(text), name, "BTN101") is None
