"""Tables of a backtest's report, as Markdown."""

from __future__ import annotations

from foresight.brief.backtest.record import PUBLISHED, TrackRecord, figure_of
from foresight.brief.backtest.words import (
    figure_cell,
    figure_name,
    gain_cell,
    method_name,
)
from foresight.brief.sections.blocks import table
from foresight.brief.wording import bracketed, count, decimal, listing, pick, years
from foresight.emergence.methods import BASELINES, METHODS, SCORES

SHOWN = ("spearman", "precision_at_10pct", "auc", "csi", "brier_skill")
PARTS = ("value", "lo", "hi")
GAINS = ("spearman", "precision_at_10pct", "auc", "brier_skill")


def _caption(lang: str, zh: str, en: str) -> str:
    return pick(lang, f"表：{zh}", f"Table: {en}")


def _method_cell(record: TrackRecord, method: str, lang: str) -> str:
    name = method_name(method, lang)
    return f"**{name}**" if method == record.method else name


def methods_table(record: TrackRecord, lang: str) -> list[str]:
    """Every method's figures over the cut-offs compared, scores before baselines."""
    rows = [
        [
            _method_cell(record, method, lang),
            *(figure_cell(record.figure(method, name), name, lang) for name in SHOWN),
        ]
        for method in (*record.scores, *record.baselines)
    ]
    heads = [pick(lang, "方法", "Method"), *(figure_name(name, lang) for name in SHOWN)]
    title = _caption(
        lang, "各方法的表现（括号内为 95% 区间）", "Methods, with 95% intervals in brackets"
    )
    return table(heads, rows, widths=[4, 4, 4, 4, 4, 4], right=range(1, 6), caption=title)


def silent_sentence(record: TrackRecord, lang: str) -> list[str]:
    """Which methods could not speak; nothing where all did."""
    scores = [method_name(name, lang) for name in SCORES if name not in record.spoke]
    baselines = [method_name(name, lang) for name in BASELINES if name not in record.spoke]
    told = []
    if scores:
        told.append(
            pick(
                lang,
                f"更早的截止年太少，无从学习，因而没有给出预测的：{listing(scores, lang)}。",
                f"Silent for want of earlier cut-offs to learn from: {listing(scores, lang)}.",
            )
        )
    if baselines:
        told.append(
            pick(
                lang,
                f"语料缺少所需字段、无法采用的基线：{listing(baselines, lang)}。",
                f"Not to be had for want of a field: {listing(baselines, lang)}.",
            )
        )
    return told


def gains_table(record: TrackRecord, score: str, lang: str) -> list[str]:
    """Figures of a score less those of every baseline."""
    rows = [
        [
            method_name(baseline, lang),
            *(gain_cell(record.gain(score, baseline, name), name, lang) for name in GAINS),
        ]
        for baseline in record.baselines
    ]
    heads = [pick(lang, "基线", "Baseline"), *(figure_name(name, lang) for name in GAINS)]
    name = method_name(score, lang)
    title = _caption(
        lang,
        f"{name}减去各基线（命中率之差以百分点计）",
        f"{name[0].upper()}{name[1:]} less each baseline (precision in percentage points)",
    )
    return table(heads, rows, widths=[5, 4, 4, 4, 4], right=range(1, 5), caption=title)


def impact_table(record: TrackRecord, lang: str) -> list[str]:
    """Spearman's correlation with citations received later; nothing where there are none."""
    known = [
        method
        for method in METHODS
        if record.figure(method, "spearman_impact")["value"] is not None
    ]
    rows = [
        [
            _method_cell(record, method, lang),
            figure_cell(record.figure(method, "spearman_impact"), "spearman", lang),
        ]
        for method in (*record.scores, *record.baselines)
        if method in known
    ]
    heads = [pick(lang, "方法", "Method"), figure_name("spearman_impact", lang)]
    title = _caption(
        lang,
        f"与其后 {record.horizon} 年所获被引的秩相关",
        f"Spearman correlation with citations of the {record.horizon} years after",
    )
    return table(heads, rows, widths=[4, 4], right=[1], caption=title)


def controls_table(record: TrackRecord, lang: str) -> list[str]:
    """The published scores on the corpus and on its controls; nothing without controls."""
    if not record.controls:
        return []
    runs = [(pick(lang, "本语料", "This corpus"), record.metrics)]
    runs += [
        (pick(lang, f"对照 {one['shuffled']}", f"Control {one['shuffled']}"), one)
        for one in record.controls
    ]
    names = ("spearman", "precision_at_10pct", "auc", "brier_skill")
    methods = list(dict.fromkeys([record.method, *PUBLISHED]))
    rows = [
        [
            label,
            years(metrics["compared"][0], metrics["compared"][-1], lang),
            method_name(method, lang),
            *(figure_cell(figure_of(metrics, method, name), name, lang) for name in names),
        ]
        for label, metrics in runs
        for method in methods
        if metrics["methods"][method]["all"] is not None
    ]
    heads = pick(lang, "数据,截止年,方法", "Data,Cut-offs,Method").split(",")
    heads += [figure_name(name, lang) for name in names]
    title = _caption(
        lang, "打乱年份的对照（编号为随机种子）", "Controls with shuffled years, by their seed"
    )
    return table(heads, rows, widths=[3, 3, 4, 4, 4, 4, 4], right=range(3, 7), caption=title)


def cutoffs_table(record: TrackRecord, lang: str) -> list[str]:
    """Spearman's correlation at every cut-off compared: published scores and best baseline."""
    methods = [*record.published, *([record.rival] if record.rival else [])]
    frame = record.by_cutoff().set_index(["method", "cutoff"])
    rows = []
    for year in record.compared:
        cells = []
        for method in methods:
            value, lo, hi = (decimal(frame.loc[(method, year), part], 2) for part in PARTS)
            cells.append(bracketed(value, lo, hi, lang))
        rows.append([str(year), count(record.metrics["units"][str(year)]), *cells])
    heads = pick(lang, "截止年,主题数", "Cut-off,Topics").split(",")
    heads += [method_name(method, lang) for method in methods]
    title = _caption(lang, "逐个截止年的秩相关（Spearman）", "Spearman correlation at each cut-off")
    widths = [2, 2, *(5 for _ in methods)]
    return table(heads, rows, widths=widths, right=range(1, 2 + len(methods)), caption=title)
