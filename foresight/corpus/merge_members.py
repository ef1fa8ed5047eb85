"""Family members in a merge: lists by which records are joined, and what the families have then."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from foresight.corpus.members import members_file
from foresight.corpus.store import Corpus
from foresight.corpus.workspace import Workspace
from foresight.tables import FAMILY_MEMBERS


def listed_members(part: Corpus, space: Workspace) -> ir.Table | None:
    """Publication numbers that the file of a part names, as lists by document."""
    path = members_file(part)
    if path is None:
        return None
    rows = space.read(path)
    return rows.group_by("doc_id").agg(members=rows.member_id.collect())


def merged_members(
    parts: Sequence[Corpus], nodes: ir.Table, places: ir.Table, space: Workspace
) -> ir.Table:
    """Rows of `FAMILY_MEMBERS` for a merge.

    Parameters
    ----------
    parts : sequence of Corpus
    nodes, places : Ibis tables
        All records of the parts, and those that share a document with others: see
        `identity.write_nodes` and `merge_corpora`.
    space : Workspace

    Returns
    -------
    Ibis table, sorted by key
        Publications of the joined records and of the parts' own members, but for the publication
        of the document itself. A number without a kind is left out where the family has one with.
    """
    kept = nodes.left_join(places.select("node", "kept_id", "place"), "node")
    kept = kept.mutate(
        kept_id=kept.kept_id.coalesce(kept.doc_id),
        place=kept.place.coalesce(0),
        shared=kept.place.notnull(),
    )
    kept = kept.filter(kept.kind == "patent")
    found = [_joined(kept), *_of_parts(parts, kept, space)]
    rows = ibis.union(*found) if len(found) > 1 else found[0]
    rows = rows.group_by("doc_id", "member_id").agg(
        base=rows.base.max(),
        office=rows.office.max(),
        published=rows.published.min(),
        known_by=rows.known_by.max(),  # `record` comes behind `listed`
    )
    rows = space.keep("members", rows)
    own = kept.filter((kept.place == 0) & kept.fixed.notnull())
    same = own.select(doc_id="kept_id", base="base", member_id="fixed")
    rows = rows.anti_join(same, ["doc_id", "member_id"])
    bare = rows.member_id == rows.base
    whole = ibis.union(
        rows.filter(~bare).select("doc_id", "base"),
        same.filter(same.member_id != same.base).select("doc_id", "base"),
    )
    rows = ibis.union(rows.filter(~bare), rows.filter(bare).anti_join(whole, ["doc_id", "base"]))
    return rows.select(FAMILY_MEMBERS.names).order_by(list(FAMILY_MEMBERS.key))


def _joined(kept: ir.Table) -> ir.Table:
    """Publications of records that share their document with others."""
    rows = kept.filter(kept.fixed.notnull() & kept.shared)
    return rows.select(
        doc_id="kept_id", member_id="fixed", base="base", office="office", published="published",
        known_by=ibis.literal("record"),
    )  # fmt: skip


def _of_parts(parts: Sequence[Corpus], kept: ir.Table, space: Workspace) -> list[ir.Table]:
    found = []
    for number, part in enumerate(parts):
        path = members_file(part)
        if path is None:
            continue
        rows = space.read(path)
        named = kept.filter(kept.part == number).select("doc_id", "kept_id")
        rows = rows.mutate(base=rows.member_id.re_replace(r"[A-Z]\d?\z", ""))
        joined = rows.join(named, "doc_id").drop("doc_id").rename(doc_id="kept_id")
        found.append(joined.select("doc_id", "member_id", "base", *FAMILY_MEMBERS.names[2:]))
    return found
