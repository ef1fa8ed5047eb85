"""Features from who makes a unit's documents, where, and with whom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    HALF,
    LEAST_DOCS,
    LEAST_NAMED,
    RECENT,
    by_unit,
    carried_in,
    carrying,
    change,
    first_years,
    likeness,
    parts,
    recent_years,
    stated,
    unit_mean,
    year_of_first,
    years_before,
)

Floats = NDArray[np.float64]
Carried = Callable[[Snapshot], sparse.csr_array]
Compute = Callable[[Snapshot], pd.Series]


def organisations(snapshot: Snapshot) -> sparse.csr_array:
    """Documents by organisations."""
    return snapshot.organisations


def people(snapshot: Snapshot) -> sparse.csr_array:
    """Documents by people."""
    return snapshot.people


def countries(snapshot: Snapshot) -> sparse.csr_array:
    """Documents by countries."""
    return snapshot.countries


def _numbers(carried: sparse.csr_array) -> Floats:
    """Items that each document carries; NaN for none, which is not known."""
    number = np.diff(carried.indptr).astype(float)
    return np.where(number > 0, number, np.nan)


def team_size(snapshot: Snapshot) -> pd.Series:
    """Mean number of authors or inventors of documents of T-2 … T."""
    return unit_mean(snapshot, _numbers(snapshot.people), recent_years(snapshot))


def team_growth(snapshot: Snapshot) -> pd.Series:
    """Change of the log of the mean number of authors or inventors, T-5 … T-3 to T-2 … T."""
    numbers = _numbers(snapshot.people)
    after = unit_mean(snapshot, numbers, recent_years(snapshot))
    before = unit_mean(snapshot, numbers, years_before(snapshot))
    return pd.Series(np.log(after) - np.log(before))


def _with_several(snapshot: Snapshot) -> Floats:
    """Whether a document has more than one organisation; NaN where none is known."""
    number = _numbers(snapshot.organisations)
    return np.where(np.isnan(number), np.nan, number > 1)


def several_organisations(snapshot: Snapshot) -> pd.Series:
    """Share of documents of T-2 … T with more than one organisation, of those with any."""
    return unit_mean(snapshot, _with_several(snapshot), recent_years(snapshot))


def several_organisations_change(snapshot: Snapshot) -> pd.Series:
    """Change of the share of documents with more than one organisation."""
    return change(snapshot, _with_several(snapshot))


def _with_company(snapshot: Snapshot) -> Floats:
    """Whether a company is among the organisations whose kind is known; NaN where none is."""
    kinds = snapshot.institutions
    return np.where(kinds.any(axis=1), kinds[:, 0], np.nan)


def company_share(snapshot: Snapshot) -> pd.Series:
    """Share of documents of T-2 … T with a company, of those with an organisation of known kind."""
    return unit_mean(snapshot, _with_company(snapshot), recent_years(snapshot))


def company_change(snapshot: Snapshot) -> pd.Series:
    """Change of the share of documents with a company."""
    return change(snapshot, _with_company(snapshot))


def two_kinds(snapshot: Snapshot) -> pd.Series:
    """Share of documents of T-2 … T of a company together with a university or institute."""
    kinds = snapshot.institutions
    both = np.where(kinds.any(axis=1), kinds.all(axis=1), np.nan)
    return unit_mean(snapshot, both, recent_years(snapshot))


def newcomer_change(carried: Carried) -> Compute:
    """A feature: change of the share of a document's makers who were new to the corpus then.

    New in T-2 … T: without a document before; new in T-5 … T-3 likewise.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        made = carried(snapshot)
        if len(snapshot.totals) <= 2 * RECENT:
            return snapshot.missing()
        first = first_years(snapshot, made)
        shared = parts(made)
        means = []
        for years in (recent_years(snapshot), years_before(snapshot)):
            new = np.asarray(shared @ (first >= years[0]).astype(float))
            means.append(unit_mean(snapshot, np.where(carrying(made), new, np.nan), years))
        return means[0] - means[1]

    return compute


