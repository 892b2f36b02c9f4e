"""The errors with which a request is answered on purpose: nothing has gone wrong.

Anything else that a handler raises is a mistake of ours, and logged as one.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException


class RefusedError(JsonRpcException):
    """A request is refused; `code` and `data` go to the editor."""


def server_cancelled(reason: str) -> RefusedError:
    """Have the editor ask again: the answer would be about an old text."""
    return RefusedError(
        reason,
        code=types.LSPErrorCodes.ServerCancelled.value,
        data={"retriggerRequest": True},
    )


def content_modified(reason: str) -> RefusedError:
    """Tell that what the request is about is not there any more."""
    return RefusedError(reason, code=types.LSPErrorCodes.ContentModified.value)


def invalid(reason: str) -> RefusedError:
    """Tell that the request makes no sense as it is."""
    return RefusedError(reason, code=types.ErrorCodes.InvalidParams.value)
