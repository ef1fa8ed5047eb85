"""A series must not jump in the year in which the offices moved its classes.

Pairs of symbols are taken from the notices of changes of CPC 2017.01, 2022.01, 2023.01, 2024.01
and 2025.01: a document coded under the first before the date carries the second afterwards.
"""

import pandas as pd
import pytest

from foresight.concordance import covers
from foresight.corpus.select import match_tracks
from foresight.corpus.store import write_corpus
from foresight.sources.base import from_frames
from foresight.tracks import load_registry

MOVED = {
    "B64U": (2023, [("B64C39/024", "B64U10/13"), ("B64C2201/145", "B64U2201/10")]),
    "H10K": (
        2023,
        [
            ("H01L51/5012", "H10K50/11"),
            ("H01L51/0085", "H10K85/342"),
            ("H01L51/56", "H10K71/00"),
            ("H01L51/424", "H10K30/30"),
            ("H01L27/3244", "H10K59/12"),
            ("H01L27/323", "H10K59/40"),
        ],
    ),
    "H10N": (2023, [("H01L39/223", "H10N60/12"), ("H01L27/18", "H10N69/00")]),
    "H10D": (
        2025,
        [
            ("H01L29/7786", "H10D30/475"),
            ("H01L29/1608", "H10D62/8325"),
            ("H01L29/2003", "H10D62/8503"),
            ("H01L29/872", "H10D8/60"),
        ],
    ),
    "H10F": (2025, [("H01L31/107", "H10F30/225"), ("H01L27/14643", "H10F39/18")]),
    "H10H": (2025, [("H01L33/32", "H10H20/825"), ("H01L27/156", "H10H29/142")]),
    "A61K40": (2025, [("A61K39/4611", "A61K40/11"), ("A61K39/4631", "A61K40/31")]),
    "G06V": (2022, [("G06K9/00664", "G06V20/10"), ("G06K9/46", "G06V10/40")]),
    "C01B32": (
        2017,
        [
            ("C01B31/0438", "C01B32/182"),
            ("C01B31/0453", "C01B32/186"),
            ("C01B31/20", "C01B32/50"),
        ],
    ),
    "G05D1": (
        2024,
        [("G05D1/0212", "G05D1/644"), ("G05D1/0246", "G05D1/243"), ("G05D1/101", "G05D1/46")],
    ),
}
SPAN = 2  # years on each side of the move


@pytest.fixture(scope="module")
def terms():
    return load_registry().terms()


def texts_of(terms, pairs):
    """By track that seeks one of the classes: a text with all its words, so broad classes count.

    The empty name stands for a text without a word of any track.
    """
    classes = terms[terms["kind"].isin(["core_class", "broad_class"])]
    codes = [code for pair in pairs for code in pair]
    sought = [any(covers(term, code) for code in codes) for term in classes["term"]]
    words = terms[terms["kind"].isin(["context_en", "keyword_en"])]
    words = words[words["track"].isin(classes.loc[sought, "track"])]
    return {"": "x", **words.groupby("track")["term"].agg("; ".join).to_dict()}


@pytest.mark.parametrize("name", MOVED)
def test_no_jump_where_classes_moved(name, terms, tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path))
    since, pairs = MOVED[name]
    documents, classes = [], []
    for year in range(since - SPAN, since + SPAN):
        for number, pair in enumerate(pairs):
            for slug, text in texts_of(terms, pairs).items():
                doc = f"{year}-{number}-{slug}"
                documents.append((doc, "patent", doc, text, f"{year}-06-30"))
                classes.append((doc, "cpc", pair[year >= since]))
    tables = {
        "documents": pd.DataFrame(
            documents, columns=["doc_id", "kind", "title", "abstract", "published"]
        ),
        "classes": pd.DataFrame(classes, columns=["doc_id", "scheme", "code"]),
    }
    corpus = write_corpus(from_frames(tables), name="recoded")
    matches = match_tracks(corpus, terms)
    matches = matches[matches["route"] == "class"].fillna({"sub_direction": "*"})
    parts = matches["doc_id"].str.split("-", n=2, expand=True)
    matches = matches.assign(
        later=parts[0].astype(int) >= since, pair=parts[1].astype(int), worded=parts[2] != ""
    )
    keys = ["track", "sub_direction", "pair", "worded", "later"]
    series = matches.groupby(keys)["doc_id"].nunique().unstack("later", fill_value=0)
    jumps = series[series.min(axis=1) != series.max(axis=1)].reset_index()
    shown = [
        f"{row.track} {row.sub_direction}: {pairs[row.pair][0]} / {pairs[row.pair][1]}"
        for row in jumps.itertuples()
    ]
    assert not shown, "\n".join(shown)
    assert len(series), "no track uses these classes"
