from __future__ import annotations

import pytest

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""
ONLY_A_NOTE = HOLED.replace("name", "user_uuid")
CLEAN = "import requests\n\nrequests.get('https://api.example.com/users')\n"
NO_DEFECTS = "No security defects are detected in the code\n"


def request(code: str, start: int = 1) -> str:
    listing = "".join(f"{n} {line}\n" for n, line in enumerate(code.splitlines(), start))
    return f"Please review the code below. If none are found, say '''none'''.\n\n{listing}"


def test_a_python_file_is_reviewed(here):
    here.file("client.py", HOLED)

    ended = here.batten("review", "client.py")

    assert ended.code == 1
    assert ended.err == ""
    assert ended.out.startswith("client.py: 1 security defect\n")
    for part in (
        "1. Unescaped query value in line 5 (warning, BTN102,",
        '\n     5 |     return requests.get("https://api.example.com/users?name=%s" % name)\n',
        "^^^^ query value\n",
        "\n   Attack\n     name = ",
        "\n   Solution\n     ",
        "     Line 5 becomes:\n",
    ):
        assert part in ended.out


@pytest.mark.parametrize("start", [1, 120])
def test_a_request_is_answered_with_the_numbers_of_its_listing(here, start):
    here.file("request.txt", request(HOLED, start))

    out = here.batten("review", "request.txt").out

    assert f"1. Unescaped query value in line {start + 4} (" in out
    assert f"\n     {start + 4} |     return requests.get(" in out
    assert f"Line {start + 4} becomes:" in out


def test_a_request_is_read_from_standard_input(here):
    for arguments in (("review",), ("review", "-")):
        ended = here.batten(*arguments, stdin=request(HOLED))
        assert ended.code == 1
        assert ended.out.startswith("standard input: 1 security defect\n")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(CLEAN, id="clean"),
        pytest.param(ONLY_A_NOTE, id="only a note"),
        pytest.param("# only\n# comments\n", id="comments"),
        pytest.param("", id="empty"),
    ],
)
def test_code_without_defects_gets_exactly_one_line(here, code):
    here.file("client.py", code)

    ended = here.batten("review", "client.py")

    assert (ended.code, ended.out, ended.err) == (0, NO_DEFECTS, "")


def test_a_clean_listing_gets_exactly_one_line(here):
    assert here.batten("review", stdin=request(CLEAN)).out == NO_DEFECTS


def test_notes_are_shown_when_asked_for_and_still_end_with_0(here):
    here.file("client.py", ONLY_A_NOTE)

    ended = here.batten("review", "--notes", "client.py")

    assert ended.code == 0
    assert "(note, BTN102" in ended.out


def test_code_that_can_not_be_read_whole_is_not_called_free_of_defects(here):
    ended = here.batten("review", stdin=request(CLEAN + "\ndef broken(:\n    pass\n", 11))

    assert NO_DEFECTS.strip() not in ended.out
    assert "Line 15 could not be read as Python" in ended.out
    assert ended.code == 0


def test_each_listing_of_a_request_is_reviewed_with_its_own_numbers(here):
    text = f"One:\n```python\n{CLEAN}```\nTwo:\n```python\n{HOLED}```\n"

    out = here.batten("review", stdin=text).out

    assert "standard input, listing 1: no defects found\n" in out
    assert "standard input, listing 2: 1 security defect\n" in out
    assert "in line 5 (" in out


@pytest.mark.parametrize(
    "text", ["", "Please review the code that I forgot to paste.\n", "1. Please check.\n2. Tell.\n"]
)
def test_a_request_without_code_is_wrong_use(here, text):
    ended = here.batten("review", stdin=text)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "batten: there is no Python code in standard input\n"


def test_what_can_not_be_read_is_wrong_use(here):
    here.file("bad.py", b"\xff")
    here.file("binary.txt", b"\0")
    (here.root / "folder").mkdir()

    for name, message in (
        ("gone.txt", "gone.txt: no such file or folder"),
        ("bad.py", "bad.py: "),
        ("binary.txt", "binary.txt: line 1: "),
        ("folder", "folder is a folder; to look through it: batten scan folder"),
    ):
        ended = here.batten("review", name)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith(f"batten: {message}")


def test_python_2_is_reviewed(here):
    code = "import requests\n\ndef f(name):\n    print 'x', `name`\n" + (
        '    requests.get("https://api.example.com/users?name=%s" % name)\n'
    )
    here.file("old.py", code)

    out = here.batten("review", "old.py").out

    assert "in line 5 (" in out
    assert "could not be read" not in out


def test_crlf_and_a_byte_order_mark_change_nothing(here):
    here.file("client.py", b"\xef\xbb\xbf" + HOLED.replace("\n", "\r\n").encode())
    other = here.batten("review", "client.py").out
    here.file("client.py", HOLED)

    assert here.batten("review", "client.py").out == other


def test_a_listing_with_lines_left_out_is_never_called_free_of_defects(here):
    here.file("request.txt", "Look\n\n1 import requests\n2 def f(n):\n40     return 1\n")

    ended = here.batten("review", "request.txt")

    assert "No security defects" not in ended.out
    assert "Lines 3-39 are not in the listing" in ended.out


def test_how_severe_a_rule_is_can_be_configured(here):
    here.file("client.py", HOLED)
    here.file("batten.toml", 'severity = { BTN102 = "error" }')
    assert "(error, BTN102," in here.batten("review", "client.py").out

    here.file("batten.toml", 'severity = { BTN102 = "note" }')
    ended = here.batten("review", "client.py")
    assert (ended.code, ended.out) == (0, NO_DEFECTS)
    assert "(note, BTN102" in here.batten("review", "--notes", "client.py").out


def test_how_severe_it_is_counts_for_a_request_beside_the_file_too(here):
    here.file("request.txt", request(HOLED))
    here.file("batten.toml", 'severity = { BTN1 = "error" }')

    assert "(error, BTN102," in here.batten("review", "request.txt").out


def test_a_wrong_configuration_is_wrong_use_of_a_review(here):
    here.file("client.py", HOLED)
    here.file("batten.toml", 'severity = { BTN102 = "grave" }')

    ended = here.batten("review", "client.py")

    assert (ended.code, ended.out) == (2, "")
    assert "batten.toml" in ended.err
