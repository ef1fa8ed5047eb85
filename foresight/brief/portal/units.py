"""The tables behind the entry page: every track, and all their topics and sub-directions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from foresight.brief.board import Summary
from foresight.brief.portal.sector import Sector
from foresight.settings import COMPONENTS

UNIT_COLUMNS = (
    "track", "track_zh", "track_en", "unit_id", "unit_kind", "label_zh", "label_en", "score",
    "score_lo", "score_hi", "p_growth", "stage", "stage_reason", "n_docs", "words_zh", "words_en",
)  # fmt: skip
BEST = ("unit_id", "unit_kind", "label_zh", "label_en", "score", "score_lo", "score_hi",
        "p_growth", "stage", "n_docs")  # fmt: skip


def track_table(summaries: Sequence[Summary]) -> pd.DataFrame:
    """All finished tracks, as `board.csv` has them.

    Returns
    -------
    DataFrame, one row per track, by number
        number, track, name_zh, name_en, tier, as_of, thin, n_docs, n_patents, n_papers, n_topics;
        best_* of the strongest unit whose share is not falling (null where none is scored) with
        its components (percentiles 0 to 1); share_change with lo and hi (0.05 = 5 % more a
        year); n_zhejiang and n_placed (documents).
    """
    rows = []
    for summary in sorted(summaries, key=lambda s: (s["number"], s["slug"])):
        best, change, local = summary["best"], summary["share_change"], summary["zhejiang"]
        names = ("number", "name_zh", "name_en", "tier", "as_of", "thin", "n_docs", "n_patents",
                 "n_papers", "n_topics")  # fmt: skip
        row = {"track": summary["slug"], **{name: summary[name] for name in names}}
        row |= {f"best_{name}": best[name] if best else None for name in BEST}
        row |= {name: best["components"][name] if best else None for name in COMPONENTS}
        row |= {
            f"share_change{end}": change[key] if change else None
            for end, key in (("", "value"), ("_lo", "lo"), ("_hi", "hi"))
        }
        row |= {name: local[name] if local else None for name in ("n_zhejiang", "n_placed")}
        rows.append(row)
    return pd.DataFrame(rows)


def unit_table(sectors: Sequence[Sector]) -> pd.DataFrame:
    """Every topic and sub-direction of all tracks, as `units.csv` has them.

    Returns
    -------
    DataFrame, strongest score first, those without a score last
        track, track_zh, track_en, unit_id, unit_kind, label_zh, label_en, score, score_lo,
        score_hi, p_growth, stage, stage_reason, n_docs (up to the last complete year),
        words_zh, words_en (";"-joined words of a topic, empty for a sub-direction).
    """
    parts = []
    for sector in sectors:
        ids = sector.scores["unit_id"]
        frame = sector.scores.assign(
            track=sector.slug,
            track_zh=sector.summary["name_zh"],
            track_en=sector.summary["name_en"],
        )
        reasons = dict(zip(sector.stages["unit_id"], sector.stages["stage_reason"], strict=True))
        frame["stage_reason"] = [reasons.get(unit, "") for unit in ids]
        for name in ("words_zh", "words_en"):
            words = dict(zip(sector.topics["topic_id"], sector.topics[name], strict=True))
            frame[name] = [words.get(unit, "") for unit in ids]
        parts.append(frame[list(UNIT_COLUMNS)])
    if not parts:
        return pd.DataFrame(columns=list(UNIT_COLUMNS))
    joined = pd.concat(parts, ignore_index=True)
    keys = ["score", "n_docs", "unit_id"]
    return joined.sort_values(keys, ascending=[False, False, True], ignore_index=True)
