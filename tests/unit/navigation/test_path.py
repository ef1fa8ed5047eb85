"""Path: every rule once met and once not; nothing without documents; silence with its reason."""

import pandas as pd
import pytest

from foresight.errors import SettingsError, TableError
from foresight.navigation.path import CHAPTERS, path, rules
from foresight.navigation.path_rules import INPUTS

FLAGS = dict.fromkeys(
    ("strong", "rising", "prolific", "bridging", "moved_abroad"), False
)  # fmt: skip


def table(name, *rows, **common):
    """Rows of an input table; what is not given has a default."""
    default = {
        "value": 1.0, "lo": 0.5, "hi": 2.0, "n": 40, "doc_ids": "d1;d2", "reason": None,
        "evidence": "enough", "ref_ids": "r1", "against": "world", "view": "structure",
        "ratio_near": 1.5, "near_lo": 1.1, "near_hi": 2.0, "n_near": 12, "near_ids": "n1",
        "density": 40.0, "density_lo": 30.0, "density_hi": 50.0, "n_region": 43,
        "support_ids": "s1", "confidence": 0.9, "local": True, "size": "large",
        "share": 0.5, "share_lo": 0.4, "share_hi": 0.6, "n_docs": 40, "recent_share": 0.7,
        "recent_lo": 0.6, "recent_hi": 0.8, "groups_joined": 2, "n_abroad": 3, "n_province": 2,
        "n_recent": 1, "kind": "city", "rta_shrunk": 2.0, "rta_lo": 1.2, "rta_hi": 3.0,
        "control": 0.3, "control_lo": 0.2, "control_hi": 0.4, **FLAGS,
    }  # fmt: skip
    frame = pd.DataFrame([{**default, **common, **row} for row in rows])
    return frame.reindex(columns=list(INPUTS[name])) if len(frame) else empty(name)


def empty(name):
    return pd.DataFrame(columns=list(INPUTS[name]))


def gaps(verdict, indicator="branch_share", **more):
    reason = "intervals_meet" if verdict == "undecided" else None
    row = {"unit_id": "u", "indicator": indicator, "verdict": verdict, "reason": reason, **more}
    return table("gaps", row)


def directions(course):
    return table("directions", {"unit_id": "u", "course": course})


def only(found, rule):
    rows = found[found["rule"] == rule]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_table_of_rules():
    listed = rules()
    assert listed["id"].is_unique
    assert listed["chapter"].drop_duplicates().tolist() == list(CHAPTERS)
    assert listed[["condition_zh", "condition_en"]].ne("").all(axis=None)
    assert set(";".join(listed["needs"]).split(";")) == set(INPUTS)


def test_without_tables_every_chapter_says_what_lacks():
    found = path({}, region="Zhejiang")
    assert found["chapter"].tolist() == list(CHAPTERS)
    assert set(found["kind"]) == {"none"}
    assert "S1 no_table:gaps,directions" in found["reason"].iloc[0]
    for rule in rules().itertuples():
        reason = found.set_index("chapter")["reason"].loc[rule.chapter]
        assert f"{rule.id} no_table:" in reason


CASES = [
    ("S1", {"gaps": gaps("strength"), "directions": directions("rising")}),
    ("S2", {"gaps": gaps("gap"), "directions": directions("hot")}),
    ("S3", {"gaps": gaps("strength"), "directions": directions("fading")}),
    ("S4", {"niches": table("niches", {"region": "甲", "unit_id": "u", "state": "recommended"})}),
    ("S5", {"regions": table("regions", {"region": "甲", "unit_id": "u"})}),
    ("O1", {"organisations": table("organisations", {"org": "O", "unit_id": "u",
                                                     "rising": True})}),
    ("O4", {"organisations": table("organisations", {"org": "O", "unit_id": "u"})}),
    ("O2", {"organisations": table("organisations", {"org": "O", "unit_id": "u", "local": False,
                                                     "strong": True}),
            "gaps": gaps("gap"), "directions": empty("directions")}),
    ("O3", {"organisations": table("organisations", *({"org": o, "unit_id": "u",
                                                       "size": "small"} for o in "XYZ"))}),
    ("P1", {"people": table("people", {"person_id": "p", "unit_id": "u", "rising": True})}),
    ("P2", {"people": table("people", {"person_id": "p", "unit_id": "u", "local": False,
                                       "prolific": True}),
            "gaps": empty("gaps"), "directions": directions("rising")}),
    ("P3", {"people": table("people", {"person_id": "p", "unit_id": "u", "local": None,
                                       "moved_abroad": True})}),
    ("T1", {"people": table("people", {"person_id": "p", "unit_id": "u",
                                       "bridging": True})}),
    ("T2", {"white_space": table("white_space", {"unit_id": "u", "effect": "e",
                                                 "status": "open"})}),
    ("T3", {"control": table("control", {"unit_id": "u", "org_id": "H", "local": False}),
            "gaps": gaps("gap"), "directions": directions("fading")}),
    ("L1", {"control": table("control", {"unit_id": "u", "org_id": "H", "local": False}),
            "gaps": gaps("strength")}),
    ("L2", {"white_space": table("white_space", {"unit_id": "u", "effect": "e", "status": "open"}),
            "gaps": gaps("strength")}),
    ("L3", {"gaps": gaps("gap", "high_value_share")}),
    ("L4", {"gaps": gaps("gap", "pledges")}),
]  # fmt: skip


