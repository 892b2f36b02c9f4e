"""A workspace of a few files on disk, and a session that scans it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from conversation import Conversation

if TYPE_CHECKING:
    from pathlib import Path

HOLED = "import requests\n\n\ndef f(name):\n    requests.get('https://x.test/?q=%s' % name)\n"


async def begun(tmp_path: Path, capabilities: dict[str, Any]) -> Conversation:
    """Begin a session with two files that have a finding each, and one that has none."""
    (tmp_path / "pkg").mkdir()
    for name in ("a.py", "pkg/b.py"):
        (tmp_path / name).write_text(HOLED, encoding="utf-8")
    (tmp_path / "good.py").write_text("x = 1\n", encoding="utf-8")
    conversation = Conversation()
    folders = [{"uri": tmp_path.as_uri(), "name": "x"}]
    await conversation.initialize(capabilities, workspaceFolders=folders)
    return conversation


async def scan(conversation: Conversation) -> asyncio.Future[Any]:
    """Begin to scan; what comes of it is to be awaited."""
    return asyncio.ensure_future(
        asyncio.wait_for(execute_slowly(conversation, "batten.scanWorkspace"), 60)
    )


async def execute_slowly(conversation: Conversation, command: str) -> Any:
    conversation._last_id += 1
    message_id = conversation._last_id
    conversation.raw(
        b'{"jsonrpc": "2.0", "id": %d, "method": "workspace/executeCommand",'
        b' "params": {"command": "%b"}}' % (message_id, command.encode())
    )
    answer = await conversation._answer_to(message_id)
    assert "error" not in answer, answer["error"]
    return answer["result"]
