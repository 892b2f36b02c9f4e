"""Values in values, ever deeper: such a value is cut, and all else in the file is found."""

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText
from batten.values.nesting import MAX_NESTING, nesting, shallow
from batten.values.terms import UNKNOWN, Attribute, Hole, Param, Template, Unknown, Value

HEAD = """\
import os
import requests
from pathlib import Path
from urllib.parse import quote


def other(name):
    requests.get("https://api.example/v1/%s" % name)


def deep(q, b):
"""
TAIL = "    requests.get(q)\n    open(q)\n"

LINES = [
    'q = "%s" % q',
    'q = "%s/%s" % (q, b)',
    'q = "{}".format(q)',
    "q = q.format(q)",
    'q = f"{q}"',
    'q = f"{b:{q}}"',
    "q += b",
    "q /= b",
    "q = q / b",
    'q = "/".join([q, b])',
    "q = q.strip()",
    "q = q.name",
    "b.name = '%s' % b.name; q = b.name",
    'q = q["a"]',
    "q = b[q]",
    "q, _ = q",
    "q = [q]",
    'q = {"a": q}',
    "q = q if b else [q]",
    "q = lambda: q",
    "q = [[i] for i in q]",
    "q.append([q])",
    'q["a"] = q',
    "q = Path(q) / b",
    # Each of these would double the work with each line.
    "q = q % q",
    "q = q % (q, q)",
    "q = b % (q, q)",
    'q = q % {"a": q, "b": q}',
    "q = q and q or q",
]
CHAINS = [" / b", " % b", " + b", " + b / q", " | b", " or b", " < b"]
NESTS = [
    "g({})",
    "[{}]",
    '{{"a": {}}}',
    "(b if q else {})",
    "(lambda: {})",
    "{}.a().b()",
    '"%s" % ({})',
    '"{{}}".format({})',
    "quote({})",
    "Path({}) / b",
    "b[{}]",
    "[{} for i in b]",
]
DEPTHS = [100, 1000]


def of_lines(line: str, depth: int) -> str:
    return f"    {line}\n" * depth + TAIL


def of_rounds(line: str, depth: int) -> str:
    return "    for each in b:\n" + f"        {line}\n" * depth + TAIL


def of_chain(more: str, depth: int) -> str:
    return f"    q = Path(q){more * depth}\n{TAIL}"


def of_nest(around: str, depth: int) -> str:
    before, after = around.format("\0").split("\0")
    return f"    q = {before * depth}q{after * depth}\n{TAIL}"


def of_branches(more: str, depth: int) -> str:
    return "    if b == 0:\n        q = b\n" + more * depth + TAIL


SHAPES = [
    *[pytest.param(of_lines, each, id=f"lines {each}") for each in LINES],
    *[pytest.param(of_rounds, each, id=f"rounds {each}") for each in LINES[:6]],
    *[pytest.param(of_chain, each, id=f"chain {each}") for each in CHAINS],
    *[pytest.param(of_nest, each, id=f"nest {each}") for each in NESTS],
    pytest.param(of_branches, "    elif b == 1:\n        q = '%s' % q\n", id="branches"),
]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("shape", "part"), SHAPES)
def test_a_deep_value_leaves_the_rest_of_the_file_found(shape, part: str, depth: int) -> None:
    program = Program(load())
    program.put("/a.py", SourceText(HEAD + shape(part, depth)))

    found = program.findings("/a.py")

    assert [each.code for each in found if each.span.start < len(HEAD)]


@pytest.mark.parametrize("count", [100, 300])
@pytest.mark.parametrize("part", ["@wrap\n", "def f{0}(x): return f{1}(x + '/')\n"])
def test_deep_calls_leave_the_rest_of_the_file_found(part: str, count: int) -> None:
    parts = "".join(part.format(number, number + 1) for number in range(count))
    program = Program(load())
    program.put("/a.py", SourceText(f"{HEAD}{TAIL}\n\n{parts}def f{count}(x): return open(x)\n"))

    found = program.findings("/a.py")

    assert [each.code for each in found if each.span.start < len(HEAD)]


def test_of_a_value_that_is_cut_those_holes_stay_that_are_looked_at() -> None:
    value: Value = Param("name")
    for _ in range(MAX_NESTING):
        value = Template(("/", Hole(1, value, "s", "q"), Hole(2, Param("kind"), "s", "kind")))

    # The innermost of the others is too far away: what it holds is not known.
    kept = (Hole(1, UNKNOWN, "s", "q"), Hole(2, Param("kind"), "s", "kind"))
    assert shallow(value) == Unknown(kept)


def test_what_is_cut_is_the_same_whether_equal_values_are_shared_or_not() -> None:
    def made() -> tuple[Value, Value, Value]:
        one: Value = Param("name")
        other: Value = Param("name")
        value: Value = Param("kind")
        for number in range(12):
            one, other = Attribute(one, f"a{number}"), Attribute(other, f"a{number}")
        for site in range(0, MAX_NESTING * 3, 3):
            inside = (value, one, other)
            value = Template(tuple(Hole(site + n, v, "s", "") for n, v in enumerate(inside)))
        return value, one, other

    apart, *_ = made()
    sharing, one, other = made()
    assert one == other  # from now on they share what they are made of

    assert shallow(sharing) == shallow(apart)


def test_a_value_within_the_bound_stays_as_it_is() -> None:
    value: Value = Param("name")
    for _ in range(MAX_NESTING):
        value = Attribute(value, "parent")

    assert nesting(value) == MAX_NESTING
    assert shallow(value) is value
    assert shallow(Attribute(value, "parent")) == Unknown()
