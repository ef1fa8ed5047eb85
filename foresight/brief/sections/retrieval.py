"""Part of section 11: how sure retrieval is (查准率, 查全率)."""

from __future__ import annotations

from foresight.brief.escape import md_text
from foresight.brief.sections.blocks import Page, bullets, heading, table
from foresight.brief.wording import count, decimal, percent
from foresight.corpus.select import MATCHED

STRATUM_NAMES = {
    "class_and_keyword": ("分类号与关键词均命中", "class and keyword"),
    "class": ("仅核心分类号", "core class only"),
    "keyword": ("仅关键词", "keyword only"),
    "broad": ("宽泛分类号加语境词", "broad class beside a context word"),
}


READERS = {"large language model": ("大语言模型", "a large language model")}


def retrieval_quality(page: Page) -> list[str]:
    """How many documents came by which route, and what a labelled sample says of them."""
    blocks = [heading(3, page.pick("检索质量", "Quality of retrieval"))]
    retrieval = page.study.retrieval
    if retrieval is None:
        return [
            *blocks,
            page.pick(
                "本语料尚无人工或模型逐篇判读的样本，查准率、查全率无法给出。",
                "No sample of this corpus has been read document by document; precision and recall "
                "cannot be given.",
            ),
        ]
    sizes = retrieval.quality.sizes
    rows = [[page.pick(*STRATUM_NAMES[name]), count(sizes[name])] for name in MATCHED]
    blocks += table(
        [page.pick("检索途径", "Route"), page.pick("语料中的文献数", "Documents in the corpus")],
        rows,
        widths=[5, 3],
        right=[1],
        caption=page.caption("各检索途径的文献数（全部年份）", "Documents by route (all years)"),
    )
    if retrieval.terms_changed:
        return [
            *blocks,
            page.pick(
                "检索式在判读样本抽取之后有过调整，该样本可能参与了调整；查准率、查全率须以新样本重测，"
                "本期不给出。",
                "The search terms were changed after the labelled sample was drawn, and the sample "
                "may have guided the change: precision and recall wait for a fresh sample.",
            ),
        ]
    claims = [page.claim(key) for key in ("precision", "recall", "near_miss")]
    return blocks + bullets([*(text for text in claims if text), *_readers(page)])


def _reader(page: Page, name: str) -> str:
    return page.pick(*READERS[name]) if name in READERS else md_text(name)


def _readers(page: Page) -> list[str]:
    retrieval = page.study.retrieval
    if retrieval is None:
        return []
    by = _reader(page, retrieval.labelled_by)
    lines = [
        page.pick(
            f"判读者：{by}；“难以判断”的 {count(retrieval.quality.unclear)} 件按不属于计。",
            f"Read by: {by}; {count(retrieval.quality.unclear)} that could not be decided count "
            "as not belonging.",
        )
    ]
    if retrieval.read_twice:
        second = _reader(page, retrieval.second_by)
        kappa = "" if retrieval.kappa is None else f"，κ = {decimal(retrieval.kappa, 2)}"
        lines.append(
            page.pick(
                f"其中 {count(retrieval.read_twice)} 件由{second}再次判读，一致率 "
                f"{percent(retrieval.agreement, 0)}{kappa}。",
                f"{count(retrieval.read_twice)} of them read again ({second}): "
                f"{percent(retrieval.agreement, 0)} agree{kappa.replace('，', ', ')}.",
            )
        )
    if retrieval.quality.recall is None:
        lines.append(
            page.pick(
                "两路检索没有共同命中的相关文献，或有途径未判读，查全率无法估计。",
                "The two routes share no relevant document, or a route has no labels, so recall "
                "cannot be estimated.",
            )
        )
    return lines
