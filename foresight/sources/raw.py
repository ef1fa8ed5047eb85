"""The raw store: records as they came, untouched, with a card that says what they are.

`data/raw/<name>/` (see `settings.raw_dir`) holds the files and `card.json`: source, licence, day
of reading, and of each file its name, size and SHA-256.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from foresight import provenance, settings
from foresight.errors import SourceError
from foresight.sources.report import ReadReport

CARD = "card.json"
LARGEST = 1 << 30  # bytes; a larger file stays where it is and is only named


def check_not_fetched(name: str) -> None:
    """Check that the raw folder of a name is free, or holds files that a person handed over.

    Raises
    ------
    SourceError
        If it holds fetched pages: replacing it would lose them.
    """
    folder = settings.raw_dir() / name
    card = read_card(name)
    if (card is not None and "sources" in card) or (card is None and folder.is_dir()):
        msg = (
            f"{folder} holds pages that `foresight fetch` keeps, and reading files under the name "
            f"{name!r} would replace them. Give another --name."
        )
        raise SourceError(msg)


def keep_files(
    paths: Sequence[Path],
    *,
    name: str,
    source: str,
    licence: Mapping[str, str],
    day: str,
    options: Mapping[str, Any] | None = None,
    report: ReadReport | None = None,
    names: Sequence[str] | None = None,
    copy: bool = True,
) -> Path:
    """Copy files that a person handed over into the raw store, with their card.

    The folder is replaced in one step. Files of more than 1 GiB are named with size and hash
    but not copied.

    Parameters
    ----------
    paths : sequence of Path
        With different names.
    name : str
        Of the corpus.
    source : str
        Format by which the files were read.
    licence : mapping
        A text for each of zh and en.
    day : str
        ISO date of reading.
    options : mapping, optional
        Of the reading, so that it can be repeated.
    report : ReadReport, optional
        What the reading found.
    names : sequence of str, optional
        Names of the files in the store, with folders where they need them; default: their own.
    copy : bool, default True
        Whether files of up to 1 GiB are copied; else all are only named.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SourceError
        If the folder holds fetched pages.
    """
    check_not_fetched(name)
    folder = settings.raw_dir() / name
    with provenance.atomic_folder(folder) as part:
        files = []
        for path, shown in zip(paths, names or [path.name for path in paths], strict=True):
            size = path.stat().st_size
            kept = copy and size <= LARGEST
            if kept:
                (part / shown).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, part / shown)
            files.append(
                {
                    "name": shown,
                    "bytes": size,
                    "sha256": provenance.file_digest(part / shown if kept else path),
                    "kept": kept,
                }
            )
        card = {
            "source": source,
            "licence": dict(licence),
            "read": day,
            "files": files,
            "options": dict(options or {}),
            "report": report.as_dict() if report else None,
        }
        provenance.write_json(part / CARD, card)
    return folder


def read_card(name: str) -> dict[str, Any] | None:
    """The card of what lies in the raw store under a name, or None."""
    path = settings.raw_dir() / name / CARD
    return dict(provenance.read_json(path)) if path.is_file() else None
