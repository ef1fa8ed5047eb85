"""What a corpus report is made from, as plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from foresight.brief.study import CorpusCard

MIN_SERIES = 100  # documents up to the last complete year below which a row's series is not drawn
MIN_TRACK = 100  # documents of a track below which its precision is left out of the summary
GOAL = 0.90  # precision that a track is meant to have


@dataclass(frozen=True)
class CorpusTables:
    """The results for one corpus and one as-of date; `foresight.run` fills it, nothing is computed.

    Attributes
    ----------
    card : CorpusCard
    manifest : dict
        Of the corpus: origin, counts, caveats, parts, first_published, last_published.
    as_of : str
        ISO date of knowledge; nothing published later is in any table.
    last_published : str
        Latest date of publication by then.
    last_year : int
        Last complete year.
    composition : DataFrame
        `foresight.corpus.coverage.composition`.
    fields, field_years : DataFrame
        `fill_rates` and `fill_years` of the same module.
    duplicates : DataFrame
        `duplicate_counts` of the same module.
    quality : DataFrame
        `foresight.run.quality.quality_frame`.
    moves, moved_years : DataFrame
        `foresight.corpus.moves.describe_moves` and `moved_years`.
    digest : str
        SHA-256 of everything that the report depends on.
    """

    card: CorpusCard
    manifest: dict[str, Any]
    as_of: str
    last_published: str
    last_year: int
    composition: pd.DataFrame
    fields: pd.DataFrame
    field_years: pd.DataFrame
    duplicates: pd.DataFrame
    quality: pd.DataFrame
    moves: pd.DataFrame
    moved_years: pd.DataFrame
    digest: str

    @property
    def first_year(self) -> int:
        """Year of the first document."""
        return int(self.card.years["year"].iloc[0])

    @property
    def measured(self) -> pd.DataFrame:
        """Tracks whose precision is known."""
        return self.quality[self.quality["precision"].notna()]

    @property
    def drawn(self) -> dict[str, pd.DataFrame]:
        """Rows of `moves` whose series are drawn, by how they stand to the end of the corpus.

        `crossed`: complete years of the new edition are in the corpus; `beside`: none, and
        documents carry new symbols all the same; `ahead`: none, and none does. Sorted by the year
        of the move.
        """
        moves = self.moves[~self.moves["state"].isin(["empty", "in_place"])]
        moves = moves[moves["n_either"] >= MIN_SERIES].sort_values(["moved", "row"])
        ahead = moves["state"] == "ahead"
        tagged = moves["n_new"] > 0
        return {
            "crossed": moves[~ahead],
            "beside": moves[ahead & tagged],
            "ahead": moves[ahead & ~tagged],
        }
