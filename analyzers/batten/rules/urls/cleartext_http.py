"""## What it reports

The address of a server on the Internet that begins with `http://` or `ws://` and that the program
requests. The literal is underlined where it is written, also when that is a constant of another
module, an attribute of a class or the default of a parameter.

## Why it matters

Who is on the way, in the same wireless network or at a provider, reads the request and the answer
and can change both. When the request says who asks (`auth=`, cookies, an `Authorization` header),
the password or token is read along, and the finding is a warning; else it is a note.

## Example

    requests.get("http://api.my-company.com/items", auth=("reader", password))

## Use instead

    requests.get("https://api.my-company.com/items", auth=("reader", password))

## What it does not report

The machine itself and private networks (`localhost`, `127.0.0.1`, `10.0.0.1`, names without a dot,
`.local`, `.internal`); names reserved for tests and documentation (`.test`, `.example`,
`example.com`); hosts that are not known; addresses in tests; text that is never requested, such
as the names of XML namespaces.

## Fix safety

The fix makes `https://` of `http://`, and `wss://` of `ws://`, where the literal is written. It is
unsafe, and not preferred: whether the server answers to it can't be told from the program.

## References

- CWE-319: Cleartext Transmission of Sensitive Information
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.address import address, is_public
from batten.link.index import is_test
from batten.rewrite.edit import Level
from batten.rules.declared import Way, fixing
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule
from batten.rules.urls.control import REQUESTS
from batten.rules.urls.hole import reported

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rewrite.declared import Change
    from batten.rewrite.edit import Edit
    from batten.rewrite.refusal import Refusal
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span

_CLEARTEXT = frozenset({"http", "ws"})


def check(flow: Flow) -> Finding | None:
    """Report a literal that is the beginning of a request over the Internet without TLS."""
    known = address(flow.literal)
    if known is None or known.scheme not in _CLEARTEXT or not is_public(known.host):
        return None
    if flow.sink.kind not in REQUESTS or is_test(flow.path):
        return None
    credentials = flow.sink.credentials or ("a password" if known.password else "")
    along = f", with {credentials}," if credentials else ""
    message = (
        f"the request to `{known.host}` is sent{along} over {known.scheme}://, which everybody"
        f" on the way can read and change; use {known.scheme}s:// if the server has it"
    )
    severity = Severity.WARNING if credentials else Severity.NOTE
    return reported(flow, "BTN111", "cleartext-http", severity, message, None)


def _encrypted(scheme: str) -> Change:
    """Return the change that lets a literal begin with the encrypted form of a scheme."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        from batten.rewrite.declared import replace_prefix  # only for fixes

        return replace_prefix(f"{scheme}://", f"{scheme}s://")(source, span)

    return change


RULE = Rule(
    code="BTN111",
    name="cleartext-http",
    family="urls",
    summary="A request goes over the Internet without encryption.",
    severity=Severity.NOTE,
    cwe=(319,),
    aliases=(),
    documentation=__doc__ or "",
    examples=(
        Example(
            title="a constant address",
            bad=(
                "import requests\n"
                "\n"
                'ITEMS = "http://api.my-company.com/items"\n'
                "\n"
                "def items():\n"
                "    return requests.get(ITEMS).json()\n"
            ),
            fixed=None,
            good=(
                "import requests\n"
                "\n"
                'ITEMS = "https://api.my-company.com/items"\n'
                'STATUS = "http://localhost:8080/status"\n'
                "\n"
                "def items():\n"
                "    requests.get(STATUS)\n"
                "    return requests.get(ITEMS).json()\n"
            ),
        ),
    ),
    check=check,
    fix=fixing(
        *(
            Way(f"Begin with {scheme}s://", Level.UNSAFE, _encrypted(scheme), preferred=False)
            for scheme in sorted(_CLEARTEXT)
        )
    ),
)
