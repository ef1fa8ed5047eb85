"""Centrality of what a document cites, networks drawn anew, and the experimental rate."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.graph import citation_graph, from_arrays
from foresight.indicators.improvement import (
    cited_centrality,
    improvement_rate,
    normalised_centrality,
    randomised,
)


def graph_of(years, arcs):
    documents = pd.DataFrame({"doc_id": list("abcdefgh"[: len(years)]), "year": years})
    references = pd.DataFrame(
        [(arc[0], arc[1]) for arc in arcs.split()], columns=["citing_id", "cited_id"]
    )
    return citation_graph(documents, references)


def test_centrality_of_what_is_cited_a_year_before():
    # c and d of 2002 build on b, which builds on a; e of 2004 cites b and c.
    graph = graph_of([2000, 2001, 2002, 2002, 2004, 2005], "ba cb db eb ec fb")
    # At the end of 2001 b has the paths b, ab before it and b alone after it: 2 x 1. At the end
    # of 2003 c and d follow: b has 2 x 3 and c has 3 x 1. In 2005 e follows b and c: 2 x 5.
    expected = [np.nan, 0.0, np.log(2), np.log(2), (np.log(6) + np.log(3)) / 2, np.log(10)]
    assert cited_centrality(graph) == pytest.approx(expected, nan_ok=True)


def test_a_reference_of_the_same_year_counts_its_citations_within_the_year():
    graph = graph_of([2000, 2001, 2001, 2001, 2002], "ba cb db eb")
    # c and d cite b within 2001: two paths end at b, two citations within the year.
    assert cited_centrality(graph)[2:4] == pytest.approx([np.log(4)] * 2)
    assert cited_centrality(graph)[4] == pytest.approx(np.log(6))


def test_what_runs_forward_or_has_no_year_is_left_out():
    graph = graph_of([2000, 2001, None], "ab ba bc ca")
    assert cited_centrality(graph) == pytest.approx([np.nan, 0.0, np.nan], nan_ok=True)


def test_parts_of_a_year_are_cut_off():
    whole, parts = [2000, 2001, 2002], [2000.9, 2001.1, 2002.5]
    found = [cited_centrality(graph_of(years, "ba ca cb")) for years in (whole, parts)]
    assert found[0] == pytest.approx(found[1], nan_ok=True)


def random_graph(seed, n=120, m=700, years=6):
    rng = np.random.default_rng(seed)
    times = np.sort(rng.integers(2000, 2000 + years, n)).astype(float)
    ends = rng.integers(0, n, (2, m))
    ends = np.sort(ends[:, ends[0] != ends[1]], axis=0)
    return from_arrays(times, ends[1], ends[0])


def margins(graph, classes=None):
    citing, cited = graph.arcs()
    years = graph.times
    out = Counter(zip(citing.tolist(), years[cited].tolist(), strict=True))
    in_ = Counter(zip(cited.tolist(), years[citing].tolist(), strict=True))
    if classes is None:
        return out, in_
    return out, in_, int((classes[citing] == classes[cited]).sum())


def test_networks_drawn_anew_keep_every_number_of_citations_by_year():
    graph = random_graph(1)
    drawn = randomised(graph, rng=np.random.default_rng(2))
    assert drawn.n_arcs == graph.n_arcs  # none made twice
    assert margins(drawn) == margins(graph)
    old, new = (set(zip(*(e.tolist() for e in g.arcs()), strict=True)) for g in (graph, drawn))
    years = graph.times
    within = {(i, j) for i, j in old if years[i] == years[j]}
    assert within == {(i, j) for i, j in new if years[i] == years[j]}
    assert len(old & new) < 0.5 * len(old)
    again = randomised(graph, rng=np.random.default_rng(2))
    assert np.array_equal(again.cited, drawn.cited)


def test_a_class_keeps_its_share_of_citations_within_it():
    graph = random_graph(3)
    classes = np.random.default_rng(0).integers(0, 2, graph.n_nodes)
    same = [
        margins(randomised(graph, rng=np.random.default_rng(k), classes=classes), classes)[2]
        for k in range(20)
    ]
    # Citations within a class stay within; of the others some come to lie within one by chance.
    assert min(same) >= margins(graph, classes)[2]
    with pytest.raises(TableError, match="2 classes for 120 documents"):
        randomised(graph, rng=np.random.default_rng(0), classes=["a", "b"])


def test_percentiles_find_documents_that_build_on_central_ones():
    # Of 60 documents of 2002, half cite the three that all of 2001 took up, half cite others.
    rng = np.random.default_rng(0)
    times = np.repeat([2000.0, 2001.0, 2002.0], [40, 60, 60])
    cited = [rng.choice(40, 3, replace=False) for _ in range(60)]
    cited = [np.unique([*row[:1], 0, 1, 2]) for row in cited]
    later = [rng.choice(3 if k < 30 else 40, 2, replace=False) for k in range(60)]
    later = [row if k < 30 else row % 37 + 3 for k, row in enumerate(later)]
    pairs = [(40 + k, j) for k, row in enumerate(cited) for j in row]
    pairs += [(100 + k, j) for k, row in enumerate(later) for j in np.unique(row)]
    graph = from_arrays(times, *np.array(pairs).T)
    found = normalised_centrality(graph, rng=np.random.default_rng(1), networks=30)
    last = found[found["year"] == 2002]["percentile"].to_numpy()
    assert last[:30].mean() > last[30:].mean() + 0.3
    assert found[found["year"] == 2000]["percentile"].isna().all()
    assert found["n_cited"].tolist() == graph.out_degree.tolist()
    ranked = found["percentile"].dropna()
    assert ranked.between(0, 1).all()


def test_nothing_later_enters():
    graph = random_graph(4)
    keep = np.flatnonzero(graph.times <= 2003)
    citing, cited = graph.arcs()
    inside = (graph.times[citing] <= 2003) & (graph.times[cited] <= 2003)
    alone = from_arrays(graph.times[keep], citing[inside], cited[inside])
    classes = np.arange(graph.n_nodes) % 3
    one = normalised_centrality(
        graph, rng=np.random.default_rng(5), networks=4, classes=classes, until=2003
    )
    two = normalised_centrality(
        alone, rng=np.random.default_rng(5), networks=4, classes=classes[keep]
    )
    pd.testing.assert_frame_equal(one, two)
    with pytest.raises(InsufficientDataError, match="at least 2 randomised networks, got 1"):
        normalised_centrality(graph, rng=np.random.default_rng(0), networks=1)


def test_no_document_and_no_citation():
    for n in (0, 1, 3):
        graph = from_arrays(np.full(n, 2000.0), np.zeros(0, int), np.zeros(0, int))
        found = normalised_centrality(graph, rng=np.random.default_rng(0), networks=2)
        assert len(found) == n
        assert found["percentile"].isna().all()


def test_the_rate_and_its_interval():
    centrality = pd.DataFrame({"doc_id": list("abcd"), "percentile": [0.2, 0.6, 0.9, None]})
    units = pd.DataFrame({"topic_id": list("yyxxzz"), "doc_id": ["a", "b", "c", "d", "d", "q"]})
    found = improvement_rate(centrality, units, sigma=0.5)
    assert list(found.index) == ["x", "y", "z"]
    assert found["n_docs"].tolist() == [1, 2, 0]
    assert found["n_missing"].tolist() == [1, 0, 2]
    # 6.22285 x 0.4 - 5.01885 + 0.125 = -2.40471
    assert found.loc["y", "k"] == pytest.approx(np.exp(-2.40471))
    assert found.loc["y", "k_lo"] == pytest.approx(np.exp(-2.52971 - 0.979982))
    assert found.loc["y", "k_hi"] == pytest.approx(np.exp(-2.52971 + 0.979982))
    assert np.isnan(found.loc["z", "k"])
    with pytest.raises(TableError, match=r"lacks the column\(s\) percentile"):
        improvement_rate(centrality[["doc_id"]], units, sigma=0.5)
