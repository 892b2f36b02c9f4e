"""What the text of an address says in front of its path: scheme, user, password and host.

The text may hold placeholders such as `{host}` for what is not known. A part with one in it is
not known.
"""

from __future__ import annotations

import ipaddress
import re

from batten.values.immutable import immutable

_ADDRESS = re.compile(
    r"(?P<scheme>https?|wss?)://(?:(?P<user>[^/?#@:]*)(?::(?P<password>[^/?#@]*))?@)?"
    r"(?P<host>\[[^\]/?#]*\]|[^/?#:@]*)",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"(?:https?|wss?)://", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\.?")
# RFC 2606, RFC 6761, RFC 6762 and RFC 8375; `internal` is reserved by ICANN.
_RESERVED = re.compile(
    r"(?:^|\.)(?:test|example|invalid|localhost|local|internal|home\.arpa|example\.(?:com|net|org))$"
)


@immutable
class Address:
    """The parts of an address; `user` and `password` are None where there is no such part."""

    scheme: str
    user: str | None
    password: str | None
    host: str


def begins_address(text: str) -> bool:
    """Tell whether a text begins like the address of a web server or a websocket."""
    # Every literal is asked, and hardly one has these marks there.
    return text.find("://", 2, 8) > 0 and _BEGINNING.match(text) is not None


def address(text: str) -> Address | None:
    """Return the parts of the address that a text begins with, or None."""
    found = _ADDRESS.match(text)
    if found is None:
        return None
    return Address(found["scheme"].lower(), found["user"], found["password"], found["host"])


def is_public(host: str) -> bool:
    """Tell whether a host is, by all that its text says, reached over the Internet.

    False for hosts that are not known, for the machine itself and its network, and for names
    that are reserved for tests, documentation and private networks.
    """
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return bool(_NAME.fullmatch(name)) and not _RESERVED.search(name)
