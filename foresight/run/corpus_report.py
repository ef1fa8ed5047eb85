"""The report on a corpus: its tables, what the notebook's cells call, and running the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.brief.render import write_formats
from foresight.brief.report import (
    CorpusTables,
    compose_report,
    report_meta,
    report_title,
    write_report_figures,
)
from foresight.corpus.coverage import (
    composition,
    duplicate_counts,
    fill_counts,
    fill_rates,
    fill_years,
)
from foresight.corpus.moves import describe_moves, moved_years
from foresight.corpus.store import Corpus, open_corpus
from foresight.corpus.view import as_of
from foresight.errors import ForesightError
from foresight.provenance import write_csv
from foresight.run.briefs import resolve_date, run_folder, say
from foresight.run.keys import report_digest, report_key
from foresight.run.notebook import Gallery, files_in
from foresight.run.parameters import ReportParameters
from foresight.run.quality import quality_frame
from foresight.run.sectors import fill_folder, holds
from foresight.run.study import corpus_card
from foresight.tracks import Registry, load_registry

STEM = "report"


def build_tables(corpus: Corpus, registry: Registry, *, date: str) -> CorpusTables:
    """Compute everything that a corpus report is made from.

    Parameters
    ----------
    corpus : Corpus
    registry : Registry
    date : str
        ISO date of knowledge: nothing published later is in any table but `duplicates`, whose
        merged rows are those of the whole corpus.
    """
    view = as_of(corpus, date)
    counts = fill_counts(view)
    last_year = view.last_complete_year
    years = moved_years(view, registry.concordance)
    return CorpusTables(
        card=corpus_card(corpus, view.yearly_totals()),
        manifest=dict(corpus.manifest),
        as_of=date,
        last_published=view.last_published,
        last_year=last_year,
        composition=composition(view),
        fields=fill_rates(counts),
        field_years=fill_years(counts),
        duplicates=duplicate_counts(view, corpus.manifest),
        quality=quality_frame(view, registry),
        moves=describe_moves(years, registry.concordance, last_year=last_year),
        moved_years=years,
        digest=report_digest(corpus, registry, date=date),
    )


@dataclass(frozen=True)
class Report:
    """One corpus's tables, the languages asked for and the folder for results."""

    tables: CorpusTables
    languages: list[str]
    folder: Path

    def contents(self) -> pd.DataFrame:
        """Documents by kind, office, language, source and type, the largest of each first."""
        found = self.tables.composition.groupby("group", sort=False).head(10)
        return found.set_index(["group", "value"]).round(3)

    def fields(self) -> pd.DataFrame:
        """Share of documents that have each field."""
        return self.tables.fields.set_index("field").round(3)

    def duplicates(self) -> pd.DataFrame:
        """What was merged, and what may still be double."""
        return self.tables.duplicates.set_index(["step", "what"])

    def quality(self) -> pd.DataFrame:
        """Documents of each track, precision and recall with intervals."""
        named = [f"{name}{end}" for name in ("precision", "recall") for end in ("", "_lo", "_hi")]
        return self.tables.quality.set_index("track")[["documents", "labels", *named]].round(2)

    def moves(self) -> pd.DataFrame:
        """How the rows of the concordance stand in the corpus, those with documents."""
        names = ["since", "note", "n_old", "n_new", "n_both", "n_either", "retagged", "state"]
        found = self.tables.moves[self.tables.moves["n_either"] > 0]
        return found.set_index("row")[names].round(3)

    def figures(self) -> Gallery:
        """Write the figures and show them, those of moves ahead of the corpus aside."""
        lang = self.languages[0]
        made = write_report_figures(self.tables, self.folder, lang=lang)
        shown = [path for name, paths in made.items() if name != "ahead" for path in paths]
        return Gallery([self.folder / path for path in shown])

    def write(self) -> pd.DataFrame:
        """Write tables and report; list of files with their size in kB."""
        tables = self.tables
        frames = {
            "composition": tables.composition,
            "years": tables.card.years,
            "fields": tables.fields,
            "field_years": tables.field_years,
            "duplicates": tables.duplicates,
            "quality": tables.quality,
            "moves": tables.moves,
            "moved_years": tables.moved_years,
        }
        for name, frame in frames.items():
            write_csv(self.folder / f"{name}.csv", frame)
        for lang in self.languages:
            figures = write_report_figures(tables, self.folder, lang=lang)
            write_formats(
                compose_report(tables, figures=figures, lang=lang),
                folder=self.folder,
                stem=STEM,
                lang=lang,
                title=report_title(tables, lang),
                meta=report_meta(tables, lang),
                floats=False,
            )
        return files_in(self.folder)


def open_report(namespace: Mapping[str, Any]) -> Report:
    """Compute a corpus's tables from a notebook's parameters.

    Parameters
    ----------
    namespace : mapping
        The notebook's `globals()`, before anything but parameters is set.

    Raises
    ------
    SettingsError
        For an unknown or ill-typed parameter.
    ForesightError
        If corpus or date do not exist.
    """
    parameters = ReportParameters.from_namespace(namespace)
    corpus = open_corpus(parameters.corpus)
    date = resolve_date(corpus, parameters.as_of)
    tables = build_tables(corpus, load_registry(), date=date)
    folder = parameters.folder(corpus=corpus.name, as_of=date)
    return Report(tables, parameters.languages, folder)


def make_report(corpus: Corpus, parameters: ReportParameters) -> tuple[Path, bool]:
    """Execute `corpus_report.ipynb`, unless its folder is up to date.

    Returns
    -------
    (Path, bool)
        The first page; whether it was made now.

    Raises
    ------
    ForesightError
        If a cell fails; the notebook as far as it came is kept.
    """
    from papermill.exceptions import PapermillExecutionError

    registry = load_registry()
    date = resolve_date(corpus, parameters.as_of)
    asked = replace(parameters, as_of=date)
    folder = asked.folder(corpus=corpus.name, as_of=date)
    page = folder / f"{STEM}.{asked.languages[0]}.html"
    key = report_key(report_digest(corpus, registry, date=date), asked)
    if holds(folder, key):
        return page, False
    say(f"matching, counting and drawing (corpus {corpus.name}, as of {date})")
    failed = run_folder(corpus, date) / "failed" / "corpus_report.ipynb"
    try:
        fill_folder("corpus_report.ipynb", folder, asked, key=key, failed=failed)
    except PapermillExecutionError as error:
        msg = f"The report failed: {error.ename}: {error.evalue}. See {failed}."
        raise ForesightError(msg) from error
    return page, True
