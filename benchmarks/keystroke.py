"""What a person waits for in the editor, beside `ruff server` with its rules `S`, edit by edit.

    .venv/bin/python benchmarks/keystroke.py [FILE ...] [--edits N] [--lines N ...]

Without files it takes the longest module of each package of `packages.txt`. Each is repeated, or
cut off, until the document has the wanted number of lines. Both servers are given the same edits in
turn, and the ratio of a file is the median of those of its edits: a machine whose speed drifts
moves both alike. The table has the medians of all files, and the lowest and the highest ratio of
one. Both start from compiled bytecode, as installed programs do; what a server that does nothing
takes to start with pygls is measured beside them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from client import Client
from edits import KINDS, Edit, assigned_names, first_assignment
from subjects import document, hardest, modules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BIN = Path(sys.executable).parent
OURS = (str(BIN / "batten"), "server", "--stdio")
BARE = (
    sys.executable,
    "-c",
    "from pygls.lsp.server import LanguageServer; LanguageServer('bare', '1').start_io()",
)
THEIRS = (str(BIN / "ruff"), "server")
SELECTED = {"settings": {"lint": {"select": ["S"]}}}
ROUNDS = 5
QUIET = 0.02
"""Seconds of silence before an edit: nobody types faster, and idle work is done in them."""


@dataclass
class Pair:
    """What was measured of both in one file, in turn, in milliseconds or MiB."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def add(self, measure: Callable[[Client], float], ours: Client, theirs: Client) -> None:
        """Measure both."""
        self.ours.append(measure(ours))
        self.theirs.append(measure(theirs))

    def ratio(self) -> float:
        """Return the median of the ratios, edit by edit."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return statistics.median(one / max(other, 1e-6) for one, other in pairs)

    def late(self) -> float:
        """Return what our slowest twentieth takes, in our medians."""
        if len(self.ours) < 2:
            return 1.0
        slow = statistics.quantiles(self.ours, n=20, method="inclusive")[-1]
        return slow / max(statistics.median(self.ours), 1e-6)


def main() -> None:
    """Run the scenarios and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--edits", type=int, default=60, help="of each kind (default: 60)")
    parser.add_argument("--lines", type=int, nargs="+", default=[2_000, 20_000])
    arguments = parser.parse_args()
    texts = {file: file.read_text() for file in arguments.files or modules()}
    with tempfile.TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        Client(BARE, {}, environment).close()  # compiles
        compile_all(environment)
        bare = [Client(BARE, {}, environment) for _ in range(ROUNDS)]
        for client in bare:
            client.close()
        started = statistics.median(client.started for client in bare) * 1e3
        print(f"a server that does nothing starts in {started:.0f} ms")
        for count in arguments.lines:
            _print_heads(f"{len(texts)} documents of {count:,} lines")
            _print(
                [
                    _measured(document(text, count), arguments.edits, environment)
                    for text in texts.values()
                ]
            )
        _print_heads("100 open files of 1,000 lines")
        _print([_measured_many(document(hardest().read_text(), 1_000), environment)])


