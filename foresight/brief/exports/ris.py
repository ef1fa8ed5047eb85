"""Bibliographic entries as RIS, which Zotero, EndNote, Mendeley and NoteExpress read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foresight.brief.exports.entries import Entry, family_first

TYPES = {
    "patent": "PAT",
    "article": "JOUR",
    "conference": "CONF",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "report": "RPRT",
    "preprint": "UNPB",
}


def ris(entries: Sequence[Entry]) -> bytes:
    """Entries as RIS in UTF-8.

    A patent's number stands in SN, its owners in PB, its office in CY, as EndNote and Zotero have
    it; ID is the document's id. Keywords are the claims and candidates that cite the document.
    Every value is one line, so that none can open or close a record.
    """
    return "".join(
        f"{tag}  - {value}\n" for entry in entries for tag, value in _lines(entry)
    ).encode("utf-8")


def _lines(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES[entry.kind]
    yield "ID", entry.doc_id
    yield from (("AU", family_first(name)) for name in entry.persons)
    yield "PY", entry.published[:4]
    yield "DA", entry.published.replace("-", "/")
    given = {
        "TI": entry.title,
        "T2": entry.venue,
        "PB": "; ".join(entry.owners),
        "CY": entry.office,
        "SN": entry.number,
        "M3": entry.doc_type,
        "DO": entry.doi,
        "UR": entry.url,
        "LA": entry.language,
        "AB": entry.abstract,
    }
    yield from ((tag, value) for tag, value in given.items() if value)
    yield from (("KW", name) for name in entry.cited_in)
    yield "ER", ""
