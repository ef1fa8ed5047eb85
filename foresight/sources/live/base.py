"""What a live source is: how it is asked, how its pages are told apart, and what a record says."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pyarrow as pa

from foresight.sources.http import Request, Service
from foresight.sources.live.collector import Record
from foresight.sources.numbers import doi
from foresight.tracks import Track


@dataclass(frozen=True)
class Query:
    """One search for a track: a name that can stand in a file name, and the search itself."""

    name: str
    text: str


@dataclass(frozen=True)
class Window:
    """Days of publication asked for, both included, as ISO dates."""

    since: str
    until: str

    def __str__(self) -> str:
        return f"{self.since.replace('-', '')}-{self.until.replace('-', '')}"


@dataclass(frozen=True)
class Page:
    """What a page says of itself.

    Attributes
    ----------
    total : int or None
        Records that the service has for the search.
    ids : tuple of str
        Its own ids of the records on the page, in order.
    next : str or None
        Cursor of the next page; None at the end.
    """

    total: int | None
    ids: tuple[str, ...]
    next: str | None


class LiveSource(ABC):
    """A service that gives records page by page.

    Attributes
    ----------
    service : Service
    kind : str
        `paper` or `patent`.
    suffix : str
        `json` or `xml`.
    page_size : int
        Records per page, the most that the service gives.
    most : int or None
        Records that the service gives for one search; a search with more is cut into windows.
    boolean : bool
        Whether the search selects, so that its totals count what belongs to it. A search that
        only ranks has totals that say nothing.
    limit : int or None
        Records per track if nothing is said; None for all.
    start : str
        First cursor.
    cursor_repeats : bool
        Whether the same cursor is given for every page, so that only the content can tell a loop.
    cursor_moves : bool
        Whether a cursor moves on when it is used, so that asking twice skips a page; a search that
        was interrupted has to begin anew.
    licence, title : dict
        Text per language.
    notes : dict of list
        Known biases per language.
    fields : dict
        Field of the service to column of ours.
    """

    service: Service
    kind: str
    suffix: str
    page_size: int
    most: int | None = None
    boolean: bool = True
    limit: int | None = None
    start: str = "*"
    cursor_repeats: bool = False
    cursor_moves: bool = False
    none: tuple[int, ...] = ()
    title: Mapping[str, str]
    licence: Mapping[str, str]
    notes: Mapping[str, list[str]]
    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name in commands and folders."""
        return self.service.name

    def auth(self) -> httpx.Auth | None:
        """What adds the key. Raises SettingsError if it is not set."""
        return None

    def pace(self, headers: Mapping[str, str]) -> float:  # noqa: ARG002
        """Seconds to the next request, by headers of the service's own."""
        return 0.0

    def throttled(self, status: int, headers: Mapping[str, str], body: bytes) -> bool:  # noqa: ARG002
        """Whether a refusal means that we were too fast, and passes."""
        return False

    @abstractmethod
    def queries(self, track: Track) -> list[Query]:
        """Searches that find a track's documents, from its registry entry."""

    @abstractmethod
    def request(self, query: Query, window: Window, *, cursor: str, size: int) -> Request:
        """The request for a page."""

    def count_request(self, query: Query, window: Window) -> Request:
        """The request whose page tells the total."""
        return self.request(query, window, cursor=self.start, size=1)

    @abstractmethod
    def page(self, body: bytes, *, cursor: str, size: int) -> Page:
        """Read what a page says of itself. Raises ValueError if it is not sound."""

    @abstractmethod
    def records(self, body: bytes) -> list[Any]:
        """The records of a page."""

    @abstractmethod
    def record(self, raw: Any) -> Record:
        """Read one record. Raises RefusedRecordError with the reason."""

    def finish(
        self,
        tables: Mapping[str, pa.Table],
        aliases: Mapping[str, str],  # noqa: ARG002 - for sources that cite by ids of their own
    ) -> dict[str, pa.Table]:
        """Last touch, once all records are there. `aliases`: id in the source to id of document."""
        return dict(tables)


def as_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        msg = f"not JSON: {error}"
        raise ValueError(msg) from error
    if not isinstance(value, dict):
        msg = f"a JSON {type(value).__name__}, not an object"
        raise ValueError(msg)  # noqa: TRY004 - what callers catch
    return value


def as_xml(body: bytes) -> ET.Element:
    """Read XML without document type: none of the services has one, and entities are a trap.

    Raises
    ------
    ValueError
        If it is not well-formed, or declares a document type.
    """
    if re.search(rb"<!(DOCTYPE|ENTITY)", body):
        msg = "XML with a document type"
        raise ValueError(msg)
    try:
        return ET.fromstring(body)  # noqa: S314 - no document type, so no entities to expand
    except (ET.ParseError, LookupError) as error:  # LookupError: an encoding that is none
        msg = f"not XML: {error}"
        raise ValueError(msg) from error


def inside(value: Any, *path: str) -> Any:
    """Follow keys into nested objects; None where one is missing or no object."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def listed(value: Any) -> list[Any]:
    """Give a list: the value itself, the value in one, or an empty one for None."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> list[dict[str, Any]]:
    """Give the objects in a list (or in its place), leaving out what is none."""
    return [item for item in listed(value) if isinstance(item, dict)]


def text_of(value: Any) -> str | None:
    """Give a text, trimmed and with single spaces; None for anything else and for an empty one.

    Halves of surrogate pairs, which JSON can hold and UTF-8 cannot, become question marks.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    whole = value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return " ".join(whole.replace("\x00", "").split()) or None


_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")
_BLOCK = re.compile(r"</?(?:\w+:)?(?:p|h\d|title|sec|br|div|li)\b[^<>]*>", re.IGNORECASE)


def plain(value: Any) -> str | None:
    """Take mark-up (JATS, HTML) out of a text; entities become characters."""
    import html

    text = text_of(value)
    if text is None:
        return None
    return text_of(html.unescape(_TAG.sub("", _BLOCK.sub(" ", text))))


def total_of(value: Any) -> int:
    """Read a total. Raises ValueError if it is no whole number."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        msg = f"no total, but {value!r}"
        raise ValueError(msg)  # noqa: TRY004
    number = int(value)
    if number < 0:
        msg = f"a negative total, {number}"
        raise ValueError(msg)
    return number


def paper_id(doi: str | None, source: str, source_id: str) -> str:
    """Id of a paper: `doi:10…` in lower case where there is a DOI, else `<source>:<id>`."""
    return f"doi:{doi}" if doi else f"{source}:{source_id}"


def doi_of(value: Any) -> str | None:
    """Read a field that is a DOI, in any of its spellings; see `numbers.doi`.

    >>> doi_of("https://doi.org/10.1000/XYZ"), doi_of("doi:10.1002/a;2-Q"), doi_of("n/a")
    ('10.1000/xyz', '10.1002/a%3b2-q', None)
    """
    return doi(text_of(value), whole=True)
