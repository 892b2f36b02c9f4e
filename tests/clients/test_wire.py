"""The wire profiles of clients are true: each really sends the line that its profile tells."""

import asyncio
import contextlib
import http.client
import urllib.request

import aiohttp
import httpx
import pytest
import requests
import urllib3
from keystoneauth1 import adapter, noauth, session
from loopback import Server

from batten.grammars.wire import request_line

VALUES = [
    "a/b", "a?x=1", "a#f", "..", "../../secret", "../admin?x=1", "x/../admin?x=1", "a/./b", "a//b",
    "%2e%2e", "..%2f..%2fsecret", "..%2Fadmin%3Fx%3D1", "a%26limit%3D0", "a%41b", "100%",
    "a&limit=0", "a;b", "a=b", "a+b", "a b", "\u00e9", "a\r\nX: y", "a\\b", "", "a~b",
    "[x]", "a'b", 'a"b', "a|b", "<x>", "a^b`c", "a@b:c,d", "a!$*", "in:x",
]  # fmt: skip
TEMPLATES = ["/items/{}/details", "/items/{}", "/items?name={}&x=1"]


def with_aiohttp(base, path):
    async def get():
        async with aiohttp.ClientSession() as client, client.get(base + path) as answer:
            await answer.text()

    asyncio.run(get())


def with_http_client(base, path):
    connection = http.client.HTTPConnection(base.removeprefix("http://"))
    connection.request("GET", path)
    connection.getresponse().read()


def with_httpx(base, path):
    httpx.get(base + path, trust_env=False)


def with_keystoneauth1(base, path):
    sender = session.Session(auth=noauth.NoAuth())
    adapter.Adapter(sender, endpoint_override=base).get(path)


def with_requests(base, path):
    requests.get(base + path)


def with_urllib(base, path):
    urllib.request.urlopen(base + path).read()


def with_urllib3(base, path):
    urllib3.PoolManager().request("GET", base + path, retries=False)


SENDERS = {
    "aiohttp": with_aiohttp,
    "http.client": with_http_client,
    "httpx": with_httpx,
    "keystoneauth1": with_keystoneauth1,
    "requests": with_requests,
    "urllib": with_urllib,
    "urllib3": with_urllib3,
}


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.close()


@pytest.mark.parametrize("client", SENDERS)
def test_a_client_sends_what_its_profile_tells(server, client, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    wrong = {}
    for path in (template.format(value) for template in TEMPLATES for value in VALUES):
        server.lines.clear()
        told = request_line(client, "GET", f"http://{server.host}{path}").partition(" to ")[0]
        with contextlib.suppress(OSError, ValueError, http.client.InvalidURL, httpx.InvalidURL):
            SENDERS[client](f"http://{server.host}", path)
        received = server.lines[0] if server.lines else "nothing: refused"
        same = told.startswith("nothing") if not server.lines else told == received
        if not same:
            wrong[path] = (told, received)
    assert not wrong
