"""Exports of a hand-made study, read back by other programs' rules."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields, replace
from xml.etree import ElementTree as ET

import networkx as nx
import openpyxl
import pandas as pd
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from export_inputs import HOSTILE, inputs_of, read_links, read_map, read_vosviewer_json

from foresight.brief.address import document_doi, document_url
from foresight.brief.candidates import make_candidates
from foresight.brief.claims import make_claims
from foresight.brief.escape import plain
from foresight.brief.exports import make_exports, write_exports
from foresight.brief.exports.bibtex import bibtex, escaped
from foresight.brief.exports.columns import COVER, UNDESCRIBED, describe
from foresight.brief.exports.entries import (
    Entry,
    citation_key,
    entries,
    evidence,
    family_first,
)
from foresight.brief.exports.graphml import graphml
from foresight.brief.exports.networks import citation_network, topic_network
from foresight.brief.exports.ris import ris
from foresight.brief.exports.vosviewer import vosviewer_json, vosviewer_map, vosviewer_network
from foresight.brief.exports.workbook import MOST_UNITS, cell_text, workbook
from foresight.brief.sections import compose_brief
from foresight.brief.study import Study
from foresight.sources.bibtex import read_bibtex
from foresight.sources.ris import read_ris

TOPICS = ("advanced-batteries-t01", "advanced-batteries-t02", "advanced-batteries-t03")
CITES = [
    ("US9000003", "US9000000"), ("US9000004", "US9000000"), ("US9000004", "US9000003"),
    ("US9000000", "US9000003"),
]  # fmt: skip
PARTIES = [
    ("US9000000", "inventor", 1, "Ludwig van der Berg", None),
    ("US9000000", "inventor", 0, "王小明", None),
    ("US9000000", "owner", 0, None, "Smith and Sons, Co., Ltd."),
    ("US9000001", "applicant", 0, "Ada Applicant", None),
]


def tables_of(study):
    names = [f.name for f in fields(study) if f.name in {"topics", "documents", "organisations"}]
    return {
        **{name: getattr(study, name) for name in names},
        "claims": make_claims(study),
        "candidates": make_candidates(study),
    }


@pytest.fixture
def inputs(study):
    return inputs_of(study.documents, references=CITES, parties=PARTIES)


def made(study, inputs):
    files = make_exports(study, inputs, tables=tables_of(study))
    return {file.name.removeprefix("exports/"): data for file, data in files}


# --- what there is -------------------------------------------------------------------------------


def test_every_format_is_made_written_and_listed(study, inputs, tmp_path):
    written = write_exports(tmp_path, study, inputs, tables=tables_of(study))
    names = [file.name for file in written]
    assert names == [
        "exports/topics.graphml", "exports/vosviewer_topics_map.txt",
        "exports/vosviewer_topics_network.txt", "exports/vosviewer_topics.json",
        "exports/citations.graphml", "exports/vosviewer_citations_map.txt",
        "exports/vosviewer_citations_network.txt", "exports/vosviewer_citations.json",
        "exports/references.ris", "exports/references.bib", "exports/tables.xlsx",
    ]  # fmt: skip
    assert all((tmp_path / name).stat().st_size for name in names)
    for lang in ("zh", "en"):
        last = compose_brief(replace(study, exports=written), lang=lang).split("## 11.")[1]
        assert all(f"`{name}`" in last for name in names)
        assert {"zh": "全部 3 件，上限 2,000 件", "en": "limit 2,000"}[lang] in last


def test_what_the_corpus_lacks_has_no_file(study, without_topics, bare):
    assert not [n for n in made(study, inputs_of(study.documents)) if "citations" in n]
    without = made(without_topics, inputs_of(without_topics.documents))
    assert not [n for n in without if "topics" in n]
    assert list(made(bare, inputs_of(bare.documents))) == ["tables.xlsx"]


def test_two_topics_unlike_each_other_have_no_network_file(study, inputs):
    apart = replace(study, topic_similarity=study.topic_similarity.assign(similarity=-0.2))
    names = list(made(apart, inputs))
    assert "topics.graphml" in names
    assert "vosviewer_topics_network.txt" not in names


def test_the_variants_of_a_study_have_exports(variants):
    for study in variants.values():
        assert "tables.xlsx" in made(study, inputs_of(study.documents))


# --- networks ------------------------------------------------------------------------------------


def test_topics_as_graphml_read_by_networkx(study):
    graph = nx.read_graphml(io.BytesIO(graphml(topic_network(study))))
    assert not graph.is_directed()
    assert {frozenset(e[:2]): e[2]["weight"] for e in graph.edges(data=True)} == {
        frozenset(TOPICS[:2]): 0.75,
        frozenset(TOPICS[1:]): 0.5,
    }
    node = graph.nodes[TOPICS[0]]
    assert node["label"] == node["label_zh"] == "硫化物固态电解质"
    assert node["label_en"] == "sulfide solid electrolyte"
    assert (node["n_docs"], node["score"], node["p_growth"]) == (39, 78.2, 0.999)
    assert node["colour"] == "#0072b2"
    assert (node["r"], node["g"], node["b"]) == (0x00, 0x72, 0xB2)
    placed = study.documents[study.documents["topic_id"] == TOPICS[0]]
    assert node["x"] == pytest.approx(placed["x"].median() * 100)
    assert graph.graph["digest"] == study.digest
    assert graph.graph["as_of"] == "2022-06-30"
    assert "Cosine" in graph.graph["links"]


def test_a_missing_value_is_left_out_not_filled(study):
    scores = study.scores.copy()
    scores.loc[scores["unit_id"] == TOPICS[1], ["score", "p_growth"]] = None
    network = topic_network(replace(study, scores=scores))
    graph = nx.read_graphml(io.BytesIO(graphml(network)))
    assert "score" not in graph.nodes[TOPICS[1]]
    assert "score<Emergence score>" not in read_map(vosviewer_map(network))[0]
    items = read_vosviewer_json(vosviewer_json(network))["items"]
    assert [sorted(item["scores"]) for item in items] == [
        ["Emergence score", "P(growth)"], [], ["Emergence score", "P(growth)"],
    ]  # fmt: skip


def test_citations_are_directed_and_counted(study, inputs):
    graph = nx.read_graphml(io.BytesIO(graphml(citation_network(study, inputs))))
    assert graph.is_directed()
    assert set(graph.edges) == set(CITES)
    assert graph.nodes["US9000000"]["cited"] == 2
    assert graph.nodes["US9000004"]["cites"] == 2
    assert graph.nodes["US9000000"]["topic_id"] == TOPICS[0]
    assert graph.graph["limit"] == "all 3 documents with a citation within the track, limit 2,000"


def test_the_cap_keeps_the_most_cited_and_says_so(study, inputs):
    network = citation_network(study, inputs, most=2)
    assert list(network.nodes["id"]) == ["US9000000", "US9000003"]  # three links each, then two
    assert network.links[["source", "target"]].to_numpy().tolist() == [
        ["US9000000", "US9000003"],
        ["US9000003", "US9000000"],
    ]
    assert network.about["limit"] == (
        "the 2 documents with most citations given and received, of 3"
    )
    assert network.nodes["cited"].tolist() == [2, 2]  # as in the whole track


def test_vosviewer_files_agree_with_each_other(study, inputs):
    for network in (topic_network(study), citation_network(study, inputs)):
        rows, links = read_map(vosviewer_map(network)), read_links(vosviewer_network(network))
        found = read_vosviewer_json(vosviewer_json(network))
        assert [item["label"] for item in found["items"]] == [row["label"] for row in rows]
        assert {
            (link["source_id"], link["target_id"]): link["strength"] for link in found["links"]
        } == links
    assert links == {(1, 2): 2.0, (1, 3): 1.0, (2, 3): 1.0}  # both ways are added
    assert [row["weight<Citations within the track>"] for row in rows] == ["2", "2", "0"]
    assert rows[0]["url"].endswith("US9000000")


def test_clusters_are_the_colours_of_topics(study, inputs):
    none = study.documents.assign(
        topic_id=study.documents["topic_id"].where(study.documents["doc_id"] != "US9000004")
    )
    rows = read_map(vosviewer_map(citation_network(replace(study, documents=none), inputs)))
    assert [row["cluster"] for row in rows] == ["1", "1", "2"]
    rows = read_map(vosviewer_map(topic_network(study)))
    assert [row["cluster"] for row in rows] == ["1", "2", "3"]


# --- references ----------------------------------------------------------------------------------


def test_evidence_is_what_claims_on_units_and_candidates_name():
    claims = pd.DataFrame(
        [("S1-01", "t", "a;b;c;d"), ("S2-01", "t/x", "b;a"), ("S2-02", "t/y", "")],
        columns=["claim_id", "unit_id", "doc_ids"],
    )
    candidates = pd.DataFrame([("t-01", "b;c")], columns=["candidate_id", "doc_ids"])
    assert evidence(claims, candidates, track="t") == {
        "a": ["S2-01"], "b": ["S2-01", "t-01"], "c": ["t-01"],
    }  # fmt: skip


def test_keys_are_stable_safe_and_apart():
    assert citation_key("US9000000") == "US9000000"
    assert citation_key("doi:10.1016/j.x_1") == "doi:10.1016/j.x_1"
    ids = ["a b", "a\tb", "a,b", "a{b", "电池", "=x", "", "x" * 300, "x" * 301]
    keys = [citation_key(doc_id) for doc_id in ids]
    assert len(set(keys)) == len(ids)
    assert all(key.isascii() and key[0].isalnum() and len(key) < 80 for key in keys)
    assert not [key for key in keys if set(key) & set(' ,{}"\\%#~=\t')]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("John A. Smith", "Smith, John A."),
        ("Ludwig van der Berg", "van der Berg, Ludwig"),
        ("王小明", "王小明"),
        ("Madonna", "Madonna"),
        ("A. Li Jr.", "A. Li Jr."),
        ("Smith, John", "Smith, John"),
        ("=HYPERLINK(1) x", "=HYPERLINK(1) x"),
        ("", ""),
    ],
)
def test_family_name_first_where_it_can_be_told(name, written):
    assert family_first(name) == written


def test_addresses_of_documents():
    assert document_url("doi:10.1/x") is None  # no DOI
    assert document_url("doi:10.1000/a(b)") == "https://doi.org/10.1000/a%28b%29"
    assert document_url("arxiv:2101.00001v2") == "https://arxiv.org/abs/2101.00001v2"
    assert document_url("openalex:W12") == "https://openalex.org/W12"
    assert document_url("pmid:12") == "https://pubmed.ncbi.nlm.nih.gov/12"
    assert document_url("US9000000").endswith("q=pn%3DUS9000000")
    for bad in ("javascript:alert(1)", "arxiv:../x", "openalex:W1\n", "S00001x", "doi:x"):
        assert document_url(bad) is None
    sici = "doi:10.1175/1520-0469(1963)020<0130:dnf>2.0.co%3b2"
    assert document_doi(sici) == "10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2"
    assert document_url(sici).startswith("https://doi.org/10.1175/1520-0469%281963%29020%3C0130")


def test_a_patent_in_both_formats(study, inputs):
    (entry,) = entries({"US9000000": ["S2-01", "S8-03"]}, inputs)
    (found,) = rispy.loads(ris([entry]).decode())
    assert found["type_of_reference"] == "PAT"
    assert found["authors"] == ["王小明", "van der Berg, Ludwig"]  # by position
    assert found["publisher"] == "Smith and Sons, Co., Ltd."
    assert (found["id"], found["issn"]) == ("US9000000", "US9000000")
    assert (found["year"], found["date"]) == ("2012", "2012/01/15")
    assert found["keywords"] == ["S2-01", "S8-03"]
    assert found["urls"] == [document_url("US9000000")]
    text = bibtex([entry]).decode()
    assert "author = {王小明 and van der Berg, Ludwig}," in text
    assert "holder = {{Smith and Sons, Co., Ltd.}}," in text
    (parsed,) = parse_string(text).entries
    assert (parsed.entry_type, parsed.key) == ("patent", "US9000000")
    values = {field.key: field.value for field in parsed.fields}
    assert values["date"] == "2012-01-15"
    assert values["url"] == document_url("US9000000")


def test_an_applicant_stands_for_owners_where_none_is_named(inputs):
    (entry,) = entries({"US9000001": ["S2-01"]}, inputs)
    assert entry.owners == ("Ada Applicant",)


@pytest.mark.parametrize(
    ("doc_type", "tag", "kind"),
    [
        (None, "JOUR", "article"),
        ("article", "JOUR", "article"),
        ("conference paper", "CONF", "inproceedings"),
        ("proceedings-article", "CONF", "inproceedings"),
        ("book chapter", "CHAP", "incollection"),
        ("dissertation/thesis", "THES", "thesis"),
        ("博士", "THES", "thesis"),
        ("preprint", "UNPB", "misc"),
        ("report", "RPRT", "report"),
    ],
)
def test_types_of_papers(study, doc_type, tag, kind):
    inputs = inputs_of(study.documents, kind="paper", doc_type=doc_type, venue="J. R&D")
    found = entries({"US9000000": ["S2-01"]}, inputs)
    assert ris(found).decode().startswith(f"TY  - {tag}\n")
    text = bibtex(found).decode()
    assert text.startswith(f"@{kind}{{")
    assert r"{J. R\&D}" in text


def test_latex_finds_no_command_in_a_value():
    assert escaped("a_b & 5 % {x} ~ ^ \\input") == (
        r"a\_b \& 5 \% \textbraceleft{}x\textbraceright{} \textasciitilde{} \textasciicircum{} "
        r"\textbackslash{}input"
    )


def papers_and_patents(study):
    """Documents by DOI and by patent number, with hostile titles, abstracts and names."""
    documents = study.documents.head(len(HOSTILE)).copy()
    documents["title"] = [f"{text} t" for text in HOSTILE]
    documents["abstract"] = [f"a {text}" for text in HOSTILE]
    even = documents.index % 2 == 0
    documents["kind"] = ["paper" if e else "patent" for e in even]
    documents.loc[even, "doc_id"] = [f"doi:10.1000/x_{i}" for i in documents.index[even]]
    people = [
        (doc_id, "author" if e else "inventor", i, name, None)
        for doc_id, e in zip(documents["doc_id"], even, strict=True)
        for i, name in enumerate(["Ada B. Lovelace", "王小明", "Ludwig van Beethoven"])
    ]
    return documents, inputs_of(documents, parties=people)


@pytest.mark.parametrize(("name", "read", "write"), [("x.ris", read_ris, ris),
                                                     ("x.bib", read_bibtex, bibtex)])  # fmt: skip
def test_round_trip_through_our_own_readers(study, tmp_path, name, read, write):
    documents, inputs = papers_and_patents(study)
    found = entries({doc_id: ["S2-01"] for doc_id in documents["doc_id"]}, inputs)
    path = tmp_path / name
    path.write_bytes(write(found))
    source = read([path])
    assert source.counts["rows_in"] == len(documents)
    back = source.tables["documents"].to_pandas().set_index("doc_id").sort_index()
    sent = documents.set_index("doc_id").sort_index()
    assert list(back.index) == list(sent.index)
    assert back["kind"].tolist() == sent["kind"].tolist()
    assert back["published"].tolist() == sent["published"].tolist()
    assert back["language"].tolist() == ["en"] * len(sent)
    for column in ("title", "abstract"):
        for one, other in zip(back[column], sent[column], strict=True):
            assert squeezed(one) == squeezed(other), name
    names = source.tables["parties"].to_pandas().sort_values(["doc_id", "position"])
    assert names.groupby("doc_id")["name"].agg(list).tolist() == [
        ["Ada B. Lovelace", "王小明", "Ludwig van Beethoven"]
    ] * len(sent)


def squeezed(text):
    """Visible text; the readers take publishers' tags out of titles."""
    return plain(text).replace("<b>", "").replace("</b>", "").replace("\ufffd", "").strip()


