"""Pace: how old is what patents cite, and how much of it is science."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresight.indicators.aggregate import check_columns
from foresight.tables import among


def cycle_time(
    documents: pd.DataFrame, references: pd.DataFrame, *, kind: str = "patent"
) -> pd.DataFrame:
    """Estimate technology cycle time: the median age of the patents that a document cites.

    Age is the year of the citing document less the year of the cited one; an even number of
    references has the mean of the middle two.

    Parameters
    ----------
    documents : DataFrame
        `doc_id` (unique), `year` (null where not known).
    references : DataFrame
        Table `REFERENCES`: `citing_id`, `cited_id`, `cited_kind`, `cited_year`. The year of a
        cited document comes from `documents` where it is there, otherwise from `cited_year`.
    kind : str, default "patent"
        Kind of reference that counts; one whose kind is not stated does not.

    Returns
    -------
    DataFrame, indexed by doc_id in sorted order, one row per document
        `cycle_time` (years; NaN where no reference of that kind is dated), `n_dated`
        (references behind it), `n_later` (dated later than the citing document: left out),
        `n_undated`.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    A pair on record twice counts once; a document's reference to itself does not count. Follows
    the years at hand: ages from filing to filing differ from those from grant to grant.
    Offices and examiners differ in how old art they cite: compare within one office and decade.
    A unit's figure is the mean over its documents (`unit_means`).

    References
    ----------
    Kayal & Waters (1999), doi:10.1109/17.759138.
    """
    check_columns(documents, ("doc_id", "year"), "documents")
    check_columns(references, ("citing_id", "cited_id", "cited_kind", "cited_year"), "references")
    years = documents.set_index("doc_id")["year"].astype("Float64").astype(np.float64)
    rows = _distinct(references, "cited_year")
    used = (rows["cited_kind"] == kind).fillna(value=False).to_numpy(dtype=bool)
    rows = rows[used & among(rows["citing_id"], years.index)]
    stated = rows["cited_year"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    known = years.reindex(rows["cited_id"]).to_numpy()
    age = years.reindex(rows["citing_id"]).to_numpy() - np.where(np.isnan(known), stated, known)
    ages = pd.DataFrame({"doc_id": rows["citing_id"].to_numpy(), "age": age})
    by_doc = ages[ages["age"] >= 0].groupby("doc_id")["age"]
    index = pd.Index(years.index.sort_values(), name="doc_id")
    columns = {
        "cycle_time": by_doc.median().reindex(index),
        "n_dated": by_doc.size().reindex(index, fill_value=0),
        "n_later": ages[ages["age"] < 0].groupby("doc_id").size().reindex(index, fill_value=0),
        "n_undated": ages[ages["age"].isna()].groupby("doc_id").size().reindex(index, fill_value=0),
    }
    return pd.DataFrame(columns, index=index)


def science_linkage(documents: pd.DataFrame, references: pd.DataFrame) -> pd.DataFrame:
    """Count the papers that each document cites.

    Parameters
    ----------
    documents : DataFrame
        `doc_id` (unique).
    references : DataFrame
        Table `REFERENCES`: `citing_id`, `cited_id`, `cited_kind`.

    Returns
    -------
    DataFrame, indexed by doc_id in sorted order, one row per document
        `science_linkage` (papers cited; NaN, not zero, where no reference of a stated kind is on
        record), `n_references` (of a stated kind), `n_unknown_kind`.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Counts what the record identifies as papers: other literature (standards, manuals) must carry
    another kind. Depends on field and office; US patents cite far more papers than others. A
    unit's figure is the mean over its documents (`unit_means`).

    References
    ----------
    Narin, Hamilton & Olivastro (1997), doi:10.1016/S0048-7333(97)00013-9.
    """
    check_columns(documents, ("doc_id",), "documents")
    check_columns(references, ("citing_id", "cited_id", "cited_kind"), "references")
    rows = _distinct(references)
    index = pd.Index(documents["doc_id"].sort_values(), name="doc_id")

    def number(flags: pd.Series) -> pd.Series:
        return rows[flags].groupby("citing_id").size().reindex(index, fill_value=0)

    unknown = rows["cited_kind"].isna()
    stated = number(~unknown)
    papers = number((rows["cited_kind"] == "paper").fillna(value=False).astype(bool))
    columns = {
        "science_linkage": papers.astype(float).where(stated > 0),
        "n_references": stated,
        "n_unknown_kind": number(unknown),
    }
    return pd.DataFrame(columns, index=index)


def _distinct(references: pd.DataFrame, *more: str) -> pd.DataFrame:
    """One row per pair, whatever the order of rows; no document that cites itself.

    Where rows of one pair disagree, the first kind in the alphabet and its earliest year hold.
    """
    columns = ["citing_id", "cited_id", "cited_kind", *more]
    rows = references.loc[references["citing_id"] != references["cited_id"], columns]
    return rows.sort_values(columns).drop_duplicates(["citing_id", "cited_id"])
