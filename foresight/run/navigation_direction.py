"""Direction of a patent navigation: branches, who controls them, effects, high value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.errors import InsufficientDataError
from foresight.navigation.control import (
    branch_concentration,
    branch_trends,
    control_index,
    holders,
)
from foresight.navigation.core import CRITERIA, core_patents
from foresight.navigation.effects import document_effects, load_effects
from foresight.navigation.high_value import event_record, high_value, high_value_share, plan_classes
from foresight.navigation.high_value_rules import StrategicClasses
from foresight.navigation.matrix import technology_effect_matrix, technology_similarity
from foresight.navigation.organisations import document_organisations
from foresight.navigation.white_space import white_space
from foresight.provenance import join_ids
from foresight.run.navigation_task import Analysis, with_presence

VALIDITY = ("yes", "undecided", "no")  # of the documents of a family, the best stands for it
MATRIX = (
    "unit_id",
    "effect",
    "n",
    "n_unit",
    "n_effect",
    "n_all",
    "expected",
    "lo",
    "hi",
    "doc_ids",
)
WHITE_SPACE = (
    "unit_id", "effect", "n", "expected", "status", "why", "neighbours", "n_near", "ratio_near",
    "near_lo", "near_hi", "doc_ids", "near_ids", "enabling_ids",
)  # fmt: skip


def direction(a: Analysis) -> None:
    """`direction`: every branch with its course; `track_years`: the track by year."""
    docs = a.documents
    joined = a.members.merge(docs[["doc_id", "year", "is_granted"]], on="doc_id")
    by = joined.groupby("unit_id")
    sizes = pd.DataFrame(
        {
            "n_all": by.size(),
            "n_granted": by["is_granted"].sum(),
            "all_ids": by["doc_id"].agg(join_ids),
        }
    )
    units = [a.task.track.slug, *(sub.id for sub in a.task.track.sub_directions)]
    frame = _trends(a, joined).join(sizes, how="outer").reindex(units).rename_axis("unit_id")
    frame = frame.fillna({"course": "undecided", "why": "few_documents", "doc_ids": ""})
    frame = frame.fillna({"all_ids": "", "n_docs": 0, "n_all": 0, "n_granted": 0})
    counts = ["n_docs", "n_all", "n_granted"]
    order = ["course", "why", "growth", "lo", "hi", *counts, "doc_ids", "all_ids"]
    a.tables["direction"] = frame[order].astype(dict.fromkeys(counts, "int64")).reset_index()
    years = a.ground.totals().rename(columns={"n_docs": "n_corpus"}).set_index("year")
    own = joined[joined["unit_id"] == a.task.track.slug].groupby("year")
    years["n_docs"] = own.size().reindex(years.index).fillna(0).astype(int)
    years["n_granted"] = own["is_granted"].sum().reindex(years.index).fillna(0).astype(int)
    years["n_patents"], years["n_papers"] = years["n_docs"], 0
    years["complete"] = years.index <= a.task.last_year
    first = int(docs["year"].min()) if len(docs) else a.task.last_year
    a.tables["track_years"] = years[years.index >= first].reset_index()


def _trends(a: Analysis, joined: pd.DataFrame) -> pd.DataFrame:
    """Courses of the branches; undecided where the corpus lacks a year of the window."""
    last, window = a.task.last_year, a.task.settings.window
    try:
        found = branch_trends(
            a.members, a.documents, totals=a.ground.totals(), last_year=last, window=window
        )
    except InsufficientDataError:
        recent = joined[joined["year"].between(last - window + 1, last)].groupby("unit_id")
        rows = recent["doc_id"]
        frame = pd.DataFrame({"n_docs": rows.size(), "doc_ids": rows.agg(join_ids)})
        units = pd.Index(a.members["unit_id"].unique(), name="unit_id")
        frame = frame.reindex(units).assign(course="undecided", why="corpus_without_year")
        return frame.assign(growth=np.nan, lo=np.nan, hi=np.nan)
    return found.set_index("unit_id")


def control(a: Analysis) -> None:
    """`concentration`, `core` (patents of the track), `control` (index, with who is local)."""
    ground, task, members = a.ground, a.task, a.members
    orgs = holders(ground.documents, ground.parties)
    draws = task.settings.draws
    a.tables["concentration"] = branch_concentration(
        members, orgs, last_year=task.last_year, rng=task.rng(1), window=task.settings.window,
        draws=draws,
    )  # fmt: skip
    families = ground.families(told=task.told)
    has = {"cited": len(ground.references) > 0, "offices": len(families) > 0}
    criteria = tuple(name for name in CRITERIA if has[name]) or CRITERIA
    # Without a citation no document beyond the track says anything of the track's.
    docs = ground.documents if has["cited"] else a.documents
    core = core_patents(
        docs, references=ground.references, classes=ground.classes, family_members=families,
        as_of=task.date, known_on=task.known_on, criteria=criteria,
    )  # fmt: skip
    core = core[core["doc_id"].isin(members["doc_id"])].reset_index(drop=True)
    a.tables["core"] = core.assign(criteria=";".join(criteria))
    table = control_index(
        members, core, doc_orgs=orgs, references=ground.references, rng=task.rng(2), draws=draws
    )
    names = document_organisations(ground.parties).drop_duplicates("org_id").set_index("org_id")
    table.insert(2, "org", table["org_id"].map(names["org"]).fillna(table["org_id"]))
    a.tables["control"] = with_presence(table, held_by(orgs, a.inside()), key="org_id")


def held_by(orgs: pd.DataFrame, inside: pd.Series) -> pd.DataFrame:
    """Documents of organisations (doc_id, org_id) as `presence` takes them."""
    held = orgs[["doc_id", "org_id"]].dropna().rename(columns={"org_id": "holder"})
    return held.assign(inside=held["doc_id"].map(inside))


def matrix(a: Analysis) -> None:
    """`effects`, `matrix` and `white_space` of the track's branches among those of the plan."""
    ground = a.ground
    subs = ground.members[ground.members["unit_id"].str.contains("/", regex=False)]
    docs = ground.documents[ground.documents["doc_id"].isin(subs["doc_id"])]
    effects = load_effects()
    claimed = document_effects(docs[["doc_id", "title", "abstract"]], effects)
    own = claimed["doc_id"].isin(a.members["doc_id"])
    a.tables["effects"] = claimed[own].reset_index(drop=True)
    codes = ground.classes[ground.classes["scheme"].isin(["cpc", "ipc"])]
    terms = codes[["doc_id"]].assign(term=codes["code"].str.partition("/")[0])
    try:
        cells = technology_effect_matrix(subs, claimed, effects=[e.id for e in effects])
        space = white_space(
            cells, documents=docs[["doc_id", "year"]],
            similarity=technology_similarity(subs, terms), last_year=a.task.last_year,
        )  # fmt: skip
    except InsufficientDataError as error:
        a.silent["matrix"] = str(error)
        cells, space = (pd.DataFrame(columns=list(c), dtype="str") for c in (MATRIX, WHITE_SPACE))
    for name, table in (("matrix", cells), ("white_space", space)):
        inside = table["unit_id"].str.startswith(f"{a.task.track.slug}/")
        a.tables[name] = table[inside].reset_index(drop=True)


