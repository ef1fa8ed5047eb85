"""The stage: everything that all sectors share, computed once per corpus and as-of date.

It holds the documents that belong to any track, who stands behind them, the yearly totals, and
the score of every sub-direction now and one year earlier. It lies in the cache; a sector reads
its part in a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.corpus.normalise import HOME, PROVINCE, prefectures
from foresight.corpus.prepare import shares
from foresight.corpus.select import match_tracks
from foresight.corpus.staged import filled_counts
from foresight.corpus.store import Corpus
from foresight.corpus.view import View, as_of
from foresight.emergence.drift import DIRECTIONS, Drift, meaning
from foresight.emergence.features import LATEST, Facts, Features, features, newcomer_share
from foresight.emergence.prior import Weights
from foresight.emergence.score import Reference, score_units
from foresight.emergence.thin import drawn_to_track
from foresight.navigation.organisations import commonest_spelling
from foresight.provenance import read_json, read_or_make, write_json
from foresight.run.backtest_records import authorship, read_records
from foresight.run.ground import open_ground
from foresight.run.keys import stage_digest
from foresight.run.prior import shipped_prior
from foresight.run.vectors import vector_cache
from foresight.settings import Settings, cache_dir
from foresight.tables import among
from foresight.topics.embedding import embed
from foresight.topics.encoders import encoder_named
from foresight.topics.model import texts_of
from foresight.tracks import Registry

Floats = NDArray[np.float64]

TABLES = (
    "documents",
    "matches",
    "organisations",
    "places",
    "totals",
    "scores_now",
    "scores_before",
)


@dataclass(frozen=True)
class Stage:
    """What all sectors share.

    Attributes
    ----------
    as_of, previous : str
        ISO dates: of knowledge, and one year before.
    last_year : int
        Last complete year at `as_of`.
    documents : DataFrame indexed by doc_id
        kind, title, abstract, language, office, published, year, n_pairs, n_first_pairs,
        new_people (`foresight.emergence.features.newcomer_share`), `DIRECTIONS` (see
        `foresight.emergence.drift.meaning`).
    matches : DataFrame, table TRACK_MATCHES, of these documents
    organisations : DataFrame
        doc_id, org_id, org (its commonest spelling), first_year.
    places : DataFrame
        doc_id, country, zhejiang (bool), prefecture (Chinese name of one of its eleven cities,
        null where the place names none), stated (bool: abroad, or with a region or city); distinct.
    totals : DataFrame
        year, n_docs, n_patents, n_papers of the corpus; complete years only.
    scores_now, scores_before : DataFrame
        track and the columns of `foresight.emergence.score.score_units` for every sub-direction.
    against : Reference
        The topics of the corpus, at `as_of`.
    fields : dict of name to float
        Share of the documents up to `last_year` that have each field.
    """

    as_of: str
    previous: str
    last_year: int
    documents: pd.DataFrame
    matches: pd.DataFrame
    organisations: pd.DataFrame
    places: pd.DataFrame
    totals: pd.DataFrame
    scores_now: pd.DataFrame
    scores_before: pd.DataFrame
    against: Reference
    fields: dict[str, float]

    def facts(self) -> Facts:
        """The tables that features are computed from."""
        return _facts(
            self.documents, self.organisations, self.places, self.totals, last_year=self.last_year
        )


def year_before(date: str) -> str:
    """The same day one year earlier (28 February for a leap day)."""
    return (pd.Timestamp(date) - pd.DateOffset(years=1)).date().isoformat()


def open_stage(corpus: Corpus, registry: Registry, *, date: str, settings: Settings) -> Stage:
    """Read the stage from the cache, after computing it if it is not there or damaged."""
    digest = stage_digest(corpus, registry, date=date, settings=settings)
    folder = cache_dir() / "stages" / digest[:24]

    def make(part: Path) -> None:
        _write(_compute(corpus, registry, date=date, settings=settings), part)

    return read_or_make(folder, read=_read, make=make)


def _compute(corpus: Corpus, registry: Registry, *, date: str, settings: Settings) -> Stage:
    view = as_of(corpus, date)
    matches = match_tracks(corpus, registry.terms())
    documents = _documents(view, matches)
    matches = matches[among(matches["doc_id"], documents.index)].reset_index(drop=True)
    parties = view.frame("parties", list(documents.index))
    organisations = _organisations(view, parties)
    places = _places(parties)
    totals = view.yearly_totals()
    totals = totals[totals["year"] <= view.last_complete_year].reset_index(drop=True)
    previous = year_before(date)

    encoder, cache = encoder_named(settings.encoder), vector_cache(settings.encoder)
    records = read_records(
        corpus, date=date, encoder=encoder, cache=cache, jobs=1, progress=True, words=False
    )
    vectors = np.empty((0, 0), dtype=np.float32)
    if len(documents):
        vectors = embed(texts_of(documents), encoder=encoder, cache=cache, progress=True)
    people = authorship(parties)

    def scored(at: View) -> tuple[pd.DataFrame, pd.DataFrame, Reference]:
        last_year = at.last_complete_year
        known = records.until(last_year)
        drift, against = open_ground(known, last_year=last_year, settings=settings)
        seen = (documents["published"] <= at.date).to_numpy()
        since = last_year - settings.window + 1
        new = newcomer_share(people, first_seen=known.first_seen(), since=since)
        visible = documents[seen].assign(new_people=new, **_located(vectors[seen], drift))
        facts = _facts(visible, organisations, places, totals, last_year=last_year)
        found = _score_sub_directions(
            matches[among(matches["doc_id"], visible.index)],
            facts,
            against=against,
            weights=shipped_prior().at(last_year),
            settings=settings,
        )
        return visible, found, against

    present, now, against = scored(view)
    before = now.iloc[:0]
    if previous >= str(corpus.manifest["first_published"]):
        _, before, _ = scored(as_of(corpus, previous))
    return Stage(
        as_of=date,
        previous=previous,
        last_year=view.last_complete_year,
        documents=present,
        matches=matches,
        organisations=organisations,
        places=places,
        totals=totals,
        scores_now=now,
        scores_before=before,
        against=against,
        fields=_fields(view, last_year=view.last_complete_year),
    )


def _fields(view: View, *, last_year: int) -> dict[str, float]:
    """Share of the documents of complete years that have each field; 0 where there are none."""
    documents = view.documents.filter(view.documents.published <= f"{last_year}-12-31")
    ids = documents.select(kept="doc_id")
    tables = {
        "references": view.references.semi_join(ids, view.references.citing_id == ids.kept),
        "events": view.events.semi_join(ids, view.events.doc_id == ids.kept),
        "classes": view.classes.semi_join(ids, view.classes.doc_id == ids.kept),
        "parties": view.parties.semi_join(ids, view.parties.doc_id == ids.kept),
        "documents": documents,
    }
    space = view.corpus.work
    return shares(filled_counts(tables, space), max(space.count(documents), 1))


def _documents(view: View, matches: pd.DataFrame) -> pd.DataFrame:
    ids = sorted(matches["doc_id"].unique())
    columns = ["doc_id", "kind", "title", "abstract", "language", "office", "published"]
    frame = view.frame("documents", ids)[columns].copy()
    frame["year"] = frame["published"].str[:4].astype(int)
    pairs = view.frame("history", ids)
    frame = frame.merge(pairs, on="doc_id", how="left", validate="one_to_one")
    frame = frame.astype({"n_pairs": float, "n_first_pairs": float})
    return frame.sort_values("doc_id").set_index("doc_id")


def _located(vectors: NDArray[np.float32], drift: Drift | None) -> dict[str, Floats]:
    if drift is None or not len(vectors):
        return {name: np.full(len(vectors), np.nan) for name in DIRECTIONS}
    return meaning(vectors, drift)


def _organisations(view: View, parties: pd.DataFrame) -> pd.DataFrame:
    named = parties.dropna(subset=["org_id"])[["doc_id", "org_id", "org"]]
    table = view.first_organisations.select("org_id", "first_published")
    firsts = view.corpus.read(table).set_index("org_id")["first_published"]
    frame = named[["doc_id", "org_id"]].drop_duplicates().sort_values(["doc_id", "org_id"])
    frame["org"] = frame["org_id"].map(commonest_spelling(named)).fillna(frame["org_id"])
    frame["first_year"] = frame["org_id"].map(firsts).str[:4].astype(int)
    return frame.reset_index(drop=True)


def _places(parties: pd.DataFrame) -> pd.DataFrame:
    known = parties.dropna(subset=["country"])
    frame = known[["doc_id", "country"]].assign(
        zhejiang=(known["region"] == PROVINCE).fillna(False),
        prefecture=prefectures(known),
        stated=(known["country"] != HOME) | known["region"].notna() | known["city"].notna(),
    )
    order = ["doc_id", "country", "zhejiang", "prefecture", "stated"]
    return frame.drop_duplicates().sort_values(order).reset_index(drop=True)


def _facts(
    documents: pd.DataFrame,
    organisations: pd.DataFrame,
    places: pd.DataFrame,
    totals: pd.DataFrame,
    *,
    last_year: int,
) -> Facts:
    complete = totals[totals["year"] <= last_year]
    return Facts(
        documents=documents[["year", "n_pairs", "n_first_pairs", "new_people", *DIRECTIONS]],
        organisations=organisations,
        countries=places[["doc_id", "country"]].drop_duplicates(),
        totals=complete.set_index("year")["n_docs"],
        last_year=last_year,
    )


def sub_direction_members(matches: pd.DataFrame) -> pd.DataFrame:
    """Which documents belong to which sub-direction: unit_id, doc_id; distinct, sorted."""
    named = matches.dropna(subset=["sub_direction"])
    frame = named[["sub_direction", "doc_id"]].drop_duplicates()
    frame = frame.rename(columns={"sub_direction": "unit_id"})
    return frame.sort_values(["unit_id", "doc_id"]).reset_index(drop=True)


def track_members(matches: pd.DataFrame) -> pd.DataFrame:
    """Which documents belong to which track, as units: unit_id, doc_id; distinct, sorted."""
    frame = matches[["track", "doc_id"]].drop_duplicates().rename(columns={"track": "unit_id"})
    return frame.sort_values(["unit_id", "doc_id"]).reset_index(drop=True)


def counted(members: pd.DataFrame, documents: pd.DataFrame, *, last_year: int) -> pd.DataFrame:
    """Documents of each unit up to the last complete year: n_docs, n_recent (of three years)."""
    years = members["doc_id"].map(documents["year"])
    known = members[years <= last_year].groupby("unit_id").size()
    recent = members[years.between(last_year - LATEST + 1, last_year)].groupby("unit_id").size()
    return pd.DataFrame({"n_docs": known, "n_recent": recent}).fillna(0).astype(int)


def subset(found: Features, units: list[str]) -> Features:
    """The features of some of the units."""
    places = [found.units.index(unit) for unit in units]
    table = found.table[found.table["unit_id"].isin(units)].reset_index(drop=True)
    return Features(units, table, found.draws[places], found.tau2)


def _score_sub_directions(
    matches: pd.DataFrame,
    facts: Facts,
    *,
    against: Reference,
    weights: Weights | None,
    settings: Settings,
) -> pd.DataFrame:
    members = sub_direction_members(matches)
    found = features(members, facts, settings=settings, tau2=against.tau2)
    tracks = features(track_members(matches), facts, settings=settings, tau2=against.tau2)
    sizes = counted(members, facts.documents, last_year=facts.last_year)

    def scores(some: Features) -> pd.DataFrame:
        return score_units(some, against, sizes=sizes, settings=settings, weights=weights)

    parts = []
    for track in sorted({unit.partition("/")[0] for unit in found.units}):
        own = subset(found, [unit for unit in found.units if unit.partition("/")[0] == track])
        table = scores(drawn_to_track(own, subset(tracks, [track]), against))
        table.insert(0, "track", track)
        parts.append(table)
    empty = scores(subset(found, []))
    empty.insert(0, "track", pd.Series(dtype="str"))
    return pd.concat(parts, ignore_index=True) if parts else empty


def _write(stage: Stage, folder: Path) -> None:
    for name in TABLES:
        frame = getattr(stage, name)
        frame.to_parquet(folder / f"{name}.parquet", index=name == "documents")
    np.save(folder / "reference.npy", stage.against.values)
    write_json(
        folder / "stage.json",
        {
            "as_of": stage.as_of,
            "previous": stage.previous,
            "last_year": stage.last_year,
            "tau2": stage.against.tau2,
            "fields": stage.fields,
        },
    )


def _read(folder: Path) -> Stage:
    card = read_json(folder / "stage.json")
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    return Stage(
        as_of=card["as_of"],
        previous=card["previous"],
        last_year=card["last_year"],
        fields=card["fields"],
        against=Reference(np.load(folder / "reference.npy"), card["tau2"]),
        **frames,
    )
