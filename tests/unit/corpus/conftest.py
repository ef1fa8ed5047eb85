import pytest

from foresight.corpus.store import write_corpus
from foresight.sources.base import from_frames


@pytest.fixture(autouse=True)
def corpora(tmp_path, monkeypatch):
    """Corpora of a test lie in its own folder."""
    folder = tmp_path / "corpora"
    monkeypatch.setenv("FORESIGHT_CORPORA", str(folder))
    return folder


@pytest.fixture
def make():
    """Write a corpus from frames."""

    def write(name="test", **frames):
        return write_corpus(from_frames(frames), name=name)

    return write
