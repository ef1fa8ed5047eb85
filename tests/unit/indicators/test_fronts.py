"""Research fronts by hand: thresholds, splitting of large ones, intensity."""

import numpy as np
import pytest

from foresight.errors import SettingsError
from foresight.indicators.fronts import research_fronts
from foresight.indicators.graph import from_arrays


def build(reference_lists, *, n_old):
    """Old documents 0 … n_old-1 (2000); each list is a citing document, (year, cited)."""
    times = [2000.0] * n_old + [year for year, _ in reference_lists]
    citing = [n_old + i for i, (_, cited) in enumerate(reference_lists) for _ in cited]
    cited = [one for _, cited in reference_lists for one in cited]
    return from_arrays(np.array(times), np.array(citing, dtype=int), np.array(cited, dtype=int))


# 0, 1 are cited together 3 times, 2, 3 twice, once 1 and 2; 4 is cited once
LISTS = [
    (2006, [0, 1]),
    (2007, [0, 1]),
    (2009, [0, 1, 4]),
    (2008, [2, 3]),
    (2009, [2, 3]),
    (2009, [1, 2]),
    (2010, [0, 3]),
]


def test_fronts_by_hand():
    found = research_fronts(
        build(LISTS, n_old=5), until=2009.0, years=5, min_citations=2, min_similarity=0.5
    )
    assert found.n_candidates == 4
    # c = 3, 4, 3, 2; cosines 0-1 3/sqrt(12), 1-2 1/sqrt(12), 2-3 2/sqrt(6)
    assert found.core["front_id"].tolist() == [0, 0, 1, 1]
    assert found.core["doc_id"].tolist() == [0, 1, 2, 3]
    assert found.core["n_citations"].tolist() == [3, 4, 3, 2]
    first = found.fronts.loc[0]
    assert first[["n_core", "n_citing", "n_years", "n_links"]].tolist() == [2, 4, 4, 1]
    assert first["intensity"] == pytest.approx(4 / (2 * 4))
    assert first["intensity_lo"] < first["intensity"] < first["intensity_hi"]
    assert first["mean_core_time"] == 2000.0
    assert found.fronts.loc[1, ["n_citing", "n_years"]].tolist() == [3, 2]


def test_a_lower_threshold_joins_and_a_size_limit_splits_again():
    graph = build(LISTS, n_old=5)
    options = {"until": 2009.0, "min_citations": 2, "min_similarity": 0.2}
    joined = research_fronts(graph, **options)
    assert joined.fronts["n_core"].tolist() == [4]
    assert joined.fronts["threshold"].tolist() == [0.2]
    split = research_fronts(graph, max_core=2, **options)
    assert split.fronts["n_core"].tolist() == [2, 2]
    assert split.fronts["threshold"].tolist() == [0.3, 0.3]  # 1/sqrt(12) = 0.289 holds at 0.25


def test_a_front_that_no_threshold_splits_stays_whole():
    graph = build([(2009, [0, 1, 2])] * 3, n_old=3)
    found = research_fronts(graph, until=2009.0, min_citations=2, max_core=2)
    assert found.fronts["n_core"].tolist() == [3]
    assert found.fronts["threshold"].tolist() == [1.0]
    assert found.fronts["n_years"].tolist() == [1]
    assert found.fronts["intensity"].tolist() == [pytest.approx(1.0)]


def test_nothing_to_find():
    for graph in (build([], n_old=0), build([], n_old=3), build([(2009, [0])], n_old=2)):
        for minimum in (1, 5):
            found = research_fronts(graph, until=2009.0, min_citations=minimum)
            assert found.fronts.empty
            assert found.core.empty
    assert found.fronts.columns.tolist()[0] == "n_core"
    assert found.n_candidates == 0
    with pytest.raises(SettingsError, match="Research fronts need"):
        research_fronts(graph, until=2009.0, min_similarity=0.0)
