"""Notebook parameters: nothing unknown or ill-typed passes."""

import pytest

from foresight.errors import SettingsError
from foresight.run.parameters import BacktestParameters, ReportParameters, SectorParameters
from foresight.settings import Settings


def test_defaults_and_given_values():
    found = SectorParameters.from_namespace({"track": "quantum", "_private": 1, "In": []})
    assert (found.track, found.corpus, found.languages) == ("quantum", "sample", ["zh", "en"])


def test_modules_and_functions_of_the_notebook_are_no_parameters():
    SectorParameters.from_namespace({"track": "quantum", "pytest": pytest, "f": lambda: 0})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"track": "q", "trakc": "quantum"},
            "Unknown parameter.*trakc.*Did you mean 'track'.*Known",
        ),
        ({"track": 7}, "`track` must be str, got int: 7"),
        ({"track": "q", "languages": "zh"}, "`languages` must be list"),
        ({"track": "q", "languages": ["fr"]}, r"`languages` holds \['fr'\]; allowed are zh, en"),
        ({"track": "q", "languages": []}, "`languages` holds nothing"),
        ({"track": "q", "settings": {"drawz": 3}}, "drawz.*Known are"),
        ({"track": "q", "settings": {"draws": 0}}, "above 0"),
        ({"track": "q", "settings": {"draws": "7"}}, "above 0"),
        ({"track": "q", "settings": {"draws": [7]}}, "above 0"),
        ({"track": "q", "settings": 7}, "`settings` must be dict"),
        ({"track": "q", "settings": {"weights": {"growht": 1}}}, "growth, vitality.*names growht"),
        ({"track": "q", "settings": {"weights": {"growth": -1}}}, "a weight is a number from 0"),
        ({"track": "q", "settings": {"weights": {"growth": 0}}}, "all are 0"),
        ({"track": "q", "settings": {"weights": [1]}}, r"got \[1\]"),
        ({"track": "q", "settings": {"encoder": "nope"}}, "must be one of static-"),
    ],
)
def test_refusals_name_the_known_ones(given, words):
    with pytest.raises(SettingsError, match=words):
        SectorParameters.from_mapping(given)


def test_output_cannot_leave_the_outputs_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_OUTPUTS", str(tmp_path))
    inside = SectorParameters(track="q", output="mine/q")
    assert inside.folder(corpus="c", as_of="2020-01-01", track="q") == tmp_path / "mine" / "q"
    for path in ("../x", "/etc", "."):
        with pytest.raises(SettingsError, match="below"):
            SectorParameters(track="q", output=path).folder(corpus="c", as_of="d", track="q")
        with pytest.raises(SettingsError, match="below"):
            ReportParameters(output=path).folder(corpus="c", as_of="d")
    usual = ReportParameters().folder(corpus="c", as_of="2020-01-01")
    assert usual == tmp_path / "c" / "2020-01-01" / "report"


def test_a_notebook_can_name_the_encoder():
    given = {"track": "q", "settings": {"encoder": "static-multilingual-1", "draws": 7}}
    parameters = SectorParameters.from_mapping(given)
    assert Settings.from_mapping(parameters.settings).encoder == "static-multilingual-1"


def test_settings_change_by_name_only():
    assert Settings.from_mapping({"draws": 7}).draws == 7
    with pytest.raises(SettingsError, match="whole number"):
        Settings.from_mapping({"window": True})


def test_a_backtest_can_judge_any_score_and_no_other_method(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_OUTPUTS", str(tmp_path))
    found = BacktestParameters.from_mapping({"method": "learned", "cutoffs": "2008:2018"})
    assert found.folder(corpus="c") == tmp_path / "c" / "backtest"
    for name in ("size", "learnt"):
        with pytest.raises(SettingsError, match="allowed are composite, weighted"):
            BacktestParameters.from_mapping({"method": name})