# --- the workbook --------------------------------------------------------------------------------


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_workbook_has_every_table_and_explains_every_column(study):
    tables = tables_of(study)
    book = opened(workbook(study, tables))
    assert book.sheetnames == [COVER, *tables]
    cover = [[cell.value for cell in row] for row in book[COVER].iter_rows()]
    facts = {row[0]: row[1] for row in cover[:5]}
    assert facts == {
        "track": "前沿电池 (Frontier batteries)", "as_of": "2022-06-30", "corpus": "Test corpus",
        "licence": "free to use", "digest": "d" * 64,
    }  # fmt: skip
    explained = {(row[0], row[1]) for row in cover if len(row) > 4 and row[3] and row[4]}
    for name, frame in tables.items():
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in sheet[1]] == list(frame.columns)
        assert sheet.max_row == len(frame) + 1
        assert {(name, column) for column in frame.columns} <= explained
    scores = {row[0].value: row for row in book["candidates"].iter_rows(min_row=2)}
    first = make_candidates(study).iloc[0]
    row = scores[first["candidate_id"]]
    cell = row[tables["candidates"].columns.get_loc("score")]
    assert cell.data_type == "n"
    assert cell.value == pytest.approx(first["score"], abs=1e-6)


def test_every_column_of_a_study_is_described(study):
    frames = {f.name: getattr(study, f.name) for f in fields(study)}
    for name, frame in {**frames, **tables_of(study)}.items():
        if isinstance(frame, pd.DataFrame) and name not in {
            "members", "topic_flows", "topic_similarity", "sub_direction_years", "earlier",
            "places", "zhejiang", "cities", "landmarks",
        }:  # fmt: skip
            missing = [c for c in frame.columns if describe(name, c) == UNDESCRIBED]
            assert not missing, name


