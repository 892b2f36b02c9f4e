from __future__ import annotations

import json
import os
from importlib import resources
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

import batten.report
from batten.analysis.program import Program
from batten.cli import scan

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""
ONLY_A_NOTE = HOLED.replace("name", "user_uuid")
CLEAN = "import requests\n\nrequests.get('https://api.example.com/users')\n"
HEAD = "warning BTN102 [unescaped-query-value]"


def found(here, *arguments: str) -> list[dict]:
    return json.loads(here.batten("scan", "--format", "json", *arguments).out)["findings"]


def place(finding: dict) -> tuple[int, int, int]:
    start, end = finding["range"]["start"], finding["range"]["end"]
    assert start["line"] == end["line"]
    return start["line"], start["column"], end["column"]


# What it ends with


def test_a_finding_is_one_line_and_ends_with_1(here):
    here.file("client.py", HOLED)

    ended = here.batten("scan", "client.py")

    assert ended.code == 1
    (line,) = ended.out.splitlines()
    assert line.startswith(f"client.py:5:67: {HEAD} ")
    assert ended.err == "batten: 1 warning in 1 file\n"


def test_nothing_found_ends_with_0(here):
    here.file("client.py", CLEAN)

    ended = here.batten("scan", "client.py")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "batten: nothing found in 1 file\n"


def test_notes_alone_are_shown_and_end_with_0(here):
    here.file("client.py", ONLY_A_NOTE)

    ended = here.batten("scan", "client.py")

    assert ended.code == 0
    assert ": note BTN102" in ended.out


def test_exit_zero_is_for_findings_and_not_for_failures(here):
    here.file("client.py", HOLED)

    assert here.batten("scan", "--exit-zero", "client.py").code == 0
    assert here.batten("scan", "--exit-zero", "client.py", "gone.py").code == 2


def test_without_a_path_the_current_folder_is_scanned(here):
    here.file("pkg/client.py", HOLED)

    assert here.batten("scan").out.startswith("pkg/client.py:5:67:")


# What can't be read


def test_a_missing_path_is_named_the_rest_goes_on_and_the_end_is_2(here):
    here.file("client.py", HOLED)

    ended = here.batten("scan", "gone.py", "client.py")

    assert ended.code == 2
    assert "client.py:5:67:" in ended.out
    assert "gone.py: not read: no such file or folder\n" in ended.out
    assert "batten: gone.py: not read: no such file or folder\n" in ended.err


def test_what_is_named_twice_is_told_once(here):
    ended = here.batten("scan", "gone.py", "./gone.py")

    assert ended.out == "gone.py: not read: no such file or folder\n"
    assert ended.err == "batten: gone.py: not read: no such file or folder\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"x = '\xff'\n", "undecodable", id="not UTF-8"),
        pytest.param(b"# coding: klingon\n", "undecodable", id="unknown encoding"),
        pytest.param(b"\x7fELF\0\0", "binary", id="binary"),
        pytest.param("x = 1\n".encode("utf-16"), "binary", id="UTF-16"),
    ],
)
def test_a_file_that_is_no_text_is_named_and_the_rest_goes_on(here, content, kind):
    here.file("pkg/bad.py", content)
    here.file("pkg/client.py", HOLED)

    ended = here.batten("scan", "--format", "json", "pkg")
    document = json.loads(ended.out)

    assert ended.code == 1
    assert ended.err.startswith("batten: pkg/bad.py: not read: ")
    assert [(error["path"], error["kind"]) for error in document["errors"]] == [
        ("pkg/bad.py", kind)
    ]
    assert [finding["path"] for finding in document["findings"]] == ["pkg/client.py"]
    assert document["summary"]["files"] == 1


def test_a_file_that_is_no_text_ends_with_2_when_it_was_named(here):
    here.file("bad.py", b"\xff")

    assert here.batten("scan", "bad.py").code == 2
    assert here.batten("scan", ".").code == 0


