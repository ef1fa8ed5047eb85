"""What the records of papers have in common: ids, authors, addresses, types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from foresight.sources import dates, texts
from foresight.sources.numbers import doi as find_doi
from foresight.sources.numbers import text_key
from foresight.sources.records import Party, RefusedRowError

_ORG = re.compile(
    r"univ|institut|hospital|academ|college|compan|\bltd|\binc\b|corp|laborator|cent(?:er|re)|"
    r"school|polytech|大学|学院|研究|医院|公司|中心|实验室",
    re.IGNORECASE,
)
_UNIVERSITY = re.compile(r"univ|academy of|大学|科学院", re.IGNORECASE)
_PART_OF = re.compile(r"^(?:department|dept|school|faculty|division|college of|lab\b)", re.I)
_USA = re.compile(r"(?:^|[\s,])(?:USA|U\.S\.A\.|United States)\.?$")
_POSTCODE = re.compile(r"\s*\b[A-Z]{0,2}-?\d{4,6}(?:-\d{3,4})?\b\s*")
COUNTRIES = {"peoples r china": "China", "people's republic of china": "China"}
LANGUAGES = {
    "english": "en", "chinese": "zh", "中文": "zh", "英文": "en", "german": "de", "french": "fr",
    "spanish": "es", "japanese": "ja", "korean": "ko", "russian": "ru", "portuguese": "pt",
    "italian": "it", "polish": "pl", "turkish": "tr",
}  # fmt: skip


def paper_id(source: str, *, doi: str | None, source_id: str | None, title: str | None,
             year: str | None) -> tuple[str, str, list[str]]:  # fmt: skip
    """Id of a paper: its DOI, else the source's id, else a key of title and year.

    Returns
    -------
    (str, str, list of str)
        doc_id, source_id, and the other ids by which references name it.
    """
    known = find_doi(doi)
    own = source_id or text_key(title, (year or "")[:4])
    local = f"{source}:{own}"
    return (f"doi:{known}" if known else local), own, [local]


def paper_date(*given: str | None) -> tuple[str | None, bool]:
    """The first text that is a date, and whether it was completed.

    Raises
    ------
    RefusedRowError
        If texts are given and none of them is a date.
    """
    filled = [text for text in map(texts.tidy, given) if text]
    for text in filled:
        if value := dates.read_date(text):
            return value
        if days := dates.find_dates(text):
            return days[0], False
    if filled:
        msg = f"no date of publication: {filled[0][:40]!r}"
        raise RefusedRowError(msg)
    return None, False


def language(text: str | None) -> str | None:
    """Two-letter code of a language given by code or by name; None where it is not known."""
    flat = (texts.tidy(text) or "").strip(";；").casefold()
    return flat if re.fullmatch(r"[a-z]{2}", flat) else LANGUAGES.get(flat)


def country_of(address: str) -> str | None:
    """Country that an address ends with, as written; None where it ends with something else."""
    address = texts.without_mail(address)
    last = address.rstrip(" .;,").rsplit(",", 1)[-1].strip()
    if _USA.search(f" {last}"):
        return "United States"
    last = _POSTCODE.sub(" ", last).strip()
    if not last or any(c.isdigit() for c in last) or len(last) > 40 or "," not in address:
        return None
    return COUNTRIES.get(last.casefold(), last)


def organisation_of(address: str) -> str | None:
    """Organisation in an address: a university before an institute before a department."""
    parts = [part.strip(" .;") for part in texts.without_mail(address).split(",")]
    parts = [part for part in parts if part]
    named = [part for part in parts if _ORG.search(part)]
    for choice in (
        [part for part in named if _UNIVERSITY.search(part) and not _PART_OF.match(part)],
        [part for part in named if not _PART_OF.match(part)],
        named,
        parts,
    ):
        if choice:
            return choice[0]
    return None


def authors(
    names: Sequence[str],
    addresses: Sequence[str | None] = (),
    *,
    unassigned: Sequence[str] = (),
) -> list[Party]:
    """Parties of a paper's authors.

    Parameters
    ----------
    names : sequence of str
        As on the record, in order.
    addresses : sequence of str or None
        One for each author, or none at all.
    unassigned : sequence of str
        Addresses that the record gives without saying whose; they become rows without a name.
    """
    placed = list(addresses) if len(addresses) == len(names) else [None] * len(names)
    found = [
        Party(
            "author",
            name=texts.person(name),
            org=organisation_of(address) if address else None,
            country=country_of(address) if address else None,
        )
        for name, address in zip(names, placed, strict=True)
    ]
    for address in unassigned:
        org, country = organisation_of(address), country_of(address)
        if org or country:
            found.append(Party("author", org=org, country=country))
    return found


def keywords(values: Sequence[str]) -> list[tuple[str, str, bool | None]]:
    """Classes of the scheme `keyword`."""
    return [("keyword", value, None) for value in values]


def document_type(text: str | None) -> str | None:
    """Type of a paper in lower case: `article`, `review`, `dissertation/thesis` …."""
    flat = texts.tidy(text)
    return flat.casefold() if flat else None
