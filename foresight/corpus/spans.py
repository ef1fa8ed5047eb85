"""A corpus in spans of documents, so that work on it needs no more memory than one span does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from foresight.corpus.store import Corpus
from foresight.corpus.workspace import ROW_GROUP

SPAN = ROW_GROUP  # documents whose texts, hits and matches are in memory together


@dataclass(frozen=True)
class Span:
    """Documents from one id (the first of all, if None) to before another (None: to the last)."""

    first: str | None = None
    end: str | None = None

    def of(self, table: ir.Table) -> ir.Table:
        """The rows of a table that belong to documents of the span."""
        if self.first is not None:
            table = table.filter(table.doc_id >= self.first)
        return table if self.end is None else table.filter(table.doc_id < self.end)


EVERY = Span()


def spans(corpus: Corpus, *, size: int | None = None) -> list[Span]:
    """Cut a corpus into spans of documents.

    Tables are stored in the order of their documents, so that reading a span leaves the rest of
    the file alone.

    Parameters
    ----------
    corpus : Corpus
    size : int, documents, default `SPAN`
        The last span may be shorter.

    Returns
    -------
    list of Span, in the order of ids; together they hold every document once. One span where the
    engine spreads a whole corpus by itself.
    """
    if size is None and corpus.work.whole:
        return [EVERY]
    ids = corpus.table("documents").select("doc_id")
    place = ibis.row_number().over(ibis.window(order_by=ids.doc_id))
    ids = ids.mutate(place=place)
    size = size or SPAN
    starts = ids.filter((ids.place > 0) & (ids.place % size == 0)).order_by("place")
    cuts = [None, *corpus.work.arrow(starts)["doc_id"].to_pylist(), None]
    return [Span(first, end) for first, end in pairwise(cuts)]
