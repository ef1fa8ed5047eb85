"""EPO Open Patent Services: bibliographic data of patents of the world (DOCDB), XML, OAuth.

A search gives 100 documents per page and 2,000 in all, so larger ones are cut into shorter windows
of publication dates. Every reply says how many searches a minute are allowed (`X-Throttling-
Control`), and the pace follows it. A free account has 4 GB a week.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from foresight.errors import SourceError
from foresight.sources.http import Request, Service
from foresight.sources.live.base import (
    LiveSource,
    Page,
    Query,
    Window,
    as_json,
    as_xml,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import core_classes, english_terms, portions, quoted
from foresight.tracks import Track

NS = "{http://www.epo.org/exchange}"
OPS = "{http://ops.epo.org}"
TERMS = 10  # of one field in a query, the most that its CQL takes
LONGEST_SEARCH = 1800
BLACK_PAUSE = 60.0  # seconds, when the service shows black
SUBCLASS = 4
SERVICE = Service(
    name="epo",
    title="EPO OPS",
    base_url="https://ops.epo.org/3.2",
    interval=2.0,  # 30 searches a minute in its green state; its headers say more or less
    keys=("EPO_OPS_KEY", "EPO_OPS_SECRET"),
    opens="patents of over 100 offices with families, classes and cited patents",
    register="free for 4 GB a week, developers.epo.org",
    retry_unit=0.001,  # its Retry-After is in milliseconds
)
_LIGHT = re.compile(r"\bsearch=(green|yellow|red|black):(\d+)")
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")


class ClientCredentials(httpx.Auth):
    """OAuth 2 for programs: a key and a secret give a token for twenty minutes.

    Parameters
    ----------
    url : str
        Where tokens are given.
    key, secret : str
    """

    requires_response_body = True

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._url, self._basic = url, httpx.BasicAuth(key, secret)
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Get a token where there is none, and once more where it has run out."""
        if self._token is None:
            yield from self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        reply = yield request
        if reply.status_code in (400, 401) and b"access" in reply.content.lower():
            yield from self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        asked = httpx.Request("POST", self._url, data={"grant_type": "client_credentials"})
        flow = self._basic.auth_flow(asked)
        reply = yield next(flow)
        if httpx.codes.is_server_error(reply.status_code):
            msg = f"the token service answers {reply.status_code}"
            raise httpx.RemoteProtocolError(msg, request=asked)
        try:
            token = text_of(as_json(reply.content).get("access_token"))
        except ValueError:
            token = None
        if reply.status_code != httpx.codes.OK or token is None:
            msg = (
                f"{SERVICE.title} gives no token for this key (status {reply.status_code}). Check "
                f"{' and '.join(SERVICE.keys)} ({SERVICE.register})."
            )
            raise SourceError(msg)
        self._token = token


def cql_class(prefix: str) -> str:
    """Write a class prefix of the registry as CQL, with everything below it.

    >>> cql_class("G06N"), cql_class("G06N10"), cql_class("H01M10/0562")
    ('cpc=G06N', 'cpc=/low G06N10/00', 'cpc=/low H01M10/0562')
    """
    if len(prefix) <= SUBCLASS:
        return f"cpc={prefix}"
    return f"cpc=/low {prefix}" if "/" in prefix else f"cpc=/low {prefix}/00"


def _document_id(parent: ET.Element | None, kind: str) -> ET.Element | None:
    if parent is None:
        return None
    return parent.find(f"{NS}document-id[@document-id-type='{kind}']")


def _day(element: ET.Element | None) -> str | None:
    return text_of(element.findtext(f"{NS}date")) if element is not None else None


def _in_english(elements: list[ET.Element]) -> ET.Element | None:
    """The English one of several, else the first."""
    english = [element for element in elements if element.get("lang") == "en"]
    return (english or elements or [None])[0]  # type: ignore[list-item]


