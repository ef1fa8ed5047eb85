"""Features and composite score: percentiles, missing components, ranks, intervals, no leak."""

import numpy as np
import pandas as pd
import pytest

from foresight.emergence.features import FEATURES, Facts, bootstrap_weights, features
from foresight.emergence.score import (
    Reference,
    components,
    composite,
    percentile,
    reference,
    weighted_score,
)
from foresight.settings import Settings

SETTINGS = Settings(draws=200, min_docs=5)


def world(seed=0, last_year=2020, per_year=40):
    """Units rising, level and falling, with organisations and class pairs."""
    rng = np.random.default_rng(seed)
    docs, members = [], []
    shares = {"a/rise": 0.4, "b/level": 0.0, "c/fall": -0.4}
    for year in range(2011, 2022):
        for unit, slope in shares.items():
            for _ in range(rng.poisson(20 * np.exp(slope * (year - 2017)))):
                doc = f"d{len(docs):05d}"
                docs.append((doc, year, 3.0, float(rng.random() < 0.3)))
                members.append((unit, doc))
    frame = pd.DataFrame(docs, columns=["doc_id", "year", "n_pairs", "n_first_pairs"])
    frame = frame.set_index("doc_id")
    frame["newness"] = [shares[unit] + rng.standard_normal() for unit, _ in members]
    frame["modernity"] = frame["newness"] - rng.random(len(frame))
    orgs = pd.DataFrame(
        {"doc_id": frame.index, "org_id": [f"o{i % 17}" for i in range(len(frame))]}
    )
    first = orgs.assign(year=frame["year"].to_numpy()).groupby("org_id")["year"].min()
    orgs["first_year"] = orgs["org_id"].map(first)
    countries = pd.DataFrame({"doc_id": frame.index, "country": "CN"})
    totals = pd.Series(1000, index=range(2011, 2022))
    facts = Facts(frame, orgs, countries, totals, last_year)
    return pd.DataFrame(members, columns=["unit_id", "doc_id"]), facts


def scored(members, facts):
    found = features(members, facts, settings=SETTINGS)
    years = members["doc_id"].map(facts.documents["year"])
    size = members[years <= facts.last_year].groupby("unit_id").size()
    against = reference(found, n_docs=size, settings=SETTINGS)
    return found, composite(found, against, n_docs=size, settings=SETTINGS)


def test_percentile_is_the_mid_rank():
    among = np.array([1.0, 2.0, 2.0, 4.0])
    assert percentile(np.array([0.0, 2.0, 3.0, 9.0, np.nan]), among)[:4] == pytest.approx(
        [0.0, 0.5, 0.75, 1.0]
    )
    assert np.isnan(percentile(np.array([np.nan]), among)[0])
    assert np.isnan(percentile(np.array([1.0]), np.array([]))[0])


def test_missing_components_are_renormalised_not_zero():
    parts = np.array([[[0.8], [np.nan], [0.4], [np.nan]]])
    assert weighted_score(parts, np.full((4, 1), 0.25))[0, 0] == pytest.approx(60.0)
    assert np.isnan(weighted_score(np.full((1, 4, 1), np.nan), np.full((4, 1), 0.25))[0, 0])


def test_community_is_the_mean_of_its_known_features():
    against = Reference({name: np.array([0.0, 1.0]) for name in FEATURES}, 0.1)
    values = np.array([[0.5, 2.0, 0.5, np.nan, 0.5, 2.0, np.nan, -1.0]])
    assert components(values, against)[0] == pytest.approx([0.75, 0.5, 0.5, 0.5])


