"""Real briefs of the default corpus, as `make briefs` leaves them in the outputs folder."""

import re
from pathlib import Path

import pytest

from foresight.settings import outputs_dir
from foresight.tracks import load_registry

SLUGS = load_registry().slugs
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The newest run of the default corpus that has a brief of every track."""
    for folder in sorted((outputs_dir() / "sample").glob("*/"), reverse=True):
        briefs = [folder / slug / "brief.zh.pdf" for slug in SLUGS]
        if DATED.fullmatch(folder.name) and all(brief.is_file() for brief in briefs):
            return folder
    pytest.skip("no run with the briefs of all tracks in outputs/sample: `make briefs` makes it")
