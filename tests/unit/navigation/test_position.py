"""Position: every figure by hand; what is not known is undecided, never zero."""

import numpy as np
import pandas as pd
import pytest
from position_tables import AS_OF, cell, evidence, levels

from foresight.errors import TableError
from foresight.intervals import poisson, wilson
from foresight.navigation.position import position, strengths_and_gaps
from foresight.navigation.position_views import NAMES


def taken(found=None, **changes):
    found = evidence(**changes) if found is None else found
    return position(found, track="t", as_of=AS_OF, rng=np.random.default_rng(1))


def values(row):
    return [row["value"], row["lo"], row["hi"], row["n"]]


def test_every_figure_stands_at_every_level():
    table = taken()
    for level in ("world", "country", "province"):
        rows = table[(table["level"] == level) & (table["unit_id"] == "t")]
        wanted = {(view, name) for view, names in NAMES.items() for name in names}
        wanted -= {("structure", "branch_share"), ("structure", "rta")}  # of branches alone
        assert set(zip(rows["view"], rows["indicator"], strict=True)) == wanted
    assert table["level"].drop_duplicates().tolist() == ["world", "country", "province"]


def test_volume_and_share():
    table = taken()
    row = cell(table, "province", "technology", "documents")
    assert values(row) == pytest.approx([10, *np.ravel(poisson([10])), 40])
    assert row["doc_ids"].split(";") == [f"z{i}" for i in range(30, 40)]
    row = cell(table, "country", "technology", "share_of_world")
    assert values(row) == pytest.approx([0.5, *np.ravel(wilson([20], [40])), 40])


def test_structure_of_the_window():
    table = taken()
    # 32 recent documents: 8 of the province, all in a; 24 others, 12 in a and 12 in b
    row = cell(table, "world", "structure", "branch_share", "a")
    assert values(row) == pytest.approx([20 / 32, *np.ravel(wilson([20], [32])), 32])
    row = cell(table, "province", "structure", "branch_share", "b")
    assert values(row)[0] == 0.0  # a true zero: the level is known, and none is there
    assert (row["n"], row["doc_ids"]) == (8, "")
    row = cell(table, "province", "structure", "rta", "a")
    assert row["value"] == pytest.approx((8 + 1) / (8 * 20 / 32 + 1))  # prior of one document


def test_a_document_of_two_branches_counts_in_equal_parts():
    base = evidence()
    more = pd.concat([base.members, pd.DataFrame({"unit_id": ["b"], "doc_id": ["z30"]})])
    table = taken(members=more)
    assert cell(table, "province", "structure", "branch_share", "b")["value"] == 0.5 / 8
    assert cell(table, "province", "structure", "branch_share", "a")["value"] == 7.5 / 8
    assert cell(table, "province", "technology", "documents", "b")["value"] == 1  # whole


def test_growth_of_the_share():
    table = taken()
    row = cell(table, "world", "technology", "growth")
    counts = evidence().documents.query("year >= 2017")["year"].value_counts().sort_index()
    assert row["n"] == counts.sum() == 32
    assert row["lo"] < 0 < row["hi"]
    row = cell(table, "province", "technology", "growth")
    assert (row["reason"], row["n"]) == ("few_documents", 8)
    assert np.isnan(row["value"])
    hole = taken(totals=pd.Series(100, index=[2017, 2018, 2019, 2020]))
    assert cell(hole, "world", "technology", "growth")["reason"] == "corpus_without_year"


def test_organisations():
    docs = evidence().documents["doc_id"]
    orgs = pd.DataFrame({"doc_id": docs, "org_id": "old", "first_year": 2001})
    orgs.loc[orgs["doc_id"].isin(["z30", "z31"]), ["org_id", "first_year"]] = ["new", 2020]
    table = taken(organisations=orgs)
    row = cell(table, "province", "enterprises", "organisations")
    assert (row["value"], row["n"]) == (2, 10)
    row = cell(table, "province", "enterprises", "newcomer_share")
    assert values(row) == pytest.approx([0.5, *np.ravel(wilson([1], [2])), 2])
    assert cell(table, "province", "enterprises", "hhi")["reason"] == "few_documents"
    row = cell(table, "world", "enterprises", "hhi")
    assert row["value"] == pytest.approx((30 * 29 + 2 * 1) / (32 * 31))
    assert cell(table, "world", "enterprises", "cr4")["reason"] == "few_documents"  # 32 below 40


