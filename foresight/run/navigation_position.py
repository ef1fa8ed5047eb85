"""Position and path of a patent navigation: levels, regions, actors, recommendations."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from foresight.corpus.normalise import HOME, PROVINCE
from foresight.errors import InsufficientDataError
from foresight.navigation.city_plan import plan_agreement, plan_roles
from foresight.navigation.control import holders
from foresight.navigation.niches import niches
from foresight.navigation.organisations import document_organisations, organisations
from foresight.navigation.path import path
from foresight.navigation.people import people
from foresight.navigation.places import counting_regions
from foresight.navigation.position import position as position_table
from foresight.navigation.position import strengths_and_gaps
from foresight.navigation.position_views import Evidence
from foresight.navigation.presence import inside_region
from foresight.navigation.regions import (
    region_counts,
    region_density,
    region_track,
    technology_space,
)
from foresight.navigation.teams import shortlist, teams
from foresight.run.navigation_direction import held_by
from foresight.run.navigation_ground import Ground
from foresight.run.navigation_task import Analysis, with_presence


def position(a: Analysis) -> None:
    """`position` at every level, and `strengths` of the region against the wider levels."""
    ground, task, docs = a.ground, a.task, a.documents
    years = ground.documents.set_index("doc_id")["year"]
    named = holders(ground.documents, ground.parties)[["doc_id", "org_id"]].dropna()
    firsts = named["doc_id"].map(years).groupby(named["org_id"]).min()
    history = ground.history.set_index("doc_id")
    paired = history[history["n_pairs"].fillna(0) > 0]
    percentile = a.tables["core"].set_index("doc_id")["percentile"]
    evidence = Evidence(
        documents=docs[["doc_id", "published", "year"]],
        members=a.members[a.members["unit_id"] != task.track.slug],
        levels=ground.levels(pd.Index(docs["doc_id"]), task.region),
        totals=ground.totals().set_index("year")["n_docs"],
        last_year=task.last_year,
        organisations=_known(named.assign(first_year=named["org_id"].map(firsts))),
        inventors=_known(ground.inventors()),
        percentile=percentile if percentile.notna().any() else None,
        novel=(paired["n_first_pairs"] > 0).astype(float) if len(paired) else None,
        verdicts=a.tables["_verdicts"],
        events=_known(_family_events(ground)),
        events_complete=task.events_complete,
    )
    table = position_table(evidence, track=task.track.slug, as_of=task.date, rng=task.rng(3))
    table = _with_concentration(table, a.tables["concentration"])
    a.tables["position"] = table
    a.tables["strengths"] = strengths_and_gaps(
        table, level=task.region.level, against=task.region.wider
    )


def _with_concentration(table: pd.DataFrame, concentration: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the world as the direction has it: resampled once, one figure."""
    figures = concentration.rename(columns={"measure": "indicator"}).set_index(
        ["unit_id", "indicator"]
    )[["value", "lo", "hi"]]
    keys = pd.MultiIndex.from_frame(table[["unit_id", "indicator"]])
    same = (table["level"] == "world") & table["value"].notna() & keys.isin(figures.index)
    found = table.copy()
    found.loc[same, ["value", "lo", "hi"]] = figures.reindex(keys[same]).to_numpy()
    return found


def _known(frame: pd.DataFrame) -> pd.DataFrame | None:
    """A frame, or None where it has no row: nothing is known."""
    return frame if len(frame) else None


def _family_events(ground: Ground) -> pd.DataFrame:
    """Events by the counted document of the family."""
    rows = ground.events[["doc_id", "date", "event"]]
    rows = rows.assign(doc_id=rows["doc_id"].map(ground.stands_for)).dropna(subset=["doc_id"])
    return rows.drop_duplicates().reset_index(drop=True)


