"""Section 8: the rolling list of candidates for 技术攻关."""

from __future__ import annotations

from typing import Any

from foresight.brief.candidates import MIDDLE, make_candidates, ruled
from foresight.brief.claims import UNIT_WORD
from foresight.brief.claims.model import quoted
from foresight.brief.escape import md_text, shorten
from foresight.brief.moves import Move, list_moves
from foresight.brief.reading import TOP, Unit
from foresight.brief.sections.analysis import growth_cell
from foresight.brief.sections.blocks import Page, bullets, heading, name_cell, table
from foresight.brief.sections.since import caution
from foresight.brief.since import open_since
from foresight.brief.wording import (
    ABSENT,
    MOVES,
    RULES,
    as_text,
    bracketed,
    count,
    date,
    decimal,
    missing,
    percent,
    pick,
    probability,
    rank_cell,
    score_cell,
    term,
)
from foresight.navigation.standing import HELD, HELD_BY_ONE, LEAST_BASE, LEAST_HELD, LEAST_PLACED

LEADERS_SHOWN = 2
LEADER_LENGTH = 24  # columns of an organisation's name among others
HELD_WORDS = {
    "others": ("集中于外地", "held elsewhere"),
    "local": ("集中于本省", "held in the province"),
    "nobody": ("分散", "spread"),
    "undecided": ("未能判定", "undecided"),
}
FORM_WORDS = {
    "independent": ("自主研发", "own development"),
    "joint": ("联合攻关", "joint research"),
    "open_call": ("揭榜挂帅", "open call"),
    "bring_in": ("引进合作", "bring in and cooperate"),
}
WHY_WORDS = {
    "few_documents": ("机构文献太少", "too few with an organisation"),
    "concentration_unsure": ("集中度区间过宽", "concentration unsure"),
    "no_organisation_named": ("未载机构", "no organisation named"),
    "places_not_known": ("地点不明", "places not known"),
}


def rules(page: Page) -> list[str]:
    """The rules by which a unit becomes a candidate."""
    top, middle = count(TOP), decimal(MIDDLE, 0)
    name = {rule: pick(page.lang, *words) for rule, words in RULES.items()}
    zh = [
        (
            f"{name['A']}：名次区间全部落在前 {top} 以内，且得分区间下限不低于 {middle}"
            "（全语料主题的中位）。"
        ),
        (
            f"{name['B']}：名次在前 {top} 以内、得分不低于 {middle}，但名次或得分的区间尚宽，"
            "未达上一条。"
        ),
        f"{name['C']}：名次在前 {top} 以外，但占比增长区间整体高于零。",
    ]
    en = [
        (
            f"A, {name['A']}: rank interval wholly within the first {top}, score interval not "
            f"below {middle}, the median topic of the corpus."
        ),
        (
            f"B, {name['B']}: rank within the first {top} and a score not below {middle}, but "
            "rank or score interval too wide for A."
        ),
        f"C, {name['C']}: rank outside the first {top}, growth interval wholly above zero.",
    ]
    return bullets(zh if page.lang == "zh" else en)


def candidates(page: Page) -> list[str]:
    """Section 8."""
    title = page.pick("8. 技术攻关清单候选", "8. Candidates for the list of technologies to tackle")
    pairs = ruled(page.reading)
    moves = list_moves(page.reading, pairs)
    blocks = [heading(2, title)]
    if pairs:
        blocks.append(page.claim("candidates"))
        blocks += _entered(page, [move for move in moves if move.rule is not None])
        blocks += _standing(page)
    else:
        blocks.append(
            page.pick(
                "本期没有符合入选规则的技术主题或细分方向。",
                "No topic or sub-direction meets the rules this time.",
            )
        )
    blocks += _since(page, moves)
    blocks.append(page.pick("入选规则：", "Rules:"))
    blocks += rules(page)
    blocks.append(
        page.pick(
            "候选清单供论证参考，不替代专家评审；全表见 `candidates.csv`。",
            "The list is material for discussion and does not replace expert review; the whole "
            "table is `candidates.csv`.",
        )
    )
    return blocks


def _entered(page: Page, moves: list[Move]) -> list[str]:
    headers = page.pick(
        "规则,类别,名称,名次（区间）,得分（区间）,入选理由,变化",
        "Rule,Kind,Name,Rank (interval),Score (interval),Reason,Change",
    )
    return table(
        headers.split(","),
        [_row(page, move, move.unit) for move in moves if move.unit is not None],
        widths=[3, 3, 4, 3, 4, 6, 7],
        caption=page.caption("技术攻关清单候选", "Candidates"),
    )


