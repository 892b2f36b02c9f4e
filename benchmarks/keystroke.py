"""What a person waits for in the editor, beside `ruff server` with its rules `S`, edit by edit.

    .venv/bin/python benchmarks/keystroke.py [FILE] [--edits N] [--lines N ...]

Without a file it takes one of the packages of `packages.txt`. Its classes are repeated under
other names, or cut off, until the document has the wanted number of lines. Both servers are given
the same edits in turn, and the ratio is the median of those of each edit: a machine whose speed
drifts moves both alike. Both start from compiled bytecode, as installed programs do; what a server
that does nothing takes to start with pygls is measured beside them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from client import Client
from scan import packages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
"""Seconds of silence between two edits: nobody types faster, and idle work is done in them."""

# What both find something in, so that a code action has something to say.
_FOUND = """

def _found(name):
    import requests
    return requests.get("https://api.example/things/%s" % name, verify=False)
"""
_ASSIGNED = re.compile(r"^(\s{8,})([a-z_]+)( = .*)$")
# Up to the end of a word in a statement of a function.
_STATEMENT = re.compile(r"^\s{8,}(?:return |raise |if |self\.)?\w+(?= = |\(|\.)")
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


@dataclass
class Pair:
    """What was measured of both, in turn, in milliseconds or MiB."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def add(self, measure: Callable[[Client], float], ours: Client, theirs: Client) -> None:
        """Measure both."""
        self.ours.append(measure(ours))
        self.theirs.append(measure(theirs))

    def line(self, what: str, unit: str) -> str:
        """Return a line of the report."""
        ours, theirs = statistics.median(self.ours), statistics.median(self.theirs)
        ratio = statistics.median(
            one / max(other, 1e-6) for one, other in zip(self.ours, self.theirs, strict=True)
        )
        late = sorted(self.ours)[int(len(self.ours) * 0.95)]
        return f"{what:34} {ours:9.1f} {late:9.1f} {theirs:9.1f} {ratio:8.2f}   {unit}"


def main() -> None:
    """Run the scenarios and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--edits", type=int, default=60, help="of each kind (default: 60)")
    parser.add_argument("--lines", type=int, nargs="+", default=[2_000, 20_000])
    arguments = parser.parse_args()
    file = arguments.file or next(packages().glob("spotipy*/**/client.py"))
    text = file.read_text()
    with tempfile.TemporaryDirectory() as bytecode:
        environment = with_bytecode(bytecode)
        Client(BARE, {}, environment).close()  # compiles
        compile_all(environment)
        bare = [Client(BARE, {}, environment) for _ in range(ROUNDS)]
        for client in bare:
            client.close()
        started = statistics.median(client.started for client in bare) * 1e3
        print(f"a server that does nothing starts in {started:.0f} ms")
        print(f"{'':34} {'batten':>9} {'p95':>9} {'ruff':>9} {'ratio':>8}")
        for count in arguments.lines:
            _measure(document(text, count), arguments.edits, environment)
        _measure_many(document(text, 1_000), environment)


def with_bytecode(folder: str) -> dict[str, str]:
    """Return an environment whose Python keeps its bytecode in a folder."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def compile_all(environment: dict[str, str]) -> None:
    """Have all compiled that a session loads, also what it loads later, for its first fix."""
    client = Client(OURS, {}, environment)
    client.open(f"import requests\n{_FOUND}")
    client.code_action()
    client.close()


def document(text: str, count: int) -> str:
    """Return a document of about `count` lines, made of the classes of `text`."""
    copies = [text]
    while sum(copy.count("\n") for copy in copies) < count:
        name = rf"class \1Copy{len(copies)}"
        copies.append(_CLASS.sub(name, text))
    lines = "".join(copies).splitlines(keepends=True)
    end = next((n for n in range(count, len(lines)) if lines[n][:5] in ("    d", "class")), count)
    return "".join(lines[:end]) + _FOUND


