"""Claims of section 11: how sure retrieval is."""

from __future__ import annotations

from foresight.brief.claims.model import Claim, claim_of
from foresight.brief.reading import Reading
from foresight.brief.wording import count, pick, small_percent, with_interval
from foresight.corpus.quality import Share

TEXTS = {
    "precision": (
        "查准率 {share}（已判读样本 {n} 件，按层加权，威尔逊区间）。",
        "Precision {share} ({n} labelled documents, weighted to the strata, Wilson).",
    ),
    "recall": (
        (
            "查全率约 {share}（分类号与关键词两路捕获—再捕获估计，已判读样本 {n} 件）；"
            "该法假定两路独立，实际往往正相关，故为偏高估计。"
        ),
        (
            "Recall about {share} (capture-recapture between classes and keywords, {n} labelled "
            "documents); it takes the two as independent, which they seldom are, so it is an upper "
            "estimate."
        ),
    ),
    "near_miss": (
        "未入选而命中宽泛分类号或语境词的文献中，属于本赛道的占 {share}（已判读样本 {n} 件）。",
        (
            "Of the documents outside that share a broad class or a word, {share} belong to the "
            "track ({n} labelled documents)."
        ),
    ),
}


def retrieval_claims(reading: Reading) -> list[Claim]:
    """Precision, recall and near misses, where a labelled sample tells them."""
    retrieval = reading.study.retrieval
    if retrieval is None or retrieval.terms_changed:
        return []
    shares = {key: getattr(retrieval.quality, key) for key in TEXTS}
    return [
        _claim(reading, key, share, retrieval.doc_ids)
        for key, share in shares.items()
        if share is not None
    ]


def _claim(reading: Reading, key: str, share: Share, doc_ids: tuple[str, ...]) -> Claim:
    def say(lang: str) -> str:
        value, lo, hi = (small_percent(part) for part in (share.value, share.lo, share.hi))
        interval = with_interval(value, lo, hi, lang)
        return pick(lang, *TEXTS[key]).format(share=interval, n=count(share.n))

    return claim_of(
        key,
        11,
        say,
        unit_id=reading.study.track.slug,
        value=share.value,
        lo=share.lo,
        hi=share.hi,
        n=share.n,
        unit="share",
        doc_ids=doc_ids,
    )
