"""How good forecasts were: sums per cut-off that add up, and the figures made from them.

A figure over several cut-offs is made from sums over them, so that units are ranked within their
own cut-off only, and a bootstrap only has to add up other sums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from foresight.emergence.outcomes import rank_correlation

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOP = 0.10
FIGURES = ("spearman", "precision_at_10pct", "auc", "csi", "brier", "brier_skill")
MORE = ("spearman_impact", "base_rate", "n")
SUMS = (
    "n", "n_rho", "n_rho_impact", "n_impact", "hits", "chosen", "wins", "pairs", "found",
    "warned_or_grew", "n_p", "error", "grew_p", "grew",
)  # fmt: skip


def sums(
    prediction: Floats, p_growth: Floats, rise: Floats, grew: Bools, impact: Floats
) -> NDArray[np.float64]:
    """Sums of one cut-off for one method, for many resamples of its units at once.

    Parameters
    ----------
    prediction, p_growth, rise, impact : arrays of shape (n_draws, n_units)
        `p_growth` and `impact` NaN throughout where they are not known.
    grew : array of shape (n_draws, n_units), bool

    Returns
    -------
    array of shape (n_draws, len(SUMS))
        n (units); n_rho (n times Spearman's correlation with rise), n_rho_impact and n_impact
        (the same with impact; 0 where it is not known); hits (units both among the top tenth by
        prediction and by rise) of chosen (units in a top tenth); wins of pairs (a unit that grew
        against one that did not; 1/2 for a tie); found (units that grew among those warned of) and
        warned_or_grew; n_p, error and grew_p (units with p_growth, their squared errors, and how
        many grew); grew.

    Notes
    -----
    The top tenth holds n / 10 units, rounded, at least one; units that tie for its last places
    share them. Warned of are the units with the highest p_growth, as many as its sum, rounded:
    what the method itself expects to grow. No threshold is chosen after the fact.
    """
    n_draws, n = prediction.shape
    out = {name: np.zeros(n_draws) for name in SUMS}
    out["n"] += n
    out["n_rho"] = n * rank_correlation(prediction, rise)
    if not np.isnan(impact).any():
        out["n_rho_impact"], out["n_impact"] = n * rank_correlation(prediction, impact), out["n"]
    top = np.full(n_draws, float(max(1, round(TOP * n))))
    out["hits"] = (top_places(prediction, top) * top_places(rise, top)).sum(axis=1)
    out["chosen"] = top
    grown = grew.sum(axis=1).astype(float)
    ranks = rankdata(prediction, axis=1)
    out["wins"] = (ranks * grew).sum(axis=1) - grown * (grown + 1) / 2
    out["pairs"] = grown * (n - grown)
    out["grew"] = grown
    if not np.isnan(p_growth).any():
        warned = np.clip(np.rint(p_growth.sum(axis=1)), 0, n)
        places = top_places(p_growth, warned)
        out["found"] = (places * grew).sum(axis=1)
        out["warned_or_grew"] = warned + grown - out["found"]
        out["n_p"], out["grew_p"] = out["n"], grown
        out["error"] = ((p_growth - grew) ** 2).sum(axis=1)
    return np.stack([out[name] for name in SUMS], axis=1)


def top_places(values: Floats, places: Floats) -> Floats:
    """Membership of each value in the highest of its row, ties sharing the last places.

    Parameters
    ----------
    values : array of shape (n_rows, n)
    places : array of shape (n_rows,), whole numbers from 0 to n

    Returns
    -------
    array of shape (n_rows, n), 0 to 1; each row sums to its places.
    """
    ordered = np.sort(values, axis=1)[:, ::-1]
    at = np.clip(places.astype(int) - 1, 0, None)[:, np.newaxis]
    last = np.take_along_axis(ordered, at, axis=1)
    above, tied = values > last, values == last
    room = places - above.sum(axis=1)
    share = np.where(places > 0, room / tied.sum(axis=1), 0.0)[:, np.newaxis]
    return np.where(above & (places[:, np.newaxis] > 0), 1.0, np.where(tied, share, 0.0))


def figures(total: NDArray[np.float64]) -> dict[str, Floats]:
    """Figures from sums.

    Parameters
    ----------
    total : array of shape (..., len(SUMS))

    Returns
    -------
    dict of arrays of shape (...); NaN where a figure is not defined
        spearman, spearman_impact: means over cut-offs, weighted by units. precision_at_10pct:
        share of the units predicted to be in the top tenth that were (0.1 by chance). auc: chance
        that a unit that grew was ranked above one of its cut-off that did not. csi: threat score,
        found / (warned of or grew). brier: mean squared error of p_growth. brier_skill: 1 - brier
        / (b (1 - b)), b the share that did grow (`base_rate`): the base rate is taken from the
        outcome itself, which no forecast could know. n: units.

    References
    ----------
    Murphy (1973), doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2 (Brier skill); Schaefer
    (1990), doi:10.1175/1520-0434(1990)005<0570:TCSIAA>2.0.CO;2 (threat score).
    """
    part = {name: total[..., place] for place, name in enumerate(SUMS)}
    base = _over(part["grew_p"], part["n_p"])
    brier = _over(part["error"], part["n_p"])
    return {
        "spearman": _over(part["n_rho"], part["n"]),
        "precision_at_10pct": _over(part["hits"], part["chosen"]),
        "auc": _over(part["wins"], part["pairs"]),
        "csi": _over(part["found"], part["warned_or_grew"]),
        "brier": brier,
        "brier_skill": 1 - _over(brier, base * (1 - base)),
        "spearman_impact": _over(part["n_rho_impact"], part["n_impact"]),
        "base_rate": _over(part["grew"], part["n"]),
        "n": part["n"],
    }


def _over(above: Floats, below: Floats) -> Floats:
    out = np.full(np.shape(above), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=below > 0))
