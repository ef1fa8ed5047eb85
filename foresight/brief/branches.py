"""What section 6 shows, as tables to keep: course and control of branches, recommendations."""

from __future__ import annotations

import pandas as pd

from foresight.brief.reading import Reading
from foresight.brief.study import Study

HELD = {
    "n_held": "n_held",
    "cr4": "cr4",
    "cr4_lo": "cr4_lo",
    "cr4_hi": "cr4_hi",
    "held": "held",
    "leaders": "leaders_names",
    "control_org": "control_org_names",
    "control": "control",
    "control_lo": "control_lo",
    "control_hi": "control_hi",
}
COLUMNS = (
    "unit_id", "label_zh", "label_en", "course", "course_why", "growth", "lo", "hi", "n_docs",
    *HELD, "doc_ids",
)  # fmt: skip
RECOMMENDED = (
    "chapter", "rule", "kind", "subject", "region", "unit_id", "measure", "value", "lo", "hi", "n",
    "evidence", "doc_ids",
)  # fmt: skip


def branch_table(study: Study) -> pd.DataFrame:
    """Course and control of the track and of each sub-direction.

    Returns
    -------
    DataFrame, one row per branch, the track first
        unit_id, label_zh, label_en; course, course_why, growth (yearly log-growth of the share,
        not shrunk) with its 95 % interval lo, hi, n_docs and doc_ids of
        `foresight.navigation.control.branch_trends`; the columns of control of
        `foresight.navigation.standing.unit_control`, organisations by name. Empty for a track
        without a document.
    """
    if study.standing is None:
        return pd.DataFrame(columns=list(COLUMNS))
    frame = study.standing.direction.rename(columns={"why": "course_why"})
    units = Reading(study).units
    own = {"zh": study.track.name_zh, "en": study.track.name_en}
    for lang, name in own.items():
        labels = {unit_id: unit.label(lang) for unit_id, unit in units.items()}
        frame[f"label_{lang}"] = frame["unit_id"].map({**labels, study.track.slug: name})
    for name, column in HELD.items():
        frame[name] = frame["unit_id"].map(study.standing.units[column])
    return frame[list(COLUMNS)]


def recommendation_table(study: Study) -> pd.DataFrame:
    """Recommendations by the rules of the path, all of them.

    Returns
    -------
    DataFrame, one row per recommendation
        Columns of `foresight.navigation.path.path`, those that name why nothing is recommended
        left out. Empty for a track without a document.
    """
    if study.standing is None:
        return pd.DataFrame(columns=list(RECOMMENDED))
    path = study.standing.path
    return path.loc[path["rule"].notna(), list(RECOMMENDED)].reset_index(drop=True)