def test_rising_unit_leads_and_intervals_hold_their_estimate():
    members, facts = world()
    found, table = scored(members, facts)
    assert table.loc[table["growth"].idxmax(), "unit_id"] == "a/rise"
    assert table.loc[table["vitality"].idxmax(), "unit_id"] == "a/rise"
    growth = found.values("growth")
    assert growth["a/rise"] > 0.1 > growth["b/level"] > growth["c/fall"]
    assert found.p_growth[0] > 0.95
    assert (table["score_lo"] <= table["score"]).all()
    assert (table["score"] <= table["score_hi"]).all()
    assert (table["rank_lo"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_hi"]).all()
    rows = found.table.dropna()
    assert (rows["lo"] <= rows["value"]).all()
    assert (rows["value"] <= rows["hi"]).all()


def test_documents_after_the_last_year_change_nothing():
    members, facts = world()
    late = facts.documents["year"] > facts.last_year
    assert late.any()
    kept = facts.documents[~late]
    early = Facts(kept, facts.organisations, facts.countries, facts.totals.loc[:2020], 2020)
    _, with_late = scored(members, facts)
    _, without = scored(members[members["doc_id"].isin(kept.index)], early)
    pd.testing.assert_frame_equal(with_late, without)


def test_order_of_documents_and_units_changes_nothing():
    members, facts = world()
    shuffled = Facts(
        facts.documents.sample(frac=1, random_state=1),
        facts.organisations.sample(frac=1, random_state=2),
        facts.countries.sample(frac=1, random_state=3),
        facts.totals,
        facts.last_year,
    )
    _, base = scored(members, facts)
    _, again = scored(members.sample(frac=1, random_state=4), shuffled)
    pd.testing.assert_frame_equal(base, again)


def test_a_unit_scores_the_same_whatever_other_units_are_scored_with_it():
    members, facts = world()
    found = features(members, facts, settings=SETTINGS)
    size = members.groupby("unit_id").size()
    against = reference(found, n_docs=size, settings=SETTINGS)
    alone = features(
        members[members["unit_id"] == "a/rise"], facts, settings=SETTINGS, tau2=against.tau2
    )
    one = composite(alone, against, n_docs=size, settings=SETTINGS)
    every = composite(found, against, n_docs=size, settings=SETTINGS)
    columns = ["score", "score_lo", "score_hi", "p_growth", "growth", "vitality", "novelty"]
    expected = every.loc[every["unit_id"] == "a/rise", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(one[columns], expected)


def test_no_spread_between_units_means_no_evidence_of_growth():
    members, facts = world()
    found = features(members, facts, settings=SETTINGS, tau2=0.0)
    assert found.p_growth == pytest.approx([0.5, 0.5, 0.5])


def test_small_units_have_no_score():
    members, facts = world()
    few = members[members["unit_id"] == "b/level"].head(3).assign(unit_id="z/few")
    _, table = scored(pd.concat([members, few]), facts)
    row = table.set_index("unit_id").loc["z/few"]
    assert row[["score", "score_lo", "score_hi", "rank", "rank_lo", "p_growth"]].isna().all()
    assert row["n_docs"] <= 3


def test_a_corpus_without_organisations_and_classes_is_scored_on_what_is_there():
    members, facts = world()
    bare = Facts(
        facts.documents.assign(n_pairs=np.nan, n_first_pairs=np.nan),
        facts.organisations.iloc[:0],
        facts.countries.iloc[:0],
        facts.totals,
        facts.last_year,
    )
    _, table = scored(members, bare)
    assert table["novelty"].isna().all()
    assert table["community"].isna().all()
    first = table.iloc[0]
    assert first["score"] == pytest.approx(50 * (first["growth"] + first["vitality"]))


def test_wider_evidence_gives_a_narrower_interval():
    rng = np.random.default_rng(0)
    few = bootstrap_weights(10, draws=500, rng=rng) @ (np.arange(10) < 5)
    many = bootstrap_weights(1000, draws=500, rng=rng) @ (np.arange(1000) < 500)
    assert few[1:].std() / 10 > 5 * many[1:].std() / 1000


def test_no_units_at_all():
    members, facts = world()
    empty = pd.DataFrame({"unit_id": pd.Series(dtype="str"), "doc_id": pd.Series(dtype="str")})
    found = features(empty, facts, settings=SETTINGS)
    size = pd.Series(dtype=int)
    against = reference(found, n_docs=size, settings=SETTINGS)
    assert composite(found, against, n_docs=size, settings=SETTINGS).empty
    # an empty table put beside another must not turn its numbers into objects
    numbers = ["value", "lo", "hi", "n"]
    whole = features(members, facts, settings=SETTINGS).table
    pd.testing.assert_series_equal(found.table[numbers].dtypes, whole[numbers].dtypes)


def test_a_feature_that_few_documents_can_show_is_missing():
    members, facts = world()
    silent = facts.documents.assign(
        n_pairs=facts.documents["n_pairs"].where(np.arange(len(facts.documents)) % 10 == 0)
    )
    patchy = Facts(silent, facts.organisations, facts.countries, facts.totals, facts.last_year)
    found, table = scored(members, patchy)
    assert found.values("novelty").isna().all()
    assert table["score"].notna().all()
    assert table["community"].notna().all()
