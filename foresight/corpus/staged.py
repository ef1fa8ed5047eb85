"""Corpora from tables that lie on disk: memory does not grow with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import content
from foresight.corpus.derived import write_history
from foresight.corpus.prepare import shares
from foresight.corpus.sink import Sink
from foresight.corpus.store import (
    DIGEST_ROWS,
    FORMAT,
    MANIFEST,
    Corpus,
    check_name,
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
        sink.check()
        names = ("documents", "classes", "parties")
        write_history(space, part, **{name: tables[name] for name in names})
        finish(part, space, sink, name=name, card=card)
    return open_corpus(name)


def finish(part: Path, space: Workspace, sink: Sink, *, name: str, card: Card) -> None:
    """Add what a corpus knows of itself: sums of its facts by day, and its manifest.

    Parameters
    ----------
    part : Path
        Folder of the five tables and their texts, written by `sink`, and of what is derived
        from them (`foresight.corpus.derived`).
    space : Workspace
    sink : Sink
        Closed and checked.
    name : str
        Of the corpus.
    card : Card
    """
    tables = {t.name: space.read(part / f"{t.name}.parquet") for t in CORPUS_TABLES}
    found = content.sums(tables, space)
    pq.write_table(content.to_table(found), part / "known.parquet", compression="zstd")
    digests = content.table_digests(found)
    filled = sink.filled()
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
        "digest": content.corpus_digest(digests),
        "filled": filled,
        "fields": shares(filled, sink.rows["documents"]),
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


def filled_counts(tables: Mapping[str, ir.Table], space: Workspace) -> dict[str, int]:
    """The numbers of `foresight.corpus.prepare.filled_counts`."""
    documents, parties = tables["documents"], tables["parties"]
    have = {
        "abstract": documents.filter(documents.abstract.notnull()),
        "references": tables["references"].select("citing_id").distinct(),
        "classes": tables["classes"].select("doc_id").distinct(),
        "parties": parties.select("doc_id").distinct(),
        "organisations": parties.filter(parties.org_id.notnull()).select("doc_id").distinct(),
        "countries": parties.filter(parties.country.notnull()).select("doc_id").distinct(),
        "families": documents.filter(documents.family_id.notnull()),
        "events": tables["events"].select("doc_id").distinct(),
    }
    return {name: space.count(rows) for name, rows in have.items()}
