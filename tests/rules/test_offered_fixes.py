"""Which fixes are offered for an unescaped value, in which order, and how far they are trusted."""

from __future__ import annotations

import pytest

from batten.analysis.program import Program
from batten.analysis.verify import Condition, Verdict
from batten.models.load import load
from batten.rewrite.edit import Level, apply
from batten.syntax.text import SourceText

_PATH = "/a.py"
_MODELS = load()
_CLIENT = """\
import requests


class Api:
    base = "https://api.example"

    def get(self, path, params=None):
        return requests.get(self.base + path, params=params)

    def find(self, path, **kwargs):
        return self.get(path, **kwargs)

    def fetch(self, path, timeout=None):
        return requests.get(self.base + path, timeout=timeout)

    def fixed(self, path, params=None):
        return requests.get(self.base + path, params={"v": 1})

    def merged(self, path, params=None):
        return requests.get(self.base + path, params=params or {})

    def renamed(self, path, query=None):
        return requests.get(self.base + path, params=query)

    def use(self, name, number, path, branch, names):
"""


def offered(statement: str, before: str = _CLIENT) -> list[tuple[str, str, bool, str]]:
    """Return title, level, whether it is preferred, and the changed lines of each fix."""
    program = Program(_MODELS)
    program.put(_PATH, SourceText(f"{before}        {statement}\n"))
    (finding, *_) = program.findings(_PATH)
    source = program.source(_PATH)
    found = []
    for fix in program.fixes(finding):
        new = apply(source, fix.edits).text.splitlines()
        changed = [line.strip() for line in new if line not in source.text.splitlines()]
        code = "; ".join(line for line in changed if not line.startswith("from urllib"))
        found.append((fix.title, fix.level.value, fix.preferred, code))
    return found


def parameters(call: str, before: str = _CLIENT) -> str | None:
    """Return the call after the fix that hands its query over, None when there is no such fix."""
    fixes = offered(call, before)
    return next((code for title, _, _, code in fixes if title.startswith("Pass ")), None)


def test_the_value_is_escaped_in_place_first_of_all():
    assert offered('self.get("/users?name=%s&limit=5" % name)') == [
        (
            "Escape `name` with quote()",
            "safe",
            True,
            'self.get("/users?name=%s&limit=5" % quote(str(name), safe=""))',
        ),
        (
            "Pass `name` and `limit` as `params`",
            "unsafe",
            False,
            'self.get("/users", params={"name": name, "limit": "5"})',
        ),
        (
            "Put the query together with urlencode()",
            "safe",
            False,
            'self.get("/users?" + urlencode({"name": name, "limit": "5"}))',
        ),
    ]


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ('self.get("/u?n=" + name)', 'self.get("/u", params={"n": name})'),
        ('self.find("/u?n=" + name)', 'self.find("/u", params={"n": name})'),
        ('self.merged("/u?n=" + name)', 'self.merged("/u", params={"n": name})'),
        ('self.renamed("/u?n=" + name)', 'self.renamed("/u", query={"n": name})'),
        ('self.fetch("/u?n=" + name)', None),
        ('self.fixed("/u?n=" + name)', None),
    ],
)
def test_a_wrapper_takes_parameters_if_its_own_signature_hands_them_on(call, after):
    assert parameters(call) == after


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ('"/u?n=" + name', "safe"),
        ('"/u?n=%s" % str(name)', "safe"),
        ('"/u?n=%s" % name', "unsafe"),
        ('"/u?n=in:" + name', "unsafe"),
        ('"/u?n=" + ",".join(names)', "unsafe"),
    ],
)
def test_parameters_are_safe_where_the_same_is_sent(url, level):
    levels = {level for title, level, _, _ in offered(f"self.get({url})") if "Pass" in title}
    assert levels == {level}


@pytest.mark.parametrize(
    "url",
    [
        '"/u?n=%s&m=%s" % (name, escaped)',
        '"/u?n=%s&m=%s" % (name, composed)',
        '"/u?n=" + name + "&m=a%20b"',
        '"/u?" + name + "=1"',
    ],
)
def test_what_is_escaped_already_is_not_handed_over(url):
    before = f"from urllib.parse import quote\n{_CLIENT}"
    before += "        escaped = quote(number)\n        composed = 'a' + number\n"
    fixes = offered(f"self.get({url})", before)
    assert [preferred for _, _, preferred, _ in fixes] == [True]