def with_bytecode(folder: str) -> dict[str, str]:
    """Return an environment whose Python keeps its bytecode in a folder."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def compile_all(environment: dict[str, str]) -> None:
    """Have all compiled that a session loads, also what it loads later, for its first fix."""
    client = Client(OURS, {}, environment)
    client.open(document("import requests\n", 1))
    client.code_action()
    client.close()


def _print_heads(what: str) -> None:
    heads = ("batten", "p95/median", "ruff", "ratio", "lowest", "highest")
    print(f"{what:40}" + "".join(f"{head:>11}" for head in heads), flush=True)


def _print(measured: Sequence[Mapping[str, Pair]]) -> None:
    """Print a line for each scenario: medians of what each document has given."""
    for what in dict.fromkeys(name for pairs in measured for name in pairs):
        pairs = [each[what] for each in measured if what in each]
        ratios = [pair.ratio() for pair in pairs]
        values = (
            statistics.median(statistics.median(pair.ours) for pair in pairs),
            statistics.median(pair.late() for pair in pairs),
            statistics.median(statistics.median(pair.theirs) for pair in pairs),
            statistics.median(ratios),
            min(ratios),
            max(ratios),
        )
        print(f"{what:40}" + "".join(f"{value:11.2f}" for value in values))


def _measured(text: str, edits: int, environment: dict[str, str]) -> dict[str, Pair]:
    """Return what each scenario took in one document."""
    started, first = Pair(), Pair()
    for _ in range(ROUNDS):
        for start, starts, firsts in (
            (_start_ours, started.ours, first.ours),
            (_start_theirs, started.theirs, first.theirs),
        ):
            client = start(environment)
            firsts.append(client.open(text) * 1e3)
            starts.append(client.started * 1e3)
            client.close()
    clients = _start(environment)
    for client in clients:
        client.open(text)
    time.sleep(2)
    measured = {
        "start-up, ms": started,
        "first diagnostics, from the start, ms": first,
        **_typed(text.splitlines(), edits, *clients),
    }
    for what, count, asked in (
        ("first code action at a finding, ms", 1, Client.code_action),
        ("the next ones, ms", 20, Client.code_action),
        ("edit of a code action, ms", 10, Client.resolve),
    ):
        measured[what] = _repeated(count, lambda client: asked(client) * 1e3, *clients)  # noqa: B023
    measured["memory at the end, MiB"] = _repeated(1, Client.memory, *clients)
    measured["longest wait while a file is opened, ms"] = _repeated(
        1, lambda client: client.open_asking(text) * 1e3, *clients
    )
    _end(clients)
    return measured


def _typed(lines: Sequence[str], edits: int, ours: Client, theirs: Client) -> dict[str, Pair]:
    """Return what edits of each kind took that the document has a place for."""
    measured = {}
    for what, rarer, kind in KINDS:
        pair = Pair()
        for made in kind(lines, edits // rarer):
            pair.add(lambda client: _edit(client, made), ours, theirs)  # noqa: B023
        if pair.ours:
            measured[f"{what}, ms"] = pair
    at = first_assignment(lines)
    burst = Pair()
    for _ in range(edits // 4):
        burst.add(lambda client: _burst(client, at, len(lines[at])), ours, theirs)
        for client in (ours, theirs):
            client.replace_line(at, lines[at] + 20 * "x", lines[at])
    return {**measured, "burst of 20 letters, ms": burst}


def _edit(client: Client, edit: Edit) -> float:
    time.sleep(QUIET)
    return client.replace_line(*edit) * 1e3


def _burst(client: Client, line: int, column: int) -> float:
    time.sleep(QUIET)
    return client.type_letters(line, column, 20) * 1e3


def _measured_many(text: str, environment: dict[str, str]) -> dict[str, Pair]:
    """Open a hundred documents, and edit one more that is open."""
    clients = _start(environment)
    for client in clients:
        client.open(text)
        client.open_more(text, 100)
    letter = Pair()
    for made in assigned_names(text.splitlines(), 10):
        letter.add(lambda client: _edit(client, made), *clients)  # noqa: B023
    memory = _repeated(1, Client.memory, *clients)
    _end(clients)
    return {"memory, MiB": memory, "letter in an assigned name, ms": letter}


def _repeated(count: int, measure: Callable[[Client], float], ours: Client, theirs: Client) -> Pair:
    pair = Pair()
    for _ in range(count):
        pair.add(measure, ours, theirs)
    return pair


def _start(environment: dict[str, str]) -> tuple[Client, Client]:
    """Return a client of each server."""
    return _start_ours(environment), _start_theirs(environment)


def _start_ours(environment: dict[str, str]) -> Client:
    return Client(OURS, {}, environment)


def _start_theirs(environment: dict[str, str]) -> Client:
    return Client(THEIRS, SELECTED, environment)


def _end(clients: Sequence[Client]) -> None:
    for client in clients:
        client.close()


if __name__ == "__main__":
    main()
