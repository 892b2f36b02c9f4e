"""What is n times as large takes n times the work, not n times n: counted in calls, not timed.

The work is that of linking and judging. That of n, 2n and 4n of a thing is compared: where
work is linear, from 2n to 4n as much is added as twice that from n to 2n, and four times as much
where it is quadratic.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    Documents = dict[str, str]

HEAD = "import requests\n\n\n"
MODELS = load()
LINEAR = 2.4


class Counter:
    """Counts the calls of Python functions inside of a `with`."""

    def __init__(self) -> None:
        self.calls = 0

    def __enter__(self) -> Counter:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, _frame: FrameType, event: str, _argument: object) -> None:
        self.calls += event == "call"


def work(documents: Documents) -> int:
    """Return how many calls it takes to link documents and to judge what is found."""
    program = Program(MODELS)
    for path, text in documents.items():
        program.put(path, SourceText(text))
    with Counter() as counter:
        for path in documents:
            program.findings(path)
    return counter.calls


def growth(shape: Callable[[int], Documents], size: int) -> float:
    """Return how much more work is added by the second doubling than by the first."""
    work(shape(size))  # what is done only once: modules are loaded, patterns compiled
    first, second, third = (work(shape(times * size)) for times in (1, 2, 4))
    return (third - second) / (second - first)


def sinks(n: int) -> Documents:
    body = '    requests.get("https://api.example/?q=%s" % name)\n' * n
    return {"/a.py": f"{HEAD}def f(name):\n{body}"}


def sinks_of_the_module(n: int) -> Documents:
    """A module with as many functions, so that its text is in as many pieces."""
    each = "".join(
        f"requests.get('https://api.example/{i}/' + name)\ndef f{i}(): pass\n" for i in range(n)
    )
    return {"/a.py": f"{HEAD}import sys\nname = sys.argv[1]\n{each}"}


def functions_in_a_ring(n: int) -> Documents:
    ring = "".join(
        f"def step{i}(name):\n    requests.get('https://api.example/{i}/' + name)\n"
        f"    step{(i + 1) % n}(name)\n\n\n"
        for i in range(n)
    )
    return {"/a.py": HEAD + ring}


def wrappers_of_wrappers(n: int) -> Documents:
    wrappers = "".join(f"def w{i + 1}(url):\n    return w{i}(url)\n\n\n" for i in range(n))
    return {
        "/a.py": f"{HEAD}def w0(url):\n    return requests.get(url)\n\n\n{wrappers}"
        f"def f(name):\n    w{n}('https://api.example/' + name)\n"
    }


def callers_of_one_wrapper(n: int) -> Documents:
    callers = "".join(
        f"def f{i}(name):\n    get('https://api.example/{i}/' + name)\n\n\n" for i in range(n)
    )
    return {"/a.py": f"{HEAD}def get(url):\n    return requests.get(url)\n\n\n{callers}"}


def addresses_of_one_client(n: int) -> Documents:
    """As many methods that send as callers that make the client with an address of their own."""
    methods = "".join(
        f"    def m{i}(self, path):\n"
        f"        requests.get(self.url + '/{i}/' + path, auth=self.auth)\n"
        for i in range(n)
    )
    callers = "".join(
        f"def f{i}(name):\n"
        f"    client = Client('http://api{i}.example')\n    client.m{i}(name)\n\n\n"
        for i in range(n)
    )
    head = "class Client:\n    def __init__(self, url):\n"
    head += "        self.url = url\n        self.auth = ''\n"
    return {"/a.py": f"{HEAD}{head}{methods}\n\n{callers}"}


def addresses_of_subclasses(n: int) -> Documents:
    base = (
        "class Client:\n    def __init__(self, url):\n        self.url = url\n"
        "    def get(self, path):\n        return requests.get(self.url + path)\n\n\n"
    )
    subclasses = "".join(
        f"class Client{i}(Client):\n    def __init__(self, url):\n"
        f"        super().__init__(url.strip() + '/{i}')\n"
        f"    def m(self, name):\n        return self.get('/{i}/' + name)\n\n\n"
        for i in range(n)
    )
    return {"/a.py": HEAD + base + subclasses}


def modules_importing_all_of_the_next(n: int) -> Documents:
    return {
        f"/p/m{i}.py": f"from p.m{(i + 1) % n} import *\n\n\ndef f{i}(name):\n"
        f"    get(name)\n    print(name)\n    f{(i + 1) % n}(name)\n"
        for i in range(n)
    }


def modules_in_a_ring_with_the_same_names(n: int) -> Documents:
    return {
        f"/p/m{i}.py": f"from .m{(i + 1) % n} import *\nimport requests\n\n\ndef f{i}(name):\n"
        f"    requests.get('https://api.example/' + BASE + name)\n"
        for i in range(n)
    }


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        (sinks, 16),
        (sinks_of_the_module, 16),
        (functions_in_a_ring, 16),
        (wrappers_of_wrappers, 60),
        (callers_of_one_wrapper, 16),
        (addresses_of_one_client, 16),
        (addresses_of_subclasses, 32),
        (modules_importing_all_of_the_next, 10),
        (modules_in_a_ring_with_the_same_names, 100),
    ],
)
def test_work_grows_with_the_program(shape: Callable[[int], Documents], size: int) -> None:
    assert growth(shape, size) < LINEAR


def calling_each_other(n: int, body: str) -> Documents:
    """Return functions each of which calls all of them: n times n calls."""
    functions = "".join(
        f"def g{i}(name, kind):\n    requests.get('https://api.example/{i}/' + name)\n"
        + "".join(f"    {body.format(call=f'g{j}(name, kind)')}\n" for j in range(n))
        + "\n\n"
        for i in range(n)
    )
    return {"/a.py": HEAD + functions}


@pytest.mark.parametrize("body", ["{call}", "if kind: return {call}"])
def test_work_grows_with_the_calls_of_functions_that_all_call_each_other(body: str) -> None:
    first, second = (work(calling_each_other(n, body)) for n in (8, 16))

    # Four times as many calls; each value has twice as many facts, which are looked up.
    assert second < 8 * first


def test_a_value_that_is_handed_to_many_functions_is_checked_once_by_each() -> None:
    def handed_on(n: int) -> Documents:
        functions = "".join(
            f"def use{i}(name):\n    if name not in ('a', 'b'):\n        print(name)\n\n\n"
            for i in range(n)
        )
        calls = "".join(
            f"    use{i}(name)\n    requests.get('https://api.example/{i}/' + name)\n"
            for i in range(n)
        )
        return {"/a.py": f"{HEAD}{functions}def f(name):\n{calls}"}

    assert growth(handed_on, 16) < 3.5  # the facts of each value are looked up one by one


def test_frames_do_not_multiply_with_the_results_that_functions_return() -> None:
    """Each function returns one of eight results of the level below, four levels deep."""

    def levels(width: int) -> Documents:
        text = HEAD
        for level in range(4):
            for i in range(width):
                returned = "".join(
                    f"    if kind == {j}:\n        return l{level - 1}_{j}(name, kind)\n"
                    for j in range(width)
                )
                last = f"    return 'https://api.example/{i}/' + name\n"
                text += f"def l{level}_{i}(name, kind):\n{returned if level else last}\n\n"
        return {"/a.py": f"{text}def f(name, kind):\n    requests.get(l3_0(name, kind))\n"}

    first, second = work(levels(4)), work(levels(8))

    assert second < 9 * first  # there are four times as many calls, and sixteen times as many ways


def test_a_chain_of_wrappers_that_is_longer_than_calls_can_be_nested_is_read() -> None:
    program = Program(MODELS)
    for path, text in wrappers_of_wrappers(600).items():
        program.put(path, SourceText(text))

    assert len(program.findings("/a.py")) == 1
