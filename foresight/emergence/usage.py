"""What a unit's documents carry (classes, words, people …), counted by unit and years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.emergence.features import MIN_KNOWN
from foresight.emergence.snapshot import Snapshot

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

RECENT = 3  # years: T-2 to T, and as many before them
LEAST_DOCS = 5  # documents that must state something for the mean over a unit's documents
LEAST_NAMED = 10  # and for what compares its documents with one another
SAMPLE = 20  # earlier documents of a unit among which an item is looked for
HALF = 0.5  # added to counts in logarithms


def recent_years(snapshot: Snapshot) -> tuple[int, int]:
    """First and last of the recent years, T-2 … T."""
    return snapshot.last_year - RECENT + 1, snapshot.last_year


def years_before(snapshot: Snapshot) -> tuple[int, int]:
    """First and last of as many years before the recent ones, T-5 … T-3."""
    return snapshot.last_year - 2 * RECENT + 1, snapshot.last_year - RECENT


def year_of_first(snapshot: Snapshot) -> int:
    """First year of the corpus."""
    return int(snapshot.totals.index[0])


def by_unit(
    snapshot: Snapshot, values: Floats | NDArray[np.int64], known: Flags | None = None
) -> pd.Series:
    """Values of the units as a Series, missing where they are not `known`."""
    found = np.asarray(values, dtype=float)
    return pd.Series(found if known is None else np.where(known, found, np.nan), snapshot.units)


def stated(
    snapshot: Snapshot,
    has: Flags,
    years: tuple[int, int],
    *,
    least: int = LEAST_DOCS,
    part: float = MIN_KNOWN,
) -> Flags:
    """Units of which enough documents of some years state a thing.

    Parameters
    ----------
    has : array of shape (n_docs,)
        Whether each document of the records states it.
    years : first and last
    least : int, default 5
        Documents that must.
    part : float, default 1/2
        Share of the documents of these years that must, as in `foresight.emergence.features`: the
        few that do would speak for the rest. 0 where a thing is not stated but defined for some.
    """
    rows = snapshot.within(*years)
    unit, n = snapshot.unit_of[rows], len(snapshot.units)
    said = np.bincount(unit[has[rows]], minlength=n)
    return (said >= least) & (said >= part * np.bincount(unit, minlength=n))


def carrying(carried: sparse.csr_array) -> Flags:
    """Documents that carry at least one item."""
    return np.asarray(np.diff(carried.indptr) > 0)


def unit_mean(
    snapshot: Snapshot, values: Floats, years: tuple[int, int], *, part: float = MIN_KNOWN
) -> pd.Series:
    """Mean over a unit's documents of some years of a value, missing ones left out.

    Parameters
    ----------
    values : array of shape (n_docs,)
        NaN where missing.
    years : first and last
    part : float, default 1/2
        See `stated`.

    Returns
    -------
    Series; NaN where fewer than five documents, or than that part, have a value.
    """
    has = ~np.isnan(values)
    rows = snapshot.within(*years)
    rows = rows[has[rows]]
    unit, n = snapshot.unit_of[rows], len(snapshot.units)
    total = np.bincount(unit, weights=values[rows], minlength=n)
    count = np.bincount(unit, minlength=n)
    return by_unit(snapshot, total / np.maximum(count, 1), stated(snapshot, has, years, part=part))


def parts(carried: sparse.csr_array) -> sparse.csr_array:
    """The same with the items of a document in equal parts that sum to 1."""
    number = np.diff(carried.indptr)
    data = carried.data / np.repeat(np.maximum(number, 1), number)
    return sparse.csr_array((data, carried.indices, carried.indptr), shape=carried.shape)


def carried_in(
    snapshot: Snapshot, carried: sparse.csr_array, years: tuple[int, int]
) -> tuple[Floats, float]:
    """Documents of the corpus that carry each item in some years, and all that carry any."""
    rows = (snapshot.years >= years[0]) & (snapshot.years <= years[1])
    counts = np.asarray(rows.astype(float) @ carried, dtype=float)
    return counts, float((rows & carrying(carried)).sum())


def first_years(snapshot: Snapshot, carried: sparse.csr_array) -> NDArray[np.int64]:
    """First year of a document that carries each item."""
    found = np.full(carried.shape[1], np.iinfo(np.int64).max)
    np.minimum.at(found, carried.indices, np.repeat(snapshot.years, np.diff(carried.indptr)))
    return found


def outside_growth(snapshot: Snapshot, carried: sparse.csr_array) -> sparse.csr_array:
    """Growth of the items that each unit carries now among the documents of all others.

    log of the share of other documents that carry the item in T-2 … T, less the same in
    T-5 … T-3, half a document added to each count.

    Returns
    -------
    csr_array of shape (n_units, n_items), with one entry (also where the growth is 0) for every
    item of the unit's documents of T-2 … T.

    Notes
    -----
    The unit's own documents are left out, so that the growth is not its own seen again.
    """
    late, early = recent_years(snapshot), years_before(snapshot)
    after, n_after = carried_in(snapshot, carried, late)
    before, n_before = carried_in(snapshot, carried, early)
    has = carrying(carried).astype(float)
    own_after = sparse.csr_array(snapshot.membership(*late) @ carried)
    own_before = sparse.csr_array(snapshot.membership(*early) @ carried)
    total_after = n_after - snapshot.membership(*late) @ has
    total_before = n_before - snapshot.membership(*early) @ has
    own_after.sort_indices()
    data = np.empty(own_after.nnz)
    for unit in range(len(snapshot.units)):
        entries = slice(own_after.indptr[unit], own_after.indptr[unit + 1])
        items = own_after.indices[entries]
        own = np.zeros(carried.shape[1])
        span = slice(own_before.indptr[unit], own_before.indptr[unit + 1])
        own[own_before.indices[span]] = own_before.data[span]
        others = after[items] - own_after.data[entries] + HALF
        past = before[items] - own[items] + HALF
        shares = others / (total_after[unit] + HALF), past / (total_before[unit] + HALF)
        data[entries] = np.log(shares[0]) - np.log(shares[1])
    return sparse.csr_array((data, own_after.indices, own_after.indptr), shape=own_after.shape)


def momentum(snapshot: Snapshot, carried: sparse.csr_array) -> pd.Series:
    """Mean over a unit's recent documents of the `outside_growth` of what they carry."""
    late = recent_years(snapshot)
    growth = outside_growth(snapshot, carried)
    used = sparse.csr_array(snapshot.membership(*late) @ parts(carried))
    total, weight = growth.multiply(used).sum(axis=1), used.sum(axis=1)
    known = stated(snapshot, carrying(carried), late)
    return by_unit(snapshot, total / np.maximum(weight, 1e-12), known)


