"""Where a document can be read: its office, its DOI, or the archive that it came from."""

from __future__ import annotations

import re
from urllib.parse import quote

PATENT = re.compile(r"^([A-Z]{2})([A-Z]{0,3}[0-9]+)([A-Z][0-9]{0,2})?$")
DOI = re.compile(r"^(?:doi:)?(10\.[0-9]{4,9}/\S+)$", re.IGNORECASE)
PLAIN = re.compile(r"^[0-9A-Za-z][0-9A-Za-z./-]*$")
ARCHIVES = {
    "arxiv": "https://arxiv.org/abs/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "openalex": "https://openalex.org/",
}


def address(doc_id: str) -> str | None:
    """Address of a document, from its id alone.

    United States patents are looked up at their office by the permanent link that it documents,
    international applications in WIPO's PATENTSCOPE, other offices' in Espacenet, papers by DOI or
    in the archive that their id names.

    Returns
    -------
    str or None
        An `https` address in which all of the id is quoted; None where the id names no public
        record.

    Examples
    --------
    >>> address("doi:10.1000/182"), address("cnki:00d27dc0180711ed")
    ('https://doi.org/10.1000/182', None)
    >>> address("US10002292")
    'https://ppubs.uspto.gov/pubwebapp/external.html?q=10002292.pn.'
    """
    doi = DOI.match(doc_id)
    if doi:
        return f"https://doi.org/{quote(doi[1], safe='/')}"
    archive, _, own = doc_id.partition(":")
    if archive in ARCHIVES and PLAIN.match(own):
        return ARCHIVES[archive] + quote(own, safe="/")
    patent = PATENT.match(doc_id)
    if patent is None:
        return None
    office, number, _ = patent.groups()
    if office == "US":
        return f"https://ppubs.uspto.gov/pubwebapp/external.html?q={number}.pn."
    if office == "WO":
        return f"https://patentscope.wipo.int/search/en/detail.jsf?docId=WO{number}"
    return f"https://worldwide.espacenet.com/patent/search?q=pn%3D{doc_id}"
