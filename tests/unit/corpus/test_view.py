import pandas as pd
import pytest

from foresight.corpus.view import as_of, default_as_of, last_complete_year
from foresight.errors import CorpusError

TODAY = "2024-06-01"


@pytest.fixture
def corpus(make):
    docs = pd.DataFrame(
        {
            "doc_id": ["a", "b", "c", "z"],
            "kind": ["patent", "paper", "patent", "patent"],
            "title": ["t"] * 4,
            "published": ["2018-03-01", "2020-12-31", "2021-05-05", "2031-01-01"],
            "granted": ["2021-01-01", None, None, None],
            "status": ["lapsed", None, None, None],
        }
    )
    return make(
        documents=docs,
        references=pd.DataFrame({"citing_id": ["b", "c"], "cited_id": ["a", "a"]}),
        events=pd.DataFrame(
            {"doc_id": ["a", "a"], "date": ["2019-01-01", "2022-01-01"], "event": "transfer"}
        ),
        classes=pd.DataFrame({"doc_id": ["a", "c"], "scheme": "cpc", "code": "H01M10/05"}),
        parties=pd.DataFrame(
            {"doc_id": ["a", "c"], "role": "owner", "position": 0, "org": ["X Inc", "Y Inc"]}
        ),
    )


def ids(view, name="documents", column="doc_id"):
    return sorted(view.frame(name)[column])


def test_nothing_later_is_in_a_view(corpus):
    view = as_of(corpus, "2020-12-31", today=TODAY)
    assert ids(view) == ["a", "b"]
    assert ids(view, "references", "citing_id") == ["b"]
    assert ids(view, "events", "date") == ["2019-01-01"]
    assert ids(view, "classes") == ["a"]
    assert ids(view, "parties") == ["a"]
    assert ids(view, "search_text") == ["a", "b"]
    assert ids(view, "history") == ["a", "b"]
    assert list(view.corpus.read(view.first_organisations)["org_id"]) == ["x"]


def test_a_later_grant_and_an_undated_status_are_not_known_yet(corpus):
    early = as_of(corpus, "2020-12-31", today=TODAY).frame("documents").set_index("doc_id")
    assert pd.isna(early.loc["a", "granted"])
    assert pd.isna(early.loc["a", "status"])
    late = as_of(corpus, "2021-01-01", today=TODAY).frame("documents").set_index("doc_id")
    assert late.loc["a", "granted"] == "2021-01-01"
    whole = as_of(corpus, "2031-01-01", today="2032-01-01").frame("documents").set_index("doc_id")
    assert whole.loc["a", "status"] == "lapsed"


def test_a_future_document_is_kept_but_in_no_view(corpus):
    assert corpus.manifest["rows"]["documents"] == 4
    assert default_as_of(corpus, today=TODAY) == "2021-05-05"
    assert "z" not in ids(as_of(corpus, TODAY, today=TODAY))


def test_years_without_documents_are_rows_of_zeros(corpus):
    totals = as_of(corpus, "2021-05-05", today=TODAY).yearly_totals()
    assert totals.to_numpy().tolist() == [
        [2018, 1, 1, 0],
        [2019, 0, 0, 0],
        [2020, 1, 0, 1],
        [2021, 1, 1, 0],
    ]
    assert list(totals.columns) == ["year", "n_docs", "n_patents", "n_papers"]


def test_frame_gives_the_wanted_rows_sorted(corpus):
    view = as_of(corpus, "2021-05-05", today=TODAY)
    rows = view.frame("documents", ["c", "a", "a", "z", "unknown"])
    assert list(rows["doc_id"]) == ["a", "c"]
    assert view.frame("documents", []).empty
    assert list(view.frame("references", ["c"])["cited_id"]) == ["a"]
    with pytest.raises(CorpusError, match="no table `topics`"):
        view.frame("topics")


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2020-13-01", "is not a date"),
        ("2021-02-30", "is not a date"),
        ("20200101", "is not a date"),
        ("2020", "is not a date"),
        ("", "is not a date"),
        ("2024-06-02", "after today"),
        ("2018-02-28", "its first document is of 2018-03-01"),
    ],
)
def test_impossible_dates(corpus, date, words):
    with pytest.raises(CorpusError, match=words):
        as_of(corpus, date, today=TODAY)


def test_a_corpus_wholly_in_the_future(make):
    docs = pd.DataFrame({"doc_id": ["a"], "kind": "paper", "title": "t", "published": "2030-01-01"})
    with pytest.raises(CorpusError, match="dated after today"):
        default_as_of(make(documents=docs), today=TODAY)


@pytest.mark.parametrize(
    ("date", "last", "year"),
    [
        ("2021-12-31", None, 2021),
        ("2021-12-30", None, 2020),
        ("2022-06-28", "2022-06-28", 2021),
        ("2024-06-01", "2022-06-28", 2021),
        ("2024-06-01", "2022-12-27", 2022),
        ("2022-12-31", "2022-12-27", 2022),
        ("2022-12-30", "2022-12-27", 2021),
    ],
)
def test_last_complete_year(date, last, year):
    assert last_complete_year(date, last_published=last) == year


def test_the_view_knows_its_last_complete_year(corpus):
    assert as_of(corpus, "2024-01-01", today=TODAY).last_complete_year == 2020


def test_withdrawn_numbers_enter_no_view(make):
    documents = pd.DataFrame(
        {
            "doc_id": ["a", "w"],
            "kind": "patent",
            "title": "t",
            "published": ["2001-01-01", "2003-01-01"],
            "status": [None, "withdrawn"],
        }
    )
    corpus = make(documents=documents)
    assert default_as_of(corpus, today="2020-01-01") == "2001-01-01"
    assert ids(as_of(corpus, "2010-01-01", today=TODAY)) == ["a"]
