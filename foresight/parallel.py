"""Work side by side, in processes of this machine."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import joblib

REPLACED = "A worker stopped while some jobs were given to the executor"


def side_by_side(calls: Iterable[Any], *, jobs: int, ordered: bool = False) -> Iterator[Any]:
    """Run calls in up to `jobs` processes and give their results as they come.

    Parameters
    ----------
    calls : iterable of `joblib.delayed(function)(…)`
    jobs : int
        With 1 they run in this process.
    ordered : bool, default False
        Give results in the order of `calls`.

    Notes
    -----
    joblib replaces a process that has grown by 300 MB and warns of it. That is meant to happen
    here; raised as an error in joblib's managing thread, the warning would hang the pool.
    """
    how = "generator" if ordered else "generator_unordered"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=REPLACED, category=UserWarning)
        yield from joblib.Parallel(n_jobs=jobs, return_as=how)(calls)
