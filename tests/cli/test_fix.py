from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys

import pytest

from batten.analysis.program import Program
from batten.cli import fix as fix_module

HOLED = """\
import requests


def users(name):
    return requests.get(  # all of them
        "https://api.example.com/users?name=%s" % name
    )
"""
WITH_QUOTE = HOLED.replace("import requests\n", "import requests\nfrom urllib import parse\n")
ONLY_A_NOTE = HOLED.replace("name", "user_uuid")

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def test_a_file_is_fixed_and_a_second_run_changes_nothing(here):
    file = here.file("client.py", HOLED)

    first = here.batten("fix", "client.py")

    assert first.code == 0
    assert first.err == "batten: 1 finding fixed\n"
    assert first.out.startswith("client.py: ")
    fixed = file.read_text()
    ast.parse(fixed)
    assert "quote(" in fixed
    assert "# all of them" in fixed
    assert here.batten("scan", "client.py").code == 0

    second = here.batten("fix", "client.py")
    assert (second.code, second.out, second.err) == (0, "", "batten: nothing to fix\n")
    assert file.read_text() == fixed


def test_an_import_that_is_there_is_used(here):
    file = here.file("client.py", WITH_QUOTE)

    here.batten("fix")

    assert "parse.quote(" in file.read_text()
    assert file.read_text().count("import") == 2


def test_notes_are_fixed_only_when_asked_for(here):
    file = here.file("client.py", ONLY_A_NOTE)

    assert here.batten("fix").err == "batten: nothing to fix\n"
    assert file.read_text() == ONLY_A_NOTE

    assert here.batten("fix", "--min-severity", "note").err == "batten: 1 finding fixed\n"
    assert "quote(" in file.read_text()


def test_rules_that_are_not_selected_are_not_fixed(here):
    file = here.file("client.py", HOLED)

    here.batten("fix", "--ignore", "BTN102")

    assert file.read_text() == HOLED


@needs_git
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HOLED.encode(), id="lf"),
        pytest.param(HOLED.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(HOLED.rstrip("\n").encode(), id="no line end at the end"),
        pytest.param(b"\xef\xbb\xbf" + HOLED.encode(), id="byte order mark"),
        pytest.param(f"# coding: latin-1\n# é\n{HOLED}".encode("latin-1"), id="PEP 263"),
    ],
)
@pytest.mark.parametrize("name", ["client.py", "my pkg/é client.py"])
def test_the_patch_does_what_fix_does(here, name, content):
    file = here.file(name, content)
    shown = patch_of(here)
    assert file.read_bytes() == content

    subprocess.run(["git", "apply", "-"], input=shown, cwd=here.root, check=True)
    patched = file.read_bytes()
    file.write_bytes(content)
    here.batten("fix")

    assert patched == file.read_bytes()
    assert patched != content


def patch_of(here) -> bytes:
    """Return the patch in bytes, which the captured text of this process is not."""
    path = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-m", "batten", "fix", "--diff"],
        cwd=here.root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
    )
    assert ended.returncode == 1
    return ended.stdout


def test_the_patch_ends_with_1_and_writes_nothing(here):
    file = here.file("client.py", HOLED)

    ended = here.batten("fix", "--diff")

    assert ended.code == 1
    assert ended.out.startswith("--- a/client.py\n+++ b/client.py\n@@ ")
    assert ended.err == "batten: 1 finding would be fixed\n"
    assert file.read_text() == HOLED


def test_a_check_tells_what_would_be_fixed_and_writes_nothing(here):
    file = here.file("client.py", HOLED)

    ended = here.batten("fix", "--check")

    assert ended.code == 1
    assert ended.out.startswith("client.py: ")
    assert ended.err == "batten: 1 finding would be fixed\n"
    assert file.read_text() == HOLED


