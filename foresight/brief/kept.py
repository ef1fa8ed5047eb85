"""The kept results of an earlier run: what a brief is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

INPUTS = {
    "corpus": ("语料", "the corpus"),
    "registry": ("检索词表", "the registry of search terms"),
    "settings": ("参数", "settings"),
    "code": ("计算程序", "the code that computes"),
}
"""Inputs of a run that may differ from those of another, in words."""


@dataclass(frozen=True)
class KeptRun:
    """What an earlier run left in its folder.

    Attributes
    ----------
    as_of : str
        ISO date of the earlier run.
    scores : DataFrame
        unit_id, unit_kind, label_zh, label_en, score, rank, rank_lo, rank_hi, p_growth, n_docs.
    candidates : DataFrame
        unit_id, rule of those that stood in its list.
    topics : DataFrame
        topic_id, label_zh, label_en.
    documents : DataFrame
        doc_id, kind of the track's documents.
    differs : tuple of str or None
        Keys of `INPUTS` that are not the same now; None where the run did not record them.
    """

    as_of: str
    scores: pd.DataFrame
    candidates: pd.DataFrame
    topics: pd.DataFrame
    documents: pd.DataFrame
    differs: tuple[str, ...] | None
