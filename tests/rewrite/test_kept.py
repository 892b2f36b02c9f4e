"""Correcting which characters a call of `quote` keeps."""

from __future__ import annotations

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.kept import keep_only
from batten.rewrite.refusal import Refusal

IMPORT = "from urllib.parse import quote, quote_plus\n"


@pytest.mark.parametrize(
    ("before", "safe", "after"),
    [
        ('"/i/" + ^quote(x)^', "", '"/i/" + quote(x, safe="")'),
        ('"/i/" + ^(quote(x))^', "", '"/i/" + (quote(x, safe=""))'),
        ('"/i/" + ^quote(x, safe="/?")^', "", '"/i/" + quote(x, safe="")'),
        ('"?a=" + ^quote(x, safe="&,")^', ",", '"?a=" + quote(x, safe=",")'),
        ('"/i/%s" % ^quote(str(x))^', "", '"/i/%s" % quote(str(x), safe="")'),
    ],
)
def test_a_call_of_quote_keeps_only_what_it_is_told(before, safe, after, marked):
    source, call = marked(IMPORT + before + "\n")
    edits = keep_only(source, call, safe=safe)

    assert apply(source, edits).text == IMPORT + after + "\n"


@pytest.mark.parametrize(
    "code", ['"/i/" + ^escaped^', '"/i/" + ^quote_plus(x, safe="/")^', '"/i/" + ^segment(x)^']
)
def test_what_is_no_call_of_quote_is_not_escaped_a_second_time(code, marked):
    source, call = marked(f"{IMPORT}escaped = quote(x)\n{code}\n")

    assert keep_only(source, call, safe="") == Refusal("it is not a call of `quote`")
