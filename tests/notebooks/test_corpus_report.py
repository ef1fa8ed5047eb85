"""The corpus report from an interchange folder, through the command line and the real notebook."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import Project
from pypdf import PdfReader
from synth import HOSTILE, corpus_tables, write_folder

pytestmark = pytest.mark.slow

TABLES = {
    "composition.csv", "years.csv", "fields.csv", "field_years.csv", "duplicates.csv",
    "quality.csv", "moves.csv", "moved_years.csv",
}  # fmt: skip


def moved_tables():
    """The generated corpus, in which fuel cells are carbon nanotubes coded anew from 2017 on."""
    tables = corpus_tables()
    years = tables["documents"].set_index("doc_id")["published"].str[:4].astype(int)
    classes = tables["classes"]
    old = classes["doc_id"].map(years) < 2017
    fuel = classes["code"] == "H01M8/10"
    codes = classes["code"].mask(fuel & old, "C01B31/022").mask(fuel & ~old, "C01B32/158")
    return {**tables, "classes": classes.assign(code=codes)}


def ended(result, code=0):
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The corpus, imported, and its report."""
    project = Project(tmp_path_factory.mktemp("made"))
    folder = write_folder(project.root / "in", moved_tables())
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    assert "report.zh.html" in ended(project.run("corpus", "report", "synth"))
    return project


def report_folder(project):
    (folder,) = project.outputs.glob("synth/*/report")
    return folder


def table(project, name):
    return pd.read_csv(report_folder(project) / f"{name}.csv", encoding="utf-8-sig")


def texts(folder):
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.suffix in {".csv", ".md"}}


def test_every_file_is_there_and_every_figure_is_shown(made):
    folder = report_folder(made)
    names = {path.name for path in folder.iterdir()}
    pages = {
        f"report.{lang}.{kind}" for lang in ("zh", "en") for kind in ("md", "html", "pdf", "docx")
    }
    assert pages | TABLES | {"notebook.ipynb", "run.json", "figures"} == names
    for lang in ("zh", "en"):
        text = (folder / f"report.{lang}.md").read_text()
        shown = set(re.findall(r"\]\(figures/(\S+)\)", text))
        assert shown == {p.name for p in (folder / "figures").glob(f"*.{lang}.png")}
        assert {f"years.{lang}.png", f"crossed-1.{lang}.png"} <= shown
    pdf = "".join(page.extract_text() for page in PdfReader(folder / "report.en.pdf").pages)
    assert "Classes that were moved" in pdf


def test_the_planted_move_is_handed_over_and_either_side_does_not_end(made):
    moves = table(made, "moves").set_index("note")
    row = moves.loc["carbon nanotubes"]
    planted = (moved_tables()["classes"]["code"].str.startswith("C01B3")).sum()
    assert row["state"] == "handed_over"
    assert row["n_either"] == row["n_old"] + row["n_new"]
    years = table(made, "moved_years")
    years = years[(years["row"] == row["row"]) & (years["n_either"] > 0)]
    assert years.loc[years["year"] < 2017, "n_new"].eq(0).all()
    assert years.loc[years["year"] >= 2017, "n_old"].eq(0).all()
    assert years["n_either"].sum() == planted
    text = (report_folder(made) / "report.en.md").read_text()
    assert "C01B31/022 → C01B32/158" in text
    assert "handed over" in text


def test_numbers_of_the_text_stand_in_the_tables(made):
    documents = corpus_tables()["documents"]
    composition = table(made, "composition")
    kinds = composition[composition["group"] == "kind"]
    assert kinds["n_docs"].tolist() == [len(documents)]
    assert table(made, "years")["n_docs"].sum() == len(documents)
    text = (report_folder(made) / "report.en.md").read_text()
    assert f"the corpus holds {len(documents):,} documents" in text
    quality = table(made, "quality").set_index("track")
    assert quality.loc["quantum", "documents"] > 100
    assert quality["precision"].isna().all()
    assert "No document of this corpus has been read and labelled" in text


def test_running_again_changes_nothing_and_a_harmed_file_is_made_again(made):
    folder = report_folder(made)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
    assert "up to date" in ended(made.run("corpus", "report", "synth"))
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()} == before
    page = folder / "report.en.md"
    whole = page.read_bytes()
    page.write_text("harmed")
    assert "up to date" not in ended(made.run("corpus", "report", "synth"))
    assert page.read_bytes() == whole


