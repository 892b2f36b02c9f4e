"""Reading messages of clients that stray from the protocol.

A value that nobody here understands, such as an unknown tag or another extension's odd
diagnostic, must not cost the message that it came with. So a message that cannot be read is
read again without the parts that stand in the way, but only where leaving a part out cannot
change what the rest means: a `Message` is never read from half an edit.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from cattrs.errors import BaseValidationError, ClassValidationError, IterableValidationError
from lsprotocol import types
from pygls.protocol import default_converter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cattrs import Converter

T = TypeVar("T")

_Path: TypeAlias = tuple[str | int, ...]

_DISPENSABLE: dict[str, tuple[_Path, ...]] = {
    types.TEXT_DOCUMENT_CODE_ACTION: (
        ("params", "context", "diagnostics"),
        ("params", "context", "triggerKind"),
    ),
    types.INITIALIZE: tuple(
        ("params", name)
        for name in ("clientInfo", "locale", "processId", "rootPath", "trace", "workspaceFolders")
    ),
}
"""By method, the parts of a request that may lose what cannot be read of them."""

_LAST = 2**31 - 1
_ROUNDS = 16


@cache
def converter() -> Converter:
    """Return pygls's converter, taught that a position outside of all texts is a position.

    It reads what a client declares as `Declared`, and refuses what is no token and no kind of
    action, which `lsprotocol` lets through. There is one: it writes code for each type of
    message, which sessions can share.
    """
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    token: Any = types.ProgressToken | None
    made.register_structure_hook(token, _token)
    own_token: Any = types.ProgressToken
    made.register_structure_hook(own_token, _own_token)
    language: Any = types.LanguageKind | str
    made.register_structure_hook(language, _language)
    kind: Any = types.CodeActionKind | str
    made.register_structure_hook(kind, _kind)
    made.register_structure_hook(types.Position, _position)
    made.register_structure_hook(types.WorkspaceFolder, _folder)
    made.register_structure_hook(types.ClientCapabilities, _declared)
    return made


class Declared:
    """An object of JSON that looks as if it were one of `lsprotocol`'s; what is missing is None.

    A client declares a hundred objects of which we ask for ten members: making all of them
    takes a tenth of a second, and whatever is odd in one of them would be in the way.
    """

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members

    def __getattr__(self, name: str) -> Any:
        member = self._members.get(_camel_case(name))
        return Declared(member) if isinstance(member, dict) else member


def structure(converter: Converter, data: dict[str, Any], cls: type[T]) -> T:
    """Make a `cls` of a message, without the parts of it that are wrong and dispensable.

    `data` itself may lose those parts. Raises what cattrs raises when the rest is no message.
    """
    dispensable = _DISPENSABLE.get(data.get("method", ""), ())
    for _ in range(_ROUNDS):
        try:
            return converter.structure(data, cls)
        except BaseValidationError as error:
            if not _prune(data, dispensable, error):
                raise
    return converter.structure(data, cls)


def _declared(data: dict[str, Any], _: type[types.ClientCapabilities]) -> Declared:
    """Read what a client declares, as far as it has the form of the protocol."""
    objects = {name: member for name, member in data.items() if isinstance(member, dict)}
    general = objects.get("general", {})
    offered = general.get("positionEncodings")
    known = {each.value: each for each in types.PositionEncodingKind}
    if offered is not None:
        offered = offered if isinstance(offered, list) else []
        kinds = [known[each] for each in offered if isinstance(each, str) and each in known]
        objects["general"] = {**general, "positionEncodings": kinds or None}
    return Declared(objects)


def _token(data: object, _: object) -> int | str | None:
    if data is None or (isinstance(data, (int, str)) and not isinstance(data, bool)):
        return data
    raise TypeError(f"neither a number nor a string: {data!r}")


def _own_token(data: object, _: object) -> int | str:
    token = _token(data, _)
    if token is None:
        raise TypeError("there is no token")
    return token


def _language(data: object, _: object) -> str:
    """Read a language; a document whose editor knows none has no less text."""
    return data if isinstance(data, str) else ""


def _kind(data: object, _: object) -> str:
    if isinstance(data, str):
        return data
    raise TypeError(f"not a string: {data!r}")


def _position(data: dict[str, Any], _: type[types.Position]) -> types.Position:
    """Read a position; editors say "the end" with numbers larger than the protocol has."""
    return types.Position(
        min(max(int(data["line"]), 0), _LAST), min(max(int(data["character"]), 0), _LAST)
    )


def _folder(data: dict[str, Any], _: type[types.WorkspaceFolder]) -> types.WorkspaceFolder:
    """Read a folder, whose name nobody here asks for."""
    uri = data["uri"]
    if isinstance(uri, str):
        return types.WorkspaceFolder(uri, "")
    raise TypeError(f"not a string: {uri!r}")


def _prune(data: dict[str, Any], parts: tuple[_Path, ...], error: BaseValidationError) -> bool:
    """Take out of `data` what `error` complains of; False when some of it is not in the `parts`."""
    paths = {_existing(data, path) for path in _wrong(error, ())}
    if not all(any(path[: len(part)] == part for part in parts) for path in paths):
        return False
    # From the back, so that the indices of list items that are yet to go stay right.
    for path in sorted(paths, key=_order, reverse=True):
        holder: Any = data
        for part in path[:-1]:
            holder = holder[part]
        del holder[path[-1]]
    return True


def _order(path: _Path) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _wrong(error: Exception, path: _Path) -> Iterator[_Path]:
    """Yield the paths, in the words of the message, of the values that could not be read."""
    if isinstance(error, ClassValidationError):
        members, others = error.group_exceptions()
        for inner, member in members:
            yield from _wrong(inner, (*path, _camel_case(member.name)))
    elif isinstance(error, IterableValidationError):
        items, others = error.group_exceptions()
        for inner, item in items:
            yield from _wrong(inner, (*path, cast("int", item.index)))
    else:
        others = [error]
    if others:
        yield path


def _camel_case(name: str) -> str:
    head, *tail = name.rstrip("_").split("_")
    return head + "".join(word.title() for word in tail)


def _existing(data: Any, path: _Path) -> _Path:
    """Return as much of `path` as there is: a value may be wrong because it is missing."""
    for length, part in enumerate(path):
        if isinstance(data, dict):
            found = part in data
        else:
            found = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if not found:
            return path[:length]
        data = data[part]
    return path
