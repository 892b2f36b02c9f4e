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
    assert first.out == "client.py:8: Escape `name` with quote()\n"
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


def test_what_is_configured_to_be_severe_is_fixed_as_that(here):
    file = here.file("client.py", ONLY_A_NOTE)
    here.file("batten.toml", 'severity = { BTN1 = "error" }')

    assert here.batten("fix").err == "batten: 1 finding fixed\n"
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


def patch_of(here, *options: str) -> bytes:
    """Return the patch in bytes, which the captured text of this process is not."""
    path = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-m", "batten", "fix", "--diff", *options],
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
    assert ended.out == "client.py:6: Escape `name` with quote()\n"
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
    judge = Program.likely_cures

    def edit_and_fix(self: Program, findings, levels):
        file.write_text("# edited\n" + HOLED)
        return judge(self, findings, levels)

    here.patch.setattr(Program, "likely_cures", edit_and_fix)

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
    for way in ("likely_cures", "cures_to_make"):
        here.patch.setattr(Program, way, lambda self, findings, levels: ())
    file = here.file("client.py", HOLED)

    ended = here.batten("fix")

    assert ended.code == 1
    assert ended.err == "batten: 1 left for a person to fix, for the reasons that --verbose tells\n"
    assert file.read_text() == HOLED


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_what_only_a_fix_brings_to_light_is_told_as_such(here, options):
    here.file("a.py", SERVED)

    assert "2 errors" in here.batten("scan").err
    ended = here.batten("fix", *options)
    verb = "would be fixed" if options else "fixed"
    assert ended.err == (
        f"batten: 2 findings {verb}, 1 left for a person to fix (1 of them hidden before by what "
        "is fixed), for the reasons that --verbose tells\n"
    )
    assert ended.code == 1
    if not options:
        assert "BTN109" in here.batten("scan").out
        again = here.batten("fix")
        assert again.err == (
            "batten: 1 left for a person to fix, for the reasons that --verbose tells\n"
        )


SERVED = """\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/x")
def x():
    name = request.args["name"]
    return requests.get("https://api.example/users/" + name + "?q=" + request.args["q"]).text
"""


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
    likely_cures = Program.likely_cures

    def fail_on_a(self: Program, findings, levels):
        if any(each.path.endswith("a.py") for each in findings):
            raise KeyError("nobody expects this")
        return likely_cures(self, findings, levels)

    here.patch.setattr(Program, "likely_cures", fail_on_a)

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


def test_a_fix_that_is_not_safe_is_marked_as_such(here):
    file = here.file("client.py", HOLED.replace("%s", "%r"))
    title = "client.py:{}: Escape `name` with quote() (unsafe)\n"
    summary = "batten: 1 finding {} (1 by an edit that is not safe)\n"

    ended = here.batten("fix", "--unsafe-fixes", "--check")
    assert (ended.out, ended.err) == (title.format(6), summary.format("would be fixed"))

    ended = here.batten("fix", "--unsafe-fixes", "--diff")
    assert ended.out.startswith(f"# {title.format(6)}--- a/client.py\n")

    ended = here.batten("fix", "--unsafe-fixes")
    assert (ended.out, ended.err) == (title.format(8), summary.format("fixed"))
    assert "quote(" in file.read_text().splitlines()[7]


@needs_git
def test_a_patch_of_several_files_with_marks_can_be_applied(here):
    files = [here.file(name, HOLED.replace("%s", "%r")) for name in ("a.py", "b.py", "é.py")]
    patch = patch_of(here, "--unsafe-fixes")
    assert patch.count(b"(unsafe)") == 3

    subprocess.run(["git", "apply", "-"], input=patch, cwd=here.root, check=True)

    assert all("quote(" in file.read_text() for file in files)


def test_lines_are_those_of_the_file_that_is_on_the_disk(here):
    other = (
        "def other(name):\n    return requests.get('https://x.example/?q=%(name)s' % locals())\n"
    )
    here.file("client.py", f"{HOLED}\n\n{other}")
    reason = "client.py:{}: BTN102: not fixed: the values come from a mapping\n"

    assert reason.format(11) in here.batten("fix", "--check", "--verbose").err
    assert reason.format(11) in here.batten("fix", "--diff", "--verbose").err
    assert reason.format(13) in here.batten("fix", "--verbose").err
    assert reason.format(13) in here.batten("fix", "--verbose").err


def test_standard_input_is_fixed_onto_standard_output(here):
    ended = here.batten("fix", "-", stdin=HOLED)
    assert (ended.code, "quote(str(name)" in ended.out) == (0, True)
    assert ended.err == ("batten: <stdin>:8: Escape `name` with quote()\nbatten: 1 finding fixed\n")

    again = here.batten("fix", "-", stdin=ended.out)
    assert (again.code, again.out, again.err) == (0, ended.out, "batten: nothing to fix\n")


def test_standard_input_can_be_shown_as_a_patch(here):
    ended = here.batten("fix", "--diff", "-", "--stdin-filename", "pkg/x.py", stdin=HOLED)
    assert ended.code == 1
    assert ended.out.startswith("--- a/pkg/x.py\n+++ b/pkg/x.py\n@@ ")
    assert ended.err == "batten: 1 finding would be fixed\n"
    ended = here.batten("fix", "--check", "-", stdin=HOLED)
    assert ended.out == "<stdin>:6: Escape `name` with quote()\n"


def test_standard_input_that_can_not_be_read_gives_no_text(here):
    ended = here.batten("fix", "-", stdin=b"\xff")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("batten: <stdin>: not read: ")
    assert here.batten("fix", "-", "a.py").code == 2
    assert here.batten("fix", "--stdin-filename", "x.py", "a.py").code == 2
