"""What `foresight backtest` does: compute or find the backtest, then write its report."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.brief.backtest.figures import write_backtest_figures
from foresight.brief.backtest.record import FOLDER, TrackRecord
from foresight.brief.backtest.report import (
    BacktestTables,
    backtest_meta,
    backtest_title,
    compose_backtest,
)
from foresight.brief.backtest.words import verdict_sentence
from foresight.brief.render import write_formats
from foresight.corpus.store import Corpus, open_corpus
from foresight.corpus.view import as_of
from foresight.emergence.methods import METHODS
from foresight.emergence.metrics import FIGURES
from foresight.errors import ForesightError, SettingsError
from foresight.parallel import Jobs
from foresight.provenance import atomic_folder, file_digest, file_list, read_json, write_json
from foresight.run.backtest_stage import FILES, compute_backtest
from foresight.run.briefs import resolve_date, say
from foresight.run.keys import backtest_key
from foresight.run.notebook import Gallery, files_in
from foresight.run.parameters import BacktestParameters
from foresight.run.sectors import RUN_FILE, fill_folder, holds
from foresight.run.study import corpus_card
from foresight.run.track_record import METHOD, control_files, read_controls
from foresight.settings import Settings, outputs_dir

STEM = "report"


@dataclass(frozen=True)
class Backtest:
    """A backtest that has been made.

    Attributes
    ----------
    folder : Path
        Holds results.csv, metrics.json, panel.csv (features and outcomes), reliability.csv,
        places.csv and, but for a control, the report.
    metrics : dict
    made : bool
        Whether anything was made now, or was there already.
    """

    folder: Path
    metrics: dict[str, Any]
    made: bool

    @property
    def pages(self) -> list[Path]:
        """Files of the report; none of a control."""
        return sorted(self.folder.glob(f"{STEM}.*"))


def read_cutoffs(text: str) -> list[int] | None:
    """Years from `2008:2018`, `2008,2012` or both; None for an empty text: choose from the data.

    Raises
    ------
    SettingsError
    """
    years: list[int] = []
    for part in (piece.strip() for piece in text.split(",") if piece.strip()):
        first, colon, last = part.partition(":")
        if not first.isdigit() or (colon and not last.isdigit()) or int(last or first) < int(first):
            msg = f"--cutoffs takes years, as 2008:2018 or 2008,2012, got {part!r}."
            raise SettingsError(msg)
        years += range(int(first), int(last or first) + 1)
    return sorted(set(years)) or None


def make_backtest(
    corpus: Corpus,
    parameters: BacktestParameters,
    *,
    shuffle: int | None = None,
    processes: Jobs = 1,
) -> Backtest:
    """Run the backtest of a corpus and write its report, each unless it is up to date.

    Parameters
    ----------
    corpus : Corpus
    parameters : BacktestParameters
        Of the notebook; `output` is set here.
    shuffle : int, optional
        Seed by which the years of documents are dealt out anew: the control, in which nothing can
        be foreseen. It stands in a folder of its own, without a report.
    processes : int or str
        Processes here, or the cluster that does the cut-offs.

    Returns
    -------
    Backtest

    Raises
    ------
    ForesightError
        If horizon or cut-offs cannot be had from the corpus, or a cell of the notebook fails; the
        notebook as far as it came is kept.
    """
    from papermill.exceptions import PapermillExecutionError

    asked = replace(parameters, as_of=resolve_date(corpus, parameters.as_of))
    computed, base = compute_backtest(
        corpus,
        cutoffs=read_cutoffs(asked.cutoffs),
        horizon=asked.horizon,
        date=asked.as_of,
        settings=Settings.from_mapping(asked.settings),
        shuffle=shuffle,
        learn=asked.learn,
        processes=processes,
    )
    if shuffle is not None:
        return _control(corpus, computed, base, seed=shuffle)
    folder = asked.folder(corpus=corpus.name)
    controls = [file_digest(file) for file in control_files(corpus.name)]
    key = backtest_key(base, asked, controls=controls)
    metrics = read_json(computed / "metrics.json")
    if holds(folder, key):
        return Backtest(folder, metrics, made=False)
    say("writing the report")
    failed = folder.parent / "failed" / "backtest.ipynb"
    try:
        fill_folder("backtest.ipynb", folder, asked, key=key, failed=failed)
    except PapermillExecutionError as error:
        msg = f"The report failed: {error.ename}: {error.evalue}. See {failed}."
        raise ForesightError(msg) from error
    return Backtest(folder, metrics, made=True)


def _control(corpus: Corpus, computed: Path, key: str, *, seed: int) -> Backtest:
    folder = outputs_dir() / corpus.name / f"{FOLDER}-shuffled-{seed}"
    made = not holds(folder, key)
    if made:
        with atomic_folder(folder) as part:
            copy_results(computed, part)
            write_json(part / RUN_FILE, {"key": key, "files": file_list(part)})
    return Backtest(folder, read_json(folder / "metrics.json"), made)


def copy_results(computed: Path, folder: Path) -> None:
    """Copy the files of a backtest from the cache."""
    for name in FILES:
        shutil.copyfile(computed / name, folder / name)


@dataclass(frozen=True)
class BacktestReport:
    """One corpus's backtest, where it was computed, the languages asked for and the folder."""

    tables: BacktestTables
    computed: Path
    languages: list[str]
    folder: Path

    @property
    def record(self) -> TrackRecord:
        """The figures."""
        return self.tables.record

    def verdict(self) -> pd.DataFrame:
        """What the figures come to, one row per language and published score."""
        rows = [
            (method, lang, verdict_sentence(self.record, method, lang))
            for method in self.record.published
            for lang in self.languages
        ]
        return pd.DataFrame(rows, columns=["method", "language", "verdict"]).set_index("method")

    def methods(self) -> pd.DataFrame:
        """Figures of every method over the cut-offs compared, with their intervals."""
        rows = {
            method: {
                f"{name}{end}": self.record.figure(method, name)[part]
                for name in FIGURES
                for part, end in (("value", ""), ("lo", "_lo"), ("hi", "_hi"))
            }
            for method in self.record.spoke
        }
        return pd.DataFrame(rows).T.astype(float).round(3)

    def differences(self) -> pd.DataFrame:
        """Spearman's correlation of each score less that of each baseline."""
        rows = [
            {"score": score, "baseline": baseline, **self.record.gain(score, baseline, "spearman")}
            for score in self.record.scores
            for baseline in self.record.baselines
        ]
        return pd.DataFrame(rows).set_index(["score", "baseline"]).round(3)

    def figures(self) -> Gallery:
        """Write the figures and show them."""
        made = write_backtest_figures(self.tables, self.folder, lang=self.languages[0])
        return Gallery([self.folder / path for path in made.values()])

    def write(self) -> pd.DataFrame:
        """Write results and report; list of files with their size in kB."""
        copy_results(self.computed, self.folder)
        for lang in self.languages:
            figures = write_backtest_figures(self.tables, self.folder, lang=lang)
            write_formats(
                compose_backtest(self.tables, figures=figures, lang=lang),
                folder=self.folder,
                stem=STEM,
                lang=lang,
                title=backtest_title(self.tables, lang),
                meta=backtest_meta(self.tables, lang),
                floats=False,
            )
        return files_in(self.folder)


