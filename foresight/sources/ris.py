"""RIS files, as reference managers and most databases write them. Parsed by rispy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import rispy

from foresight.sources import papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.encoding import read_text
from foresight.sources.numbers import Publication, publication
from foresight.sources.records import (
    DEFAULTS,
    Collector,
    Options,
    Party,
    Record,
    RefusedRowError,
    tidy_record,
)

SOURCE = papers.library_source("ris", "RIS")
NO_START = "a record without its first line (TY)"
UNREADABLE = "not a record of RIS"
_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)")
_FIELDS = {
    "TI": "title", "T1": "title", "AB": "abstract", "N2": "abstract", "AU": "authors",
    "A1": "authors", "PY": "year", "Y1": "year", "DA": "published", "DO": "doi", "JO": "venue",
    "JF": "venue", "T2": "venue", "JA": "venue", "KW": "keywords", "LA": "language",
    "TY": "doc_type", "AD": "affiliations", "AN": "source_id", "ID": "source_id",
    "M1": "publication",
}  # fmt: skip
_TYPES = {
    "JOUR": "article", "CONF": "conference paper", "CPAPER": "conference paper", "BOOK": "book",
    "CHAP": "book chapter", "THES": "thesis", "RPRT": "report", "PAT": "patent",
    "UNPB": "preprint", "JFULL": "journal", "MGZN": "magazine article", "NEWS": "newspaper article",
}  # fmt: skip


def read_ris(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read RIS files. Records of the type PAT become patents.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    collector = Collector(SOURCE, options)
    for path in paths:
        text, encoding = read_text(path)
        collector.note(encoding)
        for line, chunk in _chunks(text):
            tags = {match[1] for match in map(_TAG.match, chunk.split("\n")) if match}
            collector.meet(sorted(tags), _FIELDS)
            collector.take(path.name, line, partial(_record, chunk))
    return collector.finish(paths)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text into records, each with its first line; every tagged line is in one."""
    lines: list[str] = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip("\ufeff ")
        match = _TAG.match(line)
        if match and match[1] == "TY" and lines:
            yield start, "\n".join(lines)
            lines = []
        if match and match[1] == "ER":
            if lines:
                yield start, "\n".join(lines)
            lines = []
        elif match or lines:
            start = start if lines else number
            lines.append(line)
    if lines:
        yield start, "\n".join(lines)


def _record(chunk: str) -> Record:
    if not chunk.startswith("TY"):
        raise RefusedRowError(NO_START)
    body = "\n".join(_TAG.sub(r"\1  - ", line, count=1) for line in chunk.split("\n"))
    try:
        found = rispy.loads(body + "\nER  - \n")
    except (ValueError, KeyError, TypeError, OSError, AttributeError, IndexError) as error:
        msg = f"{UNREADABLE}: {str(error)[:60]}"
        raise RefusedRowError(msg) from error
    if not found:
        raise RefusedRowError(UNREADABLE)
    entry = found[0]
    kind = _one(entry, "type_of_reference") or ""
    day = _one(entry, "date")
    year = _one(entry, "year", "publication_year")
    published, completed = papers.paper_date(_day(day), _day(year))
    title = _one(entry, "title", "primary_title")
    if kind == "PAT" and (number := _number(entry)):
        record = Record(number.doc_id, "patent", title, published, "ris", number.doc_id)
        record.office, record.aka = number.office, [number.key]
        record.doc_type = number.minor_type or number.kind
        record.granted = published if number.granted else None
        role = "inventor"
    else:
        doc_id, own, aka = papers.paper_id(
            "ris", doi=_one(entry, "doi"), source_id=None, title=title, year=published
        )
        record = Record(doc_id, "paper", title, published, "ris", own, aka=aka,
                        doc_type=_TYPES.get(kind, kind.casefold() or None))  # fmt: skip
        role = "author"
    record.completed = completed
    record.abstract = _one(entry, "abstract", "notes_abstract")
    record.language = papers.language(_one(entry, "language"))
    record.venue = _one(entry, "journal_name", "alternate_title3", "secondary_title")
    names = _all(entry, "authors") or _all(entry, "first_authors")
    addresses = [a for text in _all(entry, "author_address") for a in texts.split_list(text, ";")]
    if role == "author":
        record.parties = papers.authors(names, unassigned=addresses)
    else:
        record.parties = [Party(role, name=texts.person(name)) for name in names]
    words = [w for text in _all(entry, "keywords") for w in texts.split_list(text, ";")]
    record.classes = papers.keywords(list(dict.fromkeys(words)))
    return tidy_record(record)


def _all(entry: Mapping[str, Any], name: str) -> list[str]:
    value = entry.get(name)
    values = value if isinstance(value, list) else [value]
    return [text for item in values if isinstance(item, str) and (text := texts.tidy(item))]


def _one(entry: Mapping[str, Any], *names: str) -> str | None:
    """The first of the fields that is filled, its lines joined."""
    return next((" ".join(found) for name in names if (found := _all(entry, name))), None)


def _day(text: str | None) -> str | None:
    """A date of RIS, `2001/03/05/other`, without its empty parts."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split("/")[:3]]
    filled = [part for part in parts if part.isdigit()]
    return "-".join(filled) if parts[0].isdigit() and len(parts[0]) == 4 else text


def _number(entry: Mapping[str, Any]) -> Publication | None:
    for name in ("note", "number", "accession_number", "id", "call_number", "volume"):
        for text in _all(entry, name):
            if found := publication(text):
                return found
    return None
