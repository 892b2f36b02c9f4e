"""The value of an attack is one that comes through, and what is shown is what is left of it."""

from functools import cache

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

FLASK = """
import requests
from flask import Flask, redirect

app = Flask(__name__)

@app.get("/users/<ROUTE>")
def show(name):
    return SENT
"""


@cache
def models():
    return load()


def witness(text):
    program = Program(models())
    program.put("/p.py", SourceText(text))
    (finding,) = program.findings("/p.py")
    return finding.witness.value, finding.witness.before


@pytest.mark.parametrize(
    ("route", "sent", "value", "line"),
    [
        ("name", 'requests.get("http://h.example/v1/" + name)', "..?x=1", "GET /?x=1 to h.example"),
        (
            "string:name",
            'requests.get("http://h.example/v1/x-" + name)',
            "x?x=1",
            "GET /v1/x-x?x=1 to h.example",
        ),
        (
            "path:name",
            'requests.get("http://h.example/v1/" + name)',
            "a?admin=1",
            "GET /v1/a?admin=1 to h.example",
        ),
        (
            "name",
            'requests.get("https://" + name + "/users")',
            "evil.example#",
            "GET / to evil.example",
        ),
        ("name", "redirect(name)", "http:evil.example", "Location: http:evil.example"),
        ("path:name", "redirect(name)", "https://evil.example/", "Location: https://evil.example/"),
    ],
)
def test_a_segment_of_a_route_has_no_slash(route, sent, value, line):
    assert witness(FLASK.replace("ROUTE", route).replace("SENT", sent)) == (value, line)


@pytest.mark.parametrize(
    ("expression", "value", "line"),
    [
        ("name.lower()", "../admin?x=1", "GET /admin?x=1 to h.example"),
        ("name.upper()", "../admin?x=1", "GET /ADMIN?X=1 to h.example"),
        ('name.replace("/", "")', "../admin?x=1", "GET /v1/..admin?x=1 to h.example"),
        ('name.replace("/", "").replace("?", "")', "x#", "GET /v1/x to h.example"),
        ("name.replace(old, new)", "../admin?x=1", "GET /admin?x=1 to h.example"),
        ("name.replace('/', '', 1)", "../admin?x=1", "GET /admin?x=1 to h.example"),
    ],
)
def test_what_methods_leave_of_a_value_is_shown(expression, value, line):
    text = f"""
import requests

def show(name, old, new):
    return requests.get(f"http://h.example/v1/{{{expression}}}")
"""
    assert witness(text) == (value, line)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        ('re.match(r"[a-z]+", name)', "x/../../admin?x=1"),
        (r're.match(r"\d+", name)', "1/../../admin?x=1"),
        ('re.search(r"[a-z]+", name)', "../admin?x=1"),
        ('re.fullmatch(r"[a-z/]+", name)', "a/b"),
    ],
)
def test_what_a_pattern_lets_through_is_shown(check, value):
    text = f"""
import re

import requests

def show(name):
    if not {check}:
        raise ValueError
    return requests.get(f"http://h.example/v1/{{name}}")
"""
    program = Program(models())
    program.put("/p.py", SourceText(text))
    (finding,) = program.findings("/p.py")
    assert finding.witness.value == value
    assert "though the pattern that checks it lets more through" in finding.message


@pytest.mark.parametrize(
    ("sent", "value", "line"),
    [
        ("requests.get(name)", "http://169.254.169.254/", "GET / to 169.254.169.254"),
        (
            'requests.get(name.replace("http://", "https://"))',
            "http://169.254.169.254/",
            "GET / to 169.254.169.254",
        ),
        (
            'requests.get(name.replace("http://", ""))',
            "https://evil.example/",
            "GET / to evil.example",
        ),
        ("requests.get(name.upper())", "http://169.254.169.254/", "GET / to 169.254.169.254"),
        (
            'requests.get("https://" + name.replace("/", "") + ".api.example/x")',
            "evil.example#",
            "GET / to evil.example",
        ),
        (
            'requests.get("https://a.example" + name.lstrip("."))',
            "@evil.example/",
            "GET / to evil.example",
        ),
        ('redirect(name.lstrip("/"))', "https://evil.example/", "Location: https://evil.example/"),
        (
            'redirect(name.replace("//", "/"))',
            "////evil.example/",
            "Location: //evil.example/",
        ),
        (
            'redirect(name.replace("https://", ""))',
            "//evil.example/",
            "Location: //evil.example/",
        ),
        (
            'redirect(name.replace("//", ""))',
            "http:evil.example",
            "Location: http:evil.example",
        ),
    ],
)
def test_what_leads_elsewhere_gets_through_what_methods_do(sent, value, line):
    text = FLASK.replace("<ROUTE>", "<path:name>").replace("SENT", sent)
    assert witness(text) == (value, line)


def test_what_a_router_does_not_let_through_is_not_shown():
    text = """
import requests
from rest_framework.viewsets import ViewSet

class Users(ViewSet):
    def retrieve(self, request, pk=None):
        return requests.get(f"http://h.example/v1/{pk}")
"""
    assert witness(text) == ("x#", "GET /v1/x to h.example")


def test_a_brace_opens_a_field_of_a_template():
    text = """
import requests

def show(name, key):
    return requests.get(("http://h.example/u/" + quote(name) + "/keys/{}").format(key))

def quote(text):
    return text
"""
    program = Program(models())
    program.put("/p.py", SourceText(text))
    told = [f.message for f in program.findings("/p.py") if f.code == "BTN108"]
    assert ["nothing is sent: its `{`" in each for each in told] == [True]


def test_what_a_copy_holds_is_what_was_copied():
    text = """
import requests

def show(**options):
    given = options.copy()
    return requests.get("http://h.example/u/" + given[options_key()])
"""
    program = Program(models())
    program.put("/p.py", SourceText(text))
    (finding,) = program.findings("/p.py")
    assert "is whatever callers give as `options`" in finding.message
