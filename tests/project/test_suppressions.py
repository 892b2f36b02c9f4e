"""Which findings a comment suppresses, and where a new comment goes."""

from __future__ import annotations

import ast
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from batten.project.rows import rows_of
from batten.project.suppression_edit import ignored
from batten.project.suppressions import suppressions
from batten.rewrite.edit import apply
from batten.rules.finding import Finding, Severity
from batten.syntax.text import SourceText, Span

TODAY = date(2026, 6, 1)


def finding(source: SourceText, hole: str, code: str = "BTN102") -> Finding:
    """A finding at the only place of `hole`."""
    assert source.text.count(hole) == 1
    start = source.data.index(hole.encode())
    span = Span(start, start + len(hole.encode()))
    return Finding(code, "x", Severity.WARNING, "", "/a.py", span, "", None, (), "f")


def is_suppressed(text: str, hole: str = "HOLE", code: str = "BTN102") -> bool:
    source = SourceText(text)
    found = finding(source, hole, code)
    return any(each.covers(found.code, found.span, TODAY) for each in suppressions(source))


@pytest.mark.parametrize(
    "text",
    [
        "f(HOLE)  # batten: ignore[BTN102] looked at\n",
        "f(HOLE)  # batten: ignore[BTN102]",
        "f(HOLE)  #batten:ignore[ btn101 , btn102 ]\r\n",
        "f(HOLE)  # batten: ignore[unescaped-query-value] é\n",
        "f(HOLE)  # type: ignore  # batten: ignore[BTN102]  # noqa: E501\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026-06-01\n",
        "f(HOLE)  # batten: ignore[BTN102] until version 1.2.3 is out\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026.1.31 is out\n",
        "# batten: ignore[BTN102] why\nf(\n    a,\n    HOLE,\n)\n",
        "# batten: ignore[BTN102] why\n\n# more words\nf(HOLE)\n",
        "f(\n    # batten: ignore[BTN102] why\n    HOLE,\n)\n",
        "f(\n    HOLE,  # batten: ignore[BTN102] why\n)\n",
        'x = f"""\n{HOLE}\n"""  # batten: ignore[BTN102]\n',
        "x = a + \\\n    HOLE + \\\n    b  # batten: ignore[BTN102]\n",
        "# batten: ignore-file[BTN102] generated\nimport x\n\n\ndef g():\n    f(HOLE)\n",
        "f(HOLE)  # nosec\n",
        "f(HOLE)  # nosec - it is fine\n",
        "f(  # nosec\n    HOLE,\n)\n",
        "f(HOLE)  # NOSEC BTN102\n",
        "f(HOLE)  # noqa: E501, BTN102 and why\n",
        "f(HOLE)  # noqa:BTN102\n",
        "f(\r    HOLE,  # batten: ignore[BTN102]\r)\r",
    ],
)
def test_a_comment_suppresses_what_it_covers(text: str) -> None:
    assert is_suppressed(text)


