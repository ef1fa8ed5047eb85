"""Exports of Web of Science: plain text (tagged) and tab-delimited or Excel tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from foresight.sources import papers, tagged, texts
from foresight.sources.base import SourceTables
from foresight.sources.columns import AliasMap, Row, load_map, rows_of
from foresight.sources.dates import read_date
from foresight.sources.encoding import decode, read_bytes, said
from foresight.sources.numbers import doi, text_key
from foresight.sources.records import (
    DEFAULTS,
    Collector,
    Options,
    Party,
    Record,
    Reference,
    tidy_record,
)
from foresight.sources.workbooks import is_workbook

HEADER = ("FN", "VR", "EF")
# Fields in which each line of the tagged text is a value of its own.
_LISTS = {"AU", "AF", "C1", "CR"}
_BRACKET = re.compile(r"\[([^\]]*)\]\s*([^\[]*)")
_CITED = re.compile(r"^[^,]{1,60}, ?(1[5-9]\d\d|20\d\d)(?:, |$)")
_YEAR = re.compile(r", ?(1[5-9]\d\d|20\d\d)(?:,|$)")
_VOLUME, _PAGE = re.compile(r", V([\w-]+)"), re.compile(r", P([\w-]+)")
WRONG_PLACE = (
    "cited references without their tag stood among the addresses and were read as references"
)

CUT = "the file ends without its mark EF and may have been cut off"


def read_wos(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read exports of Web of Science.

    References point to a document of the same reading by DOI, or by first author, year, source,
    volume and page, as the service cites its own records.

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    alias = load_map("wos", file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        text = _tagged_text(path, collector)
        if text is None:
            for file, line, row in rows_of(path, alias, collector):
                collector.take(file, line, partial(_record, _Values(row=row)))
        else:
            _collect(path.name, text, alias, collector)
    return collector.finish(paths)


def _tagged_text(path: Path, collector: Collector) -> str | None:
    data = read_bytes(path)
    if is_workbook(data):
        return None
    text, encoding, broken = decode(data, name=path.name)
    head = [line for line in text[:20000].split("\n") if line.strip()]
    tags = [line for line in head if tagged.wos(line) and "\t" not in line]
    if not tags or (len(head) > 1 and "\t" in head[0]):
        return None
    if not any(line.startswith(("PT ", "FN ", "TI ", "AU ")) for line in tags):
        return None
    collector.note(said(path.name, encoding, broken))
    return text


def _collect(file: str, text: str, alias: AliasMap, collector: Collector) -> None:
    names: dict[str, str] = {}
    for name, headers in alias.columns.items():
        names |= dict.fromkeys(headers, name)
    for entry in tagged.records(text, tagged.wos, first="PT", last="ER"):
        for tag in HEADER:
            entry.values.pop(tag, None)
        if not entry.values:
            continue
        collector.meet(entry.values, names)
        values = _Values(entry=entry, columns=alias.columns)
        if values.move_references():
            collector.note(f"{file}: {WRONG_PLACE}")
        collector.take(file, entry.line, partial(_record, values))
    if not re.search(r"(?m)^EF\s*\Z", text):
        collector.note(f"{file}: {CUT}")
    for name in alias.columns:
        if name not in collector.recognised.values():
            collector.missing[name] = None


class _Values:
    """The fields of a record, whether it comes from a tagged text or from a table."""

    def __init__(
        self,
        *,
        row: Row | None = None,
        entry: tagged.Tagged | None = None,
        columns: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._row, self._entry = row, entry
        self._columns = columns or {}

    def text(self, field: str) -> str | None:
        if self._row is not None:
            return self._row.text(field)
        tags = self._columns.get(field, ())
        return texts.tidy(self._entry.joined(*tags)) if self._entry else None

    def values(self, field: str) -> list[str]:
        """Values of a field: cut at semicolons, or one a line where the format has it so."""
        if self._row is not None:
            return self._row.values(field)
        tags = self._columns.get(field, ())
        if self._entry and set(tags) & _LISTS:
            return [found for text in self._entry.all(*tags) if (found := texts.tidy(text))]
        return texts.split_list(self.text(field), ";")

    def addresses(self) -> list[str]:
        """Addresses: one a line; in a table one cell, in which brackets hold names and marks."""
        text = self.text("author_affiliations") or ""
        if self._row is not None and "[" in text:
            return [text]
        return self.values("author_affiliations")

    def move_references(self) -> bool:
        """Take lines that are references out of the addresses; say whether there were any."""
        if self._entry is None:
            return False
        lines = self._entry.values.get("C1", [])
        wrong = [line for line in lines if _CITED.match(line)]
        if wrong:
            self._entry.values["C1"] = [line for line in lines if line not in wrong]
            self._entry.values["CR"] = [*wrong, *self._entry.values.get("CR", [])]
        return bool(wrong)


def _record(values: _Values) -> Record:
    year = values.text("year")
    day = values.text("published")
    if day and year and not re.search(r"\d{4}", day):
        day = f"{day} {year}"
    published, completed = papers.paper_date(
        _readable(values.text("early_access")), _readable(day), year
    )
    title = values.text("title")
    source_id = (values.text("source_id") or "").removeprefix("WOS:") or None
    doc_id, own, aka = papers.paper_id(
        "wos", doi=values.text("doi"), source_id=source_id, title=title, year=published
    )
    pmid = values.text("pmid")
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=title,
        abstract=values.text("abstract"),
        language=papers.language(values.text("language")),
        published=published,
        completed=completed,
        doc_type=papers.document_type(values.text("doc_type")),
        venue=values.text("venue"),
        source="wos",
        source_id=own,
        aka=[*aka, *([f"pmid:{pmid}"] if pmid else [])],
    )
    if key := _own_key(values, year):
        record.aka.append(key)
    record.parties = _authors(values)
    record.classes = papers.keywords(values.values("keywords"))
    record.references = [_reference(text) for text in values.values("references")]
    return tidy_record(record)


def _readable(text: str | None) -> str | None:
    """A date text if it can be read; fields such as PD also hold seasons and supplements."""
    return text if text and read_date(text) else None


def _authors(values: _Values) -> list[Party]:
    names = values.values("authors") or values.values("short_authors")
    short = values.values("short_authors")
    given = values.addresses()
    owners: dict[str, str] = {}
    for text in given:
        for people, address in _BRACKET.findall(text):
            for person in people.split(";"):
                owners.setdefault(_key(person), address.strip(" ;"))
    if owners:
        pairs = [(n, short[i] if len(short) == len(names) else n) for i, n in enumerate(names)]
        addresses = [owners.get(_key(name)) or owners.get(_key(other)) for name, other in pairs]
        return papers.authors(names, addresses)
    return papers.authors(names, unassigned=given)


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _cited_key(author: str, year: str, source: str, volume: str, page: str) -> str:
    return f"wos-cited:{text_key(author, year, source, volume, page)}"


def _own_key(values: _Values, year: str | None) -> str | None:
    """The key by which other records cite this one."""
    first = next(iter(values.values("short_authors")), None)
    source, volume = values.text("short_venue"), values.text("volume")
    page = values.text("first_page") or values.text("article_number")
    if not (first and year and source and volume and page):
        return None
    return _cited_key(first, year, source, volume, page)


def _reference(text: str) -> Reference:
    """Read a cited reference: `AUTHOR, YEAR, SOURCE, V12, P34, DOI 10…`."""
    year = _YEAR.search(text)
    number = int(year[1]) if year else None
    if known := doi(text):
        return Reference(f"doi:{known}", "paper", number, text)
    parts = [part.strip() for part in text.split(",")]
    volume, page = _VOLUME.search(text), _PAGE.search(text)
    if volume and page and year and len(parts) >= 3:
        key = _cited_key(parts[0], year[1], parts[2], volume[1], page[1])
        return Reference(key, "paper", number, text)
    return Reference(f"ref:{text_key(text)}", None, number, text)
