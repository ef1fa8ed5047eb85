"""Organisations of a unit, counted by hand."""

import pandas as pd
import pytest

from foresight.errors import TableError
from foresight.navigation.organisations import (
    commonest_spelling,
    document_organisations,
    organisation_kind,
    organisations,
)

DOCS = pd.DataFrame(
    [(f"D{i:02d}", f"{2000 + i}-06-01") for i in range(1, 21)] + [("F1", "2031-01-01")],
    columns=["doc_id", "published"],
).assign(kind="patent", title="t")
HOLDER = {  # Alpha: old; Beta: the last five years; Univ: three documents
    **{f"D{i:02d}": "Alpha Co., Ltd." for i in range(1, 13)},
    **{f"D{i:02d}": "BETA INC" for i in range(16, 21)},
    **{f"D{i:02d}": "Zhejiang University" for i in range(13, 16)},
    "F1": "Alpha Co., Ltd.",
}
PARTIES = pd.DataFrame(
    [(doc, "owner", 0, org, None, None) for doc, org in HOLDER.items()]
    + [("D01", "inventor", 0, None, "CN", "Jiangsu"), ("D02", "inventor", 0, None, "US", None)]
    + [("D13", "inventor", 0, None, "CN", "Zhejiang"), ("D16", "inventor", 0, None, "CN", None)],
    columns=["doc_id", "role", "position", "org", "country", "region"],
).assign(city=None)
PARTIES.loc[len(PARTIES)] = ["D03", "inventor", 0, None, "CN", None, "Wuxi"]
MEMBERS = pd.DataFrame({"unit_id": "u", "doc_id": [*HOLDER]})


def run(**options):
    given = {"documents": DOCS, "members": MEMBERS, "as_of": "2020-12-31", "last_year": 2020}
    return organisations(PARTIES, **(given | options)).set_index("org_id")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Zhejiang University", "university"),
        ("浙江大学", "university"),
        ("Massachusetts Institute of Technology", "university"),
        ("POSTECH ACADEMY-INDUSTRY FOUNDATION", "university"),
        ("Industrial Technology Research Institute", "institute"),
        ("Semiconductor Energy Laboratory Co., Ltd.", "company"),
        ("中国科学院宁波材料技术与工程研究所", "institute"),
        ("杭州海康威视数字技术股份有限公司", "company"),
        ("The General Hospital Corporation", "company"),
        ("浙江省人民医院", "hospital"),
        ("The United States of America as represented by the Secretary of the Navy", "government"),
        ("BOE Technology Group", "company"),
        ("Toyota Jidosha Kabushiki Kaisha", "company"),
        ("HAMAMATSU PHOTONICS K.K.", "company"),
        ("Qualcomm", "unknown"),
    ],
)
def test_the_kind_is_read_from_the_name(name, kind):
    assert organisation_kind(name) == kind


def test_counts_and_shares():
    found = run()
    assert found["n_docs"].to_dict() == {"alpha": 12, "beta": 5, "zhejiang university": 3}
    assert found.loc["beta", "share"] == pytest.approx(5 / 20)
    assert found.loc["beta", ["share_lo", "share_hi"]].tolist() == pytest.approx(
        [0.1119, 0.4687], abs=1e-4
    )
    assert found.loc["beta", "n_recent"] == 3  # 2018 to 2020
    assert found.loc["beta", "recent_share"] == pytest.approx(3 / 5)
    assert found.loc["beta", "unit_recent_share"] == pytest.approx(3 / 20)
    assert found["strong"].to_dict() == {"alpha": True, "beta": True, "zhejiang university": False}
    assert found["rising"].to_dict() == {"alpha": False, "beta": True, "zhejiang university": False}
    assert found.loc["zhejiang university", "doc_ids"] == "D13;D14;D15"


def test_absence_is_told_only_of_what_is_placed():
    found = run()
    # D02 lies abroad, D01 in another province, D03 in Wuxi; D16 names China and no more
    assert found["n_placed"].to_dict() == {"alpha": 3, "beta": 0, "zhejiang university": 1}
    assert found["n_province"].to_dict() == {"alpha": 0, "beta": 0, "zhejiang university": 1}
    assert found.loc["alpha", "absent"]
    assert pd.isna(found.loc["beta", "absent"])
    assert not found.loc["zhejiang university", "absent"]
    assert found.loc["alpha", "province_hi"] == pytest.approx(0.5615, abs=1e-4)  # 0 of 3


def test_size_is_a_proxy_unless_given():
    found = run()
    assert found["size"].fillna("-").to_dict() == {
        "alpha": "large", "beta": "small", "zhejiang university": "-",
    }  # fmt: skip
    assert found.loc["beta", "size_basis"] == "documents"
    given = run(sizes=pd.DataFrame({"org_id": ["beta"], "size": ["medium"]}))
    assert given.loc["beta", ["size", "size_basis"]].tolist() == ["medium", "given"]
    assert given.loc["alpha", ["size", "size_basis"]].isna().all()
    with pytest.raises(TableError, match="beta"):
        run(sizes=pd.DataFrame({"org_id": ["beta", "beta"], "size": ["a", "b"]}))


def test_later_documents_are_not_read():
    assert run().loc["alpha", "n_corpus"] == 12
    earlier = run(documents=DOCS[DOCS["doc_id"] != "F1"])
    pd.testing.assert_frame_equal(run(), earlier)


def test_spellings_of_one_organisation_fall_together():
    rows = pd.DataFrame(
        [
            ("A", "owner", 0, "浙江大学"),
            ("B", "owner", 0, "Zhejiang Univ."),
            ("B", "owner", 1, None),
        ],
        columns=["doc_id", "role", "position", "org"],
    )
    found = document_organisations(rows)
    assert found["org_id"].tolist() == ["zhejiang university"] * 2
    assert len(set(found["org"])) == 1


def test_the_commonest_spelling_counts_then_the_alphabet():
    rows = [("x", "B"), ("x", "A"), ("x", "B"), ("y", "D"), ("y", "C"), ("z", None)]
    found = commonest_spelling(pd.DataFrame(rows, columns=["org_id", "org"]))
    assert found.to_dict() == {"x": "B", "y": "C"}


def test_a_unit_without_organisations():
    members = pd.DataFrame({"unit_id": ["u"], "doc_id": ["nowhere"]})
    assert run(members=members).empty