CLIENTS = """\
import aiohttp, httpx, requests, urllib3

async def use(name, session: aiohttp.ClientSession, pool: urllib3.PoolManager, verb):
    if name:
"""


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ('httpx.get("/u?n=%s" % name)', 'httpx.get("/u", params={"n": name})'),
        ('httpx.get("/u?n=%s" % name, params={"m": 1})', None),
        (
            'requests.get("/u?n=%s" % name, params={"m": 1})',
            'requests.get("/u", params={"n": name, "m": 1})',
        ),
        ('session.get("/u?n=%s" % name)', 'session.get("/u", params={"n": str(name)})'),
        (
            'pool.request("GET", "/u?n=%s" % name)',
            'pool.request("GET", "/u", fields={"n": name})',
        ),
        ('pool.request("POST", "/u?n=%s" % name)', None),
        ('pool.request(verb, "/u?n=%s" % name)', None),
    ],
)
def test_each_client_gets_what_it_takes(call, after):
    assert parameters(call, CLIENTS) == after


@pytest.mark.parametrize(
    ("url", "titles"),
    [
        ('"/u/" + name', ["Escape `name` with quote()"]),
        (
            '"/f/" + path',
            ["Escape `path` with quote(), keeping `/`", "Escape `path` with quote()"],
        ),
        (
            '"/b/" + branch',
            ["Escape `branch` with quote()", "Escape `branch` with quote(), keeping `/`"],
        ),
        ('"/f/" + "/".join(names)', ["Escape each item of `names` with quote()"]),
        ('"/f?path=" + path', ["Escape `path` with quote()", "Pass `path` as `params`"]),
    ],
)
def test_slashes_are_kept_where_they_are_meant_by_the_name(url, titles):
    fixes = offered(f"self.get({url})")
    assert [title for title, *_ in fixes] == titles
    assert [preferred for _, _, preferred, _ in fixes] == [True, *[False] * (len(titles) - 1)]


@pytest.mark.parametrize(
    ("url", "levels"),
    [
        ('"/u/" + name', ["safe"]),
        ('"/b/" + branch', ["unsafe", "safe"]),
        ('"/f/" + path', ["safe", "unsafe"]),
        ('"/f/%s/d" % path', ["safe", "unsafe"]),
    ],
)
def test_to_escape_a_slash_that_may_be_meant_is_not_safe(url, levels):
    assert [level for _, level, _, _ in offered(f"self.get({url})")] == levels


def test_nothing_else_is_made_where_the_preferred_fix_is_too_unsafe():
    program = Program(_MODELS)
    program.put(_PATH, SourceText(f'{_CLIENT}        self.get("/b/" + branch)\n'))
    findings = program.findings(_PATH)
    assert program.fix_to_make(findings[0], {Level.SAFE}) is None
    assert program.fixes_to_make(findings, {Level.SAFE}) == ()
    (fix,) = program.fixes_to_make(findings, set(Level))
    assert fix.title == "Escape `branch` with quote()"


@pytest.mark.parametrize(
    ("statements", "level"),
    [
        ('args = (name, 1); self.get("/u/%s/%d" % args)', "safe"),
        ('args = (name, 1); self.get("/u/%s/%d" % args); print(args)', "unsafe"),
        ('args = {"n": name}; self.get("/u/%(n)s" % args); self.log(args)', "unsafe"),
        ('self.args = (name, 1); self.get("/u/%s/%d" % self.args)', "unsafe"),
        ('url = "/u/%s" % name; print(url); self.get(url)', "safe"),
    ],
)
def test_a_value_that_others_read_too_is_not_safe_to_escape(statements, level):
    assert offered(statements)[0][1] == level


def test_what_formatting_adds_is_escaped_too_so_the_fix_is_not_safe():
    ((title, level, preferred, code),) = offered('self.get("/u/%r" % name)')
    assert (title, level, preferred) == ("Escape `name` with quote()", "unsafe", True)
    assert code == 'self.get("/u/%s" % quote(repr(name), safe=""))'


@pytest.mark.parametrize(
    ("statement", "advice", "reason"),
    [
        (
            'self.get("/u/%(name)s" % locals())',
            "Escape `name` with quote() before it goes into the text",
            "the values come from a mapping",
        ),
        (
            'self.get(f"/u/{name=}")',
            "Escape `name` with quote() before it goes into the text",
            "the field shows the expression itself too",
        ),
    ],
)
def test_where_no_edit_can_be_right_there_is_advice_and_a_reason(statement, advice, reason):
    program = Program(_MODELS)
    program.put(_PATH, SourceText(f"{_CLIENT}        {statement}\n"))
    (finding,) = program.findings(_PATH)
    (fix,) = program.fixes(finding)
    assert (fix.title, fix.level, fix.edits, fix.preferred) == (advice, Level.ADVICE, (), False)
    assert program.withheld(finding) == (reason,)
    assert program.fix_to_make(finding, set(Level)) is None


