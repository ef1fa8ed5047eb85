"""What two mentions of a name have in common, and how likely that makes them one person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logit

from foresight.errors import RegistryError
from foresight.navigation.person_mentions import Mentions
from foresight.navigation.person_names import CONTRADICT, PersonName, agreement
from foresight.settings import data_dir

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FILE = "person-pairs-1.json"
PAIRS = 400_000  # whose features are held together; changes memory, not results

# In the order of the weights. A feature is 0 where what it reads is not stated.
FEATURES = (
    "name_apart",
    "name_initial_more",
    "name_word_more",
    "name_initials",
    "name_applicants",
    "coinventor",
    "coinventor_missing",
    "coinventor_and_applicant",
    "applicant_rarity",
    "applicant_words",
    "applicant_missing",
    "subclass",
    "subclass_elsewhere",
    "class_missing",
    "title",
    "city",
    "city_elsewhere",
    "region",
    "abroad",
    "place_missing",
    "years",
)


@dataclass(frozen=True)
class PairModel:
    """Weights of a logistic model of pairs, the cut of the tree, and the calibration.

    Attributes
    ----------
    weights : dict from feature to weight
    intercept : float
    threshold : float
        Groups are joined while the mean probability between their mentions is at least this.
    calibration : four floats
        Confidence = expit(a + b logit(mean probability to the others of the group) + c log(number
        of others) + d log(1 + mentions of the name in the corpus)).
    """

    weights: dict[str, float]
    intercept: float
    threshold: float
    calibration: tuple[float, float, float, float]

    def probability(self, features: Floats) -> Floats:
        """Probability that pairs are one person; `features` of shape (..., n_features)."""
        vector = np.array([self.weights[name] for name in FEATURES])
        return np.asarray(expit(features @ vector + self.intercept))

    def confidence(self, mean: Floats, others: Floats, name_mentions: Floats) -> Floats:
        """Expected share of the others of its group that are a mention's own person."""
        intercept, *slopes = self.calibration
        x = evidence(mean, others, name_mentions)
        return np.asarray(expit(intercept + x @ np.array(slopes)))


def evidence(mean: ArrayLike, others: ArrayLike, name_mentions: ArrayLike) -> Floats:
    """What the confidence of mentions is read from: array of shape (n, 3).

    Parameters
    ----------
    mean : array_like, mean probability to the others of the group
    others : array_like, their number, 1 or more
    name_mentions : array_like, log(1 + mentions of the name in the corpus)
    """
    inside = np.clip(np.asarray(mean, dtype=float), 1e-6, 1 - 1e-6)
    parts = (logit(inside), np.log(np.asarray(others, dtype=float)), name_mentions)
    return np.column_stack([np.asarray(part, dtype=float) for part in parts])


def model_path() -> Path:
    """Where the shipped weights lie."""
    return data_dir() / "models" / FILE


@cache
def load_pair_model(path: Path | None = None) -> PairModel:
    """Read the shipped weights.

    Raises
    ------
    RegistryError
        If the file is missing, or its features are not those of this version.
    """
    file = path or model_path()
    if not file.is_file():
        msg = f"{file} is missing. Restore it from git, or run python -m foresight.run.pair_weights"
        raise RegistryError(msg)
    content = json.loads(file.read_text(encoding="utf-8"))
    if set(content["weights"]) != set(FEATURES):
        odd = sorted(set(content["weights"]) ^ set(FEATURES))
        msg = f"{file} has other features than this version: {odd}. Train the weights anew."
        raise RegistryError(msg)
    a, b, c, d = content["calibration"]
    return PairModel(content["weights"], content["intercept"], content["threshold"], (a, b, c, d))


