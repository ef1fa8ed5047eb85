"""What `papermill --help-notebook` tells of the notebooks: every parameter, its type and use."""

from dataclasses import fields
from pathlib import Path

import papermill
import pytest

from foresight.run import parameters

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CLASSES = {
    "sector_brief": parameters.SectorParameters,
    "board": parameters.BoardParameters,
    "corpus_report": parameters.ReportParameters,
    "patent_navigation": parameters.NavigationParameters,
    "backtest": parameters.BacktestParameters,
}


def test_every_notebook_is_known():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(CLASSES)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_help_tells_of_every_parameter(name):
    told = papermill.inspect_notebook(str(NOTEBOOKS / f"{name}.ipynb"))
    known = {field.name for field in fields(CLASSES[name])}
    assert set(told) == known
    for parameter in told.values():
        assert parameter["inferred_type_name"] in {"str", "int", "float", "bool", "list", "dict"}
        assert parameter["help"], parameter["name"]
