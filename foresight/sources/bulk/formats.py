"""The formats of bulk files, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from foresight.errors import SourceError
from foresight.sources.bulk.arxiv import stream_arxiv
from foresight.sources.bulk.base import Stream
from foresight.sources.bulk.google_patents import stream_google_patents
from foresight.sources.bulk.openalex import stream_openalex
from foresight.sources.bulk.parts import stream_parts
from foresight.sources.bulk.patentsview import stream_patentsview

LINES = (".gz", ".jsonl", ".json", ".ndjson")


class Reader(Protocol):
    """How every bulk reader is called."""

    def __call__(self, paths: Sequence[Path], *, names: Sequence[str]) -> Stream:
        """Open files as a stream."""


@dataclass(frozen=True)
class BulkFormat:
    """A format: its reader, the endings of its files in a folder, and what it takes."""

    read: Reader
    endings: tuple[str, ...]
    what: str


BULK: dict[str, BulkFormat] = {
    "arxiv-metadata": BulkFormat(stream_arxiv, LINES, "arXiv metadata: JSON lines"),
    "google-patents": BulkFormat(
        stream_google_patents, (".parquet",), "Google Patents Public Data: Parquet"
    ),
    "interchange-parts": BulkFormat(
        stream_parts, (".parquet",), "interchange format: <table>-<part>.parquet"
    ),
    "openalex-snapshot": BulkFormat(stream_openalex, LINES, "OpenAlex snapshot: works"),
    "patentsview-tables": BulkFormat(
        stream_patentsview, (".tsv.zip", ".tsv.gz", ".tsv"), "PatentsView: g_*.tsv.zip"
    ),
}


def bulk_files(form: str, paths: Sequence[Path]) -> dict[str, Path]:
    """Find the files of a format.

    Parameters
    ----------
    form : str
        One of `BULK`.
    paths : sequence of Path
        Files, and folders that are searched to any depth for the endings of the format.

    Returns
    -------
    dict of str to Path
        Name in reports (for files of a folder with the folders below it) to path, in order.

    Raises
    ------
    SourceError
        If a path does not exist, a folder holds no file of the format, or two names are the same.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.is_file():
            some = {path.name: path}
        elif path.is_dir():
            endings = BULK[form].endings
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.name.endswith(endings))
            some = {file.relative_to(path).as_posix(): file for file in inside}
            if not some:
                msg = f"{path} holds no file that ends with {', '.join(endings)}. Name the files."
                raise SourceError(msg)
        else:
            msg = f"{path} does not exist. Name the files to read, or their folder."
            raise SourceError(msg)
        twice = sorted(found.keys() & some)
        if twice:
            msg = f"Two files are called {twice[0]}. Give the folder above both, or rename one."
            raise SourceError(msg)
        found |= some
    return found


def open_bulk(form: str, files: dict[str, Path]) -> Stream:
    """Open files of a format as a stream."""
    return BULK[form].read(list(files.values()), names=list(files))
