"""The tables of a corpus that look at all of its documents: what was the first of its kind."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import pyarrow.parquet as pq

from foresight.corpus import history
from foresight.corpus.content import WITHDRAWN
from foresight.corpus.workspace import ROW_GROUP, Workspace, regroup


def in_force(documents: ir.Table) -> ir.Table:
    """Documents without those withdrawn before issue: numbers that were never granted."""
    return documents.filter(documents.status.fill_null("") != WITHDRAWN)


def write_history(
    space: Workspace, folder: Path, *, documents: ir.Table, classes: ir.Table, parties: ir.Table
) -> None:
    """Compute `history`, `pair_firsts` and `first_organisations` and write them to a folder."""
    documents = in_force(documents)
    units = space.keep("units", history.class_units(documents, classes))
    pairs = space.keep("pairs", history.document_pairs(units))
    firsts = space.keep("firsts", history.pair_firsts(pairs))
    write_sorted(space, history.first_pairs(documents, units, pairs, firsts), folder / "history")
    write_sorted(space, firsts.order_by("a", "b"), folder / "pair_firsts")
    write_first_organisations(space, folder, documents=documents, parties=parties)


def write_first_organisations(
    space: Workspace, folder: Path, *, documents: ir.Table, parties: ir.Table
) -> None:
    """Compute `first_organisations` of documents that are in force and write it to a folder."""
    firsts = history.first_organisations(documents, parties)
    write_sorted(space, firsts, folder / "first_organisations")


def write_sorted(space: Workspace, expression: ir.Table, path: Path) -> None:
    """Write an expression in its order as `<path>.parquet`, with the types that Ibis knows."""
    schema = expression.schema().to_pyarrow()  # DuckDB sums to wider numbers than Ibis knows
    with pq.ParquetWriter(path.with_suffix(".parquet"), schema, compression="zstd") as writer:
        for piece in regroup(space.batches(expression), ROW_GROUP):
            writer.write_table(piece.cast(schema), row_group_size=ROW_GROUP)
