"""Workbooks: xlsx here, the xls of Excel 97 in a process of its own.

The library that reads both lays out a sheet with all its empty cells and ends the process when
the memory does not suffice. A damaged or made-up file can ask for any number of cells. In xlsx the
places of the cells are looked at first; in xls they cannot be found without reading it, so that is
done by another process whose memory is limited.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from foresight.errors import SourceError

Rows = list[tuple[int, list[str]]]
XLSX, XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UNPACKED = 4 << 30  # bytes a workbook may unpack to
CELLS = 40_000_000  # a sheet may span: 200 columns of 200,000 rows
MEMORY = 2 << 30  # bytes for an xls: its 65,536 rows of 256 columns need less
SECONDS = 120  # for an xls
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_AGAIN = "Open it and save it again as xlsx."


def is_workbook(data: bytes) -> bool:
    """Whether bytes begin like a workbook."""
    return data.startswith((XLSX, XLS))


def read_workbook(data: bytes, name: str) -> list[tuple[str, Rows]]:
    """Read every sheet that is not empty: title, and rows of text with their numbers from 1.

    Raises
    ------
    SourceError
        If the workbook is damaged, protected, or spans too many cells.
    """
    if data.startswith(XLS):
        return _read_xls(data, name)
    _check_extent(data, name)
    try:
        return layout(data)
    except calamine.PasswordError as error:
        msg = f"{name} is protected by a password. Save it without one."
        raise SourceError(msg) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(_damaged(name, str(error))) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the library's Rust code fails
            raise
        raise SourceError(_damaged(name, "it is damaged")) from error


def _damaged(name: str, why: str) -> str:
    return f"{name} cannot be read as a workbook: {why.rstrip('.')}. {_AGAIN}"


def layout(data: bytes) -> list[tuple[str, Rows]]:
    """Lay out the sheets of a workbook as text; the library's own errors pass through."""
    book = calamine.load_workbook(io.BytesIO(data))
    found = [(title, _rows(book.get_sheet_by_name(title))) for title in book.sheet_names]
    return [(title, rows) for title, rows in found if rows]


def _rows(sheet: Any) -> Rows:
    rows: Rows = []
    start = sheet.start[0] if sheet.start else 0
    for place, row in enumerate(sheet.to_python(skip_empty_area=True), start=start + 1):
        cells = [_cell(value) for value in row]
        if any(cell.strip() for cell in cells):
            rows.append((place, cells))
    return rows


def _cell(value: Any) -> str:
    """Write a typed cell as the text that stands for it: whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _check_extent(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            sheets = [part for part in archive.namelist() if _is_sheet(part)]
            spans = [_extent(archive, part) for part in sheets] if total <= UNPACKED else []
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error) as error:
        raise SourceError(_damaged(name, str(error))) from error
    except RuntimeError as error:  # an archive with a password
        raise SourceError(_damaged(name, str(error))) from error
    if total > UNPACKED:
        msg = f"{name} unpacks to {total / 1e9:.1f} GB. Split the export into smaller workbooks."
        raise SourceError(msg)
    if not sheets:
        raise SourceError(_damaged(name, "it is no xlsx, but another kind of archive"))
    if max(spans) > CELLS:
        msg = (
            f"{name} has a sheet that spans {max(spans):,} cells, most of them empty: a stray cell "
            "far off. Delete the empty rows and columns behind the table and save it again."
        )
        raise SourceError(msg)


def _is_sheet(part: str) -> bool:
    return "worksheets/" in part.casefold() and part.casefold().endswith(".xml")


def _extent(archive: zipfile.ZipFile, part: str) -> int:
    """Number of cells between the first and the last one of a sheet, empty ones among them."""
    columns, rows, rest = 0, 0, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            data = rest + block
            for letters, digits in _PLACE.findall(data):
                number = 0
                for letter in letters:
                    number = number * 26 + letter - 64
                columns, rows = max(columns, number), max(rows, int(digits))
            rest = data[-20:]
    return columns * rows


def _read_xls(data: bytes, name: str) -> list[tuple[str, Rows]]:
    command = [sys.executable, "-m", __name__]
    try:
        run = subprocess.run(  # noqa: S603  -- our own interpreter and module
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(_damaged(name, f"reading it took over {SECONDS} s")) from error
    if run.returncode:
        raise SourceError(_damaged(name, "it is damaged or protected by a password"))
    return [
        (title, [(place, cells) for place, cells in rows])
        for title, rows in json.loads(run.stdout.decode("utf-8", "surrogatepass"))
    ]


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: no limit can be set
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read an xls from the standard input and write its sheets as JSON; the child's side."""
    _limit_memory()
    sheets = layout(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(sheets).encode("ascii"))


if __name__ == "__main__":
    main()
