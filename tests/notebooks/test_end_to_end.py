"""From an interchange folder to briefs, through the command line and the real notebook."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from conftest import Project
from pages import brief_faults
from synth import HOSTILE, corpus_tables, write_folder
from tracing import Evidence, untraced, without_documents

from foresight.provenance import read_json
from foresight.tracks import load_registry

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LAST = "2021-12-28"  # no document of the generated corpus is later
COLUMNS = (
    "unit_id unit_kind label_zh label_en score score_lo score_hi rank rank_lo rank_hi p_growth "
    "stage n_docs growth vitality novelty community"
).split()
TRACKS = ("quantum", "advanced-batteries")


def ended(result, code=0):
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The generated corpus, imported, with the briefs of two tracks."""
    project = Project(tmp_path_factory.mktemp("made"))
    folder = write_folder(project.root / "in", corpus_tables())
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("brief", *TRACKS, "--corpus", "synth", "--jobs", "2"))
    return project


def run_folder(project):
    (folder,) = (project.outputs / "synth").iterdir()
    return folder


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".csv", ".md"}
    }


def test_every_file_of_a_brief_is_there(made):
    for track in TRACKS:
        folder = run_folder(made) / track
        names = {path.name for path in folder.iterdir()}
        briefs = {
            f"brief.{lang}.{kind}"
            for lang in ("zh", "en")
            for kind in ("md", "html", "pdf", "docx")
        }
        tables = {"scores.csv", "topics.csv", "topic_years.csv", "claims.csv", "candidates.csv"}
        assert briefs | tables | {"notebook.ipynb", "organisations.csv", "documents.csv"} <= names
        assert list((folder / "figures").glob("*.zh.png"))
    assert (run_folder(made) / "manifest.json").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("track", TRACKS)
def test_pages_are_whole(made, track, lang):
    slugs = sorted(load_registry().slugs, key=len, reverse=True)
    assert not brief_faults(run_folder(made) / track, lang=lang, slugs=slugs)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_is_traced_to_a_row_and_the_row_to_documents(made, lang):
    evidence = Evidence(run_folder(made) / TRACKS[1], lang)
    total, lost = untraced(evidence)
    assert not lost
    assert total > 100
    assert not without_documents(evidence)


def test_a_changed_number_is_not_traced(made):
    evidence = Evidence(run_folder(made) / TRACKS[1], "en")
    score = next(m[1] for m in re.finditer(r"\| (\d\d\.\d) \(", evidence.text))
    evidence.text = evidence.text.replace(f"| {score} (", "| 1234.5 (", 1)
    assert any("1234.5" in line for line in untraced(evidence)[1])
    evidence.files["organisations"].loc[0, "n_docs"] += 1
    assert any("organisations" in line for line in without_documents(evidence))


def test_scores_have_the_columns_agreed_on_and_the_planted_order(made):
    scores = pd.read_csv(run_folder(made) / "advanced-batteries" / "scores.csv")
    assert list(scores.columns) == COLUMNS
    batteries = scores[scores["unit_kind"] == "sub_direction"].set_index("unit_id")
    other = pd.read_csv(run_folder(made) / "quantum" / "scores.csv").set_index("unit_id")
    rising = other.loc["quantum/quantum-computing"]
    fading = batteries.loc["advanced-batteries/fuel-cells"]
    assert rising["score"] > 50 > fading["score"]
    assert rising["p_growth"] > fading["p_growth"]
    assert rising["growth"] > fading["growth"]


def test_every_claim_traces_to_documents_of_the_track(made):
    folder = run_folder(made) / "quantum"
    claims = pd.read_csv(folder / "claims.csv").set_index("claim_id")
    known = set(pd.read_csv(folder / "documents.csv")["doc_id"])
    cited = {i for cell in claims["doc_ids"].dropna() for i in cell.split(";")}
    assert cited
    assert {one for one in cited if not one.startswith("models/")} <= known
    brief = (folder / "brief.zh.md").read_text()
    marks = set(re.findall(r"\[(S\d+-\d+)\]", brief))
    assert marks
    assert marks <= set(claims.index)


def test_a_corpus_without_references_has_no_citation_network(made):
    folder = run_folder(made) / "quantum"
    assert [path.name for path in (folder / "exports").iterdir() if "topics" in path.name]
    assert not [path.name for path in (folder / "exports").iterdir() if "citations" in path.name]
    assert "citations" not in (folder / "brief.en.md").read_text().split("### Companion files")[1]


def test_running_again_makes_nothing_and_changes_nothing(made):
    before = {p: p.stat().st_mtime_ns for p in run_folder(made).rglob("*") if p.is_file()}
    output = ended(made.run("brief", *TRACKS, "--corpus", "synth"))
    assert "0 made, 2 unchanged, 0 failed" in output
    assert {p: p.stat().st_mtime_ns for p in run_folder(made).rglob("*") if p.is_file()} == before


