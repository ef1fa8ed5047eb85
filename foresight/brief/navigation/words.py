"""Names of levels, views, indicators, verdicts, reasons and rules; how figures read."""

from __future__ import annotations

from typing import Any

from foresight.brief.wording import (
    ABSENT,
    COUNTRIES,
    bracketed,
    count,
    decimal,
    growth_texts,
    missing,
    pick,
    small_percent,
    term,
    with_interval,
)

Words = dict[str, tuple[str, str]]

LEVELS: Words = {
    "world": ("全球", "World"),
    "country": ("全国", "China"),
    "province": ("全省", "Province"),
    "city": ("城市", "City"),
}
VIEWS: Words = {
    "structure": ("产业结构", "Structure"),
    "enterprises": ("企业创新", "Organisations"),
    "technology": ("技术创新", "Technology"),
    "talent": ("人才", "People"),
    "operation": ("专利运营", "Operation"),
}
INDICATORS: Words = {
    "branch_share": ("分支占比（近五年）", "share of the branch, five years"),
    "rta": ("专业化指数 RTA", "specialisation, RTA"),
    "organisations": ("机构数", "organisations"),
    "newcomer_share": ("近五年新进入者占比", "share of newcomers, five years"),
    "cr4": ("集中度 CR4", "CR4"),
    "cr10": ("集中度 CR10", "CR10"),
    "hhi": ("赫芬达尔指数 HHI", "HHI"),
    "documents": ("专利族数", "patent families"),
    "share_of_world": ("占全球份额", "share of the world"),
    "growth": ("占语料份额年均变化", "share of the corpus, yearly change"),
    "citation_percentile": ("被引百分位（均值）", "citation percentile, mean"),
    "novel_share": ("新组合占比（近五年）", "share with a new combination, five years"),
    "high_value_share": ("高价值发明专利占比", "share of high-value patents"),
    "inventors": ("发明人姓名数", "names of inventors"),
    "inventors_placed": ("地点在本级的发明人姓名数", "names of inventors placed there"),
    "inventors_per_document": ("每件发明人数（近五年）", "inventors per patent, five years"),
    "transfers": ("每件有效专利转让次数", "transfers per valid patent"),
    "licences": ("每件有效专利许可次数", "licences per valid patent"),
    "pledges": ("每件有效专利质押次数", "pledges per valid patent"),
    "litigation": ("每件有效专利诉讼次数", "law suits per valid patent"),
}
SHARES = frozenset(
    "branch_share newcomer_share cr4 cr10 share_of_world novel_share high_value_share share "
    "recent_share".split()
)
COUNTS = frozenset(
    "organisations documents inventors inventors_placed n_docs groups_joined n_abroad "
    "small_organisations".split()
)
DIGITS = {"rta": 2, "hhi": 3, "citation_percentile": 1, "inventors_per_document": 2,
          "relatedness_density": 1, "control_index": 2, "neighbours_against_expected": 2,
          "transfers": 3, "licences": 3, "pledges": 3, "litigation": 3}  # fmt: skip
