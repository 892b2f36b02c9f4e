"""What is configured and what comments suppress, on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Here

SUPPRESSED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)  # batten: ignore[BTN102] ok
"""


def test_a_suppressed_finding_is_left_out_of_text(here: Here) -> None:
    here.file("a.py", SUPPRESSED)
    ended = here.batten("scan", "a.py")

    assert (ended.code, ended.out) == (0, "")
    assert "(1 suppressed)" in ended.err


@pytest.mark.parametrize(
    ("comment", "mistake"),
    [
        ("ignore[open-redirct]", "there is no rule 'open-redirct'; did you mean open-redirect?"),
        ("ignore", "it needs the code of a rule in brackets"),
        ("ignore[BTN102] until 2001-01-01", "it ended on 2001-01-01"),
        ("ignore[BTN102] until 2001-02-31", "a day that exists"),
    ],
)
def test_a_comment_that_suppresses_nothing_is_named(here: Here, comment: str, mistake: str) -> None:
    here.file("a.py", f"import x\ny = 1  # batten: {comment}\nz = 1  # nosec B999\n")
    ended = here.batten("scan", "a.py")

    assert ended.code == 0
    assert "a.py:2: this comment suppresses nothing: " in ended.err
    assert mistake in ended.err
    assert ended.err.count("suppresses nothing") == 1


def test_a_suppressed_finding_is_marked_in_json(here: Here) -> None:
    here.file("a.py", SUPPRESSED)
    written = json.loads(here.batten("scan", "--format", "json", "a.py").out)

    assert [found["suppressed"] for found in written["findings"]] == [True]
    assert written["summary"]["warning"] == 0


def test_a_suppressed_finding_is_marked_in_sarif(here: Here) -> None:
    here.file("a.py", SUPPRESSED)
    (run,) = json.loads(here.batten("scan", "--format", "sarif", "a.py").out)["runs"]

    (result,) = run["results"]
    (suppression,) = result["suppressions"]
    assert suppression == {"kind": "inSource", "status": "accepted", "justification": "ok"}


def test_a_suppressed_finding_is_not_fixed(here: Here) -> None:
    path = here.file("a.py", SUPPRESSED)
    ended = here.batten("fix", "a.py")

    assert ended.code == 0
    assert path.read_text(encoding="utf-8") == SUPPRESSED


def test_the_options_stand_over_the_configuration(here: Here) -> None:
    here.file("a.py")
    here.file("batten.toml", 'ignore = ["BTN102"]\n')

    assert here.batten("scan", "a.py").code == 0
    assert here.batten("scan", "--select", "BTN102", "a.py").code == 1


def test_what_is_excluded_is_not_read_unless_it_is_named(here: Here) -> None:
    here.file("vendored/a.py")
    here.file("pyproject.toml", '[tool.batten]\nexclude = ["vendored/"]\n')

    assert here.batten("scan").code == 0
    assert here.batten("scan", "vendored/a.py").code == 1


def test_a_wrong_configuration_is_wrong_use(here: Here) -> None:
    here.file("a.py")
    here.file("batten.toml", "selct = []\n")
    ended = here.batten("scan")

    assert ended.code == 2
    assert "there is no key 'selct'; did you mean select?" in ended.err
