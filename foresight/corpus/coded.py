"""First pairs of classes of a corpus that is written piece by piece: the same, in numbers.

`foresight.corpus.history.first_pairs` joins and groups texts. Here units and documents are numbers
from the start, pairs are made as each piece passes, and only their first days are left to join.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight.corpus.columns import whole
from foresight.corpus.content import WITHDRAWN
from foresight.corpus.derived import write_sorted
from foresight.corpus.workspace import Workspace

Numbers = npt.NDArray[np.int64]
SHIFT = 32  # bits of the second unit of a pair
SPACES = " \t\n\r\v\f"
MOST = 1 << 20  # pairs that are made at a time
_DOCS = pa.schema([("place", pa.int64()), ("doc_id", pa.large_string()), ("n_pairs", pa.int64())])
_UNITS = pa.schema([("unit", pa.string()), ("number", pa.int64())])
_PAIRS = pa.schema([("place", pa.int64()), ("pair", pa.int64()), ("day", pa.int32())])


class PairLog:
    """Pairs of classes of documents that come in the order of their ids.

    Parameters
    ----------
    folder : Path
        Gets two files.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {name: folder / f"pairs.{name}.parquet" for name in ("docs", "pairs")}
        self._docs = pq.ParquetWriter(self._paths["docs"], _DOCS, compression="zstd")
        self._pairs = pq.ParquetWriter(self._paths["pairs"], _PAIRS, compression="zstd")
        self._units: dict[str, int] = {}
        self._before = 0

    def add(self, documents: pa.Table, classes: pa.Table) -> None:
        """Take documents with all their classes."""
        status = pc.fill_null(documents["status"], "")
        documents = documents.filter(pc.not_equal(status, WITHDRAWN))
        total = documents.num_rows
        owner, unit = self._units_of(documents, classes)
        sizes = np.bincount(owner, minlength=total)
        counts = pa.array(sizes * (sizes - 1) // 2, mask=sizes == 0)
        places = self._before + np.arange(total)
        columns = [pa.array(places), whole(documents["doc_id"]), counts]
        self._docs.write_table(pa.table(columns, schema=_DOCS))
        day = whole(pc.replace_substring(documents["published"], "-", "").cast(pa.int32()))
        for rows, pairs in _pairs(unit, sizes):
            columns = [pa.array(places[rows]), pa.array(pairs), day.take(pa.array(rows))]
            self._pairs.write_table(pa.table(columns, schema=_PAIRS))
        self._before += total

    def _units_of(self, documents: pa.Table, classes: pa.Table) -> tuple[Numbers, Numbers]:
        """Document (its place) and unit of `foresight.corpus.history.class_units`, sorted."""
        where = whole(pc.index_in(classes["doc_id"], value_set=whole(documents["doc_id"])))
        patent = pc.equal(documents["kind"], "patent").take(pc.fill_null(where, 0))
        symbol = pc.is_in(classes["scheme"], value_set=pa.array(["cpc", "ipc"], pa.large_string()))
        known = pc.and_(pc.is_valid(where), pc.equal(patent, symbol))
        rows, where = classes.filter(known), where.filter(whole(known))
        group = pc.replace_substring_regex(rows["code"], pattern="(?s)/.*", replacement="")
        tidy = _lower(pc.utf8_trim(rows["code"], characters=SPACES))
        concept = pc.binary_join_element_wise(rows["scheme"], tidy, pa.scalar(":", tidy.type))
        names = pc.if_else(symbol.filter(known), group, concept)
        coded = whole(names).dictionary_encode()
        numbers = np.array(
            [
                self._units.setdefault(name, len(self._units))
                for name in coded.dictionary.to_pylist()
            ],
            dtype=np.int64,
        )
        unit = numbers[coded.indices.to_numpy()] if len(coded) else numbers
        both = np.unique(where.to_numpy().astype(np.int64) << SHIFT | unit)
        return both >> SHIFT, both & ((1 << SHIFT) - 1)

    def write(self, space: Workspace, folder: Path) -> None:
        """Write `history` and `pair_firsts` of a corpus, as `foresight.corpus.derived` does."""
        self._docs.close()
        self._pairs.close()
        docs, pairs = (space.read(self._paths[name]) for name in ("docs", "pairs"))
        firsts = space.keep("pair_days", pairs.group_by("pair").agg(day=pairs.day.min()))
        new = pairs.semi_join(firsts, ["pair", "day"])
        counted = new.group_by("place").agg(n_new=new.count())
        found = docs.left_join(counted, "place")
        known = ibis.cases((found.n_pairs.notnull(), found.n_new.coalesce(0).cast("int64")))
        history = found.order_by("place").select("doc_id", "n_pairs", n_first_pairs=known)
        write_sorted(space, history, folder / "history")
        write_sorted(space, self._named(space, firsts), folder / "pair_firsts")

    def _named(self, space: Workspace, firsts: ir.Table) -> ir.Table:
        """Table `pair_firsts`: units by name, days as ISO dates."""
        names = pa.table({"unit": list(self._units), "number": list(self._units.values())})
        units = space.load("unit_names", names.cast(_UNITS))
        one = units.select(one="number", name_one="unit")
        other = units.select(other="number", name_other="unit")
        split = firsts.mutate(one=firsts.pair >> SHIFT, other=firsts.pair & ((1 << SHIFT) - 1))
        both = split.join(one, "one").join(other, "other")
        day = both.day.cast("string")
        return both.select(
            a=ibis.least(both.name_one, both.name_other),
            b=ibis.greatest(both.name_one, both.name_other),
            first=day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6, 2),
        ).order_by("a", "b")


def _lower(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """`foresight.corpus.portable.lower`."""
    for capital, small in (("Σ", "σ"), ("İ", "i")):
        texts = pc.replace_substring(texts, capital, small)
    return pc.utf8_lower(texts)


def _pairs(unit: Numbers, sizes: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Document and pair for every two units of a document, some at a time."""
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes[sizes > 1]):
        documents = np.flatnonzero(sizes == size)
        one, other = np.triu_indices(size, 1)
        step = max(MOST // len(one), 1)
        for begin in range(0, len(documents), step):
            some = documents[begin : begin + step]
            units = unit[starts[some][:, np.newaxis] + np.arange(size)]
            pairs = units[:, one] << SHIFT | units[:, other]
            yield np.repeat(some, len(one)), pairs.ravel()
