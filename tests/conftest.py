"""Shared fixtures: a project whose corpora, caches and outputs lie in a temporary folder."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="Rewrite the files of tests/golden."
    )


def pytest_collection_modifyitems(items):
    """Files with slow tests first, so that no core waits for them at the end."""
    slow = {
        item.path
        for item in items
        if item.get_closest_marker("slow") or item.get_closest_marker("browser")
    }
    items.sort(key=lambda item: item.path not in slow)


@dataclass(frozen=True)
class Project:
    """Folders of a project, and its command line."""

    root: Path

    @property
    def outputs(self) -> Path:
        return self.root / "outputs"

    def env(self) -> dict[str, str]:
        names = {"CORPORA": "corpora", "OUTPUTS": "outputs", "CACHE": "cache", "RAW": "raw"}
        return {f"FORESIGHT_{key}": str(self.root / folder) for key, folder in names.items()}

    def run(self, *arguments: str, **env: str) -> Result:
        """Run `foresight …` in this process."""
        from foresight.cli import main

        before = dict(os.environ)
        os.environ.update({**self.env(), **env})
        try:
            return CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        finally:
            os.environ.clear()
            os.environ.update(before)


@pytest.fixture
def project(tmp_path):
    """A project without any corpus."""
    return Project(tmp_path)


@pytest.fixture(scope="session")
def shared():
    """Folder of public test records; skips, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of public test records is not beside the project")
    return SHARED
