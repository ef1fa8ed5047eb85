"""Features from the direction in which the meaning of a corpus moves (`Drift`)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from foresight.emergence.drift import Floats
from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import RECENT, Snapshot


def newness(new: int, old: int) -> Callable[[Snapshot], pd.Series]:
    """How far a unit's documents of T-2 … T lie towards the last `new` years of the corpus.

    Against the `old` years before them: mean of Fisher's discriminant (`Drift.between`).
    """
    return lambda snapshot: _along(snapshot, snapshot.drift.between(new=new, old=old))


def modernity(years: int) -> Callable[[Snapshot], pd.Series]:
    """Year that the meaning of a unit's documents of T-2 … T points to (`Drift.trend`)."""
    return lambda snapshot: _along(snapshot, snapshot.drift.trend(years=years))


def _along(snapshot: Snapshot, direction: Floats | None) -> pd.Series:
    if direction is None:
        return snapshot.missing()
    rows = snapshot.recent(RECENT)
    places = snapshot.records.documents.index.get_indexer(pd.Index(rows["doc_id"]))
    values = snapshot.records.vectors[places] @ direction
    return snapshot.mean(pd.Series(values, index=rows["doc_id"]), rows)


FEATURES = (
    Feature("newness_2", newness(2, 3)),
    Feature("newness_3", newness(3, 3)),
    Feature("newness_5", newness(5, 5)),
    Feature("newness_10", newness(10, 30)),
    Feature("modernity_5", modernity(5)),
    Feature("modernity_40", modernity(40)),
)