def test_a_harmed_file_is_made_again(made):
    page = run_folder(made) / "quantum" / "brief.en.md"
    whole = page.read_bytes()
    page.write_text("harmed")
    assert "1 made, 1 unchanged" in ended(made.run("brief", *TRACKS, "--corpus", "synth"))
    assert page.read_bytes() == whole


def test_shuffled_rows_and_one_job_give_the_same_bytes(made, project):
    tables = {name: frame.sample(frac=1, random_state=9) for name, frame in corpus_tables().items()}
    folder = write_folder(project.root / "in", tables)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("brief", *TRACKS, "--corpus", "synth", "--jobs", "1"))
    assert texts(run_folder(project)) == texts(run_folder(made))


def test_nothing_published_after_the_date_is_in_any_file(made):
    ended(made.run("brief", "quantum", "--corpus", "synth", "--as-of", "2016-12-31"))
    documents = corpus_tables()["documents"]
    late = set(documents.loc[documents["published"] > "2016-12-31", "doc_id"])
    folder = made.outputs / "synth" / "2016-12-31"
    found = pd.read_csv(folder / "quantum" / "documents.csv")
    assert len(found)
    assert found["published"].max() <= "2016-12-31"
    for path in folder.rglob("*"):
        if path.suffix in {".csv", ".md", ".html", ".json", ".ipynb"}:
            text = path.read_text(encoding="utf-8-sig")
            assert not [doc for doc in late if doc in text], path.name
    shutil.rmtree(folder)


def test_later_documents_change_no_earlier_brief(made, project):
    early = {
        name: frame[frame["doc_id"].isin(_until(2018))] for name, frame in corpus_tables().items()
    }
    folder = write_folder(project.root / "in", early)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    for one in (made, project):
        ended(one.run("brief", "quantum", "--corpus", "synth", "--as-of", "2018-12-31"))
    kept = [p.outputs / "synth" / "2018-12-31" / "quantum" for p in (made, project)]
    tables = ("scores.csv", "indicators.csv", "topics.csv", "topic_years.csv", "documents.csv")
    for name in tables:
        assert (kept[0] / name).read_bytes() == (kept[1] / name).read_bytes(), name
    shutil.rmtree(made.outputs / "synth" / "2018-12-31")


def _until(year):
    documents = corpus_tables()["documents"]
    return set(documents.loc[documents["published"].str[:4].astype(int) <= year, "doc_id"])


def test_hostile_titles_stay_text(made):
    folder = run_folder(made) / "quantum"
    listed = pd.read_csv(folder / "documents.csv")["title"].str.lstrip("'")
    assert set(HOSTILE) <= set(listed)
    for lang in ("zh", "en"):
        page = (folder / f"brief.{lang}.html").read_text()
        assert "<script" not in page.lower()
        assert 'href="javascript' not in page.lower()
    for path in folder.glob("*.csv"):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            assert not line.startswith(("=", '"=')), path.name
            assert ",=HYPERLINK" not in line
            assert ',"=HYPERLINK' not in line


def test_board_and_portal_link_what_there_is(made):
    ended(made.run("board", "--corpus", "synth"))
    folder = run_folder(made)
    page = (folder / "index.html").read_text()
    for track in TRACKS:
        for lang in ("zh", "en"):
            for kind in ("html", "pdf", "docx"):
                assert f'href="{track}/brief.{lang}.{kind}"' in page
    for lang in ("zh", "en"):
        for kind in ("html", "pdf", "docx"):
            assert (folder / f"board.{lang}.{kind}").exists()
            assert f'href="board.{lang}.{kind}"' in page
    for track in TRACKS:
        assert f'href="{track}/index.html"' in page
        assert 'href="documents.csv"' in (folder / track / "index.html").read_text()
    for name, n in (("board.csv", len(TRACKS)), ("units.csv", 2)):
        assert f'href="{name}"' in page
        assert len(pd.read_csv(folder / name)) >= n


def test_the_portal_is_the_same_when_made_again_and_no_brief_is_stale(made):
    ended(made.run("board", "--corpus", "synth"))
    pages = [*run_folder(made).rglob("index.html"), *run_folder(made).glob("*.csv")]
    assert len(pages) == 3 + 2
    before = {page: page.read_bytes() for page in pages}
    ended(made.run("board", "--corpus", "synth"))
    assert {page: page.read_bytes() for page in pages} == before
    kept = read_json(run_folder(made) / "manifest.json")["board"]
    assert {"index.html", "units.csv", *(f"{track}/index.html" for track in TRACKS)} <= set(kept)
    assert "0 made, 2 unchanged" in ended(made.run("brief", *TRACKS, "--corpus", "synth"))


