"""A corpus as the plain tables that the backtest reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.errors import TableError
from foresight.tables import among


def _no_institutions() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("doc_id", "institution")})


def _no_venues() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("doc_id", "venue", "form")})


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
    institutions : DataFrame, optional
        doc_id, institution (`company`, `research`): kinds of organisation whose names say so;
        distinct.
    venues : DataFrame, optional
        doc_id, venue, form (`journal`, `conference`); one row per document of which either is
        known, null where not.
    words, bigrams : csr_array of shape (n_docs, n_words) and (n_docs, n_bigrams), optional
        How often each document has each word, and each pair of neighbouring words, in the order
        of `documents`; None where texts are not at hand.
    """

    documents: pd.DataFrame
    vectors: NDArray[np.float32]
    references: pd.DataFrame
    classes: pd.DataFrame
    organisations: pd.DataFrame
    countries: pd.DataFrame
    people: pd.DataFrame
    institutions: pd.DataFrame = field(default_factory=_no_institutions)
    venues: pd.DataFrame = field(default_factory=_no_venues)
    words: sparse.csr_array | None = None
    bigrams: sparse.csr_array | None = None

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
        for counts in (self.words, self.bigrams):
            if counts is not None and counts.shape[0] != len(index):
                msg = (
                    f"{len(index)} documents have {counts.shape[0]} rows of words. Give one row "
                    "per document, in their order."
                )
                raise TableError(msg)

    def totals(self) -> pd.Series:
        """Documents by year, a row for every year from the first to the last."""
        counts = self.documents["year"].value_counts()
        every = pd.RangeIndex(int(counts.index.min()), int(counts.index.max()) + 1, name="year")
        return counts.reindex(every, fill_value=0)

    def first_seen(self) -> pd.Series:
        """Year of the first document of every person, indexed by person."""
        years = self.people["doc_id"].map(self.documents["year"])
        return years.groupby(self.people["person"]).min()

    def until(self, last_year: int) -> Records:
        """What was known at the end of a year: documents by then, and what they state.

        A reference of unstated kind gets the kind of the cited document where that is known too.
        """
        keep = (self.documents["year"] <= last_year).to_numpy()
        known = self.documents[keep]

        def rows(frame: pd.DataFrame, column: str = "doc_id") -> pd.DataFrame:
            return frame[among(frame[column], known.index)].reset_index(drop=True)

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
            institutions=rows(self.institutions),
            venues=rows(self.venues),
            words=_known_words(self.words, keep),
            bigrams=_known_words(self.bigrams, keep),
        )


def _known_words(
    counts: sparse.csr_array | None, keep: NDArray[np.bool_]
) -> sparse.csr_array | None:
    """The words of the documents kept; those that only others use are not yet known."""
    if counts is None:
        return None
    words = counts[keep]
    used = np.bincount(words.indices, minlength=words.shape[1]) > 0
    number = np.cumsum(used) - 1
    shape = (words.shape[0], int(used.sum()))
    return sparse.csr_array((words.data, number[words.indices], words.indptr), shape=shape)


def shuffled_years(records: Records, *, rng: np.random.Generator) -> Records:
    """The same records with the years of documents dealt out anew: nothing is left to foresee.

    The number of documents of every year stays. For a guard: a backtest of it must show no skill.
    """
    years = rng.permutation(records.documents["year"].to_numpy())
    return replace(records, documents=records.documents.assign(year=years))
