"""Who is present in a region: organisations and people by the places of their documents."""

from __future__ import annotations

import pandas as pd

from foresight.errors import SettingsError
from foresight.indicators.aggregate import check_columns

LEAST_KNOWN = 3  # documents of known place, to say that a holder is not present
SEATED = 0.5  # share of a holder's documents of known place from which the region is its seat


def inside_region(
    places: pd.DataFrame, *, home: str, province: str, city: str | None = None
) -> pd.Series:
    """Tell for each row of places whether it lies in a province, or in one of its cities.

    Parameters
    ----------
    places : DataFrame
        country, region, city (of the province; null elsewhere or where it cannot be told).
    home, province : str
    city : str, optional
        Ask about this city; about the whole province when absent.

    Returns
    -------
    Series of boolean, same index
        Null where the row names no country, or the home country and no more; for a city also
        where it names the province and no city.

    Raises
    ------
    TableError
        If a column is missing.
    SettingsError
        If `home` or `province` is empty.
    """
    check_columns(places, ("country", "region", "city"), "places")
    if not home or not province:
        msg = f"Name the country and province; got {home!r}, {province!r}."
        raise SettingsError(msg)
    at_home = (places["country"] == home).fillna(value=False)
    told = places["region"].notna() | places["city"].notna()
    within = at_home & ((places["region"] == province).fillna(value=False) | places["city"].notna())
    unknown = places["country"].isna() | (at_home & ~told)
    if city is None:
        found = within
    else:
        found = within & (places["city"] == city).fillna(value=False)
        unknown |= within & places["city"].isna()
    return found.astype("boolean").mask(unknown & ~found)


def presence(held: pd.DataFrame, *, least: int = LEAST_KNOWN) -> pd.DataFrame:
    """Tell which holders are present in a region, and which are not. The rule is ours.

    Local: at least half of the holder's documents of known place are in the region. Not local: at
    least `least` documents of known place, none of them in the region. Otherwise, as for a
    company from elsewhere with a laboratory in the region, it is neither.

    Parameters
    ----------
    held : DataFrame
        holder, doc_id, inside (boolean; null where the place is not known): of an organisation
        the places of its documents, of a person those of the person on them.
    least : int, default 3, documents

    Returns
    -------
    DataFrame indexed and sorted by holder
        local (boolean; null for neither and where not known), n_known, n_inside (documents).

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Presence is read from addresses on documents: a holder may be in the region without any.
    """
    check_columns(held, ("holder", "doc_id", "inside"), "held")
    inside = held["inside"].astype("boolean")
    sets = {
        "n_known": held[inside.notna()],
        "n_inside": held[inside.fillna(value=False).astype(bool)],
    }
    index = pd.Index(sorted(held["holder"].dropna().unique()), name="holder")
    frame = pd.DataFrame(
        {name: rows.groupby("holder")["doc_id"].nunique().reindex(index).fillna(0).astype(int)
         for name, rows in sets.items()},
        index=index,
    )  # fmt: skip
    here = (frame["n_inside"] > 0) & (frame["n_inside"] >= SEATED * frame["n_known"])
    away = (frame["n_inside"] == 0) & (frame["n_known"] >= least)
    frame.insert(0, "local", here.astype("boolean").where(here | away))
    return frame
