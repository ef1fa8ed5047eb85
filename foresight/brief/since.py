"""What is new, moved and gone since the kept results of an earlier run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from foresight.brief.kept import KeptRun
from foresight.brief.reading import Reading, Unit
from foresight.brief.wording import as_float, as_int, as_text

FATES = ("split", "merge", "death")


@dataclass(frozen=True)
class Then:
    """A unit as the earlier run scored it; `rule` is that of its list, None where not listed."""

    unit_id: str
    kind: str
    label_zh: str
    label_en: str
    n_docs: int
    score: float | None
    rank: int | None
    p_growth: float | None
    rule: str | None


@dataclass(frozen=True)
class TopicEvent:
    """What became of a topic: `fate`, its year, and the topics that it came from or went into."""

    topic_id: str
    fate: str
    year: int | None
    others: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """A sub-direction then and now: `up`, `down`, `same`, `new` (scored), `dropped` (no score)."""

    unit: Unit
    then: Then | None
    state: str


def placed(rank: int | None, lo: int | None, hi: int | None, was: int | None) -> str | None:
    """Compare a rank with an earlier one against the present rank interval.

    Returns
    -------
    str or None
        `up` or `down` where the earlier rank lies outside the present interval (1 is best), else
        `same`; `new` where there was none, `dropped` where there is none now, None for neither.
    """
    if rank is None:
        return None if was is None else "dropped"
    if was is None:
        return "new"
    if hi is not None and was > hi:
        return "up"
    return "down" if lo is not None and was < lo else "same"


def listed(rule: str | None, was_rule: str | None, place: str | None) -> str | None:
    """What became of a candidate: `new`, `up`, `down`, `same`, `dropped`; None if never listed.

    A stricter rule (A before B before C) is up, a laxer one down; under the same rule the rank
    decides, see `placed`.

    >>> listed("A", "B", "same"), listed("B", "B", "down"), listed(None, "C", "same")
    ('up', 'down', 'dropped')
    """
    if rule is None:
        return None if was_rule is None else "dropped"
    if was_rule is None:
        return "new"
    if rule != was_rule:
        return "up" if rule < was_rule else "down"
    return place if place in {"up", "down"} else "same"


class Since:
    """A study beside the kept results of an earlier run, matched by the ids of units."""

    def __init__(self, reading: Reading, kept: KeptRun) -> None:
        self.reading, self.kept = reading, kept

    @cached_property
    def then(self) -> dict[str, Then]:
        """Units of the earlier run by id."""
        rules = dict(
            zip(self.kept.candidates["unit_id"], self.kept.candidates["rule"], strict=True)
        )
        found = {}
        for row in self.kept.scores.itertuples(index=False):
            unit = str(row.unit_id)
            found[unit] = Then(
                unit_id=unit,
                kind=str(row.unit_kind),
                label_zh=as_text(row.label_zh) or as_text(row.label_en) or unit,
                label_en=as_text(row.label_en) or as_text(row.label_zh) or unit,
                n_docs=as_int(row.n_docs) or 0,
                score=as_float(row.score),
                rank=as_int(row.rank),
                p_growth=as_float(row.p_growth),
                rule=rules.get(unit),
            )
        return found

    def label(self, topic_id: str, lang: str) -> str:
        """Name of a topic of either run; its id where neither names it."""
        unit, then = self.reading.units.get(topic_id), self.then.get(topic_id)
        if unit is not None:
            return unit.label(lang)
        if then is not None:
            return then.label_zh if lang == "zh" else then.label_en
        past = self.reading.study.past_topics
        rows = past.loc[past["topic_id"] == topic_id, f"label_{lang}"]
        return str(rows.iloc[0]) if len(rows) else topic_id

    # documents

    @cached_property
    def new_documents(self) -> pd.DataFrame:
        """The track's documents that the earlier run did not have."""
        table = self.reading.study.documents
        return table[~table["doc_id"].isin(self.kept.documents["doc_id"])]

    @cached_property
    def gone_documents(self) -> tuple[str, ...]:
        """Ids of documents that the earlier run counted to the track and this one does not."""
        here = set(self.reading.study.documents["doc_id"])
        return tuple(sorted(set(self.kept.documents["doc_id"]) - here))

    # topics

    def _links(self, topic_id: str, column: str) -> pd.DataFrame:
        rows = self.reading.study.lineage
        rows = rows[(rows[column] == topic_id) & (rows["fate"] != "continuation")]
        return rows[rows["year"] == rows["year"].max()] if len(rows) else rows

    def born(self, topic_id: str) -> TopicEvent:
        """How a topic of this run that the earlier one lacks came to be, by the lineage.

        `birth`, `split`, `merge`, or `absent` where the lineage does not tell.
        """
        rows = self._links(topic_id, "topic_id")
        rows = rows[rows["fate"] != "death"]
        if rows.empty:
            return TopicEvent(topic_id, "absent", None, ())
        others = sorted({as_text(one) for one in rows["before"]} - {"", topic_id})
        fate = str(rows["fate"].iloc[0])
        return TopicEvent(topic_id, fate, int(rows["year"].iloc[0]), tuple(others))

    def ended(self, topic_id: str) -> TopicEvent:
        """What became of a topic that is no more: `split`, `merge`, `death`, or `absent`."""
        rows = self._links(topic_id, "before")
        rows = rows[rows["fate"].isin(FATES)]
        if rows.empty:
            return TopicEvent(topic_id, "absent", None, ())
        others = sorted({str(one) for one in rows["topic_id"]} - {topic_id})
        fate = str(rows["fate"].iloc[0])
        return TopicEvent(topic_id, fate, int(rows["year"].iloc[0]), tuple(others))

    @cached_property
    def born_topics(self) -> list[TopicEvent]:
        """Topics that the earlier run did not have."""
        known = set(self.kept.topics["topic_id"])
        ids = [str(one) for one in self.reading.study.topics["topic_id"] if one not in known]
        return [self.born(one) for one in sorted(ids)]

    @cached_property
    def ended_topics(self) -> list[TopicEvent]:
        """Topics of the earlier run that are no more."""
        now = set(self.reading.study.topics["topic_id"])
        ids = [str(one) for one in self.kept.topics["topic_id"] if one not in now]
        return [self.ended(one) for one in sorted(ids)]

    # ranks

    @cached_property
    def sub_directions(self) -> list[Placed]:
        """Sub-directions that are ranked now or were then, in order of rank."""
        found = []
        for unit in self.reading.of_kind("sub_direction"):
            then = self.then.get(unit.unit_id)
            state = place_of(unit, then)
            if state is not None:
                found.append(Placed(unit, then, state))
        return found

    @cached_property
    def comparable(self) -> bool:
        """Whether the earlier run ranked anything."""
        return any(then.rank is not None for then in self.then.values())


def place_of(unit: Unit | None, then: Then | None) -> str | None:
    """`placed` for a unit of both runs."""
    was = None if then is None else then.rank
    if unit is None or not unit.scored:
        return placed(None, None, None, was)
    return placed(unit.rank, unit.rank_lo, unit.rank_hi, was)


def open_since(reading: Reading) -> Since | None:
    """The comparison with the kept run; None where there is none."""
    kept: Any = reading.study.kept
    return None if kept is None else Since(reading, kept)
