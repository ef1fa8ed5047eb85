"""Which records of several corpora are one document.

Rules, in the order in which they are asked; every joined record keeps the first that held.

`same_id`               the same id of ours.
`doi`                   the same DOI, or the arXiv id that a DOI of arXiv's or the record itself
                        names (10.48550/arxiv.2101.00001 is arxiv:2101.00001, in any version).
`source_id`             the same number in one of the services whose numbers are unique.
`publication_number`    the same office, number and kind, in whatever spelling.
`number_without_kind`   the same office and number, where one record does not tell the kind and the
                        others tell one only.
`application_and_grant` the same office and number with several kinds, at offices that publish
                        application and grant under one number (CN, EP, WO; applications of US).
`family`                the same family number in the same service.
`family_member`         a record lists the publication of the other, or one that the other lists, as
                        of its simple family. Services number families in ways of their own; what a
                        simple family is (the same priorities) they mostly take from DOCDB.
`same_filing`           the same office, filing day, title and first inventor; one a grant, one not.
`title_year_name`       the same title and year, and first names that can be one person. Between a
                        preprint and its publication a year may lie. Not joined: records that have
                        two different DOIs of publishers, or two publication numbers; titles that
                        are short, or that one corpus has twice.

The rules are ours. Title, year and first author as a key of papers: Hug, Ochsner and Brändle 2017,
doi:10.1007/s11192-017-2247-8, find few false matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from foresight.corpus.members import members_file
from foresight.corpus.merge_members import listed_members
from foresight.corpus.names import person_key
from foresight.corpus.store import Corpus
from foresight.corpus.titles import title_candidates, title_edges, title_key
from foresight.corpus.workspace import Workspace
from foresight.sources.numbers import YEAR_DIGITS, Publication, doi, publication

RULES = (
    "same_id",
    "doi",
    "source_id",
    "publication_number",
    "number_without_kind",
    "application_and_grant",
    "family",
    "family_member",
    "same_filing",
    "title_year_name",
)
# Services whose numbers mean the same record wherever they stand.
NUMBERED = frozenset({"openalex", "arxiv", "europepmc", "wos", "scopus", "lens", "patentsview"})
ONE_NUMBER = frozenset({"CN", "EP", "WO"})
# Registrants of preprint servers: arXiv, bioRxiv, Research Square, ChemRxiv, SSRN, Preprints.org,
# OSF, TechRxiv, Authorea.
PREPRINTS = (
    "10.48550/", "10.1101/", "10.21203/", "10.26434/", "10.2139/", "10.20944/", "10.31219/",
    "10.36227/", "10.22541/",
)  # fmt: skip
PREPRINT_TYPES = frozenset({"preprint", "posted-content"})
_ARXIV = re.compile(r"(?:doi:10\.48550/arxiv\.|arxiv:)(.+?)(?:v\d+)?", re.IGNORECASE)
_KIND = re.compile(r"[A-Z]\d?")

_NODE = pa.schema(
    [
        ("node", pa.int64()),
        ("part", pa.int64()),
        ("doc_id", pa.large_string()),
        ("kind", pa.large_string()),
        ("order", pa.large_string()),
        ("office", pa.large_string()),
        ("published", pa.large_string()),
        ("filed", pa.large_string()),
        ("base", pa.large_string()),
        ("code", pa.large_string()),
        ("grant", pa.bool_()),
        ("fixed", pa.large_string()),
        ("preprint", pa.bool_()),
        ("title", pa.large_string()),
        ("name", pa.large_string()),
    ]
)
_KEY = pa.schema([("node", pa.int64()), ("rule", pa.int64()), ("key", pa.large_string())])
_EDGE = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("rule", pa.int64())])


def paper_key(text: str) -> str | None:
    """The DOI or arXiv id that an id of a paper stands for; None for other ids.

    >>> paper_key("doi:10.48550/arxiv.2101.00001"), paper_key("arxiv:2101.00001v2")
    ('arxiv:2101.00001', 'arxiv:2101.00001')
    """
    if match := _ARXIV.fullmatch(text):
        return f"arxiv:{match[1].lower()}"
    if text.lower().startswith("doi:10."):
        return text.lower()
    known = doi(text, whole=True) if text.startswith("10.") else None
    return f"doi:{known}" if known else None


def patent_number(doc_id: str, office: str | None, doc_type: str | None) -> Publication | None:
    """Publication number of a patent; its kind from `doc_type` where the id has none."""
    kind = doc_type if doc_type and _KIND.fullmatch(doc_type) else None
    return publication(doc_id, office=office, kind=kind) or publication(doc_id, kind=kind)


def write_nodes(parts: Sequence[Corpus], space: Workspace) -> tuple[ir.Table, ir.Table]:
    """List the documents of all parts with what the rules look at.

    Returns
    -------
    (Ibis table, Ibis table)
        `nodes`: one row per document and part, see `_NODE`; `fixed` is an identifier that no other
        document can have, `order` sorts the records of one document: the publisher's DOI before a
        preprint's, the earlier publication of a patent before the later.
        `keys`: node, number of the rule, key.
    """
    paths = [space.folder / "nodes.parquet", space.folder / "keys.parquet"]
    start = 0
    lists = any(members_file(part) for part in parts)
    with pq.ParquetWriter(paths[0], _NODE) as nodes, pq.ParquetWriter(paths[1], _KEY) as keys:
        for number, part in enumerate(parts):
            for batch in _documents(part, space):
                rows, found = _read(batch, part=number, start=start, lists=lists)
                nodes.write_table(rows)
                keys.write_table(found)
                start += rows.num_rows
    return space.keep("nodes", space.read(paths[0])), space.keep("keys", space.read(paths[1]))


def _documents(part: Corpus, space: Workspace) -> Iterator[pa.Table]:
    documents = space.read(part.folder / "documents.parquet")
    parties = space.read(part.folder / "parties.parquet")
    named = parties.filter(parties.role.isin(["author", "inventor"]) & parties.name.notnull())
    placed = named.mutate(placed=named.position.cast("string").lpad(9, "0") + named.name)
    first = placed.group_by("doc_id").agg(name=placed.placed.min().substr(9))
    wanted = ["doc_id", "kind", "title", "published", "filed", "office", "family_id", "doc_type",
              "source", "source_id"]  # fmt: skip
    chosen = documents.select(wanted).left_join(first, "doc_id").drop("doc_id_right")
    if (listed := listed_members(part, space)) is not None:
        chosen = chosen.left_join(listed, "doc_id").drop("doc_id_right")
    yield from space.batches(chosen.order_by("doc_id"))


def _read(batch: pa.Table, *, part: int, start: int, lists: bool) -> tuple[pa.Table, pa.Table]:
    """Rows of `nodes` and of `keys` for some documents; `lists`: a part has lists of families."""
    titles = title_key(batch["title"].cast(pa.large_string())).to_pylist()
    rows, keys = [], []
    for place, row in enumerate(batch.to_pylist()):
        node = start + place
        patent = row["kind"] == "patent"
        number = patent_number(row["doc_id"], row["office"], row["doc_type"]) if patent else None
        own = None if patent else paper_key(row["doc_id"])
        preprint = not patent and _is_preprint(row)
        fixed = number.doc_id if number else None if preprint else own
        keys += [
            (node, RULES.index(rule), key) for rule, key in _keys(row, number, own, lists=lists)
        ]
        rows.append(
            {
                "node": node,
                "part": part,
                "order": _order(row, fixed=fixed, own=own, number=number),
                "base": number.key if number else None,
                "code": number.kind if number else None,
                "grant": number.granted if number else None,
                "fixed": fixed,
                "preprint": preprint,
                "title": titles[place],
                **{name: row[name] for name in
                   ("doc_id", "kind", "office", "published", "filed", "name")},
            }
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_NODE), _columns(keys, _KEY)


def _columns(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array([row[i] for row in rows], f.type) for i, f in enumerate(schema)]
    return pa.table(arrays, schema=schema)


def _is_preprint(row: Mapping[str, str | None]) -> bool:
    """Whether a paper is a preprint. arXiv's records may carry the DOI of the publication."""
    bare = (row["doc_id"] or "").lower().removeprefix("doi:")
    if bare.startswith(("arxiv:", *PREPRINTS)):
        return True
    published = row["source"] == "arxiv" and bare.startswith("10.")
    return row["doc_type"] in PREPRINT_TYPES and not published


