"""What a corpus holds as of a date: documents by kind, office, language, source; filled fields.

Counted by the engine over the whole view; only the counts are read into memory.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from foresight.corpus.portable import HAN, lower
from foresight.corpus.titles import SHORTEST, SHORTEST_HAN
from foresight.corpus.view import View

GROUPS = ("kind", "office", "language", "source", "doc_type")
COLUMNS = (
    "abstract", "language", "filed", "priority", "granted", "office", "family_id", "doc_type",
    "status", "venue",
)  # fmt: skip
FIELDS = (
    *COLUMNS, "class_symbols", "keywords", "references", "persons", "organisations", "countries",
    "regions", "events",
)  # fmt: skip
"""Fields of `fill_counts`: columns of `documents`, then what other tables say of a document."""


def composition(view: View) -> pd.DataFrame:
    """Count the documents of a view by kind, office, language, source and type.

    Returns
    -------
    DataFrame, sorted by group (in the order of `GROUPS`), then most documents first
        group, value (null where the field is empty), n_docs, share (of all documents, 0 to 1).
    """
    parts = []
    for group in GROUPS:
        documents = view.documents
        counted = documents.group_by(value=documents[group]).agg(n_docs=documents.count())
        frame = view.corpus.read(counted)
        frame.insert(0, "group", group)
        frame["share"] = frame["n_docs"] / frame["n_docs"].sum()
        parts.append(frame.sort_values(["n_docs", "value"], ascending=[False, True]))
    return pd.concat(parts, ignore_index=True).astype({"n_docs": np.int64})


def fill_counts(view: View) -> pd.DataFrame:
    """Count, for each field, the documents of a view that have it, by kind and year.

    Returns
    -------
    DataFrame, sorted by field (in the order of `FIELDS`), kind, year of publication
        field, kind, year, n_docs, n_filled; only kinds and years with a document.
    """
    held = _held(view)
    counts = {name: held[name].count() for name in FIELDS}  # values that are not null
    keys = ["kind", "year"]
    wide = view.corpus.read(held.group_by(*keys).agg(n_docs=held.doc_id.count(), **counts))
    long = wide.melt(id_vars=[*keys, "n_docs"], var_name="field", value_name="n_filled")
    order = long.assign(place=long["field"].map(FIELDS.index)).sort_values(["place", *keys])
    done = order[["field", *keys, "n_docs", "n_filled"]].reset_index(drop=True)
    return done.astype({"year": np.int64, "n_docs": np.int64, "n_filled": np.int64})


def _held(view: View) -> ir.Table:
    """Documents with kind, year and one column per field, null where a document lacks it."""
    documents, classes, parties = view.documents, view.classes, view.parties
    held = documents.select("doc_id", "kind", *COLUMNS, year=documents.published[:4].cast("int64"))
    others = {
        "class_symbols": classes.filter(classes.scheme.isin(["cpc", "ipc"])),
        "keywords": classes.filter(classes.scheme.isin(["keyword", "openalex_topic"])),
        "references": view.references.select(doc_id="citing_id"),
        "persons": parties.drop_null(["name"]),
        "organisations": parties.drop_null(["org"]),
        "countries": parties.drop_null(["country"]),
        "regions": parties.drop_null(["region"]),
        "events": view.events,
    }
    for name, table in others.items():
        ids = table.select(**{name: table.doc_id}).distinct()
        held = held.left_join(ids, held.doc_id == ids[name])
    return held


def fill_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn `fill_counts` into shares of documents: of all, of patents, of papers.

    Returns
    -------
    DataFrame, one line per field, in the order of `FIELDS`
        field, n_docs, n_filled, share, patents, papers (0 to 1; null for a kind that the corpus
        does not hold).
    """
    sums = counts.groupby("field", sort=False)[["n_docs", "n_filled"]].sum()
    sums["share"] = sums["n_filled"] / sums["n_docs"]
    by_kind = counts.groupby(["field", "kind"])[["n_docs", "n_filled"]].sum()
    shares = (by_kind["n_filled"] / by_kind["n_docs"]).unstack("kind")
    for kind, name in (("patent", "patents"), ("paper", "papers")):
        sums[name] = shares.get(kind, np.nan)
    return sums.reset_index()


