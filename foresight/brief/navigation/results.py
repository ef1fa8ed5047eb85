"""Chapters 7 and 8: what comes out (成果), what it is for, and its limits (应用)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foresight.brief.navigation.direction import short_name
from foresight.brief.navigation.tables import Sheet, rows_of
from foresight.brief.navigation.words import KINDS, LISTS, figure_cell, say
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import ABSENT, count, decimal, missing
from foresight.navigation.path import rules

REFERENCES = (
    "Balassa (1965), doi:10.1111/j.1467-9957.1965.tb00050.x",
    "Balland et al. (2019), doi:10.1080/00343404.2018.1437900",
    "Garwood (1936), doi:10.1093/biomet/28.3-4.437",
    "Wilson (1927), doi:10.1080/01621459.1927.10502953",
)
SHOWN = 12  # rows of a list; the rest stand in its file
FILES = (
    ("documents.csv", "本赛道专利与其所属专利族", "patents of the track and their families"),
    ("track_years.csv", "逐年专利族", "families by year"),
    ("direction.csv", "全赛道与各分支的走向", "course of the track and its branches"),
    ("concentration.csv", "CR4、CR10、HHI", "CR4, CR10, HHI"),
    ("core.csv", "核心专利判定", "core patents"),
    ("control.csv", "控制指数", "control index"),
    ("effects.csv", "各专利说明的功效", "effects that each patent states"),
    ("matrix.csv", "技术功效矩阵", "technology x effect matrix"),
    ("white_space.csv", "各单元的判断与依据", "reading of every cell, and why"),
    ("position.csv", "四级五视角指标", "figures at every level in five views"),
    ("strengths.csv", "优势与差距", "strengths and gaps"),
    ("high_value.csv", "逐件五类判定", "five categories, patent by patent"),
    ("high_value_share.csv", "高价值占比", "share of high-value patents"),
    ("regions.csv", "各地区在本赛道的 RTA", "RTA of every region in the track"),
    ("niches.csv", "各市关联密度与判断", "relatedness of the cities"),
    ("agreement.csv", "各市与规划清单", "cities beside the plan's lists"),
    ("organisations.csv", "机构名录", "organisations"),
    ("people.csv", "人才名录", "people"),
    ("teams.csv", "团队", "teams"),
    ("path.csv", "全部建议", "all recommendations"),
    ("claims.csv", "报告中的编号语句及其文献", "numbered statements and their documents"),
)


def results(sheet: Sheet) -> list[str]:
    """Chapter 7."""
    return [
        heading(2, sheet.pick("7. 成果", "7. Results")),
        *_organisations(sheet),
        *_people(sheet),
        *_teams(sheet),
        *_files(sheet),
    ]


def _local_first(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Rows of a unit: those in the region, those with recent documents, the rest."""
    rows = frame[frame["unit_id"] == unit]
    here = rows["local"].astype("boolean").fillna(value=False).astype(bool)
    late = rows["n_recent"] > 0
    return pd.concat([rows[here], rows[~here & late], rows[~here & ~late]])


def _flags(row: Any, names: tuple[str, ...], lang: str) -> str:
    found = [say(LISTS, name, lang) for name in names if bool(getattr(row, name))]
    return ("、" if lang == "zh" else ", ").join(found) or ABSENT


def _here(row: Any, sheet: Sheet) -> str:
    if missing(row.local):
        if row.n_inside:
            return sheet.pick(f"有 {row.n_inside} 件在本区域", f"{row.n_inside} here")
        return sheet.pick("地点不明", "not known")
    if not row.local:
        return sheet.pick("不在本区域", "not here")
    part = f"{row.n_inside}/{row.n_known}"
    return sheet.pick(f"在本区域（{part} 件）", f"here ({part})")


def _organisations(sheet: Sheet) -> list[str]:
    lang, frame = sheet.lang, sheet.tables.frames["organisations"]
    blocks = [heading(3, sheet.pick("7.1 机构", "7.1 Organisations"))]
    rows = _local_first(frame, sheet.tables.slug)
    if rows.empty:
        return [*blocks, sheet.pick("没有载明机构的专利。", "No patent names an organisation.")]
    cells = [
        [
            short_name(row.org),
            say(KINDS, row.kind, lang),
            count(row.n_docs),
            figure_cell("share", row.recent_share, row.recent_lo, row.recent_hi, lang),
            _flags(row, ("strong", "rising"), lang),
            _here(row, sheet),
        ]
        for row in rows_of(rows.head(SHOWN))
    ]
    return [
        *blocks,
        *table(
            sheet.heads(
                "机构|类型|专利族|近三年占比（区间）|名单|所在",
                "Organisation|Kind|Families|Share of three years (interval)|Lists|Where",
            ),
            cells,
            widths=[6, 2, 2, 4, 2, 3],
            right=[2],
            caption=sheet.caption(
                f"机构（本区域、近三年有文献者在前，{len(rows)} 家中的 {len(cells)} 家）",
                "Organisations, those here and those with recent patents first "
                f"({len(cells)} of {len(rows)})",
            ),
        ),
    ]