TITLE = {"zh": "EPO OPS 专利", "en": "Patents from EPO OPS"}
LICENCE = {
    "zh": "欧洲专利局 OPS 数据（DOCDB），按其公平使用章程使用；原始数据不得整批转发",
    "en": "Data by the European Patent Office (OPS, DOCDB), used under its fair use charter; "
    "raw data must not be passed on in bulk",
}
NOTES = {
    "zh": [
        "仅含按赛道关键词和核心分类号检索到的公开文献，同一同族可有多件，按同族号归并。",
        "中日韩文献的标题和摘要为英文机器或人工译文，近期文献可能尚无摘要。",
        "申请人为公开时的名称，带国别而无城市；没有法律事件。",
    ],
    "en": [
        "Only publications found by the tracks' keywords and core classes.",
        "A family may have several publications, joined by the family's number.",
        "Titles and abstracts of East Asian documents are translations; recent ones may lack one.",
        "Applicants as at publication, with a country and no city; no legal events.",
    ],
}
FIELDS = {
    "publication-reference": "documents.doc_id, documents.published",
    "@family-id": "documents.family_id",
    "invention-title": "documents.title, documents.language",
    "abstract": "documents.abstract",
    "application-reference": "documents.filed",
    "priority-claims": "documents.priority",
    "@kind": "documents.doc_type, documents.granted",
    "@country": "documents.office",
    "patent-classifications, classifications-ipcr": "classes.code",
    "parties": "parties.name, parties.org, parties.country",
    "references-cited": "references.cited_id, references.raw",
}


