"""What a cache holds can be made again: a damaged file is, and never ends a run."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from synth import corpus_tables

from foresight.corpus.select import match_tracks
from foresight.corpus.store import open_corpus, write_corpus
from foresight.errors import CorpusError
from foresight.provenance import VectorCache
from foresight.run.stage import open_stage
from foresight.run.topics import track_topics
from foresight.settings import Settings
from foresight.sources.base import from_frames
from foresight.tracks import load_registry

DAMAGE = (b"", b"{", b"PAR1 cut short")


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    for name in ("CORPORA", "CACHE"):
        monkeypatch.setenv(f"FORESIGHT_{name}", str(tmp_path / name.lower()))
    return write_corpus(from_frames(corpus_tables(rate=1.0)), name="small")


@pytest.mark.parametrize(
    ("name", "data"), [("stage.json", b"{"), ("documents.parquet", b""), ("totals.parquet", None)]
)
def test_a_damaged_stage_is_computed_again(corpus, tmp_path, name, data):
    def opened():
        settings = Settings(draws=20)
        return open_stage(corpus, load_registry(), date="2021-12-31", settings=settings)

    whole = opened()
    (folder,) = (tmp_path / "cache" / "stages").iterdir()
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)
    pd.testing.assert_frame_equal(opened().scores_now, whole.scores_now)
    assert (folder / name).stat().st_size > 1


def test_damaged_matches_are_made_again(corpus):
    terms = load_registry().terms()
    whole = match_tracks(corpus, terms)
    (path,) = corpus.folder.glob("matches-*.parquet")
    path.write_bytes(DAMAGE[-1])
    pd.testing.assert_frame_equal(match_tracks(corpus, terms), whole)


@pytest.mark.parametrize("data", DAMAGE)
def test_a_damaged_table_of_the_corpus_is_one_clear_message(corpus, data):
    (corpus.folder / "documents.parquet").write_bytes(data)
    with pytest.raises(CorpusError, match=r"documents\.parquet of corpus 'small' cannot be read"):
        open_corpus("small").table("documents")


def test_a_shard_cut_short_is_dropped(tmp_path):
    cache = VectorCache(tmp_path)
    cache.add(["a", "b"], np.eye(2, dtype=np.float32))
    (shard,) = tmp_path.iterdir()
    shard.write_bytes(shard.read_bytes()[:-1])
    assert cache.keys() == set()


@pytest.mark.parametrize("data", DAMAGE)
def test_a_damaged_shard_of_vectors_is_dropped(tmp_path, data):
    cache = VectorCache(tmp_path)
    cache.add(["a", "b"], np.eye(2, dtype=np.float32))
    (shard,) = tmp_path.iterdir()
    cache.add(["c"], np.ones((1, 2), dtype=np.float32))
    shard.write_bytes(data)
    assert cache.keys() == {"c"}
    assert cache.read(["c"]).tolist() == [[1.0, 1.0]]
    assert not shard.exists()


def test_topics_are_formed_once_and_again_if_damaged_or_said_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path / "cache"))
    docs = corpus_tables(rate=1.0)["documents"].set_index("doc_id").sort_index().iloc[::3]
    docs["year"] = docs["published"].str[:4].astype(int)
    places = pd.DataFrame(
        {"doc_id": docs.index[:0], "country": "", "zhejiang": False, "stated": False}
    )
    stage = SimpleNamespace(last_year=2021, places=places)
    track = load_registry().tracks[0]

    def formed(frame):
        return track_topics(frame, stage, track=track, settings=Settings())

    whole = formed(docs)
    assert len(whole.table) > 1
    (folder,) = (tmp_path / "cache" / "topics").iterdir()
    for data in (None, DAMAGE[-1]):
        if data is not None:
            (folder / "topics.parquet").write_bytes(data)
        found = formed(docs)
        pd.testing.assert_frame_equal(found.table, whole.table)
        pd.testing.assert_frame_equal(found.flows, whole.flows)
        assert found.agreement == whole.agreement
    assert (folder / "topics.parquet").stat().st_size > len(DAMAGE[-1])
    formed(docs.assign(title=docs["title"].str.upper()))
    assert len(list((tmp_path / "cache" / "topics").iterdir())) == 2
