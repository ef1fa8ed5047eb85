"""Sections 1 to 3 of a corpus report: what is in it, which fields are filled, what was merged."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from foresight.brief.escape import md_text, shorten
from foresight.brief.report.tables import CorpusTables
from foresight.brief.report.words import (
    COUNT_NAMES,
    FIELD_NAMES,
    GROUP_NAMES,
    RULE_NAMES,
    TABLE_NAMES,
)
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import (
    ABSENT,
    COUNTRIES,
    KINDS,
    LANGUAGE_NAMES,
    OFFICES,
    count,
    date,
    listing,
    missing,
    percent,
    pick,
    small_percent,
    term,
)

TOP = 12  # values of a group that a table names
NAME_COLUMNS = 40
VALUE_NAMES = {"office": {**COUNTRIES, **OFFICES}, "language": LANGUAGE_NAMES}


def caption(lang: str, zh: str, en: str) -> str:
    """A table's caption, as the renderer finds it."""
    return pick(lang, f"表：{zh}", f"Table: {en}")


def image(paths: Sequence[str], text: str) -> list[str]:
    """Image blocks; several parts are numbered in the caption."""
    many = len(paths) > 1
    return [
        f"![{md_text(text)}{f' ({part}/{len(paths)})' if many else ''}]({path})"
        for part, path in enumerate(paths, start=1)
    ]


def contents(tables: CorpusTables, *, figures: Sequence[str], lang: str) -> list[str]:
    """Section 1."""
    card, manifest = tables.card, tables.manifest
    blocks = [heading(2, pick(lang, "1. 语料内容", "1. What is in it"))]
    kinds = tables.composition[tables.composition["group"] == "kind"]
    named = [
        f"{term(KINDS, row.value, lang)} {count(row.n_docs)}"
        for row in kinds.itertuples(index=False)
    ]
    first, last = date(manifest["first_published"], lang), date(tables.last_published, lang)
    blocks.append(
        pick(
            lang,
            f"截至{date(tables.as_of, lang)}，语料共有 {count(card.n_docs)} 件文献"
            f"（{listing(named, lang)}），公开日为{first}至{last}；最后一个完整年度为"
            f" {tables.last_year} 年，其后的文献计入总数，不进入逐年图。",
            f"As of {date(tables.as_of, lang)} the corpus holds {count(card.n_docs)} documents "
            f"({listing(named, lang)}), published from {first} to {last}. The last complete year "
            f"is {tables.last_year}; later documents count in totals and are in no yearly figure.",
        )
    )
    blocks += image(figures, pick(lang, "逐年文献数", "Documents by year"))
    for group in GROUP_NAMES:
        blocks += _group(tables.composition, group, lang)
    licence, notes = md_text(card.licence[lang]), [md_text(note) for note in card.notes[lang]]
    blocks.append(heading(3, pick(lang, "来源与许可", "Sources and licence")))
    blocks += bullets(
        [
            pick(lang, f"许可：{licence}", f"Licence: {licence}"),
            *_origin(tables, lang),
            *notes,
            *(md_text(caveat[lang]) for caveat in manifest["caveats"]),
        ]
    )
    return blocks


def _group(composition: pd.DataFrame, group: str, lang: str) -> list[str]:
    """A table of the values of a group; one sentence where there is a single value."""
    rows = composition[composition["group"] == group]
    name = pick(lang, *GROUP_NAMES[group])
    known = VALUE_NAMES.get(group, {})

    def label(value: object) -> str:
        if missing(value):
            return pick(lang, "未注明", "not stated")
        return md_text(shorten(term(known, value, lang), NAME_COLUMNS))

    if len(rows) == 1:
        only = label(rows["value"].iloc[0])
        return [pick(lang, f"{name}：全部为{only}。", f"{name}: {only} throughout.")]
    shown = [
        [label(row.value), count(row.n_docs), small_percent(row.share)]
        for row in rows.head(TOP).itertuples(index=False)
    ]
    rest = rows.iloc[TOP:]
    if len(rest):
        other = pick(lang, f"其余 {len(rest)} 种", f"{len(rest)} others")
        shown.append([other, count(rest["n_docs"].sum()), small_percent(rest["share"].sum())])
    head = [name, pick(lang, "文献数", "Documents"), pick(lang, "占比", "Share")]
    title = caption(lang, f"按{name}的文献数", f"Documents by {name.lower()}")
    return table(head, shown, widths=[6, 3, 2], right=[1, 2], caption=title)


