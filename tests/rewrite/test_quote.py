"""Escaping a value where it goes into a URL: each row is code before and after, and is run.

The hole stands between carets. Old and new code are evaluated with harmless values, for which
they must give the same text, and with hostile ones, for which the new text must be the old one
with the value escaped in its place.
"""

import asyncio
from types import SimpleNamespace
from urllib.parse import quote, unquote

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.quote import Coercion, quote_joined, quote_value
from batten.rewrite.refusal import Refusal

IMPORT = "from urllib.parse import quote\n"
HARMLESS = ["abc", "A-b_c.d~1"]
HOSTILE = ["a/b?c&d=e#f", "é", "..", "50%", "a b"]
NOT_TEXT = [5, 1.5, None]

TEXT = [
    # operands of +
    ('"/i/" + ^x^', '"/i/" + quote(x, safe="")'),
    ('"/i/" + ^x^ + "/d"', '"/i/" + quote(x, safe="") + "/d"'),
    ('"/i/" + (^x^)', '"/i/" + (quote(x, safe=""))'),
    ('"/i/" + ^(x)^', '"/i/" + (quote(x, safe=""))'),
    ('"/i/" + ^row["a"]^', '"/i/" + quote(row["a"], safe="")'),
    ('"/i/" + ^obj.name^ + "?"', '"/i/" + quote(obj.name, safe="") + "?"'),
    ('"/i/" + ^call()^ + "?"', '"/i/" + quote(call(), safe="") + "?"'),
    ('"/i/" + (^x if x else "-"^)', '"/i/" + (quote(x if x else "-", safe=""))'),
    ('"/i/" + (^x or "-"^)', '"/i/" + (quote(x or "-", safe=""))'),
    ('"/i/" + (^y := x^) + y * 0', '"/i/" + (quote(y := x, safe="")) + y * 0'),
    ('"/i/" + ^(y := x)^ + y * 0', '"/i/" + (quote(y := x, safe="")) + y * 0'),
    ('"/i/" + ^"".join([x])^', '"/i/" + quote("".join([x]), safe="")'),
    ('"/i/" + ^x [ 0 : ]^', '"/i/" + quote(x [ 0 : ], safe="")'),
    # items that are written out
    ('"/".join(["/i", ^x^])', '"/".join(["/i", quote(x, safe="")])'),
    ('"".join(("/i/", ^x^,))', '"".join(("/i/", quote(x, safe=""),))'),
]

