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
from foresight.corpus.prepare import search_text, shares
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
from foresight.sources.base import arrow_schema
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
        _check(tables[table.name], table, space)
        if table.name != "documents":
            _check_links(tables[table.name], table, tables["documents"], space)
    with provenance.atomic_folder(settings.corpora_dir() / name) as part:
        for table in CORPUS_TABLES:
            file = f"{table.name}.parquet"
            _copy(space.folder / file, part / file, table)
        for file in beside:
            shutil.copyfile(space.folder / file, part / file)
        _write_texts(part)
        names = ("documents", "classes", "parties")
        write_history(space, part, **{name: tables[name] for name in names})
        found = content.sums(tables, space)
        pq.write_table(content.to_table(found), part / "known.parquet", compression="zstd")
        digests = content.table_digests(found)
        manifest = _manifest(part, tables, digests, space, name=name, card=card)
        provenance.write_json(part / MANIFEST, manifest)
    return open_corpus(name)


def _copy(source: Path, target: Path, table: Table) -> None:
    """Write a table with the types of its contract, group by group."""
    schema = arrow_schema(table)
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for piece in _pieces(source, table.names, ROW_GROUP):
            writer.write_table(piece.cast(schema), row_group_size=ROW_GROUP)


def _pieces(path: Path, columns: list[str], size: int) -> Iterator[pa.Table]:
    """Rows of a file in order, `size` at a time; the last piece is shorter."""
    with pq.ParquetFile(path) as file:
        batches = file.iter_batches(batch_size=min(size, DIGEST_ROWS), columns=columns)
        yield from regroup((pa.Table.from_batches([batch]) for batch in batches), size)


def _check(rows: ir.Table, table: Table, space: Workspace) -> None:
    """Check required and allowed values and the key; see `foresight.tables.check`."""
    wrong: dict[str, ir.Value] = {
        f"`{name}` is empty": rows[name].isnull().sum() for name in table.required
    }
    for column in table.columns:
        if column.allowed:
            strange = rows[column.name].notin(list(column.allowed)).sum()
            wrong[f"`{column.name}` is none of {', '.join(column.allowed)}"] = strange
    found = space.arrow(rows.agg(**wrong)).to_pylist()[0]
    keys = rows.group_by(list(table.key)).agg(n=rows.count())
    found[f"the key ({', '.join(table.key)}) repeats"] = space.count(keys.filter(keys.n > 1))
    bad = {what: number for what, number in found.items() if number}
    if bad:
        what, number = next(iter(bad.items()))
        msg = f"Table `{table.name}`: {what} in {number} row(s). Correct the records and try again."
        raise TableError(msg)


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


def _write_texts(part: Path) -> None:
    writer: pq.ParquetWriter | None = None
    columns = ["doc_id", "title", "abstract"]
    try:
        for piece in _pieces(part / "documents.parquet", columns, DIGEST_ROWS):
            texts = search_text(piece)
            if writer is None:
                path = part / "search_text.parquet"
                writer = pq.ParquetWriter(path, texts.schema, compression="zstd")
            writer.write_table(texts)
    finally:
        if writer is not None:
            writer.close()


def _manifest(
    part: Path,
    tables: Mapping[str, ir.Table],
    digests: Mapping[str, str],
    space: Workspace,
    *,
    name: str,
    card: Card,
) -> dict[str, Any]:
    files = {t.name: part / f"{t.name}.parquet" for t in CORPUS_TABLES}
    rows = {name: pq.read_metadata(path).num_rows for name, path in files.items()}
    filled = filled_counts(tables, space)
    documents = tables["documents"]
    span = space.arrow(
        documents.agg(first=documents.published.min(), last=documents.published.max())
    ).to_pylist()[0]
    return {
        "format": FORMAT,
        "name": name,
        "title": dict(card.title),
        "licence": dict(card.licence),
        "notes": dict(card.notes),
        "origin": dict(card.origin),
        "rules": rules_digest(),
        "counts": dict(card.counts),
        "caveats": list(card.caveats),
        "rows": rows,
        "tables": dict(digests),
        "digest": content.corpus_digest(digests),
        "filled": filled,
        "fields": shares(filled, rows["documents"]),
        "first_published": span["first"],
        "last_published": span["last"],
        **card.more,
    }


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
