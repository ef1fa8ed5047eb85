"""Sections 1 and 2: what the brief rests on, and the page to act on."""

from __future__ import annotations

from foresight.brief.backtest.words import short_verdict
from foresight.brief.claims import UNIT_WORDS
from foresight.brief.escape import md_text
from foresight.brief.reading import Unit
from foresight.brief.scoring import growth_meaning, weights_text
from foresight.brief.sections.blocks import Page, bullets, call_out, heading, table, title_cell
from foresight.brief.sections.since import changes, changes_title
from foresight.brief.wording import (
    KINDS,
    LANGUAGE_NAMES,
    OFFICES,
    TIERS,
    bracketed,
    count,
    date,
    growth_texts,
    pick,
    probability,
    rank_cell,
    score_cell,
    stage,
    term,
    years,
)
from foresight.emergence.score import LEAST_RECENT

DIGEST_SHOWN = 16  # hexadecimal digits on the first page; the whole digest stands in section 11


def brief_title(page: Page) -> str:
    """Title of the brief."""
    track = page.study.track
    return page.pick(f"{track.name_zh}赛道技术预见简报", f"{track.name_en}: technology foresight")


def flag(page: Page) -> str:
    """The thin-evidence flag in one line, empty where the track is not thin."""
    study = page.study
    if not study.thin:
        return ""
    n, least = len(study.documents), study.settings.thin_docs
    if n == 0:
        return page.pick(
            "佐证缺失：语料中没有本赛道的文献，本简报只列政策与方法信息。",
            "No evidence: the corpus holds no document of this track; this brief gives only what "
            "the policy says and how documents were sought.",
        )
    return page.pick(
        f"佐证薄弱：本赛道仅有 {count(n)} 件文献，不足 {count(least)} 件，"
        "以下内容只宜作线索，不宜单独作为决策依据。",
        f"Thin evidence: only {count(n)} documents, fewer than {count(least)}. "
        "Read what follows as leads, not as grounds for a decision.",
    )


def cover(page: Page) -> list[str]:
    """Section 1."""
    study, lang = page.study, page.lang
    names = page.pick(
        f"{study.track.name_zh}（{study.track.name_en}）",
        f"{study.track.name_en} ({study.track.name_zh})",
    )
    as_of = page.pick(
        f"{date(study.as_of, lang)}；趋势计算至最近一个完整年度 {study.last_year}年",
        f"{date(study.as_of, lang)}; trends up to {study.last_year}, the last complete year",
    )
    enough = page.pick(
        f"文献不少于 {count(study.settings.thin_docs)} 件，可作趋势分析",
        f"at least {count(study.settings.thin_docs)} documents: trends can be analysed",
    )
    weak = page.pick("薄弱（见上）", "thin (see above)")
    rows = [
        [page.pick("赛道", "Track"), names],
        [page.pick("政策定位", "Tier in the policy"), term(TIERS, study.track.tier, lang)],
        [page.pick("数据截止日", "As of"), as_of],
        [page.pick("语料", "Corpus"), md_text(study.corpus.title[lang])],
        [page.pick("佐证状况", "Evidence"), weak if study.thin else enough],
        [page.pick("输入摘要", "Digest of inputs"), f"`{study.digest[:DIGEST_SHOWN]}`"],
    ]
    head = [page.pick("项目", "Item"), page.pick("内容", "Content")]
    blocks = [heading(2, page.pick("1. 封面与语料覆盖", "1. Cover and coverage"))]
    if study.thin:
        blocks.append(call_out(f"**{flag(page)}**"))
    return (
        blocks
        + table(head, rows, widths=[3, 12])
        + [page.claim("size"), *page.claim_list("arrivals")]
        + _coverage(page)
    )


