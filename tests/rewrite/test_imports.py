"""How a function is called at a place, and where the import for it goes."""

import ast
import random
import sysconfig
import warnings
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batten.rewrite.edit import apply
from batten.rewrite.imports import callee
from batten.rewrite.names import bindings
from batten.rewrite.refusal import Refusal
from batten.syntax.text import SourceText

QUOTE = "urllib.parse.quote"


def at_end(code):
    """Return what to call at the end of a document, and the document with its import."""
    source = SourceText(code)
    found = callee(source, len(source.data), QUOTE)
    assert not isinstance(found, Refusal), found.reason
    return found.text, apply(source, found.imports).text


@pytest.mark.parametrize(
    ("imports", "text"),
    [
        ("from urllib.parse import quote", "quote"),
        ("from urllib.parse import quote as q", "q"),
        ("from urllib import parse", "parse.quote"),
        ("from urllib import parse as p", "p.quote"),
        ("import urllib.parse", "urllib.parse.quote"),
        ("import urllib.parse as up", "up.quote"),
        ("from six.moves.urllib import parse", "parse.quote"),
        ("from six.moves import urllib", "urllib.parse.quote"),
        ("import six", "six.moves.urllib.parse.quote"),
        ("from requests.utils import quote", "quote"),
        ("from requests import utils", "utils.quote"),
        ("from urllib.parse import *", "quote"),
        # of several ways the shortest
        ("import urllib.parse\nfrom urllib.parse import quote", "quote"),
        ("from urllib import parse\nfrom urllib.parse import quote as q", "q"),
        ("from urllib.parse import quote as q\nfrom urllib.parse import quote", "quote"),
        ("import urllib.parse\nfrom urllib import parse", "parse.quote"),
        ("import six\nimport urllib.parse", "urllib.parse.quote"),
    ],
)
def test_an_import_that_is_there_is_used(imports, text):
    assert at_end(f"{imports}\n\nx = 1\n") == (text, f"{imports}\n\nx = 1\n")


@pytest.mark.parametrize(
    ("code", "text", "imported"),
    [
        # another form where the name is taken
        ("def f(quote):\n    ^x^\n", "urllib.parse.quote", "import urllib.parse"),
        ("def quote(x):\n    ^x^\n", "urllib.parse.quote", "import urllib.parse"),
        ("def f(quote, urllib):\n    ^x^\n", "parse.quote", "from urllib import parse"),
        ("quote = 1\nclass urllib: ^x^\n", "parse.quote", "from urllib import parse"),
        (
            "try:\n    from urllib.parse import quote\nexcept E:\n    quote = 1\n^x^\n",
            "urllib.parse.quote",
            "import urllib.parse",
        ),
        (
            "def f():\n    ^x^\n    from urllib.parse import quote\n",
            "urllib.parse.quote",
            "import urllib.parse",
        ),
        # a name that is taken elsewhere is left alone, so that all fixes need the same import
        ("def f(quote): pass\n\ndef g(): ^x^\n", "urllib.parse.quote", "import urllib.parse"),
        # but not where only a method has it
        ("class C:\n    def quote(self): ^x^\n", "quote", "from urllib.parse import quote"),
        # imported, but not so that it can be relied on
        ("import urllib\n\n^x^\n", "quote", "from urllib.parse import quote"),
        ("import urllib.request\n\n^x^\n", "quote", "from urllib.parse import quote"),
        (
            "if TYPE_CHECKING:\n    from urllib.parse import quote\n^x^\n",
            "quote",
            "from urllib.parse import quote",
        ),
        (
            "try:\n    from urllib.parse import quote\nexcept E:\n    pass\n^x^\n",
            "quote",
            "from urllib.parse import quote",
        ),
        (
            "def f(): ^x^\nfrom urllib.parse import quote\n",
            "quote",
            "from urllib.parse import quote",
        ),
        # compatible with Python 2 in the way of the document
        (
            "from six.moves import range\n\n^x^\n",
            "quote",
            "from six.moves.urllib.parse import quote",
        ),
        (
            "from six.moves.urllib.parse import urlsplit\n\ndef f(quote): ^x^\n",
            "six.moves.urllib.parse.quote",
            "import six",
        ),
    ],
)
def test_an_import_is_added_under_a_free_name(code, text, imported, marked):
    source, place = marked(code)
    found = callee(source, place.start, QUOTE)
    assert not isinstance(found, Refusal), found.reason
    result = apply(source, found.imports)
    added = Counter(result.text.splitlines()) - Counter(source.text.splitlines())
    assert (found.text, [line for line in added.elements() if line]) == (text, [imported])
    moved = len(result.text) - len(source.text) + place.start
    assert bindings(result).resolve(text, moved) == QUOTE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "def f(quote, urllib, parse): ^x^\n",
            "no import of `urllib.parse.quote` can be added: `quote` is a parameter on line 1; "
            "`urllib` is a parameter on line 1; `parse` is a parameter on line 1",
        ),
        (
            "import os\nx = 1\nfrom a import *\n^x^\n",
            "no import of `urllib.parse.quote` can be added: "
            "the star import on line 3 may bind the name anew",
        ),
        (
            "__url__ = '/i/' + ^x^\nimport sys\n",
            "no import of `urllib.parse.quote` can be added: it would be used above its import",
        ),
        ("import urllib2\n^x^\n", "the code is for Python 2: it imports `urllib2` on line 1"),
        ('^x^\nprint "x"\n', "the code is for Python 2: it has a print statement on line 2"),
        ("def f(:\n    ^x^\n", "the document has a syntax error on line 1"),
    ],
)
def test_where_no_import_can_be_added_it_is_refused(code, reason, marked):
    source, place = marked(code)
    assert callee(source, place.start, QUOTE) == Refusal(reason)


