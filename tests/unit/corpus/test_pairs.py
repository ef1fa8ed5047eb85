import pandas as pd
import pytest

from foresight.corpus.pairs import pair_counts, recombinations
from foresight.corpus.view import as_of


def docs(*rows, kind="patent"):
    frame = pd.DataFrame(rows, columns=["doc_id", "published"])
    return frame.assign(kind=kind, title="t")


def classes(scheme="cpc", **codes):
    rows = [(doc, scheme, code) for doc, all_codes in codes.items() for code in all_codes]
    return pd.DataFrame(rows, columns=["doc_id", "scheme", "code"])


def read(corpus, expression):
    table = expression(corpus.table("documents"), corpus.table("classes"))
    return corpus.read(table)


DOCS = docs(
    ("a", "2001-01-01"), ("b", "2002-01-01"), ("c", "2002-01-01"), ("d", "2003-01-01"),
    ("e", "2003-06-01"),
)  # fmt: skip
CODES = classes(
    a=["A01B1/00", "A01B2/00"],
    b=["A01B1/02", "A01B3/00", "A01B4/00"],  # 3 and 4 are new
    c=["A01B3/00"],
    d=["A01B2/00", "A01B3/00", "A01B1/00"],  # 2 x 3 is new, both known; 1 x 3 is known from b
)


def test_pairs_of_known_classes_are_told_from_new_classes(make):
    found = read(make(documents=DOCS, classes=CODES), recombinations).set_index("doc_id")
    assert found.columns.tolist() == [
        "n_units", "n_first_units", "n_pairs", "n_first_pairs", "n_known_first_pairs",
    ]  # fmt: skip
    assert found.loc["a"].tolist() == [2, 2, 1, 1, 0]
    assert found.loc["b"].tolist() == [3, 2, 3, 3, 0]
    assert found.loc["c"].tolist() == [1, 1, 0, 0, 0]  # shares the first day of class 3
    assert found.loc["d"].tolist() == [3, 0, 3, 1, 1]
    assert found.loc["e"].isna().all()


def test_first_pairs_agree_with_the_history(make):
    corpus = make(documents=DOCS, classes=CODES)
    ours = read(corpus, recombinations)[["doc_id", "n_pairs", "n_first_pairs"]]
    history = corpus.read(corpus.table("history")).sort_values("doc_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, history[ours.columns])


def test_counts_of_a_year_by_hand(make):
    found = read(make(documents=DOCS, classes=CODES), pair_counts)
    rows = {(r.doc_id, r.a, r.b): r for r in found.itertuples()}
    assert len(rows) == 1 + 3 + 3
    # c has one class: it is not among the documents of 2002 that could join two.
    b = rows["b", "A01B1", "A01B3"]
    assert (b.year, b.n_pair, b.n_a, b.n_b, b.n_docs) == (2002, 1, 1, 1, 1)
    assert found["doc_id"].is_monotonic_increasing


def test_papers_are_counted_by_keyword(make):
    papers = docs(("a", "2001-01-01"), ("b", "2001-05-01"), ("c", "2001-09-01"), kind="paper")
    keywords = classes("keyword", a=["x", "Y"], b=["y", "X"], c=["x", "z"])
    found = read(make(documents=papers, classes=keywords), pair_counts)
    first = found[(found["doc_id"] == "a")].iloc[0]
    assert first[["a", "b"]].tolist() == ["keyword:x", "keyword:y"]
    assert first[["n_pair", "n_a", "n_b", "n_docs"]].tolist() == [2, 3, 2, 3]


@pytest.mark.parametrize("expression", [recombinations, pair_counts])
def test_later_years_change_nothing(make, expression):
    corpus = make(documents=DOCS, classes=CODES)
    early = as_of(corpus, "2002-12-31", today="2020-01-01")
    alone = corpus.read(expression(early.documents, early.classes))
    whole = read(corpus, expression)
    kept = whole[whole["doc_id"].isin(alone["doc_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, kept, check_dtype=False)