def _people(sheet: Sheet) -> list[str]:
    lang, frame = sheet.lang, sheet.tables.frames["people"]
    blocks = [heading(3, sheet.pick("7.2 人才", "7.2 People"))]
    rows = _local_first(frame, sheet.tables.slug)
    if rows.empty:
        return [
            *blocks,
            sheet.pick(
                "没有人达到入选条件（本赛道至少 3 件，且高产、上升、桥梁或跨国流动）。",
                "Nobody meets the conditions (3 documents, and prolific, rising, bridging or "
                "moved).",
            ),
        ]
    names = ("prolific", "rising", "bridging", "moved_abroad", "moved_home")
    sure = rows[~rows["doubtful"].astype(bool)]
    cells = [
        [
            short_name(row.name),
            short_name(row.organisation.replace(";", "; "))
            if isinstance(row.organisation, str)
            else ABSENT,
            count(row.n_docs),
            count(row.n_recent),
            _flags(row, names, lang),
            decimal(row.confidence, 2),
            _here(row, sheet),
        ]
        for row in rows_of(sure.head(SHOWN))
    ]
    doubtful = len(rows) - len(sure)
    return [
        *blocks,
        *table(
            sheet.heads(
                "姓名|机构|专利族|近三年|名单|同一人置信度|所在",
                "Name|Organisation|Families|Three years|Lists|One person|Where",
            ),
            cells,
            widths=[4, 6, 2, 2, 3, 3, 3],
            right=[2, 3, 5],
            caption=sheet.caption(
                f"人才（本区域、近三年有文献者在前，置信度不低于 0.9 的 {len(sure)} 人中的 "
                f"{len(cells)} 人）",
                "People, those here and those with recent patents first "
                f"({len(cells)} of {len(sure)} with a confidence of 0.9)",
            ),
        ),
        sheet.pick(
            f"另有 {doubtful} 人置信度低于 0.9 或只有一处署名，不入表（`people.csv`）。"
            "名单取自公开著录项目，只供核实，不是对任何人的结论；接洽前须核对。",
            f"{doubtful} more have a lower confidence, or none, and are left out (`people.csv`). "
            "From public bibliographic fields, candidates to verify and no finding about anyone.",
        ),
    ]


def _teams(sheet: Sheet) -> list[str]:
    frame = sheet.tables.frames["teams"]
    rows = frame[frame["unit_id"] == sheet.tables.slug]
    blocks = [heading(3, sheet.pick("7.3 团队", "7.3 Teams"))]
    if rows.empty:
        return [
            *blocks,
            sheet.pick(
                "没有两人共同署名两件以上，不成团队。",
                "No two people share two documents; there is no team.",
            ),
        ]
    cells = [
        [
            short_name("、".join(str(row.leaders).split(";"))),
            count(row.n_people),
            count(row.n_docs),
            count(row.n_recent),
            short_name("、".join(str(row.organisations).split(";")[:2])) or ABSENT,
            decimal(row.confidence, 2),
        ]
        for row in rows_of(rows.head(SHOWN))
    ]
    return [
        *blocks,
        *table(
            sheet.heads(
                "主要成员|人数|专利族|近三年|机构|置信度",
                "Leading members|People|Families|Three years|Organisations|Confidence",
            ),
            cells,
            widths=[6, 2, 2, 2, 6, 2],
            right=[1, 2, 3, 5],
            caption=sheet.caption(
                f"团队（共同署名两件以上，共 {len(rows)} 个，列前 {min(SHOWN, len(rows))} 个）",
                f"Teams: two documents together ({min(SHOWN, len(rows))} of {len(rows)})",
            ),
        ),
    ]


