from __future__ import annotations

import pytest

from batten.project.listing import Listing, listings
from batten.syntax.parse import errors, parse
from batten.syntax.text import SourceText


def unread(text: str) -> set[int]:
    source = SourceText(text)
    return {
        line
        for span in errors(parse(source.data))
        for line in range(source.position(span.start).line, source.position(span.end).line + 1)
    }


def cut(request: str) -> list[Listing]:
    return list(listings(request, unread))


CODE = "import os\n\n\ndef f(a):\n    return g(a)\n"


def numbered(code: str, form: str, start: int = 1) -> str:
    lines = code.splitlines()
    return "".join(form.format(number, line) for number, line in enumerate(lines, start))


def listing(code: str, start: int = 1) -> Listing:
    return Listing(code, tuple(range(start, start + code.count("\n") + 1)))


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("{} {}\n", id="blank"),
        pytest.param("{}\t{}\n", id="tab"),
        pytest.param("{:>6}\t{}\n", id="cat -n"),
        pytest.param("{:>4} {}\n", id="aligned"),
        pytest.param("{}: {}\n", id="colon"),
        pytest.param("{}:{}\n", id="grep -n"),
        pytest.param("{:>3}| {}\n", id="bar"),
        pytest.param("{:>3} | {}\n", id="blank and bar"),
        pytest.param("{}|{}\n", id="bare bar"),
        pytest.param("{}. {}\n", id="dot"),
        pytest.param("{} {}\r\n", id="crlf"),
    ],
)
@pytest.mark.parametrize("start", [1, 8, 998])
def test_a_listing_gives_its_code_and_its_numbers(form, start):
    request = f"Please review the code below.\n\n{numbered(CODE, form, start)}"

    assert cut(request) == [listing(CODE, start)]


def test_indentation_behind_the_number_is_kept_exactly():
    assert cut("7     def f(a):\n8 \treturn g(a)\n") == [
        listing("    def f(a):\n\treturn g(a)\n", 7)
    ]


@pytest.mark.parametrize("empty", ["3 ", "3"])
def test_an_empty_line_may_have_lost_its_blank(empty):
    assert cut(f"1 import os\n2 x = f(1)\n{empty}\n4 y = 2\n") == [
        listing("import os\nx = f(1)\n\ny = 2\n")
    ]


def test_blank_lines_between_numbered_ones_are_no_code():
    assert cut("1 import os\n\n2 x = f(1)\n\n3 y = 2\n") == [
        listing("import os\nx = f(1)\ny = 2\n")
    ]


def test_prose_may_follow():
    request = "1 import os\n2 x = f(1)\n\nThank you. I need 2 answers.\n"

    assert cut(request) == [listing("import os\nx = f(1)\n")]


def test_numbered_sentences_before_a_listing_are_prose():
    request = (
        "1. Please check the code below.\n"
        "2. Name the line of each defect.\n"
        "3. Say how to solve it.\n"
        "\n"
        "1 import os\n"
        "2 x = f(1)\n"
    )

    assert cut(request) == [listing("import os\nx = f(1)\n")]


@pytest.mark.parametrize("mark", ["", ".", ":", ")"])
def test_numbered_sentences_alone_are_no_code(mark):
    assert cut(f"1{mark} Please check the code.\n2{mark} Name each line of it.\n") == []


def test_a_sentence_that_begins_with_a_number_is_prose():
    request = "3 files were changed. This is one of them:\n\n12 import os\n13 x = f(1)\n"

    assert cut(request) == [listing("import os\nx = f(1)\n", 12)]


def test_code_that_begins_with_a_number_or_a_bar_is_code():
    code = "x = [\n1, 2,\n3,\n]\ny = (a\n| b)\n"

    assert cut(numbered(code, "{} {}\n", 14)) == [listing(code, 14)]


def test_the_fence_around_a_listing_is_no_code():
    request = f"Look:\n\n```python\n{numbered(CODE, '{} {}' + chr(10))}```\nThanks.\n"

    assert cut(request) == [listing(CODE)]


def test_fenced_code_without_numbers_counts_its_lines_from_one():
    assert cut(f"Look:\n\n~~~py\n{CODE}~~~\nThanks.\n") == [listing(CODE)]


def test_each_fenced_block_of_python_is_a_listing():
    request = (
        "First:\n```\nimport os\nf(1)\n```\nThen:\n```python\nimport re\n```\n"
        "Not this:\n```json\n{}\n```\nCut off:\n```\nx = 1"
    )

    assert cut(request) == [
        listing("import os\nf(1)\n"),
        listing("import re\n"),
        listing("x = 1\n"),
    ]


def test_a_listing_that_starts_again_is_another_one():
    request = "One:\n1 import os\n2 f(1)\nTwo:\n1 import re\n2 g(2)\n"

    assert cut(request) == [listing("import os\nf(1)\n"), listing("import re\ng(2)\n")]


def test_a_listing_with_lines_left_out_is_one_and_keeps_its_numbers():
    request = "1 import os\n2 f(1)\n...\n40 def g():\n41     return os.x(1)\n"

    assert cut(request) == [
        Listing("import os\nf(1)\ndef g():\n    return os.x(1)\n", (1, 2, 40, 41, 42))
    ]


def test_one_numbered_line_of_code_is_a_listing():
    assert cut("Is this right?\n\n1 requests.get(url % name)\n") == [
        listing("requests.get(url % name)\n")
    ]


def test_a_listing_of_broken_code_is_a_listing():
    assert cut("Look:\n\n1 def f(:\n2     x ==\n3     pass\n") == [
        listing("def f(:\n    x ==\n    pass\n")
    ]


def test_python_as_it_stands_is_one_listing():
    assert cut(CODE) == [listing(CODE)]


def test_a_python_file_that_shows_a_listing_is_still_the_file():
    code = '"""Doc.\n\n1 import os\n2 x = f(1)\n"""\n\nimport re\n\ny = re.compile(f(2))\n'

    assert cut(code) == [listing(code)]


def test_a_broken_python_file_that_shows_fenced_code_is_still_the_file():
    code = (
        '"""Doc.\n\n```\nx = f(1)\n```\n"""\nimport re\n\ndef f(:\n    return re.x(1)\n\ny = f(2)\n'
    )

    assert cut(code) == [listing(code)]


def test_comments_alone_are_code():
    assert cut("# Copyright\n# nobody\n") == [listing("# Copyright\n# nobody\n")]


@pytest.mark.parametrize(
    "request_", ["", "\n\n", "Hello", "Please review the code that I forgot to paste, thanks.\n"]
)
def test_a_request_without_code_has_no_listing(request_):
    assert cut(request_) == []


def test_line_ends_inside_strings_of_other_alphabets_do_not_split_a_line():
    code = "x = f('a\u2028b\x0cc\x85d')\ny = 2\n"

    assert cut(numbered(code.replace("\u2028", "?"), "{} {}\n")) != []
    assert cut("1 x = f('a\u2028b\x0cc\x85d')\n2 y = 2\n") == [listing(code)]
