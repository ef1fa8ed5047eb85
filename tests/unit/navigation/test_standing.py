"""Control, base and form: verdicts worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.navigation.standing import provincial_base, suggested_form, unit_control


def held(n_big, n_small, *, last=2020):
    """Documents of one organisation, and of as many others as documents."""
    ids = [f"d{i:03d}" for i in range(n_big + n_small)]
    names = ["big"] * n_big + [f"small {i}" for i in range(n_small)]
    members = pd.DataFrame({"unit_id": "u", "doc_id": ids})
    return members, pd.DataFrame({"doc_id": ids, "org_id": names, "year": last})


def control(members, orgs, *, local=(), index=None):
    flags = pd.Series([True] * len(local), index=list(local), dtype="boolean")
    rng = np.random.default_rng(3)
    table = unit_control(members, orgs, local=flags, index=index, last_year=2020, rng=rng)
    return table.set_index("unit_id").loc["u"]


def test_concentration_tells_who_holds_a_unit():
    row = control(*held(45, 15))
    assert (row["held"], row["n_held"], row["leaders"].split(";")[0]) == ("others", 60, "big")
    assert pd.isna(row["held_why"])
    row = control(*held(45, 15), local=["big"])
    assert (row["held"], row["leaders_local"], row["n_leaders_local"]) == ("local", "big", 1)
    assert control(*held(2, 98))["held"] == "nobody"


def test_what_cannot_be_told_is_undecided_with_the_reason():
    row = control(*held(20, 10))
    assert (row["held"], row["held_why"], row["n_held"]) == ("undecided", "few_documents", 30)
    assert np.isnan(row["cr4"])
    row = control(*held(26, 34))
    assert (row["held"], row["held_why"]) == ("undecided", "concentration_unsure")
    assert row["cr4_lo"] < 0.4 < row["cr4_hi"]
    members, orgs = held(3, 0)
    row = control(members, orgs.assign(org_id=None))
    assert (row["held"], row["held_why"]) == ("undecided", "no_organisation_named")


def test_documents_after_the_last_year_are_not_read():
    members, orgs = held(45, 15)
    late = orgs.assign(year=2021, doc_id="x" + orgs["doc_id"], org_id="late")
    more = pd.concat([members, members.assign(doc_id="x" + members["doc_id"])])
    row = control(more, pd.concat([orgs, late]))
    assert row["leaders"].split(";")[0] == "big"
    assert row["n_held"] == 60


def test_one_organisation_from_elsewhere_with_a_sure_index_holds_a_unit():
    index = pd.DataFrame(
        {"unit_id": "u", "org_id": ["big", "small 1"], "status": "decided",
         "control": [0.5, 0.1], "control_lo": [0.3, 0.0], "control_hi": [0.7, 0.2]}
    )  # fmt: skip
    row = control(*held(2, 98), index=index)
    assert (row["held"], row["control_org"], row["control_lo"]) == ("others", "big", 0.3)
    assert control(*held(2, 98), index=index, local=["big"])["held"] == "nobody"
    weak = index.assign(control_lo=[0.09, 0.0])
    assert control(*held(2, 98), index=weak)["held"] == "nobody"
    assert control(*held(2, 98), index=index.assign(status="undecided"))["held"] == "nobody"


def test_the_base_counts_documents_organisations_and_people_of_the_province():
    members = pd.DataFrame({"unit_id": list("uuuv"), "doc_id": list("abcd")})
    orgs = pd.DataFrame({"doc_id": list("aabc"), "org_id": ["zju", "acme", "acme", "far"]})
    inside = pd.Series([True, True, False, None], index=list("abcd"), dtype="boolean")
    people = pd.DataFrame({"doc_id": list("aabc"), "name": ["Li", "Wu", "Li", "Far"]})
    table = provincial_base(members, orgs, inside=inside, people=people).set_index("unit_id")
    assert table.loc["u", ["n_placed", "n_local", "n_local_orgs", "n_local_people"]].tolist() == [
        3, 2, 2, 2,
    ]  # fmt: skip
    assert table.loc["u", ["local_orgs", "local_ids"]].tolist() == ["acme;zju", "a;b"]
    assert table.loc["v", "n_placed"] == 0
    assert pd.isna(table.loc["v", "n_local"])
    with pytest.raises(TableError):
        provincial_base(members.drop(columns="doc_id"), orgs, inside=inside, people=people)


@pytest.mark.parametrize(
    ("verdict", "why", "placed", "local", "form", "form_why"),
    [
        ("others", None, 50, 5, "joint", None),
        ("others", None, 50, 4, "bring_in", None),
        ("nobody", None, 50, 5, "independent", None),
        ("local", None, 50, 9, "independent", None),
        ("nobody", None, 50, 0, "open_call", None),
        ("nobody", None, 9, 0, None, "places_not_known"),
        ("nobody", None, 9, 5, "independent", None),
        ("nobody", None, 0, None, None, "places_not_known"),
        ("undecided", "few_documents", 50, 9, None, "few_documents"),
    ],
)
def test_the_form_follows_from_control_and_base(verdict, why, placed, local, form, form_why):
    first = pd.DataFrame({"unit_id": ["u"], "held": [verdict], "held_why": [why]})
    base = pd.DataFrame({"unit_id": ["u"], "n_placed": [placed], "n_local": [local]})
    row = suggested_form(first, base.astype({"n_local": "Int64"})).iloc[0]
    assert (None if pd.isna(row["form"]) else row["form"]) == form
    assert (None if pd.isna(row["form_why"]) else row["form_why"]) == form_why