def _files(sheet: Sheet) -> list[str]:
    frames = sheet.tables.frames
    rows = [
        [
            f"`{name}`",
            sheet.pick(zh, en),
            count(len(frames[name[:-4]])) if name[:-4] in frames else ABSENT,
        ]
        for name, zh, en in FILES
    ]
    return [
        heading(3, sheet.pick("7.4 配套文件", "7.4 Files")),
        *table(
            sheet.heads("文件|内容|行数", "File|Content|Rows"),
            rows,
            widths=[5, 8, 2],
            right=[2],
            caption=sheet.caption("配套文件", "Companion files"),
        ),
        sheet.pick(
            "技术攻关候选清单见同一赛道的简报（`foresight brief`，`candidates.csv`）。",
            "The candidate list for 技术攻关 stands in the track's brief (`foresight brief`, "
            "`candidates.csv`), not here.",
        ),
    ]


def application(sheet: Sheet) -> list[str]:
    """Chapter 8: what the results are for, limits, rules, digests, references."""
    tables = sheet.tables
    frame = rules()
    rows = [
        [str(row["id"]), str(row[f"condition_{sheet.lang}"])] for row in frame.to_dict("records")
    ]
    return [
        heading(2, sheet.pick("8. 应用与局限", "8. Use and limits")),
        *bullets(_uses(sheet)),
        heading(3, sheet.pick("8.1 局限", "8.1 Limits")),
        *bullets(_limits(sheet)),
        heading(3, sheet.pick("8.2 路径规则", "8.2 Rules of the path")),
        *table(
            sheet.heads("规则|条件", "Rule|Condition"), rows, widths=[1, 10],
            caption=sheet.caption("路径规则（自定）", "Rules of the path (ours)"),
        ),
        *bullets(
            [
                sheet.pick("语料摘要：", "Digest of the corpus: ") + f"`{tables.card.digest}`",
                sheet.pick("输入摘要：", "Digest of inputs: ") + f"`{tables.digest}`",
                sheet.pick(
                    "流程依据：GB/T 39551-2020《专利导航指南》；高价值发明专利五类依国家知识产权局"
                    "2021 年口径。",
                    "Flow: GB/T 39551-2020; the five categories as the China National Intellectual "
                    "Property Administration defined them in 2021.",
                ),
                "; ".join(REFERENCES),
            ]
        ),
    ]  # fmt: skip


def _uses(sheet: Sheet) -> list[str]:
    decided = {
        "gaps": int((sheet.tables.frames["strengths"]["verdict"] != "undecided").sum()),
        "path": len(sheet.tables.recommendations),
    }
    return [
        sheet.pick(
            f"可用于：{count(decided['path'])} 条建议的逐条核实与立项讨论；"
            f"{count(decided['gaps'])} 项已判定的优势与差距；机构与人才的核对名单。",
            f"For: verifying {count(decided['path'])} recommendations one by one, "
            f"{count(decided['gaps'])} strengths and gaps that are decided, lists of organisations "
            "and people to check.",
        ),
        sheet.pick(
            "不可用于：单个专利的权属、有效性或侵权判断；对个人的评价；标为“不能判断”的任何结论。",
            "Not for: ownership, validity or infringement of a patent; judging a person; anything "
            "marked undecided.",
        ),
    ]


def _limits(sheet: Sheet) -> list[str]:
    facts = sheet.tables.facts
    own = facts["levels"][facts["region"]["level"]]
    region = sheet.tables.region(sheet.lang)
    return [
        sheet.pick(
            f"{region}的判断依据 {count(own['inside'])} 个专利族，"
            f"地点可知的共 {count(own['known'])} 个。",
            f"What is said of {region} rests on {count(own['inside'])} families; the place of "
            f"{count(own['known'])} is known.",
        ),
        sheet.pick(
            "公开约晚于申请十八个月，近年专利不全；新技术的论文与未公开的申请不在其中。",
            "Patents become public about eighteen months after filing: the latest years miss what "
            "is filed and not yet published. Papers are not read.",
        ),
        sheet.pick(
            "机构按名称归一，子公司与改名者分计；大小以语料中的专利数为准，不是规模。",
            "Organisations are joined by name; subsidiaries and new names count apart. Size is "
            "that of their patents in the corpus.",
        ),
        sheet.pick(
            "功效由词表识别标题与摘要，不识别否定句；说明书与权利要求未读，权利要求数不在数据之内。",
            "Effects are read by words in titles and abstracts, without negation; descriptions and "
            "claims are not read, and the number of claims is not in the data.",
        ),
    ]
