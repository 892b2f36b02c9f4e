from __future__ import annotations

import shutil
import subprocess

import pytest

from batten.report.patch import patch

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def test_the_hunks_have_context_and_the_header_prefixes():
    old = b"".join(b"line %d\n" % n for n in range(20))
    new = old.replace(b"line 10\n", b"LINE 10\n")

    assert patch("pkg/a.py", old, new) == (
        b"--- a/pkg/a.py\n+++ b/pkg/a.py\n@@ -8,7 +8,7 @@\n"
        b" line 7\n line 8\n line 9\n-line 10\n+LINE 10\n line 11\n line 12\n line 13\n"
    )


def test_equal_texts_make_no_patch():
    assert patch("a.py", b"x\n", b"x\n") == b""


@needs_git
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"a\nb\nc\n", b"a\nB\nc\n", id="lf"),
        pytest.param(b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n", id="crlf"),
        pytest.param(b"a\rb\rc\r", b"a\rB\rc\r", id="cr only"),
        pytest.param(b"a\nb", b"a\nB", id="no line end at the end"),
        pytest.param(b"a\nb", b"import x\na\nb", id="kept without a line end"),
        pytest.param(b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfa\nB\n", id="byte order mark"),
        pytest.param(b"# latin-1\n'\xe9'\nb\n", b"# latin-1\n'\xe9'\nB\n", id="latin-1"),
        pytest.param(b"a\x0cb\x0b\x1c\x85\nb\n", b"a\x0cb\x0b\x1c\x85\nB\n", id="odd separators"),
        pytest.param(b"-- x\nb\n", b"-- x\nB\n", id="a line that looks like a header"),
    ],
)
@pytest.mark.parametrize(
    "name", ["a.py", "my file.py", 'quote".py', "tab\t.py", "back\\slash.py", "é.py", "d/e/f.py"]
)
def test_git_applies_it(tmp_path, name, old, new):
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(old)

    subprocess.run(["git", "apply", "-"], input=patch(name, old, new), cwd=tmp_path, check=True)

    assert file.read_bytes() == new
