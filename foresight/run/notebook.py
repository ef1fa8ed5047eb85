"""What the cells of a notebook call: open, look, write."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from foresight.brief.board import summarise
from foresight.brief.branches import branch_table, recommendation_table
from foresight.brief.candidates import make_candidates
from foresight.brief.claims import make_claims
from foresight.brief.exports import ExportInputs, write_exports
from foresight.brief.figures import FOLDER, write_figures
from foresight.brief.render import write_formats
from foresight.brief.sections import compose_brief, cover_meta
from foresight.brief.study import Study
from foresight.corpus.store import open_corpus
from foresight.provenance import write_csv, write_json
from foresight.run.briefs import resolve_date
from foresight.run.exports import export_inputs
from foresight.run.holdings import open_holdings
from foresight.run.kept import inputs_of, read_kept
from foresight.run.keys import stage_digest, study_digest
from foresight.run.parameters import SectorParameters
from foresight.run.stage import open_stage
from foresight.run.standing import build_standing
from foresight.run.study import build_study
from foresight.settings import Settings
from foresight.tracks import load_registry

TABLES = (
    "indicators",
    "topics",
    "lineage",
    "past_topics",
    "topic_years",
    "track_years",
    "organisations",
    "places",
    "zhejiang",
    "cities",
    "landmarks",
    "documents",
)


@dataclass(frozen=True)
class Gallery:
    """Figures as a notebook shows them."""

    files: list[Path]

    def __repr__(self) -> str:
        return f"Gallery of {', '.join(file.name for file in self.files)}"

    def _repr_html_(self) -> str:
        images = (base64.b64encode(file.read_bytes()).decode() for file in self.files)
        return "".join(f'<img width="640" src="data:image/png;base64,{data}">' for data in images)


@dataclass(frozen=True)
class Sector:
    """One track's study, parameters, folder of results, what exports need, digests of inputs."""

    study: Study
    parameters: SectorParameters
    folder: Path
    inputs: ExportInputs
    made_by: dict[str, str]

    def cover(self) -> pd.DataFrame:
        """Track, corpus, date, counts and digest, in the first language asked for."""
        meta = cover_meta(self.study, self.parameters.languages[0])
        return pd.DataFrame({"": meta})

    def ranking(self, kind: str) -> pd.DataFrame:
        """Scores of the units of a kind, `topic` or `sub_direction`, rounded for reading."""
        scores = self.study.scores
        chosen = scores[scores["unit_kind"] == kind].drop(columns="unit_kind")
        return chosen.set_index("unit_id").round(2)

    def claims(self) -> pd.DataFrame:
        """Every statement of the brief that carries a number."""
        return make_claims(self.study).set_index("claim_id")

    def figures(self) -> Gallery:
        """Write the figures and show them."""
        files = [
            self.folder / FOLDER / name
            for lang in self.parameters.languages
            for name in write_figures(self.study, self.folder, lang=lang)
        ]
        return Gallery(files)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the folder by the name of their file."""
        scores = self.study.scores
        return {
            "scores": scores.drop(columns="stage_reason"),
            "stages": scores[["unit_id", "stage", "stage_reason"]],
            **{name: getattr(self.study, name) for name in TABLES},
            "branches": branch_table(self.study),
            "recommendations": recommendation_table(self.study),
            "claims": make_claims(self.study),
            "candidates": make_candidates(self.study),
        }

    def write(self) -> pd.DataFrame:
        """Write tables, exports and briefs; list of files with their size in kB."""
        self.folder.mkdir(parents=True, exist_ok=True)
        tables = self.tables()
        for name, table in tables.items():
            write_csv(self.folder / f"{name}.csv", table)
        summary = {**summarise(self.study), "made_by": self.made_by}
        write_json(self.folder / "summary.json", summary)
        exports = write_exports(self.folder, self.study, self.inputs, tables=tables)
        study = replace(self.study, exports=exports)
        for lang in self.parameters.languages:
            meta = cover_meta(study, lang)
            write_formats(
                compose_brief(study, lang=lang),
                folder=self.folder,
                lang=lang,
                title=meta["title"],
                meta=meta,
            )
        return files_in(self.folder)


def files_in(folder: Path) -> pd.DataFrame:
    """Files of a folder by name, with their size in kB."""
    files = sorted(p for p in folder.iterdir() if p.is_file())
    sizes = [round(p.stat().st_size / 1024) for p in files]
    return pd.DataFrame({"kB": sizes}, index=[p.name for p in files])


def open_sector(namespace: Mapping[str, Any]) -> Sector:
    """Compute one track from a notebook's parameters.

    Parameters
    ----------
    namespace : mapping
        The notebook's `globals()`, before anything but parameters is set.

    Raises
    ------
    SettingsError
        For an unknown or ill-typed parameter.
    ForesightError
        If track, corpus or date do not exist.
    """
    parameters = SectorParameters.from_namespace(namespace)
    registry = load_registry()
    track = registry.track(parameters.track)
    corpus = open_corpus(parameters.corpus)
    date = resolve_date(corpus, parameters.as_of)
    settings = Settings.from_mapping(parameters.settings)
    with threadpool_limits(limits=1):
        stage = open_stage(corpus, registry, date=date, settings=settings)
        study = build_study(
            track,
            corpus=corpus,
            registry=registry,
            stage=stage,
            settings=settings,
            digest=study_digest(
                stage_digest(corpus, registry, date=date, settings=settings),
                track.slug,
                corpus=corpus.name,
                date=date,
            ),
        )
        holdings = open_holdings(corpus, registry, date=date, settings=settings, stage=stage)
        standing = None  # a track without a document stands nowhere
        if len(study.documents):
            standing = build_standing(
                track,
                stage=stage,
                holdings=holdings,
                settings=settings,
                documents=study.documents,
                members=study.members,
            )
        inputs = export_inputs(study, corpus=corpus)
    made_by = inputs_of(corpus, registry, settings)
    kept = read_kept(corpus.name, track=track.slug, date=date, made_by=made_by)
    study = replace(study, kept=kept, standing=standing)
    folder = parameters.folder(corpus=corpus.name, as_of=date, track=track.slug)
    return Sector(study, parameters, folder, inputs, made_by)