def test_all_rules_have_a_case():
    assert [rule for rule, _ in CASES] == rules()["id"].tolist()


@pytest.mark.parametrize(("rule", "tables"), CASES, ids=[rule for rule, _ in CASES])
def test_a_rule_that_is_met_recommends_with_its_documents(rule, tables):
    found = path(tables, region="Zhejiang")
    row = only(found, rule)
    assert row["kind"] == rules().set_index("id")["kind"].loc[rule]
    assert row["doc_ids"]
    assert row["n"] > 0
    assert row["measure"]
    assert row["region"] == ("甲" if rule in {"S4", "S5"} else "Zhejiang")
    assert (row["unit_id"], row["evidence"]) == (
        "u",
        "enough" if rule not in {"O3", "T2", "L2"} else "thin",
    )


@pytest.mark.parametrize(("rule", "tables"), CASES, ids=[rule for rule, _ in CASES])
def test_a_rule_met_by_rows_without_documents_recommends_nothing(rule, tables):
    ids = ("doc_ids", "ref_ids", "support_ids", "near_ids")
    bare = {
        name: frame.assign(**dict.fromkeys(set(ids) & set(frame.columns), ""))
        for name, frame in tables.items()
    }
    found = path(bare, region="Zhejiang")
    assert rule not in set(found["rule"])
    chapter = rules().set_index("id")["chapter"].loc[rule]
    assert f"{rule} no_evidence" in found.set_index("chapter")["reason"].loc[chapter]


NOT_MET = {
    "S1": {"gaps": gaps("gap"), "directions": directions("rising")},
    "S2": {"gaps": gaps("gap"), "directions": directions("fading")},
    "S3": {"gaps": gaps("strength"), "directions": directions("undecided")},
    "S4": {"niches": table("niches", {"region": "甲", "unit_id": "u", "state": "undecided"})},
    "S5": {"regions": table("regions", {"region": "甲", "unit_id": "u", "rta_lo": 1.0})},
    "O1": {"organisations": table("organisations", {"org": "O", "unit_id": "u", "local": None,
                                                    "rising": True})},
    "O4": {"organisations": table("organisations", {"org": "O", "unit_id": "u", "n_docs": 4})},
    "O2": {"organisations": table("organisations", {"org": "O", "unit_id": "other",
                                                    "local": False, "strong": True}),
           "gaps": gaps("gap"), "directions": directions("rising")},
    "O3": {"organisations": table("organisations", *({"org": o, "unit_id": "u",
                                                      "size": "small"} for o in "XXY"))},
    "P1": {"people": table("people", {"person_id": "p", "unit_id": "u", "rising": True,
                                      "confidence": 0.89})},
    "P2": {"people": table("people", {"person_id": "p", "unit_id": "u", "local": None,
                                      "prolific": True}),
           "gaps": gaps("gap"), "directions": directions("rising")},
    "P3": {"people": table("people", {"person_id": "p", "unit_id": "u", "n_docs": 2,
                                      "moved_abroad": True})},
    "T1": {"people": table("people", {"person_id": "p", "unit_id": "u", "local": False,
                                      "bridging": True})},
    "T2": {"white_space": table("white_space", {"unit_id": "u", "effect": "e",
                                                "status": "closed"})},
    "T3": {"control": table("control", {"unit_id": "u", "org_id": "H", "local": False,
                                        "control_lo": 0.09}),
           "gaps": gaps("gap"), "directions": directions("rising")},
    "L1": {"control": table("control", {"unit_id": "u", "org_id": "H", "local": True}),
           "gaps": gaps("strength")},
    "L2": {"white_space": table("white_space", {"unit_id": "u", "effect": "e", "status": "open"}),
           "gaps": gaps("gap")},
    "L3": {"gaps": gaps("strength", "high_value_share")},
    "L4": {"gaps": gaps("strength", "transfers")},
}  # fmt: skip


