"""What the figures of a backtest come to, by stated rules and not by taste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RIVALS = ("size", "last_growth", "vitality", "citations", "no_change")
"""Baselines that the best one is chosen from: `random` wins by luck alone."""

Figure = Mapping[str, float | None]


@dataclass(frozen=True)
class Verdict:
    """What a backtest says of one score; each is decided by a whole 95 % interval.

    Attributes
    ----------
    method : str
    skill : str
        Spearman's correlation with the rise: `positive`, `negative`, or `none` where its interval
        holds 0; `unknown` without an interval.
    baseline : str or None
        The one with the highest correlation, measured on the same units; None where none spoke.
    against : str
        The score's correlation less the baseline's: `better` or `worse` where the interval lies on
        one side of 0; where it holds 0, `behind` for a negative difference, `ahead` for another;
        `unknown`.
    probability : str
        Brier skill of `p_growth`: `better` than the base rate, `worse`, `unproven` where the
        interval holds 0; `absent` where there was too little to learn probabilities from.
    """

    method: str
    skill: str
    baseline: str | None
    against: str
    probability: str


def best_baseline(metrics: Mapping[str, Any]) -> str | None:
    """The baseline with the highest Spearman correlation over the cut-offs compared.

    The first of `RIVALS` wins a tie; None where no baseline spoke.

    Parameters
    ----------
    metrics : mapping
        Content of `metrics.json`, see `foresight.run.backtest_stage.measure`.
    """
    known = {}
    for name in RIVALS:
        row = metrics["methods"].get(name, {}).get("all")
        if row is not None and row["spearman"]["value"] is not None:
            known[name] = float(row["spearman"]["value"])
    return max(known, key=lambda name: known[name]) if known else None


def judge(metrics: Mapping[str, Any], *, method: str) -> Verdict | None:
    """Judge a score by its backtest; None where it was silent.

    The best baseline is chosen after the fact, which favours it: a score that beats it has beaten
    more than one rule, and one that does not may still beat a rule named beforehand.

    Parameters
    ----------
    metrics : mapping
        Content of `metrics.json`.
    method : str
        One of `foresight.emergence.backtest.SCORES`.
    """
    row = metrics["methods"].get(method, {}).get("all")
    if row is None:
        return None
    baseline = best_baseline(metrics)
    gain: Figure = {"value": None, "lo": None, "hi": None}
    if baseline is not None:
        gain = metrics["differences"][method][baseline]["spearman"]
    level = "unknown" if gain["value"] is None else "ahead" if gain["value"] >= 0 else "behind"
    return Verdict(
        method=method,
        skill=_named(side(row["spearman"]), ("negative", "none", "positive", "unknown")),
        baseline=baseline,
        against=_named(side(gain), ("worse", level, "better", "unknown")),
        probability=_named(side(row["brier_skill"]), ("worse", "unproven", "better", "absent")),
    )


def _named(where: int | None, names: tuple[str, str, str, str]) -> str:
    """The name for a side: below, around, above, and without interval."""
    return names[3] if where is None else names[where + 1]


def side(figure: Figure) -> int | None:
    """Where a whole interval lies: 1 above zero, -1 below, 0 around it; None without interval."""
    lo, hi = figure["lo"], figure["hi"]
    if lo is None or hi is None:
        return None
    return 1 if lo > 0 else -1 if hi < 0 else 0
