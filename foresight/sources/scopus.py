"""Exports of Scopus as CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from foresight.sources import papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import Row, read_tables
from foresight.sources.numbers import doi, text_key
from foresight.sources.records import (
    DEFAULTS,
    Options,
    Party,
    Record,
    Reference,
    tidy_record,
)

# Each reference ends with its year in brackets; authors inside it are cut by the same semicolon.
_END = re.compile(r"(?<=\(\d{4}\))\s*;\s*")
_YEAR = re.compile(r"\((1[5-9]\d\d|20\d\d)\)\s*\.?$")


def read_scopus(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read exports of Scopus.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    return read_tables(paths, form="scopus", record=_record, options=options)


def _record(row: Row) -> Record:
    published, completed = papers.paper_date(row.text("year"))
    doc_id, own, aka = papers.paper_id(
        "scopus", doi=row.text("doi"), source_id=row.text("source_id"), title=row.text("title"),
        year=published,
    )  # fmt: skip
    pmid = row.text("pmid")
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=row.text("title"),
        abstract=_abstract(row.text("abstract")),
        language=papers.language((row.values("language") or [""])[0]),
        published=published,
        completed=completed,
        doc_type=papers.document_type(row.text("doc_type")),
        venue=row.text("venue"),
        source="scopus",
        source_id=own,
        aka=[*aka, *([f"pmid:{pmid}"] if pmid else [])],
    )
    record.parties = _authors(row)
    record.classes = papers.keywords(row.values("keywords"))
    record.references = [
        Reference(
            f"doi:{known}" if (known := doi(text)) else f"ref:{text_key(text)}",
            "paper",
            int(year[1]) if (year := _YEAR.search(text)) else None,
            text,
        )
        for part in _END.split(row.text("references") or "")
        if (text := texts.tidy(part))
    ]
    return tidy_record(record)


def _abstract(text: str | None) -> str | None:
    return None if text and text.casefold().startswith("[no abstract") else text


def _authors(row: Row) -> list[Party]:
    """Authors with their first affiliation, which stands behind the name, cut by a comma."""
    names = row.values("authors")
    short = row.values("short_authors")
    given = row.values("author_affiliations")
    if len(given) != len(names):
        return papers.authors(names, unassigned=row.values("affiliations"))
    addresses: list[str | None] = []
    for place, text in enumerate(given):
        forms = [re.sub(r"\s*\(\d+\)$", "", names[place])]
        forms += [short[place]] if len(short) == len(names) else []
        rest = next((text[len(f) :] for f in forms if text.startswith(f)), None)
        addresses.append(rest.strip(" ,") or None if rest is not None else None)
    return papers.authors(names, addresses)
