"""What every rule about a hole in a URL reports alike: the attack, and the finding itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.grammars.wire import request_line
from batten.models.model import SinkKind
from batten.rules.finding import Finding, steps_of

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rules.finding import Severity, Witness


def sent(flow: Flow, text: str) -> str:
    """Return the request line that is sent when `text` fills the hole.

    What is not known of the text around it stays a placeholder; `{url}` is a whole address.
    For a framework that redirects to the URL, it is the `Location` line of the answer.
    """
    before = flow.sent_before
    in_query = flow.context in (Context.QUERY_NAME, Context.QUERY_VALUE)
    if in_query and "?" not in before:
        if not before.startswith("{"):
            before = "{url}?" + before
    elif (
        flow.context not in (Context.WHOLE, Context.BASE, Context.SCHEME)
        and not before.startswith(("/", "{"))
        and "://" not in before
    ):
        before = "/" + before
    return request_line(flow.sink.client, flow.sink.method, before + text + flow.sent_after)


def sends(flow: Flow) -> str:
    """Return what the program does with the text, as a verb of a message."""
    return "answer" if flow.sink.kind in (SinkKind.REDIRECT, SinkKind.LOCATION) else "send"


def shown(flow: Flow) -> str:
    """Return the name of the hole, as words of a message."""
    return f"`{flow.name}`" if flow.name else "the value"


def place(flow: Flow) -> str:
    """Return the part of the URL that the hole fills, as words of a message."""
    words = flow.context.value
    return words if words.startswith("part ") else f"a {words}"


def reported(
    flow: Flow, code: str, name: str, severity: Severity, message: str, witness: Witness | None
) -> Finding:
    """Return the finding of the rule `code`, called `name`, at the hole of a flow."""
    text = flow.literal or flow.before
    identity = "\0".join((code, flow.function, flow.name, text, flow.context.value))
    return Finding(
        code=code,
        name=name,
        severity=severity,
        message=message,
        path=flow.path,
        span=flow.span,
        context=flow.context.value,
        witness=witness,
        trace=steps_of(flow),
        fingerprint=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16],
    )
