"""A text that goes elsewhere, too, is not escaped where it is made without a word about that."""

from __future__ import annotations

import textwrap

import pytest

from batten.rewrite.destinations import goes_elsewhere
from batten.syntax.text import SourceText, Span

ELSEWHERE = {
    "the name of a file": """
        filename = value + ".pdf"
        data = requests.get(API + filename)
        open(filename, "wb").write(data)
        """,
    "a body": """
        q = "x " + value
        requests.post("/?q=" + q, json={"q": q})
        """,
    "a key": """
        key = f"user:{value}"
        if key in CACHE:
            return CACHE[key]
        return requests.get(API + key)
        """,
    "what is returned": """
        path = "/%s" % value
        requests.get(API + path)
        return path
        """,
    "another client": """
        path = "/{}".format(value)
        requests.get(API + path)
        other.send(path)
        """,
    "a part of it elsewhere": """
        path = "/".join([PREFIX, value])
        url = API + path
        url += "?a=1"
        requests.get(url)
        os.remove(path)
        """,
    "what is made of it elsewhere": """
        key = "users/%s" % value
        requests.post(API + key, json={"self": key + "#me"})
        """,
    "a file with more in its name": """
        url = "https://api.example/users/%s" % value
        open(url + ".json")
        return requests.get(url)
        """,
}
NOWHERE_ELSE = {
    "one call": "requests.get(API + value)\n",
    "a variable": """
        url = API + value
        return requests.get(url)
        """,
    "several verbs": """
        url = API + value
        requests.head(url)
        return requests.get(url=url)
        """,
    "a log and an error": """
        url = f"{API}/{value}"
        logging.debug("get %s", url)
        if not url:
            raise ValueError(f"no {url}")
        assert url, "no " + url
        return requests.get(url)
        """,
    "a variable of a variable": """
        path = "things/%s" % value
        url = (API + path).strip()
        url += "?x=1"
        return requests.get(url, timeout=3)
        """,
    "what is returned only": "return f'{API}/{value}'\n",
    "an attribute": "self.path = API + value\n",
    "what is looked at and deleted": """
        global url
        url = API + value
        if not url.endswith("/") and url != "":
            url += "/"
        requests.get(url)
        del url
        """,
    "what holds itself": """
        url = API + value
        url = url + "/" if url else url
        requests.get(url)
        """,
}


def _goes_elsewhere(body: str) -> bool:
    text = "def f(self, value):\n" + textwrap.indent(textwrap.dedent(body).lstrip("\n"), "    ")
    at = text.index("value", text.index("\n"))
    return goes_elsewhere(SourceText(text), Span(at, at + len("value")))


@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_text_that_goes_elsewhere_too(body: str) -> None:
    assert _goes_elsewhere(body)


@pytest.mark.parametrize("body", NOWHERE_ELSE.values(), ids=NOWHERE_ELSE)
def test_a_text_that_goes_nowhere_else(body: str) -> None:
    assert not _goes_elsewhere(body)


def test_a_parameter_that_is_assigned_to_is_no_destination() -> None:
    text = "def f(value, url: str = API):\n    url = f'{url}/{value}'\n    return get(url)\n"
    at = text.rindex("value")
    assert not goes_elsewhere(SourceText(text), Span(at, at + len("value")))


def test_a_long_chain_of_variables_is_followed() -> None:
    lines = [f"    v{n + 1} = 'x' + v{n}\n" for n in range(300)]
    text = (
        "def f(value):\n    v0 = API + value\n    get(v0)\n" + "".join(lines) + "    open(v300)\n"
    )
    at = text.index("value", text.index("API"))
    assert goes_elsewhere(SourceText(text), Span(at, at + len("value")))


def test_nothing_is_told_of_what_is_no_expression_or_of_a_module() -> None:
    assert not goes_elsewhere(SourceText("x = (\n"), Span(0, 1))
    assert not goes_elsewhere(SourceText("url = API + value\nget(url)\nopen(url)\n"), Span(12, 17))
