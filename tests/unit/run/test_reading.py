"""`foresight corpus read`: the report, the kept files, the list of refused rows."""

import json

import pytest
from export_samples import (
    INCOPAT,
    LENS_LINE,
    PATSNAP,
    SAMPLES,
    as_csv,
    as_xlsx,
    table,
)

from foresight.provenance import file_digest
from foresight.sources import raw


@pytest.fixture
def given(tmp_path):
    def write(name, data):
        path = tmp_path / "given" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def card(project, name):
    return json.loads((project.root / "raw" / name / "card.json").read_text(encoding="utf-8"))


def manifest(project, name):
    path = project.root / "corpora" / name / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_workbook_becomes_a_corpus(project, given):
    path = given("电池.xlsx", as_xlsx(table(INCOPAT)))
    result = project.run("corpus", "read", "incopat", str(path), "--name", "mine")
    assert result.exit_code == 0
    for words in (
        "rows: 4 in = 2 out + 0 repeated + 2 left out + 0 refused",
        "公开(公告)号 -> publication",
        "columns ignored",
        "title 100%",
        "mine.refused.csv",
        "corpus mine: 2 documents",
    ):
        assert words in result.output
    made = manifest(project, "mine")
    assert made["title"]["zh"] == "incoPat 导出"
    assert "账户" in made["licence"]["zh"]
    assert {c["zh"] for c in made["caveats"]} >= {"1件实用新型未纳入。", "1件外观设计未纳入。"}
    assert made["counts"]["rows_in"] == 4
    assert made["origin"] == {"电池.xlsx": file_digest(path)}
    listed = (project.root / "corpora" / "mine.refused.csv").read_text(encoding="utf-8-sig")
    assert listed.split("\n")[:2] == ["file,line,reason", "电池.xlsx,3,left out: utility model"]


def test_the_files_are_kept_untouched_with_a_card(project, given):
    paths = [
        given("a.xlsx", as_xlsx(table(PATSNAP))),
        given("b.csv", as_csv(table(PATSNAP), "gbk")),
    ]
    result = project.run(
        "corpus", "read", "patsnap", *map(str, paths), "--name", "mine", "--keep-utility-models"
    )
    assert result.exit_code == 0
    found = card(project, "mine")
    assert found["source"] == "patsnap"
    assert set(found["licence"]) == {"zh", "en"}
    assert found["report"]["rows_in"] == 4
    assert found["report"]["recognised"]["标题"] == "title"
    assert found["options"] == {"keep_minor": True, "published": None}
    for path, entry in zip(paths, found["files"], strict=True):
        kept = project.root / "raw" / "mine" / path.name
        assert kept.read_bytes() == path.read_bytes()
        assert entry == {
            "name": path.name,
            "bytes": path.stat().st_size,
            "sha256": file_digest(path),
            "kept": True,
        }
    assert not (project.root / "corpora" / "mine.refused.csv").exists()


def test_a_large_file_is_only_named(project, given, monkeypatch):
    monkeypatch.setattr(raw, "LARGEST", 10)
    path = given("a.xlsx", as_xlsx(table(PATSNAP)))
    assert project.run("corpus", "read", "patsnap", str(path), "--name", "mine").exit_code == 0
    entry = card(project, "mine")["files"][0]
    assert (entry["kept"], entry["sha256"]) == (False, file_digest(path))
    assert sorted(p.name for p in (project.root / "raw" / "mine").iterdir()) == ["card.json"]


def test_a_second_reading_replaces_the_first_and_its_list(project, given):
    path = given("a.xlsx", as_xlsx(table(INCOPAT)))
    options = ["corpus", "read", "incopat", str(path), "--name", "mine"]
    project.run(*options)
    assert (project.root / "corpora" / "mine.refused.csv").exists()
    project.run(*options, "--keep-utility-models")
    assert not (project.root / "corpora" / "mine.refused.csv").exists()
    assert manifest(project, "mine")["rows"]["documents"] == 4


