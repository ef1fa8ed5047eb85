"""Search paths and main paths of any graph, against every path written out one by one."""

import itertools
from collections import Counter

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.indicators.acyclic import acyclic
from foresight.indicators.graph import citation_graph, from_arrays
from foresight.indicators.main_path import main_path
from foresight.indicators.traversal import traversal

KINDS = ("spc", "splc", "spnp")
SEARCHES = ("local", "global", "key-local", "key-global")
LIGHT = settings(max_examples=40, deadline=None)

# Flows run from the lower to the higher number: no cycle. Some documents stay isolated.
PAIRS = st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda p: p[0] < p[1])
FLOWS = st.lists(PAIRS, max_size=20, unique=True)
# Any citations at all, years that may tie, run backwards or be unknown.
YEARS = st.lists(st.sampled_from([2000, 2001, 2002, None]), min_size=1, max_size=7) | st.lists(
    st.just(2000), min_size=4, max_size=7
)
ANY = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25)


def graph_of(flows, n=9):
    cited, citing = (np.array([flow[k] for flow in flows], dtype=np.int64) for k in (0, 1))
    return from_arrays(np.arange(n, dtype=float), citing, cited)


def table_graph(years, pairs):
    n = len(years)
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(n)], "year": years})
    named = [(f"d{i}", f"d{j}") for i, j in pairs if i < n and j < n]
    return documents, pd.DataFrame(named, columns=["citing_id", "cited_id"], dtype="str")


def every_path(flows):
    """All paths of at least one flow, as tuples of documents."""
    longer = {}
    for u, v in flows:
        longer.setdefault(u, []).append(v)
    paths, open_ = [], [(u, v) for u, v in flows]
    while open_:
        paths += open_
        open_ = [(*path, w) for path in open_ for w in longer.get(path[-1], [])]
    return paths


def search_paths(flows, kind):
    cited, citing = {u for u, _ in flows}, {v for _, v in flows}
    return [
        path
        for path in every_path(flows)
        if (kind != "spc" or path[0] not in citing) and (kind == "spnp" or path[-1] not in cited)
    ]


@LIGHT
@given(FLOWS, st.sampled_from(KINDS))
def test_weights_are_numbers_of_paths(flows, kind):
    paths = search_paths(flows, kind)
    counted = Counter(pair for path in paths for pair in itertools.pairwise(path))
    found = traversal(graph_of(flows), kind=kind)
    citing, cited = found.graph.arcs()
    exact = [np.log(counted[pair]) for pair in zip(cited.tolist(), citing.tolist(), strict=True)]
    assert found.arc_logs() == pytest.approx(exact, abs=1e-9)
    if paths:
        assert found.log_total() == pytest.approx(np.log(len(paths)), abs=1e-9)
    alone = dict.fromkeys(range(9), 1) if kind == "spnp" else dict.fromkeys(range(9), 0)
    if kind == "splc":
        alone = {v: int(all(u != v for u, _ in flows)) for v in range(9)}
    if kind == "spc":
        alone = {v: int(all(v not in flow for flow in flows)) for v in range(9)}
    through = Counter(v for path in paths for v in path) + Counter(alone)
    assert found.node_logs() == pytest.approx([np.log(through[v]) for v in range(9)], abs=1e-9)


def exact_counts(graph, order, kind):
    """The same sums in whole numbers of any size."""
    before, after = [1] * graph.n_nodes, [1] * graph.n_nodes
    for v in order:
        cited = graph.cited[graph.cited_start[v] : graph.cited_start[v + 1]].tolist()
        if cited:
            before[v] = sum(before[u] for u in cited) + (kind != "spc")
    for v in order[::-1]:
        citing = graph.citing[graph.citing_start[v] : graph.citing_start[v + 1]].tolist()
        if citing:
            after[v] = sum(after[w] for w in citing) + (kind == "spnp")
    citing, cited = graph.arcs()
    return [before[u] * after[v] for u, v in zip(cited.tolist(), citing.tolist(), strict=True)]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS))
def test_logarithms_hold_where_counts_have_hundreds_of_digits(seed, kind):
    from math import log

    rng = np.random.default_rng(seed)
    n = 600
    citing = rng.integers(1, n, 6 * n)
    cited = np.maximum(citing - 1 - rng.integers(0, 6, 6 * n), 0)
    found = traversal(from_arrays(np.arange(n, dtype=float), citing, cited), kind=kind)
    exact = np.array([log(count) for count in exact_counts(found.graph, found.order, kind)])
    assert exact.max() > 230  # more than 10^100
    assert np.abs(found.arc_logs() - exact).max() < 1e-9


