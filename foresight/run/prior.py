"""Make `data/models/emergence-prior.json`: `python -m foresight.run.prior CORPUS…`.

Every corpus needs a backtest of the same horizon first (`foresight backtest --corpus CORPUS`); only
its `panel.csv` is read. The file holds weights by year of the features that a brief can compute of
any unit (`foresight.emergence.features.FEATURES`), see `foresight.emergence.prior`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from foresight.emergence.backtest import percentiles
from foresight.emergence.features import FEATURES
from foresight.emergence.prior import Prior, train_prior
from foresight.errors import SettingsError, TableError
from foresight.provenance import read_json, write_json
from foresight.settings import data_dir, outputs_dir

FILE = "emergence-prior.json"


def prior_path() -> Path:
    """Where the weights lie."""
    return data_dir() / "models" / FILE


def shipped_prior() -> Prior:
    """The weights that come with the project.

    Raises
    ------
    TableError
        If the file is not there or not of its form.
    """
    path = prior_path()
    if not path.is_file():
        msg = (
            f"The weights of the score, {path}, are missing. Restore them from the repository "
            "(`git checkout -- data/models`)."
        )
        raise TableError(msg)
    try:
        return Prior.from_dict(read_json(path))
    except (KeyError, TypeError, ValueError) as error:
        msg = (
            f"{path} does not hold weights of the score ({error!r}). Restore it from the "
            "repository (`git checkout -- data/models`)."
        )
        raise TableError(msg) from error


def make_prior(corpora: Sequence[str]) -> Prior:
    """Train weights from the backtests of corpora.

    Raises
    ------
    SettingsError
        If a corpus has no backtest, or they look ahead for different horizons.
    """
    panels, digests, horizons = {}, {}, set()
    for name in corpora:
        folder = outputs_dir() / name / "backtest"
        if not (folder / "panel.csv").is_file():
            msg = (
                f"Corpus {name} has no backtest in {folder}. "
                f"Make it with `foresight backtest --corpus {name}`."
            )
            raise SettingsError(msg)
        metrics = read_json(folder / "metrics.json")
        panels[name] = pd.read_csv(folder / "panel.csv")
        digests[name] = str(metrics["digest"])
        horizons.add(int(metrics["horizon"]))
    if len(horizons) != 1:
        msg = f"The backtests look ahead for {sorted(horizons)} years. Give corpora of one horizon."
        raise SettingsError(msg)
    ranked = {name: percentiles(panel, FEATURES) for name, panel in panels.items()}
    return train_prior(panels, ranked=ranked, corpora=digests, horizon=horizons.pop())


def main() -> None:
    """Train from the corpora named on the command line and write the file."""
    prior = make_prior(sys.argv[1:])
    write_json(prior_path(), prior.as_dict())
    years = [one.known_by for one in prior.weights]
    sys.stdout.write(f"{prior_path()}: weights known by {years[0]} to {years[-1]}\n")


if __name__ == "__main__":
    main()
