"""Snapshots of a few documents, for features whose values are worked out by hand."""

import numpy as np
import pandas as pd
from scipy import sparse

from foresight.emergence.records import Records
from foresight.emergence.snapshot import Snapshot
from foresight.settings import Settings

PAIRS = {
    "classes": "code",
    "organisations": "org_id",
    "countries": "country",
    "people": "person",
    "institutions": "institution",
}


def pairs(column, carried):
    """A table from a dict of doc_id to what it carries, one letter or word each."""
    rows = [(doc, item) for doc, items in carried.items() for item in items]
    return pd.DataFrame(rows, columns=["doc_id", column], dtype="str")


def counted(words, ids):
    """Counts of words from a dict of doc_id to a list of words."""
    if words is None:
        return None
    names = sorted({word for own in words.values() for word in own})
    counts = [[words.get(one, []).count(name) for name in names] for one in ids]
    return sparse.csr_array(np.array(counts, dtype=np.uint8).reshape(len(ids), len(names)))


def small_snapshot(
    docs,
    *,
    last_year=2010,
    kind="paper",
    vectors=None,
    references=(),
    words=None,
    bigrams=None,
    venues=None,
    columns=None,
    **carried,
):
    """A snapshot of documents given as {doc_id: (unit or None, year)}.

    `vectors` is a dict of doc_id to a list of numbers, `references` a list of (citing, cited) or
    (citing, cited, kind, year), `venues` a list of (doc_id, venue, form), `columns` more columns
    of documents; words, bigrams, classes, organisations, countries, people and institutions are
    dicts of doc_id to a list of items. What is not given is not known.
    """
    ids = sorted(docs)
    documents = pd.DataFrame(
        {"year": [docs[one][1] for one in ids], "kind": kind, "n_pairs": np.nan,
         "n_first_pairs": np.nan},
        index=pd.Index(ids, name="doc_id"),
    ).assign(**(columns or {}))  # fmt: skip
    given = [[*row, None, None][:4] for row in references]
    links = pd.DataFrame(given, columns=["citing_id", "cited_id", "cited_kind", "cited_year"])
    more = {} if venues is None else {
        "venues": pd.DataFrame(venues, columns=["doc_id", "venue", "form"], dtype="str")
    }  # fmt: skip
    records = Records(
        documents=documents,
        vectors=np.array([(vectors or {}).get(one, [0.0, 0.0]) for one in ids], dtype=np.float32),
        references=links.astype(
            {"citing_id": "str", "cited_id": "str", "cited_kind": "str", "cited_year": "Int64"}
        ),
        words=counted(words, ids),
        bigrams=counted(bigrams, ids),
        **more,
        **{name: pairs(column, carried.get(name, {})) for name, column in PAIRS.items()},
    )
    members = [(unit, one) for one, (unit, _) in docs.items() if unit is not None]
    frame = pd.DataFrame(sorted(members), columns=["unit_id", "doc_id"], dtype="str")
    return Snapshot(last_year, records.until(last_year), frame, Settings())


def several(prefix, unit, year, number):
    """So many documents of a unit and year: {doc_id: (unit, year)}."""
    return {f"{prefix}{i:02d}": (unit, year) for i in range(number)}


def values(series):
    """Values of the units as a plain dict, rounded; None where missing."""
    return {str(k): None if np.isnan(v) else round(float(v), 6) for k, v in series.items()}
