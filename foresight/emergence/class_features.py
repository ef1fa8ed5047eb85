"""Features from the classes of a unit's documents; for papers keywords and topics stand for them.

The tables of a snapshot say which classes a document has, not which comes first, so all count in
equal parts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from foresight.emergence.outcomes import least_rise
from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    RECENT,
    Floats,
    by_unit,
    carrying,
    first_years,
    item_mean,
    likeness,
    momentum,
    new_to_unit,
    outside_growth,
    parts,
    recent_years,
    stated,
    unit_mean,
    years_before,
)

FRESH = 5  # years for which a class counts as fresh after its first use in the corpus
MIN_TRUE = 5  # documents of T-2 … T, of all other units, from which a class can be called rising


def _first_pair_shares(snapshot: Snapshot) -> Floats:
    documents = snapshot.records.documents
    pairs = documents["n_pairs"].to_numpy(dtype=float)
    first = documents["n_first_pairs"].to_numpy(dtype=float)
    share = np.full(len(pairs), np.nan)
    np.divide(first, pairs, out=share, where=np.nan_to_num(pairs) > 0)
    return share


def first_pair_part(snapshot: Snapshot) -> pd.Series:
    """Mean share of a document's pairs of classes that no earlier document has; T-2 … T.

    Fleming (2001), doi:10.1287/mnsc.47.1.117.10671; Verhoeven, Bakker & Veugelers (2016),
    doi:10.1016/j.respol.2015.11.010.
    """
    return unit_mean(snapshot, _first_pair_shares(snapshot), recent_years(snapshot))


def first_pair_change(snapshot: Snapshot) -> pd.Series:
    """Change of the mean share of first pairs, T-5 … T-3 to T-2 … T."""
    before = unit_mean(snapshot, _first_pair_shares(snapshot), years_before(snapshot))
    return first_pair_part(snapshot) - before


def class_spread(snapshot: Snapshot) -> pd.Series:
    """One minus the likeness of the classes of two documents of T-2 … T.

    The chance that classes drawn from two documents differ (Simpson 1949, doi:10.1038/163688a0).
    Shannon's entropy grows with the number of documents by chance; this does not.
    """
    return 1.0 - likeness(snapshot, snapshot.classes, recent_years(snapshot))


def class_spread_change(snapshot: Snapshot) -> pd.Series:
    """Change of the spread of classes, T-5 … T-3 to T-2 … T."""
    return class_spread(snapshot) - (
        1.0 - likeness(snapshot, snapshot.classes, years_before(snapshot))
    )


def new_classes(snapshot: Snapshot) -> pd.Series:
    """Mean over documents of T-2 … T of the share of classes that are new to the unit.

    See `foresight.emergence.usage.new_to_unit`.
    """
    return new_to_unit(snapshot, snapshot.classes)


def class_momentum(snapshot: Snapshot) -> pd.Series:
    """Growth, among all other documents, of the classes of a unit's recent documents.

    See `foresight.emergence.usage.momentum`. What grows around a unit may pull it along. That
    fields grow where related ones are: Hidalgo et al. (2007), doi:10.1126/science.1144581.
    """
    return momentum(snapshot, snapshot.classes)


def rising_classes(snapshot: Snapshot) -> pd.Series:
    """Share of the classes of T-2 … T that rise among all other documents by 8 % a year or more.

    Classes of fewer than five other documents of T-2 … T count as not rising.
    """
    carried, late = snapshot.classes, recent_years(snapshot)
    growth = outside_growth(snapshot, carried)
    own = sparse.csr_array(snapshot.membership(*late) @ carried)
    own.sort_indices()
    all_late = np.asarray(
        ((snapshot.years >= late[0]) & (snapshot.years <= late[1])).astype(float) @ carried
    )
    others = all_late[own.indices] - own.data
    rising = (growth.data >= least_rise(RECENT)) & (others >= MIN_TRUE)
    marks = sparse.csr_array((rising.astype(float), growth.indices, growth.indptr), growth.shape)
    used = sparse.csr_array(snapshot.membership(*late) @ parts(carried))
    total = used.sum(axis=1)
    share = marks.multiply(used).sum(axis=1) / np.where(total > 0, total, 1.0)
    return by_unit(snapshot, share, stated(snapshot, carrying(carried), late))


def fresh_classes(snapshot: Snapshot) -> pd.Series:
    """Mean share of a document's classes that the corpus has used for at most five years; T-2 … T.

    For patents mostly new main groups, for papers new keywords. Classes given in hindsight (a
    later edition of the scheme) are not new when they appear here.
    """
    carried = snapshot.classes
    if len(snapshot.totals) < 2 * FRESH or not carried.shape[1]:
        return snapshot.missing()
    fresh = first_years(snapshot, carried) > snapshot.last_year - FRESH
    return item_mean(snapshot, carried, fresh.astype(float), recent_years(snapshot))


FEATURES = (
    Feature("first_pair_part", first_pair_part),
    Feature("first_pair_change", first_pair_change),
    Feature("class_spread", class_spread),
    Feature("class_spread_change", class_spread_change),
    Feature("new_classes", new_classes),
    Feature("class_momentum", class_momentum),
    Feature("rising_classes", rising_classes),
    Feature("fresh_classes", fresh_classes),
)