@pytest.mark.parametrize(
    "text",
    [
        "f(HOLE)\n",
        "f(HOLE)  # batten: ignore[BTN101]\n",
        "f(HOLE)  # batten: ignore[BTN1]\n",
        "f(HOLE)  # batten: ignore[]\n",
        "f(HOLE)  # batten: ignore\n",
        "f(HOLE)  # batten: ignore BTN102\n",
        "f(HOLE)  # batten: ignore[BTN1O2]\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026-05-31\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026-13-01\n",
        "f(HOLE)  # batten: ignore[BTN102] until: 2026-05-31\n",
        "f(HOLE)  # batten: ignore[BTN102] until `2026-05-31`\n",
        "f(HOLE)  # batten: ignore[BTN102] until=2026-05-31T10:00\n",
        "f(HOLE)  # batten: ignore[BTN102] until 31.12.2026\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026/12/31\n",
        "f(HOLE)  # batten: ignore[BTN102] until 2026-12-1\n",
        "f(HOLE)\n# batten: ignore[BTN102]\n",
        "# batten: ignore[BTN102]\nf(1)\nf(HOLE)\n",
        "f(  # batten: ignore[BTN102]\n    HOLE,\n)\n",
        "f(\n    # batten: ignore[BTN102]\n    1,\n    HOLE,\n)\n",
        'f(HOLE, "# batten: ignore[BTN102]")\n',
        'x = """\n# batten: ignore[BTN102]\n"""; f(HOLE)\n',
        'f"""{HOLE} # batten: ignore[BTN102]\n"""\n',
        "f(HOLE)  # nosec B999\n",
        "f(HOLE)  # nosec: hardcoded_sql_expressions\n",
        "f(HOLE)  # nosecret\n",
        "f(HOLE)  # noqa\n",
        "f(HOLE)  # noqa: E501\n",
        "f(HOLE)  # rebatten: ignore[BTN102]\n",
        "# nosec\nf(HOLE)\n",
        "f(1)  # batten: ignore-file[BTN101]\nf(HOLE)\n",
        "def g(:  # batten: ignore[BTN102]\n    f(HOLE)\n",
        "x = (  # nosec\nimport y\nf(HOLE)\n",
    ],
)
def test_a_comment_suppresses_nothing_else(text: str) -> None:
    assert not is_suppressed(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(HOLE)\nx\n", "f(HOLE)  # batten: ignore[BTN102]\nx\n"),
        ("f(HOLE)", "f(HOLE)  # batten: ignore[BTN102]"),
        ("f(HOLE)  \r\nx\r\n", "f(HOLE)  # batten: ignore[BTN102]  \r\nx\r\n"),
        ("f(HOLE)  # é\n", "f(HOLE)  # é  # batten: ignore[BTN102]\n"),
        (
            "f(HOLE)  # batten: ignore[BTN101] why\n",
            "f(HOLE)  # batten: ignore[BTN101, BTN102] why\n",
        ),
        (
            'x = f"""\n{HOLE}\n""" + y\nz\n',
            'x = f"""\n{HOLE}\n""" + y  # batten: ignore[BTN102]\nz\n',
        ),
        ("f(\n    HOLE,\n    b,\n)\n", "f(\n    HOLE,  # batten: ignore[BTN102]\n    b,\n)\n"),
        ("x = HOLE + \\\n    b\n", "x = HOLE + \\\n    b  # batten: ignore[BTN102]\n"),
        ("if HOLE: pass\n", "if HOLE: pass  # batten: ignore[BTN102]\n"),
    ],
)
def test_a_new_comment_goes_where_it_counts(before: str, after: str) -> None:
    source = SourceText(before)
    edit = ignored(source, finding(source, "HOLE"))

    assert apply(source, [edit]).text == after
    assert is_suppressed(after)


def test_a_comment_of_another_line_is_not_extended() -> None:
    text = "# batten: ignore[BTN101] why\nf(HOLE)\n"
    source = SourceText(text)

    after = apply(source, [ignored(source, finding(source, "HOLE"))]).text
    assert after == "# batten: ignore[BTN101] why\nf(HOLE)  # batten: ignore[BTN102]\n"


PIECES = st.lists(
    st.sampled_from(
        [
            "\n",
            "\r\n",
            "\r",
            "(",
            ")",
            '"""',
            "'",
            "# x",
            " ",
            "\\\n",
            "return ",
            "é",
            "\t",
            "x",
            ",",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES, PIECES)
def test_rows_cover_every_byte_whatever_the_text(before: str, after: str) -> None:
    source = SourceText(f"{before}\n{after}")
    rows = rows_of(source)
    for offset in range(len(source.data) + 1):
        span = rows.at(offset).span
        statement = rows.statement(offset)
        # A line end belongs to the row that it ends.
        assert span.start <= offset <= span.end + 1
        assert statement.contains(span)
    suppressions(SourceText(f"{before}# nosec\n{after}# batten: ignore[BTN102] x\n{before}"))


@given(PIECES, PIECES)
def test_a_written_comment_suppresses_in_any_sound_text(before: str, after: str) -> None:
    text = f"{before}HOLE{after}\n"
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        assume(False)
    source = SourceText(text)
    written = apply(source, [ignored(source, finding(source, "HOLE"))])

    if is_code(text):
        assert ast.dump(ast.parse(written.text)) == ast.dump(ast.parse(text))
        assert is_suppressed(written.text)


def is_code(text: str) -> bool:
    """Tell whether the hole is a name, and no part of a comment or string."""
    return any(
        isinstance(node, ast.Name) and "HOLE" in node.id for node in ast.walk(ast.parse(text))
    )
