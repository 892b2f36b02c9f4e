"""What each client really sends, as measured: client, URL, request line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.grammars.wire import clients, keeps_line_ends, request_line, walks_dots

EVERY_CLIENT_WITH_A_URL = [
    "aiohttp", "asks", "curl_cffi", "httplib2", "httpx", "keystoneauth1", "niquests", "pycurl",
    "requests", "requests-toolbelt", "tornado", "treq", "urllib", "urllib3", "urllib3-pool",
    "websocket-client", "websockets",
]  # fmt: skip
WALKS_DOTS = {
    "aiohttp", "curl_cffi", "httpx", "keystoneauth1", "pycurl", "requests", "requests-toolbelt",
    "urllib3", "browser",
}  # fmt: skip


@pytest.mark.parametrize("client", EVERY_CLIENT_WITH_A_URL)
@pytest.mark.parametrize("sent", ["/i/a/b", "/i//evil", "/i/a?x=1", "/i/a;b", "/i?n=a&admin=1"])
def test_every_client_sends_raw_delimiters_as_they_are(client, sent):
    assert request_line(client, "GET", sent) == f"GET {sent}"


@pytest.mark.parametrize("client", EVERY_CLIENT_WITH_A_URL)
def test_no_client_takes_off_the_encoding_of_delimiters(client):
    path = "/i/a%2Fb%3Fc%23d%25e%5Cf%2B"
    if client == "aiohttp":
        assert (
            request_line(client, "GET", "/i/a%2Fb%3Fc%23d%25e%5Cf")
            == "GET /i/a%2Fb%3Fc%23d%25e%5Cf"
        )
    else:
        assert request_line(client, "GET", path) == f"GET {path}"
    query = "/i?n=a%26b%23c%25d%2Be%3Df%3B"
    assert request_line(client, "GET", query) == f"GET {query}"


@pytest.mark.parametrize("client", sorted({*EVERY_CLIENT_WITH_A_URL, "http.client", "browser"}))
def test_some_clients_walk_dot_segments(client):
    walked = "GET /secret/d" if client in WALKS_DOTS else "GET /i/../../secret/d"
    assert request_line(client, "GET", "/i/../../secret/d") == walked
    assert walks_dots(client) is (client in WALKS_DOTS)


@pytest.mark.parametrize(
    ("client", "url", "sent"),
    [
        # encoded dots: walked, decoded or kept
        ("aiohttp", "/i/%2e%2E/d", "/d"),
        ("pycurl", "/i/%2e%2e/d", "/d"),
        ("browser", "/i/%2e%2e/d", "/d"),
        ("requests", "/i/%2e%2e/d", "/i/../d"),
        ("niquests", "/i/%2e%2e/d", "/i/../d"),
        ("httpx", "/i/%2e%2e/d", "/i/%2e%2e/d"),
        ("urllib3", "/i/%2e%2e/d", "/i/%2E%2E/d"),
        # a placeholder for a path has several segments
        ("requests", "/i/{api_path}/../d", "/i/{api_path}/../d"),
        ("requests", "/i/{name}/../d", "/i/d"),
        # a last dot segment leaves a slash
        ("requests", "/i/x/..", "/i/"),
        ("requests", "/i/.", "/i/"),
        ("requests", "/i/./x/../d", "/i/d"),
        # the fragment stays at home, except with http.client
        ("requests", "/i/a#frag?x=1", "/i/a"),
        ("http.client", "/i/a#frag", "/i/a#frag"),
        # blanks
        ("requests", "/i/a b?c d", "/i/a%20b?c%20d"),
        ("tornado", "/i/a b", "/i/a b"),
        ("websockets", "/i/a b", "/i/a b"),
        # line ends
        ("requests", "/i/a\r\nb", "/i/a%0D%0Ab"),
        ("aiohttp", "/i/a\r\nb", "/i/ab"),
        ("httplib2", "/i/a\r\nb", "/i/ab"),
        # other characters
        ("requests", "/i/é", "/i/%C3%A9"),
        ("websocket-client", "/i/é", "/i/é"),
        ("requests", "/i/a\\b", "/i/a%5Cb"),
        ("httpx", "/i/a\\b", "/i/a\\b"),
        ("browser", "/i/a\\b", "/i/a/b"),
        ("requests", "/i/100%", "/i/100%25"),
        ("httpx", "/i/100%", "/i/100%"),
        ("requests", "/i/a%41%26", "/i/aA%26"),
        ("aiohttp", "/i/a%41%26", "/i/aA&"),
        ("aiohttp", "/i?n=%26%2F%3A", "/i?n=%26/:"),
        ("httpx", "/i/a%41", "/i/a%41"),
        # an unknown base stays readable, and steps above it are not swallowed
        ("requests", "{base}/i/../admin?x=1/d", "{base}/admin?x=1/d"),
        ("requests", "{base}/../../admin", "{base}/../../admin"),
        ("requests", "{self.url}i/{uuid}", "{self.url}i/{uuid}"),
        ("requests", "{base}", "{base}"),
        ("requests", "i/../x", "x"),
        ("requests", "../x", "../x"),
        ("requests", "", ""),
    ],
)
def test_what_is_requested(client, url, sent):
    assert request_line(client, "GET", url) == f"GET {sent}"


@pytest.mark.parametrize(
    ("client", "url", "line"),
    [
        ("requests", "https://api.example.com/i?a=b", "GET /i?a=b to api.example.com"),
        ("requests", "https://api.example.com?a=b", "GET /?a=b to api.example.com"),
        ("requests", "http://h:8080", "GET / to h:8080"),
        ("requests", "https://{host}/i", "GET /i to {host}"),
        ("requests", "{scheme}://h/i", "GET /i to h"),
        ("requests", "http://api.evil.example//items", "GET //items to api.evil.example"),
        ("requests", "http://api@evil.example/i", "GET /i to evil.example"),
        ("httpx", "http://h:80@evil.example//i", "GET //i to evil.example"),
        ("urllib", "http://api@evil.example/i", "GET /i to api@evil.example"),
        ("httplib2", "http://api@evil.example/i", "GET /i to api@evil.example"),
        ("requests", "http://evil#.example/i", "GET / to evil"),
        ("requests", "http://evil?.example/i", "GET /?.example/i to evil"),
        ("requests", "{base}@evil.example/i", "GET /i to evil.example"),
        ("requests", "{base}/@evil.example/i", "GET {base}/@evil.example/i"),
    ],
)
def test_where_the_request_goes_when_the_url_names_the_host(client, url, line):
    assert request_line(client, "GET", url) == line


@pytest.mark.parametrize(
    ("client", "url", "why"),
    [
        ("http.client", "/a b", "a space"),
        ("urllib", "http://h/a b", "a space"),
        ("pycurl", "http://h/é", "a non ascii character"),
        ("httpx", "/a\r\nb", "a line end"),
        ("websockets", "ws://h/a#b", "a fragment"),
    ],
)
def test_a_client_may_refuse_the_url(client, url, why):
    assert request_line(client, "GET", url) == f"nothing: {client} refuses {why}"


@pytest.mark.parametrize(
    ("framework", "url", "location"),
    [
        ("flask", "//evil.example/", "//evil.example/"),
        ("flask", "/\\evil", "/%5Cevil"),
        ("flask", "/a b#é", "/a%20b#%C3%A9"),
        ("django", "/a\r\nb", "/a%0D%0Ab"),
        ("aiohttp.web", "/a\r\nb", "/ab"),
        ("tornado.web", "/\\evil é", "/\\evil é"),
        ("falcon", "/a\r\nX: y", "/a\r\nX: y"),
        ("webob", "//evil.example", "/%2Fevil.example"),
        ("starlette", "/a/../b?n=a&limit=0", "/a/../b?n=a&limit=0"),
    ],
)
def test_a_redirect_is_a_location_line(framework, url, location):
    assert request_line(framework, "GET", url) == f"Location: {location}"


def test_only_one_framework_passes_line_ends_on():
    assert [client for client in clients() if keeps_line_ends(client)] == ["falcon"]


def test_a_client_without_profile_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'reqests'; known are unknown, aiohttp"):
        request_line("reqests", "GET", "/")


@given(st.sampled_from(clients()), st.text() | st.text(alphabet="/.%2eE:@?#{}a \n\\", max_size=40))
def test_every_url_has_a_line(client, url):
    assert request_line(client, "GET", url)


@given(
    st.sampled_from(clients()),
    st.from_regex(r"/[a-z0-9._~-]{1,9}\?[a-z]=[a-z0-9_~-]{1,9}", fullmatch=True),
)
def test_unreserved_text_is_sent_as_it_is(client, url):
    if "/.?" in url or "/..?" in url:
        return
    assert request_line(client, "GET", url).endswith(url)
