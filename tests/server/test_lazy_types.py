"""The types of the protocol are what lsprotocol says, but made when somebody needs them."""

from __future__ import annotations

import json
import subprocess
import sys

import attrs
from lsprotocol import types
from pygls.protocol import default_converter
from wire import environment


def run(code: str) -> str:
    """What Python prints that has loaded the types lazily."""
    begin = "from batten_server import lazy_types; lazy_types.load()\n"
    command = [sys.executable, "-c", begin + code]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=environment(), check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


DESCRIBED = """
import attrs
def described(types):
    return {
        name: [(each.name, repr(each.default), str(each.type), each.validator is None)
               for each in attrs.fields(cls)]
        for name, cls in list(types.ALL_TYPES_MAP.items())
        if isinstance(cls, type) and attrs.has(cls)
    }
"""


def test_every_class_has_the_fields_that_it_has_otherwise() -> None:
    here: dict[str, object] = {}
    exec(DESCRIBED, here)
    default_converter()  # type: ignore[no-untyped-call]
    usual = json.loads(json.dumps(here["described"](types)))  # type: ignore[operator]
    tell = "import json; from lsprotocol import types; print(json.dumps(described(types)))"
    lazy = json.loads(run(f"{DESCRIBED}\n{tell}"))

    assert len(usual) > 500
    assert lazy == usual


def test_no_class_is_made_before_somebody_needs_it() -> None:
    said = run(
        "from lsprotocol import types\n"
        "def made(): return sum('__attrs_attrs__' in vars(each) for each in vars(types).values()\n"
        "    if isinstance(each, type))\n"
        "print(made())\n"
        "place = types.Range(types.Position(1, 2), types.Position(3, 4))\n"
        "print(made(), place)\n"
    )

    assert said.split("\n") == ["0", "2 1:2-3:4", ""]


def test_instances_are_checked_compared_and_shown_as_otherwise() -> None:
    code = (
        "from lsprotocol import types\n"
        "one, other = (types.TextDocumentIdentifier('file:///a') for _ in range(2))\n"
        "print(one == other, one, types.Position(1, 2) < types.Position(1, 3))\n"
        "for wrong in (lambda: types.Position(-1, 0), lambda: types.Position(), \n"
        "              lambda: setattr(one, 'uri', 5)):\n"
        "    try: wrong()\n"
        "    except (ValueError, TypeError) as error: print(type(error).__name__)\n"
    )
    expected = f"True {types.TextDocumentIdentifier('file:///a')} True"

    assert run(code).split("\n") == [expected, "ValueError", "TypeError", "TypeError", ""]


def test_a_class_of_ones_own_can_be_made_of_one_of_them() -> None:
    code = (
        "from lsprotocol import types\nclass Ours(types.Position): pass\nprint(Ours(1, 2).line)\n"
    )

    assert run(code) == "1\n"


def test_threads_that_need_the_same_class_at_once_get_it_whole() -> None:
    code = (
        "import sys, threading; from lsprotocol import types\n"
        "sys.setswitchinterval(1e-6)\n"
        "found, classes = [], [each for each in vars(types).values() if isinstance(each, type)\n"
        "    and each.__name__.endswith('Options') and not each.__name__[0] == '_']\n"
        "def use():\n"
        "    for each in classes:\n"
        "        try: each()\n"
        "        except TypeError as error: found.append(str(error))\n"
        "threads = [threading.Thread(target=use) for _ in range(4)]\n"
        "for each in threads: each.start()\n"
        "for each in threads: each.join()\n"
        "print(sum('takes no arguments' in each or 'object.__init__' in each for each in found))\n"
        "print(len(set(found)) * 4 == len(found))\n"
    )

    assert run(code).split() == ["0", "True"]


def test_types_that_are_loaded_already_stay_as_they_are() -> None:
    from batten_server import lazy_types

    before = types.Position
    lazy_types.load()

    assert types.Position is before
    assert attrs.has(before)
    assert type(before) is type


def test_what_attrs_makes_otherwise_is_not_changed() -> None:
    said = run("import attrs\n@attrs.define\nclass A:\n    x: int\nprint(type(A).__name__, A(1))\n")

    assert said == "type A(x=1)\n"
