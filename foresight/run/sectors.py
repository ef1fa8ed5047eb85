"""Run the sector notebook for many tracks: side by side, resumable, failures kept apart."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from foresight.corpus.store import Corpus
from foresight.provenance import atomic_folder, file_digest, file_list, read_json, write_json
from foresight.run.keys import sector_key, stage_digest, study_digest
from foresight.run.parameters import SectorParameters
from foresight.settings import Settings, outputs_dir, project_root
from foresight.tracks import Registry

RUN_FILE = "run.json"
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
    """One track to run: parameters, the key of what they give, and the folder of results."""

    parameters: SectorParameters
    key: str
    folder: Path


def sector_jobs(
    tracks: Sequence[str],
    *,
    corpus: Corpus,
    registry: Registry,
    date: str,
    parameters: SectorParameters,
) -> list[SectorJob]:
    """One job per track, from parameters that stand for all of them."""
    settings = Settings.from_mapping(parameters.settings)
    stage = stage_digest(corpus, registry, date=date, settings=settings)
    jobs = []
    for track in tracks:
        one = replace(parameters, track=track, corpus=corpus.name, as_of=date)
        folder = one.folder(corpus=corpus.name, as_of=date, track=track)
        jobs.append(SectorJob(one, sector_key(study_digest(stage, track), one), folder))
    return jobs


def up_to_date(job: SectorJob) -> bool:
    """Whether the folder holds, unharmed, what the job would make."""
    file = job.folder / RUN_FILE
    if not file.exists():
        return False
    try:
        run = read_json(file)
        if run["key"] != job.key:
            return False
        files: dict[str, str] = run["files"]
    except (ValueError, KeyError):
        return False
    return all(
        (job.folder / name).is_file() and file_digest(job.folder / name) == digest
        for name, digest in files.items()
    )


def run_sectors(jobs: Sequence[SectorJob], *, processes: int) -> list[SectorResult]:
    """Run the jobs that are not up to date, `processes` at a time, with a progress bar.

    Returns
    -------
    list of SectorResult, in the order of `jobs`
    """
    todo = [job for job in jobs if not up_to_date(job)]
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


def _run_all(todo: Sequence[SectorJob], *, processes: int) -> Iterator[SectorResult]:
    if processes == 1 or len(todo) == 1:
        yield from (run_sector(job) for job in todo)
        return
    import joblib

    pool = joblib.Parallel(n_jobs=min(processes, len(todo)), return_as="generator_unordered")
    yield from pool(joblib.delayed(run_sector)(job) for job in todo)


@contextmanager
def _single_thread() -> Iterator[None]:
    """Give kernels one thread each: results do not depend on the machine's number of cores."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_sector(job: SectorJob) -> SectorResult:
    """Execute the notebook for one track into a fresh folder that replaces the old one at the end.

    A failure is returned, not raised: the old folder stays as it was, and the notebook as far as
    it came is kept as `failed/<track>.ipynb` beside the sector folders.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    track = job.parameters.track
    failed = job.folder.parent / "failed" / f"{track}.ipynb"
    start = time.perf_counter()
    try:
        with atomic_folder(job.folder) as part:
            output = part.relative_to(outputs_dir().resolve()).as_posix()
            notebook = part / "notebook.ipynb"
            try:
                execute("sector_brief.ipynb", notebook, replace(job.parameters, output=output))
            except PapermillExecutionError:
                failed.parent.mkdir(parents=True, exist_ok=True)
                notebook.replace(failed)
                raise
            clean_notebook(notebook, hide=output)
            write_json(part / RUN_FILE, {"key": job.key, "files": file_list(part)})
    except PapermillExecutionError as error:
        reason = (
            f"{error.ename}: {error.evalue} (see {failed.relative_to(outputs_dir().resolve())})"
        )
        return SectorResult(track, "failed", time.perf_counter() - start, reason)
    except (DeadKernelError, CellTimeoutError, OSError) as error:
        reason = f"{type(error).__name__}: {error}"
        return SectorResult(track, "failed", time.perf_counter() - start, reason)
    failed.unlink(missing_ok=True)
    return SectorResult(track, "done", time.perf_counter() - start)


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
    with _single_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        papermill.execute_notebook(
            source,
            target,
            parameters=asdict(parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=project_root(),
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
    nbformat.write(book, path)  # type: ignore[no-untyped-call]