def test_names_of_inventors():
    rows = [(doc, name, 2018) for doc in ("z30", "z31") for name in "ABCD"]
    rows += [("z31", "E", 2001), ("w00", "F", 2017)]
    people = pd.DataFrame(rows, columns=["doc_id", "name", "first_year"])
    here = people["name"].isin(["A", "B"])
    people["country"] = np.where(here, "CN", None)
    people["province"] = np.where(here, "Zhejiang", None)
    table = taken(inventors=people)
    row = cell(table, "province", "talent", "inventors")
    assert (row["value"], row["n"]) == (5, 2)
    assert cell(table, "province", "talent", "inventors_placed")["value"] == 2
    assert cell(table, "world", "talent", "inventors")["value"] == 6
    row = cell(table, "province", "talent", "newcomer_share")
    # four of five names are new; they stand on two documents, which are the trials
    assert values(row) == pytest.approx([0.8, *np.ravel(wilson([1.6], [2])), 2])
    row = cell(table, "province", "talent", "inventors_per_document")
    assert (row["reason"], row["n"]) == ("few_documents", 2)


def test_means_and_novelty():
    docs = evidence().documents
    score = pd.Series(np.where(docs["doc_id"].str[0] == "z", 90.0, 50.0), index=docs["doc_id"])
    new = pd.Series(np.where(docs["doc_id"].str[0] == "z", 1.0, 0.0), index=docs["doc_id"])
    table = taken(percentile=score, novel=new)
    row = cell(table, "province", "technology", "citation_percentile")
    assert values(row) == [90, 90, 90, 10]
    row = cell(table, "country", "technology", "novel_share")
    assert values(row) == pytest.approx([0.5, *np.ravel(wilson([8], [16])), 16])


def verdicts():
    docs = evidence().documents["doc_id"]
    table = pd.DataFrame({"doc_id": docs, "valid": "yes", "high_value": "no"})
    table.loc[table["doc_id"].isin(["z30", "z31"]), "high_value"] = "yes"
    table.loc[table["doc_id"].isin(["z32"]), "high_value"] = "undecided"
    table.loc[table["doc_id"].isin(["z33"]), "valid"] = "undecided"
    table.loc[table["doc_id"].isin(["z34"]), "valid"] = "no"
    return table


def test_high_value():
    row = cell(taken(verdicts=verdicts()), "province", "technology", "high_value_share")
    lo, hi = wilson([2], [8])[0][0], wilson([3], [8])[1][0]  # 8 valid, one of them undecided
    assert values(row) == pytest.approx([2 / 7, lo, hi, 7])


def events(*rows):
    return pd.DataFrame(rows, columns=["doc_id", "date", "event"])


def test_operation():
    some = events(
        ("z30", "2020-01-01", "transfer"),
        ("z30", "2021-01-01", "transfer"),
        ("z33", "2021-01-01", "transfer"),  # validity undecided
        ("z34", "2021-01-01", "transfer"),  # not valid
        ("z31", "2022-01-01", "transfer"),  # after the date
        ("w00", "2020-01-01", "license"),
    )
    table = taken(verdicts=verdicts(), events=some)
    row = cell(table, "province", "operation", "transfers")
    lo, hi = poisson([2])[0][0] / 9, poisson([3])[1][0] / 8
    assert values(row) == pytest.approx([2 / 8, lo, hi, 8])
    assert cell(table, "province", "operation", "licences")["value"] == 0  # recorded, none here
    assert cell(table, "province", "operation", "pledges")["reason"] == "no_events"
    sure = taken(verdicts=verdicts(), events=some, events_complete=True)
    assert cell(sure, "province", "operation", "pledges")["value"] == 0
    unsure = taken(events=some)
    assert cell(unsure, "province", "operation", "transfers")["reason"] == "validity_unknown"


def test_what_is_not_given_is_undecided():
    table = taken()
    for view, name in (
        ("enterprises", "organisations"), ("talent", "inventors"),
        ("technology", "citation_percentile"), ("technology", "high_value_share"),
        ("operation", "transfers"),
    ):  # fmt: skip
        row = cell(table, "world", view, name)
        assert row["reason"] in {"not_known", "no_events"}
        assert np.isnan(row["value"])
        assert row["doc_ids"] == ""


