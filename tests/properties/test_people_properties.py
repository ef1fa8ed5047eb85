"""Persons do not depend on the order of rows, on the names of documents, or on the future."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.navigation.organisations import organisations
from foresight.navigation.people import people
from foresight.navigation.person_names import CONTRADICT, agreement, read_name, read_names
from foresight.navigation.person_pairs import FEATURES, PairModel, load_pair_model
from foresight.navigation.teams import shortlist, teams

NAMES = ["Wei Zhang", "Zhang, Wei", "Wei H. Zhang", "W. Zhang", "Jae Ho Kim", "Jaeho Kim", "张三"]
ORGS = ["Alpha Co., Ltd.", "Beta Inc", "浙江大学", None]
CITIES = [("CN", "Zhejiang", "Hangzhou"), ("US", "CA", "San Jose"), (None, None, None)]


def corpus(seed, n_docs=25):
    rng = np.random.default_rng(seed)
    docs, parties, classes = [], [], []
    for i in range(n_docs):
        doc, day = f"D{i:03d}", f"{rng.integers(2005, 2020)}-{rng.integers(1, 13):02d}-01"
        docs.append((doc, "patent", f"battery {rng.integers(5)} method", day))
        for position, k in enumerate(rng.choice(len(NAMES), rng.integers(1, 4), replace=False)):
            place = CITIES[rng.integers(len(CITIES))]
            parties.append((doc, "inventor", position, NAMES[k], None, *place))
        parties.append((doc, "owner", 0, None, ORGS[rng.integers(len(ORGS))], None, None, None))
        classes += [
            (doc, "cpc", code) for code in rng.choice(["H01M4/02", "G06F1/00", "A01B1/00"], 1)
        ]
    names = ["doc_id", "role", "position", "name", "org", "country", "region", "city"]
    return {
        "parties": pd.DataFrame(parties, columns=names),
        "documents": pd.DataFrame(docs, columns=["doc_id", "kind", "title", "published"]),
        "classes": pd.DataFrame(classes, columns=["doc_id", "scheme", "code"]),
    }


def run(tables, as_of="2030-01-01", **options):
    parties = tables["parties"]
    rest = {name: tables[name] for name in ("documents", "classes")}
    return people(parties, **rest, as_of=as_of, **options)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed):
    tables = corpus(seed)
    mixed = {name: frame.sample(frac=1, random_state=seed) for name, frame in tables.items()}
    pd.testing.assert_frame_equal(run(tables), run(mixed))
    # with two possible probabilities nearly every merge is a tie
    zero = dict.fromkeys(FEATURES, 0.0)
    ties = PairModel(zero | {"coinventor": 2.0}, -1.0, 0.4, (0.0, 1.0, 0.0, 0.0))
    pd.testing.assert_frame_equal(run(tables, model=ties), run(mixed, model=ties))


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_names_of_documents_do_not_matter(seed):
    tables = corpus(seed)
    # every document gets a title of its own, or equal ones might change places
    tables["documents"]["title"] += " " + tables["documents"]["doc_id"].str[1:]
    ids = tables["documents"]["doc_id"]
    new = dict(zip(ids, np.random.default_rng(seed).permutation(len(ids)).astype(str), strict=True))
    named = {name: frame.assign(doc_id=frame["doc_id"].map(new)) for name, frame in tables.items()}
    before = run(tables).assign(doc_id=lambda f: f["doc_id"].map(new))
    after = run(named)
    joined = before.merge(after, on=["doc_id", "role", "position"], suffixes=("", "_new"))
    assert len(joined) == len(after)
    pairs = joined[["person_id", "person_id_new"]].drop_duplicates()
    assert pairs["person_id"].is_unique
    assert pairs["person_id_new"].is_unique
    assert joined["confidence"].to_numpy() == pytest.approx(
        joined["confidence_new"].to_numpy(), nan_ok=True
    )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_the_future_changes_nothing(seed):
    tables, date = corpus(seed), "2012-12-31"
    known = set(tables["documents"].loc[tables["documents"]["published"] <= date, "doc_id"])
    past = {name: frame[frame["doc_id"].isin(known)] for name, frame in tables.items()}
    found = run(tables, as_of=date)
    pd.testing.assert_frame_equal(found, run(past, as_of=date))
    members = pd.DataFrame({"unit_id": "u", "doc_id": tables["documents"]["doc_id"]})
    less = members[members["doc_id"].isin(known)]
    for function in (teams, shortlist):
        pd.testing.assert_frame_equal(
            function(found, members=members, parties=tables["parties"], last_year=2012),
            function(found, members=less, parties=past["parties"], last_year=2012),
        )
    options = {"as_of": date, "last_year": 2012}
    pd.testing.assert_frame_equal(
        organisations(tables["parties"], documents=tables["documents"], members=members, **options),
        organisations(past["parties"], documents=past["documents"], members=less, **options),
    )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_part_of_the_people_are_grouped_as_among_all(seed):
    tables = corpus(seed)
    every, some = run(tables), run(tables, within=["D001", "D007"])
    wanted = every[every["person_id"].isin(set(some["person_id"]))].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, wanted)
    assert set(every.loc[every["doc_id"].isin(["D001", "D007"]), "person_id"]) == set(
        some["person_id"]
    )


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_teams_and_lists_do_not_depend_on_order(seed):
    tables = corpus(seed)
    found = run(tables)
    members = pd.DataFrame({"unit_id": "u", "doc_id": tables["documents"]["doc_id"]})
    for function in (teams, shortlist):
        given_ = function(found, members=members, parties=tables["parties"], last_year=2018)
        mixed = function(
            found.sample(frac=1, random_state=1),
            members=members.sample(frac=1, random_state=2),
            parties=tables["parties"].sample(frac=1, random_state=3),
            last_year=2018,
        )
        pd.testing.assert_frame_equal(given_, mixed)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(name=st.text(max_size=30), other=st.text(max_size=30))
def test_any_text_is_read_and_agreement_is_symmetric(name, other):
    one, two = read_name(name), read_name(other)
    assert set(read_names([name, other])) == {name, other}
    if one is not None and two is not None:
        level = agreement(one.given, two.given)
        assert level == agreement(two.given, one.given)
        assert 0 <= level <= CONTRADICT


def test_a_shared_co_inventor_never_makes_a_pair_less_likely():
    weights = load_pair_model().weights
    assert weights["coinventor"] > 0
    assert weights["applicant_rarity"] > 0
    assert weights["subclass"] + weights["subclass_elsewhere"] > 0
    assert weights["city"] + weights["city_elsewhere"] > 0
    assert weights["abroad"] < weights["place_missing"]
    assert set(weights) == set(FEATURES)
