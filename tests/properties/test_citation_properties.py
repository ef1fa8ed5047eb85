"""What must hold for citation indicators on any graph.

Documents and citations after the date of knowledge change nothing; neither do names, the order of
rows, or documents that neither cite nor are cited.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.indicators.centrality import pagerank, strong_components, weak_components
from foresight.indicators.coherence import coherence, modularity
from foresight.indicators.disruption import disruption
from foresight.indicators.fronts import research_fronts
from foresight.indicators.generality import generality, originality
from foresight.indicators.graph import citation_graph, known_by
from foresight.indicators.impact import citation_percentile, citations_received
from foresight.indicators.pace import cycle_time, science_linkage

T = 2010.0
MOST = 14  # documents
CLASS_NAMES = ["A", "B", "C"]
EXACT = {"check_exact": False, "rtol": 1e-9, "atol": 1e-11, "check_index_type": False}


@st.composite
def corpora(draw):
    """Documents, references (loops, repeats, outside ones, cycles), classes, units."""
    n = draw(st.integers(1, MOST))
    years = draw(st.lists(st.sampled_from([2000, 2004, 2006, 2008, 2010, 2011, 2015, None]),
                          min_size=n, max_size=n))  # fmt: skip
    ids = [f"d{i:02}" for i in range(n)]
    anyone = st.sampled_from([*ids, "outside"])
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), anyone), max_size=4 * n))
    classes = draw(st.lists(st.tuples(anyone, st.sampled_from(CLASS_NAMES)), max_size=2 * n))
    units = draw(st.lists(st.sampled_from(["u", "v", None]), min_size=n, max_size=n))
    kinds = st.lists(st.sampled_from(["patent", "paper", None]), min_size=len(pairs))
    kinds = draw(kinds.map(lambda drawn: drawn[: len(pairs)]))
    references = pd.DataFrame(pairs, columns=["citing_id", "cited_id"], dtype="str")
    references["cited_kind"] = pd.Series(kinds, dtype="str")
    stated = {**dict(zip(ids, years, strict=True)), "outside": 2001}
    references["cited_year"] = pd.Series([stated[cited] for _, cited in pairs], dtype="Int64")
    members = pd.DataFrame({"unit_id": units, "doc_id": ids}, dtype="str").dropna()
    return {
        "documents": pd.DataFrame(
            {"doc_id": pd.Series(ids, dtype="str"), "year": pd.Series(years, dtype="Int64")}
        ),
        "references": references,
        "classes": pd.DataFrame(classes, columns=["doc_id", "code"], dtype="str"),
        "members": members,
    }


def indicators(corpus, *, until):
    """Every indicator as of `until`, one frame each, indexed by document or unit."""
    graph = citation_graph(corpus["documents"], corpus["references"])
    known = known_by(graph, until)
    received = citations_received(graph, window=4.0, until=until)
    cells = corpus["documents"].assign(
        field="x", n_citations=corpus["documents"]["doc_id"].map(received["n_citations"])
    )
    made = {
        "cd window": disruption(graph, window=4.0, until=until),
        "cd all": disruption(graph, window=None, until=until, without_references="published"),
        "received": received,
        "received by T": citations_received(graph, until=until),
        "percentile": citation_percentile(cells, min_cell=2),
        "generality": generality(graph, corpus["classes"], window=4.0, until=until),
        "generality by T": generality(graph, corpus["classes"], until=until),
        "originality": originality(known, corpus["classes"]),
        "pagerank": pagerank(known),
        "weak": weak_components(known),
        "strong": strong_components(known),
        "coherence": coherence(graph, corpus["members"], until=until),
        "pace": cycle_time(corpus["documents"], corpus["references"]),
        "science": science_linkage(corpus["documents"], corpus["references"]),
    }
    found = research_fronts(graph, until=until, min_citations=1, min_similarity=0.2, max_core=3)
    core = found.core.groupby("front_id")["doc_id"].agg(lambda ids: " ".join(sorted(ids)))
    made["fronts"] = found.fronts.assign(core=core).set_index("core").sort_index()
    made["modularity"] = pd.DataFrame([modularity(graph, corpus["members"], until=until)])
    return made


def cut(corpus, until):
    """The tables as they stood: later documents and their references had not been written."""
    documents = corpus["documents"]
    public = documents[(documents["year"] <= until).fillna(value=False).astype(bool)]
    names = set(public["doc_id"])
    references = corpus["references"]
    return {
        "documents": public,
        "references": references[references["citing_id"].isin(names)],
        "classes": corpus["classes"],
        "members": corpus["members"],
    }


def test_the_future_changes_nothing():
    seen = set()

    @settings(max_examples=20, deadline=None)
    @given(corpora())
    def holds(corpus):
        whole, then = indicators(corpus, until=T), indicators(cut(corpus, T), until=T)
        for name, frame in then.items():
            now = whole[name]
            rows = frame.index if name != "coherence" else now.index
            pd.testing.assert_frame_equal(now.loc[rows], frame.loc[rows], obj=name, **EXACT)
            if len(now) > len(frame):
                seen.add(name)

    holds()
    assert {"cd window", "received", "generality"} <= seen  # there was a future to leave out


def renamed(corpus, seed):
    """Other names in another order, rows shuffled."""
    rng = np.random.default_rng(seed)
    ids = corpus["documents"]["doc_id"].tolist()
    new = {old: f"n{place:02}" for old, place in zip(ids, rng.permutation(len(ids)), strict=True)}
    made = {}
    for name, frame in corpus.items():
        columns = [c for c in ("doc_id", "citing_id", "cited_id") if c in frame]
        other = frame.assign(**{c: frame[c].map(lambda v: new.get(v, v)) for c in columns})
        made[name] = other.sample(frac=1, random_state=seed)
    return made, {value: key for key, value in new.items()}


def by_sets(frame):
    """Components without their numbers: the first member's name stands for each."""
    first = frame.reset_index().groupby("component")["doc_id"].transform("min")
    return frame.assign(component=first.to_numpy())


