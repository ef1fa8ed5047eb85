"""Verdicts in three values, `yes`, `no` and `undecided`, and the reasons for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

YES, NO, UNDECIDED = "yes", "no", "undecided"

Flags = pd.Series | NDArray[np.bool_] | bool


@dataclass(frozen=True)
class Rule:
    """Rows to which it applies, the verdict that it gives them, and the reason."""

    applies: Flags
    verdict: str
    why: str


def judge(index: pd.Index, *rules: Rule, otherwise: tuple[str, str]) -> pd.DataFrame:
    """Give each row the verdict and the reason of the first rule that applies.

    Parameters
    ----------
    index : Index of shape (n,)
    *rules : Rule
        A missing flag counts as one that does not apply.
    otherwise : (verdict, reason)

    Returns
    -------
    DataFrame, same index
        verdict, why.
    """
    verdict = np.full(len(index), otherwise[0], dtype=object)
    why = np.full(len(index), otherwise[1], dtype=object)
    for rule in reversed(rules):
        flags = pd.Series(rule.applies, index=index).astype("boolean")
        hit = flags.fillna(value=False).to_numpy(dtype=bool)
        verdict[hit], why[hit] = rule.verdict, rule.why
    return pd.DataFrame({"verdict": verdict, "why": why}, index=index, dtype="str")


def both(*verdicts: pd.Series) -> pd.Series:
    """Conjunction: `no` where any is no, else `undecided` where any is, else `yes`."""
    return _joined(verdicts, strong=NO, weak=YES)


def either(*verdicts: pd.Series) -> pd.Series:
    """Disjunction: `yes` where any is yes, else `undecided` where any is, else `no`."""
    return _joined(verdicts, strong=YES, weak=NO)


def _joined(verdicts: tuple[pd.Series, ...], *, strong: str, weak: str) -> pd.Series:
    """The strong verdict where any has it, the weak one where all do, else undecided.

    References: Kleene (1952), Introduction to Metamathematics, section 64.
    """
    table = pd.concat(verdicts, axis=1)
    some, every = (table == strong).any(axis=1), (table == weak).all(axis=1)
    found = pd.Series(UNDECIDED, index=table.index, dtype="str")
    return found.mask(every, weak).mask(some, strong)
