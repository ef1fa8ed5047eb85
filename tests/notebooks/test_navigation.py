"""`foresight navigate`: from a workbook and from generated tables to the report, by hand values."""

import re

import numpy as np
import pandas as pd
import pytest
from conftest import Project
from navigation_samples import (
    AS_OF,
    EXPECTED,
    NUMBERS,
    PLEDGES,
    READ_ON,
    THRESHOLD,
    workbook,
)
from pypdf import PdfReader
from synth import HOSTILE, corpus_tables, write_folder

from foresight.brief.navigation.results import FILES

pytestmark = pytest.mark.slow

BATTERY, SOLID = "advanced-batteries", "advanced-batteries/solid-state-batteries"
BATTERIES = [NUMBERS[name] for name in NUMBERS if name[0] in "BC"]


def ended(result, code=0):
    assert result.exit_code == code, result.output
    return result.output


def folder_of(project, corpus, track, *, name="navigation"):
    """The folder of a report, as of the latest date."""
    return sorted(project.outputs.glob(f"{corpus}/*/{track}/{name}"))[-1]


def reader(folder):
    def read(name, *index):
        frame = pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", keep_default_na=True)
        return frame.set_index(list(index)) if index else frame

    return read


@pytest.fixture(scope="module")
def incopat(tmp_path_factory):
    """The workbook of stated numbers, read and navigated for both of its tracks."""
    project = Project(tmp_path_factory.mktemp("incopat"))
    book = project.root / "made for the test.xlsx"
    book.write_bytes(workbook())
    ended(
        project.run(
            "corpus", "read", "incopat", str(book), "--name", "nav", "--keep-utility-models"
        )
    )
    classes = project.root / "classes.csv"
    pd.DataFrame({"industry": ["quantum"], "prefix": ["G06N10/20"]}).to_csv(classes, index=False)
    amounts = [(NUMBERS[name], day, amount) for name, day, amount in PLEDGES]
    pledges = project.root / "pledges.csv"
    pd.DataFrame(amounts, columns=["doc_id", "date", "amount"]).to_csv(pledges, index=False)
    options = ["--corpus", "nav", "--as-of", AS_OF, "--known-on", READ_ON, "--events-complete",
               "--strategic", str(classes), "--pledges", str(pledges),
               "--pledge-threshold", str(THRESHOLD)]  # fmt: skip
    assert "report.zh.html" in ended(project.run("navigate", BATTERY, *options))
    ended(project.run("navigate", "quantum", *options, "--lang", "en"))
    return project, options


@pytest.fixture(scope="module")
def battery(incopat):
    return reader(folder_of(incopat[0], "nav", BATTERY))


@pytest.fixture(scope="module")
def quantum(incopat):
    return reader(folder_of(incopat[0], "nav", "quantum"))


def test_every_category_equals_the_hand_made_value(battery, quantum):
    found = pd.concat([battery("high_value"), quantum("high_value")]).set_index("doc_id")
    names = ["valid", "strategic", "overseas", "maintained", "pledged", "awarded", "high_value"]
    told = {
        doc: " ".join(row) for doc, row in zip(found.index, found[names].to_numpy(), strict=True)
    }
    assert told == {NUMBERS[name]: verdicts for name, verdicts in EXPECTED.items()}


def test_shares_of_high_value_by_family(battery, quantum):
    row = battery("high_value_share", "unit_id", "criterion").loc[(BATTERY, "high_value")]
    assert row[["n_patents", "n_valid", "n_yes", "n_no", "n_undecided"]].tolist() == [
        22,
        21,
        2,
        18,
        1,
    ]
    assert row["share"] == pytest.approx(2 / 20, abs=1e-6)
    assert row[["if_no", "if_yes"]].tolist() == pytest.approx([2 / 21, 3 / 21], abs=1e-6)
    assert row["doc_ids"] == f"{NUMBERS['B1']};{NUMBERS['B4']}"
    row = quantum("high_value_share", "unit_id", "criterion").loc[("quantum", "high_value")]
    # The utility model Q2 is judged, and is no family that is counted.
    assert row[["n_patents", "n_valid", "n_yes", "n_no"]].tolist() == [6, 4, 2, 0]


