"""Retrieval quality as numbers: the same as the tables in words, and as of a date."""

import pandas as pd
import pytest

from foresight import labels
from foresight.corpus.store import write_corpus
from foresight.corpus.view import as_of
from foresight.run.labelling import add_labels, quality_table, retrieval_of, unlabelled
from foresight.run.quality import quality_frame
from foresight.sources.base import from_frames
from foresight.tracks import load_registry

TRACK = "quantum"
TODAY = "2030-01-01"


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Sixty documents of two years: a third by class and word, by word alone, by a broad class."""
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    monkeypatch.setattr(labels, "data_dir", lambda: tmp_path)
    rows, codes = [], []
    for i in range(60):
        title = "A quantum computer" if i < 40 else "A cooling box"
        rows.append((f"US{i:03d}", "patent", title, f"text {i}", f"{2001 + i % 2}-12-01"))
        if i < 20:
            codes.append((f"US{i:03d}", "cpc", "G06N10/00"))
        if i >= 40:
            codes.append((f"US{i:03d}", "cpc", "F25B9/00"))
    frames = {
        "documents": pd.DataFrame(
            rows, columns=["doc_id", "kind", "title", "abstract", "published"]
        ),
        "classes": pd.DataFrame(codes, columns=["doc_id", "scheme", "code"]),
    }
    return write_corpus(from_frames(frames), name="mine")


def label(corpus, registry, count=24):
    todo = unlabelled(corpus, registry, track=TRACK, count=count)
    answers = ["yes" if "quantum" in title else "no" for title in todo["title"]]
    answers[0] = "no"
    given = dict(zip(todo["doc_id"], answers, strict=True))
    add_labels(corpus, registry, track=TRACK, labels=given, by="reader")
    return given


def frame_of(corpus, registry, date="2002-12-31"):
    return quality_frame(as_of(corpus, date, today=TODAY), registry).set_index("track")


def test_without_labels_there_are_sizes_and_no_estimate(corpus, registry):
    frame = frame_of(corpus, registry)
    assert list(frame.index) == registry.slugs
    row = frame.loc[TRACK]
    assert row[["documents", "class_and_keyword", "keyword"]].tolist() == [40, 20, 20]
    assert row["labels"] == 0
    assert frame[["precision", "recall", "draft_precision", "relevant"]].isna().all(axis=None)
    assert frame["terms_changed"].isna().all()


def test_numbers_are_those_of_the_table_in_words(corpus, registry):
    label(corpus, registry)
    row = frame_of(corpus, registry).loc[TRACK]
    quality = retrieval_of(corpus, registry, track=TRACK).quality
    for name in ("precision", "recall"):
        share = getattr(quality, name)
        assert row[[name, f"{name}_lo", f"{name}_hi"]].tolist() == [share.value, share.lo, share.hi]
    assert 0 < row["precision"] < 1
    assert row["labelled_by"] == "reader"
    text = quality_table(corpus, registry).set_index("track").loc[TRACK, "precision"]
    assert text.startswith(f"{row['precision']:.2f} ")
    # the draft takes the broad class alone, so it holds documents that do not belong
    assert row["draft_documents"] > row["documents"]
    assert row["draft_precision"] < row["precision"]
    assert row["relevant"] == pytest.approx(1)


def test_documents_and_labels_after_the_date_do_not_count(corpus, registry):
    given = label(corpus, registry)
    row = frame_of(corpus, registry, "2001-12-31").loc[TRACK]
    early = [doc for doc in given if int(doc[2:]) % 2 == 0]
    assert row["documents"] == 20
    assert row["labels"] == len(early) < len(given)


def test_figures_wait_for_a_fresh_sample_where_terms_were_changed(corpus, registry, monkeypatch):
    label(corpus, registry)
    monkeypatch.setattr(type(registry), "terms_digest", lambda self, track: "other")
    row = frame_of(corpus, registry).loc[TRACK]
    assert row["terms_changed"]
    assert row["labels"] == 24
    assert row[["precision", "recall", "draft_precision", "relevant"]].isna().all()
