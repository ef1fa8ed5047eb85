"""Corpora from tables that lie on disk: memory does not grow with them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import history
from foresight.corpus.sink import Sink
from foresight.corpus.store import (
    DIGEST_ROWS,
    FORMAT,
    MANIFEST,
    Corpus,
    check_name,
    in_force,
    open_corpus,
    rules_digest,
)
from foresight.corpus.workspace import ROW_GROUP, Workspace, regroup
from foresight.errors import TableError
from foresight.tables import CORPUS_TABLES, Table


@dataclass(frozen=True)
class Card:
    """What a manifest says of a corpus beyond its tables; see `Corpus` for the fields."""

    title: Mapping[str, str]
    licence: Mapping[str, str]
    notes: Mapping[str, list[str]]
    origin: Mapping[str, str]
    counts: Mapping[str, int]
    caveats: list[dict[str, str]]
    more: Mapping[str, Any] = field(default_factory=dict)


def write_staged(
    space: Workspace, *, name: str, card: Card, beside: tuple[str, ...] = ()
) -> Corpus:
    """Make a corpus of five tables that lie in a workspace as `<table>.parquet`.

    Parameters
    ----------
    space : Workspace
        Its tables are normalised and sorted by key.
    name : str
    card : Card
    beside : tuple of str
        Further files of the workspace that belong to the corpus.

    Returns
    -------
    Corpus
        The same as `write_corpus` makes of the same rows, to the digest.

    Raises
    ------
    CorpusError
        For a bad name.
    TableError
        If a table breaks its contract.
    """
    check_name(name)
    tables = {t.name: space.read(space.folder / f"{t.name}.parquet") for t in CORPUS_TABLES}
    for table in CORPUS_TABLES:
        if table.name != "documents":
            _check_links(tables[table.name], table, tables["documents"], space)
    with provenance.atomic_folder(settings.corpora_dir() / name) as part:
        with Sink(part) as sink:
            for table in CORPUS_TABLES:
                path = space.folder / f"{table.name}.parquet"
                for piece in _pieces(path, table.names, ROW_GROUP):
                    sink.add(table.name, piece)
        for file in beside:
            shutil.copyfile(space.folder / file, part / file)
        pairs = _first_pairs(part, space)
        finish(part, space, sink, name=name, card=card, pairs=pairs)
    return open_corpus(name)


def finish(
    part: Path, space: Workspace, sink: Sink, *, name: str, card: Card, pairs: ir.Table
) -> None:
    """Add what is derived from the tables of a corpus, and its manifest.

    Parameters
    ----------
    part : Path
        Folder of the five tables and their texts, written by `sink`.
    space : Workspace
    sink : Sink
        Closed.
    name : str
        Of the corpus.
    card : Card
    pairs : Ibis table
        See `foresight.corpus.history.first_pairs`.

    Raises
    ------
    TableError
        If a table breaks its contract.
    """
    sink.check()
    _write_history(part, space, pairs)
    digests = {t.name: file_digest(part / f"{t.name}.parquet", t) for t in CORPUS_TABLES}
    first, last = sink.days
    manifest = {
        "format": FORMAT,
        "name": name,
        "title": dict(card.title),
        "licence": dict(card.licence),
        "notes": dict(card.notes),
        "origin": dict(card.origin),
        "rules": rules_digest(),
        "counts": dict(card.counts),
        "caveats": list(card.caveats),
        "rows": dict(sink.rows),
        "tables": digests,
        "digest": provenance.text_digest(*(f"{t}:{digests[t]}" for t in sorted(digests))),
        "fields": sink.shares(),
        "first_published": first,
        "last_published": last,
        **card.more,
    }
    provenance.write_json(part / MANIFEST, manifest)


def _pieces(path: Path, columns: list[str], size: int) -> Iterator[pa.Table]:
    """Rows of a file in order, `size` at a time; the last piece is shorter."""
    with pq.ParquetFile(path) as file:
        batches = file.iter_batches(batch_size=min(size, DIGEST_ROWS), columns=columns)
        yield from regroup((pa.Table.from_batches([batch]) for batch in batches), size)


def _check_links(rows: ir.Table, table: Table, documents: ir.Table, space: Workspace) -> None:
    column = "citing_id" if table.name == "references" else "doc_id"
    strange = rows.anti_join(documents, rows[column] == documents.doc_id)
    number = space.count(strange)
    if number:
        first = space.arrow(strange.select(column).limit(1))[column][0].as_py()
        msg = (
            f"Table `{table.name}` has {number} row(s) of documents that are not in `documents`, "
            f"first: {first}. Add the documents or remove the rows."
        )
        raise TableError(msg)


def _first_pairs(part: Path, space: Workspace) -> ir.Table:
    documents, classes = (space.read(part / f"{t}.parquet") for t in ("documents", "classes"))
    return history.first_pairs(in_force(documents), classes)


def _write_history(part: Path, space: Workspace, pairs: ir.Table) -> None:
    schema = pairs.schema().to_pyarrow()  # DuckDB sums to wider numbers than Ibis knows
    with pq.ParquetWriter(part / "history.parquet", schema, compression="zstd") as writer:
        for batch in space.batches(pairs):
            writer.write_table(batch.cast(schema))
    documents, parties = (space.read(part / f"{t}.parquet") for t in ("documents", "parties"))
    firsts = history.first_organisations(in_force(documents), parties)
    space.write(firsts, part / "first_organisations.parquet")


def file_digest(path: Path, table: Table) -> str:
    """`content_digest` of a table on disk, column by column."""
    digest = hashlib.sha256()
    rows = pq.read_metadata(path).num_rows
    for name in table.names:
        digest.update(f"{name}:{rows};".encode())
        for piece in _pieces(path, [name], DIGEST_ROWS):
            values = piece[name].cast(pa.large_string())
            lengths = pc.fill_null(pc.binary_length(values), -1)
            digest.update(np.asarray(lengths.to_numpy(), dtype="<i8").tobytes())
            for chunk in values.drop_null().chunks:
                digest.update(_bytes(chunk))
    return digest.hexdigest()


def _bytes(texts: pa.Array) -> memoryview:
    """The UTF-8 of an array of texts without nulls, one after the other."""
    _, starts, data = texts.buffers()
    if data is None:
        return memoryview(b"")
    ends = np.frombuffer(starts, dtype="<i8")[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[ends[0] : ends[-1]]
