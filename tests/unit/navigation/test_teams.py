"""Teams and shortlists on a small hand-made unit."""

import numpy as np
import pandas as pd
import pytest

from foresight.navigation.co_work import betweenness, co_work, groups_joined
from foresight.navigation.teams import moves, shortlist, teams


def mentions(*rows):
    """doc_id, year, people as letters."""
    flat = [
        (doc, "inventor", k, person.upper(), year, person, 0.9, 2)
        for doc, year, persons in rows
        for k, person in enumerate(persons)
    ]
    names = ["doc_id", "role", "position", "name", "year", "person_id", "confidence", "n_mentions"]
    return pd.DataFrame(flat, columns=names)


PEOPLE = mentions(
    ("D1", 2010, "ab"),
    ("D2", 2018, "abc"),
    ("D3", 2019, "cd"),
    ("D4", 2019, "cd"),
    ("D5", 2020, "cef"),
)
MEMBERS = pd.DataFrame({"unit_id": "u", "doc_id": ["D1", "D2", "D3", "D4", "D5"]})


def places(people, given):
    """parties of `people`, with (country, region) by document."""
    frame = people[["doc_id", "role", "position", "name"]].copy()
    frame["org"] = None
    frame["country"] = [given.get(doc, (None, None))[0] for doc in frame["doc_id"]]
    frame["region"] = [given.get(doc, (None, None))[1] for doc in frame["doc_id"]]
    owner = {"doc_id": "D3", "role": "owner", "position": 0, "org": "Alpha Co., Ltd."}
    return pd.concat([frame, pd.DataFrame([owner])], ignore_index=True).astype("str")


PARTIES = places(PEOPLE, {"D1": ("CN", "Zhejiang"), "D2": ("CN", None), "D3": ("US", "CA")})
PARTIES["position"] = PARTIES["position"].astype(int)


def test_teams_share_two_documents():
    found = teams(PEOPLE, members=MEMBERS, parties=PARTIES, last_year=2019)
    assert found["person_ids"].tolist() == ["a;b", "c;d"]
    first, second = found.to_dict("records")
    assert (first["n_docs"], first["first_year"], first["last_year"]) == (2, 2010, 2018)
    assert first["n_recent"] == 1  # 2017 to 2019
    assert first["n_links"] == 1
    assert first["countries"] == "CN"
    assert first["regions"] == "Zhejiang"
    assert second["doc_ids"] == "D3;D4"
    assert second["organisations"] == "Alpha Co., Ltd."
    assert second["leaders"] == "C;D"
    assert second["confidence"] == pytest.approx(0.9)


def test_with_one_document_all_are_one_team():
    found = teams(PEOPLE, members=MEMBERS, parties=PARTIES, last_year=2019, together=1)
    assert found["person_ids"].tolist() == ["a;b;c;d;e;f"]
    assert found["n_docs"].tolist() == [5]


def test_who_stands_between():
    links = co_work(PEOPLE)
    assert [tuple(row) for row in links.to_numpy()] == [
        ("a", "b", 2), ("a", "c", 1), ("b", "c", 1), ("c", "d", 2), ("c", "e", 1),
        ("c", "f", 1), ("e", "f", 1),
    ]  # fmt: skip
    found = betweenness(links, people=list("abcdef"))
    # without c stand a-b, d and e-f apart: 2 + 4 + 2 of the 10 pairs of others
    assert found.to_dict() == pytest.approx({"a": 0, "b": 0, "c": 0.8, "d": 0, "e": 0, "f": 0})


def test_a_bridge_holds_groups_together():
    links = pd.DataFrame([tuple(p) for p in ("ab", "ac", "bc", "cd", "de", "ce")])
    links.columns = ["one", "two"]
    found = groups_joined(links, people=list("acx"))
    assert found.to_dict() == {"a": 1, "c": 2, "x": 0}
    people = mentions(
        ("D1", 2010, "abc"), ("D2", 2011, "cde"), ("D3", 2012, "c"), ("D4", 2013, "a")
    )
    members = pd.DataFrame({"unit_id": "u", "doc_id": people["doc_id"]})
    parties = people[["doc_id", "role", "position", "name"]]
    listed = shortlist(people, members=members, parties=parties, last_year=2030)
    assert listed["person_id"].tolist() == ["c"]
    assert listed["bridging"].tolist() == [True]
    two = people[people["doc_id"] != "D3"]  # of c: too few for a list
    assert shortlist(two, members=members, parties=parties, last_year=2030).empty


def test_prolific_are_the_first_of_those_with_five():
    rows = [(f"{p}{i}", 2000, p) for p, n in (("x", 7), ("y", 6), ("z", 5)) for i in range(n)]
    people = mentions(*rows)
    members = pd.DataFrame({"unit_id": "u", "doc_id": people["doc_id"]})
    parties = people[["doc_id", "role", "position", "name"]]
    found = shortlist(people, members=members, parties=parties, last_year=2019, top=2)
    assert found["person_id"].tolist() == ["x", "y"]


def test_a_long_list_makes_no_links():
    crowd = pd.DataFrame({"doc_id": "D", "person_id": [f"p{i}" for i in range(51)]})
    assert co_work(crowd).empty
    assert len(co_work(crowd.head(50))) == 50 * 49 // 2


