"""Exports of The Lens as JSON lines: patents and scholarly works."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from foresight.sources import dates, legal, papers, texts
from foresight.sources.jsonl import at, items, objects, word
from foresight.sources.numbers import doi, publication, text_key
from foresight.sources.records import (
    Collector,
    Party,
    Record,
    Reference,
    RefusedRowError,
    tidy_record,
)

LANGUAGES = ("en", "zh")  # preferred, in order, where both title and abstract are there
_ROLES = (("applicants", "applicant"), ("owners_all", "owner"), ("inventors", "inventor"))
_TYPES = {"DESIGN_RIGHT": "design", "LIMITED_PATENT": "utility_model"}


def collect(path: Path, collector: Collector) -> None:
    """Read a file of JSON lines into a collector."""
    for file, line, value in objects(path, collector):
        collector.take(file, line, partial(_record, value))
        collector.meet(value, _FIELDS)


_FIELDS = {
    "lens_id": "source_id", "jurisdiction": "office", "doc_number": "publication",
    "kind": "kind_code", "date_published": "published", "abstract": "abstract", "lang": "language",
    "biblio": "title, parties, classes, references", "families": "family_members",
    "legal_status": "status, granted", "publication_type": "doc_type", "title": "title",
    "authors": "authors", "external_ids": "doi", "year_published": "year", "source": "venue",
    "references": "references", "keywords": "keywords",
}  # fmt: skip


def _record(value: dict[str, Any]) -> Record:
    return _patent(value) if "biblio" in value or "doc_number" in value else _work(value)


def _number(value: Any) -> str | None:
    office, number = word(value, "jurisdiction"), word(value, "doc_number")
    found = publication(f"{office} {number} {word(value, 'kind') or ''}") if number else None
    return found.doc_id if found and office else None


def _patent(value: dict[str, Any]) -> Record:
    biblio = at(value, "biblio")
    found = publication(
        f"{word(value, 'jurisdiction')} {word(value, 'doc_number')} {word(value, 'kind') or ''}"
    )
    if found is None:
        msg = "no publication number (jurisdiction, doc_number, kind)"
        raise RefusedRowError(msg)
    lens_id = word(value, "lens_id")
    published, completed = papers.paper_date(
        word(value, "date_published"), word(biblio, "publication_reference", "date")
    )
    lang, title, abstract = _texts(value)
    record = Record(
        doc_id=found.doc_id,
        kind="patent",
        title=title,
        abstract=abstract,
        language=lang,
        published=published,
        completed=completed,
        filed=_day(word(biblio, "application_reference", "date")),
        priority=_day(word(biblio, "priority_claims", "earliest_claim", "date")),
        granted=published if found.granted else _day(word(value, "legal_status", "grant_date")),
        office=found.office,
        family_id=_family(value),
        doc_type=found.minor_type
        or _TYPES.get(word(value, "publication_type") or "")
        or found.kind,
        status=legal.state(word(value, "legal_status", "patent_status")),
        source="lens",
        source_id=lens_id or found.doc_id,
        aka=[found.key, *([f"lens:{lens_id}"] if lens_id else [])],
    )
    record.members = _members(value)
    record.parties = _parties(biblio)
    record.classes = [
        (scheme, code, None)
        for scheme, name in (("cpc", "classifications_cpc"), ("ipc", "classifications_ipcr"))
        for entry in items(biblio, name, "classifications")
        if (code := word(entry, "symbol"))
    ]
    record.references = [
        cited for entry in items(biblio, "references_cited", "citations")
        if (cited := _reference(entry))
    ]  # fmt: skip
    if record.granted:
        record.events = [(record.granted, "grant")]
    return tidy_record(record)


def _day(text: str | None) -> str | None:
    value = dates.read_date(text) if text else None
    return value[0] if value else None


def _texts(value: Any) -> tuple[str | None, str | None, str | None]:
    """Language, title and abstract: of the first preferred language that has both."""
    titles, abstracts = (
        {word(entry, "lang") or "": text for entry in reversed(entries)
         if (text := word(entry, "text"))}
        for entries in (items(value, "biblio", "invention_title"), items(value, "abstract"))
    )  # fmt: skip
    both = [lang for lang in LANGUAGES if lang in titles and lang in abstracts]
    chosen = both or [lang for lang in (*LANGUAGES, *titles) if lang in titles]
    lang = next(iter(chosen), None)
    if lang is None:
        return None, None, next(iter(abstracts.values()), None)
    abstract = abstracts.get(lang) or next(iter(abstracts.values()), None)
    return lang or None, titles[lang], abstract


def _family(value: Any) -> str | None:
    members = items(value, "families", "simple_family", "members")
    ids = [lens_id for member in members if (lens_id := word(member, "lens_id"))]
    return f"lens:{min(ids)}" if ids else None


def _members(value: Any) -> list[tuple[str, str | None]]:
    """Publication numbers of the simple family, with their days."""
    listed = [
        at(member, "document_id") for member in items(value, "families", "simple_family", "members")
    ]
    return [(number, _day(word(one, "date"))) for one in listed if (number := _number(one))]


def _parties(biblio: Any) -> list[Party]:
    listed = {
        role: [
            (name, word(entry, "residence") or word(entry, "extracted_country"))
            for entry in items(biblio, "parties", field)
            if (name := word(entry, "extracted_name", "value"))
        ]
        for field, role in _ROLES
    }
    people = [texts.person(name) for name, _ in listed["inventor"]]
    found = []
    for role, entries in listed.items():
        for name, country in dict.fromkeys(entries):
            human = role == "inventor" or texts.is_person(name, people=people)
            found.append(
                Party(role, name=texts.person(name), country=country)
                if human
                else Party(role, org=name, country=country)
            )
    return found


def _reference(entry: Any) -> Reference | None:
    patent = at(entry, "patcit", "document_id")
    if cited := _number(patent):
        year = (word(patent, "date") or "")[:4]
        return Reference(cited, "patent", int(year) if year.isdecimal() else None)
    paper = at(entry, "nplcit")
    text, lens_id = word(paper, "text"), word(paper, "lens_id")
    if not text and not lens_id:
        return None
    known = next((found for i in _ids(paper) if (found := doi(i))), None)
    cited = f"doi:{known}" if known else f"lens:{lens_id}" if lens_id else f"ref:{text_key(text)}"
    return Reference(cited, "paper" if known or lens_id else None, raw=text)


def _ids(paper: Any) -> list[str]:
    found = at(paper, "external_ids")
    values = found if isinstance(found, list) else [found]
    return [text for value in values if isinstance(value, str) and (text := texts.tidy(value))]


def _work(value: dict[str, Any]) -> Record:
    ids = {word(e, "type") or "": word(e, "value") for e in items(value, "external_ids")}
    lens_id = word(value, "lens_id")
    if not lens_id and not ids.get("doi"):
        msg = "neither a DOI nor a Lens id"
        raise RefusedRowError(msg)
    published, completed = papers.paper_date(
        word(value, "date_published"), word(value, "year_published")
    )
    doc_id, own, aka = papers.paper_id(
        "lens", doi=ids.get("doi"), source_id=lens_id, title=word(value, "title"), year=published
    )
    record = Record(
        doc_id=doc_id,
        kind="paper",
        title=word(value, "title"),
        abstract=word(value, "abstract"),
        published=published,
        completed=completed,
        doc_type=papers.document_type(word(value, "publication_type")),
        venue=word(value, "source", "title"),
        source="lens",
        source_id=own,
        aka=aka + [f"{kind}:{text}" for kind, text in ids.items() if kind == "pmid" and text],
    )
    for author in items(value, "authors"):
        name = " ".join(
            part for key in ("first_name", "last_name") if (part := word(author, key))
        ) or word(author, "display_name")
        place = next(iter(items(author, "affiliations")), None)
        if name or place:
            record.parties.append(
                Party("author", name=name, org=word(place, "name"),
                      country=word(place, "country_code"))
            )  # fmt: skip
    given = at(value, "keywords")
    listed = given if isinstance(given, list) else []
    terms = [texts.tidy(text) for text in listed if isinstance(text, str)]
    record.classes = papers.keywords([term for term in terms if term])
    record.references = [
        Reference(f"lens:{cited}", "paper")
        for entry in items(value, "references")
        if (cited := word(entry, "lens_id"))
    ]
    return tidy_record(record)