def test_a_name_that_a_star_import_may_give_is_not_taken_from_it():
    text, _ = at_end("from helpers import *\n\ny = quote(1)\n")
    assert text == "urllib.parse.quote"


LINES = [
    # the group of the standard library, in order
    ("import os\nimport sys\n\nimport requests\n", "import os\nimport sys\n+\n\nimport requests\n"),
    (
        "import os\nfrom typing import Any\nfrom uuid import UUID\n\nx = 1\n",
        "import os\nfrom typing import Any\n+\nfrom uuid import UUID\n\nx = 1\n",
    ),
    ("from uuid import UUID\nx = 1\n", "+\nfrom uuid import UUID\nx = 1\n"),
    ("import uuid\nx = 1\n", "import uuid\n+\nx = 1\n"),
    (
        "import os\nimport sys\n\nfrom abc import ABC\n\nimport requests\n",
        "import os\nimport sys\n\nfrom abc import ABC\n+\n\nimport requests\n",
    ),
    (  # sorted by module alone
        "import abc\nfrom os import path\nimport zlib\n",
        "import abc\nfrom os import path\n+\nimport zlib\n",
    ),
    (  # not sorted
        "from zlib import crc32\nimport os\nfrom abc import ABC\nimport sys\n",
        "from zlib import crc32\nimport os\nfrom abc import ABC\nimport sys\n+\n",
    ),
    (  # groups not apart
        "import os\nimport requests\nfrom flask import Flask\n",
        "import os\n+\nimport requests\nfrom flask import Flask\n",
    ),
    ("import os  # why\nimport requests\n", "import os  # why\n+\nimport requests\n"),
    ("import os, \\\n    sys\nx = 1\n", "import os, \\\n    sys\n+\nx = 1\n"),
    ("import os; import sys\nx = 1\n", "import os; import sys\n+\nx = 1\n"),
    ("from os import (\n    path,\n)\nx = 1\n", "from os import (\n    path,\n)\n+\nx = 1\n"),
    (
        "import os\n# about zlib\nfrom zlib import a\n",
        "import os\n+\n# about zlib\nfrom zlib import a\n",
    ),
    ("# about zlib\nfrom zlib import a\n", "# about zlib\nfrom zlib import a\n+\n"),
    ("import os", "import os\n+"),
    ("import os\r\nimport sys\r\n\r\nx = 1\r\n", "import os\r\nimport sys\r\n+\r\n\r\nx = 1\r\n"),
    ("import os\r\nimport sys", "import os\r\nimport sys\r\n+"),
    ("import os\rx = 1\r", "import os\r+\rx = 1\r"),
    ("\fimport os\n\f\nx = 1\n", "\fimport os\n+\n\f\nx = 1\n"),
    # imports that are not at the top are left alone
    ("import os\nos.x()\nimport sys\n", "import os\n+\nos.x()\nimport sys\n"),
    (
        "import os\n\ntry:\n    import a\nexcept E:\n    a = 1\n",
        "import os\n+\n\ntry:\n    import a\nexcept E:\n    a = 1\n",
    ),
    (
        "try:\n    import a\nexcept E:\n    a = 1\nimport os\n",
        "+\n\ntry:\n    import a\nexcept E:\n    a = 1\nimport os\n",
    ),
    (
        "if TYPE_CHECKING:\n    import os\n\nx = 1\n",
        "+\n\nif TYPE_CHECKING:\n    import os\n\nx = 1\n",
    ),
    ("import os; x = 1\n", "+\n\nimport os; x = 1\n"),
    # a group of its own
    ("import requests\n\nx = 1\n", "+\n\nimport requests\n\nx = 1\n"),
    ("from . import a\n", "+\n\nfrom . import a\n"),
    ("# third party\nimport requests\n", "+\n\n# third party\nimport requests\n"),
    ("# Licence: MIT\nimport requests\n", "# Licence: MIT\n\n+\n\nimport requests\n"),
    ("# Licence: MIT\n\nimport requests\n", "# Licence: MIT\n\n+\n\nimport requests\n"),
    ('"""Doc."""\nimport requests\n', '"""Doc."""\n\n+\n\nimport requests\n'),
    ('"""Doc."""\n\n# why\nimport requests\n', '"""Doc."""\n\n+\n\n# why\nimport requests\n'),
    (
        "from __future__ import annotations\n\nimport requests\n",
        "from __future__ import annotations\n\n+\n\nimport requests\n",
    ),
    (
        '"""Doc."""\n\n__version__ = "1"\n\nimport requests\n',
        '"""Doc."""\n\n__version__ = "1"\n\n+\n\nimport requests\n',
    ),
    # no imports
    ("f'{x}'\nimport os\n", "+\n\nf'{x}'\nimport os\n"),
    ("x = 1\n", "+\n\nx = 1\n"),
    ("x = 1", "+\n\nx = 1"),
    ("\n\nx = 1\n", "\n\n+\n\nx = 1\n"),
    ("def f(): pass\n", "+\n\n\ndef f(): pass\n"),
    ("@a\ndef f(): pass\n", "+\n\n\n@a\ndef f(): pass\n"),
    ("class C: pass\n", "+\n\n\nclass C: pass\n"),
    ("# About f.\ndef f(): pass\n", "+\n\n\n# About f.\ndef f(): pass\n"),
    ('"""Doc."""\n', '"""Doc."""\n\n+\n'),
    ('"""Doc."""', '"""Doc."""\n+'),
    ('"""Doc."""\nx = 1\n', '"""Doc."""\n\n+\n\nx = 1\n'),
    ('"""Doc."""\n\nx = 1\n', '"""Doc."""\n\n+\n\nx = 1\n'),
    ('"""Doc."""\n\n\ndef f(): pass\n', '"""Doc."""\n\n+\n\n\ndef f(): pass\n'),
    (
        '"""Doc.\n\n# Head\n"""\n\n\ndef f(): pass\n',
        '"""Doc.\n\n# Head\n"""\n\n+\n\n\ndef f(): pass\n',
    ),
    ("'one ' 'doc'\nx = 1\n", "'one ' 'doc'\n\n+\n\nx = 1\n"),
    ('"""Doc."""; x = 1\n', '+\n\n"""Doc."""; x = 1\n'),
    ("#!/usr/bin/python\nx = 1\n", "#!/usr/bin/python\n\n+\n\nx = 1\n"),
    (
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n\nx = 1\n",
        "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n\n+\n\nx = 1\n",
    ),
    (
        "# Copyright 2014\n#\n# All rights\n\n# About x.\nx = 1\n",
        "# Copyright 2014\n#\n# All rights\n\n+\n\n# About x.\nx = 1\n",
    ),
    (
        "from __future__ import annotations\nx = 1\n",
        "from __future__ import annotations\n\n+\n\nx = 1\n",
    ),
    (
        '"""Doc."""\nfrom __future__ import annotations\n\n\ndef f(): pass\n',
        '"""Doc."""\nfrom __future__ import annotations\n\n+\n\n\ndef f(): pass\n',
    ),
    # behind star imports, which could bind the name anew
    ("import os\nfrom a import *\nimport b\n", "import os\nfrom a import *\n+\nimport b\n"),
]


