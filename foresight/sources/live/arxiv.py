"""arXiv, by its Atom API: preprints of physics, mathematics, computing and so on. No key.

The API asks for three seconds between requests and one connection. It gives 2,000 entries per page
and 30,000 per search, so larger searches are cut into shorter windows of submission dates.
`published` is the day of the first version, which is the day the preprint became public.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from foresight.sources.affiliations import read_affiliation
from foresight.sources.http import Request, Service
from foresight.sources.live.base import (
    LiveSource,
    Page,
    Query,
    Window,
    as_xml,
    doi_of,
    paper_id,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import english_terms, portions, quoted
from foresight.tracks import Track

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
LONGEST_SEARCH = 6000  # characters of an address, escaped
_ID = re.compile(r"https?://arxiv\.org/abs/([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?")
SERVICE = Service(
    name="arxiv", title="arXiv", base_url="https://export.arxiv.org/api", interval=3.0
)


def _text(entry: ET.Element, tag: str) -> str | None:
    return text_of(entry.findtext(tag))


def arxiv_id(value: str | None) -> str | None:
    """The id without its version: `2101.00001`, `hep-th/9901001`; None if it is none."""
    match = _ID.fullmatch((value or "").strip())
    return match.group(1) if match else None


TITLE = {"zh": "arXiv 预印本", "en": "Preprints from arXiv"}
LICENCE = {
    "zh": "arXiv 元数据，CC0 1.0；感谢 arXiv 开放其接口",
    "en": "Metadata by arXiv, CC0 1.0. Thank you to arXiv for use of its open access "
    "interoperability",
}
NOTES = {
    "zh": [
        "预印本未经同行评议；学科以物理、数学、计算机为主，化学、生物和工程覆盖很少。",
        "记录中几乎没有作者单位，因此没有机构、国别和城市；没有参考文献。",
        "公开日取首个版本的提交日。",
    ],
    "en": [
        "Preprints without peer review; chemistry, biology and engineering are thin.",
        "Hardly any affiliations, so no organisations, countries or cities; no references.",
        "Published is the day of the first version.",
    ],
}
FIELDS = {
    "id": "documents.source_id",
    "arxiv:doi": "documents.doc_id",
    "title": "documents.title",
    "summary": "documents.abstract",
    "published": "documents.published",
    "arxiv:journal_ref": "documents.venue",
    "category, arxiv:primary_category": "classes.code",
    "author.name": "parties.name",
    "author.arxiv:affiliation": "parties.org, parties.city, parties.country",
}


class Arxiv(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "paper"
    suffix = "xml"
    page_size = 1000
    most = 30000
    start = "0"
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def queries(self, track: Track) -> list[Query]:
        """English keywords as phrases in any field."""
        return portions(
            english_terms(track),
            lambda some: " OR ".join(f"all:{quoted(term)}" for term in some),
            name="words",
            longest=LONGEST_SEARCH,
        )

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of entries, most relevant first."""
        days = f"{window.since.replace('-', '')}0000 TO {window.until.replace('-', '')}2359"
        return Request(
            "query",
            {
                "search_query": f"({query.text}) AND submittedDate:[{days}]",
                "start": cursor,
                "max_results": str(size),
                "sortBy": "relevance",
                "sortOrder": "descending",
            },
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, ids and the place of the next entry.

        An empty page before the end is a known fault of the service that passes.
        """
        feed = as_xml(body)
        if feed.tag != f"{ATOM}feed":
            msg = f"no Atom feed, but {feed.tag}"
            raise ValueError(msg)
        entries = feed.findall(f"{ATOM}entry")
        for entry in entries:
            if "/api/errors" in (entry.findtext(f"{ATOM}id") or ""):
                msg = f"the service says: {_text(entry, f'{ATOM}summary')}"
                raise ValueError(msg)
        total = total_of(feed.findtext(f"{OPENSEARCH}totalResults"))
        place = int(cursor) + len(entries)
        if not entries and place < total:
            msg = f"an empty page at {place} of {total}"
            raise ValueError(msg)
        ids = tuple(arxiv_id(entry.findtext(f"{ATOM}id")) or "" for entry in entries)
        return Page(total, ids, str(place) if place < total else None)

    def records(self, body: bytes) -> list[Any]:
        """Entries of a page."""
        return as_xml(body).findall(f"{ATOM}entry")

    def record(self, raw: ET.Element) -> Record:
        """Read an entry."""
        entry_id = arxiv_id(raw.findtext(f"{ATOM}id"))
        if entry_id is None:
            msg = f"no arXiv id, but {raw.findtext(f'{ATOM}id')!r}"
            raise RefusedRecordError(msg)
        primary = raw.find(f"{ARXIV}primary_category")
        first = primary.get("term") if primary is not None else None
        terms = [item.get("term") for item in raw.findall(f"{ATOM}category")]
        document = {
            "doc_id": paper_id(doi_of(raw.findtext(f"{ARXIV}doi")), "arxiv", entry_id),
            "kind": "paper",
            "title": _text(raw, f"{ATOM}title"),
            "abstract": _text(raw, f"{ATOM}summary"),
            "published": (_text(raw, f"{ATOM}published") or "")[:10] or None,
            "doc_type": "preprint",
            "venue": _text(raw, f"{ARXIV}journal_ref") or "arXiv",
            "source": "arxiv",
            "source_id": entry_id,
        }
        classes = [
            {"scheme": "keyword", "code": code, "primary": code == first}
            for code in dict.fromkeys(map(text_of, [first, *terms]))
            if code
        ]
        parties = []
        for position, author in enumerate(raw.findall(f"{ATOM}author")):
            line = read_affiliation(author.findtext(f"{ARXIV}affiliation"))
            name = _text(author, f"{ATOM}name")
            if name:
                row = {"role": "author", "position": position, "name": name, **line}
                parties.append(row)
        return Record(document, classes=classes, parties=parties)
