"""The interchange format in parts: tables of any size as Parquet, some documents at a time.

A part is `documents-<part>.parquet` and, where there are any, `references-<part>.parquet`,
`classes-…`, `parties-…` and `events-…` with the rows that belong to its documents. Columns and
values are those of `foresight.sources.interchange`, and are checked as there. One part is in memory
at a time: 100,000 documents are a good size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from foresight.errors import SourceError, TableError
from foresight.sources.base import TABLES
from foresight.sources.bulk.base import ROW, Batch, Stream, typed
from foresight.sources.interchange import read_card, read_checked
from foresight.tables import CORPUS_TABLES

FIELDS = {f"{t.name}.{name}": f"{t.name}.{name}" for t in CORPUS_TABLES for name in t.required}


def stream_parts(paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
    """Read tables in parts.

    Parameters
    ----------
    paths, names : sequence of Path, sequence of str
        Files of all parts, and how the report names them. A `corpus.yml` or `card.json` beside
        the first file tells title, licence and notes.

    Returns
    -------
    Stream
        Its batches raise `TableError` where a part breaks the contract; no record is refused.

    Raises
    ------
    SourceError
        If a file is no table of a part, or belongs to a part without documents.
    """
    parts: dict[Path, dict[str, Path]] = {}
    for path, name in zip(paths, names, strict=True):
        table, dash, part = path.stem.partition("-")
        if table not in TABLES or not dash or not part:
            known = ", ".join(TABLES)
            msg = f"{name} is no table of a part. Call it <table>-<part>.parquet; tables: {known}."
            raise SourceError(msg)
        parts.setdefault(path.parent / part, {})[table] = path
    for place, files in parts.items():
        if "documents" not in files:
            msg = f"Part {place.name} has no documents-{place.name}.parquet. Add it."
            raise SourceError(msg)
    card = read_card(paths[0].parent)
    return Stream(card["title"], card["licence"], card["notes"], FIELDS, _batches(parts.values()))


def _batches(parts: Iterable[Mapping[str, Path]]) -> Iterator[Batch]:
    before = 0
    for files in parts:
        counts: dict[str, int] = {}
        documents, _ = read_checked(files["documents"], TABLES["documents"], counts)
        ids = documents["doc_id"].combine_chunks()
        rows = pa.array(range(before, before + len(ids)), pa.int64())
        before += len(ids)
        tables = {"documents": typed(documents.append_column(ROW, rows), "documents")}
        for name, path in files.items():
            if name != "documents":
                data, _ = read_checked(path, TABLES[name], counts)
                where = _owners(
                    data, ids, key="citing_id" if name == "references" else "doc_id", path=path
                )
                tables[name] = typed(data.append_column(ROW, rows.take(where)), name)
        yield Batch(len(ids), tables, counts=counts)


def _owners(data: pa.Table, ids: pa.Array, *, key: str, path: Path) -> pa.Array:
    """Place of each row's document among those of its part."""
    where = pc.index_in(data[key], value_set=ids)
    lost = data[key].filter(pc.is_null(where))
    if len(lost):
        msg = (
            f"{path.name} has {len(lost)} row(s) of documents that are not in its part, first: "
            f"{lost[0].as_py()}. Write the rows of a document into the part that holds it."
        )
        raise TableError(msg)
    return where.combine_chunks()
