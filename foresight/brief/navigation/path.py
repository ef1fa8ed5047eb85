"""Chapter 6: path (路径): recommendations by rule, each with its figure and documents."""

from __future__ import annotations

from foresight.brief.navigation.tables import Sheet
from foresight.brief.navigation.words import CHAPTERS, INPUTS, reason, say
from foresight.brief.sections.blocks import bullets, heading
from foresight.brief.wording import count, pick
from foresight.navigation.path import rules

SHOWN = 8  # recommendations of a rule; the rest stand in path.csv


def path(sheet: Sheet) -> list[str]:
    """The chapter."""
    blocks = [
        heading(2, sheet.pick("6. 导航分析：路径", "6. Analysis: path")),
        sheet.pick(
            "每条建议由一条公开的规则得出，列出所依据的数值、件数和编号；编号对应 `claims.csv` 中的"
            "专利清单。规则为本项目自定，互相矛盾之处由读者取舍。",
            "Each recommendation comes from a stated rule, with its figure, its n and a number "
            "that leads to the patents in `claims.csv`. The rules are ours; where two exclude each "
            "other the choice is the reader's.",
        ),
    ]
    for place, chapter in enumerate(CHAPTERS, start=1):
        blocks.append(heading(3, f"6.{place} {say(CHAPTERS, chapter, sheet.lang)}"))
        blocks += _chapter(sheet, chapter)
    return blocks


def _chapter(sheet: Sheet, chapter: str) -> list[str]:
    blocks: list[str] = []
    table = rules()
    met: list[str] = []
    for rule in table[table["chapter"] == chapter].to_dict("records"):
        own = [one for one in sheet.tables.recommendations if one.lead["rule"] == rule["id"]]
        if not own:
            continue
        met.append(str(rule["id"]))
        words = rule[f"condition_{sheet.lang}"]
        more = len(own) - SHOWN
        tail = sheet.pick(f"；列前 {SHOWN} 项", f"; the first {SHOWN}") if more > 0 else ""
        n = count(len(own))
        blocks.append(
            sheet.pick(
                f"**规则 {rule['id']}**（{words}），{n} 项{tail}：",
                f"**Rule {rule['id']}** ({words}), {n}{tail}:",
            )
        )
        blocks += bullets([sheet.claim(one.key) for one in own[:SHOWN]])
        if rule["chapter"] == "talent":
            blocks.append(
                sheet.pick(
                    "名单只供核实，不是对任何人的结论；同名可能混入他人，接洽前须核对。",
                    "A list of candidates to verify, no finding about a person: equal names may "
                    "hide two people.",
                )
            )
    return blocks or [_nothing(sheet, chapter)]


def _nothing(sheet: Sheet, chapter: str) -> str:
    """Why no rule of a chapter recommends anything."""
    frame = sheet.tables.frames["path"]
    row = frame[(frame["chapter"] == chapter) & (frame["kind"] == "none")].iloc[0]
    parts = []
    for piece in str(row["reason"]).split("; "):
        rule, _, why = piece.partition(" ")
        kind, _, more = why.partition(":")
        words = say_reason(kind, more, sheet.lang)
        parts.append(f"{rule} {words}")
    text = "；".join(parts) if sheet.lang == "zh" else "; ".join(parts)
    return sheet.pick(f"没有建议：{text}。", f"No recommendation: {text}.")


def say_reason(kind: str, more: str, lang: str) -> str:
    """Why a rule recommends nothing, in words."""
    joiner = "、" if lang == "zh" else ", "
    if kind == "no_table":
        named = joiner.join(say(INPUTS, name, lang) for name in more.split(","))
        return pick(lang, f"无法给出{named}", f"no {named}")
    if kind != "undecided":
        return reason(kind, lang)
    return joiner.join(dict.fromkeys(reason(part, lang) for part in more.split(",")))
