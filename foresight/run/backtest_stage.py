"""The dear part of `foresight backtest`: records, cut-offs side by side, forecasts, skill.

Kept in the cache: a report on it can be written again without computing anything. Nothing here
reads pages or figures, so that a change of wording does not make it stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from tqdm import tqdm

from foresight.corpus.store import Corpus
from foresight.corpus.view import as_of
from foresight.emergence.backtest import RESULTS, Plan, examine, forecast, plan_cutoffs
from foresight.emergence.methods import BASELINES, METHODS, SCORES
from foresight.emergence.places import rise_by_place
from foresight.emergence.records import Records, shuffled_years
from foresight.emergence.registry import all_features
from foresight.emergence.skill import (
    Skills,
    ceiling,
    difference_table,
    figure_table,
    reliability,
    resample,
)
from foresight.errors import SettingsError
from foresight.parallel import Jobs, here, side_by_side
from foresight.provenance import (
    atomic_folder,
    atomic_path,
    code_digest,
    file_digest,
    file_list,
    text_digest,
    write_csv,
    write_json,
)
from foresight.run.backtest_records import read_records
from foresight.run.briefs import say
from foresight.run.cluster import check_cluster
from foresight.run.keys import PAGES
from foresight.run.prior import prior_path, shipped_prior
from foresight.run.sectors import RUN_FILE, holds
from foresight.run.vectors import vector_cache
from foresight.settings import Settings, cache_dir, project_places
from foresight.topics.encoders import encoder_named

LONGEST = 10  # years of horizon
FILES = ("results.csv", "metrics.json", "panel.csv", "reliability.csv", "places.csv")


def compute_backtest(
    corpus: Corpus,
    *,
    cutoffs: Sequence[int] | None,
    horizon: int,
    date: str,
    settings: Settings,
    shuffle: int | None = None,
    learn: bool = True,
    processes: Jobs = 1,
) -> tuple[Path, str]:
    """Compute a backtest, or find it in the cache.

    Cut-offs are kept one by one, so that a killed run goes on where it stopped.

    Parameters
    ----------
    corpus : Corpus
    cutoffs : sequence of int, optional
        Default: all that the corpus bears.
    horizon : int, years
    date : str
        ISO date of knowledge.
    settings : Settings
    shuffle : int, optional
        Seed by which the years of documents are dealt out anew.
    learn : bool, default True
        Also learn scores from the corpus's own earlier cut-offs: several times dearer.
    processes : int or str
        Processes here, or the cluster that does the cut-offs.

    Returns
    -------
    folder : Path
        In the cache; holds `FILES`.
    key : str
        Digest of all that they depend on.

    Raises
    ------
    ForesightError
        If horizon or cut-offs cannot be had from the corpus.
    """
    if not 1 <= horizon <= LONGEST:
        msg = f"The horizon is a number of years from 1 to {LONGEST}, got {horizon}."
        raise SettingsError(msg)
    base = text_digest(
        corpus.digest_as_of(date),
        code_digest(without=PAGES),
        date,
        str(horizon),
        str(shuffle),
        f"learn={learn}",
        *(f"{name}={value}" for name, value in sorted(settings.as_dict().items())),
    )
    prior = shipped_prior()
    asked = str(list(cutoffs) if cutoffs else "all")
    key = text_digest(base, corpus.name, asked, file_digest(prior_path()))
    folder = cache_dir() / "backtest-results" / key[:24]
    if holds(folder, key):
        return folder, key
    if isinstance(processes, str):
        say(f"{check_cluster(processes, corpus)} worker(s) at {processes}")
    view = as_of(corpus, date)
    records = read_records(
        corpus,
        date=date,
        encoder=encoder_named(settings.encoder),
        cache=vector_cache(settings.encoder),
        jobs=here(processes),
        progress=True,
        words=learn,
    )
    if shuffle is not None:
        records = shuffled_years(records, rng=np.random.default_rng(shuffle))
    plan = plan_cutoffs(
        records.totals(), last_year=view.last_complete_year, horizon=horizon, asked=cutoffs
    )
    if not learn:
        plan = replace(plan, earlier=[])
    examined = partial(_examine_one, records, plan=plan, settings=settings, learn=learn)
    table = _examine_all(examined, plan, base=base, processes=processes)
    say("learning from earlier cut-offs, measuring" if learn else "measuring")
    ahead = partial(forecast, table, horizon=horizon, settings=settings, prior=prior, learn=learn)
    results = _forecast_all(ahead, plan, processes=processes)
    metrics = {
        "corpus": corpus.name,
        "digest": corpus.digest_as_of(date),
        "complete": corpus.digest_as_of(f"{view.last_complete_year}-12-31"),
        "as_of": date,
        "shuffled": shuffle,
        "weights": settings.as_dict()["weights"],
        "learn": learn,
        **measure(table, results, plan=plan, settings=settings),
    }
    places = rise_by_place(
        results,
        cutoffs=metrics["compared"],
        horizon=horizon,
        rng=np.random.default_rng(settings.seed),
    )
    with atomic_folder(folder) as part:
        frame = results.assign(corpus=corpus.name, horizon=horizon)
        write_csv(part / "results.csv", frame[list(RESULTS)])
        write_csv(part / "panel.csv", table)
        write_csv(part / "reliability.csv", pd.DataFrame(metrics["reliability"]))
        write_csv(part / "places.csv", places)
        write_json(part / "metrics.json", metrics)
        write_json(part / RUN_FILE, {"key": key, "files": file_list(part)})
    return folder, key


def _examine_all(
    examined: Callable[[Path, int], None], plan: Plan, *, base: str, processes: Jobs
) -> pd.DataFrame:
    folder = cache_dir() / "backtest"
    paths = {cutoff: folder / f"{text_digest(base, str(cutoff))[:24]}.parquet"
             for cutoff in plan.cutoffs}  # fmt: skip
    todo = [cutoff for cutoff in plan.cutoffs if not paths[cutoff].is_file()]
    calls = (
        joblib.delayed(examined)(paths[cutoff], cutoff)
        for cutoff in reversed(todo)  # the largest first
    )
    with tqdm(total=len(todo), desc="cut-offs", unit="cut-off", file=sys.stderr) as bar:
        jobs = min(processes, len(todo) or 1) if isinstance(processes, int) else processes
        for _ in side_by_side(calls, jobs=jobs, settings=project_places()):
            bar.update()
    return pd.concat([pd.read_parquet(paths[year]) for year in plan.cutoffs], ignore_index=True)


def _examine_one(
    records: Records, path: Path, cutoff: int, *, plan: Plan, settings: Settings, learn: bool
) -> None:
    table = examine(
        records,
        cutoff=cutoff,
        horizon=plan.horizon,
        last_year=plan.last_year,
        settings=settings,
        learn=learn,
    )
    with atomic_path(path) as part:
        table.to_parquet(part, index=False)


def _forecast_all(
    ahead: Callable[..., pd.DataFrame], plan: Plan, *, processes: Jobs
) -> pd.DataFrame:
    calls = (joblib.delayed(ahead)(cutoffs=[cutoff]) for cutoff in plan.reported)
    found: list[pd.DataFrame] = list(
        side_by_side(calls, jobs=processes, ordered=True, settings=project_places())
    )
    return pd.concat(found, ignore_index=True)


def measure(
    table: pd.DataFrame, results: pd.DataFrame, *, plan: Plan, settings: Settings
) -> dict[str, Any]:
    """The content of `metrics.json`: figures of every method over all cut-offs and at each.

    "All" are the cut-offs at which every score could speak, so that methods are compared on the
    same units; where the corpus is too short for learning they are all those reported.

    Parameters
    ----------
    table : DataFrame, of `examine`
    results : DataFrame, of `forecast`
    plan : Plan
    settings : Settings
    """
    rng = np.random.default_rng(settings.seed)
    skills = resample(results, horizon=plan.horizon, rng=rng)
    spoke = set(skills.methods)
    learnt = [name for name in SCORES if name in spoke]
    compared = skills.compared(learnt) if "learned" in spoke else []
    common = compared or plan.reported
    at_all = figure_table(skills, common)
    reported = table[table["cutoff"].isin(plan.reported)]
    return {
        "horizon": plan.horizon,
        "last_year": plan.last_year,
        "cutoffs": plan.reported,
        "earlier": plan.earlier,
        "compared": common,
        "learned": bool(compared),
        "methods": {
            method: {"all": at_all.get(method), "cutoffs": _each(skills, method, plan)}
            for method in METHODS
        },
        "differences": difference_table(skills, common, scores=SCORES, baselines=BASELINES),
        "reliability": _records(reliability(results[results["cutoff"].isin(common)])),
        "noise_ceiling": ceiling(table, common, rng=rng),
        "units": {str(year): int(n) for year, n in reported.groupby("cutoff").size().items()},
        "prior_mass": {
            str(year): round(float(mass), 3)
            for year, mass in reported.groupby("cutoff")["mass"].first().items()
        },
        "features": {
            one.name: {
                "component": one.component,
                "known": round(float(reported[one.name].notna().mean()), 6),
            }
            for one in all_features()
            if one.name in table
        },
    }


def _each(skills: Skills, method: str, plan: Plan) -> dict[str, Any]:
    found = {}
    for year in plan.reported:
        row = figure_table(skills, [year]).get(method)
        if row is not None:
            found[str(year)] = row
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.round(6).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
