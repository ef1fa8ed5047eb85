"""Merging what was supplied twice, and refusing what contradicts itself."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from foresight.errors import TableError
from foresight.tables import Table

SHOWN = 5  # ids named in a message


def merge_identical(data: pa.Table, table: Table) -> tuple[pa.Table, int]:
    """Merge rows that agree in every column, and sort by key.

    Parameters
    ----------
    data : pyarrow Table with the columns of `table`
    table : Table
        The contract.

    Returns
    -------
    (pyarrow Table, int)
        Sorted by key, so that the order of supply leaves no trace; number of rows merged away.

    Raises
    ------
    TableError
        If two rows share the key but differ elsewhere: which one is right is not for us to say.
    """
    distinct = data.group_by(data.column_names, use_threads=False).aggregate([])
    distinct = distinct.select(data.column_names)
    keys = distinct.group_by(list(table.key), use_threads=False).aggregate([([], "count_all")])
    repeated = keys.filter(pc.greater(keys["count_all"], 1)).sort_by(
        [(name, "ascending") for name in table.key]
    )
    if repeated.num_rows:
        rows = repeated.select(list(table.key)).slice(0, SHOWN).to_pylist()
        shown = ", ".join("/".join(str(value) for value in row.values()) for row in rows)
        msg = (
            f"Table `{table.name}` has {repeated.num_rows} key(s) ({', '.join(table.key)}) with "
            f"rows that differ in other columns, first: {shown}. Keep one row per key, or give the "
            "records different ids."
        )
        raise TableError(msg)
    return sort_by_key(distinct, table), data.num_rows - distinct.num_rows


def sort_by_key(data: pa.Table, table: Table) -> pa.Table:
    """Sort by the contract's key, which is unique, so the order is total."""
    order = pc.sort_indices(data, sort_keys=[(name, "ascending") for name in table.key])
    return data.take(order).combine_chunks()


def merge_classes(classes: pa.Table) -> tuple[pa.Table, int]:
    """Merge codes that became equal by normalising; primary if one of them was.

    Returns
    -------
    (pyarrow Table, int)
        Number of rows merged away.
    """
    merged = classes.group_by(["doc_id", "scheme", "code"], use_threads=False).aggregate(
        [("primary", "max")]
    )
    merged = merged.rename_columns({"primary_max": "primary"}).select(classes.column_names)
    return merged, classes.num_rows - merged.num_rows


def check_links(data: pa.Table, table: Table, *, doc_ids: pa.ChunkedArray) -> None:
    """Check that every row belongs to a document of the corpus.

    `references.cited_id` may lie outside the corpus; `citing_id` may not.

    Raises
    ------
    TableError
        Naming the first ids that are not in `documents`.
    """
    column = "citing_id" if table.name == "references" else "doc_id"
    inside = pc.is_in(data[column], value_set=doc_ids)
    if pc.all(inside, min_count=0).as_py():
        return
    strange = sorted(set(data[column].filter(pc.invert(inside)).to_pylist()))
    msg = (
        f"Table `{table.name}` has rows for {len(strange)} {column}(s) that are not in "
        f"`documents`, first: {', '.join(strange[:SHOWN])}. "
        "Add the documents or remove the rows; ids must agree to the letter, zeros in front too."
    )
    raise TableError(msg)
