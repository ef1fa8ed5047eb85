"""Features of venues, worked out by hand."""

import numpy as np
import pytest
from scipy.special import comb
from small_snapshots import several, small_snapshot, values

from foresight.emergence import venue_features as venue

THEN = several("a1", "A", 2006, 20) | several("b1", "B", 2006, 10)
NOW = several("a2", "A", 2009, 10) | several("b2", "B", 2009, 10)
DOCS = THEN | NOW


def snapshot(names, forms):
    rows = [(one, names.get(one, "v"), forms.get(one, "conference")) for one in sorted(DOCS)]
    return small_snapshot(DOCS, venues=rows)


def test_from_conferences_to_journals():
    forms = {"a200": "journal", "a201": "journal", "a202": None, "b100": "journal"}
    found = snapshot({}, forms)
    wanted = {"A": round(2 / 9, 6), "B": 0.0}
    assert values(venue.journal_share(found)) == wanted
    assert values(venue.journal_change(found)) == wanted | {"B": -0.1}


def test_spread_of_venues():
    found = snapshot({"a200": "w", "a201": "w", "b100": "w"}, {})
    # Of 45 pairs 28 + 1 agree; before, 36 + 0 of B.
    assert values(venue.venue_spread(found)) == {"A": round(16 / 45, 6), "B": 0.0}
    assert values(venue.venue_spread_change(found)) == {"A": round(16 / 45, 6), "B": -0.2}


def test_new_venues():
    found = snapshot({"a200": "w", "a201": "w", "a100": "x", "a202": "x"}, {})
    # All twenty earlier ones are looked at: w is new, x is not. B has ten.
    assert values(venue.new_venues(found)) == {"A": 0.2, "B": None}
    assert comb(19, 20) == 0


def test_momentum_of_venues():
    found = snapshot({"a200": "w"} | {f"b20{i}": "w" for i in range(4)}, {})
    # Others of A: v 10 of 10, then 6; w none, then 4. Of B: v 20 of 20, then 9 of 10; w 1.
    a = (9 * np.log(6.5 / 10.5) + np.log(4.5 / 0.5)) / 10
    shares = {"v": np.log((9.5 / 10.5) / (20.5 / 20.5)), "w": np.log((1.5 / 10.5) / (0.5 / 20.5))}
    b = (6 * shares["v"] + 4 * shares["w"]) / 10
    assert values(venue.venue_momentum(found)) == pytest.approx({"A": a, "B": b}, abs=1e-6)


def test_without_venues_all_is_missing():
    for one in venue.FEATURES:
        assert one.compute(small_snapshot(DOCS)).isna().all(), one.name
