"""What must hold of verdicts, shares and matrices whatever the records are."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.navigation.high_value import (
    CATEGORIES,
    StrategicClasses,
    high_value,
    high_value_share,
)
from foresight.navigation.matrix import technology_effect_matrix
from foresight.tables import CLASSES, DOCUMENTS, EVENT_TABLE, FAMILY_MEMBERS

AS_OF, LATER = "2020-06-30", "2021-03-01"
TABLE = StrategicClasses(
    "t", pd.DataFrame({"industry": ["a"], "prefix": ["H01M10"]}), complete=True
)
IDS = [f"CN{i}B" for i in range(4)]
day = st.sampled_from(["1990-01-01", "2005-02-28", "2009-12-31", "2012-02-29", AS_OF])
maybe_day = st.none() | day
document = st.fixed_dictionaries(
    {
        "published": day,
        "filed": maybe_day,
        "granted": st.none() | day | st.just(LATER),
        "office": st.sampled_from(["CN", "US"]) | st.none(),
        "family_id": st.sampled_from(["F", "G"]) | st.none(),
        "doc_type": st.sampled_from(["B", "A1", "U", "granted"]) | st.none(),
        "status": st.sampled_from(["active", "inactive", "pending"]) | st.none(),
    }
)
happening = st.tuples(
    st.sampled_from(IDS),
    day,
    st.sampled_from(["grant", "lapse", "renewal", "pledge", "award", "invalidation"]),
)
member = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from(["CN9A", "US9000001B2", "US20190000001A1", "WO2019000001A1"]),
    maybe_day,
    st.sampled_from(["record", "listed"]),
)
world = st.fixed_dictionaries(
    {
        "documents": st.lists(document, min_size=4, max_size=4),
        "events": st.lists(happening, max_size=8, unique=True),
        "members": st.lists(member, max_size=5, unique_by=lambda m: m[:2]),
        "codes": st.lists(
            st.tuples(st.sampled_from(IDS), st.sampled_from(["H01M10/05", "A01B1/00"])),
            max_size=5,
            unique=True,
        ),
        "known_on": st.sampled_from([None, "2020-06-01", LATER]),
    }
)


def tables(given_world):
    docs = pd.DataFrame(
        [
            {"doc_id": name, "kind": "patent", "title": "t", **row}
            for name, row in zip(IDS, given_world["documents"], strict=True)
        ],
        columns=DOCUMENTS.names,
    )
    events = pd.DataFrame(given_world["events"], columns=EVENT_TABLE.names)
    members = pd.DataFrame(
        [(d, m, m[:2], p, k) for d, m, p, k in given_world["members"]],
        columns=FAMILY_MEMBERS.names,
    )
    codes = pd.DataFrame(
        [(d, "cpc", code, None) for d, code in given_world["codes"]], columns=CLASSES.names
    )
    return docs, events, members, codes


def judge(docs, events, members, codes, **options):
    return high_value(
        docs, classes=codes, events=events, family_members=members, as_of=AS_OF,
        strategic=TABLE, **options,
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(world)
def test_what_comes_later_changes_nothing_and_neither_does_order(given_world):
    docs, events, members, codes = tables(given_world)
    known = {"known_on": given_world["known_on"]}
    first = judge(docs, events, members, codes, **known)
    later = docs.assign(
        doc_id=[f"US9{i}B2" for i in range(4)], office="US", family_id="F", granted=LATER,
        published=LATER,
    )  # fmt: skip
    lapses = pd.DataFrame([(name, LATER, "lapse") for name in IDS], columns=events.columns)
    abroad = pd.DataFrame(
        [(name, "JP7000001B2", "JP", LATER, "listed") for name in IDS], columns=members.columns
    )
    again = judge(
        pd.concat([docs, later]).iloc[::-1], pd.concat([events, lapses]).iloc[::-1],
        pd.concat([members, abroad]).iloc[::-1], codes.iloc[::-1], **known,
    )  # fmt: skip
    pd.testing.assert_frame_equal(first, again)


@settings(max_examples=25, deadline=None)
@given(world)
def test_completeness_decides_the_undecided_and_overturns_nothing(given_world):
    docs, events, members, codes = tables(given_world)
    known = {"known_on": given_world["known_on"]}
    first = judge(docs, events, members, codes, **known)
    whole = judge(
        docs, events, members, codes, events_complete=True, families_complete=True, **known
    )
    for name in ("valid", *CATEGORIES, "high_value"):
        decided = first[name] != "undecided"
        assert (first.loc[decided, name] == whole.loc[decided, name]).all(), name


@settings(max_examples=25, deadline=None)
@given(world)
def test_bounds_hold_the_share_and_counts_add_up(given_world):
    docs, events, members, codes = tables(given_world)
    found = judge(
        docs, events, members, codes, known_on=given_world["known_on"], events_complete=True
    )
    table = high_value_share(found)
    parts = table[["n_valid", "n_invalid", "n_valid_undecided"]].sum(axis=1)
    assert (parts == table["n_patents"]).all()
    assert (table[["n_yes", "n_no", "n_undecided"]].sum(axis=1) == table["n_valid"]).all()
    shown = table.dropna(subset=["share"])
    assert (shown["if_no"] <= shown["share"] + 1e-12).all()
    assert (shown["share"] <= shown["if_yes"] + 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, unique=True),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("xyz")), min_size=1, unique=True),
)
def test_margins_of_the_matrix(pairs, claims):
    members = pd.DataFrame([(u, str(d)) for u, d in pairs], columns=["unit_id", "doc_id"])
    stated = pd.DataFrame([(str(d), e) for d, e in claims], columns=["doc_id", "effect"])
    if not set(members["doc_id"]) & set(stated["doc_id"]):
        return
    cells = technology_effect_matrix(members, stated, effects=list("xyz"))
    sums = cells.groupby("effect")[["expected", "n_effect", "n_unit", "n_all"]].agg("sum")
    wanted = sums["n_effect"] / 3 * sums["n_unit"] / (sums["n_all"] / 3)
    assert np.allclose(sums["expected"], wanted)
    assert (cells["n"] <= cells[["n_unit", "n_effect"]].min(axis=1)).all()
    assert (cells["q_few"].dropna() >= cells.loc[cells["q_few"].notna(), "p_few"]).all()