def _order(row: dict[str, str], *, fixed: str | None, own: str | None,
           number: Publication | None) -> str:  # fmt: skip
    """Sorts the records of one document; the first gives its id and fills its fields."""
    if row["kind"] == "patent":
        return f"{row['published']} {'0' if number and number.kind else '1'}"
    return "0" if fixed else "1" if own else "2"


def _keys(
    row: dict[str, Any], number: Publication | None, own: str | None, *, lists: bool
) -> Iterator[tuple[str, str]]:
    yield "same_id", row["doc_id"]
    source, source_id = row["source"], row["source_id"]
    if own:
        yield "doi", own
    if source == "arxiv" and source_id and row["kind"] == "paper":
        yield "doi", paper_key(f"arxiv:{source_id}") or ""
    if source in NUMBERED and source_id:
        yield "source_id", f"{source}:{source_id}"
    if number and number.kind:
        yield "publication_number", number.doc_id
        if lists:
            yield "family_member", number.doc_id
    for member in row.get("members") or ():
        yield "family_member", member
    if row["family_id"] and row["kind"] == "patent":
        yield "family", f"{source or ''}:{row['family_id']}"


def _stars(keyed: ir.Table, rule: ir.Value | int) -> ir.Table:
    """Edges from the first record of each key to the others. `keyed`: node and key columns."""
    names = [name for name in keyed.columns if name != "node"]
    first = keyed.group_by(names).agg(a=keyed.node.min(), n=keyed.node.nunique())
    joined = keyed.join(first.filter(first.n > 1), names)
    joined = joined.filter(joined.node != joined.a)
    number = joined.rule if not isinstance(rule, int) else ibis.literal(rule, "int64")
    return joined.select(a="a", b="node", rule=number).distinct()


