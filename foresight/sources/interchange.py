"""The interchange format: a folder of tables with the contract's columns.

Each of `documents`, `references`, `classes`, `parties`, `events` is one file, `.parquet`, `.csv`,
`.csv.gz`, `.jsonl` or `.jsonl.gz`; only `documents` is required, and of its columns only doc_id,
kind, title and published. An optional `corpus.yml` (or `card.json`) gives `title`, `licence`
and `notes`, each a text or one text per language (`zh`, `en`).

Values are kept to the letter: a title is data, whatever it looks like. Only dates change: a year
or month becomes its last day, because by then at the latest the document was public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from foresight.errors import SourceError, TableError
from foresight.provenance import file_digest
from foresight.sources.base import SourceTables, conform
from foresight.sources.files import SUFFIXES, read_table
from foresight.sources.values import as_bool, as_date, as_int
from foresight.tables import CORPUS_TABLES, DOCUMENTS, Table

CARDS = ("corpus.yml", "card.json")
CARD_KEYS = ("title", "licence", "notes")
SHOWN = 5
UNSTATED = {"zh": "提供者未说明许可", "en": "licence not stated by the supplier"}


def read_interchange(folder: Path, *, today: str | None = None) -> SourceTables:
    """Read a folder in the interchange format.

    Parameters
    ----------
    folder : Path
    today : str, optional
        ISO date after which `published` is reported as lying in the future; default is the
        day in UTC. Such documents are kept.

    Returns
    -------
    SourceTables
        As supplied, with typed columns and full dates. Repetitions and links between tables are
        judged when the corpus is written.

    Raises
    ------
    SourceError
        If the folder or `documents` is missing, a table has two files, or a file is empty or
        cannot be read.
    TableError
        If a column is missing, or a value is no date, whole number, truth value or known kind.
    """
    files = find_files(folder)
    tables: dict[str, pa.Table] = {}
    caveats: list[dict[str, str]] = []
    counts: dict[str, int] = {}
    for table in CORPUS_TABLES:
        if table.name not in files:
            continue
        path = files[table.name]
        tables[table.name], ignored = read_checked(path, table, counts)
        if ignored:
            caveats.append(_ignored(path.name, ignored))
    caveats += _date_caveats(tables["documents"], counts, today or _utc_today())
    card = read_card(folder)
    names = [*files.values(), *(folder / name for name in CARDS if (folder / name).is_file())]
    origin = {path.name: file_digest(path) for path in names}
    return SourceTables(
        tables, card["title"], card["licence"], card["notes"], origin, counts, caveats
    )


def find_files(folder: Path) -> dict[str, Path]:
    """Find the file of each table.

    Returns
    -------
    dict of table name to Path

    Raises
    ------
    SourceError
        If the folder is missing, a table has two files, or there is none for `documents`.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        msg = f"{folder} {what}. Give the folder that holds documents{SUFFIXES[0]} or the like."
        raise SourceError(msg)
    present = sorted(p.name for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    found: dict[str, Path] = {}
    for table in CORPUS_TABLES:
        names = [name for name in present if name in {table.name + end for end in SUFFIXES}]
        if len(names) > 1:
            msg = (
                f"{folder} holds {len(names)} files for table `{table.name}`: {', '.join(names)}. "
                "Keep one of them."
            )
            raise SourceError(msg)
        if names:
            found[table.name] = folder / names[0]
    if "documents" not in found:
        near = get_close_matches("documents.csv", present, n=1, cutoff=0.6)
        advice = f" Is {near[0]} meant? Rename it." if near else ""
        msg = (
            f"{folder} has no documents file. Expected documents with one of the endings "
            f"{', '.join(SUFFIXES)}; found: {', '.join(present[:SHOWN]) or 'nothing'}.{advice}"
        )
        raise SourceError(msg)
    return found


def read_checked(path: Path, table: Table, counts: dict[str, int]) -> tuple[pa.Table, list[str]]:
    """Read one table and check its columns and values.

    Parameters
    ----------
    path : Path
    table : Table
        The contract.
    counts : dict
        Gets the numbers of dates that were completed.

    Returns
    -------
    (pyarrow Table, list of str)
        With the columns and types of the contract; names of further columns, which are left out.

    Raises
    ------
    SourceError, TableError
        See `read_interchange`.
    """
    raw = read_table(path)
    _check_columns(raw, table, path)
    ignored = [name for name in raw.column_names if name not in table.names]
    return _typed(raw, table, path, counts), ignored


def _check_columns(raw: pa.Table, table: Table, path: Path) -> None:
    if raw.num_rows == 0:
        msg = f"{path.name} has no rows. Add the records, or leave the file out if there are none."
        raise SourceError(msg)
    missing = [name for name in table.required if name not in raw.column_names]
    if not missing:
        return
    hints = []
    for name in missing:
        near = get_close_matches(name, raw.column_names, n=1, cutoff=0.6)
        folded = {column.strip().casefold(): column for column in raw.column_names}
        close = folded.get(name) or (near[0] if near else None)
        if close:
            hints.append(f" Is `{close}` meant to be `{name}`?")
    if len(raw.column_names) == 1 and any(mark in raw.column_names[0] for mark in ";\t|"):
        hints.append(" Columns must be separated by commas.")
    msg = (
        f"{path.name} lacks the column(s) {', '.join(missing)}. It has: "
        f"{', '.join(raw.column_names)}. Rename or add them.{''.join(hints)}"
    )
    raise TableError(msg)


def _typed(raw: pa.Table, table: Table, path: Path, counts: dict[str, int]) -> pa.Table:
    columns: dict[str, pa.ChunkedArray] = {}
    for column in table.columns:
        if column.name not in raw.column_names:
            continue
        values = raw[column.name]
        where = f"{path.name}, column `{column.name}`"
        if column.required:
            _check_filled(values, where)
        if column.type == "date":
            values, shortened = as_date(values, where=where)
            if shortened:
                counts[f"dates_completed_{table.name}_{column.name}"] = shortened
        elif column.type == "int":
            values = as_int(values, where=where)
        elif column.type == "bool":
            values = as_bool(values, where=where)
        elif column.allowed:
            _check_allowed(values, column.allowed, where)
        columns[column.name] = values
    return conform(pa.table(columns), table)


def _check_filled(values: pa.ChunkedArray, where: str) -> None:
    blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(values, "")), "")
    rows = pc.indices_nonzero(blank).to_pylist()
    if rows:
        msg = (
            f"{where} is empty in {len(rows)} of {len(values)} record(s), first at record(s) "
            f"{', '.join(str(row + 1) for row in rows[:SHOWN])}. Fill it or remove the records."
        )
        raise TableError(msg)