def open_backtest(namespace: Mapping[str, Any]) -> BacktestReport:
    """Compute a corpus's backtest, or find it, from a notebook's parameters.

    Parameters
    ----------
    namespace : mapping
        The notebook's `globals()`, before anything but parameters is set.

    Raises
    ------
    SettingsError
        For an unknown or ill-typed parameter.
    ForesightError
        If corpus, date or cut-offs do not exist.
    """
    parameters = BacktestParameters.from_namespace(namespace)
    corpus = open_corpus(parameters.corpus)
    date = resolve_date(corpus, parameters.as_of)
    computed, key = compute_backtest(
        corpus,
        cutoffs=read_cutoffs(parameters.cutoffs),
        horizon=parameters.horizon,
        date=date,
        settings=Settings.from_mapping(parameters.settings),
        learn=parameters.learn,
    )
    metrics = read_json(computed / "metrics.json")
    record = TrackRecord(
        metrics=metrics,
        method=parameters.method or METHOD,
        controls=read_controls(corpus, metrics=metrics),
        digest=file_digest(computed / "metrics.json"),
    )
    places = pd.read_csv(computed / "places.csv", encoding="utf-8-sig")
    card = corpus_card(corpus, as_of(corpus, date).yearly_totals())
    folder = parameters.folder(corpus=corpus.name)
    folder.mkdir(parents=True, exist_ok=True)
    tables = BacktestTables(record, card, places, key)
    return BacktestReport(tables, computed, parameters.languages, folder)


def summary(metrics: dict[str, Any]) -> str:
    """The table of methods over all cut-offs, as text."""
    names = ("spearman", "precision_at_10pct", "auc", "csi", "brier_skill")
    head = ("method", "spearman", "precision 10 %", "auc", "csi", "brier skill")
    lines = ["".join(f"{text:<26}" if not i else f"{text:<22}" for i, text in enumerate(head))]
    for method in METHODS:
        row = metrics["methods"][method]["all"]
        cells = ["silent"] if row is None else [_cell(row[name]) for name in names]
        lines.append(f"{method:<26}" + "".join(f"{cell:<22}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


def _cell(figure: dict[str, float | None]) -> str:
    if figure["value"] is None:
        return "-"
    lo, hi = figure["lo"], figure["hi"]
    span = "" if lo is None or hi is None else f" ({lo:.2f} to {hi:.2f})"
    return f"{figure['value']:.2f}{span}"