def test_a_file_of_which_most_is_no_python_ends_with_2_when_it_was_named(here):
    here.file("bad.py", "def f(:\n  ((((\n}}}\n")

    ended = here.batten("scan", "bad.py")

    assert ended.code == 2
    assert "nothing found in 1 file; 1 not read or not whole" in ended.err
    assert here.batten("scan", ".").code == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_a_pipe_is_not_waited_for(here):
    path = here.file("client.py", HOLED)
    os.mkfifo(str(path.with_name("pipe.py")))

    ended = here.batten("scan", "pipe.py", "client.py")

    assert ended.code == 2
    assert "pipe.py: not read: is no regular file" in ended.err
    assert HEAD in ended.out


def test_a_file_that_would_fill_memory_is_not_read(here):
    path = here.file("client.py", HOLED)
    with path.with_name("huge.py").open("wb") as huge:
        huge.truncate(1 << 31)

    ended = here.batten("scan", "huge.py", "client.py")

    assert ended.code == 2
    assert "huge.py: not read: can't be read: it is larger than 256 MiB" in ended.err
    assert HEAD in ended.out


def test_a_broken_file_is_judged_as_far_as_it_goes_and_the_unread_lines_are_named(here):
    here.file("client.py", HOLED + "\n\ndef broken(:\n    pass\n")

    ended = here.batten("scan", "--format", "json", "client.py")
    document = json.loads(ended.out)

    assert ended.code == 1
    assert [place(finding) for finding in document["findings"]] == [(5, 67, 71)]
    (error,) = document["errors"]
    assert error["kind"] == "syntax"
    assert error["lines"][0]["first"] == 8
    assert "client.py:8: not read: line" in ended.err


def test_a_folder_without_python_files_is_told(here):
    here.file("docs/readme.txt", "")

    ended = here.batten("scan", "docs")

    assert (ended.code, ended.out, ended.err) == (0, "", "batten: no Python files in docs\n")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n", id="one line end"),
        pytest.param(b"# only\n# comments", id="comments"),
        pytest.param(b"\xef\xbb\xbf", id="only a byte order mark"),
        pytest.param(b"\x0c", id="only a form feed"),
    ],
)
def test_a_file_with_no_code_is_sound(here, content):
    here.file("a.py", content)

    ended = here.batten("scan", "a.py")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "batten: nothing found in 1 file\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(HOLED.replace("\n", "\r\n").encode(), (5, 67, 71), id="crlf"),
        pytest.param(HOLED.replace("\n", "\r").encode(), (5, 67, 71), id="cr"),
        pytest.param(b"\xef\xbb\xbf" + HOLED.encode(), (5, 67, 71), id="byte order mark"),
        pytest.param(
            f"# -*- coding: latin-1 -*-\né = 1\n{HOLED}".encode("latin-1"),
            (7, 67, 71),
            id="PEP 263",
        ),
        pytest.param(HOLED.replace("\n\n\n", "\n\x0c\n\n").encode(), (5, 67, 71), id="form feed"),
        pytest.param(
            HOLED.replace("users?", "é😀?").encode(), (5, 64, 68), id="characters beyond ASCII"
        ),
        pytest.param(HOLED.rstrip().encode(), (5, 67, 71), id="no line end at the end"),
    ],
)
def test_the_place_is_right_in_every_kind_of_file(here, content, expected):
    here.file("client.py", content)

    assert [place(finding) for finding in found(here, "client.py")] == [expected]


def test_a_failure_on_one_file_is_told_and_costs_only_that_file(here):
    judge = Program.findings

    def fail_on_bad(self: Program, path: str):
        if path.endswith("bad.py"):
            raise KeyError("nobody expects this")
        return judge(self, path)

    here.patch.setattr(Program, "findings", fail_on_bad)
    here.file("bad.py", CLEAN)
    here.file("client.py", HOLED)

    ended = here.batten("scan")

    assert ended.code == 2
    assert "client.py:5:67:" in ended.out
    assert "bad.py: Batten failed on this file (KeyError: 'nobody" in ended.err
    assert "BATTEN_DEBUG=1" in ended.err


