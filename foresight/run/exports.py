"""Read from corpus and caches what the exports of a sector need beside its study."""

from __future__ import annotations

import pandas as pd

from foresight.brief.exports import ExportInputs
from foresight.brief.study import Study
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of
from foresight.run.stage import Stage
from foresight.run.vectors import vector_cache
from foresight.topics.embedding import embed
from foresight.topics.encoders import encoder_named
from foresight.topics.model import texts_of
from foresight.topics.similarity import COLUMNS, topic_similarity


def export_inputs(study: Study, *, corpus: Corpus, stage: Stage) -> ExportInputs:
    """Records, parties and references of the track's documents, and how alike its topics are.

    Parameters
    ----------
    study : Study
    corpus, stage
        What the study was made from; nothing later than its date is read.
    """
    view = as_of(corpus, study.as_of)
    ids = list(study.documents["doc_id"])
    references = view.frame("references", ids)[["citing_id", "cited_id"]].drop_duplicates()
    inside = references["cited_id"].isin(ids) & (references["citing_id"] != references["cited_id"])
    return ExportInputs(
        records=view.frame("documents", ids),
        parties=view.frame("parties", ids),
        references=references[inside].reset_index(drop=True),
        similarity=_similarity(study, stage),
    )


def _similarity(study: Study, stage: Stage) -> pd.DataFrame:
    if study.topics.empty:
        return pd.DataFrame(columns=COLUMNS)
    topics = study.documents.set_index("doc_id")["topic_id"]
    name = study.settings.encoder
    texts = texts_of(stage.documents.loc[topics.index])
    vectors = embed(texts, encoder=encoder_named(name), cache=vector_cache(name))
    return topic_similarity(topics, vectors)