def test_the_portal_keeps_what_a_record_says_as_text(made):
    ended(made.run("board", "--corpus", "synth"))
    page = (run_folder(made) / "quantum" / "index.html").read_text()
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    titles = {doc[1] for doc in json.loads(block[1])["docs"]}
    assert set(HOSTILE) <= titles
    assert "<" not in block[1]
    assert page.count("<script") == 2


def test_a_track_made_by_other_code_stops_no_board(made):
    """Its tables lack a column: the board says so and shows the others."""
    table = run_folder(made) / "quantum" / "topics.csv"
    whole = table.read_bytes()
    pd.read_csv(table).drop(columns="n_docs").to_csv(table, index=False)
    try:
        ended(made.run("board", "--corpus", "synth"))
        page = (run_folder(made) / "index.html").read_text()
    finally:
        table.write_bytes(whole)
    assert "quantum/topics.csv lacks the column(s) n_docs" in page
    assert 'href="advanced-batteries/index.html"' in page
    assert 'href="quantum/index.html"' not in page
    ended(made.run("board", "--corpus", "synth"))
    assert 'href="quantum/index.html"' in (run_folder(made) / "index.html").read_text()


def test_one_failing_sector_stops_no_other(made, tmp_path):
    root = tmp_path / "root"
    for name in ("data/tracks", "data/glossary", "data/gazetteer", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "data" / "organisations.csv", root / "data")
    (root / "data" / "models").mkdir()
    shutil.copy(ROOT / "data" / "models" / "emergence-prior.json", root / "data" / "models")
    notebook = root / "notebooks" / "sector_brief.ipynb"
    broken = notebook.read_text().replace(
        '"sector.cover()"', '"sector.cover()\\n",\n    "1 / (track != \'quantum\')"'
    )
    assert broken != notebook.read_text()
    notebook.write_text(broken)
    env = {"FORESIGHT_ROOT": str(root), "FORESIGHT_OUTPUTS": str(tmp_path / "out")}
    output = ended(made.run("brief", *TRACKS, "--corpus", "synth", "--jobs", "2", **env), 1)
    assert "failed: quantum: ZeroDivisionError" in output
    (folder,) = (tmp_path / "out" / "synth").iterdir()
    assert (folder / "advanced-batteries" / "brief.zh.pdf").exists()
    assert not (folder / "quantum").exists()
    assert (folder / "failed" / "quantum.ipynb").exists()
    ended(made.run("board", "--corpus", "synth", **env))
    assert "ZeroDivisionError" in (folder / "index.html").read_text()


def test_a_killed_run_leaves_nothing_half_written_and_goes_on(made, tmp_path):
    env = {**os.environ, **made.env(), "FORESIGHT_OUTPUTS": str(tmp_path)}
    command = [
        str(Path(sys.executable).parent / "foresight"),
        "brief",
        "quantum",
        "--corpus",
        "synth",
    ]
    run = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.rglob("brief.zh.md")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    visible = [p for p in tmp_path.rglob("*") if not any(s.startswith(".") for s in p.parts[-4:])]
    assert not [p for p in visible if p.is_file() and "quantum" in p.parts]
    output = ended(
        made.run("brief", "quantum", "--corpus", "synth", FORESIGHT_OUTPUTS=str(tmp_path))
    )
    assert "1 made" in output
    (folder,) = tmp_path.glob("synth/*/quantum")
    expected = run_folder(made) / "quantum"
    assert texts(folder) == texts(expected)
    assert not list(tmp_path.rglob(".*part*"))


def test_an_interrupted_run_says_so_in_one_line_and_goes_on(made, tmp_path):
    env = {**os.environ, **made.env(), "FORESIGHT_OUTPUTS": str(tmp_path / "out")}
    command = [str(Path(sys.executable).parent / "foresight"), "brief", *TRACKS]
    command += ["--corpus", "synth", "--lang", "en", "--jobs", "2"]
    log = tmp_path / "log"
    with log.open("w") as stream:
        # A shell starts background jobs with interrupts ignored, and a child inherits that.
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
        run = subprocess.Popen(command, env=env, stderr=stream, start_new_session=True)
        signal.signal(signal.SIGINT, before)
        deadline = time.monotonic() + 120
        while not list(tmp_path.rglob("*.part/scores.csv")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGINT)
        assert run.wait(timeout=60) == 130, log.read_text()
    said = log.read_text()
    assert said.rstrip().endswith("interrupted: the same command goes on where it stopped")
    assert "Traceback" not in said
    assert not list(tmp_path.glob("out/*/*/*/brief.en.md"))
    again = ["brief", *TRACKS, "--corpus", "synth", "--lang", "en"]
    assert "2 made" in ended(made.run(*again, FORESIGHT_OUTPUTS=str(tmp_path / "out")))
    assert not list(tmp_path.rglob(".*part*"))