def test_a_level_that_is_not_known_is_undecided_throughout():
    ids = evidence().documents["doc_id"].tolist()
    table = taken(levels=levels(ids, unknown=ids))
    rows = table[table["level"] == "province"]
    assert len(rows) > 40
    assert set(rows["reason"]) == {"level_not_known"}
    assert rows["value"].isna().all()
    assert cell(table, "world", "technology", "documents")["value"] == 40


def test_documents_after_the_date_are_not_read():
    docs = evidence().documents
    late = docs["published"].where(docs["doc_id"] != "z30", "2022-01-01")
    table = taken(documents=docs.assign(published=late))
    row = cell(table, "province", "technology", "documents")
    assert (row["value"], row["n"]) == (9, 39)
    assert "z30" not in row["doc_ids"]


def test_documents_of_unknown_place_leave_the_base():
    ids = evidence().documents["doc_id"].tolist()
    table = taken(levels=levels(ids, unknown=["z30", "w00"]))
    row = cell(table, "province", "technology", "share_of_world")
    assert (row["value"], row["n"]) == (9 / 38, 38)


def test_a_document_listed_twice_is_refused():
    docs = evidence().documents
    with pytest.raises(TableError, match="twice"):
        taken(documents=pd.concat([docs, docs.head(1)]))


def compared(table, **keywords):
    found = strengths_and_gaps(table, **keywords)
    return found.set_index(["against", "indicator", "unit_id"])


def test_strengths_and_gaps():
    docs = evidence().documents
    score = pd.Series(np.where(docs["doc_id"].str[0] == "z", 90.0, 50.0), index=docs["doc_id"])
    score.iloc[:20] += np.arange(20)  # the world's mean has an interval, below 90
    found = compared(taken(percentile=score))
    row = found.loc[("world", "citation_percentile", "t")]
    assert (row["verdict"], row["evidence"], row["n"], row["ref_n"]) == ("strength", "thin", 10, 40)
    assert row["lo"] > row["ref_hi"]
    lower = compared(taken(percentile=100 - score))
    assert lower.loc[("world", "citation_percentile", "t"), "verdict"] == "gap"
    assert found.loc[("world", "growth", "t"), "reason"] == "few_documents"
    assert found.loc[("country", "transfers", "t"), "reason"] == "no_events"
    few = compared(taken(percentile=score), silent=11)
    assert few.loc[("world", "citation_percentile", "t"), "reason"] == "small_n"
    enough = compared(taken(percentile=score), thin=10)
    assert enough.loc[("world", "citation_percentile", "t"), "evidence"] == "enough"
    assert "documents" not in found.index.get_level_values("indicator")  # counts grow with size


def test_what_is_neither_good_nor_bad_is_above_or_below():
    rows = []
    for level, value in (("province", 0.9), ("world", 0.2)):
        for view, name in (("enterprises", "hhi"), ("operation", "transfers")):
            rows.append((level, level, view, name, "t", value, value - 0.1, value + 0.1, 50, "x"))
    names = ["level", "region", "view", "indicator", "unit_id", "value", "lo", "hi", "n", "doc_ids"]
    table = pd.DataFrame(rows, columns=names).assign(reason=pd.Series(dtype="str"))
    found = compared(table, against=["world"])
    assert found["verdict"].tolist() == ["above", "strength"]
    turned = compared(table, level="world", against=["province"])
    assert turned["verdict"].tolist() == ["below", "gap"]
    meeting = table.assign(lo=table["value"] - 0.4, hi=table["value"] + 0.4)
    assert set(compared(meeting, against=["world"])["reason"]) == {"intervals_meet"}
    with pytest.raises(TableError, match="no level 'city'"):
        strengths_and_gaps(table, level="city")


def test_a_figure_without_counterpart_is_refused_and_not_left_out():
    table = taken()
    with pytest.raises(TableError, match="no counterpart at 'world'"):
        strengths_and_gaps(table[table["level"] != "world"])


def test_the_undecided_reference_is_named():
    ids = evidence().documents["doc_id"].tolist()
    table = taken(levels=levels(ids, unknown=[i for i in ids if i[0] == "z"][:0]))
    table.loc[table["level"] == "world", ["value", "lo", "hi"]] = np.nan
    table.loc[table["level"] == "world", "reason"] = "not_known"
    found = compared(table)
    assert found.loc[("world", "branch_share", "a"), "reason"] == "reference:not_known"
