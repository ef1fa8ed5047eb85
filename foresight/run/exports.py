"""Read from the corpus what the exports of a sector need beside its study."""

from __future__ import annotations

import pandas as pd

from foresight.brief.exports import ExportInputs
from foresight.brief.study import Study
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of
from foresight.tables import among

NO_CITES = pd.DataFrame(columns=["citing_id", "cited_id"], dtype="str")


def export_inputs(study: Study, *, corpus: Corpus) -> ExportInputs:
    """Records, parties and references of the track's documents.

    Parameters
    ----------
    study : Study
    corpus : Corpus
        What the study was made from; nothing later than its date is read.
    """
    view = as_of(corpus, study.as_of)
    ids = list(study.documents["doc_id"])
    cites = view.frame("references", ids) if corpus.manifest["rows"]["references"] else NO_CITES
    references = cites[["citing_id", "cited_id"]].drop_duplicates()
    inside = among(references["cited_id"], ids) & (
        references["citing_id"] != references["cited_id"]
    )
    return ExportInputs(
        records=view.frame("documents", ids),
        parties=view.frame("parties", ids),
        references=references[inside].reset_index(drop=True),
    )
