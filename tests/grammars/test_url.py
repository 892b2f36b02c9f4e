"""The grammar of URLs, as a table: a template whose holes are `{}`, and their contexts."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from batten.grammars.url import (
    Context,
    Place,
    advance,
    after_hole,
    context,
    dangerous,
    escapable,
    escaped,
    hostile,
    inside_escaper,
    start,
)


def contexts(template: str, place: Place = Place.START) -> list[Context]:
    """Read a template left to right, as the engine does."""
    literals = template.split("{}")
    last = len(literals) - 1
    found = []
    for index, literal in enumerate(literals[:-1]):
        place = advance(place, literal)
        following = literals[index + 1]
        adjacent = following == "" and index + 1 < last
        found.append(context(place, None if adjacent else following))
        place = after_hole(place)
    return found


WHOLE, BASE, REST = Context.WHOLE, Context.BASE, Context.REST
SCHEME, USERINFO, HOST, PORT = Context.SCHEME, Context.USERINFO, Context.HOST, Context.PORT
SEGMENT, PART = Context.PATH_SEGMENT, Context.PATH_PART
QUERY, NAME, VALUE = Context.QUERY, Context.QUERY_NAME, Context.QUERY_VALUE
FRAGMENT = Context.FRAGMENT

TEMPLATES = [
    # the path
    ("/i/{}", [SEGMENT]),
    ("/{}", [SEGMENT]),
    ("/i/{}/details", [SEGMENT]),
    ("/i/{}?a=b", [SEGMENT]),
    ("/i/{}#top", [SEGMENT]),
    ("/i/v{}", [PART]),
    ("/i/v{}.json", [PART]),
    ("/i/{}.json", [PART]),
    ("/i/{};v=1", [PART]),
    ("/a/{}:{}", [PART, PART]),
    ("/a/{}{}", [PART, PART]),
    ("/a/{}/b/{}/c", [SEGMENT, SEGMENT]),
    (";v={}", [PART]),
    ("/a;v={}", [PART]),
    ("/a//{}", [SEGMENT]),
    ("/a/x:y/{}", [SEGMENT]),
    ("/a/http://{}", [SEGMENT]),
    # a relative path, whose first word could have been a scheme
    ("users/{}", [SEGMENT]),
    ("users{}", [PART]),
    ("resources/{}/details", [SEGMENT]),
    ("2.0/users/{}", [SEGMENT]),
    ("../users/{}", [SEGMENT]),
    ("été/{}", [SEGMENT]),
    # the query
    ("?a={}", [VALUE]),
    ("/x?a={}&b={}", [VALUE, VALUE]),
    ("x?a=in:{}", [VALUE]),
    ("?a={},{}", [VALUE, VALUE]),
    ("?a=b=c{}", [VALUE]),
    ("?a=/x?y{}", [VALUE]),
    ("?{}", [QUERY]),
    ("?a=b&{}", [QUERY]),
    ("?{}&a=b", [QUERY]),
    ("?{}{}", [QUERY, QUERY]),
    ("?{}=1", [NAME]),
    ("?{}={}", [NAME, VALUE]),
    ("?{}__in={}", [NAME, VALUE]),
    ("?filter[{}]=1", [NAME]),
    ("/x?&{}", [QUERY]),
    ("&a={}", [PART]),
    # the fragment ends everything
    ("/x#{}", [FRAGMENT]),
    ("/x#a/{}?b={}", [FRAGMENT, FRAGMENT]),
    ("#{}", [FRAGMENT]),
    # the authority
    ("https://{}", [HOST]),
    ("https://{}/x", [HOST]),
    ("https://{}.example.com/x", [HOST]),
    ("https://api.{}/x", [HOST]),
    ("https://api.{}.example.com/{}", [HOST, SEGMENT]),
    ("https://api.example.com{}", [HOST]),
    ("https://api.example.com{}/x", [HOST]),
    ("https://api.example.com/{}", [SEGMENT]),
    ("https://api.example.com?a={}", [VALUE]),
    ("https://api.example.com#{}", [FRAGMENT]),
    ("//{}/x", [HOST]),
    ("//h/{}", [SEGMENT]),
    ("http://h:{}/", [PORT]),
    ("http://h:8{}/", [PORT]),
    ("http://{}:{}/x", [HOST, PORT]),
    ("http://{}:8080/{}", [HOST, SEGMENT]),
    ("http://[{}]:{}/", [HOST, PORT]),
    ("http://[::1{}]/", [HOST]),
    ("https://{}@h/", [USERINFO]),
    ("https://u:{}@h/", [USERINFO]),
    ("https://u:p{}@{}/", [USERINFO, HOST]),
    ("https://u:p@{}:{}/", [HOST, PORT]),
    ("https://h/{}@b", [PART]),
    # a hole behind a hole in the authority may go on with the host or end it
    ("https://{}{}", [HOST, REST]),
    ("https://{}{}?a={}", [HOST, REST, VALUE]),
    ("http://{}:{}{}", [HOST, PORT, REST]),
    ("https://{}{}.example.com/", [HOST, HOST]),
    ("https://{}{}@h/", [HOST, USERINFO]),
    # a hole at the start: an address that the text goes on from
    ("{}", [WHOLE]),
    (" {}", [WHOLE]),
    ("{}/x", [BASE]),
    ("{}/x/{}", [BASE, SEGMENT]),
    ("{}/{}", [BASE, SEGMENT]),
    ("{}{}", [BASE, REST]),
    ("{}{}{}", [BASE, REST, REST]),
    ("{}{}/x?a={}", [BASE, REST, VALUE]),
    ("{}?a={}", [BASE, VALUE]),
    ("{}?{}", [BASE, QUERY]),
    ("{}#{}", [BASE, FRAGMENT]),
    ("{}items/{}", [BASE, SEGMENT]),
    ("{}.json", [BASE]),
    ("{}:{}/x", [BASE, PORT]),
    ("{}:8080/{}", [BASE, SEGMENT]),
    ("{}:{}@{}/x", [BASE, USERINFO, HOST]),
    # the scheme
    ("{}://{}/x", [SCHEME, HOST]),
    ("{}://h/{}", [SCHEME, SEGMENT]),
    ("http{}://{}", [SCHEME, HOST]),
    ("{}:/{}", [BASE, REST]),
    ("https:{}", [REST]),
    ("https:/{}", [REST]),
    ("https:{}/x", [REST]),
    ("urn:isbn:{}", [PART]),
    # blanks before the URL and line ends inside it are not there for URL parsers
    (" \n https://{}/x", [HOST]),
    ("https:\n//\t{}", [HOST]),
    ("\n/i/\n{}", [SEGMENT]),
]


@pytest.mark.parametrize(("template", "expected"), TEMPLATES, ids=[t for t, _ in TEMPLATES])
def test_a_hole_fills_the_part_of_the_url_that_it_stands_in(template, expected):
    assert contexts(template) == expected


@pytest.mark.parametrize(
    ("name", "template", "expected"),
    [
        ("start", "{}", [WHOLE]),
        ("host", "{}", [HOST]),
        ("host", "api.{}:{}", [HOST, PORT]),
        ("path", "{}", [REST]),
        ("path", "/i/{}", [SEGMENT]),
        ("path", "i/{}", [SEGMENT]),
        ("path", "{}?a={}", [REST, VALUE]),
        ("query", "a={}&b={}", [VALUE, VALUE]),
        ("query", "{}", [QUERY]),
        ("query value", "a&b={}", [VALUE]),
        ("query value", "{}", [VALUE]),
    ],
)
def test_a_model_can_start_the_text_inside_the_url(name, template, expected):
    assert contexts(template, start(name)) == expected


def test_an_unknown_start_names_the_known_ones():
    with pytest.raises(ValueError, match="'hots'; known are start, host, path"):
        start("hots")


URL_TEXT = st.text(alphabet=st.sampled_from("ab1:/?#[]@&=;%.+\\ \n\té{}"), max_size=30)
PLACES = st.sampled_from(Place)


@given(PLACES, URL_TEXT | st.text(), URL_TEXT | st.text())
def test_reading_in_pieces_leads_to_the_same_place(place, first, second):
    assume(not (first.endswith("/") and second.startswith("/")))
    assert advance(advance(place, first), second) == advance(place, first + second)


def test_two_slashes_behind_an_address_open_a_host_only_if_they_are_one_text():
    assert advance(Place.BASE, "//") is Place.AUTHORITY
    assert advance(advance(Place.BASE, "/"), "/") is Place.SEGMENT_START


@given(PLACES, st.text() | URL_TEXT, st.none() | st.text() | URL_TEXT)
def test_reading_is_total(place, literal, following):
    place = advance(place, literal)
    assert isinstance(context(place, following), Context)
    assert isinstance(after_hole(place), Place)


@given(st.sampled_from([Place.ESCAPER, Place.ESCAPER_OF_VALUE, Place.PARAMETER]), URL_TEXT)
def test_nothing_leaves_what_an_escaper_is_given(place, text):
    inside = {place, Place.ESCAPER_TEXT}
    assert {advance(place, text), after_hole(place), advance(after_hole(place), text)} <= inside


def test_only_a_value_that_is_escaped_as_a_whole_has_a_context_of_its_own():
    assert context(inside_escaper(SEGMENT), "") is Context.ESCAPED
    assert context(inside_escaper(VALUE), "") is Context.ESCAPED
    assert context(Place.PARAMETER, "") is Context.PARAMETER
    assert contexts("{}/{}", Place.ESCAPER) == [Context.ESCAPED_PART, Context.ESCAPED_PART]
    assert contexts("{}/{}", Place.PARAMETER) == [Context.ESCAPED_PART, Context.ESCAPED_PART]


@given(st.sampled_from(["http", "ws", "x-y"]), URL_TEXT)
def test_the_machine_splits_as_the_standard_library_does(scheme, rest):
    try:
        parts = urlsplit(f"{scheme}://{rest}")
    except ValueError:
        return
    place = advance(Place.START, f"{scheme}://{rest}")
    if parts.fragment:
        assert place is Place.FRAGMENT
    elif parts.query:
        assert place.name.startswith(("QUERY", "FRAGMENT"))
    elif parts.path:
        assert place.name.startswith(("SEGMENT", "QUERY", "FRAGMENT"))


@pytest.mark.parametrize(
    ("literal", "place"),
    [
        ("/a" * 200_000 + "?" + "b=c&" * 100_000, Place.QUERY_START),
        ("x" * 2_000_000, Place.FIRST),
        (" " * 2_000_000, Place.START),
        ("https://" + "@" * 400_000, Place.AUTHORITY),
    ],
    ids=["pieces", "word", "blanks", "delimiters"],
)
def test_a_long_literal_is_read_to_its_end(literal, place):
    assert advance(Place.START, literal) is place


@pytest.mark.parametrize(
    ("kept", "harmed"),
    [
        ("/", {SEGMENT, PART, USERINFO}),
        ("&=", {NAME, VALUE}),
        ("!#$%&'()*+,/:;=?@[]~", {SEGMENT, PART, QUERY, NAME, VALUE, REST, USERINFO}),
        ("", set()),
    ],
)
def test_characters_that_an_escaper_keeps_are_dangerous_where_they_delimit(kept, harmed):
    escapable_contexts = {each for each in Context if escapable(each)}
    assert {each for each in escapable_contexts if dangerous(each) & set(kept)} == harmed


def test_no_escape_closes_a_hole_that_names_the_host():
    assert {each for each in Context if not escapable(each)} == {WHOLE, BASE, SCHEME, HOST, PORT}


@pytest.mark.parametrize("each", [SEGMENT, PART, NAME, VALUE, USERINFO])
def test_a_hostile_value_breaks_out_raw_and_stays_inside_when_escaped(each):
    assert dangerous(each) & set(hostile(each))
    assert not dangerous(each) - {"%"} & set(escaped(each, hostile(each)))
    assert unquote(escaped(each, hostile(each))) == hostile(each)


@pytest.mark.parametrize(
    "template",
    [
        "https://{}/x",
        "https://api.{}/x",
        "https://api.example.com{}",
        "https://{}.example.com/",
        "https://u:{}@h/",
        "https://h:{}/",
        "{}",
        "{}://h/x",
    ],
)
def test_a_hostile_value_in_the_authority_really_takes_over_the_host(template):
    before, _, after = template.partition("{}")
    place = advance(Place.START, before)
    url = before + hostile(context(place, after), place) + after
    host = urlsplit(url).hostname
    assert host is not None
    assert host.endswith(("evil.example", "169.254.169.254"))


@pytest.mark.parametrize(
    ("each", "value", "expected"),
    [
        (SEGMENT, "a/b c", "a%2Fb%20c"),
        (VALUE, "a&b=c+é", "a%26b%3Dc%2B%C3%A9"),
        (REST, "a/b?c", "a/b%3Fc"),
        (QUERY, "a=b&c=d#e", "a=b&c=d%23e"),
        (SEGMENT, "\ud800", "%ED%A0%80"),
    ],
)
def test_escaped_is_what_the_fitting_escaper_writes(each, value, expected):
    assert escaped(each, value) == expected
