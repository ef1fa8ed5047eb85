"""Corpora from tables that lie on disk: memory does not grow with them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import content
from foresight.corpus.derived import write_history
from foresight.corpus.prepare import shares
from foresight.corpus.sink import Sink
from foresight.corpus.store import (
    FORMAT,
    MANIFEST,
    Corpus,
    check_name,
    open_corpus,
    rules_digest,
)
from foresight.corpus.walk import walk_files
from foresight.corpus.workspace import Workspace


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
    with provenance.atomic_folder(settings.corpora_dir() / name) as part:
        with Sink(part) as sink:
            for piece in walk_files(space.folder):
                sink.add(piece)
        for file in beside:
            shutil.copyfile(space.folder / file, part / file)
        sink.check()
        names = ("documents", "classes", "parties")
        tables = {name: space.read(part / f"{name}.parquet") for name in names}
        write_history(space, part, **tables)
        finish(part, sink, name=name, card=card)
    return open_corpus(name)


def finish(part: Path, sink: Sink, *, name: str, card: Card) -> None:
    """Add what a corpus knows of itself: sums of its facts by day, and its manifest.

    Parameters
    ----------
    part : Path
        Folder of the five tables and their texts, written by `sink`, and of what is derived
        from them (`foresight.corpus.derived`).
    sink : Sink
        Closed and checked.
    name : str
        Of the corpus.
    card : Card
    """
    pq.write_table(content.to_table(sink.known), part / "known.parquet", compression="zstd")
    digests = content.table_digests(sink.known)
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
