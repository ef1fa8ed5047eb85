"""What is known of a corpus at the end of a year, cut into units: all that a feature may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.emergence.drift import Drift, drawn, meaning, measure_drift
from foresight.emergence.features import FEATURES, Facts, features, newcomer_share
from foresight.emergence.records import Records
from foresight.errors import InsufficientDataError
from foresight.indicators.graph import CitationGraph, citation_graph
from foresight.indicators.surroundings import evenly, near_share
from foresight.settings import Settings
from foresight.tables import TOPIC_YEARS
from foresight.topics.model import TopicModel

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

DOCS_PER_UNIT = 60  # topics of a cut-off: one for so many documents known by then
LEAST_UNITS = 5
MOST_UNITS = 150
MIN_CORPUS = DOCS_PER_UNIT * LEAST_UNITS  # documents: below, there are no five topics
RECENT = 3  # years: T-2 to T
ASKED = 20  # recent documents of a unit whose neighbours are looked for
POOL = 10_000  # documents among which they are looked for
POOL_YEARS = 10
NEAREST = 20  # neighbours of a document
INSTITUTIONS = ("company", "research")
BLOCK = 16_384  # documents whose vectors are laid out at a time


@dataclass(frozen=True)
class Snapshot:
    """What is known at the end of `last_year`, and the units that are compared.

    Features are functions of a snapshot alone, so that they cannot read the future.

    Attributes
    ----------
    last_year : int
        The cut-off, T; a complete year.
    records : Records
        Of documents up to T.
    members : DataFrame, sorted
        unit_id, doc_id: one unit per document; documents of units that are too small for a
        score are left out.
    settings : Settings
    """

    last_year: int
    records: Records
    members: pd.DataFrame
    settings: Settings

    @cached_property
    def units(self) -> pd.Index:
        """Names of the units, sorted."""
        names: pd.Index = pd.Index(sorted(self.members["unit_id"].unique()), name="unit_id")
        return names

    @cached_property
    def dated(self) -> pd.DataFrame:
        """`members` with the columns of documents: unit_id, doc_id, year, kind, ….

        Sorted by unit_id and doc_id, fresh index.
        """
        return self.members.join(self.records.documents, on="doc_id")

    @cached_property
    def totals(self) -> pd.Series:
        """Documents of the corpus by year, up to T."""
        counts = self.records.totals()
        return counts.reindex(range(int(counts.index[0]), self.last_year + 1), fill_value=0)

    @cached_property
    def graph(self) -> CitationGraph:
        """References between documents known at T."""
        return citation_graph(self.records.documents.reset_index(), self.records.references)

    @cached_property
    def reference_ages(self) -> pd.DataFrame:
        """Row of the citing document, age (years) and kind of what it cites, where both are dated.

        References to documents outside the records count, by the year stated. One row per pair of
        documents; what is dated later than the citing document is left out.
        """
        columns = ["citing_id", "cited_id", "cited_kind", "cited_year"]
        rows = self.records.references[columns].sort_values(columns)
        rows = rows.drop_duplicates(["citing_id", "cited_id"])
        index = self.records.documents.index
        citing, cited = (index.get_indexer(pd.Index(rows[name])) for name in columns[:2])
        stated = rows["cited_year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        year = np.where(cited >= 0, self.years[cited], stated)
        frame = pd.DataFrame(
            {"row": citing, "age": self.years[citing] - year, "kind": rows["cited_kind"].to_numpy()}
        )
        kept: pd.DataFrame = frame[(citing != cited) & (frame["age"] >= 0)]
        return kept.reset_index(drop=True)

    @cached_property
    def topic_years(self) -> pd.DataFrame:
        """Table TOPIC_YEARS of the units, from the first year of the corpus to T."""
        years = self.totals.index
        grid = pd.MultiIndex.from_product([self.units, years], names=["topic_id", "year"])
        rows = self.dated.rename(columns={"unit_id": "topic_id"})

        def counted(part: pd.DataFrame) -> pd.Series:
            return part.groupby(["topic_id", "year"]).size().reindex(grid, fill_value=0)

        frame = pd.DataFrame({"n_docs": counted(rows)}, index=grid)
        frame["n_corpus"] = self.totals.reindex(grid.get_level_values("year")).to_numpy()
        frame["n_patents"] = counted(rows[rows["kind"] == "patent"])
        frame["n_papers"] = counted(rows[rows["kind"] == "paper"])
        return frame.reset_index()[TOPIC_YEARS.names]

    @cached_property
    def facts(self) -> Facts:
        """What `foresight.emergence.features` reads."""
        records = self.records
        named = records.organisations
        years = named["doc_id"].map(records.documents["year"])
        first = years.groupby(named["org_id"]).min()
        window = self.last_year - self.settings.window + 1
        return Facts(
            documents=records.documents[["year", "n_pairs", "n_first_pairs"]].assign(
                new_people=newcomer_share(
                    records.people, first_seen=records.first_seen(), since=window
                ),
                **meaning(records.vectors, self.drift),
            ),
            organisations=named.assign(first_year=named["org_id"].map(first)),
            countries=records.countries,
            totals=self.totals,
            last_year=self.last_year,
        )

    @cached_property
    def unit_of(self) -> Ints:
        """Number of the unit of every document of `records`, in their order; -1 for none."""
        index = self.records.documents.index
        found = np.full(len(index), -1, dtype=np.int64)
        rows = index.get_indexer(pd.Index(self.members["doc_id"]))
        found[rows] = self.units.get_indexer(pd.Index(self.members["unit_id"]))
        return found

    @cached_property
    def years(self) -> Ints:
        """Year of every document of `records`, in their order."""
        return self.records.documents["year"].to_numpy(dtype=np.int64)

    def within(self, first: int, last: int) -> Ints:
        """Rows, in `records`, of the documents of units of the years `first` to `last`."""
        return np.flatnonzero((self.unit_of >= 0) & (self.years >= first) & (self.years <= last))

    def membership(self, first: int, last: int) -> sparse.csr_array:
        """Array of shape (n_units, n_docs): 1 for the documents of each unit of some years."""
        rows = self.within(first, last)
        shape = (len(self.units), len(self.years))
        return sparse.csr_array((np.ones(len(rows)), (self.unit_of[rows], rows)), shape=shape)

    def _carried(self, frame: pd.DataFrame, column: str) -> sparse.csr_array:
        """Array of shape (n_docs, n_items): 1 where a document carries an item."""
        known = frame[["doc_id", column]].dropna().drop_duplicates()
        rows = self.records.documents.index.get_indexer(pd.Index(known["doc_id"]))
        items, names = pd.factorize(known[column], sort=True)
        shape = (len(self.years), len(names))
        return sparse.csr_array((np.ones(len(items)), (rows, items)), shape=shape)

    @cached_property
    def classes(self) -> sparse.csr_array:
        """Documents by classes (for papers: keywords and topics), 1 where they carry one."""
        return self._carried(self.records.classes, "code")

    @cached_property
    def organisations(self) -> sparse.csr_array:
        """Documents by organisations."""
        return self._carried(self.records.organisations, "org_id")

    @cached_property
    def people(self) -> sparse.csr_array:
        """Documents by people."""
        return self._carried(self.records.people, "person")

    @cached_property
    def countries(self) -> sparse.csr_array:
        """Documents by countries."""
        return self._carried(self.records.countries, "country")

    @cached_property
    def institutions(self) -> NDArray[np.bool_]:
        """Array of shape (n_docs, 2): whether a company, and a research body, made it."""
        stated = self.records.institutions
        index = self.records.documents.index
        columns = [
            index.isin(stated.loc[stated["institution"] == kind, "doc_id"]) for kind in INSTITUTIONS
        ]
        return np.column_stack(columns)

    @cached_property
    def venues(self) -> sparse.csr_array:
        """Documents by venues."""
        return self._carried(self.records.venues, "venue")

    @cached_property
    def words(self) -> sparse.csr_array:
        """Documents by words, 1 where a document has one; no column without texts."""
        return _present(self.records.words, len(self.years))

    @cached_property
    def bigrams(self) -> sparse.csr_array:
        """Documents by pairs of neighbouring words."""
        return _present(self.records.bigrams, len(self.years))

    @cached_property
    def directions(self) -> Floats:
        """Vectors of the documents less the mean of all, of unit length; 0 where they equal it."""
        vectors = self.records.vectors
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        made = np.empty(vectors.shape, dtype=np.float32)
        for start in range(0, len(vectors), BLOCK):
            part = vectors[start : start + BLOCK] - mean
            length = np.linalg.norm(part, axis=1, keepdims=True)
            np.divide(part, length, out=part, where=length > 0)
            made[start : start + BLOCK] = part
        return made

    @cached_property
    def surroundings(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Share of T-2 … T among the nearest of all documents, and of those of other units.

        For at most 20 documents of each unit of T-2 … T, NaN for all others; neighbours are
        looked for among 10,000 documents of T-9 … T, all evenly spread over the order of ids.
        """
        late = self.last_year - RECENT + 1
        rows = self.within(late, self.last_year)
        units = self.unit_of[rows]
        chosen = [evenly(rows[units == unit], most=ASKED) for unit in range(len(self.units))]
        asked = np.concatenate([*chosen, np.empty(0, dtype=np.int64)])
        asked = asked[self.directions[asked].any(axis=1)]
        near = self.years > self.last_year - POOL_YEARS
        pool = evenly(np.flatnonzero(near & self.directions.any(axis=1)), most=POOL)
        found = np.full((2, len(self.years)), np.nan)
        found[:, asked] = near_share(
            self.directions,
            self.years >= late,
            self.unit_of,
            asked=asked,
            pool=pool,
            nearest=NEAREST,
        )
        return found[0], found[1]

    def counts(self, first: int, last: int) -> pd.Series:
        """Documents of each unit in the years `first` to `last`, zeros included."""
        rows = self.dated[self.dated["year"].between(first, last)]
        return rows.groupby("unit_id").size().reindex(self.units, fill_value=0)

    def mean(self, values: pd.Series, rows: pd.DataFrame | None = None) -> pd.Series:
        """Mean over the documents of each unit of a value per doc_id, missing ones left out.

        `rows` are the rows of `dated` that count (default: all); NaN for a unit without a value.
        """
        used = self.dated if rows is None else rows
        found = values.reindex(used["doc_id"]).to_numpy(dtype=float, na_value=np.nan)
        by_unit = pd.Series(found).groupby(used["unit_id"].to_numpy()).mean()
        return by_unit.reindex(self.units)

    @cached_property
    def scored(self) -> pd.DataFrame:
        """The features of the published score, points alone: a row per unit, a column each."""
        one_draw = replace(self.settings, draws=1)  # intervals are not used here
        found = features(self.members, self.facts, settings=one_draw)
        columns = {name: found.values(name) for name in FEATURES}
        return pd.DataFrame(columns).reindex(self.units)

    def recent(self, years: int) -> pd.DataFrame:
        """The rows of `dated` of the last `years` years."""
        return self.dated[self.dated["year"] > self.last_year - years]

    @cached_property
    def drift(self) -> Drift:
        """Where the meaning of the corpus moves, up to T."""
        years = self.records.documents["year"]
        ids = drawn(years, last_year=self.last_year)
        places = years.index.get_indexer(ids)
        return measure_drift(
            self.records.vectors[places], years.to_numpy()[places], last_year=self.last_year
        )

    def missing(self) -> pd.Series:
        """A value that no unit has."""
        return pd.Series(np.nan, index=self.units)


