"""`foresight corpus why`: by which terms a document is in a track, or just not."""

from __future__ import annotations

import ibis
import pandas as pd

from foresight.corpus.hits import find_hits, look_for
from foresight.corpus.select import apply_rules
from foresight.corpus.store import Corpus
from foresight.errors import CorpusError
from foresight.tracks import Registry

KIND_WORDS = {
    "core_class": "core class",
    "broad_class": "broad class",
    "keyword_en": "keyword",
    "keyword_zh": "keyword",
    "context_en": "context keyword",
    "context_zh": "context keyword",
    "topic": "topic",
    "exclude_class": "excluded class",
    "exclude_en": "excluded term",
    "exclude_zh": "excluded term",
}
WANTING = {
    "broad_class": "counts only beside a keyword of the same sub-direction",
    "context_en": "counts only beside a class of the same sub-direction",
    "context_zh": "counts only beside a class of the same sub-direction",
    "exclude_class": "keeps the document out",
    "exclude_en": "keeps the document out",
    "exclude_zh": "keeps the document out",
}


def explain(corpus: Corpus, registry: Registry, *, doc_id: str) -> str:
    """Say by which terms a document is in its tracks, and which did not suffice elsewhere.

    Returns
    -------
    str, several lines of plain text

    Raises
    ------
    CorpusError
        If the corpus has no such document.
    """
    documents = corpus.table("documents")
    rows = corpus.read(documents.filter(documents.doc_id == doc_id))
    if rows.empty:
        msg = (
            f"Corpus {corpus.name} has no document {doc_id!r}. Ids are written as in "
            "documents.csv of a brief, for example "
            f"{corpus.read(documents.select('doc_id').order_by('doc_id').limit(1))['doc_id'][0]}."
        )
        raise CorpusError(msg)
    table = corpus.work.arrow(find_hits(corpus, look_for(registry.terms()), doc_id=doc_id))
    hits = table.to_pandas()
    matches = corpus.read(apply_rules(ibis.memtable(table)))
    document = rows.iloc[0]
    lines = [f"{doc_id} ({document['published']}) {document['title']}"]
    if hits.empty:
        return "\n".join([*lines, "no class or term of any track points to it"])
    for slug in registry.slugs:
        of_track = hits[hits["track"] == slug]
        if len(of_track):
            lines += _track_lines(registry, slug, of_track, matches[matches["track"] == slug])
    return "\n".join(lines)


def _track_lines(
    registry: Registry, slug: str, hits: pd.DataFrame, matches: pd.DataFrame
) -> list[str]:
    counted = set(zip(matches["sub_direction"].fillna(""), matches["term"], strict=True))
    head = f"{slug} {registry.track(slug).name_zh}: {'in' if counted else 'not in'}"
    lines = ["", head]
    rows = hits.fillna("").sort_values(["kind", "sub_direction", "term"]).astype(str)
    for kind, sub, term in zip(rows["kind"], rows["sub_direction"], rows["term"], strict=True):
        note = "" if (sub, term) in counted else WANTING.get(kind, "")
        lines.append(f"  {KIND_WORDS[kind]} {term!r} ({sub or 'whole track'}) {note}".rstrip())
    return lines
