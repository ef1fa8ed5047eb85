"""Who is present in a region: every state by hand."""

import pandas as pd
import pytest

from foresight.errors import SettingsError, TableError
from foresight.navigation.places import level_documents
from foresight.navigation.presence import inside_region, presence

PLACES = [
    # country, region, city, in the province, in Hangzhou
    ("CN", "Zhejiang", "杭州", True, True),
    ("CN", "Zhejiang", "宁波", True, False),
    ("CN", "Zhejiang", None, True, None),
    ("CN", None, "杭州", True, True),
    ("CN", "Beijing", None, False, False),
    ("CN", None, None, None, None),
    ("JP", None, None, False, False),
    (None, None, None, None, None),
]


@pytest.fixture
def places():
    return pd.DataFrame([row[:3] for row in PLACES], columns=["country", "region", "city"])


@pytest.mark.parametrize(("city", "column"), [(None, 3), ("杭州", 4)])
def test_rows_lie_inside_outside_or_are_not_known(places, city, column):
    found = inside_region(places, home="CN", province="Zhejiang", city=city)
    assert [None if pd.isna(v) else bool(v) for v in found] == [row[column] for row in PLACES]


@pytest.mark.parametrize(("city", "level"), [(None, "province"), ("杭州", "city")])
def test_documents_of_one_place_agree_with_the_levels(places, city, level):
    docs = places.assign(doc_id=[f"d{i}" for i in range(len(places))])
    told = docs["country"].ne("CN") | docs["region"].notna() | docs["city"].notna()
    known = docs.assign(stated=told)[docs["country"].notna()]
    table = level_documents(docs["doc_id"], places=known, home="CN", province="Zhejiang", city=city)
    levels = table[table["level"] == level].set_index("doc_id")["inside"]
    found = inside_region(places, home="CN", province="Zhejiang", city=city)
    assert found.tolist() == levels[docs["doc_id"]].tolist()


def holder(name, inside, outside, unknown):
    flags = [True] * inside + [False] * outside + [None] * unknown
    ids = [f"{name}{i}" for i in range(len(flags))]
    return pd.DataFrame({"holder": name, "doc_id": ids, "inside": pd.array(flags, "boolean")})


STATES = [
    # name, documents inside, outside, of unknown place, local
    ("all here", 1, 0, 0, True),
    ("half here", 2, 2, 5, True),
    ("a laboratory here", 1, 2, 0, None),
    ("elsewhere", 0, 3, 0, False),
    ("too few", 0, 2, 9, None),
    ("nowhere", 0, 0, 4, None),
]


def test_holders_are_local_away_or_neither():
    held = pd.concat([holder(*row[:4]) for row in STATES], ignore_index=True)
    found = presence(held.sample(frac=1, random_state=3))
    for name, inside, outside, _, local in STATES:
        row = found.loc[name]
        assert (row["n_known"], row["n_inside"]) == (inside + outside, inside)
        assert (None if pd.isna(row["local"]) else bool(row["local"])) == local


def test_a_document_counts_once_however_often_it_names_the_holder():
    held = pd.concat([holder("x", 0, 2, 0)] * 2)
    assert presence(held).loc["x", "n_known"] == 2
    assert pd.isna(presence(held).loc["x", "local"])


def test_wrong_use_is_refused(places):
    with pytest.raises(SettingsError, match="Name the country"):
        inside_region(places, home="CN", province="")
    with pytest.raises(TableError, match="lacks"):
        presence(holder("x", 1, 0, 0).drop(columns="inside"))