def _row(page: Page, move: Move, unit: Unit) -> list[str]:
    lang = page.lang
    reason = page.pick(
        f"增长概率 {probability(unit.p_growth)}；占比年均 {growth_cell(unit, lang)}；"
        f"文献 {count(unit.n_docs)} 件",
        f"P(growth) {probability(unit.p_growth)}; share {growth_cell(unit, lang)} a year; "
        f"{count(unit.n_docs)} documents",
    )
    name = pick(lang, *RULES[str(move.rule)])
    return [
        page.pick(name, f"{move.rule}, {name}"),
        pick(lang, *UNIT_WORD[unit.kind]),
        page.name(unit),
        rank_cell(unit, lang),
        score_cell(unit, lang),
        reason,
        _change(page, move),
    ]


def _change(page: Page, move: Move) -> str:
    if move.state is None:
        return ABSENT
    words = md_text(as_text(page.pick(as_text(move.reason_zh), as_text(move.reason_en))))
    return term(MOVES, move.state, page.lang) + page.pick("：", ": ") + words


def _standing(page: Page) -> list[str]:
    """Control, base, route and form of each candidate."""
    if page.study.standing is None:
        return []
    frame = make_candidates(page.study)
    frame = frame[frame["rule"].notna()]
    rows = [_standing_row(page, row) for row in frame.itertuples(index=False)]
    headers = page.pick(
        "名称,他方控制（近五年）,本省基础（文献、机构、人员）,路线,建议形式",
        "Name,Control by others (five years),Base in the province (documents; organisations; "
        "people),Route,Suggested form",
    )
    low, one, base = percent(HELD, 0), decimal(HELD_BY_ONE), count(LEAST_BASE)
    notes = [
        page.pick(
            f"控制：前四家占比（CR4）的区间下限不低于 {low} 为集中，上限低于 {low} 为分散，"
            f"其余未能判定；载有机构的文献不足 {LEAST_HELD} 件不计 CR4；"
            f"有引文时，一家外地机构的控制指数下限不低于 {one} 也为集中于外地。",
            "Control: concentrated if the interval of the four largest holders' share (CR4) "
            f"begins at {low} or more, spread if it ends below {low}, else undecided; no CR4 with "
            f"fewer than {LEAST_HELD} documents that name an organisation. With citations, a "
            f"control index of at least {one} at its lower end, of one from elsewhere, is enough.",
        ),
        page.pick(
            f"形式：本省文献不少于 {base} 件视为有基础。集中于外地者，有基础则联合攻关，"
            "否则引进合作；分散或集中于本省者，有基础则自主研发，否则揭榜挂帅。控制未能判定，"
            f"或有地点文献不足 {LEAST_PLACED} 件者不提形式。以上界限由编制方设定。",
            f"Form: a base is at least {base} documents of the province. Held elsewhere: joint "
            "research with a base, else bring in; spread or held in the province: own development "
            "with a base, else an open call. None where control is undecided or fewer than "
            f"{LEAST_PLACED} documents are placed. The bounds are ours.",
        ),
        page.pick(
            "机构指本省文献上的机构，人员指地点在本省的姓名（未消歧）；只计本语料所载，件数少时只宜作线索。",
            "Organisations are those on the province's documents, people names placed there, not "
            "disambiguated; only what the corpus holds counts, and small counts are leads only.",
        ),
    ]
    return [
        *table(
            headers.split(","),
            rows,
            widths=[4, 7, 4, 5, 4],
            caption=page.caption(
                "候选的他方控制、本省基础、路线与建议形式",
                "Control, base, route and suggested form of the candidates",
            ),
        ),
        *bullets(notes),
    ]


def _standing_row(page: Page, row: Any) -> list[str]:
    lang = page.lang
    return [
        name_cell(as_text(pick(lang, row.label_zh, row.label_en))),
        control_cell(row, lang),
        base_cell(row, lang),
        route_cell(row, lang),
        form_cell(row, lang),
    ]


