"""Which records are one document: hand-made cases for every rule, and for what must stay apart."""

import pandas as pd
import pytest

from foresight.corpus.identity import paper_key, patent_number
from foresight.corpus.merge import merge_corpora, read_identity
from foresight.corpus.names import can_be_one_person, name_words, person_key
from foresight.corpus.store import write_corpus
from foresight.sources.base import from_frames

TITLE = "Solid electrolytes for lithium batteries"


@pytest.fixture
def merged(project, monkeypatch):
    """Merge lists of records; each record is (doc_id, columns), `name` being its first name."""
    for key, value in project.env().items():
        monkeypatch.setenv(key, value)

    def run(*parts):
        names = []
        for number, records in enumerate(parts):
            rows = [
                {"doc_id": doc_id, "kind": "paper", "title": f"Title of {doc_id} {number}",
                 "published": "2020-05-01", **columns}
                for doc_id, columns in records
            ]  # fmt: skip
            people = [
                {"doc_id": r["doc_id"], "role": "inventor" if r["kind"] == "patent" else "author",
                 "position": 0, "name": r.pop("name")}
                for r in rows if r.get("name")
            ]  # fmt: skip
            frames = {"documents": pd.DataFrame(rows)}
            if people:
                frames["parties"] = pd.DataFrame(people)
            names.append(f"part{number}")
            write_corpus(from_frames(frames), name=names[-1])
        made = merge_corpora(names, name="whole")
        record = read_identity(made).to_pandas()
        pairs = set(record[["kept_id", "joined_id", "rule"]].itertuples(index=False, name=None))
        return set(made.read(made.table("documents"))["doc_id"]), pairs

    return run


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("doi:10.48550/arXiv.2101.00001", "arxiv:2101.00001"),
        ("arxiv:2101.00001v12", "arxiv:2101.00001"),
        ("arxiv:hep-th/9901001v2", "arxiv:hep-th/9901001"),
        ("doi:10.1000/XYZ", "doi:10.1000/xyz"),
        ("10.1000/XYZ", "doi:10.1000/xyz"),
        ("doi:10.1000/a%3b2-q", "doi:10.1000/a%3b2-q"),
        ("openalex:W1", None),
    ],
)
def test_ids_of_papers(text, key):
    assert paper_key(text) == key


@pytest.mark.parametrize(
    ("doc_id", "doc_type", "number"),
    [
        ("US7642217", "B2", "US7642217B2"),
        ("US7642217B2", None, "US7642217B2"),
        ("US 2023/0067653 A1", "design", "US20230067653A1"),
        ("EP123456", None, "EP0123456"),
        ("derwent:1", None, None),
    ],
)
def test_numbers_of_patents(doc_id, doc_type, number):
    found = patent_number(doc_id, doc_id[:2] if number else None, doc_type)
    assert (found and found.doc_id) == number


def test_doi_arxiv_and_the_record_that_names_both(merged):
    ids, pairs = merged(
        [("arxiv:2101.00001", {}), ("doi:10.1000/j", {"source": "arxiv", "source_id": "2102.2"})],
        [("doi:10.48550/arxiv.2101.00001", {}), ("doi:10.48550/arxiv.2102.2", {})],
        [("doi:10.1000/j", {}), ("doi:10.1000/other", {})],
    )
    assert ids == {"arxiv:2101.00001", "doi:10.1000/j", "doi:10.1000/other"}
    assert pairs == {
        ("arxiv:2101.00001", "doi:10.48550/arxiv.2101.00001", "doi"),
        ("doi:10.1000/j", "doi:10.48550/arxiv.2102.2", "doi"),
        ("doi:10.1000/j", "doi:10.1000/j", "same_id"),
    }


def test_numbers_of_services(merged):
    one = {"source": "openalex", "source_id": "W7"}
    key = {"source": "bibtex", "source_id": "smith2020"}
    ids, pairs = merged(
        [("openalex:W7", one), ("bibtex:a", key)], [("doi:10.1/x", one), ("bibtex:b", key)]
    )
    assert pairs == {("doi:10.1/x", "openalex:W7", "source_id")}
    assert len(ids) == 3


def patent(**columns):
    return {"kind": "patent", "office": "US", **columns}


def test_publication_numbers(merged):
    ids, pairs = merged(
        [("US7642217", patent(doc_type="B2")), ("US1111111", patent())],
        [("US7642217B2", patent()), ("US1111111B1", patent()), ("US7642218B2", patent())],
    )
    assert pairs == {
        ("US7642217", "US7642217B2", "publication_number"),
        ("US1111111B1", "US1111111", "number_without_kind"),
    }
    assert len(ids) == 3


