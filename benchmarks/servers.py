"""What a language server takes before anybody types: time to the first findings, and memory.

    .venv/bin/python benchmarks/servers.py [FILE] [--rounds N]

Beside `batten server`: a server that does nothing over the same library (pygls), `ruff server` with
its rules `S`, and servers in Python for other purposes. They find different things, or nothing;
what is compared is what a user waits for and what the machine has to hold. All start in
turn, and the ratios are to the server that does nothing, round by round.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from client import Client
from keystroke import BARE, BIN, OURS, SELECTED, THEIRS, compile_all, with_bytecode
from subjects import document, hardest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = 100


@dataclass
class Server:
    """A server, and what was measured of it in each round."""

    name: str
    command: Sequence[str]
    options: dict[str, Any] = field(default_factory=dict)
    diagnoses: bool = True
    started: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    memory: float = 0.0
    many: float = 0.0


def main() -> None:
    """Start all of them and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    file = arguments.file or hardest()
    text = file.read_text()
    servers = list(_servers())
    with tempfile.TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        for server in servers:
            Client(server.command, server.options, environment).close()  # compiles
        compile_all(environment)
        for _ in range(arguments.rounds):
            for server in servers:
                _measure(server, document(text, 2_000), environment)
        for server in servers:
            _measure_many(server, document(text, 1_000), environment)
    bare = servers[0]
    heads = ("start ms", "first ms", "ratio", "CPU ms", "MiB", f"{FILES} files MiB")
    print(f"{'':24}" + "".join(f"{head:>15}" for head in heads))
    for server in servers:
        ratio = statistics.median(
            one / other for one, other in zip(server.first, bare.started, strict=True)
        )
        values = (
            f"{statistics.median(server.started):.0f}",
            f"{statistics.median(server.first):.0f}" if server.diagnoses else "",
            f"{ratio:.2f}",
            f"{statistics.median(server.cpu):.0f}",
            f"{server.memory:.0f}",
            f"{server.many:.0f}" if server.many else "",
        )
        print(f"{server.name:24}" + "".join(f"{value:>15}" for value in values))


def _servers() -> Iterator[Server]:
    yield Server("pygls, doing nothing", BARE, diagnoses=False)
    yield Server("batten server", OURS)
    yield Server("ruff server", THEIRS, SELECTED)
    yield Server("python-lsp-server", (str(BIN / "pylsp"),))
    yield Server("jedi-language-server", (str(BIN / "jedi-language-server"),))


def _measure(server: Server, text: str, environment: dict[str, str]) -> None:
    client = Client(server.command, server.options, environment)
    server.started.append(client.started * 1e3)
    first = client.open(text) if server.diagnoses else client.started
    server.first.append(first * 1e3)
    server.cpu.append(client.cpu() * 1e3)
    server.memory = max(server.memory, client.memory())
    client.close()


def _measure_many(server: Server, text: str, environment: dict[str, str]) -> None:
    if not server.diagnoses:
        return
    client = Client(server.command, server.options, environment)
    client.open(text)
    client.open_more(text, FILES)
    server.many = client.memory()
    client.close()


if __name__ == "__main__":
    main()
