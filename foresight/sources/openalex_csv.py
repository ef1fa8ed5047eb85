"""Exports of the OpenAlex website as CSV: lists within a cell are cut by `|`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from foresight.sources import papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import Row, read_tables
from foresight.sources.records import (
    DEFAULTS,
    Options,
    Party,
    Record,
    Reference,
    RefusedRowError,
    tidy_record,
)

_WORK = re.compile(r"W\d+$")
_TOPIC = re.compile(r"T\d+$")
_NAME = re.compile(r"""'display_name': (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")
_COUNTRY = re.compile(r"'country_code': '([A-Z]{2})'")


def read_openalex_csv(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read CSV exports of OpenAlex works.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    return read_tables(paths, form="openalex", record=_record, options=options)


def _record(row: Row) -> Record:
    work = _WORK.search(row.text("source_id") or "")
    if work is None:
        msg = f"no OpenAlex id: {(row.text('source_id') or '')[:40]!r}"
        raise RefusedRowError(msg)
    day, year = row.text("published"), row.text("year")
    published, completed = papers.paper_date(papers.openalex_date(day, year), year)
    doc_id, own, aka = papers.paper_id(
        "openalex", doi=row.text("doi"), source_id=work[0], title=None, year=None
    )
    pmid = re.search(r"\d+$", row.text("pmid") or "")
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=row.text("title"),
        abstract=row.text("abstract"),
        language=papers.language(row.text("language")),
        published=published,
        completed=completed,
        doc_type=papers.document_type(row.text("doc_type")),
        status="retracted" if (row.text("retracted") or "").casefold() == "true" else None,
        venue=row.text("venue"),
        source="openalex",
        source_id=own,
        aka=[*aka, *([f"pmid:{pmid[0]}"] if pmid else [])],
    )
    record.parties = _authors(row)
    main = _TOPIC.search(row.text("topic_main") or "")
    topics = [found[0] for text in row.values("topics") if (found := _TOPIC.search(text))]
    record.classes = [
        *(("openalex_topic", code, main is not None and code == main[0]) for code in topics),
        *papers.keywords(row.values("keywords")),
    ]
    if main and main[0] not in topics:
        record.classes.append(("openalex_topic", main[0], True))
    record.references = [
        Reference(f"openalex:{found[0]}", "paper")
        for text in row.values("cited_papers")
        if (found := _WORK.search(text))
    ]
    return tidy_record(record)


def _authors(row: Row) -> list[Party]:
    """Authors, with institution and country where the lists of both are equally long."""
    names = [texts.person(name) for name in row.values("authors")]
    found = _institutions(row)
    countries = row.values("author_countries")
    if len(found) == len(names):
        return [
            Party("author", name=name, org=org, country=country or _nth(countries, i, len(names)))
            for i, (name, (org, country)) in enumerate(zip(names, found, strict=True))
        ]
    people = [
        Party("author", name=name, country=_nth(countries, i, len(names)))
        for i, name in enumerate(names)
    ]
    return [*people, *(Party("author", org=o, country=c) for o, c in dict.fromkeys(found))]


def _nth(values: Sequence[str], place: int, count: int) -> str | None:
    return values[place] if len(values) == count else None


def _institutions(row: Row) -> list[tuple[str | None, str | None]]:
    """Institutions with their countries, from names or from the records in a cell."""
    names = row.values("affiliations")
    if names:
        countries = row.values("author_countries")
        return [(name, _nth(countries, i, len(names))) for i, name in enumerate(names)]
    found: list[tuple[str | None, str | None]] = []
    for text in row.values("institutions"):
        name, country = _NAME.search(text), _COUNTRY.search(text)
        if name:
            plain = texts.tidy((name[1] or name[2]).replace("\\'", "'"))
            found.append((plain, country[1] if country else None))
    return found
