"""The report on a corpus: what is in it, what is not, and how far it can be trusted."""

from __future__ import annotations

from foresight.brief.escape import md_text
from foresight.brief.report.contents import caption, contents, duplicates, filled_fields
from foresight.brief.report.figures import write_report_figures
from foresight.brief.report.moves import annex, plain_words, reclassification
from foresight.brief.report.retrieval import quality, verdict
from foresight.brief.report.tables import CorpusTables
from foresight.brief.report.words import FIELD_NAMES, FILES
from foresight.brief.sections.blocks import bullets, heading, table
from foresight.brief.wording import (
    check_language,
    count,
    date,
    documents,
    listing,
    pick,
    term,
    years,
)

__all__ = ["CorpusTables", "compose_report", "report_meta", "report_title", "write_report_figures"]

KIND = ("语料报告", "Corpus report")
REFERENCES = (
    "Chao (1987), doi:10.2307/2531532",
    "Przyborowski & Wilenski (1940), doi:10.1093/biomet/31.3-4.313",
    "Seber (1970), doi:10.2307/2529179",
    "Wilson (1927), doi:10.1080/01621459.1927.10502953",
)


def report_title(tables: CorpusTables, lang: str) -> str:
    """Title of the report, plain text; what kind of document it is stands beside it."""
    return tables.card.title[lang]


def report_meta(tables: CorpusTables, lang: str) -> dict[str, str]:
    """Facts of the cover."""
    return {
        "kind": pick(lang, *KIND),
        "as_of": date(tables.as_of, lang),
        "corpus": f"{tables.card.name}, {documents(tables.card.n_docs, lang)}",
        "coverage": years(tables.first_year, tables.last_year, lang),
        "digest": tables.digest[:16],
        "date": tables.as_of,
    }


def compose_report(tables: CorpusTables, *, figures: dict[str, list[str]], lang: str) -> str:
    """Write the report as Markdown.

    Parameters
    ----------
    tables : CorpusTables
    figures : dict of name to paths
        From `write_report_figures`; no image for a name that is not there.
    lang : str
        `zh` or `en`.

    Returns
    -------
    str, pandoc Markdown by the conventions of `foresight.brief.render`
    """
    check_language(lang)
    title = pick(lang, *KIND) + pick(lang, "：", ": ") + report_title(tables, lang)
    blocks = [heading(1, md_text(title))]
    blocks.append(heading(2, pick(lang, "要点", "In short")))
    blocks += bullets(_summary(tables, lang))
    blocks += contents(tables, figures=figures.get("years", []), lang=lang)
    blocks += filled_fields(tables, figures=figures.get("fields", []), lang=lang)
    blocks += duplicates(tables, lang)
    blocks += quality(tables, figures=figures.get("quality", []), lang=lang)
    blocks += reclassification(tables, figures=figures, lang=lang)
    blocks += _closing(tables, lang)
    blocks += annex(tables, figures=figures, lang=lang)
    return "\n\n".join(blocks) + "\n"


def _summary(tables: CorpusTables, lang: str) -> list[str]:
    kinds = tables.composition[tables.composition["group"] == "kind"].set_index("value")["n_docs"]
    patents, papers = (count(kinds.get(kind, 0)) for kind in ("patent", "paper"))
    span = years(tables.first_year, tables.last_year, lang)
    total = count(tables.card.n_docs)
    lines = [
        pick(
            lang,
            f"{total} 件文献（专利 {patents}，论文 {papers}），完整年度 {span}。",
            f"{total} documents (patents {patents}, papers {papers}), complete years {span}.",
        )
    ]
    fields = tables.fields
    absent = [term(FIELD_NAMES, name, lang) for name in fields.loc[fields["share"] == 0, "field"]]
    if absent:
        named = "、".join(absent) if lang == "zh" else listing(absent, lang)
        lines.append(pick(lang, f"完全没有：{named}。", f"Wholly absent: {named}."))
    merged = tables.duplicates[tables.duplicates["step"].isin(["rows", "documents"])]
    joined = count(merged["number"].sum())
    lines.append(
        pick(
            lang, f"建库时合并重复 {joined} 条。", f"Duplicates merged when it was made: {joined}."
        )
    )
    lines.append(
        verdict(tables, lang)
        if len(tables.measured)
        else pick(lang, "查准率、查全率未测。", "Precision and recall: not measured.")
    )
    return [*lines, *plain_words(tables, lang)[:2]]


def _closing(tables: CorpusTables, lang: str) -> list[str]:
    blocks = [heading(2, pick(lang, "6. 方法与配套文件", "6. Method and files"))]
    blocks += bullets(
        [
            pick(
                lang,
                "逐年计数按公开年份；一件文献在对应表一行的一侧只计一次，"
                "不论分类号来自 CPC 还是 IPC。",
                "Years are those of publication. A document counts once on a side of a row, "
                "whichever of CPC and IPC carries the symbol.",
            ),
            pick(
                lang,
                "份额之比的区间：以两段文献之和为条件的二项分布，取威尔逊区间换算"
                "（Przyborowski & Wilenski 1940；Wilson 1927）。",
                "Interval of a ratio of shares: conditional binomial given the documents of both "
                "spans, from Wilson's interval (Przyborowski & Wilenski 1940; Wilson 1927).",
            ),
            pick(
                lang,
                "分类号是供数当日的版本，对较早的时点带有后见之明。",
                "Symbols are those of the day of supply, hindsight for an earlier as-of date.",
            ),
            pick(lang, "语料摘要：", "Digest of the corpus: ") + f"`{tables.card.digest}`",
            pick(lang, "输入摘要：", "Digest of inputs: ") + f"`{tables.digest}`",
        ]
    )
    blocks.append(pick(lang, "参考文献：", "References:"))
    blocks += bullets([md_text(text) for text in REFERENCES])
    rows = [[f"`{name}`", pick(lang, zh, en)] for name, zh, en in FILES]
    heads = pick(lang, "文件,内容", "File,Content").split(",")
    return blocks + table(
        heads, rows, widths=[3, 8], caption=caption(lang, "配套文件", "Companion files")
    )