def _check_allowed(values: pa.ChunkedArray, allowed: tuple[str, ...], where: str) -> None:
    strange = sorted(set(pc.unique(values).drop_null().to_pylist()) - set(allowed))
    if strange:
        near = get_close_matches(strange[0].casefold(), allowed, n=1, cutoff=0.6)
        hint = f" Is {strange[0]!r} meant to be {near[0]!r}?" if near else ""
        shown = ", ".join(repr(value) for value in strange[:SHOWN])
        msg = f"{where} holds {shown}; allowed are {', '.join(allowed)}.{hint}"
        raise TableError(msg)


def read_card(folder: Path) -> dict[str, Any]:
    """Read title, licence and notes of a corpus; what the supplier does not state is said to be so.

    Returns
    -------
    dict
        `title` and `licence` (dict by language), `notes` (dict of lists by language).

    Raises
    ------
    SourceError
        If the card cannot be read, has an unknown key or language, or there are two.
    """
    paths = [folder / name for name in CARDS if (folder / name).is_file()]
    if len(paths) > 1:
        msg = f"{folder} holds both {' and '.join(CARDS)}. Keep one of them."
        raise SourceError(msg)
    given: dict[str, Any] = _card_values(paths[0]) if paths else {}
    unknown = sorted(set(given) - set(CARD_KEYS))
    if unknown:
        msg = (
            f"{paths[0].name} has unknown key(s) {unknown}. Known are {', '.join(CARD_KEYS)}, "
            "each a text or one text for each of zh and en."
        )
        raise SourceError(msg)
    name = folder.resolve().name
    return {
        "title": _languages(given.get("title"), {"zh": name, "en": name}, "title"),
        "licence": _languages(given.get("licence"), UNSTATED, "licence"),
        "notes": {
            lang: texts if isinstance(texts, list) else [texts]
            for lang, texts in _languages(given.get("notes"), {"zh": [], "en": []}, "notes").items()
        },
    }


def _card_values(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        msg = f"{path.name} cannot be read: {error}. Write it as UTF-8 with title, licence, notes."
        raise SourceError(msg) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        msg = f"{path.name} must hold the keys {', '.join(CARD_KEYS)}, not {type(values).__name__}."
        raise SourceError(msg)
    return {str(key): value for key, value in values.items()}


def _languages(value: Any, otherwise: Mapping[str, Any], key: str) -> dict[str, Any]:
    if value is None:
        return dict(otherwise)
    texts = value if isinstance(value, dict) else {"zh": value, "en": value}
    plain = all(
        isinstance(text, str)
        or (key == "notes" and isinstance(text, list) and all(isinstance(t, str) for t in text))
        for text in texts.values()
    )
    if not texts or set(texts) - {"zh", "en"} or not plain:
        msg = (
            f"`{key}` of the corpus card must be a text{' or list of texts' * (key == 'notes')}, "
            f"or one for each of zh and en; got {value!r}."
        )
        raise SourceError(msg)
    first = next(iter(texts.values()))
    return {lang: texts.get(lang, first) for lang in ("zh", "en")}


def _ignored(name: str, columns: list[str]) -> dict[str, str]:
    shown = ", ".join(columns)
    return {
        "zh": f"{name} 中不属于交换格式的列未使用：{shown}。",
        "en": f"Columns of {name} that the format does not know were ignored: {shown}.",
    }


def _date_caveats(documents: pa.Table, counts: dict[str, int], today: str) -> list[dict[str, str]]:
    found = []
    completed = counts.get(f"dates_completed_{DOCUMENTS.name}_published", 0)
    if completed:
        found.append(
            {
                "zh": f"{completed}件文献的公开日只有年份或月份，按该期最后一天计。",
                "en": f"{completed} document(s) give only a year or month of publication; "
                "the last day of it is used.",
            }
        )
    late = pc.sum(pc.greater(documents["published"], today)).as_py() or 0
    if late:
        counts["published_in_future"] = late
        found.append(
            {
                "zh": f"{late}件文献的公开日晚于导入日（{today}），"
                "保留在库中，但不进入该日及以前的任何时点视图。",
                "en": f"{late} document(s) are dated after the day of import ({today}); "
                "they are kept and enter no view up to that day.",
            }
        )
    return found


def _utc_today() -> str:
    return datetime.now(UTC).date().isoformat()
