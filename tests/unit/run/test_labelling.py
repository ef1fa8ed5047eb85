"""Labelling: what is given to read, what is kept of the answers, what a change did."""

import pandas as pd
import pytest
from click.testing import CliRunner

from foresight import labels
from foresight.cli import main
from foresight.corpus.store import write_corpus
from foresight.errors import SettingsError
from foresight.labels import read_labels
from foresight.run import labelling
from foresight.run.labelling import add_labels, effect_table, quality_table, unlabelled
from foresight.sources.base import from_frames
from foresight.tracks import load_registry, read_terms

TRACK = "quantum"


@pytest.fixture
def registry():
    return load_registry()


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Sixty documents: a third each by core class and word, by word alone, by a broad class."""
    monkeypatch.setenv("FORESIGHT_CORPORA", str(tmp_path / "corpora"))
    monkeypatch.setattr(labels, "data_dir", lambda: tmp_path)
    rows, codes = [], []
    for i in range(60):
        title = "A quantum computer" if i < 40 else "A cooling box"
        rows.append((f"US{i:03d}", "patent", title, f"text {i}", "2001-01-01"))
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


def answer(todo):
    """The truth of this small world: what has the word belongs."""
    quantum = todo["title"].str.contains("quantum")
    return dict(zip(todo["doc_id"], quantum.map({True: "yes", False: "no"}), strict=True))


def test_labels_are_kept_with_how_they_were_drawn(corpus, registry):
    todo = unlabelled(corpus, registry, track=TRACK, count=12)
    add_labels(corpus, registry, track=TRACK, labels=answer(todo), by="reader A")
    more = unlabelled(corpus, registry, track=TRACK, count=12)
    assert not set(more["doc_id"]) & set(todo["doc_id"])
    add_labels(corpus, registry, track=TRACK, labels=answer(more), by="reader B")
    card, rows = read_labels(TRACK, "mine")
    assert (card.labelled_by, card.seed) == ("reader A; reader B", labelling.SEED)
    assert card.sizes["class_and_keyword"] == 20
    assert card.sizes["keyword"] == 20
    assert len(rows) == 24
    assert set(rows["stratum"]) >= {"class_and_keyword", "keyword"}
    table = quality_table(corpus, registry).set_index("track")
    assert table.loc[TRACK, "precision"].startswith("1.00 (0.")
    assert table.loc[TRACK, "terms"] == "as drawn"


def test_a_second_reading_stands_beside_the_first(corpus, registry):
    todo = unlabelled(corpus, registry, track=TRACK, count=9)
    add_labels(corpus, registry, track=TRACK, labels=answer(todo), by="A")
    again = unlabelled(corpus, registry, track=TRACK, count=3, second=True)
    assert again["doc_id"].tolist() == read_labels(TRACK, "mine")[1]["doc_id"].head(3).tolist()
    flipped = {doc: {"yes": "no", "no": "yes"}[mark] for doc, mark in answer(again).items()}
    add_labels(corpus, registry, track=TRACK, labels=flipped, by="B", second=True)
    card, rows = read_labels(TRACK, "mine")
    assert card.second_by == "B"
    assert rows["second"].notna().sum() == 3
    assert dict(zip(todo["doc_id"], rows["label"], strict=True)) == answer(todo)


def test_a_changed_registry_asks_for_a_fresh_sample(corpus, registry, monkeypatch):
    todo = unlabelled(corpus, registry, track=TRACK, count=6)
    add_labels(corpus, registry, track=TRACK, labels=answer(todo), by="A")
    monkeypatch.setattr(type(registry), "terms_digest", lambda self, track: "other")
    with pytest.raises(SettingsError, match="--fresh"):
        unlabelled(corpus, registry, track=TRACK, count=6)
    fresh = unlabelled(corpus, registry, track=TRACK, count=6, fresh=True)
    add_labels(corpus, registry, track=TRACK, labels=answer(fresh), by="A", fresh=True)
    card, rows = read_labels(TRACK, "mine")
    assert card.seed == labelling.SEED + 1
    assert sorted(rows["doc_id"]) == sorted(fresh["doc_id"])


def test_what_does_not_belong_in_a_label_file_is_refused(corpus, registry):
    with pytest.raises(SettingsError, match="perhaps"):
        add_labels(corpus, registry, track=TRACK, labels={"US000": "perhaps"}, by="A")
    with pytest.raises(SettingsError, match="US999"):
        add_labels(corpus, registry, track=TRACK, labels={"US999": "no"}, by="A")


def test_a_change_of_the_registry_is_shown_before_and_after(corpus, registry, tmp_path):
    todo = unlabelled(corpus, registry, track=TRACK, count=60)
    add_labels(corpus, registry, track=TRACK, labels=answer(todo), by="A")
    path = tmp_path / "before.csv"
    shown = CliRunner().invoke(main, ["tracks", "--terms"])
    path.write_text(shown.output, encoding="utf-8")
    before = read_terms(path)
    assert before.equals(registry.terms().astype(before.dtypes))
    only_class = before[(before["term"] == "G06N10") & (before["kind"] == "core_class")]
    table = effect_table(corpus, registry, before=only_class).set_index("track")
    row = table.loc[TRACK]
    assert (row["documents_before"], row["documents_now"]) == (20, 40)
    assert row["relevant_now"].startswith("40 (")
    assert row["ratio"].startswith("2.00 (")
    assert row["kept"].startswith("1.00 (")
    assert table.loc["graphene", "documents_now"] == 0
    printed = CliRunner().invoke(main, ["corpus", "compare", "mine", "--before", str(path)])
    assert printed.exit_code == 0, printed.output
    assert "documents_before" in printed.output


def test_the_command_keeps_every_answer_at_once(corpus, registry):
    told = CliRunner().invoke(
        main,
        ["corpus", "label", TRACK, "--corpus", "mine", "--by", "A", "--count", "5"],
        input="y\nn\nu\nq\n",
    )
    assert told.exit_code == 0, told.output
    assert "before:\nno labels" in told.output
    _, rows = read_labels(TRACK, "mine")
    assert rows["label"].tolist() == ["yes", "no", "unclear"]


def test_terms_that_are_no_csv_of_terms_are_refused(corpus, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("track,term\nquantum,qubit\n")
    told = CliRunner().invoke(main, ["corpus", "compare", "mine", "--before", str(path)])
    assert told.exit_code == 2
    assert "kind" in told.output
    told = CliRunner().invoke(main, ["corpus", "compare", "mine", "--before", "nowhere.csv"])
    assert told.exit_code == 2
    assert "nowhere.csv" in told.output
