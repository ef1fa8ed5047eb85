"""The targets of the plan beside what the evidence offers: candidates, never achievements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from foresight.brief.escape import md_text
from foresight.brief.sections.blocks import table
from foresight.brief.study import Study
from foresight.brief.wording import RULES, count, pick
from foresight.navigation.organisations import SMALL
from foresight.navigation.teams import TOGETHER
from foresight.tracks import Registry

Summary = dict[str, Any]
Told = tuple[str, str]  # what is seen, and by which rule


def local_companies(study: Study) -> dict[str, list[str]] | None:
    """Ids of companies of the province in the track, small ones and others; None where not known.

    Small by the proxy of `foresight.navigation.organisations.organisations`: at most ten documents
    in the corpus.
    """
    if study.standing is None or study.standing.organisations.empty:
        return None
    rows = study.standing.organisations
    rows = rows[rows["local"].astype("boolean").fillna(value=False).astype(bool)]
    rows = rows[rows["size"].notna()]
    small = rows["size"] == "small"
    return {
        "small": sorted(rows.loc[small, "org_id"]),
        "large": sorted(rows.loc[~small, "org_id"]),
    }


def targets_table(summaries: Sequence[Summary], registry: Registry, lang: str) -> list[str]:
    """The table of targets: number in the policy, what the corpus shows, by which rule."""
    rows = []
    for target in registry.targets:
        seen, rule = TOLD.get(target.id, _silent)(summaries, lang)
        rows.append(
            [
                md_text(pick(lang, target.zh, target.en)),
                count(target.number) + pick(lang, f" {target.unit_zh}", ""),
                seen,
                rule,
            ]
        )
    headers = pick(
        lang,
        "目标,政策数值,本语料所见候选,计数规则",
        "Target,Number in the policy,Candidates seen in this corpus,How they are counted",
    )
    note = pick(
        lang,
        "右两列是候选或佐证的件数，不是完成数；主题与细分方向相互重叠，不宜相加。",
        "The last columns count candidates or evidence, never achievements; topics and "
        "sub-directions overlap and should not be added up.",
    )
    caption = pick(lang, "表：政策目标与候选数", "Table: Targets and candidates")
    return [*table(headers.split(","), rows, widths=[4, 2, 6, 7], caption=caption), note]


def _technologies(summaries: Sequence[Summary], lang: str) -> Told:
    parts = []
    for rule in ("A", "B"):
        topics = sum(s["candidates"]["topic"][rule] for s in summaries)
        subs = sum(s["candidates"]["sub_direction"][rule] for s in summaries)
        name = pick(lang, *RULES[rule])
        parts.append(
            pick(
                lang,
                f"{name}：技术主题 {count(topics)} 项，细分方向 {count(subs)} 项",
                f"{name}: {count(topics)} topics, {count(subs)} sub-directions",
            )
        )
    how = pick(
        lang,
        "各赛道简报第 8 节规则 A、B 的候选",
        "candidates under rules A and B of section 8 of the briefs",
    )
    return pick(lang, "；", "; ").join(parts), how


def _teams(summaries: Sequence[Summary], lang: str) -> Told:
    told = [s["teams"] for s in summaries if s.get("teams") is not None]
    how = pick(
        lang,
        f"两人在同一赛道共同署名不少于 {TOGETHER} 件相连，相连者为一队，队员地点涉及浙江；"
        "取自专利导航报告，跨赛道者分别计",
        f"people linked by {TOGETHER} or more joint patents of a track, a member placed in "
        "Zhejiang; from the navigation reports, counted by track",
    )
    if not told:
        none = pick(
            lang,
            "尚无赛道做过专利导航（`foresight navigate`），无从计数",
            "no navigation report has been made (`foresight navigate`)",
        )
        return none, how
    n, k = count(sum(told)), count(len(told))
    every = count(len(summaries))
    return pick(
        lang,
        f"合作团队 {n} 个（已做专利导航的 {k} 个赛道，共 {every} 个赛道）",
        f"{n} teams (in {k} of {every} tracks, those with a navigation report)",
    ), how


def _companies(size: str) -> Callable[[Sequence[Summary], str], Told]:
    def told(summaries: Sequence[Summary], lang: str) -> Told:
        known = [s["local_companies"] for s in summaries if s.get("local_companies")]
        small = size == "small"
        how = pick(
            lang,
            f"有地点文献过半在浙江的企业，语料文献{'不' if small else ''}超过 {SMALL} 件"
            f"（{'规模由此推定，' if small else ''}不等于认定）",
            "companies with half or more of their placed documents in Zhejiang and "
            f"{'at most' if small else 'more than'} {SMALL} documents in the corpus (a proxy of "
            "size, no recognition)",
        )
        if not known:
            none = pick(lang, "语料未载机构或地点", "no organisation or place on record")
            return none, how
        n = count(len({org for one in known for org in one[size]}))
        return pick(lang, f"企业 {n} 家", f"{n} companies"), how

    return told


def _products(summaries: Sequence[Summary], lang: str) -> Told:
    items = sum(s["landmarks"]["items"] for s in summaries)
    seen = sum(s["landmarks"]["seen"] for s in summaries)
    return pick(
        lang,
        f"见到文献佐证的 {count(seen)} 项（检视 {count(items)} 项）",
        f"{count(seen)} of {count(items)} items with evidence",
    ), pick(
        lang,
        "专栏 2 列名产品，标题或摘要提及即为佐证，跨赛道者分别计",
        "items named in the policy that a title or abstract names, counted by track",
    )


def _silent(summaries: Sequence[Summary], lang: str) -> Told:
    del summaries
    return pick(lang, "本语料无法测度", "not measurable from this corpus"), pick(
        lang,
        "由行政认定，专利和论文不能说明",
        "an administrative decision: patents and papers say nothing of it",
    )


TOLD: dict[str, Callable[[Sequence[Summary], str], Told]] = {
    "disruptive-technologies": _technologies,
    "talent-teams": _teams,
    "innovative-companies": _companies("small"),
    "leading-companies": _companies("large"),
    "landmark-products": _products,
}
