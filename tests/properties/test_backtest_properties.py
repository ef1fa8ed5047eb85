"""The backtest cannot see ahead: what came after a cut-off changes no feature and no score at it.

And it finds nothing where there is nothing to find.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synth import backtest_records, backtest_tables

from foresight.emergence.backtest import examine, forecast, plan_cutoffs
from foresight.emergence.methods import METHODS, SCORES
from foresight.emergence.registry import all_features, feature_table
from foresight.emergence.skill import figure_table, resample
from foresight.emergence.snapshot import Records, shuffled_years, take_snapshot
from foresight.settings import Settings

CUTOFF = 2007
KINDS = ("paper", "patent")
NAMES = [one.name for one in all_features()]
KEPT = ["size", "share", "mass", "n_before"]
TABLES = ("references", "classes", "organisations", "countries", "people")


@pytest.fixture(scope="module")
def world():
    """A small generated corpus of papers with citations, to 2012."""
    tables, vectors, _ = backtest_tables(
        years=range(1998, 2013), steady=9, fading=2, planted=1, dimensions=8, seed=1
    )
    return backtest_records(tables, vectors)


@pytest.fixture(scope="module")
def known(world):
    """What was known at the cut-off, and the features then."""
    past = world.until(CUTOFF)
    return past, feature_table(take_snapshot(past, last_year=CUTOFF, settings=Settings())[0])


@st.composite
def futures(draw):
    """Documents after the cut-off: seed of their content, how many, and their years."""
    years = draw(st.lists(st.integers(CUTOFF + 1, CUTOFF + 40), min_size=1, max_size=25))
    return draw(st.integers(0, 10**6)), years


def added(
    past: Records, seed: int, years: list[int], *, prefix: str, kinds: tuple[str, ...] = KINDS
) -> Records:
    """The records with later documents that cite, repeat and mix with everything before them."""
    rng = np.random.default_rng(seed)
    ids = [f"{prefix}{i:04d}" for i in range(len(years))]
    rows = pd.DataFrame(
        {"year": years, "kind": rng.choice(kinds, len(ids)), "n_pairs": 2.0,
         "n_first_pairs": 1.0},
        index=pd.Index(ids, name="doc_id"),
    )  # fmt: skip
    documents = pd.concat([past.documents, rows])
    order = np.argsort(documents.index.to_numpy(dtype=str), kind="stable")
    vectors = np.vstack([past.vectors, 3 * rng.standard_normal((len(ids), 8))])

    def linked(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """Each new document with an old value of the column, and with a new one."""
        old = pd.DataFrame({"doc_id": ids, column: rng.choice(frame[column], len(ids))})
        new = pd.DataFrame({"doc_id": ids, column: [f"new {i}" for i in range(len(ids))]})
        return pd.concat([frame, old, new], ignore_index=True)

    every = [*past.documents.index, *ids]
    citing = np.repeat(ids, 4)
    references = pd.DataFrame({"citing_id": citing, "cited_id": rng.choice(every, len(citing))})
    references = references.drop_duplicates().assign(cited_kind="patent", cited_year=1990)
    return Records(
        documents=documents.iloc[order],
        vectors=vectors[order].astype(np.float32),
        references=pd.concat([past.references, references], ignore_index=True),
        classes=linked(past.classes, "code"),
        organisations=linked(past.organisations, "org_id"),
        countries=linked(past.countries, "country"),
        people=linked(past.people, "person"),
    )


@settings(max_examples=12, deadline=None)
@given(futures())
def test_later_documents_change_no_feature(known, future):
    """Whatever they are, also where their ids sort before all others."""
    past, wanted = known
    for prefix in ("A", "Z"):
        records = added(past, *future, prefix=prefix)
        snapshot, later = take_snapshot(records, last_year=CUTOFF, settings=Settings())
        pd.testing.assert_frame_equal(feature_table(snapshot), wanted, check_exact=True)
        assert set(later["doc_id"]) <= set(records.documents.index) - set(past.documents.index)


def test_a_document_that_past_ones_cite_before_it_appears_changes_no_feature(known):
    """References of patents to ids that later turn out to be papers, as by a merge of corpora."""
    past, _ = known
    past = Records(**{**vars(past), "documents": past.documents.assign(kind="patent")})
    citing = past.documents.index[-40:]
    ahead = pd.DataFrame({"citing_id": citing, "cited_id": "Z0000"})
    ahead = ahead.assign(cited_kind=pd.NA, cited_year=pd.NA).astype(past.references.dtypes)
    past = Records(**{**vars(past), "references": pd.concat([past.references, ahead])})
    tables = [
        feature_table(take_snapshot(records, last_year=CUTOFF, settings=Settings())[0])
        for records in (past, added(past, 1, [CUTOFF + 1], prefix="Z", kinds=("paper",)))
    ]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def panel(records, *, cutoffs, last_year):
    parts = [
        examine(records, cutoff=year, horizon=3, last_year=last_year, settings=Settings())
        for year in cutoffs
    ]
    return pd.concat(parts, ignore_index=True)


def test_later_documents_change_no_score(world):
    """Forecasts of 2009 by every method, with the corpus of 2009 and with that of 2012."""
    cutoffs = range(2003, 2010)
    said = ["cutoff", "unit_id", "method", "prediction", "p_growth"]
    ahead, then = (
        forecast(
            panel(records, cutoffs=cutoffs, last_year=last), cutoffs=[2009], horizon=3,
            settings=Settings(),
        )
        for records, last in ((world, 2012), (world.until(2009), 2009))
    )  # fmt: skip
    assert set(then["method"]) == set(METHODS)
    assert then["p_growth"].notna().all()
    pd.testing.assert_frame_equal(ahead[said], then[said], check_exact=True)
    assert then["rise"].isna().all()
    assert ahead["rise"].notna().all()


def test_order_of_records_changes_nothing(known):
    past, wanted = known
    rng = np.random.default_rng(0)
    mixed = {
        name: getattr(past, name).sample(frac=1, random_state=rng.integers(99)) for name in TABLES
    }
    records = Records(documents=past.documents, vectors=past.vectors, **mixed)
    found = feature_table(take_snapshot(records, last_year=CUTOFF, settings=Settings())[0])
    pd.testing.assert_frame_equal(found, wanted)


def test_input_is_left_as_it_was(world):
    before = {name: getattr(world, name).copy() for name in ("documents", *TABLES)}
    examine(world, cutoff=CUTOFF, horizon=3, last_year=2012, settings=Settings())
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(world, name), frame)


def test_shuffled_years_give_no_skill():
    """Years dealt out anew: no score foresees which unit will rise.

    The area under the curve is not looked at: a small unit passes a threshold by chance more often
    than a large one, and a score may know that (docs/decisions/0006-outcome-of-the-backtest.md).
    """
    tables, vectors, _ = backtest_tables(
        years=range(1998, 2015), steady=12, fading=3, planted=2, dimensions=8, seed=4
    )
    records = shuffled_years(backtest_records(tables, vectors), rng=np.random.default_rng(9))
    plan = plan_cutoffs(records.totals(), last_year=2014, horizon=3)
    table = panel(records, cutoffs=plan.cutoffs, last_year=2014)
    results = forecast(table, cutoffs=plan.reported, horizon=3, settings=Settings())
    skills = resample(results, horizon=3, rng=np.random.default_rng(0))
    compared = skills.compared(["learned", "composite"])
    assert compared == [2009, 2010, 2011]
    found = figure_table(skills, compared)
    assert abs(found["last_growth"]["spearman"]["value"]) < 0.2
    for method in SCORES:
        spearman = found[method]["spearman"]
        assert spearman["lo"] <= 0 <= spearman["hi"], (method, spearman)
        assert found[method]["precision_at_10pct"]["lo"] <= 0.1, method
        assert found[method]["brier_skill"]["lo"] <= 0, method
