"""How sure retrieval is in every track of a corpus as of a date, now and before the edits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresight.corpus.quality import (
    Quality,
    Share,
    compare_selections,
    retrieval_quality,
    stratum_sizes,
)
from foresight.corpus.select import MATCHED, STRATA, track_strata
from foresight.corpus.view import View
from foresight.labels import agreement
from foresight.run.labelling import weighted_labels
from foresight.tracks import Registry, Track, draft_terms

SHARES = ("precision", "recall", "near", "draft_precision", "draft_recall", "relevant")


def quality_frame(view: View, registry: Registry) -> pd.DataFrame:
    """Documents by stratum, precision and recall of every track, as numbers.

    Only documents of the view count, and only their labels: an early date has fewer of both. The
    research draft of the registry (`draft_terms`), from which the terms were edited, is judged by
    the same labels.

    Parameters
    ----------
    view : View
    registry : Registry

    Returns
    -------
    DataFrame, one line per track, in the order of the policy
        track, number, label_zh, label_en, documents, one column per stratum (`near_miss` is outside
        the track), labels, read_twice, kappa, terms_changed (bool), labelled_by, second_by (who
        read), draft_documents; and with `_lo` and `_hi` (95 %): precision, recall, near (share of
        the near misses that belong), draft_precision, draft_recall, relevant (relevant documents
        now over those of the draft). Null where there is no label; estimates also where terms were
        changed after the sample was drawn, or where they cannot be made
        (`foresight.corpus.quality`).
    """
    visible = set(view.corpus.read(view.documents.select("doc_id"))["doc_id"])
    now, draft = (
        dict(iter(strata[strata["doc_id"].isin(visible)].groupby("track")))
        for strata in (
            track_strata(view.corpus, registry.terms()),
            track_strata(view.corpus, draft_terms()),
        )
    )
    none = pd.DataFrame(columns=["doc_id", "track", "stratum"], dtype="str")
    lines = [
        _line(
            view.corpus.name,
            registry,
            track,
            now=now.get(track.slug, none),
            draft=draft.get(track.slug, none),
        )
        for track in registry.tracks
    ]
    frame = pd.DataFrame(lines)
    numbers = [f"{name}{end}" for name in SHARES for end in ("", "_lo", "_hi")]
    return frame.astype({**dict.fromkeys(numbers, "float64"), "kappa": "float64"}).astype(
        {"terms_changed": "boolean", "labelled_by": "str", "second_by": "str"}
    )


def _line(
    corpus: str, registry: Registry, track: Track, *, now: pd.DataFrame, draft: pd.DataFrame
) -> dict[str, object]:
    sizes, drafted = stratum_sizes(now, track.slug), stratum_sizes(draft, track.slug)
    line: dict[str, object] = {
        "track": track.slug,
        "number": track.number,
        "label_zh": track.name_zh,
        "label_en": track.name_en,
        "documents": sum(sizes[name] for name in MATCHED),
        **{name: sizes[name] for name in STRATA},
        "labels": 0,
        "read_twice": 0,
        "kappa": None,
        "terms_changed": None,
        "labelled_by": None,
        "second_by": None,
    }
    found: dict[str, Share | None] = dict.fromkeys(SHARES)
    kept = weighted_labels(track.slug, corpus)
    if kept is not None:
        card, rows = kept
        rows = rows[rows["doc_id"].isin(now["doc_id"]) | rows["doc_id"].isin(draft["doc_id"])]
        equal = agreement(rows)
        line["labels"] = len(rows)
        if equal is not None:
            line["read_twice"], line["kappa"] = equal[2], equal[1]
        changed = card.terms_digest != registry.terms_digest(track.slug)
        line["terms_changed"] = changed
        line["labelled_by"], line["second_by"] = card.labelled_by, card.second_by or None
        if len(rows) and not changed:
            chosen: dict[str, Any] = {"track": track.slug, "seed": card.seed}
            found = _shares(
                retrieval_quality(now, rows, **chosen),
                retrieval_quality(draft, rows, **chosen),
                compare_selections(now, draft, rows, **chosen),
            )
    for name, share in found.items():
        values = (share.value, share.lo, share.hi) if share else (None,) * 3
        line |= dict(zip([f"{name}{end}" for end in ("", "_lo", "_hi")], values, strict=True))
    line["draft_documents"] = sum(drafted[name] for name in MATCHED)
    return line


def _shares(now: Quality, draft: Quality, compared: pd.DataFrame) -> dict[str, Share | None]:
    value, lo, hi = map(float, compared.loc["ratio"])
    return {
        "precision": now.precision,
        "recall": now.recall,
        "near": now.near_miss,
        "draft_precision": draft.precision,
        "draft_recall": draft.recall,
        "relevant": Share(value, lo, hi, 0),
    }
