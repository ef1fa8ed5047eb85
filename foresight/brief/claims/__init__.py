"""Claims: each sentence that carries a number, with its interval or n and its documents."""

from __future__ import annotations

import pandas as pd

from foresight.brief.claims.lineage import lineage_claims
from foresight.brief.claims.lists import actor_claims, list_claims
from foresight.brief.claims.model import UNIT_WORD, UNIT_WORDS, Claim, Claims
from foresight.brief.claims.record import record_claims
from foresight.brief.claims.retrieval import retrieval_claims
from foresight.brief.claims.standing import standing_claims, standing_organisation_claims
from foresight.brief.claims.summary import cover_claims, summary_claims
from foresight.brief.claims.trends import (
    gaps,
    landscape_claims,
    navigation_claims,
    topic_claims,
)
from foresight.brief.reading import Reading
from foresight.brief.study import Study

MAKERS = (
    cover_claims,
    summary_claims,
    landscape_claims,
    topic_claims,
    lineage_claims,
    navigation_claims,
    standing_claims,
    actor_claims,
    standing_organisation_claims,
    list_claims,
    record_claims,
    retrieval_claims,
)

__all__ = ["UNIT_WORD", "UNIT_WORDS", "Claim", "Claims", "gaps", "make_claims", "read_claims"]


def read_claims(reading: Reading) -> Claims:
    """All claims of a study that has been read."""
    return Claims(claim for maker in MAKERS for claim in maker(reading))


def make_claims(study: Study) -> pd.DataFrame:
    """Table of claims.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame, one row per claim, by section and number
        claim_id (`S2-01`), section (1 to 11), unit_id (topic, sub-direction or track),
        statement_zh, statement_en, value with lo and hi (95 %; null for plain counts), n (documents
        that the value rests on; in section 10 topics), unit (`documents`, `score 0-100`, `share`,
        `share per year`, `organisations`, `items`, `candidates`, `units`, `rank`,
        `adjusted Rand index`, `Spearman correlation`, `difference of Spearman correlations`,
        `cut-offs`),
        doc_ids (";"-joined, sorted; in section 10 rows of the backtest, such as
        `backtest/results.csv#composite@2010`: method `composite` at cut-off 2010).
    """
    return read_claims(Reading(study)).frame()