def _coverage(page: Page) -> list[str]:
    """Documents by kind, office and language, over periods counted back from the last year."""
    study, lang = page.study, page.lang
    frame = study.documents
    if frame.empty:
        text = page.pick(
            "语料中没有属于本赛道的文献，不列覆盖表。",
            "The corpus holds no document of this track; there is no coverage table.",
        )
        return [text]
    last, step = study.last_year, study.settings.window
    newest = int(frame["year"].max())
    periods = [
        (page.pick(f"{last - 2 * step}年及以前", f"to {last - 2 * step}"), -1, last - 2 * step),
        (years(last - 2 * step + 1, last - step, lang), last - 2 * step + 1, last - step),
        (years(last - step + 1, last, lang), last - step + 1, last),
    ]
    if newest > last:
        partial = years(last + 1, newest, lang) + page.pick("（年份不完整）", " (incomplete)")
        periods.append((partial, last + 1, newest))
    rows = []
    groups = frame.groupby(["kind", "office", "language"], dropna=False, sort=True)
    for key, group in groups:
        kind, office, language = key
        counts = [int(group["year"].between(low, high).sum()) for _, low, high in periods]
        rows.append(
            [
                term(KINDS, kind, lang),
                md_text(term(OFFICES, office, lang)),
                md_text(term(LANGUAGE_NAMES, language, lang)),
                *(count(n) for n in counts),
                count(len(group)),
            ]
        )
    heads = page.pick("类型,受理局,语种", "Kind,Office,Language").split(",")
    headers = [*heads, *(name for name, _, _ in periods), page.pick("合计", "Total")]
    widths = [2, 3, 2, *(3 for _ in periods), 2]
    return table(
        headers,
        rows,
        widths=widths,
        right=range(3, len(headers)),
        caption=page.caption("语料覆盖（文献数）", "Coverage (documents)"),
    )


def summary(page: Page) -> list[str]:
    """Section 2."""
    blocks = [heading(2, page.pick("2. 摘要", "2. Summary"))]
    blocks += _leaders(page)
    blocks.append(heading(3, page.pick("浙江位置", "Zhejiang's position")))
    blocks.append(zhejiang_line(page))
    blocks.append(heading(3, changes_title(page)))
    blocks += changes(page)
    blocks.append(heading(3, page.pick("建议", "Suggested actions")))
    return blocks + _actions(page)


def zhejiang_line(page: Page) -> str:
    """Zhejiang's share, or that the corpus cannot tell."""
    if "zhejiang" in page.claims:
        return page.claim("zhejiang") + page.pick(
            " 地点仅取自语料所载的发明人（作者）；机构所在地未载，浙江机构名下而发明人地点"
            "不在浙江的文献不计入，因此不等于浙江在该领域的全部创新活动。",
            " Places are those of inventors or authors that the corpus states. Where organisations "
            "sit is not stated, so this is not all of the province's activity.",
        )
    if page.reading.has_countries:
        return page.pick(
            "本语料中涉及中国的文献大多未载省、市，浙江位置无法给出。",
            "Most documents of this corpus that involve China name no province or city, so "
            "Zhejiang's position cannot be given.",
        )
    return page.pick(
        "本赛道文献未载地点信息，浙江位置无法给出。",
        "No document of this track states a place, so Zhejiang's position cannot be given.",
    )


def _leaders(page: Page) -> list[str]:
    reading, lang = page.reading, page.lang
    kind = pick(lang, *UNIT_WORDS[reading.lead_kind])
    title = heading(3, page.pick(f"得分居前的{kind}", f"Strongest {kind}"))
    if not reading.leaders:
        least = count(page.study.settings.min_docs)
        text = page.pick(
            f"没有文献达到 {least} 件（其中最近三年 {LEAST_RECENT} 件）、可以评分的技术主题"
            "或细分方向，本期不作排名。",
            f"No topic or sub-direction has the {least} documents, {LEAST_RECENT} of the last "
            "three years, that a score needs; there is no ranking.",
        )
        if reading.of_kind(reading.lead_kind, scored=True):
            text = page.pick(
                f"有得分的{kind}占比均明显回落，本期没有可列入的上升技术。",
                f"The share of every scored unit among the {kind} is falling; none is listed.",
            )
        return [title, text]
    rows = [_leader_row(page, unit) for unit in reading.leaders]
    headers = page.pick(
        "名次（区间）,名称,得分（区间）,增长概率,生命周期阶段,佐证",
        "Rank (interval),Name,Score (interval),P(growth),Stage,Evidence",
    ).split(",")
    return [
        title,
        *table(
            headers,
            rows,
            widths=[2, 4, 3, 2, 2, 8],
            caption=page.caption(f"得分居前的{kind}", f"Strongest {kind}"),
        ),
        _reading_note(page),
    ]