def _origin(tables: CorpusTables, lang: str) -> list[str]:
    files = [
        f"`{shorten(name, NAME_COLUMNS)}` (SHA-256 {digest[:12]}…)"
        for name, digest in sorted(tables.manifest["origin"].items())
    ]
    if not files:
        return []
    shown = listing(files[:TOP], lang) + (
        pick(lang, f"等 {len(files)} 个文件", f" and {len(files) - TOP} more")
        if len(files) > TOP
        else ""
    )
    lines = [pick(lang, f"来源文件：{shown}", f"Files: {shown}")]
    parts = tables.manifest.get("parts", [])
    lines += [
        pick(
            lang,
            f"组成部分：{md_text(part['name'])}，{count(part['documents'])} 件，"
            f"{part['first_published']} 至 {part['last_published']}",
            f"Part: {md_text(part['name'])}, {count(part['documents'])} documents, "
            f"{part['first_published']} to {part['last_published']}",
        )
        for part in parts
    ]
    return lines


def filled_fields(tables: CorpusTables, *, figures: Sequence[str], lang: str) -> list[str]:
    """Section 2."""
    blocks = [heading(2, pick(lang, "2. 字段完备率", "2. Which fields are filled"))]
    fields = tables.fields
    absent = [term(FIELD_NAMES, name, lang) for name in fields.loc[fields["share"] == 0, "field"]]
    if absent:
        blocks.append(
            pick(
                lang,
                f"语料完全没有的字段：{'、'.join(absent)}；依赖这些字段的指标作缺失处理，不以零代替。",
                f"Not in the corpus at all: {listing(absent, lang)}. What rests on them is missing "
                "in the briefs, never zero.",
            )
        )
    shares = {"share": ("占全部", "Of all")}
    if fields[["patents", "papers"]].notna().all(axis=None):
        shares |= {"patents": ("占专利", "Of patents"), "papers": ("占论文", "Of papers")}
    rows = [
        [
            term(FIELD_NAMES, row.field, lang),
            count(row.n_filled),
            *(_share(getattr(row, name)) for name in shares),
        ]
        for row in fields.itertuples(index=False)
    ]
    heads = pick(lang, "字段,有该字段的文献", "Field,Documents with it").split(",")
    heads += [pick(lang, *names) for names in shares.values()]
    title = caption(lang, "各字段的完备率", "Documents that have each field")
    widths, right = [5, 4, *(2 for _ in shares)], range(1, 2 + len(shares))
    blocks += table(heads, rows, widths=widths, right=right, caption=title)
    blocks += image(
        figures,
        pick(
            lang,
            "各字段逐年完备率（仅完整年度；右列为全部年份）",
            "Documents with each field, by year (complete years; all years at the right)",
        ),
    )
    blocks.append(
        pick(
            lang,
            "“法律状态”是供数当日的快照，没有自己的日期，因此在早于语料末日的时点一律视为未知；"
            "时点之后的授权日同样视为未知。",
            "Legal status is a snapshot of the day of supply without a date of its own, so it "
            "is unknown as of any earlier date; so is a date of grant after the as-of date.",
        )
    )
    return blocks


def _share(value: object) -> str:
    """A share of documents, never a false 0 or 100 per cent."""
    if missing(value):
        return ABSENT
    number = float(str(value))
    if 0 < number < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= number < 1 else percent(number)


