"""From a stream of batches to a corpus: memory does not grow with what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus.ahead import ahead
from foresight.corpus.coded import PairLog
from foresight.corpus.derived import in_force, write_first_organisations
from foresight.corpus.engine import workspace
from foresight.corpus.prepare import normal_classes, normal_parties, unknown_countries
from foresight.corpus.runs import Runs
from foresight.corpus.settle import settled
from foresight.corpus.sink import Sink
from foresight.corpus.staged import Card, finish
from foresight.corpus.store import Corpus, check_name, country_caveats, open_corpus
from foresight.corpus.workspace import Workspace
from foresight.errors import ForesightError, SourceError
from foresight.sources.bulk.base import ALIASES, REFUSED, Batch, Stream, bulk_schema
from foresight.tables import CORPUS_TABLES, PARTIES, REFERENCES

REFUSED_FILE = "refused.parquet"
SHOWN = 8
SCHEMAS = {table.name: bulk_schema(table.name) for table in CORPUS_TABLES}
OWNERS = {table.name: table.key[0] for table in CORPUS_TABLES}


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
    day = today or datetime.now(UTC).date().isoformat()
    with workspace(folder=settings.corpora_dir()) as space:
        runs, rows_in, counts = _stage(stream, space, progress)
        if refused is not None:
            refused(space.folder / REFUSED_FILE)
        if not runs.documents:
            msg = f"None of {rows_in} record(s) became a document. Check the format.\n"
            raise SourceError(msg + _report(stream, space, rows_in, rows_out=0, repeated=0).text())
        _turn_references(space, runs)
        with provenance.atomic_folder(settings.corpora_dir() / name) as part:
            pairs = PairLog(space.folder)
            with Sink(part) as sink:
                late, countries = _write(runs, sink, pairs, day)
            out = sink.rows["documents"]
            report = _report(stream, space, rows_in, rows_out=out, repeated=runs.documents - out)
            runs.delete()
            counts |= _counts(report) | {"published_in_future": late}
            card = Card(
                stream.title, stream.licence, stream.notes, origin(), counts,
                [*_caveats(counts), *country_caveats(unknown_countries(countries))],
            )  # fmt: skip
            sink.check()
            pairs.write(space, part)
            documents, parties = (
                space.read(part / f"{table}.parquet") for table in ("documents", "parties")
            )
            write_first_organisations(space, part, documents=in_force(documents), parties=parties)
            finish(part, sink, name=name, card=card)
        return open_corpus(name), report


def _stage(
    stream: Stream, space: Workspace, progress: Callable[[int], object] | None
) -> tuple[Runs, int, dict[str, int]]:
    """Write all batches to the workspace, normalised; number of records and counts."""
    runs = Runs(space.folder, schemas=SCHEMAS, keys=OWNERS)
    writers = {
        name: pq.ParquetWriter(_staged(space, name), schema, compression="zstd")
        for name, schema in (("aliases", ALIASES), ("refused", REFUSED))
    }
    rows_in, counts = 0, dict[str, int]()
    try:
        for batch, tables in ahead((batch, _normal(batch)) for batch in stream.batches):
            rows_in += batch.rows_in
            for name, number in batch.counts.items():
                counts[name] = counts.get(name, 0) + number
            runs.add(tables)
            for name, data in (("aliases", batch.aliases), ("refused", batch.refused)):
                if data.num_rows:
                    writers[name].write_table(data.cast(writers[name].schema))
            if progress is not None:
                progress(batch.rows_in)
    finally:
        runs.close()
        for writer in writers.values():
            writer.close()
    return runs, rows_in, counts


def _staged(space: Workspace, name: str) -> Path:
    return space.folder / (REFUSED_FILE if name == "refused" else f"{name}.in.parquet")


def _normal(batch: Batch) -> dict[str, pa.Table]:
    tables = dict(batch.tables)
    if "classes" in tables:
        tables["classes"] = normal_classes(tables["classes"])
    if "parties" in tables:
        tables["parties"] = normal_parties(tables["parties"])
    return tables


def _read(space: Workspace, name: str) -> ir.Table:
    return space.read(_staged(space, name))


def _report(
    stream: Stream, space: Workspace, rows_in: int, *, rows_out: int, repeated: int
) -> BulkReport:
    bad = _read(space, "refused")
    bad = bad.mutate(short=bad.reason.split(": ")[0])
    place = ibis.struct({"file": bad.file, "line": bad.line})
    groups = bad.group_by("short").agg(n=bad.count(), at=place.min())
    found = space.arrow(groups).to_pylist()
    found.sort(key=lambda row: (-row["n"], row["short"]))
    return BulkReport(
        rows_in,
        rows_out,
        repeated,
        {row["short"]: row["n"] for row in found},
        {row["short"]: f"{row['at']['file']}, line {row['at']['line']}" for row in found},
        stream.recognised,
    )


def _turn_references(space: Workspace, runs: Runs) -> None:
    """Put the ids that documents have here in place of others in references to them."""
    aliases = _read(space, "aliases")
    if not space.count(aliases):
        return
    one = aliases.group_by(cited_id=aliases["alias"]).agg(known=aliases.doc_id.min())
    found = space.read(runs.path(REFERENCES.name)).left_join(one, "cited_id")
    found = found.mutate(cited_id=found.known.coalesce(found.cited_id))
    runs.replace(REFERENCES.name, space.batches(found.select(SCHEMAS[REFERENCES.name].names)))


def _write(runs: Runs, sink: Sink, pairs: PairLog, day: str) -> tuple[int, pa.Table]:
    """Write all documents with their rows; number of those after a day, and all countries."""
    late, countries = 0, pa.table({"country": pa.array([], pa.large_string())})
    for tables in ahead(settled(piece) for piece in runs.pieces()):
        pairs.add(tables["documents"], tables["classes"])
        sink.add(tables)
        late += pc.sum(pc.greater(tables["documents"]["published"], day)).as_py() or 0
        countries = pa.concat_tables([countries, tables[PARTIES.name].select(["country"])])
        countries = countries.group_by("country").aggregate([])
    return late, countries


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