def test_a_text_that_looks_like_a_formula_is_a_text(study):
    frame = pd.DataFrame({"title": HOSTILE, "n": range(len(HOSTILE))})
    data = workbook(study, {"documents": frame})
    rows = list(opened(data)["documents"].iter_rows(min_row=2))
    assert len(rows) == len(HOSTILE)
    for (cell, number), text in zip(rows, HOSTILE, strict=True):
        assert number.data_type == "n"
        if plain(text):
            assert cell.data_type == "s"
            assert cell.value == plain(text).replace("_x003D_", "_x005F_x003D_")
            assert cell.quotePrefix is (plain(text)[0] in "=+-@")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            body = archive.read(name)
            assert b"<f>" not in body
            assert b"<hyperlink" not in body
            ET.fromstring(body)  # noqa: S314


def test_a_cell_ends_where_excel_ends_it_and_the_cover_says_so(study):
    ids = ";".join(f"US{i:08}" for i in range(4000))
    frame = pd.DataFrame({"doc_ids": [ids, "US1"], "title": ["🔋" * 20_000, "x" * 32_767]})
    book = opened(workbook(study, {"claims": frame}))
    cells = [[cell.value for cell in row] for row in book["claims"].iter_rows(min_row=2)]
    for text in (cells[0][0], cells[0][1]):
        assert text.endswith(" …")
        assert len(text.encode("utf-16-le")) // 2 <= MOST_UNITS
    assert set(cells[0][0].removesuffix(" …").split(";")) <= set(ids.split(";"))
    assert set(cells[0][1]) == {"🔋", " ", "…"}
    assert cells[1][1] == "x" * 32_767
    notes = [row[1].value for row in book[COVER].iter_rows() if row[0].value == "shortened"]
    assert len(notes) == 1
    assert "2 cell(s)" in notes[0]
    assert "claims.csv" in notes[0]


