"""Exports of a sector, from an interchange folder through the command line and the notebook."""

import io
import json
import re

import networkx as nx
import openpyxl
import pandas as pd
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from conftest import Project
from export_inputs import HOSTILE, read_links, read_map, read_vosviewer_json
from synth import corpus_tables, write_folder

from foresight.sources.bibtex import read_bibtex
from foresight.sources.ris import read_ris

pytestmark = pytest.mark.slow

TRACK = "advanced-batteries"
EARLY = "2018-12-31"


def tables():
    """The generated corpus with references, papers by DOI, and records that mean harm."""
    made = corpus_tables(seed=2)
    documents = made["documents"]
    papers = documents.index % 3 == 0
    names = documents["doc_id"].where(~papers, "doi:10.1000/x_" + documents["doc_id"].str.lower())
    patents = "US" + (9_000_000 + documents.index).astype(str)
    names = dict(zip(documents["doc_id"], names.where(papers, patents), strict=True))
    documents["kind"] = documents["kind"].where(~papers, "paper")
    documents["venue"] = ["Journal of Cells & Batteries" if paper else None for paper in papers]
    ours = documents["title"].str.contains("battery|fuel cell")
    mine = documents.index[ours]
    for place, text in zip(mine[: len(HOSTILE)], HOSTILE, strict=True):
        documents.loc[place, "title"] = f"{text} solid state battery"
        documents.loc[place, "abstract"] = f"{text} sulfide electrolyte"
    parties = made["parties"]
    for place, doc in enumerate(documents.loc[mine[: len(HOSTILE)], "doc_id"]):
        rows = parties["doc_id"] == doc
        parties.loc[rows & (parties["role"] == "inventor"), "name"] = f"{HOSTILE[place]} x"
        parties.loc[rows & (parties["role"] == "owner"), "org"] = f"{HOSTILE[place]} y"
    parties["role"] = parties["role"].where(
        ~parties["doc_id"].isin(documents.loc[papers, "doc_id"]),
        parties["role"].replace({"inventor": "author", "owner": "author"}),
    )
    parties["position"] = parties.groupby("doc_id").cumcount()
    for frame in made.values():
        frame["doc_id"] = frame["doc_id"].map(names)
    dated = documents[ours].sort_values("published")["doc_id"].tolist()
    pairs = [(dated[i], dated[i - step]) for step in (1, 3) for i in range(step, len(dated))]
    made["references"] = pd.DataFrame(pairs, columns=["citing_id", "cited_id"])
    return made


def ended(result, code=0):
    assert result.exit_code == code, result.output
    return result.output


def run(root, frames):
    project = Project(root)
    folder = write_folder(root / "in", frames)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("brief", TRACK, "--corpus", "synth", "--lang", "en"))
    (track,) = project.outputs.glob(f"synth/*/{TRACK}")
    return project, track


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return run(tmp_path_factory.mktemp("exports"), tables())


@pytest.fixture(scope="module")
def track(made):
    return made[1]


def exports(track):
    return {path.name: path.read_bytes() for path in sorted((track / "exports").iterdir())}


def ids(cell):
    return cell.split(";") if isinstance(cell, str) else []


def test_every_export_is_there_listed_and_in_the_manifest(track):
    names = set(exports(track))
    assert names == {
        "citations.graphml", "references.bib", "references.ris", "tables.xlsx", "topics.graphml",
        "vosviewer_citations.json", "vosviewer_citations_map.txt",
        "vosviewer_citations_network.txt", "vosviewer_topics.json", "vosviewer_topics_map.txt",
        "vosviewer_topics_network.txt",
    }  # fmt: skip
    last = (track / "brief.en.md").read_text().split("## 11.")[1]
    assert set(re.findall(r"`exports/([^`]+)`", last)) == names
    kept = json.loads((track / "run.json").read_text())["files"]
    assert {f"exports/{name}" for name in names} <= set(kept)


def test_networks_hold_what_the_tables_say(track):
    files = exports(track)
    topics = pd.read_csv(track / "topics.csv").set_index("topic_id")
    scores = pd.read_csv(track / "scores.csv").set_index("unit_id")
    graph = nx.read_graphml(io.BytesIO(files["topics.graphml"]))
    assert set(graph) == set(topics.index)
    for unit, node in graph.nodes(data=True):
        assert node["n_docs"] == topics.loc[unit, "n_docs"]
        assert node["label_zh"] == topics.loc[unit, "label_zh"]
        assert node.get("score") == pytest.approx(scores.loc[unit, "score"], nan_ok=True) or (
            pd.isna(scores.loc[unit, "score"])
        )
    assert all(0 < weight <= 1 for *_, weight in graph.edges(data="weight"))
    rows = read_map(files["vosviewer_topics_map.txt"])
    assert [row["weight<Documents>"] for row in rows] == [
        str(topics.loc[unit, "n_docs"]) for unit in sorted(graph)
    ]
    assert len(read_links(files["vosviewer_topics_network.txt"])) == graph.number_of_edges()


