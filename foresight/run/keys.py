"""Digests that tell whether a result is still the one that would be made today.

Imports nothing heavy: a run that finds everything up to date should be over in a moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from foresight.corpus.store import Corpus
from foresight.labels import labels_path
from foresight.provenance import code_digest, file_digest, read_json, text_digest
from foresight.run.parameters import (
    BacktestParameters,
    NavigationParameters,
    ReportParameters,
    SectorParameters,
)
from foresight.settings import Settings, cache_dir, outputs_dir, project_root
from foresight.tracks import Registry

PAGES = ("brief", "cli", "plots")
"""Subpackages that no number of a backtest, a navigation or a score depends on."""
KEPT_FILES = ("candidates.csv", "scores.csv", "topics.csv", "documents.csv", "summary.json")
"""Files of an earlier run that a brief is compared with."""
SLICES_FILE = "slices.json"
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def stage_digest(corpus: Corpus, registry: Registry, *, date: str, settings: Settings) -> str:
    """Digest of all that a stage depends on: same digest, same content.

    Of the corpus it holds what was known at the date: later documents make no stage stale.
    """
    return text_digest(
        corpus.digest_as_of(date), static_digest(registry, date=date, settings=settings)
    )


def static_digest(registry: Registry, *, date: str, settings: Settings) -> str:
    """Digest of all but documents that a stage depends on."""
    numbers = [f"{k}={v}" for k, v in sorted(settings.as_dict().items())]
    glossary = file_digest(project_root() / "data" / "glossary" / "terms.csv")
    gazetteer = file_digest(project_root() / "data" / "gazetteer" / "zhejiang.csv")
    organisations = file_digest(project_root() / "data" / "organisations.csv")
    prior = file_digest(project_root() / "data" / "models" / "emergence-prior.json")
    named = (glossary, gazetteer, organisations, prior)
    return text_digest(registry.digest, *named, code_digest(), date, *numbers)


def slices_folder(stage_key: str) -> Path:
    """Where the digests of what each track reads are kept (`foresight.run.slices`)."""
    return cache_dir() / "slices" / stage_key[:24]


def read_slices(folder: Path) -> dict[str, str]:
    """Digests of what each track reads, by slug."""
    found: dict[str, str] = read_json(folder / SLICES_FILE)
    return found


def known_slices(
    corpus: Corpus, registry: Registry, *, date: str, settings: Settings
) -> dict[str, str] | None:
    """Digests of what each track reads, if they were computed before; None where they were not."""
    key = stage_digest(corpus, registry, date=date, settings=settings)
    try:
        return read_slices(slices_folder(key))
    except (FileNotFoundError, ValueError):  # ValueError: a damaged file
        return None


def study_digest(
    own: str, track: str, *, corpus: Corpus, registry: Registry, date: str, settings: Settings
) -> str:
    """Digest of all that a track's study depends on.

    Parameters
    ----------
    own : str
        Of what the track reads of the corpus: `foresight.run.slices`.
    track : str
        Slug.
    corpus : Corpus
        Its labels, backtests and kept earlier run.
    registry, date, settings
    """
    labels = labels_path(track, corpus.name)
    backtests = sorted((outputs_dir() / corpus.name).glob("backtest*/metrics.json"))
    return text_digest(
        own,
        static_digest(registry, date=date, settings=settings),
        track,
        file_digest(labels) if labels.is_file() else "",
        kept_digest(corpus.name, track=track, date=date),
        *(f"{file.parent.name}:{file_digest(file)}" for file in backtests),
    )


def kept_folder(corpus: str, *, track: str, date: str) -> Path | None:
    """The newest folder of a track's earlier results that can be compared with; None for none.

    Parameters
    ----------
    corpus, track : str
    date : str
        ISO date of the present run; only folders of earlier dates count.
    """
    folders = sorted((outputs_dir() / corpus).glob(f"*/{track}/"), reverse=True)
    for folder in folders:
        then = folder.parent.name
        held = all((folder / name).is_file() for name in KEPT_FILES[:2])
        if DATED.fullmatch(then) and then < date and held:
            return folder
    return None


def kept_digest(corpus: str, *, track: str, date: str) -> str:
    """Digest of the earlier results that a brief is compared with; empty where there are none."""
    folder = kept_folder(corpus, track=track, date=date)
    if folder is None:
        return ""
    files = [folder / name for name in KEPT_FILES if (folder / name).is_file()]
    return text_digest(folder.parent.name, *(f"{p.name}:{file_digest(p)}" for p in files))


def sector_key(study_key: str, parameters: SectorParameters, *, beside: str) -> str:
    """Digest of all that a sector's folder depends on: study, notebook, languages, and `beside`.

    `beside` is of what the pages tell beside the study's numbers: how sure retrieval is, what a
    delivery brought.
    """
    notebook = file_digest(project_root() / "notebooks" / "sector_brief.ipynb")
    return text_digest(study_key, notebook, beside, *parameters.languages)


def report_digest(corpus: Corpus, registry: Registry, *, date: str) -> str:
    """Digest of all that the tables of a corpus report depend on."""
    manifest = json.dumps(corpus.manifest, ensure_ascii=False, sort_keys=True)
    labels = [labels_path(track, corpus.name) for track in registry.slugs]
    samples = [file_digest(path) if path.is_file() else "" for path in labels]
    return text_digest(manifest, registry.digest, code_digest(), date, *samples)


def report_key(report: str, parameters: ReportParameters) -> str:
    """Digest of all that a report's folder depends on: tables, notebook, languages."""
    notebook = file_digest(project_root() / "notebooks" / "corpus_report.ipynb")
    return text_digest(report, notebook, *parameters.languages)


def backtest_key(computed: str, parameters: BacktestParameters, *, controls: Sequence[str]) -> str:
    """Digest of all that a backtest's folder depends on.

    Parameters
    ----------
    computed : str
        Key of the results.
    parameters : BacktestParameters
    controls : sequence of str
        Digests of the controls' metrics.
    """
    notebook = file_digest(project_root() / "notebooks" / "backtest.ipynb")
    words = (notebook, code_digest(), parameters.method, *parameters.languages)
    return text_digest(computed, *words, *controls)


def navigation_key(
    computed: str, parameters: NavigationParameters, *, corpus: str, track: str
) -> str:
    """Digest of all that a navigation report's folder depends on: tables, labels, words."""
    notebook = file_digest(project_root() / "notebooks" / "patent_navigation.ipynb")
    labels = labels_path(track, corpus)
    read = file_digest(labels) if labels.is_file() else ""
    return text_digest(computed, notebook, code_digest(), read, *parameters.languages)
