"""`foresight fetch …` against the local server, from the command line to the corpus."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import synth
from live_server import KEYS, Fault

from foresight.corpus.store import write_corpus
from foresight.run.fetching import first_day, last_day
from foresight.sources.base import from_frames
from foresight.sources.live.registry import SOURCES, WITHOUT_KEY

ROOT = Path(__file__).resolve().parents[2]
TRACK = ("--track", "zero-magnetic-medicine")


@pytest.fixture(autouse=True)
def no_pace(server):
    """The loopback needs no courtesy."""
    paces = {source: source.service.interval for source in SOURCES.values()}
    for source in paces:
        object.__setattr__(source.service, "interval", 0.0)
    yield
    for source, interval in paces.items():
        object.__setattr__(source.service, "interval", interval)


def fetch(project, server, *words, **env):
    return project.run("fetch", *words, **{**server.env(), **env})


@pytest.mark.parametrize("name", SOURCES)
def test_a_fetch_ends_in_a_corpus(project, server, name):
    done = fetch(project, server, name, *TRACK, "--since", "2020", "--name", "mine")
    assert done.exit_code == 0, done.output
    assert "corpus mine: 24 documents" in done.output
    assert re.search(r"note: \d+ record\(s\) were not taken", done.output)
    manifest = json.loads((project.root / "corpora" / "mine" / "manifest.json").read_text())
    assert SOURCES[name].licence["zh"] == manifest["licence"]["zh"]
    assert manifest["counts"]["records_refused"] >= 1
    assert (project.root / "raw" / "mine" / "card.json").is_file()
    parties = pq.read_table(project.root / "corpora" / "mine" / "parties.parquet").to_pylist()
    assert any(row["country"] == "CN" for row in parties)
    if name != "epo":  # which has no cities
        assert any(row["region"] == "Zhejiang" for row in parties)


def test_the_same_command_asks_for_nothing_twice(project, server):
    words = ("arxiv", *TRACK, "--since", "2020", "--name", "mine")
    fetch(project, server, *words)
    asked = server.seen["arxiv"]
    again = fetch(project, server, *words)
    assert again.exit_code == 0
    assert server.seen["arxiv"] == asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("arxiv", "--since", "2020", "--name", "x"), "Name tracks by --track"),
        (("arxiv", *TRACK, "--all-tracks", "--since", "2020", "--name", "x"), "Name tracks by"),
        (("arxiv", *TRACK), "needs --since YEAR and --name NAME"),
        (("arxiv", *TRACK, "--since", "last year", "--name", "x"), "--since takes a year or"),
        (("arxiv", *TRACK, "--since", "2020-13-01", "--name", "x"), "--since takes a year or"),
        (("openalx", *TRACK, "--since", "2020", "--name", "x"), "Did you mean openalex?"),
        (("arxiv", "--track", "quantm", "--since", "2020", "--name", "x"), "Did you mean quantum?"),
        (("arxiv", *TRACK, "--since", "2020", "--name", "sample"), "name of the default corpus"),
        (("arxiv", *TRACK, "--since", "2020", "--name", "../x"), "cannot be the name of a corpus"),
    ],
)
def test_wrong_use_is_one_message(project, server, words, said):
    done = fetch(project, server, *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not server.log


def test_a_missing_key_is_one_message(project, server):
    words = ("openalex", *TRACK, "--since", "2020", "--name", "x")
    done = fetch(project, server, *words, OPENALEX_API_KEY="")
    assert done.exit_code == 2
    assert "OPENALEX_API_KEY is not set" in done.output


def test_a_refused_key_leaves_no_corpus(project, server):
    server.faults = {"openalex": Fault(401, body=b'{"error": "Invalid API key"}')}
    done = fetch(project, server, "openalex", *TRACK, "--since", "2020", "--name", "x")
    assert done.exit_code == 2
    assert "refuses access (401" in done.output
    assert not (project.root / "corpora" / "x").exists()


def test_nothing_found_is_one_message(project, server):
    server.options.records = 0
    done = fetch(project, server, "arxiv", *TRACK, "--since", "2020", "--name", "x")
    assert done.exit_code == 2
    assert "A corpus needs documents" in done.output


def test_days():
    assert (first_day("2015"), last_day("2015")) == ("2015-01-01", "2015-12-31")
    assert first_day("2015-02-03") == "2015-02-03"


def test_papers_come_from_every_service_without_a_key(project, server):
    without = dict.fromkeys(KEYS, "")
    done = fetch(project, server, "papers", *TRACK, "--since", "2020", "--limit", "21", **without)
    assert done.exit_code == 0, done.output
    assert WITHOUT_KEY == ("arxiv", "crossref", "europepmc")
    for name in WITHOUT_KEY:
        assert f"corpus papers-{name}: " in done.output
        assert (project.root / "raw" / "papers" / name / "zero-magnetic-medicine").is_dir()
    card = json.loads((project.root / "raw" / "papers" / "card.json").read_text())
    assert set(card["sources"]) == set(WITHOUT_KEY)
    assert not server.seen["openalex"]


def test_make_papers_merges_what_fetch_makes():
    lines = (ROOT / "Makefile").read_text().split("\npapers: env\n")[1].split("\n\n")[0]
    commands = re.findall(r"foresight (.+)", lines)
    assert commands[1] == "fetch papers --all-tracks"
    merged = re.fullmatch(r"corpus merge sample (.+) --name papers", commands[2]).group(1).split()
    assert merged == [f"papers-{name}" for name in WITHOUT_KEY]
    assert all("--corpus papers" in command for command in commands[3:])


@pytest.mark.slow
def test_make_papers_from_the_services_to_the_briefs(project, server):
    """The commands of the Makefile's target, for one track and a small corpus of patents."""
    target = (ROOT / "Makefile").read_text().partition("\npapers: env\n")[2].partition("\n\n")[0]
    lines = [line.strip().removeprefix("$(BIN)/foresight ") for line in target.splitlines()]
    assert lines[0] == "corpus build sample"
    patents = from_frames(synth.corpus_tables(), title="Patents", licence="Licence of the patents")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORESIGHT_CORPORA", str(project.root / "corpora"))
        write_corpus(patents, name="sample")
    for line in lines[1:]:
        some = line.replace("--all-tracks", " ".join((*TRACK, "--since 2020")))
        some = some.replace("--all", TRACK[1]).replace("$(JOBS)", "1")
        done = project.run(*some.split(), **server.env())
        assert done.exit_code == 0, done.output
    manifest = json.loads((project.root / "corpora" / "papers" / "manifest.json").read_text())
    parts = [part["documents"] for part in manifest["parts"]]
    joined = sum(manifest["identity"].values())
    assert manifest["rows"]["documents"] == sum(parts) - joined
    folder = next((project.outputs / "papers").rglob(f"{TRACK[1]}/brief.zh.md")).parent
    for lang in ("zh", "en"):
        brief = (folder / f"brief.{lang}.md").read_text()
        for name in WITHOUT_KEY:
            plain = re.sub(r"\W", "", SOURCES[name].licence[lang])
            assert plain in re.sub(r"\W", "", brief)
        assert "Licence of the patents" in brief
    assert list((project.outputs / "papers").rglob("index.html"))


def test_doctor_names_keys_without_showing_them(project, server):
    done = project.run("doctor", **{**server.env(), "USPTO_API_KEY": "", "FORESIGHT_CONTACT": ""})
    lines = [line for line in done.output.splitlines() if "source " in line or "contact" in line]
    assert any(re.match(r"ok +source openalex: OPENALEX_API_KEY set: works", x) for x in lines)
    assert any(
        re.match(r"none +source uspto: USPTO_API_KEY not set; would open US", x) for x in lines
    )
    assert any(re.match(r"ok +source arxiv: needs no key", x) for x in lines)
    assert any(re.match(r"none +contact for services: FORESIGHT_CONTACT not set", x) for x in lines)
    assert "data.uspto.gov" in done.output
    assert "secret" not in done.output
