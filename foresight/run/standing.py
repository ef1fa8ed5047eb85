"""The navigation part of one brief: control, provincial base, route, form, position, path."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.brief.study import Standing
from foresight.corpus.normalise import PROVINCE
from foresight.errors import InsufficientDataError
from foresight.indicators.acyclic import acyclic
from foresight.indicators.graph import citation_graph
from foresight.indicators.main_path import main_path
from foresight.indicators.traversal import traversal
from foresight.navigation.control import branch_trends, control_index
from foresight.navigation.path import path
from foresight.navigation.position import position, strengths_and_gaps
from foresight.navigation.position_views import Evidence
from foresight.navigation.standing import provincial_base, suggested_form, unit_control
from foresight.provenance import join_ids
from foresight.run.holdings import Holdings
from foresight.run.stage import Stage
from foresight.settings import Settings
from foresight.tables import among
from foresight.tracks import Track

REGION = "浙江"
PARTS = {"control": 11, "index": 12, "position": 13}  # streams of chance, one per part
BRANCHES = ("unit_id", "doc_id")


def build_standing(
    track: Track,
    *,
    stage: Stage,
    holdings: Holdings,
    settings: Settings,
    documents: pd.DataFrame,
    members: pd.DataFrame,
) -> Standing:
    """Compute the navigation part of a brief from the track's own documents.

    Parameters
    ----------
    track : Track
    stage, holdings
        Of one corpus and date.
    settings : Settings
    documents : DataFrame, `Study.documents`
    members : DataFrame, `Study.members`
        unit_id (topics and sub-directions), doc_id.

    Returns
    -------
    Standing
    """
    subs = members[members["unit_id"].isin([sub.id for sub in track.sub_directions])]
    whole = pd.DataFrame({"unit_id": track.slug, "doc_id": documents["doc_id"]})
    every = pd.concat([members[list(BRANCHES)], whole], ignore_index=True)
    branches = pd.concat([subs[list(BRANCHES)], whole], ignore_index=True)
    docs = stage.documents.loc[documents["doc_id"]].reset_index()
    orgs = holdings.holders[among(holdings.holders["doc_id"], docs["doc_id"])]
    index = _index(every, orgs, holdings, settings)
    local = holdings.presence["local"]
    control = unit_control(
        every, orgs, local=local, index=index, last_year=stage.last_year,
        rng=_rng(settings, "control"), window=settings.window, draws=settings.draws,
    )  # fmt: skip
    inside = documents.set_index("doc_id")["zhejiang"].astype("boolean")
    people = holdings.people[among(holdings.people["doc_id"], docs["doc_id"])]
    placed = people["province"] == PROVINCE
    base = provincial_base(every, orgs, inside=inside, people=people[placed])
    units = control.merge(base, on="unit_id", how="left")
    units = units.merge(suggested_form(control, base), on="unit_id", how="left")
    units = units.merge(_routes(every, docs, holdings, subs=subs, track=track), on="unit_id",
                        how="left")  # fmt: skip
    direction = _direction(branches, docs, stage, settings)
    strengths = _strengths(track, docs, subs, orgs, people, stage, holdings, settings)
    table = holdings.organisations
    of_track = (table["unit_id"] == track.slug) | table["unit_id"].isin(direction["unit_id"])
    tables = {
        "gaps": strengths,
        "directions": direction,
        "organisations": table[of_track],
    }
    if index is not None and (index["status"] == "decided").any():
        tables["control"] = index.assign(local=index["org_id"].map(local).astype("boolean"))
    return Standing(
        units=_named(units, holdings).set_index("unit_id"),
        direction=direction,
        strengths=strengths,
        path=path(tables, region=REGION, track=track.slug),
        organisations=table[table["unit_id"] == track.slug].reset_index(drop=True),
    )


def _rng(settings: Settings, part: str) -> np.random.Generator:
    return np.random.default_rng([settings.seed, PARTS[part]])


def _index(
    members: pd.DataFrame, orgs: pd.DataFrame, holdings: Holdings, settings: Settings
) -> pd.DataFrame | None:
    """The control index; None for a corpus without citations."""
    if holdings.core is None:
        return None
    return control_index(
        members, holdings.core, doc_orgs=orgs, references=holdings.references,
        rng=_rng(settings, "index"), draws=settings.draws,
    )  # fmt: skip


def _named(units: pd.DataFrame, holdings: Holdings) -> pd.DataFrame:
    """Organisations by their commonest spelling beside their ids."""
    names = holdings.holders.dropna(subset=["org_id"]).drop_duplicates("org_id")
    spelt = dict(zip(names["org_id"], names["org"], strict=True))

    def spell(cell: object) -> str:
        ids = [one for one in str(cell).split(";") if one] if isinstance(cell, str) else []
        return ";".join(str(spelt.get(one, one)).replace(";", ",") for one in ids)

    shown = {f"{name}_names": units[name].map(spell).astype("str")
             for name in ("leaders", "control_org", "local_orgs")}  # fmt: skip
    return units.assign(**shown)


def _direction(
    branches: pd.DataFrame, docs: pd.DataFrame, stage: Stage, settings: Settings
) -> pd.DataFrame:
    """Courses of the branches; undecided where the corpus lacks a year of the window."""
    try:
        return branch_trends(
            branches, docs, totals=stage.totals, last_year=stage.last_year, window=settings.window
        )
    except InsufficientDataError:
        units = sorted(branches["unit_id"].unique())
        frame = pd.DataFrame({"unit_id": pd.Series(units, dtype="str"), "course": "undecided"})
        nothing = dict.fromkeys(("growth", "lo", "hi"), np.nan)
        return frame.assign(why="corpus_without_year", **nothing, n_docs=0, doc_ids="")


def _strengths(
    track: Track,
    docs: pd.DataFrame,
    subs: pd.DataFrame,
    orgs: pd.DataFrame,
    people: pd.DataFrame,
    stage: Stage,
    holdings: Holdings,
    settings: Settings,
) -> pd.DataFrame:
    """The province against country and world, in the views that a brief can afford."""
    named = orgs.dropna(subset=["org_id"])[["doc_id", "org_id", "first_year"]]
    evidence = Evidence(
        documents=docs[["doc_id", "published", "year"]],
        members=subs[list(BRANCHES)],
        levels=holdings.levels[among(holdings.levels["doc_id"], docs["doc_id"])],
        totals=stage.totals.set_index("year")["n_docs"],
        last_year=stage.last_year,
        organisations=named.astype({"first_year": int}) if len(named) else None,
        inventors=people.drop(columns=["role", "position"]) if len(people) else None,
    )
    table = position(evidence, track=track.slug, as_of=stage.as_of, rng=_rng(settings, "position"))
    return strengths_and_gaps(table)


def _routes(
    members: pd.DataFrame,
    docs: pd.DataFrame,
    holdings: Holdings,
    *,
    subs: pd.DataFrame,
    track: Track,
) -> pd.DataFrame:
    """Of each unit: its newest document on the track's main path, else its branch or topic.

    A topic's branch is the sub-direction with most of its documents, a sub-direction's topic the
    topic with most of the sub-direction's; without topics a sub-direction is its own branch.
    """
    on_path = _main_path(docs, holdings)
    days = docs.set_index("doc_id")["published"]
    branch = set(subs["unit_id"])
    topics = members[~members["unit_id"].isin(branch | {track.slug})]
    pairs = topics.merge(subs[list(BRANCHES)], on="doc_id", suffixes=("", "_branch"))
    sizes = pairs.groupby(["unit_id", "unit_id_branch"]).size().rename("n").reset_index()
    first = {
        "branch": _commonest(sizes, "unit_id", "unit_id_branch"),
        "topic": _commonest(sizes, "unit_id_branch", "unit_id"),
    }
    rows: list[tuple[object, ...]] = []
    for unit, group in members.groupby("unit_id", sort=True):
        ids = sorted(set(group["doc_id"]) & on_path, key=lambda one: (days[one], one))
        kind = "topic" if unit in branch else "branch"
        if ids:
            rows.append((unit, "main_path", ids[-1], len(ids), join_ids(ids)))
        elif unit in first[kind]:
            rows.append((unit, kind, *first[kind][str(unit)], None))
        elif unit in branch:
            rows.append((unit, "branch", unit, group["doc_id"].nunique(), None))
        else:
            rows.append((unit, None, None, None, None))
    columns = ["unit_id", "route", "route_id", "n_route", "route_ids"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"route": "str", "route_id": "str", "n_route": "Int64",
                         "route_ids": "str"})  # fmt: skip


def _commonest(sizes: pd.DataFrame, of: str, what: str) -> dict[str, tuple[str, int]]:
    order = sizes.sort_values([of, "n", what], ascending=[True, False, True])
    firsts = order.drop_duplicates(of)
    return {
        str(unit): (str(other), int(n))
        for unit, other, n in zip(firsts[of], firsts[what], firsts["n"], strict=True)
    }


def _main_path(docs: pd.DataFrame, holdings: Holdings) -> set[str]:
    """Documents on the main path of the citations within the track; none without citations."""
    arcs = holdings.references
    arcs = arcs[among(arcs["citing_id"], docs["doc_id"]) & among(arcs["cited_id"], docs["doc_id"])]
    if arcs.empty:
        return set()
    graph = acyclic(citation_graph(docs[["doc_id", "year"]], arcs)).graph
    return set(main_path(traversal(graph)).nodes["doc_id"])
