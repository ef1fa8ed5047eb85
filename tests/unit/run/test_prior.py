import pandas as pd
import pytest

from foresight.emergence.registry import all_features
from foresight.errors import SettingsError, TableError
from foresight.provenance import write_json
from foresight.run import prior as run

NAMES = {one.name for one in all_features()}


def test_the_shipped_weights_name_features_that_there_are():
    prior = run.shipped_prior()
    years = [one.known_by for one in prior.weights]
    assert years == sorted(set(years))
    assert prior.horizon == 3
    assert prior.corpora.keys() == {"ieee_vis", "neurips", "sample"}
    for one in prior.weights:
        assert one.features.keys() <= NAMES
        assert one.n_units > 0
    last = prior.weights[-1].features
    assert last["newness"] > 0  # what the score rests on first


@pytest.mark.parametrize(
    ("content", "message"), [(None, "are missing"), ({"horizon": 3}, "does not hold weights")]
)
def test_a_missing_or_damaged_file_says_what_to_do(tmp_path, monkeypatch, content, message):
    path = tmp_path / "emergence-prior.json"
    monkeypatch.setattr(run, "prior_path", lambda: path)
    if content is not None:
        write_json(path, content)
    with pytest.raises(TableError, match=f"{message}.*git checkout"):
        run.shipped_prior()


def test_a_corpus_without_a_backtest_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "outputs_dir", lambda: tmp_path)
    with pytest.raises(SettingsError, match="Corpus drones has no backtest"):
        run.make_prior(["drones"])


def test_backtests_of_two_horizons_do_not_mix(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "outputs_dir", lambda: tmp_path)
    for name, horizon in (("a", 3), ("b", 5)):
        folder = tmp_path / name / "backtest"
        folder.mkdir(parents=True)
        pd.DataFrame({"cutoff": [2000]}).to_csv(folder / "panel.csv")
        write_json(folder / "metrics.json", {"digest": "x", "horizon": horizon})
    with pytest.raises(SettingsError, match=r"look ahead for \[3, 5\] years"):
        run.make_prior(["a", "b"])
