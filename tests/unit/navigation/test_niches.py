"""The plan's lists beside what a city has, and its niches: worked answers, honest silence."""

import numpy as np
import pandas as pd
import pytest
from region_frames import frames
from scipy.stats import gamma

from foresight.errors import TableError
from foresight.navigation.city_plan import plan_agreement, plan_roles
from foresight.navigation.niches import niches
from foresight.navigation.regions import TechnologySpace

FIELDS = pd.DataFrame(
    [
        ("甲", "key", "A", "a", None, "exact"),
        ("甲", "active", "B的一部分", "b", "b/one", "sub_direction"),
        ("甲", "active", "A等", "a", "a/one", "sub_direction"),
        ("乙", "active", "C", "c", None, "exact"),
    ],
    columns=["city_zh", "level", "phrase", "track", "sub_direction", "match"],
)


def test_roles_of_tracks_and_of_sub_directions():
    tracks = plan_roles(FIELDS, units=["a", "b", "c", "d"])
    assert tracks[["region", "unit_id", "role"]].to_numpy().tolist() == [
        ["乙", "c", "active"],
        ["甲", "a", "key"],
        ["甲", "b", "active"],
    ]
    assert tracks.set_index("unit_id")["phrase"].loc["a"] == "A;A等"
    subs = plan_roles(FIELDS, units=["a/one", "a/two", "b/one", "b/two"])
    assert subs.set_index("unit_id")["role"].to_dict() == {
        "a/one": "key",  # the whole track is key
        "a/two": "key",
        "b/one": "active",
    }


def agreement(cells, **keywords):
    members, regions = frames(cells)
    roles = plan_roles(FIELDS, units=["a", "b", "c"])
    found = plan_agreement(members, regions, roles=roles, cities=["甲", "乙", "丙"], **keywords)
    return found.set_index(["region", "role"])


def test_agreement_by_hand():
    found = agreement({("甲", "a"): 30, ("甲", "c"): 10, ("JP", "a"): 30, ("JP", "c"): 130})
    row = found.loc[("甲", "key")]
    assert (row["n_docs"], row["n_region"], row["n_expected"]) == (30, 40, 12.0)
    assert row["rta"] == pytest.approx((30 / 40) / (60 / 200))
    # four cells are too few to tell how much regions differ: the prior weighs one document
    assert row["rta_lo"] == pytest.approx(gamma.ppf(0.025, 31, scale=1 / 13))
    assert (row["verdict"], len(row["doc_ids"].split(";"))) == ("agrees", 30)
    other = found.loc[("甲", "active")]  # b is listed, and no one has it
    assert (other["n_docs"], other["reason"], other["n_units"]) == (0, "no_document_anywhere", 1)


def test_few_documents_and_empty_lists_give_no_verdict():
    found = agreement({("甲", "a"): 19, ("JP", "c"): 500})
    assert found.loc[("甲", "key"), "reason"] == "few_documents"
    assert found.loc[("乙", "active"), ["n_region", "reason"]].tolist() == [0, "few_documents"]
    assert found.loc[("丙", "both"), "reason"] == "nothing_listed"
    assert set(found["verdict"]) == {"undecided"}
    more = agreement({("甲", "a"): 19, ("JP", "c"): 500}, silent=10)
    assert more.loc[("甲", "key"), "verdict"] == "agrees"


def test_a_city_that_goes_elsewhere_differs():
    found = agreement({("甲", "a"): 1, ("甲", "c"): 60, ("JP", "a"): 300, ("JP", "c"): 100})
    assert found.loc[("甲", "key"), "verdict"] == "differs"


def judged(*, n_region=40, **changes):
    """One city, six units: `has` is its own, the others differ in nearness, complexity, list."""
    units = ["has", "near", "listed", "plain", "unsure", "far"]
    table = pd.DataFrame(
        {
            "region": "甲",
            "unit_id": units,
            "n_docs": [9, 1, 0, 0, 0, 0],
            "n_region": n_region,
            "rta": [3.0, 0.5, 0.0, 0.0, 0.0, 0.0],
            "rta_lo": [1.5, 0.1, 0, 0, 0, 0],
            "rta_hi": [5.0, 1.5, 0.7, 2.0, 2.0, 2.0],
            "doc_ids": ["x", "y", "", "", "", ""],
        }
    )
    density = pd.DataFrame(
        {
            "region": "甲",
            "unit_id": units,
            "present": [True, False, False, False, False, False],
            "density": [50.0, 40.0, 40.0, 35.0, 34.0, 10.0],
            "density_lo": 5.0,
            "density_hi": 60.0,
            "density_mean": 30.0,
            "p_near": [1.0, 0.9, 0.8, 0.9, 0.6, 0.1],
            "support_ids": "x",
        }
    ).assign(**changes)
    pci = pd.Series([0.0, 1.0, -1.0, -1.0, 1.0, 2.0], index=units)
    about = pd.DataFrame({"pci": pci, "ubiquity": 4, "n_docs": 99.0})
    space = TechnologySpace(pd.DataFrame(), about, pd.DataFrame(index=range(12)), None)
    roles = pd.DataFrame(
        {"region": ["甲"], "unit_id": ["listed"], "role": ["key"], "match": ["exact"]}
    )
    return niches(table, density=density, space=space, roles=roles, cities=["甲", "乙"])


def test_niches_by_the_stated_rule():
    found = judged().set_index("unit_id")
    own = found[found["region"] == "甲"]
    assert own.index.tolist() == ["near", "listed", "plain", "unsure", "far"]  # `has` is its own
    assert own["rank"].tolist() == [1, 2, 3, 4, 5]  # near before listed: more complex
    assert own["state"].to_dict() == {
        "near": "recommended",
        "listed": "recommended",
        "plain": "passed_over",
        "unsure": "undecided",
        "far": "passed_over",
    }
    assert own["reason"].loc["plain"] == "neither_complex_nor_listed"
    assert own["reason"].loc["unsure"] == "nearness_unsure"
    assert own["reason"].loc["far"] == "not_near"
    assert own["reason"].loc[["near", "listed"]].isna().all()
    assert own["below"].tolist() == [False, True, False, False, False]  # absence by no accident
    assert own["started"].tolist() == [True, False, False, False, False]
    assert set(own["n_reference"]) == {12}
    assert own["doc_ids"].loc["near"] == "y"
    assert own["support_ids"].loc["near"] == "x"


def test_a_unit_near_to_no_other_is_passed_over():
    found = judged(density=np.nan, p_near=np.nan)
    assert set(found.loc[found["region"] == "甲", "reason"]) == {"near_to_no_other"}


@pytest.mark.parametrize(
    ("n_region", "evidence"), [(5, "none"), (6, "thin"), (23, "thin"), (24, "enough")]
)
def test_how_thin_the_evidence_is(n_region, evidence):
    found = judged(n_region=n_region)  # six units: silent below 6 documents, thin below 24
    own = found[found["region"] == "甲"]
    assert set(own["evidence"]) == {evidence}
    if evidence == "none":
        assert own[["state", "reason", "n_region"]].to_numpy().tolist() == [
            ["silent", "few_documents", n_region]
        ]


def test_a_city_without_documents_is_silent_and_not_left_out():
    found = judged()
    assert found.loc[found["region"] == "乙", ["state", "n_region"]].to_numpy().tolist() == [
        ["silent", 0]
    ]


def test_a_city_without_density_is_refused_and_not_left_out():
    with pytest.raises(TableError, match="lacks 甲, which has 40 documents"):
        judged(region="丙")
