"""Features of a unit (topic or sub-direction) at a cut-off, with bootstrap draws.

A feature is an indicator's value with its 95 % interval, its n, and the draws that the score
propagates. Everything is computed from the unit's documents up to the last complete year.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import norm

from foresight.emergence.drift import DIRECTIONS
from foresight.indicators.community import effective_number, number_present, weighted_share
from foresight.indicators.growth import between_variance, poisson_slope, shrunk
from foresight.indicators.novelty import first_pair_share
from foresight.indicators.vitality import vitality
from foresight.settings import Settings
from foresight.tables import among

Floats = NDArray[np.float64]

FEATURES = (
    "growth",
    "newness",
    "vitality",
    "modernity",
    "novelty",
    "newcomers",
    "effective_organisations",
    "countries",
    "new_people",
    "newness_2",
    "newness_3",
    "newness_5",
    "newness_10",
    "modernity_5",
    "modernity_40",
)
"""What the shipped score is learnt from; those that stand in no component, by it alone."""
COMPONENTS: dict[str, tuple[str, ...]] = {
    "growth": ("growth", "newness"),
    "vitality": ("vitality", "modernity"),
    "novelty": ("novelty",),
    "community": ("newcomers", "effective_organisations", "countries", "new_people"),
}


@dataclass(frozen=True)
class Facts:
    """What the features of any unit of a corpus are computed from, at one cut-off.

    Attributes
    ----------
    documents : DataFrame indexed by doc_id
        year (int), n_pairs, n_first_pairs (class pairs; see `foresight.corpus.history`), new_people
        (`newcomer_share`), `DIRECTIONS` (see `foresight.emergence.drift.meaning`); NaN where
        unknown.
    organisations : DataFrame
        doc_id, org_id, first_year (of the organisation in the corpus).
    countries : DataFrame
        doc_id, country; distinct.
    totals : Series
        Documents of the corpus by year, complete years only.
    last_year : int
        Last complete year at the cut-off.
    """

    documents: pd.DataFrame
    organisations: pd.DataFrame
    countries: pd.DataFrame
    totals: pd.Series
    last_year: int


@dataclass(frozen=True)
class Features:
    """Features of a set of units.

    `table` has one row per unit and feature (unit_id, indicator, value, lo, hi, n), `draws` is
    an array of shape (n_units, n_features, n_draws) in the order of `units` and `FEATURES`, NaN
    where a feature is missing; `tau2` is the variance used for shrinkage.
    """

    units: list[str]
    table: pd.DataFrame
    draws: Floats
    tau2: float

    def values(self, indicator: str) -> pd.Series:
        """Point values of one indicator, indexed by unit."""
        rows = self.table[self.table["indicator"] == indicator]
        return rows.set_index("unit_id")["value"].reindex(self.units)


def newcomer_share(people: pd.DataFrame, *, first_seen: pd.Series, since: int) -> pd.Series:
    """Share of each document's authors or inventors who are new to the corpus.

    Names are taken as they are written, so that namesakes look like one and variants like two.
    Ours.

    Parameters
    ----------
    people : DataFrame
        doc_id, person; a row per person of a document.
    first_seen : Series indexed by person
        Year of the person's first document of the corpus.
    since : int
        First year of the window: who came in it is new.

    Returns
    -------
    Series indexed by doc_id, 0 to 1; documents without a name are absent
    """
    new = (people["person"].map(first_seen) >= since).astype(float)
    return new.groupby(people["doc_id"].to_numpy()).mean()


def unit_generator(unit: str, doc_ids: Iterable[str], *, seed: int) -> np.random.Generator:
    """Generator that depends on the unit's name, its documents and the seed, not on order."""
    text = "\n".join([str(seed), unit, *sorted(doc_ids)])
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def features(
    members: pd.DataFrame, facts: Facts, *, settings: Settings, tau2: float | None = None
) -> Features:
    """Compute the features of every unit.

    Parameters
    ----------
    members : DataFrame
        unit_id, doc_id; documents after `facts.last_year` are ignored.
    facts : Facts
    settings : Settings
        `window` (years), `draws` and `seed`.
    tau2 : float, optional
        Variance of true growth rates; estimated from these units (those with documents in the
        window) when absent.

    Returns
    -------
    Features
        Units in alphabetical order. Intervals are 95 %: for growth the shrunken posterior, for
        the others the bootstrap over documents, shifted so that the mean of the draws is the
        estimate (resampled documents repeat actors, which lowers counts of distinct ones).
    """
    units = sorted(members["unit_id"].unique())
    known = members[["unit_id", "doc_id"]].assign(
        year=members["doc_id"].map(facts.documents["year"])
    )
    known = known[known["year"] <= facts.last_year].sort_values(["unit_id", "doc_id"])
    groups = {str(unit): frame for unit, frame in known.groupby("unit_id")}
    years = np.arange(facts.last_year - settings.window + 1, facts.last_year + 1)
    totals = facts.totals.reindex(years, fill_value=0).to_numpy(dtype=float)

    counts = np.zeros((len(units), len(years)))
    for row, unit in enumerate(units):
        if unit in groups:
            counts[row] = groups[unit]["year"].value_counts().reindex(years, fill_value=0)
    measurable = bool((totals > 0).all())
    raw, raw_se = poisson_slope(counts, np.maximum(totals, 1.0))
    active = counts.sum(axis=1) > 0
    if tau2 is None:
        tau2 = between_variance(raw[active], raw_se[active]) if active.any() else 0.0
    mean, sd = shrunk(raw, raw_se, tau2=tau2)
    if not measurable:
        mean, sd = np.full_like(mean, np.nan), np.full_like(sd, np.nan)

    draws = np.full((len(units), len(FEATURES), settings.draws), np.nan)
    rows: list[dict[str, object]] = []
    for row, unit in enumerate(units):
        frame = groups.get(unit)
        if frame is None:
            continue
        rng = unit_generator(unit, frame["doc_id"], seed=settings.seed)
        draws[row, 0] = mean[row] + sd[row] * rng.standard_normal(settings.draws)
        half = float(norm.ppf(0.975)) * sd[row]
        rows.append(
            _row(unit, "growth", mean[row], mean[row] - half, mean[row] + half, counts[row].sum())
        )
        found = _document_features(frame, facts, settings=settings, rng=rng)
        for place, name in enumerate(FEATURES[1:], start=1):
            value, sample, n = found[name]
            draws[row, place] = sample
            lo, hi = np.quantile(sample, [0.025, 0.975]) if n else (np.nan, np.nan)
            rows.append(_row(unit, name, value, min(lo, value), max(hi, value), n))
    columns = ["unit_id", "indicator", "value", "lo", "hi", "n"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.astype({"value": float, "lo": float, "hi": float, "n": int})
    return Features(units, table, draws, tau2)


def _row(unit: str, name: str, value: float, lo: float, hi: float, n: float) -> dict[str, object]:
    return {"unit_id": unit, "indicator": name, "value": value, "lo": lo, "hi": hi, "n": int(n)}


Found = tuple[float, Floats, int]  # value, draws, n
LATEST = 3  # years whose documents are asked where they lie in the drift
MIN_KNOWN = 0.5  # share of a unit's documents that must state what a feature is made of


def _document_features(
    frame: pd.DataFrame, facts: Facts, *, settings: Settings, rng: np.random.Generator
) -> dict[str, Found]:
    """Vitality over all documents, place in the drift over the last three years' documents.

    Novelty and community over those of the window.
    """
    all_docs = facts.documents.loc[frame["doc_id"]]
    first = facts.last_year - settings.window + 1
    recent = all_docs[all_docs["year"] >= first]
    weights = bootstrap_weights(len(all_docs), draws=settings.draws, rng=rng)
    ages = all_docs["year"].to_numpy(dtype=np.int64)
    found = {
        "vitality": _found(vitality(weights, ages, last_year=facts.last_year), n=len(all_docs))
    }
    latest = all_docs[all_docs["year"] > facts.last_year - LATEST]
    weights = bootstrap_weights(len(latest), draws=settings.draws, rng=rng)
    for name in DIRECTIONS:
        values = latest[name].to_numpy(dtype=float)
        told = ~np.isnan(values)
        found[name] = _found(weighted_share(weights, values), n=int(told.sum()), known=_known(told))
    weights = bootstrap_weights(len(recent), draws=settings.draws, rng=rng)
    ids = list(recent.index)
    pairs = recent["n_pairs"].to_numpy(dtype=float)
    first_pairs = recent["n_first_pairs"].to_numpy(dtype=float)
    new = first_pair_share(weights, pairs, first_pairs)
    found["novelty"] = _found(new, n=int((pairs > 0).sum()), known=_known(~np.isnan(pairs)))

    people = recent["new_people"].to_numpy(dtype=float)
    told = ~np.isnan(people)
    found["new_people"] = _found(
        weighted_share(weights, people), n=int(told.sum()), known=_known(told)
    )
    orgs = facts.organisations[among(facts.organisations["doc_id"], ids)]
    newest = orgs.groupby("doc_id")["first_year"].max().reindex(ids).to_numpy(dtype=float)
    flags = np.where(np.isnan(newest), np.nan, newest >= first)
    named = int((~np.isnan(newest)).sum())
    share = _known(~np.isnan(newest))
    found["newcomers"] = _found(weighted_share(weights, flags), n=named, known=share)
    places = facts.countries[among(facts.countries["doc_id"], ids)]
    by_org = _incidence(orgs["doc_id"], orgs["org_id"], ids)
    by_country = _incidence(places["doc_id"], places["country"], ids)
    found["effective_organisations"] = _found(
        effective_number(weights, by_org), n=named, known=share
    )
    placed = recent.index.isin(places["doc_id"])
    found["countries"] = _found(
        number_present(weights, by_country), n=int(placed.sum()), known=_known(placed)
    )
    return found


def _known(stated: NDArray[np.bool_]) -> float:
    return float(stated.mean()) if len(stated) else 0.0


def _found(values: Floats, *, n: int, known: float = 1.0) -> Found:
    """Split (point, draws) and shift the draws so that their mean is the point.

    Missing where no document, or less than `MIN_KNOWN` of them, states what is measured: the few
    that do would speak for the rest.
    """
    if n == 0 or known < MIN_KNOWN:
        return float("nan"), np.full(len(values) - 1, np.nan), 0
    point, sample = float(values[0]), values[1:]
    sample = np.where(np.isnan(sample), point, sample)
    return point, sample + (point - sample.mean()), n


def bootstrap_weights(n_docs: int, *, draws: int, rng: np.random.Generator) -> Floats:
    """Document weights: a first row of ones (the estimate), then `draws` multinomial resamples.

    Returns
    -------
    array of shape (draws + 1, n_docs)
    """
    if n_docs == 0:
        return np.zeros((draws + 1, 0))
    sample = rng.multinomial(n_docs, np.full(n_docs, 1.0 / n_docs), size=draws)
    return np.vstack([np.ones(n_docs), sample])


def _incidence(docs: pd.Series, actors: pd.Series, ids: list[str]) -> sparse.csr_array:
    rows = pd.Categorical(docs, categories=ids).codes
    names = pd.Categorical(actors)
    shape = (len(ids), len(names.categories))
    return sparse.csr_array((np.ones(len(rows)), (rows, names.codes)), shape=shape)
