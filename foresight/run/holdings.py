"""Who holds the documents of all tracks and where: computed once per corpus and date, cached.

The part of a patent navigation that every brief shows is made from it. Only what must be read
from the whole corpus is here: who is present in the province, how large organisations are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from foresight.corpus.normalise import HOME, PROVINCE, prefectures
from foresight.corpus.store import Corpus
from foresight.corpus.view import View, as_of
from foresight.navigation.control import holders
from foresight.navigation.core import core_patents
from foresight.navigation.organisations import document_organisations, organisations
from foresight.navigation.places import document_places, level_documents
from foresight.navigation.presence import inside_region, presence
from foresight.provenance import read_or_make
from foresight.run.keys import stage_digest
from foresight.run.stage import Stage, sub_direction_members, track_members
from foresight.settings import Settings, cache_dir
from foresight.tables import FAMILY_MEMBERS, among, empty, sort
from foresight.tracks import Registry

ROLES = ("applicant", "owner", "author")  # a paper has neither applicant nor owner
PEOPLE = ("author", "inventor")
COUNTS = ["n_corpus", "n_placed", "n_province", "province_hi"]
TABLES = ("holders", "presence", "organisations", "people", "levels", "core", "references")


@dataclass(frozen=True)
class Holdings:
    """What a sector's navigation reads of the whole corpus.

    Attributes
    ----------
    holders : DataFrame, of `foresight.navigation.control.holders`, with org and first_year
        Documents of all tracks; first_year is that of the organisation in the corpus.
    presence : DataFrame indexed by holder, of `foresight.navigation.presence.presence`
        Organisations of these documents, by their documents in the whole corpus.
    organisations : DataFrame, of `foresight.navigation.organisations.organisations`
        By track and sub-direction, with local; not the counts of the whole corpus (`COUNTS`), that
        any document of any track changes: a brief reads what follows from them.
    people : DataFrame
        doc_id, name, first_year, country, province, city: persons on these documents.
    levels : DataFrame, of `foresight.navigation.places.level_documents`
    core : DataFrame or None
        doc_id, core; None where the corpus has no citations.
    references : DataFrame
        citing_id, cited_id, both of these documents.
    """

    holders: pd.DataFrame
    presence: pd.DataFrame
    organisations: pd.DataFrame
    people: pd.DataFrame
    levels: pd.DataFrame
    core: pd.DataFrame | None
    references: pd.DataFrame


def open_holdings(
    corpus: Corpus, registry: Registry, *, date: str, settings: Settings, stage: Stage
) -> Holdings:
    """Read the holdings from the cache, after computing them if they are not there or damaged."""
    digest = stage_digest(corpus, registry, date=date, settings=settings)
    folder = cache_dir() / "holdings" / digest[:24]

    def make(part: Path) -> None:
        _write(_compute(as_of(corpus, date), stage), part)

    return read_or_make(folder, read=_read, make=make)


def _compute(view: View, stage: Stage) -> dict[str, pd.DataFrame]:
    documents = view.frame("documents")
    parties = view.frame("parties")
    wanted = stage.documents.index
    own = parties[among(parties["doc_id"], wanted)].reset_index(drop=True)
    docs = documents[among(documents["doc_id"], wanted)].reset_index(drop=True)
    places = document_places(parties, cities=prefectures(parties), home=HOME)
    every = level_documents(documents["doc_id"], places=places, home=HOME, province=PROVINCE)
    province = every[every["level"] == "province"].set_index("doc_id")["inside"]
    named = document_organisations(parties)
    held = named.rename(columns={"org_id": "holder"})[["doc_id", "holder"]]
    known = presence(held.assign(inside=held["doc_id"].map(province)))[["local"]]
    years = documents.set_index("doc_id")["published"].str[:4].astype(int)
    spelt = stage.organisations.drop_duplicates("org_id").set_index("org_id")["org"]
    orgs = _one_spelling(_holders(docs, own, named, years), spelt)
    references = view.frame("references")
    of_tracks = among(references["citing_id"], wanted) & among(references["cited_id"], wanted)
    members = _members(stage)
    table = organisations(
        parties, documents=documents, members=members, as_of=stage.as_of,
        last_year=stage.last_year, province=PROVINCE,
    )  # fmt: skip
    table = table.drop(columns=COUNTS)
    used = set(orgs["org_id"].dropna()) | set(table["org_id"])
    return {
        "holders": orgs,
        "presence": known[known.index.isin(used)].reset_index(),
        "organisations": _one_spelling(
            table.assign(local=table["org_id"].map(known["local"]).astype("boolean")), spelt
        ),
        "people": _people(parties, own, years),
        "levels": every[among(every["doc_id"], wanted)].reset_index(drop=True),
        "core": _core(view, documents, references, stage),
        "references": references.loc[of_tracks, ["citing_id", "cited_id"]].reset_index(drop=True),
    }


def _one_spelling(table: pd.DataFrame, spelt: pd.Series) -> pd.DataFrame:
    """Names of organisations as the other tables of a brief have them."""
    names = table["org_id"].map(spelt).astype(object)
    return table.assign(org=names.fillna(table["org"]).astype("str"))


def _members(stage: Stage) -> pd.DataFrame:
    parts = [track_members(stage.matches), sub_direction_members(stage.matches)]
    return sort(pd.concat(parts, ignore_index=True), ["unit_id", "doc_id"])


def _holders(
    docs: pd.DataFrame, own: pd.DataFrame, named: pd.DataFrame, years: pd.Series
) -> pd.DataFrame:
    frame = holders(docs, own, roles=ROLES)
    names = named.drop_duplicates("org_id").set_index("org_id")["org"]
    firsts = named["doc_id"].map(years).groupby(named["org_id"]).min()
    org = frame["org_id"].map(names).astype("str").fillna(frame["org_id"])
    return frame.assign(org=org, first_year=frame["org_id"].map(firsts).astype("Int64"))


def _people(parties: pd.DataFrame, own: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Persons on the documents of tracks with their own place, as a position takes them."""
    every = parties[parties["role"].isin(PEOPLE)].dropna(subset=["name"])
    firsts = every["doc_id"].map(years).groupby(every["name"]).min()
    rows = own[own["role"].isin(PEOPLE)].dropna(subset=["name"])
    found = rows.assign(city=prefectures(rows), first_year=rows["name"].map(firsts))
    inside = inside_region(found, home=HOME, province=PROVINCE).fillna(value=False)
    found["province"] = found["region"].mask(inside.astype(bool), PROVINCE)
    names = ["doc_id", "role", "position", "name", "first_year", "country", "province", "city"]
    return found[names].reset_index(drop=True)


def _core(
    view: View, documents: pd.DataFrame, references: pd.DataFrame, stage: Stage
) -> pd.DataFrame:
    """Which patents of the tracks are core by citations; empty for a corpus without any."""
    if references.empty:
        return pd.DataFrame(columns=["doc_id", "core"], dtype="str")
    found = core_patents(
        documents, references=references, classes=view.frame("classes"),
        family_members=empty(FAMILY_MEMBERS), as_of=stage.as_of, criteria=("cited",),
    )  # fmt: skip
    found = found[among(found["doc_id"], stage.documents.index)]
    return found[["doc_id", "core"]].reset_index(drop=True)


def _write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    for name in TABLES:
        tables[name].to_parquet(folder / f"{name}.parquet", index=False)


def _read(folder: Path) -> Holdings:
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    core = frames.pop("core")
    frames["presence"] = frames["presence"].set_index("holder").astype({"local": "boolean"})
    return Holdings(**frames, core=core if len(core) else None)
