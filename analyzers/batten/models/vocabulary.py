"""The words that model files may use for things of other floors.

The floors that give them their meaning stand higher (`batten.grammars`), so the words are
listed here, and a test holds the two together.
"""

from __future__ import annotations

STARTS = {"url": ("start", "host", "path", "reference", "query", "query value")}
"""For each grammar the places where the text of a sink can begin; the first is the default."""

CLIENTS = (
    "unknown",
    # clients
    "aiohttp",
    "asks",
    "botocore",
    "browser",
    "curl_cffi",
    "geventhttpclient",
    "http.client",
    "httplib2",
    "httpx",
    "keystoneauth1",
    "niquests",
    "pycurl",
    "requests",
    "requests-toolbelt",
    "tornado",
    "treq",
    "urllib",
    "urllib3",
    "urllib3-pool",
    "websocket-client",
    "websockets",
    # what an application sends back, and what its tests send
    "aiohttp.web",
    "bottle",
    "django",
    "falcon",
    "flask",
    "pyramid",
    "sanic",
    "starlette",
    "tornado.web",
    "webob",
    "test-client",
)
"""The wire profiles, which tell what really is sent."""
