"""The few tokens that decide where lines, strings and units begin and end.

Text is UTF-8, its lines end with a line feed, with a carriage return before it or not.
"""

from __future__ import annotations

import keyword
import re

TOKEN = re.compile(
    rb"""
      (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<newline> \n )
    | (?P<triple> \"{3} | '{3} )
    | [^"'\#()\[\]{}\\\n]+
    | (?P<comment> \#[^\n]* )
    | \\(?:\r?\n|.|\Z)
    | (?P<string> "[^"\\\n]*(?:\\(?:\r?\n|.|\Z)[^"\\\n]*)*"?
                | '[^'\\\n]*(?:\\(?:\r?\n|.|\Z)[^'\\\n]*)*'? )
    """,
    re.VERBOSE,
)
"""Any token. The last group names those with a meaning of their own.

A string that does not end on its line ends with it.
"""

_SPACE = rb"(?:[ \t\f]|\\\r?\n)"
_KEYWORDS = "|".join(keyword.kwlist).encode()
HEADER = re.compile(
    rb"(?:(?:async%b+)?def|(class))%b+(?!(?:%b)\b)([A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*)"
    rb"(?=[ \t\f]*(?:[(\[:\\\r\n#]|\Z))" % (_SPACE, _SPACE, _KEYWORDS)
)
"""The first words of a function or, with group 1, of a class; group 2 is its name."""


def column(indent: bytes) -> int:
    """Return the column after an indentation: a tab goes to the next multiple of 8."""
    return len(indent.expandtabs(8)) if b"\t" in indent else len(indent)
