"""Results of every engine on the same corpora, each computed in a process of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

TESTS = Path(__file__).resolve().parents[1]
LONGEST = 600  # seconds of one run
# For small tables: less compiling. Memory for what runs on one machine here.
SPARK = """
spark.driver.defaultJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.defaultJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.memory 700m
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.eventLog.compress false
spark.eventLog.rolling.enabled false
"""


@pytest.fixture(scope="session")
def java():
    """Skips, saying so, where Spark cannot run."""
    pytest.importorskip(
        "pyspark", reason="pyspark is not installed: pip install 'foresight[spark]'"
    )
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed (Debian: apt-get install default-jre-headless)")


class Runs:
    """Runs `engine_runs` on copies of the same corpora."""

    def __init__(self, root):
        self.root = root
        self.child("corpora", root / "corpora-of-all")

    def child(self, what, folder, *arguments, **env):
        folder.mkdir(exist_ok=True)
        paths = os.pathsep.join([str(TESTS.parent), str(TESTS)])
        done = subprocess.run(
            [sys.executable, str(TESTS / "engine_runs.py"), what, str(folder), *arguments],
            env={**os.environ, "FORESIGHT_MEMORY": "1GB", "PYTHONPATH": paths, **env},
            capture_output=True, text=True, timeout=LONGEST, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]

    def results(self, engine, *arguments, label=None, settings=""):
        """Folder of results of an engine; `settings` are Spark's, beside those of all."""
        label = label or re.sub(r"\W", "", engine)
        home, out, conf = (self.root / f"{label}-{part}" for part in ("home", "out", "conf"))
        shutil.copytree(self.root / "corpora-of-all", home)
        out.mkdir()
        conf.mkdir()
        (conf / "spark-defaults.conf").write_text(SPARK + settings)
        self.child(
            "results", home, str(out), *arguments,
            FORESIGHT_ENGINE=engine, SPARK_CONF_DIR=str(conf), SPARK_LOCAL_IP="127.0.0.1",
        )  # fmt: skip
        left = [path.name for path in (home / "corpora").glob("foresight-*")]
        assert not left, f"left behind: {left}"
        return out


@pytest.fixture(scope="module")
def runs(java, tmp_path_factory):
    return Runs(tmp_path_factory.mktemp("engines"))


@pytest.fixture(scope="module")
def duckdb(runs):
    return runs.results("duckdb")


def check_same(expected, found):
    """Check that two folders hold the same tables, row by row, and something in them."""
    names = sorted(path.name for path in found.glob("*.parquet"))
    assert names
    wrong = []
    for name in names:
        ours, theirs = (pq.read_table(folder / name) for folder in (expected, found))
        if not ours.equals(theirs):
            wrong.append(name)
    assert not wrong
    return names


@pytest.fixture
def same():
    return check_same


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """A Spark master and two workers on loopback."""

    def __init__(self, folder):
        import pyspark

        self.folder = folder
        self.command = Path(pyspark.__file__).parent / "bin" / "spark-class"
        self.url = f"spark://127.0.0.1:{free_port()}"
        self.groups = []

    def start(self):
        port = self.url.rpartition(":")[2]
        self._java("master.Master", "--port", port, "--webui-port", "0")
        self._wait("master", "I have been elected leader", 1)
        for number in range(2):
            place = self.folder / f"work{number}"
            self._java(
                "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "--work-dir", str(place), self.url,
            )  # fmt: skip
        self._wait("master", "Registering worker", 2)

    @property
    def workers(self):
        """Process groups of the workers; executors are in the group of their worker."""
        return [process.pid for process in self.groups[1:]]

    def _java(self, name, *arguments):
        label = "master" if "master" in name else f"worker{len(self.groups)}"
        with (self.folder / f"{label}.log").open("w") as log:
            self.groups.append(
                subprocess.Popen(
                    [self.command, f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1",
                     *arguments],
                    env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1",
                         "SPARK_DAEMON_MEMORY": "256m",
                         "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"},
                    stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                )
            )  # fmt: skip

    def _wait(self, label, words, times):
        log = self.folder / f"{label}.log"
        end = time.monotonic() + LONGEST / 4
        while log.read_text().count(words) < times:
            assert time.monotonic() < end, log.read_text()[-2000:]
            time.sleep(0.1)

    def stop(self):
        for process in reversed(self.groups):
            with_group = os.getpgid(process.pid) if process.poll() is None else process.pid
            try:
                os.killpg(with_group, signal.SIGKILL)
            except ProcessLookupError:  # it was killed before
                continue
            process.wait()


@contextmanager
def running(folder):
    made = Cluster(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def cluster(java, tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster")) as made:
        yield made