ANY = [
    # one operand of %
    ('"/i/%s" % ^x^', '"/i/%s" % quote(str(x), safe="")'),
    ('"/i/%s?q=100%%" % ^x^', '"/i/%s?q=100%%" % quote(str(x), safe="")'),
    ('"/i/%s" % (^x^)', '"/i/%s" % (quote(str(x), safe=""))'),
    ('"/i/%s" % ^(x)^', '"/i/%s" % (quote(str(x), safe=""))'),
    ('("/i/" "%s") % ^x^', '("/i/" "%s") % quote(str(x), safe="")'),
    ('"/i/%s" % ^obj.name^', '"/i/%s" % quote(str(obj.name), safe="")'),
    ('"/i/%s" % ^row["a"]^', '"/i/%s" % quote(str(row["a"]), safe="")'),
    ('"/i/%s"%^x^', '"/i/%s"%quote(str(x), safe="")'),
    ('"/i/%s" % (^x if x else x^)', '"/i/%s" % (quote(str(x if x else x), safe=""))'),
    ('"/i/%s" % (^(lambda: x)()^)', '"/i/%s" % (quote(str((lambda: x)()), safe=""))'),
    ('u"/i/%s" % ^x^', 'u"/i/%s" % quote(str(x), safe="")'),
    # elements of a tuple
    ('"/i/%s" % (^x^,)', '"/i/%s" % (quote(str(x), safe=""),)'),
    ('"/%s/i/%s" % ("v", ^x^)', '"/%s/i/%s" % ("v", quote(str(x), safe=""))'),
    ('"/%d/i/%s" % (1, ^x^)', '"/%d/i/%s" % (1, quote(str(x), safe=""))'),
    ('"/%*d/i/%s" % (3, 1, ^x^)', '"/%*d/i/%s" % (3, 1, quote(str(x), safe=""))'),
    ('"/%s/i/%s" % (*["v"], ^x^)', '"/%s/i/%s" % (*["v"], quote(str(x), safe=""))'),
    ('"/%s/i/%s" % ("v", (^x^))', '"/%s/i/%s" % ("v", (quote(str(x), safe="")))'),
    # values of a dict
    ('"/i/%(n)s" % {"n": ^x^}', '"/i/%(n)s" % {"n": quote(str(x), safe="")}'),
    (
        '"/%(m)d/%(n)s" % {"m": 1, "n": ^x^}',
        '"/%(m)d/%(n)s" % {"m": 1, "n": quote(str(x), safe="")}',
    ),
    ('"/i/%(n)s" % dict(n=^x^)', '"/i/%(n)s" % dict(n=quote(str(x), safe=""))'),
    ('"/i/%(n)s/%(n)s" % {"n": ^x^}', '"/i/%(n)s/%(n)s" % {"n": quote(str(x), safe="")}'),
    # arguments of format
    ('"/i/{}".format(^x^)', '"/i/{}".format(quote(str(x), safe=""))'),
    ('"/i/{0}/{0}".format(^x^)', '"/i/{0}/{0}".format(quote(str(x), safe=""))'),
    ('"/{{}}/{}/{}".format("v", ^x^)', '"/{{}}/{}/{}".format("v", quote(str(x), safe=""))'),
    ('"/{n!s}".format(n=^x^)', '"/{n!s}".format(n=quote(str(x), safe=""))'),
    ('"/{1:d}/{0}".format(^x^, 1)', '"/{1:d}/{0}".format(quote(str(x), safe=""), 1)'),
    ('"/{}/{}".format(*["v"], ^x^)', '"/{}/{}".format(*["v"], quote(str(x), safe=""))'),
    (
        '"/{n}/{m}".format(n=^x^, **{"m": 1})',
        '"/{n}/{m}".format(n=quote(str(x), safe=""), **{"m": 1})',
    ),
    ('"/{}".format(^x^,)', '"/{}".format(quote(str(x), safe=""),)'),
    # fields of an f-string
    ('f"/i/{^x^}"', "f\"/i/{quote(str(x), safe='')}\""),
    ("f'/i/{^x^}'", "f'/i/{quote(str(x), safe=\"\")}'"),
    ('f"""/i/{^x^}"""', 'f"""/i/{quote(str(x), safe=\'\')}"""'),
    ("f'''/i/{^x^}'''", "f'''/i/{quote(str(x), safe=\"\")}'''"),
    ('rf"/i/{^x^}"', "rf\"/i/{quote(str(x), safe='')}\""),
    ('F"/i/{^x^}/{{}}"', "F\"/i/{quote(str(x), safe='')}/{{}}\""),
    ('f"/i/{^x^!s}"', "f\"/i/{quote(str(x), safe='')}\""),
    ('f"/i/{ ^x^ !s}"', "f\"/i/{ quote(str(x), safe='')}\""),
    ('f"/i/{^(x)^}"', "f\"/i/{(quote(str(x), safe=''))}\""),
    ('f"/i/{^(x)^!s}"', "f\"/i/{quote(str(x), safe='')}\""),
    ('f"/i/{^x^:}"', "f\"/i/{quote(str(x), safe='')}\""),
    ("f\"/i/{^row['a']^}\"", "f\"/i/{quote(str(row['a']), safe='')}\""),
    ('"/v" f"/i/{^x^}"', '"/v" f"/i/{quote(str(x), safe=\'\')}"'),
    ("f'/i/' f\"{^x^}\"", "f'/i/' f\"{quote(str(x), safe='')}\""),
    ('f"""{f\'/i/{^x^}\'}"""', 'f"""{f\'/i/{quote(str(x), safe="")}\'}"""'),
    (
        'f"/i/{"-" if 0 else ^x^}"'.replace('"-"', "'-'"),
        "f\"/i/{'-' if 0 else quote(str(x), safe='')}\"",
    ),
    # standing alone, to be filled in elsewhere
    ("fill(^x^)", 'fill(quote(str(x), safe=""))'),
    ("fill(value=^x^)", 'fill(value=quote(str(x), safe=""))'),
    ("TEMPLATE % ^x^", 'TEMPLATE % quote(str(x), safe="")'),
    ("TEMPLATE % (^x^,)", 'TEMPLATE % (quote(str(x), safe=""),)'),
]