def test_null_true_and_numbers_keep_their_types(study):
    frame = pd.DataFrame(
        {
            "n": pd.array([1, None], dtype="Int64"),
            "new": pd.array([True, None], dtype="boolean"),
            "value": [1 / 3, float("nan")],
            "org": [None, "x"],
        }
    )
    rows = opened(workbook(study, {"documents": frame}))["documents"].iter_rows(
        min_row=2, values_only=True
    )
    assert list(rows) == [(1, True, 0.333333, None), (None, None, None, "x")]


def test_cell_text_at_the_limit():
    assert cell_text("x" * MOST_UNITS) == ("x" * MOST_UNITS, False)
    text, cut = cell_text("x" * (MOST_UNITS + 1))
    assert cut
    assert len(text) == MOST_UNITS


# --- everything ----------------------------------------------------------------------------------


def test_shuffled_rows_give_the_same_bytes(study, inputs):
    def shuffled(frame):
        return frame.sample(frac=1, random_state=4).reset_index(drop=True)

    other = replace(
        study,
        topic_similarity=shuffled(study.topic_similarity),
        documents=study.documents.sample(frac=1, random_state=5),
    )
    mixed = type(inputs)(*(shuffled(getattr(inputs, f.name)) for f in fields(inputs)))
    tables = tables_of(study)
    one = {f.name: data for f, data in make_exports(study, inputs, tables=tables)}
    two = {f.name: data for f, data in make_exports(other, mixed, tables=tables)}
    assert one == two