def control_cell(row: Any, lang: str) -> str:
    """Who holds a unit: verdict, CR4 with its interval and n, the largest holders."""
    if missing(row.held):
        return ABSENT
    parts = [term(HELD_WORDS, row.held, lang)]
    if not missing(row.cr4):
        texts = (percent(row.cr4, 0), percent(row.cr4_lo, 0), percent(row.cr4_hi, 0))
        parts.append("CR4 " + bracketed(*texts, lang))
    parts.append(pick(lang, f"{count(row.n_held)} 件", f"n = {count(row.n_held)}"))
    names = [name for name in as_text(row.leaders).split(";") if name][:LEADERS_SHOWN]
    if names:
        shown = [md_text(shorten(name, LEADER_LENGTH)) for name in names]
        parts.append(pick(lang, "、", ", ").join(shown) + pick(lang, "居前", " first"))
    if row.n_leaders_local and not missing(row.n_leaders_local):
        n = count(row.n_leaders_local)
        parts.append(pick(lang, f"前四家中本省 {n} 家", f"{n} of the four in the province"))
    if not missing(row.control):
        texts = (decimal(row.control, 2), decimal(row.control_lo, 2), decimal(row.control_hi, 2))
        who = md_text(shorten(as_text(row.control_org), LEADER_LENGTH))
        index = bracketed(*texts, lang)
        parts.append(pick(lang, f"控制指数最高为{who} {index}", f"index of {who}: {index}"))
    return pick(lang, "；", "; ").join(parts)


def base_cell(row: Any, lang: str) -> str:
    """What the province has in a unit: documents of those placed, organisations, people."""
    if missing(row.n_zhejiang):
        return pick(lang, "地点不明", "places not known")
    docs, placed = count(row.n_zhejiang), count(row.n_placed)
    if missing(row.n_placed):
        return pick(lang, f"文献 {docs} 件", f"{docs} documents")
    orgs, people = count(row.n_zhejiang_orgs), count(row.n_zhejiang_people)
    return pick(
        lang,
        f"文献 {docs} 件（有地点者 {placed} 件）；机构 {orgs} 家；人员 {people} 人",
        f"{docs} of {placed} placed; {orgs}; {people}",
    )


def route_cell(row: Any, lang: str) -> str:
    """The main path where there is one, else the branch of the chain or the leading topic."""
    if missing(row.route):
        return ABSENT
    n = count(row.n_route)
    if row.route == "main_path":
        newest = md_text(as_text(row.route_id))
        return pick(
            lang,
            f"主路径上 {n} 件，最新为 {newest}",
            f"{n} documents on the main path, newest {newest}",
        )
    if row.route_id == row.unit_id:
        return pick(lang, "即该分支", "the branch itself")
    name = quoted(name_cell(as_text(pick(lang, row.route_zh, row.route_en))), lang)
    if row.route == "topic":
        return pick(lang, f"以主题{name}为主（{n} 件）", f"mostly topic {name} ({n})")
    return pick(lang, f"分支{name}（{n} 件）", f"branch {name} ({n})")


def form_cell(row: Any, lang: str) -> str:
    """The suggested form, or why there is none."""
    if not missing(row.form):
        return term(FORM_WORDS, row.form, lang)
    why = term(WHY_WORDS, row.form_why, lang)
    return pick(lang, f"不提：{why}", f"none: {why}")


def _since(page: Page, moves: list[Move]) -> list[str]:
    """What the list was compared with, and the candidates that left it."""
    since = open_since(page.reading)
    if since is None:
        then = date(page.study.previous, page.lang)
        return [
            page.pick(
                f"没有更早一期的留存清单：细分方向与{then}的名次相比，原名次落在当前名次区间之外才记为"
                "上升或下降；技术主题未计算一年前的对应主题，不作比较。",
                f"No earlier list is kept: sub-directions are compared with their rank of {then}, "
                "up or down only if it lies outside the present rank interval; topics have no "
                "counterpart a year before.",
            )
        ]
    blocks = [page.claim("since:list"), *caution(page, since)]
    gone = [move for move in moves if move.state == "dropped" and move.then is not None]
    rows = [
        [
            term(RULES, move.then.rule, page.lang),
            pick(page.lang, *UNIT_WORD[move.then.kind]),
            name_cell(pick(page.lang, move.then.label_zh, move.then.label_en)),
            count(move.then.rank),
            md_text(page.pick(as_text(move.reason_zh), as_text(move.reason_en))),
        ]
        for move in gone
        if move.then is not None
    ]
    if not moves:
        return blocks
    if not rows:
        return [*blocks, page.pick("没有候选退出清单。", "No candidate left the list.")]
    headers = page.pick(
        "上期规则,类别,名称,上期名次,退出原因", "Rule then,Kind,Name,Rank then,Why it left"
    )
    return blocks + table(
        headers.split(","),
        rows,
        widths=[3, 3, 6, 2, 9],
        right=[3],
        caption=page.caption("退出清单的候选", "Candidates that left the list"),
    )
