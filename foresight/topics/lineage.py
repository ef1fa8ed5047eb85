"""What became of topics: continuation, split, merge, death and birth between two partitions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MATCH = 0.5  # share of an earlier topic's documents that makes a later one its continuation
PART = 0.25  # share that makes a later topic a part of it
FATES = ("birth", "continuation", "split", "merge", "death")


@dataclass(frozen=True)
class Link:
    """An earlier topic and what it became.

    Attributes
    ----------
    before, after : int or None
        Numbers of the topics; None before a birth and after a death.
    fate : str
        Of `FATES`.
    heir : bool
        Whether `after` takes over the id of `before`.
    """

    before: int | None
    after: int | None
    fate: str
    heir: bool = False


def link_topics(shared: NDArray[np.int64]) -> list[Link]:
    """Say what became of each topic, from the documents that two partitions share.

    An earlier topic with at least half of its documents in one later topic continues there; where
    several earlier ones do, they merge. One that does not, but has at least a quarter of its
    documents in each of several later topics, which together hold half of them, is split. What is
    left dies. A later topic that no earlier one continues in, merges into or is split into, is
    born. The id goes to the heir: of several that continue into one topic the one with most
    documents there, of the parts of a split none.

    Parameters
    ----------
    shared : array of shape (n_before, n_after), int
        Documents that are in both topics.

    Returns
    -------
    list of Link, by the earlier topic, then the later; births last

    References
    ----------
    Spiliopoulou et al. (2006), MONIC, doi:10.1145/1150402.1150491; both thresholds are its.
    """
    n_after = shared.shape[1]
    into: list[tuple[int, list[int]]] = [
        (before, _targets(row)) for before, row in enumerate(shared)
    ]
    single = {before: targets[0] for before, targets in into if len(targets) == 1}
    joined = Counter(single.values())
    heirs = {
        after: max((int(shared[b, a]), -b) for b, a in single.items() if a == after)[1] * -1
        for after in joined
    }
    links: list[Link] = []
    for before, targets in into:
        if not targets:
            links.append(Link(before, None, "death"))
        elif len(targets) > 1:
            links += [Link(before, after, "split") for after in targets]
        else:
            after = targets[0]
            fate = "merge" if joined[after] > 1 else "continuation"
            links.append(Link(before, after, fate, heir=heirs[after] == before))
    reached = {link.after for link in links}
    return links + [Link(None, a, "birth") for a in range(n_after) if a not in reached]


def _targets(row: NDArray[np.int64]) -> list[int]:
    """Later topics that an earlier one lives on in: one, several parts, or none."""
    total = int(row.sum())
    if total == 0:
        return []
    share = row / total
    if share.max() >= MATCH:
        return [int(share.argmax())]
    parts = np.flatnonzero(share >= PART)
    return parts.tolist() if len(parts) > 1 and share[parts].sum() >= MATCH else []
