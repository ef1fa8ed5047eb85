"""What `foresight brief` does: what is stale, shared stage, embedding, sectors, manifest."""

from __future__ import annotations

import importlib.metadata
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foresight import __version__
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of, default_as_of
from foresight.parallel import Jobs, here
from foresight.provenance import code_digest, file_list, read_json, write_json
from foresight.run.keys import known_slices, stage_digest
from foresight.run.parameters import SectorParameters
from foresight.run.sectors import (
    NAVIGATION,
    SectorJob,
    SectorResult,
    run_sectors,
    sector_jobs,
    up_to_date,
)
from foresight.settings import Settings, outputs_dir
from foresight.tracks import Registry

if TYPE_CHECKING:
    from foresight.run.stage import Stage

PACKAGES = (
    "bertopic",
    "duckdb",
    "ibis-framework",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
    "typst",
)
Say = Callable[[str], None]


def say(text: str) -> None:
    """Print progress on the error stream."""
    click.echo(text, file=sys.stderr)


def resolve_date(corpus: Corpus, date: str) -> str:
    """The as-of date asked for, checked, or the corpus's last day when none is given."""
    return as_of(corpus, date).date if date else default_as_of(corpus)


def run_folder(corpus: Corpus, date: str) -> Path:
    """Folder of all results for a corpus and as-of date."""
    return outputs_dir() / corpus.name / date


def make_briefs(
    tracks: Sequence[str],
    *,
    corpus: Corpus,
    registry: Registry,
    parameters: SectorParameters,
    processes: Jobs,
) -> list[SectorResult]:
    """Make the briefs of some tracks, doing only what is not up to date.

    Parameters
    ----------
    tracks : sequence of str
        Slugs.
    corpus : Corpus
    registry : Registry
    parameters : SectorParameters
        As for one sector; `track` and `output` are set here.
    processes : int or str
        Processes here for sectors and embedding, or the cluster that does the sectors.

    Returns
    -------
    list of SectorResult, in the order of `tracks`
    """
    date = resolve_date(corpus, parameters.as_of)
    settings = Settings.from_mapping(parameters.settings)
    seconds: dict[str, float] = {}
    slices = known_slices(corpus, registry, date=date, settings=settings) or _slices_kept(
        corpus, registry, date=date, settings=settings
    )
    if slices is None:
        _check(processes, corpus)
        slices = _open_slices(corpus, registry, date=date, settings=settings, seconds=seconds)
    jobs = sector_jobs(
        tracks, corpus=corpus, registry=registry, date=date, parameters=parameters, slices=slices
    )
    todo = [job for job in jobs if not up_to_date(job)]
    sizes: dict[str, int] = {}
    if todo:
        if not seconds:
            _check(processes, corpus)
        sizes = _prepare(todo, corpus=corpus, registry=registry, date=date, settings=settings,
                 processes=processes, seconds=seconds)  # fmt: skip
    start = time.perf_counter()
    results = run_sectors(jobs, processes=processes, sizes=sizes)
    if todo:
        seconds["briefs"] = time.perf_counter() - start
        _report(seconds)
    _update_manifest(
        results,
        jobs,
        corpus=corpus,
        registry=registry,
        date=date,
        settings=settings,
        seconds=seconds,
        slices=slices,
    )
    return results


def _check(processes: Jobs, corpus: Corpus) -> None:
    if isinstance(processes, str):
        from foresight.run.cluster import check_cluster

        say(f"{check_cluster(processes, corpus)} worker(s) at {processes}")


def _slices_kept(
    corpus: Corpus, registry: Registry, *, date: str, settings: Settings
) -> dict[str, str] | None:
    """Digests that the manifest of the results carries, if they are of the present stage."""
    manifest = read_manifest(run_folder(corpus, date))
    stage = stage_digest(corpus, registry, date=date, settings=settings)
    found: dict[str, str] | None = manifest.get("slices")
    return found if manifest.get("stage") == stage and found else None


def _open_slices(
    corpus: Corpus,
    registry: Registry,
    *,
    date: str,
    settings: Settings,
    seconds: dict[str, float],
) -> dict[str, str]:
    from foresight.run.slices import open_slices

    _open_shared(corpus, registry, date=date, settings=settings, seconds=seconds)
    start = time.perf_counter()
    found = open_slices(corpus, registry, date=date, settings=settings)
    seconds["what each track reads"] = time.perf_counter() - start
    return found


