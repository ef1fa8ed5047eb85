"""The five views of a position: structure, organisations, technology, people, operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from foresight.indicators.aggregate import unit_means
from foresight.indicators.concentration import LEAST_DOCS, concentration
from foresight.indicators.growth import share_growth
from foresight.indicators.novelty import novel_share
from foresight.indicators.specialisation import specialisation
from foresight.intervals import poisson, wilson
from foresight.tables import among

MIN_MEAN = 10  # documents: bootstrap intervals of a mean of fewer are much too short
PRIOR_MASS = 1.0  # expected documents: one table of two rows cannot tell how branches differ
MIN_GROWTH = 10  # documents in the window
WINDOW = 5  # years: of growth, concentration and newcomers
LEADERS = {"cr4": 4, "cr10": 10, "hhi": 1}  # documents needed are LEAST_DOCS times as many
OPERATIONS = {
    "transfers": "transfer",
    "licences": "license",
    "pledges": "pledge",
    "litigation": "litigation",
}

NAMES = {
    "structure": ("branch_share", "rta"),
    "enterprises": ("organisations", "newcomer_share", *LEADERS),
    "technology": (
        "documents", "share_of_world", "growth", "citation_percentile", "novel_share",
        "high_value_share",
    ),
    "talent": ("inventors", "inventors_placed", "newcomer_share", "inventors_per_document"),
    "operation": tuple(OPERATIONS),
}  # fmt: skip

Row = tuple[str, str, float, float, float, int, frozenset[str], str | None]


@dataclass(frozen=True)
class Evidence:
    """What a position is taken from; a table that is None is not known, and its rows undecided.

    Attributes
    ----------
    documents : DataFrame
        doc_id, published (ISO date), year: the documents of the track, at all levels.
    members : DataFrame
        unit_id (branch), doc_id.
    levels : DataFrame
        Of `foresight.navigation.places.level_documents`, for these documents.
    totals : Series indexed by year
        Documents of the whole corpus; what growth is measured against.
    last_year : int
        Last complete year.
    organisations : DataFrame, optional
        doc_id, org_id, first_year (of the organisation in the whole corpus).
    inventors : DataFrame, optional
        doc_id, name (as written), first_year (of the name in the whole corpus); country, province
        and city of the person's own place, null where not told.
    percentile : Series indexed by doc_id, optional
        Citation percentile in field and year (0 to 100); missing where not known.
    novel : Series indexed by doc_id, optional
        1 or 0; missing where not known.
    verdicts : DataFrame, optional
        doc_id, valid, high_value: `yes`, `no` or `undecided`.
    events : DataFrame, optional
        Table `EVENT_TABLE`, of all documents of the corpus.
    events_complete : bool, default False
        Whether the events are all there were, so that a kind without any event is a true zero.
    """

    documents: pd.DataFrame
    members: pd.DataFrame
    levels: pd.DataFrame
    totals: pd.Series
    last_year: int
    organisations: pd.DataFrame | None = None
    inventors: pd.DataFrame | None = None
    percentile: pd.Series | None = None
    novel: pd.Series | None = None
    verdicts: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    events_complete: bool = False


@dataclass(frozen=True)
class Cell:
    """One unit at one level: its documents there, and those of the track and the unit around it.

    Attributes
    ----------
    level, region, unit_id : str
    ids : frozenset of doc_id
        Documents of the unit inside the level.
    known : frozenset of doc_id
        Documents of the unit of which it is known whether they are inside.
    track, track_known : frozenset of doc_id
        Documents of the track inside the level, and those of which it is known.
    """

    level: str
    region: str
    unit_id: str
    ids: frozenset[str]
    known: frozenset[str]
    track: frozenset[str]
    track_known: frozenset[str]

    def rows(self, evidence: Evidence, rng: np.random.Generator, *, branch: bool) -> Iterator[Row]:
        """All five views; every row undecided where the level is known of no document."""
        if not self.known:
            for view, names in NAMES.items():
                if branch or view != "structure":
                    yield from (self._undecided(view, name, "level_not_known") for name in names)
            return
        if branch:
            yield from self.structure(evidence)
        yield from self.enterprises(evidence, rng)
        yield from self.technology(evidence, rng)
        yield from self.talent(evidence, rng)
        yield from self.operation(evidence)

    def structure(self, evidence: Evidence) -> Iterator[Row]:
        """Share of the level's recent documents that falls to the unit, and its specialisation."""
        weights = _branch_weights(evidence)
        own = weights[weights["unit_id"] == self.unit_id]
        ids = frozenset(own["doc_id"])
        part, whole = _mass(own, self.track), _mass(weights, self.track)
        if whole:
            lo, hi = wilson([part], [whole])
            bounds = (part / whole, lo[0], hi[0])
            yield self._row("structure", "branch_share", bounds, round(whole), self.ids & ids)
        else:
            yield self._undecided("structure", "branch_share", "no_recent_documents")
        if self.level == "world":
            return
        outside = self.track_known - self.track
        away, other = _mass(own, outside), _mass(weights, outside)
        columns = {"unit": [part, away], "rest": [whole - part, other - away]}
        counts = pd.DataFrame(columns, index=["in", "out"]).clip(lower=0)
        found = specialisation(counts, mass=PRIOR_MASS).iloc[0]
        value, lo_, hi_ = (float(found[name]) for name in ("rta_shrunk", "rta_lo", "rta_hi"))
        if np.isnan(value):
            yield self._undecided("structure", "rta", "no_recent_documents")
        else:
            yield self._row("structure", "rta", (value, lo_, hi_), round(whole), self.ids & ids)

    def technology(self, evidence: Evidence, rng: np.random.Generator) -> Iterator[Row]:
        """Volume, share of the world, growth, citations, novelty and high value."""
        lo, hi = poisson([len(self.ids)])
        yield self._row("technology", "documents", (len(self.ids), lo[0], hi[0]), len(self.known))
        lo, hi = wilson([len(self.ids)], [len(self.known)])
        share = len(self.ids) / len(self.known)
        yield self._row("technology", "share_of_world", (share, lo[0], hi[0]), len(self.known))
        yield self._growth(evidence)
        yield self._mean("technology", "citation_percentile", evidence.percentile, rng)
        yield self._novelty(evidence)
        yield self._high_value(evidence)

    def _growth(self, evidence: Evidence) -> Row:
        years = range(evidence.last_year - WINDOW + 1, evidence.last_year + 1)
        totals = evidence.totals.reindex(years).fillna(0)
        rows = evidence.documents[among(evidence.documents["doc_id"], self.ids)]
        rows = rows[rows["year"].isin(years)]
        if (totals <= 0).any():
            return self._undecided("technology", "growth", "corpus_without_year")
        if len(rows) < MIN_GROWTH:
            return self._undecided("technology", "growth", "few_documents", n=len(rows))
        counts = rows["year"].value_counts().reindex(years, fill_value=0).to_numpy()
        table = pd.DataFrame(
            {"topic_id": self.unit_id, "year": years, "n_docs": counts, "n_corpus": totals.array}
        ).assign(n_patents=counts, n_papers=0)
        found = share_growth(table, last_year=evidence.last_year, window=WINDOW).iloc[0]
        slope, half = float(found["raw"]), float(norm.ppf(0.975)) * float(found["raw_se"])
        bounds = (slope, slope - half, slope + half)
        return self._row("technology", "growth", bounds, len(rows), rows["doc_id"])

    def _novelty(self, evidence: Evidence) -> Row:
        if evidence.novel is None:
            return self._undecided("technology", "novel_share", "not_known")
        known = evidence.novel.reindex(sorted(self.ids & _recent(evidence))).dropna()
        if known.empty:
            return self._undecided("technology", "novel_share", "not_known_of_recent")
        members = pd.DataFrame({"unit_id": self.unit_id, "doc_id": known.index})
        found = novel_share(members, known).iloc[0]
        bounds = (float(found["share"]), float(found["lo"]), float(found["hi"]))
        return self._row("technology", "novel_share", bounds, len(known), known.index)

    def _high_value(self, evidence: Evidence) -> Row:
        name = ("technology", "high_value_share")
        if evidence.verdicts is None:
            return self._undecided(*name, "not_known")
        rows = evidence.verdicts[among(evidence.verdicts["doc_id"], self.ids)]
        rows = rows[rows["valid"] == "yes"]
        decided = rows[rows["high_value"].isin(["yes", "no"])]
        if decided.empty:
            return self._undecided(*name, self._why("no_valid_patent_decided"), n=len(rows))
        yes = int((decided["high_value"] == "yes").sum())
        open_ = len(rows) - len(decided)
        lo, _ = wilson([yes], [len(rows)])
        _, hi = wilson([yes + open_], [len(rows)])
        bounds = (yes / len(decided), lo[0], hi[0])
        return self._row(*name, bounds, len(decided), decided["doc_id"])

    def enterprises(self, evidence: Evidence, rng: np.random.Generator) -> Iterator[Row]:
        """Organisations, concentration and newcomers of the unit at the level."""
        names = NAMES["enterprises"]
        if evidence.organisations is None:
            yield from (self._undecided("enterprises", name, "not_known") for name in names)
            return
        rows = evidence.organisations[among(evidence.organisations["doc_id"], self.ids)]
        rows = rows.dropna(subset=["org_id"]).drop_duplicates(["doc_id", "org_id"])
        if rows.empty:
            why = self._why("no_organisation_named")
            yield from (self._undecided("enterprises", name, why) for name in names)
            return
        years = evidence.documents.set_index("doc_id")["year"]
        rows = rows.assign(year=rows["doc_id"].map(years))
        yield self._count("enterprises", "organisations", rows, "org_id")
        yield self._newcomers("enterprises", rows, "org_id", last_year=evidence.last_year)
        found = concentration(rows, last_year=evidence.last_year, rng=rng, window=WINDOW)
        recent = rows[_in_window(rows["year"], evidence.last_year)]
        for measure, leaders in LEADERS.items():
            value, lo, hi = (float(found[name].loc[measure]) for name in ("value", "lo", "hi"))
            size = int(found["n_docs"].loc[measure])
            if size < LEAST_DOCS * leaders:
                yield self._undecided("enterprises", measure, "few_documents", n=size)
            else:
                yield self._row("enterprises", measure, (value, lo, hi), size, recent["doc_id"])

    def talent(self, evidence: Evidence, rng: np.random.Generator) -> Iterator[Row]:
        """Names of inventors (not disambiguated) on the unit's documents at the level."""
        names = NAMES["talent"]
        if evidence.inventors is None:
            yield from (self._undecided("talent", name, "not_known") for name in names)
            return
        rows = evidence.inventors[among(evidence.inventors["doc_id"], self.ids)]
        rows = rows.dropna(subset=["name"])
        if rows.empty:
            why = self._why("no_inventor_named")
            yield from (self._undecided("talent", name, why) for name in names)
            return
        years = evidence.documents.set_index("doc_id")["year"]
        rows = rows.assign(year=rows["doc_id"].map(years))
        yield self._count("talent", "inventors", rows, "name")
        own = rows["country"].notna() if self.level == "world" else rows[self.level] == self.region
        placed = rows[own.fillna(value=False)]
        if placed.empty:
            yield self._undecided("talent", "inventors_placed", "no_inventor_placed_here")
        else:
            yield self._count("talent", "inventors_placed", placed, "name")
        yield self._newcomers("talent", rows, "name", last_year=evidence.last_year)
        rows = rows[_in_window(rows["year"], evidence.last_year)]
        size = rows.drop_duplicates(["doc_id", "name"]).groupby("doc_id").size().astype(float)
        yield self._mean("talent", "inventors_per_document", size, rng)

    def operation(self, evidence: Evidence) -> Iterator[Row]:
        """Transfers, licences, pledges and law suits per valid patent."""
        for name, event in OPERATIONS.items():
            yield self._events_per_patent(evidence, name, event)

    def _events_per_patent(self, evidence: Evidence, name: str, event: str) -> Row:
        events = evidence.events
        hits = None if events is None else events[events["event"] == event]
        if hits is None or (hits.empty and not evidence.events_complete):
            return self._undecided("operation", name, "no_events")
        if evidence.verdicts is None:
            return self._undecided("operation", name, "validity_unknown")
        rows = evidence.verdicts[among(evidence.verdicts["doc_id"], self.ids)]
        valid = rows.loc[rows["valid"] == "yes", "doc_id"]
        unsure = rows.loc[rows["valid"] == "undecided", "doc_id"]
        if valid.empty:
            why = "validity_unknown" if len(unsure) else self._why("no_valid_patents")
            return self._undecided("operation", name, why)
        certain, possible = (
            int(among(hits["doc_id"], ids).sum()) for ids in (valid, pd.concat([valid, unsure]))
        )
        lo, _ = poisson([certain])
        _, hi = poisson([possible])
        whole = len(valid) + len(unsure)
        bounds = (certain / len(valid), lo[0] / whole, hi[0] / len(valid))
        return self._row("operation", name, bounds, len(valid), valid)

    def _count(self, view: str, name: str, rows: pd.DataFrame, column: str) -> Row:
        """How many distinct values; no interval: a number of names is not a count of events."""
        bounds = (float(rows[column].nunique()), np.nan, np.nan)
        return self._row(view, name, bounds, rows["doc_id"].nunique(), rows["doc_id"])

    def _newcomers(self, view: str, rows: pd.DataFrame, column: str, *, last_year: int) -> Row:
        """Share of those active in the window whose first document in the corpus lies in it.

        Names on one document come together: there are no more trials than documents.
        """
        recent = rows[_in_window(rows["year"], last_year)]
        firsts = recent.groupby(column)["first_year"].min()
        if firsts.empty:
            return self._undecided(view, "newcomer_share", "no_document_in_window")
        share = float((firsts > last_year - WINDOW).mean())
        trials = min(len(firsts), recent["doc_id"].nunique())
        lo, hi = wilson([share * trials], [trials])
        return self._row(view, "newcomer_share", (share, lo[0], hi[0]), trials, recent["doc_id"])

    def _mean(
        self, view: str, name: str, values: pd.Series | None, rng: np.random.Generator
    ) -> Row:
        if values is None:
            return self._undecided(view, name, "not_known")
        known = values.reindex(sorted(self.ids)).dropna()
        if len(known) < MIN_MEAN:
            why = "few_documents" if len(known) else self._why("not_known")
            return self._undecided(view, name, why, n=len(known))
        members = pd.DataFrame({"unit_id": self.unit_id, "doc_id": known.index})
        found = unit_means(known, members, rng=rng).iloc[0]
        bounds = (float(found["mean"]), float(found["mean_lo"]), float(found["mean_hi"]))
        return self._row(view, name, bounds, len(known), known.index)

    def _why(self, otherwise: str) -> str:
        return otherwise if self.ids else "no_documents"

    def _row(
        self,
        view: str,
        name: str,
        bounds: tuple[float, float, float],
        n: int,
        ids: Iterable[str] | None = None,
    ) -> Row:
        kept = self.ids if ids is None else frozenset(ids)
        value, lo, hi = (float(bound) for bound in bounds)
        return (view, name, value, lo, hi, n, kept, None)

    def _undecided(self, view: str, name: str, reason: str, *, n: int = 0) -> Row:
        return (view, name, np.nan, np.nan, np.nan, n, frozenset(), reason)


def _in_window(years: pd.Series, last_year: int) -> pd.Series:
    return (years <= last_year) & (years > last_year - WINDOW)


def _recent(evidence: Evidence) -> frozenset[str]:
    """Documents of the window: what changes with the years is compared within it."""
    rows = evidence.documents
    return frozenset(rows.loc[_in_window(rows["year"], evidence.last_year), "doc_id"])


def _branch_weights(evidence: Evidence) -> pd.DataFrame:
    """unit_id, doc_id, weight of recent documents: one of k branches counts 1 / k in each."""
    recent = _recent(evidence)
    rows = evidence.members[among(evidence.members["doc_id"], recent)]
    rows = rows[["unit_id", "doc_id"]].drop_duplicates()
    return rows.assign(weight=1.0 / rows.groupby("doc_id")["doc_id"].transform("size"))


def _mass(weights: pd.DataFrame, ids: frozenset[str]) -> float:
    return float(weights.loc[among(weights["doc_id"], ids), "weight"].sum())
