"""The backtest: what each method said at a cut-off, and what came.

At every cut-off the corpus is cut, units are formed, features computed and methods asked; then
later documents are assigned and the outcome is measured. Methods that learn see only cut-offs
whose years of outcome are over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.calibration import PlattCalibration
from foresight.emergence.features import unit_generator
from foresight.emergence.learned import LearnedScore, enough_to_learn, outcome_weights, places
from foresight.emergence.methods import METHODS
from foresight.emergence.outcomes import RECENT, outcomes
from foresight.emergence.prior import Prior
from foresight.emergence.records import Records
from foresight.emergence.registry import (
    COMPONENTS,
    all_features,
    feature_table,
    plain_features,
)
from foresight.emergence.snapshot import MIN_CORPUS, take_snapshot
from foresight.errors import InsufficientDataError
from foresight.settings import Settings

Floats = NDArray[np.float64]

PART = {"learned_linear": "linear", "learned_boosting": "boosting"}
RESULTS = (
    "corpus", "cutoff", "horizon", "unit_id", "method", "prediction", "p_growth", "rise", "grew",
    "n_before", "n_after",
)  # fmt: skip
OUTCOMES = ("n_before", "n_after", "share", "expected", "mass", "rise", "grew", "impact_after")
CARRIED = ("cutoff", "unit_id", "rise", "grew", "impact_after", "n_before", "n_after")
KNOWN_AT_CUTOFF = ("n_before", "share", "mass")
LEAST_YEAR = 10  # documents in every year around a cut-off
WARM_UP = 10  # earlier cut-offs that methods may learn from before the first one asked for


@dataclass(frozen=True)
class Plan:
    """Which cut-offs are examined and which are reported.

    Attributes
    ----------
    reported : list of int
    earlier : list of int
        Examined for learning only.
    horizon : int
    last_year : int
        Last complete year of the corpus.
    """

    reported: list[int]
    earlier: list[int]
    horizon: int
    last_year: int

    @property
    def cutoffs(self) -> list[int]:
        """All that are examined, in order."""
        return sorted({*self.earlier, *self.reported})


def possible_cutoffs(totals: pd.Series, *, last_year: int, horizon: int) -> list[int]:
    """Years that can be a cut-off.

    300 documents are known by then, each year from T-5 to T+horizon has ten, and T+horizon is
    complete.

    Parameters
    ----------
    totals : Series indexed by year (consecutive)
        Documents of the corpus.
    last_year : int
        Last complete year.
    horizon : int
    """
    enough = totals.cumsum() >= MIN_CORPUS
    filled = totals >= LEAST_YEAR
    found = []
    for year in totals.index[enough]:
        around = range(int(year) - 2 * RECENT + 1, int(year) + horizon + 1)
        if year + horizon <= last_year and filled.reindex(around, fill_value=False).all():
            found.append(int(year))
    return found


def plan_cutoffs(
    totals: pd.Series, *, last_year: int, horizon: int, asked: Sequence[int] | None = None
) -> Plan:
    """Choose cut-offs, those asked for or all possible ones, and earlier ones to learn from.

    Raises
    ------
    InsufficientDataError
        If a year asked for cannot be a cut-off, or none can.
    """
    possible = possible_cutoffs(totals, last_year=last_year, horizon=horizon)
    if not possible:
        msg = (
            f"No year of the corpus ({totals.index[0]}-{last_year}, {int(totals.sum())} documents) "
            f"can be a cut-off: {MIN_CORPUS} documents are needed by then, {LEAST_YEAR} in each "
            f"year from five before it to {horizon} after it. Give a larger corpus."
        )
        raise InsufficientDataError(msg)
    reported = possible if asked is None else sorted(set(asked))
    wrong = sorted(set(reported) - set(possible))
    if wrong:
        msg = (
            f"{', '.join(map(str, wrong[:5]))} cannot be a cut-off: {MIN_CORPUS} documents are "
            f"needed by then, {LEAST_YEAR} in each year from five before it to {horizon} after "
            f"it, the last of which must be complete. Possible are {_spans(possible)}."
        )
        raise InsufficientDataError(msg)
    earlier = [year for year in possible if year < reported[0]][-WARM_UP:]
    return Plan(reported, earlier, horizon, last_year)


def _spans(years: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}:{b}" if a < b else str(a) for a, b in runs)


def examine(
    records: Records,
    *,
    cutoff: int,
    horizon: int,
    last_year: int,
    settings: Settings,
    learn: bool = True,
) -> pd.DataFrame:
    """Features and outcome of the units of one cut-off.

    Parameters
    ----------
    records : Records
    cutoff, horizon : int
    last_year : int
        Last complete year: where the horizon reaches beyond it, the outcome is missing.
    settings : Settings
    learn : bool, default True
        Compute the features that only scores learnt from the corpus itself look at.

    Returns
    -------
    DataFrame, one row per unit, sorted by unit_id
        cutoff, unit_id, the columns `OUTCOMES` (see `outcomes`), one column per feature.
    """
    snapshot, later = take_snapshot(records, last_year=cutoff, settings=settings)
    found = outcomes(snapshot, later, records, horizon=horizon)[list(OUTCOMES)]
    found = found.astype({"grew": "boolean", "n_after": "Int64"})
    if cutoff + horizon > last_year:
        for name in (name for name in OUTCOMES if name not in KNOWN_AT_CUTOFF):
            found[name] = pd.Series(index=found.index, dtype=found[name].dtype)
    wanted = all_features() if learn else plain_features()
    table = pd.concat([found, feature_table(snapshot, features=wanted)], axis=1)
    table.insert(0, "cutoff", cutoff)
    return table.rename_axis("unit_id").reset_index()


def percentiles(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Mid-rank percentiles within each cut-off, 0 to 1; NaN where missing.

    Parameters
    ----------
    table : DataFrame with `cutoff` and the columns `names`
    """
    groups = table.groupby("cutoff")[list(names)]
    return (groups.rank(method="average") - 0.5) / groups.transform("count").clip(lower=1)