def test_encoding_mark_and_line_ends_stay(here):
    content = b"\xef\xbb\xbf" + HOLED.replace("\n", "\r\n").encode()
    file = here.file("client.py", content)

    here.batten("fix")

    fixed = file.read_bytes()
    assert fixed.startswith(b"\xef\xbb\xbf")
    assert fixed.count(b"\xef\xbb\xbf") == 1
    assert fixed.count(b"\n") == fixed.count(b"\r\n")

    file = here.file("client.py", f"# coding: latin-1\n# é\n{HOLED}".encode("latin-1"))
    here.batten("fix")
    assert file.read_bytes().startswith(b"# coding: latin-1\n# \xe9\n")


def test_permissions_stay(here):
    file = here.file("client.py", HOLED)
    file.chmod(0o750)

    here.batten("fix")

    assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_a_file_that_changes_meanwhile_is_left_alone(here):
    file = here.file("client.py", HOLED)
    judge = Program.fixes_to_make

    def edit_and_fix(self: Program, findings, levels):
        file.write_text("# edited\n" + HOLED)
        return judge(self, findings, levels)

    here.patch.setattr(Program, "fixes_to_make", edit_and_fix)

    ended = here.batten("fix")

    assert ended.code == 2
    assert "client.py: not fixed: it has changed meanwhile\n" in ended.err
    assert file.read_text() == "# edited\n" + HOLED


def test_a_file_that_can_not_be_written_is_told_and_the_rest_goes_on(here):
    here.file("a.py", HOLED)
    other = here.file("b.py", HOLED)
    write = fix_module.rewrite

    def refuse_a(path: str, old: bytes, new: bytes) -> None:
        if path.endswith("a.py"):
            raise PermissionError(13, "Permission denied", path)
        write(path, old, new)

    here.patch.setattr(fix_module, "rewrite", refuse_a)

    ended = here.batten("fix")

    assert ended.code == 2
    assert "a.py: not fixed: Permission denied\n" in ended.err
    assert "quote(" in other.read_text()


def test_a_finding_without_a_fix_is_left_and_ends_with_1(here):
    here.patch.setattr(Program, "fixes_to_make", lambda self, findings, levels: ())
    file = here.file("client.py", HOLED)

    ended = here.batten("fix")

    assert ended.code == 1
    assert ended.err == "batten: 1 left that no safe fix is known for\n"
    assert file.read_text() == HOLED


@pytest.mark.parametrize(
    ("code", "options", "reason"),
    [
        (
            HOLED.replace("%s", "%(name)s").replace("% name", "% locals()"),
            [],
            "client.py:6: BTN102: not fixed: the values come from a mapping\n",
        ),
        (
            HOLED.replace("def users(name)", "def users(name, str)"),
            [],
            "client.py:6: BTN102: not fixed: `str` is not the builtin here\n",
        ),
        (
            HOLED.replace("%s", "%r"),
            [],
            'client.py:6: BTN102: not fixed: "Escape `name` with quote()" may change what is sent:'
            " --unsafe-fixes makes it\n",
        ),
    ],
)
def test_verbose_tells_why_a_finding_is_left(here, code, options, reason):
    here.file("client.py", code)

    assert reason in here.batten("fix", "--verbose", *options).err
    assert "not fixed" not in here.batten("fix", *options).err


def test_a_failure_on_one_file_is_told_and_costs_only_that_file(here):
    here.file("a.py", HOLED)
    other = here.file("b.py", HOLED)
    fixes_to_make = Program.fixes_to_make

    def fail_on_a(self: Program, findings, levels):
        if any(each.path.endswith("a.py") for each in findings):
            raise KeyError("nobody expects this")
        return fixes_to_make(self, findings, levels)

    here.patch.setattr(Program, "fixes_to_make", fail_on_a)

    ended = here.batten("fix")

    assert ended.code == 2
    assert "a.py: Batten failed on this file (KeyError" in ended.err
    assert "quote(" in other.read_text()


def test_a_missing_path_ends_with_2_and_the_rest_is_fixed(here):
    file = here.file("client.py", HOLED)

    ended = here.batten("fix", "gone.py", "client.py")

    assert ended.code == 2
    assert "gone.py: not read: no such file or folder" in ended.err
    assert "quote(" in file.read_text()


def test_diff_and_check_do_not_go_together(here):
    assert here.batten("fix", "--diff", "--check").code == 2
