"""The configurations that docs/editors.md shows are the files that are tried out in the editors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RECIPES = [
    "neovim/init.lua",
    "neovim/init-before-0.11.lua",
    "emacs/init.el",
    "kate/settings.json",
]


@pytest.mark.parametrize("name", RECIPES)
def test_page_shows_the_file(name: str) -> None:
    blocks = re.findall(r"(?ms)^```\w+\n(.*?)^```$", (ROOT / "docs/editors.md").read_text("utf-8"))
    assert (ROOT / "tests/editors" / name).read_text("utf-8") in blocks
