"""Features of citations received and given, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from small_snapshots import several, small_snapshot, values

from foresight.emergence import attention_features as attention
from foresight.indicators.disruption import disruption
from foresight.indicators.generality import generality

EARLY = several("a0", "A", 2004, 5) | several("b0", "B", 2004, 5)
THEN = several("a1", "A", 2006, 5) | several("b1", "B", 2006, 5)
NOW = several("a2", "A", 2009, 5) | several("b2", "B", 2009, 5) | several("n2", None, 2010, 1)
DOCS = EARLY | THEN | NOW


def every(citing, cited):
    """Arcs from document i of one group to document i of another."""
    return [(f"{citing}{i:02d}", f"{cited}{i:02d}") for i in range(5)]


def test_attention_of_the_young_against_what_is_usual():
    arcs = [("n200", "a200"), ("n200", "a201"), ("b200", "a200"), ("n200", "b201")]
    arcs += [("a100", "a101"), ("b100", "a101"), ("b101", "b100")]
    arcs += [("n200", "b102")]  # later than the young years of b102
    snapshot = small_snapshot(DOCS, references=arcs)
    # Now 3 of A and 1 of B, 2 expected of each by the mean of ten documents of 2009.
    now = {"A": np.log(3.5 / 2.5), "B": np.log(1.5 / 2.5)}
    assert values(attention.young_attention(snapshot)) == pytest.approx(now, abs=1e-6)
    # By 2007, of documents of 2005 … 2007: 2 and 1, 1.5 expected.
    then = {"A": np.log(2.5 / 2.0), "B": np.log(1.5 / 2.0)}
    wanted = {unit: now[unit] - then[unit] for unit in now}
    assert values(attention.attention_growth(snapshot)) == pytest.approx(wanted, abs=1e-6)


def test_expected_attention_is_of_the_kind():
    kinds = ["patent" if one[0] == "b" else "paper" for one in sorted(DOCS)]
    arcs = [*every("b2", "a1"), ("n200", "b200"), ("n200", "b201"), ("n200", "a200")]
    snapshot = small_snapshot(DOCS, references=arcs, columns={"kind": kinds})
    assert values(attention.young_attention(snapshot)) == {"A": 0.0, "B": 0.0}


def test_attention_from_outside():
    arcs = [*every("a2", "a1"), *every("b2", "a1"), *every("b2", "b1"), ("n200", "b100")]
    arcs += [*every("a1", "a0"), *every("b1", "b0")]
    snapshot = small_snapshot(DOCS, references=arcs)
    # In 2008 … 2010 16 arcs: A gives 5, B 10. A gets 10, half of them from B; B 6, one from none.
    now = {"A": 1 / 2 - (1 - 5 / 16), "B": 1 / 6 - (1 - 10 / 16)}
    assert values(attention.outside_attention(snapshot)) == pytest.approx(now, abs=1e-6)
    # Before, none of five came from outside, half would by chance.
    wanted = {unit: now[unit] + 0.5 for unit in now}
    assert values(attention.outside_attention_change(snapshot)) == pytest.approx(wanted, abs=1e-6)
    # A cites nothing outside, 6 of 16 cited documents are; B 5 of 10, 10 of 16 are.
    now = {"A": 0 - (1 - 10 / 16), "B": 5 / 10 - (1 - 6 / 16)}
    wanted = {unit: now[unit] + 0.5 for unit in now}
    assert values(attention.borrowing_change(snapshot)) == pytest.approx(wanted, abs=1e-6)


def test_few_citations_say_nothing_of_where_they_come_from():
    snapshot = small_snapshot(DOCS, references=every("a2", "a1")[:4])
    assert attention.outside_attention(snapshot).isna().all()


def test_disruption_is_of_documents_whose_three_years_are_over():
    arcs = [*every("a1", "a0"), *every("a2", "a1"), *every("b1", "b0"), *every("b2", "b1")]
    arcs += every("b2", "b0")  # who cites b1 cites what it built on too
    snapshot = small_snapshot(DOCS, references=arcs)
    assert values(attention.disruptive(snapshot)) == {"A": 1.0, "B": -1.0}
    found = disruption(snapshot.graph, window=3.0, until=2010.0)["cd"]
    assert found["a100"] == 1.0
    late = {one: (unit, year + 1) for one, (unit, year) in DOCS.items()}
    late |= several("c0", "A", 2003, 1)  # of 2007 … 2010 all windows but that of 2007 are open
    again = attention.disruptive(small_snapshot(late, references=arcs, last_year=2011))
    assert values(again) == {"A": 1.0, "B": -1.0}


def test_generality():
    arcs = [*every("a2", "a1"), *every("b2", "a1"), *every("b2", "b1")]
    arcs += [(f"b2{i:02d}", f"b1{(i + 1) % 5:02d}") for i in range(5)]
    classes = {one: ["x" if one[0] == "a" else "y"] for one in DOCS}
    snapshot = small_snapshot(DOCS, references=arcs, classes=classes)
    assert values(attention.general(snapshot)) == {"A": 1.0, "B": 0.0}
    assert generality(snapshot.graph, snapshot.records.classes)["generality"]["a100"] == 1.0


def test_recent_references():
    arcs = [*every("a2", "a1"), ("a200", "x1", None, 2003), ("a200", "x1", None, 2003)]
    arcs += [("a201", "x2", None, None), ("a202", "x3", None, 2012)]  # no age, not yet there
    arcs += [*every("b2", "b0"), ("b200", "b100"), *every("a1", "a0"), ("a104", "b200")]
    arcs += [(f"b1{i:02d}", "x4", None, 2000) for i in range(5)]
    snapshot = small_snapshot(DOCS, references=arcs)
    # A: 3 years, one of five with another of 6; B: 5 years and 3.
    assert values(attention.recent_references(snapshot)) == {"A": 0.9, "B": 1.0}
    # Before: A 2 years, B 6.
    assert values(attention.recent_references_change(snapshot)) == {"A": -0.1, "B": 1.0}


def test_patents_that_cite_fresh_papers():
    arcs = [(one, f"p{one}", "paper", 2001) for one in NOW]  # 8 years
    arcs += [("a200", "q", "paper", 2004), ("a201", "q", "patent", 2008)]
    arcs += [("b200", "r", "paper", 2009), ("b201", "r", "paper", 2003), ("b202", "s", None, 2009)]
    arcs += [*every("b2", "b1")]
    snapshot = small_snapshot(DOCS, kind="patent", references=arcs)
    # A: one paper of 5 years; B: one of 0 years, one of 6 only.
    assert values(attention._of_patents(attention.fresh_science)(snapshot)) == {"A": 0.2, "B": 0.2}
    # Medians: A 8, one (8 + 5) / 2; B 8, one (8 + 0) / 2, one (8 + 6) / 2.
    found = values(attention._of_patents(attention.young_science)(snapshot))
    assert found == {"A": -(4 * 8 + 6.5) / 5, "B": -(3 * 8 + 4 + 7) / 5}
    papers = small_snapshot(DOCS, references=arcs)
    for one in attention.FEATURES:
        if one.name.endswith("science"):
            assert one.compute(papers).isna().all()


def test_patents_without_papers_on_record_are_missing_not_zero():
    arcs = [(one, f"p{one}", "patent", 2005) for one in NOW]
    for one in attention.FEATURES:
        if one.name.endswith("science"):
            found = one.compute(small_snapshot(DOCS, kind="patent", references=arcs))
            assert found.isna().all()


def test_without_references_all_is_missing():
    for one in attention.FEATURES:
        for kind in ("paper", "patent"):
            assert one.compute(small_snapshot(DOCS, kind=kind)).isna().all(), one.name


def test_ages_of_references_do_not_depend_on_the_order_of_rows():
    arcs = [("a200", "x", "paper", 2003), ("a200", "x", "patent", 2001), ("a200", "a100")]
    one, two = (small_snapshot(DOCS, references=rows).reference_ages for rows in (arcs, arcs[::-1]))
    pd.testing.assert_frame_equal(one, two)
    assert sorted(one["age"]) == [3, 6]
