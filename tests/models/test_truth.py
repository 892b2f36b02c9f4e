"""What the models that Batten brings say is true of the libraries.

Where a library is installed, each name of its model must be there, and each argument must
stand where the model says. The standard library always is installed.
"""

import builtins
import importlib
import importlib.util
import inspect

import pytest

from batten.grammars import url, wire
from batten.models.load import load
from batten.models.model import RECEIVER
from batten.models.vocabulary import CLIENTS, STARTS

MODELS = load()

# Names of other versions than the one that may be installed here.
OTHER_VERSIONS = {
    "cgi.escape",
    "cgi.parse_qs",
    "django.utils.encoding.force_text",
    "django.utils.encoding.smart_text",
    "django.utils.http.urlquote",
    "django.utils.http.urlquote_plus",
    "enum.StrEnum",
    "flask.Markup",
    "flask.escape",
    "os.getenvb",
    "str.decode",
    "urllib3.request",
    "uuid.uuid6",
    "uuid.uuid7",
    "uuid.uuid8",
    "websockets.asyncio.client.connect",
    "websockets.sync.client.connect",
    "werkzeug.urls.url_encode",
    "werkzeug.urls.url_quote",
    "werkzeug.urls.url_quote_plus",
}

# Classes that stand for kinds of text, and have no module.
STAND_INS = "batten"


def _callables():
    """Yield names and models, and whether places count without `self`: those of methods."""
    for name, model in MODELS.functions.items():
        yield name, model, False
    for owner, cls in MODELS.classes.items():
        for method, model in cls.methods.items():
            yield f"{owner}.{method}", model, True


def _library(name):
    root = name.partition(".")[0]
    return "builtins" if hasattr(builtins, root) or root == name else root


LIBRARIES = sorted({_library(name) for name, _, _ in _callables()} - {STAND_INS})


def _resolved(name):
    """Return what a qualified name names; AttributeError when there is no such thing."""
    library = _library(name)
    found = importlib.import_module(library)
    path = library
    for part in name.removeprefix(f"{library}.").split("."):
        path = f"{path}.{part}"
        try:
            found = getattr(found, part)
        except AttributeError:
            if not inspect.ismodule(found) or importlib.util.find_spec(path) is None:
                raise
            found = importlib.import_module(path)
    return found


def _arguments(model):
    for sink in model.sinks:
        yield sink.argument
        yield sink.params
        yield sink.method if not isinstance(sink.method, str) else None
        yield sink.only_with and sink.only_with[0]
    if model.escape:
        yield model.escape.argument
        yield model.escape.kept_argument
    if model.hook:
        yield model.hook.argument
    yield from model.passes


