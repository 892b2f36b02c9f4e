"""Values, names and whole lists in the query."""

from __future__ import annotations

from twin import Relation, Twin

IN_PLACE = "escaping in place keeps the order and the literals; params= is offered beside it"

QUERIES = [
    Twin(
        "python-discord/sir-lancebot#804",
        "a long template with the search text at its end",
        before="""\
import aiohttp

SEARCH = (
    "{base}/w/api.php?action=query&list=search&"
    "format=json&srlimit={number}&srsearch={text}"
)


async def search(text: str):
    url = SEARCH.format(number=10, text=text)
    async with aiohttp.ClientSession() as session:
        async with session.get(url=url) as response:
            return await response.read()
""",
        accepted="""\
import aiohttp

SEARCH = "{base}/w/api.php"
PARAMS = {"action": "query", "list": "search", "format": "json", "srlimit": "10"}


async def search(text: str):
    params = PARAMS | {"srsearch": text}
    async with aiohttp.ClientSession() as session:
        async with session.get(url=SEARCH, params=params) as response:
            return await response.read()
""",
        call="search(value)",
        relation=Relation.EQUAL,
        why="the template is a constant that others may read: it is left as it is",
    ),
    Twin(
        "kaifcodec/user-scanner#602",
        "name and value are variables",
        before="""\
import httpx

BASE = "{base}"


def look_up(param: str, target: str):
    url = f"{BASE}/search?{param}={target}"
    return httpx.get(url, trust_env=False)
""",
        accepted="""\
import httpx

BASE = "{base}"


def look_up(param: str, target: str):
    url = f"{BASE}/search"
    return httpx.get(url, params={param: target}, trust_env=False)
""",
        call="look_up(value, value)",
        relation=Relation.EQUAL,
        why="a name that is a variable stays where it is",
    ),
    Twin(
        "kaifcodec/user-scanner#604",
        "one user name",
        before="""\
import httpx


def profile(user: str):
    return httpx.get(f"{base}/web_profile_info/?username={user}", trust_env=False)
""",
        accepted="""\
import httpx


def profile(user: str):
    return httpx.get(f"{base}/web_profile_info/", params={"username": user}, trust_env=False)
""",
        call="profile(value)",
        relation=Relation.OFFERED,
        why=IN_PLACE,
    ),
    Twin(
        "kaifcodec/user-scanner#604",
        "a fixed parameter behind it",
        before="""\
import httpx


def exists(user: str):
    url = "{base}/users?name=" + user + "&limit=1"
    response = httpx.get(url, trust_env=False)
    return response.status_code == 200
""",
        accepted="""\
import httpx


def exists(user: str):
    url = "{base}/users"
    response = httpx.get(url, params={"name": user, "limit": "1"}, trust_env=False)
    return response.status_code == 200
""",
        call="exists(value)",
        relation=Relation.OFFERED,
        why=IN_PLACE,
    ),
    Twin(
        "kaifcodec/user-scanner#604",
        "a wrapper that takes params",
        before="""\
import httpx


def make_request(url, **kwargs):
    return httpx.get("{base}" + url, trust_env=False, **kwargs)


def check(email: str):
    return make_request("/check?email=%s" % email, headers={"a": "b"})
""",
        accepted="""\
import httpx


def make_request(url, **kwargs):
    return httpx.get("{base}" + url, trust_env=False, **kwargs)


def check(email: str):
    return make_request("/check", params={"email": email}, headers={"a": "b"})
""",
        call="check(value)",
        relation=Relation.OFFERED,
        why=IN_PLACE,
    ),
    Twin(
        "LaurieWired/GhidraMCP#14",
        "all parameters of a dict",
        before="""\
import requests


def safe_get(endpoint, params):
    query = "&".join([f"{k}={v}" for k, v in params.items()])
    url = "{base}/search"
    if query:
        url += "?" + query
    return requests.get(url, timeout=5)
""",
        accepted="""\
import requests


def safe_get(endpoint, params):
    url = "{base}/search"
    return requests.get(url, params=params, timeout=5)
""",
        call="safe_get('search', {'q': value, 'limit': 5})",
        relation=Relation.EQUAL,
        why="the dict comes from callers, and more than one statement would go",
    ),
    Twin(
        "zenoss/ZenPacks.zenoss.OpenStackInfrastructure#450",
        "values of a dict that are put in by their names",
        before="""\
import requests


def servers(tenant: str, marker: str):
    values = {"tenant": tenant, "marker": marker}
    return requests.get("{base}/%(tenant)s/servers?marker=%(marker)s" % values)
""",
        accepted="""\
from urllib.parse import quote

import requests


def servers(tenant: str, marker: str):
    values = {"tenant": quote(tenant, safe=""), "marker": quote(marker, safe="")}
    return requests.get("{base}/%(tenant)s/servers?marker=%(marker)s" % values)
""",
        call="servers('t', value)",
    ),
    Twin(
        "python-discord/sir-lancebot#804, issue 801",
        "a search that somebody can widen",
        before="""\
import requests


def search(text):
    return requests.get("{base}/w?srsearch=%s&srlimit=5" % text)
""",
        accepted="""\
import requests


def search(text):
    return requests.get("{base}/w", params={"srsearch": text, "srlimit": "5"})
""",
        call="search(value)",
        relation=Relation.OFFERED,
        why=IN_PLACE,
    ),
]
