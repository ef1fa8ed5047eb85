"""Which figures a brief and the board have, and writing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.words import method_name
from foresight.brief.study import Study
from foresight.brief.wording import check_language
from foresight.settings import COMPONENTS

FOLDER = "figures"


def lead_scores(study: Study) -> pd.DataFrame:
    """Scored rows of the kind of unit that the summary ranks: topics, else sub-directions."""
    scored = study.scores[study.scores["score"].notna()]
    topics = scored[scored["unit_kind"] == "topic"]
    return scored if topics.empty else topics


def planned(study: Study) -> tuple[str, ...]:
    """Names of the figures that the study's tables can fill."""
    names = []
    if study.track_years["n_docs"].sum() > 0:
        names.append("share")
    if len(study.topics) and study.documents["x"].notna().any():
        names.append("topic_map")
    if len(lead_scores(study)):
        names += ["ranking", "components"]
    if len(study.topics) and study.topic_years["n_docs"].sum() > 0:
        names.append("topic_years")
    if len(study.topic_flows):
        names.append("topic_flows")
    if len(study.organisations):
        names.append("organisations")
    if study.track_record is not None and study.track_record.method in study.track_record.spoke:
        names.append("skill")
    return tuple(names)


def skill_figure(record: TrackRecord, ax: Any, *, lang: str) -> Any:
    """Draw the score that briefs rank by beside the best baseline, at each cut-off compared."""
    from foresight.plots import plot_skill

    methods = [*record.scores[:1], *([record.rival] if record.rival else [])]
    names = [method_name(method, lang) for method in methods]
    return plot_skill(record.by_cutoff(), methods=methods, names=names, ax=ax, lang=lang)


def _painters(study: Study, lang: str) -> dict[str, Callable[[Any], Any]]:
    from foresight import plots

    years: dict[str, Any] = {"lang": lang, "last_year": study.last_year}
    scores, topics, record = lead_scores(study), study.topics, study.track_record
    painters: dict[str, Callable[[Any], Any]] = {
        "share": lambda ax: plots.plot_share(study.track_years, ax=ax, **years),
        "topic_map": lambda ax: plots.plot_topic_map(
            study.documents, topics=topics, ax=ax, lang=lang
        ),
        "ranking": lambda ax: plots.plot_ranking(scores, ax=ax, lang=lang),
        "components": lambda ax: plots.plot_components(scores, ax=ax, lang=lang),
        "topic_years": lambda ax: plots.plot_topic_years(
            study.topic_years, topics=topics, ax=ax, **years
        ),
        "topic_flows": lambda ax: plots.plot_topic_flows(
            study.topic_flows, topics=topics, past=study.past_topics, ax=ax, lang=lang
        ),
        "organisations": lambda ax: plots.plot_organisations(study.organisations, ax=ax, lang=lang),
    }
    if record is not None:
        painters["skill"] = lambda ax: skill_figure(record, ax, lang=lang)
    return painters


def _labels(study: Study, lang: str) -> dict[str, list[str]]:
    """Names of the rows of figures that have one per unit, topic or organisation."""
    scored = lead_scores(study)[f"label_{lang}"].astype(str).tolist()
    return {
        "ranking": scored,
        "components": scored,
        "topic_years": study.topics[f"label_{lang}"].astype(str).tolist(),
        "organisations": study.organisations["org"].astype(str).tolist(),
    }


def write_figures(study: Study, folder: Path, *, lang: str) -> list[str]:
    """Write a study's figures as PNG.

    Parameters
    ----------
    study : Study
    folder : Path
        The track's folder; figures go to `figures/` in it, as the Markdown expects.
    lang : str

    Returns
    -------
    list of str
        Names of the files written, such as `share.zh.png`; empty where no table can be drawn.
    """
    from foresight.plots import height_cm, new_figure, save_figure

    check_language(lang)
    painters, labels = _painters(study, lang), _labels(study, lang)
    written = []
    for name in planned(study):
        beside = labels.get(name, [])
        figure, ax = new_figure(height_cm=height_cm(name, rows=len(beside), labels=beside))
        painters[name](ax)
        path = folder / FOLDER / f"{name}.{lang}.png"
        save_figure(figure, path)
        written.append(path.name)
    return written


def write_board_figure(
    summaries: Sequence[dict[str, Any]], folder: Path, *, lang: str
) -> str | None:
    """Write the board's heat map: the best unit's score, P(growth) and components, documents.

    Returns
    -------
    str or None
        Path below `folder`, for `compose_board(figure=…)`; None where no track has a score.
    """
    from foresight.plots import height_cm, new_figure, plot_board, save_figure

    check_language(lang)
    rows = [
        {
            "slug": summary["slug"],
            "label_zh": summary["name_zh"],
            "label_en": summary["name_en"],
            "score": best["score"] if best else None,
            "p_growth": best["p_growth"] if best else None,
            **{name: best["components"][name] if best else None for name in COMPONENTS},
            "n_docs": summary["n_docs"],
        }
        for summary in sorted(summaries, key=lambda s: (s["number"], s["slug"]))
        for best in [summary["best"]]
    ]
    if not any(row["score"] is not None for row in rows):
        return None
    figure, ax = new_figure(height_cm=height_cm("board", rows=len(rows)))
    plot_board(pd.DataFrame(rows), ax=ax, lang=lang)
    path = folder / FOLDER / f"board.{lang}.png"
    save_figure(figure, path)
    return f"{FOLDER}/{path.name}"
