"""Which column of an export fills which field: alias maps that an analyst can edit.

A map is a YAML file in `data/aliases/`; its README says how to change one. Headers are compared
without regard to letter case, width, bracket style and spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import yaml

from foresight import settings
from foresight.errors import SourceError
from foresight.sources import texts
from foresight.sources.base import SourceTables
from foresight.sources.records import Collector, Options, Record, Source
from foresight.sources.sheets import Broken, Sheet, read_sheets

FOLDER = "aliases"
HEADER_ROWS = 20  # titles and search terms may stand above the header
MARKS = ";"
SHOWN = 12
FIELDS = frozenset(
    (
        "abstract affiliations applicant_addresses applicant_cities applicant_countries "
        "applicant_districts applicant_regions applicant_types applicants application "
        "article_number author_affiliations author_countries authors cited_dois "
        "cited_papers cited_patents cited_pmids cpc cpc_primary doc_type doi early_access "
        "family_id family_members filed first_page first_published granted institutions "
        "invalidation_dates inventor_countries inventors ipc ipc_main keywords kind_code "
        "language lapse_date legal_events license_dates litigation_dates litigations "
        "office owner_cities owner_countries owner_districts owner_first owner_last "
        "owner_regions owner_types owners patent_type pledge_dates pmid priority "
        "priority_numbers publication published references retracted short_authors "
        "short_venue source_id status subclasses title topic_main topics transfer_dates "
        "type venue volume year"
    ).split()
)
KEYS = ("source", "title", "licence", "notes", "marks", "need", "columns")


@dataclass(frozen=True)
class AliasMap:
    """The columns of one kind of export.

    Attributes
    ----------
    source : Source
    columns : dict of field to tuple of headers
        In order of preference.
    marks : dict of field to text
        Characters that separate the values of a list; `""` stands for every other field.
    need : tuple of tuples
        Of each group one field must have a column.
    file : str
        Name of the YAML file.
    """

    source: Source
    columns: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, str]
    need: tuple[tuple[str, ...], ...]
    file: str

    def fields_of(self, header: str) -> list[tuple[str, int]]:
        """Fields that a header fills, and its rank among the headers of each."""
        return _index_of(tuple(self.columns.items())).get(fold_header(header), [])


@lru_cache(maxsize=64)
def _index_of(
    columns: tuple[tuple[str, tuple[str, ...]], ...],
) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for field, headers in columns:
        for rank, header in enumerate(headers):
            known = found.setdefault(fold_header(header), [])
            if all(name != field for name, _ in known):
                known.append((field, rank))
    return found


def fold_header(text: str) -> str:
    """Reduce a header to what its spellings share.

    >>> fold_header("公开（公告）号 ") == fold_header("公开(公告)号")
    True
    """
    flat = unicodedata.normalize("NFKC", text).casefold()
    flat = flat.translate(str.maketrans("〔〕【】", "[][]"))
    return re.sub(r"[\s_\ufeff\u200b]+", "", flat)


def load_map(name: str, *, file: Path | None = None) -> AliasMap:
    """Read an alias map.

    Parameters
    ----------
    name : str
        Of the source; the map is `data/aliases/<name>.yml`.
    file : Path, optional
        Another file, in its place.

    Raises
    ------
    SourceError
        If the file is missing or malformed, or names a field that does not exist.
    """
    path = file or settings.data_dir() / FOLDER / f"{name}.yml"
    try:
        raw = _parsed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        msg = f"The alias map {path} does not exist. Restore it from git, or name another file."
        raise SourceError(msg) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"The alias map {path.name} cannot be read: {error}. Write it as UTF-8 YAML."
        raise SourceError(msg) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("columns"), dict):
        msg = f"The alias map {path.name} needs `columns`: fields, each with a list of headers."
        raise SourceError(msg)
    _check_keys(raw, path)
    columns = {field: _headers(names, field, path) for field, names in raw["columns"].items()}
    marks = {"": MARKS, **_marks(raw.get("marks"), path)}
    need = _need(raw.get("need"), path)
    title, licence = (_both(raw.get(key), key, path) for key in ("title", "licence"))
    source = Source(str(raw.get("source") or name), title, licence, _notes(raw.get("notes")))
    return AliasMap(source, columns, marks, need, path.name)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """A map's content, which nobody changes; parsing is slow, and files are many."""
    return yaml.safe_load(text)


