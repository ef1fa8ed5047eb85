"""What a corpus says, as a sum of digests: the same in one piece as in deliveries, at every date.

What a table says of one document is one fact, or a few: the document itself, its grant, its
status, its classes, its parties, its references, its events of a day. The digest of a table is the
sum of the SHA-256 of its facts (as whole numbers, modulo 2 to the 256), so it does not depend on
their order or on the files in which they came, and a delivery changes it by what it brings and
takes away. Sums are kept by the day on which a fact became known, so that the digest of an as-of
view is read from a few thousand rows.

References
----------
Bellare, Micciancio (1997), "A new paradigm for collision-free hashing: incrementality at reduced
cost", doi:10.1007/3-540-69053-0_13: sums of digests. They guard against chance and neglect here,
not against a forger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from foresight.corpus.columns import whole
from foresight.provenance import text_digest
from foresight.tables import CORPUS_TABLES, DOCUMENTS, EVENT_TABLE

MODULUS = 1 << 256
LIMBS = 8  # of 32 bits
LAST = "~last"  # day of a status: known on the last day of the corpus only
NEVER = "~never"  # day of what belongs to a document that was withdrawn before issue
CORE = [name for name in DOCUMENTS.names if name not in {"granted", "status"}]
WITHDRAWN = "withdrawn"  # status of a patent number that was never issued
KNOWN = pa.schema([("table", pa.string()), ("day", pa.string()), ("total", pa.string())])

Sums = dict[tuple[str, str], int]
"""Sum of digests by table and group."""


def sums(pieces: Iterable[Mapping[str, pa.Table]], *, by: str = "day") -> Sums:
    """Sum the digests of all facts by table and day, or by table and document (`by="doc"`).

    Parameters
    ----------
    pieces : iterable of mappings of table name to pyarrow Table
        Each holds all rows of some documents, sorted by the tables' keys
        (`foresight.corpus.walk`). Rows of documents that are not there count for nothing.
    by : str
    """
    total: Sums = {}
    for piece in pieces:
        add_piece(total, piece, by=by)
    return total


def add_piece(total: Sums, piece: Mapping[str, pa.Table], *, by: str = "day") -> None:
    """Add the facts of some documents to sums; see `sums`."""
    documents = piece[DOCUMENTS.name]
    if not documents.num_rows:
        return
    ids = whole(documents["doc_id"])
    gone = pc.equal(pc.fill_null(whole(documents["status"]), ""), WITHDRAWN)
    published = whole(documents["published"])
    days = pc.if_else(gone, NEVER, published)
    granted = whole(documents["granted"])
    granted_on = pc.if_else(gone, NEVER, pc.max_element_wise(published, granted))
    at_last = pc.if_else(gone, NEVER, LAST)
    places = pa.array(np.arange(documents.num_rows))

    def add(table: str, kind: int, rows: pa.Table, place: pa.Array, day: pa.Array) -> None:
        labels = ids if by == "doc" else None
        for group, value in _sums(rows, f"{table}:{kind}", place, day, labels):
            total[table, group] = (total.get((table, group), 0) + value) % MODULUS

    add(DOCUMENTS.name, 0, documents.select(CORE), places, days)
    for kind, (name, day) in enumerate((("granted", granted_on), ("status", at_last)), start=1):
        told = pc.is_valid(whole(documents[name]))
        rows = documents.select(["doc_id", name]).filter(told)
        add(DOCUMENTS.name, kind, rows, places.filter(told), day.filter(told))
    for table in CORPUS_TABLES[1:]:
        rows = piece[table.name].select(table.names)
        place = pc.index_in(whole(rows[table.key[0]]), value_set=ids)
        rows, place = rows.filter(pc.is_valid(place)), place.drop_null()
        day = days.take(place)
        if table is EVENT_TABLE:
            day = pc.max_element_wise(day, whole(rows["date"]))
        add(table.name, 0, rows, place, day)


def _sums(
    rows: pa.Table, mark: str, place: pa.Array, day: pa.Array, ids: pa.Array | None
) -> Iterator[tuple[str, int]]:
    """Sums of a table's facts by day or, with `ids`, by document."""
    if not rows.num_rows:
        return
    days = whole(day).dictionary_encode()
    codes, docs = (np.asarray(a) for a in (days.indices, place))
    new = np.r_[True, (np.diff(docs) != 0) | (np.diff(codes) != 0)]
    starts = np.flatnonzero(new)
    digests = _digests(_row_texts(rows), starts, mark.encode())
    limbs = np.frombuffer(digests, dtype=">u4").reshape(-1, LIMBS).astype(np.uint64)
    groups = docs[starts] if ids is not None else codes[starts]
    order = np.argsort(groups, kind="stable")
    firsts = np.flatnonzero(np.r_[True, np.diff(groups[order]) != 0])
    added = np.add.reduceat(limbs[order], firsts, axis=0)
    names = days.dictionary if ids is None else ids
    labels = names.take(pa.array(groups[order][firsts])).to_pylist()
    yield from zip(labels, map(_number, added), strict=True)


def _digests(texts: pa.LargeBinaryArray, starts: NDArray[np.int64], mark: bytes) -> bytes:
    """SHA-256 of the texts from each start to before the next, one after the other."""
    _, offsets, data = texts.buffers()
    cuts = np.frombuffer(offsets, dtype=np.int64)[texts.offset :]
    bounds = [*cuts[starts].tolist(), int(cuts[len(texts)])]
    whole_text = memoryview(data) if data is not None else memoryview(b"")
    sha256 = hashlib.sha256
    return b"".join(
        [sha256(mark + whole_text[start:end]).digest() for start, end in pairwise(bounds)]
    )


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
