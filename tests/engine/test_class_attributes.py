"""What the body of a class binds to a name matters to those who look for that name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.syntax.text import SourceText
from corpus import analysed

if TYPE_CHECKING:
    from batten.analysis.program import Program

_COUNT = 20
_METHODS = "".join(
    f"\n    def method_{number}(self, name):\n"
    f"        return self.get(f'{{self.path}}/{number}/{{name}}')\n"
    for number in range(_COUNT)
)


def _text(body: str) -> str:
    return (
        "import requests\n\n\n"
        "class Client:\n"
        "    path = '/items'\n"
        f"    {body}\n\n"
        "    def get(self, path):\n"
        f"        return requests.get('http://api.example' + path)\n{_METHODS}"
    )


def _dropped(program: Program) -> int:
    index = program._links._index
    assert index is not None
    return index.reads.dropped


@pytest.mark.parametrize(
    "typed",
    [("timeout = 5", "timeout = 50"), ("name: s", "name: st"), ("pass", "other = path", "pass")],
)
def test_another_attribute_is_nothing_to_the_methods(typed: tuple[str, ...]) -> None:
    program = analysed([("/m.py", _text("pass"))])
    assert len(program.findings("/m.py")) == _COUNT
    before = _dropped(program)
    for body in typed:
        program.put("/m.py", SourceText(_text(body)))
        assert program.findings("/m.py") == analysed([("/m.py", _text(body))]).findings("/m.py")
    assert _dropped(program) - before < _COUNT


@pytest.mark.parametrize("body", ["path = '/items?name='", "path: int = 5", "path = 'http://'"])
def test_an_attribute_that_is_read_is_read_again(body: str) -> None:
    program = analysed([("/m.py", _text("pass"))])
    program.findings("/m.py")
    for each in (body, "pass", body):
        program.put("/m.py", SourceText(_text(each)))
        assert program.findings("/m.py") == analysed([("/m.py", _text(each))]).findings("/m.py")


def test_what_an_attribute_stays_is_not_told_by_who_is_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # That it is the term that reads it was remembered with who asked first.
    text = (
        "class A(C, D):\n"
        "    @property\n"
        "    def get(self):\n"
        "        pass\n\n\n"
        "class B:\n"
        "    def gone(self):\n"
        "        self.kind = A().get(g('/p', input()))\n"
    )
    after = text.replace("gone", "other")
    program = analysed([("/m.py", text)])
    program.findings("/m.py")
    for each in (after, text):
        program.put("/m.py", SourceText(each))
        assert program.findings("/m.py") == analysed([("/m.py", each)]).findings("/m.py")
    assert not caplog.records


@pytest.mark.parametrize(
    "noted",
    [
        "constr(min_length=1)",
        "Optional[constr(min_length=1)]",
        "made('a').kind",
        "str | made()[str]",
    ],
)
def test_a_field_whose_annotation_is_made_by_a_call_leaves_the_rest_found(
    noted: str, caplog: pytest.LogCaptureFixture
) -> None:
    text = (
        "import requests\nfrom typing import Annotated, Optional\n"
        "from pydantic import BaseModel, Field, constr\n\n\n"
        "class Item(BaseModel):\n"
        f"    name: {noted}\n"
        "    count: Annotated[int, Field(gt=0)]\n\n"
        "    def get(self):\n"
        "        self.name.get()\n"
        "        requests.get(f'http://api.example/{self.name}/{self.count}')\n"
    )
    program = analysed([("/m.py", text)])
    places = [text[each.span.start : each.span.end] for each in program.findings("/m.py")]
    assert places == ["self.name"]
    assert not caplog.records
