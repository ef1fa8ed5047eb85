"""Members of patent families: what else was published of the inventions of a corpus.

A document stands for its family. Its other publications, at its own office and abroad, lie beside
the five tables in `family_members.parquet`: those that were records of their own before a merge
joined them, and those that a record of an export lists as its simple family.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foresight.corpus.store import Corpus
from foresight.corpus.view import check_date
from foresight.tables import FAMILY_MEMBERS, check, empty, sort

FILE = f"{FAMILY_MEMBERS.name}.parquet"


def members_file(corpus: Corpus) -> Path | None:
    """File of a corpus's family members; None where it has none."""
    path = corpus.folder / FILE
    return path if path.is_file() else None


def family_members(corpus: Corpus, *, as_of: str | None = None) -> pd.DataFrame:
    """Give the other publications of the families of a corpus's patents.

    Parameters
    ----------
    corpus : Corpus
    as_of : str, optional
        ISO date. Only what was published by then: members whose day is not known are left out,
        since they may be later. Default: all that is known, whenever it came.

    Returns
    -------
    DataFrame, table `FAMILY_MEMBERS`, sorted by its key
        doc_id (a document of the corpus), member_id (publication number), office, published (NaN
        where a list does not tell it), known_by: `record`, a record that a merge joined to the
        document; `listed`, a number in the family list of a record. Empty for a corpus that is
        neither a merge nor made of exports with such lists.

    Notes
    -----
    Lists are of the day of the export, and hold what its vendor had. A family without rows has one
    publication or is not known; `documents.family_id` tells these apart. Documents of one corpus
    that share a `family_id` are documents of their own and no members of each other.
    """
    if as_of is not None:
        check_date(as_of)
    path = members_file(corpus)
    if path is None:
        return empty(FAMILY_MEMBERS)
    rows = corpus.work.read(path).select(FAMILY_MEMBERS.names)
    if as_of is not None:
        rows = rows.filter(rows.published <= as_of)
    frame = sort(corpus.read(rows), FAMILY_MEMBERS.key)
    check(frame, FAMILY_MEMBERS, where=str(path))
    return frame
