"""What linking yields: for each hole that reaches a sink, where it stands and what may fill it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from batten.grammars.alteration import Alteration
    from batten.grammars.url import Context, Place
    from batten.models.model import Control, SinkKind
    from batten.syntax.text import Span


class LeafKind(Enum):
    """What is known of a value that fills a hole; later ones are worse.

    COMPOSED text was put together elsewhere and its holes are judged there; a PIECE is such text
    with a slash: a part of a URL. REPLIED is what a server sent, an IDENTIFIER what is an id by
    what the program says of it.
    """

    # There is one object of each: the hash of its name would be asked of Python each time.
    __hash__ = object.__hash__

    CONSTANT = 0
    HARMLESS = 1
    ESCAPED = 2
    COMPOSED = 3
    PIECE = 4
    REPLIED = 5
    IDENTIFIER = 6
    UNKNOWN = 7
    CONTROLLED = 8


@immutable
class Leaf(Compound):
    """A value at the end of the way back from a hole, and why it is graded so.

    `why` reads as the end of "the value ...". `kept` are the reserved characters that its
    escaping leaves. `is_text` tells that it is known to be a `str`, `told` that the program
    documents it, so that the name of the expression in the hole says nothing more. `checked`
    tells that the program asked whether the address that it is may be used, `undotted` that it
    can't be `.` or `..`. `doubt` reads as the end of "the value is" and tells of a check that
    does not keep out what it should. `source` is the qualified name of what brought it in from
    outside (`flask.Request.args`). `altered` is what happened to its text on the way, first
    things first, as far as that is known. `matched` are the patterns that it has passed, each
    behind the function of `re` that was called, where they don't prove that it is harmless.
    """

    kind: LeafKind
    why: str
    kept: str = ""
    control: Control | None = None
    is_text: bool = False
    told: bool = False
    checked: bool = False
    undotted: bool = False
    source: str = ""
    doubt: str = ""
    altered: tuple[Alteration, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()


@immutable
class Site:
    """A byte range of a document, with what happens there."""

    path: str
    span: Span
    note: str


@immutable
class SinkUse:
    """The call that sends the text: its model's client and the HTTP verb, if known.

    `credentials` is the argument that proves to the server who asks (`auth`), or "".
    """

    path: str
    span: Span
    kind: SinkKind
    client: str
    method: str
    credentials: str = ""


@immutable
class Taker:
    """A call that the text is handed to, and that takes query parameters as `keyword`, too."""

    span: Span
    keyword: str


@immutable
class Beside:
    """A hole of the same function, and all values that may fill it."""

    span: Span
    leaves: frozenset[Leaf]


@immutable
class Flow:
    """One hole on its way to a sink, or a literal that such a text begins with.

    `before` and `after` are the text around the hole, where it is written, other holes shown as
    `{name}`; `sent_before` and `sent_after` are all that is sent around it, as far as that is
    known: what wrappers put in front and behind, too. `spec` is the hole's (see
    `batten.values.terms.Hole`). `join` is the call of `str.join` whose items go in, which may be
    the hole itself. `leaves` are all values that may fill it, worst first.
    `steps` run from where the worst of them comes in, as far as that is found, through the hole
    to the sink. `function` is the qualified name of its unit. `reread`
    is the hole's. For a literal, `literal` is the text that begins with it, as far as it is
    known, `before` what is written of it in front of its first hole, and its context is the
    whole URL; for a hole, `literal` is "". `takers` are calls of the same document, `beside` the
    holes of the function, itself among them.
    """

    path: str
    span: Span
    name: str
    spec: str
    join: Span | None
    place: Place
    context: Context
    before: str
    after: str
    sent_before: str
    sent_after: str
    leaves: tuple[Leaf, ...]
    sink: SinkUse
    steps: tuple[Site, ...]
    function: str
    reread: str = ""
    literal: str = ""
    takers: tuple[Taker, ...] = ()
    beside: tuple[Beside, ...] = ()