class Epo(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "patent"
    suffix = "xml"
    page_size = 100
    most = 2000
    start = "1"
    none = (404,)
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def auth(self) -> httpx.Auth:
        """OAuth by key and secret."""
        return ClientCredentials(f"{self.service.url()}/auth/accesstoken", *self.service.secrets())

    def pace(self, headers: Mapping[str, str]) -> float:
        """Seconds between searches, from `X-Throttling-Control: busy (…, search=yellow:10)`."""
        match = _LIGHT.search(headers.get("x-throttling-control") or "")
        if match is None:
            return 0.0
        allowed = int(match.group(2))
        return BLACK_PAUSE if match.group(1) == "black" or not allowed else 60.0 / allowed

    def throttled(self, status: int, headers: Mapping[str, str], body: bytes) -> bool:
        """403 for "robots" and for the quota of an hour passes; that of the week does not."""
        reason = headers.get("x-rejection-reason") or ""
        return status == httpx.codes.FORBIDDEN and (
            b"RobotDetected" in body or reason.endswith(("PerMinute", "PerHour"))
        )

    def queries(self, track: Track) -> list[Query]:
        """Keywords as phrases in title or abstract, and core classes with what lies below them."""
        words = portions(
            english_terms(track),
            lambda some: " or ".join(f"ta={quoted(term)}" for term in some),
            name="words",
            longest=LONGEST_SEARCH,
            most=TERMS,
        )
        classes = portions(
            core_classes(track),
            lambda some: " or ".join(map(cql_class, some)),
            name="classes",
            longest=LONGEST_SEARCH,
            most=TERMS,
        )
        return [*words, *classes]

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of documents; the cursor is the place of the first."""
        days = f"{window.since.replace('-', '')} {window.until.replace('-', '')}"
        return Request(
            "rest-services/published-data/search/biblio",
            {
                "q": f'({query.text}) and pd within "{days}"',
                "Range": f"{cursor}-{int(cursor) + size - 1}",
            },
            {"Accept": "application/xml"},
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, publication numbers and the place of the next document."""
        search = as_xml(body).find(f"{OPS}biblio-search")
        if search is None:
            msg = "no element ops:biblio-search"
            raise ValueError(msg)
        total = total_of(search.get("total-result-count"))
        found = search.findall(f".//{NS}exchange-document")
        place = int(cursor) + len(found)
        if not found and place <= min(total, self.most):
            msg = f"an empty page at {place} of {total}"
            raise ValueError(msg)
        ids = tuple(_number(document) or "" for document in found)
        return Page(total, ids, str(place) if place <= min(total, self.most) else None)

    def records(self, body: bytes) -> list[Any]:
        """Documents of a page."""
        return as_xml(body).findall(f".//{NS}exchange-document")

    def record(self, raw: ET.Element) -> Record:
        """Read a document."""
        doc_id = _number(raw)
        data = raw.find(f"{NS}bibliographic-data")
        if doc_id is None or data is None:
            msg = f"no publication number or no data (status {raw.get('status')!r})"
            raise RefusedRecordError(msg)
        title = _in_english(data.findall(f"{NS}invention-title"))
        abstract = _in_english(raw.findall(f"{NS}abstract"))
        published = _day(_document_id(data.find(f"{NS}publication-reference"), "docdb"))
        application = data.find(f"{NS}application-reference")
        claims = data.findall(f"{NS}priority-claims/{NS}priority-claim/{NS}document-id")
        priorities = sorted(day for claim in claims if (day := _day(claim)))
        kind = raw.get("kind") or ""
        filed = _day(_document_id(application, "docdb")) or _day(
            _document_id(application, "epodoc")
        )
        document = {
            "doc_id": doc_id,
            "kind": "patent",
            "title": text_of("".join(title.itertext())) if title is not None else None,
            "abstract": text_of(" ".join(abstract.itertext())) if abstract is not None else None,
            "language": title.get("lang") if title is not None else None,
            "published": published,
            "filed": filed,
            "priority": priorities[0] if priorities else None,
            "granted": published if kind.startswith("B") else None,
            "office": raw.get("country"),
            "family_id": text_of(raw.get("family-id")),
            "doc_type": kind or None,
            "source": "epo",
            "source_id": doc_id,
        }
        dropped: dict[str, int] = {}
        references = _references(data, dropped)
        return Record(document, references, _classes(data), _parties(data), dropped=dropped)


def _number(document: ET.Element) -> str | None:
    parts = [text_of(document.get(name)) for name in ("country", "doc-number", "kind")]
    return "".join(part or "" for part in parts).replace(" ", "") if all(parts[:2]) else None


def _classes(data: ET.Element) -> list[dict[str, Any]]:
    rows = []
    for item in data.findall(f"{NS}patent-classifications/{NS}patent-classification"):
        scheme = item.find(f"{NS}classification-scheme")
        names = ("section", "class", "subclass", "main-group", "subgroup")
        parts = [text_of(item.findtext(f"{NS}{name}")) for name in names]
        if scheme is None or not (scheme.get("scheme") or "").startswith("CPC") or not all(parts):
            continue  # national schemes have no column
        value = text_of(item.findtext(f"{NS}classification-value"))
        code = f"{''.join(str(part) for part in parts[:4])}/{parts[4]}"
        rows.append({"scheme": "cpc", "code": code, "primary": value == "I" if value else None})
    for item in data.findall(f"{NS}classifications-ipcr/{NS}classification-ipcr"):
        words = (text_of(item.findtext(f"{NS}text")) or "").split()
        code = "".join(words[:3]) if "/" in "".join(words[:3]) else ""
        match = re.match(r"[A-H]\d{2}[A-Z]\d{1,4}/\d{2,6}", code)
        if match:
            rows.append(
                {"scheme": "ipc", "code": match.group(), "primary": "I" in words[2:] or None}
            )
    return _strongest(rows)


def _strongest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per code, primary if one of the offices that gave it says so."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        kept = found.setdefault((row["scheme"], row["code"]), row)
        if row["primary"]:
            kept["primary"] = True
    return list(found.values())


def _parties(data: ET.Element) -> list[dict[str, Any]]:
    rows = []
    for role, group in (("applicant", "applicants"), ("inventor", "inventors")):
        people = data.findall(f"{NS}parties/{NS}{group}/{NS}{role}")
        forms = {person.get("data-format") for person in people}
        # The same people stand there once per form; "epodoc" has the country behind the name.
        form = next((name for name in ("epodoc", "docdb", "original") if name in forms), None)
        chosen = [person for person in people if person.get("data-format") == form]
        for position, person in enumerate(chosen):
            name = text_of(person.findtext(f"{NS}{role}-name/{NS}name"))
            if name is None:
                continue
            match = _COUNTRY.search(name)
            plain = _COUNTRY.sub("", name).strip(" ,;") or name
            country = match.group(1) if match else None
            row = {"role": role, "position": position, "country": country}
            rows.append({**row, "org" if role == "applicant" else "name": plain})
    return rows


def _references(data: ET.Element, dropped: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for citation in data.findall(f"{NS}references-cited/{NS}citation"):
        cited = _document_id(citation.find(f"{NS}patcit"), "docdb")
        names = ("country", "doc-number", "kind")
        parts = [text_of(cited.findtext(f"{NS}{n}")) if cited is not None else None for n in names]
        if not all(parts[:2]):
            dropped["references_without_id"] = dropped.get("references_without_id", 0) + 1
            continue
        number = "".join(part or "" for part in parts).replace(" ", "")
        year = (_day(cited) or "")[:4]
        whole = int(year) if re.fullmatch(r"[12]\d{3}", year) else None
        rows.append({"cited_id": number, "cited_kind": "patent", "cited_year": whole})
    return rows
