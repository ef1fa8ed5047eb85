"""The backtest cannot see ahead: what came after a cut-off changes no feature and no score at it.

And it finds nothing where there is nothing to find.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from synth import backtest_records, backtest_tables

from foresight.emergence.backtest import examine, forecast, plan_cutoffs
from foresight.emergence.methods import METHODS, SCORES
from foresight.emergence.records import Records, shuffled_years
from foresight.emergence.registry import all_features, feature_table
from foresight.emergence.skill import figure_table, resample
from foresight.emergence.snapshot import take_snapshot
from foresight.run.prior import shipped_prior
from foresight.settings import Settings

pytestmark = pytest.mark.slow

CUTOFF = 2007
KINDS = ("paper", "patent")
NAMES = [one.name for one in all_features()]
KEPT = ["size", "share", "mass", "n_before"]
TABLES = ("references", "classes", "organisations", "countries", "people", "institutions",
          "venues")  # fmt: skip
ITEMS = {
    "classes": "code",
    "organisations": "org_id",
    "people": "person",
    "countries": "country",
    "venues": "venue",
}


@pytest.fixture(scope="module")
def world():
    """A small generated corpus of papers with citations, to 2012."""
    tables, vectors, _ = backtest_tables(
        years=range(1996, 2013), steady=9, fading=2, planted=1, dimensions=8, seed=1
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
        institutions=linked(past.institutions, "institution"),
        venues=linked(past.venues, "venue").fillna({"form": "journal"}),
        words=later_words(past.words, len(ids), rng)[order],
        bigrams=later_words(past.bigrams, len(ids), rng)[order],
    )


def later_words(words: sparse.csr_array, number: int, rng: np.random.Generator) -> sparse.csr_array:
    """New documents below the old ones, with all old words and as many new ones among them."""
    rows = rng.integers(0, 3, size=(number, 2 * words.shape[1])).astype(np.uint8)
    wide = sparse.csr_array(
        (words.data, 2 * words.indices + 1, words.indptr), shape=(words.shape[0], rows.shape[1])
    )
    return sparse.csr_array(sparse.vstack([wide, rows]))


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
    kinds = np.where(past.documents["year"] > CUTOFF - 5, "patent", "paper")
    past = replace(past, documents=past.documents.assign(kind=kinds))
    citing = past.documents.index[kinds == "patent"][-40:]
    ahead = pd.DataFrame({"citing_id": citing, "cited_id": "Z0000"})
    ahead = ahead.assign(cited_kind=pd.NA, cited_year=pd.NA).astype(past.references.dtypes)
    past = replace(past, references=pd.concat([past.references, ahead]))
    tables = [
        feature_table(take_snapshot(records, last_year=CUTOFF, settings=Settings())[0])
        for records in (past, added(past, 1, [CUTOFF + 1], prefix="Z", kinds=("paper",)))
    ]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    assert tables[0][["science_linkage", "fresh_science", "young_science"]].notna().any().all()


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
            settings=Settings(), prior=shipped_prior(),
        )
        for records, last in ((world, 2012), (world.until(2009), 2009))
    )  # fmt: skip
    assert set(then["method"]) == set(METHODS) - {"weighted"}
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
    records = replace(past, **mixed)
    found = feature_table(take_snapshot(records, last_year=CUTOFF, settings=Settings())[0])
    pd.testing.assert_frame_equal(found, wanted)


def test_names_of_what_documents_carry_change_nothing(known):
    """Classes, organisations, people, countries and venues under other names, in another order."""
    past, wanted = known
    named = {}
    for table, column in ITEMS.items():
        frame = getattr(past, table)
        names = sorted(frame[column].dropna().unique())
        mixed = np.random.default_rng(1).permutation(len(names))
        other = dict(zip(names, [f"n{place:06d}" for place in mixed], strict=True))
        named[table] = frame.assign(**{column: frame[column].map(other)})
    words = past.words[:, np.random.default_rng(2).permutation(past.words.shape[1])]
    records = replace(past, words=sparse.csr_array(words), **named)
    found = feature_table(take_snapshot(records, last_year=CUTOFF, settings=Settings())[0])
    pd.testing.assert_frame_equal(found, wanted, check_exact=False, rtol=1e-7)


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
    prior = shipped_prior()
    results = forecast(table, cutoffs=plan.reported, horizon=3, settings=Settings(), prior=prior)
    skills = resample(results, horizon=3, rng=np.random.default_rng(0))
    compared = skills.compared(["learned", "composite"])
    assert compared == [2009, 2010, 2011]
    found = figure_table(skills, compared)
    assert abs(found["last_growth"]["spearman"]["value"]) < 0.2
    for method in (name for name in SCORES if name in found):  # nobody has set weights
        spearman = found[method]["spearman"]
        assert spearman["lo"] <= 0 <= spearman["hi"], (method, spearman)
        assert found[method]["precision_at_10pct"]["lo"] <= 0.1, method
        assert found[method]["brier_skill"]["lo"] <= 0, method
