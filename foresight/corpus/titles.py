"""Documents that agree in title, year and first name: the last rule of `identity`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from foresight.corpus.names import can_be_one_person

SHORTEST, SHORTEST_HAN = 16, 6  # letters of a title that can tell documents apart; ours
MOST = 8  # documents of one title beyond which it is one that many have ("Editorial"); ours


def title_key(titles: pa.ChunkedArray) -> pa.ChunkedArray:
    """Letters and digits of titles, case, width and accents aside; null where too few."""
    flat = pc.utf8_lower(pc.utf8_normalize(titles, form="NFKD"))
    flat = pc.replace_substring_regex(flat, pattern=r"[^\p{L}\p{N}]+", replacement="")
    size = pc.utf8_length(flat)
    han = pc.match_substring_regex(flat, pattern=r"\p{Han}")
    enough = pc.or_(
        pc.greater_equal(size, SHORTEST), pc.and_(han, pc.greater_equal(size, SHORTEST_HAN))
    )
    return pc.if_else(enough, flat, pa.scalar(None, flat.type))


def title_candidates(nodes: ir.Table) -> ir.Table:
    """Records whose title stands in two parts, in more than one document."""
    rows = nodes.filter(nodes.title.notnull())
    groups = rows.group_by("kind", "title").agg(
        parts=rows.part.nunique(), documents=rows.cluster.nunique()
    )
    shared = groups.filter((groups.parts > 1) & (groups.documents > 1))
    shared = shared.select("kind", "title", "documents")
    wanted = rows.join(shared, ["kind", "title"])
    return wanted.select(
        "kind", "title", "documents", "node", "part", "cluster", "published", "name", "fixed",
        "preprint",
    ).order_by("kind", "title", "node")  # fmt: skip


def title_edges(candidates: Iterator[pa.Table]) -> tuple[list[tuple[int, int]], int]:
    """Edges by title, year and first name; and the number of titles left alone as ambiguous."""
    edges: list[tuple[int, int]] = []
    group: list[dict[str, Any]] = []
    ambiguous = 0
    for batch in candidates:
        for row in batch.to_pylist():
            if group and (group[0]["kind"], group[0]["title"]) != (row["kind"], row["title"]):
                ambiguous += _join_titles(group, edges)
                group = []
            group.append(row)
    if group:
        ambiguous += _join_titles(group, edges)
    return edges, ambiguous


def _join_titles(group: list[dict[str, Any]], edges: list[tuple[int, int]]) -> int:
    """Add the edges of one title; 1 if some document could belong to several others."""
    heads: dict[int, list[dict[str, Any]]] = {}
    for row in group:
        heads.setdefault(row["cluster"], []).append(row)
    if len(heads) > MOST:
        return 1
    pairs = [
        (one, other, pair)
        for one, other in combinations(heads, 2)
        if (pair := _alike_pair(heads[one], heads[other]))
    ]
    sets: dict[int, set[int]] = {}
    for one, other, _ in pairs:
        whole = sets.get(one, {one}) | sets.get(other, {other})
        sets |= dict.fromkeys(whole, whole)
    bad = {
        head
        for head, whole in sets.items()
        if any(_apart(heads[a], heads[b]) for a, b in combinations(sorted(whole), 2))
    }
    edges += [pair for one, _, pair in pairs if one not in bad]
    return int(bool(bad))


def _apart(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> bool:
    """Whether two documents that look alike must not be joined.

    Each has an identifier that the other cannot have, or one corpus has both and does not say that
    one is the preprint of the other.
    """
    if any(row["fixed"] for row in left) and any(row["fixed"] for row in right):
        return True
    states = [{row["preprint"] for row in rows} for rows in (left, right)]
    together = {row["part"] for row in left} & {row["part"] for row in right}
    return bool(together) and sorted(map(sorted, states)) != [[False], [True]]


def _alike_pair(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> tuple[int, int] | None:
    """The first two records of two documents that agree in year and name."""
    for a in left:
        for b in right:
            gap = abs(int(a["published"][:4]) - int(b["published"][:4]))
            near = gap <= (1 if a["preprint"] != b["preprint"] else 0)
            if near and a["name"] and b["name"] and can_be_one_person(a["name"], b["name"]):
                return a["node"], b["node"]
    return None
