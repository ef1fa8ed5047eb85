"""Section 11: data and methods."""

from __future__ import annotations

from foresight.brief.escape import md_text
from foresight.brief.scoring import growth_meaning, score_meaning, weights_text
from foresight.brief.sections.blocks import Page, bullets, heading, table
from foresight.brief.sections.retrieval import retrieval_quality
from foresight.brief.wording import count, percent, pick, years
from foresight.emergence.score import LEAST_RECENT

FIELDS = {
    "abstract": ("摘要", "abstract"),
    "references": ("引文", "citations"),
    "classes": ("分类号", "classes"),
    "parties": ("人员", "people"),
    "organisations": ("机构", "organisations"),
    "countries": ("国别", "countries"),
    "families": ("同族", "families"),
    "events": ("法律事件", "legal events"),
}
SETTING_NAMES = {
    "window": ("窗口期（年）", "window (years)"),
    "min_docs": ("评分所需的最少文献数", "fewest documents for a score"),
    "thin_docs": ("佐证薄弱的文献数门槛", "fewest documents not to be thin"),
    "draws": ("重抽样次数", "draws"),
    "seed": ("随机种子", "seed"),
    "encoder": ("文献向量模型", "encoder of documents"),
    "weights": ("分项权重", "weights of components"),
}
FILES = (
    ("scores.csv", "各单元的得分、名次、区间与分项", "scores, ranks, intervals, components"),
    ("stages.csv", "生命周期阶段或无法判定的原因", "life-cycle stages, or why there is none"),
    ("indicators.csv", "各项指标的数值、区间与样本量", "every indicator with interval and n"),
    ("topics.csv", "技术主题及其代表文献", "topics and their representative documents"),
    ("lineage.csv", "主题逐年的延续、分化、合并与消亡", "what became of topics from year to year"),
    ("past_topics.csv", "已不存在的主题", "topics that no longer are"),
    ("topic_years.csv", "主题逐年文献数", "documents of topics by year"),
    ("track_years.csv", "赛道逐年文献数与语料总数", "documents of track and corpus by year"),
    ("claims.csv", "正文各编号论断及其文献号", "the numbered statements with document ids"),
    ("candidates.csv", "攻关清单候选", "candidates"),
    ("branches.csv", "各分支的走向与控制", "course and control of the branches"),
    ("recommendations.csv", "路径规则给出的建议", "recommendations by the rules of the path"),
    ("organisations.csv", "全部机构", "all organisations"),
    ("places.csv", "各国家（地区）的文献", "documents by country or region"),
    ("zhejiang.csv", "各单元涉及浙江的文献", "documents of each unit that involve Zhejiang"),
    ("cities.csv", "各市的规划定位与文献", "cities: role in the policy and documents"),
    ("landmarks.csv", "标志性产品的文献证据", "evidence for landmark products"),
    ("documents.csv", "本赛道全部文献及其检索命中词", "all documents and why they were matched"),
)
REFERENCES = (
    "Andersen (1999), doi:10.1080/09537329908524301",
    "Chao (1987), doi:10.2307/2531532",
    "Hennig (2007), doi:10.1016/j.csda.2006.11.025",
    "Klavans, Boyack & Murdick (2020), doi:10.1371/journal.pone.0239177",
    "Laakso & Taagepera (1979), doi:10.1177/001041407901200101",
    "McCullagh & Nelder (1989), doi:10.1201/9780203753736",
    "Morris (1983), doi:10.1080/01621459.1983.10477920",
    "Nardo et al. (2008), doi:10.1787/9789264043466-en",
    "Spiliopoulou et al. (2006), doi:10.1145/1150402.1150491",
    "Seber (1970), doi:10.2307/2529179",
    "Wilson (1927), doi:10.1080/01621459.1927.10502953",
)
ARRIVALS = (
    (
        "arrivals.csv",
        "随增量数据入库或更新的文献",
        "documents that came or were renewed by deliveries",
    ),
)


def methods(page: Page) -> list[str]:
    """Section 11."""
    study, lang = page.study, page.lang
    blocks = [
        heading(
            2, page.pick("11. 数据、方法、局限与许可", "11. Data, methods, limits and licences")
        )
    ]
    blocks.append(heading(3, page.pick("数据与许可", "Data and licence")))
    blocks += bullets([*_data(page), *(md_text(note) for note in study.corpus.notes[lang])])
    blocks += retrieval_quality(page)
    blocks.append(heading(3, page.pick("方法", "Method")))
    blocks += bullets(_method(page))
    blocks.append(page.pick("参考文献：", "References:"))
    blocks += bullets([md_text(text) for text in REFERENCES])
    if study.caveats:
        blocks.append(heading(3, page.pick("本期说明", "Caveats of this brief")))
        blocks += bullets([md_text(caveat[lang]) for caveat in study.caveats])
    blocks.append(heading(3, page.pick("参数与摘要值", "Settings and digest")))
    values = {**study.settings.as_dict(), "weights": weights_text(study.settings, lang)}
    used = [
        pick(lang, *SETTING_NAMES[name]) + pick(lang, "：", " ") + str(value)
        for name, value in values.items()
    ]
    blocks += bullets(
        [
            page.pick("参数：", "Settings: ") + pick(lang, "；", "; ").join(used),
            page.pick("输入摘要：", "Digest of inputs: ") + f"`{study.digest}`",
            page.pick("语料摘要：", "Digest of the corpus: ") + f"`{study.corpus.digest}`",
        ]
    )
    blocks.append(heading(3, page.pick("配套文件", "Companion files")))
    came = ARRIVALS if len(study.arrivals) else ()
    rows = [[f"`{name}`", pick(lang, zh, en)] for name, zh, en in (*FILES, *came)]
    rows += [[f"`{file.name}`", md_text(pick(lang, file.zh, file.en))] for file in study.exports]
    headers = page.pick("文件,内容", "File,Content").split(",")
    return blocks + table(headers, rows, widths=[3, 8])


