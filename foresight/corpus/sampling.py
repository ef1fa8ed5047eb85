"""Drawing the documents of a track that a person reads, to judge retrieval by.

The frame holds every document that a term of the track points to, in the track or not, and every
document that the draft registry put into it; a sample is drawn from its strata by a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from foresight.corpus.select import MATCHED, STRATA

DROPPED = "dropped"
SAMPLED = {**STRATA, DROPPED: "in the draft registry's selection, not in the track"}
# Documents of each stratum before any gets more. What the draft had beyond is many times the
# track and seldom relevant: few readings would leave the loss unknown.
FLOORS = {**dict.fromkeys(STRATA, 15), DROPPED: 45}


def sampling_frame(strata: pd.DataFrame, *, draft: pd.DataFrame) -> pd.DataFrame:
    """Put together what a sample is drawn from: a track's strata and what the draft had beyond.

    Parameters
    ----------
    strata : DataFrame
        `foresight.corpus.select.track_strata` of the registry.
    draft : DataFrame
        The same of the draft registry (`foresight.tracks.draft_terms`).

    Returns
    -------
    DataFrame sorted by track and doc_id: doc_id, track, stratum
        Documents of the draft that are not in the track stand in the stratum `dropped`, whether
        or not a term of the registry points to them.
    """
    pair = ["track", "doc_id"]
    inside = strata.loc[strata["stratum"] != "near_miss", pair]
    drafted = draft.loc[draft["stratum"] != "near_miss", pair]
    lost = drafted.merge(inside, how="left", indicator=True)
    lost = lost.loc[lost["_merge"] == "left_only", pair].assign(stratum=DROPPED)
    both = pd.concat([lost, strata[[*pair, "stratum"]]]).drop_duplicates(pair)
    return both[["doc_id", "track", "stratum"]].sort_values(pair).reset_index(drop=True)


def allocate(sizes: Mapping[str, int], *, wanted: int) -> dict[str, int]:
    """Share a sample between strata.

    Each stratum gets documents in turn up to its floor (`FLOORS`); what is left goes to the
    strata of the track, on which precision rests, in proportion to the square roots of their
    sizes (power allocation, a compromise between the whole and its parts), by Sainte-Laguë's
    divisors. A larger sample therefore holds every smaller one.

    Parameters
    ----------
    sizes : mapping of stratum to its number of documents
    wanted : int
        Documents in all; fewer where the strata together have fewer.

    Returns
    -------
    dict of stratum to number to draw, in the order of `SAMPLED`

    References
    ----------
    Bankier (1988), doi:10.1080/00031305.1988.10475556 (power allocation).
    """
    room = {name: sizes.get(name, 0) for name in SAMPLED}
    given = dict.fromkeys(SAMPLED, 0)
    for _ in range(min(wanted, sum(room.values()))):
        roomy = [name for name in SAMPLED if given[name] < room[name]]
        low = [name for name in roomy if given[name] < FLOORS[name]]
        inside = [name for name in roomy if name in MATCHED]
        if low:
            chosen = min(low, key=lambda name: given[name] / FLOORS[name])
        else:
            chosen = max(inside or roomy, key=lambda name: room[name] ** 0.5 / (given[name] + 0.5))
        given[chosen] += 1
    return given


def draw_sample(frame: pd.DataFrame, *, track: str, wanted: int, seed: int) -> pd.DataFrame:
    """Draw documents of one track from its strata (see `allocate`).

    A document's turn within its stratum is decided by a hash of seed, track and id, so a larger
    sample of the same seed holds the smaller one, whatever else is in the corpus. The order of
    reading is another hash: it must not tell the reader from which stratum a document comes, as
    the turn would (the first of a large stratum have smaller hashes than those of a small one).

    Parameters
    ----------
    frame : DataFrame
        `sampling_frame`.
    track : str
    wanted : int
        Documents in all.
    seed : int

    Returns
    -------
    DataFrame in the order of reading: doc_id, stratum
    """
    rows = frame[frame["track"] == track]
    ordered = rows.assign(turn=_hashes(rows["doc_id"], f"{seed}\n{track}")).sort_values("turn")
    given = allocate(frame_sizes(frame, track), wanted=wanted)
    drawn = pd.concat(
        [ordered[ordered["stratum"] == name].head(count) for name, count in given.items()]
    )
    place = _hashes(drawn["doc_id"], f"{seed}\n{track}\nreading")
    drawn = drawn.assign(place=place).sort_values("place")
    return drawn[["doc_id", "stratum"]].reset_index(drop=True)


def _hashes(ids: pd.Series, salt: str) -> list[str]:
    return [hashlib.sha256(f"{salt}\n{doc}".encode()).hexdigest() for doc in ids]


def frame_sizes(frame: pd.DataFrame, track: str) -> dict[str, int]:
    """Documents of each stratum of a sampling frame, in the order of `SAMPLED`."""
    counts = frame.loc[frame["track"] == track, "stratum"].value_counts()
    return {name: int(counts.get(name, 0)) for name in SAMPLED}


def design_weights(labels: pd.DataFrame, sizes: Mapping[str, int]) -> pd.Series:
    """Number of documents that each labelled document stands for.

    Parameters
    ----------
    labels : DataFrame
        Column `stratum`: that from which the document was drawn.
    sizes : mapping of stratum to its number of documents when the sample was drawn

    Returns
    -------
    Series, index of `labels`: size of the stratum over its number of labels
    """
    read = labels["stratum"].map(labels["stratum"].value_counts())
    return labels["stratum"].map(dict(sizes)) / read
