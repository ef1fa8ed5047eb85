"""Candidates for the list of technologies to tackle (技术攻关清单), by stated rules."""

from __future__ import annotations

import pandas as pd

from foresight.brief.reading import TOP, Reading, Unit
from foresight.brief.study import Study
from foresight.provenance import join_ids

# Ours; stated in section 8 of every brief.
MIDDLE = 50.0  # middle of the scale: half the topics of the corpus lie below it

RULES = {
    "A": ("优先论证", "assess first"),
    "B": ("补证后论证", "gather evidence first"),
    "C": ("跟踪观察", "watch"),
}
COLUMNS = [
    "candidate_id",
    "unit_id",
    "unit_kind",
    "label_zh",
    "label_en",
    "rule",
    "score",
    "score_lo",
    "score_hi",
    "rank",
    "rank_lo",
    "rank_hi",
    "p_growth",
    "change",
    "n_docs",
    "n_zhejiang",
    "doc_ids",
]


def rule_of(unit: Unit) -> str | None:
    """The rule by which a unit becomes a candidate, None if by none.

    A: rank interval within the top five, score interval not below 50. B: rank within the top five
    and score not below 50, but an interval too wide for A. C: rank below the top five, growth
    interval wholly above zero. The rules are ours.
    """
    if not unit.scored or unit.rank is None:
        return None
    if unit.rank <= TOP:
        if unit.score is None or unit.score < MIDDLE:
            return None
        sure = (
            unit.rank_hi is not None
            and unit.rank_hi <= TOP
            and unit.score_lo is not None
            and unit.score_lo >= MIDDLE
        )
        return "A" if sure else "B"
    return "C" if unit.rising else None


def ruled(reading: Reading) -> list[tuple[str, Unit]]:
    """Candidates with their rule: by rule, topics before sub-directions, then rank."""
    units = reading.of_kind("topic", scored=True) + reading.of_kind("sub_direction", scored=True)
    pairs = [(rule_of(unit), unit) for unit in units]
    found = [(rule, unit) for rule, unit in pairs if rule is not None]
    return sorted(found, key=lambda pair: pair[0])


def make_candidates(study: Study) -> pd.DataFrame:
    """Table of candidates.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame, one row per candidate, in order of rule, kind and rank
        candidate_id, unit_id, unit_kind, label_zh, label_en, rule (`A`, `B`, `C`; see `rule_of`),
        score, score_lo, score_hi (0 to 100), rank, rank_lo, rank_hi, p_growth (0 to 1), change
        (`new`, `risen`, `fallen`, `unchanged`; null for topics, which have no counterpart a year
        ago), n_docs, n_zhejiang (null where the corpus has no places), doc_ids (";"-joined).
    """
    reading = Reading(study)
    rows = []
    for place, (rule, unit) in enumerate(ruled(reading), start=1):
        change = reading.change_of(unit)
        values = {name: getattr(unit, name) for name in COLUMNS if hasattr(unit, name)}
        rows.append(
            {
                **values,
                "candidate_id": f"{study.track.slug}-{place:02d}",
                "unit_kind": unit.kind,
                "rule": rule,
                "change": None if change is None else change.state,
                "doc_ids": join_ids(unit.doc_ids),
            }
        )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    whole = dict.fromkeys(("rank", "rank_lo", "rank_hi", "n_docs", "n_zhejiang"), "Int64")
    return frame.astype(whole)