def composite(ranked: pd.DataFrame, *, weights: Mapping[str, float] | None = None) -> pd.Series:
    """Weighted mean of the known components, times 100; a component is the mean of its features.

    Parameters
    ----------
    ranked : DataFrame
        Percentiles of features.
    weights : mapping of component to weight, optional
        Default: equal weights.

    Returns
    -------
    Series, 0 to 100; NaN where nothing is known.
    """
    parts = {}
    for component in COMPONENTS:
        names = [one.name for one in all_features() if one.component == component]
        parts[component] = ranked[[name for name in names if name in ranked]].mean(axis=1)
    frame = pd.DataFrame(parts)
    weight = pd.Series(dict.fromkeys(COMPONENTS, 1.0) if weights is None else dict(weights))
    weight = weight.reindex(frame.columns, fill_value=0.0)
    mass = (frame.notna() * weight).sum(axis=1)
    return 100 * (frame * weight).sum(axis=1) / mass.where(mass > 0)


def plain_predictions(table: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Predictions of the methods that learn nothing, one column each; same rows as `table`.

    size: documents of T-2 … T. last_growth: the rise of three years ago. vitality, citations: the
    features of that name. random: from the unit's name. no_change: 0. composite; weighted, the
    composite with the analyst's weights (`settings.weights`), where there are any.
    """
    ranked = percentiles(table, [one.name for one in all_features() if one.name in table])
    columns = {name: table[name] for name in ("size", "last_growth", "vitality", "citations")}
    columns["random"] = pd.Series(
        [unit_generator(unit, (), seed=settings.seed).random() for unit in table["unit_id"]],
        index=table.index,
    )
    columns["no_change"] = pd.Series(0.0, index=table.index)
    columns["composite"] = composite(ranked)
    if settings.weights:
        columns["weighted"] = composite(ranked, weights=settings.weights)
    return pd.DataFrame(columns)


def forecast(
    table: pd.DataFrame,
    *,
    cutoffs: Sequence[int],
    horizon: int,
    settings: Settings,
    prior: Prior | None = None,
    learn: bool = True,
) -> pd.DataFrame:
    """Predictions of every method at some cut-offs, each learnt from what was known then.

    Parameters
    ----------
    table : DataFrame, of `examine`, all cut-offs below one another
    cutoffs : sequence of int
        Those to forecast.
    horizon : int
        At T only rows of cut-offs up to T - horizon are learnt from.
    settings : Settings
    prior : Prior, optional
        Shipped weights; without them, or before the first year that they have weights for, or at
        another horizon than theirs, the method `shipped` is silent.
    learn : bool, default True
        Otherwise the scores learnt from the corpus itself are silent.

    Returns
    -------
    DataFrame, sorted by cutoff, method (in the order of `METHODS`) and unit_id
        cutoff, unit_id, method, prediction, p_growth (NaN while there is too little to learn it
        from), and the columns rise, grew, impact_after, n_before, n_after of `table`. A method that
        cannot speak (no citations; too little to learn from) has no rows at that cut-off.
    """
    names = [one.name for one in all_features() if one.name in table]
    ranked = percentiles(table, names)
    plain = plain_predictions(table, settings=settings)
    order = percentiles(pd.concat([table["cutoff"], plain], axis=1), list(plain.columns))
    risen = percentiles(table, ["rise"])["rise"]
    parts = []
    for cutoff in sorted(cutoffs):
        now = (table["cutoff"] == cutoff).to_numpy()
        past = (table["cutoff"] <= cutoff - horizon).to_numpy()
        years = table.loc[past, "cutoff"].to_numpy(dtype=np.int64)
        able = enough_to_learn(years, horizon=horizon)
        grew = table.loc[past, "grew"].to_numpy(dtype=bool) if able else np.zeros(0, dtype=bool)
        if able and learn:
            learned = LearnedScore(horizon=horizon, random_state=settings.seed).fit(
                ranked[past],
                risen[past].to_numpy(),
                grew=grew,
                cutoffs=years,
                weight=outcome_weights(table[past]),
            )
        shipped = prior.at(cutoff) if prior is not None and prior.horizon == horizon else None
        for method in METHODS:
            if method == "shipped":
                if shipped is None:
                    continue
                prediction = shipped.score(ranked[now])
                p_growth = shipped.p_growth(places(prediction, np.zeros(now.sum(), dtype=np.int64)))
            elif method in ("learned", *PART) and able and learn:
                model = learned.alone(PART[method]) if method in PART else learned
                prediction, p_growth = model.predict(ranked[now]), model.predict_growth(ranked[now])
            elif method in plain and plain.loc[now, method].notna().any():
                prediction = plain.loc[now, method].to_numpy()
                p_growth = np.full(len(prediction), np.nan)
                if able:
                    p_growth = _calibrated(order[method], past=past, now=now, grew=grew)
            else:
                continue
            part = table.loc[now, list(CARRIED)]
            parts.append(part.assign(method=method, prediction=prediction, p_growth=p_growth))
    found = pd.concat(parts, ignore_index=True)
    names = ["cutoff", "unit_id", "method", "prediction", "p_growth"]
    return found[[*names, *(name for name in CARRIED if name not in names)]]


def _calibrated(
    order: pd.Series, *, past: NDArray[np.bool_], now: NDArray[np.bool_], grew: NDArray[np.bool_]
) -> Floats:
    """Probability of growth from a method's percentile; a missing one stands at the middle."""
    filled = order.fillna(0.5).to_numpy(dtype=float)
    return PlattCalibration().fit(filled[past], grew).predict(filled[now])