def _problem(argument, called, parameters):
    """Tell what is wrong with the place of an argument, "" for nothing."""
    kinds = {parameter.kind for parameter in parameters}
    takes_all = inspect.Parameter.VAR_POSITIONAL in kinds
    takes_all_keywords = inspect.Parameter.VAR_KEYWORD in kinds
    places = [
        parameter
        for parameter in parameters
        if parameter.kind
        in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    if argument.position is not None and argument.position >= len(places) and not takes_all:
        return f"{called} has no argument {argument.position}"
    names = [parameter.name for parameter in parameters]
    if argument.keyword is None:
        return ""
    if argument.keyword not in names:
        return "" if takes_all_keywords else f"{called} has no keyword {argument.keyword}"
    if argument.position is not None and argument.position < len(places):
        there = places[argument.position].name
        return "" if there == argument.keyword else f"{called}: {there} is at {argument.position}"
    return ""


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_a_model_says_of_an_installed_library_is_true(library):
    pytest.importorskip(library, exc_type=ImportError)
    if library == "rest_framework":
        importlib.import_module("django.conf").settings.configure()
    problems = []
    for name, model, is_method in _callables():
        if _library(name) != library or name in OTHER_VERSIONS:
            continue
        try:
            called = _resolved(name)
        except AttributeError:
            problems.append(f"{name} does not exist")
            continue
        try:
            parameters = list(inspect.signature(called).parameters.values())
        except (TypeError, ValueError):  # written in C, without a signature
            continue
        if is_method and parameters and parameters[0].name == "self":
            parameters = parameters[1:]
        problems += [
            problem
            for argument in _arguments(model)
            if argument is not None and argument != RECEIVER
            if (problem := _problem(argument, name, parameters))
        ]
    assert problems == []


def test_the_words_of_model_files_are_those_of_the_grammars():
    assert set(CLIENTS) == set(wire.clients())
    for start in STARTS["url"]:
        url.start(start)
    with pytest.raises(ValueError, match=", ".join(STARTS["url"])):
        url.start("")


@pytest.mark.parametrize(
    "name",
    ["int", "bool", "float", "decimal.Decimal", "uuid.UUID", "datetime.date", "enum.IntEnum",
     "http.HTTPStatus", "ipaddress.IPv4Address", "batten.Token"],
)  # fmt: skip
def test_types_whose_text_cannot_leave_its_place_are_harmless(name):
    assert MODELS.harmless(name, "url")


@pytest.mark.parametrize(
    "name", ["str", "bytes", "datetime.datetime", "datetime.time", "argparse.Namespace"]
)
def test_other_types_are_not(name):
    assert not MODELS.harmless(name, "url")


@pytest.mark.parametrize(
    "name", ["html.escape", "re.escape", "shlex.quote", "django.utils.html.escape"]
)
def test_escapes_for_other_grammars_are_none_for_urls(name):
    assert MODELS.functions[name].escape is None
    assert MODELS.functions[name].passes


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("six.moves.urllib.parse.quote", "urllib.parse.quote"),
        ("six.moves.urllib.request.urlopen", "urllib.request.urlopen"),
        ("django.utils.six.moves.urllib.parse.urlencode", "urllib.parse.urlencode"),
        ("urllib.quote", "urllib.parse.quote"),
        ("urllib.urlencode", "urllib.parse.urlencode"),
        ("urllib2.urlopen", "urllib.request.urlopen"),
        ("urlparse.urljoin", "urllib.parse.urljoin"),
        ("requests.compat.quote_plus", "urllib.parse.quote_plus"),
        ("requests.utils.quote", "urllib.parse.quote"),
        ("requests.sessions.Session", "requests.Session"),
        ("requests.session", "requests.Session"),
        ("pip._vendor.requests.api.get", "requests.get"),
        ("httplib.HTTPConnection", "http.client.HTTPConnection"),
        ("keystoneclient.adapter.Adapter", "keystoneauth1.adapter.Adapter"),
        ("fastapi.Request", "starlette.requests.Request"),
        ("six.text_type", "str"),
        ("builtins.str", "str"),
        ("requests.get", "requests.get"),
        ("shop.get", "shop.get"),
    ],
)
def test_a_thing_has_one_canonical_name(name, canonical):
    assert MODELS.canonical(name) == canonical


@pytest.mark.parametrize(
    ("owner", "method", "position", "client"),
    [
        ("requests.Session", "get", 0, "requests"),
        ("requests.Session", "request", 1, "requests"),
        ("keystoneauth1.adapter.LegacyJsonAdapter", "get", 0, "keystoneauth1"),
        ("keystoneauth1.adapter.LegacyJsonAdapter", "request", 0, "keystoneauth1"),
        ("google.auth.transport.requests.AuthorizedSession", "post", 0, "requests"),
        ("requests_toolbelt.sessions.BaseUrlSession", "put", 0, "requests-toolbelt"),
        ("httpx.AsyncClient", "stream", 1, "httpx"),
        ("aiohttp.ClientSession", "ws_connect", 0, "aiohttp"),
        ("urllib3.ProxyManager", "request", 1, "urllib3"),
        ("urllib3.HTTPSConnectionPool", "urlopen", 1, "urllib3-pool"),
        ("http.client.HTTPSConnection", "request", 1, "http.client"),
        ("selenium.webdriver.Firefox", "get", 0, "browser"),
        ("flask.testing.FlaskClient", "post", 0, "test-client"),
        ("starlette.testclient.TestClient", "get", 0, "test-client"),
    ],
)
def test_a_method_of_a_class_or_its_bases_reads_a_url(owner, method, position, client):
    sink = MODELS.method(owner, method).sinks[0]
    assert (sink.argument.position, sink.client) == (position, client)
