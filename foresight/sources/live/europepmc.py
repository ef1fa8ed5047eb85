"""Europe PMC, by its RESTful service: life sciences and medicine, preprints included. No key.

Cursor paging (`cursorMark`); the end is an empty page that gives the same cursor back. Its full
records ("core") have abstracts, addresses, MeSH headings and keywords.
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
from foresight.sources.live.terms import english_terms, portions, quoted
from foresight.tracks import Track

LONGEST_SEARCH = 5000  # characters of an address, escaped
PAPERS = "(SRC:MED OR SRC:PMC OR SRC:PPR OR SRC:AGR OR SRC:CBA)"  # no patents, theses, guidelines
RETRACTED = "retracted publication"
# ISO 639-2 as the service writes it, to the two letters that other sources give.
LANGUAGES = {
    "eng": "en", "chi": "zh", "zho": "zh", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr",
    "jpn": "ja", "spa": "es", "rus": "ru", "ita": "it", "por": "pt", "kor": "ko", "pol": "pl",
}  # fmt: skip
SERVICE = Service(
    name="europepmc",
    title="Europe PMC",
    base_url="https://www.ebi.ac.uk/europepmc/webservices/rest",
    interval=0.5,
)


TITLE = {"zh": "Europe PMC 论文", "en": "Papers from Europe PMC"}
LICENCE = {
    "zh": "Europe PMC 元数据；摘要版权归出版者或作者，仅用于分析",
    "en": "Metadata by Europe PMC; abstracts may be the publishers' or authors', used for "
    "analysis only",
}
NOTES = {
    "zh": [
        "以生命科学和医学为主，工程与信息类赛道覆盖很少。",
        "国别和城市由作者单位地址行推断，地址不规范者空缺；没有参考文献。",
        "主题词（MeSH）由人工或机器标注，新近论文可能尚未标注。",
    ],
    "en": [
        "Life sciences and medicine above all; tracks of engineering and computing are thin.",
        "Countries and cities are read from address lines, where these are regular; no references.",
        "MeSH headings come later than a paper, so recent ones may lack them.",
    ],
}
FIELDS = {
    "id, source": "documents.source_id",
    "doi, pmid": "documents.doc_id",
    "title": "documents.title",
    "abstractText": "documents.abstract",
    "language": "documents.language",
    "firstPublicationDate, pubYear": "documents.published",
    "pubTypeList": "documents.doc_type, documents.status",
    "journalInfo.journal.title": "documents.venue",
    "keywordList, meshHeadingList": "classes.code",
    "authorList": "parties.name",
    "authorList.authorAffiliationDetailsList": "parties.org, parties.city, parties.country",
}


class EuropePmc(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "paper"
    suffix = "json"
    page_size = 500
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def queries(self, track: Track) -> list[Query]:
        """English keywords as phrases in title or abstract."""
        return portions(
            english_terms(track),
            lambda some: " OR ".join(f"TITLE_ABS:{quoted(term)}" for term in some),
            name="words",
            longest=LONGEST_SEARCH,
        )

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of full records, most relevant first."""
        days = f"FIRST_PDATE:[{window.since} TO {window.until}]"
        return Request(
            "search",
            {
                "query": f"({query.text}) AND {days} AND {PAPERS}",
                "format": "json",
                "resultType": "core",
                "pageSize": str(size),
                "cursorMark": cursor,
            },
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:
        """Total, ids and `nextCursorMark`; at the end it is the cursor that was asked with."""
        reply = as_json(body)
        results = inside(reply, "resultList", "result")
        if not isinstance(results, list):
            said = reply.get("errMsg") or sorted(reply)[:5]
            msg = f"no list `resultList.result`, but {said}"
            raise ValueError(msg)  # noqa: TRY004
        ids = tuple(f"{inside(r, 'source')}:{inside(r, 'id')}" for r in results)
        following = text_of(reply.get("nextCursorMark"))
        total = total_of(reply.get("hitCount"))
        ended = following == cursor and len(ids) < size
        return Page(total, ids, None if ended else following)

    def records(self, body: bytes) -> list[Any]:
        """Records of a page."""
        return listed(inside(as_json(body), "resultList", "result"))

    def record(self, raw: Any) -> Record:
        """Read a record."""
        own, kind = text_of(inside(raw, "id")), text_of(inside(raw, "source"))
        if own is None or kind is None:
            msg = "no id and source"
            raise RefusedRecordError(msg)
        doi, pmid = doi_of(raw.get("doi")), text_of(raw.get("pmid"))
        doc_id = f"doi:{doi}" if doi else f"pmid:{pmid}" if pmid else f"europepmc:{own}"
        types = [text_of(item) for item in listed(inside(raw, "pubTypeList", "pubType"))]
        named = [item for item in types if item]
        language = text_of(raw.get("language"))
        title = plain(raw.get("title"))
        document = {
            "doc_id": doc_id,
            "kind": "paper",
            "title": title.removesuffix(".") if title else None,
            "abstract": plain(raw.get("abstractText")),
            "language": LANGUAGES.get(language or "", language),
            "published": text_of(raw.get("firstPublicationDate")) or text_of(raw.get("pubYear")),
            "doc_type": named[0] if named else None,
            "status": "retracted" if RETRACTED in map(str.casefold, named) else None,
            "venue": text_of(inside(raw, "journalInfo", "journal", "title")),
            "source": "europepmc",
            "source_id": f"{kind}:{own}",
        }
        dropped: dict[str, int] = {}
        return Record(
            document, classes=_words(raw), parties=_authors(raw, dropped), dropped=dropped
        )


def _words(raw: dict[str, Any]) -> list[dict[str, Any]]:
    headings = objects(inside(raw, "meshHeadingList", "meshHeading"))
    mesh = [(text_of(h.get("descriptorName")), h.get("majorTopic_YN") == "Y") for h in headings]
    own = [(text_of(word), None) for word in listed(inside(raw, "keywordList", "keyword"))]
    return [{"scheme": "keyword", "code": w, "primary": p} for w, p in [*mesh, *own] if w]


def _authors(raw: dict[str, Any], dropped: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for position, author in enumerate(objects(inside(raw, "authorList", "author"))):
        places = objects(inside(author, "authorAffiliationDetailsList", "authorAffiliation"))
        first = places[0].get("affiliation") if places else author.get("affiliation")
        if len(places) > 1:
            beyond = dropped.get("affiliations_beyond_first", 0)
            dropped["affiliations_beyond_first"] = beyond + len(places) - 1
        parts = [text_of(author.get("firstName")), text_of(author.get("lastName"))]
        whole = " ".join(part for part in parts if part) if all(parts) else None
        name = whole or text_of(author.get("fullName")) or text_of(author.get("collectiveName"))
        line = read_affiliation(text_of(first))
        if name or line["org"]:
            rows.append({"role": "author", "position": position, "name": name, **line})
    return rows
