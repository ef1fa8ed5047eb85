"""A delivery through the command line: only briefs that it touches are made again."""

import pandas as pd
import pytest
from conftest import Project
from synth import corpus_tables, write_folder

from foresight.provenance import file_list, read_json

pytestmark = pytest.mark.long

TRACKS = ("quantum", "advanced-batteries", "graphene")
DATE = "2021-11-30"
ASKED = (*TRACKS, "--corpus", "synth", "--as-of", DATE, "--lang", "en",
         "--set", "settings={draws: 40}")  # fmt: skip
TOLD = {"arrivals.csv", "brief.en.docx", "brief.en.html", "brief.en.md", "brief.en.pdf",
        "claims.csv", "exports/tables.xlsx", "notebook.ipynb", "run.json"}  # fmt: skip


def late_documents(*, title, code, year, number, start=0):
    """Documents of an organisation and of people that nothing else in the corpus has."""
    ids = [f"L{start + i:03d}" for i in range(number)]
    documents = pd.DataFrame({"doc_id": ids, "kind": "patent", "language": "en"})
    documents["title"] = [f"{title} {one}" for one in ids]
    documents["abstract"] = documents["title"]
    documents["published"] = [f"{year}-{1 + i % 11:02d}-15" for i in range(number)]
    classes = pd.DataFrame({"doc_id": ids, "scheme": "cpc", "code": code, "primary": True})
    parties = pd.DataFrame({"doc_id": ids, "role": "inventor", "position": 0,
                            "name": [f"Late {one}" for one in ids], "org": "Newcomer",
                            "country": "JP", "city": None})  # fmt: skip
    return {"documents": documents, "classes": classes, "parties": parties}


def together(*parts):
    return {name: pd.concat([part[name] for part in parts]) for name in parts[0]}


RUNNING = late_documents(
    title="superconducting qubit quantum computing processor", code="G06N10/40", year=2021, number=9
)
AFTER = late_documents(
    title="all solid state battery sulfide electrolyte", code="H01M10/0562", year=2022, number=9,
    start=100,
)  # fmt: skip
EARLIER = late_documents(
    title="paper bag folding", code="B65B11/00", year=2018, number=3, start=200
)


def ended(result):
    assert result.exit_code == 0, result.output
    return result.output


def imported(project, tables, name):
    folder = write_folder(project.root / f"in-{name}", tables)
    ended(project.run("corpus", "import", str(folder), "--name", name))


def folders(project):
    return {track: file_list(project.outputs / "synth" / DATE / track) for track in TRACKS}


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """The generated corpus with the briefs of three tracks."""
    project = Project(tmp_path_factory.mktemp("grown"))
    imported(project, corpus_tables(), "synth")
    assert "3 made" in ended(project.run("brief", *ASKED))
    return project


def test_a_delivery_of_the_running_year_touches_its_own_track_alone(grown, tmp_path):
    before = folders(grown)
    imported(grown, RUNNING, "november")
    said = ended(
        grown.run("corpus", "add", "november", "--to", "synth", "--label", "November *files*")
    )
    assert "delivery 1 of synth (November *files*): 9 new, 0 replaced, 0 the same" in said
    assert "1 made, 2 unchanged" in ended(grown.run("brief", *ASKED))
    after = folders(grown)
    for track in TRACKS[1:]:
        assert after[track] == before[track]
    whole = Project(tmp_path)
    imported(whole, together(corpus_tables(), RUNNING), "synth")
    ended(whole.run("brief", *ASKED))
    at_once = folders(whole)
    for track in TRACKS[1:]:
        assert after[track] == at_once[track]  # kept as it was, and it is what would be made now
    differ = {
        name
        for name in after["quantum"].keys() | at_once["quantum"].keys()
        if after["quantum"].get(name) != at_once["quantum"].get(name)
    }
    assert differ <= TOLD
    lines = (grown.outputs / "synth" / DATE / "quantum" / "brief.en.md").read_text().splitlines()
    plain = (whole.outputs / "synth" / DATE / "quantum" / "brief.en.md").read_text().splitlines()
    said, listed = [line for line in lines if line not in plain and line]
    assert listed.startswith("| `arrivals.csv` |")
    assert said.startswith("The newest delivery that concerns this track, ‘November \\*files\\*’")
    assert "brought 9 new documents" in said
    table = pd.read_csv(grown.outputs / "synth" / DATE / "quantum" / "arrivals.csv")
    assert table["doc_id"].tolist() == RUNNING["documents"]["doc_id"].tolist()
    claims = pd.read_csv(grown.outputs / "synth" / DATE / "quantum" / "claims.csv")
    told = claims[claims["statement_en"].str.startswith("The newest delivery")].iloc[0]
    assert told["doc_ids"].split(";") == table["doc_id"].tolist()
    assert int(told["value"]) == 9


def test_what_is_published_after_the_date_touches_no_brief(grown):
    imported(grown, AFTER, "next")
    ended(grown.run("corpus", "add", "next", "--to", "synth"))
    before = folders(grown)
    assert "0 made, 3 unchanged" in ended(grown.run("brief", *ASKED))
    assert folders(grown) == before
    info = ended(grown.run("corpus", "info", "synth"))
    assert "delivery 2, added" in info
    assert "9 new, 0 replaced, 0 the same; published 2022-01-15" in info


def test_what_changes_the_shares_of_complete_years_touches_all(grown):
    imported(grown, EARLIER, "old")
    ended(grown.run("corpus", "add", "old", "--to", "synth"))
    assert "3 made, 0 unchanged" in ended(grown.run("brief", *ASKED))
    slices = read_json(grown.outputs / "synth" / DATE / "manifest.json")["slices"]
    assert set(TRACKS) <= set(slices)


def test_without_its_caches_a_run_finds_its_briefs_up_to_date_in_the_manifest(grown, tmp_path):
    empty = {"FORESIGHT_CACHE": str(tmp_path)}
    assert "0 made, 3 unchanged" in ended(grown.run("brief", *ASKED, **empty))
    assert not list(tmp_path.iterdir())


def test_nothing_to_add_and_made_one(grown):
    assert "nothing to add: synth has all 3" in ended(
        grown.run("corpus", "add", "old", "--to", "synth")
    )
    assert "in one piece" in ended(grown.run("corpus", "compact", "synth"))
    assert "has no deliveries" in ended(grown.run("corpus", "compact", "synth"))
    assert "delivery" not in ended(grown.run("corpus", "info", "synth"))
    wrong = grown.run("corpus", "add", "synth", "--to", "synth")
    assert wrong.exit_code == 2
    assert "cannot be added to itself" in wrong.output
