"""Every number in three briefs, drawn at random, is found in a row, and the row in documents."""

import random

import pytest
from tracing import Evidence, untraced, without_documents

from foresight.provenance import read_json
from foresight.tracks import load_registry

FEWEST = 300  # numbers in the findings of the shortest brief


@pytest.mark.parametrize("drawn", range(3))
def test_numbers_are_traced_to_rows_and_documents(run_folder, drawn):
    slugs = sorted(load_registry().slugs)
    seed = read_json(run_folder / "manifest.json")["stage"]  # another run, other briefs
    track = random.Random(seed).sample(slugs, 3)[drawn]  # noqa: S311
    for lang in ("zh", "en"):
        evidence = Evidence(run_folder / track, lang)
        total, lost = untraced(evidence)
        assert not lost, (track, lang, lost)
        assert total > FEWEST
    assert not without_documents(evidence), track
