"""Exports of Derwent: Derwent Innovation tables, Derwent Innovations Index tagged text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from foresight.sources import dates, legal, papers, tagged, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import Row, load_map, rows_of
from foresight.sources.encoding import decode, read_bytes, said
from foresight.sources.numbers import Publication, doi, publication, text_key
from foresight.sources.patents import holders
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
from foresight.sources.workbooks import is_workbook

_TAGS = {
    "PN": "publication", "TI": "title", "AU": "inventors", "AE": "applicants", "AB": "abstract",
    "GA": "family_id", "IP": "ipc", "CC": "cpc", "PD": "published", "AD": "filed",
    "PI": "priority", "UT": "source_id", "CP": "cited_patents", "CR": "cited_papers",
    "DC": "derwent_classes", "MC": "manual_codes",
}  # fmt: skip
_NUMBER = re.compile(r"^([A-Z]{2}[\w/]+?)-([A-Z]\d?)\b")
_DAY = re.compile(r"\b(\d{1,2} [A-Z][a-z]{2} \d{4})\b")
_CODE = re.compile(r"^([A-HY]\d{2}[A-Z])-?0*(\d+)/(\d+)$")
_NAME = re.compile(r"\s*\([A-Z]{4}-[A-Z]\)|\s*\([A-Z]{4}(?:-[A-Za-z]+)?\)")
NO_NUMBER = "no publication number"


def read_derwent(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read exports of Derwent.

    A record of Derwent Innovations Index is a family: its document is the member published
    first, `family_id` the accession number, and its other members are known as the same.

    Raises
    ------
    SourceError
        If a file cannot be read or has other columns, or no row becomes a document.
    """
    alias = load_map("derwent", file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        data = read_bytes(path)
        if not is_workbook(data):
            text, encoding, broken = decode(data, name=path.name)
            if re.search(r"^(?:PT P|PN )", text, re.MULTILINE):
                collector.note(said(path.name, encoding, broken))
                _collect(path.name, text, collector)
                continue
        for file, line, row in rows_of(path, alias, collector):
            collector.take(file, line, partial(_from_row, row))
    return collector.finish(paths)


def _collect(file: str, text: str, collector: Collector) -> None:
    for entry in tagged.records(text, tagged.wos, first="PT", last="ER"):
        for tag in ("FN", "VR", "EF"):
            entry.values.pop(tag, None)
        if not entry.values:
            continue
        collector.meet(entry.values, _TAGS)
        collector.take(file, entry.line, partial(_from_entry, entry))


def _read_number(text: str) -> Publication | None:
    match = _NUMBER.match(text)
    return publication(f"{match[1]}{match[2]}") if match else publication(text)


def _from_entry(entry: tagged.Tagged) -> Record:
    numbers = [found for text in texts.split_list(entry.joined("PN", by=";"), ";")
               if (found := _read_number(text))]  # fmt: skip
    if not numbers:
        raise RefusedRowError(NO_NUMBER)
    days = {}
    for text in entry.all("PD"):
        number, day = _read_number(text.split(" ")[0]), _DAY.search(text)
        value = dates.read_date(day[1]) if day else None
        if number and value:
            days[number.doc_id] = value[0]
    first = min(numbers, key=lambda number: (days.get(number.doc_id, "9999"), number.doc_id))
    accession = texts.tidy(entry.joined("GA")) or texts.tidy(entry.joined("UT"))
    inventors = [texts.person(name) for name in _names(entry, "AU")]
    own = texts.tidy(entry.joined("UT")) or accession or first.doc_id
    record = Record(
        doc_id=first.doc_id,
        kind="patent",
        title=entry.joined("TI"),
        abstract=entry.joined("AB"),
        published=days.get(first.doc_id),
        filed=_earliest(entry.all("AD")),
        priority=_earliest(entry.all("PI")),
        granted=min((days[n.doc_id] for n in numbers if n.granted and n.doc_id in days),
                    default=None),
        office=first.office,
        family_id=f"dwpi:{accession}" if accession else None,
        doc_type=first.minor_type or first.kind,
        source="derwent",
        source_id=own,
        aka=[name for number in numbers for name in (number.key, number.doc_id)],
    )  # fmt: skip
    record.parties = [
        *holders("applicant", _names(entry, "AE"), people=inventors),
        *(Party("inventor", name=name) for name in inventors),
    ]
    record.classes = [("ipc", code, None) for code in _codes(entry.joined("IP", by=";"))]
    record.classes += [("cpc", code, None) for code in _codes(entry.joined("CC", by=";"))]
    if record.granted:
        record.events = [(record.granted, "grant")]
    record.references = [
        Reference(found.doc_id, "patent", raw=text)
        for text in entry.all("CP")
        if (found := _read_number(text.strip().split(" ")[0])) and found.doc_id not in record.aka
    ]
    return tidy_record(record)


def _earliest(lines: Sequence[str]) -> str | None:
    found = [value[0] for text in lines for day in _DAY.findall(text)
             if (value := dates.read_date(day))]  # fmt: skip
    return min(found, default=None)


def _names(entry: tagged.Tagged, tag: str) -> list[str]:
    found = (texts.split_list(line, ";") for line in entry.all(tag))
    return [plain for values in found for name in values if (plain := _NAME.sub("", name).strip())]


def _codes(text: str | None) -> list[str]:
    """Class codes; H01M-010/0525 becomes H01M10/0525."""
    found = []
    for part in texts.split_list(text, ";"):
        flat = part.replace(" ", "")
        match = _CODE.match(flat)
        found.append(f"{match[1]}{match[2]}/{match[3]}" if match else flat)
    return found


def _from_row(row: Row) -> Record:
    text = row.text("publication") or ""
    number = publication(text, kind=row.text("kind_code"))
    if number is None:
        msg = f"{NO_NUMBER}: {text[:40]!r}"
        raise RefusedRowError(msg)
    published, completed = papers.paper_date(row.text("published"), row.text("year"))
    inventors = [texts.person(name) for name in row.values("inventors")]
    record = Record(
        doc_id=number.doc_id,
        kind="patent",
        title=row.text("title"),
        abstract=row.text("abstract"),
        published=published,
        completed=completed,
        filed=_first(row, "filed"),
        priority=_first(row, "priority"),
        granted=published if number.granted else None,
        office=number.office,
        family_id=_family(row, number),
        doc_type=number.minor_type or number.kind,
        status=legal.state(row.text("status")),
        source="derwent",
        source_id=text,
        aka=[number.key],
    )
    record.parties = [
        *holders("applicant", row.values("applicants"), people=inventors),
        *holders("owner", row.values("owners"), people=inventors),
        *(Party("inventor", name=name) for name in inventors),
    ]
    for scheme in ("ipc", "cpc"):
        record.classes += [(scheme, code, None) for cell in row.every(scheme)
                           for code in _codes(cell)]  # fmt: skip
    record.references = [
        Reference(found.doc_id, "patent", raw=cited)
        for cited in row.values("cited_patents")
        if (found := _read_number(cited.split(" ")[0]))
    ]
    for cited in row.values("cited_papers"):
        known = doi(cited)
        cited_id = f"doi:{known}" if known else f"ref:{text_key(cited)}"
        record.references.append(Reference(cited_id, "paper" if known else None, raw=cited))
    if record.granted:
        record.events = [(record.granted, "grant")]
    return tidy_record(record)


def _first(row: Row, field: str) -> str | None:
    """The earliest of the dates in a cell."""
    found = [value[0] for text in row.values(field) if (value := dates.read_date(text))]
    return min(found, default=None)


def _family(row: Row, number: Publication) -> str | None:
    if given := row.text("family_id"):
        return f"inpadoc:{given}" if given.isdigit() else f"dwpi:{given}"
    members = {found.doc_id for cell in row.values("family_members")
               if (found := _read_number(cell.split(" ")[0]))}  # fmt: skip
    return f"family:{min(members | {number.doc_id})}" if members else None
