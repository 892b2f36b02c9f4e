"""The names of documents: an editor says URIs, the engine says paths.

A `file:` URI is the absolute POSIX-style path that it stands for, whichever way its characters
are escaped and however a Windows drive letter is written. Any other URI (`untitled:`,
`vscode-notebook-cell:`) has no path and is a name by itself.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from urllib.parse import unquote

_FILE = re.compile(r"file:(?://(?P<host>[^/]*))?(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
_DRIVE = re.compile(r"/?([A-Za-z]):(?=/|$)")


@lru_cache(maxsize=256)
def document_name(uri: str) -> str:
    """Return the engine's name for the document behind `uri`.

    `?` and `#` are taken as part of a file's path: an editor that means them as anything else
    does not exist, one that forgets to escape them does.
    """
    parts = _FILE.fullmatch(uri)
    if parts is None:
        return uri
    path = unquote(parts["path"], errors="surrogateescape")
    drive = _DRIVE.match(path)
    if drive is not None:
        return f"{drive[1].upper()}:{path[drive.end() :]}"
    host = unquote(parts["host"] or "")
    if host and host != "localhost":
        return f"//{host}{path}"
    return path


def real_name(name: str) -> str:
    """Return the name of the file that a name leads to: another one where there are links.

    What is no path, or leads nowhere, is itself.
    """
    if not os.path.isabs(name):  # noqa: PTH117
        return name
    try:
        return os.path.realpath(name).replace(os.sep, "/")
    except (OSError, ValueError):
        return name