def test_no_cell_of_the_list_runs_as_a_formula(project, given):
    rows = [["标题", "公开(公告)号", "公开(公告)日"], ["好", "CN10A", "2020-01-01"],
            ["坏", "=cmd|' /C calc'!A0", "2020-01-01"]]  # fmt: skip
    path = given("=1+1.csv", as_csv(rows))
    project.run("corpus", "read", "incopat", str(path), "--name", "mine")
    listed = (project.root / "corpora" / "mine.refused.csv").read_text(encoding="utf-8-sig")
    assert listed.split("\n")[1].startswith("'=1+1.csv,3,")


def test_nothing_readable_is_one_message_with_the_account_and_leaves_the_corpus(project, given):
    good = given("good.xlsx", as_xlsx(table(PATSNAP)))
    project.run("corpus", "read", "patsnap", str(good), "--name", "mine")
    before = manifest(project, "mine")
    bad = given("bad.csv", as_csv([["标题", "公开(公告)号"], ["t", "CN10A"]]))
    result = project.run("corpus", "read", "patsnap", str(bad), "--name", "mine")
    assert result.exit_code == 2
    assert "rows: 1 in = 0 out" in result.output
    assert "error: None of 1 row(s) became a document: 1 x no date of publication" in result.output
    assert "columns for published" in result.output
    assert manifest(project, "mine") == before
    assert [entry["name"] for entry in card(project, "mine")["files"]] == ["good.xlsx"]
    assert "bad.csv,2,no date" in (project.root / "corpora" / "mine.refused.csv").read_text("utf-8")


def test_a_date_for_all_records(project, given):
    path = given("a.csv", as_csv([["标题", "公开(公告)号"], ["t", "CN10A"]]))
    options = ["corpus", "read", "patsnap", str(path), "--name", "mine", "--published"]
    assert project.run(*options, "2019").exit_code == 0
    assert manifest(project, "mine")["last_published"] == "2019-12-31"
    assert card(project, "mine")["options"]["published"] == "2019-12-31"
    wrong = project.run(*options, "soon")
    assert wrong.exit_code == 2
    assert "--published must be a date" in wrong.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("incopatt", "a.jsonl"), "Did you mean incopat?"),
        (("lens", "none.jsonl"), "does not exist"),
        (("lens", "."), "is a folder"),
        (("lens", "a.jsonl", "b/a.jsonl"), "have the same name"),
        (("wos", "a.jsonl"), "error: "),
    ],
)
def test_wrong_use_is_one_message(project, given, arguments, words):
    path = given("a.jsonl", json.dumps(LENS_LINE).encode())
    (path.parent / "b").mkdir()
    (path.parent / "b" / "a.jsonl").write_bytes(path.read_bytes())
    form, *files = arguments
    result = project.run(
        "corpus", "read", form, *(str(path.parent / name) for name in files), "--name", "mine"
    )
    assert result.exit_code == 2
    assert words in result.output


def test_the_default_corpus_is_not_overwritten(project, given):
    path = given("a.jsonl", json.dumps(LENS_LINE).encode())
    result = project.run("corpus", "read", "lens", str(path), "--name", "sample")
    assert result.exit_code == 2
    assert "another --name" in result.output


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_every_format_becomes_a_corpus_and_twice_the_same(project, given, form):
    paths = [str(given(name, data)) for name, data in SAMPLES[form]]
    digests = []
    for name in ("one", "two"):
        result = project.run("corpus", "read", form, *paths, "--name", name, "--published", "2020")
        assert result.exit_code == 0, result.output
        digests.append(manifest(project, name)["digest"])
    assert digests[0] == digests[1]


@pytest.mark.parametrize("kept", ["card.json", "plan.json"])
def test_fetched_pages_are_not_replaced(project, given, kept):
    folder = project.root / "raw" / "mine"
    folder.mkdir(parents=True)
    (folder / kept).write_text('{"sources": {}, "files": []}', encoding="utf-8")
    path = given("a.xlsx", as_xlsx(table(INCOPAT)))
    result = project.run("corpus", "read", "incopat", str(path), "--name", "mine")
    assert result.exit_code == 2
    assert "would replace them" in result.output
    assert [file.name for file in folder.iterdir()] == [kept]
    assert not (project.root / "corpora" / "mine").exists()
