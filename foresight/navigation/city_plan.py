"""The plan's lists of key and active fields beside what each city has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from foresight.indicators.aggregate import check_columns
from foresight.indicators.specialisation import specialisation
from foresight.provenance import join_ids

ROLES = ("key", "active")  # of the plan's lists, the stronger first
MIN_VERDICT = 20  # documents of a city: with fewer its lists cannot be judged


def plan_roles(fields: pd.DataFrame, *, units: Iterable[str]) -> pd.DataFrame:
    """Tell which units the plan gives to which city.

    A track is listed by any phrase of its own or of a sub-direction; a sub-direction by a phrase
    that names it, or that means its whole track.

    Parameters
    ----------
    fields : DataFrame
        city_zh, level (`key` or `active`), phrase, track, sub_direction (null: the whole track),
        match; of `foresight.tracks.Registry.city_fields`.
    units : iterable of str
        Tracks (`quantum`) or sub-directions (`quantum/…`).

    Returns
    -------
    DataFrame, one row per city and listed unit, sorted
        region (city_zh), unit_id, role (`key` where any phrase is key), phrase and match
        (";"-joined).

    Raises
    ------
    TableError
        If a column is missing.
    """
    names = ("city_zh", "level", "phrase", "track", "sub_direction", "match")
    check_columns(fields, names, "fields")
    rows = []
    for unit in sorted(set(units)):
        whole = unit.partition("/")[0]
        hits = fields["track"] == whole
        if whole != unit:
            hits &= fields["sub_direction"].isna() | (fields["sub_direction"] == unit)
        found = fields[hits]
        for city, lines in found.groupby("city_zh", sort=True):
            role = next(role for role in ROLES if role in set(lines["level"]))
            texts = [";".join(dict.fromkeys(lines[name])) for name in ("phrase", "match")]
            rows.append((city, unit, role, *texts))
    frame = pd.DataFrame(rows, columns=["region", "unit_id", "role", "phrase", "match"])
    return frame.astype("str").sort_values(["region", "unit_id"]).reset_index(drop=True)


def plan_agreement(
    members: pd.DataFrame,
    regions: pd.DataFrame,
    *,
    roles: pd.DataFrame,
    cities: Iterable[str],
    silent: int = MIN_VERDICT,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate how far each city's documents lie in the units that the plan lists for it.

    RTA of all listed units taken as one: the city's share of documents in them, divided by that
    share among all regions, shrunk, with interval. The measure is ours.

    Parameters
    ----------
    members, regions : as of `foresight.navigation.regions.region_counts`; counted whole
    roles : DataFrame, of `plan_roles`, for the same units
    cities : iterable of str
        Each gets three rows, with documents or without.
    silent : int, default 20
        Cities with fewer documents get no verdict.
    level : float, default 0.95

    Returns
    -------
    DataFrame, one row per city and list (`key`, `active`, `both`), in the order of `cities`
        region, role, n_units (listed), n_docs (documents in listed units), n_region (in any),
        n_expected, rta, rta_shrunk, rta_lo, rta_hi, verdict (`agrees`: interval above 1,
        `differs`: below 1, `undecided`), reason (`few_documents`, `nothing_listed`,
        `no_document_anywhere`, `interval_holds_one`; null where decided), doc_ids.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    A plan says where a city means to go, patents where it was: to differ is no failure.
    """
    check_columns(roles, ("region", "unit_id", "role"), "roles")
    rows = []
    for city in cities:
        for role in (*ROLES, "both"):
            wanted = roles[(roles["region"] == city) & roles["role"].isin([role, *_both(role)])]
            row = _agreement(members, regions, city, set(wanted["unit_id"]), level=level)
            verdict, reason = _verdict(row, silent=silent)
            rows.append({"region": city, "role": role, **row, "verdict": verdict, "reason": reason})
    names = [
        "region", "role", "n_units", "n_docs", "n_region", "n_expected", "rta", "rta_shrunk",
        "rta_lo", "rta_hi", "verdict", "reason", "doc_ids",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _both(role: str) -> tuple[str, ...]:
    return ROLES if role == "both" else ()


def _verdict(row: dict[str, Any], *, silent: int) -> tuple[str, str | None]:
    if not row["n_units"]:
        return "undecided", "nothing_listed"
    if row["n_region"] < silent:
        return "undecided", "few_documents"
    if "rta" not in row:
        return "undecided", "no_document_anywhere"
    if row["rta_lo"] > 1:
        return "agrees", None
    return ("differs", None) if row["rta_hi"] < 1 else ("undecided", "interval_holds_one")


def _agreement(
    members: pd.DataFrame, regions: pd.DataFrame, city: str, listed: set[str], *, level: float
) -> dict[str, Any]:
    """Documents of a city inside and outside the listed units, against all regions."""
    inside = set(members.loc[members["unit_id"].isin(listed), "doc_id"])
    pairs = regions.loc[regions["doc_id"].isin(set(members["doc_id"])), ["doc_id", "region"]]
    pairs = pairs.drop_duplicates()
    pairs = pairs.assign(listed=pairs["doc_id"].isin(inside))
    own = pairs[pairs["region"] == city]
    row: dict[str, Any] = {
        "n_units": len(listed),
        "n_docs": int(own["listed"].sum()),
        "n_region": len(own),
        "doc_ids": join_ids(own.loc[own["listed"], "doc_id"]),
    }
    if own.empty or not inside:
        return row
    sizes = pairs.groupby("region")["listed"].agg(["sum", "size"])
    table = pd.DataFrame({"listed": sizes["sum"], "other": sizes["size"] - sizes["sum"]})
    found = specialisation(table.astype(float), level=level)
    cell = found[(found["region"] == city) & (found["technology"] == "listed")]
    names = ["n_expected", "rta", "rta_shrunk", "rta_lo", "rta_hi"]
    return row | {name: cell[name].iloc[0] for name in names}