def test_citations_are_those_of_the_corpus_within_the_track(track):
    files = exports(track)
    known = set(pd.read_csv(track / "documents.csv")["doc_id"])
    pairs = tables()["references"]
    inside = pairs[pairs["citing_id"].isin(known) & pairs["cited_id"].isin(known)]
    graph = nx.read_graphml(io.BytesIO(files["citations.graphml"]))
    assert len(inside) > 100
    assert set(graph.edges) == set(zip(inside["citing_id"], inside["cited_id"], strict=True))
    assert "limit 2,000" in graph.graph["limit"]
    assert len(read_map(files["vosviewer_citations_map.txt"])) == len(graph)
    network = read_vosviewer_json(files["vosviewer_citations.json"])
    assert len(network["links"]) == len(read_links(files["vosviewer_citations_network.txt"]))


def test_references_are_the_evidence_and_nothing_else(track, tmp_path):
    claims = pd.read_csv(track / "claims.csv")
    candidates = pd.read_csv(track / "candidates.csv")
    cells = [*claims.loc[claims["unit_id"] != TRACK, "doc_ids"], *candidates["doc_ids"]]
    cited = {doc_id for cell in cells for doc_id in ids(cell)}
    documents = pd.read_csv(track / "documents.csv").set_index("doc_id")
    assert 0 < len(cited) < len(documents)
    files = exports(track)
    records = rispy.loads(files["references.ris"].decode())
    assert {record["id"] for record in records} == cited
    assert {record["type_of_reference"] for record in records} == {"PAT", "JOUR"}
    library = parse_string(files["references.bib"].decode())
    assert not library.failed_blocks
    for name, read in (("references.ris", read_ris), ("references.bib", read_bibtex)):
        source = read([track / "exports" / name])
        back = source.tables["documents"].to_pandas().set_index("doc_id")
        assert set(back.index) == cited, name
        assert (back["kind"] == documents.loc[back.index, "kind"]).all()
        assert (back["published"] == documents.loc[back.index, "published"]).all()
    marks = {record["id"]: record["keywords"] for record in records}
    one = claims[(claims["unit_id"] != TRACK) & claims["doc_ids"].notna()].iloc[0]
    assert all(one["claim_id"] in marks[doc_id] for doc_id in ids(one["doc_ids"]))


def test_the_workbook_is_the_csv_files(track):
    book = openpyxl.load_workbook(io.BytesIO(exports(track)["tables.xlsx"]))
    csvs = {path.stem: pd.read_csv(path) for path in track.glob("*.csv")}
    assert set(book.sheetnames[1:]) == set(csvs)
    for name, frame in csvs.items():
        rows = list(book[name].iter_rows(min_row=2))
        assert [cell.value for cell in book[name][1]] == list(frame.columns)
        assert len(rows) == len(frame)
        assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "b"}
    cover = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert cover[:3] == ["track", "as_of", "corpus"]


def test_no_text_of_a_record_does_harm(track):
    files = exports(track)
    for name, data in files.items():
        if name != "tables.xlsx":
            text = data.decode("utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e\ufffe]", text), name
            assert "<script" not in text or name.startswith(("references", "vosviewer")), name
    for stem in ("topics", "citations"):
        for item in read_vosviewer_json(files[f"vosviewer_{stem}.json"])["items"]:
            assert "<" not in item["description"]  # the one text that is shown as HTML
    titles = pd.read_csv(track / "documents.csv")["title"]
    assert titles.str.contains("HYPERLINK").any()
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    cells = [c for row in book["documents"].iter_rows() for c in row if isinstance(c.value, str)]
    assert [c for c in cells if c.value.startswith("=HYPERLINK")]
    assert {c.data_type for c in cells} == {"s"}
    assert all(c.quotePrefix for c in cells if c.value[0] in "=+-@")
    orgs = [row[0].value for row in book["organisations"].iter_rows()]
    assert [org for org in orgs if org.startswith("=HYPERLINK")]


def test_shuffled_rows_give_the_same_bytes(track, tmp_path):
    mixed = {name: frame.sample(frac=1, random_state=7) for name, frame in tables().items()}
    _, other = run(tmp_path, mixed)
    assert exports(other) == exports(track)


def test_nothing_published_after_the_date_is_in_any_export(made):
    project, _ = made
    ended(project.run("brief", TRACK, "--corpus", "synth", "--as-of", EARLY, "--lang", "en"))
    documents = tables()["documents"]
    late = documents.loc[documents["published"] > EARLY, "doc_id"]
    folder = project.outputs / "synth" / EARLY / TRACK
    files = exports(folder)
    graph = nx.read_graphml(io.BytesIO(files["citations.graphml"]))
    assert len(graph)
    for name, data in files.items():
        if name != "tables.xlsx":
            text = data.decode("utf-8")
            assert not [doc for doc in late if doc in text], name
