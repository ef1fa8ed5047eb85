"""How sure retrieval is: precision and recall of a track, from a labelled sample.

GB/T 39551-2020 asks a patent-navigation report for both (查准率, 查全率).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.corpus.select import MATCHED, STRATA
from foresight.intervals import wilson

Floats = NDArray[np.float64]

DRAWS = 4000  # of the recall's interval


@dataclass(frozen=True)
class Share:
    """An estimated share with its 95 % interval; `n` labelled documents stand behind it."""

    value: float
    lo: float
    hi: float
    n: int


@dataclass(frozen=True)
class Quality:
    """Retrieval quality of one track.

    Attributes
    ----------
    track : str
    sizes : dict of stratum to number of documents of the corpus
    precision : Share or None
        Of the documents in the track, the share that belong there. None without labels in it.
    recall : Share or None
        Of the documents that belong to the track, the share that are in it; None where the
        two routes share no relevant document.
    near_miss : Share or None
        Of the documents outside that share a class or term, the share that belong in.
    covered : float
        Share of the track's documents whose stratum has labels.
    unclear : int
        Labelled documents that could not be decided; they count as not belonging.
    """

    track: str
    sizes: dict[str, int]
    precision: Share | None
    recall: Share | None
    near_miss: Share | None
    covered: float
    unclear: int


def allocate(sizes: Mapping[str, int], *, wanted: int) -> dict[str, int]:
    """Share a sample between strata evenly; what a small stratum cannot give, others do.

    Parameters
    ----------
    sizes : mapping of stratum to its number of documents
    wanted : int
        Documents in all; fewer where the strata together have fewer.

    Returns
    -------
    dict of stratum to number to draw, in the order of `STRATA`
    """
    given = dict.fromkeys(STRATA, 0)
    left = min(wanted, sum(sizes.get(name, 0) for name in STRATA))
    while left:
        roomy = [name for name in STRATA if given[name] < sizes.get(name, 0)]
        for name in roomy[:left]:
            given[name] += 1
        left -= min(left, len(roomy))
    return given


def draw_sample(strata: pd.DataFrame, *, track: str, wanted: int, seed: int) -> pd.DataFrame:
    """Draw documents of one track, evenly from its strata.

    A document's turn is decided by a hash of seed, track and id, so a larger sample of the same
    seed holds the smaller one, whatever else is in the corpus.

    Parameters
    ----------
    strata : DataFrame
        `foresight.corpus.select.track_strata`.
    track : str
    wanted : int
        Documents in all.
    seed : int

    Returns
    -------
    DataFrame sorted by turn: doc_id, stratum
    """
    rows = strata[strata["track"] == track]
    turns = [
        hashlib.sha256(f"{seed}\n{track}\n{doc}".encode()).hexdigest() for doc in rows["doc_id"]
    ]
    ordered = rows.assign(turn=turns).sort_values("turn")
    given = allocate(stratum_sizes(strata, track), wanted=wanted)
    parts = [ordered[ordered["stratum"] == name].head(count) for name, count in given.items()]
    drawn = pd.concat(parts).sort_values("turn")
    return drawn[["doc_id", "stratum"]].reset_index(drop=True)


def stratum_sizes(strata: pd.DataFrame, track: str) -> dict[str, int]:
    """Documents of each stratum of a track, in the order of `STRATA`."""
    counts = strata.loc[strata["track"] == track, "stratum"].value_counts()
    return {name: int(counts.get(name, 0)) for name in STRATA}


def retrieval_quality(
    strata: pd.DataFrame, labels: pd.DataFrame, *, track: str, seed: int
) -> Quality:
    """Estimate precision and recall of a track.

    Precision is the mean of the strata's shares of relevant documents, weighted by the strata's
    sizes; its interval is Wilson's with Kish's effective number of labels. Recall is
    capture-recapture: classes and keywords each catch a part of the relevant documents, and what
    both catch tells how many neither did (Chapman's estimator). Its interval comes from draws of
    each stratum's share (Jeffreys' beta) and of the number missed (log-normal with Chapman's
    variance).

    Parameters
    ----------
    strata : DataFrame
        `foresight.corpus.select.track_strata`, of the registry as it is now.
    labels : DataFrame
        doc_id, label (`yes`, `no`, `unclear`).
    track : str
    seed : int
        Of the draws.

    Returns
    -------
    Quality

    Notes
    -----
    Capture-recapture assumes that the routes are independent. A document that has the words is
    likelier to have the class, so fewer seem missed than are: the recall is an upper estimate.
    Labels are taken as drawn at random within a document's present stratum; after a change of
    the registry that holds nearly, and where labels guided the change, precision is flattered.

    References
    ----------
    Chapman (1951), Univ. California Publ. Stat. 1; Seber (1970), doi:10.2307/2529179 (variance);
    Chao (1987), doi:10.2307/2531532 (log-normal interval); Kish (1965), Survey Sampling; Franco
    et al. (2019), doi:10.1093/jssam/smy019 (Wilson's interval in surveys).
    """
    sizes = stratum_sizes(strata, track)
    rows = strata[strata["track"] == track].merge(
        labels[["doc_id", "label"]], on="doc_id", validate="one_to_one"
    )
    hits = {name: (rows["stratum"] == name) & (rows["label"] == "yes") for name in STRATA}
    found = {name: int(hits[name].sum()) for name in STRATA}
    read = {name: int((rows["stratum"] == name).sum()) for name in STRATA}
    total = sum(sizes[name] for name in MATCHED)
    covered = sum(sizes[name] for name in MATCHED if read[name])
    return Quality(
        track=track,
        sizes=sizes,
        precision=_weighted(sizes, found, read, MATCHED),
        recall=_recall(sizes, found, read, np.random.default_rng(seed)),
        near_miss=_weighted(sizes, found, read, ("near_miss",)),
        covered=covered / total if total else 0.0,
        unclear=int((rows["label"] == "unclear").sum()),
    )


def _weighted(
    sizes: Mapping[str, int],
    found: Mapping[str, int],
    read: Mapping[str, int],
    names: tuple[str, ...],
) -> Share | None:
    used = [name for name in names if read[name] and sizes[name]]
    if not used:
        return None
    size = np.array([sizes[name] for name in used], dtype=float)
    labelled = np.array([read[name] for name in used], dtype=float)
    hits = np.array([found[name] for name in used], dtype=float)
    value = float((size * hits / labelled).sum() / size.sum())
    effective = float(size.sum() ** 2 / (size**2 / labelled).sum())
    lo, hi = wilson([value * effective], [effective])
    return Share(value, float(lo[0]), float(hi[0]), int(labelled.sum()))


def chapman(both: Floats, first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Number that neither of two routes caught, and its variance.

    Parameters
    ----------
    both, first, second : arrays of shape (n,)
        Caught by both routes, by the first alone, by the second alone.

    Returns
    -------
    missed, variance : arrays of shape (n,)
        Chapman's estimate of the population less what was caught; Seber's variance.
    """
    missed = first * second / (both + 1)
    spread = (both + first + 1) * (both + second + 1) * first * second
    return missed, spread / ((both + 1) ** 2 * (both + 2))


def _recall(
    sizes: Mapping[str, int],
    found: Mapping[str, int],
    read: Mapping[str, int],
    rng: np.random.Generator,
) -> Share | None:
    routes = ("class_and_keyword", "class", "keyword")
    if any(sizes[name] and not read[name] for name in MATCHED) or not found[routes[0]]:
        return None
    point = {n: sizes[n] * found[n] / read[n] if read[n] else 0.0 for n in MATCHED}
    draws = {
        n: sizes[n] * rng.beta(found[n] + 0.5, read[n] - found[n] + 0.5, size=DRAWS)
        if read[n]
        else np.zeros(DRAWS)
        for n in MATCHED
    }
    missed, _ = chapman(*(np.array([point[name]]) for name in routes))
    value = _caught(point["broad"], sum(point[n] for n in routes), missed)[0]
    mean, variance = chapman(*(draws[name] for name in routes))
    ratio = np.log1p(variance / np.maximum(mean, 1e-9) ** 2)
    sample = mean * np.exp(np.sqrt(ratio) * rng.standard_normal(DRAWS) - ratio / 2)
    shares = _caught(draws["broad"], sum(draws[n] for n in routes), sample)
    lo, hi = np.quantile(shares, [0.025, 0.975])
    labelled = sum(read[name] for name in MATCHED)
    return Share(float(value), float(min(lo, value)), float(max(hi, value)), labelled)


def _caught(broad: Floats | float, routes: Floats | float, missed: Floats) -> Floats:
    """Share in the track: what the weak routes add was missed by the strong ones."""
    return np.asarray((routes + broad) / (routes + np.maximum(missed, broad)))
