"""From records, one by one, to the tables of a source, with an account of every row.

A reader makes a `Record` of each row and gives it to a `Collector`, which checks what a document
must have, finds repetitions, and points references to the documents of the same reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from foresight.errors import SourceError
from foresight.provenance import file_digest
from foresight.sources import texts
from foresight.sources.base import SourceTables, arrow_schema
from foresight.sources.caveats import caveats
from foresight.sources.report import LEFT_OUT, ReadReport, Refusal
from foresight.tables import (
    CLASSES,
    DOCUMENTS,
    EVENT_TABLE,
    FAMILY_MEMBERS,
    PARTIES,
    REFERENCES,
    Table,
)

NO_TITLE, NO_DATE = "no title", "no date of publication"
NO_ID = "no number or other identifier"
MINOR = {
    "utility_model": f"{LEFT_OUT}utility model",
    "design": f"{LEFT_OUT}design",
}
SHOWN = 3
ESSENTIAL = ("title", "published", "year", "publication", "application", "source_id", "doi")
_BAD_ID = re.compile(r"[;\x00-\x1f\x7f\ud800-\udfff]")


class RefusedRowError(SourceError):
    """A row that cannot become a document; the message is the reason, without file and line."""


class NothingReadError(SourceError):
    """No row became a document. `report` accounts for every row."""

    def __init__(self, message: str, report: ReadReport) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class Party:
    """A person or organisation of a document; `position` is its place in the list."""

    role: str
    name: str | None = None
    org: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None


@dataclass(frozen=True)
class Reference:
    """A cited document; `cited_id` may be any id by which it can be known (see `Record.aka`)."""

    cited_id: str
    kind: str | None = None
    year: int | None = None
    raw: str | None = None


@dataclass
class Record:
    """One document as a source describes it. Dates are ISO dates, texts are tidy.

    `aka` are other ids by which references of the same source name it. `completed` says that
    `published` was given as a year or month. `members` are the publication numbers, with the day
    where it is told, that the record lists as its simple family: those of the same priorities.
    """

    doc_id: str
    kind: str
    title: str | None
    published: str | None
    source: str
    source_id: str
    abstract: str | None = None
    language: str | None = None
    filed: str | None = None
    priority: str | None = None
    granted: str | None = None
    office: str | None = None
    family_id: str | None = None
    doc_type: str | None = None
    status: str | None = None
    venue: str | None = None
    completed: bool = False
    parties: list[Party] = field(default_factory=list)
    classes: list[tuple[str, str, bool | None]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    aka: list[str] = field(default_factory=list)
    members: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """What the person who reads a file decides.

    Parameters
    ----------
    keep_minor : bool, default False
        Keep utility models and designs; without it they are left out and counted.
    published : str, optional
        ISO date for records without any date of their own; counted and said.
    today : str, default ""
        ISO date; later dates of publication are reported, later legal events dropped and
        counted. Empty: the day in UTC.
    aliases : Path, optional
        A map of column names to use in place of the one in `data/aliases/`.
    progress : callable, optional
        Told the number of rows done since the last call.
    """

    keep_minor: bool = False
    published: str | None = None
    today: str = ""
    aliases: Path | None = None
    progress: Callable[[int], object] | None = None

    @property
    def day(self) -> str:
        """`today`, or the day in UTC."""
        return self.today or datetime.now(UTC).date().isoformat()


DEFAULTS = Options()


@dataclass(frozen=True)
class Source:
    """What is said of a source: short name, title, licence and known biases in zh and en."""

    name: str
    title: Mapping[str, str]
    licence: Mapping[str, str]
    notes: Mapping[str, list[str]]


class Collector:
    """Takes records and refusals, one for each row, and makes the tables of them.

    Parameters
    ----------
    source : Source
    options : Options
    """

    def __init__(self, source: Source, options: Options) -> None:
        self.source, self.options, self.day = source, options, options.day
        self.rows_in = self.rows_out = self.repeated = 0
        self.refusals: list[Refusal] = []
        self.recognised: dict[str, str] = {}
        self.ignored: dict[str, None] = {}
        self.missing: dict[str, None] = {}
        self.notes: list[str] = []
        self.counts: dict[str, int] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {
            table.name: [] for table in (DOCUMENTS, CLASSES, PARTIES, EVENT_TABLE, FAMILY_MEMBERS)
        }
        self._seen: dict[str, tuple[int, str]] = {}
        self._aka: dict[str, str] = {}
        self._references: list[tuple[str, Reference]] = []
        self._edges: list[tuple[str, int, str, Reference]] = []
        self._differing: list[str] = []

    def note(self, text: str) -> None:
        """Add a sentence to the report, once."""
        if text not in self.notes:
            self.notes.append(text)

    def count(self, name: str, number: int = 1) -> None:
        """Add to a count that ends up with the corpus."""
        if number:
            self.counts[name] = self.counts.get(name, 0) + number

    def meet(self, names: Iterable[str], known: Mapping[str, str]) -> None:
        """Enter the names of fields that a record has: those that are known, and the others."""
        for name in names:
            if name in known:
                self.recognised[name] = known[name]
            else:
                self.ignored[name] = None

    def refuse(self, file: str, line: int | None, reason: str) -> None:
        """Enter a row that becomes no document."""
        self.rows_in += 1
        self.refusals.append(Refusal(file, line, reason))

    def take(self, file: str, line: int | None, make: Callable[[], Record]) -> None:
        """Enter a row: the record that `make` gives, or the reason for which it gives none."""
        if self.options.progress:
            self.options.progress(1)
        try:
            record = self._checked(make())
        except RefusedRowError as refused:
            self.refuse(file, line, str(refused))
            return
        self.rows_in += 1
        where = f"{file}, line {line}" if line else file
        content = hash(repr(replace(record, source_id="")))
        for name in record.aka:  # A before B1 where a number without a kind is cited
            self._aka[name] = min(record.doc_id, self._aka.get(name, record.doc_id))
        if first := self._seen.get(record.doc_id):
            self.repeated += 1
            if first[0] != content:
                self._differing.append(f"{record.doc_id} ({where}; first in {first[1]})")
            return
        self._seen[record.doc_id] = (content, where)
        self.rows_out += 1
        self._store(record)

    def edge(self, file: str, line: int, citing: str, reference: Reference) -> None:
        """Enter a row that is a citation; `citing` may be any id of a document read here."""
        self.rows_in += 1
        self._edges.append((file, line, citing, reference))

    def _checked(self, record: Record) -> Record:
        if record.doc_type in MINOR and not self.options.keep_minor:
            raise RefusedRowError(MINOR[record.doc_type])
        if not record.title:
            raise RefusedRowError(NO_TITLE)
        if not record.published:
            if not self.options.published:
                raise RefusedRowError(NO_DATE)
            record.published = self.options.published
            self.count("dates_given_by_reader")
        if not record.doc_id or _BAD_ID.search(record.doc_id):
            raise RefusedRowError(NO_ID)
        return record

    def _store(self, record: Record) -> None:
        if record.completed:
            self.count("dates_completed_documents_published")
        names = [name for name in DOCUMENTS.names if name != "doc_id"]
        row = {"doc_id": record.doc_id, **{name: getattr(record, name) for name in names}}
        self._rows[DOCUMENTS.name].append(row)
        positions: dict[str, int] = {}
        for party in record.parties:
            if not (party.name or party.org or party.country or party.region or party.city):
                continue
            place = positions[party.role] = positions.get(party.role, -1) + 1
            self._rows[PARTIES.name].append(
                {"doc_id": record.doc_id, "position": place, **vars(party)}
            )
        chosen: dict[tuple[str, str], bool | None] = {}
        for scheme, code, primary in record.classes:
            chosen[scheme, code] = chosen.get((scheme, code)) or primary
        for (scheme, code), primary in chosen.items():
            self._rows[CLASSES.name].append(
                {"doc_id": record.doc_id, "scheme": scheme, "code": code, "primary": primary}
            )
        for day, event in sorted(set(record.events)):
            if day > self.day:
                self.count("events_in_future")
                continue
            self._rows[EVENT_TABLE.name].append(
                {"doc_id": record.doc_id, "date": day, "event": event}
            )
        members = {name: day for name, day in record.members if name != record.doc_id}
        self._rows[FAMILY_MEMBERS.name] += [
            {"doc_id": record.doc_id, "member_id": name, "office": name[:2], "published": day,
             "known_by": "listed"}
            for name, day in sorted(members.items())
        ]  # fmt: skip
        self._references += [(record.doc_id, reference) for reference in record.references]

    def _resolve(self, name: str) -> str:
        return name if name in self._seen else self._aka.get(name, name)

    def _settle_edges(self) -> None:
        for file, line, citing, reference in self._edges:
            doc_id = self._resolve(citing)
            if doc_id not in self._seen:
                reason = "the citing document is not among the documents"
                self.refusals.append(Refusal(file, line, reason))
                continue
            self.rows_out += 1
            self._references.append((doc_id, reference))
        self._edges.clear()

    def _reference_rows(self) -> list[dict[str, Any]]:
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for citing, reference in self._references:
            cited = self._resolve(reference.cited_id)
            if cited == citing or _BAD_ID.search(cited):
                self.count("references_dropped")
                continue
            rows.setdefault(
                (citing, cited),
                {
                    "citing_id": citing,
                    "cited_id": cited,
                    "cited_kind": reference.kind,
                    "cited_year": reference.year,
                    "raw": reference.raw,
                },
            )
        return list(rows.values())

    def finish(self, paths: Iterable[Path]) -> SourceTables:
        """Make the tables.

        Raises
        ------
        NothingReadError
            If no row became a document; the message says why.
        """
        self._settle_edges()
        if not self._rows[DOCUMENTS.name]:
            raise NothingReadError(_nothing(self), self.report())
        tables = {
            table.name: _table(self._rows[table.name], table)
            for table in (DOCUMENTS, CLASSES, PARTIES, EVENT_TABLE)
        }
        tables[REFERENCES.name] = _table(self._reference_rows(), REFERENCES)
        members = _table(self._rows[FAMILY_MEMBERS.name], FAMILY_MEMBERS)
        self.count("family_members_listed", members.num_rows)
        told = self._caveats()
        for caveat in told:
            self.note(caveat["en"])
        self.count("rows_in", self.rows_in)
        self.count("rows_repeated", self.repeated)
        self.count("rows_refused", len(self.refusals))
        origin = {path.name: file_digest(path) for path in paths}
        source = self.source
        return SourceTables(
            tables, source.title, source.licence, source.notes, origin, self.counts, told,
            self.report(), members if members.num_rows else None,
        )  # fmt: skip

    def report(self) -> ReadReport:
        """The account of what was taken so far."""
        taken = set(self.recognised)
        filled = {name for names in self.recognised.values() for name in names.split(", ")}
        return ReadReport(
            self.rows_in,
            self.rows_out,
            self.repeated,
            tuple(self.refusals),
            self.recognised,
            tuple(name for name in self.ignored if name not in taken),
            tuple(name for name in self.missing if name not in filled),
            tuple(self.notes),
        )

    def _caveats(self) -> list[dict[str, str]]:
        late = sum(row["published"] > self.day for row in self._rows[DOCUMENTS.name])
        self.count("published_in_future", late)
        for name, reason in MINOR.items():
            self.count(
                f"left_out_{name}", sum(refusal.reason == reason for refusal in self.refusals)
            )
        refused = sum(not refusal.reason.startswith(LEFT_OUT) for refusal in self.refusals)
        numbers = {**self.counts, "refused": refused, "differing": len(self._differing)}
        if self._differing:
            self.note(f"first repeated with other content: {'; '.join(self._differing[:SHOWN])}")
        return caveats(numbers, day=self.day, given=self.options.published or "")


def _table(rows: list[dict[str, Any]], table: Table) -> pa.Table:
    schema = arrow_schema(table)
    columns = [_column([row.get(name) for row in rows], schema.field(name).type)
               for name in table.names]  # fmt: skip
    return pa.table(columns, schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half a character, which JSON can hold and UTF-8 cannot
        whole = [v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for v in values]
        return pa.array(whole, kind)


def _nothing(collector: Collector) -> str:
    reasons = list(collector.report().reasons().items())[:SHOWN]
    told = "; ".join(f"{count} x {reason}" for reason, count in reasons) or "there were no rows"
    advice = "Check that the format is the right one"
    lacking = [name for name in ESSENTIAL if name in collector.missing]
    if lacking:
        advice += f" and that the files have columns for {', '.join(lacking)}"
    if any(reason == NO_DATE for reason, _ in reasons):
        advice += ", or give a date for all records with --published"
    return f"None of {collector.rows_in} row(s) became a document: {told}. {advice}."


def tidy_record(record: Record) -> Record:
    """Clean the texts of a record that was made from raw values, and tell its language."""
    record.title, record.abstract = texts.prose(record.title), texts.prose(record.abstract)
    if record.language is None:
        record.language = texts.language_of(record.title) or texts.language_of(record.abstract)
    return record
