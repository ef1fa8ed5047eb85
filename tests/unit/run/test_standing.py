"""Routes of units, and the teams of the province that a navigation report left."""

import pandas as pd
import pytest

from foresight.errors import ForesightError
from foresight.run.board import local_teams
from foresight.run.holdings import Holdings
from foresight.run.standing import _routes
from foresight.tracks import load_registry

TRACK = load_registry().track("quantum")
SUBS = [sub.id for sub in TRACK.sub_directions]
DOCS = pd.DataFrame(
    {"doc_id": list("abcdef"), "year": [2010, 2011, 2012, 2013, 2014, 2015],
     "published": [f"{year}-01-01" for year in range(2010, 2016)]}
)  # fmt: skip
MEMBERS = pd.DataFrame(
    {
        "unit_id": ["t1", "t1", "t1", "t2", "t2", *[SUBS[0]] * 5, SUBS[1], *["quantum"] * 6],
        "doc_id": [*"abc", *"ef", *"abcef", "d", *"abcdef"],
    }
)


def routes(pairs):
    table = pd.DataFrame(pairs, columns=["citing_id", "cited_id"], dtype="str")
    empty = pd.DataFrame()
    holdings = Holdings(empty, empty, empty, empty, empty, None, table)
    subs = MEMBERS[MEMBERS["unit_id"].isin(SUBS)]
    found = _routes(MEMBERS, DOCS, holdings, subs=subs, track=TRACK).set_index("unit_id")
    return {
        unit: (None if pd.isna(row["route"]) else row["route"],
               None if pd.isna(row["route_id"]) else row["route_id"],
               None if pd.isna(row["n_route"]) else int(row["n_route"]))
        for unit, row in found.iterrows()
    }  # fmt: skip


def test_without_citations_the_route_is_the_branch_or_the_leading_topic():
    assert routes([]) == {
        "t1": ("branch", SUBS[0], 3),
        "t2": ("branch", SUBS[0], 2),
        SUBS[0]: ("topic", "t1", 3),
        SUBS[1]: ("branch", SUBS[1], 1),
        "quantum": (None, None, None),
    }


def test_with_citations_it_is_the_newest_document_on_the_main_path():
    found = routes([("b", "a"), ("c", "b"), ("x", "c"), ("c", "y")])
    assert found["t1"] == ("main_path", "c", 3)
    assert found[SUBS[0]] == ("main_path", "c", 3)
    assert found["t2"] == ("branch", SUBS[0], 2)
    assert found["quantum"] == ("main_path", "c", 3)


def test_teams_with_a_member_in_the_province_are_counted_for_the_track(tmp_path):
    assert local_teams(tmp_path, track="quantum") is None
    folder = tmp_path / "navigation"
    folder.mkdir()
    table = pd.DataFrame(
        {"unit_id": ["quantum", "quantum", "quantum", SUBS[0]],
         "regions": ["Jiangsu;Zhejiang", "Jiangsu", None, "Zhejiang"]}
    )  # fmt: skip
    table.to_csv(folder / "teams.csv", index=False)
    assert local_teams(tmp_path, track="quantum") == 1
    (folder / "teams.csv").write_text("unit_id\nquantum\n")
    with pytest.raises(ForesightError, match="foresight navigate quantum"):
        local_teams(tmp_path, track="quantum")