SEVERAL_LINES = [
    (
        "url = (\n    '/i/%s'  # the template\n    % ^x^  # the value\n)\n",
        "url = (\n    '/i/%s'  # the template\n    % quote(str(x), safe='')  # the value\n)\n",
    ),
    (
        'url = "/i/{}/{}".format(\n    "v",\n    ^x^,  # last\n)\n',
        'url = "/i/{}/{}".format(\n    "v",\n    quote(str(x), safe=""),  # last\n)\n',
    ),
    (
        'url = "/i/%s" % ^call(\n    # why\n)^\n',
        'url = "/i/%s" % quote(str(call(\n    # why\n)), safe="")\n',
    ),
    (
        'url = "/i/%s" % (  # open\n    ^x^\n)\n',
        'url = "/i/%s" % (  # open\n    quote(str(x), safe="")\n)\n',
    ),
    (
        'url = "/i/"\nurl += ^x^ ; done = 1\n',
        'url = "/i/"\nurl += quote(str(x), safe="") ; done = 1\n',
    ),
    (
        'url = "/i/%s" \\\r\n    % ^x^\r\n',
        'url = "/i/%s" \\\r\n    % quote(str(x), safe="")\r\n',
    ),
    (
        'with_tab = 1\nif 1:\n\turl = "ü/%s" % ^x^\n',
        'with_tab = 1\nif 1:\n\turl = "ü/%s" % quote(str(x), safe="")\n',
    ),
    (
        'def make():\n    got = yield 1\n    return "/i/%s" % (^yield got^)\n'
        "steps = make(); next(steps); steps.send(2)\n"
        "try: steps.send(x)\nexcept StopIteration as end: url = end.value\n",
        'def make():\n    got = yield 1\n    return "/i/%s" % (quote(str((yield got)), safe=""))\n'
        "steps = make(); next(steps); steps.send(2)\n"
        "try: steps.send(x)\nexcept StopIteration as end: url = end.value\n",
    ),
    (
        'async def make():\n    return f"/i/{^await later()^}"\nurl = run(make())\n',
        "async def make():\n    return f\"/i/{quote(str(await later()), safe='')}\"\n"
        "url = run(make())\n",
    ),
    (
        'url = f"""/i/{\n    ^x^\n}"""\n',
        'url = f"""/i/{\n    quote(str(x), safe=\'\')\n}"""\n',
    ),
]


class Names:
    """What the code of the tables may use, with one value for all of it."""

    def __init__(self, value):
        async def later():
            return value

        self.names = {
            "x": value,
            "obj": SimpleNamespace(name=value),
            "row": {"a": value},
            "call": lambda: value,
            "xs": [value, value],
            "fill": lambda value: f"/i/{value}",
            "TEMPLATE": "/i/%s",
            "later": later,
            "run": asyncio.run,
        }


def evaluated(code, value):
    names = Names(value).names
    exec(compile(code, "case", "exec"), names)
    return names["url"]


def assert_escapes(before, after, values):
    for value in values:
        old, new = evaluated(before, value), evaluated(after, value)
        assert new == old.replace(str(value), quote(str(value), safe="")), value
    assert evaluated(before, "abc") == evaluated(after, "abc")


def rewritten(marked, text, coercion):
    source, hole = marked(text)
    edits = quote_value(source, hole, safe="", coercion=coercion)
    assert not isinstance(edits, Refusal), edits.reason
    return source.text, apply(source, edits).text


@pytest.mark.parametrize(("before", "after"), TEXT)
def test_a_value_known_to_be_text_is_quoted(before, after, marked):
    old, new = rewritten(marked, f"{IMPORT}url = {before}\n", Coercion.TEXT)
    assert new == f"{IMPORT}url = {after}\n"
    assert_escapes(old, new, [*HARMLESS, *HOSTILE])


@pytest.mark.parametrize(("before", "after"), ANY)
def test_another_value_is_made_text_and_quoted(before, after, marked):
    old, new = rewritten(marked, f"{IMPORT}url = {before}\n", Coercion.ANY)
    assert new == f"{IMPORT}url = {after}\n"
    assert_escapes(old, new, [*HARMLESS, *HOSTILE, *NOT_TEXT])


@pytest.mark.parametrize(("before", "after"), SEVERAL_LINES)
def test_comments_line_ends_and_layout_stay(before, after, marked):
    old, new = rewritten(marked, IMPORT + before, Coercion.ANY)
    assert new == IMPORT + after
    assert_escapes(old, new, [*HARMLESS, *HOSTILE])


