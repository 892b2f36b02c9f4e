"""Distances to sinks after any change of who asks whom are those of a walk from the sinks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from batten.link.distances import Distances
from batten.link.reads import Reads

# Sinks are negative numbers here, and demands words: all that matters is which are which.
_SINKS = (-1, -2)
_DEMANDS = "abcdefgh"
_LINKS = st.tuples(st.sampled_from([*_SINKS, *_DEMANDS]), st.sampled_from(_DEMANDS))


class Asked:
    """Who asks whom."""

    def __init__(self):
        self.links = set()

    def askers(self, demand):
        return [one for one, other in self.links if other == demand]

    def asked(self, asker):
        return [other for one, other in self.links if one == asker]

    def measured(self):
        """Return the distances by a walk from the sinks."""
        found = dict.fromkeys(_SINKS, 0)
        level, distance = list(_SINKS), 0
        while level:
            distance += 1
            behind = {each for asker in level for each in self.asked(asker)} - found.keys()
            found.update(dict.fromkeys(behind, distance))
            level = list(behind)
        return {each: found[each] for each in found if each not in _SINKS}


@given(st.lists(st.sets(_LINKS, max_size=12), min_size=1, max_size=5))
def test_distances_are_those_of_a_walk_from_the_sinks(changes):
    asked = Asked()
    distances = Distances(Reads(), asked.askers, asked.asked)
    for links in changes:
        before, asked.links = asked.links, links
        distances.update({demand for _, demand in before ^ links})
        assert {entry.key: entry.value for entry in distances.facts()} == asked.measured()


@given(st.sets(_LINKS, max_size=12), st.sets(_LINKS, max_size=12))
def test_who_has_read_a_distance_is_told_when_it_changes(before, after):
    asked = Asked()
    distances = Distances(Reads(), asked.askers, asked.asked)
    asked.links = before
    distances.update(set(_DEMANDS))
    old = asked.measured()
    entries = {entry.key: entry for entry in distances.facts()}
    asked.links = after
    changed = distances.update({demand for _, demand in before ^ after}).changed
    new = asked.measured()

    expected = {entries[each] for each in old if old[each] != new.get(each)}
    assert expected <= set(changed)
    assert {each.key for each in changed} == {
        each for each in {*old, *new} if old.get(each) != new.get(each)
    }
