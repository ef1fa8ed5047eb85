"""Names of engines, and what is said where one cannot be had."""

import socket
import sys

import ibis
import pytest

from foresight import settings
from foresight.corpus import engine, spark
from foresight.corpus.workspace import DuckWorkspace
from foresight.errors import EngineError, SettingsError


@pytest.mark.parametrize(
    "name",
    ["duckdb", "spark", "local", "local[2]", "local[*]", "spark://10.0.0.1:7077",
     "spark://a-1:7077,b.c:7078", "bigquery://project-1/set_2"],
)  # fmt: skip
def test_known_engines(name, monkeypatch):
    monkeypatch.setenv("FORESIGHT_ENGINE", name)
    assert settings.engine() == name


@pytest.mark.parametrize(
    "name",
    ["duck", "local[0]", "local[x]", "spark://host", "yarn", "bigquery://project", "spark;x"],
)
def test_other_names_are_refused_with_the_known_ones(name, monkeypatch):
    monkeypatch.setenv("FORESIGHT_ENGINE", name)
    with pytest.raises(SettingsError, match=r"is no engine\. Write duckdb, spark"):
        settings.engine()


def test_the_default_is_duckdb(monkeypatch, tmp_path):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path))
    for value in ("", None):
        if value is None:
            monkeypatch.delenv("FORESIGHT_ENGINE", raising=False)
        else:
            monkeypatch.setenv("FORESIGHT_ENGINE", value)
        work = engine.connect()
        assert isinstance(work, DuckWorkspace)
        work.close()


def test_the_option_reaches_the_setting(project):
    done = project.run("corpus", "info", "sample", "--engine", "yarn")
    assert done.exit_code == 2
    assert "'yarn' is no engine" in done.output


@pytest.mark.parametrize("name", ["spark", "spark://127.0.0.1:7077"])
def test_a_missing_pyspark_is_named(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(EngineError, match=r"needs pyspark.*pip install 'foresight\[spark\]'"):
        spark.open_spark(name)


def test_a_missing_java_is_named(monkeypatch, tmp_path):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no `java` is on the PATH"):
        spark.open_spark("local[2]")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    with pytest.raises(EngineError, match="jdk/bin/java is not there"):
        spark.open_spark("local[2]")


def test_a_silent_master_is_named_at_once(monkeypatch, tmp_path):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match=rf"No Spark master answers at .*:{port}"):
            spark.open_spark(f"spark://127.0.0.1:{port}")


def test_a_missing_client_of_bigquery_is_named(monkeypatch):
    monkeypatch.setenv("FORESIGHT_ENGINE", "bigquery://project/dataset")
    monkeypatch.setitem(sys.modules, "google", None)
    with pytest.raises(EngineError, match=r"pip install 'foresight\[bigquery\]'"):
        engine.connect()


@pytest.mark.parametrize(
    ("text", "mebibytes"), [("4GB", 3814), ("4GiB", 4096), ("512MB", 488), ("1.5 TiB", 1572864)]
)
def test_memory_in_the_units_of_java(text, mebibytes):
    assert spark._megabytes(text) == mebibytes


def test_a_name_is_kept_anew_and_old_rows_are_gone(monkeypatch, tmp_path):
    monkeypatch.setenv("FORESIGHT_CACHE", str(tmp_path))
    work = DuckWorkspace(memory="100MB")
    for rows in ([1, 2, 3], [4]):
        kept = work.keep("one", ibis.memtable({"n": rows}))
        assert sorted(work.arrow(kept)["n"].to_pylist()) == rows
        assert work.count(kept) == len(rows)
    work.close()