def _present(counts: sparse.csr_array | None, n_docs: int) -> sparse.csr_array:
    if counts is None:
        return sparse.csr_array((n_docs, 0))
    return sparse.csr_array((np.ones(counts.nnz), counts.indices, counts.indptr), counts.shape)


def number_of_units(n_docs: int) -> int:
    """One unit for every 60 documents, at least 5, at most 150; a fixed rule, not chosen by skill.

    Raises
    ------
    InsufficientDataError
        With fewer than 300 documents.
    """
    if n_docs < MIN_CORPUS:
        msg = (
            f"{n_docs} documents are too few for units to compare; {MIN_CORPUS} are needed. "
            "Choose a later cut-off or a larger corpus."
        )
        raise InsufficientDataError(msg)
    return int(np.clip(round(n_docs / DOCS_PER_UNIT), LEAST_UNITS, MOST_UNITS))


def take_snapshot(
    records: Records, *, last_year: int, settings: Settings
) -> tuple[Snapshot, pd.DataFrame]:
    """Cut a corpus at the end of a year into units, and assign what came later to them.

    `TopicModel` with `number_of_units` topics is fitted on the documents of that time alone;
    later documents get the topic of the nearest centre.

    Parameters
    ----------
    records : Records
        May hold later documents; only `later` depends on them.
    last_year : int
        The cut-off, T.
    settings : Settings
        `seed`, `window`, and `min_docs`: a topic with fewer documents by T is no unit.

    Returns
    -------
    snapshot : Snapshot
        Units are named `<T>-<number>`, the largest topic first.
    later : DataFrame
        unit_id, doc_id, year of documents after T; those of topics that are no unit are left out.

    Raises
    ------
    InsufficientDataError
        With fewer than 300 documents by T.
    """
    known = records.until(last_year)
    number = number_of_units(len(known.documents))
    model = TopicModel(n_topics=number, random_state=settings.seed)
    ids = known.documents.index.tolist()
    model.fit(known.vectors, ids=ids)
    sizes = np.bincount(model.labels_)
    names = np.array([f"{last_year}-{i:03d}" for i in range(1, len(sizes) + 1)], dtype=object)

    def placed(labels: Ints, documents: pd.DataFrame) -> pd.DataFrame:
        frame = pd.DataFrame(
            {
                "unit_id": pd.Series(names[labels], dtype="str"),
                "doc_id": documents.index,
                "year": documents["year"].to_numpy(),
            }
        )
        frame = frame[sizes[labels] >= settings.min_docs]
        return frame.sort_values(["unit_id", "doc_id"]).reset_index(drop=True)

    members = placed(model.labels_, known.documents)[["unit_id", "doc_id"]]
    snapshot = Snapshot(last_year, known, members, settings)
    after = (records.documents["year"] > last_year).to_numpy()
    labels = model.predict(records.vectors[after]) if after.any() else np.empty(0, dtype=np.int64)
    return snapshot, placed(labels, records.documents[after])
