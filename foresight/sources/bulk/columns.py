"""What batches of bulk readers have in common: texts, dates, ids, rows of other tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from foresight.sources.bulk.base import ROW, refused, typed
from foresight.sources.live.base import plain
from foresight.sources.values import full_date

# What `plain` would change: mark-up, entities, spaces other than single ones inside.
_TOUCHED = (
    r"[<&\x00-\x1f\x7f-\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
    r"|  |^ | $|^$"
)
_BAD_ID = re.compile(r"[;\x00-\x1f\x7f]")
NO_TITLE, NO_DATE, NO_ID = "no title", "no date of publication", "no usable id"


def plain_column(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """`plain` of every text; only those that it can change pass through Python."""
    column = texts.cast(pa.large_string()).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks else pa.array([], pa.large_string())
    hit = pc.fill_null(pc.match_substring_regex(column, _TOUCHED), False)
    new = [plain(text) for text in column.filter(hit).to_pylist()]
    return pa.chunked_array([pc.replace_with_mask(column, hit, pa.array(new, column.type))])


def replaced(data: pa.Table, name: str, column: pa.ChunkedArray | pa.Array) -> pa.Table:
    """A table with one column new or in another's place."""
    place = data.schema.get_field_index(name)
    return data.append_column(name, column) if place < 0 else data.set_column(place, name, column)


def judged(
    documents: pa.Table, *, file: str, doc_id: Callable[[dict[str, Any]], str | None],
    needed: Sequence[str], extra: Callable[[dict[str, Any]], str | None] | None = None,
) -> tuple[pa.Table, list[tuple[str, int, str]], dict[str, int]]:  # fmt: skip
    """Tell the records that become documents from those that are refused.

    Parameters
    ----------
    documents : pyarrow Table
        One row per record: row, line, title (null where there is none), day and year (texts), and
        the columns `needed`.
    file : str
    doc_id : callable
        Gives the id for a row; None refuses it.
    needed : sequence of str
        Columns that the callables read.
    extra : callable, optional
        Gives a further reason to refuse a row, asked first.

    Returns
    -------
    (pyarrow Table, list of (file, line, reason), dict)
        Rows kept, with doc_id, kind and `published`; rows refused; counts.
    """
    columns = ["line", "day", "year", *needed]
    has_title = pc.is_valid(documents["title"]).to_pylist()
    keep, ids, days, told = [], [], [], []
    completed = 0
    for place, row in enumerate(documents.select(columns).to_pylist()):
        found = full_date(row["day"] or row["year"] or "")
        known = doc_id(row)
        reason = extra(row) if extra else None
        if reason is None and (not known or _BAD_ID.search(known)):
            reason = NO_ID
        if reason is None and not has_title[place]:
            reason = NO_TITLE
        if reason is None and found is None:
            reason = NO_DATE
        if reason or known is None or found is None:
            told.append((file, row["line"], reason or NO_ID))
            continue
        keep.append(place)
        ids.append(known)
        days.append(found[0])
        completed += found[1]
    kept = documents.take(pa.array(keep, pa.int64()))
    kept = replaced(kept, "doc_id", pa.array(ids, pa.large_string()))
    kept = replaced(kept, "published", pa.array(days, pa.large_string()))
    counts = {"dates_completed_documents_published": completed} if completed else {}
    return kept, told, counts


def not_read(
    lines: pa.Table, documents: pa.Table, told: list[tuple[str, int, str]], *, file: str,
    why: Callable[[str], str],
) -> pa.Table:  # fmt: skip
    """Refused records: those already told, and lines that became no row at all."""
    lost = lines.filter(pc.invert(pc.is_in(lines["row"], value_set=documents["row"])))
    more = [(file, row["line"], why(row["text"])) for row in lost.to_pylist()]
    return refused(sorted([*told, *more], key=lambda item: item[1]))


def owned(rows: pa.Table, ids: pa.Table, name: str, key: str) -> pa.Table:
    """Rows of a table with the ids of their documents; those of refused records are dropped.

    Parameters
    ----------
    rows : pyarrow Table with `row`
    ids : pyarrow Table: row, doc_id
    name, key : str
        Table of the contract, and its column for the document's id.
    """
    where = pc.index_in(rows[ROW], value_set=ids[ROW].combine_chunks())
    known = pc.is_valid(where)
    kept, where = rows.filter(known), where.filter(known)
    found = ids["doc_id"].combine_chunks().take(where.combine_chunks())
    return typed(replaced(kept, key, found), name)


def constant(data: pa.Table, **values: str) -> pa.Table:
    """A table with columns of one value each."""
    for name, value in values.items():
        column = pa.array([value], pa.large_string()).take(
            pa.array([0] * data.num_rows, pa.int32())
        )
        data = replaced(data, name, column)
    return data
