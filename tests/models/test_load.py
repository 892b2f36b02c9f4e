"""Loading of model files: what the format means, and how mistakes are told."""

import contextlib
import re
from pathlib import Path

import pytest

from batten.models.draft import TABLES, Draft
from batten.models.error import ModelError
from batten.models.load import load
from batten.models.model import (
    RECEIVER,
    Argument,
    AttributeModel,
    Control,
    Escape,
    SinkKind,
)
from batten.models.row import Row


@pytest.fixture
def load_text(tmp_path):
    """Load a user's model file that holds a text."""

    def loaded(text):
        path = tmp_path / "own.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load([path])

    return loaded


@pytest.fixture
def error_of(load_text):
    """Return the message for a user's model file, from the file's name on."""

    def message(text):
        with pytest.raises(ModelError) as caught:
            load_text(text)
        return str(caught.value)[str(caught.value).index("own.toml") :]

    return message


# ---- What users come for


def test_a_function_of_the_user_escapes(load_text):
    models = load_text("""
        [[escapes]]
        calls = "shop.urls.segment"
        argument = [0, "value"]
        """)
    assert models.functions["shop.urls.segment"].escape == Escape(
        Argument(0, "value"), grammar="url", kept=""
    )


def test_a_method_of_the_user_is_a_sink(load_text):
    models = load_text("""
        client = "httpx"

        [[classes]]
        names = "shop.api.Client"

        [[sinks]]
        methods = "shop.api.Client.{get,fetch}"
        argument = [0, "path"]
        params = "query"
        """)
    [get] = models.method("shop.api.Client", "get").sinks
    assert get.argument == Argument(0, "path")
    assert get.params == Argument(None, "query")
    assert (get.grammar, get.start, get.client) == ("url", "start", "httpx")
    assert get.kind is SinkKind.REQUEST
    assert get.method == "GET"
    [fetch] = models.method("shop.api.Client", "fetch").sinks
    assert fetch.method is None


def test_a_function_of_the_user_brings_in_remote_text(load_text):
    models = load_text("""
        [[sources]]
        control = "remote"
        calls = "shop.queue.receive"
        """)
    assert models.functions["shop.queue.receive"].source is Control.REMOTE


def test_a_class_of_the_user_is_harmless_and_its_subclasses_are(load_text):
    models = load_text("""
        [[classes]]
        names = "shop.ids.OrderId"
        harmless = "url"
        [[classes]]
        names = "shop.ids.ReturnId"
        bases = "shop.ids.OrderId"
        """)
    assert models.harmless("shop.ids.ReturnId", "url")
    assert not models.harmless("shop.ids.Unknown", "url")


def test_the_word_of_the_user_replaces_ours(load_text):
    ours = load().functions["urllib.parse.quote"].escape
    assert ours.kept == "/"
    models = load_text("""
        [[escapes]]
        calls = "urllib.quote"
        argument = [0, "string"]
        kept = "/:"
        """)
    assert models.functions["urllib.parse.quote"].escape.kept == "/:"


# ---- The format


def test_braces_stand_for_several_names(load_text):
    models = load_text("""
        [[results]]
        calls = ["a.{b,c}.{d, e}", "f"]
        returns = "int"
        """)
    for name in ("a.b.d", "a.b.e", "a.c.d", "a.c.e", "f"):
        assert models.functions[name].returns == "int"


def test_aliases_lead_to_the_canonical_name_over_several_steps(load_text):
    models = load_text("""
        [aliases]
        "shop.{compat,vendor}.req" = "pip._vendor.requests"
        """)
    assert models.canonical("shop.compat.req.api.get") == "requests.get"
    assert models.canonical("shop.compat.request") == "shop.compat.request"
    assert models.canonical("six.moves.urllib.parse.quote") == "urllib.parse.quote"


def test_names_in_a_file_may_be_aliases(load_text):
    models = load_text("""
        [[classes]]
        names = "shop.Session"
        bases = "requests.sessions.Session"
        """)
    assert models.method("shop.Session", "get") is models.method("requests.Session", "get")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", Argument(0, None)),
        ('"url"', Argument(None, "url")),
        ('[2, "url"]', Argument(2, "url")),
        ('"self"', RECEIVER),
    ],
)
def test_an_argument_is_a_position_a_keyword_or_both(load_text, written, read):
    models = load_text(f"""
        [[results]]
        calls = "f"
        passes = {written}
        """)
    assert models.functions["f"].passes == (read,)


