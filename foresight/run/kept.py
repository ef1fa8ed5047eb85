"""Find and read the results that an earlier run kept in `outputs/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from foresight.brief.kept import INPUTS, KeptRun
from foresight.corpus.store import Corpus
from foresight.errors import TableError
from foresight.provenance import code_digest, harmless_cell, read_json, text_digest
from foresight.run.keys import PAGES, kept_folder
from foresight.settings import Settings
from foresight.tracks import Registry

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "scores": (
        "unit_id", "unit_kind", "label_zh", "label_en", "score", "rank", "rank_lo", "rank_hi",
        "p_growth", "n_docs",
    ),
    "candidates": ("unit_id", "rule"),
    "topics": ("topic_id", "label_zh", "label_en"),
    "documents": ("doc_id", "kind"),
}  # fmt: skip
WHOLE = dict.fromkeys(("rank", "rank_lo", "rank_hi", "n_docs"), "Int64")
DROPPED = "dropped"


def inputs_of(
    corpus: Corpus, registry: Registry, settings: Settings, *, last_year: int
) -> dict[str, str]:
    """Digests of what a run is made from, by the keys of `INPUTS`; kept in `summary.json`.

    Of the corpus it is the digest of the years up to `last_year`, the run's last complete one.
    """
    numbers = [f"{name}={value}" for name, value in sorted(settings.as_dict().items())]
    return {
        "corpus": corpus.digest_as_of(f"{last_year}-12-31"),
        "registry": registry.digest,
        "settings": text_digest(*numbers),
        "code": code_digest(without=PAGES),
    }


def read_kept(
    corpus: Corpus, *, track: str, date: str, made_by: Mapping[str, str]
) -> KeptRun | None:
    """Read the newest kept run of a track before a date.

    Parameters
    ----------
    corpus : Corpus
    track : str
    date : str
        ISO date of the present run; results of this date or a later one are not read.
    made_by : mapping, of `inputs_of`
        Of the present run.

    Returns
    -------
    KeptRun or None
        None where `outputs/` holds none.

    Raises
    ------
    TableError
        If a kept file cannot be read or lacks a column.
    """
    folder = kept_folder(corpus.name, track=track, date=date)
    if folder is None:
        return None
    tables = {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    listed = tables["candidates"]
    if "state" in listed:
        listed = listed[listed["state"] != DROPPED]
    return KeptRun(
        as_of=folder.parent.name,
        scores=tables["scores"].astype(WHOLE),
        candidates=listed[["unit_id", "rule"]].reset_index(drop=True),
        topics=tables["topics"],
        documents=tables["documents"],
        differs=_differs(folder, made_by, corpus),
    )


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    texts = dict.fromkeys((name for name in columns if not _number(name)), "str")
    texts |= {"state": "str"}
    try:
        frame = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        msg = f"{path} of an earlier run cannot be read ({error}). {_advice(path)}"
        raise TableError(msg) from error
    lacking = [name for name in columns if name not in frame]
    if lacking:
        msg = f"{path} of an earlier run lacks the column(s) {', '.join(lacking)}. {_advice(path)}"
        raise TableError(msg)
    for name in texts:
        if name in frame:
            frame[name] = frame[name].map(_as_it_was, na_action="ignore").astype("str")
    return frame[[name for name in frame if name in columns or name == "state"]]


def _as_it_was(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and harmless_cell(cell[1:]) == cell else cell


def _number(name: str) -> bool:
    return name in WHOLE or name in {"score", "p_growth"}


def _advice(path: Path) -> str:
    date = path.parent.parent.name
    return f"Make that brief again (`--as-of {date}`) or move {path.parent} out of the outputs."


def _differs(folder: Path, made_by: Mapping[str, str], corpus: Corpus) -> tuple[str, ...] | None:
    """Which inputs differ; the corpus does if what it says of the years known then is another."""
    path = folder / "summary.json"
    if not path.is_file():
        return None
    try:
        summary = read_json(path)
    except ValueError as error:
        msg = f"{path} of an earlier run cannot be read ({error}). {_advice(path)}"
        raise TableError(msg) from error
    then = summary.get("made_by")
    if not then:
        return None
    now = {**made_by, "corpus": corpus.digest_as_of(f"{summary['last_year']}-12-31")}
    return tuple(name for name in INPUTS if then.get(name) != now[name])
