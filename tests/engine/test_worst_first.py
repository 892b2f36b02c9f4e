from __future__ import annotations

from dataclasses import fields

import pytest

from batten.link.explained import _worst_first
from batten.link.flow import Leaf, LeafKind
from batten.models.model import Control

PLAIN = {"kind": LeafKind.CONTROLLED, "why": "comes from outside"}
OTHER = {
    "kind": LeafKind.UNKNOWN,
    "why": "is what callers give",
    "kept": "/",
    "control": next(iter(Control)),
    "is_text": True,
    "told": True,
    "checked": True,
    "undotted": True,
    "source": "flask.Request.args",
    "doubt": "checked to start with `/`",
    "altered": (("upper",),),
    "matched": (("match", "a"),),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Leaf)])
def test_of_different_values_the_same_is_always_the_worst(name):
    one, other = Leaf(**PLAIN), Leaf(**{**PLAIN, name: OTHER[name]})
    # A set has them in the order of their hashes, which are others in each run.
    assert _worst_first([one, other]) == _worst_first([other, one])
