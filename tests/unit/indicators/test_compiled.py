"""Kernels: compiled late, kept in the cache folder only, the same as the function as written."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from foresight.indicators import centrality, disruption
from foresight.indicators.graph import from_arrays
from foresight.settings import project_root

RUN = """
import sys
import numpy as np
from foresight.indicators.centrality import pagerank
from foresight.indicators.graph import from_arrays
assert "numba" not in sys.modules
graph = from_arrays(np.array([1.0, 2.0]), np.array([1]), np.array([0]))
print(pagerank(graph)["pagerank"].tolist())
assert "numba" in sys.modules
"""


def run(cache, home):
    env = {**os.environ, "FORESIGHT_CACHE": str(cache), "HOME": str(home)}
    env["FORESIGHT_ROOT"] = str(project_root())
    env.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def machine_code(folder):
    return sorted(path.name for path in Path(folder).rglob("*.nb[ci]"))


def test_machine_code_is_kept_in_the_cache_folder_only(tmp_path):
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()
    beside = machine_code(Path(centrality.__file__).parent)
    first = run(cache, home)
    assert any(name.startswith("centrality._sweep") for name in machine_code(cache))
    assert machine_code(home) == []
    assert machine_code(Path(centrality.__file__).parent) == beside
    kept = machine_code(cache)
    assert run(cache, home) == first
    assert machine_code(cache) == kept


def test_without_a_folder_to_write_to_it_still_runs(tmp_path):
    home, blocked = tmp_path / "home", tmp_path / "file"
    home.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    blocked.write_text("not a folder")
    assert run(blocked / "cache", home).startswith("[")
    assert machine_code(home) == []


@pytest.mark.parametrize("window", [2.0, None])
def test_kernels_as_written_give_the_same(monkeypatch, window):
    rng = np.random.default_rng(9)
    times = rng.integers(10, size=40).astype(float)
    graph = from_arrays(times, *rng.integers(40, size=(2, 200)))
    fast, rank = disruption.disruption(graph, window=window), centrality.pagerank(graph)
    for module, names in (
        (disruption, ("_fill", "_count_citing", "_count_reference_citing")),
        (centrality, ("_sweep",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    assert disruption.disruption(graph, window=window).equals(fast)
    slow = centrality.pagerank(graph)
    assert np.abs(slow["pagerank"] - rank["pagerank"]).max() < 1e-15
