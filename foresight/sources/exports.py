"""The formats of files that people hand over, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Protocol

from foresight.errors import SourceError
from foresight.sources.base import SourceTables
from foresight.sources.bibtex import read_bibtex
from foresight.sources.cn_patents import read_cn_patents
from foresight.sources.cnki import read_cnki
from foresight.sources.csl import read_csl
from foresight.sources.derwent import read_derwent
from foresight.sources.lens import read_lens
from foresight.sources.openalex_csv import read_openalex_csv
from foresight.sources.patentsview_api import read_patentsview_api
from foresight.sources.records import DEFAULTS, Options
from foresight.sources.ris import read_ris
from foresight.sources.scopus import read_scopus
from foresight.sources.wos import read_wos


class Reader(Protocol):
    """How every reader is called."""

    def __call__(self, paths: Sequence[Path], *, options: Options) -> SourceTables:
        """Read files into tables."""


@dataclass(frozen=True)
class Format:
    """A format: its reader, and in a few words what it takes."""

    read: Reader
    what: str


FORMATS: dict[str, Format] = {
    "bibtex": Format(read_bibtex, "BibTeX files"),
    "cnipa": Format(partial(read_cn_patents, vendor="cnipa"), "CNIPA lists: xlsx, xls, csv"),
    "cnki": Format(read_cnki, "CNKI: RefWorks, EndNote, NoteExpress or own text, xls, csv"),
    "csl": Format(read_csl, "CSL tasks: tsv (no dates)"),
    "derwent": Format(read_derwent, "Derwent Innovation csv, xlsx; Innovations Index text"),
    "himmpat": Format(partial(read_cn_patents, vendor="himmpat"), "HimmPat: xlsx, xls, csv"),
    "incopat": Format(partial(read_cn_patents, vendor="incopat"), "incoPat: xlsx, xls, csv"),
    "lens": Format(read_lens, "The Lens: patents or works, csv or JSON lines"),
    "openalex": Format(read_openalex_csv, "OpenAlex website: csv"),
    "patsnap": Format(
        partial(read_cn_patents, vendor="patsnap"), "PatSnap (智慧芽): xlsx, xls, csv"
    ),
    "patentsview": Format(read_patentsview_api, "PatentsView replies: JSON lines, csv, citations"),
    "ris": Format(read_ris, "RIS files"),
    "scopus": Format(read_scopus, "Scopus: csv"),
    "wos": Format(read_wos, "Web of Science: plain text, tab-delimited, xls"),
}


def read_export(name: str, paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read files of a format.

    Parameters
    ----------
    name : str
        One of `FORMATS`.
    paths : sequence of Path
        One or more files; the first document of an id stands.
    options : Options, optional

    Returns
    -------
    SourceTables
        With `report`: what became of every row.

    Raises
    ------
    SourceError
        For an unknown format, a file that is missing, named twice or unreadable, or if no row
        becomes a document.
    """
    if name not in FORMATS:
        near = get_close_matches(name.casefold(), FORMATS, n=1, cutoff=0.6)
        hint = f" Did you mean {near[0]}?" if near else ""
        msg = f"There is no format {name!r}.{hint} Known are: {', '.join(FORMATS)}."
        raise SourceError(msg)
    if not paths:
        msg = "No file was given. Name one or more files to read."
        raise SourceError(msg)
    seen: dict[str, Path] = {}
    for path in paths:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            msg = f"{path} {what}. Name the files to read."
            raise SourceError(msg)
        if path.name in seen:
            other = seen[path.name]
            msg = f"{path} and {other} have the same name. Rename one: the report tells them apart."
            raise SourceError(msg)
        seen[path.name] = path
    return FORMATS[name].read(list(paths), options=options)
