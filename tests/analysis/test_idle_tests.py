"""Test functions that can send nothing they put together are not read, all others are."""

from functools import cache

import pytest

from batten.analysis.idle_tests import IdleTests
from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText
from batten.syntax.units import Content, UnitKind

HEAD = "import requests\n\nBASE = 'https://api.example'\n\n\n"
SENDS = "def test_user(name):\n    requests.get(f'{BASE}/users/{name}')\n"


@cache
def models():
    return load()


def is_held(text, path="/shop/test_shop.py", kind=UnitKind.FUNCTION):
    unit = Content(kind, "test_user", None, "test_user", text, ())
    return IdleTests(models()).hold(path, unit)


def found(program, path="/test_shop.py"):
    return [finding.code for finding in program.findings(path)]


@pytest.mark.parametrize(
    "text",
    [
        b"def test_user():\n    assert user(1) == 'a'\n",
        b"def test_user():\n    requests.get('https://api.example/users')\n",
        b"def test_user(name):\n    assert f'{name}' == 'a'\n",
        b"def test_user(name):\n    assert '%s' % name == 'a'\n",
    ],
)
def test_what_sends_nothing_it_put_together_is_left_alone(text):
    assert is_held(text)


@pytest.mark.parametrize(
    "text",
    [
        b"def test_user(name):\n    requests.get(f'{BASE}/users/{name}')\n",
        b"def test_user(name):\n    requests.get('%s/users' % name)\n",
        b"def test_user(name):\n    requests.get(BASE + name)\n",
        b"def test_user(name):\n    url = BASE\n    url += name\n    requests.get(url)\n",
        b"def test_user(name):\n    requests.get('/users/{}'.format(name))\n",
        b"def test_user(name):\n    requests.get('/'.join([BASE, name]))\n",
        b"def test_user(name):\n    requests.get(urljoin(BASE, name))\n",
        b"def test_user(name):\n    self._get(T.replace('{name}', name))\n",
        b"def test_user(name):\n    redirect(BASE + name)\n",
    ],
)
def test_what_may_send_what_it_put_together_is_read(text):
    assert not is_held(text)


@pytest.mark.parametrize("path", ["/test_a.py", "/a_test.py", "/conftest.py", "/x/test_a.py"])
def test_a_file_is_a_test_by_its_name(path):
    assert is_held(b"def user():\n    pass\n", path)


@pytest.mark.parametrize(
    "path", ["/a.py", "/tests/a.py", "/test/a.py", "/test.py", "/testing_a.py"]
)
def test_no_other_file_is_a_test(path):
    assert not is_held(b"def user():\n    pass\n", path)


@pytest.mark.parametrize("kind", [UnitKind.MODULE, UnitKind.CLASS])
def test_modules_and_classes_are_read(kind):
    assert not is_held(b"x = 1\n", kind=kind)


def test_a_test_that_sends_is_judged():
    program = Program(models())
    program.put("/test_shop.py", SourceText(HEAD + SENDS))
    assert found(program) == ["BTN101"]


def test_what_a_test_gives_to_the_program_says_nothing_of_it():
    program = Program(models())
    shop = "import requests\n\ndef user(name):\n    requests.get('https://a.example/' + name)\n"
    program.put("/shop.py", SourceText(shop))
    program.put(
        "/test_shop.py", SourceText("from shop import user\n\ndef test():\n    user('a')\n")
    )
    assert found(program, "/shop.py") == ["BTN101"]


def test_a_test_is_read_as_soon_as_it_sends():
    """Typed letter by letter, a function is what a fresh program takes it for at each of them."""
    program = Program(models())
    for end in range(len(SENDS) - 30, len(SENDS) + 1):
        text = HEAD + SENDS[:end]
        program.put("/test_shop.py", SourceText(text))
        fresh = Program(models())
        fresh.put("/test_shop.py", SourceText(text))
        assert program.findings("/test_shop.py") == fresh.findings("/test_shop.py")
    assert found(program) == ["BTN101"]


def test_a_test_is_left_alone_again_when_it_sends_nothing_any_more():
    program = Program(models())
    program.put("/test_shop.py", SourceText(HEAD + SENDS))
    assert found(program) == ["BTN101"]
    program.put("/test_shop.py", SourceText(HEAD + SENDS.replace("requests.get", "print")))
    assert found(program) == []
    program.put("/test_shop.py", SourceText(HEAD + SENDS))
    assert found(program) == ["BTN101"]


def test_a_helper_of_tests_that_sends_is_seen_through_one_that_does_not():
    """Who only calls a helper with constants is left alone; the helper itself is judged."""
    program = Program(models())
    calls = "\n\ndef test_user_a():\n    test_user('a')\n"
    program.put("/test_shop.py", SourceText(HEAD + SENDS + calls))
    assert found(program) == ["BTN101"]
