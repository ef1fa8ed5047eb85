"""The dear part of `foresight navigate`: every table of a navigation, kept in the cache.

Nothing here reads pages or figures, so that a change of wording does not make it stale.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foresight.corpus.members import members_digest
from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of, check_date
from foresight.errors import InsufficientDataError, SettingsError
from foresight.provenance import (
    atomic_folder,
    code_digest,
    file_digest,
    file_list,
    read_json,
    text_digest,
    write_json,
)
from foresight.run.briefs import say
from foresight.run.keys import PAGES
from foresight.run.navigation_direction import control, direction, matrix, value
from foresight.run.navigation_ground import Ground, Region, lost_members, read_ground
from foresight.run.navigation_position import actors, position, recommendations, regions
from foresight.run.navigation_task import Analysis, Task
from foresight.run.parameters import NavigationParameters
from foresight.run.sectors import RUN_FILE, holds
from foresight.settings import Settings, cache_dir, data_dir, project_root
from foresight.tables import sort
from foresight.tracks import Registry

PROVINCES = ("浙江", "浙江省", "zhejiang", "zhejiang province")
FACTS = "facts.json"
REFERENCE = (
    "organisations.csv",
    "glossary/terms.csv",
    "gazetteer/zhejiang.csv",
    "navigation/effects.yml",
    "models/person-pairs-1.json",
)
"""Files of `data/` that results depend on, beside the registry."""


def find_region(name: str, registry: Registry) -> Region:
    """The province, or one of its cities, by its Chinese or English name.

    Raises
    ------
    SettingsError
        If it is neither; the message names those known.
    """
    wanted = name.strip().casefold()
    if wanted in PROVINCES:
        return Region("浙江", "Zhejiang", None)
    for city in registry.cities:
        if wanted in {city.zh, f"{city.zh}市", city.en.casefold()}:
            return Region(city.zh, city.en, city.zh)
    known = "、".join(city.zh for city in registry.cities)
    msg = f"No region is called {name!r}. Known are 浙江 (Zhejiang) and its cities: {known}."
    raise SettingsError(msg)


def _file(text: str) -> Path:
    return project_root() / text


def _read_table(text: str, columns: tuple[str, ...], option: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(
            _file(text), dtype={name: "str" for name in columns if name != "amount"}
        )
    except (OSError, ValueError) as error:
        msg = f"{option} {text} cannot be read as CSV: {error}."
        raise SettingsError(msg) from error
    lacking = [name for name in columns if name not in frame.columns]
    if lacking or (("amount" in columns) and not pd.api.types.is_numeric_dtype(frame["amount"])):
        msg = (
            f"{option} {text} needs the columns {', '.join(columns)} (amounts as numbers); it has "
            f"{', '.join(map(str, frame.columns))}."
        )
        raise SettingsError(msg)
    return frame


def read_task(
    parameters: NavigationParameters, registry: Registry, *, date: str, last_year: int
) -> Task:
    """What the parameters ask for, checked.

    Raises
    ------
    ForesightError
        If the track or region is unknown, a date malformed, or a file unreadable.
    """
    if parameters.known_on:
        check_date(parameters.known_on)
    strategic = pledges = None
    if parameters.strategic:
        strategic = _read_table(parameters.strategic, ("industry", "prefix"), "strategic")
    if parameters.pledges:
        pledges = _read_table(parameters.pledges, ("doc_id", "date", "amount"), "pledges")
    return Task(
        track=registry.track(parameters.track),
        region=find_region(parameters.region, registry),
        registry=registry,
        settings=Settings.from_mapping(parameters.settings),
        date=date,
        last_year=last_year,
        known_on=parameters.known_on or None,
        events_complete=parameters.events_complete,
        strategic=strategic,
        pledges=pledges,
        threshold=parameters.pledge_threshold,
    )


def navigation_digest(
    corpus: Corpus, registry: Registry, parameters: NavigationParameters, *, date: str
) -> str:
    """Digest of all that a navigation's tables depend on: same digest, same content."""
    settings = Settings.from_mapping(parameters.settings).as_dict()
    files = [_file(text) for text in (parameters.strategic, parameters.pledges) if text]
    return text_digest(
        corpus.digest,
        members_digest(corpus),
        registry.digest,
        code_digest(without=PAGES),
        *(file_digest(data_dir() / name) for name in REFERENCE),
        *(f"{path.name}:{file_digest(path)}" for path in files if path.is_file()),
        date,
        registry.track(parameters.track).slug,
        find_region(parameters.region, registry).en,
        parameters.known_on,
        str(parameters.events_complete),
        str(parameters.pledge_threshold),
        *(f"{name}={value}" for name, value in sorted(settings.items())),
    )


