"""What is known of a corpus at the end of a year, cut into units: all that a feature may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.emergence.drift import Drift, Floats, mean_vectors, measure_drift
from foresight.emergence.features import FEATURES, Facts, features
from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.graph import CitationGraph, citation_graph
from foresight.settings import Settings
from foresight.tables import TOPIC_YEARS
from foresight.topics.model import TopicModel

Ints = NDArray[np.int64]

RECENT = 3  # years: T-2 to T
DOCS_PER_UNIT = 60  # topics of a cut-off: one for so many documents known by then
LEAST_UNITS = 5
MOST_UNITS = 150
MIN_CORPUS = DOCS_PER_UNIT * LEAST_UNITS  # documents: below, there are no five topics


@dataclass(frozen=True)
class Records:
    """A corpus as plain tables, all of one set of documents.

    Attributes
    ----------
    documents : DataFrame indexed by doc_id, sorted and unique
        year (int, when it became public), kind, n_pairs, n_first_pairs (class pairs, those never
        seen before; see `foresight.corpus.history`).
    vectors : array of shape (n_docs, n_dimensions), float32
        In the order of `documents`.
    references : DataFrame
        citing_id, cited_id, cited_kind, cited_year; the cited may lie outside.
    classes : DataFrame
        doc_id, code; distinct.
    organisations : DataFrame
        doc_id, org_id; distinct.
    countries : DataFrame
        doc_id, country; distinct.
    people : DataFrame
        doc_id, person; distinct.
    """

    documents: pd.DataFrame
    vectors: NDArray[np.float32]
    references: pd.DataFrame
    classes: pd.DataFrame
    organisations: pd.DataFrame
    countries: pd.DataFrame
    people: pd.DataFrame

    def __post_init__(self) -> None:
        index = self.documents.index
        if not (index.is_unique and index.is_monotonic_increasing):
            msg = "The documents of records are not sorted by doc_id, or repeat one. Sort them."
            raise TableError(msg)
        if len(index) != len(self.vectors):
            msg = (
                f"{len(index)} documents have {len(self.vectors)} vectors. Give one vector per "
                "document, in their order."
            )
            raise TableError(msg)

    def totals(self) -> pd.Series:
        """Documents by year, a row for every year from the first to the last."""
        counts = self.documents["year"].value_counts()
        every = pd.RangeIndex(int(counts.index.min()), int(counts.index.max()) + 1, name="year")
        return counts.reindex(every, fill_value=0)

    def until(self, last_year: int) -> Records:
        """What was known at the end of a year: documents by then, and what they state.

        A reference of unstated kind gets the kind of the cited document where that is known too.
        """
        keep = (self.documents["year"] <= last_year).to_numpy()
        known = self.documents[keep]

        def rows(frame: pd.DataFrame, column: str = "doc_id") -> pd.DataFrame:
            return frame[frame[column].isin(known.index)].reset_index(drop=True)

        references = rows(self.references, "citing_id")
        kinds = references["cited_id"].map(known["kind"])
        references["cited_kind"] = references["cited_kind"].fillna(kinds)
        return Records(
            documents=known,
            vectors=self.vectors[keep],
            references=references,
            classes=rows(self.classes),
            organisations=rows(self.organisations),
            countries=rows(self.countries),
            people=rows(self.people),
        )


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
        return Facts(
            documents=records.documents[["year", "n_pairs", "n_first_pairs"]],
            organisations=named.assign(first_year=named["org_id"].map(first)),
            countries=records.countries,
            totals=self.totals,
            last_year=self.last_year,
        )

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
        records = self.records
        return measure_drift(
            records.vectors, records.documents["year"].to_numpy(), last_year=self.last_year
        )

    @cached_property
    def recent_means(self) -> Floats:
        """Mean vector of each unit's documents of T-2 … T, NaN without any."""
        rows = self.recent(RECENT)
        places = self.records.documents.index.get_indexer(rows["doc_id"])
        return mean_vectors(self.records.vectors[places], rows["unit_id"], names=self.units)

    def missing(self) -> pd.Series:
        """A value that no unit has."""
        return pd.Series(np.nan, index=self.units)


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


def shuffled_years(records: Records, *, rng: np.random.Generator) -> Records:
    """The same records with the years of documents dealt out anew: nothing is left to foresee.

    The number of documents of every year stays. For a guard: a backtest of it must show no skill.
    """
    years = rng.permutation(records.documents["year"].to_numpy())
    return replace(records, documents=records.documents.assign(year=years))
