"""Moving a query out of its URL: each row is an expression before and after.

The value that is moved stands between carets.
"""

import pytest

from batten.rewrite.edit import apply
from batten.rewrite.move_query import Moved, Taken, to_parameters, to_urlencode
from batten.rewrite.refusal import Refusal
from batten.syntax.text import Span


def moved(marked, text, **options):
    """Move the query of the last call of `get` in a text to its parameters."""
    source, hole = marked(text)
    start = source.text.rindex("get(")
    end = source.text.rindex(")") + 1
    call = Span(len(source.text[:start].encode()), len(source.text[:end].encode()))
    given = {"keyword": "params", "taken": Taken.ANYTHING, "texts": (), **options}
    found = to_parameters(source, hole, call, **given)
    return source, found


PARAMETERS = [
    # every form
    ('get("/u?n=%s" % ^x^)', 'get("/u", params={"n": x})'),
    ('get("/u?n=%s" % (^x^,))', 'get("/u", params={"n": x})'),
    ('get("/u?n=%s&m=%s" % (^x^, y))', 'get("/u", params={"n": x, "m": y})'),
    ('get("/%s?n=%s&m=%s" % (a, ^x^, y))', 'get("/%s" % (a,), params={"n": x, "m": y})'),
    ('get("/%s/%s?n=%s" % (a, b, ^x^))', 'get("/%s/%s" % (a, b), params={"n": x})'),
    ('get("/u?n=%(n)s" % {"n": ^x^})', 'get("/u", params={"n": x})'),
    (
        'get("/%(a)s?n=%(n)s" % {"n": ^x^, "a": a})',
        'get("/%(a)s" % {"a": a}, params={"n": x})',
    ),
    ('get("/u?n={}".format(^x^))', 'get("/u", params={"n": x})'),
    ('get("/{}?n={}".format(a, ^x^))', 'get("/{}".format(a), params={"n": x})'),
    ('get("/{a}?n={n}".format(n=^x^, a=a))', 'get("/{a}".format(a=a), params={"n": x})'),
    ('get("/{0}?n={1}&a={0}".format(a, ^x^))', 'get("/{0}".format(a), params={"n": x, "a": a})'),
    ('get(f"/u?n={^x^}")', 'get("/u", params={"n": x})'),
    ('get(rf"/u?n={^x^}")', 'get(r"/u", params={"n": x})'),
    ('get(f"/{a}?n={^x^}&m={y!s}")', 'get(f"/{a}", params={"n": x, "m": y})'),
    ("get(f'/u?n={^x[\"a\"]^}')", 'get(\'/u\', params={"n": x["a"]})'),
    ('get("/u?n=" + ^x^)', 'get("/u", params={"n": x})'),
    ('get(a + "?n=" + ^x^)', 'get(a, params={"n": x})'),
    ('get(a + "/u?n=" + ^x^ + "&m=" + y)', 'get(a + "/u", params={"n": x, "m": y})'),
    ('get(a + "/%s?n=%s" % (b, ^x^))', 'get(a + "/%s" % (b,), params={"n": x})'),
    ('get(a + f"/{b}" + "?n=" + ^x^)', 'get(a + f"/{b}", params={"n": x})'),
    ('get("/u" "?n=%s" % ^x^)', 'get("/u", params={"n": x})'),
    ('get("/u" f"/{a}?" f"n={^x^}")', 'get("/u" f"/{a}", params={"n": x})'),
    # literals
    ('get("/u?n=%s&limit=5&all=" % ^x^)', 'get("/u", params={"n": x, "limit": "5", "all": ""})'),
    ('get("/u?n=in:%s" % ",".join(^x^))', 'get("/u", params={"n": "in:" + ",".join(x)})'),
    ('get("/u?n=in:%s" % ^x^)', 'get("/u", params={"n": "in:" + str(x)})'),
    ('get("/u?n=a" + ^x^ + "b")', 'get("/u", params={"n": "a" + x + "b"})'),
    ('get(f"/u?n={^x^}-{y}")', 'get("/u", params={"n": str(x) + "-" + str(y)})'),
    ('get("/u?n=%d&m=%s" % (y, ^x^))', 'get("/u", params={"n": y, "m": x})'),
    # values
    ('get("/u?n=%s" % (^x or y^))', 'get("/u", params={"n": (x or y)})'),
    ('get("/u?n=%s&m=%s" % (quote(y), ^x^))', 'get("/u", params={"n": y, "m": x})'),
    ('get("/u?n=%s" % ^x^, timeout=5)', 'get("/u", params={"n": x}, timeout=5)'),
    ('get("GET", "/u?n=%s" % ^x^)', 'get("GET", "/u", params={"n": x})'),
    ('get("GET", url="/u?n=%s" % ^x^)', 'get("GET", url="/u", params={"n": x})'),
    ('get(("/u?n=%s" % ^x^))', 'get("/u", params={"n": x})'),
    # parameters that are there
    ('get("/u?n=%s" % ^x^, params={"m": 1})', 'get("/u", params={"n": x, "m": 1})'),
    ('get("/u?n=%s" % ^x^, params={})', 'get("/u", params={"n": x})'),
    # layout
    (
        'get(\n    "/u?n=%s" % ^x^,\n    timeout=5,\n)',
        'get(\n    "/u",\n    params={"n": x},\n    timeout=5,\n)',
    ),
    (
        'get(\n    "/u"\n    "?n=%s" % ^x^\n)',
        'get(\n    "/u",\n    params={"n": x}\n)',
    ),
    (
        'get(\r\n\t"GET",  # why\r\n\t"/u?n=%s" % ^x^,\r\n)',
        'get(\r\n\t"GET",  # why\r\n\t"/u",\r\n\tparams={"n": x},\r\n)',
    ),
    ('get("/ü/ü?n=%s" % ^x^)', 'get("/ü/ü", params={"n": x})'),
]


