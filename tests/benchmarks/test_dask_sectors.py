"""All 24 briefs of the default corpus: one after the other, and on two workers of a cluster."""

import os
import re
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from conftest import Project

from foresight.provenance import file_list, read_json
from foresight.tracks import load_registry

distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")

WRITER = re.compile(r"\.(?P<track>[a-z0-9-]+)\.[A-Za-z0-9]+-(?P<process>\d+)-")
KILL_AT = 8  # sectors that are through when a worker is killed


def test_all_briefs_on_two_workers_one_killed(sample, tmp_path, clock, report):
    project = Project(tmp_path)
    shutil.copytree(sample.folder, tmp_path / "corpora" / "sample")
    tracks = load_registry().slugs
    serial, made = clock(project.run, "brief", "--all", "--jobs", "1")
    assert made.exit_code == 0, made.output
    (folder,) = (project.outputs / "sample").glob("*-*-*")
    wanted = {track: file_list(folder / track) for track in tracks}
    again = tmp_path / "again"
    killed = {}

    def kill():
        while not killed:
            here = list(again.glob("sample/*-*-*/*/run.json"))
            parts = list(again.glob("sample/*/.*.part/scores.csv"))
            if len(here) >= KILL_AT and parts:
                named = WRITER.match(parts[0].parent.name)
                os.kill(int(named["process"]), signal.SIGKILL)
                done = (parts[0].parents[1] / named["track"] / "run.json").exists()
                killed.update(named.groupdict(), done=done)
            time.sleep(0.05)

    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        workers = {worker.pid for worker in cluster.workers.values()}
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        thread = threading.Thread(target=kill, daemon=True)
        thread.start()
        seconds, made = clock(
            project.run, "brief", "--all", "--jobs", address, FORESIGHT_OUTPUTS=str(again)
        )
    assert made.exit_code == 0, made.output
    assert killed["done"] is False
    assert int(killed["process"]) in workers
    (other,) = (again / "sample").glob("*-*-*")
    found = {track: file_list(other / track) for track in tracks}
    assert set(read_json(other / "manifest.json")["sectors"]) == set(tracks)
    assert found == wanted
    files = sum(len(names) for names in found.values())
    report(
        f"{len(tracks)} briefs, {files} files: one after the other {serial:.0f} s; two workers "
        f"{seconds:.0f} s, one of them killed in mid-run at {killed['track']}: identical",
        f"outputs {Path(folder).name}",
    )
