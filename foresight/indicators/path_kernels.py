"""Loops over the arcs of a citation graph in an order of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foresight.indicators.compiled import compiled

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@compiled
def peel(left: Ints, start: Ints, other: Shorts, inside: Flags) -> Shorts:
    """Take away nodes that wait for nothing, again and again; the order in which they went.

    `left[v]` counts what v waits for; `other[start[v]:start[v + 1]]` are those that wait for v.
    """
    queue = np.empty(len(left), np.int32)
    tail = 0
    for v in range(len(left)):
        if inside[v] and left[v] == 0:
            queue[tail] = v
            tail += 1
    head = 0
    while head < tail:
        v = queue[head]
        head += 1
        for place in range(start[v], start[v + 1]):
            w = other[place]
            left[w] -= 1
            if left[w] == 0 and inside[w]:
                queue[tail] = w
                tail += 1
    return queue[:tail]


@compiled
def back_arcs(roots: Shorts, start: Ints, other: Shorts, component: Shorts, gone: Flags) -> None:
    """Mark, walking depth first inside components, the arcs that lead back to the walk."""
    n = len(start) - 1
    state = np.zeros(n, np.int8)  # 1 on the walk, 2 left behind
    place = np.zeros(n, np.int64)
    stack = np.empty(n, np.int32)
    for root in roots:
        if state[root] != 0:
            continue
        depth = 0
        stack[0], state[root], place[root] = root, 1, start[root + 1] - 1
        while depth >= 0:
            v = stack[depth]
            if place[v] < start[v]:
                state[v] = 2
                depth -= 1
                continue
            arc = place[v]
            place[v] -= 1
            w = other[arc]
            if gone[arc] or component[w] != component[v]:
                continue
            if state[w] == 1:
                gone[arc] = True
            elif state[w] == 0:
                depth += 1
                stack[depth], state[w], place[w] = w, 1, start[w + 1] - 1


@compiled
def log_paths(order: Shorts, start: Ints, other: Shorts, begin: bool) -> Floats:
    """Logarithm of the number of paths that reach each node, in the order given.

    A node that nothing leads to has one; any other has the sum over those that lead to it and,
    with `begin`, one more, which begins there.
    """
    paths = np.zeros(len(start) - 1)
    for v in order:
        low, high = start[v], start[v + 1]
        if low == high:
            continue
        top = 0.0 if begin else paths[other[low]]
        for place in range(low, high):
            top = max(top, paths[other[place]])
        total = np.exp(-top) if begin else 0.0
        for place in range(low, high):
            total += np.exp(paths[other[place]] - top)
        paths[v] = top + np.log(total)
    return paths


@compiled
def best_sums(order: Shorts, start: Ints, other: Shorts, far: Floats, near: Floats) -> Floats:
    """Logarithm of the greatest sum of weights on a path to each node; -inf where none leads.

    The logarithm of the weight of the arc between w and v is `far[w] + near[v]`.
    """
    best = np.full(len(start) - 1, -np.inf)
    for v in order:
        for place in range(start[v], start[v + 1]):
            w = other[place]
            arc = far[w] + near[v]
            low, high = min(arc, best[w]), max(arc, best[w])
            best[v] = max(best[v], high + np.log1p(np.exp(low - high)))
    return best


@compiled
def rewire(
    group_start: Ints,
    members: Ints,
    citing: Shorts,
    cited: Shorts,
    cited_start: Ints,
    rng: np.random.Generator,
    swaps: int,
) -> int:
    """Swap cited documents between arcs of one group, never making an arc twice; swaps made."""
    done = 0
    for group in range(len(group_start) - 1):
        low, high = group_start[group], group_start[group + 1]
        size = high - low
        if size < 2:
            continue
        for _ in range(swaps * size):
            one = members[low + min(int(rng.random() * size), size - 1)]
            two = members[low + min(int(rng.random() * size), size - 1)]
            a, b = cited[one], cited[two]
            if a == b or citing[one] == citing[two]:
                continue
            twice = False
            for place in range(cited_start[citing[one]], cited_start[citing[one] + 1]):
                twice = twice or cited[place] == b
            for place in range(cited_start[citing[two]], cited_start[citing[two] + 1]):
                twice = twice or cited[place] == a
            if not twice:
                cited[one], cited[two] = b, a
                done += 1
    return done


@compiled
def log_paths_until(
    order: Shorts, start: Ints, other: Shorts, times: Floats, until: float
) -> Floats:
    """As `log_paths` with `begin`, over nodes public by `until`; 0 for the others."""
    paths = np.zeros(len(start) - 1)
    for v in order:
        if times[v] > until:
            continue
        top = 0.0
        for place in range(start[v], start[v + 1]):
            if times[other[place]] <= until:
                top = max(top, paths[other[place]])
        total = np.exp(-top)
        for place in range(start[v], start[v + 1]):
            if times[other[place]] <= until:
                total += np.exp(paths[other[place]] - top)
        paths[v] = top + np.log(total)
    return paths
