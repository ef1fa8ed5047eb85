"""Names of methods and figures, and the sentences that say what a backtest found."""

from __future__ import annotations

from typing import Any

from foresight.brief.backtest.record import FOLDER, TrackRecord
from foresight.brief.wording import (
    ABSENT,
    bracketed,
    count,
    decimal,
    percent,
    pick,
    with_interval,
    years,
)
from foresight.emergence.verdict import Figure

METHOD_NAMES = {
    "size": ("规模", "size"),
    "last_growth": ("沿用上期涨幅", "last growth carried forward"),
    "vitality": ("仅看活跃度", "vitality alone"),
    "citations": ("仅看被引次数", "citations received alone"),
    "random": ("随机排序", "random order"),
    "no_change": ("视为不变", "no change"),
    "composite": ("综合得分", "composite score"),
    "weighted": ("自定权重得分", "score with the analyst's weights"),
    "learned_linear": ("学习得分（线性）", "learned score, linear"),
    "learned_boosting": ("学习得分（提升树）", "learned score, boosted trees"),
    "learned": ("学习得分", "learned score"),
    "shipped": ("简报得分", "briefs' score"),
}
FIGURE_NAMES = {
    "spearman": ("秩相关（Spearman）", "Spearman correlation"),
    "precision_at_10pct": ("前 10% 命中率", "Precision at 10%"),
    "auc": ("AUC", "AUC"),
    "csi": ("临界成功指数（CSI）", "CSI (threat score)"),
    "brier_skill": ("Brier 技巧评分", "Brier skill"),
    "spearman_impact": ("与其后被引的秩相关", "Spearman with later citations"),
}
PER_CENT = frozenset({"precision_at_10pct"})


def method_name(method: str, lang: str) -> str:
    """Name of a method."""
    return pick(lang, *METHOD_NAMES[method])


def figure_name(name: str, lang: str) -> str:
    """Name of a figure."""
    return pick(lang, *FIGURE_NAMES[name])


def figure_texts(figure: Figure, name: str) -> tuple[str, str, str]:
    """Value and bounds of a figure in words: two decimals, shares as whole per cent."""
    value, lo, hi = (
        percent(figure[part], 0) if name in PER_CENT else decimal(figure[part], 2)
        for part in ("value", "lo", "hi")
    )
    return value, lo, hi


def figure_cell(figure: Figure, name: str, lang: str) -> str:
    """A figure with its interval, as a cell of a table."""
    return bracketed(*figure_texts(figure, name), lang)


def gain_texts(figure: Figure, name: str) -> tuple[str, str, str]:
    """Value and bounds of a difference, with their signs; of shares in percentage points."""

    def show(value: float | None) -> str:
        if value is None:
            return ABSENT
        text = decimal(100 * value, 0) if name in PER_CENT else decimal(value, 2)
        return f"+{text}" if value > 0 and float(text.replace(",", "")) > 0 else text

    value, lo, hi = (show(figure[part]) for part in ("value", "lo", "hi"))
    return value, lo, hi


def gain_cell(figure: Figure, name: str, lang: str) -> str:
    """A difference with its interval; bold where the whole interval lies on one side of zero."""
    text = bracketed(*gain_texts(figure, name), lang)
    lo, hi = figure["lo"], figure["hi"]
    sure = lo is not None and hi is not None and (lo > 0 or hi < 0)
    return f"**{text}**" if sure else text


def scope(record: TrackRecord, lang: str) -> str:
    """Cut-offs, horizon and units that figures rest on."""
    first, last, n = record.compared[0], record.compared[-1], len(record.compared)
    span = years(first, last, lang)
    units, ahead = count(record.n_units), record.horizon
    return pick(
        lang,
        f"{span}共 {n} 个截止年、{units} 个主题（同一主题在各截止年分别计数），前瞻 {ahead} 年",
        f"{n} cut-off{'s' if n > 1 else ''} ({span}), {units} topics (counted at each cut-off), "
        f"{ahead} years ahead",
    )


def verdict_sentence(record: TrackRecord, method: str, lang: str) -> str:
    """One sentence on a score, made from its figures by the rules of `judge`."""
    verdict = record.verdict(method)
    name = method_name(method, lang)
    if verdict is None:
        return pick(
            lang,
            f"{name}：可供学习的更早截止年太少，未能给出预测，没有以往表现可言。",
            f"The {name} had too few earlier cut-offs to learn from: it made no forecast and has "
            "no track record.",
        )
    spearman = with_interval(*figure_texts(record.figure(method, "spearman"), "spearman"), lang)
    zh = f"{name}与其后 {record.horizon} 年实际涨幅的秩相关为 {spearman}，{SKILL[verdict.skill][0]}"
    en = (
        f"The {name}'s Spearman correlation with the rise of the {record.horizon} years after is "
        f"{spearman}, {SKILL[verdict.skill][1]}"
    )
    if verdict.baseline is not None:
        gain = record.gain(method, verdict.baseline, "spearman")
        difference = bracketed(*gain_texts(gain, "spearman"), lang)
        rival = decimal(record.figure(verdict.baseline, "spearman")["value"], 2)
        known = {"rival": method_name(verdict.baseline, lang), "its": rival, "by": difference}
        zh += "；" + AGAINST[verdict.against][0].format(**known)
        en += "; " + AGAINST[verdict.against][1].format(**known)
    brier = record.figure(method, "brier_skill")
    if verdict.probability == "absent":
        return pick(lang, zh + "；" + ABSENT_P[0] + "。", en + "; " + ABSENT_P[1] + ".")
    skill = bracketed(*figure_texts(brier, "brier_skill"), lang)
    zh += "；" + PROBABILITY[verdict.probability][0].format(skill=skill)
    en += "; " + PROBABILITY[verdict.probability][1].format(skill=skill)
    return pick(lang, zh + "。", en + ".")


