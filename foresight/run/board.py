"""The board over all tracks and the entry page, from the summaries that the briefs left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.brief.backtest.record import FOLDER, TrackRecord
from foresight.brief.board import compose_board
from foresight.brief.figures import write_board_figure
from foresight.brief.portal import (
    Sector,
    read_sector,
    render_portal,
    render_track,
    track_table,
    unit_table,
)
from foresight.brief.render import write_formats
from foresight.brief.study import CorpusCard
from foresight.brief.wording import date as spelt
from foresight.corpus.normalise import PROVINCE
from foresight.corpus.store import Corpus, open_corpus
from foresight.corpus.view import as_of
from foresight.errors import ForesightError, RenderError
from foresight.provenance import file_digest, read_json, write_csv, write_json, write_text
from foresight.run.briefs import read_manifest, resolve_date, run_folder
from foresight.run.notebook import files_in
from foresight.run.parameters import BoardParameters
from foresight.run.sectors import NAVIGATION, clean_notebook, execute
from foresight.run.study import corpus_card
from foresight.run.track_record import read_track_record
from foresight.settings import Settings
from foresight.tracks import Registry, load_registry


@dataclass(frozen=True)
class Board:
    """Summaries and tables of all finished tracks, reasons of failed ones, where pages go."""

    summaries: list[dict[str, Any]]
    sectors: list[Sector]
    failures: dict[str, str]
    registry: Registry
    corpus: CorpusCard
    as_of: str
    languages: list[str]
    folder: Path
    record: TrackRecord | None = None

    def table(self) -> pd.DataFrame:
        """One row per finished track: documents and the best unit with its score."""
        rows = [
            {
                "track": summary["slug"],
                "name": summary["name_zh"],
                "documents": summary["n_docs"],
                "best": (summary["best"] or {}).get("label_zh"),
                "score": (summary["best"] or {}).get("score"),
            }
            for summary in self.summaries
        ]
        return pd.DataFrame(rows).set_index("track").round(1)

    def write(self) -> pd.DataFrame:
        """Write board and entry page; list of files with their size in kB."""
        for lang in self.languages:
            figure = write_board_figure(self.summaries, self.folder, lang=lang)
            text = compose_board(
                self.summaries,
                registry=self.registry,
                corpus=self.corpus,
                as_of=self.as_of,
                failures=self.failures,
                lang=lang,
                figure=figure,
                record=self.record,
            )
            title = text.splitlines()[0].removeprefix("# ")
            meta = {"as_of": spelt(self.as_of, lang), "corpus": self.corpus.title[lang]}
            write_formats(
                text,
                folder=self.folder,
                stem="board",
                lang=lang,
                title=title,
                meta={**meta, "date": self.as_of},
            )
        self._write_portal()
        return files_in(self.folder)

    def _write_portal(self) -> None:
        """Entry page, a page per track, and the tables behind the entry page."""
        sectors, units = self.sectors, unit_table(self.sectors)
        write_csv(self.folder / "board.csv", track_table(self.summaries))
        write_csv(self.folder / "units.csv", units)
        for sector in sectors:
            write_text(
                self.folder / sector.slug / "index.html",
                render_track(sector, registry=self.registry),
            )
        write_text(self.folder / "index.html", self._portal(sectors, units))

    def _portal(self, sectors: list[Sector], units: pd.DataFrame) -> str:
        tested = self.folder.parent / FOLDER
        return render_portal(
            self.summaries,
            registry=self.registry,
            corpus=self.corpus,
            as_of=self.as_of,
            failures=self.failures,
            files={sector.slug: {*sector.files, "index.html"} for sector in sectors},
            board_files=sorted([*(p.name for p in self.folder.glob("board.*")), "units.csv"]),
            report_files=sorted(p.name for p in self.folder.glob("report/report.*")),
            record=self.record,
            backtest_files=sorted(p.name for p in tested.glob("report.*")) if self.record else (),
            units=units,
        )


def open_board(namespace: Mapping[str, Any]) -> Board:
    """Collect what the board shows, from a notebook's parameters.

    Parameters
    ----------
    namespace : mapping
        The notebook's `globals()`, before anything but parameters is set.

    Raises
    ------
    SettingsError
        For an unknown or ill-typed parameter.
    ForesightError
        If no brief has been made for the corpus and date.
    """
    parameters = BoardParameters.from_namespace(namespace)
    corpus = open_corpus(parameters.corpus)
    date = resolve_date(corpus, parameters.as_of)
    folder = run_folder(corpus, date)
    sectors = read_manifest(folder).get("sectors", {})
    failures = {
        slug: str(sector["reason"])
        for slug, sector in sectors.items()
        if sector["state"] == "failed"
    }
    registry = load_registry()
    files = {slug: folder / slug / "summary.json" for slug in registry.slugs}
    summaries, sectors = [], []
    for slug, file in files.items():
        if slug in failures or not file.exists():
            continue
        try:
            sectors.append(read_sector(folder / slug))
        except RenderError as error:  # made by other code, or harmed: the others are shown
            failures[slug] = str(error)
        else:
            summaries.append(read_json(file))
    for summary in summaries:
        summary["teams"] = local_teams(folder / summary["slug"], track=summary["slug"])
    if not summaries and not failures:
        msg = (
            f"No brief has been made for corpus {corpus.name!r} as of {date}. Make them with "
            f"`foresight brief --all --corpus {corpus.name} --as-of {date}`."
        )
        raise ForesightError(msg)
    card = corpus_card(corpus, as_of(corpus, date).yearly_totals())
    record = read_track_record(corpus, date=date, settings=Settings())
    return Board(
        summaries, sectors, failures, registry, card, date, parameters.languages, folder, record
    )


def local_teams(folder: Path, *, track: str) -> int | None:
    """Teams of the province in a track's navigation report; None where none has been made.

    Raises
    ------
    ForesightError
        If the table of teams cannot be read.
    """
    path = folder / NAVIGATION / "teams.csv"
    if not path.is_file():
        return None
    try:
        table = pd.read_csv(path, usecols=["unit_id", "regions"], dtype="str")
    except ValueError as error:
        msg = f"{path} cannot be read ({error}). Make it again: `foresight navigate {track}`."
        raise ForesightError(msg) from error
    regions = table.loc[table["unit_id"] == track, "regions"].fillna("").str.split(";")
    return int(regions.map(lambda names: PROVINCE in names).sum())


def make_board(corpus: Corpus, parameters: BoardParameters) -> Path:
    """Execute `board.ipynb`; path of the entry page.

    Raises
    ------
    ForesightError
        If there is no brief to show, or a cell fails.
    """
    from papermill.exceptions import PapermillExecutionError

    resolved = replace(parameters, as_of=resolve_date(corpus, parameters.as_of))
    folder = run_folder(corpus, resolved.as_of)
    open_board({"corpus": resolved.corpus, "as_of": resolved.as_of})
    with tempfile.TemporaryDirectory() as scratch:
        notebook = Path(scratch) / "board.ipynb"
        try:
            execute("board.ipynb", notebook, resolved)
        except PapermillExecutionError as error:
            kept = folder / "failed" / "board.ipynb"
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, kept)
            msg = f"The board failed: {error.ename}: {error.evalue}. See failed/board.ipynb."
            raise ForesightError(msg) from error
        clean_notebook(notebook)
        write_text(folder / "board.ipynb", notebook.read_text(encoding="utf-8"))
    manifest = read_manifest(folder)
    pages = [*folder.glob("board.*"), *folder.glob("*/index.html")]
    pages = sorted([*pages, folder / "units.csv", folder / "index.html"])
    manifest["board"] = {page.relative_to(folder).as_posix(): file_digest(page) for page in pages}
    write_json(folder / "manifest.json", manifest)
    return folder / "index.html"
