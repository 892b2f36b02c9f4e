"""The clients that send what is proven: how code calls them, and what it calls them with."""

from __future__ import annotations

import asyncio
import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import requests
import urllib3
from keystoneauth1.adapter import Adapter
from keystoneauth1.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Client:
    """`call` sends `{url}` through `client`, which is annotated as `type` of `module`.

    `base` tells whether URLs begin with the server's address.
    """

    module: str
    type: str
    call: str
    base: bool = True
    is_async: bool = False


CLIENTS = {
    "requests": Client("requests", "requests.Session", "client.get({url})"),
    "httpx": Client("httpx", "httpx.Client", "client.get({url})"),
    "aiohttp": Client("aiohttp", "aiohttp.ClientSession", "await client.get({url})", is_async=True),
    "urllib3": Client("urllib3", "urllib3.PoolManager", 'client.request("GET", {url})'),
    "urllib.request": Client("urllib.request", "object", "urllib.request.urlopen({url})"),
    "http.client": Client(
        "http.client",
        "http.client.HTTPConnection",
        'client.request("GET", {url}); client.getresponse().read()',
        base=False,
    ),
    "keystoneauth1": Client(
        "keystoneauth1.adapter",
        "keystoneauth1.adapter.Adapter",
        "client.get({url}, authenticated=False)",
    ),
}


class Objects:
    """One object of each client, for one server."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._aiohttp = self._loop.run_until_complete(_session())
        direct = requests.Session()
        direct.trust_env = False
        self._objects: dict[str, Any] = {
            "requests": direct,
            "httpx": httpx.Client(trust_env=False),
            "aiohttp": self._aiohttp,
            "urllib3": urllib3.PoolManager(),
            "urllib.request": None,
            "http.client": http.client.HTTPConnection("127.0.0.1", port),
            "keystoneauth1": Adapter(Session(session=direct)),
        }

    def run(self, name: str, send: Callable[..., Any], *arguments: object) -> None:
        """Call what was written for a client."""
        result = send(self._objects[name], *arguments)
        if asyncio.iscoroutine(result):
            self._loop.run_until_complete(result)

    def close(self) -> None:
        """Close what is open."""
        self._loop.run_until_complete(self._aiohttp.close())
        self._loop.close()
        for name in ("requests", "httpx", "http.client"):
            self._objects[name].close()
        self._objects["urllib3"].clear()


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()