SKILL = {
    "positive": ("显著高于零", "clearly above zero"),
    "negative": ("显著低于零，排序与实际走势相反", "clearly below zero: it ranked the wrong way"),
    "none": (
        "与零无显著差别，即未见优于随机排序",
        "not distinguishable from zero, that is, from chance",
    ),
    "unknown": ("区间无法给出", "with no interval"),
}
AGAINST = {
    "better": (
        "胜过表现最好的基线“{rival}”（{its}），差值 {by}",
        "it beats the best baseline, {rival} ({its}), difference {by}",
    ),
    "worse": (
        "不如表现最好的基线“{rival}”（{its}），差值 {by}，简单规则做得更好",
        (
            "it is beaten by the best baseline, {rival} ({its}), difference {by}: the simple rule "
            "does better"
        ),
    ),
    "ahead": (
        "数值不低于表现最好的基线“{rival}”（{its}），但差值 {by} 在误差范围内，不能说胜过",
        (
            "it stands no lower than the best baseline, {rival} ({its}), but the difference {by} "
            "is within error: it does not beat it"
        ),
    ),
    "behind": (
        "没有胜过表现最好的基线“{rival}”（{its}，数值更高），差值 {by}，在误差范围内",
        (
            "it does not beat the best baseline, {rival} ({its}, which is higher), difference "
            "{by}, within error"
        ),
    ),
    "unknown": (
        "与表现最好的基线“{rival}”（{its}）之差无法给出区间",
        "its difference from the best baseline, {rival} ({its}), has no interval",
    ),
}
PROBABILITY = {
    "better": (
        "增长概率的 Brier 技巧评分为 {skill}，优于一律采用基准比率，可作概率使用",
        (
            "its probability of growth has a Brier skill of {skill}, better than the base rate, "
            "and may be used as a probability"
        ),
    ),
    "worse": (
        "增长概率的 Brier 技巧评分为 {skill}，劣于一律采用基准比率，不可采信",
        (
            "its probability of growth has a Brier skill of {skill}, worse than the base rate, and "
            "must not be trusted"
        ),
    ),
    "unproven": (
        "增长概率的 Brier 技巧评分为 {skill}，未见优于一律采用基准比率，不宜当作概率采信",
        (
            "its probability of growth has a Brier skill of {skill}, not shown to be better than "
            "the base rate, and should not be trusted as a probability"
        ),
    ),
}
ABSENT_P = (
    "更早的截止年太少，没有给出增长概率",
    "with too few earlier cut-offs it gave no probability of growth",
)
SHORT = {
    ("positive", "better"): (
        "排序显著优于随机和最好的基线",
        "ranked clearly better than chance and than the best baseline",
    ),
    ("positive", "worse"): (
        "排序优于随机，但不如最好的基线",
        "ranked better than chance, and worse than the best baseline",
    ),
    ("positive", "level"): (
        "排序优于随机，但没有胜过最好的基线",
        "ranked better than chance, and did not beat the best baseline",
    ),
    ("none", "better"): (
        "排序未见优于随机，虽胜过最好的基线",
        "ranked no better than chance, though better than the best baseline",
    ),
    ("none", "worse"): (
        "排序未见优于随机，且不如最好的基线",
        "ranked no better than chance, and worse than the best baseline",
    ),
    ("none", "level"): (
        "排序未见优于随机，也没有胜过最好的基线",
        "ranked no better than chance and did not beat the best baseline",
    ),
}
WRONG_WAY = ("排序与实际走势相反", "ranked the wrong way")
SILENT = ("更早的截止年太少，无从检验", "could not be tested for want of earlier cut-offs")


def short_verdict(record: TrackRecord, lang: str) -> str:
    """A clause on the score that briefs rank by, without numbers and full stop."""
    verdict = record.verdict(record.method)
    if verdict is None or verdict.skill == "unknown":
        return pick(lang, *SILENT)
    if verdict.skill == "negative":
        return pick(lang, *WRONG_WAY)
    sure = verdict.against if verdict.against in {"better", "worse"} else "level"
    return pick(lang, *SHORT[verdict.skill, sure])


def caution(record: TrackRecord | None, lang: str) -> str:
    """What scores are, and what the backtest says of them: the sentence of board and portal."""
    if record is None:
        return pick(
            lang,
            "得分在本语料上尚未经回溯检验，宜作现状描述使用，不宜当作预测。",
            "No backtest has been run on this corpus: read scores as a description, not as a "
            "forecast.",
        )
    return pick(
        lang,
        f"得分依据截止日前的文献推断今后走势；在回溯检验中，{method_name(record.method, lang)}"
        f"{short_verdict(record, lang)}。",
        "Scores infer what comes from what was public by the date. In a backtest the "
        f"{method_name(record.method, lang)} {short_verdict(record, lang)}.",
    )


def control_sentence(record: TrackRecord, control: dict[str, Any], lang: str) -> str:
    """What the score reached on shuffled years; empty where it was silent there."""
    row = control["methods"][record.method]["all"]
    if row is None:
        return ""
    name, seed = method_name(record.method, lang), control["shuffled"]
    reached = bracketed(*figure_texts(row["spearman"], "spearman"), lang)
    return pick(
        lang,
        f"年份随机打乱后重做的对照（种子 {seed}），此时无规律可循：{name}的秩相关为 {reached}。",
        f"On shuffled years (seed {seed}), where nothing can be foreseen, the {name} reached a "
        f"correlation of {reached}.",
    )


def control_folder(control: dict[str, Any]) -> str:
    """Folder of a control within that of its corpus."""
    return f"{FOLDER}-shuffled-{control['shuffled']}"
