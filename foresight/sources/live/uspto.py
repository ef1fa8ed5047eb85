"""USPTO Open Data Portal: applications and grants of the US office since 2001, by its search API.

A key is needed (a verified account). The records are those of the file wrapper: title, CPC classes,
applicants and inventors with city and country, dates; they have no abstract and no citations.
Only fields that are used are asked for: addresses and attorneys stay away. One application is one
document, named by its earliest publication; its grant is an event and a date.

PatentsView's own search API, which had abstracts and citations, was closed in 2026; its data are
read from its bulk files.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import httpx

from foresight.sources.http import Request, Service
from foresight.sources.live.base import (
    LiveSource,
    Page,
    Query,
    Window,
    as_json,
    inside,
    listed,
    objects,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import core_classes, english_terms, portions, quoted
from foresight.tracks import Track, class_start

META = "applicationMetaData"
ASKED = (
    "applicationNumberText",
    *(
        f"{META}.{name}"
        for name in (
            "inventionTitle",
            "filingDate",
            "effectiveFilingDate",
            "grantDate",
            "patentNumber",
            "earliestPublicationNumber",
            "earliestPublicationDate",
            "applicationTypeCode",
            "applicationStatusDescriptionText",
            "cpcClassificationBag",
            "applicantBag.applicantNameText",
            "applicantBag.countryCode",
            "inventorBag.inventorNameText",
            "inventorBag.correspondenceAddressBag.cityName",
            "inventorBag.correspondenceAddressBag.geographicRegionCode",
            "inventorBag.correspondenceAddressBag.countryCode",
        )
    ),
    "foreignPriorityBag.filingDate",
)
LONGEST_SEARCH = 3000
SERVICE = Service(
    name="uspto",
    title="USPTO Open Data Portal",
    base_url="https://api.uspto.gov",
    interval=1.4,  # at most 45 requests a minute
    keys=("USPTO_API_KEY",),
    opens="US applications and grants since 2001 with classes, inventors' cities and dates",
    register="free with a verified account, data.uspto.gov",
)


class KeyHeader(httpx.Auth):
    """Adds a key as a header."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the key."""
        request.headers[self._name] = self._value
        yield request


def publication_number(text: str | None) -> str | None:
    """Write `US 2014-0167116 A1` as `US20140167116A1`; None if it is no such number."""
    flat = re.sub(r"[\s,/-]", "", text or "").upper()
    return flat if re.fullmatch(r"US\d{7,11}[A-Z]\d?", flat) else None


def grant_number(number: str | None, *, published_before: bool) -> str | None:
    """Write the number of a utility patent with its kind: B2 after a publication, else B1."""
    flat = re.sub(r"[\s,]", "", number or "")
    return f"US{flat}B{2 if published_before else 1}" if re.fullmatch(r"\d{6,9}", flat) else None


TITLE = {"zh": "美国专利商标局开放数据", "en": "Patents from the USPTO Open Data Portal"}
LICENCE = {
    "zh": "美国专利商标局数据，美国政府作品，在美国不受版权保护",
    "en": "Data by the USPTO, a work of the US government, not subject to copyright in the US",
}
NOTES = {
    "zh": [
        "没有摘要和引文：文献仅凭标题和分类号归入赛道，关键词召回偏低。",
        "一件申请只算一件文献，以最早公布号为准；授权作为事件和日期保留。",
        "分类号为现行CPC；仅2001年以后提出的申请。",
    ],
    "en": [
        "No abstracts and no citations: only titles and classes say to which track one belongs.",
        "An application is one document, named by its earliest publication.",
        "Classes are those of the present CPC; applications since 2001 only.",
    ],
}
FIELDS = {
    "earliestPublicationNumber, patentNumber": "documents.doc_id",
    "applicationNumberText": "documents.source_id",
    "inventionTitle": "documents.title",
    "earliestPublicationDate, grantDate": "documents.published",
    "grantDate": "documents.granted, events.date",
    "filingDate": "documents.filed",
    "foreignPriorityBag.filingDate": "documents.priority",
    "applicationTypeCode": "documents.doc_type",
    "cpcClassificationBag": "classes.code",
    "applicantBag": "parties.org, parties.country",
    "inventorBag": "parties.name, parties.city, parties.region, parties.country",
}


