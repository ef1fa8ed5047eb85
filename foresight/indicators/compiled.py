"""Compiled kernels: compiled at the first call, kept in the project's cache folder."""

from __future__ import annotations

import functools
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from foresight.errors import SettingsError
from foresight.settings import cache_dir

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

_LOCK = threading.Lock()  # one compilation, however many threads ask first


def compiled(kernel: Kernel) -> Kernel:
    """A function of numbers and arrays that numba compiles when it is first called.

    Importing numba takes half a second, so it waits until then. The machine code is kept under
    `cache_dir()/numba` and never beside the source or in the home directory; where that folder
    cannot be written, every process compiles anew. The kernel runs without Python's lock, so
    threads may share the work. The function as written stays under `__wrapped__`.

    Parameters
    ----------
    kernel : function
        In numba's subset of Python.

    Returns
    -------
    function of the same signature, positional arguments only.
    """
    made: list[Callable[..., Any]] = []

    @functools.wraps(kernel)
    def call(*arguments: Any) -> Any:
        if not made:
            with _LOCK:
                if not made:
                    made.append(_compile(kernel))
        return made[0](*arguments)

    return cast("Kernel", call)


def _compile(kernel: Callable[..., Any]) -> Callable[..., Any]:
    import numba

    dispatcher = numba.njit(nogil=True)(kernel)
    folder = _writable_folder()
    if folder is not None:
        # numba reads the setting when caching is enabled; others' kernels keep their own.
        config: Any = numba.config
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            dispatcher.enable_caching()
        finally:
            config.CACHE_DIR = before
    return cast("Callable[..., Any]", dispatcher)


def _writable_folder() -> Path | None:
    try:
        folder = cache_dir() / "numba"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, SettingsError):
        return None
