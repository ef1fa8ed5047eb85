"""OpenAlex works, by its API: cursor paging, a free key, CC0.

A track is searched twice: by its OpenAlex topics, and by its English and Chinese keywords as
phrases in title and abstract (filters of different fields can only be joined by AND). Abstracts
come as inverted indices and are put together again. References name works by OpenAlex ids; where
the cited work is in the corpus under its DOI, the reference is turned to that id.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import httpx
import pyarrow as pa

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
    paper_id,
    plain,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import chinese_terms, english_terms, portions, quoted
from foresight.sources.papers import openalex_date
from foresight.tracks import Track

SELECT = (
    "id,doi,title,publication_date,publication_year,language,type,is_retracted,primary_location,"
    "authorships,referenced_works,primary_topic,topics,keywords,abstract_inverted_index"
)
LONGEST_SEARCH = 3000  # characters of an address, escaped; the service accepts about 4,000 in all
SERVICE = Service(
    name="openalex",
    title="OpenAlex",
    base_url="https://api.openalex.org",
    interval=0.1,
    keys=("OPENALEX_API_KEY",),
    opens="works of all fields with abstracts, institutions, references and topics",
    register="free, openalex.org/settings/api",
)


class KeyParameter(httpx.Auth):
    """Adds a key as a parameter of the address, after everything that is stored or shown."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the key."""
        request.url = request.url.copy_merge_params({self._name: self._value})
        yield request


def abstract_of(index: Any) -> str | None:
    """Put an inverted index (word to its positions) together again.

    >>> abstract_of({"solid": [0, 2], "is": [1]})
    'solid is solid'
    """
    if not isinstance(index, dict):
        return None
    places = [
        (place, str(word))
        for word, some in index.items()
        for place in listed(some)
        if isinstance(place, int)
    ]
    return plain(" ".join(word for _, word in sorted(places)))


def openalex_id(value: Any) -> str | None:
    """The short form of an OpenAlex id, `W123`; None if there is none."""
    text = text_of(value)
    short = text.rsplit("/", 1)[-1].upper() if text else ""
    return short if short[:1].isalpha() and short[1:].isdecimal() else None


def work_record(raw: Any) -> Record:
    """Read a work, from the API or the snapshot.

    Raises
    ------
    RefusedRecordError
        If it has no OpenAlex id.
    """
    work_id = openalex_id(inside(raw, "id"))
    if work_id is None:
        msg = "no OpenAlex id"
        raise RefusedRecordError(msg)
    dropped: dict[str, int] = {}
    document = {
        "doc_id": paper_id(doi_of(raw.get("doi")), "openalex", work_id),
        "kind": "paper",
        "title": plain(raw.get("title") or raw.get("display_name")),
        "abstract": abstract_of(raw.get("abstract_inverted_index")),
        "language": text_of(raw.get("language")),
        "published": openalex_date(
            text_of(raw.get("publication_date")), text_of(raw.get("publication_year"))
        ),
        "doc_type": text_of(raw.get("type")),
        "status": "retracted" if raw.get("is_retracted") is True else None,
        "venue": text_of(inside(raw, "primary_location", "source", "display_name")),
        "source": "openalex",
        "source_id": work_id,
    }
    cited = (openalex_id(value) for value in listed(raw.get("referenced_works")))
    references = [{"cited_id": f"openalex:{i}", "cited_kind": "paper"} for i in cited if i]
    return Record(document, references, _classes(raw), _authors(raw, dropped), dropped=dropped)


def _classes(raw: dict[str, Any]) -> list[dict[str, Any]]:
    first = openalex_id(inside(raw, "primary_topic", "id"))
    topics = [openalex_id(topic.get("id")) for topic in objects(raw.get("topics"))]
    words = [text_of(word.get("display_name")) for word in objects(raw.get("keywords"))]
    rows = [
        {"scheme": "openalex_topic", "code": topic, "primary": topic == first}
        for topic in dict.fromkeys([first, *topics])
        if topic
    ]
    return rows + [{"scheme": "keyword", "code": word, "primary": None} for word in words if word]