CONVERTED = [
    ("f'{^x^!r}'", "f'{quote(repr(x), safe=\"\")}'", lambda x: repr(x)),
    ('f"{^x^!a}"', "f\"{quote(ascii(x), safe='')}\"", lambda x: ascii(x)),
    ('f"{^x^:>9}"', "f\"{quote(format(x, '>9'), safe='')}\"", lambda x: f"{x:>9}"),
    ('f"{^x^:>{a}}"', "f\"{quote(format(x, f'>{a}'), safe='')}\"", lambda x: f"{x:>1}"),
    ('f"{^x^!s:>9}"', "f\"{quote(format(str(x), '>9'), safe='')}\"", lambda x: f"{x!s:>9}"),
    ('f"{^x^!r:.3}"', "f\"{quote(format(repr(x), '.3'), safe='')}\"", lambda x: f"{x!r:.3}"),
    ('f"{^a, x^}"', "f\"{quote(str((a, x)), safe='')}\"", lambda x: str((1, x))),
    ('f"{^x,^}"', "f\"{quote(str((x,)), safe='')}\"", lambda x: str((x,))),
]


@pytest.mark.parametrize(("before", "after", "shown"), CONVERTED)
def test_what_a_field_shows_is_what_is_quoted(before, after, shown, marked):
    _, new = rewritten(marked, f"{IMPORT}a = 1\nurl = {before}\n", Coercion.ANY)
    assert new == f"{IMPORT}a = 1\nurl = {after}\n"
    for value in ["abc", "a/b?c", "é", "it's"]:
        assert evaluated(new, value) == quote(shown(value), safe="")


FORMATTED = [
    ("'/i/%5s' % ^x^", "'/i/%s' % quote('%5s' % (x,), safe='')", lambda x: f"{x!s:>5}"),
    ("'/i/%-5s' % (^x^,)", "'/i/%s' % (quote('%-5s' % (x,), safe=''),)", lambda x: f"{x!s:5}"),
    ("'/i/%.5s' % (^x^,)", "'/i/%s' % (quote('%.5s' % (x,), safe=''),)", lambda x: str(x)[:5]),
    ("'/i/%9s' % ^x.lower()^", "'/i/%s' % quote('%9s' % (x.lower(),), safe='')", None),
    ("'/i/%9s' % ^str(x)^", "'/i/%s' % quote('%9s' % str(x), safe='')", lambda x: f"{x:>9}"),
    ("'/i/%9s' % (^'a' + x^)", "'/i/%s' % (quote('%9s' % ('a' + x), safe=''))", None),
    ("'/i/%r' % ^x^", "'/i/%s' % quote(repr(x), safe='')", repr),
    ("'/i/%a' % ^x^", "'/i/%s' % quote(ascii(x), safe='')", ascii),
    ("'/i/%9r' % ^x^", "'/i/%s' % quote('%9r' % (x,), safe='')", lambda x: f"{x!r:>9}"),
    (
        "'/i/%(n)5s/%(n)5s' % {'n': ^x^}",
        "'/i/%(n)s/%(n)s' % {'n': quote('%5s' % (x,), safe='')}",
        None,
    ),
    ("'/v' '/i/%5s' % ^x^", "'/v' '/i/%s' % quote('%5s' % (x,), safe='')", None),
    ("'/ü/%5s' % ^x^", "'/ü/%s' % quote('%5s' % (x,), safe='')", None),
    ("'/i/{!r}'.format(^x^)", "'/i/{}'.format(quote(repr(x), safe=''))", repr),
    ("'/i/{:>5}'.format(^x^)", "'/i/{}'.format(quote(format(x, '>5'), safe=''))", None),
    (
        "'/i/{n!s:.3}'.format(n=^x^)",
        "'/i/{n}'.format(n=quote(format(str(x), '.3'), safe=''))",
        None,
    ),
    ("'/{0!r}/{0!r}'.format(^x^)", "'/{0}/{0}'.format(quote(repr(x), safe=''))", None),
]


