"""What a patent navigation is asked for, and what it has found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from foresight.navigation.presence import presence
from foresight.run.navigation_ground import Ground, Region
from foresight.settings import Settings
from foresight.tracks import Registry, Track


@dataclass(frozen=True)
class Task:
    """What is asked: track, region, date, and what the caller declares of the corpus.

    Attributes
    ----------
    track, region, registry, settings
    date : str
        ISO date of knowledge.
    last_year : int
        Last complete year.
    known_on : str or None
        Day on which statuses and lists of families were read.
    events_complete : bool
    strategic : DataFrame or None
        The official table of classes; None for the plan's.
    pledges : DataFrame or None
    threshold : float
        Of pledges.
    """

    track: Track
    region: Region
    registry: Registry
    settings: Settings
    date: str
    last_year: int
    known_on: str | None = None
    events_complete: bool = False
    strategic: pd.DataFrame | None = None
    pledges: pd.DataFrame | None = None
    threshold: float = 0.0

    def rng(self, part: int) -> np.random.Generator:
        """The generator of a part: no part's draws depend on another's."""
        return np.random.default_rng([self.settings.seed, part])

    @property
    def told(self) -> bool:
        """Whether statuses and lists of families may be read."""
        return self.known_on is not None and self.known_on <= self.date


@dataclass(frozen=True)
class Analysis:
    """One navigation in the making.

    Attributes
    ----------
    ground : Ground
    task : Task
    tables : dict of name to DataFrame
        What has been found; a name that begins with `_` is for later parts, not for the report.
    silent : dict of name to str
        Why a table is empty.
    """

    ground: Ground
    task: Task
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)

    @property
    def members(self) -> pd.DataFrame:
        """unit_id, doc_id of the track and its branches."""
        return self.ground.of_track(self.task.track.slug)

    @property
    def documents(self) -> pd.DataFrame:
        """Counted documents of the track."""
        documents = self.ground.documents
        return documents[documents["doc_id"].isin(self.members["doc_id"])]

    def inside(self) -> pd.Series:
        """Whether each counted document of the corpus involves the region; null: not known."""
        ids = pd.Index(self.ground.documents["doc_id"])
        levels = self.ground.levels(ids, self.task.region)
        rows = levels[levels["level"] == self.task.region.level]
        return rows.set_index("doc_id")["inside"]


def with_presence(table: pd.DataFrame, held: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """A table of holders with local, n_known, n_inside of `presence`.

    Parameters
    ----------
    table : DataFrame
    held : DataFrame, as for `presence`
    key : str
        The holder's column in `table`.
    """
    known = presence(held)
    columns = {str(name): table[key].map(known[name]) for name in known}
    return table.assign(**columns).astype({"local": "boolean"})
