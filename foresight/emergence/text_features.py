"""Features from the words of a unit's documents; missing without texts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from foresight.emergence.registry import Feature
from foresight.emergence.snapshot import Snapshot
from foresight.emergence.usage import (
    RECENT,
    first_years,
    item_mean,
    momentum,
    recent_years,
    unit_mean,
    years_before,
)
from foresight.indicators.new_terms import new_terms
from foresight.indicators.text_novelty import text_novelty

Floats = NDArray[np.float64]
Terms = Callable[[Snapshot], sparse.csr_array]
Compute = Callable[[Snapshot], pd.Series]

FRESH = 5  # years for which a word counts as fresh after its first use in the corpus
WARM_UP = 5  # first years of the corpus, in which nearly every word is a new one
LEAST_FRESH = 5  # uses of fresh words in a unit, for how they are shared


def words(snapshot: Snapshot) -> sparse.csr_array:
    """Documents by words."""
    return snapshot.words


def bigrams(snapshot: Snapshot) -> sparse.csr_array:
    """Documents by pairs of neighbouring words."""
    return snapshot.bigrams


def _measured(snapshot: Snapshot) -> pd.DataFrame:
    return text_novelty(
        snapshot.words, snapshot.years, last_year=snapshot.last_year, forward=RECENT
    )


def novel_text(snapshot: Snapshot) -> pd.Series:
    """Mean percentile, within the year, of how unlike the texts of five years before texts are.

    Of documents of T-2 … T (`foresight.indicators.text_novelty`).
    """
    if not snapshot.words.shape[1]:
        return snapshot.missing()
    return unit_mean(snapshot, _measured(snapshot)["novelty"].to_numpy(), recent_years(snapshot))


def breakthrough(snapshot: Snapshot) -> pd.Series:
    """Mean percentile, within the year, of how like later and unlike earlier texts texts are.

    Of documents of T-5 … T-3: likeness to the three years after them over likeness to the five
    before, so that no document after T is needed.
    """
    if not snapshot.words.shape[1]:
        return snapshot.missing()
    found = _measured(snapshot)["breakthrough_rank"].to_numpy()
    return unit_mean(snapshot, found, years_before(snapshot))


def new_share(terms: Terms) -> Compute:
    """A feature: share of a document's terms that no earlier year has; mean of T-2 … T.

    Arts, Hou & Gomez (2021), doi:10.1016/j.respol.2020.104144, by years.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        carried, years = terms(snapshot), snapshot.years
        if not carried.shape[1]:
            return snapshot.missing()
        found = new_terms(
            carried, years, years, last_year=snapshot.last_year, horizon=0, warm_up=WARM_UP
        )
        return unit_mean(
            snapshot, (found["n_new"] / found["n_terms"]).to_numpy(), recent_years(snapshot)
        )

    return compute


def _fresh(snapshot: Snapshot, carried: sparse.csr_array) -> NDArray[np.bool_] | None:
    """Terms first used in the last five years; None while the corpus is too short to tell."""
    if not carried.shape[1] or len(snapshot.totals) < FRESH + WARM_UP:
        return None
    return first_years(snapshot, carried) > snapshot.last_year - FRESH


def fresh_share(terms: Terms) -> Compute:
    """A feature: share of a document's terms that the corpus has used for at most five years.

    Mean of T-2 … T; takes up what others began too, where `new_share` counts beginnings alone.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        carried = terms(snapshot)
        fresh = _fresh(snapshot, carried)
        if fresh is None:
            return snapshot.missing()
        return item_mean(snapshot, carried, fresh.astype(float), recent_years(snapshot))

    return compute


def term_momentum(terms: Terms) -> Compute:
    """A feature: growth, among all other documents, of the terms of a unit's recent documents.

    See `foresight.emergence.usage.momentum`.
    """

    def compute(snapshot: Snapshot) -> pd.Series:
        return momentum(snapshot, terms(snapshot))

    return compute


FEATURES = (
    Feature("novel_text", novel_text),
    Feature("breakthrough", breakthrough),
    Feature("new_words", new_share(words)),
    Feature("new_bigrams", new_share(bigrams)),
    Feature("fresh_words", fresh_share(words)),
    Feature("fresh_bigrams", fresh_share(bigrams)),
    Feature("word_momentum", term_momentum(words)),
    Feature("bigram_momentum", term_momentum(bigrams)),
)