@pytest.mark.parametrize(("before", "after"), LINES)
def test_a_new_import_stands_where_isort_would_put_it(before, after):
    text, result = at_end(before)
    assert result == after.replace("+", "from urllib.parse import quote")
    assert text == "quote"
    compile(result, "case", "exec")


NAMES = [
    ("from urllib.parse import urlencode\n", "from urllib.parse import quote, urlencode\n"),
    ("from urllib.parse import parse_qs\n", "from urllib.parse import parse_qs, quote\n"),
    (
        "from urllib.parse import parse_qs, urlencode\n",
        "from urllib.parse import parse_qs, quote, urlencode\n",
    ),
    (
        "from urllib.parse import urlencode, parse_qs\n",
        "from urllib.parse import urlencode, parse_qs, quote\n",
    ),
    (
        "from urllib.parse import SplitResult, urlencode\n",
        "from urllib.parse import SplitResult, quote, urlencode\n",
    ),
    (
        "from urllib.parse import urlencode as enc\n",
        "from urllib.parse import quote, urlencode as enc\n",
    ),
    (
        "from urllib.parse import urlencode  # noqa\n",
        "from urllib.parse import quote, urlencode  # noqa\n",
    ),
    ("from urllib.parse import (urlencode)\n", "from urllib.parse import (quote, urlencode)\n"),
    ("from urllib.parse import (parse_qs,)\n", "from urllib.parse import (parse_qs, quote,)\n"),
    (
        "from urllib.parse import (\n    parse_qs,\n    urlencode,\n)\n",
        "from urllib.parse import (\n    parse_qs,\n    quote,\n    urlencode,\n)\n",
    ),
    (
        "from urllib.parse import (\n    parse_qs,\n)\n",
        "from urllib.parse import (\n    parse_qs,\n    quote,\n)\n",
    ),
    (
        "from urllib.parse import (\n    parse_qs\n)\n",
        "from urllib.parse import (\n    parse_qs,\n    quote\n)\n",
    ),
    (
        "from urllib.parse import (\r\n\tparse_qs,\r\n)\r\n",
        "from urllib.parse import (\r\n\tparse_qs,\r\n\tquote,\r\n)\r\n",
    ),
    (
        "from urllib.parse import (\n    parse_qs,  # read\n    urlencode,  # write\n)\n",
        "from urllib.parse import (\n    parse_qs,  # read\n    quote,\n"
        "    urlencode,  # write\n)\n",
    ),
    (
        "from urllib.parse import parse_qs, \\\n    urlencode\n",
        "from urllib.parse import parse_qs, \\\n    quote, urlencode\n",
    ),
    (
        "from six.moves.urllib.parse import urlencode\n",
        "from six.moves.urllib.parse import quote, urlencode\n",
    ),
    (
        "from urllib.parse import \\\n    parse_qs, \\\n    urlencode\n",
        "from urllib.parse import \\\n    parse_qs, \\\n    quote, urlencode\n",
    ),
    ("from urllib.parse import (quote_plus)\n", "from urllib.parse import (quote, quote_plus)\n"),
    (
        "from urllib.parse import (  # URLs\n    parse_qs\n    # more\n)\n",
        "from urllib.parse import (  # URLs\n    parse_qs,\n    quote\n    # more\n)\n",
    ),
    # a line of its own where each name has one
    (
        "from a import b\nfrom a import c\nfrom urllib.parse import unquote\n",
        "from a import b\nfrom a import c\nfrom urllib.parse import quote\n"
        "from urllib.parse import unquote\n",
    ),
    (
        "from urllib.parse import parse_qs\nfrom urllib.parse import urlencode\nimport b\n",
        "from urllib.parse import parse_qs\nfrom urllib.parse import quote\n"
        "from urllib.parse import urlencode\nimport b\n",
    ),
    (
        "from typing import Any\nfrom typing import List\nfrom urllib.parse import unquote\n",
        "from typing import Any\nfrom typing import List\nfrom urllib.parse import quote\n"
        "from urllib.parse import unquote\n",
    ),
    # a line of its own where it would not fit in
    (
        "from urllib.parse import (\n    # write\n    urlencode,\n)\n",
        "from urllib.parse import (\n    # write\n    urlencode,\n)\n"
        "from urllib.parse import quote\n",
    ),
    (
        "from urllib.parse import (\n    parse_qs,  # read\n)\n",
        "from urllib.parse import (\n    parse_qs,  # read\n)\nfrom urllib.parse import quote\n",
    ),
    (
        "from urllib.parse import parse_qs, parse_qsl, unquote, unquote_plus, urldefrag\n",
        "from urllib.parse import parse_qs, parse_qsl, unquote, unquote_plus, urldefrag\n"
        "from urllib.parse import quote\n",
    ),
    (
        "if a:\n    from urllib.parse import urlencode\n",
        "from urllib.parse import quote\n\nif a:\n    from urllib.parse import urlencode\n",
    ),
    (
        "from urllib.parse import urlencode\nfrom a import *\n",
        "from urllib.parse import urlencode\nfrom a import *\nfrom urllib.parse import quote\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), NAMES)
def test_a_statement_for_the_same_module_takes_the_name(before, after):
    assert at_end(before) == ("quote", after)
    compile(after, "case", "exec")


def test_all_fixes_of_a_document_have_the_same_import():
    source = SourceText("import os\n\ndef f(quote):\n    a\n\ndef g():\n    b\n")
    edits = {callee(source, source.text.index(place), QUOTE).imports for place in ("a\n", "b\n")}
    assert len(edits) == 1


LIBRARY = sorted(
    path for path in Path(sysconfig.get_path("stdlib")).glob("*.py") if path.stat().st_size < 60_000
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(LIBRARY), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(0, 10**6))
def test_one_line_is_added_to_a_real_module(path, line_end, seed):
    text = path.read_text("utf-8")
    source = SourceText(text.replace("\n", line_end))
    names = bindings(source)
    at = random.Random(seed).choice([scope.span.end - 1 for scope in names.scopes.all])
    found = callee(source, at, QUOTE)
    if isinstance(found, Refusal):
        assert names.scopes.stars
        return
    result = apply(source, found.imports)
    _assert_compiles(result.text.replace("\r\n", "\n").replace("\r", "\n"))
    growth = len(result.data) - len(source.data)
    assert bindings(result).resolve(found.text, at + growth) == QUOTE
    if not found.imports:
        return
    old, new = (Counter(each.text.split(line_end)) for each in (source, result))
    added = [line for line in (new - old).elements() if line.strip()]
    lost = [line for line in (old - new).elements() if line.strip()]
    assert len(added) == 1
    if lost:
        assert lost == [added[0].replace(" quote,", "").replace(", quote", "")]
    else:
        assert added[0] in ("from urllib.parse import quote", "import urllib.parse", "    quote,")


def _assert_compiles(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)
