"""What score and probability of growth mean, in words."""

from __future__ import annotations

from foresight.brief.study import Scoring
from foresight.brief.wording import count, decimal, percent, pick
from foresight.settings import COMPONENTS, Settings

COMPONENT_NAMES = {
    "growth": ("增长性", "growth"),
    "vitality": ("活跃度", "vitality"),
    "novelty": ("新颖度", "novelty"),
    "community": ("参与面", "community"),
}
LEAST_GROWTH = "8%"  # a year: what counts as grown, see `foresight.emergence.outcomes`


def growth_meaning(scoring: Scoring, lang: str) -> str:
    """One sentence on the probability of growth; on its absence where nothing could be learnt."""
    if scoring.horizon is None:
        return pick(
            lang,
            "此时点尚无可用的历史结果，未给出增长概率。",
            "No outcome was known yet at this date; no probability of growth is given.",
        )
    years, base = scoring.horizon, percent(scoring.base_rate, 0)
    return pick(
        lang,
        f"“增长概率”指今后 {years} 年占语料份额年均增长不低于 {LEAST_GROWTH} 的概率，"
        f"按历史上同等位次主题的实际结果校准（主题总体的基准比率为 {base}）。",
        f"P(growth) is the probability that the share of the corpus grows at least {LEAST_GROWTH} "
        f"a year over the next {years} years, calibrated on what became of earlier topics in the "
        f"same place (base rate of all topics: {base}).",
    )


def score_meaning(scoring: Scoring, settings: Settings, lang: str) -> str:
    """How the score is made, from what, and compared with what."""
    topics = count(scoring.n_topics)
    if scoring.method == "shipped":
        return pick(
            lang,
            f"得分：各项特征（增长、新颖、参与、文献语义趋新等）按历史上其后涨幅学得的权重（岭回归，"
            f"{count(scoring.n_units)} 个主题，均在数据截止日前已有结果）合成，取其在全语料 "
            f"{topics} 个主题中的百分位（0—100）。分项不参与加权，供对照。缺失的特征按中位计。",
            "Score: features (growth, novelty, community, how far the documents lie where the "
            "corpus is moving) weighted by what went before a rise (ridge regression on "
            f"{count(scoring.n_units)} earlier topics whose outcome was known by then), as a "
            f"percentile (0-100) among the {topics} topics of the whole corpus. Components are "
            "shown beside it. A missing feature stands at the middle.",
        )
    how = weights_text(settings, lang)
    return pick(
        lang,
        f"得分：现有分项的百分位加权平均乘以 100，权重：{how}；百分位以全语料 {topics} 个主题"
        "为参照。缺失的分项不计入，也不以零代替。",
        f"Score: weighted mean of the available component percentiles, times 100, weights: {how}; "
        f"percentiles among the {topics} topics of the whole corpus. Missing components are left "
        "out, never zero.",
    )


def weights_text(settings: Settings, lang: str) -> str:
    """The weights of the components: the analyst's as shares, or that they are equal."""
    if not settings.weights:
        return pick(lang, "等权", "equal")
    total = sum(settings.weights.values())
    parts = [
        f"{pick(lang, *COMPONENT_NAMES[name])} {decimal(100 * settings.weights[name] / total, 0)}%"
        for name in COMPONENTS
        if settings.weights.get(name)
    ]
    text = pick(lang, "、", ", ").join(parts)
    return pick(lang, f"{text}（分析人员自定）", f"{text} (set by the analyst)")
