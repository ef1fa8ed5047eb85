"""Logistic and Gompertz curves: their fit to levels, their fit to yearly counts, and its region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit, minimize, minimize_scalar
from scipy.special import expit, lambertw, xlogy

from foresight.errors import InsufficientDataError

Floats = NDArray[np.float64]

TINY = 1e-300
FAR = 40.0  # beyond, a curve is 0 or 1 to double precision
RAYS = 96  # directions in which the edge of a region is sought
RINGS = 13  # distances from the estimate to the edge
HALVINGS = 40


@dataclass(frozen=True)
class Curve:
    """A growth curve F from 0 to 1 on the scale z = rate x (year - middle).

    Attributes
    ----------
    level : F(z)
    rest : 1 - F(z), to full precision where F is near 1
    lag : ln(dF/dz / F): logarithm of the relative growth at z
    quantile : z at which F has a value
    start : float, lowest z of the first search: F there is below 0.001
    """

    level: Callable[[Floats], Floats]
    rest: Callable[[Floats], Floats]
    lag: Callable[[Floats], Floats]
    quantile: Callable[[float], float]
    start: float

    @property
    def duration(self) -> float:
        """Span of z from 10 to 90 %: ln(81) for the logistic curve."""
        return self.quantile(0.9) - self.quantile(0.1)


def _clip(z: Floats) -> Floats:
    return np.clip(z, -FAR, FAR)


CURVES: dict[str, Curve] = {
    "logistic": Curve(
        level=lambda z: np.asarray(expit(z)),
        rest=lambda z: np.asarray(expit(-z)),
        lag=lambda z: -np.logaddexp(0.0, z),
        quantile=lambda p: float(np.log(p / (1 - p))),
        start=-7.0,
    ),
    "gompertz": Curve(
        level=lambda z: np.exp(-np.exp(-_clip(z))),
        rest=lambda z: -np.expm1(-np.exp(-_clip(z))),
        lag=lambda z: -_clip(z),
        quantile=lambda p: float(-np.log(-np.log(p))),
        start=-2.0,
    ),
}


def fit_levels(x: Floats, y: Floats, *, curve: str) -> tuple[Floats, Floats, float]:
    """Fit size x F((x - middle) / scale) to levels by least squares.

    Parameters
    ----------
    x, y : arrays of shape (n,)
        Times and levels, such as a stock, a market share, or cumulated documents.
    curve : {"logistic", "gompertz"}

    Returns
    -------
    estimate : array (size, middle, scale); scale = 1 / rate, in units of x
    se : array of the same shape, from the curvature at the minimum
    residual_sd : float, with n - 3 degrees of freedom

    Raises
    ------
    InsufficientDataError
        With fewer than five levels, levels that are all the same, or if no minimum is found.

    Notes
    -----
    Cumulated counts carry every year's error on to all later years: their residuals are not
    independent, and the errors given here are then too small. For counts use `fit_counts`.

    References
    ----------
    Bates & Watts (1988), doi:10.1002/9780470316757.
    """
    if len(x) < 5 or np.ptp(y) == 0 or np.ptp(x) == 0:
        msg = f"A growth curve needs five levels that differ, got {len(x)}."
        raise InsufficientDataError(msg)
    level = CURVES[curve].level

    def model(at: Floats, size: float, middle: float, scale: float) -> Floats:
        return np.asarray(size * level((at - middle) / scale))

    start = (1.5 * float(y.max()), float(np.median(x)), float(np.ptp(x)) / 5)
    try:
        found, spread = curve_fit(model, x, y, p0=start, maxfev=20_000, xtol=1e-12, ftol=1e-12)
    except RuntimeError as error:
        msg = f"No {curve} curve fits these {len(x)} levels: the search does not end."
        raise InsufficientDataError(msg) from error
    residual = y - model(x, *found)
    return found, np.sqrt(np.diag(spread)), float(np.sqrt(residual @ residual / (len(x) - 3)))


@dataclass(frozen=True)
class CountFit:
    """A curve fitted to yearly counts.

    Attributes
    ----------
    curve : Curve
    point : array (log relative growth at the last year, z at the last year)
    deviance : float, of the Poisson likelihood
    counts, exposure : arrays of shape (n_years,)
    """

    curve: Curve
    point: Floats
    deviance: float
    counts: Floats
    exposure: Floats

    def rate(self, points: Floats) -> Floats:
        """Rate, per year, at points of shape (..., 2)."""
        return np.exp(np.clip(points[..., 0] - self.curve.lag(points[..., 1]), -FAR, 4.0))

    def rises(self, points: Floats, *, ahead: int = 0) -> Floats:
        """F(t) - F(t - 1) of every year and some years ahead, shape (..., n_years + ahead)."""
        rate, last = self.rate(points)[..., np.newaxis], points[..., 1:2]
        back = np.arange(len(self.counts) - 1, -1 - ahead, -1.0)
        after, before = last - rate * back, last - rate * (back + 1)
        low = self.curve.level(after) - self.curve.level(before)
        return np.where(before > 0, self.curve.rest(before) - self.curve.rest(after), low)

    def deviances(self, points: Floats) -> Floats:
        """Deviance at points of shape (..., 2), the size at its best for each."""
        weight = self.exposure * self.rises(points)
        total = np.maximum(weight.sum(axis=-1, keepdims=True), TINY)
        return count_deviance(self.counts, self.counts.sum() * weight / total)

    def sizes(self, points: Floats) -> Floats:
        """Size (saturation) at points: documents at an exposure of 1."""
        exposed = (self.exposure * self.rises(points)).sum(axis=-1)
        return np.asarray(self.counts.sum() / np.maximum(exposed, TINY))


def count_deviance(counts: Floats, expected: Floats) -> Floats:
    """Poisson deviance over the last axis, for expected counts with the observed total."""
    ratio = np.where(counts > 0, counts, 1.0) / np.maximum(expected, TINY)
    return np.asarray(2.0 * xlogy(counts, ratio).sum(axis=-1))


def fit_counts(counts: Floats, exposure: Floats, *, curve: str) -> CountFit:
    """Fit a growth curve to yearly counts by Poisson likelihood.

    The expected count of year t is exposure_t x size x (F(t) - F(t - 1)). Given the total, counts
    are multinomial, so that the size drops out and two parameters are left; they are sought on a
    grid, then by Nelder and Mead's simplex.

    Parameters
    ----------
    counts : array of shape (n_years,), consecutive years, at least one above 0
    exposure : array of shape (n_years,), 0 where counts are 0 for want of a corpus
    curve : {"logistic", "gompertz"}

    Returns
    -------
    CountFit

    References
    ----------
    The likelihood is ours; the curves are those of Andersen (1999),
    doi:10.1080/09537329908524301.
    """
    shape = CURVES[curve]
    empty = CountFit(shape, np.zeros(2), np.inf, counts, exposure)
    span = len(counts)
    last = np.linspace(shape.start, 8.0, 46)
    rates = np.log(np.geomspace(0.5 / span, 3.0, 40))
    grid = np.stack(np.meshgrid(rates, last, indexing="ij"), axis=-1)
    grid[..., 0] += shape.lag(grid[..., 1])
    value = empty.deviances(grid)
    start = grid[np.unravel_index(int(np.argmin(value)), value.shape)]
    found = minimize(
        lambda point: float(empty.deviances(point)),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 2000},
        bounds=[(-FAR, 4.0), (-FAR, FAR)],
    )
    return CountFit(shape, np.asarray(found.x), float(found.fun), counts, exposure)


def exponential_deviance(counts: Floats, exposure: Floats) -> tuple[float, float]:
    """Deviance and slope (per year) of unbounded growth or decline, the limit of both curves.

    Parameters and shapes as in `fit_counts`.
    """
    years = np.arange(len(counts)) - (len(counts) - 1) / 2

    def loss(slope: float) -> float:
        weight = exposure * np.exp(slope * years)
        return float(count_deviance(counts, counts.sum() * weight / weight.sum()))

    found = minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded", options={"xatol": 1e-9})
    return float(found.fun), float(found.x)


def region(fit: CountFit, *, limit: float) -> tuple[Floats, Floats]:
    """Points whose deviance exceeds the least by no more than `limit`: a profile region.

    The edge is found by halving along rays from the estimate; points are laid on rings from the
    estimate to the edge. The range of any function of the parameters over the region is its
    profile-likelihood interval.

    Parameters
    ----------
    fit : CountFit
    limit : float
        E.g. 3.84 for 95 %. The region must be bounded: `limit` below the excess of
        `exponential_deviance` over the fit.

    Returns
    -------
    points : array of shape (n, 2)
    left : array of shape (n,)
        What is left of the limit at each point, for the size: see `size_range`.

    References
    ----------
    Venzon & Moolgavkar (1988), doi:10.2307/2347496.
    """
    angle = np.linspace(0.0, 2 * np.pi, RAYS, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    way = circle * _widths(fit, limit)
    inside = _edge(fit, way, limit=limit)
    # a second time along rays that are even where the region is round, not where it is long
    edge = inside[:, np.newaxis] * way
    way = circle @ np.linalg.cholesky(np.cov(edge.T) + 1e-18 * np.eye(2)).T
    inside = _edge(fit, way, limit=limit)
    rings = np.linspace(0.0, 1.0, RINGS)[:, np.newaxis, np.newaxis]
    points = (fit.point + rings * inside[:, np.newaxis] * way).reshape(-1, 2)
    left = limit - (fit.deviances(points) - fit.deviance)
    kept = left >= -1e-9 * max(1.0, limit)
    return points[kept], np.maximum(left[kept], 0.0)


def _edge(fit: CountFit, way: Floats, *, limit: float) -> Floats:
    """Distance along each ray at which the limit is reached."""
    inside, outside = np.zeros(len(way)), np.full(len(way), 64.0)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        within = fit.deviances(fit.point + middle[:, np.newaxis] * way) - fit.deviance <= limit
        inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
    return inside


def _widths(fit: CountFit, limit: float) -> Floats:
    """Rough half-widths of the region along the two axes."""
    widths = np.ones(2)
    for axis in range(2):
        for _ in range(30):
            step = np.zeros(2)
            step[axis] = widths[axis]
            ends = fit.deviances(np.stack([fit.point + step, fit.point - step])) - fit.deviance
            if (ends > limit).any():
                widths[axis] /= 2
    return widths


def size_range(n_docs: float, left: Floats) -> tuple[Floats, Floats]:
    """Factors on the best size that use up what is left of the limit.

    The total of the counts is Poisson: with the size u times its best value the deviance rises by
    2 n (u - 1 - ln u).
    """
    excess = np.asarray(left) / (2.0 * n_docs)
    some = excess > 1e-10  # below, the branches of Lambert's function meet and the factor is 1
    inner = np.where(some, -np.exp(-1.0 - excess), -0.1)
    low, high = (-np.real(lambertw(inner, branch)) for branch in (0, -1))
    return np.where(some, low, 1.0), np.where(some, high, 1.0)
