"""Sectors on a Dask cluster: the same bytes as one after the other, whatever workers are lost."""

import os
import re
import signal
import threading
import time
import warnings

import joblib
import pytest
from conftest import Project
from synth import corpus_tables, write_folder

from foresight import parallel
from foresight.errors import ClusterError
from foresight.parallel import side_by_side
from foresight.provenance import file_list, read_json

distributed = pytest.importorskip(
    "distributed", reason="the extra [dask] is not installed: pip install 'foresight[dask]'"
)
pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]

TRACKS = ("quantum", "advanced-batteries", "graphene")
NO_PAGE = "127.0.0.1:0"  # any free port of loopback
QUICK = ("--corpus", "synth", "--lang", "zh", "--set", "settings={draws: 40}")
WRITER = re.compile(r"\.(?P<track>[a-z-]+)\.[A-Za-z0-9]+-(?P<process>\d+)-")


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes on loopback; a worker that is killed is started again."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=NO_PAGE,
    ) as made:
        yield made


@pytest.fixture(scope="module")
def address(cluster):
    return cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    """Briefs of three tracks of the generated corpus, made one after the other."""
    project = Project(tmp_path_factory.mktemp("serial"))
    folder = write_folder(project.root / "in", corpus_tables())
    assert project.run("corpus", "import", str(folder), "--name", "synth").exit_code == 0
    assert project.run("brief", *TRACKS, *QUICK, "--jobs", "1").exit_code == 0
    return project


def files(project):
    """Every file of the tracks' folders with the digest of its bytes."""
    (folder,) = (project.outputs / "synth").glob("*-*-*")
    return {
        f"{track}/{name}": digest
        for track in TRACKS
        for name, digest in file_list(folder / track).items()
    }


def beside(serial, folder):
    """The same corpus and caches, with results of its own."""
    return {"FORESIGHT_OUTPUTS": str(folder)}, Project(folder.parent)


def test_sectors_on_two_workers_are_the_bytes_of_the_serial_run(serial, address, tmp_path):
    env, found = beside(serial, tmp_path / "outputs")
    made = serial.run("brief", *TRACKS, *QUICK, "--jobs", address, **env)
    assert made.exit_code == 0, made.output
    assert "3 made, 0 unchanged, 0 failed" in made.output
    assert f"2 worker(s) at {address}" in made.output
    assert files(found) == files(serial)
    again = serial.run("brief", *TRACKS, *QUICK, "--jobs", "1", **env)
    assert "0 made, 3 unchanged" in again.output


