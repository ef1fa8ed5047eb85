"""Weights of pairs, the cut of the tree and the calibration, learnt from labelled mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from foresight.navigation.linkage_quality import METRICS, person_counts, quality_of
from foresight.navigation.people import mean_to_others, tree
from foresight.navigation.person_mentions import Mentions
from foresight.navigation.person_names import CONTRADICT
from foresight.navigation.person_pairs import (
    FEATURES,
    PairModel,
    evidence,
    name_groups,
    pair_features,
    pair_probabilities,
)
from foresight.provenance import text_digest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OWN_PAIRS = 1000  # of a person's mentions with each other that train, at most
OTHER_PAIRS = 5000  # of a person's mentions with other people's
THRESHOLDS = tuple(round(0.2 + 0.025 * step, 3) for step in range(21))
PENALTY = 1e-3  # inverse of scikit-learn's C: hardly any, there are 21 weights
TINY = 1e-12
MASKED = 0.1  # weight of a copy of the pairs with fields blotted out, beside the pairs themselves

# What becomes 0 where a field is not stated, and the flag that becomes 1.
_FIELDS = {
    "place": (("city", "city_elsewhere", "region", "abroad"), "place_missing"),
    "class": (("subclass", "subclass_elsewhere"), "class_missing"),
    "applicant": (
        ("coinventor_and_applicant", "applicant_rarity", "applicant_words"),
        "applicant_missing",
    ),
}
MASKS = (
    ("place",),
    ("class",),
    ("applicant",),
    ("place", "class"),
    ("place", "applicant"),
    ("place", "applicant", "class"),
)


@dataclass(frozen=True)
class Pairs:
    """Labelled pairs.

    Attributes
    ----------
    features : array of shape (n_pairs, n_features)
    same : array of bool
    weights : array of float
        w / sqrt(sum of w over the person's pairs), where w is 1/n of the person from whose side
        the pair is met, half for pairs with another's mention, times the number of pairs that a
        sampled pair stands for. The root keeps a few very frequent names, whose pairs with others
        are most of all pairs, from being all that is learnt.
    """

    features: Floats
    same: NDArray[np.bool_]
    weights: Floats


def halves(persons: pd.Series, families: pd.Series) -> pd.Series:
    """Part labelled persons into two halves that share no family name.

    Persons of one family name, and family names of one person, stay together; the digest of the
    first family name decides.

    Parameters
    ----------
    persons, families : Series of str, aligned
        Label and family name of every labelled mention.

    Returns
    -------
    Series indexed by person: `train` or `test`.
    """
    person, labels = pd.factorize(persons, sort=True)
    family, names = pd.factorize(families, sort=True)
    n = len(names)
    edges = csr_array((np.ones(len(person)), (family, person + n)), shape=(n + len(labels),) * 2)
    _, part = connected_components(edges, directed=False)
    first: dict[int, str] = {}
    for name, number in zip(names, part[:n], strict=True):
        first.setdefault(number, name)
    side = [
        "test" if int(text_digest(first[number])[:8], 16) % 2 else "train" for number in part[n:]
    ]
    return pd.Series(side, index=labels)


def sample_pairs(mentions: Mentions, persons: pd.Series, *, rng: np.random.Generator) -> Pairs:
    """Draw pairs of labelled persons' mentions, with each other and with others of the name.

    Parameters
    ----------
    mentions : Mentions
    persons : Series
        Label of each mention in their order, null where there is none; only labelled persons'
        pairs are drawn.
    rng : Generator
    """
    size = persons.value_counts()
    labels = np.array([None if pd.isna(p) else str(p) for p in persons], dtype=object)
    wanted = persons.notna().to_numpy()
    parts = []
    for rows, levels in name_groups(mentions.names, wanted=wanted):
        here = labels[rows]
        for person in sorted({label for label in here if label is not None}):
            own, rest = np.flatnonzero(here == person), np.flatnonzero(here != person)
            one, two = np.triu_indices(len(own), 1)
            drawn, stands = _draw(len(one), OWN_PAIRS, rng)
            kin = (own[one[drawn]], own[two[drawn]], stands / size[person])
            cells, stands = _draw(len(own) * len(rest), OTHER_PAIRS, rng)
            mine, other = np.divmod(cells, max(len(rest), 1))
            strangers = (own[mine], rest[other], stands / size[person] / 2)
            left, right = (np.concatenate([kin[k], strangers[k]]) for k in (0, 1))
            weight = np.concatenate([kin[2], strangers[2]])
            same = np.arange(len(left)) < len(kin[0])
            docs = mentions.documents[rows]
            keep = (levels[left, right] != CONTRADICT) & (docs[left] != docs[right])
            left, right = left[keep], right[keep]
            features = _features_of(mentions, rows, levels, left=left, right=right)
            scaled = weight[keep] / np.sqrt(max(weight[keep].sum(), TINY))
            parts.append(Pairs(features, same[keep], scaled))
    return Pairs(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.same for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def _draw(total: int, most: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Numbers below `total`, at most `most` of them, and how many each stands for."""
    drawn = np.arange(total) if total <= most else rng.choice(total, most, replace=False)
    return drawn, np.full(len(drawn), total / max(len(drawn), 1))


def _features_of(
    mentions: Mentions, rows: Ints, levels: NDArray[np.int8], *, left: Ints, right: Ints
) -> Floats:
    found = np.zeros((len(left), len(FEATURES)))
    for each in np.unique(left):
        at = np.flatnonzero(left == each)
        part = levels[each, right[at]][np.newaxis]
        found[at] = pair_features(mentions, rows[[each]], rows[right[at]], levels=part)[0]
    return found


def masked(features: Floats, fields: tuple[str, ...]) -> Floats:
    """The features as they would be if fields (`place`, `class`, `applicant`) were not stated."""
    place = {name: i for i, name in enumerate(FEATURES)}
    copy = features.copy()
    for field in fields:
        zero, flag = _FIELDS[field]
        if field == "applicant":  # without one, nothing is known to be the same applicant's
            copy[:, place["city_elsewhere"]] = copy[:, place["city"]]
            copy[:, place["subclass_elsewhere"]] = copy[:, place["subclass"]]
        copy[:, [place[name] for name in zero]] = 0.0
        copy[:, place[flag]] = 1.0
    return copy


def fit_pair_model(pairs: Pairs) -> PairModel:
    """Logistic regression of pairs, with copies in which fields are blotted out.

    The copies teach what a pair is worth in a corpus that does not state places, classes or
    applicants. Threshold 0.5 and no calibration yet.
    """
    from sklearn.linear_model import LogisticRegression

    features = [pairs.features, *(masked(pairs.features, fields) for fields in MASKS)]
    weights = [pairs.weights, *([pairs.weights * MASKED] * len(MASKS))]
    model = LogisticRegression(C=1 / PENALTY, max_iter=5000, tol=1e-8)
    same = np.tile(pairs.same, len(features))
    model.fit(np.vstack(features), same, sample_weight=np.concatenate(weights))
    learnt = dict(zip(FEATURES, map(float, model.coef_[0]), strict=True))
    return PairModel(learnt, float(model.intercept_[0]), 0.5, (0.0, 1.0, 0.0, 0.0))


def _squares(
    mentions: Mentions, persons: pd.Series, model: PairModel
) -> Iterator[tuple[Ints, NDArray[np.float32]]]:
    for rows, levels in name_groups(mentions.names, wanted=persons.notna().to_numpy()):
        yield rows, pair_probabilities(mentions, rows, levels, model=model)


def choose_threshold(
    mentions: Mentions, persons: pd.Series, *, model: PairModel
) -> tuple[PairModel, pd.DataFrame]:
    """Take the cut with the largest mean of pairwise and B-cubed F1, and calibrate there.

    Parameters
    ----------
    mentions : Mentions
    persons : Series
        Label of each mention, null where there is none.
    model : PairModel

    Returns
    -------
    model : PairModel
        With threshold and calibration.
    table : DataFrame indexed by threshold
        The metrics of `foresight.navigation.linkage_quality`.
    """
    at = {cut: np.arange(len(persons)) for cut in THRESHOLDS}
    mean = {cut: np.full(len(persons), np.nan) for cut in THRESHOLDS}
    for rows, square in _squares(mentions, persons, model):
        joined = tree(square)
        for cut in THRESHOLDS:
            labels = fcluster(joined, 1 - cut, "distance")
            _, first, which = np.unique(labels, return_index=True, return_inverse=True)
            at[cut][rows] = rows[first[which]]
            mean[cut][rows] = mean_to_others(square, labels)
    frame = pd.DataFrame({"person": persons.to_numpy(), "block": persons.to_numpy()})
    table = pd.DataFrame(
        [
            quality_of(counts, np.ones((1, len(counts))))[0]
            for counts in (person_counts(frame.assign(group=at[cut])) for cut in THRESHOLDS)
        ],
        index=pd.Index(THRESHOLDS, name="threshold"),
        columns=list(METRICS),
    )
    mean_f1 = table[["pairwise_f1", "bcubed_f1"]].mean(axis=1).to_numpy()
    best = THRESHOLDS[int(mean_f1.argmax())]
    chosen = replace(model, threshold=best)
    return calibrated(chosen, mentions, persons, groups=at[best], mean=mean[best]), table


def calibrated(
    model: PairModel, mentions: Mentions, persons: pd.Series, *, groups: Ints, mean: Floats
) -> PairModel:
    """Fit the confidence to the share of a mention's group that is indeed the same person."""
    from sklearn.linear_model import LogisticRegression

    rows = truth(mentions, persons, groups=groups, mean=mean)
    x = evidence(rows["mean"], rows["others"], rows["name_mentions"])
    fit = LogisticRegression(C=1 / PENALTY, max_iter=5000, tol=1e-8)
    share, weight = rows["share"].to_numpy(), rows["weight"].to_numpy()
    fit.fit(
        np.vstack([x, x]),
        np.repeat([True, False], len(x)),
        sample_weight=np.concatenate([share * weight, (1 - share) * weight]),
    )
    mean_slope, others_slope, name_slope = map(float, fit.coef_[0])
    start = float(fit.intercept_[0])
    return replace(model, calibration=(start, mean_slope, others_slope, name_slope))


def truth(mentions: Mentions, persons: pd.Series, *, groups: Ints, mean: Floats) -> pd.DataFrame:
    """Labelled mentions that do not stand alone, with the share of others that is the same person.

    Returns
    -------
    DataFrame
        mean (probability to the others), others (number), name_mentions (log), share (0 to 1),
        weight (1/n of the person, so that mentions count as if persons were drawn evenly).
    """
    frame = pd.DataFrame({"person": persons.to_numpy(), "group": groups, "mean": mean})
    frame["others"] = frame.groupby("group")["group"].transform("size") - 1
    frame["name_mentions"] = mentions.name_mentions
    labelled = frame[frame["person"].notna() & (frame["others"] > 0)].copy()
    kin = labelled.groupby(["person", "group"])["group"].transform("size") - 1
    labelled["share"] = kin / labelled["others"]
    labelled["weight"] = 1 / labelled["person"].map(persons.value_counts())
    return labelled[["mean", "others", "name_mentions", "share", "weight"]]
