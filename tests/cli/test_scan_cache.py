from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.report.formats import Format

if TYPE_CHECKING:
    from pathlib import Path

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""
BROKEN = HOLED + "\n\ndef broken(:\n    pass\n"
COMMENTED = HOLED.replace("% name)", "% name)  # batten: ignore[{}] {}")
WRAPPER = """\
import requests


def get(url):
    return requests.get("https://api.example.com" + url)
"""
CALLER = """\
from wrapper import get


def user(name):
    return get("/users/" + name)
"""
FORMATS = [form.value for form in Format]


@pytest.fixture
def programs(monkeypatch) -> list[Program]:
    """The programs that were made so far."""
    made: list[Program] = []
    before = Program.__init__

    def init(self, *arguments):
        made.append(self)
        before(self, *arguments)

    monkeypatch.setattr(Program, "__init__", init)
    return made


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("runs/*.run"))


def forget_answers(cache: Path) -> None:
    """Leave only what was found, so that it is told anew."""
    for path in cache.glob("answers/*.run"):
        path.unlink()


def told_twice_alike(here, programs, cache: Path, *arguments: str) -> None:
    """Scan, scan again, and see that nothing was worked out again, with the answer or without."""
    first = here.batten("scan", *arguments)
    programs.clear()
    assert here.batten("scan", *arguments) == first
    forget_answers(cache)
    assert here.batten("scan", *arguments) == first
    assert programs == []
    assert here.batten("scan", "--no-cache", *arguments) == first


# The same is told


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_told_again_as_it_was(here, cache, programs, form):
    here.file("client.py")
    here.file("broken.py", BROKEN)
    here.file("bad.py", b"\xff")
    here.file("latin.py", b"# coding: latin-1\n# \xe9\n" + HOLED.encode())
    here.file("ours.py", COMMENTED.format("BTN102", "looked at"))
    here.file("ended.py", COMMENTED.format("BTN102", "until 2001-01-31"))
    here.file("wrong.py", COMMENTED.format("BTN1O2", ""))
    here.file("other.py", HOLED.replace("% name)", "% name)  # noqa: S608  # nosec"))
    told_twice_alike(here, programs, cache, "--format", form)
    told_twice_alike(here, programs, cache, "--format", form, "bad.py", "gone.py", "client.py")


def test_the_exit_code_is_for_the_files_that_are_named_this_time(here, cache, programs):
    here.file("bad.py", b"\xff")
    assert here.batten("scan", ".").code == 0
    assert here.batten("scan", "bad.py").code == 2
    assert len(programs) == 1


def test_what_is_shown_is_chosen_again(here, cache, programs):
    here.file("client.py")
    assert here.batten("scan").code == 1
    assert here.batten("scan", "--ignore", "BTN102").out == ""
    assert here.batten("scan", "--select", "unescaped-path-segment").out == ""
    assert here.batten("scan", "--min-severity", "error").code == 0
    assert json.loads(here.batten("scan", "--format", "json").out)["findings"]
    here.file("batten.toml", 'severity = {BTN102 = "error"}\n')
    assert ": error BTN102" in here.batten("scan").out
    here.file("batten.toml", 'ignore = ["BTN102"]\n')
    assert here.batten("scan").out == ""
    assert len(programs) == 2  # one was for the fixes in JSON


def test_what_is_excluded_makes_another_run(here, cache, programs):
    here.file("client.py")
    here.file("other.py")
    here.batten("scan")
    here.file("batten.toml", 'exclude = ["other.py"]\n')
    told_twice_alike(here, programs, cache)
    assert len(kept(cache)) == 2


def test_a_comment_that_ends_is_looked_at_every_day(here, cache, programs, monkeypatch):
    from datetime import date

    from batten.cli import selection

    class Later(date):
        @classmethod
        def today(cls) -> date:
            return date(2999, 1, 1)

    here.file("client.py", COMMENTED.format("BTN102", "until 2998-01-31"))
    assert here.batten("scan").out == ""
    monkeypatch.setattr(selection, "date", Later)
    monkeypatch.setattr("time.strftime", lambda _: "2999-01-01")
    later = here.batten("scan")
    assert "it ended on 2998-01-31" in later.err
    assert later.code == 1
    assert len(programs) == 1


# What has changed is seen


