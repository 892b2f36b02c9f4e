"""The cells of a notebook are one program; ranges are those of cells."""

from __future__ import annotations

from typing import Any

import pytest
from conversation import Conversation

from batten.syntax.text import SourceText
from batten_server import notebook
from batten_server.notebook import python_of

NOTEBOOK = "file:///work/a.ipynb"
CAN = {"notebookDocument": {"synchronization": {}}}


def cell(name: str) -> str:
    return f"vscode-notebook-cell:/work/a.ipynb#{name}"


def item(name: str, text: str) -> dict[str, Any]:
    return {"uri": cell(name), "languageId": "python", "version": 1, "text": text}


def described(*names: str) -> list[dict[str, Any]]:
    return [{"kind": 2, "document": cell(name)} for name in names]


async def opened(more: dict[str, Any] | None = None, /, **texts: str) -> Conversation:
    conversation = Conversation()
    announced = await conversation.initialize({**CAN, **(more or {})})
    assert announced["notebookDocumentSync"]["notebookSelector"]
    notebook = {"uri": NOTEBOOK, "notebookType": "jupyter-notebook", "version": 1}
    conversation.tell(
        "notebookDocument/didOpen",
        {
            "notebookDocument": {
                **notebook,
                "cells": [*described(*texts), {"kind": 1, "document": cell("markdown")}],
            },
            "cellTextDocuments": [item(name, text) for name, text in texts.items()],
        },
    )
    await conversation.settle()
    return conversation


def change(conversation: Conversation, cells: dict[str, Any]) -> None:
    params = {"notebookDocument": {"uri": NOTEBOOK, "version": 2}, "change": {"cells": cells}}
    conversation.tell("notebookDocument/didChange", params)


def shown(conversation: Conversation, name: str) -> list[tuple[int, int]]:
    """Where the findings of a cell begin."""
    starts = [each["range"]["start"] for each in last(conversation, name)]
    return [(start["line"], start["character"]) for start in starts]


def last(conversation: Conversation, name: str) -> list[dict[str, Any]]:
    return list(conversation.published(cell(name))[-1]["diagnostics"])


async def test_each_cell_has_its_own_findings() -> None:
    conversation = await opened(a="é = bad_one", b="x\nbad_two\n", c="good\n")

    assert shown(conversation, "a") == [(0, 4)]
    assert shown(conversation, "b") == [(1, 0)]
    assert shown(conversation, "c") == []
    put = [each for each in conversation.program.log if each.startswith("put")]
    assert put == ["put /work/a.ipynb 'é = bad_one\\nx\\nbad_two\\n\\ngood\\n\\n'"]


async def test_an_edit_of_one_cell_moves_no_finding_of_another() -> None:
    conversation = await opened(a="x\n", b="bad_two\n")
    edit = {
        "document": {"uri": cell("a"), "version": 2},
        "changes": [
            {
                "range": {
                    "start": {"line": 0, "character": 0},
                    "end": {"line": 0, "character": 1},
                },
                "text": "bad_one\nmore\n",
            }
        ],
    }
    change(conversation, {"textContent": [edit]})
    await conversation.settle()

    assert shown(conversation, "a") == [(0, 0)]
    assert len(conversation.published(cell("b"))) == 1


async def test_only_a_cell_that_is_edited_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = await opened(a="x\n", b="bad_two\n", c="%time x\n")
    read: list[str] = []

    def noted(source: SourceText) -> str:
        read.append(source.text)
        return python_of(source)

    monkeypatch.setattr(notebook, "python_of", noted)
    edit = {"document": {"uri": cell("b"), "version": 2}, "changes": [{"text": "\nbad_two\n"}]}
    change(conversation, {"textContent": [edit]})
    await conversation.settle()

    assert read == ["\nbad_two\n"]
    assert shown(conversation, "b") == [(1, 0)]


async def test_cells_come_and_go() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    array = {"start": 0, "deleteCount": 1, "cells": described("c")}
    structure = {"array": array, "didOpen": [item("c", "\nbad_new\n")], "didClose": []}
    change(conversation, {"structure": structure})
    await conversation.settle()

    assert shown(conversation, "a") == []
    assert shown(conversation, "b") == [(0, 0)]
    assert shown(conversation, "c") == [(1, 0)]


async def test_cells_change_places() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    array = {"start": 0, "deleteCount": 2, "cells": described("b", "a")}
    change(conversation, {"structure": {"array": array}})
    await conversation.settle()

    assert conversation.program.log[-1] == "put /work/a.ipynb 'bad_two\\n\\nbad_one\\n\\n'"


def moved(conversation: Conversation, start: int, count: int, *names: str) -> None:
    """Take cells out and put others in, which the editor has never closed."""
    array = {"start": start, "deleteCount": count, "cells": described(*names)}
    change(conversation, {"structure": {"array": array}})


