"""Sums over items that were already fetched; nothing here leaves the process."""

from collections import Counter


def stock_by_place(items):
    """Return how many pieces lie at each place."""
    pieces = Counter()
    for item in items:
        pieces[item["place"]] += item["pieces"]
    return pieces


def describe(pieces):
    """Return one line for each place, the fullest first."""
    return "\n".join("%s: %d" % entry for entry in pieces.most_common())
