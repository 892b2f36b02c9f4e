"""Units are found where Python would find definitions, in sound text and in broken text."""

from __future__ import annotations

from textwrap import dedent

import pytest

from batten.syntax.parse import errors, parse
from batten.syntax.text import SourceText, Span
from batten.syntax.units import Unit, UnitKind, units


def found(text: str) -> tuple[Unit, ...]:
    return units(SourceText(text))


def names(text: str) -> list[str]:
    return [unit.qualified_name for unit in found(text)[1:]]


def texts(text: str) -> dict[str, str]:
    return {unit.qualified_name: unit.text.decode() for unit in found(text)}


CLIENT = dedent('''\
    """Talk to the server."""
    import urllib

    ROOT = "/api"


    class Client:
        """One connection."""

        timeout = 5

        def __init__(self, base):
            self.base = base

        # Reads.
        @retry(
            times=3,
        )
        async def get(self, path):
            def build():
                return self.base + path

            class Local:
                def inner(self):
                    pass

            return await fetch(build())

        class Error(Exception):
            def __str__(self):
                return "no"


    # The entry point.
    if __name__ == "__main__":
        def main():
            Client(ROOT)

        main()
    ''')


def test_a_unit_is_a_module_a_class_or_a_function_with_all_that_is_in_it() -> None:
    assert [(unit.kind, unit.qualified_name, unit.owner) for unit in found(CLIENT)] == [
        (UnitKind.MODULE, "", None),
        (UnitKind.CLASS, "Client", ""),
        (UnitKind.FUNCTION, "Client.__init__", "Client"),
        (UnitKind.FUNCTION, "Client.get", "Client"),
        (UnitKind.CLASS, "Client.Error", "Client"),
        (UnitKind.FUNCTION, "Client.Error.__str__", "Client.Error"),
        (UnitKind.FUNCTION, "main", ""),
    ]


def test_a_function_is_its_text_from_the_first_decorator_on() -> None:
    text = texts(CLIENT)["Client.get"]
    assert text.startswith("@retry(\n        times=3,\n    )\n    async def get(")
    assert text.endswith("return await fetch(build())")


def test_classes_and_modules_have_a_pass_for_each_unit_in_them() -> None:
    assert texts(CLIENT)["Client"] == (
        'class Client:\n    """One connection."""\n\n    timeout = 5\n\n    pass\n\n'
        "    # Reads.\n    pass\n\n    pass"
    )
    assert texts(CLIENT)[""] == dedent('''\
        """Talk to the server."""
        import urllib

        ROOT = "/api"


        pass


        # The entry point.
        if __name__ == "__main__":
            pass

            main()
        ''')


def test_places_map_to_the_document_and_back() -> None:
    source = SourceText(CLIENT)
    for unit in units(source):
        for name in ("timeout", "base", "fetch", "main", "Client"):
            start = unit.text.decode().find(name)
            if start >= 0:
                span = unit.to_document(Span(start, start + len(name)))
                assert source.slice(span) == name
                assert unit.to_unit(span.start) == start


def test_a_place_in_another_unit_is_no_place_in_this_one() -> None:
    module, client, *_ = found(CLIENT)
    assert module.to_unit(CLIENT.index("timeout")) is None
    assert client.to_unit(CLIENT.index("ROOT")) is None
    assert client.to_unit(CLIENT.index("main")) is None
    assert client.to_unit(len(CLIENT) + 100) is None


def test_a_pass_maps_to_the_unit_it_stands_for() -> None:
    module = found(CLIENT)[0]
    start = module.text.index(b"pass")
    place = CLIENT.index("class Client")
    assert module.to_document(Span(start, start)) == Span(place, place)


def test_names_are_made_unique_in_order() -> None:
    text = """\
        class A:
            @property
            def x(self): ...

            @x.setter
            def x(self, value): ...

        def f(): ...
        def f(): ...
        class A:
            def x(self): ...
        def f(): ...
        """
    assert names(dedent(text)) == ["A", "A.x", "A.x#2", "f", "f#2", "A#2", "A#2.x", "f#3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): return 1\ndef g(): return 2\n", ["f", "g"]),
        ("class A: x = 1\nclass B: pass\n", ["A", "B"]),
        ("x = 1; y = 2\ndef f(): pass; pass\n", ["f"]),
        ("async   def f():\n  pass\n", ["f"]),
        ("async \\\n def \\\n f():\n  pass\n", ["f"]),
        (
            "class A:\n\tdef f(self):\n\t\tpass\n        def g(self):\n\t\tpass\n",
            ["A", "A.f", "A.g"],
        ),
        ("\fdef f():\n    pass\n\f\n\fdef g():\n    pass\n  \fdef h(): pass", ["f", "g", "h"]),
        ("def f():\r\n    pass\r\n\r\ndef g():\r\n    pass\r\n", ["f", "g"]),
        ("def f():\r    pass\r\rdef g():\r    pass\r", ["f", "g"]),
        ("class A[T: int](B): pass\ndef f[T](x: T) -> T: ...", ["A", "f"]),
        ("def é(): pass\nclass Ω: pass", ["é", "Ω"]),
        ("if x:\n    def f(): pass\nelse:\n    def f(): pass\n", ["f", "f#2"]),
        (
            "try:\n  class A: pass\nexcept E:\n  with b:\n    for c in d:\n      def f(): 1",
            ["A", "f"],
        ),
        ("define = 1\nclassy = 2\nasync_def = 3\n", []),
        ("x = lambda: 0\n", []),
        ("", []),
    ],
)
def test_definitions_of_all_shapes_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "header",
    [
        "def f(\na,\nb\n):",
        "def f(a, b\n) -> int:",
        "def f(a=')',\nb='('\n,c=[\n]):",
        "def f(  # (\na):",
        "def f(a,\n\n# a comment\nb):",
        "def f(a=(1\nif x else 2)):",
        "def f(a=x and\ny):",
        "def f(a='''\ndef g():\n'''):",
        "@a\n@b.c(\nd, e\n)\n# why\n\n@f\ndef f():",
        '@a("""\nclass B:\n""")\ndef f():',
        "def f() \\\n:",
    ],
)
def test_a_header_may_go_over_lines_of_any_depth(header: str) -> None:
    text = f"{header}\n    return 1\nx = 1\n"
    assert texts(text) == {"": "pass\nx = 1\n", "f": f"{header}\n    return 1"}


