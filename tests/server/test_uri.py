"""Whatever way an editor spells a URI, one file has one name."""

from __future__ import annotations

import pytest

from batten_server.uri import document_name


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///home/ada/a.py", "/home/ada/a.py"),
        ("file:/work/a.py", "/home/ada/a.py"),
        ("file://localhost/work/a.py", "/home/ada/a.py"),
        ("FILE:///work/a.py", "/home/ada/a.py"),
        ("file:///home/ada/with%20space/caf%C3%A9.py", "/home/ada/with space/café.py"),
        ("file:///home/ada/café.py", "/home/ada/café.py"),
        ("file:///home/ada/100%25.py", "/home/ada/100%.py"),
        ("file:///home/ada/a%23b%3Fc.py", "/home/ada/a#b?c.py"),
        ("file:///home/ada/a#b?c.py", "/home/ada/a#b?c.py"),
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
