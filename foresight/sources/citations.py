"""Tables of citations: two columns, citing and cited, beside an export of documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foresight.sources.columns import fold_header
from foresight.sources.records import Collector, Reference
from foresight.sources.sheets import Broken, Sheet

COLUMNS = ("citing", "cited")
NOT_TWO = "a citation needs a citing and a cited document"


def read_edges(
    sheets: Sequence[Sheet],
    collector: Collector,
    *,
    as_id: Callable[[str], str | None],
    kind: str = "patent",
) -> bool:
    """Read a table of citations into a collector, if the file is one.

    Parameters
    ----------
    sheets : sequence of Sheet
        What `read_sheets` gave for the file.
    collector : Collector
        Rows whose citing document it does not know are refused in the end.
    as_id : callable
        Gives the id that a cell means, or None.
    kind : str
        Of the cited documents.

    Returns
    -------
    bool
        False, and nothing is read, for a file with other columns.
    """
    sheet = sheets[0]
    header = sheet.rows[0][1]
    if isinstance(header, Broken) or tuple(map(fold_header, header)) != COLUMNS:
        return False
    for name in COLUMNS:
        collector.recognised[f"{name} (of {sheet.file})"] = name
    for line, cells in sheet.rows[1:]:
        found = [] if isinstance(cells, Broken) else list(cells[: len(COLUMNS)])
        ids = [known for cell in found if (known := as_id(cell))]
        if len(ids) < len(COLUMNS):
            collector.refuse(sheet.file, line, NOT_TWO)
        else:
            reference = Reference(ids[1], kind, raw=found[1].strip())
            collector.edge(sheet.file, line, ids[0], reference)
    collector.note(f"{sheet.file}: {len(sheet.rows) - 1} citation(s)")
    return True
