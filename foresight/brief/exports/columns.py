"""What each sheet and column of the workbook is, in Chinese and English."""

from __future__ import annotations

COVER = "说明 cover"
UNDESCRIBED = ("（未说明）", "(not described)")

SHEETS = {
    "scores": ("各主题与细分方向的得分、名次、区间与分项", "scores, ranks, intervals, components"),
    "stages": ("生命周期阶段或无法判定的原因", "life-cycle stages, or why there is none"),
    "indicators": ("各项指标的数值、区间与样本量", "every indicator with interval and n"),
    "topics": ("技术主题及其代表文献", "topics and their representative documents"),
    "lineage": ("主题逐年的延续、分化、合并与消亡", "what became of topics from year to year"),
    "past_topics": ("已不存在的主题", "topics that no longer are"),
    "topic_years": ("主题逐年文献数", "documents of topics by year"),
    "track_years": ("赛道逐年文献数与语料总数", "documents of track and corpus by year"),
    "organisations": ("全部机构", "all organisations"),
    "places": ("各国家（地区）的文献", "documents by country or region"),
    "zhejiang": ("各单元涉及浙江的文献", "documents of each unit that involve Zhejiang"),
    "cities": ("各市的规划定位与文献", "cities: role in the policy and documents"),
    "landmarks": ("标志性产品的文献证据", "evidence for landmark products"),
    "documents": ("本赛道全部文献及其命中词", "all documents and why they were matched"),
    "branches": ("各分支的走向与控制", "course and control of the branches"),
    "recommendations": ("专利导航路径规则给出的建议", "recommendations by the rules of the path"),
    "claims": ("简报正文的编号论断及其文献号", "the brief's numbered statements"),
    "candidates": ("攻关清单候选", "candidates for the list of technologies to tackle"),
}
COLUMNS = {
    "before": ("前一年的主题编号", "topic_id in the year before"),
    "born": ("主题首次出现的年份", "year in which the topic first appeared"),
    "candidate_id": ("候选编号", "number of the candidate"),
    "chapter": (
        "路径章节：structure 结构优化、enterprises 企业、talent 人才 等",
        "chapter of the path, such as structure, enterprises, talent",
    ),
    "city_en": ("城市英文名", "name of the city"),
    "city_zh": ("城市", "name of the city, in Chinese"),
    "claim_id": ("论断编号，与正文方括号内一致", "number of the statement, as in the brief's text"),
    "colour": ("主题颜色编号，各期一致", "number of the topic's colour, kept from run to run"),
    "community": (
        "参与面分项，百分位（0–1）；空为缺失",
        "component community, percentile (0 to 1); empty = missing",
    ),
    "compared_with": ("所比较的上一期数据截止日", "as-of date of the run compared with"),
    "composite": (
        "综合得分（0–100）：各分项百分位的等权平均",
        "composite score (0 to 100): mean of the component percentiles",
    ),
    "control": ("其控制力指数", "its control index"),
    "country": ("国家（地区）代码", "code of the country or region"),
    "control_hi": ("控制力指数的 95% 区间上限", "upper end of its 95% interval"),
    "control_lo": ("控制力指数的 95% 区间下限", "lower end of its 95% interval"),
    "control_org": ("控制力指数最高的机构", "organisation with the highest control index"),
    "course": (
        "走向：hot 热点、rising 上升、steady 平稳、fading 回落、undecided 尚不能判断",
        "hot (rising and large), rising, steady, fading or undecided",
    ),
    "course_why": ("无法判定走向的原因", "why the course is undecided"),
    "cr4": ("前四家机构的文献占比（0–1）", "share of the four largest organisations (0 to 1)"),
    "cr4_hi": ("前四家占比的 95% 区间上限", "upper end of the 95% interval of cr4"),
    "cr4_lo": ("前四家占比的 95% 区间下限", "lower end of the 95% interval of cr4"),
    "doc_id": ("文献号", "id of the document"),
    "doc_ids": ("文献号，以分号分隔", "ids of the documents, separated by semicolons"),
    "earlier_n_docs": ("上一期的文献数", "documents in the earlier run"),
    "earlier_p_growth": ("上一期的增长概率", "p_growth in the earlier run"),
    "earlier_rank": ("上一期的名次", "rank in the earlier run"),
    "earlier_rule": ("上一期的入选规则", "rule in the earlier run"),
    "earlier_score": ("上一期的得分", "score in the earlier run"),
    "evidence": ("证据是否充分：enough、thin", "whether the evidence is enough or thin"),
    "family_en": ("标志性产品门类（英文）", "family of landmark products"),
    "family_no": ("标志性产品门类序号", "number of the family in the policy"),
    "family_zh": ("标志性产品门类", "family of landmark products, in Chinese"),
    "fate": (
        "去向：birth 产生、continuation 延续、split 分化、merge 合并、death 消亡",
        "birth, continuation, split, merge or death",
    ),
    "first_year": ("机构在语料中首次出现的年份", "year of its first document in the corpus"),
    "form": (
        "建议的组织形式；空为证据不足",
        "suggested form of organisation; empty where evidence is too thin",
    ),
    "form_why": ("建议形式的依据代码", "key of why"),
    "growth": (
        "增长性分项，百分位（0–1）；空为缺失",
        "component growth, percentile (0 to 1); empty = missing",
    ),
    "held": ("受控程度：由前四家机构文献占比判定", "how far four organisations hold it"),
    "hi": ("95% 区间上限", "upper end of the 95% interval"),
    "indicator": ("指标名称", "name of the indicator"),
    "item_en": ("标志性产品（英文）", "landmark product"),
    "item_zh": ("标志性产品", "landmark product, in Chinese"),
    "kind": ("patent 专利、paper 论文", "patent or paper"),
    "label_en": ("英文名称", "name in English"),
    "label_zh": ("中文名称", "name in Chinese"),
    "label_zh_source": (
        "中文名称来源：documents 文献、glossary 词表、registry 规划、untranslated 未译",
        "where the Chinese name is from: documents, glossary, registry, untranslated",
    ),
    "language": ("文献语言代码", "language code of the document"),
    "last": ("主题存在的最后一年", "last year in which the topic was there"),
    "leaders": (
        "前四家机构，以分号分隔",
        "the four largest organisations, separated by semicolons",
    ),
    "lo": ("95% 区间下限", "lower end of the 95% interval"),
    "match": (
        (
            "规划措辞与赛道的对应：exact 一致、near_synonym 近义、sub_direction 细分方向、"
            "interpreted 推定"
        ),
        "how the policy's wording meets the track: exact, near_synonym, sub_direction, interpreted",
    ),
    "n": ("样本量（件）", "sample size, documents"),
    "n_china": ("涉及中国的文献数", "documents that involve China"),
    "measure": ("数值所指", "what the value is"),
    "n_corpus": ("语料当年文献数", "documents of the corpus in the year"),
    "n_docs": ("文献数", "number of documents"),
    "n_held": ("窗口期内载有机构的文献数", "documents of the window that name an organisation"),
    "n_leaders_local": ("其中属浙江的家数", "how many of them are of Zhejiang"),
    "n_papers": ("论文数", "number of papers"),
    "n_patents": ("专利数", "number of patents"),
    "n_placed": ("载有地点的文献数", "documents with a known place"),
    "n_recent": ("最近三个完整年度的文献数", "documents of the last three complete years"),
    "n_route": ("路线上的文献数", "documents of the route"),
    "n_shared": ("与前一年主题共有的文献数", "documents shared with the topic a year before"),
    "n_zhejiang": (
        "涉及浙江的文献数；空为语料无法判断",
        "documents that involve Zhejiang; empty where the corpus does not tell",
    ),
    "n_zhejiang_orgs": ("浙江文献上的机构数", "organisations on documents of Zhejiang"),
    "n_zhejiang_people": (
        "浙江文献上的发明人（作者）数",
        "inventors or authors on documents of Zhejiang",
    ),
    "new": ("是否近五年新进入", "whether it first appeared within the last five years"),
    "novelty": (
        "新颖度分项，百分位（0–1）；空为缺失",
        "component novelty, percentile (0 to 1); empty = missing",
    ),
    "office": ("专利受理机构代码", "code of the patent office"),
    "org": ("机构名称", "name of the organisation"),
    "p_growth": (
        "今后数年占语料份额年均增长不低于 8% 的概率（0–1）",
        "probability that the share of the corpus grows at least 8 % a year (0 to 1)",
    ),
    "phrase": ("规划原文措辞", "wording of the policy"),
    "published": ("公开日期（年-月-日）", "day on which it became public (year-month-day)"),
    "rank": ("名次，1 为最强，同类单元内", "rank, 1 = strongest, within the kind of unit"),
    "rank_hi": ("名次 95% 区间的末位", "last place of the rank's 95% interval"),
    "rank_lo": ("名次 95% 区间的首位", "first place of the rank's 95% interval"),
    "reason": ("变化原因代码", "key of the reason for the change"),
    "reason_en": ("变化原因（英文）", "reason for the change"),
    "reason_zh": ("变化原因（中文）", "reason for the change, in Chinese"),
    "representatives": (
        "最接近主题中心的文献号，以分号分隔",
        "ids of the documents nearest to the centre, separated by semicolons",
    ),
    "region": ("地区", "region"),
    "role": ("规划定位：key 重点、active 积极", "role in the policy: key or active"),
    "route": (
        "所属路线：main_path 主路径、branch 分支、topic 主题；空为无",
        "main_path, branch or topic; empty where there is none",
    ),
    "route_en": ("路线名称（英文）", "name of the route"),
    "route_id": (
        "路线编号或主路径最新文献号",
        "id of the route, or of the newest document of the main path",
    ),
    "route_zh": ("路线名称（中文）", "name of the route, in Chinese"),
    "routes": (
        "检索途径：class 分类号、keyword 关键词、topic 主题",
        "how it was matched: class, keyword, topic",
    ),
    "rule": ("入选规则 A、B、C，见简报第 8 节", "rule A, B or C, see section 8 of the brief"),
    "score": ("得分（0–100）", "score (0 to 100)"),
    "score_hi": ("得分 95% 区间上限", "upper end of the score's 95% interval"),
    "score_lo": ("得分 95% 区间下限", "lower end of the score's 95% interval"),
    "section": ("所在章节", "section of the brief"),
    "share": ("占载有地点文献的比例（0–1）", "share of the documents with a known place (0 to 1)"),
    "share_of_before": (
        "共有文献占前一年主题的比例（0–1）",
        "shared documents as a share of the earlier topic (0 to 1)",
    ),
    "share_of_topic": (
        "共有文献占本主题的比例（0–1）",
        "shared documents as a share of this topic (0 to 1)",
    ),
    "stage": (
        "生命周期阶段：emerging 萌芽、growing 成长、maturing 成熟、saturated 饱和；空为无法判定",
        "life-cycle stage; empty = cannot be decided",
    ),
    "stage_reason": ("无法判定阶段的原因", "why there is no stage"),
    "state": (
        "与上一期相比：new 新进、up 上升、down 下降、same 持平、dropped 退出；空为无可比对象",
        "against the earlier run: new, up, down, same, dropped; empty where nothing compares",
    ),
    "statement_en": ("英文论断", "the statement in English"),
    "statement_zh": ("中文论断", "the statement in Chinese"),
    "steadiness": (
        "重抽样后主题的稳定度（0–1）",
        "agreement of the topic with refits on resamples (0 to 1)",
    ),
    "steadiness_hi": ("稳定度 95% 区间上限", "upper end of its 95% interval"),
    "steadiness_lo": ("稳定度 95% 区间下限", "lower end of its 95% interval"),
    "sub_direction": ("其文献最多的细分方向", "sub-direction of most of its documents"),
    "sub_directions": ("所属细分方向，以分号分隔", "its sub-directions, separated by semicolons"),
    "subject": ("建议的对象：分支或机构", "what is recommended: a branch or an organisation"),
    "terms": ("命中的分类号与词语，以分号分隔", "classes and words matched, by semicolons"),
    "title": ("标题", "title"),
    "topic_id": ("主题编号", "id of the topic"),
    "unit": ("数值的单位", "unit of the value"),
    "unit_id": ("主题、细分方向或赛道的编号", "id of the topic, sub-direction or track"),
    "unit_kind": ("topic 技术主题、sub_direction 细分方向", "topic or sub_direction"),
    "value": ("数值", "value"),
    "vitality": (
        "活跃度分项，百分位（0–1）；空为缺失",
        "component vitality, percentile (0 to 1); empty = missing",
    ),
    "words_en": ("英文特征词，最有区分度者在前", "telling words in English, most telling first"),
    "words_zh": ("中文特征词，最有区分度者在前", "telling words in Chinese, most telling first"),
    "x": ("主题图上的横向位置，无单位", "position on the topic map, no unit"),
    "y": ("主题图上的纵向位置，无单位", "position on the topic map, no unit"),
    "year": ("年份", "year"),
    "zhejiang": (
        "是否涉及浙江；空为无法判断",
        "whether it involves Zhejiang; empty where it cannot be told",
    ),
    "zhejiang_ids": (
        "浙江文献号，以分号分隔",
        "ids of documents of Zhejiang, separated by semicolons",
    ),
    "zhejiang_orgs": (
        "浙江文献上的机构，以分号分隔",
        "organisations on documents of Zhejiang, separated by semicolons",
    ),
}
# Where a column means something else in one table than in the others.
OF_TABLE = {
    ("past_topics", "n_docs"): ("最后一年的文献数", "documents in its last year"),
    ("topic_years", "n_docs"): ("主题当年文献数", "documents of the topic in the year"),
    ("track_years", "n_docs"): ("赛道当年文献数", "documents of the track in the year"),
    ("branches", "growth"): (
        "占比的年对数增长率，未收缩",
        "yearly log-growth of the share, not shrunk",
    ),
    ("recommendations", "rule"): ("路径规则代号", "id of the rule of the path"),
    ("recommendations", "kind"): ("建议的类别", "kind of the recommendation"),
    ("landmarks", "n_docs"): (
        "提及该产品的文献数；空为无可检索词",
        "documents that name the product; empty where there are no words for it",
    ),
    ("cities", "n_docs"): ("地点在该市的文献数", "documents with a place in the city"),
    ("documents", "year"): ("公开年份", "year in which it became public"),
}


def describe(table: str, column: str) -> tuple[str, str]:
    """What a column is, in Chinese and English; says so where nobody has described it."""
    return OF_TABLE.get((table, column), COLUMNS.get(column, UNDESCRIBED))