COURSES: Words = {
    "hot": ("热点（上升且体量大）", "hot (rising and large)"),
    "rising": ("上升", "rising"),
    "steady": ("平稳", "steady"),
    "fading": ("回落", "fading"),
    "undecided": ("尚不能判断", "undecided"),
}
VERDICTS: Words = {
    "strength": ("优势", "strength"),
    "gap": ("差距", "gap"),
    "above": ("高于", "above"),
    "below": ("低于", "below"),
}
AGAINST_ONE: Words = {
    "above": ("高于各地平均", "above the average of all regions"),
    "below": ("低于各地平均", "below the average of all regions"),
    "level": ("与各地平均无法区分", "not told from the average of all regions"),
}
EVIDENCE: Words = {
    "thin": ("证据薄", "thin"),
    "enough": ("足够", "enough"),
    "none": ("无", "none"),
}
REASONS: Words = {
    "level_not_known": ("地点不明", "places not known"),
    "no_recent_documents": ("近五年无文献", "no document in five years"),
    "corpus_without_year": (
        "语料在窗口内有年份没有专利",
        "the corpus lacks a year of the window",
    ),
    "few_documents": ("文献太少", "too few documents"),
    "not_known": ("没有可用数据", "no data to tell it"),
    "not_known_of_recent": ("近五年文献没有可用数据", "no data of recent documents"),
    "no_valid_patent_decided": ("无可判定的有效专利", "no valid patent decided"),
    "no_organisation_named": ("未载机构", "no organisation named"),
    "no_document_in_window": ("近五年无文献", "no document in five years"),
    "no_inventor_named": ("未载发明人", "no inventor named"),
    "no_inventor_placed_here": ("没有地点在本级的发明人", "no inventor placed there"),
    "no_events": ("语料无此类法律事件", "no such event in the corpus"),
    "validity_unknown": ("有效性不明", "validity not known"),
    "no_valid_patents": ("无有效专利", "no valid patent"),
    "no_documents": ("无文献", "no document"),
    "small_n": ("一方不足 10 件", "fewer than 10 on one side"),
    "intervals_meet": ("区间相交", "intervals meet"),
    "wide": ("区间过宽", "interval too wide"),
    "no_core": ("没有可判定的核心专利", "no core patent could be told"),
    "no_citations_inside": ("分支内没有他人引用", "no citation from others inside the branch"),
    "not_met": ("条件未满足", "condition not met"),
    "no_evidence": ("没有文献支持", "no document behind it"),
    "no_table": ("缺少所需数据", "data are lacking"),
    "undecided": ("无法判断", "undecided"),
    "not_in_gaps": ("未作比较", "not compared"),
    "no_place": ("没有文献载有地点", "no document states a place"),
    "no_reference": (
        "没有一个地区有足够的文献作参照",
        "no region has enough documents to refer to",
    ),
    "nothing_listed": ("规划未列", "nothing listed"),
    "no_document_anywhere": ("清单内赛道无文献", "no document in the listed tracks"),
    "interval_holds_one": ("区间含 1", "interval holds one"),
    "nearness_unsure": ("邻近程度不确定", "nearness unsure"),
    "not_near": ("与已有基础不邻近", "not near to what it has"),
    "neither_complex_nor_listed": ("复杂度不高且规划未列", "neither complex nor listed"),
    "near_to_no_other": ("与其他赛道均不邻近", "near to no other track"),
}
INPUTS: Words = {
    "gaps": ("优势与差距", "strengths and gaps"),
    "directions": ("分支走向", "courses"),
    "niches": ("关联密度", "relatedness density"),
    "regions": ("地点", "places"),
    "organisations": ("机构", "organisations"),
    "people": ("人才", "people"),
    "control": ("控制指数", "control index"),
    "white_space": ("技术功效矩阵", "matrix of technology and effect"),
}
STATES: Words = {
    "recommended": ("建议关注", "recommended"),
    "undecided": ("尚不能判断", "undecided"),
    "passed_over": ("不建议", "passed over"),
    "silent": ("文献太少，不作判断", "too few documents to judge"),
    "speciality": ("已专业化", "a speciality already"),
    "above": ("RTA 高于 1，区间含 1", "RTA above 1, its interval holds 1"),
}
AGREEMENT: Words = {
    "agrees": ("与规划一致", "agrees with the plan"),
    "differs": ("与规划不一致", "differs from the plan"),
    "undecided": ("尚不能判断", "undecided"),
}
CRITERIA: Words = {
    "high_value": ("高价值发明专利（任一类）", "High value, any category"),
    "strategic": ("战略性新兴产业", "Strategic emerging industry"),
    "overseas": ("海外有同族专利权", "Granted family member abroad"),
    "maintained": ("授权后维持超过十年", "Kept over ten years after grant"),
    "pledged": ("质押融资金额较高", "High pledge"),
    "awarded": ("获国家科技奖或中国专利奖", "Award"),
}
KINDS: Words = {
    "university": ("高校", "university"),
    "hospital": ("医院", "hospital"),
    "company": ("企业", "company"),
    "institute": ("科研院所", "institute"),
    "government": ("政府机构", "government"),
    "unknown": ("类型不明", "kind not told"),
}
LISTS: Words = {
    "prolific": ("高产", "prolific"),
    "rising": ("上升", "rising"),
    "bridging": ("桥梁", "bridging"),
    "moved_abroad": ("由国内到国外", "moved abroad"),
    "moved_home": ("由国外到国内", "moved home"),
    "strong": ("强", "strong"),
}
CHAPTERS: Words = {
    "structure": ("结构优化", "Structure"),
    "enterprises": ("企业培育、引进与整合", "Organisations to grow, bring in or join"),
    "talent": ("人才培养与引进", "People to develop and bring in"),
    "technology": ("技术创新与协同", "Technology and cooperation"),
    "layout": ("专利布局与运营", "Patent layout and operation"),
}
ACTIONS: Words = {
    "S1": ("巩固分支“{it}”", "Strengthen the branch ‘{it}’"),
    "S2": ("补齐分支“{it}”", "Fill the branch ‘{it}’"),
    "S3": ("复核分支“{it}”的投入", "Review what goes into the branch ‘{it}’"),
    "S4": ("{region}可培育本赛道", "{region} may grow this track"),
    "S5": ("{region}可作本赛道的承载地", "{region} may carry this track"),
    "O1": ("培育 {it}", "Foster {it}"),
    "O4": ("以 {it} 为依托", "Build on {it}"),
    "O2": ("可接洽引进 {it}", "Approach {it}"),
    "O3": ("推动本地小机构协同：{it}", "Bring small local organisations together: {it}"),
    "P1": ("培养 {it}", "Develop {it}"),
    "P2": ("可接洽 {it}", "Approach {it}"),
    "P3": ("可联系 {it}", "Contact {it}"),
    "T1": ("可牵头协同 {it}", "Have {it} lead cooperation"),
    "T2": ("可探索空白点：{it}", "Explore the white space: {it}"),
    "T3": ("可合作研发 {it}", "Cooperate with {it}"),
    "L1": ("防范权利集中于 {it}", "Guard against {it}"),
    "L2": ("在空白点布局：{it}", "File in the white space: {it}"),
    "L3": ("提升高价值发明专利占比", "Raise the share of high-value patents"),
    "L4": ("加强专利运营：{it}", "Operate more: {it}"),
}
MEASURES: Words = {
    "branch_share": ("占本区域近五年文献", "share of the region's documents of five years"),
    "relatedness_density": ("关联密度（0–100）", "relatedness density, 0 to 100"),
    "share": ("占该方向文献", "share of the unit's documents"),
    "recent_share": (
        "其该方向文献中近三年占",
        "share of the last three years in the documents of the unit",
    ),
    "small_organisations": ("小机构数", "small organisations"),
    "n_docs": ("该方向文献数", "documents in the unit"),
    "groups_joined": ("连接的合作群体数", "groups that the person joins"),
    "n_abroad": ("地点在国外的文献数", "documents placed abroad"),
    "neighbours_against_expected": (
        "相邻单元文献数与期望之比",
        "documents of the neighbours over those expected",
    ),
    "control_index": ("控制指数", "control index"),
}