def _open_shared(
    corpus: Corpus,
    registry: Registry,
    *,
    date: str,
    settings: Settings,
    seconds: dict[str, float],
) -> Stage:
    """Open what all sectors share; computed before they start, so that none waits for another."""
    from foresight.run.holdings import open_holdings
    from foresight.run.stage import open_stage

    say(f"matching documents and scoring sub-directions (corpus {corpus.name}, as of {date})")
    start = time.perf_counter()
    stage = open_stage(corpus, registry, date=date, settings=settings)
    seconds["matching and scores"] = time.perf_counter() - start
    start = time.perf_counter()
    open_holdings(corpus, registry, date=date, settings=settings, stage=stage)
    seconds["holdings"] = time.perf_counter() - start
    return stage


def _prepare(
    todo: Sequence[SectorJob],
    *,
    corpus: Corpus,
    registry: Registry,
    date: str,
    settings: Settings,
    processes: Jobs,
    seconds: dict[str, float],
) -> dict[str, int]:
    """Compute what sectors share; how many documents each track has."""
    from foresight.run.vectors import embed_documents

    again: dict[str, float] = {}
    stage = _open_shared(corpus, registry, date=date, settings=settings, seconds=again)
    seconds |= {name: value for name, value in again.items() if name not in seconds}
    start = time.perf_counter()
    wanted = {job.parameters.track for job in todo}
    ids = stage.matches.loc[stage.matches["track"].isin(wanted), "doc_id"].unique()
    documents = stage.documents.loc[sorted(ids)]
    embed_documents(documents, encoder=settings.encoder, jobs=here(processes), progress=True)
    seconds["embedding"] = time.perf_counter() - start
    sizes = stage.matches.groupby("track")["doc_id"].nunique()
    return {str(track): int(n) for track, n in sizes.items()}


def _report(seconds: dict[str, float]) -> None:
    say("seconds per stage: " + ", ".join(f"{name} {value:.1f}" for name, value in seconds.items()))


def _files(folder: Path) -> dict[str, str]:
    """Files of a sector's folder with their digests, those of navigation reports aside."""
    found = file_list(folder) if folder.exists() else {}
    return {name: digest for name, digest in found.items() if not name.startswith(NAVIGATION)}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results; empty where there is none yet or it is unreadable."""
    file = folder / "manifest.json"
    if not file.exists():
        return {}
    try:
        found: dict[str, Any] = read_json(file)
    except ValueError:
        say(f"{file} is not readable and is written anew")
        return {}
    return found


def _update_manifest(
    results: Sequence[SectorResult],
    jobs: Sequence[SectorJob],
    *,
    corpus: Corpus,
    registry: Registry,
    date: str,
    settings: Settings,
    seconds: dict[str, float],
    slices: Mapping[str, str],
) -> None:
    folder = run_folder(corpus, date)
    old = read_manifest(folder)
    sectors: dict[str, Any] = dict(old.get("sectors", {}))
    for result, job in zip(results, jobs, strict=True):
        if result.state == "unchanged" and sectors.get(result.track, {}).get("key") == job.key:
            continue
        sectors[result.track] = {
            "key": job.key,
            "state": "failed" if result.state == "failed" else "done",
            "reason": result.reason,
            "seconds": round(result.seconds, 1),
            "languages": job.parameters.languages,
            "files": _files(job.folder),
        }
    manifest = {
        "foresight": __version__,
        "as_of": date,
        "corpus": {
            "name": corpus.name,
            "digest": corpus.digest,
            "title": corpus.manifest["title"],
            "licence": corpus.manifest["licence"],
            "origin": corpus.manifest["origin"],
        },
        "registry": registry.digest,
        "code": code_digest(),
        "stage": stage_digest(corpus, registry, date=date, settings=settings),
        "slices": dict(slices),
        "settings": settings.as_dict(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "seconds": {k: round(v, 1) for k, v in seconds.items()} or old.get("seconds", {}),
        "sectors": sectors,
    }
    if manifest != old:
        write_json(folder / "manifest.json", {**old, **manifest})
