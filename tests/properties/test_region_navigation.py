"""Regions, niches and position: no order, no names, no future."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from position_tables import AS_OF, evidence, levels

from foresight.errors import InsufficientDataError
from foresight.navigation.city_plan import plan_agreement, plan_roles
from foresight.navigation.niches import niches
from foresight.navigation.position import position, strengths_and_gaps
from foresight.navigation.regions import (
    region_counts,
    region_density,
    region_track,
    technology_space,
)

FEW = settings(max_examples=8, deadline=None)
FEWEST = settings(max_examples=3, deadline=None)  # a position of every table takes a second
UNITS = [f"t{i}" for i in range(6)]
FIELDS = pd.DataFrame(
    [("r0", "key", "x", "t0", None, "exact"), ("r1", "active", "y", "t3", None, "exact")],
    columns=["city_zh", "level", "phrase", "track", "sub_direction", "match"],
)


@st.composite
def documents(draw):
    """Members and regions of 30 to 120 documents over six units and five regions."""
    size = draw(st.integers(30, 120))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    members = pd.DataFrame(
        {"unit_id": rng.choice(UNITS, size), "doc_id": [f"d{i}" for i in range(size)]}
    )
    regions = members[["doc_id"]].assign(region=rng.choice([f"r{i}" for i in range(5)], size))
    twice = regions.head(size // 5).assign(region="r0")
    return members, pd.concat([regions, twice]).drop_duplicates()


def everything(members, regions, fields=FIELDS):
    """All tables of regions from one set of documents, or the refusal in words."""
    try:
        space = technology_space(region_counts(members, regions), min_docs=5)
    except InsufficientDataError as error:
        return str(error)
    table = region_track(members, regions)
    cities = ["r0", "r1", "r9"]
    density = region_density(table, space=space, of=cities, rng=np.random.default_rng(3), draws=20)
    roles = plan_roles(fields, units=sorted(members["unit_id"].unique()))
    found = niches(table, density=density, space=space, roles=roles, cities=cities)
    agreement = plan_agreement(members, regions, roles=roles, cities=cities)
    return [table, density, found, agreement]


def same(ones, others):
    if isinstance(ones, str):
        assert ones == others
        return
    for one, other in zip(ones, others, strict=True):
        pd.testing.assert_frame_equal(one, other)


@FEW
@given(documents(), st.integers(0, 1000))
def test_the_order_and_repetition_of_rows_do_not_matter(found, seed):
    members, regions = found
    kept = members.copy(), regions.copy()
    base = everything(members, regions)
    again = pd.concat([members, members.head(3)]).sample(frac=1, random_state=seed)
    same(base, everything(again, regions.sample(frac=1, random_state=seed)))
    pd.testing.assert_frame_equal(members, kept[0])  # the inputs are as they were
    pd.testing.assert_frame_equal(regions, kept[1])


@FEW
@given(documents())
def test_names_do_not_matter(found):
    members, regions = found
    base = everything(members, regions)
    renamed = everything(
        members.assign(unit_id="u" + members["unit_id"], doc_id="x" + members["doc_id"]),
        regions.assign(doc_id="x" + regions["doc_id"]),
        FIELDS.assign(track="u" + FIELDS["track"]),
    )
    if isinstance(base, str):
        assert base == renamed
        return
    for one, other in zip(base, renamed, strict=True):
        numbers = one.select_dtypes(["number", "boolean", "bool"]).columns
        pd.testing.assert_frame_equal(one[numbers], other[numbers])


@FEW
@given(documents())
def test_niches_are_never_what_a_region_is_specialised_in(found):
    result = everything(*found)
    if isinstance(result, str):
        return
    table, _, proposed, _ = result
    named = proposed.dropna(subset=["unit_id"])
    both = named.merge(table, on=["region", "unit_id"], suffixes=("", "_table"))
    assert (both["rta_table"] < 1).all()
    assert set(proposed["region"]) == {"r0", "r1", "r9"}  # a city without documents is named too
    assert (named.loc[named["state"] == "recommended", "support_ids"] != "").all()


def tables(evidence_):
    found = position(evidence_, track="t", as_of=AS_OF, rng=np.random.default_rng(2))
    return found, strengths_and_gaps(found)


def full(extra=()):
    """Evidence with every table; `extra` rows (doc_id, published) come after the date."""
    base = evidence()
    documents_ = pd.concat(
        [base.documents]
        + [pd.DataFrame({"doc_id": [d], "published": [p], "year": [int(p[:4])]}) for d, p in extra]
    ).reset_index(drop=True)
    ids = documents_["doc_id"]
    score = pd.Series(np.arange(len(ids)) % 90 + 1.0, index=ids)
    return replace(
        base,
        documents=documents_,
        members=pd.DataFrame(
            {"unit_id": np.where(np.arange(len(ids)) % 3, "a", "b"), "doc_id": ids}
        ),
        levels=levels(ids.tolist()),
        organisations=pd.DataFrame(
            {"doc_id": ids, "org_id": ("o" + (score % 7).astype(str)).array, "first_year": 2015}
        ),
        inventors=pd.DataFrame(
            {
                "doc_id": ids,
                "name": ("n" + (score % 11).astype(str)).array,
                "first_year": 2018,
                "country": "CN",
                "province": "Zhejiang",
            }
        ),
        percentile=score,
        novel=(score % 2).astype(float),
        verdicts=pd.DataFrame({"doc_id": ids, "valid": "yes", "high_value": "no"}),
        events=pd.DataFrame({"doc_id": ["z30"], "date": ["2020-01-01"], "event": ["transfer"]}),
    )


@FEWEST
@given(st.integers(1, 30), st.integers(1, 300))
def test_what_comes_after_the_date_changes_nothing(count, day):
    base = tables(full())
    late = (pd.Timestamp(AS_OF) + pd.Timedelta(days=day)).date().isoformat()
    more = full([(f"{'wcz'[i % 3]}9{i}", late) for i in range(count)])
    more = replace(
        more,
        events=pd.concat(
            [more.events, pd.DataFrame({"doc_id": ["z31"], "date": [late], "event": ["pledge"]})]
        ),
    )
    for one, other in zip(base, tables(more), strict=True):
        pd.testing.assert_frame_equal(one, other)


@FEWEST
@given(st.integers(0, 1000))
def test_the_order_of_documents_does_not_matter_to_a_position(seed):
    base = full()
    mixed = {
        name: getattr(base, name).sample(frac=1, random_state=seed)
        for name in (
            "documents", "members", "levels", "organisations", "inventors", "percentile", "novel",
            "verdicts",
        )
    }  # fmt: skip
    for one, other in zip(tables(base), tables(replace(base, **mixed)), strict=True):
        pd.testing.assert_frame_equal(one, other)
