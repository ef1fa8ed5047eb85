import pandas as pd
import pytest


def history(corpus):
    return corpus.read(corpus.table("history")).set_index("doc_id").sort_index()


def docs(*rows, kind="patent"):
    frame = pd.DataFrame(rows, columns=["doc_id", "published"])
    return frame.assign(kind=kind, title="t")


def classes(scheme="cpc", **codes):
    rows = [(doc, scheme, code) for doc, all_codes in codes.items() for code in all_codes]
    return pd.DataFrame(rows, columns=["doc_id", "scheme", "code"])


def test_pairs_of_main_groups_and_their_first_day(make):
    found = history(
        make(
            documents=docs(
                ("a", "2001-01-01"),
                ("b", "2002-01-01"),
                ("c", "2002-01-01"),
                ("d", "2003-01-01"),
                ("e", "2003-01-01"),
                ("f", "2003-01-01"),
            ),
            classes=classes(
                a=["H01M10/05", "C01B32/05"],
                b=["H01M10/0562", "C01B32/15", "G06N3/08"],
                c=["G06N3/02", "H01M10/06"],
                d=["H01M10/05", "H01M10/06"],
                e=["C01B32/00", "G06N3/00", "H01M10/00", "B60L50/00"],
            ),
        )
    )
    assert found.loc["a"].tolist() == [1, 1]
    assert found.loc["b"].tolist() == [3, 2]  # H01M10 x C01B32 is a year old
    assert found.loc["c"].tolist() == [1, 1]  # first on the same day as in b
    assert found.loc["d"].tolist() == [0, 0]  # one group: no pair
    assert found.loc["e"].tolist() == [6, 3]
    assert found.loc["f"].isna().all()  # no class: not known


def test_cpc_and_ipc_of_one_group_count_once(make):
    both = pd.concat([classes(a=["H01M10/05"]), classes("ipc", a=["H01M10/05", "C01B32/05"])])
    assert history(make(documents=docs(("a", "2001-01-01")), classes=both)).loc["a", "n_pairs"] == 1


def test_papers_pair_keywords_and_topics_in_lower_case(make):
    given = pd.concat(
        [
            classes("keyword", a=["Graphene", "graphene ", "Battery"], b=["battery", "GRAPHENE"]),
            classes("openalex_topic", a=["T1"]),
        ]
    )
    papers = docs(("a", "2001-01-01"), ("b", "2002-01-01"), kind="paper")
    found = history(make(documents=papers, classes=given))
    assert found.loc["a"].tolist() == [3, 3]
    assert found.loc["b"].tolist() == [1, 0]


def test_many_classes_are_not_cut_short(make):
    codes = [f"A{n:02d}B1/00" for n in range(70)]
    found = history(make(documents=docs(("a", "2001-01-01")), classes=classes(a=codes)))
    assert found.loc["a", "n_pairs"] == 70 * 69 / 2


def test_first_organisations(make):
    parties = pd.DataFrame(
        [("b", 0, "Canon Inc"), ("a", 0, "CANON K.K."), ("a", 1, "Zeta"), ("b", 1, None)],
        columns=["doc_id", "position", "org"],
    ).assign(role="owner")
    corpus = make(documents=docs(("a", "2001-01-01"), ("b", "2002-01-01")), parties=parties)
    rows = corpus.read(corpus.table("first_organisations")).sort_values("org_id")
    assert rows.to_numpy().tolist() == [
        ["canon", "CANON K.K.", "2001-01-01", "2001-01-01"],
        ["zeta", "Zeta", "2001-01-01", "2001-01-01"],
    ]


@pytest.mark.parametrize("later", ["2001-01-02", "2030-01-01"])
def test_later_documents_change_nothing(make, later):
    first = {
        "documents": docs(("a", "2001-01-01")),
        "classes": classes(a=["H01M10/05", "C01B32/05"]),
    }
    more = {
        "documents": pd.concat([first["documents"], docs(("z", later))]),
        "classes": pd.concat([first["classes"], classes(z=["H01M10/05", "C01B32/05"])]),
    }
    one, two = history(make(name="one", **first)), history(make(name="two", **more))
    assert two.loc["a"].tolist() == one.loc["a"].tolist()
    assert two.loc["z"].tolist() == [1, 0]
