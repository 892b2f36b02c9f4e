"""A trace begins where the value comes in, and names each place that it passes up to the sink."""

from functools import cache
from itertools import permutations

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

FLASK = """
import requests
from flask import Flask, request

app = Flask(__name__)
"""

HERE = "the value comes from a remote client (`flask.Request.args`)"
PATH = "goes in here as path segment"
SENT = "the text is sent here"


@cache
def models():
    return load()


def linked(documents):
    program = Program(models())
    for path, text in documents.items():
        program.put(path, SourceText(text))
    return program


def steps(program, path="/p.py"):
    """Return the code and the note of each step of the one finding in a document."""
    (finding,) = program.findings(path)
    return [
        (program.source(step.path).slice(step.span), step.note)
        for step in finding.trace
    ]  # fmt: skip


def test_a_value_that_is_read_where_it_goes_in():
    text = f"""{FLASK}
@app.get("/")
def show():
    return requests.get("https://api.example/u/" + request.args["name"])
"""
    assert steps(linked({"/p.py": text})) == [
        ('request.args["name"]', f"{HERE} and {PATH}"),
        ('requests.get("https://api.example/u/" + request.args["name"])', SENT),
    ]


def test_a_value_that_a_variable_holds():
    text = f"""{FLASK}
@app.get("/")
def show():
    name = request.args.get("name")
    return requests.get("https://api.example/u/%s" % name)
"""
    assert steps(linked({"/p.py": text})) == [
        ('request.args.get("name")', HERE),
        ("name", PATH),
        ('requests.get("https://api.example/u/%s" % name)', SENT),
    ]


def test_a_value_that_is_given_to_a_function():
    text = f"""{FLASK}
def user(name):
    return requests.get("https://api.example/u/%s" % name)

@app.get("/")
def show():
    who = request.args["name"]
    return user(who)
"""
    assert steps(linked({"/p.py": text})) == [
        ('request.args["name"]', HERE),
        ("who", "`who` is given here as `name`"),
        ("name", PATH),
        ('requests.get("https://api.example/u/%s" % name)', SENT),
    ]


def test_a_value_that_is_stored_in_an_attribute():
    text = f"""{FLASK}
class Client:
    def __init__(self, who):
        self.who = who

    def show(self):
        return requests.get("https://api.example/u/" + self.who)

@app.get("/")
def show():
    return Client(request.args["name"]).show()
"""
    assert steps(linked({"/p.py": text})) == [
        ('request.args["name"]', f"{HERE} and is given here as `who`"),
        ("self.who", "is stored here in `who`"),
        ("self.who", PATH),
        ('requests.get("https://api.example/u/" + self.who)', SENT),
    ]


def test_a_value_that_a_function_returns():
    text = f"""{FLASK}
def wanted():
    return request.args["name"]

@app.get("/")
def show():
    return requests.get("https://api.example/u/" + wanted())
"""
    assert steps(linked({"/p.py": text})) == [
        ('request.args["name"]', HERE),
        ("wanted()", f"`wanted()` returns it here and {PATH}"),
        ('requests.get("https://api.example/u/" + wanted())', SENT),
    ]


def test_a_value_that_a_function_is_given_and_returns():
    text = f"""{FLASK}
def trimmed(text):
    return text.strip()

@app.get("/")
def show():
    name = trimmed(request.args["name"])
    return requests.get("https://api.example/u/" + name)
"""
    assert steps(linked({"/p.py": text}))[:3] == [
        ('request.args["name"]', f"{HERE} and is given here as `text`"),
        ('trimmed(request.args["name"])', "`trimmed()` returns it here"),
        ("name", PATH),
    ]


def test_the_items_of_a_list():
    text = f"""{FLASK}
@app.get("/")
def show():
    names = request.args.getlist("name")
    return requests.get("https://api.example/u/" + "/".join(sorted(names)))
"""
    assert steps(linked({"/p.py": text}))[:2] == [
        ('request.args.getlist("name")', HERE),
        ('"/".join(sorted(names))', PATH),
    ]


def test_a_parameter_of_a_route():
    text = f"""{FLASK}
@app.get("/<name>")
def show(name):
    return requests.get("https://api.example/u/" + name)
"""
    assert steps(linked({"/p.py": text}))[:2] == [
        ("name", "the value comes from a remote client (route parameter `name`)"),
        ("name", PATH),
    ]


def test_a_parameter_that_anybody_may_give():
    text = """
import requests

def show(name):
    return requests.get("https://api.example/u/" + name)
"""
    assert steps(linked({"/p.py": text}))[:2] == [
        ("name", "the value is whatever callers give as `name`"),
        ("name", PATH),
    ]


PACKAGE = {
    "/app/__init__.py": "",
    "/app/base.py": """
import requests

class Base:
    root = "https://api.example/v1"

    def call(self, method, path):
        return requests.request(method, self.root + path)

    def delete(self, path):
        return self.call("DELETE", path)
""",
    "/app/users.py": """
from app.base import Base

class Users(Base):
    kind = "users"

    def remove(self, name):
        return self.delete("/%s/%s" % (self.kind, name))
""",
    "/app/views.py": f"""{FLASK}
from app.users import Users

@app.post("/remove")
def remove():
    return Users().remove(request.args["name"])

@app.post("/remove/first")
def remove_first():
    return Users().remove(request.args.getlist("name")[0])
""",
}


@pytest.mark.parametrize("order", list(permutations(PACKAGE)))
def test_neither_trace_nor_witness_depends_on_the_order_of_files(order):
    program = linked({path: PACKAGE[path] for path in order})
    assert steps(program, "/app/users.py") == [
        ('request.args["name"]', f"{HERE} and is given here as `name`"),
        ("name", PATH),
        ('self.delete("/%s/%s" % (self.kind, name))', "the text is passed to `delete()`"),
        ('self.call("DELETE", path)', "the text is passed to `call()`"),
        ("requests.request(method, self.root + path)", SENT),
    ]
    (finding,) = program.findings("/app/users.py")
    assert finding.witness.before == "DELETE /v1/admin?x=1 to api.example"
    assert finding.witness.after == "DELETE /v1/users/..%2Fadmin%3Fx%3D1 to api.example"


def test_a_trace_moves_along_when_lines_are_added():
    program = linked(PACKAGE)
    before = steps(program, "/app/users.py")
    program.put("/app/views.py", SourceText("# a line\n" + PACKAGE["/app/views.py"]))
    assert steps(program, "/app/users.py") == before