def duplicates(tables: CorpusTables, lang: str) -> list[str]:
    """Section 3."""
    blocks = [heading(2, pick(lang, "3. 重复与合并", "3. Duplicates found and merged"))]
    steps = {str(name): part for name, part in tables.duplicates.groupby("step", sort=False)}
    what = {
        "rows": (pick(lang, "完全相同的行", "identical rows"), TABLE_NAMES),
        "documents": (pick(lang, "同一文献的记录", "records of one document"), RULE_NAMES),
    }
    rows = [
        [merged, _named(names, row, lang), count(row[1])]
        for step, (merged, names) in what.items()
        for row in _lines(steps, step)
        if row[1]
    ]
    if not rows:
        blocks.append(
            pick(lang, "建库时没有需要合并的重复。", "Nothing had to be merged when it was made.")
        )
    heads = pick(lang, "合并了什么,表或规则,合并数", "Merged,Table or rule,Number").split(",")
    title = caption(lang, "建库时合并的重复", "What was merged when the corpus was made")
    blocks += table(heads, rows, widths=[4, 7, 2], right=[2], caption=title)
    if "documents" not in steps:
        blocks.append(
            pick(
                lang,
                "本语料来自单一来源，未作跨来源的同一文献识别"
                "（`foresight corpus merge` 合并多个语料时进行）。",
                "The corpus comes from one source; records of one document in several sources are "
                "joined by `foresight corpus merge` only.",
            )
        )
    blocks += bullets([_families(steps, lang), _titles(steps, lang)])
    counts = tables.manifest["counts"]
    taken = [
        [term(COUNT_NAMES, name, lang), count(counts[name])]
        for name in COUNT_NAMES
        if counts.get(name)
    ]
    heads = pick(lang, "建库时的记录,件数", "Records when the corpus was made,Number").split(",")
    title = caption(
        lang, "记录去向（整个语料，与时点无关）", "Where records went (whole corpus, at any date)"
    )
    return blocks + table(heads, taken, widths=[7, 3], right=[1], caption=title)


def _lines(steps: dict[str, pd.DataFrame], step: str) -> list[tuple[str, int]]:
    part = steps.get(step)
    return [] if part is None else list(zip(part["what"], part["number"], strict=True))


def _named(names: dict[str, tuple[str, str]], row: tuple[str, int], lang: str) -> str:
    return md_text(term(names, row[0], lang))


def _families(steps: dict[str, pd.DataFrame], lang: str) -> str:
    found = dict(_lines(steps, "families"))
    if not found["documents"]:
        return pick(
            lang,
            "没有同族号：同一发明的多件公开各计一次。",
            "No family ids: several publications of one invention count each.",
        )
    return pick(
        lang,
        f"{count(found['documents'])} 件文献带同族号，属于 {count(found['families'])} 个专利族；"
        f"超出每族第一件的有 {count(found['beyond_first'])} 件。",
        f"{count(found['documents'])} documents carry a family id, of {count(found['families'])} "
        f"families; {count(found['beyond_first'])} are beyond the first of their family.",
    )


def _titles(steps: dict[str, pd.DataFrame], lang: str) -> str:
    found = dict(_lines(steps, "titles"))
    if not found["titles"]:
        return pick(
            lang,
            "没有同一年内题名相同的文献。",
            "No two documents of one year have the same title.",
        )
    return pick(
        lang,
        f"同一年内题名相同的文献有 {count(found['documents'])} 件"
        f"（{count(found['titles'])} 个题名），其中第一作者（发明人）也相同的"
        f" {count(found['documents_same_person'])} 件；"
        "续案与系列文献本来就同名，这是可能重复的上限，不是重复数，均未合并。",
        f"{count(found['documents'])} documents share a title within a year "
        f"({count(found['titles'])} titles), {count(found['documents_same_person'])} of them the "
        "first author or inventor too. Continuations and series do so by nature: this bounds what "
        "may be double from above, and nothing was merged for it.",
    )
