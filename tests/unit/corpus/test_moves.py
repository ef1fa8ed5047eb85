"""Moved classes in a corpus: counts by hand, states, and nothing from after the date."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.concordance import Reclassification
from foresight.corpus.moves import STATES, describe_moves, moved_years
from foresight.corpus.view import as_of

TODAY = "2030-01-01"
ROWS = (
    Reclassification(("H01L51",), ("H10K",), "2023.01", "organic", "有机"),
    Reclassification(("G06K9", "G06K99/1"), ("G06V",), "2022.01", "images", "图像"),
    Reclassification(("G08G5",), ("G08G5",), "2025.01", "in place", "组内"),
)


def documents(rows):
    frame = pd.DataFrame(rows, columns=["doc_id", "published"])
    return frame.assign(kind="patent", title="t")


def classes(*rows):
    return pd.DataFrame(rows, columns=["doc_id", "scheme", "code"])


@pytest.fixture
def corpus(make):
    return make(
        documents=documents(
            [
                ("a", "2021-03-01"),
                ("b", "2021-12-31"),
                ("c", "2023-01-01"),
                ("d", "2023-06-01"),
                ("e", "2024-12-20"),
                ("n", "2021-05-05"),
            ]
        ),
        classes=classes(
            ("a", "cpc", "H01L51/50"),
            ("a", "ipc", "H01L51/50"),  # one document, whichever scheme carries it
            ("a", "cpc", "H01L51/00"),
            ("b", "cpc", "H01L511/00"),  # another group: not under H01L51
            ("b", "ipc", "G06K99/12"),
            ("c", "cpc", "H10K50/11"),
            ("c", "cpc", "H01L51/50"),
            ("d", "ipc", "H10K10/00"),
            ("d", "cpc", "G06V10/40"),
            ("e", "keyword", "H10K50/11"),  # a keyword is no symbol
            ("n", "keyword", "organic"),
        ),
    )


def counts(view):
    frame = moved_years(view, ROWS).set_index(["row", "year"])
    return {key: tuple(row) for key, row in zip(frame.index, frame.to_numpy(), strict=True)}


def test_documents_count_once_on_each_side_and_zeros_are_lines(corpus):
    found = counts(as_of(corpus, "2024-12-31", today=TODAY))
    assert len(found) == 3 * 4
    # n_old, n_new, n_both, n_either, n_classed
    assert found[0, 2021] == (1, 0, 0, 1, 2)
    assert found[0, 2022] == (0, 0, 0, 0, 0)
    assert found[0, 2023] == (1, 2, 1, 2, 2)
    assert found[0, 2024] == (0, 0, 0, 0, 0)
    assert found[1, 2021] == (1, 0, 0, 1, 2)
    assert found[1, 2023] == (0, 1, 0, 1, 2)
    assert found[2, 2023] == (0, 0, 0, 0, 2)


def test_nothing_published_later_changes_a_year(corpus):
    early = counts(as_of(corpus, "2023-03-01", today=TODAY))
    assert early[0, 2021] == (1, 0, 0, 1, 2)
    assert early[0, 2023] == (1, 1, 1, 1, 1)
    assert max(year for _, year in early) == 2023


def test_a_corpus_without_symbols_has_zeros(make):
    view = as_of(make(documents=documents([("a", "2021-03-01")])), "2021-12-31", today=TODAY)
    frame = moved_years(view, ROWS)
    assert frame["n_either"].eq(0).all()
    assert set(describe_moves(frame, ROWS, last_year=2021)["state"]) == {"empty"}


def years(**sides):
    """A row's years from counts of documents (old only, new only, both), of 100 with a symbol."""
    rows = [
        (0, int(year[1:]), old + both, new + both, both, old + new + both, 100)
        for year, (old, new, both) in sides.items()
    ]
    names = ["row", "year", "n_old", "n_new", "n_both", "n_either", "n_classed"]
    return pd.DataFrame(rows, columns=names)


def described(frame, last_year, row=ROWS[0], **more):
    return describe_moves(frame, [row], last_year=last_year, **more).iloc[0]


