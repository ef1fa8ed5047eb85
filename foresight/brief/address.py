"""Where a document can be read, from its id alone."""

from __future__ import annotations

import re
from urllib.parse import quote

from foresight.sources.numbers import publication

_DOI = re.compile(r"(?:doi:)?(10\.\d{4,9}/\S+)")
_LINKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"openalex:(W\d+)"), "https://openalex.org/"),
    (re.compile(r"arxiv:([\w.\-]+(?:/\d+)?)"), "https://arxiv.org/abs/"),
    (re.compile(r"pmid:(\d+)"), "https://pubmed.ncbi.nlm.nih.gov/"),
)
_ESPACENET = "https://worldwide.espacenet.com/patent/search?q=pn%3D"
_USPTO = "https://ppubs.uspto.gov/pubwebapp/external.html?q={}.pn."
_WIPO = "https://patentscope.wipo.int/search/en/detail.jsf?docId=WO{}"


def document_doi(doc_id: str) -> str | None:
    """The DOI of a document, where its id is one.

    >>> document_doi("doi:10.1016/j.joi.2017.08.007"), document_doi("US10000139")
    ('10.1016/j.joi.2017.08.007', None)
    """
    match = _DOI.fullmatch(doc_id)
    return None if match is None else match[1].replace("%3b", ";")


def document_url(doc_id: str) -> str | None:
    """Where a document can be read: DOI, the repository that numbered it, or Espacenet.

    Espacenet, of the European Patent Office, holds the publications of all offices. Ids that are
    none of these have no address.

    >>> document_url("CN118000001A")
    'https://worldwide.espacenet.com/patent/search?q=pn%3DCN118000001A'
    """
    if found := document_doi(doc_id):
        return f"https://doi.org/{quote(found, safe='/')}"
    for rule, start in _LINKS:
        if match := rule.fullmatch(doc_id):
            return start + match[1]
    number = publication(doc_id)
    if number is not None and number.doc_id == doc_id:
        return _ESPACENET + doc_id
    return None


def office_url(doc_id: str) -> str | None:
    """Where a document can be read at its source: as `document_url`, but patents at their office.

    United States patents by the permanent link that their office documents, international
    applications in WIPO's PATENTSCOPE; other offices' stay with Espacenet.

    >>> office_url("US10002292")
    'https://ppubs.uspto.gov/pubwebapp/external.html?q=10002292.pn.'
    """
    number = publication(doc_id)
    if number is not None and number.doc_id == doc_id:
        if number.office == "US":
            return _USPTO.format(number.number)
        if number.office == "WO":
            return _WIPO.format(number.number)
    return document_url(doc_id)