def _number_edges(nodes: ir.Table) -> list[ir.Table]:
    """Edges by office and number, with unknown or several kinds."""
    numbered = nodes.filter(nodes.base.notnull())
    one = numbered.base[:2].isin(sorted(ONE_NUMBER)) | (
        (numbered.base[:2] == "US") & (numbered.base.length() >= YEAR_DIGITS + 2)
    )
    kinds = (
        numbered.mutate(one=one)
        .group_by("base")
        .agg(codes=numbered.code.nunique(), unknown=numbered.code.isnull().any(), one=one.any())
    )
    some = numbered.select("node", "base")
    single = kinds.filter((kinds.codes <= 1) & kinds.unknown).select("base")
    several = kinds.filter((kinds.codes > 1) & kinds.one).select("base")
    return [
        _stars(some.semi_join(single, "base"), RULES.index("number_without_kind")),
        _stars(some.semi_join(several, "base"), RULES.index("application_and_grant")),
    ]


def clusters(edges: pa.Table) -> pa.Table:
    """Connected records.

    Parameters
    ----------
    edges : pyarrow Table: a, b

    Returns
    -------
    pyarrow Table: node, cluster (the least node in it)
    """
    a, b = (edges[name].to_numpy() for name in ("a", "b"))
    found, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = codes[: len(a)], codes[len(a) :]
    graph = coo_array((np.ones(len(a), dtype=bool), (left, right)), shape=(len(found),) * 2)
    count, labels = connected_components(graph, directed=False)
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, labels, found)
    return pa.table(
        {"node": pa.array(found, pa.int64()), "cluster": pa.array(least[labels], pa.int64())}
    )


