"""Work side by side: in processes of this machine, or on the workers of a Dask cluster.

A cluster's workers see the same project folder at the same path, and run the same environment.
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from foresight.errors import ClusterError, SettingsError

REPLACED = "A worker stopped while some jobs were given to the executor"
ADDRESS = re.compile(r"dask://(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(\d{1,5})")
CONNECT = 10.0  # seconds until a scheduler must have answered
JOIN = 30.0  # seconds until the first worker must be there
LOST = 120.0  # seconds without any worker, or without the scheduler, after which a run gives up
TICK = 2.0  # seconds between two looks at the cluster

Jobs = int | str
"""A number of processes here, or the address of a Dask scheduler: `dask://host:port`."""


def read_jobs(text: str) -> Jobs:
    """Read what `--jobs` says.

    Raises
    ------
    SettingsError
        If it is neither a number from 1 nor `dask://host:port`.
    """
    if re.fullmatch(r"\d+", text) and int(text) >= 1:
        return int(text)
    found = ADDRESS.fullmatch(text)
    if found and 0 < int(found[2]) < 1 << 16:
        return text
    msg = (
        f"--jobs is a number of processes from 1, or the address of a Dask scheduler as "
        f"dask://host:port (dask://127.0.0.1:8786); got {text!r}."
    )
    raise SettingsError(msg)


def here(jobs: Jobs) -> int:
    """Processes of this machine for work that is not sent to a cluster: one, beside a cluster."""
    return jobs if isinstance(jobs, int) else 1


def side_by_side(
    calls: Iterable[Any],
    *,
    jobs: Jobs,
    ordered: bool = False,
    lost: Callable[[Any, str], Any] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Any]:
    """Run calls side by side and give their results as they come.

    Parameters
    ----------
    calls : iterable of `joblib.delayed(function)(…)`
    jobs : int or str
        With 1 they run in this process; with more in as many; with an address on the cluster.
    ordered : bool, default False
        Give results in the order of `calls`.
    lost : callable, optional
        On a cluster: from a call (function, arguments, named arguments) and a reason, the result
        of a call that several workers died of. Default: an error is raised.
    settings : mapping, optional
        Environment variables for the calls on a cluster.

    Raises
    ------
    ClusterError

    Notes
    -----
    joblib replaces a process that has grown by 300 MB and warns of it. That is meant to happen
    here; raised as an error in joblib's managing thread, the warning would hang the pool.

    On a cluster the call of a worker that is gone is done again by another one; after four workers
    were lost with it (Dask's `allowed-failures`) it is `lost`. An exception of a call is raised.
    """
    if isinstance(jobs, str):
        yield from _on_cluster(
            list(calls), address=jobs, ordered=ordered, lost=lost, settings=settings or {}
        )
        return
    import joblib

    how = "generator" if ordered else "generator_unordered"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=REPLACED, category=UserWarning)
        yield from joblib.Parallel(n_jobs=jobs, return_as=how)(calls)


def _distributed() -> Any:
    """The package `distributed`: an extra, so that nothing else needs it."""
    return importlib.import_module("distributed")


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give a client of the scheduler at an address that has a worker.

    Raises
    ------
    ClusterError
    """
    try:
        distributed = _distributed()
    except ImportError as error:
        msg = (
            f"--jobs {address} needs the packages dask and distributed: {error}. Install them "
            "with `pip install 'foresight[dask]'`, here and where the workers run."
        )
        raise ClusterError(msg) from error
    place = address.replace("dask://", "tcp://")
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we say what is wrong
    try:
        client = distributed.Client(place, timeout=CONNECT, set_as_default=False)
    except (OSError, TimeoutError) as error:
        msg = (
            f"No Dask scheduler answers at {address} within {CONNECT:.0f} s "
            f"({str(error).splitlines()[0]}). Start one with `dask scheduler --port PORT`, and "
            "check host and port."
        )
        raise ClusterError(msg) from error
    try:
        try:
            client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError as error:
            msg = (
                f"The Dask scheduler at {address} has no worker after {JOIN:.0f} s. Start some "
                f"with `dask worker {place} --nworkers N --nthreads 1`, from the environment and "
                "with the project folder of this machine."
            )
            raise ClusterError(msg) from error
        yield client
    finally:
        client.close(timeout=CONNECT)


def ask_workers(
    address: str, question: Callable[..., Any], *arguments: Any, settings: Mapping[str, str]
) -> dict[str, Any]:
    """Ask every worker something; its answer, or the exception that it raised, by its address.

    Parameters
    ----------
    address : str
    question : callable, of a module that the workers have
    *arguments
    settings : mapping
        Environment variables under which they answer.
    """
    with connected(address) as client:
        answers: dict[str, Any] = client.run(
            _call, question, arguments, {}, dict(settings), on_error="return"
        )
        return answers


def _on_cluster(
    calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]],
    *,
    address: str,
    ordered: bool,
    lost: Callable[[Any, str], Any] | None,
    settings: Mapping[str, str],
) -> Iterator[Any]:
    with connected(address) as client:
        sent: dict[int, Any] = {}  # functions that carry data go to the workers once
        places: dict[Any, int] = {}
        for place, (function, positional, named) in enumerate(calls):
            carried: Any = function
            if isinstance(function, functools.partial):
                if id(function) not in sent:
                    sent[id(function)] = client.scatter(function, broadcast=True, hash=False)
                carried = sent[id(function)]
            future = client.submit(_call, carried, positional, named, dict(settings), pure=False)
            places[future] = place
        held: dict[int, Any] = {}
        due = 0
        for future in _finished(client, list(places), address):
            place = places.pop(future)
            error = future.exception()
            if isinstance(error, _distributed().KilledWorker) and lost is not None:
                result = lost(calls[place], _why_lost(error))
            else:
                result = future.result()
            future.release()
            if not ordered:
                yield result
                continue
            held[place] = result
            while due in held:
                yield held.pop(due)
                due += 1


