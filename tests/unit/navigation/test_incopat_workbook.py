"""From a workbook in the layout of incoPat to every category and index, by hand-made values."""

import numpy as np
import pandas as pd
import pytest
from navigation_samples import (
    AS_OF,
    EXPECTED,
    MEMBERS,
    NUMBERS,
    PLEDGES,
    READ_ON,
    THRESHOLD,
    workbook,
)

from foresight.navigation.control import branch_concentration, control_index, holders
from foresight.navigation.core import core_patents
from foresight.navigation.effects import document_effects, load_effects
from foresight.navigation.high_value import (
    CATEGORIES,
    StrategicClasses,
    event_record,
    high_value,
    high_value_share,
)
from foresight.navigation.matrix import technology_effect_matrix
from foresight.sources.exports import read_export
from foresight.sources.records import Options

UNITS = pd.DataFrame(MEMBERS, columns=["unit_id", "doc_id"])


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    path = tmp_path_factory.mktemp("incopat") / "made for the test.xlsx"
    path.write_bytes(workbook())
    read = read_export("incopat", [path], options=Options(keep_minor=True, today=READ_ON))
    found = {name: data.to_pandas() for name, data in read.tables.items()}
    return found | {"family_members": read.members.to_pandas()}


@pytest.fixture(scope="module")
def judged(tables):
    docs, events = tables["documents"], tables["events"]
    amounts = [(NUMBERS[name], day, amount) for name, day, amount in PLEDGES]
    prefixes = pd.DataFrame({"industry": ["quantum"], "prefix": ["G06N10/20"]})
    return high_value(
        docs,
        classes=tables["classes"],
        events=events,
        family_members=tables["family_members"],
        as_of=AS_OF,
        known_on=READ_ON,
        events_complete=event_record(docs, events, as_of=AS_OF),
        strategic=StrategicClasses("made for the test", prefixes, complete=True),
        pledge_amounts=pd.DataFrame(amounts, columns=["doc_id", "date", "amount"]),
        pledge_threshold=THRESHOLD,
    )


def test_every_row_is_read(tables):
    assert set(tables["documents"]["doc_id"]) == set(NUMBERS.values())


@pytest.mark.parametrize("name", list(NUMBERS))
def test_categories(judged, name):
    row = judged.set_index("doc_id").loc[NUMBERS[name]]
    columns = ["valid", *CATEGORIES, "high_value"]
    assert dict(zip(columns, row[columns], strict=True)) == dict(
        zip(columns, EXPECTED[name].split(), strict=True)
    )


def test_shares(judged):
    shares = high_value_share(judged, members=UNITS).set_index(["unit_id", "criterion"])
    battery = shares.loc[("battery", "high_value")]
    counts = ["n_patents", "n_valid", "n_invalid", "n_valid_undecided", "n_yes", "n_no"]
    assert battery[counts].tolist() == [22, 21, 1, 0, 2, 18]
    assert battery["share"] == pytest.approx(2 / 20)
    assert battery[["if_no", "if_yes"]].tolist() == pytest.approx([2 / 21, 3 / 21])
    quantum = shares.loc[("quantum", "high_value")]
    assert quantum[counts].tolist() == [7, 4, 3, 0, 2, 0]
    assert quantum[["if_no", "if_yes"]].tolist() == pytest.approx([2 / 4, 1])
    assert shares.loc[("quantum", "overseas"), "share"] == 0
    assert battery["doc_ids"] == f"{NUMBERS['B1']};{NUMBERS['B4']}"


@pytest.fixture(scope="module")
def core(tables):
    return core_patents(
        tables["documents"], references=tables["references"], classes=tables["classes"],
        family_members=tables["family_members"], as_of=AS_OF, known_on=READ_ON,
    )  # fmt: skip


