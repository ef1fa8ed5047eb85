"""Features from where a unit's papers appear; missing without venues."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    Floats,
    change,
    likeness,
    momentum,
    new_to_unit,
    recent_years,
    unit_mean,
    years_before,
)


def _in_journal(snapshot: Snapshot) -> Floats:
    """Whether each document appeared in a journal (1) or at a conference (0); NaN if not known."""
    forms = snapshot.records.venues.dropna(subset=["form"]).drop_duplicates("doc_id")
    form = forms.set_index("doc_id")["form"].reindex(snapshot.records.documents.index)
    known = form.notna().to_numpy()
    return np.where(known, (form == "journal").to_numpy(dtype=bool, na_value=False), np.nan)


def journal_share(snapshot: Snapshot) -> pd.Series:
    """Share of journal articles among articles and conference papers of T-2 … T."""
    return unit_mean(snapshot, _in_journal(snapshot), recent_years(snapshot))


def journal_change(snapshot: Snapshot) -> pd.Series:
    """Change of the share of journal articles, T-5 … T-3 to T-2 … T: a field that settles."""
    return change(snapshot, _in_journal(snapshot))


def venue_spread(snapshot: Snapshot) -> pd.Series:
    """Chance that two papers of T-2 … T appeared at different venues (`usage.likeness`)."""
    return 1.0 - likeness(snapshot, snapshot.venues, recent_years(snapshot))


def venue_spread_change(snapshot: Snapshot) -> pd.Series:
    """Change of the spread of venues, T-5 … T-3 to T-2 … T."""
    before = 1.0 - likeness(snapshot, snapshot.venues, years_before(snapshot))
    return venue_spread(snapshot) - before


def new_venues(snapshot: Snapshot) -> pd.Series:
    """Share of papers of T-2 … T at venues that are new to the unit (`usage.new_to_unit`)."""
    return new_to_unit(snapshot, snapshot.venues)


def venue_momentum(snapshot: Snapshot) -> pd.Series:
    """Growth, among all other papers, of the venues of a unit's recent papers (`momentum`)."""
    return momentum(snapshot, snapshot.venues)


FEATURES = (
    Feature("journal_share", journal_share),
    Feature("journal_change", journal_change),
    Feature("venue_spread", venue_spread),
    Feature("venue_spread_change", venue_spread_change),
    Feature("new_venues", new_venues),
    Feature("venue_momentum", venue_momentum),
)
