"""Publication numbers and DOIs in one form, whatever their spelling."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

YEAR_DIGITS = 10  # US 2001/000001: a year and six digits, for which the office writes seven
EP_DIGITS = 7
_NUMBER = re.compile(r"([A-Z]{2})([A-Z]{0,2})(\d{1,6}[A-Z]{2,4}\d{4}|\d{2,15})([A-Z]\d?)?")
_DATED = re.compile(r"(\s[A-Z]\d?)\s+(?:19|20)\d{6}$")  # EP 2135119 B8 20161012
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
# Old DOIs hold an item identifier: 10.1002/(SICI)1097-4636(1998)39:2<266::AID-JBM14>3.0.CO;2-E
_SICI = re.compile(r"10\.\d{4,9}/[^\s;]+;2(?:-[0-9a-z#])?(?=$|[\s;,\])])", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?", re.IGNORECASE)
_ESCAPED = {"%3c": "<", "%3e": ">", "%3b": ";", "&lt;": "<", "&gt;": ">"}
_KEY_SPACE = re.compile(r"[\W_]+")
_UTILITY_KINDS = {"CN": ("U", "Y"), "TW": ("U",), "JP": ("U", "Y"), "KR": ("U", "Y")}
_DESIGN_KINDS = {"CN": ("S", "D"), "TW": ("S",), "JP": ("S",), "KR": ("S",), "US": ("S",)}


@dataclass(frozen=True)
class Publication:
    """A publication number in its parts.

    Attributes
    ----------
    office : str, two letters
    number : str
        Without zeros in front (EP: seven digits), with the letters that belong to it (USRE…).
    kind : str or None
    """

    office: str
    number: str
    kind: str | None = None

    @property
    def doc_id(self) -> str:
        """Office, number, kind: `CN118000001A`."""
        return f"{self.office}{self.number}{self.kind or ''}"

    @property
    def key(self) -> str:
        """Office and number, by which spellings with and without a kind agree."""
        return f"{self.office}{self.number}"

    @property
    def minor_type(self) -> str | None:
        """`utility_model` or `design` where the kind says so, else None."""
        first = (self.kind or "")[:1]
        if first in _DESIGN_KINDS.get(self.office, ()) or self.number.startswith("D"):
            return "design"
        return "utility_model" if first in _UTILITY_KINDS.get(self.office, ("U",)) else None

    @property
    def granted(self) -> bool:
        """Whether the kind is one of a grant, where that can be told."""
        kind = self.kind or ""
        if self.office == "US":
            early = kind == "A" and len(self.number) < YEAR_DIGITS
            return early or (kind[:1] in ("B", "E", "S", "P") and kind != "P1")
        return kind[:1] in ("B", "C") or (self.minor_type is not None and self.office == "CN")


@lru_cache(maxsize=65536)
def publication(
    text: str, *, office: str | None = None, kind: str | None = None
) -> Publication | None:
    """Read a publication number.

    Parameters
    ----------
    text : str
        "US 2023/0067653 A1", "CN118000001A", "us-7642217-b2", "CN 118000001 A".
    office, kind : str, optional
        For numbers that come without them.

    Returns
    -------
    Publication or None
        None if the text is no publication number.

    >>> publication("US 2023/0067653 A1").doc_id, publication("EP 0123456 B1").key
    ('US20230067653A1', 'EP0123456')
    """
    flat = _DATED.sub(r"\1", unicodedata.normalize("NFKC", text).strip())
    flat = re.sub(r"[\s/.,\-_]+", "", flat).upper()
    flat = flat.removeprefix("ZL") if flat.startswith("ZL") else flat
    if office and not flat.startswith(office.upper()):
        flat = office.upper() + flat
    if kind and flat[-1:].isdigit() and not re.search(r"\d[A-Z]\d?$", flat):
        flat += kind.strip().upper()
    if not flat.isascii() or not (match := _NUMBER.fullmatch(flat)):
        return None
    where, letters, digits, end = match.groups()
    if not letters or where == "US":  # JP H05… counts years in two digits
        digits = digits.lstrip("0") or "0"
    if where == "US" and not letters and len(digits) == YEAR_DIGITS and digits[:2] in ("19", "20"):
        digits = f"{digits[:4]}0{digits[4:]}"
    elif where == "EP":
        digits = digits.zfill(EP_DIGITS)
    return Publication(where, letters + digits, end)


def doi(text: str | None, *, whole: bool = False) -> str | None:
    """Find the DOI in a text, lower-cased, without address or trailing punctuation.

    A semicolon, which an id cannot hold, is written as `%3b` where it belongs to the DOI: at the
    end of an old item identifier. Elsewhere it ends the DOI.

    Parameters
    ----------
    text : str or None
    whole : bool, default False
        The text is a DOI, in whatever spelling, or none: nothing may stand beside it.

    >>> doi("https://doi.org/10.1016/J.JOI.2017.08.007")
    '10.1016/j.joi.2017.08.007'
    >>> doi("see 10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2, p. 3")
    '10.1175/1520-0469(1963)020<0130:dnf>2.0.co%3b2'
    """
    if not text:
        return None
    flat = unicodedata.normalize("NFKC", text).strip()
    if "%3" in flat or "&" in flat:
        flat = re.sub("%3[bce]|&[lg]t;", lambda m: _ESCAPED[m[0].lower()], flat, flags=re.I)
    match = _DOI.search(flat)
    if not match or (whole and _DOI_PREFIX.sub("", flat, count=1) != match[0]):
        return None
    if old := _SICI.match(flat, match.start()):
        return old[0].casefold().replace(";", "%3b")
    found = re.split(r"[;\x00-\x1f\"<>{}|\\^`]", match[0].casefold())[0]
    while found and found[-1] in ".,:)]'":
        if found[-1] == ")" and found.count("(") >= found.count(")"):
            break
        found = found[:-1]
    return found if _DOI.fullmatch(found) else None


def text_key(*parts: str | None) -> str:
    """Sixteen hexadecimal digits of texts, their case, width and punctuation aside.

    The id of what carries no number of its own: the same text gives the same id everywhere.
    """
    flat = [_KEY_SPACE.sub("", unicodedata.normalize("NFKC", p or "").casefold()) for p in parts]
    data = "\x1f".join(flat).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]
