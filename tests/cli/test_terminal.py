"""What people see: the streams are a terminal here."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty")

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""


def on_a_terminal(here, *arguments: str, **environment: str) -> str:
    ours, theirs = pty.openpty()
    known = {name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "CI")}
    path = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        [sys.executable, "-m", "batten", *arguments],
        cwd=here.root,
        env={**known, "PYTHONPATH": path, "TERM": "xterm", **environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # how Linux tells that the other end has gone
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    process.wait(60)
    return seen.decode()


def test_findings_are_coloured(here):
    here.file("client.py", HOLED)

    assert "\x1b[1;33mwarning\x1b[0m" in on_a_terminal(here, "scan")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_turned_off(here, environment):
    here.file("client.py", HOLED)

    assert "\x1b[1;33m" not in on_a_terminal(here, "scan", **environment)


def test_what_was_not_read_is_shown_once(here):
    here.file("bad.py", b"x = '\xff'\n")

    assert on_a_terminal(here, "scan").count("not read") == 1


def test_progress_is_shown_and_cleared(here):
    for number in range(300):
        here.file(f"f{number}.py", HOLED)

    seen = on_a_terminal(here, "scan", "--format", "github")

    assert " of 300 files" in seen
    assert seen.index("\r\x1b[K::warning") > seen.rindex(" of 300 files")


def test_what_is_not_read_is_named_once_where_output_and_messages_go_the_same_way(here):
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-m", "batten", "scan", "gone.py"],
        cwd=here.root,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert done.stdout == "gone.py: not read: no such file or folder\n"
