"""Answers to the same question, as long as all that was looked at for the first one looks the same.

What is read may be anything, as in `kept_results.py`. So it is taken only under the question and a
digest, and shown only if it does no more to a terminal than to colour text.
"""

from __future__ import annotations

from batten.project.digest import blake2b
from batten.project.sights import are_seen

TYPE_CHECKING = False  # as in disk.py
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.project.cache_folder import CacheFolder
    from batten.project.sights import Sight

_FORM = b"batten answer 1"
"""Another form has another number."""


class Answer:
    """How a command ended and what it wrote: output, and messages `before` and `after` it.

    `file` is where the output went, None the screen.
    """

    __slots__ = ("after", "before", "code", "file", "output")

    def __init__(self, code: int, before: str, output: str, file: str | None, after: str) -> None:
        self.code = code
        self.before = before
        self.output = output
        self.file = file
        self.after = after


def keep(folder: CacheFolder, question: str, answer: Answer, sights: Sequence[Sight]) -> None:
    """Keep an answer that follows from the question and from what was seen."""
    file = "" if answer.file is None else f">{answer.file}"
    pieces = [str(answer.code), answer.before, answer.output, file, answer.after]
    for asked, path, digest in sights:
        pieces += (asked, path, digest.hex())
    if any("\0" in piece for piece in pieces) or not _is_shown(answer):
        return  # it would not be taken
    body = "\0".join(pieces).encode("utf-8", "surrogatepass")
    folder.write(question, b"\n".join((_FORM, _digest(question, body), body)))


def kept_answer(folder: CacheFolder, question: str) -> Answer | None:
    """Return the answer to a question that was kept; None if it may be another one by now."""
    data = folder.read(question)
    if data is None:
        return None
    form, _, rest = data.partition(b"\n")
    digest, _, body = rest.partition(b"\n")
    if form != _FORM or digest != _digest(question, body):
        return None
    try:
        code, before, output, file, after, *seen = _texts(body)
        answer = Answer(int(code), before, output, file[1:] if file else None, after)
        return answer if _is_shown(answer) and are_seen(_sights(seen)) else None
    except ValueError:
        return None


def _digest(question: str, body: bytes) -> bytes:
    whole = blake2b(question.encode("ascii"), digest_size=32)
    whole.update(body)
    return whole.hexdigest().encode("ascii")


def _texts(body: bytes) -> list[str]:
    return body.decode("utf-8", "surrogatepass").split("\0")


def _sights(pieces: Sequence[str]) -> Iterator[Sight]:
    """Yield what was seen; ValueError when a piece is missing or is none."""
    each = iter(pieces)
    for asked, path, digest in zip(each, each, each, strict=True):
        yield asked, path, bytes.fromhex(digest)


def _is_shown(answer: Answer) -> bool:
    """Tell whether a terminal does no more than show it, perhaps in colours (ECMA-48, SGR)."""
    shown = []
    for text in (answer.before, answer.output, answer.after):
        plain, *coloured = text.split("\x1b[")
        shown.append(plain)
        for each in coloured:
            numbers, end, rest = each.partition("m")
            if not end or numbers.strip("0123456789;"):
                return False
            shown.append(rest)
    return "".join(shown).replace("\n", "").replace("\t", "").isprintable()
