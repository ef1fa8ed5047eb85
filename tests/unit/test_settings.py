import pytest

from foresight import settings
from foresight.corpus.store import Corpus
from foresight.errors import SettingsError


def held(folder):
    """Bytes that a corpus's database may hold."""
    corpus = Corpus("test", folder, {})
    query = "SELECT parse_formatted_bytes(current_setting('memory_limit'))"
    return corpus.backend.raw_sql(query).fetchone()[0]


def test_the_database_holds_no_more_than_the_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_MEMORY", "100MiB")
    assert held(tmp_path) == 100 * 2**20


def test_the_setting_never_raises_the_share_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("FORESIGHT_MEMORY", "1000TB")
    assert held(tmp_path) < 100 * 10**12


def test_memory_is_four_gigabytes_where_nothing_is_said(monkeypatch):
    monkeypatch.delenv("FORESIGHT_MEMORY", raising=False)
    assert settings.memory_limit() == "4GB"


@pytest.mark.parametrize("text", ["4", "4 bytes", "GB", "4GB; DROP TABLE x", "-1GB"])
def test_memory_is_a_number_with_its_unit(text, monkeypatch):
    monkeypatch.setenv("FORESIGHT_MEMORY", text)
    with pytest.raises(SettingsError, match="number with its unit"):
        settings.memory_limit()