@pytest.mark.parametrize(("before", "after", "shown"), FORMATTED)
def test_what_a_template_makes_of_a_value_is_what_is_quoted(before, after, shown, marked):
    old, new = rewritten(marked, f"{IMPORT}url = {before}\n", Coercion.ANY)
    assert new == f"{IMPORT}url = {after}\n"
    for value in ["abcdefghi", "ABC", "a/b?c", "é"]:
        was, now = evaluated(old, value), evaluated(new, value)
        if shown is not None:
            assert now == "/i/" + quote(shown(value), safe="")
        assert unquote(now) == was


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'/i/%s' % ^str(x)^", "'/i/%s' % quote(str(x), safe='')"),
        ("'/i/%s' % ^'-'.join(x)^", "'/i/%s' % quote('-'.join(x), safe='')"),
        ("'/i/%s' % ('v-%s' % ^x^)", "'/i/%s' % ('v-%s' % quote(str(x), safe=''))"),
        ("'/i/%s' % (^'v-%s' % x^)", "'/i/%s' % (quote('v-%s' % x, safe=''))"),
        ("'/i/%s' % (^'v-' + x^)", "'/i/%s' % (quote('v-' + x, safe=''))"),
        ("'/i/%s' % (^f'v-{x}'^)", "'/i/%s' % (quote(f'v-{x}', safe=''))"),
        ("'/i/%s' % ^'v-{}'.format(x)^", "'/i/%s' % quote('v-{}'.format(x), safe='')"),
    ],
)
def test_what_is_text_by_its_form_gets_no_str(before, after, marked):
    _, new = rewritten(marked, f"{IMPORT}url = {before}\n", Coercion.ANY)
    assert new == f"{IMPORT}url = {after}\n"


@pytest.mark.parametrize(
    ("code", "safe", "after"),
    [
        ("url = '/i/' + ^x^\n", "/", "url = '/i/' + quote(x)\n"),
        ('url = "/i/" + ^x^\n', ",", 'url = "/i/" + quote(x, safe=",")\n'),
        ('url = f"/i/{^x^}"\n', ",", "url = f\"/i/{quote(x, safe=',')}\"\n"),
    ],
)
def test_characters_to_keep_are_named(code, safe, after, marked):
    source, hole = marked(IMPORT + code)
    edits = quote_value(source, hole, safe=safe, coercion=Coercion.TEXT)
    assert apply(source, edits).text == IMPORT + after


@pytest.mark.parametrize(
    ("strings", "literal"),
    [
        ("a = 'x'", "''"),
        ('a = "it\'s"', "''"),
        ('a = "x"', '""'),
        ("a = 'x'; b = \"y\"", '""'),
        ('a = """x"""; b = \'y\'', "''"),
        ("a = 1", '""'),
    ],
)
def test_the_empty_string_is_written_as_the_document_writes_strings(strings, literal, marked):
    _, new = rewritten(marked, f"{IMPORT}{strings}\nurl = z + ^x^\n", Coercion.TEXT)
    assert f"quote(x, safe={literal})" in new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'/i/' + ^quote(x)^", "'/i/' + quote(x, safe='')"),
        ("'/i/' + quote(^x^)", None),
        ("'/i/' + ^quote(x,)^", "'/i/' + quote(x, safe='',)"),
        ("'/i/' + ^quote(x, '/')^", "'/i/' + quote(x, '')"),
        ("'/i/' + ^quote(x, safe='/,')^", "'/i/' + quote(x, safe='')"),
        ("'/i/' + ^quote(x, encoding='utf-8')^", "'/i/' + quote(x, encoding='utf-8', safe='')"),
        ("'/i/' + ^(quote(x))^", "'/i/' + (quote(x, safe=''))"),
        ("f'/i/{^quote(x)^}'", "f'/i/{quote(x, safe=\"\")}'"),
        ("'/i/' + ^quote(x, safe='')^", None),
        ("'/i/' + ^quote(x, KEPT)^", None),
        ("'/i/' + ^quote(*xs)^", None),
    ],
)
def test_a_call_of_quote_is_told_to_keep_no_slash(before, after, marked):
    source, hole = marked(f"{IMPORT}url = {before}\n")
    edits = quote_value(source, hole, safe="", coercion=Coercion.ANY)
    if after is None:
        assert isinstance(edits, Refusal)
    else:
        assert apply(source, edits).text == f"{IMPORT}url = {after}\n"


