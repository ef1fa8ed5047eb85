"""What the tables of a study say about each unit: the facts that claims and sections share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from foresight.brief.study import Study
from foresight.brief.wording import as_float, as_int, as_text, pick
from foresight.intervals import wilson
from foresight.settings import COMPONENTS

TOP = 5  # the summary names five technologies (PRODUCT, section 2)
SPAN = 3  # years pooled on either side of the change in share: one year alone is noise
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Unit:
    """A topic or sub-direction: its row of `scores`, its growth, its documents.

    `rate`, `rate_lo`, `rate_hi` are the yearly log-growth of the share and its interval, `rate_n`
    the documents behind it; `stage_reason` says why there is no stage; `n_zhejiang` is None where
    the corpus has no places.
    """

    unit_id: str
    kind: str
    label_zh: str
    label_en: str
    n_docs: int
    score: float | None
    score_lo: float | None
    score_hi: float | None
    rank: int | None
    rank_lo: int | None
    rank_hi: int | None
    p_growth: float | None
    stage: str | None
    stage_reason: str | None
    components: dict[str, float | None]
    rate: float | None
    rate_lo: float | None
    rate_hi: float | None
    rate_n: int | None
    top5: float | None
    n_zhejiang: int | None
    doc_ids: tuple[str, ...]

    def label(self, lang: str) -> str:
        """Name in a language."""
        return pick(lang, self.label_zh, self.label_en)

    @property
    def scored(self) -> bool:
        """Whether the unit has a score and a rank."""
        return self.score is not None and self.rank is not None

    @property
    def rising(self) -> bool:
        """Whether the whole growth interval lies above zero."""
        return self.rate_lo is not None and self.rate_lo > 0

    @property
    def fading(self) -> bool:
        """Whether the whole growth interval lies below zero."""
        return self.rate_hi is not None and self.rate_hi < 0


@dataclass(frozen=True)
class Estimate:
    """A value with its interval, its n and the documents behind it."""

    value: float | None
    lo: float | None
    hi: float | None
    n: int
    doc_ids: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A sub-direction's rank a year ago and what became of it (see `change_of`)."""

    state: str
    earlier_rank: int | None
    earlier_score: float | None


def split_ids(cell: Any) -> tuple[str, ...]:
    """Document ids of a ";"-joined cell, sorted."""
    return tuple(sorted(part for part in as_text(cell).split(";") if part))


