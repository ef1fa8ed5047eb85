"""Exports of The Lens as CSV: patents and scholarly works. JSON lines: see `lens_json`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from foresight.sources import dates, legal, lens_json, papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.citations import read_edges
from foresight.sources.columns import Row, fits, load_map, rows_of
from foresight.sources.jsonl import is_json
from foresight.sources.numbers import doi, publication
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
from foresight.sources.sheets import read_sheets

_RECORDED = re.compile(r"\s*\((\d{4}-\d{2}-\d{2})\)\s*$")
_TYPES = {"design right": "design", "limited patent": "utility_model"}
_DAY = re.compile(r"(?:19|20)\d{6}\b")


def read_lens(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read exports of The Lens: patents or scholarly works, CSV or JSON lines, mixed at will.

    A table with the columns `citing` and `cited` gives references between the patents read.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    patents = load_map("lens_patents", file=options.aliases)
    works = load_map("lens_works")
    collector = Collector(patents.source, options)
    for path in paths:
        if is_json(path):
            lens_json.collect(path, collector)
            continue
        sheets = read_sheets(path)
        if read_edges(sheets, collector, as_id=_key):
            continue
        if fits(sheets, works) and not fits(sheets, patents):
            for file, line, row in rows_of(path, works, collector, sheets=sheets):
                collector.take(file, line, partial(_work, row))
            continue
        rows = list(rows_of(path, patents, collector, sheets=sheets))
        order = dates.day_month_order(row.text("published") for _, _, row in rows)
        for file, line, row in rows:
            collector.take(file, line, partial(_patent, row, order))
    return collector.finish(paths)


def _key(text: str) -> str | None:
    found = publication(text)
    return found.key if found else None


def _patent(row: Row, order: str | None) -> Record:
    text = row.text("publication") or ""
    number = publication(text)
    if number is None:
        msg = f"no publication number: {text[:40]!r}"
        raise RefusedRowError(msg)
    lens_id = row.text("source_id")
    published, completed = _date(row, "published", order, year=row.text("year"))
    inventors = [texts.person(name) for name in row.values("inventors")]
    stated = (row.text("type") or "").casefold()
    record = Record(
        doc_id=number.doc_id,
        kind="patent",
        title=row.text("title"),
        abstract=row.text("abstract"),
        published=published,
        completed=completed,
        filed=_date(row, "filed", order, latest=published)[0],
        priority=_date(row, "priority", order, latest=published)[0] or _first_day(row),
        granted=published if number.granted or stated == "granted patent" else None,
        office=number.office,
        family_id=_family(row.values("family_members")),
        doc_type=number.minor_type or _TYPES.get(stated) or number.kind,
        status=legal.state(row.text("status")),
        source="lens",
        source_id=lens_id or text,
        aka=[number.key, *([f"lens:{lens_id}"] if lens_id else [])],
    )
    record.parties = [
        *holders("applicant", row.values("applicants"), people=inventors),
        *holders("owner", [_RECORDED.sub("", n) for n in row.values("owners")], people=inventors),
        *(Party("inventor", name=name) for name in inventors),
    ]
    record.classes = [("cpc", code, None) for code in row.values("cpc")]
    record.classes += [("ipc", code, None) for code in row.values("ipc")]
    record.references = _cited(row)
    if record.granted:
        record.events = [(record.granted, "grant")]
    return tidy_record(record)


def _date(
    row: Row, field: str, order: str | None, *, year: str | None = None, latest: str | None = None
) -> tuple[str | None, bool]:
    text = row.text(field) or year
    if not text:
        return None, False
    # The year settles the century only: exports give it wrong by one around New Year.
    last = f"{int(year) + 1}-12-31" if year and re.fullmatch(r"[12]\d{3}", year) else latest
    value = dates.read_date(text, order=order, latest=last)
    if value is None and field == "published":
        msg = f"no date of publication that fits: {text[:40]!r}, year {year}"
        raise RefusedRowError(msg)
    return value or (None, False)


def _first_day(row: Row) -> str | None:
    """Earliest of the dates behind priority numbers (US 201562116216 P 20150213)."""
    found = [day for text in row.values("priority_numbers") for day in _DAY.findall(text[-8:])]
    read = [value[0] for day in found if (value := dates.read_date(day))]
    return min(read, default=None)


def _family(members: Iterable[str]) -> str | None:
    first = min(members, default=None)
    return f"lens:{first}" if first else None


def _cited(row: Row) -> list[Reference]:
    """References to papers, one for each paper: by Lens id where the export has it."""
    if found := row.values("cited_papers"):
        return [Reference(f"lens:{lens_id}", "paper", raw=lens_id) for lens_id in found]
    known = [(text, doi(text)) for text in row.values("cited_dois")]
    return [
        *(Reference(f"doi:{found}", "paper", raw=text) for text, found in known if found),
        *(Reference(f"pmid:{text}", "paper", raw=text) for text in row.values("cited_pmids")),
    ]


def _work(row: Row) -> Record:
    published, completed = papers.paper_date(row.text("published"), row.text("year"))
    if not row.text("doi") and not row.text("source_id"):
        msg = "neither a DOI nor a Lens id"
        raise RefusedRowError(msg)
    doc_id, own, aka = papers.paper_id(
        "lens", doi=row.text("doi"), source_id=row.text("source_id"), title=row.text("title"),
        year=published,
    )  # fmt: skip
    pmid = row.text("pmid")
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=row.text("title"),
        abstract=row.text("abstract"),
        published=published,
        completed=completed,
        doc_type=papers.document_type(row.text("doc_type")),
        venue=row.text("venue"),
        source="lens",
        source_id=own,
        aka=[*aka, *([f"pmid:{pmid}"] if pmid else [])],
    )
    record.parties = papers.authors(row.values("authors"))
    record.classes = papers.keywords(row.values("keywords"))
    record.references = [
        Reference(f"lens:{lens_id}", "paper", raw=lens_id) for lens_id in row.values("cited_papers")
    ]
    return tidy_record(record)