REFUSED = [
    ("url = '/i/%5s?q=100%%' % ^x^", "`%5s` cuts or pads the text"),
    ("url = '/i/%5s/%s' % (^x^, *y)", "`%5s` cuts or pads the text"),
    ("url = '\\n/i/%5s' % ^x^", "`%5s` cuts or pads the text"),
    ("url = '/i/{0!r}/{0}'.format(^x^)", "`{0!r}` adds quotes of its own"),
    ("def f(repr): return '/i/%r' % ^x^", "`repr` is not the builtin here"),
    ("url = '/i/%d' % ^x^", "`%d` takes a number"),
    ("url = '/i/%*d' % (^x^, 1)", "`*` takes a number"),
    ("url = '/i/%(n)05d' % {'n': ^x^}", "`%(n)05d` takes a number"),
    ("url = '/i/%s/%s' % ^x^", "it holds several values"),
    ("url = '/i/%(n)s' % ^x^", "the values come from a mapping"),
    ("url = '/i/%s' % ^(x,)^", "it is a tuple of several values"),
    ("url = b'/i/%s' % ^x^", "the text is bytes"),
    ("url = b'/i/' + ^x^", "the text is bytes"),
    ("url = b'/i/' + ^x^ + y", "the text is bytes"),
    ("url = '/i/{0.name}'.format(^x^)", "`{0.name}` shows a part of it"),
    ("url = '/i/{n[a]}'.format(n=^x^)", "`{n[a]}` shows a part of it"),
    ("url = '/i/{:{}}'.format(y, ^x^)", "`{}` formats it in its own way"),
    ("url = '/i/{'.format(^x^)", "the template is broken"),
    ("url = '/i/{}'.format(*^x^)", "several values are unpacked from it"),
    ("url = '/i/{n}'.format(**^x^)", "several values are unpacked from it"),
    ("url = '/i/{}'.format(^*x^)", "it is not the expression of a value"),
    ("url = '/i/%s' % (*^x^,)", "several values are unpacked from it"),
    ("url = f'/i/{^x^=}'", "the field shows the expression itself too"),
    ("url = f'/i/{^x^:{y[\"a\"]}}'", "the format of the field can't be written as an argument"),
    ("url = '/i/' + ^x + y^ + z", "the value is not an expression of its own"),
    ("url = '/i/' ^+^ x", "the value is not an expression of its own"),
    ("url = '/i/'^^", "the value is not an expression of its own"),
    ("^url^ = '/i/'", "it is not the expression of a value"),
    ("for ^url^ in x: pass", "it is not the expression of a value"),
    ("for ^url^, y in x: pass", "it is a name that is bound here"),
    ("def f(^x^): pass", "it is a name that is bound here"),
    ("url = '/i/' ^'x'^", "it is a part of a literal"),
    ("url = f'/i/{x:>{^width^}}'", "it says how a value is formatted"),
    ("f(^x^=1)", "it is not the expression of a value"),
    ("^f^(x)", "it is not the expression of a value"),
    ("a.^b^", "it is not the expression of a value"),
    ("import ^x^", "it is a name that is bound here"),
    ("url = '/i/' + ^quote_plus(x)^", "`urllib.parse.quote_plus` escapes it already"),
    ("url = '/i/' + ^urlencode(x)^", "`urllib.parse.urlencode` escapes it already"),
    ("url = '/i/' + ^self.url_quote(x)^", "`self.url_quote` escapes it already"),
    ("url = '/i/' + quote('a%s' % ^x^)", "`urllib.parse.quote` escapes it already"),
    ("url = '?' + urlencode({'a': '%s' % ^x^})", "`urllib.parse.urlencode` escapes it already"),
    ("get('/i', params={'a': 'b%s' % ^x^})", "`params` escapes it already"),
    ("def f(str): return '/i/%s' % ^x^", "`str` is not the builtin here"),
    ("def f(format): return f'/i/{^x^:>5}'", "`format` is not the builtin here"),
    ("url = '/i/%s' % ^x^ +", "the document has a syntax error on line 2"),
]


@pytest.mark.parametrize(("code", "reason"), REFUSED)
def test_what_can_not_be_rewritten_is_refused_with_the_reason(code, reason, marked):
    source, hole = marked(f"from urllib.parse import quote, quote_plus, urlencode\n{code}\n")
    assert quote_value(source, hole, safe="", coercion=Coercion.ANY) == Refusal(reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f\"{f'/i/{^x^}'}\"", 'f"""{f\'/i/{quote(x, safe="")}\'}"""'),
        ('f\'/a{f"/{^x^}" if x else ""}\'', "f'''/a{f\"/{quote(x, safe='')}\" if x else \"\"}'''"),
    ],
)
def test_an_f_string_around_an_f_string_gets_triple_quotes(before, after, marked):
    old, new = rewritten(marked, f"{IMPORT}url = {before}\n", Coercion.TEXT)
    assert new == f"{IMPORT}url = {after}\n"
    assert_escapes(old, new, [*HARMLESS, *HOSTILE])


