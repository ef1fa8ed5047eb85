"""The rows of some documents as a corpus has them: by key, and each once."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from foresight.corpus.columns import whole
from foresight.sources.base import TABLES
from foresight.sources.bulk.base import ROW
from foresight.tables import CLASSES, EVENT_TABLE, REFERENCES, Table

PLACE = "place"
# Rows of one key: what is kept of their other columns. Parties have none: they must not repeat.
MERGED = {REFERENCES.name: "min", CLASSES.name: "max", EVENT_TABLE.name: "min"}


def settled(piece: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Sort the five tables by their keys; of two records of one document the first counts.

    A document's references to itself are dropped, and repeated references, classes and events
    merged.

    Parameters
    ----------
    piece : mapping of table name to pyarrow Table
        All rows of some documents, with the columns of
        `foresight.sources.bulk.base.bulk_schema`; each column in one chunk.

    Returns
    -------
    dict of table name to pyarrow Table
        Columns of the contracts, and more.
    """
    documents = piece["documents"].sort_by([("doc_id", "ascending"), (ROW, "ascending")])
    ids = whole(documents["doc_id"])
    again = pc.equal(ids[1:], ids[:-1])
    twice = bool(pc.any(again).as_py())
    if twice:
        first = pa.concat_arrays([pa.array([True]), pc.invert(again)])
        documents, ids = documents.filter(first), ids.filter(first)
    found = {"documents": documents}
    for name in piece.keys() - found.keys():
        rows = piece[name]
        if twice:
            rows = rows.filter(pc.is_in(rows[ROW], value_set=whole(documents[ROW])))
        found[name] = _by_key(rows, TABLES[name], ids)
    return found


def _by_key(data: pa.Table, table: Table, ids: pa.Array) -> pa.Table:
    owner, *rest = table.key
    if table is REFERENCES:
        data = data.filter(pc.not_equal(data["citing_id"], data["cited_id"]))
    # The places of documents sort faster than their ids.
    data = data.append_column(PLACE, pc.index_in(data[owner], value_set=ids))
    order = [(name, "ascending") for name in (PLACE, *rest)]
    data = data.sort_by(order)
    if table.name not in MERGED or not _repeats(data.select([PLACE, *rest])):
        return data
    how = MERGED[table.name]
    values = [name for name in table.names if name not in table.key]
    one = data.group_by([*table.key, PLACE], use_threads=False)
    merged = one.aggregate([(name, how) for name in values])
    names = {f"{name}_{how}": name for name in values}
    return merged.rename_columns([names.get(n, n) for n in merged.column_names]).sort_by(order)


def _repeats(keys: pa.Table) -> bool:
    """Whether two rows that follow each other are the same."""
    if keys.num_rows < 2:
        return False
    same: pa.Array | None = None
    for column in keys.columns:
        values = whole(column)
        equal = pc.equal(values[1:], values[:-1])
        same = equal if same is None else pc.and_(same, equal)
    return bool(pc.any(same).as_py())