def _check_keys(raw: Mapping[str, Any], path: Path) -> None:
    strange = sorted(set(map(str, raw)) - set(KEYS))
    unknown = sorted(set(map(str, raw["columns"])) - FIELDS)
    if strange or unknown:
        what = f"key(s) {strange}" if strange else f"field(s) {unknown}"
        known = KEYS if strange else sorted(FIELDS)
        msg = f"The alias map {path.name} has unknown {what}. Known are {', '.join(known)}."
        raise SourceError(msg)


def _headers(names: Any, field: str, path: Path) -> tuple[str, ...]:
    if isinstance(names, str):
        names = [names]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        msg = f"The alias map {path.name}: `{field}` must be a list of headers, got {names!r}."
        raise SourceError(msg)
    return tuple(names)


def _marks(value: Any, path: Path) -> dict[str, str]:
    given = {} if value is None else value
    if not isinstance(given, dict) or not all(isinstance(m, str) and m for m in given.values()):
        msg = f"The alias map {path.name}: `marks` must give characters for fields, got {value!r}."
        raise SourceError(msg)
    return {str(key): mark for key, mark in given.items()}


def _need(value: Any, path: Path) -> tuple[tuple[str, ...], ...]:
    given = [["title"], ["publication", "source_id"]] if value is None else value
    good = isinstance(given, list) and all(
        isinstance(group, list) and group and set(map(str, group)) <= FIELDS for group in given
    )
    if not good:
        msg = f"The alias map {path.name}: `need` must be a list of lists of fields, got {value!r}."
        raise SourceError(msg)
    return tuple(tuple(map(str, group)) for group in given)


def _both(value: Any, key: str, path: Path) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        msg = f"The alias map {path.name}: `{key}` must have a text for each of zh and en."
        raise SourceError(msg)
    return {lang: " ".join(str(text).split()) for lang, text in value.items()}


def _notes(value: Any) -> dict[str, list[str]]:
    given = value if isinstance(value, dict) else {}
    return {lang: [str(text) for text in given.get(lang) or []] for lang in ("zh", "en")}


class Row:
    """One row, by fields."""

    def __init__(
        self, cells: Sequence[str], places: Mapping[str, Sequence[int]], marks: Mapping[str, str]
    ) -> None:
        self._cells, self._places, self._marks = cells, places, marks

    def texts(self, field: str) -> list[str]:
        """Every filled cell of a field, in the map's order of preference."""
        found = (texts.tidy(self._cells[place]) for place in self._places.get(field, ()))
        return [text for text in found if text is not None]

    def text(self, field: str) -> str | None:
        """The first filled cell of a field."""
        return next(iter(self.texts(field)), None)

    def marks(self, field: str) -> str:
        """Characters that separate the values of a field."""
        return self._marks.get(field, self._marks[""])

    def values(self, field: str) -> list[str]:
        """Values of the first filled cell of a field."""
        return texts.split_list(self.text(field), self.marks(field))

    def every(self, field: str) -> list[str]:
        """Values of all cells of a field, each once."""
        found = (texts.split_list(cell, self.marks(field)) for cell in self.texts(field))
        return list(dict.fromkeys(value for values in found for value in values))


def fits(sheets: Sequence[Sheet], alias: AliasMap) -> bool:
    """Whether one of the sheets has the columns that a map needs."""
    return any(_find_header(sheet, alias) for sheet in sheets)


def rows_of(
    path: Path, alias: AliasMap, collector: Collector, *, sheets: Sequence[Sheet] | None = None
) -> Iterator[tuple[str, int, Row]]:
    """Give the rows of a file by fields; rows that do not fit the header are refused.

    Parameters
    ----------
    path : Path
    alias : AliasMap
    collector : Collector
    sheets : sequence of Sheet, optional
        What `read_sheets` gave for the file, where it was read before.

    Yields
    ------
    (str, int, Row)
        Name of the file (and sheet), line or row, the row.

    Raises
    ------
    SourceError
        If no sheet of the file has the columns that the map needs.
    """
    sheets = read_sheets(path) if sheets is None else sheets
    headed = [(sheet, _find_header(sheet, alias)) for sheet in sheets]
    if not any(header for _, header in headed):
        raise SourceError(_wrong_columns(sheets, alias, path))
    for sheet, header in headed:
        for note in sheet.notes:
            collector.note(note)
        if header is None:
            collector.note(
                f"{sheet.file}: {len(sheet.rows)} row(s) of a sheet without the columns of "
                f"{alias.source.name} were not read"
            )
        else:
            yield from _sheet_rows(sheet, header, alias, collector)