@pytest.mark.parametrize(
    "body",
    [
        '    x = """\ndef g():\n    pass\nclass C:\n@d\n"""',
        "    x = '''\ndef g():\n\"\"\"\n'''",
        '    x = rb"""\n\\"""\ndef g(): pass\n"""',
        '    x = f"""{a}\ndef g(): {b}\n"""',
        "    x = 'a\\\ndef g():\\\n'",
        '    x = "a \\\n\\\nclass C:\\\n"',
        "    x = a + \\\nb",
        "    x = [\n1,\n2\n]",
        "    x = g(')',\n1)\n    y = 2",
        "    x = g('''\n''', (\n1\n))",
        "    x = (a  # the a\n+ b)",
        "    x = (a\n@ b)",
        "    x = ('a'\nf'b'\n'c')",
        "    x = {'(': 1, # )\n')': 2}",
        '    # it\'s """ a comment\n    x = \'"""\'',
        '    x = "\\""  # """',
        "    x = '\\\\'\n    y = '''\ndef g(): pass'''",
        '    """Doc."""',
        "    x = 1\n# a comment\n    y = 2",
        "    x = 1\n\n\n    # the last line is a comment",
        "\tx = 1\n        y = 2",
        "    if x:\n        pass\n    else: \\\n  y",
    ],
)
def test_lines_in_strings_brackets_and_after_backslashes_have_no_depth(body: str) -> None:
    text = f"def f():\n{body}\nx = 1\ndef g(): pass\n"
    assert texts(text) == {
        "": "pass\nx = 1\npass\n",
        "f": f"def f():\n{body}",
        "g": "def g(): pass",
    }


def test_a_class_body_may_hold_lines_of_any_depth_in_brackets_and_strings() -> None:
    text = 'class A:\n    x = [\n1,\n]\n    y = """\ndef g():\n"""\n    def f(self): pass\nz = 1\n'
    assert texts(text) == {
        "": "pass\nz = 1\n",
        "A": 'class A:\n    x = [\n1,\n]\n    y = """\ndef g():\n"""\n    pass',
        "A.f": "def f(self): pass",
    }


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n@ b)\ndef f(): pass\n",
        "x = (a\n@ b\n)\ndef f(): pass\n",
        "x = a \\\n@ b\ndef f(): pass\n",
        'x = """\n@a\n"""\ndef f(): pass\n',
        "@a\nx = 1\ndef f(): pass\n",
        "@a(\n",
        "@",
    ],
)
def test_an_at_sign_that_decorates_nothing_begins_no_unit(text: str) -> None:
    assert [unit.text for unit in found(text)[1:]] in ([], [b"def f(): pass"])


def test_comments_and_blank_lines_after_a_unit_belong_to_it_when_they_are_deeper() -> None:
    text = "class A:\n    def f(self):\n        pass\n        # f\n    # A\n\n# module\nx = 1\n"
    assert texts(text) == {
        "": "pass\n\n# module\nx = 1\n",
        "A": "class A:\n    pass\n    # A",
        "A.f": "def f(self):\n        pass\n        # f",
    }


def test_line_ends_are_kept_but_lone_carriage_returns_which_the_parser_does_not_know() -> None:
    assert texts("def f():\r\n    pass\r\n")["f"] == "def f():\r\n    pass"
    assert texts("def f():\r    pass\r")["f"] == "def f():\n    pass"


def covered_once(text: str) -> bool:
    """Tell whether each byte of the document is in exactly one unit, and is the same there."""
    source = SourceText(text)
    plain = text.encode().replace(b"\r\n", b"\0\0").replace(b"\r", b"\n")
    data = plain.replace(b"\0\0", b"\r\n")
    pieces = sorted(
        (piece.document_start, piece.document_start + piece.length, piece.unit_start, unit.text)
        for unit in units(source)
        for piece in unit.pieces
    )
    end = 0
    for start, stop, unit_start, unit_text in pieces:
        if start != end or unit_text[unit_start : unit_start + stop - start] != data[start:stop]:
            return False
        end = stop
    return end == len(data)


@pytest.mark.parametrize("text", [CLIENT, "", "\n", "def f(): pass", "\r\rclass A:\r\n pass\r"])
def test_each_byte_of_a_document_is_in_one_unit(text: str) -> None:
    assert covered_once(text)


def test_units_of_sound_text_parse_without_errors() -> None:
    assert not [unit.qualified_name for unit in found(CLIENT) if errors(parse(unit.text))]
