"""Niche tracks of cities: near to what a city has, and not yet its own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from foresight.errors import TableError
from foresight.indicators.aggregate import check_columns
from foresight.navigation.city_plan import ROLES
from foresight.navigation.regions import TechnologySpace

SILENT = 1.0  # documents per unit: with fewer a city shows none of its average unit
THIN = 4.0  # documents per unit: with fewer one document more or less turns a speciality
P_NEAR = 0.8  # four to one that the unit is nearer than the city's average unit
COLUMNS = [
    "region", "unit_id", "rank", "state", "evidence", "near", "complex", "listed", "started",
    "below", "density", "density_lo", "density_hi", "density_mean", "p_near", "pci", "role",
    "match", "n_docs", "n_region", "n_unit", "n_reference", "rta", "rta_lo", "rta_hi", "reason",
    "doc_ids", "support_ids",
]  # fmt: skip


def niches(
    table: pd.DataFrame,
    *,
    density: pd.DataFrame,
    space: TechnologySpace,
    roles: pd.DataFrame,
    cities: Iterable[str],
    silent: float = SILENT,
    thin: float = THIN,
    p_near: float = P_NEAR,
) -> pd.DataFrame:
    """Rank, for each city, the units that it is not specialised in but near to.

    Units with RTA below 1, ranked by relatedness density, then complexity, then the plan's list.
    A unit is `recommended` where it is near (probability at least `p_near` that its density
    exceeds the city's mean over all units) and complex (pci above 0) or listed by the plan for
    the city; `undecided` where only the nearness is unsure; otherwise `passed_over`. The rule is
    ours.

    Parameters
    ----------
    table : DataFrame, of `foresight.navigation.regions.region_track`
    density : DataFrame, of `foresight.navigation.regions.region_density`
    space : TechnologySpace
    roles : DataFrame, of `foresight.navigation.city_plan.plan_roles`
    cities : iterable of str
        Each has rows, with documents or without.
    silent : float, default 1, documents of the city per unit of the table
        A city with fewer gets one row with the state `silent` and no unit: 24 documents for 24
        tracks.
    thin : float, default 4, documents per unit
        Evidence of a city with fewer is called `thin`.
    p_near : float, default 0.8

    Returns
    -------
    DataFrame, in the order of `cities`, then by rank
        region, unit_id, rank, state, evidence (`thin`, `enough`, `none`), near, complex, listed
        (role in the plan), started (has documents), below (RTA interval below 1: the city's
        absence is no accident of the sample): the reasons, boolean; density with interval
        and mean, p_near, pci, role, match, n_docs (of the city in the unit), n_region (of the
        city), n_unit (of the unit in all regions), n_reference (regions behind phi), rta with
        interval, reason (null where recommended, else `few_documents`, `nearness_unsure`,
        `not_near`, `neither_complex_nor_listed`, `near_to_no_other`), doc_ids (of the city in the
        unit), support_ids (of the city in the near units that it has).

    Raises
    ------
    TableError
        If a column is missing, or `density` a city with enough documents.

    Notes
    -----
    Near is judged from the city's own documents: a city with few is near to what little it shows.
    A niche is a direction to look into, not a forecast.

    References
    ----------
    Balland, Boschma, Crespo & Rigby (2019), doi:10.1080/00343404.2018.1437900 (nearness as the
    cost, complexity as the benefit of a new speciality).
    """
    check_columns(table, ("region", "unit_id", "n_docs", "n_region", "rta", "rta_hi"), "table")
    check_columns(density, ("region", "unit_id", "density", "p_near", "present"), "density")
    check_columns(roles, ("region", "unit_id", "role", "match"), "roles")
    sizes = table.groupby("region")["n_region"].first()
    spread = ["region", "unit_id", "density", "density_lo", "density_hi", "density_mean", "p_near"]
    frame = table.merge(density[[*spread, "present", "support_ids"]], on=["region", "unit_id"])
    frame = frame.merge(roles, on=["region", "unit_id"], how="left")
    frame["pci"] = frame["unit_id"].map(space.units["pci"])
    frame["n_unit"] = frame["unit_id"].map(space.units["n_docs"])
    frame["n_reference"] = len(space.regions)
    frame = frame[~frame["present"].astype(bool)]
    n_units = table["unit_id"].nunique()
    parts = []
    for city in cities:
        size = int(sizes.get(city, 0))
        if size < silent * n_units:
            parts.append(_silent_row(city, size))
            continue
        if city not in set(density["region"]):
            msg = f"`density` lacks {city}, which has {size} documents. Name it in `of`."
            raise TableError(msg)
        own = _judged(frame[frame["region"] == city], p_near=p_near)
        parts.append(own.assign(evidence="thin" if size < thin * n_units else "enough"))
    whole = ["rank", "n_docs", "n_region", "n_unit", "n_reference"]
    flags = ["near", "complex", "listed", "started", "below"]
    texts = ["unit_id", "role", "match", "reason", "doc_ids", "support_ids"]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    types: dict[str, str] = dict.fromkeys(whole, "Int64") | dict.fromkeys(flags, "boolean")
    types |= dict.fromkeys(texts, "str")
    rows = [row for part in parts for row in part.reindex(columns=COLUMNS).to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _silent_row(city: str, size: int) -> pd.DataFrame:
    row = {"region": city, "state": "silent", "evidence": "none", "n_region": size}
    return pd.DataFrame([{**row, "reason": "few_documents", "doc_ids": "", "support_ids": ""}])


def _judged(rows: pd.DataFrame, *, p_near: float) -> pd.DataFrame:
    """The units of one city in order, with state and reasons."""
    importance = rows["role"].map({role: place for place, role in enumerate(ROLES)})
    rows = rows.assign(importance=importance.fillna(len(ROLES)))
    by = ["density", "pci", "importance", "unit_id"]
    rows = rows.sort_values(by, ascending=[False, False, True, True], na_position="last")
    rows = rows.assign(
        rank=np.arange(1, len(rows) + 1),
        near=rows["p_near"] >= p_near,
        complex=rows["pci"] > 0,
        listed=rows["role"].notna(),
        started=rows["n_docs"] > 0,
        below=rows["rta_hi"] < 1,
    )
    worth = rows["complex"] | rows["listed"]
    leaning = rows["density"] > rows["density_mean"]
    states = pd.DataFrame({"state": "passed_over", "reason": "not_near"}, index=rows.index)
    states.loc[leaning, :] = ["undecided", "nearness_unsure"]
    states.loc[rows["near"], :] = ["recommended", None]
    states.loc[~worth & leaning, :] = ["passed_over", "neither_complex_nor_listed"]
    states.loc[rows["density"].isna(), :] = ["passed_over", "near_to_no_other"]
    return rows.assign(state=states["state"], reason=states["reason"])
