"""Life-cycle stage from a growth curve, and the honest refusal to name one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f as f_distribution

from foresight.indicators.growth_curves import (
    CURVES,
    CountFit,
    exponential_deviance,
    fit_counts,
    region,
    size_range,
)
from foresight.indicators.panel import panel

Floats = NDArray[np.float64]

STAGES = ("emerging", "growing", "maturing", "saturated")
BOUNDS = (0.10, 0.50, 0.90)  # shares of saturation between the stages
MIN_DOCS = 30
MIN_YEARS = 8
SUPPORTED = 2.0  # AICc above the best up to which a curve is as good as the best
PARAMETERS = 3

REASONS = ("too_few_documents", "too_few_years", "unbounded", "late_record")


@dataclass(frozen=True)
class LifeCycle:
    """A fitted growth curve.

    Attributes
    ----------
    stage : one of `STAGES`, or None when the data do not bound the saturation
    reason : one of `REASONS` where there is no stage, else None
        `unbounded`: exponential growth fits as well; `late_record`: exponential decline fits as
        well, so that what came before the record is unknown.
    curve : `logistic` or `gompertz`, the one with the lower AICc; None where none was fitted
    delta_aicc : AICc of the other curve above it
    p_unbounded : p-value of exponential growth or decline against the curve
    dispersion : variance of counts over their mean about the curve, at least 1
    progress : share of saturation reached in the last year, 0 to 1
    saturation : documents in all, at the corpus's mean yearly size
    rate : per year; middle : place of F = 1/2 (logistic) or 1/e (Gompertz) in years after the
        first; duration : years from 10 to 90 % of saturation
    n_docs, n_years : documents, and years in which the corpus has documents

    Every estimate has `_lo` and `_hi`; all are None where there is no stage.
    """

    stage: str | None = None
    reason: str | None = None
    curve: str | None = None
    delta_aicc: float | None = None
    p_unbounded: float | None = None
    dispersion: float | None = None
    progress: float | None = None
    progress_lo: float | None = None
    progress_hi: float | None = None
    saturation: float | None = None
    saturation_lo: float | None = None
    saturation_hi: float | None = None
    rate: float | None = None
    rate_lo: float | None = None
    rate_hi: float | None = None
    middle: float | None = None
    middle_lo: float | None = None
    middle_hi: float | None = None
    duration: float | None = None
    duration_lo: float | None = None
    duration_hi: float | None = None
    n_docs: int = 0
    n_years: int = 0


def life_cycle(counts: Floats, totals: Floats, *, level: float = 0.95) -> LifeCycle:
    """Fit logistic and Gompertz growth to yearly counts and name the stage.

    The expected count of year t is exposure_t x K x (F(t) - F(t-1)), with F the curve, K the
    saturation and the exposure proportional to the corpus, so that a corpus that grows or is
    sampled unevenly does not pass for growth. Fit by Poisson likelihood; the curve with the
    lower AICc is kept. Deviances are divided by the dispersion where that exceeds 1 (Pearson's over
    the years in which at least one document is expected), and judged by the F distribution.

    Intervals are of the profile likelihood, and span both curves where the AICc of the other is
    within 2. As K goes to infinity either curve becomes exponential growth: K is bounded from
    above only if exponential growth lies outside the profile region of every curve that counts.
    Otherwise there is no stage.

    Parameters
    ----------
    counts : array of shape (n_years,)
        Documents of the unit, consecutive complete years.
    totals : array of shape (n_years,)
        Documents of the corpus; years with 0 are left out of the fit.
    level : float, default 0.95
        Of the intervals, and so of the refusal.

    Returns
    -------
    LifeCycle
        Stages: below 10 %, 50 %, 90 % of saturation, and above. No stage with fewer than 30
        documents or 8 years.

    Notes
    -----
    The likelihood and the test of boundedness are ours. Growth curves of patents are
    notoriously unsure before the inflection: most young units get no stage. A second wave of
    growth is not foreseen by either curve; the saturation is that of the wave on record.

    References
    ----------
    Andersen (1999), doi:10.1080/09537329908524301; Burnham & Anderson (2002),
    doi:10.1007/b97636; Self & Liang (1987), doi:10.1080/01621459.1987.10478472; Venzon &
    Moolgavkar (1988), doi:10.2307/2347496; McCullagh & Nelder (1989), Generalized Linear Models,
    ch. 9, doi:10.1201/9780203753736.
    """
    fitted = _fits(counts, totals, level=level)
    if isinstance(fitted, LifeCycle):
        return fitted
    base, ranked, limit = fitted
    best = ranked[0][1]
    values = _estimates(best, best.point[np.newaxis], np.ones(1), np.ones(1))
    bounds: dict[str, list[float]] = {name: [] for name in values}
    for _, fit in ranked:
        points, left = region(fit, limit=limit)
        low, high = size_range(fit.counts.sum(), left)
        for name, found in _estimates(fit, points, low, high).items():
            bounds[name] += [float(found.min()), float(found.max())]
    out = asdict(base)
    for name, value in values.items():
        out[name] = float(value[0])
        out[f"{name}_lo"], out[f"{name}_hi"] = min(bounds[name]), max(bounds[name])
    out["stage"] = stage_at(out["progress"])
    return LifeCycle(**out)


def life_cycles(topic_years: pd.DataFrame, *, last_year: int, level: float = 0.95) -> pd.DataFrame:
    """Fit the life cycle of each unit of a table; see `life_cycle`.

    Parameters
    ----------
    topic_years : DataFrame, table `TOPIC_YEARS`, one row per unit and year
        Years in which a unit has no document must be present with n_docs = 0.
    last_year : int
        Last complete year; later rows are never read.
    level : float, default 0.95

    Returns
    -------
    DataFrame indexed and sorted by topic_id, one column per attribute of `LifeCycle`
        `middle` and its interval as calendar years.
    """
    data = panel(topic_years, last_year=last_year)
    rows = [asdict(life_cycle(counts, data.totals, level=level)) for counts in data.counts]
    frame = pd.DataFrame(rows, index=data.ids)
    texts = ["stage", "reason", "curve"]
    numbers = frame.columns.difference([*texts, "n_docs", "n_years"])
    frame[numbers] = frame[numbers].astype(float)
    frame[texts] = frame[texts].astype("str")
    middles = ["middle", "middle_lo", "middle_hi"]
    frame[middles] += float(data.years[0])
    return frame


def s_curve(
    counts: Floats, totals: Floats, *, first_year: int, horizon: int = 10, level: float = 0.95
) -> pd.DataFrame:
    """The fitted curve of cumulated documents with its band, for drawing.

    Parameters
    ----------
    counts, totals : arrays of shape (n_years,), as for `life_cycle`
    first_year : int, calendar year of the first count
    horizon : int, default 10
        Years drawn beyond the last.
    level : float, default 0.95

    Returns
    -------
    DataFrame, one row per year
        year; observed (documents since the first year; NaN beyond the last year); fitted,
        fitted_lo, fitted_hi (expected documents since the first year; NaN where there is no
        stage).

    Notes
    -----
    The documents expected follow the corpus: where it grows, so do they. Ahead it is taken to
    stay as large as in its last year with documents. The band is pointwise, of the curve, not of
    the counts to come.
    """
    years = first_year + np.arange(len(counts) + horizon)
    frame = pd.DataFrame({"year": years, "observed": np.nan})
    frame.loc[: len(counts) - 1, "observed"] = np.cumsum(counts)
    frame = frame.assign(fitted=np.nan, fitted_lo=np.nan, fitted_hi=np.nan)
    fitted = _fits(counts, totals, level=level)
    if isinstance(fitted, LifeCycle):
        return frame
    _, ranked, limit = fitted
    low, high = np.full(len(years), np.inf), np.full(len(years), -np.inf)
    for _, fit in ranked:
        points, left = region(fit, limit=limit)
        grown = _grown(fit, points, horizon)
        factors = size_range(fit.counts.sum(), left)
        low = np.minimum(low, (factors[0][:, np.newaxis] * grown).min(axis=0))
        high = np.maximum(high, (factors[1][:, np.newaxis] * grown).max(axis=0))
    best = ranked[0][1]
    curve = _grown(best, best.point[np.newaxis], horizon)[0]
    return frame.assign(fitted=curve, fitted_lo=low, fitted_hi=high)


def stage_at(progress: float) -> str:
    """Stage at a share of saturation, 0 to 1; a boundary belongs to the later stage."""
    return STAGES[int(np.searchsorted(BOUNDS, progress, side="right"))]


def _exposure(totals: Floats) -> Floats:
    used = totals > 0
    return totals / totals[used].mean() if used.any() else totals


def _fits(
    counts: Floats, totals: Floats, *, level: float
) -> LifeCycle | tuple[LifeCycle, list[tuple[float, CountFit]], float]:
    """The refusal, or what is common, the curves that count (best first) and the limit."""
    n_docs, n_years = int(counts.sum()), int((totals > 0).sum())
    if n_docs < MIN_DOCS:
        return LifeCycle(reason="too_few_documents", n_docs=n_docs, n_years=n_years)
    if n_years < MIN_YEARS:
        return LifeCycle(reason="too_few_years", n_docs=n_docs, n_years=n_years)
    exposure = _exposure(totals)
    fits = {name: fit_counts(counts, exposure, curve=name) for name in CURVES}
    order = sorted(fits, key=lambda name: fits[name].deviance)
    dispersion, freedom = _dispersion(fits[order[0]])
    # both curves have as many parameters: their AICc differ as their deviances do
    above = {name: (fits[name].deviance - fits[order[0]].deviance) / dispersion for name in order}
    unbounded, slope = exponential_deviance(counts, exposure)
    excess = {name: max(0.0, (unbounded - fits[name].deviance) / dispersion) for name in order}
    limit = float(f_distribution.ppf(level, 1, freedom))
    counted = [name for name in order if above[name] <= SUPPORTED]
    bounded = all(excess[name] > limit for name in counted)
    base = LifeCycle(
        reason=None if bounded else "unbounded" if slope > 0 else "late_record",
        curve=order[0],
        delta_aicc=above[order[1]],
        p_unbounded=0.5 * float(f_distribution.sf(excess[order[0]], 1, freedom)),
        dispersion=dispersion,
        n_docs=n_docs,
        n_years=n_years,
    )
    if not bounded:
        return base
    return base, [(above[name], fits[name]) for name in counted], limit * dispersion


def _dispersion(fit: CountFit) -> tuple[float, int]:
    """Pearson's dispersion over the years in which a document is expected, and its freedom."""
    weight = fit.exposure * fit.rises(fit.point)
    expected = fit.counts.sum() * weight / weight.sum()
    used = expected >= 1.0
    freedom = max(1, int(used.sum()) - PARAMETERS)
    pearson = (fit.counts[used] - expected[used]) ** 2 / expected[used]
    return max(1.0, float(pearson.sum()) / freedom), freedom


def _estimates(fit: CountFit, points: Floats, low: Floats, high: Floats) -> dict[str, Floats]:
    """Estimates at points; the saturation at both ends of its range there."""
    rate = fit.rate(points)
    size = fit.sizes(points)
    return {
        "progress": fit.curve.level(points[:, 1]),
        "saturation": np.concatenate([low * size, high * size]),
        "rate": rate,
        "middle": len(fit.counts) - 1 - points[:, 1] / rate,
        "duration": fit.curve.duration / rate,
    }


def _grown(fit: CountFit, points: Floats, horizon: int) -> Floats:
    """Documents expected since the first year: shape (n_points, n_years + horizon)."""
    covered = fit.exposure[fit.exposure > 0]
    exposure = np.concatenate([fit.exposure, np.full(horizon, covered[-1])])
    rise = fit.rises(points, ahead=horizon)
    return np.cumsum(fit.sizes(points)[:, np.newaxis] * exposure * rise, axis=1)
