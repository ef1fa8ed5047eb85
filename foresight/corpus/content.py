"""What a corpus says, as a sum of digests: the same in one piece as in deliveries, at every date.

Each row of the five tables is one fact, or a few: a document, its grant, its status, each class,
party, reference and event. The digest of a table is the sum of the SHA-256 of its facts (as whole
numbers, modulo 2 to the 256), so it does not depend on their order or on the files in which they
came, and a delivery changes it by what it brings and takes away. Sums are kept by the day on which
a fact became known, so that the digest of an as-of view is read from a few thousand rows.

References
----------
Bellare, Micciancio (1997), "A new paradigm for collision-free hashing: incrementality at reduced
cost", doi:10.1007/3-540-69053-0_13: sums of digests. They guard against chance and neglect here,
not against a forger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from foresight.corpus.workspace import Workspace
from foresight.provenance import text_digest
from foresight.tables import CORPUS_TABLES, DOCUMENTS

MODULUS = 1 << 256
LIMBS = 8  # of 32 bits
LAST = "~last"  # day of a status: known on the last day of the corpus only
NEVER = "~never"  # day of what belongs to a document that was withdrawn before issue
WITHDRAWN = "withdrawn"  # status of a patent number that was never issued
KNOWN = pa.schema([("table", pa.string()), ("day", pa.string()), ("total", pa.string())])

Sums = dict[tuple[str, str], int]
"""Sum of digests by table and group."""


def facts(tables: Mapping[str, ir.Table]) -> dict[str, list[ir.Table]]:
    """Facts of the five tables: per table, expressions with the columns `day` and `doc`, and more.

    Parameters
    ----------
    tables : mapping of name to Ibis table
    """
    documents = tables["documents"]
    gone = documents.status.fill_null("") == WITHDRAWN
    dated = documents.mutate(
        day=gone.ifelse(NEVER, documents.published),
        granted_on=gone.ifelse(NEVER, ibis.greatest(documents.published, documents.granted)),
        doc=documents.doc_id,
    )
    core = [name for name in DOCUMENTS.names if name not in {"granted", "status"}]
    grants = dated.filter(dated.granted.notnull())
    states = dated.filter(dated.status.notnull())
    last = (states.day == NEVER).ifelse(NEVER, LAST)
    found = {
        "documents": [
            dated.select("day", "doc", *core),
            grants.select("doc", "doc_id", "granted", day=grants.granted_on),
            states.select("doc", "doc_id", "status", day=last),
        ]
    }
    days = dated.select("day", of="doc_id")
    for table in CORPUS_TABLES[1:]:
        rows = tables[table.name]
        column = "citing_id" if table.name == "references" else "doc_id"
        joined = rows.join(days, rows[column] == days.of).mutate(doc=lambda t: t.of)
        if table.name == "events":
            joined = joined.mutate(day=ibis.greatest(joined.day, joined.date))
        found[table.name] = [joined.select("day", "doc", *table.names)]
    return found


def sums(tables: Mapping[str, ir.Table], space: Workspace, *, by: str = "day") -> Sums:
    """Sum the digests of all facts by table and day, or by table and document (`by="doc"`)."""
    total: Sums = {}
    for name, expressions in facts(tables).items():
        for kind, rows in enumerate(expressions):
            for batch in space.batches(rows):
                for group, value in _batch_sums(batch, f"{name}:{kind}", by=by):
                    total[name, group] = (total.get((name, group), 0) + value) % MODULUS
    return total


def _batch_sums(batch: pa.Table, mark: str, *, by: str) -> Iterator[tuple[str, int]]:
    if batch.num_rows == 0:
        return
    start = mark.encode()
    names = [name for name in batch.column_names if name not in {"day", "doc"}]
    texts = _row_texts(batch.select(names)).to_pylist()
    digests = b"".join([hashlib.sha256(start + text).digest() for text in texts])
    limbs = np.frombuffer(digests, dtype=">u4").reshape(-1, LIMBS).astype(np.uint64)
    coded = batch[by].combine_chunks().cast(pa.large_string()).dictionary_encode()
    groups = coded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(groups[order]) != 0])
    added = np.add.reduceat(limbs[order], starts, axis=0)
    labels = coded.dictionary.take(pa.array(groups[order][starts])).to_pylist()
    yield from zip(labels, map(_number, added), strict=True)


def _number(limbs: NDArray[np.uint64]) -> int:
    value = 0
    for limb in limbs.tolist():
        value = (value << 32) + int(limb)
    return value


def _row_texts(batch: pa.Table) -> pa.Array:
    """Rows as bytes: name, length and value of each column, so that no two rows are alike."""
    kind = pa.large_binary()
    pieces = []
    for name in batch.column_names:
        values = batch[name].cast(pa.large_string())
        lengths = pc.fill_null(pc.binary_length(values).cast(pa.large_string()), "-")
        pieces += [
            pa.scalar(f"{name}=".encode(), kind),
            lengths.cast(kind),
            pa.scalar(b":", kind),
            pc.fill_null(values, "").cast(kind),
        ]
    joined = pc.binary_join_element_wise(*pieces, pa.scalar(b"", kind))
    return joined.combine_chunks()


def added(one: Sums, other: Sums) -> Sums:
    """Sums of two sets of facts together."""
    keys = one.keys() | other.keys()
    both = {key: (one.get(key, 0) + other.get(key, 0)) % MODULUS for key in keys}
    return {key: value for key, value in both.items() if value}


def without(one: Sums, other: Sums) -> Sums:
    """Sums of a set of facts after some of them are taken away."""
    return added(one, {key: MODULUS - value for key, value in other.items()})


def to_table(found: Sums) -> pa.Table:
    """Sums as the table `known`: table, day, total (64 hexadecimal digits); sorted."""
    rows = [(*key, f"{value:064x}") for key, value in sorted(found.items()) if value]
    return pa.table(
        [pa.array([row[place] for row in rows], pa.string()) for place in range(3)], schema=KNOWN
    )


def from_table(table: pa.Table) -> Sums:
    """Sums of the table `known`."""
    return {(row["table"], row["day"]): int(row["total"], 16) for row in table.to_pylist()}


def table_digests(found: Sums) -> dict[str, str]:
    """Digest of each of the five tables, 64 hexadecimal digits."""
    return {table.name: f"{_total(found, table.name):064x}" for table in CORPUS_TABLES}


def corpus_digest(digests: Mapping[str, str]) -> str:
    """Digest of a corpus from those of its tables."""
    return text_digest(*(f"{name}:{digests[name]}" for name in sorted(digests)))


def view_digest(found: Sums, *, date: str, last_published: str) -> str:
    """Digest of what a view at a date holds; see `foresight.corpus.view.View`.

    Parameters
    ----------
    found : dict, of `sums`
    date : str
        ISO date of knowledge.
    last_published : str
        The latest date of publication in the corpus: only from then on `status` is known.
    """
    status = date >= last_published

    def seen(day: str) -> bool:
        return day <= date or (day == LAST and status)

    totals = {
        table.name: sum(v for (name, day), v in found.items() if name == table.name and seen(day))
        for table in CORPUS_TABLES
    }
    return corpus_digest({name: f"{total % MODULUS:064x}" for name, total in totals.items()})


def _total(found: Sums, table: str) -> int:
    return sum(value for (name, _), value in found.items() if name == table) % MODULUS


def changed(one: Sums, other: Sums, ids: Iterable[str]) -> set[str]:
    """Which documents differ between two sets of sums by document."""
    names = [table.name for table in CORPUS_TABLES]
    return {
        doc for doc in ids if any(one.get((name, doc)) != other.get((name, doc)) for name in names)
    }
