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


OFFSET, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # of FNV-1a
MIX = np.uint64(0x9E3779B97F4A7C15)
FILTER = 18  # bits of a hash that tell at once that no form has it


@_compiled
def hash_bytes(data: Bytes, start: int, end: int) -> np.uint64:
    """Hash of some bytes (FNV-1a)."""
    code = OFFSET
    for place in range(start, end):
        code = (code ^ np.uint64(data[place])) * PRIME
    return code


@_compiled
def hash_pair(one: np.uint64, other: np.uint64) -> np.uint64:
    """Hash of two words or characters that follow each other."""
    code = (one * MIX) ^ (other + MIX)
    return code ^ (code >> np.uint64(29))


@_compiled
def _lookup(
    code: np.uint64, data: Bytes, start: int, end: int, forms: tuple[Any, ...], text: int,
    seen: Places, found: Places, at: int,
) -> int:  # fmt: skip
    """Note the terms of the forms that begin with a key of this hash and stand here."""
    maybe, codes, letters, starts, cased, term, lower = forms
    if not maybe[code >> np.uint64(64 - FILTER)]:
        return at
    form = np.searchsorted(codes, code)
    while form < len(codes) and codes[form] == code:
        size = starts[form + 1] - starts[form]
        if seen[term[form]] != text and start + size <= end:
            same = True
            for place in range(size):
                letter = data[start + place]
                if not cased[form]:
                    letter = lower[letter]
                if letter != letters[starts[form] + place]:
                    same = False
                    break
            if same:
                seen[term[form]] = text
                found[at, 0], found[at, 1] = text, term[form]
                at += 1
        form += 1
    return at


@_compiled
def scan_words(
    data: Bytes, starts: Places, text: int, forms: tuple[Any, ...], seen: Places, found: Places
) -> tuple[int, int]:
    """Terms of which a form stands in texts as `ascii_words` writes them, from one text on.

    A form is its words with a space after each. Ends early when `found` may not hold the terms of
    one more text: gives the text to go on with, and how many were found.
    """
    lower = forms[6]
    at = 0
    while text < len(starts) - 1 and at + len(seen) <= len(found):
        place, end = starts[text], starts[text + 1]
        before, first, near = np.uint64(0), place, False
        while place < end:
            if data[place] == SPACE:  # two in a row: title and abstract, or no word at all
                near = False
                place += 1
                continue
            begun, code = place, OFFSET
            while place < end and data[place] != SPACE:
                code = (code ^ np.uint64(lower[data[place]])) * PRIME
                place += 1
            at = _lookup(code, data, begun, end, forms, text, seen, found, at)
            if near:
                pair = hash_pair(before, code)
                at = _lookup(pair, data, first, end, forms, text, seen, found, at)
            before, first, near = code, begun, True
            place += 1
        text += 1
    return text, at


@_compiled
def scan_characters(
    data: Bytes, starts: Places, text: int, forms: tuple[Any, ...], seen: Places, found: Places
) -> tuple[int, int]:
    """As `scan_words` for forms that are strings of characters in UTF-8."""
    at = 0
    while text < len(starts) - 1 and at + len(seen) <= len(found):
        place, end = starts[text], starts[text + 1]
        before, first, near = np.uint64(0), place, False
        while place < end:
            begun, code = place, OFFSET
            while place == begun or (place < end and data[place] & 0xC0 == 0x80):
                code = (code ^ np.uint64(data[place])) * PRIME
                place += 1
            at = _lookup(code, data, begun, end, forms, text, seen, found, at)
            if near:
                pair = hash_pair(before, code)
                at = _lookup(pair, data, first, end, forms, text, seen, found, at)
            before, first, near = code, begun, True
        text += 1
    return text, at