@pytest.mark.parametrize(
    "code", ['url = f"""{f\'{f"/{^x^}"}\'}"""', 'url = f"/\\"{f\'/i/{^x^}\'}"']
)
def test_f_strings_that_are_nested_deeper_leave_no_quotes(code, marked):
    source, hole = marked(f"{IMPORT}{code}\n")
    refusal = quote_value(source, hole, safe="", coercion=Coercion.TEXT)
    assert refusal == Refusal("no quotes are left to write a string inside the f-string")


def test_an_f_string_in_an_f_string_needs_no_quotes_to_keep_slashes(marked):
    source, hole = marked(IMPORT + "url = f\"{f'/i/{^x^}'}\"\n")
    edits = quote_value(source, hole, safe="/", coercion=Coercion.TEXT)
    assert apply(source, edits).text == IMPORT + "url = f\"{f'/i/{quote(x)}'}\"\n"


JOINED = [
    ("','.join(xs)", "','.join(quote(item, safe='') for item in xs)"),
    ("','.join(traits)", "','.join(quote(trait, safe='') for trait in traits)"),
    ("','.join((traits))", "','.join(quote(trait, safe='') for trait in (traits))"),
    ("','.join(traits,)", "','.join((quote(trait, safe='') for trait in traits),)"),
    ("','.join(sorted(traits))", "','.join(quote(trait, safe='') for trait in sorted(traits))"),
    ("','.join(obj.traits or [])", "','.join(quote(trait, safe='') for trait in obj.traits or [])"),
    (
        "','.join(traits if traits else [])",
        "','.join(quote(trait, safe='') for trait in (traits if traits else []))",
    ),
    ("','.join(str(t) for t in traits)", "','.join(quote(str(t), safe='') for t in traits)"),
    ("','.join([t for t in traits])", "','.join([quote(t, safe='') for t in traits])"),
    ("','.join((t for t in traits if t))", "','.join((quote(t, safe='') for t in traits if t))"),
    ("','.join({t for t in traits[:1]})", "','.join({quote(t, safe='') for t in traits[:1]})"),
    ("','.join(['a', traits[0]])", "','.join(['a', quote(traits[0], safe='')])"),
    (
        "','.join((traits[0], traits[1],))",
        "','.join((quote(traits[0], safe=''), quote(traits[1], safe=''),))",
    ),
    ("','.join(map(str, traits))", "','.join(quote(trait, safe='') for trait in map(str, traits))"),
    ("','.join(row['traits'])", "','.join(quote(trait, safe='') for trait in row['traits'])"),
    ("','.join(obj.get_traits())", "','.join(quote(trait, safe='') for trait in obj.get_traits())"),
    ("(','.join(traits))", "(','.join(quote(trait, safe='') for trait in traits))"),
    (
        "','.join(  # all\n    traits  # of them\n)",
        "','.join(  # all\n    quote(trait, safe='') for trait in traits  # of them\n)",
    ),
]


@pytest.mark.parametrize(("before", "after"), JOINED)
def test_each_item_of_a_join_is_quoted(before, after, marked):
    source, join = marked(f"{IMPORT}url = ('/?in:' + ^{before}^)\n")
    edits = quote_joined(source, join, safe="")
    assert not isinstance(edits, Refusal), edits.reason
    result = apply(source, edits).text
    assert result == f"{IMPORT}url = ('/?in:' + {after})\n"
    for value in [*HARMLESS, *HOSTILE]:
        traits = [value, value]
        names = {
            "xs": traits,
            "traits": traits,
            "row": {"traits": traits},
            "obj": SimpleNamespace(traits=traits, get_traits=lambda t=traits: t),
        }
        old, new = dict(names), dict(names)
        exec(source.text, old)
        exec(result, new)
        assert new["url"] == old["url"].replace(value, quote(value, safe=""))