def item_mean(
    snapshot: Snapshot, carried: sparse.csr_array, values: Floats, years: tuple[int, int]
) -> pd.Series:
    """Mean over a unit's documents of some years of the mean value of the items they carry."""
    number = np.diff(carried.indptr)
    total = np.asarray(carried @ values, dtype=float)
    means = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 0)
    return unit_mean(snapshot, means, years)


def likeness(snapshot: Snapshot, carried: sparse.csr_array, years: tuple[int, int]) -> pd.Series:
    """Mean likeness of two different documents of a unit: products of the parts they carry.

    Herfindahl's index of the items, corrected for the number of documents (see
    `foresight.indicators.concentration.herfindahl`): the chance that one item drawn from each of
    two documents is the same, which does not depend on how many documents there are.

    Returns
    -------
    Series; NaN with fewer than ten documents that carry something, or half of them.
    """
    shared = parts(carried)
    mass = sparse.csr_array(snapshot.membership(*years) @ shared)
    square = mass.multiply(mass).sum(axis=1)
    itself = snapshot.membership(*years) @ shared.multiply(shared).sum(axis=1)
    n = snapshot.membership(*years) @ carrying(carried).astype(float)
    known = stated(snapshot, carrying(carried), years, least=LEAST_NAMED)
    pairs = np.where(n > 1, n * (n - 1), 1.0)
    return by_unit(snapshot, (square - itself) / pairs, known)


def change(snapshot: Snapshot, values: Floats, *, part: float = MIN_KNOWN) -> pd.Series:
    """Mean of a value over documents of T-2 … T less that over documents of T-5 … T-3."""
    after = unit_mean(snapshot, values, recent_years(snapshot), part=part)
    return after - unit_mean(snapshot, values, years_before(snapshot), part=part)


def new_to_unit(snapshot: Snapshot, carried: sparse.csr_array) -> pd.Series:
    """Mean over documents of T-2 … T of the share of items that are new to the unit.

    New: not met in twenty of the unit's earlier documents, drawn at random. The chance of that,
    C(n - m, 20) / C(n, 20) for an item that m of n earlier documents carry, is computed, so that
    units with few and with many documents compare.

    Returns
    -------
    Series; NaN with fewer than twenty earlier documents that carry something.

    References
    ----------
    Rarefaction: Hurlbert (1971), doi:10.2307/1934145; the use here is ours.
    """
    late = recent_years(snapshot)
    early = year_of_first(snapshot), late[0] - 1
    n = snapshot.membership(*early) @ carrying(carried).astype(float)
    then = sparse.csr_array(snapshot.membership(*early) @ carried)
    now = sparse.csr_array(snapshot.membership(*late) @ parts(carried))
    known = stated(snapshot, carrying(carried), late) & (n >= SAMPLE)
    found = np.zeros(len(snapshot.units))
    for unit in np.flatnonzero(known):
        held = np.zeros(carried.shape[1])
        span = slice(then.indptr[unit], then.indptr[unit + 1])
        held[then.indices[span]] = then.data[span]
        own = slice(now.indptr[unit], now.indptr[unit + 1])
        unseen = not_met(held[now.indices[own]], n[unit])
        found[unit] = (now.data[own] * unseen).sum() / now.data[own].sum()
    return by_unit(snapshot, found, known)


def not_met(held: Floats, n: float) -> Floats:
    """Chance that none of twenty documents, drawn from n, is among those that hold an item."""
    steps = np.arange(SAMPLE)
    left = np.maximum(n - held[:, np.newaxis] - steps, 0.0)
    return np.asarray(np.prod(left / (n - steps), axis=1))
