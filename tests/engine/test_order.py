"""Values are put in the order of how they are written, in few steps."""

from __future__ import annotations

from batten.link.entities import Frame
from batten.link.keys import FunctionKey
from batten.values.order import Order
from batten.values.terms import Const, Hole, Param, Template, Value


def test_the_order_is_that_of_what_is_written() -> None:
    values = [
        Const("b"),
        Const("a"),
        Const(1),
        Param("x"),
        Template(("a", Hole(1, Param("x"), "s", ""))),
        Template((Hole(1, Const(None), "s", "x"),)),
        Template(()),
        (Frame(FunctionKey("/a.py", "f", 0)), 1),
        (1,),
        (1, "a"),
        (1, "a", ("a",)),
        (1, "a", ("a", "b")),
        (1, "a", ()),
        (12,),
        (),
    ]

    assert sorted(values, key=Order) == sorted(values, key=repr)


def test_a_value_that_holds_each_part_twice_is_not_written_out() -> None:
    def grown(last: str) -> Value:
        value: Value = Const(last)
        for site in range(80):
            hole = Hole(site, value, "s", "x")
            value = Template((hole, "/", hole))
        return value

    assert sorted([grown("b"), grown("a")], key=Order) == [grown("a"), grown("b")]