def test_what_a_withheld_fix_fails_is_told(monkeypatch):
    fails = Verdict(Condition.CURES, "there is a new finding, BTN103 at `name`")
    monkeypatch.setattr("batten.analysis.verify.verified", lambda *_, **__: fails)
    program = Program(_MODELS)
    program.put(_PATH, SourceText(f'{_CLIENT}        self.get("/u/" + name)\n'))
    (finding,) = program.findings(_PATH)
    assert program.fixes(finding) == ()
    assert program.withheld(finding) == (
        '"Escape `name` with quote()" is withheld: there is a new finding, BTN103 at `name`',
    )


@pytest.mark.parametrize(
    ("route", "titles", "call"),
    [
        (
            "/f/<path:name>",
            ["Escape `name` with quote(), keeping `/`", "Escape `name` with quote()"],
            "quote(name)",
        ),
        ("/f/<name>", ["Escape `name` with quote()"], 'quote(name, safe="")'),
    ],
)
def test_slashes_stay_that_a_route_lets_in(route, titles, call):
    before = (
        "import requests\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n"
        f'@app.route("{route}")\ndef proxy(name):\n    if name:\n'
    )
    fixes = offered('return requests.get("https://files.example/f/" + name).text', before)
    assert [title for title, _, _, _ in fixes] == titles
    _, level, preferred, code = fixes[0]
    assert (level, preferred) == ("safe", True)
    assert code == f'return requests.get("https://files.example/f/" + {call}).text'


def test_an_escaped_id_that_people_type_in_is_no_finding_any_more():
    before = (
        "import argparse\nimport requests\n\nparser = argparse.ArgumentParser()\n"
        "args = parser.parse_args()\n\n\ndef get(node_id):\n"
        '    """:param node_id: The name or UUID of the node."""\n    if node_id:\n'
    )
    call = 'return requests.get("https://api.example/nodes/%s/d" % node_id)\n\n\nget(args.node)'
    ((title, level, _, _), *_) = offered(call, before)
    assert (title, level) == ("Escape `node_id` with quote()", "safe")


@pytest.mark.parametrize(
    ("declared", "escaped"),
    [
        ("text: str", 'quote(text, safe="")'),
        ("text: str | None", 'quote(str(text), safe="")'),
        ("text: 'str | None'", 'quote(str(text), safe="")'),
        ("text: Optional[str]", 'quote(str(text), safe="")'),
        ("text: Union[str, None]", 'quote(str(text), safe="")'),
        ("text: str = None", 'quote(str(text), safe="")'),
        ('text: str = ""', 'quote(text, safe="")'),
    ],
)
def test_what_may_be_none_is_made_text_first(declared, escaped):
    before = (
        "import requests\nfrom typing import Optional, Union\n\n\n"
        f"def find({declared}):\n"
        "    if True:\n"
    )
    ((_, level, _, code),) = offered('requests.get("https://h.example/u/%s" % text)', before)
    assert (level, code) == ("safe", f'requests.get("https://h.example/u/%s" % {escaped})')


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        ('self.get(urljoin("/b/", name))', "unsafe"),
        ('self.get(urljoin("/b/", "u/" + name))', "safe"),
        ("self.get(\"/b?q=\" + name.replace(' ', '+'))", "unsafe"),
        ("self.get(\"/b?q=\" + name.replace('+', ' '))", "safe"),
    ],
)
def test_a_reference_and_a_plus_for_a_space_are_not_escaped_without_a_word(statement, level):
    before = f"from urllib.parse import urljoin\n{_CLIENT}"
    assert level in {each for _, each, preferred, _ in offered(statement, before) if preferred}


def test_the_text_of_an_object_is_not_changed_unseen():
    named = "    def named(self, name):\n        self.title = name\n"
    text = '    def __str__(self):\n        return "/users/%s" % self.title\n'
    send = '    def send(self):\n        requests.get(f"{self.base}{self}")\n'
    head = _CLIENT.partition("    def use")[0]
    (fix,) = offered("pass", head + named + text + send)
    assert fix[:2] == ("Escape `title` with quote()", "unsafe")


@pytest.mark.parametrize(
    ("url", "levels"),
    [
        ('f"{self.base}/{path}"', ["unsafe", "unsafe"]),
        ('f"{self.base}/{branch}"', ["unsafe", "safe"]),
        ('f"{self.base}/{name}"', ["safe"]),
    ],
)
def test_to_escape_a_whole_path_of_callers_elsewhere_is_not_safe(url, levels):
    assert [level for _, level, _, _ in offered(f"requests.get({url})")] == levels
