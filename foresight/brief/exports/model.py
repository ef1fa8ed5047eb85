"""What the exports of a sector are made from, beside its study."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd

from foresight.brief.study import Study
from foresight.sources.numbers import doi, publication

_LINKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"openalex:(W\d+)"), "https://openalex.org/"),
    (re.compile(r"arxiv:([\w.\-]+(?:/\d+)?)"), "https://arxiv.org/abs/"),
    (re.compile(r"pmid:(\d+)"), "https://pubmed.ncbi.nlm.nih.gov/"),
)
_ESPACENET = "https://worldwide.espacenet.com/patent/search?q=pn%3D"


@dataclass(frozen=True)
class ExportInputs:
    """What a study does not hold and its exports need, as known at its date.

    Attributes
    ----------
    records : DataFrame, table DOCUMENTS, of the track's documents
    parties : DataFrame, table PARTIES, of the same
    references : DataFrame
        citing_id, cited_id: references from a document of the track to another of the track.
    """

    records: pd.DataFrame
    parties: pd.DataFrame
    references: pd.DataFrame


@dataclass(frozen=True)
class Network:
    """Nodes and weighted links, before any file format.

    Attributes
    ----------
    directed : bool
    nodes : DataFrame, sorted by id
        id, label, description (plain text), url, x, y, colour (number of the topic, null where
        there is none), then the columns of `weights`, `scores` and `facts`; values may be null.
    links : DataFrame, sorted by source, target
        source, target (ids), weight (above zero).
    weights, scores : dict
        Columns that VOSviewer may size and colour items by, with their names there.
    facts : tuple of str
        Columns that only GraphML carries.
    about : dict
        What a reader must know: title, as_of, corpus, digest, nodes, links, limit.
    """

    directed: bool
    nodes: pd.DataFrame
    links: pd.DataFrame
    weights: Mapping[str, str]
    scores: Mapping[str, str]
    facts: tuple[str, ...]
    about: Mapping[str, str]


def about_study(study: Study) -> dict[str, str]:
    """What every export says of where it comes from; one line of text each."""
    return {
        "track": f"{study.track.name_zh} ({study.track.name_en})",
        "as_of": study.as_of,
        "corpus": study.corpus.title["en"],
        "licence": study.corpus.licence["en"],
        "digest": study.digest,
    }


def document_doi(doc_id: str) -> str | None:
    """The DOI of a document, where its id is one.

    >>> document_doi("doi:10.1016/j.joi.2017.08.007"), document_doi("US10000139")
    ('10.1016/j.joi.2017.08.007', None)
    """
    if not doc_id.startswith("doi:"):
        return None
    found = doi(doc_id, whole=True)
    return None if found is None else found.replace("%3b", ";")


def document_url(doc_id: str) -> str | None:
    """Where a document can be read: DOI, the repository that numbered it, or Espacenet.

    Espacenet, of the European Patent Office, holds the publications of all offices. Ids that are
    none of these have no address.

    >>> document_url("CN118000001A")
    'https://worldwide.espacenet.com/patent/search?q=pn%3DCN118000001A'
    """
    if found := document_doi(doc_id):
        return f"https://doi.org/{quote(found, safe='/:')}"
    for rule, start in _LINKS:
        if match := rule.fullmatch(doc_id):
            return start + match[1]
    number = publication(doc_id)
    if number is not None and number.doc_id == doc_id:
        return _ESPACENET + doc_id
    return None
