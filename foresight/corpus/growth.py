"""What a delivery changes in the tables that look at the whole corpus.

Firsts are corrected, not computed anew: a pair of classes that the delivery does not have keeps its
first day, and a document without a pair whose first day moved keeps its counts. A late document, of
an earlier day than what was there, takes firsts away from others; one that is replaced may give
them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir

from foresight.corpus import history
from foresight.corpus.derived import in_force, write_sorted
from foresight.corpus.parts import stored_table
from foresight.corpus.store import Corpus
from foresight.corpus.workspace import Workspace

PAIR = ["a", "b"]


def grown_history(
    space: Workspace,
    folder: Path,
    corpus: Corpus,
    *,
    before: Mapping[str, ir.Table],
    after: Mapping[str, ir.Table],
    mine: Mapping[str, ir.Table],
    gone: ir.Table,
) -> None:
    """Write `pair_firsts` and `history` of the corpus with a delivery.

    Parameters
    ----------
    space : Workspace
    folder : Path
        Of the delivery.
    corpus : Corpus
        As it is before.
    before, after, mine : mapping of name to Ibis table
        The five tables before and after, and those of the delivery alone.
    gone : Ibis table
        doc_id of the documents that the delivery replaces.
    """
    documents = in_force(mine["documents"])
    units = space.keep("new_units", history.class_units(documents, mine["classes"]))
    pairs = space.keep("new_pairs", history.document_pairs(units))
    left = space.keep("left_pairs", history.document_pairs(_units_of(before, gone)))
    stored = stored_table(space.read, corpus.folder, corpus.manifest, "pair_firsts")
    moved = space.keep("moved", _moved(space, stored, after, pairs=pairs, left=left))
    kept = stored.anti_join(moved, PAIR)
    now = moved.filter(moved.now.notnull()).select("a", "b", first="now")
    firsts = space.keep("new_firsts", ibis.union(kept, now))
    write_sorted(space, firsts.order_by("a", "b"), folder / "pair_firsts")

    mine_counted = history.first_pairs(documents, units, pairs, firsts)
    others = space.keep("others", _recounted(moved, after, mine=mine))
    counted = _counts_of(others, after, firsts)
    again = ibis.union(*(t.select("doc_id") for t in (mine["documents"], others, gone)))
    rest = stored_table(space.read, corpus.folder, corpus.manifest, "history")
    rest = rest.anti_join(again.distinct(), "doc_id")
    whole = ibis.union(rest, mine_counted.select(rest.columns), counted.select(rest.columns))
    write_sorted(space, whole.order_by("doc_id"), folder / "history")


def _units_of(tables: Mapping[str, ir.Table], ids: ir.Table) -> ir.Table:
    """Units of some documents."""
    documents = in_force(tables["documents"]).semi_join(ids, "doc_id")
    return history.class_units(documents, tables["classes"].semi_join(ids, "doc_id"))


def _moved(
    space: Workspace,
    stored: ir.Table,
    after: Mapping[str, ir.Table],
    *,
    pairs: ir.Table,
    left: ir.Table,
) -> ir.Table:
    """Pairs whose first day is another one now: a, b, old (null: none), now (null: none)."""
    came = pairs.group_by(PAIR).agg(came=pairs.published.min())
    went = left.group_by(PAIR).agg(went=left.published.min())
    asked = ibis.union(came.select(PAIR), went.select(PAIR)).distinct()
    asked = asked.left_join(stored, PAIR).select("a", "b", old="first")
    asked = asked.left_join(came, PAIR).select("a", "b", "old", "came")
    asked = asked.left_join(went, PAIR).select("a", "b", "old", "came", "went")
    asked = space.keep("asked", asked)
    open_pairs = asked.filter((asked.went == asked.old).fill_null(False)).select(PAIR)
    open_pairs = space.keep("open_pairs", open_pairs)
    searched = _holders(open_pairs, after).group_by(PAIR).agg(
        found=lambda t: t.published.min()
    )  # fmt: skip
    answered = asked.left_join(searched.mutate(searched=True), PAIR)
    answered = answered.select("a", "b", "old", "came", "found", "searched")
    marked = answered.left_join(open_pairs.mutate(open=True), PAIR)
    now = ibis.cases((marked.open.notnull(), marked.found), else_=_least(marked.old, marked.came))
    result = marked.select("a", "b", "old", now=now)
    return result.filter(~result.old.identical_to(result.now))


def _least(one: ir.Value, other: ir.Value) -> ir.Value:
    return ibis.cases((one.isnull(), other), (other.isnull(), one), (one < other, one), else_=other)


def _holders(pairs: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """Documents that have some pairs: doc_id, published, a, b."""
    units = history.class_units(in_force(tables["documents"]), tables["classes"])
    firsts = pairs.select("a", "b").join(
        units.select("doc_id", "published", a="unit"), "a"
    )  # fmt: skip
    both = firsts.semi_join(units.select("doc_id", b="unit"), ["doc_id", "b"])
    return both.select("doc_id", "published", "a", "b")


def _recounted(
    moved: ir.Table, after: Mapping[str, ir.Table], *, mine: Mapping[str, ir.Table]
) -> ir.Table:
    """Older documents of the day that was, or now is, the first of a pair: doc_id."""
    older = moved.filter(moved.old.notnull())
    days = ibis.union(
        older.select("a", "b", day="old"),
        older.filter(older.now.notnull()).select("a", "b", day="now"),
    )
    units = history.class_units(in_force(after["documents"]), after["classes"])
    one = days.join(
        units.select("doc_id", a="unit", day="published"), ["a", "day"]
    )  # fmt: skip
    both = one.semi_join(units.select("doc_id", b="unit"), ["doc_id", "b"])
    return both.select("doc_id").distinct().anti_join(mine["documents"], "doc_id")


def _counts_of(ids: ir.Table, tables: Mapping[str, ir.Table], firsts: ir.Table) -> ir.Table:
    documents = in_force(tables["documents"]).semi_join(ids, "doc_id")
    units = _units_of(tables, ids)
    return history.first_pairs(documents, units, history.document_pairs(units), firsts)


def grown_organisations(
    space: Workspace,
    folder: Path,
    corpus: Corpus,
    *,
    before: Mapping[str, ir.Table],
    after: Mapping[str, ir.Table],
    mine: Mapping[str, ir.Table],
    gone: ir.Table,
) -> None:
    """Write `first_organisations`: anew for those that the delivery names, or no longer names.

    Parameters as for `grown_history`.
    """
    left = before["parties"].semi_join(gone, "doc_id")
    named = [t.drop_null(["org_id"]).select("org_id") for t in (mine["parties"], left)]
    touched = space.keep("touched", ibis.union(*named).distinct())
    parties = after["parties"].semi_join(touched, "org_id")
    found = history.first_organisations(in_force(after["documents"]), parties)
    stored = stored_table(space.read, corpus.folder, corpus.manifest, "first_organisations")
    rest = stored.anti_join(touched, "org_id")
    whole = ibis.union(rest, found.select(rest.columns)).order_by("org_id")
    write_sorted(space, whole, folder / "first_organisations")
