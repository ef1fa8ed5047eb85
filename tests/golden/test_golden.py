"""One small brief and its tables, kept to the letter.

The track has fewer than 100 documents and so no topics: nothing here depends on the processor.
"""

import csv
import io
import math
from pathlib import Path

import pytest
from synth import corpus_tables, write_folder

from foresight.brief.candidates import make_candidates
from foresight.brief.sections import compose_brief
from foresight.corpus.store import write_corpus
from foresight.provenance import write_csv
from foresight.run.notebook import open_sector
from foresight.sources.interchange import read_interchange
from foresight.topics.model import MIN_DOCS

FOLDER = Path(__file__).resolve().parent / "quantum"
TABLES = ("scores.csv", "indicators.csv", "track_years.csv", "candidates.csv")
BRIEFS = ("brief.zh.md", "brief.en.md")
TOLERANCE = 1e-9
ADVICE = (
    "If the change is meant, run `pytest tests/golden --update-golden`, look at the difference "
    "with `git diff tests/golden`, commit it on its own, and say in CHANGELOG.md why numbers or "
    "text moved."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The files as the code makes them today."""
    root = tmp_path_factory.mktemp("golden")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CORPORA", "OUTPUTS", "CACHE"):
            patch.setenv(f"FORESIGHT_{name}", str(root / name.lower()))
        folder = write_folder(root / "generated", corpus_tables(seed=5, rate=3.0))
        write_corpus(read_interchange(folder, today="2022-01-01"), name="generated")
        namespace = {"track": "quantum", "corpus": "generated", "as_of": "2021-12-31"}
        study = open_sector(namespace).study
    assert 50 < len(study.documents) < MIN_DOCS
    frames = (study.scores, study.indicators, study.track_years, make_candidates(study))
    for name, frame in zip(TABLES, frames, strict=True):
        write_csv(root / name, frame)
    for name in BRIEFS:
        text = compose_brief(study, lang=name.split(".")[1])
        for digest in (study.digest, study.digest[:16]):  # it changes with every line of code
            text = text.replace(digest, "DIGEST")
        (root / name).write_text(text, encoding="utf-8")
    return root


def same_cell(one, other):
    try:
        return math.isclose(float(one), float(other), rel_tol=TOLERANCE)
    except ValueError:
        return one == other


def first_difference(name, found, kept):
    """Where two files differ, or None."""
    if name.endswith(".csv"):
        rows, kept_rows = (list(csv.reader(io.StringIO(text))) for text in (found, kept))
        for number, (row, old) in enumerate(zip(rows, kept_rows, strict=False), 1):
            if len(row) != len(old) or not all(map(same_cell, row, old)):
                return f"row {number} is {row}, was {old}"
    else:
        rows, kept_rows = found.split("\n"), kept.split("\n")
        for number, (row, old) in enumerate(zip(rows, kept_rows, strict=False), 1):
            if row != old:
                return f"line {number} is {row!r}, was {old!r}"
    return None if len(rows) == len(kept_rows) else f"{len(rows)} rows, were {len(kept_rows)}"


@pytest.mark.parametrize("name", [*TABLES, *BRIEFS])
def test_brief_and_tables_are_the_kept_ones(made, name, request):
    found = (made / name).read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / name).write_text(found, encoding="utf-8")
    kept = (FOLDER / name).read_text(encoding="utf-8") if (FOLDER / name).exists() else ""
    difference = first_difference(name, found, kept)
    assert difference is None, f"tests/golden/quantum/{name}: {difference}.\n{ADVICE}"


def test_a_difference_is_seen_and_rounding_is_not():
    kept = "unit,score\na,0.1\nb,\n"
    assert first_difference("x.csv", "unit,score\na,0.10000000001\nb,\n", kept) is None
    assert "row 2" in first_difference("x.csv", "unit,score\na,0.1001\nb,\n", kept)
    assert "row 3" in first_difference("x.csv", "unit,score\na,0.1\nb,0\n", kept)
    assert "2 rows, were 3" in first_difference("x.csv", "unit,score\na,0.1\n", kept)
    assert "line 2" in first_difference("x.md", "a\nc", "a\nb")
