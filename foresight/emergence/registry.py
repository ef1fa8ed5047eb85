"""The features that units are ranked by: named functions of one `Snapshot`.

A feature is added by writing a function of a snapshot that gives one value per unit (NaN where
it is missing, high where emergence is expected) and naming it in the tuple `FEATURES` of its
module. The property test of the backtest runs over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from foresight.emergence.features import FEATURES as SCORED
from foresight.emergence.methods import BASELINES
from foresight.emergence.snapshot import Snapshot
from foresight.errors import SettingsError, TableError

COMPONENTS = ("growth", "vitality", "novelty", "community", "impact", "pace", "coherence")


@dataclass(frozen=True)
class Feature:
    """One feature.

    Attributes
    ----------
    name : str
    compute : callable
        Takes a snapshot, gives a Series indexed by `snapshot.units`, NaN where missing. High
        must mean what the composite takes for emergence.
    component : str, optional
        The one of `COMPONENTS` that it belongs to; without one only the learned score sees it.
    """

    name: str
    compute: Callable[[Snapshot], pd.Series]
    component: str | None = None


def all_features() -> tuple[Feature, ...]:
    """Every registered feature, in a fixed order.

    Raises
    ------
    SettingsError
        If two have one name, or a component is unknown.
    """
    from foresight.emergence import (
        attention_features,
        citation_features,
        class_features,
        community_features,
        neighbour_features,
        shape_features,
        text_features,
        trend_features,
        venue_features,
    )

    modules = (
        trend_features, citation_features, shape_features, neighbour_features,
        text_features, community_features, class_features, attention_features, venue_features,
    )  # fmt: skip
    found = tuple(one for module in modules for one in module.FEATURES)
    names = [one.name for one in found]
    wrong = [one.component for one in found if one.component not in (None, *COMPONENTS)]
    if len(set(names)) < len(names) or wrong:
        msg = f"Features share a name, or have unknown components {wrong}; names: {names}."
        raise SettingsError(msg)
    return found


def plain_features() -> tuple[Feature, ...]:
    """Those that the methods need which learn nothing from the corpus itself."""
    needed = {*SCORED, *BASELINES}
    return tuple(one for one in all_features() if one.component or one.name in needed)


def feature_table(snapshot: Snapshot, *, features: Sequence[Feature] | None = None) -> pd.DataFrame:
    """Compute features of all units of a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
    features : sequence of Feature, optional
        Default: `all_features`.

    Returns
    -------
    DataFrame indexed by unit_id, one column per feature, NaN where missing.

    Raises
    ------
    TableError
        If a feature does not give one value per unit.
    """
    columns = {}
    for one in all_features() if features is None else features:
        values = one.compute(snapshot)
        if not values.index.equals(snapshot.units):
            msg = (
                f"Feature `{one.name}` gave {len(values)} values for {len(snapshot.units)} units, "
                "or in another order. Give one value per unit, in the order of `units`."
            )
            raise TableError(msg)
        columns[one.name] = values.astype(float)
    return pd.DataFrame(columns, index=snapshot.units)
