"""Order and bookkeeping of sectors that are run."""

from dataclasses import replace

from foresight.run import sectors
from foresight.run.parameters import SectorParameters
from foresight.run.sectors import SectorJob, SectorResult, run_sectors


def job(track, folder):
    parameters = replace(SectorParameters(track="quantum"), track=track)
    return SectorJob(parameters, "key", folder / track, {}, "code")


def test_the_largest_sector_starts_first_and_results_keep_their_order(tmp_path, monkeypatch):
    started = []

    def run(todo, *, processes):
        for one in todo:
            started.append(one.parameters.track)
            yield SectorResult(one.parameters.track, "done", 1.0)

    monkeypatch.setattr(sectors, "_run_all", run)
    jobs = [job(track, tmp_path) for track in ("small", "large", "unknown", "middle")]
    found = run_sectors(jobs, processes=1, sizes={"small": 1, "large": 30, "middle": 20})
    assert started == ["large", "middle", "small", "unknown"]
    assert [one.track for one in found] == ["small", "large", "unknown", "middle"]
