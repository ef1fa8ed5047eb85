"""Moved classes: what completes a set of prefixes, and what nothing completes."""

import pytest

from foresight.concordance import Concordance, Reclassification, class_matches, covers


def row(old, new):
    return Reclassification(tuple(old.split()), tuple(new.split()), "2023.01", "", "")


MOVES = Concordance(
    [
        row("H01L51", "H10K10 H10K50"),
        row("H01L51/50", "H10K50"),
        row("H01L27/22", "H10B61 H10N59"),
        row("G05D1", "G05D1 G05D2101"),
    ]
)


@pytest.mark.parametrize(
    ("held", "added"),
    [
        ("H01L51", "H10K10 H10K50"),
        ("H01L51/50", "H10K50"),
        ("H10K50", "H01L51/50"),
        ("H10K10 H10K50", "H01L51"),
        ("H01L27/22", "H10B61 H10N59"),
        ("H10B61", ""),  # a part of what H01L27/22 was: not the whole of it
        ("H10B61 H10N59", "H01L27/22"),
        ("H01L", "H10B61 H10K10 H10K50 H10N59"),  # a subclass holds all that lay below
        ("H01L51/5012", ""),
        ("G05D1", "G05D2101"),
        ("G06N", ""),
    ],
)
def test_a_whole_side_gains_the_other(held, added):
    assert MOVES.counterparts(held.split()) == added.split()


@pytest.mark.parametrize(
    ("held", "open_ends"),
    [
        ("H01L51/50", ""),
        ("H01L51/5012", "H01L51/5012"),
        ("H10K10", "H10K10"),
        ("H10B61", "H10B61"),
        ("H10B61 H10N59", ""),
        ("G06N", ""),
        ("H01L51 H01L51/5012", ""),
    ],
)
def test_a_part_of_a_side_is_told(held, open_ends):
    assert MOVES.gaps(held.split()) == open_ends.split()


@pytest.mark.parametrize(
    ("held", "added"),
    [
        ("H01L51/5012", "H10K50"),  # the finest row that holds it, not H01L51 as a whole
        ("H01L51/42", "H10K10 H10K50"),
        ("H10B61", "H01L27/22"),
        ("H10K50", "H01L51/50"),
        ("G05D1/02", ""),  # moved in place
    ],
)
def test_a_part_of_a_side_gains_the_whole_other_beside_a_word(held, added):
    assert MOVES.wider(held.split()) == added.split()


def test_prefixes():
    assert covers("G06N", "G06N10")
    assert covers("G06F16", "G06F16/30")
    assert not covers("G06F16", "G06F161")
    assert not covers("H01L51/50", "H01L51")
    assert class_matches("H01M10/05", "H01M10/0562")
