"""Features from who cites a unit's documents, and how fresh and far what they cite is.

Citations lie between documents known at T; all are missing without references.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.citation_features import has_citations
from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    HALF,
    LEAST_DOCS,
    RECENT,
    Floats,
    by_unit,
    change,
    recent_years,
    unit_mean,
    years_before,
)
from foresight.indicators.disruption import disruption
from foresight.indicators.generality import generality

Ints = NDArray[np.int64]

FRESH = 5.0  # years: a reference of at most this age is recent (Price's index)


def _relative(snapshot: Snapshot, until: int) -> Floats:
    """Log of citations received by young documents at a time, against those expected.

    Young: of the three years to `until`. Expected: the mean of documents of their kind and year.
    NaN where the corpus's young documents have no citation.
    """
    citing, cited = snapshot.graph.arcs()
    counts = np.bincount(cited[snapshot.years[citing] <= until], minlength=len(snapshot.years))
    young = (snapshot.years > until - RECENT) & (snapshot.years <= until)
    if not counts[young].any():
        return np.full(len(snapshot.units), np.nan)
    kind, _ = pd.factorize(snapshot.records.documents["kind"], sort=True)
    cell = np.where(young, kind * RECENT + until - snapshot.years, -1)
    mean = pd.Series(counts).groupby(cell).transform("mean").to_numpy(dtype=float)
    rows = np.flatnonzero(young & (snapshot.unit_of >= 0))
    unit, n_units = snapshot.unit_of[rows], len(snapshot.units)
    n = np.bincount(unit, minlength=n_units)
    received, expected = (
        np.bincount(unit, weights=values[rows], minlength=n_units) for values in (counts, mean)
    )
    return np.where(n >= LEAST_DOCS, np.log(received + HALF) - np.log(expected + HALF), np.nan)


def young_attention(snapshot: Snapshot) -> pd.Series:
    """Log of citations received by documents of T-2 … T against those expected.

    Expected from the mean of documents of the kind and year; half a citation is added to both.
    After the crown indicator: Waltman et al. (2011), doi:10.1007/s11192-011-0354-5.
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    return by_unit(snapshot, _relative(snapshot, snapshot.last_year))


def attention_growth(snapshot: Snapshot) -> pd.Series:
    """`young_attention` less what it was three years ago, of the young documents of that time."""
    if not has_citations(snapshot):
        return snapshot.missing()
    last = snapshot.last_year
    return by_unit(snapshot, _relative(snapshot, last) - _relative(snapshot, last - RECENT))


def _outside(snapshot: Snapshot, own: Ints, other: Ints, used: NDArray[np.bool_]) -> Floats:
    """Share of arcs at a unit's end whose other end lies outside it, less what chance gives.

    Parameters
    ----------
    own, other : arrays of shape (n_arcs,)
        Row of the document at the unit's end, and at the other.
    used : array of shape (n_arcs,)

    Returns
    -------
    array of shape (n_units,)
        NaN with fewer than five arcs. By chance the other end lies outside as often as the other
        ends of all arcs do.
    """
    n_units = len(snapshot.units)
    here, there = snapshot.unit_of[own[used]], snapshot.unit_of[other[used]]
    total = np.bincount(here[here >= 0], minlength=n_units)
    outside = np.bincount(here[(here >= 0) & (here != there)], minlength=n_units)
    chance = 1 - np.bincount(there[there >= 0], minlength=n_units) / max(len(there), 1)
    share = outside / np.maximum(total, 1)
    return np.where(total >= LEAST_DOCS, share - chance, np.nan)


def _received_outside(snapshot: Snapshot, years: tuple[int, int]) -> Floats:
    citing, cited = (ends.astype(np.int64) for ends in snapshot.graph.arcs())
    when = snapshot.years[citing]
    return _outside(snapshot, cited, citing, (when >= years[0]) & (when <= years[1]))


def outside_attention(snapshot: Snapshot) -> pd.Series:
    """Share of citations received in T-2 … T that come from outside the unit, less chance."""
    if not has_citations(snapshot):
        return snapshot.missing()
    return by_unit(snapshot, _received_outside(snapshot, recent_years(snapshot)))


def outside_attention_change(snapshot: Snapshot) -> pd.Series:
    """Change of `outside_attention`, T-5 … T-3 to T-2 … T."""
    if not has_citations(snapshot):
        return snapshot.missing()
    before = _received_outside(snapshot, years_before(snapshot))
    return outside_attention(snapshot) - by_unit(snapshot, before)


def borrowing_change(snapshot: Snapshot) -> pd.Series:
    """Change of the share of references that go outside the unit, less chance.

    Documents of T-5 … T-3 to those of T-2 … T. Borrowing from other fields: Rafols & Meyer (2010),
    doi:10.1007/s11192-009-0041-y (diversity and coherence); this measure is ours.
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    citing, cited = (ends.astype(np.int64) for ends in snapshot.graph.arcs())
    when = snapshot.years[citing]
    after, before = (
        _outside(snapshot, citing, cited, (when >= first) & (when <= last))
        for first, last in (recent_years(snapshot), years_before(snapshot))
    )
    return by_unit(snapshot, after - before)


def disruptive(snapshot: Snapshot) -> pd.Series:
    """Mean CD index of documents of T-5 … T-3, with the three years after each.

    Of those it is defined for, five at least (`foresight.indicators.disruption`).
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    found = disruption(snapshot.graph, window=float(RECENT), until=float(snapshot.last_year))
    return unit_mean(snapshot, found["cd"].to_numpy(dtype=float), years_before(snapshot), part=0.0)


