"""Features from when a unit's documents appeared and who made them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from foresight.emergence.drift import DIRECTIONS
from foresight.emergence.outcomes import share_change
from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.indicators.burst import bursts
from foresight.indicators.concentration import herfindahl, organisation_parts
from foresight.indicators.recent_share import recent_share

RECENT = 3  # years: T-2 to T
MIN_NAMED = 10  # documents with an organisation, for the concentration of a unit


def of_score(name: str) -> Callable[[Snapshot], pd.Series]:
    """A feature as the published score has it (`foresight.emergence.features`)."""

    def compute(snapshot: Snapshot) -> pd.Series:
        return snapshot.scored[name]

    return compute


def recent(snapshot: Snapshot) -> pd.Series:
    """Share of a unit's documents in T-2 … T, drawn towards what is usual (`recent_share`)."""
    found = recent_share(snapshot.topic_years, last_year=snapshot.last_year)
    return found["recent_share"].reindex(snapshot.units)


def burst(snapshot: Snapshot) -> pd.Series:
    """Weight of the burst that lasts at T, 0 without one (`foresight.indicators.burst`)."""
    found = bursts(snapshot.topic_years, last_year=snapshot.last_year)
    lasting = found[found["ongoing"]].set_index("topic_id")["weight"]
    return lasting.reindex(snapshot.units, fill_value=0.0)


def size(snapshot: Snapshot) -> pd.Series:
    """Documents in T-2 … T."""
    return snapshot.counts(snapshot.last_year - RECENT + 1, snapshot.last_year)


def last_growth(snapshot: Snapshot) -> pd.Series:
    """What the outcome would have been three years ago: change of the log share to T-2 … T."""
    last, totals = snapshot.last_year, snapshot.totals
    return share_change(
        before=snapshot.counts(last - 2 * RECENT + 1, last - RECENT),
        after=snapshot.counts(last - RECENT + 1, last),
        known=snapshot.counts(int(totals.index[0]), last - RECENT),
        total_before=float(totals.loc[last - 2 * RECENT + 1 : last - RECENT].sum()),
        total_after=float(totals.loc[last - RECENT + 1 : last].sum()),
        total_known=float(totals.loc[: last - RECENT].sum()),
    )


def spread(snapshot: Snapshot) -> pd.Series:
    """One minus Herfindahl's index of organisations, corrected, over the window."""
    rows = snapshot.recent(snapshot.settings.window)
    named = rows.merge(snapshot.records.organisations, on="doc_id")
    found = {}
    for unit, part in named.groupby("unit_id"):
        parts, _ = organisation_parts(part)
        if parts.shape[0] >= MIN_NAMED:
            found[unit] = 1.0 - float(herfindahl(np.ones((1, parts.shape[0])), parts)[0])
    return pd.Series(found, dtype=float).reindex(snapshot.units)


FEATURES = (
    Feature("growth", of_score("growth"), "growth"),
    Feature("newness", of_score("newness"), "growth"),
    Feature("vitality", of_score("vitality"), "vitality"),
    Feature("modernity", of_score("modernity"), "vitality"),
    Feature("novelty", of_score("novelty"), "novelty"),
    Feature("newcomers", of_score("newcomers"), "community"),
    Feature("effective_organisations", of_score("effective_organisations"), "community"),
    Feature("countries", of_score("countries"), "community"),
    Feature("new_people", of_score("new_people"), "community"),
    *(Feature(name, of_score(name)) for name in DIRECTIONS if name not in ("newness", "modernity")),
    Feature("spread", spread),
    Feature("recent_share", recent),
    Feature("burst", burst),
    Feature("size", size),
    Feature("last_growth", last_growth),
)
