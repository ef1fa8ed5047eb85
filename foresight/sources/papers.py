"""What the records of papers have in common: ids, authors, addresses, types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from foresight.sources import dates, texts
from foresight.sources.affiliations import read_affiliation
from foresight.sources.numbers import doi as find_doi
from foresight.sources.numbers import text_key
from foresight.sources.records import Party, RefusedRowError, Source

LANGUAGES = {
    "english": "en", "chinese": "zh", "中文": "zh", "英文": "en", "german": "de", "french": "fr",
    "spanish": "es", "japanese": "ja", "korean": "ko", "russian": "ru", "portuguese": "pt",
    "italian": "it", "polish": "pl", "turkish": "tr",
}  # fmt: skip


def library_source(name: str, title: str) -> Source:
    """What is said of a file of references that a person keeps, such as RIS or BibTeX."""
    return Source(
        name,
        {"zh": f"{title} 题录文件", "en": f"{title} file"},
        {
            "zh": "由持有者从文献管理软件或数据库导出，使用受原数据库条款约束。",
            "en": "Exported by its holder from a reference manager or database, whose terms apply.",
        },
        {
            "zh": ["文献集合由检索式或收藏决定，数量与占比反映其范围。"],
            "en": ["The set of works is what a query or a collection holds; counts are its own."],
        },
    )


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


def openalex_date(day: str | None, year: str | None) -> str | None:
    """What OpenAlex knows of the date of publication: the day, or only its year.

    The service writes 1 January for works of which it knows the year, and does not mark them, so
    that a work dated so counts as dated by its year, which becomes 31 December: a work that did
    appear on 1 January comes up to a year late, and none comes too early. The year is the same.

    >>> openalex_date("2021-01-01", "2021"), openalex_date("2021-10-01", None)
    ('2021', '2021-10-01')
    """
    flat = (day or "").strip()
    return flat.removesuffix("-01-01") or (year or "").strip() or None


def language(text: str | None) -> str | None:
    """Two-letter code of a language given by code or by name; None where it is not known."""
    flat = (texts.tidy(text) or "").strip(";；").casefold()
    return flat if re.fullmatch(r"[a-z]{2}", flat) else LANGUAGES.get(flat)


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
    found = [author(name, address) for name, address in zip(names, placed, strict=True)]
    unnamed = (author(None, address) for address in unassigned)
    return [*found, *(party for party in unnamed if party.org or party.country)]


def author(name: str | None, address: str | None) -> Party:
    """An author with organisation and country of an address; its city is often a department."""
    place = read_affiliation(address)
    return Party(
        "author",
        name=texts.person(name) if name else None,
        org=place["org"],
        country=place["country"],
    )


def keywords(values: Sequence[str]) -> list[tuple[str, str, bool | None]]:
    """Classes of the scheme `keyword`."""
    return [("keyword", value, None) for value in values]


def document_type(text: str | None) -> str | None:
    """Type of a paper in lower case: `article`, `review`, `dissertation/thesis` …."""
    flat = texts.tidy(text)
    return flat.casefold() if flat else None