@pytest.mark.parametrize(("before", "after"), PARAMETERS)
def test_a_query_becomes_parameters(before, after, marked):
    imports = "from urllib.parse import quote\n"
    source, found = moved(marked, f"{imports}r = {before}\n")
    assert isinstance(found, Moved), found.reason
    assert apply(source, found.edits).text == f"{imports}r = {after}\n"


BEFORE_THE_CALL = [
    (
        'url = "/u?n=%s" % ^x^\nr = get(url)\n',
        'url = "/u"\nr = get(url, params={"n": x})\n',
    ),
    (
        'url = (\n    f"/u?n={^x^}"\n)\nreturn get("GET", url=url, timeout=5)\n',
        'url = "/u"\nreturn get("GET", url=url, params={"n": x}, timeout=5)\n',
    ),
    (
        'url = "/u?n=" + ^x^\n# so\nwith get(url, params={"m": 1}) as r:\n    pass\n',
        'url = "/u"\n# so\nwith get(url, params={"n": x, "m": 1}) as r:\n    pass\n',
    ),
    (
        'p = {"m": 1}\nif x:\n    p["k"] = 2\nurl = "/u?n=" + ^x^\nget(url, params=p)\n',
        'p = {"m": 1}\nif x:\n    p["k"] = 2\nurl = "/u"\nget(url, params={"n": x, **p})\n',
    ),
    (
        'p: dict = {}\nurl = "/u?n=" + ^x^\nget(url, params=p)\n',
        'p: dict = {}\nurl = "/u"\nget(url, params={"n": x, **p})\n',
    ),
    (
        'url = "/u?n=" + ^x^\ntry:\n    get(url)\nfinally:\n    pass\n',
        'url = "/u"\ntry:\n    get(url, params={"n": x})\nfinally:\n    pass\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), BEFORE_THE_CALL)
def test_a_url_may_be_put_together_right_before_the_call(before, after, marked):
    indented = "".join(f"    {line}\n" for line in before.splitlines())
    code = f"def f(x):\n{indented}"
    source, hole = marked(code)
    start = source.data.index(b"get(")
    call = Span(start, source.data.index(b")", source.data.index(b"url", start)) + 1)
    found = to_parameters(
        source, hole, call, keyword="params", taken=Taken.ANYTHING, texts=frozenset()
    )
    assert isinstance(found, Moved), found.reason
    after = "".join(f"    {line}\n" for line in after.splitlines())
    assert apply(source, found.edits).text == f"def f(x):\n{after}"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ('url = "/u?n=%s" % ^x^; log(url); get(url)', "`url` is used for more than the call"),
        ('url = a; url = "/u?n=%s" % ^x^; get(url)', "`url` is used for more than the call"),
        (
            'url = "/u?n=%s" % ^x^; x = 1; get(url)',
            "something may happen between `url` and the call",
        ),
        ('url = "/u?n=%s" % ^x^; get(a(url))', "the call around the URL does not take `params`"),
        ('url = "/u?n=%s" % ^x^; get(url + a)', "the URL is put together before the call"),
        ('self.url = "/u?n=%s" % ^x^; get(self.url)', "the URL is put together before the call"),
        ('get(url, "/u?n=%s" % ^x^, y)', "an argument behind the URL may be `params`"),
        ('get("/u?n=%s" % ^x^, **y)', "`params` may be among the arguments that are unpacked"),
        ('get(*y, "/u?n=%s" % ^x^)', "`params` may be among the arguments that are unpacked"),
        (
            'get("/u?n=%s" % ^x^, params=y)',
            "the call has `params` already, put together elsewhere",
        ),
        (
            'get("/u?n=%s" % ^x^, params={**y})',
            "the call has `params` already, put together elsewhere",
        ),
        ('get("/u?n=%s" % ^x^, params={"n": y})', "`params` has one of the names already"),
        ('get(wrap("/u?n=%s" % ^x^))', "the call around the URL does not take `params`"),
        ('get(["/u?n=%s" % ^x^])', "the URL is put together before the call"),
        ("get(^x^)", "the URL is not put together where the value goes in"),
        ('get("n=%s" % ^x^)', "the query begins elsewhere"),
        ('get(a + "&n=" + ^x^)', "the query begins elsewhere"),
        ("get(T % ^x^)", "the template stands elsewhere"),
        ('get("/u?%s" % ^x^)', "the query is not made of `name=value` pairs"),
        ('get("/u?a&n=%s" % ^x^)', "the query is not made of `name=value` pairs"),
        ('get("/u?%s=1" % ^x^)', "the query is not made of `name=value` pairs"),
        ('get("/u?n=%s&" % ^x^)', "the query is not made of `name=value` pairs"),
        ('get("/u?n=%s&n=%s" % (^x^, y))', "the query has `n` more than once"),
        ('get("/u?n=%s&m=a+b" % ^x^)', "a part of the query is escaped already, or ends it"),
        ('get("/u?n=%s#top" % ^x^)', "a part of the query is escaped already, or ends it"),
        ('get(f"/u?n={^x^}&m=%20")', "a part of the query is escaped already, or ends it"),
        ('get("/u?n=%s&m=%%" % ^x^)', "the template has `%%` in it"),
        ('get("/u?n=%s&m=%*d" % (^x^, 1, 2))', "the template has `%*d` in it"),
        ('get("/u?n=%s&m=%s" % (^x^, *y))', "several values are unpacked into the template"),
        ('get("/u?n=%s&m=%s" % ^x^)', "the values of the template are not all in sight"),
        ('get("/u?n=%(n)s" % ^x^)', "the values of the template are not all in sight"),
        ('get("/u?n={}&m={}".format(^x^, *y))', "several values are unpacked into the template"),
        ('get("/{1}?n={0}".format(^x^, y))', "the fields of the template are out of order"),
        ('get("/{}?n={.a}".format(^x^, y))', "the template has more than plain fields in it"),
        ('get(f"/u?n={^x^}&m={{}}")', "the text has doubled braces"),
        ('get("/\\u0041?n=%s" % ^x^)', "the text has an escape sequence"),
        ('get(f"/u?n={^x^}&m={y:>5}")', "the value is formatted with `>5`"),
        ('get(f"/u?n={^x^}&m={y!r}")', "the value is formatted with `!r`"),
        ('get(b"/u?n=%s" % ^x^)', "the text is not a plain string"),
        ('get("/u?n=%s&m=%s" % (^x^, urlencode(y)))', "`urlencode` escapes a part of it already"),
        (
            'get("/u?n=%s&m=%s" % (^x^, ",".join(quote(z) for z in y)))',
            "`quote` escapes a part of it already",
        ),
        ('get("/u?n=%s"  # why\n    % ^x^)', "there is a comment in the URL"),
    ],
)
def test_a_query_that_can_not_be_moved_is_refused_with_the_reason(code, reason, marked):
    _, found = moved(marked, f"{code}\n")
    assert found == Refusal(reason)


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ('get("/u?n=" + ^x^)', True),
        ('get("/u?n=%s" % ^x^)', False),
        ('get("/u?n=%s" % str(^x^))', True),
        ('get("/u?n=%d" % ^x^)', True),
        ('get("/u?n=in:" + ^x^)', False),
        ('get("/u?n=" + ",".join(^x^))', False),
        ('get("/u?n=" + ^x^ + "&t=a,b")', False),
        ('get("/u?n=" + ^x^ + "&t=a-b")', True),
    ],
)
def test_what_may_be_sent_in_another_way_is_told(code, same, marked):
    _, found = moved(marked, f"r = {code}\n")
    assert found.same_bytes is same


