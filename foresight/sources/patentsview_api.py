"""Replies of the PatentsView service: JSON lines of grants, tables of applications, citations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from foresight.sources import dates, papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.citations import read_edges
from foresight.sources.columns import Row, load_map, rows_of
from foresight.sources.jsonl import is_json, items, objects, word
from foresight.sources.numbers import Publication, publication
from foresight.sources.records import (
    DEFAULTS,
    Collector,
    Options,
    Party,
    Record,
    Reference,
    RefusedRowError,
    tidy_record,
)
from foresight.sources.sheets import read_sheets

NO_NUMBER = "no patent number"
_KNOWN = {
    "patent_number": "publication", "patent_id": "publication", "patent_title": "title",
    "patent_abstract": "abstract", "patent_date": "published", "patent_kind": "kind_code",
    "inventors": "inventors", "assignees": "owners", "applications": "filed",
    "application": "filed", "cited_patents": "cited_patents", "us_patent_citations":
    "cited_patents", "cpcs": "cpc", "cpc_current": "cpc", "IPCs": "ipc", "patent_type": "doc_type",
}  # fmt: skip


def read_patentsview_api(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read what the PatentsView service replies: JSON, tables, and tables of citations.

    Raises
    ------
    SourceError
        If a file cannot be read or has other columns, or no row becomes a document.
    """
    alias = load_map("patentsview", file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        if is_json(path):
            for file, line, value in objects(path, collector):
                collector.meet(value, _KNOWN)
                collector.take(file, line, partial(_from_object, value))
            continue
        sheets = read_sheets(path)
        if not read_edges(sheets, collector, as_id=_key):
            for file, line, row in rows_of(path, alias, collector, sheets=sheets):
                collector.take(file, line, partial(_from_row, row))
    return collector.finish(paths)


def _key(text: str | None) -> str | None:
    found = publication(text, office="US") if text else None
    return found.key if found else None


def _record(
    number: Publication | None, kind: str | None, *, day: str | None, filed: str | None,
    title: str | None, abstract: str | None,
) -> Record:  # fmt: skip
    if number is None:
        raise RefusedRowError(NO_NUMBER)
    published, completed = papers.paper_date(day)
    value = dates.read_date(filed) if filed else None
    application = len(number.number) > 10 and number.number[:2] in ("19", "20")
    record = Record(
        doc_id=number.doc_id,
        kind="patent",
        title=title,
        abstract=abstract,
        language="en",
        published=published,
        completed=completed,
        filed=value[0] if value else None,
        granted=None if application else published,
        office="US",
        doc_type="design" if kind == "design" else number.minor_type or number.kind,
        source="patentsview",
        source_id=number.number,
        aka=[number.key],
    )
    if record.granted:
        record.events = [(record.granted, "grant")]
    return record


def _from_row(row: Row) -> Record:
    number = publication(row.text("publication") or "", office="US", kind=row.text("kind_code"))
    record = _record(
        number, row.text("patent_type"), day=row.text("published"), filed=row.text("filed"),
        title=row.text("title"), abstract=row.text("abstract"),
    )  # fmt: skip
    first, last = row.text("owner_first"), row.text("owner_last")
    place = {
        "country": row.text("owner_countries"),
        "region": row.text("owner_regions"),
        "city": row.text("owner_cities"),
    }
    people = " ".join(part for part in (first, last) if part)
    for org in row.values("applicants"):
        record.parties.append(Party("owner", org=org, **place))
    if people and not record.parties:
        record.parties.append(Party("owner", name=people, **place))
    record.parties += [Party("inventor", name=name) for name in row.values("inventors")]
    stated = row.text("cpc_primary")
    primary = None if stated is None else stated == "inventional"
    record.classes = [("cpc", code, primary) for code in row.values("cpc")]
    subclasses = [code for code in row.values("subclasses")
                  if not any(known.startswith(code) for _, known, _ in record.classes)]  # fmt: skip
    record.classes += [("cpc", code, None) for code in subclasses]
    record.classes += [("ipc", code, None) for code in row.values("ipc")]
    return tidy_record(record)


def _from_object(value: dict[str, Any]) -> Record:
    text = word(value, "patent_number") or word(value, "patent_id")
    number = publication(text, office="US", kind=word(value, "patent_kind")) if text else None
    application = next(iter(items(value, "applications") or items(value, "application")), None)
    record = _record(
        number, word(value, "patent_type"), day=word(value, "patent_date"),
        filed=word(application, "app_date") or word(application, "filing_date"),
        title=word(value, "patent_title"), abstract=word(value, "patent_abstract"),
    )  # fmt: skip
    for role, field in (("owner", "assignees"), ("inventor", "inventors")):
        stem = field.removesuffix("s")
        for entry in items(value, field):
            record.parties.append(_party(role, entry, stem))
    record.classes = [
        ("cpc", code, True if word(entry, "cpc_type") == "inventional" else None)
        for entry in [*items(value, "cpcs"), *items(value, "cpc_current")]
        if (code := word(entry, "cpc_subgroup_id") or word(entry, "cpc_group_id"))
    ]
    cited = [*items(value, "cited_patents"), *items(value, "us_patent_citations")]
    for entry in cited:
        shown = word(entry, "cited_patent_number") or word(entry, "citation_patent_id")
        if key := _key(shown):
            record.references.append(Reference(key, "patent", raw=shown))
    return tidy_record(record)


def _party(role: str, entry: Any, stem: str) -> Party:
    names = [word(entry, f"{stem}_{part}") or word(entry, f"{stem}_name_{part}")
             for part in ("first_name", "last_name")]  # fmt: skip
    names = names if any(names) else [word(entry, f"{stem}_name_{p}") for p in ("first", "last")]
    return Party(
        role,
        name=texts.tidy(" ".join(name for name in names if name)),
        org=word(entry, f"{stem}_organization"),
        country=word(entry, f"{stem}_country"),
        region=word(entry, f"{stem}_state"),
        city=word(entry, f"{stem}_city"),
    )
