"""Reading typed values from text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from foresight.errors import TableError

SHOWN = 5
MONTHS = 12
# The four forms of the interchange format, and the timestamp that Parquet writers give.
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ][0-9:.+Z-]*)?)?)?|(\d{4})(\d{2})(\d{2})")
_TRUE = ("true", "1", "yes", "t", "y")
_FALSE = ("false", "0", "no", "f", "n")


def full_date(text: str) -> tuple[str, bool] | None:
    """Read a date as `YYYY-MM-DD`.

    A year becomes its 31 December and a month its last day.

    Returns
    -------
    (str, bool) or None
        ISO date and whether it was completed; None if the text is no date.

    >>> full_date("2020-02"), full_date("20200105"), full_date("2021-02-30")
    (('2020-02-29', True), ('2020-01-05', False), None)
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year = int(match.group(1) or match.group(4))
    month = int(match.group(2) or match.group(5) or MONTHS)
    if not year or not 1 <= month <= MONTHS:
        return None
    last = calendar.monthrange(year, month)[1]
    given = match.group(3) or match.group(6)
    day = int(given or last)
    if not 1 <= day <= last:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}", given is None


def as_date(values: pa.ChunkedArray, *, where: str) -> tuple[pa.ChunkedArray, int]:
    """Read a column of dates.

    Returns
    -------
    (Arrow array of ISO dates, int)
        And how many were completed from a year or month.

    Raises
    ------
    TableError
        Naming the first texts that are no dates.
    """
    coded, read = _mapped(
        values, full_date, where=where, kind="a date", forms="YYYY-MM-DD, YYYYMMDD, YYYY-MM or YYYY"
    )
    dates = pa.array([date for date, _ in read], pa.large_string())
    short = pa.array([int(completed) for _, completed in read], pa.int64())
    completed = sum(value for value in short.take(coded).to_pylist() if value)
    return pa.chunked_array([dates.take(coded)]), completed


def as_int(values: pa.ChunkedArray, *, where: str) -> pa.ChunkedArray:
    """Read a column of whole numbers; "3.0" counts as 3.

    Raises
    ------
    TableError
    """

    def number(text: str) -> int | None:
        match = re.fullmatch(r"\s*([+-]?\d{1,18})(?:\.0*)?\s*", text)
        return int(match.group(1)) if match else None

    coded, read = _mapped(values, number, where=where, kind="a whole number", forms="digits only")
    return pa.chunked_array([pa.array(read, pa.int64()).take(coded)])


def as_bool(values: pa.ChunkedArray, *, where: str) -> pa.ChunkedArray:
    """Read a column of truth values: true, 1, yes, t, y and their opposites in any case.

    Raises
    ------
    TableError
    """

    def truth(text: str) -> bool | None:
        flat = text.strip().casefold()
        return True if flat in _TRUE else False if flat in _FALSE else None

    coded, read = _mapped(
        values, truth, where=where, kind="true or false", forms="true, false, 1, 0, yes or no"
    )
    return pa.chunked_array([pa.array(read, pa.bool_()).take(coded)])


def _mapped(
    values: pa.ChunkedArray,
    read: Callable[[str], Any],
    *,
    where: str,
    kind: str,
    forms: str,
) -> tuple[pa.Array, list[Any]]:
    coded = values.combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    results = [read(text) for text in texts]
    wrong = [text for text, result in zip(texts, results, strict=True) if result is None]
    if wrong:
        first = values.combine_chunks().index(wrong[0]).as_py() + 1
        shown = ", ".join(repr(text) for text in wrong[:SHOWN])
        msg = (
            f"{where} holds {len(wrong)} value(s) that are not {kind}: {shown} (first at record "
            f"{first}). Write {forms}; leave it empty if unknown."
        )
        raise TableError(msg)
    return coded.indices, results
