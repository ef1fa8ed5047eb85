"""From a stream of batches to a corpus: memory does not grow with what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from foresight import settings
from foresight.corpus.engine import workspace
from foresight.corpus.prepare import normal_classes, normal_parties, unknown_countries
from foresight.corpus.staged import Card, write_staged
from foresight.corpus.store import Corpus, check_name, country_caveats
from foresight.corpus.workspace import Workspace
from foresight.errors import ForesightError, SourceError
from foresight.sources.bulk.base import ALIASES, REFUSED, ROW, Batch, Stream, bulk_schema
from foresight.tables import CLASSES, CORPUS_TABLES, EVENT_TABLE, PARTIES, REFERENCES

REFUSED_FILE = "refused.parquet"
SHOWN = 8


@dataclass(frozen=True)
class BulkReport:
    """Records in and out of one reading of bulk files.

    Attributes
    ----------
    rows_in, rows_out, rows_repeated : int
        Records read, documents made, records whose document was read before.
    refused : dict
        Reason to number of records, most frequent first.
    first : dict
        Reason to the place of the first record refused for it.
    recognised : dict
        Field of the source to column of ours.

    Raises
    ------
    ForesightError
        If the numbers do not add up: a reader has lost a record.
    """

    rows_in: int
    rows_out: int
    rows_repeated: int
    refused: Mapping[str, int]
    first: Mapping[str, str]
    recognised: Mapping[str, str]

    def __post_init__(self) -> None:
        told = self.rows_out + self.rows_repeated + sum(self.refused.values())
        if told != self.rows_in:
            msg = (
                f"{self.rows_in} record(s) were read, but {self.rows_out} went out, "
                f"{self.rows_repeated} were repeated and {sum(self.refused.values())} refused. "
                "This is a fault of the reader: please report it with the files."
            )
            raise ForesightError(msg)

    def text(self) -> str:
        """Give the report as lines of text."""
        refused = sum(self.refused.values())
        made = f"{self.rows_out:,} out + {self.rows_repeated:,} repeated + {refused:,} refused"
        lines = [f"rows: {self.rows_in:,} in = {made}"]
        lines += [
            f"  {number:,} x {reason} (first: {self.first[reason]})"
            for reason, number in list(self.refused.items())[:SHOWN]
        ]
        if len(self.refused) > SHOWN:
            lines.append(f"  and {len(self.refused) - SHOWN} more reason(s)")
        pairs = ", ".join(f"{name} -> {to}" for name, to in self.recognised.items())
        return "\n".join([*lines, f"fields read: {pairs}"])


def write_stream(
    stream: Stream,
    *,
    name: str,
    origin: Callable[[], Mapping[str, str]] = dict,
    today: str | None = None,
    progress: Callable[[int], object] | None = None,
    refused: Callable[[Path], None] | None = None,
) -> tuple[Corpus, BulkReport]:
    """Write a stream as a corpus.

    Parameters
    ----------
    stream : Stream
    name : str
        A corpus of the same name is replaced, at the end.
    origin : callable
        Gives file name to SHA-256, once the stream is through.
    today : str, optional
        ISO date after which `published` lies in the future; default is the day in UTC.
    progress : callable, optional
        Told the number of records of each batch.
    refused : callable, optional
        Given the Parquet file of refused records (file, line, reason) while it is there.

    Returns
    -------
    (Corpus, BulkReport)

    Raises
    ------
    SourceError
        If no record became a document; the message has the reasons.
    """
    check_name(name)
    settings.corpora_dir().mkdir(parents=True, exist_ok=True)
    with workspace(folder=settings.corpora_dir()) as space:
        rows_in, counts = _stage(stream, space, progress)
        if refused is not None:
            refused(space.folder / REFUSED_FILE)
        report = _report(stream, space, rows_in)
        if not report.rows_out:
            msg = f"None of {rows_in} record(s) became a document. Check the format.\n"
            raise SourceError(msg + report.text())
        for table, expression in _tables(space).items():
            space.write(expression, space.folder / f"{table}.parquet")
        day = today or datetime.now(UTC).date().isoformat()
        counts |= _counts(report) | _late(space, day)
        card = Card(
            stream.title, stream.licence, stream.notes, origin(), counts,
            [*_caveats(counts), *country_caveats(_countries(space))],
        )  # fmt: skip
        return write_staged(space, name=name, card=card), report


def _stage(
    stream: Stream, space: Workspace, progress: Callable[[int], object] | None
) -> tuple[int, dict[str, int]]:
    """Write all batches to the workspace, normalised; number of records and counts."""
    schemas = {table.name: bulk_schema(table.name) for table in CORPUS_TABLES}
    schemas |= {"aliases": ALIASES, "refused": REFUSED}
    writers = {
        name: pq.ParquetWriter(_staged(space, name), schema, compression="zstd")
        for name, schema in schemas.items()
    }
    rows_in, counts = 0, dict[str, int]()
    try:
        for batch in stream.batches:
            rows_in += batch.rows_in
            for name, number in batch.counts.items():
                counts[name] = counts.get(name, 0) + number
            for name, data in _normal(batch).items():
                if data.num_rows:
                    writers[name].write_table(data.cast(schemas[name]))
            if progress is not None:
                progress(batch.rows_in)
    finally:
        for writer in writers.values():
            writer.close()
    return rows_in, counts


def _staged(space: Workspace, name: str) -> Path:
    return space.folder / (REFUSED_FILE if name == "refused" else f"{name}.in.parquet")


def _normal(batch: Batch) -> dict[str, pa.Table]:
    tables = dict(batch.tables)
    if "classes" in tables:
        tables["classes"] = normal_classes(tables["classes"])
    if "parties" in tables:
        tables["parties"] = normal_parties(tables["parties"])
    return {**tables, "aliases": batch.aliases, "refused": batch.refused}


def _read(space: Workspace, name: str) -> ir.Table:
    return space.read(_staged(space, name))


def _first(space: Workspace) -> ir.Table:
    """Number of the first record of each document."""
    documents = _read(space, "documents")
    return documents.group_by("doc_id").agg(row=documents.row.min()).select(ROW)


def _report(stream: Stream, space: Workspace, rows_in: int) -> BulkReport:
    kept = space.keep("first_rows", _first(space))
    rows_out, documents = space.count(kept), space.count(_read(space, "documents"))
    bad = _read(space, "refused")
    bad = bad.mutate(short=bad.reason.split(": ")[0])
    place = ibis.struct({"file": bad.file, "line": bad.line})
    groups = bad.group_by("short").agg(n=bad.count(), at=place.min())
    found = space.arrow(groups).to_pylist()
    found.sort(key=lambda row: (-row["n"], row["short"]))
    return BulkReport(
        rows_in,
        rows_out,
        documents - rows_out,
        {row["short"]: row["n"] for row in found},
        {row["short"]: f"{row['at']['file']}, line {row['at']['line']}" for row in found},
        stream.recognised,
    )


def _tables(space: Workspace) -> dict[str, ir.Table]:
    """The five tables: of two records of one document the rows of the first."""
    kept = space.backend.table("first_rows")

    def rows(name: str) -> ir.Table:
        return _read(space, name).semi_join(kept, ROW)

    classes, events = rows(CLASSES.name), rows(EVENT_TABLE.name)
    merged = classes.group_by(list(CLASSES.key)).agg(primary=classes.primary.max())
    documents, parties = rows("documents"), rows(PARTIES.name)
    return {
        "documents": documents.drop(ROW).order_by("doc_id"),
        REFERENCES.name: _references(space, rows(REFERENCES.name)),
        CLASSES.name: merged.select(CLASSES.names).order_by(list(CLASSES.key)),
        PARTIES.name: parties.drop(ROW).order_by(list(PARTIES.key)),
        EVENT_TABLE.name: events.drop(ROW).distinct().order_by(list(EVENT_TABLE.key)),
    }


def _references(space: Workspace, rows: ir.Table) -> ir.Table:
    """References to the documents under the ids that they have here."""
    aliases = _read(space, "aliases")
    one = aliases.group_by(cited_id=aliases["alias"]).agg(known=aliases.doc_id.min())
    found = rows.left_join(one, "cited_id")
    found = found.mutate(cited_id=found.known.coalesce(found.cited_id))
    found = found.filter(found.cited_id != found.citing_id)
    values = {name: found[name].min() for name in ("cited_kind", "cited_year", "raw")}
    merged = found.group_by("citing_id", "cited_id").agg(**values)
    return merged.select(REFERENCES.names).order_by("citing_id", "cited_id")


def _late(space: Workspace, day: str) -> dict[str, int]:
    documents = space.read(space.folder / "documents.parquet")
    return {"published_in_future": space.count(documents.filter(documents.published > day))}


def _countries(space: Workspace) -> list[str]:
    parties = space.read(space.folder / "parties.parquet")
    names = space.arrow(parties.select("country").distinct())
    return unknown_countries(names)


def _counts(report: BulkReport) -> dict[str, int]:
    return {
        "records_read": report.rows_in,
        "records_repeated": report.rows_repeated,
        "records_refused": sum(report.refused.values()),
    }


_SAID = (
    (
        "records_refused",
        "{}条记录因缺少题名、日期、编号或无法读取而未收录。",
        "{} record(s) without title, date or id, or that could not be read, were not taken.",
    ),
    (
        "dates_completed_documents_published",
        "{}件文献的公开日只有年份或月份，按该期最后一天计。",
        "{} document(s) give only a year or month of publication; the last day of it is used.",
    ),
    (
        "published_in_future",
        "{}件文献的公开日晚于读取日，保留在库中，但不进入该日及以前的任何时点视图。",
        "{} document(s) are dated after the day of reading; they enter no view up to that day.",
    ),
    (
        "affiliations_beyond_first",
        "作者的第二及以后的机构共{}处未收录：每位作者只记第一机构。",
        "{} further affiliation(s) of authors are left out: an author has the first one only.",
    ),
    (
        "left_out_kinds",
        "{}件外观设计、植物专利、再公告等非发明专利未纳入。",
        "{} design, plant, reissue or other patents that are not for inventions are left out.",
    ),
)


def _caveats(counts: Mapping[str, int]) -> list[dict[str, str]]:
    return [
        {"zh": zh.format(counts[name]), "en": en.format(counts[name])}
        for name, zh, en in _SAID
        if counts.get(name)
    ]
