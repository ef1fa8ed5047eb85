"""Features and composite score: percentiles, missing components, ranks, intervals, no leak."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foresight.emergence.calibration import Platt
from foresight.emergence.drift import DIRECTIONS
from foresight.emergence.features import FEATURES, Facts, Features, bootstrap_weights, features
from foresight.emergence.prior import Weights
from foresight.emergence.score import (
    NO_REFERENCE,
    Reference,
    component_weights,
    components,
    percentile,
    reference,
    score_units,
    weighted_score,
)
from foresight.settings import Settings

SETTINGS = Settings(draws=200, min_docs=5)
WEIGHTS = Weights(
    known_by=2019,
    n_units=400,
    base_rate=0.2,
    features={"growth": 0.2, "newness": 0.3, "vitality": 0.1},
    left_out=np.array([[0.0, 0.5, 0.1], [0.4, 0.1, 0.1], [0.2, 0.3, 0.1]]),
    growth=Platt(-3.0, 2.0),
)


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
    frame[[name for name in DIRECTIONS if name not in frame]] = np.nan
    frame["new_people"] = np.nan
    orgs = pd.DataFrame(
        {"doc_id": frame.index, "org_id": [f"o{i % 17}" for i in range(len(frame))]}
    )
    first = orgs.assign(year=frame["year"].to_numpy()).groupby("org_id")["year"].min()
    orgs["first_year"] = orgs["org_id"].map(first)
    countries = pd.DataFrame({"doc_id": frame.index, "country": "CN"})
    totals = pd.Series(1000, index=range(2011, 2022))
    facts = Facts(frame, orgs, countries, totals, last_year)
    return pd.DataFrame(members, columns=["unit_id", "doc_id"]), facts


def sizes(n_docs):
    return pd.DataFrame({"n_docs": n_docs, "n_recent": n_docs})


def scored(members, facts, weights=None):
    found = features(members, facts, settings=SETTINGS)
    years = members["doc_id"].map(facts.documents["year"])
    size = members[years <= facts.last_year].groupby("unit_id").size()
    against = reference(found)
    return found, score_units(found, against, sizes=sizes(size), settings=SETTINGS, weights=weights)


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
    against = Reference(np.array([[0.0] * len(FEATURES), [1.0] * len(FEATURES)]), 0.1)
    values = np.full((1, len(FEATURES)), np.nan)
    values[0, :8] = [0.5, 2.0, 0.5, np.nan, 0.5, 2.0, np.nan, -1.0]
    assert components(against.ranked(values))[0] == pytest.approx([0.75, 0.5, 0.5, 0.5])


def test_the_learned_score_by_hand():
    """Two topics of the corpus, three features known of the units, weights on two of them."""
    values = np.full((4, len(FEATURES)), np.nan)
    values[:, 0], values[:, 2] = [1, 2, 3, 4], [4, 3, 2, 1]
    against = Reference(values, 0.1)
    own = np.full((3, len(FEATURES)), np.nan)
    own[0, [0, 2]], own[1, 0] = [3.5, 2.5], 2.5  # the third knows nothing
    # Topics: growth percentiles 1/8, 3/8, 5/8, 7/8, vitality the other way round; by the weights
    # 0.4 and 0.1 they are expected at 0.5 + 0.3 (g - 1/2): -0.1125, -0.0375, 0.0375, 0.1125 off.
    # First: growth 3/4, vitality 1/2: +0.1, above three of four. Second: growth 1/2: 0, above two.
    found = Features(
        ["u", "v", "w"],
        pd.DataFrame(
            [(u, name, own[i, k], np.nan, np.nan, 1) for i, u in enumerate("uvw")
             for k, name in enumerate(FEATURES) if not np.isnan(own[i, k])],
            columns=["unit_id", "indicator", "value", "lo", "hi", "n"],
        ),
        np.repeat(own[..., np.newaxis], 5, axis=2),
        0.1,
    )  # fmt: skip
    weights = Weights(
        2019, 99, 0.2, {"growth": 0.4, "vitality": 0.1}, np.array([[0.4, 0.1]] * 2), Platt(-1, 2)
    )
    size = pd.Series({"u": 9, "v": 9, "w": 9})
    settings = replace(SETTINGS, draws=5)
    table = score_units(found, against, sizes=sizes(size), settings=settings, weights=weights)
    assert table["unit_id"].tolist() == ["u", "v", "w"]
    assert table["score"].tolist()[:2] == [75.0, 50.0]
    assert table["p_growth"].tolist()[:2] == pytest.approx([1 / (1 + np.exp(-0.5)), 0.5])
    assert table.loc[2, ["score", "p_growth", "rank"]].isna().all()
    assert table.loc[0, ["score_lo", "score_hi"]].tolist() == [75.0, 75.0]  # nothing was drawn
    # without topics of the corpus to compare with nobody has a score
    bare = score_units(found, NO_REFERENCE, sizes=sizes(size), settings=settings, weights=weights)
    assert bare[["score", "p_growth", "rank"]].isna().all(axis=None)


def test_an_analyst_s_weights_replace_the_learned_score():
    members, facts = world()
    found, learned = scored(members, facts, WEIGHTS)
    size = members.groupby("unit_id").size()
    own = replace(SETTINGS, weights={"novelty": 3})
    table = score_units(found, reference(found), sizes=sizes(size), settings=own, weights=WEIGHTS)
    table = table.set_index("unit_id")
    assert table["score"].to_numpy() == pytest.approx(100 * table["novelty"].to_numpy())
    known = learned.set_index("unit_id").loc[table.index]
    assert table["p_growth"].to_numpy() == pytest.approx(known["p_growth"].to_numpy())
    assert component_weights(replace(SETTINGS, weights={"growth": 1, "community": 3})) == (
        pytest.approx([0.25, 0, 0, 0.75])
    )


def test_unsure_weights_widen_the_interval():
    members, facts = world()
    sure = replace(WEIGHTS, left_out=np.repeat(WEIGHTS.left_out.mean(axis=0)[None], 3, axis=0))
    widths = []
    for weights in (WEIGHTS, sure):
        _, table = scored(members, facts, weights)
        row = table.set_index("unit_id").loc["b/level"]
        widths.append(row["score_hi"] - row["score_lo"])
    assert widths[0] >= widths[1]


def test_rising_unit_leads_and_intervals_hold_their_estimate():
    members, facts = world()
    found, table = scored(members, facts)
    assert table.loc[table["growth"].idxmax(), "unit_id"] == "a/rise"
    assert table.loc[table["vitality"].idxmax(), "unit_id"] == "a/rise"
    growth = found.values("growth")
    assert growth["a/rise"] > 0.1 > growth["b/level"] > growth["c/fall"]
    assert (found.draws[0, FEATURES.index("growth")] > 0).mean() > 0.95
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


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_a_unit_scores_the_same_whatever_other_units_are_scored_with_it(weights):
    members, facts = world()
    found = features(members, facts, settings=SETTINGS)
    size = members.groupby("unit_id").size()
    against = reference(found)
    alone = features(
        members[members["unit_id"] == "a/rise"], facts, settings=SETTINGS, tau2=against.tau2
    )
    one, every = (
        score_units(some, against, sizes=sizes(size), settings=SETTINGS, weights=weights)
        for some in (alone, found)
    )
    columns = ["score", "score_lo", "score_hi", "p_growth", "growth", "vitality", "novelty"]
    expected = every.loc[every["unit_id"] == "a/rise", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(one[columns], expected)


def test_no_spread_between_units_means_no_evidence_of_growth():
    members, facts = world()
    found = features(members, facts, settings=SETTINGS, tau2=0.0)
    assert found.values("growth").to_numpy() == pytest.approx([0, 0, 0])
    assert found.draws[:, FEATURES.index("growth")] == pytest.approx(0)


def test_small_units_have_no_score():
    members, facts = world()
    few = members[members["unit_id"] == "b/level"].head(3).assign(unit_id="z/few")
    _, table = scored(pd.concat([members, few]), facts)
    row = table.set_index("unit_id").loc["z/few"]
    assert row[["score", "score_lo", "score_hi", "rank", "rank_lo", "p_growth"]].isna().all()
    assert row["n_docs"] <= 3


def test_a_unit_without_recent_documents_has_no_score():
    members, facts = world()
    found = features(members, facts, settings=SETTINGS)
    counts = sizes(members.groupby("unit_id").size())
    counts.loc["c/fall", "n_recent"] = 4
    table = score_units(
        found, reference(found), sizes=counts, settings=SETTINGS, weights=WEIGHTS
    ).set_index("unit_id")
    assert table.loc["c/fall", ["score", "p_growth", "rank", "composite"]].isna().all()
    assert table["rank"].dropna().tolist() == [1, 2]


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
    against = reference(found)
    assert score_units(found, against, sizes=sizes(size), settings=SETTINGS, weights=WEIGHTS).empty
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
