"""Whatever way an editor spells a URI, one file has one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten_server.uri import document_name, real_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///work/a.py", "/work/a.py"),
        ("file:/work/a.py", "/work/a.py"),
        ("file://localhost/work/a.py", "/work/a.py"),
        ("FILE:///work/a.py", "/work/a.py"),
        ("file:///work/with%20space/caf%C3%A9.py", "/work/with space/café.py"),
        ("file:///work/café.py", "/work/café.py"),
        ("file:///work/100%25.py", "/work/100%.py"),
        ("file:///work/a%23b%3Fc.py", "/work/a#b?c.py"),
        ("file:///work/a#b?c.py", "/work/a#b?c.py"),
        ("file:///c%3A/work/a.py", "C:/work/a.py"),
        ("file:///C:/work/a.py", "C:/work/a.py"),
        ("file:///c:/work/a.py", "C:/work/a.py"),
        ("file://server/share/a.py", "//server/share/a.py"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
        (
            "vscode-notebook-cell:/work/n.ipynb#W0sZmlsZQ%3D%3D",
            "vscode-notebook-cell:/work/n.ipynb#W0sZmlsZQ%3D%3D",
        ),
        ("", ""),
    ],
)
def test_a_file_is_named_by_its_path_and_the_rest_by_the_uri(uri: str, name: str) -> None:
    assert document_name(uri) == name


def test_a_link_leads_to_a_file(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    (folder / "real").mkdir()
    (folder / "link").symlink_to(folder / "real")
    (folder / "loop.py").symlink_to(folder / "loop.py")

    assert real_name(f"{folder.as_posix()}/link/a.py") == f"{folder.as_posix()}/real/a.py"
    for name in ("untitled:x", "", "/a\0.py", f"{folder.as_posix()}/loop.py"):
        assert real_name(name) == name
