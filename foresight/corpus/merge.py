"""`foresight corpus merge`: several corpora as one, one document of each.

All tables are computed by DuckDB from the files of the parts, so memory does not grow with them.

What a document gets that several records have (see `foresight.corpus.identity` for the rules): the
first record gives id and fields, the others fill its gaps. The publisher's DOI comes before a
preprint's, a patent's earlier publication before its later ones, and then the corpus named first.

`published`   the earliest day; `granted` the first grant at the office of the first record.
`parties`     of each role from the record that knows most organisations.
`classes`     of all records; primary where one of them says so.
`references`  of all records of a paper. Of a patent only those of its first publication: what a
              later one cites was not known before; the others are counted.
`events`      of all records of the same office; those of other offices are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import settings
from foresight.corpus import identity, members, normalise
from foresight.corpus.engine import workspace
from foresight.corpus.merge_card import merged_card, part_counts
from foresight.corpus.merge_members import merged_members
from foresight.corpus.staged import write_staged
from foresight.corpus.store import Corpus, check_name, open_corpus
from foresight.corpus.workspace import Workspace
from foresight.errors import CorpusError
from foresight.sources.base import arrow_schema
from foresight.tables import CLASSES, DOCUMENTS, EVENT_TABLE, PARTIES, REFERENCES

IDENTITY = "identity.parquet"
SEPARATOR = "\x1f"
FAMILY_RULES = ("application_and_grant", "family", "family_member", "same_filing")


def merge_corpora(names: Sequence[str], *, name: str) -> Corpus:
    """Merge corpora into a new one.

    Beside its tables lies `identity.parquet`, one row for each record that was joined to another:
    kept_id, joined_id, matched_id (the record with which the rule held), rule, corpus (of the
    joined record), source, source_id, office, doc_type, published, granted. Its patents' other
    publications are in `family_members.parquet` (see `foresight.corpus.members`).

    Parameters
    ----------
    names : sequence of str
        At least two corpora; where two say different things of a document, the first counts.
    name : str
        Of the new corpus; one of the same name is replaced.

    Returns
    -------
    Corpus
        Its manifest carries titles, licences, notes, caveats and origins of all parts, and `parts`
        and `identity` (joined records by rule).

    Raises
    ------
    CorpusError
        For fewer than two names, a name twice, a part that is not there, or a bad new name.
    """
    _check_names(names, name)
    parts = [open_corpus(part) for part in names]
    settings.corpora_dir().mkdir(parents=True, exist_ok=True)
    with workspace(folder=settings.corpora_dir()) as space:
        nodes, keys = identity.write_nodes(parts, space)
        joined, ambiguous = identity.find_joined(nodes, keys, space)
        places = _placed(nodes, joined, space)
        merged = _Merged(parts, nodes, keys, places, space)
        tables = {
            DOCUMENTS.name: merged.documents(),
            REFERENCES.name: merged.references(),
            CLASSES.name: merged.classes(),
            PARTIES.name: merged.parties(),
            EVENT_TABLE.name: merged.events(),
        }
        for table, expression in tables.items():
            space.write(expression, space.folder / f"{table}.parquet")
        record = space.arrow(merged.record())
        pq.write_table(record, space.folder / IDENTITY, compression="zstd")
        family = merged_members(parts, nodes, places, space)
        space.write(family, space.folder / members.FILE)
        by_rule = _by_rule(record)
        counts = {
            **part_counts(parts),
            **{f"joined_{rule}": number for rule, number in by_rule.items()},
            "titles_left_ambiguous": ambiguous,
            **merged.left_out(),
            "family_members": pq.read_metadata(space.folder / members.FILE).num_rows,
        }
        card = merged_card(parts, counts=counts, by_rule=by_rule)
        return write_staged(space, name=name, card=card, beside=(IDENTITY, members.FILE))


def _check_names(names: Sequence[str], name: str) -> None:
    check_name(name)
    if len(names) < 2:
        msg = f"A merge takes two corpora or more, got {len(names)}. Name them before --name."
        raise CorpusError(msg)
    twice = sorted({part for part in names if list(names).count(part) > 1})
    if twice:
        msg = f"{', '.join(twice)} is named twice. Name each corpus once."
        raise CorpusError(msg)
    if name == "sample" or name in names:
        msg = f"`{name}` is the name of a corpus to be kept. Give the new one another --name."
        raise CorpusError(msg)


def _placed(nodes: ir.Table, joined: ir.Table, space: Workspace) -> ir.Table:
    """Records of documents that have several: kept_id, place (0 for the first), and its office."""
    rows = joined.join(nodes, "node").select(
        "node", "cluster", "matched", "rule", "part", "doc_id", "order", "office", "published",
        "kind",
    )  # fmt: skip
    window = ibis.window(
        group_by=rows.cluster, order_by=[rows.order, rows.part, rows.doc_id, rows.node]
    )
    placed = rows.mutate(
        place=ibis.row_number().over(window),
        kept_id=rows.doc_id.first().over(window),
        kept_office=rows.office.first().over(window),
        kept_published=rows.published.first().over(window),
    )
    return space.keep("placed", placed)


class _Merged:
    """The tables of the parts as one."""

    def __init__(
        self,
        parts: Sequence[Corpus],
        nodes: ir.Table,
        keys: ir.Table,
        places: ir.Table,
        space: Workspace,
    ) -> None:
        self.parts, self.nodes, self.keys, self.places = parts, nodes, keys, places
        self.space = space
        self.names = [part.name for part in parts]
        self._documents = self._stacked(DOCUMENTS.name)

    def _stacked(self, table: str) -> ir.Table:
        """Rows of a table of all parts, with the number of the part."""
        return ibis.union(
            *(
                self.space.read(part.folder / f"{table}.parquet").mutate(
                    part=ibis.literal(number, "int64")
                )
                for number, part in enumerate(self.parts)
            )
        )

    def _of_documents(self, table: str, column: str = "doc_id") -> ir.Table:
        """Rows with the id of the document that is kept; `place` is null where it stands alone."""
        rows = self._stacked(table)
        some = self.places.select(
            "part", "place", "kept_id", "kind", own=self.places.doc_id,
            later=self.places.published > self.places.kept_published,
            here=(self.places.office == self.places.kept_office).fill_null(True),
        )  # fmt: skip
        joined = rows.left_join(some, [rows.part == some.part, rows[column] == some.own])
        joined = joined.mutate(**{column: joined.kept_id.coalesce(joined[column])})
        return joined.drop("part_right", "own", "kept_id")

    def documents(self) -> ir.Table:
        """One row per document."""
        rows = self._documents
        some = self.places.select("node", "part", "place", "kept_id", own=self.places.doc_id)
        alone = rows.anti_join(some, [rows.part == some.part, rows.doc_id == some.own])
        several = rows.join(some, [rows.part == some.part, rows.doc_id == some.own])
        several = several.join(self.nodes.select("node", "grant"), "node")
        path = self.space.folder / "several.parquet"
        with pq.ParquetWriter(path, arrow_schema(DOCUMENTS)) as writer:
            for rows_of_some in _grouped(self.space.batches(several.order_by("kept_id", "place"))):
                merged = [_one_document(records) for records in rows_of_some]
                writer.write_table(pa.Table.from_pylist(merged, schema=arrow_schema(DOCUMENTS)))
        merged_rows = self.space.read(path).select(DOCUMENTS.names)
        return ibis.union(alone.select(DOCUMENTS.names), merged_rows).order_by("doc_id")

    def _aliases(self) -> ir.Table:
        """Every id by which a reference can name a document that is kept under another one."""
        kept = self.nodes.left_join(self.places.select("node", "kept_id"), "node")
        kept = kept.mutate(kept_id=kept.kept_id.coalesce(kept.doc_id)).drop("node_right")
        kept = self.space.keep("kept", kept.select("node", "kept_id", "base", "doc_id", "order"))
        used = [identity.RULES.index(rule) for rule in
                ("same_id", "doi", "source_id", "publication_number", "family_member")]  # fmt: skip
        keyed = self.keys.filter(self.keys.rule.isin(used)).join(kept, "node")
        named = ibis.union(
            keyed.select(alias="key", kept_id="kept_id", order="order"),
            kept.filter(kept.base.notnull()).select(alias="base", kept_id="kept_id", order="order"),
        )
        marked = named.mutate(marked=named.order + SEPARATOR + named.kept_id)
        one = marked.group_by("alias").agg(first=marked.marked.min())
        return one.select("alias", kept_id=one.first.split(SEPARATOR)[1])

    def references(self) -> ir.Table:
        """References between the documents that are kept; see the module for those of patents."""
        rows = self._of_documents(REFERENCES.name, "citing_id")
        rows = rows.filter(~self._too_late(rows))
        prefix = r"^doi:10\.48550/arxiv\.|^arxiv:"
        bare = rows.cited_id.re_replace(prefix, "arxiv:")
        bare = ibis.cases((bare.startswith("arxiv:"), bare.re_replace(r"v\d+\z", "")), else_=bare)
        aliases = self._aliases()
        found = rows.mutate(alias=bare).left_join(aliases, "alias")
        found = found.mutate(cited_id=found.kept_id.coalesce(found.cited_id))
        found = found.filter(found.citing_id != found.cited_id)
        values = {name: found[name].min() for name in ("cited_kind", "cited_year", "raw")}
        merged = found.group_by("citing_id", "cited_id").agg(**values)
        return merged.select(REFERENCES.names).order_by("citing_id", "cited_id")

    def _too_late(self, rows: ir.Table) -> ir.BooleanValue:
        return (rows.kind == "patent").fill_null(False) & rows.later.fill_null(False)

    def classes(self) -> ir.Table:
        """Classes of all records of a document."""
        rows = self._of_documents(CLASSES.name)
        merged = rows.group_by(list(CLASSES.key)).agg(primary=rows.primary.max())
        return merged.select(CLASSES.names).order_by(list(CLASSES.key))

    def parties(self) -> ir.Table:
        """Parties of each role from the record that knows most organisations."""
        rows = self._of_documents(PARTIES.name)
        rows = rows.mutate(place=rows.place.coalesce(0))
        sizes = rows.group_by("doc_id", "role", "part", "place").agg(
            orgs=rows.org_id.count(), size=rows.count()
        )
        window = ibis.window(
            group_by=[sizes.doc_id, sizes.role],
            order_by=[sizes.orgs.desc(), sizes["size"].desc(), sizes.place, sizes.part],
        )
        ranked = sizes.mutate(turn=ibis.row_number().over(window))
        best = ranked.filter(ranked.turn == 0).select("doc_id", "role", "part", "place")
        chosen = rows.semi_join(best, ["doc_id", "role", "part", "place"])
        known = self.space.load("organisations", organisation_aliases())
        named = chosen.left_join(known, chosen.org_id == known.spelling)
        named = named.mutate(org_id=named.organisation.coalesce(named.org_id))
        return named.select(PARTIES.names).order_by(list(PARTIES.key))

    def events(self) -> ir.Table:
        """Events of the office of the first record; the grant of an application is one."""
        rows = self._of_documents(EVENT_TABLE.name)
        rows = rows.filter(rows.here.fill_null(True))
        grants = self._grants()
        both = ibis.union(rows.select(EVENT_TABLE.names), grants.select(EVENT_TABLE.names))
        return both.distinct().order_by(list(EVENT_TABLE.key))

    def _grants(self) -> ir.Table:
        """The grant as an event where an application and its grant became one document."""
        rules = [identity.RULES.index(rule) for rule in FAMILY_RULES]
        documents = self._documents
        later = self.places.filter(
            self.places.rule.isin(rules) & (self.places.office == self.places.kept_office)
        )
        grants = later.join(self.nodes.filter(self.nodes.grant).select("node"), "node")
        found = grants.select("part", "kept_id", own=grants.doc_id).join(
            documents.select("part", "granted", "published", doc="doc_id"),
            [("part", "part"), ("own", "doc")],
        )
        return found.select(
            doc_id="kept_id",
            date=found.granted.coalesce(found.published),
            event=ibis.literal("grant"),
        )

    def record(self) -> ir.Table:
        """Rows of `identity.parquet`."""
        rows = self.places.filter(self.places.place > 0)
        others = self.nodes.select(matched="node", matched_id="doc_id")
        rows = rows.select("part", "kept_id", "matched", "rule", own=rows.doc_id)
        rows = rows.join(others, "matched")
        documents = self._documents.select(
            "part", "source", "source_id", "office", "doc_type", "published", "granted",
            own="doc_id",
        )  # fmt: skip
        rows = rows.join(documents, ["part", "own"])
        rules, names = _literal(identity.RULES, rows.rule), _literal(self.names, rows.part)
        shown = rows.select(
            "kept_id", "matched_id", "source", "source_id", "office", "doc_type", "published",
            "granted", joined_id="own", rule=rules, corpus=names,
        )  # fmt: skip
        return shown.select(
            "kept_id", "joined_id", "matched_id", "rule", "corpus", "source", "source_id",
            "office", "doc_type", "published", "granted",
        ).order_by("kept_id", "joined_id", "corpus")  # fmt: skip

    def left_out(self) -> dict[str, int]:
        """What the tables have no room for, by name."""
        references = self._of_documents(REFERENCES.name, "citing_id")
        events = self._of_documents(EVENT_TABLE.name)
        return {
            "references_of_later_publications": self.space.count(
                references.filter(self._too_late(references))
            ),
            "events_of_other_offices": self.space.count(
                events.filter(~events.here.fill_null(True))
            ),
        }


def _grouped(batches: Iterator[pa.Table]) -> Iterator[list[list[dict[str, Any]]]]:
    """Records of sorted batches by document; a document that a batch cuts comes with the next."""
    held: list[dict[str, Any]] = []
    for batch in batches:
        groups: list[list[dict[str, Any]]] = [held] if held else []
        for row in batch.to_pylist():
            if groups and groups[-1][0]["kept_id"] == row["kept_id"]:
                groups[-1].append(row)
            else:
                groups.append([row])
        held = groups.pop()
        yield groups
    if held:
        yield [held]


def _one_document(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The first record with its gaps filled by the others."""
    merged = {
        name: next((r[name] for r in records if r[name] is not None), None)
        for name in DOCUMENTS.names
    }
    office = records[0]["office"]
    grants = [
        r["granted"] or (r["published"] if r["grant"] else None)
        for r in records
        if office is None or r["office"] == office
    ]
    return {
        **merged,
        "doc_id": records[0]["kept_id"],
        "published": min(r["published"] for r in records),
        "granted": min((day for day in grants if day), default=None),
    }


def _literal(texts: Sequence[str], place: ir.Value) -> ir.Value:
    return ibis.cases(*((place == number, text) for number, text in enumerate(texts)))


def organisation_aliases() -> pa.Table:
    """`data/organisations.csv` as rows: spelling (folded), organisation (folded)."""
    known = normalise.load_organisations()
    kind = pa.large_string()
    return pa.table(
        {
            "spelling": pa.array(list(known), kind),
            "organisation": pa.array(list(known.values()), kind),
        }
    )


def _by_rule(record: pa.Table) -> dict[str, int]:
    counted = dict(
        zip(*record["rule"].value_counts().flatten(), strict=True) if record.num_rows else ()
    )
    found = {str(rule): int(number.as_py()) for rule, number in counted.items()}
    return {rule: found.get(rule, 0) for rule in identity.RULES}


def read_identity(corpus: Corpus) -> pa.Table | None:
    """Rows of a merged corpus's `identity.parquet`; None for other corpora."""
    path = corpus.folder / IDENTITY
    return pq.read_table(path) if path.is_file() else None
