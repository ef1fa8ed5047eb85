"""Features of thin units, drawn towards those of their track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foresight.emergence.drift import DIRECTIONS
from foresight.emergence.features import FEATURES, Features
from foresight.emergence.score import Reference

Floats = NDArray[np.float64]

MEANS = ("vitality", "novelty", "newcomers", "new_people", *DIRECTIONS)
"""Features that are means over a unit's documents. Growth is shrunk already (`features`); numbers
of organisations and countries rise with the number of documents and have no common value."""


def drawn_to_track(found: Features, track: Features, against: Reference) -> Features:
    """Draw features of units towards the track's, the more, the less their documents tell.

        value = track + b (value - track),  b = spread / (spread + variance by chance)

    with `spread` the variance of the feature among the topics of the corpus, and the variance by
    chance that of the bootstrap draws. Draws have the posterior's width, sqrt(b) of the
    bootstrap's. A value that is missing is the track's.

    Parameters
    ----------
    found : Features
        Of the units of a track.
    track : Features
        Of one unit: all documents of the track.
    against : Reference

    Returns
    -------
    Features
        With values and draws for the score; the intervals of `table` are those of `found`.

    References
    ----------
    Morris (1983), doi:10.1080/01621459.1983.10477920, with the variance between units taken from
    elsewhere; towards the track as the smallest set that holds the unit. The choice is ours.
    """
    if not found.units:
        return found
    draws, table = found.draws.copy(), found.table.copy()
    for name in MEANS:
        known, centre = against.known(name), float(track.values(name).iloc[0])
        points = found.values(name).to_numpy(dtype=float)
        if len(known) < 2 or np.isnan(centre):
            continue
        place, spread = FEATURES.index(name), float(known.var(ddof=1))
        chance = draws[:, place].var(axis=1)
        share = np.where(spread + chance > 0, spread / np.maximum(spread + chance, 1e-300), 1.0)
        drawn = centre + share * (points - centre)
        about = (draws[:, place] - points[:, np.newaxis]) * np.sqrt(share)[:, np.newaxis]
        silent = np.isnan(points)
        drawn[silent], about[silent] = centre, 0.0
        draws[:, place] = drawn[:, np.newaxis] + about
        rows = (table["indicator"] == name).to_numpy()
        units = [found.units.index(unit) for unit in table.loc[rows, "unit_id"]]
        table.loc[rows, "value"] = drawn[units]
    return replace(found, draws=draws, table=table)