def test_several_arguments_can_pass(load_text):
    models = load_text("""
        [[results]]
        calls = "f"
        passes = [[0, "a"], [1, "b"]]
        """)
    assert models.functions["f"].passes == (Argument(0, "a"), Argument(1, "b"))


def test_a_callable_can_be_described_by_several_rows(load_text):
    models = load_text("""
        [[sinks]]
        calls = "f"
        argument = 0
        [[sinks]]
        calls = "f"
        argument = "query"
        start = "query"
        [[results]]
        calls = "f"
        returns = "str"
        """)
    model = models.functions["f"]
    assert [(sink.argument, sink.start) for sink in model.sinks] == [
        (Argument(0, None), "start"),
        (Argument(None, "query"), "query"),
    ]
    assert model.returns == "str"


def test_values_attributes_and_items_have_classes_and_sources(load_text):
    models = load_text("""
        [[classes]]
        names = ["web.Request", "web.Args"]
        [values]
        "web.request" = "web.Request"
        [attributes]
        "web.Request.{args,form}" = "web.Args"
        [items]
        "web.Args" = "str"
        [[sources]]
        control = "remote"
        items = "web.Args"
        attributes = ["web.Request.path", "web.Args.*"]
        """)
    assert models.values["web.request"] == AttributeModel("web.Request", None)
    assert models.attribute("web.Request", "form") == AttributeModel("web.Args", None)
    assert models.attribute("web.Request", "path") == AttributeModel(None, Control.REMOTE)
    assert models.attribute("web.Args", "anything") == AttributeModel(None, Control.REMOTE)
    assert models.classes["web.Args"].item == AttributeModel("str", Control.REMOTE)


def test_calling_a_class_gives_an_instance(load_text):
    models = load_text("""
        [[classes]]
        names = "shop.Client"
        """)
    assert models.functions["shop.Client"].returns == "shop.Client"
    assert models.classes["shop.Client"].constructor is models.functions["shop.Client"]


def test_a_sink_can_depend_on_another_argument(load_text):
    models = load_text("""
        [[sinks]]
        calls = "f"
        argument = 1
        only_with = [0, "pycurl.URL"]
        """)
    [sink] = models.functions["f"].sinks
    assert sink.only_with == (Argument(0, None), "pycurl.URL")


# ---- Mistakes

