"""What a sink is given: the text that it sends, and the parameters that are put behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.arguments import given_argument, given_by_callers
from batten.link.entities import Frame, Known
from batten.link.point import Piece, Point
from batten.values.terms import Format, Hole, Joined, Template

if TYPE_CHECKING:
    from batten.link.point import Origin
    from batten.link.reader import Reader
    from batten.link.resolve import Resolver
    from batten.link.sinks import FoundSink

_TEXT = (Template, Format, Joined)


def read_sink(found: FoundSink, origin: Origin, reader: Reader, resolver: Resolver) -> None:
    """Read the arguments of a sink with its grammar; `origin` is who asks for all in them."""
    frame = Frame(found.call.function)
    start = Point(frame, url.start(found.sink.start), "", origin)
    if found.sink.start == "host":
        start = replace(start, around=(Piece(frame, ("http://", found.argument, "/"), 1),))
    reader.hole(found.argument, start)
    if found.sink.params is None:
        return
    call = resolver.index.call(found.call)
    argument = found.sink.params
    given = given_argument(call, argument.position, argument.keyword)
    address = Hole(found.argument.site, found.argument, "s", "url")
    for each in (given,) if given is not None else given_by_callers(call, argument):
        around = (Piece(frame, (address, "?", each), 2),)
        query = Point(frame, url.Place.QUERY_START, "", origin, around)
        for entity in resolver.resolve(each.value, frame):
            # Parameters given as text are sent as they are.
            if isinstance(entity, Known) and isinstance(entity.value, _TEXT):
                reader.read(entity.value, query.within(entity.frame))
        reader.given(each, replace(query, place=url.Place.PARAMETERS))