def number_growth(carried: Carried) -> Compute:
    """A feature: growth of the number of different makers against that of the corpus.

    Change of log(number + 1/2) from T-5 … T-3 to T-2 … T, less the same of the corpus.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        made = carried(snapshot)
        late, early = recent_years(snapshot), years_before(snapshot)
        logs, usual, known = [], [], []
        for years in (late, early):
            used = sparse.csr_array(snapshot.membership(*years) @ made)
            logs.append(np.log(np.diff(used.indptr) + HALF))
            usual.append(np.log((carried_in(snapshot, made, years)[0] > 0).sum() + HALF))
            known.append(stated(snapshot, carrying(made), years))
        growth = logs[0] - logs[1] - (usual[0] - usual[1])
        return by_unit(snapshot, growth, known[0] & known[1])

    return compute


def leader_change(snapshot: Snapshot) -> pd.Series:
    """Change of the share of the organisation with the most documents, T-5 … T-3 to T-2 … T.

    Documents of several organisations count in equal parts; missing with fewer than ten documents
    of known organisations in either. The largest of few is too large by chance (CR1).
    """
    made = snapshot.organisations
    shared = parts(made)
    found = []
    for years in (recent_years(snapshot), years_before(snapshot)):
        known = stated(snapshot, carrying(made), years, least=LEAST_NAMED)
        mass = sparse.csr_array(snapshot.membership(*years) @ shared)
        if not mass.shape[1]:
            return snapshot.missing()
        total = np.asarray(mass.sum(axis=1), dtype=float)
        top = mass.max(axis=1).toarray().ravel()
        found.append(by_unit(snapshot, top / np.where(total > 0, total, 1.0), known))
    return found[0] - found[1]


def likeness_change(carried: Carried, *, sign: float = 1.0) -> Compute:
    """A feature: change of `likeness` (Herfindahl's index, corrected), T-5 … T-3 to T-2 … T.

    With the sign -1 high means that makers have become more various.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        made = carried(snapshot)
        after = likeness(snapshot, made, recent_years(snapshot))
        return sign * (after - likeness(snapshot, made, years_before(snapshot)))

    return compute


def from_elsewhere(carried: Carried) -> Compute:
    """A feature: share, among makers new to the unit in T-2 … T, of those with earlier work.

    New to the unit: with a document of it in T-2 … T and none before. Earlier work is any document
    of the corpus before T-2. Missing with fewer than five who are new.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        made = carried(snapshot)
        late = recent_years(snapshot)
        now = sparse.csr_array(snapshot.membership(*late) @ made)
        then = snapshot.membership(year_of_first(snapshot), late[0] - 1) @ made
        known = stated(snapshot, carrying(made), late)
        old = first_years(snapshot, made) < late[0]
        total, moved = np.zeros(len(snapshot.units)), np.zeros(len(snapshot.units))
        for unit in range(len(snapshot.units)):
            items = now.indices[now.indptr[unit] : now.indptr[unit + 1]]
            before = then.indices[then.indptr[unit] : then.indptr[unit + 1]]
            new = np.setdiff1d(items, before)
            total[unit], moved[unit] = len(new), old[new].sum()
        return by_unit(snapshot, moved / np.maximum(total, 1), known & (total >= LEAST_DOCS))

    return compute


FEATURES = (
    Feature("team_size", team_size),
    Feature("team_growth", team_growth),
    Feature("several_organisations", several_organisations),
    Feature("several_organisations_change", several_organisations_change),
    Feature("company_share", company_share),
    Feature("company_change", company_change),
    Feature("two_kinds", two_kinds),
    Feature("organisation_newcomers_change", newcomer_change(organisations)),
    Feature("people_newcomers_change", newcomer_change(people)),
    Feature("organisation_growth", number_growth(organisations)),
    Feature("people_growth", number_growth(people)),
    Feature("leader_change", leader_change),
    Feature("concentration_change", likeness_change(organisations)),
    Feature("country_spread_change", likeness_change(countries, sign=-1.0)),
    Feature("organisations_from_elsewhere", from_elsewhere(organisations)),
    Feature("people_from_elsewhere", from_elsewhere(people)),
)