def compute_navigation(
    corpus: Corpus, registry: Registry, parameters: NavigationParameters, *, date: str
) -> tuple[Path, str]:
    """Compute every table of a navigation, or find them in the cache.

    Returns
    -------
    folder : Path
        In the cache; a Parquet file per table and `facts.json`.
    key : str
        `navigation_digest`.

    Raises
    ------
    ForesightError
        As `read_task`; or if the corpus holds no invention patent of the track.
    """
    view = as_of(corpus, date)
    task = read_task(parameters, registry, date=date, last_year=view.last_complete_year)
    key = navigation_digest(corpus, registry, parameters, date=date)
    folder = cache_dir() / "navigations" / key[:24]
    if holds(folder, key):
        return folder, key
    say(f"reading and analysing (corpus {corpus.name}, as of {date}, {task.track.slug})")
    ground = read_ground(view, registry)
    found = Analysis(ground, task)
    if found.members.empty:
        msg = (
            f"Corpus {corpus.name!r} as of {date} holds no invention patent of {task.track.slug}. "
            "Name another track, corpus or date."
        )
        raise InsufficientDataError(msg)
    for part in (direction, control, matrix, value, position, regions, actors, recommendations):
        part(found)
    with atomic_folder(folder) as part_folder:
        for name, table in found.tables.items():
            if not name.startswith("_"):
                table.to_parquet(part_folder / f"{name}.parquet", index=False)
        _titles(found).to_parquet(part_folder / "documents.parquet", index=False)
        write_json(part_folder / FACTS, _facts(ground, found))
        write_json(part_folder / RUN_FILE, {"key": key, "files": file_list(part_folder)})
    return folder, key


def _titles(found: Analysis) -> pd.DataFrame:
    """The patents of the track, counted or not, with what they are."""
    ids = found.tables["high_value"].set_index("doc_id")["family"]
    rows = found.ground.patents[found.ground.patents["doc_id"].isin(ids.index)]
    rows = rows.assign(family=rows["doc_id"].map(ids), counted=rows["doc_id"].isin(ids))
    names = ["doc_id", "family", "counted", "published", "granted", "office", "doc_type", "title"]
    return sort(rows[names], ["doc_id"])


def _facts(ground: Ground, found: Analysis) -> dict[str, object]:
    """What is told once: counts of documents, what the corpus records, why a table is empty."""
    task = found.task
    docs = found.documents
    effects = found.tables["effects"]
    levels = ground.levels(pd.Index(docs["doc_id"]), task.region)
    inside = levels["inside"].astype("boolean")
    known = levels.assign(known=inside.notna(), inside=inside.fillna(value=False).astype(bool))
    return {
        "track": task.track.slug,
        "region": {"zh": task.region.zh, "en": task.region.en, "level": task.region.level},
        "as_of": task.date,
        "last_year": task.last_year,
        "window": task.settings.window,
        "known_on": task.known_on,
        "events_complete": task.events_complete,
        "strategic": task.strategic is not None,
        "pledges": task.pledges is not None,
        **lost_members(ground, task.track.slug),
        "n_granted": int(docs["is_granted"].sum()),
        "n_abstract": int(docs["abstract"].notna().sum()),
        "n_stating": int(effects["doc_id"].nunique()),
        "n_branched": int(
            found.members.loc[found.members["unit_id"] != task.track.slug, "doc_id"].nunique()
        ),
        "n_references": len(ground.references),
        "n_listed": len(ground.listed),
        "n_events": len(ground.events),
        "levels": {
            str(level): {"known": int(rows["known"].sum()), "inside": int(rows["inside"].sum())}
            for level, rows in known.groupby("level")
        },
        "silent": found.silent,
    }


def read_tables(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Tables and facts of a computed navigation."""
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    return tables, read_json(folder / FACTS)