def _measure(text: str, edits: int, environment: dict[str, str]) -> None:
    started, first = Pair(), Pair()
    clients: list[Client] = []
    for _ in range(ROUNDS):
        for client in clients:
            client.close()
        clients = []
        for command, options, times in ((OURS, {}, "ours"), (THEIRS, SELECTED, "theirs")):
            client = Client(command, options, environment)
            getattr(first, times).append(client.open(text) * 1e3)
            getattr(started, times).append(client.started * 1e3)
            clients.append(client)
    ours, theirs = clients
    lines = text.splitlines()
    print(started.line(f"{len(lines)} lines: start-up", "ms"))
    print(first.line("first diagnostics, from the start", "ms"))
    time.sleep(2)
    for what, count, typed in (
        ("letter anywhere in the file", edits, _anywhere),
        ("letter in a name for a URL", edits, _letters),
        ("letter in a comment", edits, _comments),
        ("letter in an argument of a call", edits, _arguments),
        ("triple quote, and gone again", edits // 4, _quotes),
        ("name in a wrapper", edits // 4, _wrappers),
        ("name that is imported", edits // 4, _imports),
        ("line with a new function", edits // 4, _functions),
        ("digit of a class attribute", edits // 4, _attributes),
    ):
        pair = Pair()
        for number, before, after in typed(lines, count):

            def edit(client: Client, at: tuple[int, str, str] = (number, before, after)) -> float:
                time.sleep(QUIET)
                return client.replace_line(*at) * 1e3

            pair.add(edit, ours, theirs)
        print(pair.line(what, "ms"))
    burst = Pair()
    at = _first(lines, _ASSIGNED.match)
    for _ in range(edits // 4):
        burst.add(lambda client: client.type_letters(at, len(lines[at]), 20) * 1e3, ours, theirs)
        for client in clients:
            client.replace_line(at, lines[at] + 20 * "x", lines[at])
    print(burst.line("burst of 20 letters", "ms"))
    for what, count in (("first code action at a finding", 1), ("the next ones", 20)):
        action = Pair()
        for _ in range(count):
            action.add(lambda client: client.code_action() * 1e3, ours, theirs)
        print(action.line(what, "ms"))
    resolved = Pair()
    for _ in range(10):
        resolved.add(lambda client: client.resolve() * 1e3, ours, theirs)
    print(resolved.line("edit of a code action", "ms"))
    memory = Pair()
    memory.add(Client.memory, ours, theirs)
    print(memory.line("memory at the end", "MiB"))
    blocked = Pair()
    blocked.add(lambda client: client.open_asking(text) * 1e3, ours, theirs)
    print(blocked.line("longest wait while a file is opened", "ms"))
    for client in clients:
        client.close()


def _measure_many(text: str, environment: dict[str, str]) -> None:
    """Open a hundred files, and edit one more that is open."""
    memory, letter = Pair(), Pair()
    ours, theirs = (
        Client(command, options, environment)
        for command, options in ((OURS, {}), (THEIRS, SELECTED))
    )
    for client in (ours, theirs):
        client.open(text)
        client.open_more(text, 100)
    for at in _letters(text.splitlines(), 10):
        letter.add(lambda client: client.replace_line(*at) * 1e3, ours, theirs)  # noqa: B023
    memory.add(Client.memory, ours, theirs)
    print(memory.line("100 open files: memory", "MiB"))
    print(letter.line("letter in a name", "ms"))
    for client in (ours, theirs):
        client.close()


def _anywhere(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits that make words longer by two letters, all over the code: line, before, after."""
    fitting = [number for number, line in enumerate(lines) if _STATEMENT.match(line)]
    for at in fitting[:: max(1, 3 * len(fitting) // count)]:
        typed = [_STATEMENT.sub(rf"\g<0>{letters}", lines[at]) for letters in ("", "a", "ab", "")]
        for before, after in itertools.pairwise(typed):
            yield at, before, after


def _letters(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits that make an assigned name longer and shorter again: line, before, after."""
    at = _first(lines, _ASSIGNED.match)
    line = lines[at]
    for number in range(count):
        after = _ASSIGNED.sub(rf"\1\2{'abcdefgh'[: (number + 1) % 9]}\3", lines[at])
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _comments(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits of a comment behind a statement."""
    at = _first(lines, _ASSIGNED.match)
    line = lines[at]
    for number in range(count):
        after = f"{lines[at]}  # {'abcdefgh'[: number % 9]}"
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _arguments(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits of a text that goes into a call of another method."""
    called = re.compile(r'(self\._?\w+\(\s*f?")([^"]*")')
    at = _first(lines, called.search)
    line = lines[at]
    for number in range(count):
        after = called.sub(rf"\g<1>{'abcdefgh'[: (number + 1) % 9]}\2", lines[at])
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _quotes(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits that begin a text which does not end, and take it away again."""
    at = _first(lines, _ASSIGNED.match)
    for _ in range(count):
        yield at, lines[at], f'{lines[at]} + """'
        yield at, f'{lines[at]} + """', lines[at]


def _wrappers(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits of the method that the most others call: another name for what it sends."""
    called = re.compile(r"return self\._internal_call\(\"GET\", (\w+),")
    at = next((n for n, line in enumerate(lines) if called.search(line)), None)
    if at is None:
        return
    line = lines[at]
    for number in range(count):
        name = called.search(lines[at])[1]  # type: ignore[index]
        after = lines[at].replace(f"{name},", f"{name} + '{number}',", 1)
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _imports(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits of the first import."""
    at = next(n for n, line in enumerate(lines) if line.startswith("import "))
    line = lines[at]
    for number in range(count):
        after = f"{lines[at]}, name{number}"
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _functions(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits that put a function at the end of the file, and take it away again."""
    at = len(lines) - 1
    for number in range(count):
        more = f"{lines[at]}\n\n\ndef more{number}(): pass"
        yield at, lines[at], more
        yield at + 3, f"def more{number}(): pass", ""


def _attributes(lines: list[str], count: int) -> Iterator[tuple[int, str, str]]:
    """Yield edits of the value of a class attribute, which is put in and taken away again."""
    head = re.compile(r"    def ")
    at = next(n for n in range(len(lines) // 2, len(lines)) if head.match(lines[n + 1]))
    attribute, line = "    timeout = 1", lines[at]
    for number in range(count):
        after = f"{attribute}{number}"
        yield at, line, after
        line = after
    yield at, line, lines[at]


def _first(lines: list[str], fits: Callable[[str], object]) -> int:
    """Return the number of the first fitting line in the second half of a document."""
    return next(number for number in range(len(lines) // 2, len(lines)) if fits(lines[number]))


if __name__ == "__main__":
    main()
