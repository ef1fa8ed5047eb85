"""Trend and structure indicators: no future, no order, no names, stated scale, never infinite.

Warnings are errors here as everywhere: a division by zero would fail these tests.
"""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.errors import InsufficientDataError
from foresight.indicators.burst import bursts
from foresight.indicators.complexity import complexity, presence, proximity, relatedness_density
from foresight.indicators.concentration import concentration, entry_exit
from foresight.indicators.life_cycle import life_cycles
from foresight.indicators.nowcast import delay_triangle, nowcast, reporting_delay
from foresight.indicators.recent_share import recent_share
from foresight.indicators.specialisation import specialisation
from foresight.tables import TOPIC_YEARS

LIGHT = settings(max_examples=40, deadline=None)
FEW = settings(max_examples=12, deadline=None)
LAST = 2012


@st.composite
def panels(draw, most=40):
    """Counts of 1 to 4 units over 4 to 14 years, to after `LAST`; a year may have no corpus."""
    years = draw(st.integers(4, 14))
    totals = draw(st.lists(st.integers(0, 200), min_size=years, max_size=years))
    units = draw(st.integers(1, 4))
    rows = []
    for unit in range(units):
        for place, total in enumerate(totals):
            docs = draw(st.integers(0, min(total, most)))
            rows.append((f"u{unit}", LAST + 2 - years + 1 + place, docs, total, docs, 0))
    return pd.DataFrame(rows, columns=TOPIC_YEARS.names)


def answer(function, table):
    """The answer, or the refusal in words: both must hold still."""
    try:
        return function(table, last_year=LAST)
    except InsufficientDataError as error:
        return str(error)


def assert_same(one, two):
    if isinstance(one, str) or isinstance(two, str):
        assert isinstance(one, str)
        assert isinstance(two, str)
    else:
        pd.testing.assert_frame_equal(one, two, check_dtype=False)


def check_trend(function, table, seed):
    before = table.copy(deep=True)
    base = answer(function, table)
    assert_same(base, answer(function, table[table["year"] <= LAST]))  # no future
    wild = table.assign(n_docs=table["n_docs"].where(table["year"] <= LAST, table["n_corpus"]))
    assert_same(base, answer(function, wild))
    assert_same(base, answer(function, table.sample(frac=1, random_state=seed)))
    named = answer(function, table.assign(topic_id="z" + table["topic_id"]))
    if not isinstance(base, str):
        plain = named.rename(index=lambda v: v[1:] if isinstance(v, str) else v)
        if "topic_id" in plain:
            plain = plain.assign(topic_id=plain["topic_id"].str[1:])
        assert_same(base, plain)
        numbers = base.select_dtypes("number").to_numpy(dtype=float)
        assert not np.isinf(numbers).any()
    pd.testing.assert_frame_equal(table, before)  # the input is left as it was


@LIGHT
@given(panels(), st.integers(0, 9))
def test_bursts_hold_still(table, seed):
    check_trend(bursts, table, seed)


@LIGHT
@given(panels(), st.integers(0, 9))
def test_recent_share_holds_still(table, seed):
    check_trend(recent_share, table, seed)


@FEW
@given(panels(most=200), st.integers(0, 9))
def test_life_cycles_hold_still(table, seed):
    check_trend(life_cycles, table, seed)


@LIGHT
@given(panels())
def test_bursts_of_twice_as_many_weigh_more_and_reach_no_less_weight(table):
    """Doubling all counts doubles every gain: the best path is worth at least twice as much."""
    twice = table.assign(n_docs=2 * table["n_docs"], n_corpus=2 * table["n_corpus"])
    one, two = answer(bursts, table), answer(bursts, twice)
    if not isinstance(one, str):
        worth, more = (
            frame.groupby("topic_id")["weight"]
            .sum()
            .sub(
                frame.groupby("topic_id").size()
                * np.log(
                    table.loc[(table["year"] <= LAST) & (table["n_corpus"] > 0), "year"].nunique()
                )
            )
            for frame in (one, two)
        )
        for unit, value in worth.items():
            assert more[unit] >= 2 * value - 1e-6


@LIGHT
@given(panels())
def test_shares_of_twice_as_many_stay_and_their_intervals_narrow(table):
    def fixed(frame, *, last_year):
        return recent_share(frame, last_year=last_year, prior=(0.4, 5.0))

    twice = table.assign(n_docs=2 * table["n_docs"], n_corpus=2 * table["n_corpus"])
    one, two = answer(fixed, table), answer(fixed, twice)
    if not isinstance(one, str):
        pd.testing.assert_series_equal(one["raw"], two["raw"])
        nearer = (two["recent_share"] - two["raw"]).abs() <= (
            one["recent_share"] - one["raw"]
        ).abs() + 1e-12
        assert (nearer | one["raw"].isna()).all()


