"""Chapter 4: direction (方向): trend, branches, who controls, effects and white space."""

from __future__ import annotations

import pandas as pd

from foresight.brief.escape import md_text, shorten
from foresight.brief.navigation.claims_direction import cells_told, effect_names, leaders_of
from foresight.brief.navigation.tables import NAME_LENGTH, Sheet, rows_of
from foresight.brief.navigation.words import COURSES, REASONS, figure_cell, say
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import bracketed, count, growth_texts, missing, pick, years

LEADERS_SHOWN = 4


def direction(sheet: Sheet) -> list[str]:
    """The chapter."""
    return [
        heading(2, sheet.pick("4. 导航分析：方向", "4. Analysis: direction")),
        *_trend(sheet),
        *_branches(sheet),
        *_control(sheet),
        *_matrix(sheet),
    ]


def _trend(sheet: Sheet) -> list[str]:
    slug = sheet.tables.slug
    line = sheet.claim(f"course:{slug}") or _no_course(sheet, slug)
    return [
        heading(3, sheet.pick("4.1 总体趋势", "4.1 The track as a whole")),
        line,
        *sheet.figure(
            "share",
            "本赛道占语料专利族的份额（仅完整年度，阴影为 95% 区间）",
            "The track's share of the corpus's patent families (complete years; 95% interval)",
        ),
    ]


def _no_course(sheet: Sheet, unit: str) -> str:
    rows = sheet.tables.frames["direction"]
    row = next(rows_of(rows[rows["unit_id"] == unit]))
    why = say(REASONS, row.why, sheet.lang)
    return sheet.pick(
        f"份额变化无法估计：{why}（窗口内 {count(row.n_docs)} 件）。",
        f"No change of share can be estimated: {why} ({count(row.n_docs)} in the window).",
    )


def _branches(sheet: Sheet) -> list[str]:
    lang = sheet.lang
    first, last = sheet.tables.window
    rows = []
    for row in rows_of(sheet.tables.frames["direction"]):
        course = say(COURSES, row.course, lang)
        if row.course == "undecided":
            why = say(REASONS, row.why, lang)
            course += sheet.pick(f"：{why}", f": {why}")
        rows.append(
            [
                sheet.label(row.unit_id),
                count(row.n_all),
                count(row.n_granted),
                count(row.n_all - row.n_granted),
                count(row.n_docs),
                bracketed(*growth_texts(row.growth, row.lo, row.hi), lang),
                course + sheet.mark(f"course:{row.unit_id}"),
            ]
        )
    span = years(first, last, lang)
    return [
        heading(3, sheet.pick("4.2 各分支走向", "4.2 Branches")),
        *table(
            sheet.heads(
                f"分支|专利族|有授权|仅申请|{span}公开|份额年均变化（95% 区间）|判断",
                f"Branch|Families|Granted|Applications|{span}|Share yearly (95% interval)|Course",
            ),
            rows,
            widths=[5, 2, 2, 2, 2, 5, 5],
            right=[1, 2, 3, 4],
            caption=sheet.caption("全赛道与各分支的走向", "Course of the track and its branches"),
        ),
        sheet.pick(
            "判断规则（自定）：区间高于零为上升，其中窗口期件数不低于各分支中位数者为热点；"
            "低于零为回落；两侧均不超过每年 8% 为平稳；其余及不足 10 件者不判断。",
            "Rule (ours): rising where the interval lies above zero, hot where also at least as "
            "large as the median branch; fading below zero; steady within 8% a year either way; "
            "else, and below 10 documents, undecided.",
        ),
    ]


def _control(sheet: Sheet) -> list[str]:
    blocks = [heading(3, sheet.pick("4.3 专利控制力", "4.3 Who controls"))]
    frame = sheet.tables.frames["concentration"]
    if frame.empty or not frame["n_orgs"].gt(0).any():
        blocks.append(
            sheet.pick(
                "窗口期内没有载明机构的专利，集中度无法给出。",
                "No patent of the window names an organisation; no concentration can be given.",
            )
        )
    else:
        blocks += _concentration(sheet, frame)
    return [*blocks, *_core(sheet)]


def _concentration(sheet: Sheet, frame: pd.DataFrame) -> list[str]:
    figures = {(row.unit_id, row.measure): row for row in rows_of(frame)}
    rows = []
    for unit in [sheet.tables.slug, *sheet.tables.branches]:
        if (unit, "cr4") not in figures:
            continue
        cr4 = figures[unit, "cr4"]
        cells = [
            figure_cell("cr4", one.value, one.lo, one.hi, sheet.lang)
            if not missing(one.value)
            else sheet.pick("件数不足", "too few")
            for one in (cr4, figures[unit, "cr10"])
        ]
        leaders = leaders_of(sheet.tables, cr4.leaders, sheet.lang, LEADERS_SHOWN)
        rows.append(
            [
                sheet.label(unit) + sheet.mark(f"cr4:{unit}"),
                count(cr4.n_docs),
                count(cr4.n_orgs),
                *cells,
                md_text(leaders),
            ]
        )
    first, last = sheet.tables.window
    span = years(first, last, sheet.lang)
    return table(
        sheet.heads(
            "分支|件数|机构数|CR4（95% 区间）|CR10（95% 区间）|前四家",
            "Branch|Documents|Organisations|CR4 (95% interval)|CR10 (95% interval)|First four",
        ),
        rows,
        widths=[4, 2, 2, 4, 4, 7],
        right=[1, 2],
        caption=sheet.caption(f"专利集中度（{span}）", f"Concentration of patents ({span})"),
    )