def test_direction_and_control_by_hand(battery):
    direction = battery("direction", "unit_id")
    for unit in (BATTERY, SOLID):
        row = direction.loc[unit]
        assert row[["n_docs", "n_all", "n_granted"]].tolist() == [22, 22, 22]
        assert row[["course", "why"]].tolist() == ["undecided", "corpus_without_year"]
        assert row["all_ids"] == ";".join(sorted(BATTERIES))
    others = direction.drop([BATTERY, SOLID])
    assert others[["n_docs", "n_all"]].eq(0).all(axis=None)
    table = battery("control", "unit_id", "org").loc[SOLID]
    first, second = table.loc["甲电池有限公司"], table.loc["乙电池有限公司"]
    columns = ["doc_share", "core_share", "citation_share", "control"]
    assert first[columns].tolist() == pytest.approx([3.5 / 22, 1 / 2, 7.5 / 8, 0.71875], abs=1e-6)
    assert second[columns].tolist() == pytest.approx([2.5 / 22, 1 / 2, 0.5 / 8, 0.28125], abs=1e-6)
    assert first[["n_docs", "n_core", "n_unit_core", "n_unit_citations"]].tolist() == [4, 1, 2, 8]
    # 甲 is in Beijing on all four, 乙 in Hangzhou on two of three.
    assert first[["local", "n_known", "n_inside"]].tolist() == [False, 4, 0]
    assert second[["local", "n_known", "n_inside"]].tolist() == [True, 3, 2]
    measures = battery("concentration", "unit_id", "measure").loc[SOLID]
    assert measures.loc["hhi", "raw"] == pytest.approx(
        (9**2 + 7**2 + 3.5**2 + 2.5**2) / 22**2, abs=1e-6
    )
    assert measures.loc["cr4", "raw"] == 1
    core = battery("core", "doc_id")["core"].value_counts().to_dict()
    assert core == {"undecided": 11, "no": 9, "yes": 2}


def test_matrix_by_hand(battery):
    cells = battery("matrix", "unit_id", "effect").loc[SOLID]
    assert cells["n"][lambda n: n > 0].to_dict() == {"lower-cost": 10, "higher-safety": 12}
    accuracy = cells.loc["higher-accuracy"]  # of the six counted quantum patents
    assert accuracy[["n", "n_unit", "n_effect", "n_all"]].tolist() == [0, 22, 6, 28]
    assert accuracy["expected"] == pytest.approx(22 * 6 / 28, abs=1e-6)
    assert accuracy["p_few"] == pytest.approx(np.exp(-22 * 6 / 28), abs=1e-6)


def test_position_and_regions_by_hand(battery):
    rows = battery("position", "unit_id", "level", "indicator").loc[BATTERY]
    hhi = battery("concentration", "unit_id", "measure").loc[(BATTERY, "hhi")]
    columns = ["value", "lo", "hi"]  # one figure, wherever it stands
    assert rows.loc[("world", "hhi"), columns].tolist() == hhi[columns].tolist()
    for level, n, share in (("world", 22, 1), ("country", 22, 1), ("province", 2, 2 / 22)):
        assert rows.loc[(level, "documents"), "value"] == n
        assert rows.loc[(level, "share_of_world"), "value"] == pytest.approx(share, abs=1e-6)
    assert rows.loc[("province", "documents"), "doc_ids"] == f"{NUMBERS['B4']};{NUMBERS['B5']}"
    assert rows.loc[("province", "organisations"), "value"] == 1
    # One of B4 and B5 is decided, and high value: B5 has no list of its family.
    one = rows.loc[("province", "high_value_share")]
    assert one[["value", "n"]].tolist() == [1, 1]
    # 24 of 28 counted patents are placed in Beijing, whose share of batteries is 20 of 26.
    regions = battery("regions", "region")
    hangzhou = regions.loc["杭州"]
    assert hangzhou[["n_docs", "n_region"]].tolist() == [2, 2]
    whole = regions.loc["浙江"]
    assert whole[["kind", "n_docs", "n_region"]].tolist() == ["whole", 2, 2]
    assert hangzhou["rta"] == pytest.approx((2 / 2) / (22 / 28), abs=1e-6)