def _why_lost(error: Any) -> str:
    where = getattr(error.last_worker, "address", error.last_worker)
    return f"{error.allowed_failures + 1} workers were lost with it, the last at {where}"


def _finished(client: Any, futures: Sequence[Any], address: str) -> Iterator[Any]:
    """Give futures as they end; raise when scheduler or workers stay away."""
    distributed = _distributed()
    forgotten = (distributed.CancelledError, distributed.client.FuturesCancelledError)
    left, seen = set(futures), time.monotonic()
    while left:
        try:
            with client.as_current():
                done = distributed.wait(left, timeout=TICK, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        except forgotten:  # by the scheduler
            _give_up(address)
        if client.status == "running" and client.nthreads():
            seen = time.monotonic()
        elif time.monotonic() - seen > LOST:
            _give_up(address)
        for future in done:
            left.discard(future)
            yield future


def _give_up(address: str) -> NoReturn:
    msg = (
        f"The cluster at {address} was lost in mid-run: its scheduler, or all of its workers. What "
        "is finished stays; start the cluster again, and the same command goes on."
    )
    raise ClusterError(msg)


def _call(
    function: Callable[..., Any],
    positional: Sequence[Any],
    named: Mapping[str, Any],
    settings: Mapping[str, str],
) -> Any:
    with environment(settings):
        return function(*positional, **named)


@dataclass
class _Held:
    """A variable while calls need it: its value, what it was before, and how many need it."""

    value: str
    before: str | None
    users: int = 0


_HELD: dict[str, _Held] = {}
_CHANGE = threading.Condition()


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a block; threads that need other values wait.

    The first to come sets a variable, the last to leave puts back what was there.
    """
    with _CHANGE:
        _CHANGE.wait_for(lambda: all(_HELD[n].value == values[n] for n in values.keys() & _HELD))
        for name, value in values.items():
            held = _HELD.setdefault(name, _Held(value, os.environ.get(name)))
            held.users += 1
            os.environ[name] = value
    try:
        yield
    finally:
        with _CHANGE:
            for name in values:
                held = _HELD[name]
                held.users -= 1
                if held.users:
                    continue
                del _HELD[name]
                if held.before is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = held.before
            _CHANGE.notify_all()