def value(a: Analysis) -> None:
    """`high_value` of every patent of the track, `high_value_share` by family and branch."""
    ground, task = a.ground, a.task
    ids = set(ground.matched.loc[ground.matched["track"] == task.track.slug, "doc_id"])
    ids |= set(ground.stands_for.index[ground.stands_for.isin(a.members["doc_id"])])
    docs = ground.patents[ground.patents["doc_id"].isin(ids)]
    complete: bool | pd.DataFrame = False
    if task.events_complete:
        complete = event_record(ground.patents, ground.events, as_of=task.date)
    table = plan_classes(task.registry)
    if task.strategic is not None:
        table = StrategicClasses("given by the caller", task.strategic, complete=True)
    judged = high_value(
        docs, classes=ground.every_class(ids), events=ground.events, family_members=ground.listed,
        as_of=task.date, known_on=task.known_on, events_complete=complete, strategic=table,
        pledge_amounts=task.pledges,
        pledge_threshold=task.threshold if task.pledges is not None else None,
    )  # fmt: skip
    judged.insert(1, "family", judged["doc_id"].map(ground.stands_for))
    place = judged["valid"].map({name: i for i, name in enumerate(VALIDITY)})
    ranked = judged.assign(place=place).sort_values(["place", "doc_id"])
    best = ranked.dropna(subset=["family"]).drop_duplicates("family")
    a.tables["high_value"] = judged.assign(stands=judged["doc_id"].isin(best["doc_id"]))
    verdicts = best.assign(doc_id=best["family"]).drop(columns=["family", "place"])
    a.tables["_verdicts"] = verdicts.sort_values("doc_id").reset_index(drop=True)
    a.tables["high_value_share"] = high_value_share(verdicts, members=a.members)