def _authors(raw: dict[str, Any], dropped: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for position, authorship in enumerate(objects(raw.get("authorships"))):
        institutions = objects(authorship.get("institutions"))
        lines = [text_of(line) for line in listed(authorship.get("raw_affiliation_strings"))]
        line = read_affiliation(lines[0] if lines else None)
        first = institutions[0] if institutions else {}
        org = text_of(first.get("display_name"))
        country = text_of(first.get("country_code"))
        countries = [text_of(code) for code in listed(authorship.get("countries"))]
        # The city of the first address line counts only if that line is the first institution's.
        near = not org or bool(lines and lines[0] and org.casefold() in lines[0].casefold())
        if len(institutions) > 1:
            dropped["affiliations_beyond_first"] = (
                dropped.get("affiliations_beyond_first", 0) + len(institutions) - 1
            )
        name = text_of(inside(authorship, "author", "display_name"))
        row = {
            "role": "author",
            "position": position,
            "name": name or text_of(authorship.get("raw_author_name")),
            "org": org or line["org"],
            "country": country or (countries[0] if countries else None) or line["country"],
            "city": line["city"] if near else None,
        }
        if any(row[key] for key in ("name", "org", "country")):
            rows.append(row)
    return rows


TITLE = {"zh": "OpenAlex 论文", "en": "Works from OpenAlex"}
LICENCE = {
    "zh": "OpenAlex 数据，CC0 1.0（公有领域）",
    "en": "Data by OpenAlex, CC0 1.0 (public domain)",
}
NOTES = {
    "zh": [
        "仅含按赛道主题和关键词检索到的论文，不能代表全部产出：份额以库内文献为分母。",
        "摘要约缺四成（早年与部分出版商更多），缺摘要者仅凭标题和主题判断。",
        "主题由 OpenAlex 的模型按现行分类回溯标注，对早期时点带有后见之明。",
        "每篇至多给出前100位作者；机构与国别由 OpenAlex 自动消歧，可能有误。",
    ],
    "en": [
        "Only works found by the tracks' topics and keywords: shares are within this corpus.",
        "About four in ten works lack an abstract, more in early years.",
        "Topics are assigned by OpenAlex's present model, which is hindsight for early dates.",
        "At most the first 100 authors of a work; institutions are disambiguated by machine.",
    ],
}
FIELDS = {
    "id": "documents.source_id",
    "doi": "documents.doc_id",
    "title": "documents.title",
    "abstract_inverted_index": "documents.abstract",
    "language": "documents.language",
    "publication_date": "documents.published",
    "publication_year": "documents.published",
    "type": "documents.doc_type",
    "is_retracted": "documents.status",
    "primary_location.source.display_name": "documents.venue",
    "referenced_works": "references.cited_id",
    "primary_topic, topics": "classes.code",
    "keywords": "classes.code",
    "authorships.author.display_name": "parties.name",
    "authorships.institutions": "parties.org, parties.country",
    "authorships.raw_affiliation_strings": "parties.city",
}


class OpenAlex(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "paper"
    suffix = "json"
    page_size = 100
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def auth(self) -> httpx.Auth:
        """Add the key."""
        return KeyParameter("api_key", self.service.secrets()[0])

    def throttled(self, status: int, headers: Mapping[str, str], body: bytes) -> bool:  # noqa: ARG002
        """OpenAlex answers 403 to those who are too fast."""
        return status == httpx.codes.FORBIDDEN and b"rate limit" in body.lower()

    def queries(self, track: Track) -> list[Query]:
        """Topics, then phrases in title and abstract."""
        topics = "|".join(topic.id for topic in track.openalex_topics)
        by_topic = [Query("topic", f"topics.id:{topics}")] if topics else []
        terms = [*english_terms(track), *chinese_terms(track)]
        return by_topic + portions(
            terms,
            lambda some: f"title_and_abstract.search:({' OR '.join(map(quoted, some))})",
            name="words",
            longest=LONGEST_SEARCH,
        )

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of works."""
        dates = f"from_publication_date:{window.since},to_publication_date:{window.until}"
        return Request(
            "works",
            {
                "filter": f"{query.text},{dates},is_paratext:false",
                "select": SELECT,
                "per_page": str(size),
                "cursor": cursor,
            },
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, ids and `meta.next_cursor`."""
        reply = as_json(body)
        works = reply.get("results")
        if not isinstance(works, list):
            msg = f"no list `results`, but {sorted(reply)[:5]}"
            raise ValueError(msg)  # noqa: TRY004
        ids = tuple(openalex_id(inside(work, "id")) or "" for work in works)
        total = total_of(inside(reply, "meta", "count"))
        return Page(total, ids, text_of(inside(reply, "meta", "next_cursor")))

    def records(self, body: bytes) -> list[Any]:
        """Works of a page."""
        return listed(as_json(body).get("results"))

    def record(self, raw: Any) -> Record:
        """Read a work."""
        return work_record(raw)

    def finish(
        self, tables: Mapping[str, pa.Table], aliases: Mapping[str, str]
    ) -> dict[str, pa.Table]:
        """Turn references to works that are here under their DOI to that id."""
        references = tables["references"]
        cited = references["cited_id"].to_pylist()
        ids = [aliases.get(text.removeprefix("openalex:"), text) for text in cited]
        place = references.schema.get_field_index("cited_id")
        column = pa.array(ids, references.schema.field(place).type)
        return {**tables, "references": references.set_column(place, "cited_id", column)}
