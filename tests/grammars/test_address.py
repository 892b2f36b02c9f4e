"""What the text of an address says in front of its path."""

from __future__ import annotations

import pytest

from batten.grammars.address import Address, address, begins_address, is_public


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://api.shop.com/x", Address("http", None, None, "api.shop.com")),
        ("HTTPS://api.shop.com", Address("https", None, None, "api.shop.com")),
        ("ws://user@shop.com:80/", Address("ws", "user", None, "shop.com")),
        ("https://user:secret@shop.com?x", Address("https", "user", "secret", "shop.com")),
        ("http://[::1]:80/", Address("http", None, None, "[::1]")),
        ("http://{host}/x", Address("http", None, None, "{host}")),
        ("http://shop.com/a:b@c", Address("http", None, None, "shop.com")),
        ("http://", Address("http", None, None, "")),
        ("ftp://shop.com/", None),
        ("/x", None),
    ],
)
def test_the_parts_of_an_address(text: str, expected: Address | None) -> None:
    assert address(text) == expected
    assert begins_address(text) is (expected is not None)


@pytest.mark.parametrize(
    "host", ["shop.com", "api.shop.co.uk.", "8.8.8.8", "[2606:4700:4700::1111]", "test.shop.com"]
)
def test_hosts_on_the_internet(host: str) -> None:
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "database",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "[fe80::1%25eth0]",
        "203.0.113.7",
        "shop.test",
        "a.b.example",
        "www.example.com",
        "EXAMPLE.ORG",
        "printer.local",
        "db.corp.internal",
        "router.home.arpa",
        "{host}",
        "{name}.shop.com",
        "%s.shop.com",
    ],
)
def test_hosts_that_are_near_or_reserved_or_not_known(host: str) -> None:
    assert not is_public(host)