class Uspto(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "patent"
    suffix = "json"
    page_size = 100
    most = 10000
    start = "0"
    none = (404,)
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def auth(self) -> httpx.Auth:
        """Add the key."""
        return KeyHeader("X-API-KEY", self.service.secrets()[0])

    def queries(self, track: Track) -> list[Query]:
        """Keywords in the title, and core classes."""
        words = portions(
            english_terms(track),
            lambda some: f"{META}.inventionTitle:({' OR '.join(map(quoted, some))})",
            name="words",
            longest=LONGEST_SEARCH,
        )
        classes = portions(
            core_classes(track),
            lambda some: f"{META}.cpcClassificationBag:({' OR '.join(map(_wildcard, some))})",
            name="classes",
            longest=LONGEST_SEARCH,
        )
        return [*words, *classes]

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of applications, oldest filing first; the cursor is the place of the first."""
        days = f"[{window.since} TO {window.until}]"
        first = f"{META}.earliestPublicationDate:{days}"
        granted = f"({META}.grantDate:{days} AND NOT _exists_:{META}.earliestPublicationDate)"
        return Request(
            "api/v1/patent/applications/search",
            {
                "q": f"{query.text} AND ({first} OR {granted}) AND {META}.applicationTypeCode:UTL",
                "offset": cursor,
                "limit": str(size),
                "sort": f"{META}.filingDate asc",
                "fields": ",".join(ASKED),
            },
            {"Accept": "application/json"},
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, application numbers and the place of the next."""
        reply = as_json(body)
        found = reply.get("patentFileWrapperDataBag")
        if not isinstance(found, list):
            msg = f"no list `patentFileWrapperDataBag`, but {sorted(reply)[:5]}"
            raise ValueError(msg)  # noqa: TRY004
        total = total_of(reply.get("count"))
        place = int(cursor) + len(found)
        if not found and place < min(total, self.most):
            msg = f"an empty page at {place} of {total}"
            raise ValueError(msg)
        ids = tuple(text_of(inside(item, "applicationNumberText")) or "" for item in found)
        return Page(total, ids, str(place) if place < min(total, self.most) else None)

    def records(self, body: bytes) -> list[Any]:
        """Applications of a page."""
        return listed(as_json(body).get("patentFileWrapperDataBag"))

    def record(self, raw: Any) -> Record:
        """Read an application."""
        number = text_of(inside(raw, "applicationNumberText"))
        meta = inside(raw, META)
        if number is None or not isinstance(meta, dict):
            msg = "no application number or no metadata"
            raise RefusedRecordError(msg)
        published = text_of(meta.get("earliestPublicationDate"))
        granted = text_of(meta.get("grantDate"))
        first = publication_number(text_of(meta.get("earliestPublicationNumber")))
        grant = grant_number(text_of(meta.get("patentNumber")), published_before=first is not None)
        if first is None and grant is None:
            msg = f"application {number}: neither published nor granted under a readable number"
            raise RefusedRecordError(msg)
        claims = objects(raw.get("foreignPriorityBag"))
        priorities = sorted(day for c in claims if (day := text_of(c.get("filingDate"))))
        document = {
            "doc_id": first or grant,
            "kind": "patent",
            "title": text_of(meta.get("inventionTitle")),
            "language": "en",
            "published": published if first else granted,
            "filed": text_of(meta.get("filingDate")),
            "priority": priorities[0] if priorities else None,
            "granted": granted,
            "office": "US",
            "doc_type": (first or grant or "")[-2:],
            "source": "uspto",
            "source_id": number,
        }
        codes = [text_of(code) for code in listed(meta.get("cpcClassificationBag"))]
        events = [{"date": granted, "event": "grant"}] if granted and grant else []
        classes = [{"scheme": "cpc", "code": c, "primary": None} for c in codes if c]
        return Record(document, classes=classes, parties=_parties(meta), events=events)


def _wildcard(prefix: str) -> str:
    """A class prefix with everything that begins with it; the slash is syntax and is escaped."""
    return class_start(prefix).replace("/", r"\/") + "*"


def _parties(meta: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for position, item in enumerate(objects(meta.get("applicantBag"))):
        org = text_of(item.get("applicantNameText"))
        row = {"role": "applicant", "position": position, "org": org}
        if org:
            rows.append({**row, "country": text_of(item.get("countryCode"))})
    for position, item in enumerate(objects(meta.get("inventorBag"))):
        name = text_of(item.get("inventorNameText"))
        places = objects(item.get("correspondenceAddressBag"))
        place = places[0] if places else {}
        if name:
            rows.append(
                {
                    "role": "inventor",
                    "position": position,
                    "name": name,
                    "city": text_of(place.get("cityName")),
                    "region": text_of(place.get("geographicRegionCode")),
                    "country": text_of(place.get("countryCode"))
                    or text_of(item.get("countryCode")),
                }
            )
    return rows