def test_a_change_of_the_same_size_and_time_is_seen(here, cache):
    path = here.file("client.py")
    before = path.stat()
    first = here.batten("scan")
    here.file("client.py", HOLED.replace('"https', '"httpx').replace("users(name", "users(nome"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert here.batten("scan") != first


def test_a_file_that_is_only_touched_is_the_same(here, cache, programs):
    path = here.file("client.py")
    here.batten("scan")
    os.utime(path, (1, 1))
    here.batten("scan")
    assert len(programs) == 1


def test_what_another_file_does_counts(here, cache):
    here.file("caller.py", CALLER)
    here.file("wrapper.py", WRAPPER)
    assert "caller.py:5:28: warning BTN101" in here.batten("scan").out
    here.file("wrapper.py", WRAPPER.replace("return requests", "return print"))
    assert "caller.py" not in here.batten("scan").out


def test_a_file_that_comes_or_goes_counts(here, cache, programs):
    here.file("caller.py", CALLER)
    first = here.batten("scan")
    here.file("wrapper.py", WRAPPER)
    assert here.batten("scan") != first
    (here.root / "wrapper.py").unlink()
    programs.clear()
    assert here.batten("scan") == first
    assert programs == []  # several runs are kept


def test_another_engine_finds_for_itself(here, cache, programs, monkeypatch):
    from batten.cli import question

    here.file("client.py")
    here.batten("scan")
    monkeypatch.setattr(question, "engine_mark", lambda: b"another")
    here.batten("scan")
    assert len(programs) == 2


def test_a_file_that_changes_while_it_is_judged_is_what_was_read(here, cache, monkeypatch):
    path = here.file("client.py")
    findings = Program.findings

    def changing(self, path_of_document):
        path.write_text("")
        return findings(self, path_of_document)

    with monkeypatch.context() as patch:
        patch.setattr(Program, "findings", changing)
        first = here.batten("scan")
    assert "client.py:5:67" in first.out
    assert here.batten("scan").out == ""
    here.file("client.py")
    assert here.batten("scan") == first


# Fixes


@pytest.mark.parametrize("form", ["full", "json", "sarif"])
def test_fixes_are_kept_once_they_were_worked_out(here, cache, programs, form):
    here.file("client.py")
    here.batten("scan")  # which shows none
    programs.clear()
    first = here.batten("scan", "--format", form)
    assert "quote" in first.out
    assert len(programs) == 1
    programs.clear()
    assert here.batten("scan", "--format", form) == first
    assert programs == []
    assert here.batten("scan", "--format", form, "--fixes", "none").out != first.out


def test_a_failure_to_fix_is_told_each_time_and_not_kept(here, cache, monkeypatch):
    def fail(self, finding):
        raise RuntimeError("no luck")

    here.file("client.py")
    with monkeypatch.context() as patch:
        patch.setattr(Program, "fixes", fail)
        first = here.batten("scan", "--format", "full")
        assert (first.code, "no luck" in first.err) == (2, True)
        assert here.batten("scan", "--format", "full") == first
    assert "quote" in here.batten("scan", "--format", "full").out


def test_a_failed_run_is_not_kept(here, cache, monkeypatch):
    def fail(self, path):
        raise RuntimeError("no luck")

    here.file("client.py")
    with monkeypatch.context() as patch:
        patch.setattr(Program, "findings", fail)
        assert here.batten("scan").code == 2
    assert kept(cache) == []
    assert here.batten("scan").code == 1


# Where, and where not


def test_a_cache_can_be_named(here, cache, programs, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    here.file("client.py")
    told_twice_alike(here, programs, other / "deep", "--cache-dir", str(other / "deep"))
    assert len(kept(other / "deep")) == 1
    assert kept(cache) == []


def test_without_a_cache_nothing_is_read_or_kept(here, cache, programs):
    here.file("client.py")
    here.batten("scan", "--no-cache")
    assert kept(cache) == []
    here.batten("scan")
    here.batten("scan", "--no-cache")
    assert len(programs) == 3


def test_standard_input_is_not_kept(here, cache):
    assert here.batten("scan", "-", stdin=HOLED).code == 1
    assert kept(cache) == []


def test_who_looks_for_a_mistake_sees_all_the_work(here, cache, monkeypatch):
    monkeypatch.setenv("BATTEN_DEBUG", "1")
    here.file("client.py")
    here.batten("scan")
    assert kept(cache) == []


def test_a_cache_that_comes_with_a_repository_is_not_looked_at(here, cache, monkeypatch):
    here.file("client.py")
    monkeypatch.setenv("BATTEN_CACHE_DIR", str(here.root / ".cache" / "batten"))
    first = here.batten("scan")
    monkeypatch.setenv("BATTEN_CACHE_DIR", str(cache))
    for path in (here.root / ".cache" / "batten").glob("*/*"):
        path.write_bytes(b"forged")
    assert here.batten("scan") == first


@pytest.mark.parametrize("content", [b"", b"{}", b"\x80\x04K\x01.", b"batten results 1\n\n{}"])
def test_what_is_broken_is_found_again_and_mended(here, cache, programs, content):
    here.file("client.py")
    first = here.batten("scan")
    (path,) = kept(cache)
    whole = path.read_bytes()
    for broken in (content, whole[:-1], whole[:-1] + b" ", whole + b" "):
        path.write_bytes(broken)
        forget_answers(cache)
        programs.clear()
        assert here.batten("scan") == first
        assert len(programs) == 1
        assert path.read_bytes() == whole


def test_a_run_under_the_name_of_another_is_not_believed(here, cache):
    path = here.file("client.py")
    here.batten("scan")
    (with_finding,) = kept(cache)
    path.write_text("x = 1\n")
    first = here.batten("scan")
    (clean,) = {*kept(cache)} - {with_finding}
    clean.write_bytes(with_finding.read_bytes())
    forget_answers(cache)
    assert here.batten("scan") == first


def test_a_cache_that_can_not_be_written_is_not_spoken_of(here, cache, monkeypatch):
    here.file("client.py")
    first = here.batten("scan")
    file = here.file("file.txt", "")
    monkeypatch.setenv("BATTEN_CACHE_DIR", str(file))
    assert here.batten("scan", "client.py") == first


def test_a_warm_run_loads_no_engine(here, cache):
    here.file("client.py")
    here.file("broken.py", BROKEN)
    here.file("other.py", HOLED + "import os  # noqa: F401\n")
    code = (
        "import sys; from batten.cli.main import main; main(['scan', *sys.argv[1:]]);"
        "loaded = [name for name in sys.modules if name.startswith(('tree_sitter', 'libcst',"
        "'batten.link', 'batten.summarize', 'batten.analysis', 'batten.models', 'batten.grammars',"
        "'batten.rules.urls', 'batten.project.suppressions'))]; print(loaded, file=sys.stderr)"
    )
    for form in FORMATS:
        here.batten("scan", "--format", form)
        forget_answers(cache)
        command = [sys.executable, "-c", code, "--format", form]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=here.root)
        assert done.stderr.splitlines()[-1] == "[]", form
