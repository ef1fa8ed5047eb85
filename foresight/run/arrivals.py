"""What the deliveries of a corpus brought for a track, and what else its pages tell of the corpus.

The newest delivery that concerns a track is told of on its brief; one that does not leaves the
brief as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from foresight.corpus.deliveries import arrivals
from foresight.corpus.select import match_tracks, track_strata
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of
from foresight.provenance import frame_digest, text_digest
from foresight.run.labelling import weighted_labels
from foresight.run.track_record import valid_metrics
from foresight.tracks import Registry


def track_arrivals(corpus: Corpus, doc_ids: Iterable[str]) -> pd.DataFrame:
    """Documents of a track that came by a delivery.

    Parameters
    ----------
    corpus : Corpus
    doc_ids : iterable of str
        The track's documents.

    Returns
    -------
    DataFrame, sorted by delivery and doc_id
        doc_id, delivery (number), label, added (ISO date), replaced (bool: the corpus had it
        before, otherwise).
    """
    found = arrivals(corpus)
    own = found[found["doc_id"].isin(set(doc_ids))]
    return own.reset_index(drop=True)


def pages_digests(
    corpus: Corpus, registry: Registry, tracks: Sequence[str], *, date: str
) -> dict[str, str]:
    """Digest of what each track's pages tell beside the numbers of the study, by slug.

    Parameters
    ----------
    corpus : Corpus
    registry : Registry
    tracks : sequence of str
        Slugs.
    date : str
        ISO date of knowledge.
    """
    retrieval = _retrieval(corpus, registry, tracks)
    came = _arrivals(corpus, registry, tracks, date=date)
    record = "" if valid_metrics(corpus, date=date) is None else "record"
    return {slug: text_digest(retrieval[slug], came[slug], record) for slug in tracks}


def _arrivals(
    corpus: Corpus, registry: Registry, tracks: Sequence[str], *, date: str
) -> dict[str, str]:
    found = dict.fromkeys(tracks, "")
    every = arrivals(corpus)
    if every.empty:
        return found
    documents = as_of(corpus, date).documents.select("doc_id")
    known = set(corpus.read(documents)["doc_id"])
    matches = match_tracks(corpus, registry.terms())[["track", "doc_id"]].drop_duplicates()
    matches = matches[matches["doc_id"].isin(known)]
    joined = every.merge(matches, on="doc_id")
    for slug, rows in joined.groupby("track"):
        if slug in found:
            found[str(slug)] = frame_digest(rows.reset_index(drop=True))
    return found


def _retrieval(corpus: Corpus, registry: Registry, tracks: Sequence[str]) -> dict[str, str]:
    """Digests of what the quality of retrieval is estimated from, beside the labels."""
    labels = {slug: weighted_labels(slug, corpus.name) for slug in tracks}
    if not any(labels.values()):
        return dict.fromkeys(tracks, "")
    strata = track_strata(corpus, registry.terms())
    found = {}
    for slug, kept in labels.items():
        rows = strata[strata["track"] == slug]
        sizes = sorted(rows["stratum"].value_counts().items())
        read = set(kept[1]["doc_id"]) if kept is not None else set()
        marks = rows[rows["doc_id"].isin(read)].reset_index(drop=True)
        found[slug] = "" if kept is None else text_digest(str(sizes), frame_digest(marks))
    return found
