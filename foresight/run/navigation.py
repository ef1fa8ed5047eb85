"""What `foresight navigate` does: compute or find the tables, then write the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.brief.navigation.claims import read_navigation_claims
from foresight.brief.navigation.figures import write_navigation_figures
from foresight.brief.navigation.report import (
    compose_navigation,
    navigation_meta,
    navigation_title,
)
from foresight.brief.navigation.tables import NavigationTables
from foresight.brief.render import write_formats
from foresight.corpus.store import Corpus, open_corpus
from foresight.corpus.view import as_of
from foresight.errors import ForesightError
from foresight.provenance import write_csv
from foresight.run.briefs import resolve_date, run_folder, say
from foresight.run.keys import navigation_key
from foresight.run.labelling import retrieval_of
from foresight.run.navigation_stage import compute_navigation, find_region, read_tables
from foresight.run.notebook import Gallery, files_in
from foresight.run.parameters import NavigationParameters
from foresight.run.sectors import fill_folder, holds
from foresight.run.study import corpus_card
from foresight.tracks import Registry, load_registry

STEM = "report"


def folder_of(
    parameters: NavigationParameters, registry: Registry, *, corpus: str, date: str
) -> Path:
    """Folder of a navigation report."""
    region = find_region(parameters.region, registry)
    name = region.en.lower() if region.city else ""
    track = registry.track(parameters.track).slug
    return parameters.folder(corpus=corpus, as_of=date, track=track, region=name)


@dataclass(frozen=True)
class Navigation:
    """One navigation's tables, the languages asked for and the folder for results."""

    tables: NavigationTables
    languages: list[str]
    folder: Path

    def direction(self) -> pd.DataFrame:
        """Course of the track and its branches."""
        frame = self.tables.frames["direction"].drop(columns=["doc_ids", "all_ids"])
        return frame.set_index("unit_id").round(3)

    def position(self) -> pd.DataFrame:
        """The track at every level."""
        frame = self.tables.frames["position"]
        own = frame[frame["unit_id"] == self.tables.slug]
        names = ["level", "view", "indicator"]
        return own.set_index(names)[["value", "lo", "hi", "n", "reason"]].round(3)

    def path(self) -> pd.DataFrame:
        """Recommendations, and why a chapter has none."""
        names = ["chapter", "rule", "kind", "name", "unit_id", "measure", "value", "n", "reason"]
        return self.tables.frames["path"][names].round(3)

    def claims(self) -> pd.DataFrame:
        """Every statement of the report that carries a number."""
        return read_navigation_claims(self.tables).frame().set_index("claim_id")

    def figures(self) -> Gallery:
        """Write the figures and show them."""
        made = write_navigation_figures(self.tables, self.folder, lang=self.languages[0])
        return Gallery([self.folder / path for path in made.values()])

    def write(self) -> pd.DataFrame:
        """Write tables and report; list of files with their size in kB."""
        for name, frame in self.tables.frames.items():
            write_csv(self.folder / f"{name}.csv", frame)
        write_csv(self.folder / "claims.csv", self.claims().reset_index())
        for lang in self.languages:
            figures = write_navigation_figures(self.tables, self.folder, lang=lang)
            write_formats(
                compose_navigation(self.tables, figures=figures, lang=lang),
                folder=self.folder,
                stem=STEM,
                lang=lang,
                title=navigation_title(self.tables, lang),
                meta=navigation_meta(self.tables, lang),
                floats=False,
            )
        return files_in(self.folder)


def open_navigation(namespace: Mapping[str, Any]) -> Navigation:
    """Compute a navigation, or find it, from a notebook's parameters.

    Parameters
    ----------
    namespace : mapping
        The notebook's `globals()`, before anything but parameters is set.

    Raises
    ------
    SettingsError
        For an unknown or ill-typed parameter, or an unknown region.
    ForesightError
        If track, corpus or date do not exist.
    """
    parameters = NavigationParameters.from_namespace(namespace)
    registry = load_registry()
    track = registry.track(parameters.track)
    corpus = open_corpus(parameters.corpus)
    date = resolve_date(corpus, parameters.as_of)
    computed, key = compute_navigation(corpus, registry, parameters, date=date)
    frames, facts = read_tables(computed)
    tables = NavigationTables(
        track=track,
        card=corpus_card(corpus, as_of(corpus, date).yearly_totals()),
        frames=frames,
        facts=facts,
        cities={"浙江": "Zhejiang"} | {city.zh: city.en for city in registry.cities},
        retrieval=retrieval_of(corpus, registry, track=track.slug),
        digest=key,
    )
    folder = folder_of(parameters, registry, corpus=corpus.name, date=date)
    folder.mkdir(parents=True, exist_ok=True)
    return Navigation(tables, parameters.languages, folder)


def make_navigation(corpus: Corpus, parameters: NavigationParameters) -> tuple[Path, bool]:
    """Execute `patent_navigation.ipynb`, unless its folder is up to date.

    Returns
    -------
    (Path, bool)
        The first page; whether it was made now.

    Raises
    ------
    ForesightError
        If track, region or date do not exist, or a cell fails; the notebook as far as it came is
        kept.
    """
    from papermill.exceptions import PapermillExecutionError

    registry = load_registry()
    date = resolve_date(corpus, parameters.as_of)
    track = registry.track(parameters.track).slug
    asked = replace(parameters, track=track, as_of=date)
    folder = folder_of(asked, registry, corpus=corpus.name, date=date)
    page = folder / f"{STEM}.{asked.languages[0]}.html"
    _, computed = compute_navigation(corpus, registry, asked, date=date)
    key = navigation_key(computed, asked, corpus=corpus.name, track=track)
    if holds(folder, key):
        return page, False
    say("writing the report")
    failed = run_folder(corpus, date) / "failed" / f"navigation-{track}.ipynb"
    try:
        fill_folder("patent_navigation.ipynb", folder, asked, key=key, failed=failed)
    except PapermillExecutionError as error:
        msg = f"The report failed: {error.ename}: {error.evalue}. See {failed}."
        raise ForesightError(msg) from error
    return page, True
