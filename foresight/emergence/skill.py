"""Skill of methods with intervals: bootstrap in blocks, paired differences, reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.metrics import FIGURES, MORE, SUMS, figures, sums
from foresight.emergence.outcomes import noise_ceiling
from foresight.errors import TableError
from foresight.intervals import wilson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 1000
LEVEL = 0.95
EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
VALUES = ("prediction", "p_growth", "rise", "grew", "impact_after")


@dataclass(frozen=True)
class Skills:
    """Sums of every cut-off and method, as measured and resampled.

    Attributes
    ----------
    cutoffs : list of int
    methods : list of str
    measured : array of shape (n_cutoffs, n_methods, n_sums)
        NaN for a method that was silent at a cut-off.
    resampled : array of shape (n_draws, n_cutoffs, n_methods, n_sums)
        The same resample of units for all methods of a draw and cut-off.
    starts : array of shape (n_draws, n_cutoffs), 0 to 1
        Where the blocks of a draw begin, as a part of the cut-offs compared.
    horizon : int
        Cut-offs in a block.
    """

    cutoffs: list[int]
    methods: list[str]
    measured: Floats
    resampled: Floats
    starts: Floats
    horizon: int

    def compared(self, methods: Sequence[str]) -> list[int]:
        """Cut-offs at which all of these methods spoke and gave probabilities."""
        places = [self.methods.index(name) for name in methods]
        sure = np.nan_to_num(self.measured[:, places, SUMS.index("n_p")]) > 0
        able = np.flatnonzero(np.asarray(sure).all(axis=1))
        return [self.cutoffs[place] for place in able]

    def at(self, cutoffs: Sequence[int]) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Figures over some cut-offs: as measured (n_methods,), and resampled (n_draws, n_methods).

        With several cut-offs, runs of successive ones are resampled, and units within them; with
        one, its units.
        """
        rows = np.array([self.cutoffs.index(year) for year in cutoffs], dtype=np.int64)
        measured = figures(self.measured[rows].sum(axis=0))
        if len(rows) == 1:
            return measured, figures(self.resampled[:, rows[0]])
        draws = len(self.resampled)
        taken = rows[self._taken(len(rows))]
        # One cut-off taken twice in a draw gets another resample of its units each time.
        other = (np.arange(draws)[:, np.newaxis] + 7 * np.arange(len(rows))) % draws
        return measured, figures(self.resampled[other, taken].sum(axis=1))

    def _taken(self, n: int) -> Ints:
        """Numbers of cut-offs in runs of `horizon` from random starts, shape (n_draws, n)."""
        begin = np.floor(self.starts[:, : -(-n // self.horizon)] * n).astype(np.int64)
        runs = begin[:, :, np.newaxis] + np.arange(self.horizon)
        return np.asarray(runs.reshape(len(begin), -1)[:, :n] % n)


def resample(
    results: pd.DataFrame, *, horizon: int, rng: np.random.Generator, draws: int = DRAWS
) -> Skills:
    """Measure the forecasts of a backtest and resample them.

    Blocks are runs of `horizon` successive cut-offs, whose years of outcome overlap, drawn
    in a circle; within each cut-off units are drawn with replacement.

    Parameters
    ----------
    results : DataFrame, of `foresight.emergence.backtest.forecast`
    horizon : int
    rng : Generator
    draws : int, default 1000

    Returns
    -------
    Skills

    Raises
    ------
    TableError
        If a prediction or an outcome is missing, or methods differ in their units.

    References
    ----------
    Politis & Romano (1992), A circular block-resampling procedure, in LePage & Billard, Exploring
    the Limits of Bootstrap, Wiley, 263-270.
    """
    missing = results[["prediction", "rise", "grew"]].isna().any(axis=1)
    if missing.any():
        row = results[missing].iloc[0]
        msg = (
            f"{int(missing.sum())} forecast(s) lack a prediction or an outcome, first: "
            f"{row['method']} for {row['unit_id']}. Leave out the method or the cut-off."
        )
        raise TableError(msg)
    cutoffs = sorted(int(year) for year in results["cutoff"].unique())
    methods = list(dict.fromkeys(results["method"]))
    measured = np.full((len(cutoffs), len(methods), len(SUMS)), np.nan)
    resampled = np.full((draws, len(cutoffs), len(methods), len(SUMS)), np.nan)
    for place, cutoff in enumerate(cutoffs):
        rows = results[results["cutoff"] == cutoff]
        units = sorted(rows["unit_id"].unique())
        chosen = rng.integers(len(units), size=(draws, len(units)))
        chosen = np.vstack([np.arange(len(units)), chosen])
        for number, method in enumerate(methods):
            part = rows[rows["method"] == method].set_index("unit_id")
            if part.empty:
                continue
            if len(part) != len(units):
                msg = f"{method} has {len(part)} of the {len(units)} units of {cutoff}. Give all."
                raise TableError(msg)
            part = part.loc[units]
            values = [part[name].to_numpy(dtype=float, na_value=np.nan) for name in VALUES]
            prediction, p_growth, rise, grew, impact = (value[chosen] for value in values)
            found = sums(prediction, p_growth, rise, grew > 0, impact)
            measured[place, number], resampled[:, place, number] = found[0], found[1:]
    starts = rng.random((draws, len(cutoffs)))
    return Skills(cutoffs, methods, measured, resampled, starts, horizon)


def _interval(draws: Floats) -> list[float | None]:
    known = draws[~np.isnan(draws)]
    if len(known) < len(draws) / 2:
        return [None, None]
    tail = (1 - LEVEL) / 2
    return [_number(float(edge)) for edge in np.quantile(known, [tail, 1 - tail])]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def figure_table(skills: Skills, cutoffs: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Every figure of every method over some cut-offs: value, lo and hi (95 %).

    Methods that were silent at one of them are left out.
    """
    measured, resampled = skills.at(cutoffs)
    found: dict[str, dict[str, Any]] = {}
    for place, method in enumerate(skills.methods):
        if np.isnan(measured["n"][place]):
            continue
        row: dict[str, Any] = {"n": int(measured["n"][place])}
        row["base_rate"] = _number(float(measured["base_rate"][place]))
        for name in (*FIGURES, MORE[0]):
            lo, hi = _interval(resampled[name][:, place])
            row[name] = {"value": _number(float(measured[name][place])), "lo": lo, "hi": hi}
        found[method] = row
    return found


def difference_table(
    skills: Skills, cutoffs: Sequence[int], *, scores: Sequence[str], baselines: Sequence[str]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures of each score less those of each baseline, on the same units and draws.

    For `brier`, where less is better, a gain is negative.
    """
    measured, resampled = skills.at(cutoffs)
    known = [name for name, n in zip(skills.methods, measured["n"], strict=True) if n > 0]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for score in (name for name in scores if name in known):
        found[score] = {}
        for baseline in (name for name in baselines if name in known):
            one, two = skills.methods.index(score), skills.methods.index(baseline)
            row = {}
            for name in FIGURES:
                lo, hi = _interval(resampled[name][:, one] - resampled[name][:, two])
                value = float(measured[name][one] - measured[name][two])
                row[name] = {"value": _number(value), "lo": lo, "hi": hi}
            found[score][baseline] = row
    return found


def reliability(results: pd.DataFrame) -> pd.DataFrame:
    """Of the units given a probability of growth, how many grew.

    Parameters
    ----------
    results : DataFrame
        method, p_growth, grew.

    Returns
    -------
    DataFrame, one row per method and fifth of the scale that holds a forecast
        method, p_from, p_to, n, p_mean, grew (share), grew_lo, grew_hi (Wilson, 95 %).

    Notes
    -----
    The interval takes units as independent; those of neighbouring cut-offs are not, so it is too
    short.
    """
    rows = results.dropna(subset=["p_growth", "grew"])
    fifth = np.clip(np.digitize(rows["p_growth"], EDGES) - 1, 0, len(EDGES) - 2)
    groups = rows.assign(fifth=fifth, grew=rows["grew"].astype(float)).groupby(["method", "fifth"])
    table = groups.agg(n=("grew", "size"), p_mean=("p_growth", "mean"), hits=("grew", "sum"))
    table = table.reset_index()
    lo, hi = wilson(table["hits"], table["n"])
    edges = np.array(EDGES)
    place = table["fifth"].to_numpy(dtype=int)
    columns = {
        "method": table["method"],
        "p_from": edges[place],
        "p_to": edges[place + 1],
        "n": table["n"],
        "p_mean": table["p_mean"],
        "grew": table["hits"] / table["n"],
        "grew_lo": lo,
        "grew_hi": hi,
    }
    return pd.DataFrame(columns)


def ceiling(
    table: pd.DataFrame, cutoffs: Sequence[int], *, rng: np.random.Generator
) -> dict[str, float | None]:
    """Noise ceiling of Spearman's correlation over some cut-offs, weighted by units.

    Parameters
    ----------
    table : DataFrame, of `foresight.emergence.backtest.examine`
    cutoffs : sequence of int
    rng : Generator

    Returns
    -------
    dict with `spearman` and `spearman_cautious`, see `noise_ceiling`.
    """
    found, sizes = [], []
    for cutoff in sorted(cutoffs):
        rows = table[table["cutoff"] == cutoff]
        after = rows["n_after"].to_numpy(dtype=float)
        found.append(noise_ceiling(after, rows["expected"].to_numpy(dtype=float), rng=rng))
        sizes.append(len(rows))
    mean = np.average(np.array(found), axis=0, weights=sizes)
    return {"spearman": _number(float(mean[0])), "spearman_cautious": _number(float(mean[1]))}
