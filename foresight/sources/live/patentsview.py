"""US grants by the search API of PatentsView: abstracts, CPC, owners and inventors with places.

PatentsView's own service ended in 2026, when the USPTO's Open Data Portal took its place without
abstracts. Other services speak its format (`q`, `f`, `s`, `o`; `patents` and `total_hits` in the
reply); the address of one must be given. The cursor is the last patent's number, so a search can be
taken up at any time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    plain,
    text_of,
    total_of,
)
from foresight.sources.live.collector import Record, RefusedRecordError
from foresight.sources.live.terms import core_classes, english_terms, portions
from foresight.sources.live.uspto import KeyHeader, grant_number
from foresight.tracks import Track, class_start

SUBCLASS = 4
LONGEST_SEARCH = 5000  # characters of an address, escaped
ASKED = (
    "patent_id", "patent_title", "patent_abstract", "patent_date", "patent_type", "wipo_kind",
    "application.filing_date", "cpc_current.cpc_group_id", "cpc_current.cpc_type",
    "inventors.inventor_name_first", "inventors.inventor_name_last", "inventors.inventor_city",
    "inventors.inventor_state", "inventors.inventor_country", "inventors.inventor_sequence",
    "assignees.assignee_organization", "assignees.assignee_individual_name_first",
    "assignees.assignee_individual_name_last", "assignees.assignee_city",
    "assignees.assignee_state", "assignees.assignee_country", "assignees.assignee_sequence",
)  # fmt: skip
SERVICE = Service(
    name="patentsview",
    title="PatentsView",
    base_url="",
    interval=1.4,  # at most 45 requests a minute
    keys=("PATENTSVIEW_API_KEY",),
    opens="US grants since 1976 with abstracts, classes, owners and inventors' cities",
    register="from a service that speaks PatentsView's format; its own has ended",
)
TITLE = {"zh": "PatentsView 美国授权专利", "en": "Granted US patents from PatentsView"}
LICENCE = {
    "zh": "PatentsView（美国专利商标局）数据，CC BY 4.0",
    "en": "Data by PatentsView (USPTO), CC BY 4.0",
}
NOTES = {
    "zh": [
        "仅含按赛道关键词和核心分类号检索到的美国授权发明专利，没有引文、同族和法律事件。",
        "公开日取授权日，申请此前可能已经公布；分类号为现行CPC回溯标注。",
        "由非官方服务提供时，以该服务的更新时间为准。",
    ],
    "en": [
        "Granted US utility patents found by the tracks' keywords and core classes only.",
        "No citations, families or legal events; published is the grant date.",
        "Classes are those of the present CPC, which is hindsight for early dates.",
    ],
}
FIELDS = {
    "patent_id, wipo_kind": "documents.doc_id, documents.doc_type",
    "patent_title": "documents.title",
    "patent_abstract": "documents.abstract",
    "patent_date": "documents.published, documents.granted, events.date",
    "application.filing_date": "documents.filed",
    "cpc_current": "classes.code, classes.primary",
    "assignees": "parties.org, parties.name, parties.city, parties.region, parties.country",
    "inventors": "parties.name, parties.city, parties.region, parties.country",
}


class PatentsView(LiveSource):
    """See the module."""

    service = SERVICE
    kind = "patent"
    suffix = "json"
    page_size = 500
    start = ""
    title = TITLE
    licence = LICENCE
    notes = NOTES
    fields = FIELDS

    def auth(self) -> httpx.Auth:
        """Add the key."""
        return KeyHeader("X-Api-Key", self.service.secrets()[0])

    def queries(self, track: Track) -> list[Query]:
        """Keywords as phrases in title or abstract, and core classes."""
        words = portions(english_terms(track), _phrases, name="words", longest=LONGEST_SEARCH)
        return words + portions(
            core_classes(track), _classes_below, name="classes", longest=LONGEST_SEARCH
        )

    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """A page of patents by number; the cursor is the number of the last one."""
        conditions = [
            json.loads(query.text),
            {"_gte": {"patent_date": window.since}},
            {"_lte": {"patent_date": window.until}},
            {"patent_type": "utility"},
        ]
        after = {"after": cursor} if cursor else {}
        return Request(
            "patent/",
            {
                "q": _dense({"_and": conditions}),
                "f": _dense(ASKED),
                "s": _dense([{"patent_id": "asc"}]),
                "o": _dense({"size": size, **after}),
            },
        )

    def page(self, body: bytes, *, cursor: str, size: int) -> Page:  # noqa: ARG002
        """Total, patent numbers, and the last one as cursor."""
        reply = as_json(body)
        found = reply.get("patents")
        if reply.get("error") is not False or not isinstance(found, list):
            msg = f"no list `patents`, but error {reply.get('error')!r}"
            raise ValueError(msg)
        ids = tuple(text_of(inside(item, "patent_id")) or "" for item in found)
        ended = len(ids) < size or not ids[-1]
        return Page(total_of(reply.get("total_hits")), ids, None if ended else ids[-1])

    def records(self, body: bytes) -> list[Any]:
        """Patents of a page."""
        return listed(as_json(body).get("patents"))

    def record(self, raw: Any) -> Record:
        """Read a patent."""
        number, kind = text_of(inside(raw, "patent_id")), text_of(inside(raw, "wipo_kind"))
        granted = grant_number(number, published_before=False)
        if number is None or granted is None:
            msg = f"no number of a utility patent, but {number!r}"
            raise RefusedRecordError(msg)
        filings = [text_of(item.get("filing_date")) for item in objects(raw.get("application"))]
        day = text_of(raw.get("patent_date"))
        document = {
            "doc_id": f"{granted.removesuffix('B1')}{kind or ''}",
            "kind": "patent",
            "title": plain(raw.get("patent_title")),
            "abstract": plain(raw.get("patent_abstract")),
            "language": "en",
            "published": day,
            "granted": day,
            "filed": next((filing for filing in filings if filing), None),
            "office": "US",
            "doc_type": kind,
            "source": "patentsview",
            "source_id": number,
        }
        events = [{"date": day, "event": "grant"}] if day else []
        classes = [
            {"scheme": "cpc", "code": code, "primary": _inventive(item.get("cpc_type"))}
            for item in objects(raw.get("cpc_current"))
            if (code := text_of(item.get("cpc_group_id")))
        ]
        return Record(document, classes=classes, parties=_parties(raw), events=events)


def _dense(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _phrases(terms: Sequence[str]) -> str:
    fields = ("patent_title", "patent_abstract")
    return _dense({"_or": [{"_text_phrase": {field: t}} for t in terms for field in fields]})


def _classes_below(prefixes: Sequence[str]) -> str:
    return _dense({"_or": [_class_below(prefix) for prefix in prefixes]})


def _class_below(prefix: str) -> dict[str, Any]:
    if len(prefix) <= SUBCLASS:
        return {"cpc_current.cpc_subclass_id": prefix}
    return {"_begins": {"cpc_current.cpc_group_id": class_start(prefix)}}


def _inventive(kind: Any) -> bool | None:
    return kind == "inventional" if kind in ("inventional", "additional") else None


def _parties(raw: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for role, group, stem in (
        ("owner", "assignees", "assignee"),
        ("inventor", "inventors", "inventor"),
    ):
        named = "assignee_individual_name" if role == "owner" else "inventor_name"
        for position, item in enumerate(objects(raw.get(group))):
            parts = [text_of(item.get(f"{named}_{end}")) for end in ("first", "last")]
            row = {
                "role": role,
                "position": position,
                "name": " ".join(part for part in parts if part) or None,
                "org": text_of(item.get("assignee_organization")) if role == "owner" else None,
                "city": text_of(item.get(f"{stem}_city")),
                "region": text_of(item.get(f"{stem}_state")),
                "country": text_of(item.get(f"{stem}_country")),
            }
            if row["name"] or row["org"]:
                rows.append(row)
    return rows