def chosen(flows, kind, search, key_arcs):
    """Flows on a main path, from whole-number weights and every path."""
    paths = search_paths(flows, kind)
    weight = Counter(pair for path in paths for pair in itertools.pairwise(path))
    ways = every_path(flows)
    cited, citing = {u for u, _ in flows}, {v for _, v in flows}

    def greedy(start, forward):
        found, waiting = set(), [start]
        while waiting:
            v = waiting.pop()
            steps = [flow for flow in flows if flow[not forward] == v]
            best = [s for s in steps if weight[s] == max(weight[t] for t in steps)]
            waiting += [s[forward] for s in best if s not in found]
            found |= set(best)
        return found

    def summed(start, forward):
        ends = (
            [w for w in ways if w[-1] not in cited]
            if forward
            else [w for w in ways if w[0] not in citing]
        )
        ends = [w for w in ends if (w[0] if forward else w[-1]) == start]
        return heaviest(ends)

    def heaviest(some):
        sums = {w: sum(weight[p] for p in itertools.pairwise(w)) for w in some}
        best = [w for w in some if sums[w] == max(sums.values())]
        return {p for w in best for p in itertools.pairwise(w)}

    if search == "global":
        return heaviest([w for w in ways if w[0] not in citing and w[-1] not in cited])
    ranked = sorted((weight[flow] for flow in flows), reverse=True)
    if search == "local":
        first = [flow for flow in flows if flow[0] not in citing]
        key = [flow for flow in first if weight[flow] == max(weight[f] for f in first)]
        return set(key).union(*(greedy(flow[1], True) for flow in key))
    key = [flow for flow in flows if weight[flow] >= ranked[min(key_arcs, len(ranked)) - 1]]
    walk = greedy if search == "key-local" else summed
    return set(key).union(*(walk(v, True) | walk(u, False) for u, v in key))


@settings(max_examples=80, deadline=None)
@given(FLOWS.filter(len), st.sampled_from(KINDS), st.sampled_from(SEARCHES), st.integers(1, 3))
def test_paths_are_those_that_every_path_written_out_gives(flows, kind, search, key_arcs):
    weights = traversal(graph_of(flows), kind=kind)
    arcs = main_path(weights, search=search, key_arcs=key_arcs).arcs
    found = set(zip(arcs["cited_id"], arcs["citing_id"], strict=True))
    assert found == chosen(flows, kind, search, key_arcs)


@LIGHT
@given(YEARS, ANY)
def test_no_cycle_is_left_and_nothing_needless_taken_out(years, pairs):
    graph = citation_graph(*table_graph(years, pairs))
    made = acyclic(graph)
    left = nx.DiGraph(zip(*(ends.tolist() for ends in made.graph.arcs()), strict=True))
    assert nx.is_directed_acyclic_graph(left)
    whole = nx.DiGraph(zip(*(ends.tolist() for ends in graph.arcs()), strict=True))
    part = {v: k for k, c in enumerate(nx.strongly_connected_components(whole)) for v in c}
    place = {name: i for i, name in enumerate(graph.ids)}
    for row in made.removed.itertuples():
        citing, cited = place[row.citing_id], place[row.cited_id]
        assert part[citing] == part[cited]
        if row.reason == "forward":
            assert graph.times[citing] < graph.times[cited]
        else:
            assert nx.has_path(left, cited, citing)  # put back, it would close a cycle
    assert left.number_of_edges() + len(made.removed) == graph.n_arcs


@LIGHT
@given(YEARS, ANY, st.sampled_from(SEARCHES), st.integers(0, 2**32 - 1))
def test_the_future_and_the_order_of_rows_change_nothing(years, pairs, search, seed):
    documents, references = table_graph(years, pairs)
    known = documents[documents["year"] <= 2001]
    earlier = references[
        references["citing_id"].isin(known["doc_id"]) & references["cited_id"].isin(known["doc_id"])
    ]
    alone = main_path(traversal(citation_graph(known, earlier)), search=search)
    rng = np.random.default_rng(seed)
    shuffled = citation_graph(
        documents.iloc[rng.permutation(len(documents))],
        references.iloc[rng.permutation(len(references))],
    )
    later = main_path(traversal(shuffled, until=2001), search=search)
    pd.testing.assert_frame_equal(later.nodes, alone.nodes)
    pd.testing.assert_frame_equal(later.arcs, alone.arcs)
    assert later.log_total == alone.log_total


@LIGHT
@given(FLOWS.filter(len), st.sampled_from(SEARCHES), st.permutations(range(12)))
def test_names_and_isolated_documents_change_nothing(flows, search, names):
    years = np.arange(9, dtype=float)
    plain = main_path(traversal(graph_of(flows)), search=search)
    renamed = np.empty(12)
    renamed[list(names)] = [*years, 1.0, 2.0, 3.0]  # three isolated documents more
    cited, citing = (np.array([names[flow[k]] for flow in flows]) for k in (0, 1))
    other = main_path(traversal(from_arrays(renamed, citing, cited)), search=search)

    def facts(path, name):
        columns = path.arcs[["cited_id", "citing_id", "weight", "key"]].to_numpy().tolist()
        return sorted((name[int(u)], name[int(v)], w, key) for u, v, w, key in columns)

    back = {new: old for old, new in enumerate(names)}
    assert facts(other, back) == facts(plain, list(range(9)))
    assert sorted(back[i] for i in other.nodes["doc_id"]) == sorted(plain.nodes["doc_id"])
    assert other.log_total == pytest.approx(plain.log_total)
