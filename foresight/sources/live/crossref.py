"""Crossref works, by its REST API: what publishers deposit with a DOI. No key.

Its search ranks all works that share a word with the query, so totals say nothing and a limit is
always in force: for each track the first keywords of each sub-direction are asked one by one, and
of each the most relevant works are taken. A contact address (`FORESIGHT_CONTACT`) puts requests
into the "polite" pool. The pace follows the rate headers of each reply. Cursors die after five
minutes and move on when they are used, so a search that was interrupted, or lost a reply, begins
anew, and the pages of its first try are set aside.
"""

from __future__ import annotations

from typing import Any

from foresight.sources.affiliations import read_affiliation
from foresight.sources.http import Request, Service
from foresight.sources.live.base import (
    LiveSource,
    Page,
    Query,
    Window,
    as_json,
    doi_of,
    inside,
    listed,
    objects,
    plain,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import leading_terms
from foresight.tracks import Track

SELECT = (
    "DOI,title,abstract,type,container-title,published,published-online,published-print,issued,"
    "posted,author,reference,subject"
)
TYPES = ("journal-article", "proceedings-article", "posted-content")
TERMS = 3  # keywords of each sub-direction that are asked
DATES = ("published-online", "published-print", "published", "issued", "posted")
SERVICE = Service(
    name="crossref", title="Crossref", base_url="https://api.crossref.org", interval=1.0
)


def date_of(raw: Any) -> str | None:
    """Earliest date at which a work was public, from `date-parts` of its dates; partial as given.

    >>> date_of({"issued": {"date-parts": [[2021, 3]]}, "posted": {"date-parts": [[2020, 5, 7]]}})
    '2020-05-07'
    """
    found = []
    for name in DATES:
        first = (listed(inside(raw, name, "date-parts")) or [None])[0]
        parts = [part for part in listed(first) if isinstance(part, int)]
        if parts and len(parts) == len(listed(first)):
            year, rest = f"{parts[0]:04d}", [f"{part:02d}" for part in parts[1:3]]
            # Of "2021" and "2021-03-05" the second is the better known: compare by the last day.
            whole = "-".join([year, *rest])
            found.append((whole + "-99-99"[3 * (len(rest)) :], whole))
    return min(found)[1] if found else None


TITLE = {"zh": "Crossref 论文", "en": "Works from Crossref"}
LICENCE = {
    "zh": "Crossref 元数据，事实性数据不主张权利；摘要版权归出版者或作者，仅用于分析",
    "en": "Metadata by Crossref, which claims no rights in facts; abstracts may be the "
    "publishers' or authors', used for analysis only",
}
NOTES = {
    "zh": [
        "Crossref 检索只排序、不筛选：取各方向首要关键词下相关度最高者，逐年数量不代表产出。",
        "不少出版商不提交摘要、机构和参考文献；没有DOI的参考文献未收录。",
        "国别和城市由机构地址行推断，地址不规范者空缺。",
    ],
    "en": [
        "The search ranks and does not select, so counts per year do not measure output.",
        "Many publishers deposit no abstracts, affiliations or references.",
        "References without a DOI are left out.",
        "Countries and cities are read from address lines, where these are regular.",
    ],
}
FIELDS = {
    "DOI": "documents.doc_id",
    "title": "documents.title",
    "abstract": "documents.abstract",
    "published-online, published-print, published, issued, posted": "documents.published",
    "type": "documents.doc_type",
    "container-title": "documents.venue",
    "subject": "classes.code",
    "author": "parties.name",
    "author.affiliation": "parties.org, parties.city, parties.country",
    "reference.DOI": "references.cited_id",
    "reference.year": "references.cited_year",
    "reference.unstructured": "references.raw",
}


class Crossref(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "paper"
    suffix = "json"
    page_size = 1000
    boolean = False
    limit = 2000
    cursor_repeats = True
    cursor_moves = True
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def queries(self, track: Track) -> list[Query]:
        """One search per leading keyword."""
        terms = leading_terms(track, count=TERMS)
        return [Query(f"word-{n:02d}", term) for n, term in enumerate(terms, start=1)]

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of works, most relevant first."""
        limits = [f"from-pub-date:{window.since}", f"until-pub-date:{window.until}"]
        return Request(
            "works",
            {
                "query.bibliographic": query.text,
                "filter": ",".join([*limits, *(f"type:{name}" for name in TYPES)]),
                "select": SELECT,
                "rows": str(size),
                "cursor": cursor,
            },
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, DOIs and `next-cursor`, which may be the same for every page."""
        reply = as_json(body)
        works = inside(reply, "message", "items")
        if reply.get("status") != "ok" or not isinstance(works, list):
            msg = f"no list `message.items`, but status {reply.get('status')!r}"
            raise ValueError(msg)
        ids = tuple(text_of(inside(work, "DOI")) or "" for work in works)
        total = total_of(inside(reply, "message", "total-results"))
        last = len(works) < size
        return Page(total, ids, None if last else text_of(inside(reply, "message", "next-cursor")))

    def records(self, body: bytes) -> list[Any]:
        """Works of a page."""
        return listed(inside(as_json(body), "message", "items"))

    def record(self, raw: Any) -> Record:
        """Read a work."""
        doi = doi_of(inside(raw, "DOI"))
        if doi is None:
            msg = f"no DOI, but {inside(raw, 'DOI')!r}"
            raise RefusedRecordError(msg)
        titles, venues = listed(raw.get("title")), listed(raw.get("container-title"))
        document = {
            "doc_id": f"doi:{doi}",
            "kind": "paper",
            "title": plain(titles[0]) if titles else None,
            "abstract": plain(raw.get("abstract")),
            "published": date_of(raw),
            "doc_type": text_of(raw.get("type")),
            "venue": plain(venues[0]) if venues else None,
            "source": "crossref",
            "source_id": doi,
        }
        subjects = [text_of(subject) for subject in listed(raw.get("subject"))]
        dropped: dict[str, int] = {}
        return Record(
            document,
            _references(raw, dropped),
            [{"scheme": "keyword", "code": word, "primary": None} for word in subjects if word],
            _authors(raw, dropped),
            dropped=dropped,
        )


def _references(raw: dict[str, Any], dropped: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for reference in objects(raw.get("reference")):
        cited = doi_of(reference.get("DOI"))
        if cited is None:
            dropped["references_without_id"] = dropped.get("references_without_id", 0) + 1
            continue
        year = text_of(reference.get("year")) or ""
        row = {"cited_id": f"doi:{cited}", "cited_kind": "paper"}
        whole = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
        rows.append({**row, "cited_year": whole, "raw": text_of(reference.get("unstructured"))})
    return rows


def _authors(raw: dict[str, Any], dropped: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for position, author in enumerate(objects(raw.get("author"))):
        parts = [text_of(author.get("given")), text_of(author.get("family"))]
        name = " ".join(part for part in parts if part) or text_of(author.get("name"))
        places = objects(author.get("affiliation"))
        line = read_affiliation(text_of(places[0].get("name")) if places else None)
        if len(places) > 1:
            beyond = dropped.get("affiliations_beyond_first", 0)
            dropped["affiliations_beyond_first"] = beyond + len(places) - 1
        if name or line["org"]:
            rows.append({"role": "author", "position": position, "name": name, **line})
    return rows
