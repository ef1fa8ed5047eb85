"""Figures of a backtest written out by hand, as `metrics.json` holds them."""

from foresight.emergence.methods import BASELINES, METHODS, SCORES
from foresight.emergence.metrics import FIGURES

YEARS = (2004, 2005, 2006)
NONE = {"value": None, "lo": None, "hi": None}


def figure(value, reach=0.1):
    """A value and an interval of `reach` on either side."""
    return {"value": value, "lo": round(value - reach, 6), "hi": round(value + reach, 6)}


def metrics(*, spearman=None, gains=None, brier_skill=None, silent=(), shuffled=None, as_of=None):
    """Content of a `metrics.json`.

    `spearman` and `brier_skill` give figures by method (otherwise 0.0 (-0.1 to 0.1)), `gains` the
    figure by score and baseline of the difference of Spearman correlations.
    """
    rho, sure = spearman or {}, brier_skill or {}

    def row(method, n):
        plain = {name: figure(0.0) for name in (*FIGURES, "spearman_impact")}
        own = {"spearman": rho.get(method, figure(0.0)), "auc": figure(0.5)}
        own |= {"precision_at_10pct": figure(0.1), "spearman_impact": figure(0.33, 0.05)}
        return (
            plain | own | {"brier_skill": sure.get(method, figure(0.0)), "n": n, "base_rate": 0.25}
        )

    spoken = [name for name in METHODS if name not in silent]
    differences = {
        score: {
            baseline: {
                name: (gains or {}).get((score, baseline), figure(0.0))
                if name == "spearman"
                else figure(0.01)
                for name in FIGURES
            }
            for baseline in BASELINES
            if baseline in spoken
        }
        for score in SCORES
        if score in spoken
    }
    bins = [
        {"method": name, "p_from": 0.2, "p_to": 0.4, "n": 57, "p_mean": 0.24, "grew": 0.25,
         "grew_lo": 0.15, "grew_hi": 0.38}
        for name in spoken
    ]  # fmt: skip
    return {
        "corpus": "tiny", "digest": "0" * 64, "as_of": as_of or "2012-12-31", "shuffled": shuffled,
        "horizon": 3, "last_year": 2012, "cutoffs": [2003, *YEARS], "earlier": [2002],
        "compared": list(YEARS), "learned": "learned" in spoken,
        "methods": {
            name: {
                "all": row(name, 57) if name in spoken else None,
                "cutoffs": {str(year): row(name, 19) for year in YEARS} if name in spoken else {},
            }
            for name in METHODS
        },
        "differences": differences,
        "reliability": bins,
        "noise_ceiling": {"spearman": 0.79, "spearman_cautious": 0.7},
        "units": {"2003": 18, **{str(year): 19 for year in YEARS}},
        "prior_mass": {},
        "features": {"growth": {"component": "growth", "known": 1.0},
                     "science_linkage": {"component": None, "known": 0.0}},
    }  # fmt: skip
