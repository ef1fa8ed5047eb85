"""What a track's own files say: read back as written, for the portal to show and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.errors import RenderError
from foresight.provenance import FORMULA_STARTS, read_json

NUMBERS = {
    "scores": ("score", "score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "p_growth", "n_docs"),
    "topics": ("n_docs", "n_recent", "n_zhejiang", "born", "colour"),
    "topic_years": ("year", "n_docs", "n_corpus"),
    "track_years": ("year", "n_docs", "n_corpus"),
    "documents": ("year", "x", "y"),
    "stages": (),
}
TEXTS = {
    "scores": ("unit_id", "unit_kind", "label_zh", "label_en", "stage"),
    "topics": ("topic_id", "label_zh", "label_en", "words_zh", "words_en", "representatives"),
    "topic_years": ("topic_id",),
    "track_years": (),
    "documents": ("doc_id", "kind", "title", "published", "topic_id", "sub_directions"),
    "stages": ("unit_id", "stage_reason"),
}
SUMMARY = "summary.json"
NAVIGATION = "navigation*/report.*"


@dataclass(frozen=True)
class Sector:
    """A track's folder of results.

    `summary` is `summary.json`; the tables are the files of the same names, where a missing
    number is null and a missing text is empty; `files` are the names of what lies in the folder,
    and of navigation reports in folders below it.
    """

    summary: dict[str, Any]
    scores: pd.DataFrame
    stages: pd.DataFrame
    topics: pd.DataFrame
    topic_years: pd.DataFrame
    track_years: pd.DataFrame
    documents: pd.DataFrame
    files: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Slug of the track."""
        return str(self.summary["slug"])


def read_sector(folder: Path) -> Sector:
    """Read a track's folder.

    Raises
    ------
    RenderError
        If a table is missing, cannot be read or lacks a column.
    """
    tables = {name: _read(folder / f"{name}.csv", name) for name in NUMBERS}
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in [*folder.iterdir(), *folder.glob(NAVIGATION)]
        if path.is_file()
    )
    return Sector(summary=read_json(folder / SUMMARY), files=tuple(files), **tables)


def _read(path: Path, name: str) -> pd.DataFrame:
    where = f"{path.parent.name}/{path.name}"
    again = f"Make the brief of {path.parent.name} again, with `foresight brief`."
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"{where} cannot be read ({error}). {again}"
        raise RenderError(msg) from error
    wanted = (*TEXTS[name], *NUMBERS[name])
    lacking = [column for column in wanted if column not in frame.columns]
    if lacking:
        msg = f"{where} lacks the column(s) {', '.join(lacking)}. {again}"
        raise RenderError(msg)
    frame = frame[list(wanted)].copy()
    for column in NUMBERS[name]:
        frame[column] = pd.to_numeric(frame[column])
    for column in TEXTS[name]:
        frame[column] = frame[column].map(unguarded)
    return frame


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Rows of a table as named tuples."""
    return list(frame.itertuples(index=False))


def unguarded(value: str) -> str:
    """A text as it was before `harmless_cell` kept spreadsheets from running it."""
    return value[1:] if value[:1] == "'" and value[1:].startswith(FORMULA_STARTS) else value
