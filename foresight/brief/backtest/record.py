"""A backtest as pages read it: the figures of `metrics.json`, and which score is meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from foresight.emergence.methods import BASELINES, METHODS, SCORES
from foresight.emergence.verdict import Figure, Verdict, best_baseline, judge

FOLDER = "backtest"
"""Folder of a backtest within that of its corpus; a control's is `backtest-shuffled-<seed>`."""
PUBLISHED = ("composite", "learned", "shipped")
"""Scores of which the report shows every figure; the others are variants of `learned`."""
UNKNOWN: Figure = {"value": None, "lo": None, "hi": None}


@dataclass(frozen=True)
class TrackRecord:
    """The backtest of a corpus; `foresight.run` reads it, nothing is computed here.

    Attributes
    ----------
    metrics : dict
        Content of `metrics.json`.
    method : str
        The score that the brief ranks by: one of `foresight.emergence.backtest.SCORES`.
    controls : list of dict
        `metrics.json` of the controls on the same corpus, date and horizon, by seed.
    digest : str
        SHA-256 of `metrics.json`.
    """

    metrics: dict[str, Any]
    method: str
    controls: list[dict[str, Any]] = field(default_factory=list)
    digest: str = ""

    @property
    def horizon(self) -> int:
        """Years looked ahead."""
        return int(self.metrics["horizon"])

    @property
    def compared(self) -> list[int]:
        """Cut-offs over which methods are compared, sorted."""
        return [int(year) for year in self.metrics["compared"]]

    @property
    def n_units(self) -> int:
        """Units of the cut-offs compared; a topic counts at each of them."""
        return sum(int(self.metrics["units"][str(year)]) for year in self.compared)

    @property
    def base_rate(self) -> float | None:
        """Share of the units compared that grew."""
        rows = (self.metrics["methods"][name]["all"] for name in METHODS)
        return next((row["base_rate"] for row in rows if row is not None), None)

    @property
    def spoke(self) -> list[str]:
        """Methods that gave forecasts at the cut-offs compared, in the order of `METHODS`."""
        return [name for name in METHODS if self.metrics["methods"][name]["all"] is not None]

    @property
    def baselines(self) -> list[str]:
        """Baselines that spoke."""
        return [name for name in BASELINES if name in self.spoke]

    @property
    def scores(self) -> list[str]:
        """Scores that spoke, the one meant first."""
        known = [name for name in SCORES if name in self.spoke]
        return sorted(known, key=lambda name: name != self.method)

    @property
    def published(self) -> list[str]:
        """The score meant and the other published one, those that spoke."""
        return [name for name in self.scores if name in {self.method, *PUBLISHED}]

    @property
    def rival(self) -> str | None:
        """The best baseline."""
        return best_baseline(self.metrics)

    def verdict(self, method: str) -> Verdict | None:
        """What the figures say of a score."""
        return judge(self.metrics, method=method)

    def figure(self, method: str, name: str) -> Figure:
        """A method's figure over the cut-offs compared: value, lo, hi."""
        return figure_of(self.metrics, method, name)

    def gain(self, score: str, baseline: str, name: str) -> Figure:
        """A figure of a score less that of a baseline, on the same units."""
        found = self.metrics["differences"].get(score, {}).get(baseline)
        known: Figure = UNKNOWN if found is None else found[name]
        return known

    def by_cutoff(self) -> pd.DataFrame:
        """Spearman's correlation at each cut-off compared: method, cutoff, n, value, lo, hi."""
        rows = [
            (method, year, row["n"], *(row["spearman"][part] for part in ("value", "lo", "hi")))
            for method in METHODS
            for year in self.compared
            for row in [self.metrics["methods"][method]["cutoffs"].get(str(year))]
            if row is not None
        ]
        frame = pd.DataFrame(rows, columns=["method", "cutoff", "n", "value", "lo", "hi"])
        return frame.astype({"value": float, "lo": float, "hi": float})

    def reliability(self) -> pd.DataFrame:
        """Bins of p_growth: method, p_from, p_to, n, p_mean, grew, grew_lo, grew_hi."""
        names = ["method", "p_from", "p_to", "n", "p_mean", "grew", "grew_lo", "grew_hi"]
        return pd.DataFrame(self.metrics["reliability"], columns=names)

    def evidence(self, *methods: str) -> list[str]:
        """Rows of results.csv that figures of these methods rest on, as `evidence_id` names them.

        Those of every method at every cut-off compared.
        """
        return [
            evidence_id(FOLDER, method, year)
            for method in methods
            for year in self.compared
            if str(year) in self.metrics["methods"][method]["cutoffs"]
        ]


def figure_of(metrics: dict[str, Any], method: str, name: str) -> Figure:
    """A method's figure in the content of a `metrics.json`; without value where it was silent."""
    row = metrics["methods"][method]["all"]
    known: Figure = UNKNOWN if row is None else row[name]
    return known


def evidence_id(folder: str, method: str, cutoff: int) -> str:
    """Name of the rows of a method and cut-off in a backtest's results.

    `backtest/results.csv#composite@2010`: the rows with method `composite` and cutoff 2010 of
    `outputs/<corpus>/backtest/results.csv`.
    """
    return f"{folder}/results.csv#{method}@{cutoff}"
