from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

import batten
from batten.cli import main as main_module
from batten.cli.usage import UsageError

if TYPE_CHECKING:
    from pathlib import Path

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""


def started(*arguments: str, cwd: Path, **environment: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-m", "batten", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ran(*arguments: str, cwd: Path, **environment: str) -> tuple[int, bytes, bytes]:
    process = started(*arguments, cwd=cwd, **environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_the_module_runs_like_the_command(here):
    here.file("client.py", HOLED)

    code, out, err = ran("scan", "client.py", cwd=here.root)

    assert code == 1
    assert out.startswith(b"client.py:5:67: warning BTN102 ")
    assert err == b"batten: 1 warning in 1 file\n"


def test_the_version(here):
    ended = here.batten("--version")

    assert (ended.code, ended.out) == (0, f"batten {batten.__version__}\n")


def test_the_help_names_every_command(here):
    ended = here.batten("--help")

    assert ended.code == 0
    for name in ("scan", "fix", "review", "explain", "rules", "server"):
        assert f"\n    {name} " in ended.out


@pytest.mark.parametrize("name", ["scan", "fix", "review", "explain", "rules"])
def test_every_command_has_help(here, name):
    ended = here.batten(name, "--help")

    assert ended.code == 0
    assert ended.out.startswith(f"usage: batten {name} ")


def test_without_a_command_the_commands_are_named(here):
    ended = here.batten()

    assert (ended.code, ended.out) == (2, "")
    assert "scan, fix, review" in ended.err


def test_a_command_that_does_not_exist_gets_a_suggestion(here):
    ended = here.batten("scna")

    assert ended.code == 2
    assert "did you mean scan?" in ended.err


def test_a_path_in_the_place_of_a_command_gets_the_command_for_it(here):
    here.file("client.py", HOLED)

    ended = here.batten("client.py")

    assert ended.code == 2
    assert "batten scan client.py" in ended.err


def test_a_command_of_another_package_gets_its_arguments(here):
    got: list[list[str]] = []

    def serve(arguments: list[str]) -> int:
        got.append(list(arguments))
        return 7

    here.patch.setattr(metadata.EntryPoint, "load", lambda entry: serve)
    here.patch.setattr(
        metadata,
        "entry_points",
        lambda **wanted: [metadata.EntryPoint(wanted["name"], "m:f", wanted["group"])],
    )

    assert here.batten("server", "--stdio").code == 7
    assert got == [["--stdio"]]


def test_a_server_that_is_not_installed_is_told(here):
    here.patch.setattr(metadata, "entry_points", lambda **wanted: [])

    ended = here.batten("server", "--stdio")

    assert ended.code == 2
    assert "'server' is not installed" in ended.err


def test_a_failure_of_batten_is_one_message_and_ends_with_2(here):
    def fail(name: str) -> None:
        raise ZeroDivisionError("surprise")

    here.patch.setattr(main_module, "_command", fail)

    ended = here.batten("scan")

    assert ended.code == 2
    assert ended.err.splitlines()[0] == "batten: internal error: ZeroDivisionError: surprise"
    assert "report" in ended.err


def test_wrong_use_is_one_line(here):
    def refuse(name: str) -> None:
        raise UsageError("not like this")

    here.patch.setattr(main_module, "_command", refuse)

    ended = here.batten("scan")

    assert (ended.code, ended.err) == (2, "batten: not like this\n")


def test_debugging_shows_the_traceback(here):
    (here.root / "sitecustomize.py").write_text(
        "from batten.analysis.program import Program\n"
        "def fail(*_): raise ZeroDivisionError('surprise')\n"
        "Program.findings = fail\n"
    )
    (here.root / "x.py").write_text(HOLED)
    path = os.pathsep.join([str(here.root), *filter(None, sys.path)])

    quiet = ran("scan", "x.py", cwd=here.root, PYTHONPATH=path)
    loud = ran("scan", "x.py", cwd=here.root, PYTHONPATH=path, BATTEN_DEBUG="1")

    assert quiet[0] == loud[0] == 2
    assert b"Traceback" not in quiet[2]
    assert b"Traceback" in loud[2]


def test_a_reader_that_leaves_early_is_no_failure(here):
    here.file("client.py", HOLED * 2000)
    process = started("scan", "client.py", cwd=here.root)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()

    assert b"Traceback" not in err
    assert b"BrokenPipe" not in err
    process.wait(60)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed in a shell of POSIX")
@pytest.mark.parametrize(("closed", "shown"), [(">&-", "batten: 1 warning"), ("2>&-", "BTN102")])
def test_a_stream_that_is_closed_is_no_failure(here, closed, shown):
    here.file("app.py", HOLED)
    command = f'"{sys.executable}" -m batten scan {closed}'
    for _ in range(2):  # worked out, and told again
        done = subprocess.run(
            command, shell=True, capture_output=True, encoding="utf-8", cwd=here.root
        )
        assert done.returncode == 1
        assert shown in done.stdout + done.stderr
        assert "Error" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there a current folder stays")
@pytest.mark.parametrize("option", ["--exit-zero", "--no-cache"])
def test_a_current_folder_that_is_gone_is_told(here, option):
    gone = here.root / "gone"
    gone.mkdir()
    here.patch.chdir(gone)
    gone.rmdir()
    ended = here.batten("scan", option)
    assert ended.err == "batten: the current folder is not there any more\n"
    assert ended.code == 2


def test_ctrl_c_ends_at_once_and_cleanly(here):
    (here.root / "sitecustomize.py").write_text(
        "import signal, time\n"
        # Started in the background, a process ignores the signal unless it is told not to.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from batten.analysis.program import Program\n"
        "def wait(*_):\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "Program.findings = wait\n"
    )
    (here.root / "x.py").write_text(HOLED)
    path = os.pathsep.join([str(here.root), *filter(None, sys.path)])
    process = started("scan", "x.py", cwd=here.root, PYTHONPATH=path)
    assert process.stdout is not None

    assert process.stdout.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert err == b"batten: stopped\n"


def test_an_encoding_that_lacks_a_character_is_no_failure(here):
    here.file("é😀.py", HOLED)

    code, out, err = ran("scan", cwd=here.root, PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert code == 1
    assert rb"\xe9\U0001f600.py:5:67:" in out
    assert b"Traceback" not in err


def modules_after(code: str, cwd: Path) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in ended.stderr.split()}


def test_the_command_line_loads_no_server_and_no_rewriter(here):
    names = ", ".join(f"batten.cli.{name}" for name in ("main", *main_module.COMMANDS))

    loaded = modules_after(f"import {names}", here.root)

    assert not loaded & {"pygls", "lsprotocol", "libcst", "batten_server"}


def test_a_scan_that_shows_no_fixes_loads_no_rewriter(here):
    here.file("client.py", HOLED)

    loaded = modules_after(
        "from batten.cli.main import main\nassert main(['scan', 'client.py']) == 1", here.root
    )

    assert not loaded & {"pygls", "lsprotocol", "libcst", "pathspec"}