def regions(a: Analysis) -> None:
    """`regions` (the track in every region), `niches` and `agreement` of the cities."""
    ground, task = a.ground, a.task
    tracks = ground.members[~ground.members["unit_id"].str.contains("/", regex=False)]
    places = counting_regions(ground.places, home=HOME, province=PROVINCE)
    placed = places[places["doc_id"].isin(tracks["doc_id"])]
    cities = [city.zh for city in task.registry.cities]
    if task.region.city is not None:
        cities = [task.region.city]
    for name, columns in NO_REGION.items():
        a.tables[name] = pd.DataFrame(columns=list(columns))
    if placed.empty:
        a.silent["regions"] = "no_place"
        return
    roles = plan_roles(task.registry.city_fields(), units=task.registry.slugs)
    table = region_track(tracks, places)
    kinds = placed.drop_duplicates("region").set_index("region")["kind"]
    whole = places.assign(region=places["region"].mask(places["kind"].isin(LOCAL), WHOLE))
    together = region_track(tracks, whole)
    together = together[together["region"] == WHOLE].assign(kind="whole")
    rows = pd.concat([table.assign(kind=table["region"].map(kinds)), together])
    a.tables["regions"] = rows[rows["unit_id"] == task.track.slug].reset_index(drop=True)
    a.tables["agreement"] = plan_agreement(tracks, places, roles=roles, cities=cities)
    try:
        space = technology_space(region_counts(tracks, places), exclude=cities)
    except InsufficientDataError:
        a.silent["niches"] = "no_reference"
        return
    density = region_density(
        table, space=space, of=cities, rng=task.rng(4), draws=task.settings.draws
    )
    every = niches(table, density=density, space=space, roles=roles, cities=cities)
    keep = every["unit_id"].isna() | (every["unit_id"] == task.track.slug)
    a.tables["niches"] = every[keep].reset_index(drop=True)


LOCAL, WHOLE = ("city", "province"), "浙江"  # kinds of places in the province; all together
NO_REGION: Mapping[str, tuple[str, ...]] = {
    "regions": (
        "region", "unit_id", "n_docs", "n_region", "rta", "rta_shrunk", "rta_lo", "rta_hi", "kind",
        "doc_ids",
    ),
    "niches": (
        "region", "unit_id", "state", "evidence", "density", "density_lo", "density_hi",
        "n_region", "reason", "doc_ids", "support_ids",
    ),
    "agreement": (
        "region", "role", "n_units", "n_docs", "n_region", "verdict", "reason", "doc_ids",
    ),
}  # fmt: skip


def actors(a: Analysis) -> None:
    """`organisations`, `people` (shortlist) and `teams` of the track and its branches."""
    ground, task, members = a.ground, a.task, a.members
    orgs = organisations(
        ground.parties, documents=ground.documents, members=members, as_of=task.date,
        last_year=task.last_year, province=PROVINCE,
    )  # fmt: skip
    held = held_by(document_organisations(ground.parties), a.inside())
    a.tables["organisations"] = with_presence(orgs, held, key="org_id")
    mentions = people(
        ground.parties, documents=ground.documents, classes=ground.classes, as_of=task.date,
        within=members["doc_id"],
    )  # fmt: skip
    listed = shortlist(
        mentions, members=members, parties=ground.parties, last_year=task.last_year,
        province=PROVINCE,
    )  # fmt: skip
    a.tables["people"] = with_presence(listed, _own_places(a, mentions), key="person_id")
    a.tables["teams"] = teams(
        mentions, members=members, parties=ground.parties, last_year=task.last_year
    )


def _own_places(a: Analysis, mentions: pd.DataFrame) -> pd.DataFrame:
    """Documents of people with the place that they state for the person."""
    key = ["doc_id", "role", "position"]
    places = a.ground.inventors()[[*key, "country", "province", "city"]]
    rows = mentions[[*key, "person_id"]].merge(places, on=key, how="left")
    rows = rows.rename(columns={"person_id": "holder", "province": "region"})
    city = a.task.region.city
    return rows.assign(inside=inside_region(rows, home=HOME, province=PROVINCE, city=city))


def recommendations(a: Analysis) -> None:
    """`path`: recommendations from what has been found, with the names of their subjects."""
    found = a.tables
    tables = {
        "gaps": found["strengths"],
        "directions": found["direction"],
        "organisations": found["organisations"],
        "people": found["people"],
    }
    if (found["control"]["status"] == "decided").any():
        tables["control"] = found["control"]
    if "matrix" not in a.silent:
        tables["white_space"] = found["white_space"]
    if not {"regions", "niches"} & set(a.silent):
        tables["niches"] = found["niches"]
    if "regions" not in a.silent:
        cities = set(found["agreement"]["region"])
        tables["regions"] = found["regions"][found["regions"]["region"].isin(cities)]
    table = path(tables, region=a.task.region.zh, track=a.task.track.slug)
    listed = found["people"].drop_duplicates("person_id").set_index("person_id")
    people_ = listed["name"]
    orgs = found["control"].drop_duplicates("org_id").set_index("org_id")["org"]
    subjects = table["subject"]
    names = subjects.map(people_).astype("str").fillna(subjects.map(orgs).astype("str"))
    table.insert(4, "name", names.fillna(subjects))
    table.insert(5, "organisation", table["subject"].map(listed["organisation"]).astype("str"))
    a.tables["path"] = table
