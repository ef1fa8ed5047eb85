"""Reading files that people hand over into a corpus, with the account of every row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from foresight import provenance, settings
from foresight.corpus.intake import BulkReport, write_stream
from foresight.corpus.store import Corpus, check_name, write_corpus
from foresight.errors import SettingsError
from foresight.sources.base import SourceTables
from foresight.sources.bulk.formats import bulk_files, open_bulk
from foresight.sources.exports import read_export
from foresight.sources.raw import LARGEST, check_not_fetched, keep_files
from foresight.sources.records import NothingReadError, Options
from foresight.sources.report import ReadReport, fill_rates
from foresight.sources.values import full_date


def read_corpus(
    form: str, paths: Sequence[Path], *, name: str, options: Options
) -> tuple[Corpus, SourceTables]:
    """Read files of a format into a corpus; keep the files, and list the refused rows.

    The list is `<name>.refused.csv` beside the corpus; it is written also when no row became a
    document, and removed when none was refused.

    Parameters
    ----------
    form : str
        A format of `foresight.sources.exports`.
    paths : sequence of Path
    name : str
        Of the corpus; one of the same name is replaced.
    options : Options

    Returns
    -------
    (Corpus, SourceTables)

    Raises
    ------
    SettingsError
        For the name of the default corpus, or a date that is none.
    SourceError
        See `read_export`; or if there are fetched pages under the name.
    """
    check_name(name)
    if name == "sample":
        msg = "`sample` is the name of the default corpus. Give yours another --name."
        raise SettingsError(msg)
    check_not_fetched(name)
    options = replace(options, published=_date(options.published))
    try:
        source = read_export(form, paths, options=options)
    except NothingReadError as error:
        write_refused(error.report, name=name)
        raise
    corpus = write_corpus(source, name=name)
    used = {"keep_minor": options.keep_minor, "published": options.published}
    keep_files(
        paths,
        name=name,
        source=form,
        licence=source.licence,
        day=options.day,
        options=used,
        report=source.report,
    )
    if source.report is not None:
        write_refused(source.report, name=name)
    return corpus, source


def read_bulk(
    form: str,
    paths: Sequence[Path],
    *,
    name: str,
    progress: Callable[[int], object] | None = None,
    today: str | None = None,
) -> tuple[Corpus, BulkReport]:
    """Read bulk files into a corpus: memory does not grow with them.

    The refused records are listed in `<name>.refused.csv` beside the corpus. The files are copied
    to the raw store if all of them together have up to 1 GiB; else its card names them.

    Parameters
    ----------
    form : str
        A format of `foresight.sources.bulk.formats`.
    paths : sequence of Path
        Files and folders.
    name : str
        Of the corpus; one of the same name is replaced.
    progress : callable, optional
        Told the number of records read since the last call.
    today : str, optional
        ISO date; default is the day in UTC.

    Returns
    -------
    (Corpus, BulkReport)

    Raises
    ------
    SettingsError
        For the name of the default corpus.
    SourceError
        If a file is missing or damaged, no record becomes a document, or there are fetched pages
        under the name.
    """
    check_name(name)
    if name == "sample":
        msg = "`sample` is the name of the default corpus. Give yours another --name."
        raise SettingsError(msg)
    check_not_fetched(name)
    files = bulk_files(form, paths)
    stream = open_bulk(form, files)
    day = today or datetime.now(UTC).date().isoformat()
    corpus, report = write_stream(
        stream,
        name=name,
        origin=lambda: {shown: provenance.file_digest(path) for shown, path in files.items()},
        today=day,
        progress=progress,
        refused=lambda path: _list_refused(path, name=name),
    )
    keep_files(
        list(files.values()),
        name=name,
        source=form,
        licence=stream.licence,
        day=day,
        names=list(files),
        copy=sum(path.stat().st_size for path in files.values()) <= LARGEST,
    )
    return corpus, report


def _list_refused(path: Path, *, name: str) -> None:
    """Write the list of refused records, some at a time."""
    target = refused_path(name)
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows == 0:
            target.unlink(missing_ok=True)
            return
        with (
            provenance.atomic_path(target) as part,
            part.open("w", encoding="utf-8-sig", newline="") as stream,
        ):
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(file.schema_arrow.names)
            for batch in file.iter_batches():
                rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                writer.writerows([provenance.harmless_cell(cell) for cell in row] for row in rows)


def _date(text: str | None) -> str | None:
    if text is None:
        return None
    value = full_date(text)
    if value is None:
        msg = f"--published must be a date such as 2020-06-30 or 2020, got {text!r}."
        raise SettingsError(msg)
    return value[0]


def refused_path(name: str) -> Path:
    """File that lists the refused rows of a corpus."""
    return settings.corpora_dir() / f"{name}.refused.csv"


def write_refused(report: ReadReport, *, name: str) -> Path | None:
    """Write the refused rows: file, line, reason. No cell can run as a formula.

    Returns
    -------
    Path or None
        None, and no file is left, if no row was refused.
    """
    path = refused_path(name)
    if not report.refusals:
        path.unlink(missing_ok=True)
        return None
    rows = [(r.file, r.line, r.reason) for r in report.refusals]
    frame = pd.DataFrame(rows, columns=["file", "line", "reason"]).astype({"line": "Int64"})
    provenance.write_csv(path, frame)
    return path


def report_text(source: SourceTables) -> str:
    """The account of a reading with the share of documents that have each field."""
    report = source.report
    lines = [report.text()] if report else []
    rates = fill_rates(source.tables)
    filled = ", ".join(f"{field} {rate:.0%}" for field, rate in rates.items())
    return "\n".join([*lines, f"documents that have each field: {filled}"])
