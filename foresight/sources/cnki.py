"""Exports of CNKI (中国知网): RefWorks, EndNote, NoteExpress, its own text; workbooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from foresight.sources import papers, tagged, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import Row, load_map, rows_of
from foresight.sources.encoding import decode, read_bytes, said
from foresight.sources.numbers import publication
from foresight.sources.patents import holders
from foresight.sources.records import (
    DEFAULTS,
    Collector,
    Options,
    Party,
    Record,
    RefusedRowError,
    tidy_record,
)
from foresight.sources.workbooks import is_workbook

# Field -> tags, the preferred one first, of each of the four text formats.
_REFWORKS = {
    "title": ("T1",), "authors": ("A1",), "affiliations": ("AD",), "venue": ("JF", "T2", "PB"),
    "published": ("FD",), "year": ("YR",), "keywords": ("K1",), "abstract": ("AB",),
    "doi": ("DO",), "doc_type": ("RT",), "language": ("LA",), "source_id": ("LK", "UL"),
    "number": ("ID", "PA"),
}  # fmt: skip
_ENDNOTE = {
    "title": ("%T",), "authors": ("%A",), "affiliations": ("%+", "%?"), "venue": ("%J", "%B", "%I"),
    "published": ("%8",), "year": ("%D",), "keywords": ("%K",), "abstract": ("%X",),
    "doi": ("%R",), "doc_type": ("%0",), "language": ("%G",), "source_id": ("%U",),
    "number": ("%M", "%N"),
}  # fmt: skip
_NOTE = {
    "title": ("title",), "authors": ("author",), "affiliations": ("author address",),
    "venue": ("journal", "secondary title", "publisher"), "published": ("date",), "year": ("year",),
    "keywords": ("keywords",), "abstract": ("abstract",), "doi": ("doi",),
    "doc_type": ("reference type",), "source_id": ("url", "link"), "language": ("language",),
    "number": ("patent number",),
}  # fmt: skip
_OWN = {
    "title": ("title",), "authors": ("author",), "affiliations": ("organ",), "venue": ("source",),
    "published": ("pubtime",), "year": ("year",), "keywords": ("keyword",),
    "abstract": ("summary",), "doi": ("doi",), "doc_type": ("srcdatabase",),
    "source_id": ("link", "url"), "number": ("publicationno",),
}  # fmt: skip
Tags = dict[str, tuple[str, ...]]
_FORMS: tuple[tuple[tagged.Split, str, Tags, re.Pattern[str]], ...] = (
    (tagged.refworks, "RT", _REFWORKS, re.compile(r"^RT ", re.MULTILINE)),
    (tagged.endnote, "%0", _ENDNOTE, re.compile(r"^%0 ?", re.MULTILINE)),
    (tagged.note_express, "reference type", _NOTE, re.compile(r"^\{Reference Type\}", re.M)),
    (
        tagged.cnki_own,
        "srcdatabase",
        _OWN,
        re.compile(r"^SrcDatabase-[^,\t]{1,9}[:：]", re.MULTILINE),
    ),
    (tagged.cnki_own, "datatype", _OWN, re.compile(r"^DataType[:：]", re.MULTILINE)),
    (tagged.cnki_own, "title", _OWN, re.compile(r"^Title-题名[:：]", re.MULTILINE)),
)
_PATENT = ("patent", "专利")
_FILE = re.compile(r"(?i)(?:filename|v)=([\w%-]+)")


def read_cnki(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read exports of CNKI, of any of its formats.

    Papers have no number in most of them; their id is then a key of title and year.

    Raises
    ------
    SourceError
        If a file cannot be read or is of no known format, or no row becomes a document.
    """
    alias = load_map("cnki", file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        data = read_bytes(path)
        text = None
        if not is_workbook(data):
            text, encoding, broken = decode(data, name=path.name)
        if text is None or not _collect(path.name, text, collector):
            for file, line, row in rows_of(path, alias, collector):
                collector.take(file, line, partial(_from_row, row))
        else:
            collector.note(said(path.name, encoding, broken))
    return collector.finish(paths)


def _collect(file: str, text: str, collector: Collector) -> bool:
    """Read a tagged text; False for a file that is none."""
    split, first, tags, pattern = max(_FORMS, key=lambda form: len(form[3].findall(text)))
    if not pattern.search(text) or "\t" in text.split("\n", 1)[0]:
        return False
    names: dict[str, str] = {}
    for field, options in tags.items():
        names |= dict.fromkeys(options, field)
    for entry in tagged.records(text, split, first=first):
        collector.meet(entry.values, names)
        collector.take(file, entry.line, partial(_from_entry, entry, tags))
    for field in tags:
        if field not in collector.recognised.values():
            collector.missing[field] = None
    return True


def _from_entry(entry: tagged.Tagged, tags: Tags) -> Record:
    def text(field: str) -> str | None:
        return texts.tidy(entry.joined(*tags.get(field, ())))

    def values(field: str) -> list[str]:
        marks = ";," if field == "authors" and "%A" not in tags["authors"] else ";"
        found = (texts.split_list(value, marks) for value in entry.all(*tags.get(field, ())))
        return [value for part in found for value in part]

    if any(word in (text("doc_type") or "").casefold() for word in _PATENT):
        return _patent(
            text("number"), text("title"), text("abstract"), text("published") or text("year"),
            values("authors"), values("affiliations"),
        )  # fmt: skip
    return _paper(
        title=text("title"), abstract=text("abstract"), days=(text("published"), text("year")),
        doi=text("doi"), link=text("source_id"), doc_type=text("doc_type"), venue=text("venue"),
        language=text("language"), names=values("authors"), addresses=values("affiliations"),
        keywords=values("keywords"),
    )  # fmt: skip


def _from_row(row: Row) -> Record:
    return _paper(
        title=row.text("title"), abstract=row.text("abstract"),
        days=(row.text("published"), row.text("year")), doi=row.text("doi"),
        link=row.text("source_id"), doc_type=row.text("doc_type"), venue=row.text("venue"),
        language=row.text("language"), names=row.values("authors"),
        addresses=row.values("affiliations"), keywords=row.values("keywords"),
    )  # fmt: skip


def _paper(
    *,
    title: str | None,
    abstract: str | None,
    days: tuple[str | None, str | None],
    doi: str | None,
    link: str | None,
    doc_type: str | None,
    venue: str | None,
    language: str | None,
    names: Sequence[str],
    addresses: Sequence[str],
    keywords: Sequence[str],
) -> Record:
    published, completed = papers.paper_date(*days)
    known = _FILE.search(link or "")
    doc_id, own, aka = papers.paper_id(
        "cnki", doi=doi, source_id=known[1] if known else None, title=title, year=published
    )
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=title,
        abstract=abstract,
        language=papers.language(language),
        published=published,
        completed=completed,
        doc_type=papers.document_type(doc_type),
        venue=venue,
        source="cnki",
        source_id=own,
        aka=aka,
    )
    places = [address for text in addresses if (address := _plain(text))]
    if len(places) == len(names):
        record.parties = [_author(n, a) for n, a in zip(names, places, strict=True)]
    elif len(places) == 1:
        record.parties = [_author(name, places[0]) for name in names]
    else:
        record.parties = [Party("author", name=texts.person(name)) for name in names]
        record.parties += [_author(None, address) for address in places]
    record.classes = papers.keywords(list(dict.fromkeys(keywords)))
    return tidy_record(record)


