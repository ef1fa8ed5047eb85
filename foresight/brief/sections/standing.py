"""The short patent navigation of a brief: who holds the branches, what stands out, what follows."""

from __future__ import annotations

from typing import Any

from foresight.brief.claims.standing import (
    PER_RULE,
    STRENGTHS_SHOWN,
    recommended,
    strengths_told,
)
from foresight.brief.escape import md_text, shorten
from foresight.brief.navigation.words import COURSES, say
from foresight.brief.sections.blocks import Page, bullets, name_cell, table
from foresight.brief.sections.candidates import HELD_WORDS, LEADER_LENGTH
from foresight.brief.wording import (
    ABSENT,
    as_text,
    bracketed,
    count,
    decimal,
    growth_texts,
    missing,
    percent,
    pick,
    term,
)
from foresight.navigation.standing import LEAST_HELD

LEADERS_SHOWN = 3
DEFAULT = "sample"  # the corpus of a command that names none


def control(page: Page) -> list[str]:
    """Course of each branch and who holds it; nothing where it was not computed."""
    study = page.study
    if study.standing is None or study.standing.direction.empty:
        return []
    courses = study.standing.direction.set_index("unit_id")
    units = [study.track.slug, *(sub.id for sub in study.track.sub_directions)]
    rows = [
        _row(page, unit, courses.loc[unit], study.standing.units.loc[unit])
        for unit in units
        if unit in courses.index and unit in study.standing.units.index
    ]
    headers = page.pick(
        "分支,走向（未收缩增长，区间）,近五年载有机构的文献,前四家占比（区间）,控制,居前机构",
        "Branch,Course (growth not shrunk; interval),Documents with an organisation,"
        "Share of the first four (interval),Control,Largest",
    )
    note = page.pick(
        "走向按占比增长的未收缩区间判断（与专利导航报告同一规则），与上表收缩后的判断可以不同；"
        f"前四家占比在载有机构的文献不足 {LEAST_HELD} 件时不计，控制的界限见第 8 节。",
        "Courses are read from growth that is not shrunk, as in the navigation report, and may "
        f"differ from the table above. No share of the first four with fewer than {LEAST_HELD} "
        "documents; "
        "section 8 has the bounds of control.",
    )
    return [
        *table(
            headers.split(","),
            rows,
            widths=[4, 5, 3, 4, 3, 7],
            right=[2],
            caption=page.caption("分支的走向与控制", "Course and control of the branches"),
        ),
        note,
    ]


def _row(page: Page, unit: str, course: Any, held: Any) -> list[str]:
    lang, study = page.lang, page.study
    name = (
        page.pick(f"全赛道（{study.track.name_zh}）", f"Whole track ({study.track.name_en})")
        if unit == study.track.slug
        else page.reading.units[unit].label(lang)
    )
    growth = bracketed(*growth_texts(course["growth"], course["lo"], course["hi"]), lang)
    if course["why"] == "few_documents":
        growth = ABSENT
    word = say(COURSES, course["course"], lang)
    few = pick(lang, "（文献太少）", " (too few documents)") if growth == ABSENT else ""
    names = [one for one in as_text(held["leaders_names"]).split(";") if one][:LEADERS_SHOWN]
    leaders = [md_text(shorten(one, LEADER_LENGTH)) for one in names]
    cr4 = ABSENT
    if not missing(held["cr4"]):
        value, lo, hi = (percent(held[column], 0) for column in ("cr4", "cr4_lo", "cr4_hi"))
        cr4 = bracketed(value, lo, hi, lang)
    verdict = term(HELD_WORDS, held["held"], lang)
    if not missing(held["control"]):
        who = md_text(shorten(as_text(held["control_org_names"]), LEADER_LENGTH))
        index = decimal(held["control"], 2)
        verdict += pick(lang, f"；{who}控制指数 {index}", f"; index of {who} {index}")
    return [
        name_cell(name),
        word + few if growth == ABSENT else pick(lang, f"{word}；{growth}", f"{word}; {growth}"),
        count(held["n_held"]),
        cr4,
        verdict,
        pick(lang, "、", "; ").join(leaders) or ABSENT,
    ]


def strengths(page: Page) -> list[str]:
    """What stands out of the province against country and world, or that nothing does."""
    standing = page.study.standing
    if standing is None or standing.strengths.empty:
        return []
    told = strengths_told(standing)
    if len(told):
        every = int((standing.strengths["verdict"] != "undecided").sum())
        items = page.claim_list("nav:gap:")
        more = page.pick(
            f"另有 {count(every - len(told))} 项见专利导航报告。",
            f"{count(every - len(told))} more stand in the navigation report.",
        )
        return bullets(items if every <= STRENGTHS_SHOWN else [*items, more])
    reasons = standing.strengths["reason"].astype("str").fillna("")
    if (reasons == "intervals_meet").any():
        return [
            page.pick(
                "浙江与全国、全球逐项相比，可判断的指标区间均相交，未见显著的优势或差距。",
                "Compared item by item with country and world, intervals meet: neither strength "
                "nor gap stands out.",
            )
        ]
    return [
        page.pick(
            "浙江的有地点文献太少，与全国、全球逐项相比均不能判断优势或差距。",
            "Too few documents are placed in Zhejiang to tell a strength or gap against country "
            "or world.",
        )
    ]


def recommendations(page: Page) -> list[str]:
    """Recommendations by the rules of the path, and the command that gives the whole."""
    study = page.study
    if study.standing is None:
        return []
    items = page.claim_list("nav:rec:")
    blocks: list[str] = []
    if items:
        total = recommended(study, study.standing)
        blocks.append(
            page.pick(
                f"按路径规则得出的建议（每条规则至多列 {PER_RULE} 项，共 {count(total)} 项）：",
                f"Recommendations by the rules of the path (at most {PER_RULE} of a rule, "
                f"{count(total)} in all):",
            )
        )
        blocks += bullets(items)
    else:
        blocks.append(
            page.pick(
                "路径规则的条件均未满足，没有可列的建议。",
                "No condition of a rule of the path is met; nothing is recommended.",
            )
        )
    return [*blocks, command(page)]


def command(page: Page) -> str:
    """The command that makes the whole navigation report."""
    line = navigate(page)
    return page.pick(
        f"完整的专利导航（技术功效矩阵与空白点、高价值专利、城市、人才与团队）由 {line} 给出；"
        "该报告按专利族计件，数字与本简报可有出入。",
        f"The whole navigation (matrix and white space, high value, cities, people and teams): "
        f"{line}; it counts patent families, so numbers may differ from this brief.",
    )


def navigate(page: Page) -> str:
    """The command line of the navigation report of this track, corpus and date."""
    study = page.study
    corpus = "" if study.corpus.name == DEFAULT else f" --corpus {study.corpus.name}"
    region = page.pick("浙江", "Zhejiang")
    return (
        f"`foresight navigate {study.track.slug} --region {region}{corpus} --as-of {study.as_of}`"
    )


def organisations(page: Page) -> list[str]:
    """Organisations strong, rising, absent, local: one line each."""
    return bullets(page.claim_list("orgs:"))


def people(page: Page) -> str:
    """Why a brief lists no people, and where they are listed."""
    line = navigate(page)
    return page.pick(
        f"人名消歧耗时较长，本简报不列人才名单；候选名单及同一人置信度由 {line} 给出。",
        f"Telling people apart takes long, so no list of people is given here; {line} gives "
        "shortlists with how sure it is that one name is one person.",
    )
