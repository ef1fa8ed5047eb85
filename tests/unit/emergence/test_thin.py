"""Features of thin units are drawn towards the track, by hand; what has no common value is not."""

import numpy as np
import pandas as pd
import pytest

from foresight.emergence.features import FEATURES, Features
from foresight.emergence.score import Reference
from foresight.emergence.thin import drawn_to_track

NEW, COUNTRIES = FEATURES.index("newness"), FEATURES.index("countries")


def made(units, values, spread):
    """Units with values of newness and countries, draws at equal distance to either side."""
    draws = np.full((len(units), len(FEATURES), 2), np.nan)
    rows = []
    for row, (unit, value, width) in enumerate(zip(units, values, spread, strict=True)):
        for name, place in (("newness", NEW), ("countries", COUNTRIES)):
            draws[row, place] = value - width, value + width
            rows.append((unit, name, value, value - width, value + width, 9))
    columns = ["unit_id", "indicator", "value", "lo", "hi", "n"]
    return Features(units, pd.DataFrame(rows, columns=columns), draws, 0)


@pytest.fixture
def against():
    values = np.full((2, len(FEATURES)), np.nan)
    values[:, NEW] = values[:, COUNTRIES] = [-1.0, 1.0]  # of variance 2
    return Reference(values, 0.1)


def test_the_less_is_known_the_nearer_to_the_track(against):
    found = made(["sure", "thin", "wild"], [4.0, 4.0, 4.0], [0.0, np.sqrt(2), np.sqrt(6)])
    drawn = drawn_to_track(found, made(["track"], [2.0], [0.1]), against)
    # shares 2 / (2 + 0), 2 / (2 + 2), 2 / (2 + 6) of the way from 2 to 4
    assert drawn.values("newness").tolist() == pytest.approx([4.0, 3.0, 2.5])
    widths = np.ptp(drawn.draws[:, NEW], axis=1) / 2
    assert widths == pytest.approx([0.0, np.sqrt(2) * np.sqrt(0.5), np.sqrt(6) * np.sqrt(0.25)])
    assert drawn.draws[:, NEW].mean(axis=1) == pytest.approx([4.0, 3.0, 2.5])
    assert drawn.values("countries").tolist() == [4.0, 4.0, 4.0]
    assert found.values("newness").tolist() == [4.0, 4.0, 4.0]  # what is published stays


def test_what_is_unknown_of_a_unit_is_the_track_s(against):
    found = made(["known", "silent"], [4.0, np.nan], [0.0, np.nan])
    drawn = drawn_to_track(found, made(["track"], [2.0], [0.1]), against)
    assert drawn.values("newness").tolist() == [4.0, 2.0]
    assert drawn.draws[1, NEW].tolist() == [2.0, 2.0]
    assert np.isnan(drawn.values("countries")["silent"])


def test_nothing_is_drawn_to_what_is_unknown(against):
    found = made(["thin"], [4.0], [1.0])
    silent = made(["track"], [np.nan], [0.0])
    assert drawn_to_track(found, silent, against).values("newness").tolist() == [4.0]
    bare = Reference(np.empty((0, len(FEATURES))), 0.1)
    track = made(["track"], [2.0], [0.1])
    assert drawn_to_track(found, track, bare).values("newness").tolist() == [4.0]
    nobody = Features([], found.table.iloc[:0], found.draws[:0], 0.0)
    assert drawn_to_track(nobody, track, against).units == []
