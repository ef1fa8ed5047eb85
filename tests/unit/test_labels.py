"""Label files: in form, whole, and what two readings agree on."""

import pandas as pd
import pytest

from foresight import labels
from foresight.errors import RegistryError
from foresight.labels import COLUMNS, LabelCard, agreement, read_labels, write_labels

CARD = LabelCard(
    "quantum",
    "sample",
    "c" * 8,
    "t" * 8,
    1,
    "2026-11-24",
    {"class": 40, "broad": 7},
    "reader A",
    "",
    "the rule: 量子; # yes",
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(labels, "data_dir", lambda: tmp_path)
    return tmp_path


def rows(*given):
    return pd.DataFrame(given, columns=list(COLUMNS))


def test_what_is_written_is_read(data):
    given = rows(
        ("US1", "class", "yes", pd.NA, "close, to the track"), ("US2", "broad", "no", "yes", "")
    )
    path = write_labels(CARD, given)
    assert path == data / "labels" / "quantum.csv"
    card, found = read_labels("quantum", "sample")
    assert card == CARD
    assert found.fillna("").to_numpy().tolist() == given.fillna("").to_numpy().tolist()


def test_another_corpus_has_a_folder_of_its_own(data):
    assert labels.labels_path("quantum", "papers") == data / "labels" / "papers" / "quantum.csv"
    assert read_labels("quantum", "papers") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("US2,broad,no", "US1,broad,no", "US1"),
        ("US2,broad,no", "US2,broad,maybe", "US2"),
        ("doc_id,stratum", "doc,stratum", "columns"),
        ("# seed: 1", "# grain: 1", "must hold"),
        ("# seed: 1", "# seed: [", "not YAML"),
        ("#   class: 40", "#   class: forty", "whole numbers"),
    ],
)
def test_a_file_out_of_form_is_refused_by_name(data, old, new, told):
    path = write_labels(
        CARD, rows(("US1", "class", "yes", pd.NA, ""), ("US2", "broad", "no", pd.NA, ""))
    )
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(RegistryError, match=told) as error:
        read_labels("quantum", "sample")
    assert str(path) in str(error.value)


def test_agreement_by_hand():
    given = rows(
        ("a", "class", "yes", "yes", ""),
        ("b", "class", "yes", "no", ""),
        ("c", "class", "no", "no", ""),
        ("d", "class", "unclear", "no", ""),
        ("e", "class", "yes", pd.NA, ""),
    )
    equal, kappa, twice = agreement(given)
    assert (equal, twice) == (0.75, 4)
    # Chance: 1/2 yes and 1/4 yes give 1/2*1/4 + 1/2*3/4 = 1/2; kappa = (3/4 - 1/2) / (1/2).
    assert kappa == pytest.approx(0.5)
    assert agreement(given.assign(second=pd.NA)) is None