def test_the_same_failure_on_many_files_is_told_once(here):
    def fail(self: Program, path: str):
        raise KeyError("nobody expects this")

    here.patch.setattr(Program, "findings", fail)
    for name in ("a.py", "b.py", "c.py"):
        here.file(name, CLEAN)

    ended = here.batten("scan", "--format", "json")

    assert ended.code == 2
    assert len(json.loads(ended.out)["errors"]) == 3
    (line,) = ended.err.splitlines()
    assert line.startswith("batten: a.py: Batten failed")
    assert line.endswith("(the same on 2 more)")


# What is asked for


def test_findings_can_be_selected_and_left_out(here):
    here.file("client.py", HOLED)

    for picked in ("BTN102", "btn102", "unescaped-query-value", "BTN1", "BTN101,BTN102"):
        assert len(found(here, "--select", picked)) == 1
    assert found(here, "--select", "BTN101") == []
    assert found(here, "--ignore", "BTN102") == []
    assert found(here, "--select", "BTN1", "--ignore", "unescaped-query-value") == []


def test_less_severe_findings_can_be_left_out(here):
    here.file("client.py", HOLED)
    here.file("notes.py", ONLY_A_NOTE)

    assert [each["path"] for each in found(here)] == ["client.py", "notes.py"]
    assert [each["path"] for each in found(here, "--min-severity", "warning")] == ["client.py"]
    assert found(here, "--min-severity", "error") == []


def test_findings_are_as_severe_as_is_configured(here):
    here.file("client.py", HOLED)
    here.file("batten.toml", 'severity = { BTN102 = "note" }')

    assert [each["severity"] for each in found(here)] == ["note"]
    assert found(here, "--min-severity", "warning") == []
    assert here.batten("scan").code == 0

    here.file("batten.toml", 'severity = { BTN102 = "error" }')
    assert [each["severity"] for each in found(here, "--min-severity", "error")] == ["error"]


def test_a_rule_that_does_not_exist_is_wrong_use_with_a_suggestion(here):
    ended = here.batten("scan", "--select", "unescaped-query-valu")

    assert ended.code == 2
    assert "did you mean unescaped-query-value?" in ended.err


def test_standard_input_is_scanned_under_a_name(here):
    ended = here.batten("scan", "-", stdin=HOLED)
    assert ended.code == 1
    assert ended.out.startswith("<stdin>:5:67:")

    ended = here.batten("scan", "--stdin-filename", "pkg/x.py", "-", stdin=HOLED)
    assert ended.out.startswith("pkg/x.py:5:67:")


def test_standard_input_that_is_no_text_ends_with_2(here):
    ended = here.batten("scan", "-", stdin=b"\xff")

    assert ended.code == 2
    assert ended.err.startswith("batten: <stdin>: not read: ")


@pytest.mark.parametrize(
    "arguments", [("-", "a.py"), ("--stdin-filename", "x.py", "a.py"), ("--format", "yaml")]
)
def test_what_makes_no_sense_is_wrong_use(here, arguments):
    here.file("a.py", HOLED)

    assert here.batten("scan", *arguments).code == 2


def test_the_output_can_go_to_a_file(here):
    here.file("client.py", HOLED)

    ended = here.batten("scan", "--output", "found.txt", "client.py")

    assert (ended.code, ended.out) == (1, "")
    assert (here.root / "found.txt").read_text().startswith(f"client.py:5:67: {HEAD}")


def test_an_output_file_that_can_not_be_written_is_wrong_use(here):
    here.file("client.py", HOLED)

    ended = here.batten("scan", "--output", "no/such/folder/x", "client.py")

    assert ended.code == 2
    assert ended.err.startswith("batten: can't write no/such/folder/x: ")


def test_fixes_are_left_out_of_a_report_of_many_findings_unless_asked_for(here):
    here.patch.setattr(scan, "MANY", 2)
    for name in ("a.py", "b.py"):
        here.file(name, HOLED)
    assert all(each["fixes"] for each in found(here))
    assert all(each["fixes"] is None for each in found(here, "--fixes", "none"))

    here.file("c.py", HOLED)

    ended = here.batten("scan", "--format", "json")
    assert all(each["fixes"] is None for each in json.loads(ended.out)["findings"])
    assert ended.err == (
        "batten: fixes are left out of more than 2 findings; --fixes all includes them\n"
    )
    assert all(each["fixes"] for each in found(here, "--fixes", "all"))