class Reading:
    """A study, read once: units, leaders, changes and shares."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def documents(self) -> pd.DataFrame:
        """Documents indexed by doc_id."""
        return self.study.documents.set_index("doc_id", drop=False)

    @cached_property
    def all_ids(self) -> tuple[str, ...]:
        """Ids of all documents of the track."""
        return tuple(sorted(self.study.documents["doc_id"]))

    @property
    def window(self) -> tuple[int, int]:
        """First and last year of the window over which growth is measured."""
        last = self.study.last_year
        return last - self.study.settings.window + 1, last

    @property
    def has_countries(self) -> bool:
        """Whether any document of the track names a country."""
        return not self.study.places.empty

    @property
    def has_places(self) -> bool:
        """Whether the corpus tells which documents of the track involve Zhejiang."""
        return self.track_places is not None

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        """Documents of each unit up to the last complete year: those that `n_docs` counts."""
        table = self.study.documents
        complete = set(table.loc[table["year"] <= self.study.last_year, "doc_id"])
        rows = self.study.members[self.study.members["doc_id"].isin(complete)]
        return {str(unit): tuple(sorted(ids)) for unit, ids in rows.groupby("unit_id")["doc_id"]}

    @cached_property
    def _indicators(self) -> dict[tuple[str, str], Any]:
        rows = self.study.indicators.itertuples(index=False)
        return {(str(row.unit_id), str(row.indicator)): row for row in rows}

    @cached_property
    def _zhejiang_counts(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {
            str(row.unit_id): as_int(row.n_zhejiang)
            for row in self.study.zhejiang.itertuples(index=False)
        }
        if self.has_places:
            for row in self.study.topics.itertuples(index=False):
                found[str(row.topic_id)] = as_int(row.n_zhejiang)
        return found

    def _unit(self, row: dict[str, Any]) -> Unit:
        unit_id = str(row["unit_id"])
        growth = self._indicators.get((unit_id, "growth"))
        top5 = self._indicators.get((unit_id, "top5"))
        return Unit(
            unit_id=unit_id,
            kind=str(row["unit_kind"]),
            label_zh=as_text(row["label_zh"]) or as_text(row["label_en"]) or unit_id,
            label_en=as_text(row["label_en"]) or as_text(row["label_zh"]) or unit_id,
            n_docs=as_int(row["n_docs"]) or 0,
            score=as_float(row.get("score")),
            score_lo=as_float(row.get("score_lo")),
            score_hi=as_float(row.get("score_hi")),
            rank=as_int(row.get("rank")),
            rank_lo=as_int(row.get("rank_lo")),
            rank_hi=as_int(row.get("rank_hi")),
            p_growth=as_float(row.get("p_growth")),
            stage=as_text(row.get("stage")) or None,
            stage_reason=as_text(row.get("stage_reason")) or None,
            components={name: as_float(row.get(name)) for name in COMPONENTS},
            rate=None if growth is None else as_float(growth.value),
            rate_lo=None if growth is None else as_float(growth.lo),
            rate_hi=None if growth is None else as_float(growth.hi),
            rate_n=None if growth is None else as_int(growth.n),
            top5=None if top5 is None else as_float(top5.value),
            n_zhejiang=self._zhejiang_counts.get(unit_id),
            doc_ids=self._members.get(unit_id, ()),
        )

    @cached_property
    def units(self) -> dict[str, Unit]:
        """All topics and sub-directions, those without a row in `scores` included, last."""
        found = {}
        for row in self.study.scores.to_dict("records"):
            unit = self._unit({str(key): value for key, value in row.items()})
            found[unit.unit_id] = unit
        for sub in self.study.track.sub_directions:
            if sub.id not in found:
                n = len(self._members.get(sub.id, ()))
                found[sub.id] = self._unit(
                    {
                        "unit_id": sub.id,
                        "unit_kind": "sub_direction",
                        "label_zh": sub.zh,
                        "label_en": sub.en,
                        "n_docs": n,
                    }
                )
        for topic in self.study.topics.to_dict("records"):
            if str(topic["topic_id"]) not in found:
                row = {**topic, "unit_id": topic["topic_id"], "unit_kind": "topic"}
                unit = self._unit({str(key): value for key, value in row.items()})
                found[unit.unit_id] = unit
        return found

    def of_kind(self, kind: str, *, scored: bool | None = None) -> list[Unit]:
        """Units of a kind in order of rank; those without a score last, by size."""
        units = [u for u in self.units.values() if u.kind == kind]
        units = [u for u in units if scored is None or u.scored == scored]
        return sorted(units, key=lambda u: (not u.scored, u.rank or 0, -u.n_docs, u.unit_id))

    @property
    def lead_kind(self) -> str:
        """Kind of unit that the summary ranks: topics, or sub-directions where none is scored."""
        return "topic" if self.of_kind("topic", scored=True) else "sub_direction"

    @cached_property
    def leaders(self) -> list[Unit]:
        """The five best-ranked units whose share is not falling (interval wholly below zero)."""
        units = self.of_kind(self.lead_kind, scored=True)
        return [unit for unit in units if not unit.fading][:TOP]

    @cached_property
    def fading(self) -> list[Unit]:
        """Scored units whose whole growth interval lies below zero, topics first."""
        units = self.of_kind("topic", scored=True) + self.of_kind("sub_direction", scored=True)
        return [unit for unit in units if unit.fading]

    @cached_property
    def _earlier(self) -> dict[str, Any]:
        return {str(row.unit_id): row for row in self.study.earlier.itertuples(index=False)}

    @property
    def comparable(self) -> bool:
        """Whether any sub-direction was ranked a year ago."""
        return any(as_int(row.rank) is not None for row in self._earlier.values())

    def change_of(self, unit: Unit) -> Change | None:
        """Compare a sub-direction's rank with that of a year ago.

        `risen` or `fallen` only if the earlier rank lies outside the present rank interval;
        otherwise `unchanged`. `new`: ranked now and not then; `dropped`: then and not now. None
        for topics, and where nothing was ranked a year ago.
        """
        if unit.kind != "sub_direction" or not self.comparable:
            return None
        row = self._earlier.get(unit.unit_id)
        rank = None if row is None else as_int(row.rank)
        score = None if row is None else as_float(row.score)
        if rank is None and not unit.scored:
            return None
        if rank is None:
            state = "new"
        elif not unit.scored:
            state = "dropped"
        elif unit.rank_hi is not None and rank > unit.rank_hi:
            state = "risen"
        elif unit.rank_lo is not None and rank < unit.rank_lo:
            state = "fallen"
        else:
            state = "unchanged"
        return Change(state, rank, score)

    def newest_patent(self, unit: Unit) -> Any | None:
        """The most recently published patent among a unit's representatives (or its documents).

        A paper where the unit has no patent; None where it has no document.
        """
        topics = self.study.topics
        cells = topics.loc[topics["topic_id"] == unit.unit_id, "representatives"]
        ids = split_ids(cells.iloc[0]) if len(cells) else ()
        found = self.documents.loc[self.documents.index.isin(ids or unit.doc_ids)]
        if found.empty:
            return None
        patents = found[found["kind"] == "patent"]
        found = found if patents.empty else patents
        ordered = found.sort_index().sort_values("published", kind="stable")
        return next(ordered.tail(1).itertuples(index=False))

    @cached_property
    def track_places(self) -> Any | None:
        """The track's row of `zhejiang`; None where the corpus cannot tell."""
        table = self.study.zhejiang
        rows = table[table["unit_id"] == self.study.track.slug]
        row = next(rows.itertuples(index=False), None)
        return row if row is not None and as_int(row.n_placed) else None

    def ids_between(self, first: int, last: int) -> tuple[str, ...]:
        """Ids of the track's documents of a span of years."""
        table = self.study.documents
        return tuple(sorted(table.loc[table["year"].between(first, last), "doc_id"]))

    @cached_property
    def share(self) -> Estimate | None:
        """The track's share of the corpus in the last complete year (Wilson interval)."""
        table = self.study.track_years
        rows = table[table["year"] == self.study.last_year]
        row: Any = next(rows.itertuples(index=False), None)
        if row is None or not row.n_corpus:
            return None
        lo, hi = wilson([row.n_docs], [row.n_corpus])
        ids = self.ids_between(self.study.last_year, self.study.last_year)
        value = int(row.n_docs) / int(row.n_corpus)
        return Estimate(value, float(lo[0]), float(hi[0]), int(row.n_corpus), ids)

    @cached_property
    def share_change(self) -> Estimate | None:
        """Yearly change of the track's share: last three complete years against the three before.

        The cube root of the ratio of pooled shares, less 1 (the centres of the spans lie three
        years apart); interval by the log method for a ratio of Poisson counts. None where either
        span has no document or a year is not in the table. The choice of spans is ours.

        References
        ----------
        Katz et al. (1978), doi:10.2307/2530610 (log method).
        """
        last = self.study.last_year
        table = self.study.track_years.set_index("year").reindex(
            range(last - 2 * SPAN + 1, last + 1)
        )
        if table["n_corpus"].isna().any():
            return None
        docs, totals = table["n_docs"].to_numpy(float), table["n_corpus"].to_numpy(float)
        before, after = docs[:SPAN].sum(), docs[SPAN:].sum()
        if not (before and after and totals[:SPAN].sum() and totals[SPAN:].sum()):
            return None
        log = float(np.log(after / totals[SPAN:].sum()) - np.log(before / totals[:SPAN].sum()))
        half = Z95 * float(np.sqrt(1 / after + 1 / before))
        ids = self.ids_between(last - 2 * SPAN + 1, last)
        bounds = [float(np.expm1(x / SPAN)) for x in (log, log - half, log + half)]
        return Estimate(bounds[0], bounds[1], bounds[2], int(before + after), ids)
