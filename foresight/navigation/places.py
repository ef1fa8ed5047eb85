"""Where documents come from: regions to count by, and the four levels of navigation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from foresight.errors import SettingsError, TableError
from foresight.indicators.aggregate import check_columns

PLACES = ("doc_id", "country", "region", "city", "stated")
LEVELS = ("world", "country", "province", "city")
MIN_STATED = 0.5  # share of addresses at home that must name a region or city


def document_places(
    parties: pd.DataFrame, *, cities: pd.Series, home: str, roles: Iterable[str] | None = None
) -> pd.DataFrame:
    """List the places that each document names.

    Parameters
    ----------
    parties : DataFrame, table `PARTIES`
        doc_id, role, country, region, city are read.
    cities : Series, index as `parties`
        City below the one province asked about, null elsewhere or where it cannot be told: the
        result of `foresight.corpus.normalise.prefectures`, never the column `city` as it is, of
        which every value would count as a city of the province.
    home : str
        ISO code of the country whose provinces are asked about.
    roles : iterable of str, optional
        Rows of which roles tell a place, e.g. `["applicant"]`; all when absent.

    Returns
    -------
    DataFrame, distinct, sorted by doc_id
        doc_id, country, region (as in `parties`), city (of `cities`), stated (bool: abroad, or
        with a region or city of any kind). Rows without a country tell no place and are left out.

    Raises
    ------
    TableError
        If a column is missing, or cities lie in several provinces of the home country.

    Notes
    -----
    A document is placed by those of its parties that state a place: where most do not, a document
    may involve more regions than are seen.
    """
    check_columns(parties, ("doc_id", "role", "country", "region", "city"), "parties")
    known = parties["country"].notna()
    if roles is not None:
        known &= parties["role"].isin(list(roles))
    rows = parties[known]
    _check_cities(rows, cities.loc[rows.index], home=home)
    told = (rows["country"] != home) | rows["region"].notna() | rows["city"].notna()
    frame = rows[["doc_id", "country", "region"]].assign(
        city=cities.loc[rows.index].astype("str"), stated=told.astype(bool)
    )
    return frame.drop_duplicates().sort_values(list(PLACES)).reset_index(drop=True)


def _check_cities(rows: pd.DataFrame, cities: pd.Series, *, home: str) -> None:
    """Refuse cities as they are written: those of other provinces would be taken for the own."""
    named = rows.loc[(rows["country"] == home) & cities.notna(), "region"].dropna()
    provinces = sorted(named.unique())
    if len(provinces) > 1:
        msg = (
            f"`cities` names cities of {len(provinces)} provinces ({', '.join(provinces[:3])}). "
            "Give those of one province and null elsewhere, for Zhejiang "
            "`foresight.corpus.normalise.prefectures(parties)`."
        )
        raise TableError(msg)


def counting_regions(
    places: pd.DataFrame, *, home: str, province: str, split: Iterable[str] = ("US",)
) -> pd.DataFrame:
    """Give each document the finest regions by which the world can be counted.

    A place is counted by the city where one is told, else by the province, else by the state or
    province as `US-CA` where its country is split, else by the country.

    Parameters
    ----------
    places : DataFrame, of `document_places`
    home, province : str
        Country and province whose cities are told apart.
    split : iterable of str, default ("US",)
        Countries that are counted by state, beside the home country.

    Returns
    -------
    DataFrame, distinct, sorted by doc_id and region
        doc_id, region (name), kind: `city`, `province`, `state` or `country`. A country that is
        split keeps its own name for what states no region.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Countries and states of the United States stand side by side as regions of the world: they
    differ in size and law. The choice is ours; it is made so that relatedness rests on regions
    with enough documents.
    """
    check_columns(places, PLACES, "places")
    at_home = places["country"] == home
    inside = at_home & (places["region"] == province).fillna(False)
    in_city = at_home & places["city"].notna()
    fine = places["country"].isin([*split, home]) & places["region"].notna() & ~inside
    region, kind = places["country"].copy(), pd.Series("country", index=places.index)
    choices = (
        (fine, places["country"] + "-" + places["region"], "state"),
        (inside, places["region"], "province"),
        (in_city, places["city"], "city"),
    )
    for chosen, name, label in choices:
        region, kind = region.mask(chosen, name), kind.mask(chosen, label)
    frame = pd.DataFrame({"doc_id": places["doc_id"], "region": region, "kind": kind})
    return frame.drop_duplicates().sort_values(["doc_id", "region"]).reset_index(drop=True)


def level_documents(
    doc_ids: Iterable[str],
    *,
    places: pd.DataFrame,
    home: str,
    province: str,
    city: str | None = None,
) -> pd.DataFrame:
    """Tell for each document whether it involves the country, the province and the city.

    Parameters
    ----------
    doc_ids : iterable of str
        Documents asked about.
    places : DataFrame, of `document_places`, of the whole corpus
    home, province : str
    city : str, optional
        As in `places`; without it there is no level `city`.

    Returns
    -------
    DataFrame, one row per level and document, in the order of `LEVELS`, sorted by doc_id
        level, region (`world`, or the name given), doc_id, inside (boolean; null where it is not
        known). Every document lies inside the world. A document without a place is unknown below;
        so is, in the province, one placed at home by the country alone, and in the city one
        placed in the province alone. Where fewer than half of the corpus's addresses at home state
        a region or city, province and city are unknown for all: what is left would tell of
        foreign documents alone.

    Raises
    ------
    TableError
        If a column is missing.
    SettingsError
        If `home`, `province` or `city` is empty.
    """
    check_columns(places, PLACES, "places")
    if not home or not province or city == "":
        msg = f"Name the country and province; got {home!r}, {province!r}, city {city!r}."
        raise SettingsError(msg)
    ids = pd.Index(sorted(set(doc_ids)), name="doc_id")
    at_home = places["country"] == home
    in_province = at_home & ((places["region"] == province).fillna(False) | places["city"].notna())
    enough = not at_home.any() or places.loc[at_home, "stated"].mean() >= MIN_STATED
    tests = {"country": (home, at_home, pd.Series(False, index=places.index))}
    silent = ~places["stated"]
    tests["province"] = (province, in_province, silent)
    if city is not None:
        here = in_province & (places["city"] == city).fillna(False)
        tests["city"] = (city, here, silent | (in_province & places["city"].isna()))
    everywhere = pd.Series(True, index=ids, dtype="boolean")
    parts = [_level("world", "world", everywhere)]
    for level, (region, yes, unknown) in tests.items():
        usable = level == "country" or enough
        parts.append(_level(level, region, _inside(places, ids, yes, unknown, usable=usable)))
    return pd.concat(parts, ignore_index=True)


def _inside(
    places: pd.DataFrame, ids: pd.Index, yes: pd.Series, unknown: pd.Series, *, usable: bool
) -> pd.Series:
    """True where any place says yes, null where none does and one may, else False."""
    found = pd.Series(pd.NA, index=ids, dtype="boolean")
    if not usable:
        return found
    placed, silent, hit = (set(places.loc[rows, "doc_id"]) for rows in (yes | ~yes, unknown, yes))
    found[ids.isin(list(placed - silent))] = False
    found[ids.isin(list(hit))] = True
    return found


def _level(level: str, region: str, inside: pd.Series) -> pd.DataFrame:
    frame = inside.rename("inside").reset_index()
    frame.insert(0, "level", level)
    frame.insert(1, "region", region)
    return frame