def test_a_failure_to_find_a_fix_costs_only_that_fix(here):
    def fail(self: Program, finding):
        raise KeyError("nobody expects this")

    here.patch.setattr(Program, "fixes", fail)
    here.file("client.py", HOLED)

    ended = here.batten("scan", "--format", "json")

    assert ended.code == 2
    assert json.loads(ended.out)["findings"][0]["fixes"] == []
    assert ended.err.startswith("batten: client.py: Batten failed on this file (KeyError")


# How it is written


def test_json_keeps_to_its_schema(here):
    here.file("client.py", HOLED)
    here.file("broken.py", "def f(:\n")
    here.file("bad.py", b"\xff")
    schema = resources.files(batten.report).joinpath("schema", "findings.schema.json")

    document = json.loads(here.batten("scan", "--format", "json").out)

    Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(document)
    (finding,) = document["findings"]
    assert finding["witness"]
    assert finding["trace"]
    assert finding["fixes"]
    assert len(document["errors"]) == 2


def test_sarif_lists_the_rules_and_the_result_with_its_fix(here):
    here.file("client.py", HOLED)

    (run,) = json.loads(here.batten("scan", "--format", "sarif").out)["runs"]
    (result,) = run["results"]

    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} >= {"BTN101", "BTN102"}
    assert result["fixes"]
    assert result["codeFlows"]


def test_full_shows_the_code_and_the_fix(here):
    here.file("client.py", HOLED)

    out = here.batten("scan", "--format", "full").out

    assert "^^^^ query value\n" in out
    assert "  attack: name = " in out
    assert "\n    + " in out


def test_the_other_formats_are_well_formed(here):
    here.file("client.py", HOLED)

    assert here.batten("scan", "--format", "github").out.startswith("::warning file=client.py,")
    assert len(json.loads(here.batten("scan", "--format", "gitlab").out)) == 1
    assert ET.fromstring(here.batten("scan", "--format", "junit").out).tag == "testsuites"


def test_colours_are_for_terminals_and_for_those_who_force_them(here):
    here.file("client.py", HOLED)
    assert "\x1b" not in here.batten("scan").out

    here.patch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;33mwarning\x1b[0m" in here.batten("scan").out
    assert "\x1b" not in here.batten("scan", "--format", "json").out
    here.batten("scan", "--output", "plain.txt")
    assert "\x1b" not in (here.root / "plain.txt").read_text()

    here.patch.setenv("NO_COLOR", "1")
    assert "\x1b" not in here.batten("scan").out


def test_the_order_of_the_paths_does_not_matter(here):
    for name in ("b.py", "a.py", "c/d.py"):
        here.file(name, HOLED)

    assert here.batten("scan", "c", "b.py", "a.py").out == here.batten("scan", "a.py", ".").out


def test_a_request_in_another_file_makes_a_finding(here):
    here.file("app/__init__.py", "")
    here.file(
        "app/client.py",
        "import requests\n\n\ndef fetch(path):\n"
        '    return requests.get("https://api.example.com" + path)\n',
    )
    here.file(
        "app/users.py",
        "from app.client import fetch\n\n\ndef users(name):\n"
        '    return fetch("/users?name=%s" % name)\n',
    )

    assert [(each["path"], *place(each)) for each in found(here, "app")] == [
        ("app/users.py", 5, 37, 41)
    ]


# Options that would quietly do something else


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scan", ""], "a path is empty"),
        (["fix", ""], "a path is empty"),
        (["scan", "--select", "", "client.py"], "--select names no rule"),
        (["scan", "--output", "client.py", "client.py"], "would overwrite a file"),
    ],
)
def test_an_empty_path_or_selection_and_output_over_the_source_are_refused(here, arguments, says):
    file = here.file("client.py", HOLED)
    ended = here.batten(*arguments)
    assert ended.code == 2
    assert says in ended.err
    assert file.read_text() == HOLED


def test_a_link_to_itself_that_is_named_is_a_failure(here):
    (here.root / "loop.py").symlink_to("loop.py")

    assert here.batten("scan", "loop.py").code == 2