def test_values_that_are_known_to_be_text_need_no_str(marked):
    code = 'r = get(f"/u?n=in:{^x^}")\n'
    source, hole = marked(code)
    source, found = moved(marked, code, texts={hole})
    assert apply(source, found.edits).text == 'r = get("/u", params={"n": "in:" + x})\n'


def test_where_only_text_is_taken_other_values_become_text(marked):
    source, found = moved(marked, 'r = get("/u?n=%s&m=%d" % (^x^, y))\n', taken=Taken.TEXT)
    assert apply(source, found.edits).text == 'r = get("/u", params={"n": str(x), "m": y})\n'
    assert found.same_bytes


URLENCODE = [
    ('"/u?n=%s" % ^x^', '"/u?" + urlencode({"n": x})'),
    ('"/%s?n=%s&m=%s" % (a, ^x^, y)', '"/%s?" % (a,) + urlencode({"n": x, "m": y})'),
    ('f"/{a}?n={^x^}&m=1"', 'f"/{a}?" + urlencode({"n": x, "m": "1"})'),
    ('a + "?n=" + ^x^', 'a + "?" + urlencode({"n": x})'),
    ('("/u?n=%s" % ^x^).lower()', '("/u?" + urlencode({"n": x})).lower()'),
    ('f("/u?n=%s" % ^x^)', 'f("/u?" + urlencode({"n": x}))'),
    ('a if b else "/u?n=%s" % ^x^', 'a if b else ("/u?" + urlencode({"n": x}))'),
]


