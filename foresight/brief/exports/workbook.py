"""All tables of a sector as one Excel workbook that computes nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from foresight.brief.assets.reference_docx import packed
from foresight.brief.escape import plain, width
from foresight.brief.exports.columns import COVER, SHEETS, describe
from foresight.brief.exports.model import about_study
from foresight.brief.study import Study
from foresight.provenance import FORMULA_STARTS

MOST_UNITS = 32767  # of UTF-16 in a cell, Excel's limit
CUT = " …"
GUESSED = (*FORMULA_STARTS, "#")  # openpyxl would take such a text for a formula or an error
DECIMALS = 6
CUT_NOTE = (
    "{name}: {n} 个单元格超出 Excel 上限，全文见 {name}.csv / {n} cell(s) are longer than Excel "
    "allows and cut, whole in {name}.csv"
)
NARROW, WIDE = 9, 48  # columns of a sheet, in characters
SEEN_ROWS = 100  # rows that widths are taken from
CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_XML_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A


def workbook(study: Study, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A workbook with a cover and one sheet per table.

    Parameters
    ----------
    study : Study
    tables : mapping
        Sheet by name, in order; the name is that of the CSV file without its ending.

    Returns
    -------
    bytes, the same for the same tables
        Every text is a text cell, whatever it begins with, and is marked so that Excel leaves it
        one when it is edited; control characters are gone. A text longer than a cell can hold ends
        with an ellipsis, and the cover counts such cells.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    cover = book.create_sheet(COVER)
    cut = {}
    for name, frame in tables.items():
        cut[name] = _Sheet(book, name, [*frame.columns]).fill(_rows(frame))
    _fill_cover(book, cover, study, tables, cut=cut)
    day = datetime.fromisoformat(study.as_of)
    book.properties.creator = "Foresight"
    book.properties.title = plain(f"{study.track.name_en} {study.as_of}")
    book.properties.created = day
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    stamp = f"{study.as_of}T00:00:00Z".encode()
    parts[CORE] = _MODIFIED.sub(lambda match: match[1] + stamp, parts[CORE])
    return packed(parts)


def cell_text(text: str) -> tuple[str, bool]:
    """Text as a cell can hold it, and whether it was cut.

    A list joined by semicolons is cut between two of its items.
    """
    line = _XML_ESCAPE.sub("_x005F_", plain(text))
    if 2 * len(line) <= MOST_UNITS or len(line.encode("utf-16-le")) <= 2 * MOST_UNITS:
        return line, False
    room = 2 * (MOST_UNITS - len(CUT))
    head = line.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    whole, mark, _ = head.rpartition(";")
    return (whole if mark else head) + CUT, True


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Cells as Python values, null as None, floats rounded as in the CSV files."""
    columns = []
    for name in frame.columns:
        series = frame[name]
        if pd.api.types.is_float_dtype(series):
            series = series.astype(float).round(DECIMALS) + 0.0
        values = series.astype(object)
        columns.append(values.where(series.notna(), None).tolist())
    return [list(row) for row in zip(*columns, strict=True)]


class _Sheet:
    """A sheet with a frozen, bold head; rows are appended once widths are known."""

    def __init__(self, book: Any, name: str, head: list[str], *, sheet: Any = None) -> None:
        from openpyxl.styles import Font

        self.sheet = book.create_sheet(name) if sheet is None else sheet
        self.head = head
        self.bold = Font(bold=True)
        self.cut = 0

    def fill(self, rows: list[list[Any]], *, before: list[list[Any]] | None = None) -> int:
        """Write head and rows, after lines of their own; the number of cells that were cut."""
        from openpyxl.utils import get_column_letter

        lines = before or []
        seen = [self.head, *rows[:SEEN_ROWS]]
        for place in range(len(self.head)):
            most = max(width(_shown(row[place])) for row in seen)
            letter = get_column_letter(place + 1)
            self.sheet.column_dimensions[letter].width = min(max(most + 2, NARROW), WIDE)
        self.sheet.freeze_panes = f"A{len(lines) + 2}"
        for row in lines:
            self.sheet.append([self._cell(value) for value in row])
        self.sheet.append([self._cell(name, bold=True) for name in self.head])
        for row in rows:
            self.sheet.append([self._cell(value) for value in row])
        return self.cut

    def _cell(self, value: Any, *, bold: bool = False) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if not isinstance(value, str):
            return value
        text, short = cell_text(value)
        self.cut += short
        if not bold and not text.startswith(GUESSED):
            return text or None
        cell = WriteOnlyCell(self.sheet, text)
        cell.data_type = "s"
        if text.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
        if bold:
            cell.font = self.bold
        return cell


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:WIDE]


def _fill_cover(
    book: Any,
    sheet: Any,
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    *,
    cut: Mapping[str, int],
) -> None:
    facts = [[name, text] for name, text in about_study(study).items()]
    short = [["shortened", CUT_NOTE.format(name=name, n=n)] for name, n in cut.items() if n]
    rows = []
    for name, frame in tables.items():
        zh, en = SHEETS.get(name, ("", ""))
        rows.append([name, "", len(frame), zh, en])
        rows += [[name, column, None, *describe(name, column)] for column in frame.columns]
    head = ["sheet", "column", "rows", "说明", "meaning"]
    _Sheet(book, COVER, head, sheet=sheet).fill(rows, before=[*facts, *short, []])
