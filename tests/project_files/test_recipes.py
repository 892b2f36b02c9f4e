"""The configurations that docs/editors.md shows are the files that are tried out in the editors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tomli as tomllib  # the oldest Python has no tomllib

ROOT = Path(__file__).parents[2]

BLOCK = re.compile(r"(?ms)^(?: *)```(\w+)\n(.*?)^ *```$")

RECIPES = [
    "neovim/init.lua",
    "neovim/init-before-0.11.lua",
    "emacs/init.el",
    "kate/settings.json",
    "vim/vimrc",
]

SERVER = ["batten", "server", "--stdio"]


@pytest.mark.parametrize("name", RECIPES)
def test_page_shows_the_file(name: str) -> None:
    blocks = [block for _, block in blocks_of("docs/editors.md")]
    assert (ROOT / "tests/editors" / name).read_text("utf-8") in blocks


def test_what_is_shown_for_helix_names_a_server_that_it_starts() -> None:
    table = tomllib.loads(shown("Helix"))
    (language,) = table["language"]
    server = table["language-server"]["batten"]
    assert (language["name"], language["language-servers"]) == ("python", ["batten"])
    assert [server["command"], *server["args"]] == SERVER


def test_what_is_shown_for_zed_runs_batten_as_a_server_that_it_knows() -> None:
    settings = json.loads(shown("Zed"))
    ((name, server),) = settings["lsp"].items()
    binary = server["binary"]
    assert name in settings["languages"]["Python"]["language_servers"]
    assert [Path(binary["path"]).name, *binary["arguments"]] == SERVER


def test_what_is_shown_for_sublime_text_starts_the_server_for_python() -> None:
    client = json.loads(shown("Sublime Text"))["clients"]["batten"]
    assert client == {"enabled": True, "command": SERVER, "selector": "source.python"}


def test_all_that_is_shown_for_other_programs_can_be_read() -> None:
    readers = {"json": json.loads, "toml": tomllib.loads}
    pages = ["docs/editors.md", "docs/configuration.md", "vscode-client/README.md", "README.md"]
    blocks = [(kind, text) for page in pages for kind, text in blocks_of(page) if kind in readers]
    assert len(blocks) > 5
    for kind, text in blocks:
        whole = text if text.lstrip()[0] != '"' else f"{{{text}}}"  # one setting of many
        readers[kind](whole)


def shown(editor: str) -> str:
    """Return the block under the heading of an editor."""
    _, _, section = (ROOT / "docs/editors.md").read_text("utf-8").partition(f"\n## {editor}\n")
    return BLOCK.findall(section)[0][1]  # type: ignore[no-any-return]


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Return the language and the text of each block of code."""
    return BLOCK.findall((ROOT / page).read_text("utf-8"))