@pytest.mark.parametrize(("before", "after"), URLENCODE)
def test_a_query_is_put_together_by_urlencode(before, after, marked):
    imports = "from urllib.parse import urlencode\n"
    source, hole = marked(f"{imports}url = {before}\n")
    found = to_urlencode(source, hole, texts=())
    assert isinstance(found, Moved), found.reason
    assert apply(source, found.edits).text == f"{imports}url = {after}\n"


def test_urlencode_is_imported(marked):
    source, hole = marked('import os\nurl = "/u?n=%s" % ^x^\n')
    assert apply(source, to_urlencode(source, hole, texts=()).edits).text == (
        'import os\nfrom urllib.parse import urlencode\nurl = "/u?" + urlencode({"n": x})\n'
    )


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("p = {'n': 1}", "`params` has one of the names already"),
        ("p = {}\n    p['n'] = 1", "`params` has one of the names already"),
        ("p = {}\n    sign(p)", "`p` is used for more than the call"),
        ("p = {}\n    p.update(y)", "`p` is used for more than the call"),
        ("p = {}\n    p |= y", "`p` is used for more than the call"),
        ("p = {}\n    p = None", "`p` is used for more than the call"),
        ("p = {}\n    p[y] = 1", "`p` is used for more than the call"),
        ("p = {**y}", "the call has `params` already, put together elsewhere"),
        ("p = [('a', 1)]", "the call has `params` already, put together elsewhere"),
        ("p = q = {}", "the call has `params` already, put together elsewhere"),
        ("p, q = {}, {}", "the call has `params` already, put together elsewhere"),
        ("pass", "the call has `params` already, put together elsewhere"),
        ("global p\n    p = {}", "the call has `params` already, put together elsewhere"),
    ],
)
def test_parameters_in_a_variable_are_merged_only_when_all_is_known_of_it(before, reason, marked):
    code = f'def f(x, y):\n    {before}\n    get("/u?n=%s" % ^x^, params=p)\n'
    _, found = moved(marked, code)
    assert found == Refusal(reason)