@pytest.mark.parametrize("rule", list(NOT_MET))
def test_a_rule_that_is_not_met(rule):
    found = path(NOT_MET[rule], region="Zhejiang")
    assert rule not in set(found["rule"])
    chapter = rules().set_index("id")["chapter"].loc[rule]
    rows = found[(found["chapter"] == chapter) & (found["kind"] == "none")]
    if len(rows):  # another rule of the chapter may be met
        assert f"{rule} not_met" in rows["reason"].iloc[0]


def test_an_undecided_comparison_is_not_called_unmet():
    found = path({"gaps": gaps("undecided", "high_value_share")}, region="Zhejiang")
    reason = found.set_index("chapter")["reason"].loc["layout"]
    assert "L3 undecided:intervals_meet" in reason
    assert "L4 undecided:not_in_gaps" in reason


def test_evidence_of_both_sides_and_the_first_comparison():
    rows = pd.concat(
        [gaps("gap", against="country", ref_ids="r1;d1"), gaps("gap", against="world")]
    )
    row = only(path({"gaps": rows, "directions": directions("hot")}, region="Zhejiang"), "S2")
    assert row["measure"] == "branch_share against country"
    assert row["doc_ids"] == "d1;d2;r1"


def test_niches_of_one_track():
    rows = [{"region": r, "unit_id": u, "state": "recommended", "evidence": "thin"}
            for r in ("甲", "乙") for u in ("t", "t/one", "other", "tt")]  # fmt: skip
    found = path({"niches": table("niches", *rows)}, region="Zhejiang", track="t")
    kept = found[found["rule"] == "S4"]
    assert sorted(zip(kept["region"], kept["unit_id"], strict=True)) == sorted(
        (region, unit) for region in ("甲", "乙") for unit in ("t", "t/one")
    )
    assert set(kept["evidence"]) == {"thin"}  # as the table says


@pytest.mark.parametrize(("name", "flag"), [("organisations", "strong"), ("people", "prolific")])
def test_whoever_has_stopped_is_not_brought_in(name, flag):
    row = {"org": "O", "person_id": "p", "unit_id": "u", "local": False, flag: True}
    asked = {"gaps": gaps("gap"), "directions": empty("directions")}
    for recent, expected in ((0, []), (1, ["bring_in"])):
        found = path({name: table(name, row, n_recent=recent), **asked}, region="Zhejiang")
        assert found.loc[found["kind"] == "bring_in", "kind"].tolist() == expected


def test_a_person_on_two_lists_is_recommended_once_by_the_first():
    row = {"person_id": "p", "unit_id": "u", "rising": True, "prolific": True}
    found = only(path({"people": table("people", row)}, region="Zhejiang"), "P1")
    assert (found["measure"], found["value"], found["lo"]) == ("recent_share", 0.7, 0.6)


def test_the_best_founded_come_first():
    rows = [{"org": o, "unit_id": "u", "rising": True, "n_docs": n}
            for o, n in (("A", 5), ("B", 50), ("C", 9), ("D", 2))]  # fmt: skip
    found = path({"organisations": table("organisations", *rows)}, region="Zhejiang")
    assert found.loc[found["rule"] == "O1", "subject"].tolist() == ["B", "C", "A"]  # D: too few


def test_wrong_tables_are_refused():
    with pytest.raises(SettingsError, match="Unknown table"):
        path({"gap": gaps("gap")}, region="Zhejiang")
    with pytest.raises(TableError, match="lacks the column"):
        path({"gaps": gaps("gap").drop(columns="ref_ids")}, region="Zhejiang")
