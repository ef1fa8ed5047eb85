"""Run the sector notebook for many tracks: side by side, resumable, failures kept apart."""

from __future__ import annotations

import shutil
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from foresight.corpus.store import Corpus
from foresight.parallel import Jobs, environment, side_by_side
from foresight.provenance import (
    atomic_folder,
    code_digest,
    file_digest,
    file_list,
    read_json,
    write_json,
)
from foresight.run.keys import sector_key, study_digest
from foresight.run.parameters import (
    BacktestParameters,
    NavigationParameters,
    ReportParameters,
    SectorParameters,
)
from foresight.settings import Settings, outputs_dir, project_places, project_root
from foresight.tracks import Registry

RUN_FILE = "run.json"
NAVIGATION = "navigation"  # folders in a sector's folder that begin so are of another command
QUIET_KERNEL = ["--IPKernelApp.log_level=ERROR"]  # a kernel warns of its loopback sockets each time
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class SectorResult:
    """How one track's run ended: `state` is `done`, `unchanged` or `failed` (then `reason`)."""

    track: str
    state: str
    seconds: float
    reason: str = ""


@dataclass(frozen=True)
class SectorJob:
    """One track to run.

    Parameters of the notebook, the key of what they give, the folder of results, the variables
    that say where the project's folders are (a worker may have been started earlier), and the
    digest of the code that made the key.
    """

    parameters: SectorParameters
    key: str
    folder: Path
    environment: dict[str, str]
    code: str


def sector_jobs(
    tracks: Sequence[str],
    *,
    corpus: Corpus,
    registry: Registry,
    date: str,
    parameters: SectorParameters,
    slices: Mapping[str, str],
) -> list[SectorJob]:
    """One job per track, from parameters that stand for all of them.

    `slices` are digests of what each track reads of the corpus: `foresight.run.slices`.
    """
    settings = Settings.from_mapping(parameters.settings)
    from foresight.run.arrivals import pages_digests

    beside = pages_digests(corpus, registry, tracks, date=date)
    jobs, places = [], project_places()
    for track in tracks:
        one = replace(parameters, track=track, corpus=corpus.name, as_of=date)
        folder = one.folder(corpus=corpus.name, as_of=date, track=track)
        study = study_digest(
            slices[track], track, corpus=corpus, registry=registry, date=date, settings=settings
        )
        key = sector_key(study, one, beside=beside[track])
        jobs.append(SectorJob(one, key, folder, places, code_digest()))
    return jobs


def up_to_date(job: SectorJob) -> bool:
    """Whether the folder holds, unharmed, what the job would make."""
    return holds(job.folder, job.key)


def holds(folder: Path, key: str) -> bool:
    """Whether a folder holds, unharmed, the results of a key."""
    file = folder / RUN_FILE
    if not file.exists():
        return False
    try:
        run = read_json(file)
        if run["key"] != key:
            return False
        files: dict[str, str] = run["files"]
    except (ValueError, KeyError):
        return False
    return all(
        (folder / name).is_file() and file_digest(folder / name) == digest
        for name, digest in files.items()
    )


def run_sectors(
    jobs: Sequence[SectorJob], *, processes: Jobs, sizes: Mapping[str, int]
) -> list[SectorResult]:
    """Run the jobs that are not up to date, `processes` at a time, with a progress bar.

    Parameters
    ----------
    jobs : sequence of SectorJob
    processes : int or str
        Processes here, or the cluster that runs them.
    sizes : mapping
        Documents by track, of jobs to run: the largest start first, so that the last is short.

    Returns
    -------
    list of SectorResult, in the order of `jobs`
    """
    todo = [job for job in jobs if not up_to_date(job)]
    todo.sort(key=lambda job: -sizes.get(job.parameters.track, 0))
    found = {
        job.parameters.track: SectorResult(job.parameters.track, "unchanged", 0.0) for job in jobs
    }
    if todo:
        label = "briefs"
        with tqdm(total=len(todo), desc=label, unit="brief", file=sys.stderr) as bar:
            for result in _run_all(todo, processes=processes):
                found[result.track] = result
                bar.set_postfix_str(result.track)
                bar.update()
    return [found[job.parameters.track] for job in jobs]