def read_tables(
    paths: Sequence[Path], *, form: str, record: Callable[[Row], Record], options: Options
) -> SourceTables:
    """Read files whose rows are records.

    Parameters
    ----------
    paths : sequence of Path
    form : str
        Name of the alias map.
    record : callable
        Makes the record of a row. Raises RefusedRowError with the reason.
    options : Options

    Raises
    ------
    SourceError
        If a file cannot be read, or no row becomes a document.
    """
    alias = load_map(form, file=options.aliases)
    collector = Collector(alias.source, options)
    for path in paths:
        for file, line, row in rows_of(path, alias, collector):
            collector.take(file, line, partial(record, row))
    return collector.finish(paths)


def _find_header(sheet: Sheet, alias: AliasMap) -> tuple[int, list[str]] | None:
    """Place and cells of the row that looks most like a header, among the first ones."""
    best, chosen = 0, None
    for place, (_, cells) in enumerate(sheet.rows[:HEADER_ROWS]):
        if isinstance(cells, Broken):
            continue
        found = {field for cell in cells for field, _ in alias.fields_of(cell)}
        if len(found) > best and all(found & set(group) for group in alias.need):
            best, chosen = len(found), (place, cells)
    return chosen


def _sheet_rows(
    sheet: Sheet, header: tuple[int, list[str]], alias: AliasMap, collector: Collector
) -> Iterator[tuple[str, int, Row]]:
    place, headers = header
    width = max(spot for spot, name in enumerate(headers, 1) if name.strip())
    ranked: dict[str, list[tuple[int, int]]] = {}
    for spot, cell in enumerate(headers[:width]):
        known = alias.fields_of(cell)
        name = texts.tidy(cell) or f"(column {spot + 1} without a name)"
        if not known:
            collector.ignored[name] = None
            continue
        collector.recognised[name] = ", ".join(field for field, _ in known)
        for field, rank in known:
            ranked.setdefault(field, []).append((rank, spot))
    places = {field: [spot for _, spot in sorted(spots)] for field, spots in ranked.items()}
    for field in alias.columns:
        if field not in places:
            collector.missing[field] = None
    if place:
        collector.note(f"{sheet.file}: {place} row(s) above the header were passed over")
    for line, cells in sheet.rows[place + 1 :]:
        if isinstance(cells, Broken):
            collector.refuse(sheet.file, line, cells.reason)
        elif len(cells) < width or any(cell.strip() for cell in cells[width:]):
            reason = f"another number of cells than the header ({len(headers)})"
            collector.refuse(sheet.file, line, reason)
        else:
            yield sheet.file, line, Row(cells, places, alias.marks)


def _wrong_columns(sheets: Sequence[Sheet], alias: AliasMap, path: Path) -> str:
    cells = next((row for _, row in sheets[0].rows if not isinstance(row, Broken)), [])
    found = [texts.tidy(cell) or "" for cell in cells]
    fields = {name: known for name in found if (known := alias.fields_of(name))}
    have = {field for known in fields.values() for field, _ in known}
    lacking = [
        " or ".join(f"`{field}` ({', '.join(alias.columns.get(field, ())[:3])})" for field in group)
        for group in alias.need
        if not have & set(group)
    ]
    shown = ", ".join(name[:40] for name in found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
    like = _looks_like(found, alias)
    hint = f" The columns look like those of `{like}`: read it with that format." if like else ""
    return (
        f"{path.name} has no header of {alias.source.name}. Found: {shown or 'nothing'}. "
        f"Recognised: {', '.join(list(fields)[:SHOWN]) or 'none'}. "
        f"Missing: {'; '.join(lacking)}.{hint} "
        f"If the export names them otherwise, add the names to data/aliases/{alias.file}."
    )


def _looks_like(headers: Sequence[str], alias: AliasMap) -> str | None:
    scores: dict[str, int] = {}
    for path in sorted((settings.data_dir() / FOLDER).glob("*.yml")):
        other = load_map(path.stem)
        found = {field for name in headers for field, _ in other.fields_of(name)}
        if path.name != alias.file and all(found & set(group) for group in other.need):
            scores[path.stem] = sum(bool(other.fields_of(name)) for name in headers)
    return max(scores, key=lambda name: scores[name]) if scores else None
