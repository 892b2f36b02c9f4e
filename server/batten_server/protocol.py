"""The rules of the conversation: every request gets exactly one answer, whatever it holds.

pygls leaves a request that it cannot read without an answer and tells the user instead, and
it does not answer after `shutdown`. Here a message is looked at before pygls takes it over,
and what cannot be taken over is refused with the error that the protocol has for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import InvalidStateError
from typing import TYPE_CHECKING, Any, cast

from cattrs.errors import BaseValidationError
from lsprotocol import types
from pygls.protocol import JsonRPCResponseMessage, LanguageServerProtocol

from batten_server import lenient
from batten_server.change import converted, read_change
from batten_server.refusal import RefusedError
from batten_server.written import Written

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from batten_server.backlog import Writer

_log = logging.getLogger(__name__)

_NOT_FOR_PYGLS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
)
"""What we do ourselves.

pygls keeps copies of documents, which count lines in another way than editors, and refuses
commands with other arguments than it expects.
"""


class Protocol(LanguageServerProtocol):
    """A session's side of the conversation; it has `ended` once the client said `exit`."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        # First, as pygls reads every property while it looks for features.
        self.ended = False
        self._begun = False
        self._plain: dict[str, Any] = {}
        super().__init__(server, converter)
        for method in _NOT_FOR_PYGLS:
            del self.fm.builtin_features[method]

    @property
    def exit_code(self) -> int:
        """What to exit with if the client leaves now: 1 when it did not say `shutdown` before."""
        return 0 if self._shutdown else 1

    def receive(self, body: bytes) -> bool:
        """Handle one message; True when it was a request, which a task may now be answering."""
        try:
            return self._received(body)
        except Exception as error:  # a mistake of ours costs one message
            _log.exception("a message is lost: %s", error)
            return False

    def _received(self, body: bytes) -> bool:
        try:
            data = json.loads(body.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            self._refuse(None, types.ErrorCodes.ParseError, f"not JSON: {error}")
            return False
        if not isinstance(data, dict) or data.get("jsonrpc") != self.VERSION:
            known = data.get("id") if isinstance(data, dict) else None
            self._refuse(known, types.ErrorCodes.InvalidRequest, "not a JSON-RPC 2.0 message")
            return False
        if "method" not in data:
            self._take_response(data)
            return False
        if "id" not in data:
            self._take_notification(data)
            return False
        self._take_request(data)
        return True

    def give_up(self) -> None:
        """Stop whatever is being answered or done for the client, which is gone."""
        for waiting in [*self._request_futures.values()]:
            waiting.cancel()

    @property
    def is_in_session(self) -> bool:
        """Whether the client is there to be told something."""
        return self._begun and not self._shutdown and not self.ended

    def notify_written(self, method: str, *params: bytes, about: str) -> None:
        """Tell the client news of something; `params` are JSON already, in pieces.

        Older news `about` the same that it has not read yet it will not be told.
        """
        head = f'{{"jsonrpc":"{self.VERSION}","method":"{method}","params":'
        self._send_pieces(head.encode(), *params, b"}", about=about)

    def _send_pieces(self, *body: bytes, about: str | None = None) -> None:
        """Send a message that is JSON already; it is large, and put together once."""
        writer = cast("Writer | None", self.writer)
        if writer is None:
            _log.error("there is nobody to send a message to")
            return
        # No more of it: findings quote the user's code.
        _log.debug("sending %d bytes about %s", sum(map(len, body)), about or "what was asked")
        header = b""
        if self._include_headers:
            header = b"Content-Length: %d\r\n\r\n" % sum(map(len, body))
        writer.write(b"".join((header, *body)), about)

    def _send_handler_result(self, future: Any, *, msg_id: Any) -> None:
        """Answer a request; pygls would log a refusal as a mistake."""
        error = None if future.cancelled() else future.exception()
        if not future.cancelled() and error is None and isinstance(future.result(), Written):
            self._request_futures.pop(msg_id, None)
            self._result_types.pop(msg_id, None)
            answer = f'"id":{json.dumps(msg_id)},"result":{future.result()}'
            self._send_pieces(f'{{"jsonrpc":"{self.VERSION}",{answer}}}'.encode())
            return
        if isinstance(error, RefusedError):
            self._request_futures.pop(msg_id, None)
            self._send_response(msg_id, error=error.to_response_error())
        else:
            super()._send_handler_result(future, msg_id=msg_id)

    def _take_request(self, data: dict[str, Any]) -> None:
        message_id, method = data["id"], data["method"]
        if not _is_id(message_id):
            self._refuse(
                message_id, types.ErrorCodes.InvalidRequest, "an id is a string or a number"
            )
        elif not isinstance(method, str):
            self._refuse(message_id, types.ErrorCodes.InvalidRequest, "a method is a string")
        elif self._shutdown:
            self._refuse(message_id, types.ErrorCodes.InvalidRequest, "the server is shut down")
        elif self._begun and method == types.INITIALIZE:
            self._refuse(message_id, types.ErrorCodes.InvalidRequest, "initialized already")
        elif not self._begun and method != types.INITIALIZE:
            self._refuse(message_id, types.ErrorCodes.ServerNotInitialized, "not initialized yet")
        elif not self._knows(method) or not _is_answered(method):
            self._refuse(message_id, types.ErrorCodes.MethodNotFound, f"no such method: {method}")
        else:
            try:
                message = self._read(data)
            except Exception as error:  # cattrs hooks raise whatever the odd value makes them raise
                _log.info("%s cannot be read: %s", method, error)
                self._refuse(
                    message_id,
                    types.ErrorCodes.InvalidParams,
                    f"invalid params for {method}: {_reason(error)}",
                )
            else:
                self._begun = True
                self.handle_message(message)

    def _take_notification(self, data: dict[str, Any]) -> None:
        method = data["method"]
        if method == types.EXIT:
            self.ended = True
        elif self._shutdown or not self._begun or not isinstance(method, str):
            _log.debug("%s ignored: outside of the session", method)
        elif method == types.CANCEL_REQUEST:
            self._cancel(data.get("params"))
        elif self._knows(method):
            try:
                params = self._read_params(data)
            except Exception as error:  # as above
                _log.warning("%s cannot be read: %s", method, error)
            else:
                self._notice(method, params)

    def _read_params(self, data: dict[str, Any]) -> Any:
        """Read the params of a notification; raises whatever cattrs raises."""
        if data["method"] == types.TEXT_DOCUMENT_DID_CHANGE:
            return read_change(data.get("params")) or converted(self._read(data).params)
        if data["method"] == types.INITIALIZED:
            return types.InitializedParams()  # there is nothing in them, and some send none
        return self._read(data).params

    def _notice(self, method: str, params: Any) -> None:
        """Handle a notification.

        One that only a function of ours handles needs nothing of what pygls does for the others,
        which takes several times as long as the function.
        """
        self._forget_finished()
        if not self._is_plain(method):
            self._handle_notification(method, params)
            return
        try:
            self._plain[method](params)
        except Exception:  # a mistake of ours costs its own message
            _log.exception("%s could not be handled", method)

    def _is_plain(self, method: str) -> bool:
        """Tell whether a function of ours that waits for nothing is all that handles a method."""
        if method in self._plain:
            return True
        ours = None if method in self.fm.builtin_features else self.fm.features[method]
        if ours is None or asyncio.iscoroutinefunction(ours):
            return False
        self._plain[method] = ours
        return True

    def _forget_finished(self) -> None:
        """Forget notifications that were dealt with; pygls would keep what came of each."""
        if not self._request_futures:
            return
        finished = [key for key, future in self._request_futures.items() if future.done()]
        for key in finished:
            del self._request_futures[key]

    def _take_response(self, data: dict[str, Any]) -> None:
        message_id: Any = data.get("id")
        if not _is_id(message_id) or not self._have_asked(message_id):
            _log.debug("an answer to no question of ours: %r", message_id)
            return
        expected = self._result_types.pop(message_id, None) or JsonRPCResponseMessage
        try:
            if "error" in data:
                expected = types.ResponseErrorMessage
            message = self._converter.structure(data, expected)
        except Exception as error:  # as above
            # pygls would have whoever waits for the answer wait for ever.
            reason = f"the answer cannot be read: {_reason(error)}"
            refusal = types.ResponseError(types.ErrorCodes.InvalidParams.value, reason)
            message = types.ResponseErrorMessage(id=message_id, error=refusal)
        try:
            self.handle_message(message)
        except InvalidStateError:
            _log.debug("nobody waits for this answer any more: %r", message_id)

    def _have_asked(self, message_id: int | str) -> bool:
        """Tell whether the client still has to answer this; pygls keeps its questions beside ours.

        Only those of ours wait for nothing that runs here.
        """
        waiting = self._request_futures.get(message_id)
        return waiting is not None and not asyncio.isfuture(waiting)

    def _cancel(self, params: Any) -> None:
        message_id = params.get("id") if isinstance(params, dict) else None
        # Most cancellations come after the answer; pygls would log each of them.
        if (
            _is_id(message_id)
            and message_id in self._request_futures
            and not self._have_asked(message_id)
        ):
            self._handle_cancel_notification(message_id)

    def _read(self, data: dict[str, Any]) -> Any:
        return lenient.structure(self._converter, data, types.METHOD_TO_TYPES[data["method"]][0])

    def _knows(self, method: str) -> bool:
        return method in self.fm.features or method in self.fm.builtin_features

    def _refuse(self, message_id: Any, code: types.ErrorCodes, message: str) -> None:
        # As a plain object: pygls leaves out an `id` of null, which JSON-RPC asks for.
        self._send_data(
            {
                "jsonrpc": self.VERSION,
                "id": message_id if _is_id(message_id) else None,
                "error": {"code": code.value, "message": message},
            }
        )


def _is_id(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _is_answered(method: str) -> bool:
    """Tell whether a method is a request's: pygls answers no notification, even one with an id."""
    return types.METHOD_TO_TYPES[method][1] is not None


def _reason(error: Exception) -> Exception:
    while isinstance(error, BaseValidationError):
        error = error.exceptions[0]
    return error
