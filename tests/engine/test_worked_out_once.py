"""What linking works out once, and what again on circles: counted, not timed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from batten.analysis.program import Program
from batten.link.hierarchy import Hierarchy
from batten.link.resolve import Resolver
from batten.models.load import load
from batten.syntax.text import SourceText
from batten.values.terms import Attribute

if TYPE_CHECKING:
    import pytest

LENGTH = 8


def ring() -> str:
    """Return classes whose objects each hold what those of the next do, or one of their own."""
    parts = ["import requests\n"]
    for number in range(LENGTH):
        parts.append(
            f"class Holder{number}:\n"
            f"    def __init__(self):\n"
            f"        self.client = Holder{(number + 1) % LENGTH}().client\n\n"
            f"    def own(self):\n"
            f"        self.client = Client{number}()\n"
        )
        parts.append(f"class Client{number}:\n    url = 'https://h{number}.test/'\n")
    parts.append("def ask(name):\n    requests.get(Holder0().client.url + name)\n")
    return "\n\n".join(parts)


def test_what_is_as_before_on_a_circle_is_not_resolved_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved: Counter[object] = Counter()
    plain = Resolver._resolve

    def counted(self: Resolver, value: Any, frame: Any) -> Any:
        if isinstance(value, Attribute) and value.name == "client":
            resolved[self, value, frame] += 1
        return plain(self, value, frame)

    monkeypatch.setattr(Resolver, "_resolve", counted)
    program = Program(load())
    program.put("ring.py", SourceText(ring()))

    found = program.findings("ring.py")

    assert found
    assert max(resolved.values()) == 2


def test_the_bases_of_a_class_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[object] = Counter()
    plain = Hierarchy._find_lineage

    def counted(self: Hierarchy, key: Any) -> Any:
        asked[key] += 1
        return plain(self, key)

    monkeypatch.setattr(Hierarchy, "_find_lineage", counted)
    program = Program(load())
    method = "    def more(self, name):\n        requests.get(self.client.url + name)\n"
    program.put("ring.py", SourceText(f"{ring()}\n\nclass More(Holder0):\n{method}"))

    assert program.findings("ring.py")
    assert set(asked.values()) == {1}


HELD = """
import requests

class Held:
    def __init__(self, term):
        self.term = term

    def go_on(self):
        self.term = self.term.copy()

    def ask(self):
        requests.get("https://x.test/" + self.term)
"""


def test_a_term_that_is_read_from_itself_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: Counter[object] = Counter()
    plain = Resolver._resolve

    def counted(self: Resolver, value: Any, frame: Any) -> Any:
        resolved[self, value, frame] += 1
        return plain(self, value, frame)

    monkeypatch.setattr(Resolver, "_resolve", counted)
    program = Program(load())
    program.put("held.py", SourceText(HELD))

    assert program.findings("held.py")
    assert max(resolved.values()) <= 4


FAMILY = """
import requests

class Base:
    def ask(self, name):
        requests.get("https://x.test/" + self.host)
"""


def family() -> str:
    """Return classes of which the last one stores something; the others store nothing."""
    derived = "".join(f"\nclass Derived{number}(Base):\n    pass\n" for number in range(LENGTH))
    made = "    def __init__(self, host):\n        self.host = host\n"
    return f"{FAMILY}{derived}\nclass Last(Base):\n{made}"


def test_only_classes_that_store_an_attribute_are_asked_what(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: set[object] = set()
    plain = Hierarchy._find_stored

    def noted(self: Hierarchy, key: Any) -> Any:
        asked.add((key[0].unit, key[1]))
        return plain(self, key)

    monkeypatch.setattr(Hierarchy, "_find_stored", noted)
    program = Program(load())
    program.put("family.py", SourceText(family()))

    assert program.findings("family.py")

    assert asked == {("Last", "host")}
