"""What the weights are learnt from."""

import numpy as np
import pandas as pd
import pytest

from foresight.errors import SourceError
from foresight.navigation.person_pairs import FEATURES
from foresight.navigation.person_training import halves, masked, truth
from foresight.sources.inventor_labels import read_inventor_labels

AT = {name: i for i, name in enumerate(FEATURES)}


def test_halves_share_no_family_name():
    persons = pd.Series([f"p{i}" for i in range(60)] + ["p0", "p1"])
    families = pd.Series([f"f{i % 40}" for i in range(60)] + ["f39", "f38"])
    side = halves(persons, families)
    named = pd.DataFrame({"family": families, "side": persons.map(side)})
    assert not named.drop_duplicates()["family"].duplicated().any()
    assert set(side) == {"train", "test"}
    shuffled = halves(persons.iloc[::-1], families.iloc[::-1])
    assert shuffled.to_dict() == side.to_dict()


def test_a_masked_field_is_as_if_not_stated():
    row = np.zeros((1, len(FEATURES)))
    row[0, [AT["city"], AT["applicant_rarity"], AT["coinventor"]]] = [1.0, 0.5, 1.0]
    place = masked(row, ("place",))[0]
    assert (place[AT["city"]], place[AT["place_missing"]]) == (0, 1)
    assert place[AT["applicant_rarity"]] == 0.5
    applicant = masked(row, ("applicant",))[0]
    assert applicant[AT["city_elsewhere"]] == 1  # the city, and no applicant that explains it
    assert (applicant[AT["applicant_rarity"]], applicant[AT["applicant_missing"]]) == (0, 1)
    assert applicant[AT["coinventor"]] == 1
    assert row[0, AT["city"]] == 1


def test_what_confidence_is_fitted_to():
    class Names:
        name_mentions = np.zeros(5)

    persons = pd.Series(["a", "a", None, "a", "b"])
    groups, mean = np.array([0, 0, 0, 3, 4]), np.array([0.9, 0.9, 0.2, np.nan, np.nan])
    found = truth(Names, persons, groups=groups, mean=mean)
    assert found["share"].tolist() == [0.5, 0.5]  # of the two others one is the same person
    assert found["others"].tolist() == [2, 2]
    assert found["weight"].tolist() == pytest.approx([1 / 3, 1 / 3])


def test_labels_are_read_beside_the_published_groups(tmp_path):
    ids = ["US12-3", "US7-0"]
    columns = {"disamb_inventor_id_20211230": ["x", None], "disamb_inventor_id_20220630": "y"}
    pd.DataFrame({"mention_id": ids, "unique_id": ["p", None]}).to_parquet(
        tmp_path / "pv-reference.parquet"
    )
    with pytest.raises(SourceError, match="pv-predictions"):
        read_inventor_labels(tmp_path)
    file = tmp_path / "pv-predictions.parquet"
    pd.DataFrame({"mention_id": ids}).to_parquet(file)
    with pytest.raises(SourceError, match="20211230"):
        read_inventor_labels(tmp_path)
    pd.DataFrame({"mention_id": ids, **columns}).to_parquet(file)
    found = read_inventor_labels(tmp_path)
    assert found["doc_id"].tolist() == ["US12", "US7"]
    assert found["position"].tolist() == [3, 0]
    assert found["person"].isna().tolist() == [False, True]
    assert found["patentsview_2021"].isna().tolist() == [False, True]