def _plain(address: str) -> str | None:
    """An address without the number before it and the e-mail that may follow it."""
    flat = texts.without_mail(address)
    return texts.tidy(re.sub(r"^(?:\d+[.、)]\s*|\[\d+\]\s*)", "", flat))


def _author(name: str | None, address: str) -> Party:
    if not texts.has_han(address):
        return papers.author(name, address)
    place = re.split(r"[,，]", address)[0].strip()
    person = texts.person(name) if name else None
    return Party("author", name=person, org=place or None, country="CN")


def _patent(
    number: str | None,
    title: str | None,
    abstract: str | None,
    day: str | None,
    inventors: Sequence[str],
    applicants: Sequence[str],
) -> Record:
    found = publication(number) if number else None
    if found is None:
        msg = f"a patent without a publication number: {(number or '')[:40]!r}"
        raise RefusedRowError(msg)
    published, completed = papers.paper_date(day)
    people = [texts.person(name) for name in inventors]
    record = Record(
        doc_id=found.doc_id,
        kind="patent",
        title=title,
        abstract=abstract,
        published=published,
        completed=completed,
        granted=published if found.granted else None,
        office=found.office,
        doc_type=found.minor_type or found.kind,
        source="cnki",
        source_id=number or "",
        aka=[found.key],
    )
    record.parties = holders("applicant", applicants, people=people)
    record.parties += [Party("inventor", name=name) for name in people]
    return tidy_record(record)
