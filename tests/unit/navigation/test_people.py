"""Mentions grouped into persons, with stated weights."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from foresight.errors import InsufficientDataError, RegistryError, TableError
from foresight.navigation.people import grouped, mean_to_others, people, person_table
from foresight.navigation.person_mentions import known_documents, prepare
from foresight.navigation.person_names import read_name
from foresight.navigation.person_pairs import (
    FEATURES,
    PairModel,
    load_pair_model,
    name_groups,
    pair_features,
)

CLASSES = pd.DataFrame(columns=["doc_id", "scheme", "code", "primary"], dtype="str")


def model(threshold=0.5, **weights):
    return PairModel(dict.fromkeys(FEATURES, 0.0) | weights, -1.0, threshold, (0.0, 1.0, 0.0, 0.0))


def documents(*rows):
    frame = pd.DataFrame(rows, columns=["doc_id", "published", "title"])
    return frame.assign(kind="patent", status=None, filed=frame["published"])


def parties(*rows):
    columns = ["doc_id", "role", "position", "name", "org", "country", "city"]
    return pd.DataFrame(rows, columns=columns)


DOCS = documents(
    ("D1", "2010-05-01", "Battery electrode"),
    ("D2", "2012-05-01", "Electrode slurry"),
    ("D3", "2014-05-01", "Apple harvester"),
    ("D4", "2030-01-01", "From the future"),
)
PARTIES = parties(
    ("D1", "inventor", 0, "Wei Zhang", None, "CN", "Hangzhou"),
    ("D1", "inventor", 1, "Ann Lee", None, "CN", "Hangzhou"),
    ("D1", "owner", 0, None, "Alpha Co., Ltd.", None, None),
    ("D2", "inventor", 0, "Zhang, Wei", None, "CN", "Hangzhou City"),
    ("D2", "inventor", 1, "Ann Lee", None, None, None),
    ("D2", "owner", 0, None, "ALPHA CO LTD", None, None),
    ("D3", "inventor", 0, "Wei Zhang", None, "US", "Boston"),
    ("D3", "owner", 0, None, "Beta Inc", None, None),
    ("D4", "inventor", 0, "Wei Zhang", None, "US", "Boston"),
)


def run(**options):
    given = {
        "documents": DOCS,
        "classes": CLASSES,
        "as_of": "2020-12-31",
        "model": model(coinventor=3.0, abroad=-3.0),
    }
    return people(PARTIES, **(given | options))


def test_features_are_those_counted_by_hand():
    known = known_documents(DOCS, as_of="2020-12-31")
    rows, mentions = prepare(PARTIES, known, CLASSES)
    at = {doc: i for i, doc in zip(rows.index, rows["doc_id"] + rows["name"], strict=True)}
    zhang = [at["D1Wei Zhang"], at["D2Zhang, Wei"], at["D3Wei Zhang"]]
    found = pair_features(
        mentions, np.array(zhang[:1]), np.array(zhang[1:]), levels=np.zeros((1, 2), np.int8)
    )[0]
    near, far = (dict(zip(FEATURES, row, strict=True)) for row in found)
    log3 = np.log(3)
    assert near["coinventor"] == 1
    assert far["coinventor"] == 0
    assert far["coinventor_missing"] == 1  # nobody else stands on D3
    # three documents: Alpha holds two of them
    assert near["applicant_rarity"] == pytest.approx(1 - np.log(2) / log3)
    assert near["coinventor_and_applicant"] == 1
    assert far["applicant_rarity"] == 0
    assert near["city"] == 1
    assert near["city_elsewhere"] == 0
    assert far["abroad"] == 1
    assert mentions.name_mentions[zhang] == pytest.approx([np.log(4)] * 3)
    assert near["name_applicants"] == pytest.approx(log3)  # Alpha, Beta
    assert near["years"] == pytest.approx(log3)
    assert near["class_missing"] == 1
    # D1 and D2 share one of their two words each; idf of a word on one of three is log 4
    shared, own = np.log(4 / 2), np.log(4)
    assert near["title"] == pytest.approx(shared**2 / (shared**2 + own**2))


def test_mentions_are_grouped_and_the_confidence_follows():
    ordered = run().sort_values(["doc_id", "role", "position"])
    assert ordered.index.tolist() == list(range(5))
    found = run().set_index(["doc_id", "name"])
    zhang = found.loc[("D1", "Wei Zhang"), "person_id"]
    assert zhang == "D1/inventor/0"
    assert found.loc[("D2", "Zhang, Wei"), "person_id"] == zhang
    assert found.loc[("D3", "Wei Zhang"), "person_id"] == "D3/inventor/0"
    # intercept -1, shared co-inventor +3; calibration leaves the probability as it is
    assert found.loc[("D1", "Wei Zhang"), "confidence"] == pytest.approx(expit(2.0), abs=1e-6)
    assert np.isnan(found.loc[("D3", "Wei Zhang"), "confidence"])
    assert found.loc[("D1", "Ann Lee"), "n_mentions"] == 2


def test_nothing_published_later_is_read():
    assert "D4" not in set(run()["doc_id"])
    future = DOCS[DOCS["doc_id"] != "D4"]
    pd.testing.assert_frame_equal(run(), run(documents=future))


def test_only_the_people_of_some_documents_with_all_their_mentions():
    every, some = run(), run(within=["D2"])
    wanted = every[every["doc_id"] != "D3"].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, wanted)


def test_nobody_stands_twice_on_one_document():
    twice = pd.concat(
        [PARTIES, parties(("D1", "inventor", 2, "Wei Zhang", None, "CN", "Hangzhou"))]
    )
    found = people(
        twice, documents=DOCS, classes=CLASSES, as_of="2020-12-31", model=model(place_missing=9.0)
    )
    on_first = found[(found["doc_id"] == "D1") & (found["name"] == "Wei Zhang")]
    assert on_first["person_id"].nunique() == 2


def test_average_linkage_joins_at_the_threshold():
    square = np.array([[0, 0.9, 0.4], [0.9, 0, 0.6], [0.4, 0.6, 0]], dtype=np.float32)
    assert len(set(grouped(square, threshold=0.49))) == 1  # (0.4 + 0.6) / 2 = 0.5
    labels = grouped(square, threshold=0.51)
    assert labels[0] == labels[1] != labels[2]
    mean = mean_to_others(square, labels)
    assert mean[:2] == pytest.approx([0.9, 0.9])
    assert np.isnan(mean[2])


def test_name_groups_leave_out_those_not_wanted():
    known = known_documents(DOCS, as_of="2020-12-31")
    rows, mentions = prepare(PARTIES, known, CLASSES)
    wanted = (rows["name"] == "Ann Lee").to_numpy()
    groups = [set(rows.loc[members, "name"]) for members, _ in name_groups(mentions.names)]
    assert groups == [{"Ann Lee"}, {"Wei Zhang", "Zhang, Wei"}]
    kept = [members for members, _ in name_groups(mentions.names, wanted=wanted)]
    assert len(kept) == 1
    names = [read_name(name) for name in ("Wei Zhang", "Wei Zhang", "Wu Zhang", "Wu Zhang")]
    of_one_block = name_groups(names, wanted=np.array([False, False, False, True]))
    assert [members.tolist() for members, _ in of_one_block] == [[2, 3]]


def test_a_table_of_persons():
    table = person_table(run()).loc["D1/inventor/0"]
    assert (table["n_docs"], table["first_year"], table["last_year"]) == (2, 2010, 2012)
    assert table["name"] == "Zhang, Wei"  # as frequent as the other, and longer


def test_no_document_yet():
    with pytest.raises(InsufficientDataError, match="2010-05-01"):
        run(as_of="1990-01-01")


def test_a_broken_table_is_refused():
    with pytest.raises(TableError, match="doc_id"):
        people(PARTIES.drop(columns="doc_id"), documents=DOCS, classes=CLASSES, as_of="2020-12-31")


def test_weights_of_another_version_are_refused(tmp_path):
    file = tmp_path / "weights.json"
    content = {"weights": {"odd": 1.0}, "intercept": 0, "threshold": 0.5, "calibration": [0] * 4}
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RegistryError, match="odd"):
        load_pair_model(file)
    with pytest.raises(RegistryError, match="missing"):
        load_pair_model(tmp_path / "none.json")


def test_inputs_are_not_changed():
    before = PARTIES.copy(), DOCS.copy()
    run()
    pd.testing.assert_frame_equal(PARTIES, before[0])
    pd.testing.assert_frame_equal(DOCS, before[1])
