"""Features of who makes a unit's documents, worked out by hand."""

import numpy as np
import pytest
from small_snapshots import several, small_snapshot, values

from foresight.emergence import community_features as community
from foresight.emergence import usage

# Five documents of each unit in each of the two windows, and earlier ones of A and of no unit.
EARLY = several("a0", "A", 2001, 2) | several("x0", None, 2001, 2)
THEN = several("a1", "A", 2006, 5) | several("b1", "B", 2006, 5)
NOW = several("a2", "A", 2009, 5) | several("b2", "B", 2009, 5)
DOCS = EARLY | THEN | NOW


def made(**given):
    """A snapshot in which what is not said of a document of the windows is "p"."""
    carried = {
        name: {one: ["p"] for one in DOCS} | said
        for name, said in {"organisations": {}, "people": {}, "countries": {}, **given}.items()
    }
    return small_snapshot(DOCS, **carried)


def test_teams():
    snapshot = made(people={"a200": ["p", "q", "r"], "a201": ["p", "q"], "b100": ["p", "q"]})
    assert values(community.team_size(snapshot)) == {"A": 1.6, "B": 1.0}
    wanted = {"A": np.log(1.6), "B": -np.log(1.2)}
    assert values(community.team_growth(snapshot)) == pytest.approx(wanted, abs=1e-6)


def test_several_organisations():
    snapshot = made(organisations={"a200": ["p", "q"], "a201": [], "b100": ["p", "q"]})
    # Of A now one of four that name an organisation, but four are too few.
    assert values(community.several_organisations(snapshot)) == {"A": None, "B": 0.0}
    snapshot = made(organisations={"a200": ["p", "q"], "b100": ["p", "q"]})
    assert values(community.several_organisations(snapshot)) == {"A": 0.2, "B": 0.0}
    assert values(community.several_organisations_change(snapshot)) == {"A": 0.2, "B": -0.2}


def test_companies_and_research():
    said = dict.fromkeys(THEN | NOW, ("research",))
    said |= {"a200": ("company",), "a201": ("company", "research"), "b100": ("company",)}
    snapshot = small_snapshot(DOCS, institutions=said)
    assert values(community.company_share(snapshot)) == {"A": 0.4, "B": 0.0}
    assert values(community.company_change(snapshot)) == {"A": 0.4, "B": -0.2}
    assert values(community.two_kinds(snapshot)) == {"A": 0.2, "B": 0.0}


def test_newcomers_are_new_in_the_window_itself():
    said = {"a200": ["p", "new"], "a201": ["new"], "b100": ["q"], "b101": ["q"], "b200": ["q"]}
    for name, carried in (("organisations", community.organisations), ("people", community.people)):
        found = community.newcomer_change(carried)(made(**{name: said}))
        # A now: (1/2 + 1) / 5, then 0. B now 0, q being known; then 2 / 5.
        assert values(found) == {"A": 0.3, "B": -0.4}
    short = small_snapshot(THEN | NOW, organisations={one: ["p"] for one in THEN | NOW})
    assert community.newcomer_change(community.organisations)(short).isna().all()


def test_growth_of_the_number_of_makers_is_against_the_corpus():
    said = {"a200": ["q"], "a201": ["r"], "b200": ["r"]}
    for name, carried in (("organisations", community.organisations), ("people", community.people)):
        found = community.number_growth(carried)(made(**{name: said}))
        corpus = np.log(3.5 / 1.5)  # p alone, then p, q and r
        wanted = {"A": 0.0, "B": np.log(2.5 / 1.5) - corpus}
        assert values(found) == pytest.approx(wanted, abs=1e-6)


def windows_of_ten():
    docs = several("a1", "A", 2006, 10) | several("a2", "A", 2009, 10)
    docs |= several("b1", "B", 2006, 10) | several("b2", "B", 2009, 9)
    said = {one: [f"own {one}"] for one in docs}
    said |= {one: ["p"] for one in ("a100", "a101", "a200", "a201", "a202")}
    said["a203"] = ["p", "q"]
    return docs, said


def test_leaders_and_concentration():
    docs, said = windows_of_ten()
    snapshot = small_snapshot(docs, organisations=said)
    # p had 2 of 10, has 3.5 of 10; B has fewer than ten documents now.
    assert values(community.leader_change(snapshot)) == {"A": 0.15, "B": None}
    # Pairs of documents of one organisation: 1 of 45; now 3, and 3 by one half.
    wanted = {"A": round((3 + 1.5 - 1) / 45, 6), "B": None}
    found = community.likeness_change(community.organisations)(snapshot)
    assert values(found) == wanted
    snapshot = small_snapshot(docs, countries=said)
    found = community.likeness_change(community.countries, sign=-1.0)(snapshot)
    assert values(found) == {"A": -wanted["A"], "B": None}


def test_likeness_does_not_depend_on_the_number_of_documents():
    rng = np.random.default_rng(3)
    found = []
    for number in (10, 40):
        for _ in range(60):
            docs = several("a", "A", 2009, number)
            said = {one: [rng.choice(["p", "q", "r"], p=[0.5, 0.3, 0.2])] for one in docs}
            snapshot = small_snapshot(docs, organisations=said)
            like = usage.likeness(snapshot, snapshot.organisations, (2008, 2010))["A"]
            found.append((number, like))
    small, large = (np.mean([like for n, like in found if n == one]) for one in (10, 40))
    assert small == pytest.approx(0.38, abs=0.04)
    assert large == pytest.approx(0.38, abs=0.02)


def test_who_comes_from_elsewhere():
    said = {one: ["home"] for one in DOCS}
    # New to A: k, l (known from no unit and from B), and three who are new to all.
    said |= {"x000": ["k"], "b100": ["l"], "a200": ["k", "l", "m"], "a201": ["n", "o"]}
    said |= {"b200": ["k"], "b201": ["m"]}  # two, too few
    for name, carried in (("organisations", community.organisations), ("people", community.people)):
        snapshot = small_snapshot(DOCS, **{name: said})
        assert values(community.from_elsewhere(carried)(snapshot)) == {"A": 0.4, "B": None}


def test_without_makers_all_is_missing():
    for one in community.FEATURES:
        assert one.compute(small_snapshot(DOCS)).isna().all(), one.name