def _leader_row(page: Page, unit: Unit) -> list[str]:
    lang = page.lang
    mark = page.claims.mark(f"score:{unit.unit_id}")
    return [
        rank_cell(unit, lang),
        f"{page.name(unit)} {mark}",
        score_cell(unit, lang),
        probability(unit.p_growth),
        stage(unit.stage, lang),
        _evidence(page, unit),
    ]


def _evidence(page: Page, unit: Unit) -> str:
    """Documents, yearly change of the share, newest representative document: one line."""
    lang = page.lang
    parts = [page.pick(f"{count(unit.n_docs)} 件", f"{count(unit.n_docs)} documents")]
    if unit.rate is not None:
        change = bracketed(*growth_texts(unit.rate, unit.rate_lo, unit.rate_hi), lang)
        mark = page.claims.mark(f"rate:{unit.unit_id}")
        parts.append(page.pick(f"占比年均 {change}{mark}", f"share {change} a year {mark}"))
    newest = page.reading.newest_patent(unit)
    if newest is not None:
        kind = term(KINDS, newest.kind, lang)
        title, doc_id = title_cell(str(newest.title)), md_text(str(newest.doc_id))
        parts.append(
            page.pick(
                f"代表{kind}：{title}（{doc_id}）",
                f"representative {kind}: {title} ({doc_id})",
            )
        )
    return pick(lang, "；", "; ").join(parts)


def _reading_note(page: Page) -> str:
    last, record = page.study.last_year, page.study.track_record
    if record is None:
        tested = page.pick(
            "得分能否预示后续走势尚未经回溯检验",
            "whether they foretell anything has not been tested",
        )
    else:
        short = short_verdict(record, page.lang)
        tested = page.pick(f"得分在回溯检验中{short}", f"in a backtest the score {short}")
    chance, ranked = page.claim("growth:meaning"), ""
    if page.study.scoring.horizon is None:
        chance = growth_meaning(page.study.scoring, page.lang)
    if page.study.scoring.method == "weighted":
        how = weights_text(page.study.settings, page.lang)
        ranked = page.pick(f"本期名次按分项加权：{how}。", f"Units are ranked by weights: {how}. ")
    return page.pick(
        f"注：{ranked}{chance}得分、名次的含义见第 11 节；{tested}（第 10 节）。"
        f"文献数计至{last}年。",
        f"{ranked}{chance} Section 11 says what score and rank mean; {tested} (section 10). "
        f"Documents are counted up to {last}.",
    )


def _actions(page: Page) -> list[str]:
    items = page.claim_list("action:")
    if not items:
        items = [
            page.pick(
                "本期没有达到“优先论证”或“补证后论证”门槛的技术（规则见第 8 节），"
                "暂不提出攻关建议。",
                "Nothing reaches the thresholds of rules A and B (section 8), "
                "so no action is suggested.",
            )
        ]
    items.append(page.claim("falling"))
    if page.study.thin:
        items.append(
            page.pick(
                "本赛道佐证薄弱，建议先补充语料（中国专利、论文及本省数据）再作判断。",
                "Evidence is thin: we suggest adding data (Chinese patents, papers, the "
                "province's own records) before judging.",
            )
        )
    return bullets(items)