async def test_a_cell_that_is_taken_out_and_put_in_later_has_its_text() -> None:
    """The editor says what it closes; a cell that it moves in two steps it does not open again."""
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    moved(conversation, 1, 1)
    await conversation.settle()
    assert shown(conversation, "b") == []

    edit = {"document": {"uri": cell("b"), "version": 2}, "changes": [{"text": "\nbad_two\n"}]}
    change(conversation, {"textContent": [edit]})
    moved(conversation, 0, 0, "b")
    await conversation.settle()
    assert shown(conversation, "b") == [(1, 0)]
    assert conversation.program.log[-1] == "put /work/a.ipynb '\\nbad_two\\n\\nbad_one\\n\\n'"


async def test_of_a_cell_that_is_closed_nothing_is_kept() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    array = {"start": 1, "deleteCount": 1}
    structure = {"array": array, "didOpen": [], "didClose": [{"uri": cell("b")}]}
    change(conversation, {"structure": structure})
    await conversation.settle()

    assert conversation.server.notebooks["/work/a.ipynb"].known.keys() == {cell("a")}


async def test_a_cell_becomes_text_and_code_again() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    for kind, found in ((1, []), (2, [(0, 0)])):
        change(conversation, {"data": [{"kind": kind, "document": cell("b")}]})
        await conversation.settle()
        assert shown(conversation, "b") == found


async def test_a_cell_that_runs_is_the_same() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    run = {"executionSummary": {"executionOrder": 1, "success": True}, "metadata": {"x": 1}}
    change(conversation, {"data": [{**each, **run} for each in described("a", "b")]})
    array = {"start": 0, "deleteCount": 1, "cells": [{**described("a")[0], **run}]}
    change(conversation, {"structure": {"array": array}})
    await conversation.settle()

    assert shown(conversation, "a") == shown(conversation, "b") == [(0, 0)]
    assert len(conversation.published(cell("b"))) == 1


async def test_cells_that_are_not_python_are_counted_where_the_editor_tells_of_them() -> None:
    """VS Code does not; others may, and then mean them too when they say which cell changes."""
    conversation = await opened(a="bad_one\n")
    sql = {**item("sql", "bad_sql\n"), "languageId": "sql"}
    array = {"start": 2, "deleteCount": 0, "cells": described("sql", "b")}
    structure = {"array": array, "didOpen": [sql, item("b", "bad_two\n")]}
    change(conversation, {"structure": structure})
    await conversation.settle()
    assert shown(conversation, "b") == [(0, 0)]
    assert conversation.published(cell("sql")) == []

    array = {"start": 1, "deleteCount": 1, "cells": []}
    edit = {"document": {"uri": cell("b"), "version": 2}, "changes": [{"text": "\nbad_two\n"}]}
    change(conversation, {"structure": {"array": array}, "textContent": [edit]})
    await conversation.settle()
    assert shown(conversation, "a") == [(0, 0)]
    assert shown(conversation, "b") == [(1, 0)]


async def test_texts_and_cells_may_change_at_once() -> None:
    conversation = await opened(a="bad_one\n", b="good\n")
    array = {"start": 0, "deleteCount": 0, "cells": described("c")}
    structure = {"array": array, "didOpen": [item("c", "good\n")]}
    edits = [
        {"document": {"uri": cell(name), "version": 2}, "changes": [{"text": text}]}
        for name, text in {"c": "\n\nbad_c\n", "b": "\nbad_b\n", "gone": "bad_gone\n"}.items()
    ]
    change(conversation, {"structure": structure, "textContent": edits})
    await conversation.settle()

    assert {name: shown(conversation, name) for name in "abc"} == {
        "a": [(0, 0)],
        "b": [(1, 0)],
        "c": [(2, 0)],
    }


async def test_a_cell_of_two_notebooks_belongs_to_the_one_that_is_left() -> None:
    conversation = await opened(a="bad_one\n")
    other = {"uri": "file:///work/b.ipynb", "notebookType": "x", "version": 1}
    conversation.tell(
        "notebookDocument/didOpen",
        {
            "notebookDocument": {**other, "cells": described("a")},
            "cellTextDocuments": [item("a", "bad_one\n")],
        },
    )
    conversation.tell(
        "notebookDocument/didClose",
        {"notebookDocument": {"uri": other["uri"]}, "cellTextDocuments": []},
    )
    place = {"textDocument": {"uri": cell("a")}, "position": {"line": 0, "character": 1}}

    assert await conversation.ask("textDocument/hover", place)


async def test_the_text_of_the_file_is_not_the_notebook() -> None:
    """An editor may show both at once."""
    conversation = await opened(a="bad_one\n")
    conversation.open(NOTEBOOK, "bad_json bad_text")
    conversation.replace(NOTEBOOK, 2, "bad_json")
    conversation.close_document(NOTEBOOK)
    await conversation.settle()
    place = {"textDocument": {"uri": cell("a")}, "position": {"line": 0, "character": 1}}

    assert await conversation.ask("textDocument/hover", place)
    assert shown(conversation, "a") == [(0, 0)]
    assert conversation.published(NOTEBOOK) == []


