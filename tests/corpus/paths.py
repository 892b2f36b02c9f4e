"""Values in the path."""

from __future__ import annotations

from twin import Relation, Twin

KEPT_SLASHES = "a slash is escaped, too: the value is one segment; keeping it is offered as well"

PATHS = [
    Twin(
        "PyGithub/PyGithub#1976",
        "the name of a branch",
        before="""\
import requests


class Repository:
    url = "{base}/repos/o/r"

    def branch(self, branch: str):
        return requests.get(f"{self.url}/branches/{branch}")
""",
        accepted="""\
from urllib.parse import quote

import requests


class Repository:
    url = "{base}/repos/o/r"

    def branch(self, branch: str):
        return requests.get(f"{self.url}/branches/{quote(branch)}")
""",
        call="Repository().branch(value)",
        relation=Relation.EQUAL,
        why=KEPT_SLASHES,
        apart=("a/b", "../b"),
    ),
    Twin(
        "PyGithub/PyGithub#1976",
        "a label between two literals",
        before="""\
import urllib.parse

import requests


class Issue:
    url = "{base}/repos/o/r/issues/3"

    def unlabel(self, label: str):
        return requests.delete(f"{self.url}/labels/{label}/events")
""",
        accepted="""\
import urllib.parse

import requests


class Issue:
    url = "{base}/repos/o/r/issues/3"

    def unlabel(self, label: str):
        return requests.delete(f"{self.url}/labels/{urllib.parse.quote(label, safe='')}/events")
""",
        call="Issue().unlabel(value)",
    ),
    Twin(
        "PyGithub/PyGithub#1976",
        "a value beside an asserted number, which is left alone",
        before="""\
import requests


def reaction(number, content: str):
    assert isinstance(number, int)
    return requests.get("{base}/comments/%d/reactions/%s" % (number, content))
""",
        accepted="""\
from urllib.parse import quote

import requests


def reaction(number, content: str):
    assert isinstance(number, int)
    return requests.get("{base}/comments/%d/reactions/%s" % (number, quote(content, safe="")))
""",
        call="reaction(7, value)",
    ),
    Twin(
        "PyGithub/PyGithub#614",
        "the path of a file, whose slashes are meant",
        before="""\
import requests

ROOT = "{base}/repos/o/r"


def contents(path: str):
    return requests.get(ROOT + "/contents/" + path)
""",
        accepted="""\
from urllib.parse import quote

import requests

ROOT = "{base}/repos/o/r"


def contents(path: str):
    return requests.get(ROOT + "/contents/" + quote(path))
""",
        call="contents(value)",
        relation=Relation.SAME,
    ),
    Twin(
        "python-gitlab/python-gitlab#1819",
        "a project and a tag",
        before="""\
import requests


class Releases:
    def __init__(self, project: str):
        self.path = "{base}/projects/%s/releases" % project

    def get(self, tag: str):
        return requests.get("%s/%s" % (self.path, tag))
""",
        accepted="""\
from urllib.parse import quote

import requests


class Releases:
    def __init__(self, project: str):
        self.path = "{base}/projects/%s/releases" % quote(project, safe="")

    def get(self, tag: str):
        return requests.get("%s/%s" % (self.path, quote(tag, safe="")))
""",
        call="Releases(value).get(value)",
    ),
    Twin(
        "python-gitlab/python-gitlab#1816",
        "only the slashes were replaced",
        before="""\
import requests


def raw(file_name: str, ref):
    name = file_name.replace("/", "%2F")
    return requests.get("{base}/files/" + name + "/raw")
""",
        accepted="""\
from urllib.parse import quote

import requests


def raw(file_name: str, ref):
    name = quote(file_name, safe="")
    return requests.get("{base}/files/" + name + "/raw")
""",
        call="raw(value, None)",
    ),
    Twin(
        "matrix-org/synapse#3082",
        "ids of events, which begin with a dollar and may hold anything",
        before='''\
import requests

PREFIX = "{base}/federation/v1"


def get_event(event_id: str):
    """Fetch an event.

    :param event_id: the id, any text of the other server
    """
    path = PREFIX + "/event/%s/" % (event_id,)
    return requests.get(path)
''',
        accepted='''\
from urllib.parse import quote

import requests

PREFIX = "{base}/federation/v1"


def get_event(event_id: str):
    """Fetch an event.

    :param event_id: the id, any text of the other server
    """
    path = PREFIX + "/event/%s/" % (quote(event_id, safe=""),)
    return requests.get(path)
''',
        call="get_event(value)",
    ),
    Twin(
        "matrix-org/synapse#3082",
        "two of them in one path",
        before="""\
import requests

PREFIX = "{base}/federation/v1"


def send_join(room: str, event: str):
    path = PREFIX + "/send_join/%s/%s" % (room, event)
    return requests.put(url=path)
""",
        accepted="""\
from urllib.parse import quote

import requests

PREFIX = "{base}/federation/v1"


def send_join(room: str, event: str):
    path = PREFIX + "/send_join/%s/%s" % (quote(room, safe=""), quote(event, safe=""))
    return requests.put(url=path)
""",
        call="send_join('r', value)",
    ),
    Twin(
        "matrix-org/synapse#14490",
        "quote() that keeps slashes",
        before="""\
from urllib.parse import quote

import requests


def profile(user: str):
    return requests.get("{base}/profile/" + quote(user) + "/displayname")
""",
        accepted="""\
from urllib.parse import quote

import requests


def profile(user: str):
    return requests.get("{base}/profile/" + quote(user, safe="") + "/displayname")
""",
        call="profile(value)",
    ),
    Twin(
        "ansible/eda-server#1098",
        "quote() that keeps slashes, from a module of its own name",
        before="""\
import urllib.parse

import requests


def image(name: str):
    quoted = urllib.parse.quote(name)
    return requests.get(f"{base}/images/{quoted}/tags")
""",
        accepted="""\
import urllib.parse

import requests


def image(name: str):
    quoted = urllib.parse.quote(name, safe="")
    return requests.get(f"{base}/images/{quoted}/tags")
""",
        call="image(value)",
    ),
    Twin(
        "PrefectHQ/fastmcp#3507",
        "a parameter of a path, of any type",
        before="""\
import httpx


def call(client: httpx.Client, tool, value):
    url = "{base}/tools/{tool}/runs/{value}".format(tool=tool.number, value=value)
    return client.get(url)
""",
        accepted="""\
from urllib.parse import quote

import httpx


def call(client: httpx.Client, tool, value):
    url = "{base}/tools/{tool}/runs/{value}".format(
        tool=quote(str(tool.number), safe=""), value=quote(str(value), safe="")
    )
    return client.get(url)
""",
        call="call(httpx.Client(trust_env=False), type('T', (), {'number': 5}), value)",
        relation=Relation.EQUAL,
        why="only the layout differs",
    ),
    Twin(
        "google/adk-python#6676",
        "arguments that a model chose, by their names",
        before="""\
import requests

PATH = "{base}/files/%(name)s/versions"


def run(args):
    name = args["name"]
    return requests.get(PATH % {"name": name})
""",
        accepted="""\
from urllib.parse import quote

import requests

PATH = "{base}/files/%(name)s/versions"


def run(args):
    name = args["name"]
    return requests.get(PATH % {"name": quote(str(name), safe="")})
""",
        call="run({'name': value})",
    ),
    Twin(
        "workos/workos-python#726",
        "templates filled by format, through a helper",
        before='''\
import requests


class Users:
    def _request(self, path, method="get"):
        return requests.request(method, "{base}/" + path)

    def get_user(self, user_id: str):
        """Get a user.

        :param user_id: an id, or a name in the directory
        """
        return self._request("user_management/users/{0}".format(user_id))
''',
        accepted='''\
from urllib.parse import quote

import requests


class Users:
    def _request(self, path, method="get"):
        return requests.request(method, "{base}/" + path)

    def get_user(self, user_id: str):
        """Get a user.

        :param user_id: an id, or a name in the directory
        """
        return self._request("user_management/users/{0}".format(quote(user_id, safe="")))
''',
        call="Users().get_user(value)",
    ),
    Twin(
        "verda-cloud/sdk-python#96",
        "an endpoint and what follows",
        before="""\
import requests

ENDPOINT = "/instances"


class Client:
    def get(self, url):
        return requests.get("{base}" + url, timeout=5)


def by_name(client: Client, name: str):
    return client.get(ENDPOINT + f"/{name}")
""",
        accepted="""\
from urllib.parse import quote

import requests

ENDPOINT = "/instances"


class Client:
    def get(self, url):
        return requests.get("{base}" + url, timeout=5)


def by_name(client: Client, name: str):
    return client.get(ENDPOINT + f"/{quote(name, safe='')}")
""",
        call="by_name(Client(), value)",
    ),
    Twin(
        "python-discord/sir-lancebot#804",
        "a user name that somebody typed in a chat",
        before="""\
import aiohttp

API = "{base}"


async def user(username: str):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{API}/users/{username}") as response:
            return await response.read()
""",
        accepted="""\
from urllib.parse import quote_plus

import aiohttp

API = "{base}"


async def user(username: str):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{API}/users/{quote_plus(username)}") as response:
            return await response.read()
""",
        call="user(value)",
        relation=Relation.EQUAL,
        why="in a path quote_plus() makes a plus of a blank, which is another name",
        apart=("a b",),
    ),
    Twin(
        "apache/tooling-trusted-releases#765",
        "templates in a table",
        before="""\
import requests

PLATFORMS = {
    "npm": "{base}/npm/{package}/{version}",
    "pypi": "{base}/pypi/{package}/{version}/json",
}


def release(platform: str, package: str, version: str):
    url = PLATFORMS["pypi"].format(package=package, version=version)
    return requests.get(url)
""",
        accepted="""\
from urllib.parse import quote

import requests

PLATFORMS = {
    "npm": "{base}/npm/{package}/{version}",
    "pypi": "{base}/pypi/{package}/{version}/json",
}


def release(platform: str, package: str, version: str):
    url = PLATFORMS["pypi"].format(package=quote(package, safe=""), version=quote(version, safe=""))
    return requests.get(url)
""",
        call="release('pypi', value, '1.0')",
    ),
    Twin(
        "zebrafishlabs/fastly-python#21",
        "a name behind a number",
        before="""\
import http.client


class Api:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def acl(self, version: int, name: str):
        self.connection.request("GET", "/version/%d/acl/%s" % (version, name))
        return self.connection.getresponse().read()
""",
        accepted="""\
import http.client
from urllib.parse import quote


class Api:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def acl(self, version: int, name: str):
        self.connection.request("GET", "/version/%d/acl/%s" % (version, quote(name, safe="")))
        return self.connection.getresponse().read()
""",
        call="Api('{base}'[7:]).acl(3, value)",
    ),
    Twin(
        "Scottcjn/bottube#1143",
        "each value where it goes in, not the whole path in the helper",
        before="""\
import requests


class BoTTube:
    base = "{base}"

    def _request(self, method, path, **kwargs):
        return requests.request(method, f"{self.base}{path}", **kwargs)

    def comment(self, video, text):
        path = f"/api/videos/{video}/comment"
        return self._request("POST", path, json={"text": text})
""",
        accepted="""\
from urllib.parse import quote

import requests


class BoTTube:
    base = "{base}"

    def _request(self, method, path, **kwargs):
        return requests.request(method, f"{self.base}{path}", **kwargs)

    def comment(self, video, text):
        path = f"/api/videos/{quote(str(video), safe='')}/comment"
        return self._request("POST", path, json={"text": text})
""",
        call="BoTTube().comment(value, 'hello')",
    ),
    Twin(
        "langchain-ai/langgraph#7893",
        "ids that callers choose",
        before="""\
import httpx


class Threads:
    def __init__(self):
        self.http = httpx.AsyncClient(base_url="{base}", trust_env=False)

    async def state(self, thread: str, point: str):
        url = f"/threads/{thread}/state/{point}"
        return await self.http.get(url)
""",
        accepted="""\
from urllib.parse import quote

import httpx


class Threads:
    def __init__(self):
        self.http = httpx.AsyncClient(base_url="{base}", trust_env=False)

    async def state(self, thread: str, point: str):
        url = f"/threads/{quote(thread, safe='')}/state/{quote(point, safe='')}"
        return await self.http.get(url)
""",
        call="Threads().state('t', value)",
    ),
]