def _run_all(todo: Sequence[SectorJob], *, processes: Jobs) -> Iterator[SectorResult]:
    import joblib

    if isinstance(processes, int):
        processes = min(processes, len(todo))
    calls = (joblib.delayed(run_sector)(job) for job in todo)
    yield from side_by_side(calls, jobs=processes, lost=_lost)


def _lost(call: tuple[object, tuple[SectorJob], object], why: str) -> SectorResult:
    """A sector that several workers of a cluster died of."""
    (job,) = call[1]
    return SectorResult(job.parameters.track, "failed", 0.0, why)


def run_sector(job: SectorJob) -> SectorResult:
    """Execute the notebook for one track into a fresh folder that replaces the old one at the end.

    A failure is returned, not raised: the old folder stays as it was, and the notebook as far as
    it came is kept as `failed/<track>.ipynb` beside the sector folders. What another worker
    finished, and was lost before it could say so, is not done again.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    track = job.parameters.track
    if code_digest() != job.code:  # a worker that came to the cluster in mid-run
        return SectorResult(track, "failed", 0.0, "its worker runs other code than was asked for")
    start = time.perf_counter()
    reason = ""
    try:
        with environment(job.environment):
            if not up_to_date(job):
                _fill_folder(job)
    except PapermillExecutionError as error:
        reason = f"{error.ename}: {error.evalue} (see failed/{track}.ipynb)"
    except (DeadKernelError, CellTimeoutError, OSError) as error:
        reason = f"{type(error).__name__}: {error}"
    state = "failed" if reason else "done"
    return SectorResult(track, state, time.perf_counter() - start, reason)


def _fill_folder(job: SectorJob) -> None:
    failed = job.folder.parent / "failed" / f"{job.parameters.track}.ipynb"
    fill_folder("sector_brief.ipynb", job.folder, job.parameters, key=job.key, failed=failed)


def fill_folder(
    name: str,
    folder: Path,
    parameters: SectorParameters | ReportParameters | BacktestParameters | NavigationParameters,
    *,
    key: str,
    failed: Path,
) -> None:
    """Execute a notebook into a fresh folder that replaces the old one at the end.

    Parameters
    ----------
    name : str
        File in `notebooks/`.
    folder : Path
        Of results, below the outputs folder.
    parameters : dataclass of `foresight.run.parameters`
        `output` is set here.
    key : str
        Kept with the digests of the files, for `holds`.
    failed : Path
        Where the notebook goes, as far as it came, if a cell fails.

    What lies in `folder` and is not of this run, a navigation report in a sector's folder, stays.

    Raises
    ------
    PapermillExecutionError
    """
    from papermill.exceptions import PapermillExecutionError

    with atomic_folder(folder) as part:
        output = part.relative_to(outputs_dir().resolve()).as_posix()
        notebook = part / "notebook.ipynb"
        try:
            execute(name, notebook, replace(parameters, output=output))
        except PapermillExecutionError:
            failed.parent.mkdir(parents=True, exist_ok=True)
            notebook.replace(failed)
            raise
        clean_notebook(notebook, hide=output)
        write_json(part / RUN_FILE, {"key": key, "files": file_list(part)})
        for kept in sorted(folder.glob(f"{NAVIGATION}*/")):
            shutil.copytree(kept, part / kept.name)
    failed.unlink(missing_ok=True)


def execute(name: str, target: Path, parameters: Any) -> None:
    """Execute a notebook of the project with papermill.

    Parameters
    ----------
    name : str
        File in `notebooks/`.
    target : Path
        Where the executed notebook goes, whole or as far as it came.
    parameters : dataclass
        Written into the injected cell.
    """
    import papermill

    source = project_root() / "notebooks" / name
    # One thread per kernel: results do not depend on the machine's number of cores.
    one_thread = dict.fromkeys(ONE_THREAD, "1")
    with environment(one_thread), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        papermill.execute_notebook(
            source,
            target,
            parameters=asdict(parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=project_root(),
            extra_arguments=QUIET_KERNEL,
            shutdown_kernel="immediate",  # all is written; a polite end takes a second
        )


def clean_notebook(path: Path, *, hide: str = "") -> None:
    """Drop times and paths of this run, and the temporary output folder `hide`, from a notebook."""
    import nbformat

    book: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    book.metadata.pop("papermill", None)
    for cell in book.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(f'"{hide}"', '""') if hide else cell.source
            cell.id = "injected-parameters"  # papermill draws one by chance
    nbformat.write(book, path)  # type: ignore[no-untyped-call]
