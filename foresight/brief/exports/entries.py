"""The evidence of a brief as bibliographic entries, before any file format."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foresight.brief.address import document_doi, document_url
from foresight.brief.escape import plain
from foresight.brief.exports.model import ExportInputs

KEY_LENGTH = 60
_KEY_OUT = re.compile(r"[^A-Za-z0-9.:/_-]")
# What a type of document contains (in any source's words), and the kind of entry it makes.
_KINDS = (
    ("preprint", ("preprint", "posted-content", "submitted")),
    ("chapter", ("chapter", "incollection")),
    ("conference", ("conference", "proceedings", "conf.", "会议")),
    ("thesis", ("thesis", "dissertation", "学位", "博士", "硕士")),
    ("report", ("report",)),
    ("book", ("book",)),
)
_PARTICLES = frozenset("de del della der den di du el la le ten ter van von zu".split())
_SUFFIX = re.compile(r"(?i)(jr|sr)\.?|i{2,3}|iv")
_WORD = re.compile(r"[A-Za-zÀ-ɏ'’.\-]+")


@dataclass(frozen=True)
class Entry:
    """One cited document; texts are one visible line each, null where the corpus lacks them.

    `kind` is `patent`, `article`, `conference`, `chapter`, `book`, `thesis`, `report` or
    `preprint`; `key` is the citation key; `number` a patent's publication number; `persons` are
    inventors or authors in order, `owners` a patent's organisations; `cited_in` are the ids of the
    claims and candidates that the document stands behind.
    """

    key: str
    doc_id: str
    kind: str
    title: str
    abstract: str | None
    language: str | None
    published: str
    office: str | None
    doc_type: str | None
    venue: str | None
    number: str | None
    doi: str | None
    url: str | None
    persons: tuple[str, ...]
    owners: tuple[str, ...]
    cited_in: tuple[str, ...]


def evidence(claims: pd.DataFrame, candidates: pd.DataFrame, *, track: str) -> dict[str, list[str]]:
    """Documents that a brief cites as evidence, with the claims and candidates they stand behind.

    Cited are the documents of every candidate, and those of every claim about a topic or a
    sub-direction. Claims about the track as a whole count all its documents, or samples of the
    corpus; they choose none, and are left out.

    Parameters
    ----------
    claims, candidates : DataFrame
        From `make_claims` and `make_candidates`.
    track : str
        Slug, which is the `unit_id` of claims about the whole.
    """
    chosen = claims[claims["unit_id"] != track]
    pairs = [
        *zip(chosen["claim_id"], chosen["doc_ids"], strict=True),
        *zip(candidates["candidate_id"], candidates["doc_ids"], strict=True),
    ]
    found: dict[str, list[str]] = defaultdict(list)
    for name, cell in pairs:
        for doc_id in cell.split(";") if isinstance(cell, str) and cell else []:
            found[doc_id].append(str(name))
    return {doc_id: sorted(found[doc_id]) for doc_id in sorted(found)}


def entries(cited: dict[str, list[str]], inputs: ExportInputs) -> list[Entry]:
    """Entries of cited documents, sorted by doc_id; documents outside the track have none."""
    records = inputs.records[inputs.records["doc_id"].isin(cited)]
    parties = inputs.parties[inputs.parties["doc_id"].isin(cited)]
    named = parties.assign(org=parties["org"].fillna(parties["name"]))
    people = _names(parties[parties["role"].isin(["author", "inventor"])], "name")
    owners = _names(named[named["role"] == "owner"], "org")
    applicants = _names(named[named["role"] == "applicant"], "org")
    return [
        _entry(
            row,
            persons=people.get(row["doc_id"], ()),
            owners=owners.get(row["doc_id"]) or applicants.get(row["doc_id"], ()),
            cited_in=tuple(cited[row["doc_id"]]),
        )
        for row in records.sort_values("doc_id").to_dict("records")
    ]


def citation_key(doc_id: str) -> str:
    """A citation key that BibTeX, biblatex and Pandoc accept and that depends on the id alone.

    Where the id has other characters, is long, or begins with a sign, a digest keeps keys apart.

    >>> citation_key("US10000139"), citation_key("ris:a b")
    ('US10000139', 'ris:a-b-1a21fcc3')
    """
    key = _KEY_OUT.sub("-", doc_id)[:KEY_LENGTH]
    if key == doc_id and key[:1].isalnum():
        return key
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key.lstrip('.:/_-') or 'doc'}-{digest}"


def family_first(name: str) -> str:
    """A person's name in Latin letters as `Family, Given`; any other name as it is.

    The family name is the last word, with the lower-case particles before it, as BibTeX reads a
    name. Names of one word, with a suffix, a comma, or signs that no name has stay as they are.

    >>> family_first("Ludwig van der Berg"), family_first("王小明"), family_first("A. Li Jr.")
    ('van der Berg, Ludwig', '王小明', 'A. Li Jr.')
    """
    words = name.split(" ")
    if len(words) < 2 or not all(map(_WORD.fullmatch, words)) or _SUFFIX.fullmatch(words[-1]):
        return name
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


def _entry(
    row: dict[Any, Any],
    *,
    persons: tuple[str, ...],
    owners: tuple[str, ...],
    cited_in: tuple[str, ...],
) -> Entry:
    doc_id = str(row["doc_id"])
    patent = row["kind"] == "patent"
    return Entry(
        key=citation_key(doc_id),
        doc_id=plain(doc_id),
        kind="patent" if patent else _kind(_text(row["doc_type"])),
        title=plain(row["title"]),
        abstract=_text(row["abstract"]),
        language=_text(row["language"]),
        published=str(row["published"]),
        office=_text(row["office"]),
        doc_type=_text(row["doc_type"]),
        venue=_text(row["venue"]),
        number=plain(doc_id) if patent else None,
        doi=document_doi(doc_id),
        url=document_url(doc_id),
        persons=persons,
        owners=owners if patent else (),
        cited_in=cited_in,
    )


def _text(value: Any) -> str | None:
    return plain(value) or None if isinstance(value, str) else None


def _kind(doc_type: str | None) -> str:
    flat = (doc_type or "").casefold()
    return next((kind for kind, words in _KINDS if any(w in flat for w in words)), "article")


def _names(parties: pd.DataFrame, column: str) -> dict[str, tuple[str, ...]]:
    """Names of each document's parties in order of position, each once."""
    ordered = parties.sort_values(["doc_id", "role", "position"])
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for doc_id, name in zip(ordered["doc_id"], ordered[column], strict=True):
        if text := _text(name):
            found[doc_id][text] = None
    return {doc_id: tuple(names) for doc_id, names in found.items()}
