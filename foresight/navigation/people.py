"""Who is one person: mentions of authors and inventors grouped, with a confidence."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from foresight.navigation.person_mentions import known_documents, prepare
from foresight.navigation.person_pairs import (
    PairModel,
    load_pair_model,
    name_groups,
    pair_probabilities,
)
from foresight.tables import CLASSES, DOCUMENTS, PARTIES, check

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

COLUMNS = ["doc_id", "role", "position", "name", "year", "person_id", "confidence", "n_mentions"]


def people(
    parties: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    classes: pd.DataFrame,
    as_of: str,
    within: Iterable[str] | None = None,
    model: PairModel | None = None,
) -> pd.DataFrame:
    """Estimate which mentions of authors and inventors are one person.

    Mentions are compared within blocks of one family name and first letter of the given name. A
    logistic model gives each pair the probability of being one person, from how the names agree
    and how common they are, shared co-inventors, applicants, classes, words of the title and
    places, and the years between. Groups are joined by average linkage while the mean
    probability between their mentions is at least `model.threshold`.

    Parameters
    ----------
    parties, documents, classes : DataFrame, tables `PARTIES`, `DOCUMENTS`, `CLASSES`
        Of a whole corpus: how common a name is, is read from it. Applicants and owners of a
        document are taken for the mention's, unless the mention states an organisation.
    as_of : str
        Date (YYYY-MM-DD). What was published later is never read.
    within : iterable of doc_id, optional
        Group only names that stand on these documents (with all their mentions in the corpus).
        Default: all. Groups are the same either way.
    model : PairModel, optional
        Default: the shipped weights, trained on inventors of US patents.

    Returns
    -------
    DataFrame, one row per mention with a name, sorted by doc_id, role, position
        doc_id, role, position, name, year (of publication), person_id (first
        mention of the person as doc_id/role/position), confidence (0 to 1: expected share of the
        person's other mentions that are indeed the same person as this one; missing where the
        person has one mention, which asserts nothing), n_mentions of the person.

    Raises
    ------
    TableError
        If a table breaks its contract.
    InsufficientDataError
        If no document was published by `as_of`.

    Notes
    -----
    A name in Chinese characters and the same name in pinyin are never joined (there is no
    pronunciation table in the environment), nor are spellings that differ in the family name or
    by more than one letter: a person may then stand as two. Confidence says nothing of such
    splits. Very frequent names (Wei Wang) remain the weakest: see the measured figures in
    `docs/navigation-people.md`.

    References
    ----------
    Fellegi & Sunter (1969), doi:10.1080/01621459.1969.10501049 (pair weights); Binette et al.
    (2023), arXiv:2301.03591 (the labelled mentions). Features and weights are ours.
    """
    for frame, table in ((parties, PARTIES), (documents, DOCUMENTS), (classes, CLASSES)):
        check(frame, table)
    used = model or load_pair_model()
    known = known_documents(documents, as_of=as_of)
    rows, mentions = prepare(parties, known, classes)
    wanted = None if within is None else rows["doc_id"].isin(set(within)).to_numpy()
    person = np.arange(len(rows))
    mean = np.full(len(rows), np.nan)
    for members, levels in name_groups(mentions.names, wanted=wanted):
        square = pair_probabilities(mentions, members, levels, model=used)
        labels = grouped(square, threshold=used.threshold)
        mean[members] = mean_to_others(square, labels)
        _, first, which = np.unique(labels, return_index=True, return_inverse=True)
        person[members] = members[first[which]]
    found = _numbered(rows, person)
    several = found["n_mentions"].to_numpy() > 1
    others = found["n_mentions"].to_numpy(float)[several] - 1
    found["confidence"] = np.nan
    found.loc[several, "confidence"] = used.confidence(
        mean[several], others, mentions.name_mentions[several]
    )
    if wanted is not None:
        found = found[found["person_id"].isin(set(found.loc[wanted, "person_id"]))]
    return found.sort_values(["doc_id", "role", "position"])[COLUMNS].reset_index(drop=True)


def grouped(square: NDArray[np.float32], *, threshold: float) -> Ints:
    """Labels of mentions from the probabilities of their pairs, by average linkage.

    Parameters
    ----------
    square : array of shape (n, n), symmetric, 0 to 1
    threshold : float
        Least mean probability between two groups that are joined.

    Returns
    -------
    array of int of shape (n,); equal labels are one person.
    """
    return np.asarray(fcluster(tree(square), 1.0 - threshold, "distance"))


def tree(square: NDArray[np.float32]) -> Floats:
    """The merges of average linkage, as SciPy writes them; distance is 1 less the probability."""
    return np.asarray(linkage(1.0 - squareform(square, checks=False).astype(float), "average"))


def mean_to_others(square: NDArray[np.float32], labels: Ints) -> Floats:
    """Mean probability of each mention to the others of its group; NaN where it stands alone."""
    same = labels[:, np.newaxis] == labels[np.newaxis]
    others = same.sum(axis=1) - 1
    total = (square * same).sum(axis=1, dtype=float)
    return np.where(others > 0, total / np.maximum(others, 1), np.nan)


def _numbered(rows: pd.DataFrame, person: Ints) -> pd.DataFrame:
    """Rows with person_id (the person's first mention) and n_mentions."""
    key = rows["doc_id"] + "/" + rows["role"] + "/" + rows["position"].astype("str")
    order = np.lexsort((rows["position"], rows["role"], rows["doc_id"], rows["published"]))
    first = pd.Series(key.to_numpy()[order]).groupby(person[order]).first().to_dict()
    size = pd.Series(person).groupby(person).transform("size").to_numpy()
    return rows.assign(person_id=[first[number] for number in person], n_mentions=size)


def person_table(people: pd.DataFrame) -> pd.DataFrame:
    """One row per person of `people`.

    Parameters
    ----------
    people : DataFrame, of `people`

    Returns
    -------
    DataFrame indexed and sorted by person_id
        name (commonest spelling, the longest of equals), n_docs, first_year, last_year,
        confidence (mean over mentions; missing for one mention).
    """
    spelling = people.groupby(["person_id", "name"]).size().rename("n").reset_index()
    spelling["length"] = spelling["name"].str.len()
    spelling = spelling.sort_values(
        ["person_id", "n", "length", "name"], ascending=[True, False, False, True]
    )
    names = spelling.drop_duplicates("person_id").set_index("person_id")["name"]
    by_person = people.groupby("person_id")
    return pd.DataFrame(
        {
            "name": names,
            "n_docs": by_person["doc_id"].nunique(),
            "first_year": by_person["year"].min(),
            "last_year": by_person["year"].max(),
            "confidence": by_person["confidence"].mean(),
        }
    )
