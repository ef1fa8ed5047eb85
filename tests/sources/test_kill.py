"""kill -9 in the middle of a fetch: the same command goes on; the corpus is the same to the byte.

Three services are tried in every run, one for each way of paging and of keys; all six with
FORESIGHT_KILL=all.
"""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from live_server import SERVICES, Fault

ROOT = Path(__file__).resolve().parents[2]
ALL = os.environ.get("FORESIGHT_KILL") == "all"
TRACKS = ["--track", "zero-magnetic-medicine"]


def command(name, project_env, server, **options):
    """Run `foresight fetch` in a process of its own, with pages of ten records."""
    code = (
        "import sys; from foresight.sources.live.registry import SOURCES\n"
        "for source in SOURCES.values():\n"
        "    type(source).page_size = 10\n"
        "    object.__setattr__(source.service, 'interval', 0.0)\n"
        "from foresight.cli import main; main(sys.argv[1:])"
    )
    env = {**os.environ, **project_env, **server.env(), "PYTHONPATH": str(ROOT)}
    env["FORESIGHT_ROOT"] = str(ROOT)
    words = ["fetch", name, *TRACKS, "--since", "2020", "--until", "2023", "--name", "live"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], env=env, stderr=subprocess.PIPE, text=True, **options
    )


def finish(process):
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def folders(root):
    env = {key: str(root / key.lower()) for key in ("CORPORA", "RAW", "CACHE", "OUTPUTS")}
    return {f"FORESIGHT_{key}": value for key, value in env.items()}


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kill_while_held(name, number, server, env):
    """Let the server hold its reply to request `number`, and kill the client while it waits."""
    gate = threading.Event()
    server.faults = {(name, number): Fault(hold=gate)}
    process = command(name, env, server)
    deadline = time.monotonic() + 60
    while server.seen[name] < number:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    gate.set()
    server.faults = {}


@pytest.fixture(autouse=True)
def quick(monkeypatch, server):
    """No pace on the loopback."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    server.options.records = 45


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVICES if ALL else ("openalex", "crossref", "epo"))
def test_kill_9_and_resume_gives_the_same_corpus(server, tmp_path, name):
    unbroken, broken = folders(tmp_path / "unbroken"), folders(tmp_path / "broken")
    finish(command(name, unbroken, server))
    total = server.seen[name]
    server.seen.clear()
    server.log.clear()

    kill_while_held(name, 3, server, broken)
    assert not (tmp_path / "broken" / "corpora" / "live").exists()
    server.log.clear()
    kill_while_held(name, 6, server, broken)
    finish(command(name, broken, server))

    corpora = [digests(tmp_path / which / "corpora" / "live") for which in ("unbroken", "broken")]
    assert corpora[0] == corpora[1]
    assert "documents.parquet" in corpora[0]
    pages = [
        {name: d for name, d in digests(tmp_path / which / "raw" / "live").items()
         if name.endswith(".gz") and "set-aside" not in name}
        for which in ("unbroken", "broken")
    ]  # fmt: skip
    assert pages[0] == pages[1]
    assert len(pages[0]) >= 5
    assert not list((tmp_path / "broken").rglob("*.part"))
    # The two requests that were cut down are the only ones that were made twice; Crossref's cursor
    # moves when it is used, so there the search that was cut is made again from its beginning.
    again = server.seen[name] - total
    assert again == 2 or (name == "crossref" and 2 < again < 10)
