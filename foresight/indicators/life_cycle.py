"""Life-cycle stage from a growth curve, and the honest refusal to name one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, xlogy
from scipy.stats import chi2

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]

STAGES = ("emerging", "growing", "maturing", "saturated")
BOUNDS = (0.10, 0.50, 0.90)  # shares of saturation between the stages
MIN_DOCS = 30
MIN_YEARS = 8
TINY = 1e-9


@dataclass(frozen=True)
class LifeCycle:
    """A fitted growth curve.

    `stage` and `progress` (share of saturation reached, 0 to 1) are None when the data do not
    bound the saturation; `curve` is `logistic` or `gompertz`; `p_unbounded` is the p-value of
    unbounded (exponential) growth against the curve.
    """

    stage: str | None
    progress: float | None
    curve: str | None
    p_unbounded: float | None


def _logistic(z: Floats) -> Floats:
    return np.asarray(expit(z))


def _gompertz(z: Floats) -> Floats:
    return np.exp(-np.exp(-np.clip(z, -30.0, 30.0)))


CURVES: dict[str, Curve] = {"logistic": _logistic, "gompertz": _gompertz}


def life_cycle(counts: Floats, totals: Floats, *, level: float = 0.05) -> LifeCycle:
    """Fit logistic and Gompertz growth to yearly counts and name the stage.

    The expected count of year t is exposure_t x K x (F(t) - F(t-1)), with F the curve, K the
    saturation and the exposure proportional to the corpus, so that a corpus that grows or is
    sampled unevenly does not pass for growth. Fit by Poisson likelihood; the curve with the
    lower AICc is kept. As K goes to infinity either curve becomes exponential growth: the
    saturation is bounded from above only if the curve beats the exponential by a likelihood
    ratio test (one parameter on its boundary). Otherwise there is no stage.

    Parameters
    ----------
    counts : array of shape (n_years,)
        Documents of the unit, consecutive complete years.
    totals : array of shape (n_years,)
        Documents of the corpus.
    level : float, default 0.05
        Error level at which unbounded growth is rejected.

    Returns
    -------
    LifeCycle
        Stages: below 10 %, 50 %, 90 % of saturation, and above.

    Notes
    -----
    The likelihood and the test of boundedness are ours. Growth curves of patents are
    notoriously unsure before the inflection: most young units get no stage.

    References
    ----------
    Andersen (1999), doi:10.1080/09537329908524301; Burnham & Anderson (2002),
    doi:10.1007/b97636; Self & Liang (1987), doi:10.1080/01621459.1987.10478472.
    """
    used = totals > 0
    if counts[used].sum() < MIN_DOCS or used.sum() < MIN_YEARS:
        return LifeCycle(None, None, None, None)
    exposure = totals / totals[used].mean()
    years = np.arange(len(counts), dtype=float)
    fits = {name: _fit(counts, exposure, years, curve) for name, curve in CURVES.items()}
    name = min(fits, key=lambda key: fits[key][0])
    loss, params = fits[name]
    excess = max(0.0, 2.0 * (_exponential_loss(counts, exposure, years) - loss))
    p_unbounded = 0.5 * float(chi2.sf(excess, 1))
    if p_unbounded > level:
        return LifeCycle(None, None, name, p_unbounded)
    rate, middle = np.exp(params[1]), params[2]
    progress = float(CURVES[name](np.array([rate * (years[-1] - middle)]))[0])
    return LifeCycle(stage_at(progress), progress, name, p_unbounded)


def stage_at(progress: float) -> str:
    """Stage at a share of saturation, 0 to 1; a boundary belongs to the later stage."""
    return STAGES[int(np.searchsorted(BOUNDS, progress, side="right"))]


def _poisson_loss(counts: Floats, expected: Floats) -> float:
    expected = np.maximum(expected, TINY)
    return float((expected - xlogy(counts, expected)).sum())


def _fit(counts: Floats, exposure: Floats, years: Floats, curve: Curve) -> tuple[float, Floats]:
    total, span = counts.sum(), len(years)

    def loss(params: Floats) -> float:
        size, rate, middle = np.exp(min(params[0], 50.0)), np.exp(params[1]), params[2]
        rise = curve(rate * (years - middle)) - curve(rate * (years - 1.0 - middle))
        return _poisson_loss(counts, exposure * size * rise)

    best: tuple[float, Floats] = (np.inf, np.zeros(3))
    for middle in (0.4 * span, 0.8 * span, 1.3 * span):
        start = np.array([np.log(2.0 * total), np.log(4.0 / span), middle])
        found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 600})
        if found.fun < best[0]:
            best = (float(found.fun), np.asarray(found.x))
    return best


def _exponential_loss(counts: Floats, exposure: Floats, years: Floats) -> float:
    centred = years - years.mean()

    def loss(slope: Floats) -> float:
        shape = exposure * np.exp(slope[0] * centred)
        return _poisson_loss(counts, shape * counts.sum() / shape.sum())

    found = minimize(loss, np.zeros(1), method="Nelder-Mead", options={"maxiter": 200})
    return float(found.fun)
