"""Candidates for the list of technologies to tackle (技术攻关清单), by stated rules."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresight.brief.moves import list_moves
from foresight.brief.reading import TOP, Reading, Unit
from foresight.brief.study import Study
from foresight.brief.wording import as_text
from foresight.provenance import join_ids

# Ours; stated in section 8 of every brief.
MIDDLE = 50.0  # middle of the scale: half the topics of the corpus lie below it

COLUMNS = [
    "candidate_id", "unit_id", "unit_kind", "label_zh", "label_en", "rule",
    "state", "compared_with", "reason", "reason_zh", "reason_en",
    "score", "score_lo", "score_hi", "rank", "rank_lo", "rank_hi", "p_growth",
    "earlier_rule", "earlier_rank", "earlier_score", "earlier_p_growth", "earlier_n_docs",
    "n_docs",
    "held", "cr4", "cr4_lo", "cr4_hi", "n_held", "leaders", "n_leaders_local",
    "control_org", "control", "control_lo", "control_hi",
    "n_placed", "n_zhejiang", "n_zhejiang_orgs", "n_zhejiang_people", "zhejiang_orgs",
    "zhejiang_ids",
    "route", "route_id", "route_zh", "route_en", "n_route", "form", "form_why", "doc_ids",
]  # fmt: skip
WHOLE = (
    "rank", "rank_lo", "rank_hi", "n_docs", "n_zhejiang", "n_held", "n_leaders_local", "n_placed",
    "n_zhejiang_orgs", "n_zhejiang_people", "n_route", "earlier_rank", "earlier_n_docs",
)  # fmt: skip
STANDING = {
    "held": "held", "cr4": "cr4", "cr4_lo": "cr4_lo", "cr4_hi": "cr4_hi", "n_held": "n_held",
    "leaders": "leaders_names", "n_leaders_local": "n_leaders_local",
    "control_org": "control_org_names", "control": "control", "control_lo": "control_lo",
    "control_hi": "control_hi", "n_placed": "n_placed", "n_zhejiang_orgs": "n_local_orgs",
    "n_zhejiang_people": "n_local_people", "zhejiang_orgs": "local_orgs_names",
    "zhejiang_ids": "local_ids", "route": "route", "route_id": "route_id", "n_route": "n_route",
    "form": "form", "form_why": "form_why",
}  # fmt: skip
"""Columns of the list that come from `Standing.units`, and their names there."""


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
    """Table of candidates, those that dropped out since the earlier run last.

    Parameters
    ----------
    study : Study

    Returns
    -------
    DataFrame, one row per candidate, in order of rule, kind and rank; then the dropped ones
        candidate_id, unit_id, unit_kind, label_zh, label_en; rule (`A`, `B`, `C`; see `rule_of`;
        null for dropped ones); state (`new`, `up`, `down`, `same`, `dropped`; see
        `foresight.brief.since.listed`) against the kept run of the date compared_with, with the
        reason (key of `foresight.brief.moves.REASONS`) in words. Without a kept run, state is
        that of the sub-direction's rank a year before, and null for topics.
        score, score_lo, score_hi (0 to 100), rank, rank_lo, rank_hi, p_growth (0 to 1), and the
        same of the earlier run. n_docs. Of control by others (see
        `foresight.navigation.standing.unit_control`) held, cr4 with its interval, n_held
        (documents of the window that name an organisation), leaders (";"-joined) and how many of
        them are local, the strongest by the control index. Of the provincial base n_placed,
        n_zhejiang (null where the corpus has no places), organisations and people on these
        documents, their ids. route (`main_path`: route_id is the newest of n_route documents on
        the track's main path; `branch`, `topic`: the branch or topic with n_route of the
        documents), form and form_why (see `suggested_form` there). doc_ids (";"-joined).
    """
    reading = Reading(study)
    moves = list_moves(reading, ruled(reading))
    rows = []
    for place, move in enumerate(moves, start=1):
        unit = move.unit
        values: dict[str, Any] = {}
        if unit is not None:
            values = {name: getattr(unit, name) for name in COLUMNS if hasattr(unit, name)}
            values |= {"unit_kind": unit.kind, "doc_ids": join_ids(unit.doc_ids)}
            values |= _standing(study, reading, unit.unit_id)
        then = move.then
        if then is not None:
            values = {"label_zh": then.label_zh, "label_en": then.label_en} | values
            values |= {"earlier_rule": then.rule, "earlier_rank": then.rank,
                       "earlier_score": then.score, "earlier_p_growth": then.p_growth,
                       "earlier_n_docs": then.n_docs}  # fmt: skip
            values.setdefault("unit_kind", then.kind)
        rows.append(
            {
                **values,
                "candidate_id": f"{study.track.slug}-{place:02d}",
                "unit_id": move.unit_id,
                "rule": move.rule,
                "state": move.state,
                "compared_with": move.compared_with,
                "reason": move.reason,
                "reason_zh": move.reason_zh,
                "reason_en": move.reason_en,
            }
        )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype(dict.fromkeys(WHOLE, "Int64"))


def _standing(study: Study, reading: Reading, unit_id: str) -> dict[str, Any]:
    """Control, base, route and form of a unit; nothing where they were not computed."""
    if study.standing is None or unit_id not in study.standing.units.index:
        return {}
    row = study.standing.units.loc[unit_id]
    values = {name: row[column] for name, column in STANDING.items()}
    other = reading.units.get(as_text(row["route_id"]))
    if other is not None:
        values |= {"route_zh": other.label_zh, "route_en": other.label_en}
    return values