def _core(sheet: Sheet) -> list[str]:
    lines = [sheet.claim("core")]
    keys = sheet.claims.keys("control:")
    core = sheet.tables.frames["core"]
    if not lines[0] and len(core):
        n = count(len(core))
        lines = [
            sheet.pick(
                f"核心专利：{n} 件全部不能判定，语料没有引文，也没有可用的同族清单。",
                f"Core patents: none of {n} can be told; the corpus has neither citations nor "
                "lists of families that may be used.",
            )
        ]
    if keys:
        lines += [sheet.claim(key) for key in keys]
    else:
        lines.append(
            sheet.pick(
                "控制指数：须有核心专利和分支内的他人引用，本语料不具备，不给出。",
                "Control index: it needs core patents and citations by others inside a branch, "
                "which the corpus lacks; none is given.",
            )
        )
    return bullets(lines)


def _matrix(sheet: Sheet) -> list[str]:
    facts = sheet.tables.facts
    blocks = [
        heading(3, sheet.pick("4.4 技术功效矩阵与空白点", "4.4 Technology x effect, white space"))
    ]
    if "matrix" in facts["silent"] or not facts["n_stating"]:
        return [
            *blocks,
            sheet.pick(
                "没有一件专利的标题或摘要说明词表所列的功效，矩阵无法给出。",
                "No title or abstract states an effect of the lexicon; there is no matrix.",
            ),
        ]
    n, whole = count(facts["n_stating"]), count(facts["n_families"])
    blocks.append(
        sheet.pick(
            f"{whole} 个专利族中 {n} 个在标题或摘要中说明了功效，矩阵只由这些构成；"
            "期望数按规划全部细分方向中技术与功效相互独立计算。",
            f"{n} of {whole} families state an effect in title or abstract, and make the matrix. "
            "Expected numbers take technology and effect as independent over all sub-directions "
            "of the plan.",
        )
    )
    blocks += _cells(sheet)
    return [*blocks, *_white_space(sheet)]


def _cells(sheet: Sheet) -> list[str]:
    """The matrix: effects that any branch states, by branch."""
    frame, lang = sheet.tables.frames["matrix"], sheet.lang
    counts = {(row.unit_id, row.effect): row.n for row in rows_of(frame)}
    units = [unit for unit in sheet.tables.branches if unit in set(frame["unit_id"])]
    rows = [
        [pick(lang, *names), *(count(counts[unit, effect]) for unit in units)]
        for effect, names in effect_names().items()
        if any(counts[unit, effect] for unit in units)
    ]
    return table(
        [sheet.pick("功效", "Effect"), *(sheet.label(unit) for unit in units)],
        rows,
        widths=[4, *(3 for _ in units)],
        right=range(1, 1 + len(units)),
        caption=sheet.caption(
            "技术功效矩阵：各分支说明各功效的专利族数（没有一件的功效不列）",
            "Technology x effect: families of each branch that state each effect (effects that "
            "none states are left out)",
        ),
    )


def _white_space(sheet: Sheet) -> list[str]:
    frame, lang = sheet.tables.frames["white_space"], sheet.lang
    told = cells_told(sheet.tables)
    counts = frame["status"].value_counts()
    few = int((frame["why"] == "too_small").sum())
    line = sheet.pick(
        f"{len(frame)} 个单元：已有 {counts.get('filled', 0)}、尚无人做 {counts.get('open', 0)}、"
        f"周边亦空或试后停 {counts.get('closed', 0)}、不能判断 {counts.get('undecided', 0)}"
        f"（其中 {few} 个期望不足 5 件）。",
        f"{len(frame)} cells: filled {counts.get('filled', 0)}, open {counts.get('open', 0)}, "
        f"closed {counts.get('closed', 0)}, undecided {counts.get('undecided', 0)} ({few} of them "
        "with fewer than 5 expected).",
    )
    names = effect_names()
    rows = [
        [
            sheet.label(row.unit_id) + sheet.mark(f"cell:{row.unit_id}|{row.effect}"),
            say(names, row.effect, lang),
            count(row.n),
            f"{row.expected:.1f}",
            figure_cell(
                "neighbours_against_expected", row.ratio_near, row.near_lo, row.near_hi, lang
            ),
            sheet.pick("尚无人做", "open")
            if row.status == "open"
            else sheet.pick("周边亦空或试后停", "closed"),
        ]
        for row in rows_of(told)
    ]
    return [
        line,
        *table(
            sheet.heads(
                "分支|功效|件数|期望|相邻单元与期望之比|判断",
                "Branch|Effect|Number|Expected|Neighbours over expected|Reading",
            ),
            rows,
            widths=[5, 3, 2, 2, 4, 4],
            right=[2, 3],
            caption=sheet.caption("判定的空白单元", "Cells told empty"),
        ),
        *(
            [
                sheet.pick(
                    "“周边亦空或试后停”不区分做不成与不需要；空白单元是待读之处，不是结论。",
                    "Closed does not tell what cannot be done from what nobody wants. A cell is a "
                    "place to read, not a finding.",
                )
            ]
            if rows
            else []
        ),
    ]


def short_name(text: str) -> str:
    """A name as Markdown, shortened."""
    return md_text(shorten(text, NAME_LENGTH))