def duplicate_counts(view: View, manifest: Mapping[str, object]) -> pd.DataFrame:
    """List what was merged when a corpus was made, and what may still be there twice.

    Parameters
    ----------
    view : View
    manifest : mapping
        Of the corpus: `counts`, and `identity` for a merged one. Both are of the whole corpus,
        whatever the view's date.

    Returns
    -------
    DataFrame
        step (`rows`: repeated rows of a table; `documents`: records joined to another record's
        document, by rule; `families`, `titles`: see below), what, number.
        `families` holds the documents with a family id, the families they are of, and the
        documents beyond the first of their family, all as of the view's date. `titles` holds the
        titles that several documents of one kind and year share, and these documents; and the same
        with one first person. They are candidates: continuations and series share both.
    """
    counts = dict(_numbers(manifest.get("counts")))
    lines = [
        ("rows", name.removeprefix("duplicates_merged_"), number)
        for name, number in counts.items()
        if name.startswith("duplicates_merged_")
    ]
    lines += [("documents", rule, n) for rule, n in _numbers(manifest.get("identity"))]
    named = view.documents.drop_null(["family_id"])
    families = view.corpus.read(
        named.agg(n_docs=named.count(), n_families=named.family_id.nunique())
    ).iloc[0]
    lines += [
        ("families", "documents", int(families["n_docs"])),
        ("families", "families", int(families["n_families"])),
        ("families", "beyond_first", int(families["n_docs"] - families["n_families"])),
    ]
    repeated = _repeated_titles(view)
    lines += [("titles", name, int(repeated[name])) for name in repeated.index]
    return pd.DataFrame(lines, columns=["step", "what", "number"])


def _numbers(found: object) -> list[tuple[str, int]]:
    return [(str(k), int(v)) for k, v in sorted(found.items())] if isinstance(found, dict) else []


def _repeated_titles(view: View) -> pd.Series:
    """Titles of several documents of one kind and year, and of one first person too."""
    key = lower(view.documents.title).re_replace(r"[^\p{L}\p{N}]+", "")
    rows = view.documents.select("doc_id", "kind", year=view.documents.published[:4], key=key)
    han = rows.key.re_search(f"[{HAN}]") & (rows.key.length() >= SHORTEST_HAN)
    rows = rows.filter((rows.key.length() >= SHORTEST) | han)
    people = view.parties.filter(view.parties.role.isin(["author", "inventor"]))
    first = people.group_by(person_of="doc_id").agg(person=people.name.argmin(people.position))
    rows = rows.left_join(first, rows.doc_id == first.person_of)
    groups = rows.group_by("kind", "year", "key").agg(n=rows.count())
    again = groups.filter(groups.n > 1)
    named = rows.drop_null(["person"])
    same = named.group_by("kind", "year", "key", "person").agg(n=named.count())
    same = same.filter(same.n > 1)
    counts = [
        view.corpus.read(found.agg(titles=found.count(), documents=found.n.sum().fill_null(0)))
        for found in (again, same)
    ]
    both: pd.Series = pd.concat([counts[0].iloc[0], counts[1].iloc[0].add_suffix("_same_person")])
    return both


def fill_years(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn `fill_counts` into shares of documents by year of publication, both kinds together.

    Returns
    -------
    DataFrame, sorted by field (in the order of `FIELDS`) and year
        field, year, n_docs, share (0 to 1).
    """
    sums = counts.groupby(["field", "year"])[["n_docs", "n_filled"]].sum().reset_index()
    sums["share"] = sums["n_filled"] / sums["n_docs"]
    order = sums.assign(place=sums["field"].map(FIELDS.index)).sort_values(["place", "year"])
    return order[["field", "year", "n_docs", "share"]].reset_index(drop=True)