def test_inputs_are_left_as_they_were(study, inputs):
    before = {f.name: getattr(inputs, f.name).copy() for f in fields(inputs)}
    documents = study.documents.copy()
    made(study, inputs)
    pd.testing.assert_frame_equal(study.documents, documents)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(inputs, name), frame)


def hostile(study: Study) -> Study:
    """Every title, organisation, topic and place of a text that means harm."""
    n = len(study.documents)
    titles = [HOSTILE[i % len(HOSTILE)] for i in range(n)]
    topics = study.topics.assign(label_zh=HOSTILE[1], label_en=HOSTILE[0], words_en=HOSTILE[7])
    orgs = study.organisations.assign(org=[HOSTILE[2], HOSTILE[4]])
    return replace(
        study, documents=study.documents.assign(title=titles), topics=topics, organisations=orgs
    )


def test_hostile_texts_go_through_every_format(study):
    bad = hostile(study)
    ids = list(bad.documents["doc_id"])
    people = [
        (doc_id, role, 0, HOSTILE[i % len(HOSTILE)], HOSTILE[i % len(HOSTILE)])
        for i, doc_id in enumerate(ids)
        for role in ("inventor", "owner")
    ]
    inputs = inputs_of(
        bad.documents, references=list(zip(ids[1:], ids, strict=False)), parties=people,
        abstract=list(bad.documents["title"]), venue=HOSTILE[8], doc_type=HOSTILE[9],
    )  # fmt: skip
    files = made(bad, inputs)
    for name, data in files.items():
        if name.endswith(".graphml"):
            graph = nx.read_graphml(io.BytesIO(data))
            assert len(graph) == (120 if "citations" in name else 3)
        elif name.endswith("_map.txt"):
            assert len(read_map(data)) in {120, 3}
            assert b"<script" not in b"".join(row["description"].encode() for row in read_map(data))
        elif name.endswith("_network.txt"):
            assert read_links(data)
        elif name.endswith(".json"):
            items = read_vosviewer_json(data)["items"]
            assert not [item for item in items if "<script" in item["description"]]
    cited = evidence(make_claims(bad), make_candidates(bad), track=bad.track.slug)
    records = rispy.loads(files["references.ris"].decode())
    assert [record["id"] for record in records] == sorted(cited)
    library = parse_string(files["references.bib"].decode())
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == sorted(cited)
    assert balanced(files["references.bib"].decode())
    book = opened(files["tables.xlsx"])
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n", "b"}, [c.value for c in row]
    assert all(isinstance(entry, Entry) for entry in entries(cited, inputs))


def balanced(text: str) -> bool:
    """Whether braces close as BibTeX counts them: a backslash before one means nothing."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    return depth == 0
