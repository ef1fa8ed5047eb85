"""What a delivery changes in the tables that look at the whole corpus.

Firsts are corrected, not computed anew: a pair of classes that the delivery does not have keeps its
first day, and a document without a pair whose first day moved keeps its counts. A late document, of
an earlier day than what was there, takes firsts away from others; one that is replaced may give
them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from foresight.corpus import history
from foresight.corpus.derived import in_force, write_sorted
from foresight.corpus.parts import stored_table
from foresight.corpus.store import Corpus
from foresight.corpus.workspace import Workspace

PAIR = ["a", "b"]


@dataclass(frozen=True)
class Change:
    """A delivery and the corpus that takes it.

    Attributes
    ----------
    space : Workspace
    folder : Path
        Of the delivery.
    corpus : Corpus
        As it is before.
    before, after, mine : mapping of name to Ibis table
        The five tables before and after, and those of the delivery alone.
    gone : Ibis table or None
        doc_id of the documents that the delivery replaces; None where it replaces none.
    """

    space: Workspace
    folder: Path
    corpus: Corpus
    before: Mapping[str, ir.Table]
    after: Mapping[str, ir.Table]
    mine: Mapping[str, ir.Table]
    gone: ir.Table | None

    def write_history(self) -> None:
        """Write `pair_firsts` and `history` of the corpus with the delivery."""
        documents = in_force(self.mine["documents"])
        units = self.space.keep("new_units", history.class_units(documents, self.mine["classes"]))
        pairs = self.space.keep("new_pairs", history.document_pairs(units))
        moved = self._moved(pairs)
        now = moved.select("a", "b", first="now").mutate(gone=moved.now.isnull())
        write_sorted(self.space, now.order_by(PAIR), self.folder / "pair_firsts")

        stored = self._stored("pair_firsts").anti_join(moved, PAIR)
        here = now.filter(~now.gone).drop("gone")
        firsts = self.space.keep("new_firsts", ibis.union(stored, here.select(stored.columns)))
        counted = [history.first_pairs(documents, units, pairs, firsts)]
        older = self.space.keep("older", moved.filter(moved.old.notnull()))
        if self.space.count(older):
            others = self.space.keep("others", self._recounted(older))
            counted.append(self._counts_of(others, firsts))
        rows = self._keep_union("counted", counted)
        self._write_changed("history", rows, self.gone, "doc_id")

    def write_organisations(self) -> None:
        """Write `first_organisations`: by what came; anew for those of documents that went."""
        documents = in_force(self.mine["documents"])
        came = history.first_organisations(documents, self.mine["parties"])
        lost = None
        if self.gone is not None:
            went = self.before["parties"].semi_join(self.gone, "doc_id").drop_null(["org_id"])
            lost = self.space.keep("lost", went.select("org_id").distinct())
            came = came.anti_join(lost, "org_id")
        found = [self._earlier(self.space.keep("came", came))]
        if lost is not None:
            some = self.after["parties"].semi_join(lost, "org_id")
            found.append(history.first_organisations(in_force(self.after["documents"]), some))
        rows = self._keep_union("organisations_now", found)
        self._write_changed("first_organisations", rows, lost, "org_id")

    def _earlier(self, came: ir.Table) -> ir.Table:
        """Organisations of the delivery with their first day, there or before."""
        stored = self._stored("first_organisations")
        stored = stored.semi_join(came, "org_id").select(
            "org_id", first="first_published", dated=stored.named + stored.org
        )
        both = came.left_join(stored, "org_id").drop("org_id_right")
        dated = both.named + both.org
        return history.with_names(
            both.select(
                "org_id",
                first_published=_least(both.first_published, both["first"]),
                dated_name=_least(dated, both.dated),
            )
        )

    def _keep_union(self, name: str, parts: list[ir.Table]) -> ir.Table:
        columns = parts[0].columns
        rows = ibis.union(*(part.select(columns) for part in parts)) if parts[1:] else parts[0]
        return self.space.keep(name, rows)

    def _write_changed(self, name: str, rows: ir.Table, asked: ir.Table | None, key: str) -> None:
        """Write rows that are others now, and which of those asked about are no longer there."""
        whole = rows.mutate(gone=False)
        if asked is not None:
            none = {column: ibis.null(rows[column].type()) for column in rows.columns[1:]}
            lost = asked.select(key).anti_join(rows, key).mutate(**none, gone=True)
            whole = ibis.union(whole, lost.select(whole.columns))
        write_sorted(self.space, whole.order_by(key), self.folder / name)

    def _stored(self, name: str) -> ir.Table:
        return stored_table(self.space.read, self.corpus.folder, self.corpus.manifest, name)

    def _moved(self, pairs: ir.Table) -> ir.Table:
        """Pairs whose first day is another one now: a, b, old (null: none), now (null: none)."""
        stored = self._stored("pair_firsts")
        came = pairs.group_by(PAIR).agg(came=pairs.published.min())
        if self.gone is None:
            asked = came.left_join(stored, PAIR).select("a", "b", "came", old="first")
            marked = asked.mutate(open=False, found=ibis.null("string"))
        else:
            marked = self._asked(stored, came, self.gone)
        now = marked.open.ifelse(marked.found, _least(marked.old, marked.came))
        result = marked.select("a", "b", "old", now=now)
        return self.space.keep("moved", result.filter(~result.old.identical_to(result.now)))

    def _asked(self, stored: ir.Table, came: ir.Table, gone: ir.Table) -> ir.Table:
        """Pairs that came or went: a, b, old, came, open (its first may have gone), found."""
        left = self.space.keep("left_pairs", history.document_pairs(_units(self.before, gone)))
        went = left.group_by(PAIR).agg(went=left.published.min())
        asked = ibis.union(came.select(PAIR), went.select(PAIR)).distinct()
        asked = asked.left_join(stored, PAIR).select("a", "b", old="first")
        asked = asked.left_join(came, PAIR).select("a", "b", "old", "came")
        asked = asked.left_join(went, PAIR).select("a", "b", "old", "came", "went")
        asked = asked.mutate(open=(asked.went == asked.old).fill_null(False))
        asked = self.space.keep("asked", asked)
        holders = self._holders(asked.filter(asked.open))
        found = holders.group_by(PAIR).agg(found=holders.published.min())
        return asked.left_join(found, PAIR).select("a", "b", "old", "came", "open", "found")

    def _holders(self, pairs: ir.Table) -> ir.Table:
        """Documents that have some pairs: doc_id, published, a, b."""
        units = history.class_units(in_force(self.after["documents"]), self.after["classes"])
        one = pairs.select(PAIR).join(units.select("doc_id", "published", a="unit"), "a")
        both = one.semi_join(units.select("doc_id", b="unit"), ["doc_id", "b"])
        return both.select("doc_id", "published", *PAIR)

    def _recounted(self, moved: ir.Table) -> ir.Table:
        """Older documents of the day that was, or now is, the first of a pair: doc_id."""
        now = moved.filter(moved.now.notnull()).select("a", "b", day="now")
        days = ibis.union(moved.select("a", "b", day="old"), now)
        units = history.class_units(in_force(self.after["documents"]), self.after["classes"])
        one = days.join(units.select("doc_id", a="unit", day="published"), ["a", "day"])
        both = one.semi_join(units.select("doc_id", b="unit"), ["doc_id", "b"])
        return both.select("doc_id").distinct().anti_join(self.mine["documents"], "doc_id")

    def _counts_of(self, ids: ir.Table, firsts: ir.Table) -> ir.Table:
        """Counts of some documents of the corpus."""
        documents = in_force(self.after["documents"]).semi_join(ids, "doc_id")
        units = self.space.keep("other_units", _units(self.after, ids))
        return history.first_pairs(documents, units, history.document_pairs(units), firsts)


def _units(tables: Mapping[str, ir.Table], ids: ir.Table) -> ir.Table:
    """Units of some documents."""
    documents = in_force(tables["documents"]).semi_join(ids, "doc_id")
    return history.class_units(documents, tables["classes"].semi_join(ids, "doc_id"))


def _least(one: ir.Value, other: ir.Value) -> ir.Value:
    """The lesser of two, or the one that is there."""
    return ibis.least(one.coalesce(other), other.coalesce(one))