@settings(max_examples=20, deadline=None)
@given(corpora(), st.integers(0, 1000))
def test_names_and_order_change_nothing(corpus, seed):
    other, old = renamed(corpus, seed)
    straight, turned = indicators(corpus, until=T), indicators(other, until=T)
    for name, found in turned.items():
        frame = straight[name]
        if name == "fronts":
            cores = [" ".join(sorted(old[i] for i in core.split())) for core in found.index]
            back = found.set_axis(pd.Index(cores, name="core", dtype="str")).sort_index()
            frame = frame.set_axis(frame.index.astype("str"))
        elif name in ("coherence", "modularity"):
            back = found
        else:
            back = found.set_axis(found.index.map(old).rename("doc_id")).sort_index()
        if name in ("weak", "strong"):
            frame, back = by_sets(frame), by_sets(back)
        if len(frame) or len(back):
            pd.testing.assert_frame_equal(back, frame, obj=name, **EXACT)


@settings(max_examples=20, deadline=None)
@given(corpora(), st.integers(1, 4))
def test_documents_that_neither_cite_nor_are_cited_change_nothing(corpus, extra):
    alone = pd.DataFrame(
        {"doc_id": [f"a{i}" for i in range(extra)], "year": [2003] * extra}
    ).astype({"doc_id": "str", "year": "Int64"})
    more = {**corpus, "documents": pd.concat([alone, corpus["documents"]], ignore_index=True)}
    before, after = indicators(corpus, until=T), indicators(more, until=T)
    del before["percentile"]  # ranks are among all documents
    for name in before:
        frame, found = before[name], after[name]
        if name not in ("coherence", "modularity", "fronts"):
            found = found.loc[frame.index]
        if name == "pagerank":  # a share of all readers: the proportions stay
            found, frame = (part / part.sum() for part in (found, frame))
        if name in ("weak", "strong"):
            frame, found = by_sets(frame), by_sets(found)
        pd.testing.assert_frame_equal(found, frame, obj=name, **EXACT)


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_values_stay_in_their_ranges_without_infinities(corpus):
    made = indicators(corpus, until=T)
    for name, frame in made.items():
        numbers = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
        assert not np.isinf(numbers).any(), name
    for name in ("cd window", "cd all"):
        assert (made[name][["cd", "di5"]].abs().fillna(0) <= 1).all(axis=None)
    for name in ("generality", "originality"):
        values = made[name].iloc[:, :2].fillna(0)
        assert ((values >= 0) & (values <= 1)).all(axis=None)
    assert made["coherence"]["share"].dropna().between(0, 1).all()
    assert made["percentile"]["percentile"].dropna().between(0, 100, inclusive="neither").all()
    ranks = made["pagerank"]["pagerank"]
    assert ranks.sum() == pytest.approx(1.0) or ranks.empty


@settings(max_examples=20, deadline=None)
@given(corpora())
def test_inputs_are_left_as_they_were(corpus):
    before = {name: frame.copy(deep=True) for name, frame in corpus.items()}
    indicators(corpus, until=T)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(corpus[name], frame)