MISTAKES = [
    (
        '[[sinks]]\ncalls = "f"\nargumnet = 0\n',
        "own.toml:3: sinks number 1, key 'argumnet': unknown key; did you mean 'argument'?",
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = 0\n\n[[sinks]]\n# one more\nargument = 0\ncals = "g"\n',
        "own.toml:5: sinks number 2, key 'calls': missing: name functions or classes here, or "
        "`methods`",
    ),
    (
        '[[sinks]]\ncalls = "f"\n',
        "own.toml:1: sinks number 1, key 'argument': missing: which argument is read?",
    ),
    (
        '[[escapes]]\ncalls = "f"\n',
        "own.toml:1: escapes number 1, key 'argument': missing: which argument is escaped?",
    ),
    (
        '[[hooks]]\nmethods = "requests.Session.sent"\nargument = 0\n',
        "own.toml:1: hooks number 1, key 'gives': missing: a hook needs `methods`, `argument` and "
        "`gives`",
    ),
    (
        '[[sink]]\ncalls = "f"\n',
        "own.toml:1: key 'sink': unknown key; did you mean 'sinks'?",
    ),
    (
        'sinks = 1\n',
        "own.toml:1: key 'sinks': must be a table: [sinks] or [[sinks]], not 1",
    ),
    (
        '\nclient = "request"\n',
        "own.toml:2: key 'client': unknown word 'request'; did you mean 'requests'?",
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = 0\nkind = "redirct"\n',
        "own.toml:4: sinks number 1, key 'kind': unknown word 'redirct'; did you mean 'redirect'?",
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = 0\ngrammar = "sql"\n',
        "own.toml:4: sinks number 1, key 'grammar': unknown word 'sql'; known are url",
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = 0\nstart = "hots"\n',
        "own.toml:4: sinks number 1, key 'start': unknown word 'hots'; did you mean 'host'?",
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = true\n',
        "own.toml:3: sinks number 1, key 'argument': must be a position, a keyword, or both as in "
        '[0, "url"], not True',
    ),
    (
        '[[sinks]]\ncalls = "f"\nargument = -1\n',
        "own.toml:3: sinks number 1, key 'argument': must be a position, a keyword, or both as in "
        '[0, "url"], not -1',
    ),
    (
        '[[sinks]]\ncalls = 5\n',
        "own.toml:2: sinks number 1, key 'calls': must be a string or a list of strings, not 5",
    ),
    (
        '[[sinks]]\ncalls = "a.{b,c"\n',
        "own.toml:2: sinks number 1, key 'calls': 'a.{b,c' is not a qualified name",
    ),
    (
        '[[sinks]]\nmethods = "requests.Sesion.get"\nargument = 0\n',
        "own.toml:2: sinks number 1, key 'methods': unknown class 'requests.Sesion'; did you mean "
        "'requests.Session'?",
    ),
    (
        '[[classes]]\nnames = "shop.Zebra"\nbases = "shop.Zerba"\n',
        "own.toml:3: classes number 1, key 'bases': unknown class 'shop.Zerba'; did you mean "
        "'shop.Zebra'?",
    ),
    (
        '[[results]]\ncalls = "f"\nreturns = "qqq"\n',
        "own.toml:3: results number 1, key 'returns': unknown class 'qqq'; declare it under "
        "[[classes]]",
    ),
    (
        '[[classes]]\nnames = "shop.Id"\nharmless = ["url", "ulr"]\n',
        "own.toml:3: classes number 1, key 'harmless': unknown word 'ulr'; did you mean 'url'?",
    ),
    (
        '[[sources]]\ncalls = "f"\n',
        "own.toml:1: sources number 1, key 'control': missing: one of remote, command line, "
        "environment, input",
    ),
    (
        '[attributes]\n"requests.Session.x" = "int"\n"Qqq.x" = "int"\n',
        "own.toml:3: attributes, key 'Qqq.x': unknown class 'Qqq'; declare it under "
        "[[classes]]",
    ),
    (
        '[aliases]\n"shop" = "shop.inner"\n',
        "own.toml:2: aliases, key 'shop': a circle: 'shop' leads to 'shop.inner'",
    ),
    (
        '[aliases]\na = "b"\nb = "a.c"\n',
        "own.toml:3: aliases, key 'b': a circle: 'b' leads to 'b.c'",
    ),
    (
        '[aliases]\n"a" = 1\n',
        "own.toml:2: aliases, key 'a': must be a string, not 1",
    ),
    (
        b'# ok\n# caf\xe9\n',
        "own.toml:2: not valid UTF-8",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_place_and_what_was_meant(error_of, text, message):
    assert error_of(text) == message


def test_broken_toml_is_told_with_its_line(error_of):
    message = error_of('[[sinks]]\ncalls = "f\n')
    assert message.startswith("own.toml:2: not valid TOML: ")


def test_an_extra_file_that_is_missing_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load([tmp_path / "missing.toml"])


# ---- The documentation

_DOCUMENTATION = Path(__file__).parents[2] / "docs" / "models.md"
_EXAMPLES = re.findall(r"```toml\n(.*?)```", _DOCUMENTATION.read_text(), re.DOTALL)


@pytest.mark.parametrize("example", _EXAMPLES, ids=range(len(_EXAMPLES)))
def test_the_examples_of_the_documentation_can_be_loaded(load_text, example):
    orders = '[[classes]]\nnames = "shop.Order"\n'
    load_text(example + orders)


def test_the_documentation_names_every_key_of_every_table():
    asked = set()

    class Asking(dict):
        def get(self, key, default=None):
            asked.add(key)
            return default

    for table, read in TABLES:
        with contextlib.suppress(ModelError):
            read(Draft(), Row("own.toml", "", table, 0, Asking(), {}))
    text = _DOCUMENTATION.read_text()
    assert asked
    assert {key for key in asked if f"`{key}`" not in text} == set()