def test_a_corpus_without_a_document_of_the_track_gives_a_brief_that_says_so(project):
    documents = pd.DataFrame(
        [("d1", "patent", "paper bag folding conveyor", "2015-06-01")],
        columns=["doc_id", "kind", "title", "published"],
    )
    folder = write_folder(project.root / "in", {"documents": documents})
    ended(project.run("corpus", "import", str(folder), "--name", "one"))
    assert "1 made" in ended(project.run("brief", "quantum", "--corpus", "one", "--lang", "en"))
    (track,) = project.outputs.glob("one/*/quantum")
    assert set(pd.read_csv(track / "scores.csv")["n_docs"]) == {0}
    assert "0 documents" in (track / "brief.en.md").read_text()


def test_a_folder_that_cannot_be_written_is_one_clear_message(project, tmp_path):
    folder = write_folder(project.root / "in", {"documents": corpus_tables()["documents"]})
    blocked = tmp_path / "file"
    blocked.write_text("")
    output = ended(
        project.run("corpus", "import", str(folder), "--name", "x", FORESIGHT_CORPORA=str(blocked)),
        2,
    )
    assert str(blocked) in output
    assert "Check that the path is right" in output


def test_a_corpus_of_papers_invents_no_patent_section(project):
    tables = corpus_tables()
    papers = tables["documents"].assign(kind="paper", venue="Proceedings")
    folder = write_folder(project.root / "in", {"documents": papers})
    ended(project.run("corpus", "import", str(folder), "--name", "papers"))
    ended(project.run("brief", "quantum", "--corpus", "papers"))
    (track,) = project.outputs.glob("papers/*/quantum")
    text = (track / "brief.zh.md").read_text()
    section = text.split("## 6.")[1].split("## 7.")[0]
    assert "不含专利" in section
    assert "|" not in section
    years = pd.read_csv(track / "topic_years.csv")
    assert (years["n_patents"] == 0).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["brief", "quantun", "--corpus", "synth"], "Did you mean quantum"),
        (["brief", "--corpus", "synth"], "--all"),
        (["brief", "quantum", "--corpus", "nosuch"], "Known corpora: synth"),
        (["brief", "quantum", "--corpus", "synth", "--as-of", "2999-01-01"], "after today"),
        (["brief", "quantum", "--corpus", "synth", "--as-of", "2016-13-01"], "YYYY-MM-DD"),
        (["brief", "quantum", "--corpus", "synth", "--as-of", "1950-01-01"], "first document"),
        (["brief", "quantum", "--corpus", "synth", "--lang", "fr"], "allowed are zh, en"),
        (["brief", "quantum", "--corpus", "synth", "--set", "trakc=x"], "Unknown parameter"),
        (["brief", "quantum", "--corpus", "synth", "--set", "settings={drawz: 3}"], "drawz"),
        (["brief", "quantum", "--corpus", "synth", "--set", "nonsense"], "NAME=VALUE"),
        (["brief", "quantum", "--corpus", "synth", "--set", "=3"], "NAME=VALUE"),
        (["brief", "quantum", "--corpus", "synth", "--set", "track=x"], "as TRACK, not by --set"),
        (["brief", "quantum", "--corpus", "synth", "--set", "as_of=2016"], "by --as-of, not"),
        (["brief", *TRACKS, "--corpus", "synth", "--set", "output=x"], "one track, got 2"),
        (["brief", "quantum", "--corpus", "synht"], "Did you mean 'synth'?"),
        (["corpus", "import", "anywhere", "--name", "sample"], "the default corpus"),
        (["board", "--corpus", "synth", "--as-of", "2015-12-31"], "foresight brief --all"),
        (["corpus", "info", "../../etc"], "name of a corpus"),
    ],
)
def test_wrong_use_gives_one_clear_message(made, arguments, words):
    output = ended(made.run(*arguments), 2)
    assert words in output
    assert "Traceback" not in output


def test_corpus_info_describes_coverage_and_routes(made):
    output = ended(made.run("corpus", "info", "synth"))
    assert "documents per track and route" in output
    assert "quantum" in output
    assert "licence" in output


def test_tracks_lists_the_plan(made):
    lines = ended(made.run("tracks")).splitlines()
    assert len(lines) == 24
    assert "具身智能" in lines[1]


def test_doctor_finds_this_environment_in_order(made):
    output = ended(made.run("doctor"))
    assert "24 tracks, 142 sub-directions" in output
    assert "MISS" not in output
