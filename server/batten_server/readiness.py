"""What the first code action would have to wait for, done before anybody asks for one.

For each type of message attrs makes the class, and the converter writes code, when the first one
comes: for a question about code actions and its answer that is more than to find them.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from batten_server import lenient

_PLACE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
_DIAGNOSTIC = {
    "range": _PLACE,
    "message": "",
    "severity": 2,
    "code": "",
    "codeDescription": {"href": ""},
    "source": "",
    "relatedInformation": [{"location": {"uri": "", "range": _PLACE}, "message": ""}],
    "data": {},
}
_EDITS = [{"range": _PLACE, "newText": ""}]
_ACTION = {
    "title": "",
    "kind": "quickfix",
    "diagnostics": [_DIAGNOSTIC],
    "isPreferred": True,
    "edit": {
        "changes": {"": _EDITS},
        "documentChanges": [{"textDocument": {"uri": "", "version": 1}, "edits": _EDITS}],
    },
    "command": {"title": "", "command": "", "arguments": []},
    "data": {},
}
_MESSAGES: tuple[tuple[str, Any, Any], ...] = (
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        {
            "textDocument": {"uri": ""},
            "range": _PLACE,
            "context": {"diagnostics": [_DIAGNOSTIC], "only": ["quickfix"], "triggerKind": 1},
        },
        [_ACTION],
    ),
    (types.CODE_ACTION_RESOLVE, _ACTION, _ACTION),
)


def get_ready() -> None:
    """Read a question about code actions, and write an answer, of which nobody hears."""
    converter = lenient.converter()
    for method, params, result in _MESSAGES:
        known: Any = types.METHOD_TO_TYPES[method]
        request, response = known[:2]
        head = {"jsonrpc": "2.0", "id": 0}
        lenient.structure(converter, {**head, "method": method, "params": params}, request)
        converter.unstructure(converter.structure({**head, "result": result}, response))
