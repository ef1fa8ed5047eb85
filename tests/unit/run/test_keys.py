"""A key changes with everything that a result depends on, and with nothing else."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from foresight.run.keys import stage_digest
from foresight.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
READ = (
    "data/glossary/terms.csv",
    "data/gazetteer/zhejiang.csv",
    "data/organisations.csv",
    "data/models/emergence-prior.json",
)


@pytest.fixture
def root(tmp_path, monkeypatch):
    for name in READ:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "data" / "tracks").mkdir()
    monkeypatch.setenv("FORESIGHT_ROOT", str(tmp_path))
    return tmp_path


def key(*, corpus="c", registry="r", date="2020-12-31", **settings):
    return stage_digest(
        SimpleNamespace(digest_as_of=lambda date: f"{corpus} {date}"),
        SimpleNamespace(digest=registry),
        date=date,
        settings=Settings(**settings),
    )


def test_the_key_of_a_stage_holds_all_it_is_made_from(root):
    first = key()
    assert key() == first
    others = [
        key(corpus="d"), key(registry="s"), key(date="2021-12-31"), key(draws=7),
        key(weights={"growth": 1.0}), key(weights={"growth": 2.0}),
    ]  # fmt: skip
    assert len({first, *others}) == 7


@pytest.mark.parametrize("name", READ)
def test_a_file_that_a_stage_reads_is_in_its_key(root, name):
    first = key()
    with (root / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert key() != first


def test_weights_mean_the_same_in_any_order(root):
    assert key(weights={"growth": 1, "novelty": 2}) == key(weights={"novelty": 2, "growth": 1})
