"""Half-typed code is the usual case: any beginning of a file is read without an exception."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import pytest

from batten.analysis.program import Program
from batten.syntax.text import SourceText
from corpus import models

_LIBRARY = Path(sysconfig.get_path("stdlib"))
_FILES = (
    "abc.py asyncio/locks.py base64.py bisect.py colorsys.py contextlib.py copy.py"
    " dataclasses.py dis.py fnmatch.py gettext.py http/cookies.py json/encoder.py"
    " nntplib.py posixpath.py shlex.py string.py textwrap.py urllib/parse.py"
    " urllib/robotparser.py wsgiref/handlers.py xmlrpc/client.py"
).split()


@pytest.mark.parametrize("name", [name for name in _FILES if (_LIBRARY / name).exists()])
def test_every_beginning_of_a_file_of_the_standard_library_is_read(name: str) -> None:
    text = (_LIBRARY / name).read_text(encoding="utf-8")
    program = Program(models())
    cuts = random.Random(name)
    for cut in sorted(cuts.randrange(len(text)) for _ in range(6)):
        program.put(name, SourceText(text[:cut]))
        beginning = program.source(name)

        for finding in program.findings(name):
            assert beginning.slice(finding.span)
        for unread in program.unread(name):
            assert 0 <= unread.start <= unread.end <= len(beginning.data)