def _data(page: Page) -> list[str]:
    card, lang = page.study.corpus, page.lang
    known = [
        f"{pick(lang, *FIELDS[name])} {percent(share, 0)}"
        for name, share in card.fields.items()
        if name in FIELDS
    ]
    filled = pick(lang, "、", ", ").join(known)
    title, licence = md_text(card.title[lang]), md_text(card.licence[lang])
    return [
        page.pick(
            f"语料：{title}，截至 {page.study.last_year}年底（最近一个完整年度）共 "
            f"{count(card.n_docs)} 件文献。",
            f"Corpus: {title}; {count(card.n_docs)} documents to the end of "
            f"{page.study.last_year}, the last complete year.",
        ),
        page.pick(f"许可：{licence}。", f"Licence: {licence}."),
        page.pick(f"字段完备率：{filled}。", f"Share of documents with each field: {filled}."),
    ]


def _method(page: Page) -> list[str]:
    study = page.study
    first, last = page.reading.window
    window = years(first, last, page.lang)
    least = count(study.settings.min_docs)
    zh = [
        "赛道与细分方向：按分类号或中英文关键词检索，宽泛分类号须同时命中关键词方可计入。",
        "技术主题：对标题和摘要作向量表示后聚类，主题名取自最有区分度的词组。",
        (
            f"增长性：{window}占语料份额的泊松回归斜率，向零收缩以抑制小样本波动"
            "（McCullagh & Nelder 1989；Morris 1983）。"
            "另计“趋新度”：最近三年文献的语义在全语料由前两年移向最近一年的方向（费希尔线性判别）"
            "上的平均位置，二者百分位取平均。"
        ),
        (
            "活跃度：文献年龄加一之倒数的均值（Klavans, Boyack & Murdick 2020），"
            "与最近三年文献语义所指向的年份（近十年全语料的线性回归）的百分位平均。"
        ),
        "新颖度：窗口期内出现首见分类号组合的文献所占比例。",
        (
            "参与面：新进入机构的文献占比、新作者（发明人）占比、"
            "有效机构数（Laakso & Taagepera 1979）与国家数的平均。"
        ),
        score_meaning(study.scoring, study.settings, "zh")
        + f"文献少于 {least} 件，或最近三个完整年度不足 {LEAST_RECENT} 件的主题、细分方向不评分。",
        growth_meaning(study.scoring, "zh"),
        (
            "区间：95% 置信区间由文献自助抽样与权重蒙特卡罗抽样联合得出（Nardo 等 2008）；"
            "份额用威尔逊区间（Wilson 1927）。"
        ),
        (
            "生命周期阶段：逻辑斯蒂曲线与龚珀兹曲线择优拟合（Andersen 1999），"
            "饱和值无上界时不判定阶段。"
        ),
        (
            "赛道占比变化：最近三个完整年度与此前三年合并份额之比，折算为年均值；"
            "入选规则见第 8 节，其门槛由编制方设定。"
        ),
    ]
    en = [
        (
            "Tracks and sub-directions: matched by class or by Chinese and English keyword; a "
            "broad class counts only together with a keyword."
        ),
        "Topics: clusters of embedded titles and abstracts, named by their most telling phrases.",
        (
            f"Growth: slope of a Poisson regression of the share over {window}, shrunk towards "
            "zero (McCullagh & Nelder 1989; Morris 1983). Averaged, as percentiles, with newness: "
            "how far the documents of the last three years lie in the direction in which the "
            "meaning of the whole corpus moved from the two years before to the last (Fisher's "
            "discriminant)."
        ),
        (
            "Vitality: mean of 1/(age + 1) of the documents (Klavans, Boyack & Murdick 2020), "
            "averaged, as percentiles, with the year that the meaning of the last three years' "
            "documents points to (regression over ten years of the corpus)."
        ),
        "Novelty: share of the window's documents with a first-ever pair of classes.",
        (
            "Community: mean of the share of documents with new organisations, the share of new "
            "authors or inventors, the effective number of organisations (Laakso & Taagepera 1979) "
            "and the number of countries."
        ),
        score_meaning(study.scoring, study.settings, "en")
        + f" Units with fewer than {least} documents, or fewer than {LEAST_RECENT} in the last "
        "three complete years, have no score.",
        growth_meaning(study.scoring, "en"),
        (
            "Intervals: 95%, from a bootstrap over documents and Monte Carlo draws of weights "
            "(Nardo et al. 2008); shares have Wilson's interval (Wilson 1927)."
        ),
        (
            "Life-cycle stage: the better of a logistic and a Gompertz curve (Andersen 1999); no "
            "stage where saturation is not bounded."
        ),
        (
            "Change of the track's share: pooled share of the last three complete years against "
            "the three before, as a yearly rate. The rules for candidates stand in section 8; "
            "their thresholds are ours."
        ),
    ]
    return zh if page.lang == "zh" else en
