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


@pytest.mark.parametrize(
    "doubled",
    [
        "    url = url + url\n",
        "    url = '%s/%s' % (url, url)\n",
        "    url = f'{url}/{url}'\n",
        "    url = url + '/' + url if kind else url\n",
    ],
)
def test_a_text_that_doubles_again_and_again_keeps_its_hole(doubled: str) -> None:
    head = "    url = 'https://api.example/' + name\n"

    found = program_of(f"{head}{doubled * 20}    requests.get(url)\n").findings("/a.py")

    assert len({finding.span for finding in found}) == 1


def test_a_constant_that_doubles_again_and_again_ends() -> None:
    doubled = "    url = url + url\n" * 40
    body = f"    url = 'https://api.example/'\n{doubled}    requests.get(url + name)\n"

    assert len(program_of(body).findings("/a.py")) == 1


def test_the_same_value_in_many_pieces_that_may_be_there_or_not() -> None:
    pieces = "".join(f"    if kind({n}):\n        url += '/{n}/' + name\n" for n in range(60))

    found = program_of(f"    url = 'https://api.example/'\n{pieces}    requests.get(url)\n")

    assert len({finding.span for finding in found.findings("/a.py")}) == 60


TABLE = "".join(
    f"        'k{number}': 'https://api.example/{number}/%s',\n" for number in range(100)
)


@pytest.mark.parametrize(
    "use",
    [
        "requests.get(table[kind] % name)",
        "requests.get(table.get(kind) % name)",
        "requests.get(table['k90'] % name)",
        "[requests.get(url % name) for url in table.values()]",
        "[requests.get(url % name) for _, url in table.items()]",
        "[requests.get(table[key] % name) for key in table]",
    ],
)
def test_a_long_table_of_addresses_is_read(use: str) -> None:
    found = program_of(f"    table = {{\n{TABLE}    }}\n    {use}\n").findings("/a.py")

    assert len(found) == 1


def test_a_long_table_that_is_filled_entry_by_entry_is_read() -> None:
    entries = "".join(
        f"    table['k{n}'] = 'https://api.example/{n}/' + name\n" for n in range(100)
    )

    found = program_of(f"    table = {{}}\n{entries}    requests.get(table[kind])\n")

    assert len(found.findings("/a.py")) == 100


def test_a_long_table_of_constants_is_constant() -> None:
    table = "".join(f"        'k{number}': 'kind{number}',\n" for number in range(100))
    body = (
        f"    table = {{\n{table}    }}\n    requests.get('https://api.example/%s' % table[kind])\n"
    )

    assert not program_of(body).findings("/a.py")


def test_a_long_list_of_query_pieces_is_read() -> None:
    pieces = ", ".join(f"'k{number}=%s' % name" for number in range(100))
    body = f"    requests.get('https://api.example/?' + '&'.join([{pieces}]))\n"

    assert len(program_of(body).findings("/a.py")) == 100


def test_a_long_ring_of_functions_is_read() -> None:
    program = Program(load())
    ring = "".join(
        f"def step{n}(name):\n"
        f"    requests.get('https://api.example/{n}/' + name)\n"
        f"    step{(n + 1) % 30}(name)\n\n\n"
        for n in range(30)
    )
    program.put("/a.py", SourceText(f"import requests\n\n\n{ring}"))

    assert len(program.findings("/a.py")) == 30


def test_a_ring_that_is_entered_with_constants_only_is_constant() -> None:
    program = Program(load())
    ring = "".join(
        f"def step{n}(name):\n"
        f"    requests.get('https://api.example/{n}/' + name)\n"
        f"    step{(n + 1) % 5}(name)\n\n\n"
        for n in range(5)
    )
    program.put("/a.py", SourceText(f"import requests\n\n\n{ring}step0('users')\n"))

    assert not program.findings("/a.py")


def test_parentheses_are_no_depth() -> None:
    text = f"{'(' * 150}'https://api.example/' + name{')' * 150}"

    program = program_of(f"    requests.get({text})\n")

    assert len(program.findings("/a.py")) == 1
    assert not program.unread("/a.py")
