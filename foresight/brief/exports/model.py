"""What the exports of a sector are made from, beside its study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from foresight.brief.study import Study


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
