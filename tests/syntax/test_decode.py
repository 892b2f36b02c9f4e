"""Bytes of a file to text and back, by the rules of PEP 263."""

from __future__ import annotations

import codecs
import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.syntax.decode import DecodeError, EncodeError, decode, encode
from batten.syntax.text import SourceText, Span


def test_a_file_is_utf8_unless_it_says_otherwise() -> None:
    decoded = decode("x = 'é'\n".encode())
    assert decoded.source.text == "x = 'é'\n"
    assert (decoded.encoding, decoded.bom) == ("utf-8", b"")


@pytest.mark.parametrize(
    "head",
    [
        "# coding: latin-1\n",
        "# -*- coding: iso-8859-1 -*-\n",
        "# vim: set fileencoding=latin1 :\r\n",
        "#!/usr/bin/python\n# coding: latin-1\n",
        "\r# coding: latin-1\r",
        "# coding: latin-1 because of é\n",
    ],
)
def test_a_comment_in_the_first_two_lines_names_the_encoding(head: str) -> None:
    data = f"{head}x = 'é'\n".encode("latin-1")
    decoded = decode(data)
    assert decoded.source.text == f"{head}x = 'é'\n"
    assert encode(decoded.source, decoded) == data


@pytest.mark.parametrize("head", ["\n\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n"])
def test_a_comment_elsewhere_names_nothing(head: str) -> None:
    assert decode(head.encode()).encoding == "utf-8"


@pytest.mark.parametrize("cookie", ["", "# coding: utf-8\n", "# coding: utf8\n", "# coding: U8\n"])
def test_a_byte_order_mark_is_no_text_and_is_written_back(cookie: str) -> None:
    data = codecs.BOM_UTF8 + f"{cookie}x = 'é'\n".encode()
    decoded = decode(data)
    assert decoded.source.text == f"{cookie}x = 'é'\n"
    assert encode(decoded.source, decoded) == data


def test_line_ends_stay_as_they_are() -> None:
    data = b"a\r\nb\rc\n\x0cd"
    decoded = decode(data)
    assert decoded.source.text == "a\r\nb\rc\n\fd"
    assert encode(decoded.source, decoded) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = 1\r\ny = \0\n", "line 2: a null byte, so this is no text"),
        (
            codecs.BOM_UTF16_LE + b"x\0",
            "the file is UTF-16, which is no encoding for Python source",
        ),
        (b"# coding: klingon\n", "unknown encoding: klingon"),
        (b"# coding: rot13\n", "rot13 is no encoding for Python source"),
        (b"# coding: utf-16\n", "utf-16 is no encoding for Python source"),
        (b"# coding: cp037\n", "cp037 is no encoding for Python source"),
        (b"a\rb\nc = '\xe9'\n", "line 3: byte 0xe9 is not valid utf-8"),
        (b"# coding: ascii\n\nx = '\xe9'\n", "line 3: byte 0xe9 is not valid ascii"),
        (b"x = '\xed\xa0\x80'", "line 1: byte 0xed is not valid utf-8"),
        (
            codecs.BOM_UTF8 + b"# coding: latin-1\n",
            "the file has a UTF-8 byte order mark, but calls itself iso8859-1",
        ),
    ],
)
def test_what_is_no_source_is_told_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(DecodeError) as raised:
        decode(data)
    assert str(raised.value) == message


def test_a_character_that_the_encoding_lacks_is_told_with_its_line() -> None:
    decoded = decode(b"# coding: latin-1\nx = 1\n")
    changed = decoded.source.replaced(Span(22, 23), "'€'")
    with pytest.raises(EncodeError) as raised:
        encode(changed, decoded)
    assert str(raised.value) == "line 2: iso8859-1 has no '\\u20ac'"


def test_a_file_that_would_not_come_back_the_same_is_not_written() -> None:
    data = b"# coding: unicode_escape\nx = 1\n"
    decoded = decode(data)
    assert not decoded.reversible
    with pytest.raises(EncodeError, match="without other changes"):
        encode(decoded.source, decoded)


@given(
    st.binary(max_size=60), st.sampled_from(["", "latin-1", "utf-8", "shift_jis", "utf-7", "hex"])
)
def test_any_bytes_are_refused_or_come_back(body: bytes, name: str) -> None:
    data = (f"# coding: {name}\n".encode() if name else b"") + body
    try:
        decoded = decode(data)
    except DecodeError:
        return
    if decoded.reversible:
        assert encode(decoded.source, decoded) == data


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))
def test_text_is_read_as_tokenize_reads_it(text: str) -> None:
    data = text.encode()
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        expected = data.decode(name)
    except (SyntaxError, LookupError, UnicodeError):
        return
    assert decode(data).source == SourceText(expected)