@pytest.mark.parametrize(
    ("sides", "last_year", "state"),
    [
        ({"y2022": (9, 0, 0), "y2023": (0, 9, 0)}, 2023, "handed_over"),
        ({"y2022": (0, 9, 0), "y2023": (0, 9, 0)}, 2023, "retagged"),
        ({"y2022": (1, 8, 0), "y2023": (0, 9, 0)}, 2023, "mixed"),
        ({"y2022": (9, 0, 0), "y2023": (5, 5, 0)}, 2023, "mixed"),
        ({"y2022": (9, 0, 0), "y2023": (0, 0, 0)}, 2023, "handed_over"),
        ({"y2022": (9, 0, 0), "y2023": (0, 9, 0)}, 2022, "ahead"),
        ({"y2022": (0, 0, 0), "y2023": (0, 9, 0)}, 2023, "behind"),
        ({"y2022": (0, 0, 0), "y2023": (0, 0, 0)}, 2023, "empty"),
    ],
)
def test_states(sides, last_year, state):
    assert described(years(**sides), last_year)["state"] == state
    assert state in STATES


def test_a_class_reorganised_in_place_is_named_so():
    frame = years(y2024=(0, 0, 5), y2025=(0, 0, 5))
    assert described(frame, 2025, row=ROWS[2])["state"] == "in_place"


def test_ratio_over_the_move_by_hand():
    frame = years(
        y2020=(9, 0, 0), y2021=(10, 0, 0), y2022=(10, 0, 0), y2023=(0, 15, 0), y2024=(0, 25, 0)
    )
    row = described(frame, 2024)
    assert row["years_compared"] == 2  # two complete years after the move
    assert row["either_ratio"] == pytest.approx(40 / 20)
    # Wilson's interval of 40 in 60, as odds; equal numbers with a symbol on both sides
    z, n, p = 1.959964, 60, 40 / 60
    centre, spread = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    bounds = [(centre + sign * spread) / (1 + z**2 / n) for sign in (-1, 1)]
    odds = [share / (1 - share) for share in bounds]
    assert [row["either_ratio_lo"], row["either_ratio_hi"]] == pytest.approx(odds)
    assert row["old_ratio"] == 0
    assert row["old_ratio_lo"] == 0
    assert 0 < row["old_ratio_hi"] < 1
    assert np.isnan(row["new_ratio"])  # nothing before: no upper bound, and a lower one
    assert np.isnan(row["new_ratio_hi"])
    assert row["new_ratio_lo"] > 1
    assert (row["retagged"], row["kept"]) == (0, 0)


def test_a_ratio_is_of_shares_not_of_counts():
    frame = years(y2022=(10, 0, 0), y2023=(0, 20, 0))
    frame["n_classed"] = [100, 200]
    assert described(frame, 2023)["either_ratio"] == pytest.approx(1)


def test_years_after_the_last_complete_one_are_not_read():
    early = years(y2022=(9, 0, 0), y2023=(0, 9, 0))
    late = years(y2022=(9, 0, 0), y2023=(0, 9, 0), y2024=(90, 90, 90))
    pd.testing.assert_series_equal(described(early, 2023), described(late, 2023))


@given(
    st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=2, max_size=8),
    st.integers(2019, 2026),
)
def test_intervals_hold_their_value_and_shares_are_shares(sides, last_year):
    frame = years(**{f"y{2019 + i}": side for i, side in enumerate(sides)})
    row = described(frame, last_year)
    assert row["state"] in STATES
    for side in ("old", "new", "either"):
        value, lo, hi = (row[f"{side}_ratio{end}"] for end in ("", "_lo", "_hi"))
        assert np.isnan(value) or lo <= value + 1e-9
        assert np.isnan(hi) or value <= hi + 1e-9
    for name in ("retagged", "kept"):
        assert np.isnan(row[name]) or 0 <= row[name] <= 1
    assert row["n_either"] == row["n_old"] + row["n_new"] - row["n_both"]