def name_groups(
    names: list[PersonName], *, wanted: NDArray[np.bool_] | None = None
) -> Iterator[tuple[Ints, NDArray[np.int8]]]:
    """Mentions whose names can be one person's, directly or through others.

    Parameters
    ----------
    names : list of PersonName
        Of each mention.
    wanted : array of bool, optional
        Groups without a wanted mention are left out.

    Yields
    ------
    rows : array of int, sorted
        Numbers of the mentions, two or more.
    levels : array of int8 of shape (n_rows, n_rows)
        How their names agree (see `foresight.navigation.person_names.agreement`).
    """
    blocks: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        blocks.setdefault(name.block, []).append(row)
    for block in sorted(blocks):
        rows = np.array(blocks[block])
        if len(rows) == 1 or (wanted is not None and not wanted[rows].any()):
            continue
        given = sorted({names[row].given for row in rows})
        place = {words: i for i, words in enumerate(given)}
        which = np.array([place[names[row].given] for row in rows])
        levels = np.zeros((len(given), len(given)), dtype=np.int8)
        for i, one in enumerate(given):
            for j in range(i):
                levels[i, j] = levels[j, i] = agreement(one, given[j])
        number, group = connected_components(sparse.csr_array(levels != CONTRADICT), directed=False)
        for k in range(number):
            inside = group[which] == k
            if inside.sum() > 1 and (wanted is None or wanted[rows[inside]].any()):
                found = which[inside]
                yield rows[inside], levels[np.ix_(found, found)]


def pair_features(
    mentions: Mentions, some: Ints, others: Ints, *, levels: NDArray[np.int8]
) -> Floats:
    """Features of the pairs of mentions `some` with mentions `others`.

    Parameters
    ----------
    mentions : Mentions
    some, others : arrays of int of shape (n_some,), (n_others,)
    levels : array of int8 of shape (n_some, n_others), see `name_groups`

    Returns
    -------
    array of shape (n_some, n_others, n_features), in the order of `FEATURES`.
    """

    def shared(matrix: sparse.csr_array) -> tuple[Floats, NDArray[np.bool_]]:
        left, right = matrix[some], matrix[others]
        stated = (np.diff(left.indptr) > 0)[:, np.newaxis] & (np.diff(right.indptr) > 0)
        return (left @ right.T).toarray(), ~stated

    def equal(codes: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        one, all_ = codes[some][:, np.newaxis], codes[others][np.newaxis]
        return (one == all_) & (one >= 0), (one < 0) | (all_ < 0)

    def mean(values: Floats) -> Floats:
        return np.asarray((values[some][:, np.newaxis] + values[others][np.newaxis]) / 2)

    coinventors, no_coinventor = shared(mentions.coinventors)
    applicants, no_applicant = shared(mentions.applicants)
    subclasses, no_class = shared(mentions.subclasses)
    one_applicant = applicants > 0
    city, no_city = equal(mentions.cities)
    region, _ = equal(mentions.regions)
    country, no_country = equal(mentions.countries)
    one_city = city & country
    columns = [
        *(levels == level for level in range(1, CONTRADICT)),
        mean(mentions.name_applicants),
        coinventors > 0,
        no_coinventor,
        (coinventors > 0) & one_applicant,
        applicants,
        shared(mentions.applicant_words)[0],
        no_applicant,
        subclasses,
        subclasses * ~one_applicant,
        no_class,
        shared(mentions.titles)[0],
        one_city,
        one_city & ~one_applicant,
        region & country & ~one_city,
        ~country & ~no_country,
        no_city & no_country,
        np.log1p(np.abs(mentions.years[some][:, np.newaxis] - mentions.years[others])),
    ]
    return np.stack([np.asarray(column, dtype=float) for column in columns], axis=-1)


def pair_probabilities(
    mentions: Mentions, rows: Ints, levels: NDArray[np.int8], *, model: PairModel
) -> NDArray[np.float32]:
    """Probability of every pair of `rows`, a square; 0 on the diagonal.

    0 also where the names contradict each other, or both stand on one document: nobody is
    named twice there.
    """
    n = len(rows)
    square = np.zeros((n, n), dtype=np.float32)
    docs = mentions.documents[rows]
    step = max(1, PAIRS // n)
    for start in range(0, n, step):
        some, part = slice(start, start + step), levels[start : start + step, start:]
        features = pair_features(mentions, rows[some], rows[start:], levels=part)
        never = (part == CONTRADICT) | (docs[some, np.newaxis] == docs[start:])
        found = np.where(never, 0.0, model.probability(features))
        square[some, start:] = found
        square[start:, some] = found.T
    return square
