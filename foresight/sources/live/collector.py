"""From records to tables: every record is taken, repeated or refused, and counted so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from foresight.sources.base import TABLES, arrow_schema
from foresight.sources.report import ReadReport, Refusal
from foresight.sources.values import full_date
from foresight.tables import CORPUS_TABLES

CHUNK = 1 << 15  # rows held as Python objects before they become an Arrow table
DATES = ("published", "filed", "priority", "granted")
Row = dict[str, Any]


class RefusedRecordError(Exception):
    """A record cannot be taken; the text is the reason. It does not leave the readers."""


@dataclass
class Record:
    """The rows of one document: `document` with the columns of its table, and the lists.

    `doc_id` (`citing_id` in references) is filled in by the collector. Dates may be years or
    months. `dropped` counts, by name, what the tables have no room for.
    """

    document: Row
    references: list[Row] = field(default_factory=list)
    classes: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)


class Collector:
    """Gathers records into the five tables.

    The first record of a document is taken; later ones are repetitions, whatever they say.

    Parameters
    ----------
    today : str
        ISO date after which `published` is counted as lying in the future.

    Attributes
    ----------
    aliases : dict
        Id in the source to id of the document, repeated records included.
    """

    def __init__(self, *, today: str | None = None) -> None:
        self.today = today or datetime.now(UTC).date().isoformat()
        self.rows_in = self.repeated = 0
        self.refusals: list[Refusal] = []
        self.counts: dict[str, int] = {}
        self.ids: set[str] = set()
        self.aliases: dict[str, str] = {}
        self._rows: dict[str, list[Row]] = {table.name: [] for table in CORPUS_TABLES}
        self._tables: dict[str, list[pa.Table]] = {table.name: [] for table in CORPUS_TABLES}

    def refuse(self, *, file: str, line: int | None, reason: str) -> None:
        """Count a record that is not taken."""
        self.rows_in += 1
        self.refusals.append(Refusal(file, line, reason))

    def add(self, record: Record, *, file: str, line: int) -> None:
        """Take a record, or count it as repeated or refused."""
        document = record.document
        doc_id, reason = str(document.get("doc_id") or ""), None
        if not doc_id or ";" in doc_id or any(ord(c) < ord(" ") for c in doc_id):
            reason = f"no usable id ({doc_id!r})"
        elif not document.get("title"):
            reason = f"{doc_id}: no title"
        elif not document.get("published"):
            reason = f"{doc_id}: no date of publication"
        elif full_date(document["published"]) is None:
            reason = f"{doc_id}: published on {document['published']!r}, which is no date"
        if reason:
            self.refuse(file=file, line=line, reason=reason)
            return
        self.rows_in += 1
        self.aliases.setdefault(str(document.get("source_id")), doc_id)
        if doc_id in self.ids:
            self.repeated += 1
            return
        self.ids.add(doc_id)
        self._take(record, doc_id)

    def _take(self, record: Record, doc_id: str) -> None:
        for name in DATES:
            record.document[name] = self._date(record.document.get(name), name)
        if record.document["published"] > self.today:
            self.count("published_in_future")
        self._append("documents", [record.document])
        for name, key in (
            ("references", "citing_id"),
            ("classes", "doc_id"),
            ("parties", "doc_id"),
        ):
            self._append(name, _distinct(getattr(record, name), name, key, doc_id))
        dated = [
            {**event, "date": self._date(event.get("date"), "event")} for event in record.events
        ]
        self._append(
            "events", _distinct([e for e in dated if e["date"]], "events", "doc_id", doc_id)
        )
        for name, number in record.dropped.items():
            self.count(name, number)

    def _date(self, text: str | None, name: str) -> str | None:
        if text is None:
            return None
        found = full_date(text)
        if found is None:
            self.count(f"impossible_dates_{name}")
            return None
        if found[1]:
            self.count(f"dates_completed_documents_{name}")
        return found[0]

    def count(self, name: str, number: int = 1) -> None:
        """Add to a count of `SourceTables.counts`."""
        self.counts[name] = self.counts.get(name, 0) + number

    def _append(self, name: str, rows: Iterable[Row]) -> None:
        held = self._rows[name]
        held.extend(rows)
        if len(held) >= CHUNK:
            self._flush(name)

    def _flush(self, name: str) -> None:
        if self._rows[name]:
            schema = arrow_schema(TABLES[name])
            self._tables[name].append(pa.Table.from_pylist(self._rows[name], schema=schema))
            self._rows[name] = []

    def tables(self) -> dict[str, pa.Table]:
        """The five tables, in the order of supply."""
        for name in self._rows:
            self._flush(name)
        return {
            name: pa.concat_tables(parts or [arrow_schema(TABLES[name]).empty_table()])
            for name, parts in self._tables.items()
        }

    def report(
        self,
        *,
        recognised: Mapping[str, str],
        notes: Iterable[str] = (),
        tables: Mapping[str, pa.Table],
    ) -> ReadReport:
        """Account for every record; `missing` are columns of documents that none of them filled."""
        documents = tables["documents"]
        empty = [n for n in documents.column_names if documents[n].null_count == len(documents)]
        return ReadReport(
            rows_in=self.rows_in,
            rows_out=len(self.ids),
            rows_repeated=self.repeated,
            refusals=tuple(self.refusals),
            recognised=dict(recognised),
            missing=tuple(empty),
            notes=tuple(notes),
        )

    def caveats(self) -> list[dict[str, str]]:
        """What a reader must be told, one sentence each in zh and en."""
        found = []
        if self.refusals:
            first = self.refusals[0]
            place = f"{first.file}:{first.line}"
            found.append(
                {
                    "zh": f"{len(self.refusals)}条记录未收录，首条见 {place}（{first.reason}）。",
                    "en": f"{len(self.refusals)} record(s) were not taken, first {place} "
                    f"({first.reason}).",
                }
            )
        for name, zh, en in _SAID:
            number = self.counts.get(name)
            if number:
                found.append({"zh": zh.format(number), "en": en.format(number)})
        return found


_SAID = (
    (
        "dates_completed_documents_published",
        "{}件文献的公开日只有年份或月份，按该期最后一天计。",
        "{} document(s) give only a year or month of publication; the last day of it is used.",
    ),
    (
        "published_in_future",
        "{}件文献的公开日晚于检索日，保留在库中，但不进入该日及以前的任何时点视图。",
        "{} document(s) are dated after the day of the fetch; they enter no view up to that day.",
    ),
    (
        "affiliations_beyond_first",
        "作者的第二及以后的机构共{}处未收录：每位作者只记第一机构。",
        "{} further affiliation(s) of authors are left out: an author has the first one only.",
    ),
    (
        "references_without_id",
        "{}条参考文献没有可用的标识（如DOI），未收录。",
        "{} reference(s) have no usable id (such as a DOI) and are left out.",
    ),
)


def _distinct(rows: Iterable[Row], table: str, key: str, doc_id: str) -> list[Row]:
    """Rows with the document's id, the first of each key of the table."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        whole = {**row, key: doc_id}
        found.setdefault(tuple(whole.get(name) for name in TABLES[table].key), whole)
    return list(found.values())