def general(snapshot: Snapshot) -> pd.Series:
    """Mean generality of documents of T-5 … T: over how many classes those that cite it spread.

    Of documents cited by two or more with a class, five at least.
    """
    if not has_citations(snapshot) or snapshot.records.classes.empty:
        return snapshot.missing()
    found = generality(snapshot.graph, snapshot.records.classes)["generality"]
    years = years_before(snapshot)[0], snapshot.last_year
    return unit_mean(snapshot, found.to_numpy(dtype=float), years, part=0.0)


def _recent_part(snapshot: Snapshot) -> Floats:
    """Share of each document's dated references that are at most five years old."""
    ages = snapshot.reference_ages
    n_docs = len(snapshot.years)
    total = np.bincount(ages["row"], minlength=n_docs)
    recent = np.bincount(ages["row"], weights=ages["age"] <= FRESH, minlength=n_docs)
    share = np.full(n_docs, np.nan)
    np.divide(recent, total, out=share, where=total > 0)
    return share


def recent_references(snapshot: Snapshot) -> pd.Series:
    """Mean share of references of at most five years, of documents of T-2 … T (Price's index).

    Price (1970), Citation measures of hard science, soft science, technology, and nonscience, in
    Nelson & Pollock (eds.), Communication among scientists and engineers, 3-22.
    """
    if not has_citations(snapshot):
        return snapshot.missing()
    return unit_mean(snapshot, _recent_part(snapshot), recent_years(snapshot))


def recent_references_change(snapshot: Snapshot) -> pd.Series:
    """Change of the mean share of recent references, T-5 … T-3 to T-2 … T."""
    if not has_citations(snapshot):
        return snapshot.missing()
    return change(snapshot, _recent_part(snapshot))


def _youngest_paper(snapshot: Snapshot) -> tuple[Floats, Floats]:
    """Smallest and median age of the papers that each patent cites; NaN for none."""
    ages = snapshot.reference_ages
    patents = (snapshot.records.documents["kind"] == "patent").to_numpy()
    rows = ages[(ages["kind"] == "paper").to_numpy(dtype=bool, na_value=False)]
    by_row = rows[patents[rows["row"].to_numpy()]].groupby("row")["age"]
    every = range(len(patents))
    return (
        by_row.min().reindex(every).to_numpy(dtype=float),
        by_row.median().reindex(every).to_numpy(dtype=float),
    )


def _of_patents(compute: Callable[[Snapshot], pd.Series]) -> Callable[[Snapshot], pd.Series]:
    """Missing where no patent states what kind of document it cites."""

    def guarded(snapshot: Snapshot) -> pd.Series:
        ages = snapshot.reference_ages
        kinds = snapshot.records.documents["kind"].to_numpy()[ages["row"].to_numpy()]
        if not (
            (kinds == "patent") & (ages["kind"] == "paper").to_numpy(bool, na_value=False)
        ).any():
            return snapshot.missing()
        return compute(snapshot)

    return guarded


def fresh_science(snapshot: Snapshot) -> pd.Series:
    """Share of patents of T-2 … T that cite a paper of at most five years.

    Of patents with a dated reference of stated kind. Ahmadpoor & Jones (2017),
    doi:10.1126/science.aam9527 (patents near the frontier of science); this measure is ours.
    """
    ages = snapshot.reference_ages
    states = np.zeros(len(snapshot.years), dtype=bool)
    states[ages.loc[ages["kind"].notna(), "row"].to_numpy()] = True
    states &= (snapshot.records.documents["kind"] == "patent").to_numpy()
    youngest, _ = _youngest_paper(snapshot)
    return unit_mean(snapshot, np.where(states, youngest <= FRESH, np.nan), recent_years(snapshot))


def young_science(snapshot: Snapshot) -> pd.Series:
    """Minus the mean, over patents of T-2 … T that cite papers, of the median age of these."""
    _, middle = _youngest_paper(snapshot)
    return -unit_mean(snapshot, middle, recent_years(snapshot), part=0.0)


FEATURES = (
    Feature("young_attention", young_attention),
    Feature("attention_growth", attention_growth),
    Feature("outside_attention", outside_attention),
    Feature("outside_attention_change", outside_attention_change),
    Feature("borrowing_change", borrowing_change),
    Feature("disruption", disruptive),
    Feature("generality", general),
    Feature("recent_references", recent_references),
    Feature("recent_references_change", recent_references_change),
    Feature("fresh_science", _of_patents(fresh_science)),
    Feature("young_science", _of_patents(young_science)),
)
