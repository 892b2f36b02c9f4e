"""OpenSSL is left out where it does nothing for us, and stays there for others."""

from __future__ import annotations

import hashlib
import subprocess
import sys

from wire import environment


def run(code: str) -> list[str]:
    """What Python prints that has left OpenSSL out, in words."""
    begin = "from batten_server import without_openssl; without_openssl.load()\nimport sys\n"
    command = [sys.executable, "-c", begin + code]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment(), check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_asyncio_and_hashlib_do_their_work_without() -> None:
    said = run(
        "import asyncio, hashlib\n"
        "asyncio.run(asyncio.sleep(0))\n"
        "print(hashlib.sha256(b'x').hexdigest())\n"
        "print({'ssl', '_ssl', '_hashlib'} & sys.modules.keys())\n"
    )

    assert said == [hashlib.sha256(b"x").hexdigest(), "set()"]


def test_others_may_still_load_it() -> None:
    said = run("import ssl, _hashlib\nprint(ssl.create_default_context().protocol.name)\n")

    assert said == ["PROTOCOL_TLS_CLIENT"]