def test_shuffled_rows_give_the_same_bytes(made, project):
    tables = {name: frame.sample(frac=1, random_state=9) for name, frame in moved_tables().items()}
    folder = write_folder(project.root / "in", tables)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("corpus", "report", "synth"))
    ours, theirs = texts(report_folder(made)), texts(report_folder(project))
    digest = re.compile(rb"`[0-9a-f]{64}`|SHA-256 [0-9a-f]{12}")  # of the files supplied
    assert {k: digest.sub(b"", v) for k, v in ours.items()} == {
        k: digest.sub(b"", v) for k, v in theirs.items()
    }


def test_nothing_published_after_the_date_is_counted(made):
    ended(made.run("corpus", "report", "synth", "--as-of", "2016-12-31", "--lang", "en"))
    folder = made.outputs / "synth" / "2016-12-31" / "report"
    documents = moved_tables()["documents"]
    early = documents[documents["published"] <= "2016-12-31"]
    assert pd.read_csv(folder / "years.csv")["n_docs"].sum() == len(early)
    assert pd.read_csv(folder / "moved_years.csv")["year"].max() == 2016
    assert not (folder / "report.zh.md").exists()
    text = (folder / "report.en.md").read_text()
    assert "no data cross the turn of 2016/17" in text
    assert "handed over" not in text
    late = set(documents["doc_id"]) - set(early["doc_id"])
    for path in folder.iterdir():
        if path.suffix in {".csv", ".md", ".html", ".ipynb"}:
            assert not [doc for doc in late if doc in path.read_text(encoding="utf-8-sig")]
    shutil.rmtree(folder.parent)


def test_hostile_sources_stay_text(project):
    tables = corpus_tables()
    hostile = [HOSTILE[i % len(HOSTILE)] for i in range(len(tables["documents"]))]
    documents = tables["documents"].assign(source=hostile, office=hostile)
    folder = write_folder(project.root / "in", {**tables, "documents": documents})
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("corpus", "report", "synth", "--lang", "en"))
    page = (report_folder(project) / "report.en.html").read_text()
    assert "<script" not in page.lower()
    assert 'href="javascript' not in page.lower()
    for line in (report_folder(project) / "composition.csv").read_text("utf-8-sig").splitlines():
        assert ",=HYPERLINK" not in line
        assert ',"=HYPERLINK' not in line


def test_a_failing_cell_leaves_the_old_report_and_its_notebook(made, tmp_path):
    root, source = tmp_path / "root", Path(__file__).resolve().parents[2]
    for name in ("data/tracks", "data/glossary", "data/gazetteer", "notebooks"):
        shutil.copytree(source / name, root / name)
    book = root / "notebooks" / "corpus_report.ipynb"
    book.write_text(book.read_text().replace('"report.fields()"', '"1 / 0"'))
    before = texts(report_folder(made))
    output = ended(made.run("corpus", "report", "synth", FORESIGHT_ROOT=str(root)), 2)
    assert "The report failed: ZeroDivisionError" in output
    assert "Traceback" not in output
    assert texts(report_folder(made)) == before
    failed = report_folder(made).parent / "failed" / "corpus_report.ipynb"
    assert "1 / 0" in json.dumps(nbformat.read(failed, as_version=4))


def test_the_portal_links_the_report(made):
    ended(made.run("brief", "quantum", "--corpus", "synth", "--lang", "en"))
    ended(made.run("board", "--corpus", "synth"))
    page = (report_folder(made).parent / "index.html").read_text()
    for lang in ("zh", "en"):
        for kind in ("html", "pdf", "docx", "md"):
            assert f'href="report/report.{lang}.{kind}"' in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["synht"], "Did you mean 'synth'?"),
        (["synth", "--lang", "fr"], "allowed are zh, en"),
        (["synth", "--as-of", "1950-01-01"], "first document"),
        (["synth", "--as-of", "2016-13-01"], "YYYY-MM-DD"),
    ],
)
def test_wrong_use_gives_one_clear_message(made, arguments, words):
    output = ended(made.run("corpus", "report", *arguments), 2)
    assert words in output
    assert "Traceback" not in output
