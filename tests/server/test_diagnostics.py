"""What is published, when, and that it is about the text that the editor has."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from conversation import Conversation

from batten.report.rule_page import page_uri

URI = "file:///work/a.py"
OTHER = "file:///work/b.py"
WORD = {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 12}}
EVERYTHING = {
    "relatedInformation": True,
    "codeDescriptionSupport": True,
    "dataSupport": True,
    "versionSupport": True,
}


async def begun(publish: dict[str, Any]) -> Conversation:
    conversation = Conversation()
    await conversation.initialize({"textDocument": {"publishDiagnostics": publish}})
    return conversation


async def test_an_editor_that_declares_nothing_gets_the_bare_diagnostic(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "x = bad_word\n", version=7)
    await conversation.settle()

    assert conversation.published(URI) == [
        {
            "uri": URI,
            "version": 7,
            "diagnostics": [
                {
                    "range": WORD,
                    "message": "the word word",
                    "severity": 2,
                    "code": "BTN101",
                    "source": "batten",
                }
            ],
        }
    ]


async def test_an_editor_that_can_show_more_gets_more() -> None:
    conversation = await begun(EVERYTHING)
    conversation.open(URI, "x = bad_word\n")
    await conversation.settle()

    ((diagnostic,),) = (published["diagnostics"] for published in conversation.published(URI))
    assert diagnostic["codeDescription"] == {"href": page_uri("BTN101")}
    assert diagnostic["data"] == {"fingerprint": "word:word"}
    assert diagnostic["relatedInformation"] == [
        {
            "location": {
                "uri": URI,
                "range": {
                    "start": {"line": 0, "character": 0},
                    "end": {"line": 0, "character": 1},
                },
            },
            "message": "comes from here",
        },
        {"location": {"uri": URI, "range": WORD}, "message": "goes in here"},
    ]


async def test_severities_are_errors_warnings_and_information(conversation: Conversation) -> None:
    conversation.open(URI, "bad_error bad_warning bad_note\n")
    await conversation.settle()

    (published,) = conversation.published(URI)
    assert [diagnostic["severity"] for diagnostic in published["diagnostics"]] == [1, 2, 3]


async def test_a_clean_document_is_told_once_to_be_clean(conversation: Conversation) -> None:
    conversation.open(URI, "good\n")
    await conversation.settle()
    conversation.replace(URI, 2, "better\n")
    await conversation.settle()

    assert conversation.published(URI) == [{"uri": URI, "version": 1, "diagnostics": []}]


async def test_an_equal_list_is_not_sent_again(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.replace(URI, 2, "bad_word # ")
    await conversation.settle()
    conversation.replace(URI, 3, " bad_word # ")
    await conversation.settle()

    assert [published["version"] for published in conversation.published(URI)] == [1, 3]


async def test_an_analysis_begins_when_all_that_has_come_is_read() -> None:
    conversation = await begun(EVERYTHING)
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    unread = [(4, "bad_word bad_more\n"), (3, "bad_more\n")]

    def is_more_there() -> bool:
        if unread:
            asyncio.get_running_loop().call_soon(conversation.replace, URI, *unread.pop())
            return True
        return False

    conversation.server.incoming.is_there = is_more_there
    conversation.replace(URI, 2, "bad\n")
    await conversation.settle()

    assert [published["version"] for published in conversation.published(URI)] == [1, 4]


async def test_an_editor_that_looks_at_versions_gets_the_list_of_each() -> None:
    conversation = await begun(EVERYTHING)
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.replace(URI, 2, "bad_word # ")
    await conversation.settle()

    assert [published["version"] for published in conversation.published(URI)] == [1, 2]


async def test_a_burst_of_changes_is_one_analysis(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.program.log.clear()
    for version in range(2, 22):
        end = {"line": 0, "character": version + 6}
        conversation.change(URI, version, {"range": {"start": end, "end": end}, "text": "s"})
    await conversation.settle()

    assert conversation.program.log == [f"put /work/a.py 'bad_word{'s' * 20}\\n'"]
    assert [published["version"] for published in conversation.published(URI)] == [1, 21]


async def test_a_result_for_a_text_that_has_changed_meanwhile_is_dropped(
    conversation: Conversation,
) -> None:
    conversation.program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.open(URI, "bad_old\n")
    await asyncio.to_thread(begun.wait)
    conversation.replace(URI, 2, "bad_new\n")
    may_end.set()
    await conversation.settle()

    assert [published["version"] for published in conversation.published(URI)] == [2]


async def test_the_analysis_of_a_text_that_has_changed_meanwhile_is_stopped(
    conversation: Conversation,
) -> None:
    program = conversation.program
    conversation.open(URI, "bad_word\n")
    conversation.open(OTHER, "bad_other\n")
    await conversation.settle()
    program.looked_at.clear()
    program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.replace(URI, 2, "bad_old\n")
    await asyncio.to_thread(begun.wait)
    conversation.replace(URI, 3, "bad_new\n")
    may_end.set()
    await conversation.settle()

    assert program.looked_at == ["bad_new\n", "bad_other\n"]
    assert [each["version"] for each in conversation.published(URI)] == [1, 3]


async def test_a_document_that_was_new_to_a_stopped_analysis_is_not_forgotten(
    conversation: Conversation,
) -> None:
    """Both open at once; then one is typed in before the other has been looked at."""
    program = conversation.program
    program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.open(URI, "bad_old\n")
    conversation.open(OTHER, "bad_other\n")
    await asyncio.to_thread(begun.wait)
    conversation.replace(URI, 2, "bad_new\n")
    may_end.set()
    await conversation.settle()

    assert program.looked_at == ["bad_new\n", "bad_other\n"]
    assert [each["version"] for each in conversation.published(URI)] == [2]
    assert len(conversation.published(OTHER)[-1]["diagnostics"]) == 1


async def test_what_is_opened_or_closed_stops_nothing(conversation: Conversation) -> None:
    program = conversation.program
    conversation.open(OTHER, "x\n")
    await conversation.settle()
    program.looked_at.clear()
    program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.open(URI, "bad_word\n")
    await asyncio.to_thread(begun.wait)
    conversation.close_document(OTHER)
    conversation.open("file:///work/c.py", "bad_third\n")
    may_end.set()
    await conversation.settle()

    assert program.looked_at[0] == "bad_word\n"


async def test_closing_clears(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.close_document(URI)
    await conversation.settle()

    assert conversation.published(URI)[-1] == {"uri": URI, "diagnostics": []}
    assert "remove /work/a.py" in conversation.program.log


async def test_a_document_closed_during_its_analysis_stays_clear(
    conversation: Conversation,
) -> None:
    conversation.program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.open(URI, "bad_word\n")
    await asyncio.to_thread(begun.wait)
    conversation.close_document(URI)
    may_end.set()
    await conversation.settle()

    assert conversation.published(URI) == []


async def test_what_has_not_changed_is_not_reported_anew(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    conversation.open("file:///work/other.py", "x")
    await conversation.settle()
    document = conversation.server.documents["/work/a.py"]
    before = await conversation.server.engine.diagnosis(document)
    conversation.replace("file:///work/other.py", 2, "y")
    await conversation.settle()

    assert await conversation.server.engine.diagnosis(document) is before


async def test_a_document_opened_again_is_told_anew(conversation: Conversation) -> None:
    for _ in range(2):
        conversation.open(URI, "bad_word\n")
        await conversation.settle()
        conversation.close_document(URI)
        await conversation.settle()

    told = [len(published["diagnostics"]) for published in conversation.published(URI)]
    assert told == [1, 0, 1, 0]


async def test_opening_twice_takes_the_second_text(conversation: Conversation) -> None:
    conversation.open(URI, "bad_one\n", version=1)
    conversation.open(URI, "bad_two bad_three\n", version=5)
    await conversation.settle()

    assert len(conversation.published(URI)[-1]["diagnostics"]) == 2


async def test_a_change_is_followed_into_the_other_open_documents(
    conversation: Conversation,
) -> None:
    other = "file:///work/other.py"
    conversation.open(URI, "bad_word\n")
    conversation.open(other, "bad_other\n")
    await conversation.settle()
    conversation.replace(other, 2, "bad_other allow_all\n")
    await conversation.settle()
    conversation.replace(other, 3, "bad_other  # allow_all\n")
    await conversation.settle()
    conversation.close_document(other)
    await conversation.settle()

    found = [len(published["diagnostics"]) for published in conversation.published(URI)]
    assert found == [1, 0, 1]


async def test_one_file_in_two_spellings_is_one_document(conversation: Conversation) -> None:
    conversation.open("file:///c%3A/work/a.py", "bad_word\n")
    conversation.replace("file:///C:/work/a.py", 2, "bad_word bad_other\n")
    await conversation.settle()

    (published,) = conversation.published("file:///c%3A/work/a.py")
    assert len(published["diagnostics"]) == 2
    assert list(conversation.server.documents) == ["C:/work/a.py"]


async def test_documents_without_a_file_are_analysed_under_their_uri(
    conversation: Conversation,
) -> None:
    conversation.open("untitled:Untitled-1", "bad_word\n")
    await conversation.settle()

    assert len(conversation.published("untitled:Untitled-1")[-1]["diagnostics"]) == 1


async def test_other_languages_are_left_alone(conversation: Conversation) -> None:
    item = {"uri": "file:///work/a.md", "languageId": "markdown", "version": 1, "text": "bad_word"}
    conversation.tell("textDocument/didOpen", {"textDocument": item})
    await conversation.settle()

    assert conversation.published("file:///work/a.md") == []


@pytest.mark.parametrize("separator", ["\f", "\u2028", "\x1c", "\x85"])
async def test_ranges_count_the_lines_of_the_protocol(
    conversation: Conversation, separator: str
) -> None:
    conversation.open(URI, f"a{separator}b\r\nc\rd\nbad_word\n")
    await conversation.settle()

    ((diagnostic,),) = (published["diagnostics"] for published in conversation.published(URI))
    assert diagnostic["range"]["start"] == {"line": 3, "character": 0}


async def test_the_event_loop_is_free_while_the_analysis_runs(conversation: Conversation) -> None:
    conversation.open(URI, "sleep_now\n")
    answer = await conversation.answer("batten/nonsense")

    assert answer["error"]
    assert not conversation.published(URI)
