"""The report on a backtest: what was asked, what each method reached, how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from foresight.brief.backtest.record import PUBLISHED, TrackRecord
from foresight.brief.backtest.tables import (
    controls_table,
    cutoffs_table,
    gains_table,
    impact_table,
    methods_table,
    silent_sentence,
)
from foresight.brief.backtest.words import (
    control_sentence,
    method_name,
    scope,
    verdict_sentence,
)
from foresight.brief.escape import md_text
from foresight.brief.sections.blocks import bullets, call_out, heading, table
from foresight.brief.study import CorpusCard
from foresight.brief.wording import (
    check_language,
    count,
    date,
    decimal,
    documents,
    listing,
    percent,
    pick,
    years,
)
from foresight.emergence.methods import METHODS
from foresight.emergence.metrics import TOP
from foresight.emergence.outcomes import EXTREME
from foresight.emergence.skill import DRAWS

KIND = ("回溯检验报告", "Backtest report")
REFERENCES = (
    "Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177",
    "Murphy (1973), doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2",
    "Platt (1999), Probabilistic outputs for support vector machines, MIT Press",
    "Politis & Romano (1992), A circular block-resampling procedure, Wiley",
    "Schaefer (1990), doi:10.1175/1520-0434(1990)005<0570:TCSIAA>2.0.CO;2",
    "Wilson (1927), doi:10.1080/01621459.1927.10502953",
)
FILES = (
    (
        "results.csv",
        "每个截止年、主题、方法的预测与实际",
        "forecast and outcome by topic and method",
    ),
    ("metrics.json", "全部指标、区间与差值", "all figures, intervals and differences"),
    ("panel.csv", "各主题的特征与结果", "features and outcome of every topic"),
    ("reliability.csv", "增长概率分组与实际增长比例", "probability of growth against what grew"),
    ("places.csv", "按预测名次分组的实际涨幅", "rise by predicted place"),
)


@dataclass(frozen=True)
class BacktestTables:
    """What a report on a backtest is made from.

    Attributes
    ----------
    record : TrackRecord
    card : CorpusCard
    places : DataFrame
        `foresight.emergence.places.rise_by_place`.
    digest : str
        SHA-256 of everything that the results depend on.
    """

    record: TrackRecord
    card: CorpusCard
    places: pd.DataFrame
    digest: str


def backtest_title(tables: BacktestTables, lang: str) -> str:
    """Title of the report, plain text; what kind of document it is stands beside it."""
    return tables.card.title[lang]


def backtest_meta(tables: BacktestTables, lang: str) -> dict[str, str]:
    """Facts of the cover."""
    record, card = tables.record, tables.card
    day = str(record.metrics["as_of"])
    return {
        "kind": pick(lang, *KIND),
        "as_of": date(day, lang),
        "corpus": f"{card.name}, {documents(card.n_docs, lang)}",
        "coverage": scope(record, lang),
        "digest": tables.digest[:16],
        "date": day,
    }


def compose_backtest(tables: BacktestTables, *, figures: Mapping[str, str], lang: str) -> str:
    """Write the report as Markdown.

    Parameters
    ----------
    tables : BacktestTables
    figures : mapping of name to path
        From `write_backtest_figures`; no image for a name that is not there.
    lang : str
        `zh` or `en`.

    Returns
    -------
    str, pandoc Markdown by the conventions of `foresight.brief.render`
    """
    check_language(lang)
    record = tables.record
    title = pick(lang, *KIND) + pick(lang, "：", ": ") + backtest_title(tables, lang)
    blocks = [heading(1, md_text(title))]
    blocks.append(heading(2, pick(lang, "结论", "In short")))
    blocks.append(call_out(md_text(verdict_sentence(record, record.method, lang))))
    others = [name for name in PUBLISHED if name != record.method]
    lines = [verdict_sentence(record, name, lang) for name in others]
    lines += [control_sentence(record, control, lang) for control in record.controls]
    blocks += bullets([md_text(line) for line in lines if line])
    blocks += _protocol(record, lang)
    blocks += _methods(record, lang)
    blocks += _gains(record, lang)
    blocks += _figures(record, figures, lang)
    blocks += _controls(record, lang)
    return "\n\n".join(blocks + _closing(tables, lang)) + "\n"


def protocol(record: TrackRecord, lang: str) -> list[str]:
    """What was asked, in five plain sentences."""
    ahead, first, last = record.horizon, record.compared[0], record.compared[-1]
    span, growth = years(first, last, lang), percent(EXTREME - 1, 0)
    draws = count(DRAWS)
    zh = [
        (
            f"站在过去：依次以{span}的每一个截止年为“今天”，只用截至当年已公开的文献划分主题、"
            "计算指标、给出各方法的排序，其后的文献一概不看。"
        ),
        (
            f"对照后来：把其后 {ahead} 年的文献归入这些主题，以占语料份额的涨幅为准"
            f"（截止年的份额已扣除小样本的偶然起伏），折合每年 {growth} 及以上的记为“增长”。"
        ),
        (
            "与简单规则比：在同样的截止年、同样的主题上，将得分与六条基线（规模即近三年文献数、"
            "上期涨幅、活跃度、被引次数、随机排序、视为不变）比较。"
        ),
        f"学习得分与增长概率只从结果已经揭晓的更早截止年（至少早 {ahead} 年）中学得，不借用未来。",
        (
            f"区间均为 95%：连续 {ahead} 个截止年为一段、段内主题再抽样，共 {draws} 次；"
            "两种方法之差在同一批抽样上计算。"
        ),
    ]
    en = [
        (
            f"Each year of {span} was taken as today: topics, indicators and every method's "
            "ranking were made from the documents public by then, and nothing later was looked at."
        ),
        (
            f"Documents of the {ahead} years after were assigned to these topics; what counts is "
            "the rise of a topic's share of the corpus (the share at the cut-off is freed of "
            f"chance in small counts), and {growth} a year or more is called growth."
        ),
        (
            "At the same cut-offs and on the same topics the scores were compared with six "
            "baselines: size (documents of the last three years), last growth, vitality, citations "
            "received, random order and no change."
        ),
        (
            "Learned scores and probabilities of growth learnt only from earlier cut-offs whose "
            f"outcome was over, at least {ahead} years before."
        ),
        (
            f"Intervals are of 95%: runs of {ahead} successive cut-offs were resampled, and topics "
            f"within them, {draws} times; differences were taken on the same draws."
        ),
    ]
    return zh if lang == "zh" else en


def _protocol(record: TrackRecord, lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "1. 检验方法", "1. What was asked"))]
    items = [f"{number}. {text}" for number, text in enumerate(protocol(record, lang), 1)]
    return [*blocks, "\n".join(items)]


def _methods(record: TrackRecord, lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "2. 各方法的表现", "2. What each method reached"))]
    span = scope(record, lang)
    blocks.append(pick(lang, f"比较范围：{span}。", f"Compared: {span}."))
    blocks += methods_table(record, lang)
    blocks += bullets([*_levels(record, lang), *silent_sentence(record, lang)])
    impact = impact_table(record, lang)
    if impact:
        blocks.append(
            pick(
                lang,
                "份额之外，另看其后的被引：被引水平比份额变化容易预测，此表不作为得分的依据。",
                "Beside the share, later citations: their level is easier to foretell than a "
                "change of share, and the score does not rest on this table.",
            )
        )
    return blocks + impact


def _levels(record: TrackRecord, lang: str) -> list[str]:
    """What figures are to be read against: base rate, chance, noise ceiling."""
    base = percent(record.base_rate, 1)
    limit = record.metrics["noise_ceiling"]["spearman"]
    chance = percent(TOP, 0)
    lines = [
        pick(
            lang,
            f"基准比率：{base} 的主题实际增长。随机水平：秩相关 0，命中率 {chance}，AUC 0.5，"
            "Brier 技巧评分 0。命中率指预测居前 10% 的主题中，实际涨幅也居前 10% 的比例。",
            f"Base rate: {base} of the topics grew. Chance: correlation 0, precision {chance}, AUC "
            "0.5, Brier skill 0. Precision: of the topics placed in the top tenth, the share whose "
            "rise was in the top tenth.",
        )
    ]
    if limit is not None:
        value = decimal(limit, 2)
        lines.append(
            pick(
                lang,
                f"噪声上限：文献数有偶然起伏，即使完全掌握各主题的真实走势，秩相关至多约 {value}"
                "（偏高估计）。",
                f"Noise ceiling: counts carry chance, so that one who knew every true course would "
                f"reach a correlation of about {value} at most (an upper estimate).",
            )
        )
    lines.append(
        pick(
            lang,
            "AUC 受主题大小影响：小主题更易因偶然越过增长门槛，应与打乱年份的对照相比，"
            "而不只与 0.5 相比。",
            "AUC is touched by size: small topics pass the threshold of growth by chance more "
            "often. Read it beside a control with shuffled years, not beside 0.5 alone.",
        )
    )
    return lines


def _gains(record: TrackRecord, lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "3. 得分与基线之差", "3. Scores against baselines"))]
    blocks.append(
        pick(
            lang,
            "正值表示得分更好；整个区间都在零的一侧者用粗体。",
            "Positive: the score does better. Bold: the whole interval lies on one side of zero.",
        )
    )
    for score in record.scores:
        blocks += gains_table(record, score, lang)
    return blocks


def _figures(record: TrackRecord, figures: Mapping[str, str], lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "4. 逐年、概率与名次", "4. Years, probabilities, places"))]
    name = method_name(record.scores[0], lang) if record.scores else ""
    rival = "" if record.rival is None else method_name(record.rival, lang)
    captions = {
        "skill": pick(
            lang,
            f"逐个截止年的秩相关：{name}与表现最好的基线“{rival}”，竖线为 95% 区间",
            f"Spearman correlation at each cut-off: {name} and the best baseline, {rival}; bars "
            "are 95% intervals",
        ),
        "reliability": pick(
            lang,
            "增长概率与实际增长比例：点在对角线上为准确，数字为主题数，竖线为 95% 威尔逊区间",
            "Probability of growth against the share that grew: on the diagonal it is right; "
            "numbers are topics, bars 95% Wilson intervals",
        ),
        "places": pick(
            lang,
            "按预测名次分组的实际份额变化：排序有效则自左向右上升，竖线为 95% 区间",
            "Change of share by predicted place: it rises from left to right where a ranking "
            "works; bars are 95% intervals",
        ),
    }
    for key, caption in captions.items():
        if key in figures:
            blocks.append(f"![{md_text(caption)}]({figures[key]})")
    if "places" in figures:
        blocks.append(
            pick(
                lang,
                "各主题份额之和不变，少数主题大涨时多数主题必有所降，因此各组均值（几何平均）可同低于零；"
                "要看的是自左向右是否上升。",
                "Shares sum to one: where a few topics gain much, the typical topic loses, so that "
                "every group may lie below zero (geometric means). What counts is the slope.",
            )
        )
    return blocks + cutoffs_table(record, lang)


def _controls(record: TrackRecord, lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "5. 打乱年份的对照", "5. Controls with shuffled years"))]
    if not record.controls:
        command = f"`foresight backtest --corpus {record.metrics['corpus']} --shuffle-years 1`"
        blocks.append(
            pick(
                lang,
                f"未做对照。对照把文献的年份随机打乱再检验一次：{command}，然后重做本报告。",
                f"No control was run. It deals the years out anew and tests again: {command}; then "
                "make this report again.",
            )
        )
        return blocks
    blocks.append(
        pick(
            lang,
            "对照中年份已随机打乱，无规律可循，有效的检验在此应当毫无技巧；"
            "本语料的数值须明显高于对照，才算有所预见。",
            "In a control nothing can be foreseen, and a sound test shows no skill there. What was "
            "reached on the corpus counts as foresight where it stands clearly above.",
        )
    )
    return blocks + controls_table(record, lang)


def _closing(tables: BacktestTables, lang: str) -> list[str]:
    record = tables.record
    blocks = [heading(2, pick(lang, "6. 判定规则、局限与文件", "6. Rules, limits and files"))]
    blocks += bullets([*_rules(lang), *_limits(record, lang), *_digests(tables, lang)])
    blocks.append(pick(lang, "参考文献：", "References:"))
    blocks += bullets([md_text(text) for text in REFERENCES])
    rows = [[f"`{name}`", pick(lang, zh, en)] for name, zh, en in FILES]
    heads = pick(lang, "文件,内容", "File,Content").split(",")
    caption = pick(lang, "表：配套文件", "Table: Companion files")
    return blocks + table(heads, rows, widths=[3, 8], caption=caption)


def _rules(lang: str) -> list[str]:
    zh = [
        "“优于”“劣于”：差值的整个区间在零的一侧；区间含零即“没有胜过”。",
        "表现最好的基线：除随机外秩相关最高者，事后选出，对得分从严。",
        "增长概率：Brier 技巧评分的整个区间高于零方可采信；含零为未见优于基准比率。",
    ]
    en = [
        (
            "Beats, is beaten by: the whole interval of the difference lies on one side of zero; "
            "where it holds zero the score does not beat the baseline."
        ),
        (
            "Best baseline: the highest correlation, random order aside, chosen after the fact, "
            "which is hard on the score."
        ),
        (
            "Probability of growth: to be trusted where the whole interval of the Brier skill is "
            "above zero; around zero it is not shown to be better than the base rate."
        ),
    ]
    return zh if lang == "zh" else en


def _limits(record: TrackRecord, lang: str) -> list[str]:
    features = record.metrics["features"]
    absent = [name for name, one in features.items() if one["known"] == 0]
    used = len(features) - len(absent)
    zh = [
        (
            "检验单元是语料全部文献划分出的主题，不是某一赛道的主题或细分方向；"
            "在语料上成立的，未必对每个赛道都成立。"
        ),
        f"学习得分可用特征 {used} 项"
        + (f"；语料缺少字段而全部缺失的 {len(absent)} 项：" if absent else "。")
        + listing([f"`{name}`" for name in absent], lang)
        + ("。" if absent else ""),
    ]
    en = [
        (
            "Units are topics of the whole corpus, not those of a track: what holds for the corpus "
            "need not hold for every track."
        ),
        f"Features at hand for learning: {used}"
        + (f"; missing throughout for want of a field, {len(absent)}: " if absent else ".")
        + listing([f"`{name}`" for name in absent], lang)
        + ("." if absent else ""),
    ]
    return zh if lang == "zh" else en


def _digests(tables: BacktestTables, lang: str) -> list[str]:
    metrics = tables.record.metrics
    asked = listing([f"`{name}`" for name in METHODS], lang)
    return [
        pick(lang, f"results.csv 中方法的名称：{asked}。", f"Methods in results.csv: {asked}."),
        pick(lang, "语料摘要：", "Digest of the corpus: ") + f"`{metrics['digest']}`",
        pick(lang, "输入摘要：", "Digest of inputs: ") + f"`{tables.digest}`",
    ]
