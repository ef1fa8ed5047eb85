"""Compiled loops over the bytes of many texts; loaded only where there are many."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
SPACE = 32
LETTERS = np.zeros(256, np.bool_)  # of ASCII: letters and digits
LETTERS[[*b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = True


def text_bytes(texts: pa.Array) -> tuple[Bytes, Places]:
    """Bytes of an array of texts, and where each begins; one place more tells the end.

    A null must have no bytes, as `pyarrow.compute.fill_null` leaves it.
    """
    _, places, data = texts.buffers()
    wide = pa.types.is_large_string(texts.type)
    every = np.frombuffer(places, dtype="<i8" if wide else "<i4")
    starts = every[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    return np.frombuffer(data if data is not None else b"", dtype=np.uint8), starts


def ascii_words(texts: pa.Array) -> pa.Array:
    """`foresight.corpus.normalise.english_words` of texts of ASCII characters without nulls."""
    data, starts = text_bytes(texts)
    room = int(starts[-1] - starts[0]) + 2 * len(texts)
    out = np.empty(room, np.uint8)
    ends = np.zeros(len(texts) + 1, np.int64)
    _write_words(data, starts, LETTERS, out, ends)
    wide = pa.types.is_large_string(texts.type)
    places = ends if wide else ends.astype(np.int32)
    kept = pa.py_buffer(out[: ends[-1]].copy())
    return pa.Array.from_buffers(texts.type, len(texts), [None, pa.py_buffer(places), kept])


def _compiled(function: Any) -> Any:
    return njit(cache=True, nogil=True)(function)


@_compiled
def _write_words(
    data: Bytes, starts: Places, letters: npt.NDArray[np.bool_], out: Bytes, ends: Places
) -> None:
    at = 0
    for text in range(len(starts) - 1):
        out[at] = SPACE
        at += 1
        begun = at
        inside = False
        for place in range(starts[text], starts[text + 1]):
            if letters[data[place]]:
                out[at] = data[place]
                at += 1
                inside = True
            elif inside:
                out[at] = SPACE
                at += 1
                inside = False
        if inside or at == begun:
            out[at] = SPACE
            at += 1
        ends[text + 1] = at