async def test_of_a_cell_that_is_gone_no_findings_are_kept_for_who_pulls() -> None:
    pulls = {"diagnostic": {}}, {"diagnostics": {"refreshSupport": True}}
    conversation = await opened({"textDocument": pulls[0], "workspace": pulls[1]}, a="a", b="b")
    for name in "ba":
        question = {"textDocument": {"uri": cell(name)}}
        await conversation.ask("textDocument/diagnostic", question)
        moved(conversation, 1, 1)
        await conversation.settle()

    assert cell("b") not in conversation.server.diagnostics.outlet._given  # type: ignore[attr-defined]


async def test_closing_clears_every_cell() -> None:
    conversation = await opened(a="bad_one\n", b="bad_two\n")
    params = {
        "notebookDocument": {"uri": NOTEBOOK},
        "cellTextDocuments": [{"uri": cell("a")}, {"uri": cell("b")}],
    }
    conversation.tell("notebookDocument/didClose", params)
    await conversation.settle()

    assert last(conversation, "a") == last(conversation, "b") == []
    assert conversation.server.owners == {}
    assert conversation.server.documents == {}


async def test_questions_and_edits_are_about_the_cell() -> None:
    conversation = await opened(a="x\n", b="y = bad_two\n")
    place = {"line": 0, "character": 5}
    document = {"textDocument": {"uri": cell("b")}}
    hover = await conversation.ask("textDocument/hover", {**document, "position": place})
    actions = await conversation.ask(
        "textDocument/codeAction",
        {**document, "range": {"start": place, "end": place}, "context": {"diagnostics": []}},
    )

    assert hover["range"]["start"] == {"line": 0, "character": 4}
    ((uri, (edit,)),) = actions[0]["edit"]["changes"].items()
    assert uri == cell("b")
    assert edit["range"]["start"] == {"line": 0, "character": 4}


@pytest.mark.parametrize(
    "params",
    [
        {"notebookDocument": {"uri": "file:///other.ipynb", "version": 1}, "change": {}},
        {"notebookDocument": {"uri": NOTEBOOK, "version": 1}, "change": {}},
        {"notebookDocument": {"uri": NOTEBOOK, "version": 1}, "change": {"cells": {}}},
        {
            "notebookDocument": {"uri": NOTEBOOK, "version": 1},
            "change": {"cells": {"structure": {"array": {"start": 9, "deleteCount": 9}}}},
        },
    ],
)
async def test_odd_changes_do_no_harm(params: dict[str, Any]) -> None:
    conversation = await opened(a="bad_one\n")
    conversation.tell("notebookDocument/didChange", params)
    await conversation.settle()

    assert shown(conversation, "a") == [(0, 0)]


async def test_a_notebook_without_cells_is_nothing_special() -> None:
    conversation = await opened()
    array = {"start": 0, "deleteCount": 1, "cells": described("a")}
    structure = {"array": array, "didOpen": [item("a", "bad_one\n")]}
    change(conversation, {"structure": structure})
    await conversation.settle()

    assert shown(conversation, "a") == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("%matplotlib inline\nx = 1\n", "#matplotlib inline\nx = 1\n"),
        ("if x:\n  !pip install é\n", "if x:\n  #pip install é\n"),
        ("?open\n", "#open\n"),
        ("x = (a\n%b)\n", "x = (a\n%b)\n"),
        ('x = """\n%s\n"""\n', 'x = """\n%s\n"""\n'),
        ("x = a \\\n  % b\n", "x = a \\\n  % b\n"),
        ("%%bash\nécho $X\n", "      \n        \n"),
        ("%%time\nx = 1\n", "#%time\nx = 1\n"),
        ("x = 1 % 2\n", "x = 1 % 2\n"),
        ("%time f(x)\n", "0    ;f(x)\n"),
        ("if x:\n  %time y = é(x)  # z\n", "if x:\n  0    ;y = é(x)  # z\n"),
        ("%timeit -n 10 -r3 -q f(x)\n", "0                   ;f(x)\n"),
        ("%prun -s cumulative [f(x)]\n", "0                  ;[f(x)]\n"),
        ("%time\nf(x)\n", "#time\nf(x)\n"),
        ("%time for x in y: f(x)\n", "#time for x in y: f(x)\n"),
        ("%timer f(x)\n", "#timer f(x)\n"),
        ("x = 5 \\\n%time (x)\n", "x = 5 \\\n%time (x)\n"),
    ],
)
def test_what_is_not_python_is_left_out_in_as_many_bytes(text: str, python: str) -> None:
    made = python_of(SourceText(text))

    assert made == python
    assert len(made.encode()) == len(text.encode())
