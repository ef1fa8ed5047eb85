"""Adding a delivery to a corpus without doing the rest again.

A delivery is a corpus of its own (`foresight corpus read`, `import`), added to another. A document
that the corpus has already is replaced with all that belongs to it; one that is the same in every
row is left as it is. What is derived from single documents is made for the delivery alone; what
looks at the whole corpus is corrected where the delivery changes it. The corpus is then the same,
table by table and to the digest, as one that had been made of all records at once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus import content
from foresight.corpus.derived import write_sorted
from foresight.corpus.engine import workspace
from foresight.corpus.growth import Change
from foresight.corpus.parts import (
    SUPERSEDED,
    folder_of,
    part_numbers,
    stored_table,
    table_files,
)
from foresight.corpus.prepare import shares
from foresight.corpus.staged import filled_counts
from foresight.corpus.store import MANIFEST, Corpus, open_corpus
from foresight.corpus.walk import walk_files
from foresight.corpus.workspace import Workspace
from foresight.errors import CorpusError, SourceError
from foresight.sources.base import arrow_schema
from foresight.sources.raw import check_not_fetched
from foresight.tables import CORPUS_TABLES, FAMILY_MEMBERS, Table

MOST = 32  # deliveries before the parts are made one: each costs reading time
IDENTITY = "identity.parquet"  # of a merged corpus
LOCK = ".adding"
ARRIVALS = ("doc_id", "delivery", "label", "added", "replaced")
ID = pa.string()


@dataclass(frozen=True)
class Delivery:
    """What one delivery brought.

    Attributes
    ----------
    number : int
        From 1, in the order of adding.
    label, added : str
        What it is called, and the ISO day on which it was added.
    new, replaced, identical : int
        Documents that the corpus did not have; that it had otherwise; that it had just so (these
        are not stored again).
    first_published, last_published : str
        ISO dates of the documents that are new or replaced.
    """

    number: int
    label: str
    added: str
    new: int
    replaced: int
    identical: int
    first_published: str
    last_published: str


def deliveries_of(corpus: Corpus) -> list[Delivery]:
    """The deliveries of a corpus, oldest first."""
    names = Delivery.__dataclass_fields__
    listed = corpus.manifest.get("deliveries", [])
    return [Delivery(**{name: one[name] for name in names}) for one in listed]


def add_delivery(part: Corpus, *, to: str, label: str, day: str) -> tuple[Corpus, Delivery]:
    """Add the documents of one corpus to another, as a delivery.

    Parameters
    ----------
    part : Corpus
        What was delivered. It stays as it is.
    to : str
        Name of the corpus that takes it.
    label : str
        What the delivery is called in lists and briefs.
    day : str
        ISO date of adding.

    Returns
    -------
    (Corpus, Delivery)
        With number 0 where nothing was new: the corpus is then as it was.

    Raises
    ------
    CorpusError
        If one of them cannot take part: a merge (its records were joined by rules that ask all of
        them), a corpus made from fetched pages (`foresight fetch` adds to those), a corpus added to
        itself; or if another delivery is just being added.
    """
    corpus = open_corpus(to)
    _check(part, corpus)
    with adding_alone(corpus), workspace(folder=settings.corpora_dir()) as space:
        corpus = open_corpus(to)  # what another delivery brought in between
        return _add(part, corpus, space, label=label, day=day)


def _check(part: Corpus, corpus: Corpus) -> None:
    try:
        check_not_fetched(corpus.name)
    except SourceError as error:
        msg = (
            f"{corpus.name!r} comes from pages that `foresight fetch` keeps, and would lose a "
            "delivery when they are read again. Fetch anew to add to it, or merge the two."
        )
        raise CorpusError(msg) from error
    if part.name == corpus.name:
        msg = f"{part.name!r} cannot be added to itself. Name the delivery before --to."
        raise CorpusError(msg)
    if (corpus.folder / IDENTITY).is_file():
        of = ", ".join(str(name) for name in corpus.manifest.get("parts", [])) or "others"
        msg = (
            f"{corpus.name!r} is a merge (of {of}): which records are one document was asked of "
            f"all of them. Add the delivery to the corpus that it belongs to, and merge again."
        )
        raise CorpusError(msg)


@contextmanager
def adding_alone(corpus: Corpus) -> Iterator[None]:
    """Keep others from changing a corpus for a block.

    Raises
    ------
    CorpusError
        If another does just that.
    """
    with ExitStack() as held:
        try:
            held.enter_context(provenance.only_one(corpus.folder / LOCK))
        except BlockingIOError as error:
            msg = f"Something is just being added to {corpus.name!r}. Try again when that is done."
            raise CorpusError(msg) from error
        yield


def corpus_tables(corpus: Corpus, space: Workspace) -> dict[str, ir.Table]:
    """The five tables of a corpus in a workspace."""
    return {
        table.name: stored_table(space.read, corpus.folder, corpus.manifest, table.name)
        for table in CORPUS_TABLES
    }


def rows_of(tables: Mapping[str, ir.Table], ids: ir.Table) -> dict[str, ir.Table]:
    """Rows of the five tables that belong to some documents (`ids`: column doc_id)."""
    wanted = ids.select(wanted="doc_id")
    return {
        name: table.semi_join(wanted, table[_key(name)] == wanted.wanted)
        for name, table in tables.items()
    }


def _key(table: str) -> str:
    return "citing_id" if table == "references" else "doc_id"


def _add(
    part: Corpus, corpus: Corpus, space: Workspace, *, label: str, day: str
) -> tuple[Corpus, Delivery]:
    number = part_numbers(corpus.manifest)[-1] + 1
    before, brought = corpus_tables(corpus, space), corpus_tables(part, space)
    given = space.keep("given", brought["documents"].select("doc_id"))
    same, again = _compared(before, brought, given, space)
    n_new = space.count(given) - len(same) - len(again)
    if not n_new and not again:
        return corpus, Delivery(0, label, day, 0, 0, len(same), "", "")
    replaced = space.load("replaced", _ids(again))
    taken = space.keep("taken", given.anti_join(space.load("same", _ids(same)), "doc_id"))
    with provenance.atomic_folder(folder_of(corpus.folder, number)) as folder:
        mine = _write_tables(folder, rows_of(brought, taken), part, space, ids=taken)
        gone = rows_of(before, replaced) if again else None
        superseded = _superseded(corpus, replaced if again else None, space)
        pq.write_table(superseded, folder / f"{SUPERSEDED}.parquet", compression="zstd")
        known = _known(corpus, gone, folder, space)
        pq.write_table(content.to_table(known), folder / "known.parquet", compression="zstd")
        own = _span(mine["documents"], space)
        delivery = Delivery(number, label, day, n_new, len(again), len(same), **own)
        after = _after(before, mine, replaced if again else None)
        change = Change(space, folder, corpus, before, after, mine, replaced if again else None)
        change.write_history()
        change.write_organisations()
        manifest = {
            **_manifest(corpus, part, delivery, known=known),
            **_counted(corpus, after, mine, gone, space),
        }
        manifest["deliveries"][-1]["supersedes"] = sorted(set(superseded["part"].to_pylist()))
    provenance.write_json(corpus.folder / MANIFEST, manifest)
    return open_corpus(corpus.name), delivery


def _compared(
    before: Mapping[str, ir.Table],
    brought: Mapping[str, ir.Table],
    given: ir.Table,
    space: Workspace,
) -> tuple[list[str], list[str]]:
    """Delivered documents that the corpus has just so, and that it has otherwise; sorted."""
    had = space.keep("had", before["documents"].select("doc_id").semi_join(given, "doc_id"))
    both = space.arrow(had)["doc_id"].to_pylist()
    if not both:
        return [], []
    old = _sums(rows_of(before, had), space, by="doc")
    now = _sums(rows_of(brought, had), space, by="doc")
    again = content.changed(now, old, both)
    return sorted(set(both) - again), sorted(again)


def _sums(tables: Mapping[str, ir.Table], space: Workspace, *, by: str = "day") -> content.Sums:
    """Sums of facts of tables that are computed: sorted one after the other, then walked."""
    with tempfile.TemporaryDirectory(dir=space.folder) as place:
        for table in CORPUS_TABLES:
            rows = tables[table.name].select(table.names).order_by(list(table.key))
            space.write(rows, Path(place) / f"{table.name}.parquet")
        return content.sums(walk_files(Path(place)), by=by)


def _ids(ids: list[str]) -> pa.Table:
    return pa.table({"doc_id": pa.array(ids, ID)})


def _write_tables(
    folder: Path, rows: Mapping[str, ir.Table], part: Corpus, space: Workspace, *, ids: ir.Table
) -> dict[str, ir.Table]:
    """Write what the delivery brings of single documents; its five tables as they then lie."""
    for table in CORPUS_TABLES:
        _write(rows[table.name].order_by(list(table.key)), folder, table, space)
    texts = stored_table(space.read, part.folder, part.manifest, "search_text")
    write_sorted(space, texts.semi_join(ids, "doc_id").order_by("doc_id"), folder / "search_text")
    if table_files(part.folder, part.manifest, FAMILY_MEMBERS.name):
        members = stored_table(space.read, part.folder, part.manifest, FAMILY_MEMBERS.name)
        members = members.semi_join(ids, "doc_id").order_by(list(FAMILY_MEMBERS.key))
        _write(members, folder, FAMILY_MEMBERS, space)
    return {t.name: space.read(folder / f"{t.name}.parquet") for t in CORPUS_TABLES}


def _write(rows: ir.Table, folder: Path, table: Table, space: Workspace) -> None:
    schema = arrow_schema(table)
    with pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as writer:
        for piece in space.batches(rows.select(table.names)):
            writer.write_table(piece.cast(schema))


def _after(
    before: Mapping[str, ir.Table], mine: Mapping[str, ir.Table], replaced: ir.Table | None
) -> dict[str, ir.Table]:
    """The five tables as they are with the delivery."""
    found = {}
    for name, table in before.items():
        kept = table
        if replaced is not None:
            ids = replaced.select(gone_id="doc_id")
            kept = table.anti_join(ids, table[_key(name)] == ids.gone_id)
        found[name] = ibis.union(kept, mine[name].select(table.columns))
    return found


def _superseded(corpus: Corpus, replaced: ir.Table | None, space: Workspace) -> pa.Table:
    """Documents of earlier parts that came again, now or before: doc_id, part; sorted."""
    numbers = part_numbers(corpus.manifest)
    earlier = pa.table({"doc_id": pa.array([], ID), "part": pa.array([], pa.int64())})
    if numbers[-1]:
        path = folder_of(corpus.folder, numbers[-1]) / f"{SUPERSEDED}.parquet"
        earlier = pq.read_table(path).cast(earlier.schema)
    if replaced is None:
        return earlier
    pieces = [earlier]
    for number, path in table_files(corpus.folder, corpus.manifest, "documents").items():
        found = space.read(path).select("doc_id").semi_join(replaced, "doc_id")
        ids = space.arrow(found)["doc_id"].cast(ID)
        pieces.append(pa.table({"doc_id": ids, "part": pa.array([number] * len(ids), pa.int64())}))
    whole = pa.concat_tables(pieces).group_by(["doc_id", "part"], use_threads=False).aggregate([])
    return whole.sort_by([("part", "ascending"), ("doc_id", "ascending")])


def _known(
    corpus: Corpus,
    gone: Mapping[str, ir.Table] | None,
    mine: Path,
    space: Workspace,
) -> content.Sums:
    (path,) = table_files(corpus.folder, corpus.manifest, "known").values()
    found = content.from_table(pq.read_table(path))
    if gone is not None:
        found = content.without(found, _sums(gone, space))
    return content.added(found, content.sums(walk_files(mine)))


def _span(documents: ir.Table, space: Workspace) -> dict[str, str]:
    found: dict[str, str] = space.arrow(
        documents.agg(
            first_published=documents.published.min(), last_published=documents.published.max()
        )
    ).to_pylist()[0]
    return found


def _counted(
    corpus: Corpus,
    after: Mapping[str, ir.Table],
    mine: Mapping[str, ir.Table],
    gone: Mapping[str, ir.Table] | None,
    space: Workspace,
) -> dict[str, Any]:
    """What a manifest counts: what was, less what is gone, and what came."""
    old = corpus.manifest
    left = {name: space.count(table) for name, table in gone.items()} if gone else {}
    rows = {
        name: old["rows"][name] - left.get(name, 0) + space.count(table)
        for name, table in mine.items()
    }
    less, more = filled_counts(gone, space) if gone else {}, filled_counts(mine, space)
    filled = {name: n - less.get(name, 0) + more[name] for name, n in old["filled"].items()}
    if gone:
        span = _span(after["documents"], space)
    else:
        own = _span(mine["documents"], space)
        span = {
            "first_published": min(old["first_published"], own["first_published"]),
            "last_published": max(old["last_published"], own["last_published"]),
        }
    return {"rows": rows, "filled": filled, "fields": shares(filled, rows["documents"]), **span}


def _manifest(
    corpus: Corpus,
    part: Corpus,
    delivery: Delivery,
    *,
    known: content.Sums,
) -> dict[str, Any]:
    """The corpus's manifest with the delivery, but for what is counted from the tables."""
    old = dict(corpus.manifest)
    digests = content.table_digests(known)
    entry = {
        **asdict(delivery),
        "corpus": part.name,
        "digest_before": corpus.digest,
        **{name: part.manifest[name] for name in ("title", "licence", "origin", "counts")},
    }
    new_caveats = [one for one in part.manifest["caveats"] if one not in old["caveats"]]
    origin = dict(old["origin"])
    for name, digest in part.manifest["origin"].items():
        shown = name if origin.get(name, digest) == digest else f"{delivery.number:04d}/{name}"
        origin[shown] = digest
    return {
        **old,
        "origin": origin,
        "caveats": [*old["caveats"], *new_caveats],
        "tables": digests,
        "digest": content.corpus_digest(digests),
        "deliveries": [*old.get("deliveries", []), entry],
    }