def test_what_the_rules_make_of_it(battery):
    found = battery("path")
    assert set(found["kind"]) == {"none"}
    assert len(found) == 5
    reasons = found.set_index("chapter")["reason"]
    assert "S1 undecided:" in reasons["structure"]
    assert "L3 undecided:" in reasons["layout"]


def test_quantum_is_pledged_and_lists_its_events(quantum):
    rows = quantum("position", "unit_id", "level", "indicator").loc["quantum"]
    pledges = rows.loc[("world", "pledges")]
    assert pledges["value"] == pytest.approx(2 / 4)  # Q5 and Q6, of four valid patents
    assert pledges["n"] == 4


def test_the_report_has_every_chapter_in_both_languages(incopat):
    folder = folder_of(incopat[0], "nav", BATTERY)
    names = {path.name for path in folder.iterdir()}
    pages = {
        f"report.{lang}.{kind}" for lang in ("zh", "en") for kind in ("md", "html", "pdf", "docx")
    }
    assert names == pages | {name for name, *_ in FILES} | {"notebook.ipynb", "run.json", "figures"}
    texts = {lang: (folder / f"report.{lang}.md").read_text() for lang in ("zh", "en")}
    heads = {
        lang: re.findall(r"^(#+) ([\d.]*)", text, re.MULTILINE) for lang, text in texts.items()
    }
    assert heads["zh"] == heads["en"]
    assert [n for level, n in heads["zh"] if level == "##"] == ["", *(f"{i}." for i in range(1, 9))]
    marks = {lang: re.findall(r"\[S\d-\d\d\]", text) for lang, text in texts.items()}
    assert marks["zh"] == marks["en"]
    lines = {
        lang: [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
        for lang, text in texts.items()
    }
    figures = {
        lang: [sorted(re.findall(r"\d(?:[\d,.]*\d)?%?", line)) for line in rows]
        for lang, rows in lines.items()
    }
    assert figures["zh"] == figures["en"]  # row by row, whatever the words between them
    assert set(marks["zh"]) <= {f"[{mark}]" for mark in reader(folder)("claims")["claim_id"]}
    assert "nan" not in texts["zh"] + texts["en"]
    pdf = "".join(page.extract_text() for page in PdfReader(folder / "report.en.pdf").pages)
    assert "4. Analysis: direction" in pdf


def test_every_statement_leads_to_documents(incopat, battery):
    claims = battery("claims")
    known = set(battery("documents")["doc_id"])
    for row in claims.itertuples():
        ids = row.doc_ids.split(";")
        assert set(ids) <= known, row.statement_en
        assert row.n > 0
    said = claims.set_index("claim_id")["statement_en"]
    assert said.str.contains("22 patent families").any()
    assert said.str.contains("control index of 甲电池有限公司 0.72").any()


def test_again_is_instant_and_gives_the_same_bytes(incopat):
    project, options = incopat
    folder = folder_of(project, "nav", BATTERY)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert "is up to date" in ended(project.run("navigate", BATTERY, *options))
    (folder / "path.csv").unlink()
    assert "is up to date" not in ended(project.run("navigate", BATTERY, *options))
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing-known"], "No track is called 'nothing-known'"),
        (["quantum", "--region", "江苏"], "No region is called '江苏'"),
        (["quantum", "--known-on", "2024-13-01"], "is not a date"),
        (["quantum", "--strategic", "absent.csv"], "cannot be read as CSV"),
        (["quantum", "--pledges", "p.csv"], "go together"),
        (["quantum", "--lang", "fr"], "allowed are"),
    ],
)
def test_wrong_use_gives_one_message(incopat, arguments, said):
    out = ended(incopat[0].run("navigate", *arguments, "--corpus", "nav"), code=2)
    assert said in out
    assert len(out.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The generated corpus, and its navigation of quantum technology."""
    project = Project(tmp_path_factory.mktemp("synth"))
    folder = write_folder(project.root / "in", corpus_tables())
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("navigate", "quantum", "--corpus", "synth", "--lang", "en"))
    return project


def test_the_planted_course_is_found_and_every_recommendation_has_its_patents(made):
    read = reader(folder_of(made, "synth", "quantum"))
    direction = read("direction", "unit_id")
    assert direction.loc["quantum/quantum-computing", "course"] == "hot"
    path = read("path")
    met = path[path["kind"] != "none"]
    assert len(met)
    claims = read("claims")
    claimed = {i for cell in claims.loc[claims["section"] == 6, "doc_ids"] for i in cell.split(";")}
    for cell in met["doc_ids"]:
        ids = set(cell.split(";"))
        assert ids
        assert ids <= claimed


def test_a_city_has_a_folder_and_a_level_of_its_own(made):
    ended(
        made.run("navigate", "quantum", "--corpus", "synth", "--region", "杭州市", "--lang", "en")
    )
    folder = folder_of(made, "synth", "quantum", name="navigation-hangzhou")
    read = reader(folder)
    assert set(read("position")["level"]) == {"world", "country", "province", "city"}
    assert set(read("strengths")["against"]) == {"world", "country", "province"}
    assert set(read("niches")["region"]) == {"杭州"}
    assert (
        "Region: Hangzhou; levels: World, China, Province and City."
        in (folder / "report.en.md").read_text()
    )


def test_nothing_after_the_date_is_read(made, project):
    """Later documents leave every number as it was, and are named nowhere."""
    tables, date = corpus_tables(), "2018-12-31"
    early = tables["documents"][tables["documents"]["published"] <= date]["doc_id"]
    cut = {name: frame[frame["doc_id"].isin(early)] for name, frame in tables.items()}
    folder = write_folder(project.root / "in", cut)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    asked = ["navigate", "quantum", "--corpus", "synth", "--as-of", date, "--lang", "en"]
    for one in (made, project):
        ended(one.run(*asked))
    folders = [one.outputs / "synth" / date / "quantum" / "navigation" for one in (made, project)]
    late = set(tables["documents"]["doc_id"]) - set(early)
    for name, *_ in FILES:
        ours, theirs = ((folder / name).read_bytes() for folder in folders)
        assert ours == theirs, name
        assert not late & set(re.findall(r"S\d{5}", ours.decode("utf-8-sig")))


def test_shuffled_rows_give_the_same_bytes(made, project):
    tables = {name: frame.sample(frac=1, random_state=9) for name, frame in corpus_tables().items()}
    folder = write_folder(project.root / "in", tables)
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("navigate", "quantum", "--corpus", "synth", "--lang", "en"))
    ours, theirs = (folder_of(one, "synth", "quantum") for one in (made, project))
    for path in sorted(ours.iterdir()):
        if path.suffix in {".csv", ".md"}:
            assert path.read_bytes() == (theirs / path.name).read_bytes(), path.name


def test_a_brief_leaves_the_navigation_beside_it(made):
    folder = folder_of(made, "synth", "quantum")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    ended(made.run("brief", "quantum", "--corpus", "synth", "--lang", "en", "--jobs", "1"))
    assert (folder.parent / "brief.en.md").is_file()
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert "navigation/" not in (folder.parents[1] / "manifest.json").read_text()


def test_a_track_without_patents_is_refused(made):
    out = ended(made.run("navigate", "eye-health", "--corpus", "synth"), code=2)
    assert "holds no invention patent of eye-health" in out
    assert not list(made.outputs.glob("synth/*/eye-health/navigation"))


def test_hostile_names_stay_text(project):
    tables = corpus_tables()
    parties = tables["parties"].copy()
    owners = parties["role"] == "owner"
    parties.loc[owners, "org"] = [
        f"{HOSTILE[i % len(HOSTILE)]} {i % 7}" for i in range(int(owners.sum()))
    ]
    folder = write_folder(project.root / "in", {**tables, "parties": parties})
    ended(project.run("corpus", "import", str(folder), "--name", "synth"))
    ended(project.run("navigate", "quantum", "--corpus", "synth", "--lang", "en"))
    page = (folder_of(project, "synth", "quantum") / "report.en.html").read_text()
    assert "<script>alert" not in page
    assert "javascript:1" not in re.findall(r'href="([^"]*)"', page)
