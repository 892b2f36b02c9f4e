"""Ways to put a value `x` into a URL, as statements that end with a URL expression.

`{before}` and `{after}` are the literal text around it. Where `text` is set, `x` is a `str`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """Statements that come first, and the expression of the URL."""

    url: str
    first: str = ""
    text: bool = False


FORMS = {
    "percent": Form('base + "{before}%s{after}" % x'),
    "percent of a tuple": Form('base + "{before}%s{after}" % (x,)'),
    "percent of two": Form('"%s{before}%s{after}" % (base, x)'),
    "percent of a dict": Form('base + "{before}%(x)s{after}" % {{"x": x}}'),
    "format": Form('base + "{before}{{}}{after}".format(x)'),
    "format by position": Form('"{{0}}{before}{{1}}{after}".format(base, x)'),
    "format by name": Form('"{{base}}{before}{{x}}{after}".format(base=base, x=x)'),
    "f-string": Form('f"{{base}}{before}{{x}}{after}"'),
    "f-string, converted": Form("f'{{base}}{before}{{x!s}}{after}'"),
    "sum": Form('base + "{before}" + x + "{after}"', text=True),
    "implicit": Form('base + "{before}" "%s" "{after}" % x'),
    "implicit f-string": Form('f"{{base}}{before}" f"{{x}}{after}"'),
    "join": Form('"".join([base, "{before}", x, "{after}"])', text=True),
    "grown": Form("url", 'url = base\n    url += "{before}%s{after}" % x\n'),
    "constant": Form("base + TEMPLATE % x", 'TEMPLATE = "{before}%s{after}"\n'),
    "values before": Form('base + "{before}%s{after}" % values', "values = (x,)\n"),
    "padded": Form('base + "{before}%2s{after}" % x'),
    "in parentheses": Form('(\n        base\n        + "{before}%s{after}" % x\n    )'),
}

PLACES = {
    "segment": ("/items/", "/details?y=1"),
    "last segment": ("/items/", ""),
    "part of a segment": ("/items/a-", "/details"),
    "value": ("/items?name=", "&y=1"),
    "last value": ("/items?y=1&name=", ""),
    "part of a value": ("/items?name=in-", "&y=1"),
    "value behind a literal": ("/items?name=in:", "&y=1"),
    "name": ("/items?", "=1&y=1"),
}