def say(words: Words, key: Any, lang: str) -> str:
    """Words for a key; the key itself where there are none."""
    if missing(key):
        return ABSENT
    pair = words.get(str(key))
    return str(key) if pair is None else pick(lang, *pair)


def reason(text: Any, lang: str) -> str:
    """A reason in words; one about the other side of a comparison says so."""
    if missing(text):
        return ""
    side, mark, key = str(text).partition(":")
    if mark and side == "reference":
        return pick(lang, "参照方", "reference: ") + say(REASONS, key, lang)
    return say(REASONS, str(text), lang)


def figure_texts(name: str, value: Any, lo: Any, hi: Any) -> tuple[str, str, str]:
    """Value and bounds of an indicator in words."""
    if name == "growth":
        return growth_texts(value, lo, hi)
    parts = (value, lo, hi)
    if name in SHARES:
        one, two, three = (small_percent(part) for part in parts)
    elif name in COUNTS:
        one = count(value)
        two, three = (decimal(part, 0) for part in parts[1:])
    else:
        one, two, three = (decimal(part, DIGITS.get(name, 2)) for part in parts)
    return one, two, three


def figure_cell(name: str, value: Any, lo: Any, hi: Any, lang: str) -> str:
    """An indicator with its interval, as a cell of a table."""
    return bracketed(*figure_texts(name, value, lo, hi), lang)


def figure_prose(name: str, value: Any, lo: Any, hi: Any, lang: str) -> str:
    """An indicator with its interval, in prose; without one where there is none."""
    texts = figure_texts(name, value, lo, hi)
    return texts[0] if ABSENT in texts[1:] else with_interval(*texts, lang)


def region_name(region: str, lang: str) -> str:
    """Name of a country or state, as `US-CA`; the name itself of a place in Zhejiang."""
    country, mark, state = region.partition("-")
    name = term(COUNTRIES, country, lang)
    if mark:
        return pick(lang, f"{name} {state}", f"{name}, {state}")
    # What names a region counts there: the country keeps what names none.
    return name if country not in SPLIT else pick(lang, f"{name}（未注明）", f"{name}, not told")


SPLIT = ("CN", "US")
FIELDS: Words = {
    "abstract": ("摘要", "Abstract"),
    "classes": ("分类号", "Classes"),
    "organisations": ("机构", "Organisations"),
    "parties": ("发明人、申请人", "Inventors, applicants"),
    "countries": ("国别", "Country"),
    "references": ("引文", "References"),
    "families": ("同族", "Families"),
    "events": ("法律事件", "Legal events"),
}
