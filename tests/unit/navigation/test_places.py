"""Places of documents: regions to count by, and the four levels."""

import pandas as pd
import pytest

from foresight.errors import SettingsError, TableError
from foresight.navigation.places import counting_regions, document_places, level_documents

WHERE = {"home": "CN", "province": "Zhejiang"}


def parties():
    rows = [
        ("d1", "inventor", 0, "CN", "Zhejiang", "Yiwu", "金华"),
        ("d1", "inventor", 1, "US", "CA", "Palo Alto", None),
        ("d1", "applicant", 0, None, None, None, None),
        ("d2", "inventor", 0, "CN", "Zhejiang", None, None),
        ("d3", "inventor", 0, "CN", None, "Beijing", None),
        ("d4", "inventor", 0, "CN", None, None, None),
        ("d5", "inventor", 0, "JP", None, None, None),
        ("d6", "inventor", 0, None, None, None, None),
    ]
    names = ["doc_id", "role", "position", "country", "region", "city", "prefecture"]
    return pd.DataFrame(rows, columns=names)


def places(table=None, **keywords):
    table = parties() if table is None else table
    return document_places(table, cities=table["prefecture"], home="CN", **keywords)


def test_a_party_without_a_country_tells_no_place():
    found = places()
    assert list(found.columns) == ["doc_id", "country", "region", "city", "stated"]
    assert found["doc_id"].tolist() == ["d1", "d1", "d2", "d3", "d4", "d5"]
    assert found.loc[found["doc_id"] == "d1", "city"].tolist()[0] == "金华"
    assert found.set_index("doc_id")["stated"].loc["d4"].item() is False
    assert found.loc[found["doc_id"] == "d5", "stated"].all()  # abroad, all that is asked for


def test_roles_choose_who_tells_the_place():
    assert places(roles=["applicant"]).empty


def test_regions_are_the_finest_that_are_told():
    found = counting_regions(places(), **WHERE)
    pairs = list(found.itertuples(index=False, name=None))
    assert pairs == [
        ("d1", "US-CA", "state"),
        ("d1", "金华", "city"),
        ("d2", "Zhejiang", "province"),
        ("d3", "CN", "country"),
        ("d4", "CN", "country"),
        ("d5", "JP", "country"),
    ]
    whole = counting_regions(places(), **WHERE, split=())
    assert "US" in set(whole["region"])


def inside(found, level):
    rows = found[found["level"] == level]
    pairs = rows[["doc_id", "inside"]].itertuples(index=False, name=None)
    return {doc: None if pd.isna(value) else bool(value) for doc, value in pairs}


def test_levels_are_yes_no_or_not_known():
    ids = ["d1", "d2", "d3", "d4", "d5", "d6"]
    found = level_documents(ids, places=places(), **WHERE, city="金华")
    assert found["level"].drop_duplicates().tolist() == ["world", "country", "province", "city"]
    assert all(inside(found, "world").values())
    assert inside(found, "country") == {
        "d1": True, "d2": True, "d3": True, "d4": True, "d5": False, "d6": None,
    }  # fmt: skip
    assert inside(found, "province") == {
        "d1": True, "d2": True, "d3": False, "d4": None, "d5": False, "d6": None,
    }  # fmt: skip
    assert inside(found, "city") == {
        "d1": True, "d2": None, "d3": False, "d4": None, "d5": False, "d6": None,
    }  # fmt: skip


def test_a_corpus_that_names_no_provinces_is_not_known_below_the_country():
    table = parties()
    table.loc[table["doc_id"].isin(["d1", "d2", "d3"]), ["region", "city", "prefecture"]] = None
    found = level_documents(["d1", "d5"], places=places(table), **WHERE)
    assert inside(found, "country") == {"d1": True, "d5": False}
    assert inside(found, "province") == {"d1": None, "d5": None}


def test_cities_as_they_are_written_are_refused():
    """Every value would count as a city of the province, Shenzhen among them."""
    table = parties()
    table.loc[len(table)] = ("d7", "inventor", 0, "CN", "Guangdong", "Shenzhen", None)
    assert len(places(table)) == len(places()) + 1
    with pytest.raises(TableError, match=r"2 provinces \(Guangdong, Zhejiang\).*prefectures"):
        document_places(table, cities=table["city"], home="CN")


def test_an_empty_name_is_refused():
    with pytest.raises(SettingsError, match="Name the country"):
        level_documents(["d1"], places=places(), home="CN", province="")
