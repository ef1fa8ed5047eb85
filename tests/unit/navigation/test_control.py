"""Concentration, core patents, control index and course of branches, by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import InsufficientDataError, SettingsError
from foresight.navigation.control import (
    branch_concentration,
    branch_trends,
    control_index,
    holders,
)
from foresight.navigation.core import core_patents
from foresight.tables import (
    CLASSES,
    DOCUMENTS,
    FAMILY_MEMBERS,
    PARTIES,
    REFERENCES,
    empty,
)


def documents(rows):
    """Patents of (id, year)."""
    made = [
        {"doc_id": name, "kind": "patent", "title": "t", "published": f"{year}-03-01",
         "office": "CN", "doc_type": "B"}
        for name, year in rows
    ]  # fmt: skip
    return pd.DataFrame(made, columns=DOCUMENTS.names)


def parties(*rows):
    made = [(doc, role, place, org) for place, (doc, role, org) in enumerate(rows)]
    return pd.DataFrame(made, columns=["doc_id", "role", "position", "org_id"]).reindex(
        columns=PARTIES.names
    )


def references(*pairs):
    return pd.DataFrame(pairs, columns=["citing_id", "cited_id"]).reindex(columns=REFERENCES.names)


def test_holders_are_of_the_first_role_that_names_an_organisation():
    docs = documents([("a", 2020), ("b", 2021), ("c", 2022)])
    named = parties(
        ("a", "applicant", "x"), ("a", "owner", "y"), ("b", "owner", "y"), ("b", "owner", "z"),
        ("b", "inventor", "q"),
    )  # fmt: skip
    found = holders(docs, named)
    assert found.fillna("-").to_numpy().tolist() == [
        ["a", "x", 2020, "applicant"], ["b", "y", 2021, "owner"], ["b", "z", 2021, "owner"],
        ["c", "-", 2022, "-"],
    ]  # fmt: skip
    assert holders(docs, named, roles=("owner",))["org_id"].fillna("-").tolist() == [
        "y", "y", "z", "-",
    ]  # fmt: skip


def test_an_organisation_without_an_id_goes_by_its_name():
    frame = parties(("a", "applicant", None)).assign(org="Some Name")
    assert holders(documents([("a", 2020)]), frame)["org_id"].tolist() == ["Some Name"]


# Ten patents of one class and year; a1 is cited three times, a2 once, by patents of 2020.
TEN = [(f"a{i}", 2015) for i in range(1, 11)]
LATER = [(f"b{i}", 2020) for i in range(1, 5)]
CITED = references(("b1", "a1"), ("b2", "a1"), ("b3", "a1"), ("b4", "a2"))


def classes(docs, code="H01M10/05", scheme="cpc"):
    rows = [(name, scheme, code, True) for name in docs["doc_id"]]
    return pd.DataFrame(rows, columns=CLASSES.names)


def core(docs, cited=CITED, *, members=None, as_of="2024-06-30", **options):
    return core_patents(
        docs, references=cited, classes=options.pop("classes", classes(docs)),
        family_members=empty(FAMILY_MEMBERS) if members is None else members,
        as_of=as_of, **options,
    ).set_index("doc_id")  # fmt: skip


def test_core_by_citations():
    found = core(documents(TEN + LATER), criteria=("cited",))
    assert found.loc["a1", ["core", "why_cited", "percentile", "n_citations"]].tolist() == [
        "yes", "top", 95.0, 3,
    ]  # fmt: skip
    assert found.loc["a2", ["core", "percentile"]].tolist() == ["no", 85.0]
    assert found.loc["a3", ["core", "percentile"]].tolist() == ["no", 40.0]  # ranks 1 to 8 tied
    assert found.loc["b1", ["core", "why_cited"]].tolist() == ["undecided", "small_cell"]


def test_core_undecided_and_why():
    docs = documents(TEN + LATER)
    assert set(core(docs, references())["why_cited"]) == {"no_citations"}
    assert set(core(docs, classes=empty(CLASSES))["why_cited"]) == {"no_field"}
    # Of 2019, the ten are not three years old.
    young = core(documents([(n, 2019) for n, _ in TEN] + [("b1", 2020)]), as_of="2021-12-31")
    assert young.loc["a1", "why_cited"] == "young"
    assert core(docs, as_of="2018-03-01").loc["a1", "why_cited"] == "no_citations"
    # Ten documents of 2016, none of them cited: nobody among them can be told from the others.
    uncited = documents([*TEN, *LATER, *[(f"c{i}", 2016) for i in range(10)]])
    assert core(uncited).loc["c0", "why_cited"] == "small_cell"
    nine = documents([*TEN[:9], *LATER])
    assert core(nine).loc["a1", "why_cited"] == "small_cell"


def test_ipc_stands_in_only_where_there_is_no_cpc():
    docs = documents(TEN + LATER)
    ipc = classes(docs, "G06N3/00", "ipc")
    both = pd.concat([classes(docs.iloc[:10]), ipc])
    assert core(docs, classes=both).loc["a1", "n_cell"] == 10
    mixed = pd.concat([classes(docs.iloc[:9]), ipc])  # a10 has IPC alone, of another subclass
    assert core(docs, classes=mixed).loc["a1", "why_cited"] == "small_cell"


def members(*rows, published=None, known_by="listed"):
    made = [("a1", name, name[:2], published, known_by) for name in rows]
    return pd.DataFrame(made, columns=FAMILY_MEMBERS.names)


@pytest.mark.parametrize(
    ("family", "options", "wanted"),
    [
        (members("US1B2", "EP1B1"), {"known_on": "2024-06-01"}, ("yes", 3)),
        (members("US1B2", "WO1A1"), {"known_on": "2024-06-01"}, ("no", 2)),
        (members("US1B2", "US2A1"), {"known_on": "2024-06-01"}, ("no", 2)),
        (members("US1B2", "EP1B1"), {}, ("undecided", 1)),
        (members("US1B2", "EP1B1", published="2020-01-01"), {}, ("yes", 3)),
        (members("US1B2", "EP1B1", published="2024-07-01"), {}, ("undecided", 1)),
        (members("CN1A", known_by="record"), {"known_on": "2024-06-01"}, ("undecided", 1)),
    ],
)
def test_core_by_offices(family, options, wanted):
    found = core(documents(TEN + LATER), members=family, criteria=("offices",), **options)
    assert tuple(found.loc["a1", ["core", "n_offices"]]) == wanted


def test_criteria_join_in_three_values():
    docs, known = documents(TEN + LATER), {"known_on": "2024-06-01"}
    assert core(docs).loc["a2", "core"] == "undecided"  # not cited enough, family unknown
    assert core(docs).loc["a1", "core"] == "yes"
    listed = members("CN1A").assign(doc_id="a2")
    assert core(docs, members=listed, **known).loc["a2", "core"] == "no"
    for wrong in ((), ("claims",)):
        with pytest.raises(SettingsError, match="Criteria"):
            core(docs, criteria=wrong)


MEMBERS = pd.DataFrame({"unit_id": "u", "doc_id": ["a", "b", "c", "d"]})
CORE = pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "core": ["yes", "yes", "no", "undecided"]})
ORGS = pd.DataFrame(
    {"doc_id": ["a", "b", "b", "c", "d"], "org_id": ["x", "x", "y", "y", None], "year": 2015}
)


def index(cited, *, core=CORE, orgs=ORGS, units=MEMBERS):
    return control_index(
        units, core, doc_orgs=orgs, references=cited, rng=np.random.default_rng(2)
    ).set_index("org_id")


def test_control_index_by_hand():
    # a of x is cited by c (y) and d (nobody known); b by a, which shares x; c by a.
    cited = references(("c", "a"), ("d", "a"), ("a", "b"), ("a", "c"), ("z", "a"))
    table = index(cited)
    assert table.loc["x", ["n_docs", "n_core", "n_citations"]].tolist() == [2, 2, 2]
    assert table.loc["x", "core_share"] == pytest.approx(1.5 / 2)
    assert table.loc["x", "citation_share"] == pytest.approx(2 / 3)
    assert table.loc["x", "control"] == pytest.approx((0.75 + 2 / 3) / 2)
    assert table.loc["y", "control"] == pytest.approx((0.25 + 1 / 3) / 2)
    units = ["n_unit_docs", "n_unit_core", "n_unit_open", "n_unit_citations"]
    assert table.loc["x", units].tolist() == [4, 2, 1, 3]
    assert table.loc["x", ["doc_ids", "core_ids"]].tolist() == ["a;b", "a;b"]
    assert list(table.index) == ["x", "y"]


def test_without_citations_the_index_is_undecided_and_what_is_known_stands():
    row = index(references()).loc["x"]
    assert row[["status", "why"]].tolist() == ["undecided", "no_citations_inside"]
    assert row[["control", "control_lo", "citation_share"]].isna().all()
    assert row["core_share"] == pytest.approx(0.75)
    none = index(references(("c", "a")), core=CORE.assign(core="undecided")).loc["x"]
    assert none[["status", "why", "n_unit_open"]].tolist() == ["undecided", "no_core", 4]


def test_a_branch_without_known_organisations_has_no_rows():
    assert index(references(), orgs=ORGS.assign(org_id=None)).empty
    assert "control" in index(references(), units=MEMBERS.iloc[:0]).columns


def test_order_and_other_documents_change_nothing():
    cited = references(("c", "a"), ("d", "a"), ("a", "c"))
    first = index(cited)
    again = index(
        cited.iloc[::-1], core=CORE.iloc[::-1], orgs=ORGS.iloc[::-1], units=MEMBERS.iloc[::-1]
    )
    pd.testing.assert_frame_equal(first, again)
    later = pd.concat([MEMBERS, pd.DataFrame({"unit_id": ["u"], "doc_id": ["later"]})])
    pd.testing.assert_frame_equal(
        first, index(pd.concat([cited, references(("later", "a"))]), units=later)
    )


def test_core_patents_read_nothing_of_the_future():
    docs = documents(TEN + LATER)
    future = pd.concat([docs, documents([("z", 2025)])])
    first = core(docs, criteria=("cited",))
    again = core(future, pd.concat([CITED, references(("z", "a2"))]), criteria=("cited",))
    pd.testing.assert_frame_equal(first, again)


def test_concentration_names_the_leaders_of_the_window():
    docs = [(f"d{i}", "x" if i < 6 else "y", 2020) for i in range(10)] + [("old", "z", 2010)]
    orgs = pd.DataFrame(docs, columns=["doc_id", "org_id", "year"])
    units = orgs[["doc_id"]].assign(unit_id="u")
    table = branch_concentration(units, orgs, last_year=2021, rng=np.random.default_rng(1))
    rows = table.set_index("measure")
    assert rows.loc["hhi", "raw"] == pytest.approx(0.6**2 + 0.4**2)
    assert rows.loc["cr4", "leaders"] == "x;y"
    assert "old" not in rows.loc["cr4", "doc_ids"]
    assert rows.loc["cr4", "n_docs"] == 10


def trends(counts, *, last_year=2020, base=1000):
    """Courses of units with documents per year 2016-2020."""
    rows = [
        (unit, f"{unit}-{2016 + k}-{i}", 2016 + k)
        for unit, years in counts.items()
        for k, n in enumerate(years)
        for i in range(n)
    ]
    docs = documents([(name, year) for _, name, year in rows])
    units = pd.DataFrame([(u, d) for u, d, _ in rows], columns=["unit_id", "doc_id"])
    totals = pd.DataFrame({"year": range(2016, 2022), "n_docs": base})
    return branch_trends(units, docs, totals=totals, last_year=last_year).set_index("unit_id")


def test_courses():
    found = trends(
        {"hot": [10, 20, 40, 80, 160], "rising": [1, 2, 4, 8, 16], "fading": [60, 30, 15, 8, 4],
         "steady": [400] * 5, "wide": [4, 5, 4, 5, 4], "few": [0, 1, 2, 3, 3]}
    )  # fmt: skip
    assert found["course"].to_dict() == {
        "hot": "hot", "rising": "rising", "fading": "fading", "steady": "steady",
        "wide": "undecided", "few": "undecided",
    }  # fmt: skip
    assert found.loc[["wide", "few"], "why"].tolist() == ["wide", "few_documents"]
    assert found.loc["hot", "growth"] == pytest.approx(np.log(2), abs=0.01)
    assert found.loc["few", "n_docs"] == 9
    assert len(found.loc["rising", "doc_ids"].split(";")) == 31


def test_courses_read_nothing_after_the_last_year():
    early = trends({"a": [10, 20, 40, 80, 160]}, last_year=2020)
    late = trends({"a": [10, 20, 40, 80, 160, 900]}, last_year=2020)
    pd.testing.assert_frame_equal(early, late)
    with pytest.raises(InsufficientDataError, match="no document in"):
        trends({"a": [10, 20, 40, 80, 160]}, last_year=2022)