def test_core_patents(core):
    found = core.set_index("doc_id")
    top, second, uncited = (found.loc[NUMBERS[name]] for name in ("B1", "B2", "B7"))
    assert top[["core", "percentile", "n_citations", "n_cell"]].tolist() == [
        "yes", pytest.approx(100 * 11.5 / 12), 6, 12,
    ]  # fmt: skip
    assert second["percentile"] == pytest.approx(100 * 10.5 / 12)
    assert uncited["percentile"] == pytest.approx(100 * 4.5 / 12)  # nine share ranks 1 to 9
    wide = found.loc[NUMBERS["B4"], ["core", "cited", "offices", "n_offices"]]
    assert wide.tolist() == ["yes", "no", "yes", 3]
    unlisted = found.loc[NUMBERS["B5"], ["core", "why_offices"]]
    assert unlisted.tolist() == ["undecided", "families_unknown"]
    assert found.loc[NUMBERS["C1"], ["core", "why_cited"]].tolist() == ["undecided", "small_cell"]
    battery = UNITS.loc[UNITS["unit_id"] == "battery", "doc_id"]
    counts = found.loc[battery, "core"].value_counts().to_dict()
    assert counts == {"yes": 2, "no": 9, "undecided": 11}


def test_control_index(tables, core):
    orgs = holders(tables["documents"], tables["parties"])
    table = control_index(
        UNITS, core, doc_orgs=orgs, references=tables["references"], rng=np.random.default_rng(1)
    ).set_index(["unit_id", "org_id"])
    battery = table.loc["battery"]
    first, second = battery.loc["甲电池有限公司"], battery.loc["乙电池有限公司"]
    # Of eight citations from others, B1 has five, B2 two, and half of B3's one falls to 甲.
    assert first[["n_docs", "n_core", "n_unit_core", "n_unit_citations"]].tolist() == [4, 1, 2, 8]
    assert first[["doc_share", "core_share", "citation_share", "control"]].tolist() == (
        pytest.approx([3.5 / 22, 1 / 2, 7.5 / 8, 0.71875])
    )
    assert second[["doc_share", "core_share", "citation_share", "control"]].tolist() == (
        pytest.approx([2.5 / 22, 1 / 2, 0.5 / 8, 0.28125])
    )
    assert (battery["control_lo"] <= battery["control"]).all()
    assert (battery["control"] <= battery["control_hi"]).all()
    assert battery.index[0] == "甲电池有限公司"
    quantum = table.loc["quantum"].iloc[0]
    assert quantum[["status", "why"]].tolist() == ["undecided", "no_core"]
    assert pd.isna(quantum["control"])


def test_concentration(tables):
    orgs = holders(tables["documents"], tables["parties"])
    table = branch_concentration(
        UNITS, orgs, last_year=2019, rng=np.random.default_rng(1)
    ).set_index(["unit_id", "measure"])
    cr4, hhi = table.loc[("battery", "cr4")], table.loc[("battery", "hhi")]
    assert cr4["raw"] == 1
    assert np.isnan(cr4["value"])  # 22 documents are too few for CR4
    assert cr4["leaders"].split(";")[:2] == ["丁电池有限公司", "丙电池有限公司"]
    squares = 9**2 + 7**2 + 3.5**2 + 2.5**2
    assert hhi["raw"] == pytest.approx(squares / 22**2)
    assert hhi["value"] == pytest.approx((squares - 21.5) / (22**2 - 22))


def test_matrix(tables):
    effects = load_effects()
    found = document_effects(tables["documents"], effects)
    table = technology_effect_matrix(UNITS, found, effects=[effect.id for effect in effects])
    cells = table.set_index(["unit_id", "effect"])
    assert cells.loc["battery", "n"][lambda n: n > 0].to_dict() == {
        "lower-cost": 10, "higher-safety": 12,
    }  # fmt: skip
    accuracy = cells.loc[("battery", "higher-accuracy")]
    assert accuracy[["n", "expected"]].tolist() == pytest.approx([0, 22 * 7 / 29])
    assert accuracy["p_few"] == pytest.approx(np.exp(-22 * 7 / 29))
    assert cells.loc[("quantum", "higher-accuracy"), "ratio"] == pytest.approx(29 / 7)


def test_addresses(tables):
    owners = tables["parties"][tables["parties"]["role"] == "applicant"]
    placed = owners[owners["city"].fillna("").str.contains("杭州")]
    assert set(placed["doc_id"]) == {NUMBERS["B4"], NUMBERS["B5"]}
