"""What a sector needs of a cluster's workers, checked before anything is sent to them.

Assumed: workers see the project folder (corpora, caches, outputs) under the same path as here, by
a shared disk, and run the same environment.
"""

from __future__ import annotations

import importlib.metadata
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from foresight.corpus.store import Corpus, open_corpus
from foresight.errors import ClusterError
from foresight.parallel import ask_workers
from foresight.provenance import code_digest
from foresight.settings import cache_dir, outputs_dir, project_places, project_root

PACKAGES = (
    "bertopic",
    "distributed",
    "duckdb",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
)
"""Packages whose versions must be the same: numbers depend on them, or the talk with workers."""


def check_cluster(address: str, corpus: Corpus) -> int:
    """Check that every worker of a cluster can do what this process would; number of workers.

    Parameters
    ----------
    address : str
        `dask://host:port`.
    corpus : Corpus

    Raises
    ------
    ClusterError
        If the cluster cannot be reached, has no worker, or a worker runs another Python, other
        packages or other code, does not see the project folder, the corpus, or the folders of
        results and cache, or cannot write there.
    """
    folders = [outputs_dir(), cache_dir()]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.NamedTemporaryFile(prefix=".shared-", dir=folders[0]) as one,
        tempfile.NamedTemporaryFile(prefix=".shared-", dir=folders[1]) as two,
    ):
        marks = [str(Path(mark.name).absolute()) for mark in (one, two)]
        _ask(address, environment_of_worker, wanted=environment_of_worker())
        _ask(address, code_of_worker, wanted=code_of_worker())
        _ask(address, project_of_worker, wanted=project_of_worker())
        answers = _ask(address, read_marks, marks, wanted=[True] * len(marks))
        _ask(address, corpus_of_worker, corpus.name, wanted=corpus.digest)
    return len(answers)


def environment_of_worker() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **versions}


def code_of_worker() -> str:
    """Digest of the code."""
    return code_digest()


def project_of_worker() -> str:
    """Where the project lies."""
    return str(project_root().absolute())


def read_marks(marks: list[str]) -> list[bool]:
    """Whether each file is seen and may be written to."""
    seen = [Path(mark).is_file() for mark in marks]
    for mark, there in zip(marks, seen, strict=True):
        if there:
            Path(mark).write_text("seen", encoding="utf-8")
    return seen


def corpus_of_worker(name: str) -> str:
    """Digest of a corpus."""
    return open_corpus(name).digest


def _ask(
    address: str, question: Callable[..., Any], *arguments: Any, wanted: Any
) -> dict[str, Any]:
    """Ask all workers; raise if one gives another answer than the one wanted, or an error."""
    answers = ask_workers(address, question, *arguments, settings=project_places())
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, Exception):
            what = f"{type(answer).__name__}: {answer}"
        elif answer != wanted:
            what = _difference(answer, wanted)
        else:
            continue
        msg = (
            f"Worker {worker} of {address} cannot do what is done here ({question.__name__}: "
            f"{what}). Workers need the same environment, and {project_root()} with corpora, "
            "outputs and cache under the same path, to read and write: start them there."
        )
        raise ClusterError(msg)
    return answers


def _difference(answer: Any, wanted: Any) -> str:
    if isinstance(wanted, dict) and isinstance(answer, dict):
        pairs = [f"{k} {answer.get(k)}, here {v}" for k, v in wanted.items() if answer.get(k) != v]
        return "; ".join(pairs)
    return f"{answer}, here {wanted}"