def _clustered(nodes: ir.Table, found: ir.Table) -> ir.Table:
    joined = nodes.left_join(found, "node")
    return joined.mutate(cluster=joined.cluster.coalesce(joined.node)).drop("node_right")


def _filing_edges(nodes: ir.Table) -> ir.Table:
    """Edges between an application and its grant that share office, filing date, title, name."""
    rows = nodes.filter(
        (nodes.kind == "patent") & nodes.filed.notnull() & nodes.title.notnull()
        & nodes.name.notnull() & nodes.grant.notnull()
    )  # fmt: skip
    by = ["office", "filed", "title", "name_key"]
    groups = rows.group_by(by).agg(
        a=rows.node.min(where=~rows.grant),
        b=rows.node.min(where=rows.grant),
        early=rows.cluster.nunique(where=~rows.grant),
        late=rows.cluster.nunique(where=rows.grant),
        all=rows.cluster.nunique(),
    )
    pairs = groups.filter((groups.early == 1) & (groups.late == 1) & (groups["all"] == 2))
    return pairs.select("a", "b", rule=ibis.literal(RULES.index("same_filing"), "int64"))


def find_joined(nodes: ir.Table, keys: ir.Table, space: Workspace) -> tuple[ir.Table, int]:
    """Find the records that are one document.

    Parameters
    ----------
    nodes, keys : Ibis tables
        See `write_nodes`.
    space : Workspace

    Returns
    -------
    (Ibis table, int)
        Records of documents that several records have: node, cluster, matched (the node with which
        the rule held), rule (its place in `RULES`). Number of titles left alone as ambiguous.
    """
    sure = [
        RULES.index(name)
        for name in ("same_id", "doi", "source_id", "publication_number", "family", "family_member")
    ]
    firm = _stars(keys.filter(keys.rule.isin(sure)), keys.rule)
    edges = space.keep("edges", ibis.union(firm, *_number_edges(nodes)))
    found = space.load("found", clusters(space.arrow(edges)))
    spelled = space.keep("clustered", _clustered(nodes, found))
    named = _with_name_key(spelled, space)
    soft, ambiguous = title_edges(space.batches(title_candidates(spelled)))
    rule = RULES.index("title_year_name")
    title = _columns([(*pair, rule) for pair in soft], _EDGE)
    whole = space.keep(
        "all_edges", ibis.union(edges, _filing_edges(named), space.load("title_edges", title))
    )
    found = space.load("found", clusters(space.arrow(whole)))
    both = ibis.union(
        whole.select(node="a", matched="b", rule="rule"),
        whole.select(node="b", matched="a", rule="rule"),
    )
    best = both.group_by("node").agg(
        matched=both.matched.argmin(both.rule * (1 << 40) + both.matched), rule=both.rule.min()
    )
    joined = found.join(best, "node").select("node", "cluster", "matched", "rule")
    return space.keep("joined", joined), ambiguous


def _with_name_key(nodes: ir.Table, space: Workspace) -> ir.Table:
    """Nodes of patents with the letters of the first inventor's name, in no order."""
    wanted = nodes.filter(
        (nodes.kind == "patent") & nodes.name.notnull() & nodes.filed.notnull()
    ).select("node", "name")
    path = space.folder / "names.parquet"
    schema = pa.schema([("node", pa.int64()), ("name_key", pa.large_string())])
    with pq.ParquetWriter(path, schema) as writer:
        for batch in space.batches(wanted):
            names = [person_key(name) for name in batch["name"].to_pylist()]
            writer.write_table(pa.table([batch["node"], names], schema=schema))
    keyed = space.read(path)
    return nodes.join(keyed, "node")
