"""What must hold for any corpus: the future changes nothing, order changes nothing."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foresight.corpus.normalise import chinese_text, english_words, locate, organisation_id
from foresight.corpus.select import contains_any, match_tracks
from foresight.corpus.store import write_corpus
from foresight.corpus.view import as_of
from foresight.sources.base import from_frames

CUT = "2010-06-30"
WORDS = ["battery", "fuel", "cell", "toy", "LED", "led", "大模型", "<script>", "=1+1"]
CODES = ["H01M10/05", "H01M4/36", "C01B32/05", "G06N3/08", "A63H1/00"]
TERMS = pd.DataFrame(
    [
        ("core_class", "G06N", None),
        ("broad_class", "H01M", None),
        ("keyword_en", "fuel cell", "t/1"),
        ("keyword_en", "LED", "t/2"),
        ("keyword_zh", "大模型", "t/2"),
        ("context_en", "battery", None),
        ("exclude_en", "toy", None),
        ("exclude_class", "A63H", None),
    ],
    columns=["kind", "term", "sub_direction"],
    dtype="str",
).assign(track="t")

DOCUMENT = st.tuples(
    st.dates(pd.Timestamp("2005-01-01").date(), pd.Timestamp("2015-12-31").date()),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.lists(st.sampled_from(CODES), max_size=4, unique=True),
    st.sampled_from(["Canon Inc", "Zeta", None]),
)
LIGHT = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path))


def build(rows, name, *, seed=None):
    docs = pd.DataFrame(
        [(f"d{i}", "patent", title, day.isoformat()) for i, (day, title, _, _) in rows],
        columns=["doc_id", "kind", "title", "published"],
        dtype="str",
    )
    classes = pd.DataFrame(
        [(f"d{i}", "cpc", code) for i, (_, _, codes, _) in rows for code in codes],
        columns=["doc_id", "scheme", "code"],
        dtype="str",
    )
    parties = pd.DataFrame(
        [(f"d{i}", "owner", 0, org) for i, (_, _, _, org) in rows],
        columns=["doc_id", "role", "position", "org"],
    ).astype({"org": "str"})
    frames = {"documents": docs, "classes": classes, "parties": parties}
    if seed is not None:
        frames = {key: frame.sample(frac=1, random_state=seed) for key, frame in frames.items()}
    return write_corpus(from_frames(frames), name=name)


def known(corpus):
    """Everything that a view as of CUT gives."""
    view = as_of(corpus, CUT, today="2020-01-01")
    tables = {name: view.frame(name) for name in ("documents", "classes", "parties", "history")}
    inside = set(tables["documents"]["doc_id"])
    matches = match_tracks(corpus, TERMS)
    tables["matches"] = matches[matches["doc_id"].isin(inside)].reset_index(drop=True)
    firsts = corpus.read(view.first_organisations).sort_values("org_id")
    tables["first_organisations"] = firsts.reset_index(drop=True)
    tables["totals"] = view.yearly_totals()
    return tables


@LIGHT
@given(rows=st.lists(DOCUMENT, min_size=1, max_size=8), seed=st.integers(0, 5))
def test_later_documents_and_order_change_nothing(corpora, rows, seed):
    numbered = list(enumerate(rows))
    past = [(i, row) for i, row in numbered if row[0].isoformat() <= CUT]
    if not past:
        return
    before, after = known(build(past, "past")), known(build(numbered, "all", seed=seed))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[name], check_dtype=False, obj=name)


@LIGHT
@given(rows=st.lists(DOCUMENT, min_size=1, max_size=8), seed=st.integers(0, 5))
def test_order_changes_no_digest(corpora, rows, seed):
    numbered = list(enumerate(rows))
    one, two = build(numbered, "one"), build(numbered, "two", seed=seed)
    assert one.digest == two.digest


@given(st.text())
@example("絪")  # its simplified form lies beyond the basic plane
@example("A´𠀀")  # an accent that stands alone is a space and an accent that does not
def test_any_text_normalises_twice_to_the_same(text):
    column = pa.array([text], pa.large_string())
    words = english_words(column)
    assert english_words(words).to_pylist() == words.to_pylist()
    han = chinese_text(column)
    assert chinese_text(han).to_pylist() == han.to_pylist()


@given(st.text())
def test_any_name_and_place_is_survived(text):
    found = organisation_id(text)
    assert (found is None) == (not text.strip())
    assert locate(text, "US") == (False, None)
    inside, city = locate(text, "CN")
    assert inside or city is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=6), st.sampled_from(["fuel cell", "LED", "大模型"])
)
def test_contains_any_agrees_with_a_plain_search(words, term):
    text = " ".join(words)
    expected = term in text if term != "fuel cell" else "fuel cell" in text.lower()
    assert contains_any(pd.Series([text]), en=[term]).tolist() == [expected]


PARTS = ["fuel", "Fuel", "cell", "cells", "LED", "led", "x", "-", "大", "模", "型", "，", "|", "、"]
SOUGHT = {
    "keyword_en": ["fuel cell", "cell", "LED", "fuel cell cell x", "x-cell", "cell LED"],
    "keyword_zh": ["大模型", "模", "大模", "型，大", "模型大模", "fuel大"],
}


@LIGHT
@given(
    titles=st.lists(
        st.lists(st.sampled_from([*PARTS, " "]), min_size=1, max_size=14).map("".join),
        min_size=1,
        max_size=12,
    ),
    size=st.integers(1, 6),
)
def test_every_term_is_found_where_its_form_stands_in_the_text(corpora, titles, size):
    rows = [
        (i, (pd.Timestamp("2010-01-01").date(), title, [], None)) for i, title in enumerate(titles)
    ]
    terms = pd.DataFrame(
        [(kind, term, None, "t") for kind, some in SOUGHT.items() for term in some],
        columns=["kind", "term", "sub_direction", "track"],
        dtype="str",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foresight.corpus.spans.SPAN", size)
        matches = match_tracks(build(rows, "texts"), terms)
    found = set(zip(matches["doc_id"], matches["term"], strict=True))
    texts = pd.Series(titles)
    expected = {
        (f"d{i}", term)
        for some in SOUGHT.values()
        for term in some
        for i in texts.index[contains_any(texts, en=[term])]
    }
    assert found == expected