def test_number_without_kind_where_several_kinds_are_known(merged):
    japan = {"kind": "patent", "office": "JP"}
    ids, pairs = merged([("JP5123456", japan)], [("JP5123456A", japan)], [("JP5123456B2", japan)])
    assert pairs == set()
    assert len(ids) == 3


def test_application_and_grant_under_one_number(merged):
    china = {"kind": "patent", "office": "CN"}
    ids, pairs = merged(
        [("CN110000001B", {**china, "published": "2022-01-01"})],
        [("CN110000001A", {**china, "published": "2020-01-01"}), ("CN110000002A", china)],
    )
    assert pairs == {("CN110000001A", "CN110000001B", "application_and_grant")}
    assert len(ids) == 2


def test_families_of_one_service(merged):
    lens = {"source": "lens", "family_id": "77"}
    ids, pairs = merged(
        [("US20200000011A1", patent(published="2020-02-01", **lens))],
        [("EP3000001A1", {**patent(**lens), "office": "EP", "published": "2019-02-01"}),
         ("EP3000002A1", {**patent(source="epo", family_id="77"), "office": "EP"})],
    )  # fmt: skip
    assert pairs == {("EP3000001A1", "US20200000011A1", "family")}
    assert "EP3000002A1" in ids


def test_application_and_grant_by_filing(merged):
    same = {"title": TITLE, "filed": "2018-03-01"}
    ids, pairs = merged(
        [("US20190100001A1", patent(name="Smith, John", published="2019-01-01", **same))],
        [("US10000001B2", patent(name="John Smith", published="2020-01-01", **same)),
         ("US10000009B2", patent(name="Jane Roe", published="2020-01-01", **same))],
    )  # fmt: skip
    assert pairs == {("US20190100001A1", "US10000001B2", "same_filing")}
    assert len(ids) == 2
    _, pairs = merged(  # two grants of one filing: which is the application's is not known
        [("US20190100001A1", patent(name="John Smith", published="2019-01-01", **same))],
        [("US10000001B2", patent(name="John Smith", published="2020-01-01", **same)),
         ("US10000002B2", patent(name="John Smith", published="2020-01-01", **same))],
    )  # fmt: skip
    assert pairs == set()


def title(doc_id, name="John Smith", **columns):
    return doc_id, {"title": TITLE, "name": name, **columns}


def test_title_year_and_first_name(merged):
    _, pairs = merged(
        [title("wos:1", "Smith, J.")],
        [title("doi:10.1/a", "John A. Smith")],
        [title("cnki:x", "K. Smith"), title("cnki:y", "Smith, J.", published="2018-01-01")],
    )
    assert pairs == {("doi:10.1/a", "wos:1", "title_year_name")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (title("doi:10.1/a"), title("doi:10.2/b")),  # two DOIs of publishers
        (title("wos:1"), title("cnki:1", name=None)),
        (title("wos:1"), title("cnki:1", published="2021-01-01")),
        (title("wos:1", title="Editorial"), title("cnki:1", title="Editorial")),
        (title("wos:1"), title("US1234567B2", **patent())),
    ],
)
def test_what_stays_apart(merged, one, other):
    ids, pairs = merged([one], [other])
    assert pairs == set()
    assert len(ids) == 2


def test_a_preprint_and_its_publication(merged):
    _, pairs = merged([title("arxiv:2001.1", published="2019-12-01")], [title("doi:10.1/a")])
    assert pairs == {("doi:10.1/a", "arxiv:2001.1", "title_year_name")}
    _, pairs = merged([title("doi:10.1101/1", published="2018-12-01")], [title("doi:10.1/a")])
    assert pairs == set()


def test_a_title_that_one_corpus_has_twice(merged):
    ids, pairs = merged([title("wos:1"), title("wos:2")], [title("cnki:1")])
    assert pairs == set()
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Smith, John", "John Smith", True),
        ("J. Smith", "Smith, John A.", True),
        ("Zhang YH", "Yu-Hao Zhang", True),
        ("Zhang Yuhao", "Zhang, Yu Hao", True),
        ("张 三", "张三", True),
        ("张三", "张四", False),
        ("Müller", "Muller", True),
        ("J. Smith", "K. Smith", False),
        ("Li Wei", "Wang Wei", False),
        ("J. S.", "J. S. Bach", False),
        ("", "Smith", False),
    ],
)
def test_names(a, b, same):
    assert can_be_one_person(a, b) is same
    assert can_be_one_person(b, a) is same


def test_words_of_a_name():
    assert name_words("O'Neil, Jean-Luc") == ["oneil", "jean", "luc"]
    assert person_key("Smith, John") == person_key("john SMITH")
