"""Who shares documents with whom, and who stands between others."""

from __future__ import annotations

from collections import deque
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_PEOPLE = 50  # on one document that makes links: longer lists are consortia, not teams


def co_work(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs of people and the documents they share.

    Parameters
    ----------
    rows : DataFrame
        doc_id, person_id; documents with more than 50 people make no pairs.

    Returns
    -------
    DataFrame sorted by one, two
        one, two (person_id, one before two), n_docs.
    """
    pairs: dict[tuple[str, str], int] = {}
    for _, group in rows.groupby("doc_id"):
        names = sorted(set(group["person_id"]))
        if len(names) <= MOST_PEOPLE:
            for pair in combinations(names, 2):
                pairs[pair] = pairs.get(pair, 0) + 1
    found = [(*pair, n) for pair, n in sorted(pairs.items())]
    return pd.DataFrame(found, columns=["one", "two", "n_docs"])


def betweenness(links: pd.DataFrame, *, people: list[str]) -> pd.Series:
    """Share of the pairs of other people whose shortest paths run through a person.

    b(v) = sum over pairs s, t of (shortest paths through v) / (all shortest paths), divided by
    (n - 1)(n - 2) / 2; links count alike, whatever their number of documents. Pairs without a
    path count 0.

    Parameters
    ----------
    links : DataFrame
        one, two (see `co_work`).
    people : list of person_id
        All of the unit, also those without a link.

    Returns
    -------
    Series indexed by person_id, 0 to 1; 0 for all where there are fewer than three.

    References
    ----------
    Freeman (1977), doi:10.2307/3033543; Brandes (2001), doi:10.1080/0022250X.2001.9990249.
    """
    names = sorted(people)
    index = {name: i for i, name in enumerate(names)}
    beside: list[list[int]] = [[] for _ in names]
    for one, two in zip(links["one"], links["two"], strict=True):
        beside[index[one]].append(index[two])
        beside[index[two]].append(index[one])
    through = np.zeros(len(names))
    for start in range(len(names)):
        if beside[start]:
            _add_dependencies(start, beside, through)
    n = len(names)
    pairs = (n - 1) * (n - 2)  # each pair is met from both ends
    values = through / pairs if pairs > 0 else through
    return pd.Series(values, index=pd.Index(names, name="person_id"), name="betweenness")


def _add_dependencies(start: int, beside: list[list[int]], through: Floats) -> None:
    """Add what the shortest paths from `start` contribute (Brandes)."""
    distance, paths = {start: 0}, {start: 1.0}
    before: dict[int, list[int]] = {start: []}
    order, waiting = [], deque([start])
    while waiting:
        here = waiting.popleft()
        order.append(here)
        for there in beside[here]:
            if there not in distance:
                distance[there], paths[there], before[there] = distance[here] + 1, 0.0, []
                waiting.append(there)
            if distance[there] == distance[here] + 1:
                paths[there] += paths[here]
                before[there].append(here)
    share = dict.fromkeys(order, 0.0)
    for here in reversed(order):
        for previous in before[here]:
            share[previous] += paths[previous] / paths[here] * (1 + share[here])
        if here != start:
            through[here] += share[here]


def groups_joined(links: pd.DataFrame, *, people: list[str]) -> pd.Series:
    """Number of groups, of two people or more, into which a person's connections fall without them.

    1 where all that the person is linked to, directly or through others, stays connected. A person
    with 2 or more holds groups together that have no other link in the unit.

    Parameters
    ----------
    links : DataFrame
        one, two (see `co_work`).
    people : list of person_id
        Those to count for.

    Returns
    -------
    Series of int indexed by person_id, in the order of `people`.
    """
    beside: dict[str, list[str]] = {}
    for one, two in zip(links["one"], links["two"], strict=True):
        beside.setdefault(one, []).append(two)
        beside.setdefault(two, []).append(one)
    counts = []
    for person in people:
        seen, groups = {person}, 0
        for first in beside.get(person, []):
            if first in seen:
                continue
            size, waiting = 0, [first]
            seen.add(first)
            while waiting:
                here = waiting.pop()
                size += 1
                fresh = [there for there in beside[here] if there not in seen]
                seen.update(fresh)
                waiting += fresh
            groups += size > 1
        counts.append(groups)
    return pd.Series(counts, index=pd.Index(people, name="person_id"), dtype="int64")