def arrivals(corpus: Corpus) -> pd.DataFrame:
    """Documents of a corpus that came by a delivery and have not come again since.

    Returns
    -------
    DataFrame, sorted by delivery and doc_id
        doc_id, delivery (number), label, added (ISO date), replaced (bool: an earlier part had it).
    """
    deliveries = deliveries_of(corpus)
    if not deliveries:
        texts = {name: pd.Series(dtype="str") for name in ("doc_id", "label", "added")}
        numbers = {"delivery": pd.Series(dtype="int64"), "replaced": pd.Series(dtype="bool")}
        return pd.DataFrame({**texts, **numbers})[list(ARRIVALS)]
    newest = folder_of(corpus.folder, deliveries[-1].number)
    gone = pq.read_table(newest / f"{SUPERSEDED}.parquet").to_pandas()
    parts = []
    for one in deliveries:
        path = folder_of(corpus.folder, one.number) / "documents.parquet"
        ids = pq.read_table(path, columns=["doc_id"]).to_pandas()["doc_id"]
        ids = ids[~ids.isin(gone.loc[gone["part"] == one.number, "doc_id"])]
        before = gone.loc[gone["part"] < one.number, "doc_id"]
        parts.append(
            pd.DataFrame(
                {"doc_id": ids, "delivery": one.number, "label": one.label, "added": one.added,
                 "replaced": ids.isin(before)}
            )
        )  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)[list(ARRIVALS)]
    return frame.sort_values(["delivery", "doc_id"]).reset_index(drop=True)
