"""Teams by co-work, and the people of a unit worth knowing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from foresight.corpus.normalise import HOME, PROVINCE
from foresight.intervals import wilson
from foresight.navigation.co_work import betweenness, co_work, groups_joined
from foresight.navigation.organisations import document_organisations
from foresight.navigation.people import person_table
from foresight.navigation.person_mentions import with_all_columns
from foresight.provenance import join_ids
from foresight.tables import PARTIES, check

RECENT = 3  # complete years that count as recent
TOGETHER = 2  # documents that two people share before they count as a team: once may be chance
LEAST_DOCS = 3  # of a person on a shortlist
LEAST_PROLIFIC = 5
LEAST_RECENT = 3  # recent documents of one that is called rising
LEAST_PLACED = 2  # documents with a place on either side of a move
SURE = 0.9  # confidence; on held-out labels, what was stated as 0.87 proved to be 0.74
LEADERS = 3
TOP = 10
LISTS = ("prolific", "rising", "bridging", "moved_abroad", "moved_home")
TEAM_COLUMNS = [
    "unit_id", "team_id", "leaders", "n_people", "n_docs", "n_recent", "first_year", "last_year",
    "n_links", "organisations", "countries", "regions", "confidence", "person_ids", "doc_ids",
]  # fmt: skip
SHORTLIST_COLUMNS = [
    "unit_id", "person_id", "name", "n_docs", "n_recent", "recent_share", "recent_lo", "recent_hi",
    "unit_recent_share", *LISTS, "betweenness", "groups_joined", "n_units", "organisation",
    "n_organisations", "country", "region", "city", "n_home", "n_abroad", "home_years",
    "abroad_years", "n_province", "confidence", "doubtful", "doc_ids",
]  # fmt: skip


def _unit_people(people: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """unit_id, doc_id, person_id, year, confidence: a row per person and document of a unit."""
    inside = members[["unit_id", "doc_id"]].drop_duplicates()
    rows = people.sort_values(["doc_id", "role", "position"])
    rows = rows.drop_duplicates(["doc_id", "person_id"])
    rows = rows[["doc_id", "person_id", "year", "confidence"]]
    joined = inside.merge(rows, on="doc_id")
    return joined.sort_values(["unit_id", "doc_id", "person_id"]).reset_index(drop=True)


def _placed(people: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """`people` with country, region and city of each mention."""
    key = ["doc_id", "role", "position"]
    places = with_all_columns(parties)[[*key, "country", "region", "city"]]
    return people.merge(places, on=key, how="left", validate="one_to_one")


def _listed(values: pd.Series) -> str:
    """Distinct values by falling number, separated by semicolons."""
    counts = values.dropna().value_counts().rename_axis("value").reset_index(name="n")
    return ";".join(counts.sort_values(["n", "value"], ascending=[False, True])["value"])


def teams(
    people: pd.DataFrame,
    *,
    members: pd.DataFrame,
    parties: pd.DataFrame,
    last_year: int,
    together: int = TOGETHER,
    recent: int = RECENT,
) -> pd.DataFrame:
    """Find the groups of people who work together in each unit.

    Two people are linked where they share at least `together` documents of the unit; a team is a
    connected component of the links. The rule is ours.

    Parameters
    ----------
    people : DataFrame, of `foresight.navigation.people.people`
        Known at a date: what was published later is not in it, and is not read.
    members : DataFrame
        unit_id, doc_id: documents of each unit; a document may be in several.
    parties : DataFrame, table `PARTIES`
        For places and organisations.
    last_year : int
        Last complete year.
    together : int, default 2
        With 1, everyone named on one patent is a team.
    recent : int, default 3
        Complete years that count as recent.

    Returns
    -------
    DataFrame, a row per team, sorted by unit_id, n_docs (falling), team_id
        unit_id, team_id (least person_id), leaders (the three with most documents), n_people,
        n_docs (that name two members or more), n_recent, first_year, last_year,
        n_links, organisations (of those documents), countries, regions (of the members' mentions
        on them; each list by falling number), confidence (mean over the members' mentions that
        have one), person_ids, doc_ids.

    Raises
    ------
    TableError
        If `parties` breaks its contract.

    Notes
    -----
    One person who stands for two (a frequent name) joins two teams: read `confidence`. In large
    firms links run on through many groups.
    """
    check(parties, PARTIES)
    rows = _unit_people(people, members)
    named = document_organisations(parties[parties["doc_id"].isin(rows["doc_id"])])
    placed = _placed(people[people["doc_id"].isin(rows["doc_id"])], parties)
    names = person_table(people)["name"]
    found: list[dict[str, object]] = []
    for unit, inside in rows.groupby("unit_id"):
        links = co_work(inside)
        links = links[links["n_docs"] >= together]
        for ids in _components(links):
            part = inside[inside["person_id"].isin(ids)]
            shared = part[part.duplicated("doc_id", keep=False)]
            docs = shared.drop_duplicates("doc_id").set_index("doc_id")["year"]
            counted = shared.groupby("person_id").size().rename("n").reset_index()
            most = counted.sort_values(["n", "person_id"], ascending=[False, True])["person_id"]
            where = placed[placed["doc_id"].isin(docs.index) & placed["person_id"].isin(ids)]
            found.append(
                {
                    "unit_id": unit,
                    "team_id": ids[0],
                    "leaders": ";".join(names[most.head(LEADERS)]),
                    "n_people": len(ids),
                    "n_docs": len(docs),
                    "n_recent": int(docs.between(last_year - recent + 1, last_year).sum()),
                    "first_year": int(docs.min()),
                    "last_year": int(docs.max()),
                    "n_links": int(links["one"].isin(ids).sum()),
                    "organisations": _listed(named.loc[named["doc_id"].isin(docs.index), "org"]),
                    "countries": _listed(where["country"]),
                    "regions": _listed(where["region"]),
                    "confidence": shared["confidence"].mean(),
                    "person_ids": join_ids(ids),
                    "doc_ids": join_ids(docs.index),
                }
            )
    frame = pd.DataFrame(found, columns=TEAM_COLUMNS)
    frame = frame.sort_values(["unit_id", "n_docs", "team_id"], ascending=[True, False, True])
    return frame.reset_index(drop=True)


def _components(links: pd.DataFrame) -> list[list[str]]:
    """Connected components as sorted lists of person_id."""
    if links.empty:
        return []
    ids = sorted({*links["one"], *links["two"]})
    index = pd.Index(ids)
    edges = (index.get_indexer(links["one"]), index.get_indexer(links["two"]))
    graph = coo_array((np.ones(len(links)), edges), shape=(len(ids), len(ids)))
    number, label = connected_components(graph, directed=False)
    return [[ids[i] for i in np.flatnonzero(label == k)] for k in range(number)]


def moves(people: pd.DataFrame, *, parties: pd.DataFrame, province: str = PROVINCE) -> pd.DataFrame:
    """Where the documents of each person are placed, and whether the place changed country.

    Only stated places are used, never how a name is written. `moved` is `abroad` where the last
    year in China lies before the first abroad, `home` the other way round, `both` where the
    years overlap; missing where one side has no document.

    Parameters
    ----------
    people : DataFrame, of `foresight.navigation.people.people`
    parties : DataFrame, table `PARTIES`
    province : str, default "Zhejiang"
        As the column `region` of parties writes it.

    Returns
    -------
    DataFrame indexed by person_id
        n_home, n_abroad (documents placed in China, elsewhere), home_years, abroad_years
        (`first-last`, missing without one), n_province, moved, and country, region, city of the
        latest placed mention (all missing without one).

    Raises
    ------
    TableError
        If `parties` breaks its contract.

    Notes
    -----
    Two people taken for one look like one person who moved, and a person who moved is easily
    taken for two: shortlists show a move only with two documents on either side and a confidence
    of at least 0.9. A place is that of an address on a document, not of citizenship.
    """
    check(parties, PARTIES)
    placed = _placed(people, parties).sort_values(["year", "doc_id", "role", "position"])
    stated = placed.dropna(subset=["country"])
    home = stated["country"] == HOME

    def side(rows: pd.DataFrame, name: str) -> pd.DataFrame:
        by = rows.groupby("person_id")
        return pd.DataFrame(
            {
                f"n_{name}": by["doc_id"].nunique(),
                f"{name}_first": by["year"].min(),
                f"{name}_last": by["year"].max(),
            }
        )

    index = pd.Index(sorted(people["person_id"].unique()), name="person_id")
    frame = side(stated[home], "home").join(side(stated[~home], "abroad"), how="outer")
    frame = frame.reindex(index)
    both = frame["n_home"].notna() & frame["n_abroad"].notna()
    moved = pd.Series(None, index=index, dtype="str").mask(both, "both")
    moved = moved.mask(frame["home_last"] < frame["abroad_first"], "abroad")
    frame["moved"] = moved.mask(frame["abroad_last"] < frame["home_first"], "home")
    for name in ("home", "abroad"):
        known = frame[f"n_{name}"].notna()
        first, last = (
            frame[f"{name}_{end}"].fillna(0).astype(int).astype("str") for end in ("first", "last")
        )
        frame[f"{name}_years"] = (first + "-" + last).where(known)
        frame[f"n_{name}"] = frame[f"n_{name}"].fillna(0).astype(int)
    local = placed[placed["region"] == province].groupby("person_id")["doc_id"].nunique()
    frame["n_province"] = local.reindex(index).fillna(0).astype(int)
    latest = stated.groupby("person_id")[["country", "region", "city"]].tail(1)
    latest.index = pd.Index(stated.loc[latest.index, "person_id"])
    columns = ["n_home", "n_abroad", "home_years", "abroad_years", "n_province", "moved"]
    return frame[columns].join(latest)


def shortlist(
    people: pd.DataFrame,
    *,
    members: pd.DataFrame,
    parties: pd.DataFrame,
    last_year: int,
    province: str = PROVINCE,
    recent: int = RECENT,
    top: int = TOP,
) -> pd.DataFrame:
    """Pick the people of each unit who are prolific, rising, bridging, or changed country.

    Of people with at least 3 documents in the unit:
    prolific: among the `top` by documents, ties with the last in, and at least 5. Rising: at least
    3 recent ones, and the lower end of the 95 % interval of the person's recent share lies above
    the unit's recent share. Bridging: among the `top` by betweenness (see `betweenness`; one
    shared document makes a link), without the person their connections fall into two groups or
    more (see `groups_joined`), and the mean confidence is at least 0.9: two people taken for one
    are the perfect bridge. Moved abroad, moved home: see `moves`; at least 2 placed documents on
    either side and the same confidence, over all the person's documents in `people`. The rules
    are ours.

    Parameters
    ----------
    people : DataFrame, of `foresight.navigation.people.people`
        Known at a date: what was published later is not in it, and is not read.
    members : DataFrame
        unit_id, doc_id: documents of each unit; a document may be in several.
    parties : DataFrame, table `PARTIES`
    last_year : int
        Last complete year; later documents count in n_docs, not in recent shares.
    province : str, default "Zhejiang"
    recent : int, default 3
        Complete years that count as recent.
    top : int, default 10

    Returns
    -------
    DataFrame, a row per unit and person on a list, sorted by unit_id, n_docs (falling), person_id
        unit_id, person_id, name, n_docs (of the unit), n_recent, recent_share with recent_lo,
        recent_hi (Wilson, 95 %; missing without a complete year), unit_recent_share, the five
        lists (bool), betweenness, groups_joined, n_units (units of `members` with the person),
        organisation (of the latest document of the unit with one, its names joined by ";"),
        n_organisations (of all the person's documents: many are a sign of two people taken for
        one), the columns of `moves` but `moved`, confidence (mean over the person's mentions),
        doubtful (confidence below 0.9 or missing: show such rows apart), doc_ids.

    Raises
    ------
    TableError
        If `parties` breaks its contract.

    Notes
    -----
    Public bibliographic fields only. Candidates to look at, not findings: a frequent name may
    still join two people, who then look prolific and bridging; verify before any contact.
    """
    check(parties, PARTIES)
    rows = _unit_people(people, members)
    inside = members[["unit_id", "doc_id"]].drop_duplicates()
    years = people.drop_duplicates("doc_id").set_index("doc_id")["year"]
    inside = inside.assign(year=inside["doc_id"].map(years)).dropna(subset=["year"])
    table = person_table(people)
    placed = moves(people, parties=parties, province=province)
    named = document_organisations(parties[parties["doc_id"].isin(people["doc_id"])])
    held = people[["doc_id", "person_id"]].merge(named, on="doc_id")
    n_organisations = held.groupby("person_id")["org_id"].nunique()
    n_units = rows.groupby("person_id")["unit_id"].nunique()
    found = []
    for unit, part in rows.groupby("unit_id"):
        of_unit = inside[inside["unit_id"] == unit]
        frame = _counted(part, of_unit, last_year=last_year, recent=recent)
        links = co_work(part)
        frame["betweenness"] = betweenness(links, people=list(frame.index))
        frame = frame[frame["n_docs"] >= LEAST_DOCS]
        frame = frame.join(placed).join(table[["name", "confidence"]])
        place = frame["n_docs"].rank(method="min", ascending=False)
        frame["prolific"] = (place <= top) & (frame["n_docs"] >= LEAST_PROLIFIC)
        frame["groups_joined"] = groups_joined(links, people=list(frame.index))
        place = frame["betweenness"].rank(method="min", ascending=False)
        frame["bridging"] = (place <= top) & (frame["groups_joined"] > 1)
        frame["doubtful"] = ~(frame["confidence"] >= SURE)
        frame["bridging"] &= ~frame["doubtful"]
        sure = (frame[["n_home", "n_abroad"]].min(axis=1) >= LEAST_PLACED) & ~frame["doubtful"]
        for side in ("abroad", "home"):
            frame[f"moved_{side}"] = sure & (frame["moved"] == side).fillna(False)
        frame["organisation"] = _latest_organisations(part, named)
        frame = frame[frame[list(LISTS)].any(axis=1)]
        found.append(frame.reset_index().assign(unit_id=unit))
    if not found:
        return pd.DataFrame(columns=SHORTLIST_COLUMNS)
    picked = pd.concat(found, ignore_index=True)
    picked["n_units"] = picked["person_id"].map(n_units)
    picked["n_organisations"] = picked["person_id"].map(n_organisations).fillna(0).astype(int)
    picked = picked.sort_values(["unit_id", "n_docs", "person_id"], ascending=[True, False, True])
    return picked[SHORTLIST_COLUMNS].reset_index(drop=True)


def _counted(
    part: pd.DataFrame, of_unit: pd.DataFrame, *, last_year: int, recent: int
) -> pd.DataFrame:
    """Documents of each person of a unit, and whether the recent share is ahead of the unit's."""

    def counts(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        return rows["year"].between(last_year - recent + 1, last_year), rows["year"] <= last_year

    late, complete = counts(part)
    by = part["person_id"]
    frame = pd.DataFrame(
        {
            "n_docs": part.groupby(by).size(),
            "n_recent": late.groupby(by).sum(),
            "complete": complete.groupby(by).sum(),
            "doc_ids": part.groupby(by)["doc_id"].agg(join_ids),
        }
    )
    frame["recent_share"] = frame["n_recent"] / frame["complete"].where(frame["complete"] > 0)
    frame["recent_lo"], frame["recent_hi"] = wilson(frame["n_recent"], frame["complete"])
    late, complete = counts(of_unit)
    frame["unit_recent_share"] = late.sum() / complete.sum() if complete.any() else np.nan
    ahead = frame["recent_lo"] > frame["unit_recent_share"]
    frame["rising"] = ahead & (frame["n_recent"] >= LEAST_RECENT)
    return frame


def _latest_organisations(part: pd.DataFrame, named: pd.DataFrame) -> pd.Series:
    """Organisations of the latest document of each person, of a unit's, that names one."""
    joined = named.groupby("doc_id")["org"].agg(lambda names: ";".join(sorted(names)))
    rows = part.assign(org=part["doc_id"].map(joined)).dropna(subset=["org"])
    rows = rows.sort_values(["year", "doc_id", "person_id"])
    return rows.groupby("person_id")["org"].last()
