"""Reaching a bound loses precision, never a hole, and is never taken for having looked."""

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

HEAD = "import requests\n\n\ndef send(name, kind):\n"


def program_of(body: str) -> Program:
    program = Program(load())
    program.put("/a.py", SourceText(HEAD + body))
    return program


def test_every_hole_of_a_very_long_url_is_found() -> None:
    added = "".join("    url += name\n" for _ in range(600))
    body = f"    url = 'https://api.example/'\n{added}    requests.get(url)\n"

    found = program_of(body).findings("/a.py")

    assert len({finding.span for finding in found}) == 600


def test_code_that_is_nested_too_deeply_is_not_called_read() -> None:
    depth = 400
    ifs = "".join(f"{'    ' * (level + 1)}if kind:\n" for level in range(depth))
    deep = f"{ifs}{'    ' * (depth + 1)}requests.get('https://api.example/' + name)\n"
    plain = "    requests.get('https://api.example/' + name)\n"

    program = program_of(plain + deep)

    assert len(program.findings("/a.py")) == 1
    assert program.unread("/a.py")


@pytest.mark.parametrize(
    "added",
    [
        "        url += '&{name}=' + {name}\n",
        "        url = url + '&{name}=%s' % {name}\n",
        "        url = f'{{url}}&{name}={{{name}}}'\n",
    ],
)
def test_many_pieces_that_may_be_there_or_not_are_all_found(added: str) -> None:
    names = [f"value{number}" for number in range(40)]
    head = f"    {', '.join(names)} = kind\n    url = 'https://api.example/?limit=5'\n"
    pieces = "".join(f"    if {name}:\n{added.format(name=name)}" for name in names)

    found = program_of(f"{head}{pieces}    requests.get(url)\n").findings("/a.py")

    assert len({finding.span for finding in found}) == 40


def test_many_entries_that_may_be_there_or_not_lose_no_other() -> None:
    head = "    options = {'url': 'https://api.example/' + name}\n"
    entries = "".join(
        f"    if kind[{number}]:\n        options['k{number}'] = kind[{number}]\n"
        for number in range(60)
    )

    found = program_of(f"{head}{entries}    requests.get(**options)\n").findings("/a.py")

    assert len(found) == 1


def test_a_number_that_is_too_long_to_be_written_takes_nothing_else_along() -> None:
    body = (
        f"    url = 'https://api.example/%d/%s' % (0x{'f' * 4000}, name)\n    requests.get(url)\n"
    )

    assert len(program_of(body).findings("/a.py")) == 1
