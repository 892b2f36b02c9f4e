"""A witness is true: the program, given the hostile value, sends that very request line.

Each small program is analysed, then run against a server that notes what it receives: with the
value of the witness as it is, and once more with the preferred fix in it.
"""

from functools import cache

import pytest
from loopback import Server

from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import apply
from batten.syntax.text import SourceText


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.close()


PROGRAMS = {
    "requests, over a wrapper with a base": """
import requests

class Client:
    def __init__(self, base="http://HOST/v1"):
        self.base = base
        self.session = requests.Session()

    def get(self, path, **more):
        return self.session.get("%s/%s" % (self.base, path), **more)

def run(name):
    return Client().get("users/%s/keys" % name)
""",
    "requests, a verb through two wrappers": """
import requests

HOST_URL = "http://HOST"

class Client:
    def send(self, method, path):
        return requests.request(method, HOST_URL + "/v2" + path)

    def delete(self, path):
        return self.send("DELETE", path)

def run(name):
    return Client().delete(f"/users/{name}")
""",
    "requests, a verb that one branch changes": """
import requests

def send(method, path):
    if method == "LIST":
        method = "GET"
    return requests.request(method, "http://HOST" + path)

def run(name):
    return send("POST", "/users/%s" % name)
""",
    "requests, one of two functions that are handed on": """
import requests

def send(path, function):
    return function("http://HOST" + path)

def run(name):
    return send("/users/%s" % name, requests.delete)

def version():
    return send("/version", requests.get)
""",
    "requests, a template that a dict holds, filled twice": """
import requests

class Client:
    def __init__(self):
        self.config = {}
        self.config["base"] = "http://HOST"
        self.config["user"] = "%(base)s/users/%%s/keys" % self.config

    def keys(self, name):
        return requests.get(self.config["user"] % name)

def run(name):
    return Client().keys(name)
""",
    "requests, a query that this caller does not ask for": """
import requests

class Client:
    def get(self, path, limit=None):
        if limit is not None:
            path = path + "?limit=%d" % limit
        return requests.get("http://HOST/v1/" + path)

    def states(self, name):
        return self.get("users/%s/states" % name)

def run(name):
    return Client().states(name)
""",
    "requests, a query": """
import requests

def run(name):
    return requests.put("http://HOST/users?name=%s&x=1" % name)
""",
    "requests, text as params": """
import requests

def run(name):
    return requests.get("http://HOST/users", params="name=%s" % name)
""",
    "requests, a name of a parameter": """
import requests

def run(name):
    return requests.get("http://HOST/users?" + name + "=1")
""",
    "requests, part of a segment": """
import requests

def run(name):
    return requests.post("http://HOST/labels/" + name + ".pdf")
""",
    "requests, a path from a helper": """
import requests

def path_of(name, version="v3"):
    return "/%s/users/%s" % (version, name)

def run(name):
    return requests.patch("http://HOST" + path_of(name))
""",
    "httpx, a client": """
import httpx

def run(name):
    with httpx.Client(trust_env=False) as client:
        return client.get(f"http://HOST/users/{name}/keys")
""",
    "httpx, a query": """
import httpx

def run(name):
    return httpx.get("http://HOST/users?name={}".format(name), trust_env=False)
""",
    "urllib3, a path": """
import urllib3

def run(name):
    return urllib3.PoolManager().request("GET", "http://HOST/users/%s" % name)
""",
    "urllib.request, a path": """
import urllib.request

def run(name):
    return urllib.request.urlopen("http://HOST/users/%s" % name).read()
""",
    "urllib.request, a query": """
import urllib.request

def run(name):
    return urllib.request.urlopen("http://HOST/users?name=" + name).read()
""",
    "http.client, a path": """
import http.client

def run(name):
    connection = http.client.HTTPConnection("HOST")
    connection.request("POST", "/users/%s" % name)
    return connection.getresponse().read()
""",
    "aiohttp, a path": """
import asyncio
import aiohttp

async def fetch(name):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://HOST/users/{name}/keys") as answer:
            return await answer.text()

def run(name):
    return asyncio.run(fetch(name))
""",
    "aiohttp, a query": """
import asyncio
import aiohttp

async def fetch(name):
    async with aiohttp.ClientSession() as session:
        async with session.delete("http://HOST/users?name=" + name) as answer:
            return await answer.text()

def run(name):
    return asyncio.run(fetch(name))
""",
    "keystoneauth1, a relative path": """
from keystoneauth1 import adapter, noauth, session

class Report:
    def __init__(self):
        sender = session.Session(auth=noauth.NoAuth())
        self._client = adapter.Adapter(sender, endpoint_override="http://HOST")

    def put(self, url):
        return self._client.put(url, raise_exc=False)

def run(name):
    return Report().put("/traits/" + name)
""",
    "requests, slashes taken out": """
import requests

def run(name):
    return requests.get("http://HOST/users/" + name.replace("/", "_"))
""",
    "requests, all that ends a segment taken out": """
import requests

def run(name):
    bare = name.replace("/", "").replace("?", "").replace("#", "")
    return requests.get(f"http://HOST/users/{bare}")
""",
    "requests, a path in capitals": """
import requests

def run(name):
    return requests.get("http://HOST/users/%s" % name.strip().upper())
""",
    "requests, a query without a second parameter": """
import requests

def run(name):
    return requests.get("http://HOST/users?name=" + name.replace("&", "%26"))
""",
    "requests, in quotes": """
import requests

def run(name):
    return requests.get(f"http://HOST/users/{name!r}")
""",
}


@cache
def models():
    return load()


def analysed(text):
    program = Program(models())
    program.put("/p.py", SourceText(text))
    (finding,) = program.findings("/p.py")
    return program, finding


def requested(server, text, value):
    """Run a program with a value; return the line that the server received."""
    server.lines.clear()
    names = {"__name__": "program"}
    exec(compile(text, "program", "exec"), names)
    names["run"](value)
    return server.lines[0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_witness_is_what_the_program_sends(server, name, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    text = PROGRAMS[name].replace("HOST/", f"{server.host}/").replace('HOST"', f'{server.host}"')
    program, finding = analysed(text)
    witness = finding.witness
    assert told(witness.before, server) == requested(server, text, witness.value)
    fix = program.fixes(finding)[0]
    assert fix.preferred
    fixed = apply(program.source("/p.py"), fix.edits).data.decode()
    assert told(witness.after, server) == requested(server, fixed, witness.value)


def told(line, server):
    """Return the request line of a witness, which names the host wherever it is known."""
    request, _, host = line.partition(" to ")
    assert host in ("", server.host)
    return request