def test_the_shortlist_names_who_and_why():
    found = shortlist(PEOPLE, members=MEMBERS, parties=PARTIES, last_year=2019)
    assert found["person_id"].tolist() == ["c"]  # all others have fewer than 3 documents
    row = found.iloc[0]
    assert (row["n_docs"], row["n_recent"]) == (4, 3)
    assert row["recent_share"] == 1  # 2018, 2019, 2019; 2020 is not complete
    assert row["unit_recent_share"] == pytest.approx(3 / 4)
    assert row["recent_lo"] == pytest.approx(0.4385, abs=1e-4)  # Wilson, 3 of 3
    assert not row["rising"]
    assert not row["prolific"]  # fewer than five
    assert row["bridging"]
    assert row["groups_joined"] == 2  # a-b and e-f; d alone is no group
    assert row["betweenness"] == pytest.approx(0.8)
    assert row["organisation"] == "Alpha Co., Ltd."
    assert row["n_organisations"] == 1
    assert (row["country"], row["region"]) == ("US", "CA")
    assert not row["moved_abroad"]  # one document on either side


def test_the_organisation_is_that_of_the_unit():
    elsewhere = mentions(("D9", 2021, "c"))
    owner = {"doc_id": "D9", "role": "owner", "position": 0, "org": "Beta Inc"}
    parties = pd.concat([PARTIES, places(elsewhere, {}).head(1), pd.DataFrame([owner])])
    people = pd.concat([PEOPLE, elsewhere], ignore_index=True)
    row = shortlist(people, members=MEMBERS, parties=parties, last_year=2019).iloc[0]
    assert row["organisation"] == "Alpha Co., Ltd."
    assert row["n_organisations"] == 2


def test_rising_needs_an_interval_above_the_unit():
    rows = [(f"O{i}", 2000, "x") for i in range(40)] + [(f"N{i}", 2019, "y") for i in range(5)]
    people = mentions(*rows)
    members = pd.DataFrame({"unit_id": "u", "doc_id": people["doc_id"]})
    parties = people[["doc_id", "role", "position", "name"]]
    found = shortlist(people, members=members, parties=parties, last_year=2019)
    assert found.set_index("person_id")["rising"].to_dict() == {"x": False, "y": True}


def test_a_move_is_read_from_places_and_years_alone():
    people = mentions(
        ("A", 2001, "mn"), ("B", 2002, "mn"), ("C", 2005, "mo"), ("D", 2006, "mo"), ("E", 2007, "o")
    )
    given = dict.fromkeys("AB", ("CN", "Zhejiang")) | dict.fromkeys("CD", ("US", "CA"))
    parties = people[["doc_id", "role", "position", "name"]].copy()
    parties["country"] = [given.get(doc, (None,))[0] for doc in parties["doc_id"]]
    parties["region"] = [given.get(doc, (None, None))[1] for doc in parties["doc_id"]]
    found = moves(people, parties=parties)
    assert found.loc["m", "moved"] == "abroad"
    assert found.loc["m", "home_years"] == "2001-2002"
    assert (found.loc["m", "n_home"], found.loc["m", "n_abroad"]) == (2, 2)
    assert found.loc["m", "n_province"] == 2
    assert found.loc["m", "country"] == "US"
    assert found["moved"].isna().tolist() == [False, True, True]
    members = pd.DataFrame({"unit_id": "u", "doc_id": list("ABCDE")})
    listed = shortlist(people, members=members, parties=parties, last_year=2007)
    assert listed.set_index("person_id")["moved_abroad"].to_dict() == {"m": True}
    unsure = shortlist(
        people.assign(confidence=0.7), members=members, parties=parties, last_year=2007
    )
    assert not unsure["moved_abroad"].any()
    assert not listed["doubtful"].any()
    turned = parties.assign(
        country=parties["country"].map({"CN": "US", "US": "CN"}, na_action="ignore")
    )
    assert moves(people, parties=turned).loc["m", "moved"] == "home"
    mixed = parties.assign(country=["CN" if d in "AD" else "US" for d in parties["doc_id"]])
    assert moves(people, parties=mixed).loc["m", "moved"] == "both"


def test_the_doubtful_are_marked():
    lines = mentions(*[(f"D{i}", 2000, "x") for i in range(5)]).assign(confidence=0.89)
    members = pd.DataFrame({"unit_id": "u", "doc_id": lines["doc_id"]})
    parties = lines[["doc_id", "role", "position", "name"]]
    row = shortlist(lines, members=members, parties=parties, last_year=2019).iloc[0]
    assert row["prolific"]
    assert row["doubtful"]


def test_a_unit_without_people():
    nobody = PEOPLE.iloc[:0]
    assert teams(nobody, members=MEMBERS, parties=PARTIES, last_year=2019).empty
    assert shortlist(nobody, members=MEMBERS, parties=PARTIES, last_year=2019).empty


def test_inputs_are_not_changed():
    before = PEOPLE.copy(), PARTIES.copy(), MEMBERS.copy()
    shortlist(PEOPLE, members=MEMBERS, parties=PARTIES, last_year=2019)
    teams(PEOPLE, members=MEMBERS, parties=PARTIES, last_year=2019)
    for was, now in zip(before, (PEOPLE, PARTIES, MEMBERS), strict=True):
        pd.testing.assert_frame_equal(was, now)
    assert np.isfinite(PEOPLE["confidence"]).all()