def test_what_is_quoted_for_a_shell_is_not_quoted_for_a_url(marked):
    source, hole = marked(
        "import shlex\nfrom urllib.parse import quote\nu = '/' + ^shlex.quote(x)^\n"
    )
    edits = quote_value(source, hole, safe="", coercion=Coercion.TEXT)
    assert "'/' + quote(shlex.quote(x), safe='')" in apply(source, edits).text


def test_items_that_are_awaited_are_awaited_once(marked):
    source, join = marked(f"{IMPORT}async def f(): return ^','.join(await names())^\n")
    result = apply(source, quote_joined(source, join, safe="")).text
    assert "','.join(quote(name, safe='') for name in await names())" in result
    compile(result, "case", "exec")


def test_a_join_in_an_f_string_keeps_to_the_other_quotes(marked):
    source, join = marked(IMPORT + "url = f\"/?in:{^','.join(traits)^}\"\n")
    edits = quote_joined(source, join, safe="")
    assert apply(source, edits).text == (
        IMPORT + "url = f\"/?in:{','.join(quote(trait, safe='') for trait in traits)}\"\n"
    )


def test_the_elements_that_are_asked_for_are_quoted(marked):
    source, second = marked(IMPORT + "url = '/'.join([base, ^name^])\n")
    start = source.text.index("'/'")
    join = type(second)(start, start + len("'/'.join([base, name])"))
    edits = quote_joined(source, join, safe="", elements=(second,))
    assert apply(source, edits).text == IMPORT + "url = '/'.join([base, quote(name, safe='')])\n"


@pytest.mark.parametrize(
    ("items", "name"),
    [
        ("traits", "trait"),
        ("self.required_traits", "required_trait"),
        ("_TRAITS", "trait"),
        ("agg_uuids", "agg_uuid"),
        ("entries", "entry"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("self.children", "child"),
        ("trait_list", "trait"),
        ("names_list", "name"),
        ("self.get_names()", "name"),
        ("d.keys()", "key"),
        ("d['names']", "name"),
        ("ids", "item"),
        ("status", "item"),
        ("data", "item"),
        ("a + b", "item"),
        ("item + b", "element"),
        ("item + element", "item2"),
        ("f(trait for trait in traits)", "item"),
        ("traits if trait else []", "item"),
        ("quotes", "item"),
    ],
)
def test_the_variable_is_one_of_them_and_shadows_nothing(items, name, marked):
    source, join = marked(f"{IMPORT}url = ^','.join({items})^\n")
    result = apply(source, quote_joined(source, join, safe="")).text
    assert f"join(quote({name}, safe='') for {name} in " in result


def test_a_variable_of_the_function_is_not_shadowed(marked):
    code = "def f(traits, trait):\n    return ^','.join(traits)^ + trait\n"
    source, join = marked(IMPORT + code)
    assert "for item in traits" in apply(source, quote_joined(source, join, safe="")).text


@pytest.mark.parametrize(
    ("join", "reason"),
    [
        ("','.join()", "it is not a call of `join` with one argument"),
        ("','.join(*xs)", "it is not a call of `join` with one argument"),
        ("','.split(xs)", "it is not a call of `join` with one argument"),
        ("xs", "it is not a call of `join` with one argument"),
        ("'&'.join('%s=%s' % (k, v) for k, v in xs)", "the items are made of pieces of text"),
        ("'&'.join([f'{k}=1' for k in xs])", "the items are made of pieces of text"),
        ("'&'.join(['a=' + x, x])", "the items are made of pieces of text"),
        ("','.join([])", "no item is a value"),
        ("','.join(['a', 'b'])", "no item is a value"),
        ("','.join([*xs])", "it is not the expression of a value"),
        ("','.join(map(quote, xs))", "`urllib.parse.quote` escapes them already"),
        ("','.join(quote(x, safe='') for x in xs)", "`quote` escapes it already"),
    ],
)
def test_a_join_that_can_not_be_rewritten_is_refused_with_the_reason(join, reason, marked):
    source, span = marked(f"{IMPORT}url = ^{join}^\n")
    assert quote_joined(source, span, safe="") == Refusal(reason)


def test_a_join_inside_a_quote_is_left_alone(marked):
    source, span = marked(f"{IMPORT}url = quote(^','.join(xs)^)\n")
    assert quote_joined(source, span, safe="") == Refusal(
        "`urllib.parse.quote` escapes them already"
    )
