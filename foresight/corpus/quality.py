"""How sure retrieval is: precision and recall of a track, from a labelled sample.

GB/T 39551-2020 asks a patent-navigation report for both (查准率, 查全率).

Every label carries the number of documents that it stands for (`foresight.corpus.sampling`), so the
same labels judge any selection of documents of the sampling frame: the track as it was when the
sample was drawn, the draft it came from, or an edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresight.corpus.sampling import sampling_frame
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


def stratum_sizes(strata: pd.DataFrame, track: str) -> dict[str, int]:
    """Documents of each stratum of a track, in the order of `STRATA`."""
    counts = strata.loc[strata["track"] == track, "stratum"].value_counts()
    return {name: int(counts.get(name, 0)) for name in STRATA}


def retrieval_quality(
    strata: pd.DataFrame, labels: pd.DataFrame, *, track: str, seed: int
) -> Quality:
    """Estimate precision and recall of a track.

    Precision is the mean of the strata's shares of relevant documents, weighted by the strata's
    sizes; a stratum's share is that of its labels by their design weights (all equal as long as
    the registry is the one the sample was drawn from). Its interval is Wilson's with Kish's
    effective number of labels. Recall is capture-recapture: classes and keywords each catch a
    part of the relevant documents, and what both catch tells how many neither did (Chapman's
    estimator). Its interval comes from draws of each stratum's share (Jeffreys' beta) and of the
    number missed (log-normal with Chapman's variance).

    Parameters
    ----------
    strata : DataFrame
        `foresight.corpus.select.track_strata`, of the registry to be judged.
    labels : DataFrame
        doc_id, label (`yes`, `no`, `unclear`), weight (`design_weights`).
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
    rows = _labelled(strata, labels, track)
    hits, read = _shares(rows)
    total = sum(sizes[name] for name in MATCHED)
    covered = sum(sizes[name] for name in MATCHED if read[name])
    counts = {name: int((rows["stratum"] == name).sum()) for name in STRATA}
    recall = _recall(sizes, hits, read, np.random.default_rng(seed))
    return Quality(
        track=track,
        sizes=sizes,
        precision=_weighted(sizes, hits, read, counts, MATCHED),
        recall=recall and Share(*recall, sum(counts[name] for name in MATCHED)),
        near_miss=_weighted(sizes, hits, read, counts, ("near_miss",)),
        covered=covered / total if total else 0.0,
        unclear=int((rows["label"] == "unclear").sum()),
    )


def _labelled(strata: pd.DataFrame, labels: pd.DataFrame, track: str) -> pd.DataFrame:
    return strata[strata["track"] == track].merge(
        labels[["doc_id", "label", "weight"]], on="doc_id", validate="one_to_one"
    )


def _shares(rows: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Relevant and effective number of labels of each stratum (Kish: (sum w)^2 / sum w^2)."""
    hits, read = dict.fromkeys(STRATA, 0.0), dict.fromkeys(STRATA, 0.0)
    for name, part in rows.groupby("stratum"):
        weight = part["weight"].to_numpy(dtype=float)
        relevant = weight[(part["label"] == "yes").to_numpy()].sum()
        read[str(name)] = float(weight.sum() ** 2 / (weight**2).sum())
        hits[str(name)] = float(relevant / weight.sum()) * read[str(name)]
    return hits, read


def compare_selections(
    now: pd.DataFrame, before: pd.DataFrame, labels: pd.DataFrame, *, track: str, seed: int
) -> pd.DataFrame:
    """Estimate how many relevant documents a track holds now and held before, and their ratio.

    Both are judged by the same labels, so the ratio is better known than either. Documents are
    put into cells by their stratum in the sampling frame and by which of the two selections
    holds them; a cell's share is that of its labels by design weight, or its stratum's where the
    cell has none. Intervals: Jeffreys' draws of each cell's share.

    Parameters
    ----------
    now, before : DataFrame
        `foresight.corpus.select.track_strata` of the two registries.
    labels : DataFrame
        doc_id, label, weight.
    track : str
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame indexed by `before`, `now`, `ratio` (now over before), `kept` (share of those
    relevant before that are in the track now); columns value, lo, hi
        NaN throughout for the last two where no relevant document was found before.
    """
    frame = sampling_frame(now, draft=before)
    frame = frame[frame["track"] == track].reset_index(drop=True)
    frame["now"] = frame["doc_id"].isin(_members(now, track))
    frame["before"] = frame["doc_id"].isin(_members(before, track))
    rows = frame.merge(labels[["doc_id", "label", "weight"]], on="doc_id", validate="one_to_one")
    rng = np.random.default_rng(seed)
    point, draws = np.zeros(3), np.zeros((DRAWS, 3))
    for (name, in_now, in_before), cell in frame.groupby(["stratum", "now", "before"]):
        alike = rows[rows["stratum"] == name]
        same = alike[(alike["now"] == in_now) & (alike["before"] == in_before)]
        used = same if len(same) else alike
        held: Floats = np.array([in_before, in_now, in_before and in_now], dtype=np.float64)
        if used.empty or not held.any():
            continue
        weight = used["weight"].to_numpy(dtype=float)
        share = weight[(used["label"] == "yes").to_numpy()].sum() / weight.sum()
        effective = weight.sum() ** 2 / (weight**2).sum()
        hits = share * effective
        drawn = rng.beta(hits + 0.5, effective - hits + 0.5, size=DRAWS)
        point += len(cell) * share * held
        draws += len(cell) * drawn[:, np.newaxis] * held
    return _compared(point, draws)


def _compared(point: Floats, draws: Floats) -> pd.DataFrame:
    """Rows of `compare_selections` from (before, now, both), the estimate and its draws."""
    lo, hi = np.quantile(draws, [0.025, 0.975], axis=0)
    found = {"before": (point[0], lo[0], hi[0]), "now": (point[1], lo[1], hi[1])}
    nothing = (float("nan"),) * 3
    for name, place in (("ratio", 1), ("kept", 2)):
        if not point[0]:
            found[name] = nothing
            continue
        value = point[place] / point[0]
        low, high = np.quantile(draws[:, place] / draws[:, 0], [0.025, 0.975])
        found[name] = (value, min(low, value), max(high, value))
    return pd.DataFrame.from_dict(found, orient="index", columns=["value", "lo", "hi"])


def _members(strata: pd.DataFrame, track: str) -> pd.Series:
    here = (strata["track"] == track) & (strata["stratum"] != "near_miss")
    return strata.loc[here, "doc_id"]


def _weighted(
    sizes: Mapping[str, int],
    hits: Mapping[str, float],
    read: Mapping[str, float],
    counts: Mapping[str, int],
    names: tuple[str, ...],
) -> Share | None:
    used = [name for name in names if read[name] and sizes[name]]
    if not used:
        return None
    size = np.array([sizes[name] for name in used], dtype=float)
    labelled = np.array([read[name] for name in used])
    found = np.array([hits[name] for name in used])
    value = float((size * found / labelled).sum() / size.sum())
    effective = float(size.sum() ** 2 / (size**2 / labelled).sum())
    lo, hi = wilson([value * effective], [effective])
    return Share(value, float(lo[0]), float(hi[0]), sum(counts[name] for name in used))


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
    hits: Mapping[str, float],
    read: Mapping[str, float],
    rng: np.random.Generator,
) -> tuple[float, float, float] | None:
    if any(sizes[name] and not read[name] for name in MATCHED) or not hits["class_and_keyword"]:
        return None
    point = {n: np.array([sizes[n] * hits[n] / read[n] if read[n] else 0.0]) for n in MATCHED}
    draws = {
        n: sizes[n] * rng.beta(hits[n] + 0.5, read[n] - hits[n] + 0.5, size=DRAWS)
        if read[n]
        else np.zeros(DRAWS)
        for n in MATCHED
    }
    caught, missed, _ = _catches(point)
    value = float((caught / (caught + missed))[0])
    caught, mean, variance = _catches(draws)
    ratio = np.log1p(variance / np.maximum(mean, 1e-9) ** 2)
    sample = mean * np.exp(np.sqrt(ratio) * rng.standard_normal(DRAWS) - ratio / 2)
    lo, hi = np.quantile(caught / (caught + sample), [0.025, 0.975])
    return value, float(min(lo, value)), float(max(hi, value))


def _catches(relevant: Mapping[str, Floats]) -> tuple[Floats, Floats, Floats]:
    """Relevant documents in the track; Chapman's number missed by both routes, its variance."""
    both, by_word = relevant["class_and_keyword"], relevant["keyword"]
    by_class = relevant["class"] + relevant["broad"]
    return both + by_class + by_word, *chapman(both, by_class, by_word)