DOCS = st.lists(
    st.tuples(
        st.integers(2000, 2014),
        st.lists(st.sampled_from("abcdefgh"), max_size=3, unique=True),
    ),
    max_size=40,
)


def doc_orgs(docs, prefix=""):
    rows = [
        (f"d{i:02d}", prefix + org if org else None, year)
        for i, (year, orgs) in enumerate(docs)
        for org in orgs or [None]
    ]
    frame = pd.DataFrame(rows, columns=["doc_id", "org_id", "year"])
    return frame.astype({"doc_id": "str", "org_id": "str", "year": "int64"})


def concentrated(frame, *, last_year):
    return concentration(frame, last_year=last_year, rng=np.random.default_rng(4), draws=50)


@LIGHT
@given(DOCS, st.integers(0, 9))
def test_organisations_hold_still(docs, seed):
    table = doc_orgs(docs)
    for function in (concentrated, entry_exit):
        base = answer(function, table)
        assert_same(base, answer(function, table[table["year"] <= LAST]))
        assert_same(base, answer(function, table.sample(frac=1, random_state=seed)))
        assert_same(base, answer(function, doc_orgs(docs, prefix="x")))
        if not isinstance(base, str):
            assert not np.isinf(base.to_numpy(dtype=float, na_value=np.nan)).any()


@LIGHT
@given(
    st.integers(1, 6).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 30), min_size=columns, max_size=columns),
            min_size=1,
            max_size=6,
        )
    ),
    st.randoms(use_true_random=False),
)
def test_regions_hold_still(values, random):
    counts = pd.DataFrame(values)
    counts.index, counts.columns = (
        [f"r{i}" for i in range(len(counts))],
        [f"t{i}" for i in range(counts.shape[1])],
    )
    rows, columns = list(counts.index), list(counts.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    mixed = counts.loc[rows, columns]
    key = ["region", "technology"]
    one, two = (specialisation(frame).set_index(key).sort_index() for frame in (counts, mixed))
    pd.testing.assert_frame_equal(one, two)
    assert not np.isinf(one.to_numpy()).any()
    assert ((one["rsi"].dropna() >= -1) & (one["rsi"].dropna() <= 1)).all()
    twice = specialisation(2 * counts).set_index(key).sort_index()
    pd.testing.assert_series_equal(one["rta"], twice["rta"])
    has = presence(counts)
    phi = proximity(has)
    assert ((phi >= 0) & (phi <= 1)).all(axis=None)
    density = relatedness_density(has, phi=phi)
    assert density.isin([np.nan]).all(axis=None) or density.max(axis=None) <= 100 + 1e-9
    pd.testing.assert_frame_equal(
        density,
        relatedness_density(presence(mixed), phi=proximity(presence(mixed))).loc[
            counts.index, counts.columns
        ],
    )
    try:
        scores = complexity(has)[0]["eci"]
    except InsufficientDataError:
        return
    again = complexity(presence(mixed))[0]["eci"].loc[counts.index]
    assert np.allclose(scores, again, equal_nan=True) or np.allclose(scores, -again, equal_nan=True)


@FEW
@given(
    st.lists(st.tuples(st.integers(1998, 2014), st.integers(0, 6)), min_size=1, max_size=150),
    st.integers(0, 9),
)
def test_nowcasts_hold_still(pairs, seed):
    table = pd.DataFrame(
        [(f"{year}-01-01", f"{year + delay}-01-01") for year, delay in pairs],
        columns=["priority", "published"],
    )

    def completed(frame, *, last_year):
        delay = reporting_delay(delay_triangle(frame, last_year=last_year, max_delay=6))
        seen = delay[["n_seen"]].rename_axis("year").reset_index().assign(topic_id="all")
        return nowcast(seen, delay)

    base = answer(completed, table)
    early = table[table["published"] <= f"{LAST}-12-31"]
    assert_same(base, answer(completed, early))
    assert_same(base, answer(completed, table.sample(frac=1, random_state=seed)))
    if not isinstance(base, str):
        assert not np.isinf(base[["estimate", "lo", "hi"]].to_numpy()).any()
        shown = base[base["status"] == "nowcast"]
        assert ((shown["lo"] >= shown["n_seen"]) & (shown["hi"] >= shown["lo"])).all()
        assert base.loc[base["status"] == "too_early", "estimate"].isna().all()
