"""A corpus as it lies on disk: its base, and the deliveries that came after it.

The base's tables are files of the corpus's folder. A delivery is a folder of files below
`deliveries/`, numbered from 0001; what an earlier part says of a document that it brings again no
longer counts (`superseded.parquet` of the newest delivery: doc_id, part). Of tables that look at
the whole corpus a delivery brings the rows that it changes (`CHANGED`); of sums, all (`WHOLE`). The
manifest names the deliveries: a folder that it does not name is of a run that was killed, and is
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

DELIVERIES = "deliveries"
SUPERSEDED = "superseded"
WHOLE = ("known",)
"""Tables that a delivery brings for the whole corpus: the newest counts."""
CHANGED = {"history": ("doc_id",), "pair_firsts": ("a", "b"), "first_organisations": ("org_id",)}
"""Tables of which a delivery brings the rows that are others now, by key, and in the column `gone`
whether there is none any more; the newest row of a key counts."""


def folder_of(folder: Path, number: int) -> Path:
    """Folder of a part: 0 for the base."""
    return folder if number == 0 else folder / DELIVERIES / f"{number:04d}"


def part_numbers(manifest: Mapping[str, Any]) -> list[int]:
    """Numbers of the parts of a corpus, the base first."""
    return [0, *(int(one["number"]) for one in manifest.get("deliveries", []))]


def table_files(folder: Path, manifest: Mapping[str, Any], name: str) -> dict[int, Path]:
    """Files that hold a table, by part; parts without the table are left out."""
    numbers = part_numbers(manifest)
    chosen = numbers[-1:] if name in WHOLE else numbers
    found = {number: folder_of(folder, number) / f"{name}.parquet" for number in chosen}
    return {number: path for number, path in found.items() if path.is_file()}


def stored_table(
    read: Callable[[Path], ir.Table], folder: Path, manifest: Mapping[str, Any], name: str
) -> ir.Table:
    """A table of a corpus from all of its parts, each document as the newest part has it.

    Parameters
    ----------
    read : callable
        Gives a Parquet file as an expression.
    folder : Path
    manifest : mapping
    name : str

    Raises
    ------
    FileNotFoundError
        If no part has the table.
    """
    files = table_files(folder, manifest, name)
    if not files:
        raise FileNotFoundError(f"{folder} has no table {name}")
    tables = {number: read(path) for number, path in files.items()}
    if name in CHANGED:
        return _newest(tables, CHANGED[name])
    newest = part_numbers(manifest)[-1]
    if len(tables) == 1 and (newest == 0 or name in WHOLE):
        return next(iter(tables.values()))
    gone = read(folder_of(folder, newest) / f"{SUPERSEDED}.parquet")
    column = "citing_id" if name == "references" else "doc_id"
    again = set(superseded_parts(manifest))
    parts = []
    for number, table in tables.items():
        if number in again:
            ids = gone.filter(gone.part == number).select(gone_id="doc_id")
            table = table.anti_join(ids, table[column] == ids.gone_id)  # noqa: PLW2901
        parts.append(table)
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _newest(tables: Mapping[int, ir.Table], key: tuple[str, ...]) -> ir.Table:
    """The rows of the base and of deliveries, of each key the newest."""
    base = tables[0]
    if len(tables) == 1:
        return base
    every = [table.mutate(part=number) for number, table in tables.items() if number]
    later = ibis.union(*every) if len(every) > 1 else every[0]
    place = ibis.row_number().over(group_by=list(key), order_by=later.part.desc())
    later = later.mutate(place=place).filter(lambda t: t.place == 0)
    rest = base.anti_join(later.select(*key), list(key))
    return ibis.union(rest, later.filter(~later.gone).select(base.columns))


def superseded_parts(manifest: Mapping[str, Any]) -> list[int]:
    """Parts of which some document came again later."""
    deliveries = manifest.get("deliveries", [])
    return [int(number) for number in deliveries[-1]["supersedes"]] if deliveries else []