def test_the_sector_of_a_killed_worker_is_done_again_elsewhere(serial, cluster, address, tmp_path):
    env, found = beside(serial, tmp_path / "outputs")
    killed = {}

    def kill():
        """End the first worker that has written results of a sector and is not through."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for part in (tmp_path / "outputs").glob("synth/*/.*.part/scores.csv"):
                named = WRITER.match(part.parent.name)
                process = int(named["process"])
                os.kill(process, signal.SIGKILL)
                done = (part.parents[1] / named["track"] / "run.json").exists()
                killed.update(process=process, track=named["track"], done=done)
                return
            time.sleep(0.02)

    workers = {worker.worker_address: worker.pid for worker in cluster.workers.values()}
    thread = threading.Thread(target=kill)
    thread.start()
    made = serial.run("brief", *TRACKS, *QUICK, "--jobs", address, **env)
    thread.join()
    assert killed["process"] in workers.values()  # a worker, and it was at this sector
    assert killed["done"] is False
    assert made.exit_code == 0, made.output
    assert "3 made, 0 unchanged, 0 failed" in made.output
    assert killed["process"] not in {worker.pid for worker in cluster.workers.values()}
    assert files(found) == files(serial)
    (folder,) = (tmp_path / "outputs" / "synth").glob("*-*-*")
    assert set(read_json(folder / "manifest.json")["sectors"]) == set(TRACKS)
    left = [path.name for path in folder.glob(".*.part") if killed["track"] not in path.name]
    assert not left


def test_results_come_in_order_where_asked_and_functions_with_data_go_once(address):
    import functools
    import operator

    calls = [joblib.delayed(pow)(number, 2) for number in range(6)]
    assert list(side_by_side(calls, jobs=address, ordered=True)) == [0, 1, 4, 9, 16, 25]
    assert sorted(side_by_side(calls, jobs=address)) == [0, 1, 4, 9, 16, 25]
    function = functools.partial(operator.add, 5)
    calls = [joblib.delayed(function)(number) for number in range(3)]
    assert list(side_by_side(calls, jobs=address, ordered=True)) == [5, 6, 7]


def test_an_exception_of_a_call_is_raised_and_a_deadly_one_is_told(address):
    calls = [joblib.delayed(pow)(2, 3), joblib.delayed(int)("x")]
    with pytest.raises(ValueError, match="invalid literal"):
        list(side_by_side(calls, jobs=address))
    deadly = [joblib.delayed(os._exit)(9), joblib.delayed(pow)(2, 3)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(side_by_side(deadly, jobs=address, lost=lambda call, why: (call[0], why)))
    assert 8 in found
    ((function, why),) = [one for one in found if one != 8]
    assert function is os._exit
    assert why.startswith("4 workers were lost with it")


def test_a_worker_of_another_project_is_refused_before_anything_is_sent(
    serial, address, monkeypatch, tmp_path
):
    from foresight.run import cluster as checks

    env, _ = beside(serial, tmp_path / "outputs")
    monkeypatch.setattr(checks, "code_digest", lambda: "0" * 64)
    made = serial.run("brief", "quantum", *QUICK, "--jobs", address, **env)
    assert made.exit_code == 2
    assert "cannot do what is done here" in made.output
    assert not list((tmp_path / "outputs").rglob("brief.*"))


def test_no_scheduler_and_no_worker_are_one_clear_message(serial, monkeypatch, tmp_path):
    env, _ = beside(serial, tmp_path / "outputs")
    monkeypatch.setattr(parallel, "CONNECT", 0.5)
    monkeypatch.setattr(parallel, "JOIN", 0.5)
    made = serial.run("brief", "quantum", *QUICK, "--jobs", "dask://127.0.0.1:9", **env)
    assert made.exit_code == 2
    assert "No Dask scheduler answers at dask://127.0.0.1:9" in made.output
    assert "dask scheduler" in made.output
    with distributed.LocalCluster(
        n_workers=0, host="127.0.0.1", dashboard_address=NO_PAGE, processes=True
    ) as empty:
        place = empty.scheduler_address.replace("tcp://", "dask://")
        with pytest.raises(ClusterError, match=r"has no worker after 0 s.*dask worker tcp://"):
            list(side_by_side([joblib.delayed(pow)(2, 2)], jobs=place))


def test_a_scheduler_that_goes_in_mid_run_ends_the_run_with_a_message():
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=NO_PAGE,
        processes=True,
    ) as short:
        place = short.scheduler_address.replace("tcp://", "dask://")
        calls = [joblib.delayed(time.sleep)(0.1), *[joblib.delayed(time.sleep)(30)] * 3]
        results = side_by_side(calls, jobs=place)
        next(results)
        short.close()
        with pytest.raises(ClusterError, match="was lost in mid-run"):
            list(results)


def test_without_the_package_the_message_says_what_to_install(serial, monkeypatch, tmp_path):
    env, _ = beside(serial, tmp_path / "outputs")

    def absent():
        raise ModuleNotFoundError("No module named 'distributed'")

    monkeypatch.setattr(parallel, "_distributed", absent)
    made = serial.run("brief", "quantum", *QUICK, "--jobs", "dask://127.0.0.1:8786", **env)
    assert made.exit_code == 2
    assert "pip install 'foresight[dask]'" in made.output
