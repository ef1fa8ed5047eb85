"""What scores are compared with is kept under all that it is made from."""

import numpy as np
import pandas as pd
import pytest
from synth import THEMES

from foresight.emergence.records import Records
from foresight.run import ground
from foresight.settings import Settings


def records(*, seed=0, n=320):
    rng = np.random.default_rng(seed)
    ids = [f"d{i:04d}" for i in range(n)]
    years = 2005 + np.arange(n) % 12
    documents = pd.DataFrame(
        {"year": years, "kind": "patent", "n_pairs": 1.0, "n_first_pairs": 0.0},
        index=pd.Index(ids, name="doc_id"),
    )
    centres = rng.normal(size=(len(THEMES), 16))
    vectors = centres[np.arange(n) % len(THEMES)] + 0.1 * rng.normal(size=(n, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    pairs = {name: pd.DataFrame({"doc_id": ids, name: "x"}, dtype="str")
             for name in ("code", "org_id", "country", "person")}  # fmt: skip
    cites = pd.DataFrame(columns=["citing_id", "cited_id", "cited_kind", "cited_year"], dtype="str")
    return Records(
        documents, vectors, cites, pairs["code"], pairs["org_id"], pairs["country"], pairs["person"]
    )


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path))
    return tmp_path / "ground"


def opened(known, **settings):
    return ground.open_ground(known, last_year=2016, settings=Settings(**settings))


def test_it_is_made_once_and_read_as_it_was_made(cache, monkeypatch):
    first = opened(records())
    monkeypatch.setattr(ground, "take_snapshot", None)  # would fail
    again = opened(records())
    np.testing.assert_array_equal(first[1].values, again[1].values)
    assert first[1].tau2 == again[1].tau2
    new, old = (found[0].between(new=2, old=3) for found in (first, again))
    np.testing.assert_array_equal(new, old)
    assert len(list(cache.iterdir())) == 1


def test_other_records_and_settings_are_another_ground(cache):
    opened(records())
    opened(records(seed=1))
    opened(records(), seed=3)
    assert len(list(cache.iterdir())) == 3


def test_a_damaged_file_is_made_again(cache):
    first = opened(records())
    (folder,) = cache.iterdir()
    (folder / ground.FILE).write_bytes(b"x")
    np.testing.assert_array_equal(opened(records())[1].values, first[1].values)


def test_a_small_corpus_has_none(cache):
    assert opened(records(n=20))[0] is None
    assert not cache.exists()
