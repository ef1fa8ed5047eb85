"""Exports of Chinese patent services: incoPat, PatSnap (智慧芽), HimmPat, CNIPA.

Workbooks and tables whose columns a map in `data/aliases/` names; one row is one publication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

from foresight.sources import dates, legal, places, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import AliasMap, Row, load_map, rows_of
from foresight.sources.numbers import Publication, doi, publication, text_key
from foresight.sources.places import Place
from foresight.sources.records import (
    DEFAULTS,
    NO_ID,
    Collector,
    Options,
    Party,
    Record,
    Reference,
    RefusedRowError,
    tidy_record,
)

_TYPES = (("实用新型", "utility_model", "U"), ("外观", "design", "S"))
_EVENT_FIELDS = {
    "transfer_dates": "transfer",
    "license_dates": "license",
    "pledge_dates": "pledge",
    "litigation_dates": "litigation",
    "invalidation_dates": "invalidation",
}
_CLASS_FIELDS = (("ipc_main", "ipc", True), ("ipc", "ipc", None), ("cpc", "cpc", None))


def read_cn_patents(
    paths: Sequence[Path], *, vendor: str, options: Options = DEFAULTS
) -> SourceTables:
    """Read the exports of a Chinese patent service.

    Parameters
    ----------
    paths : sequence of Path
        xlsx, xls, csv (UTF-8, GBK, GB18030, UTF-16), gzipped or not.
    vendor : str
        `incopat`, `patsnap`, `himmpat` or `cnipa`: the map of columns.
    options : Options

    Returns
    -------
    SourceTables
        Utility models and designs are left out unless `options.keep_minor`.

    Raises
    ------
    SourceError
        If a file cannot be read or has other columns, or no row becomes a document.
    """
    alias = load_map(vendor, file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        for file, line, row in rows_of(path, alias, collector):
            collector.take(file, line, partial(record_of, row, alias, collector))
    return collector.finish(paths)


def record_of(row: Row, alias: AliasMap, collector: Collector) -> Record:
    """Make the record of a row.

    Raises
    ------
    RefusedRowError
        If the row has no number, or a date is no date.
    """
    doc_type, kind = _type(row.text("patent_type"))
    office = places.office_code(row.text("office"))
    number = _number(row.text("publication"), office, row.text("kind_code") or kind)
    application = row.text("application")
    if number is None and not application:
        raise RefusedRowError(NO_ID)
    source = alias.source.name
    published, completed = _published(row)
    granted = _day(row, "granted") or (published if number and number.granted else None)
    inventors = [texts.person(name) for name in row.values("inventors")]
    record = Record(
        doc_id=number.doc_id if number else f"{source}:{application}",
        kind="patent",
        title=row.text("title"),
        abstract=row.text("abstract"),
        published=published,
        completed=completed,
        filed=_day(row, "filed"),
        priority=min(_days(row, "priority"), default=None),
        granted=granted,
        office=number.office if number else office or "CN",
        family_id=_family(row, number),
        doc_type=_first(
            number.minor_type if number else None, doc_type, number.kind if number else None
        ),
        status=legal.state(row.text("status")),
        source=source,
        source_id=row.text("publication") or application or "",
        aka=[number.key] if number else [],
    )
    record.members = [(name, None) for name in _members(row)]
    record.parties = [
        *_owners(row, "applicant", inventors, collector),
        *_owners(row, "owner", inventors, collector),
        *(
            Party("inventor", name=name, country=country)
            for name, country in _nations(row, inventors)
        ),
    ]
    record.classes = [
        (scheme, code, primary)
        for field, scheme, primary in _CLASS_FIELDS
        for code in row.every(field)
    ]
    record.references = list(_references(row))
    record.events = _events(row, record, collector)
    return tidy_record(record)


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value), None)


def _type(text: str | None) -> tuple[str | None, str | None]:
    """Document type and kind code that the words of a patent type stand for."""
    for word, name, kind in _TYPES:
        if text and word in text:
            return name, kind
    if text and "发明" in text:
        return None, "B" if "授权" in text else "A" if any(
            w in text for w in ("申请", "公")
        ) else None
    return None, None


def _number(text: str | None, office: str | None, kind: str | None) -> Publication | None:
    if not text:
        return None
    found = publication(text)
    if found is None or not found.kind:
        found = publication(text, office=found.office if found else office or "CN", kind=kind)
    return found


def _published(row: Row) -> tuple[str | None, bool]:
    """The earliest publication that the row tells, and whether it was completed."""
    found = [
        value
        for field in ("published", "first_published")
        for text in row.texts(field)[:1]
        if (value := _read(text, field))
    ]
    if not found and (year := row.text("year")):
        found = [value] if (value := _read(year, "year")) else []
    return min(found, default=(None, False))


def _read(text: str, field: str) -> tuple[str, bool]:
    value = dates.read_date(text)
    if value is None:
        days = dates.find_dates(text)
        if not days:
            msg = f"`{field}` is no date: {text[:40]!r}"
            raise RefusedRowError(msg)
        return days[0], False
    return value


def _days(row: Row, field: str) -> list[str]:
    """All dates of a cell; what is no date there is left aside, as events have it without."""
    found = []
    for part in texts.split_list(row.text(field), ";|,"):
        value = dates.read_date(part)
        days = [value[0]] if value else dates.find_dates(part)[:1]
        found += days
    return found


def _day(row: Row, field: str) -> str | None:
    text = row.text(field)
    return _read(text, field)[0] if text else None


def _members(row: Row) -> set[str]:
    """Publication numbers that the row lists as its simple family."""
    return {found.doc_id for text in row.values("family_members") if (found := publication(text))}


def _family(row: Row, number: Publication | None) -> str | None:
    if given := row.text("family_id"):
        return given
    members = _members(row)
    if not members:
        return None
    if number:
        members.add(number.doc_id)
    return f"family:{min(members)}"


def _owners(row: Row, role: str, inventors: Sequence[str], collector: Collector) -> Iterator[Party]:
    names = row.values(f"{role}s")
    types = row.values(f"{role}_types")
    found = _places(row, role, max(1, len(names)), collector)
    if not names and any(found):
        names = [""]
    for place, name in enumerate(names):
        stated = types[place] if len(types) == len(names) else None
        where = found[place] or Place()
        human = bool(name) and texts.is_person(name, people=inventors, stated=stated)
        yield Party(
            role,
            name=texts.person(name) if human else None,
            org=None if human or not name else name,
            country=where.country,
            region=where.region,
            city=where.city,
        )


def _places(row: Row, role: str, count: int, collector: Collector) -> list[Place | None]:
    """Place of each applicant: by its own cells where there are as many, else of the first."""
    lists: dict[str, list[Place]] = {
        "country": [Place(text) for text in row.values(f"{role}_countries")],
        "region": places.regions(row.values(f"{role}_regions")),
        "city": [Place(city=text) for text in row.values(f"{role}_cities")],
        "district": [Place(city=text) for text in row.values(f"{role}_districts")],
        "address": [places.address(text) for text in row.values(f"{role}_addresses")],
    }
    for name, values in lists.items():
        if len(values) not in (0, 1, count):
            collector.count("places_unassigned", name == "city" or name == "region")
            lists[name] = values[:1]
    result: list[Place | None] = []
    for found in list(zip_longest(*lists.values()))[:count]:
        merged = Place()
        for place in found:
            if place is not None:
                merged = _filled(merged, place)
        result.append(merged if merged != Place() else None)
    return result + [None] * (count - len(result))


def _filled(first: Place, second: Place) -> Place:
    return replace(
        first,
        country=first.country or second.country,
        region=first.region or second.region,
        city=first.city or second.city,
    )


def _nations(row: Row, inventors: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    countries = row.values("inventor_countries")
    aligned = len(countries) == len(inventors)
    for place, name in enumerate(inventors):
        yield name, countries[place] if aligned else None


def _references(row: Row) -> Iterator[Reference]:
    for text in row.values("cited_patents"):
        found = publication(text.split(" ")[0]) or publication(text)
        cited = found.doc_id if found and found.kind else found.key if found else None
        yield Reference(cited or f"ref:{text_key(text)}", "patent", raw=text)
    for text in row.values("cited_papers"):
        known = doi(text)
        yield Reference(f"doi:{known}" if known else f"ref:{text_key(text)}", "paper", raw=text)


def _events(row: Row, record: Record, collector: Collector) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    undated: set[str] = set()
    if record.granted:
        found.append((record.granted, "grant"))
    if record.status != "active" and (lapsed := _days(row, "lapse_date")):
        found.append((lapsed[0], "lapse"))
    for field, event in _EVENT_FIELDS.items():
        days = _days(row, field)
        found += [(day, event) for day in days]
        if row.text(field) and not days:
            undated.add(event)
    if (row.text("litigations") or "0").strip(" 0."):
        undated.add("litigation")
    for text in row.texts("legal_events"):
        dated, named = legal.read_events(text)
        found += dated
        undated |= legal.EVENT_STATES.intersection(named)
    collector.count("events_without_date", len(undated - {event for _, event in found}))
    return found
