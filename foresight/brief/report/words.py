"""Names of fields, steps and states in a corpus report."""

from __future__ import annotations

FIELD_NAMES = {
    "abstract": ("摘要", "abstract"),
    "language": ("语种", "language"),
    "filed": ("申请日", "filing date"),
    "priority": ("优先权日", "priority date"),
    "granted": ("授权日", "date of grant"),
    "office": ("受理局", "office"),
    "family_id": ("同族号", "family"),
    "doc_type": ("文献类型", "type of document"),
    "status": ("法律状态", "legal status"),
    "venue": ("期刊或会议", "journal or conference"),
    "class_symbols": ("CPC/IPC 分类号", "CPC/IPC symbols"),
    "keywords": ("关键词或主题", "keywords or topics"),
    "references": ("引文", "citations"),
    "persons": ("作者或发明人", "authors or inventors"),
    "organisations": ("机构", "organisations"),
    "countries": ("国别", "countries"),
    "regions": ("省州", "provinces or states"),
    "events": ("法律事件", "legal events"),
}
GROUP_NAMES = {
    "office": ("受理局", "Office"),
    "language": ("语种", "Language"),
    "source": ("来源", "Source"),
    "doc_type": ("文献类型", "Type"),
}
TABLE_NAMES = {
    "documents": ("文献", "documents"),
    "references": ("引文", "citations"),
    "classes": ("分类号", "classes"),
    "parties": ("人员与机构", "people and organisations"),
    "events": ("法律事件", "legal events"),
}
RULE_NAMES = {
    "same_id": ("编号相同", "same id"),
    "doi": ("DOI 或 arXiv 号相同", "same DOI or arXiv id"),
    "source_id": ("来源库记录号相同", "same number in a service"),
    "publication_number": ("公开号相同", "same publication number"),
    "number_without_kind": (
        "公开号相同（一方未注明文献种类）",
        "same publication number, one without kind",
    ),
    "application_and_grant": (
        "同一申请的公开与授权",
        "application and grant of one number",
    ),
    "family": ("同族", "same family"),
    "same_filing": (
        "申请日、名称、第一发明人相同",
        "same filing day, title and first inventor",
    ),
    "title_year_name": (
        "题名、年份、第一作者（发明人）相同",
        "same title, year and first author or inventor",
    ),
}
COUNT_NAMES = {
    "rows_in": ("来源记录", "rows of the source"),
    "rows_refused": ("未纳入的记录", "rows refused"),
    "withdrawn": ("授权前撤回，不分析", "withdrawn before issue, not analysed"),
    "left_out_utility_model": ("未纳入的实用新型", "utility models left out"),
    "left_out_design": ("未纳入的外观设计", "designs left out"),
    "published_in_future": ("公开日晚于读入日", "dated after the day of reading"),
    "titles_left_ambiguous": ("题名相同、无法确定而未合并", "titles left apart as ambiguous"),
}
STATE_NAMES = {
    "retagged": ("已回溯改标", "re-tagged throughout"),
    "handed_over": ("新旧号交接", "handed over"),
    "mixed": ("新旧号并存", "side by side"),
    "behind": ("语料始于移号之后", "corpus begins after the move"),
    "beside": ("移号在后，但已见新号", "move lies ahead, new symbols seen"),
    "ahead": ("移号在后，仅见旧号", "move lies ahead, old symbols only"),
    "in_place": ("组内重编", "re-organised in place"),
    "empty": ("无文献", "no document"),
}
STATE_MEANINGS = {
    "retagged": (
        "移号前的文献也已改标新号，旧号序列为空，新号单独即为完整序列",
        "documents from before the move carry the new symbols; these alone give the whole series",
    ),
    "handed_over": (
        "旧号随移号中止、新号随之开始，只有新旧合并的序列是完整的",
        "old symbols end and new ones begin with the move; only both together give the series",
    ),
    "mixed": (
        "移号前后新旧号都有，单独用任一侧都会漏",
        "old and new symbols on both sides of the move; either alone misses documents",
    ),
    "behind": ("没有移号之前的文献", "no document from before the move"),
    "beside": (
        "语料没有移号之后的完整年度；部分文献已标新号，新旧号并存",
        "no complete year after the move; some documents carry new symbols beside the old",
    ),
    "ahead": (
        "语料没有移号之后的完整年度，也没有文献带新号，无从检验",
        "no complete year after the move and no new symbol; nothing can be tested",
    ),
    "in_place": (
        "新号包含旧号，按上位号检索，无从区分前后",
        "the new symbols hold the old ones; before and after cannot be told apart",
    ),
    "empty": ("语料中没有带这些分类号的文献", "no document carries the symbols"),
}
FILES = (
    ("composition.csv", "按种类、受理局、语种、来源、类型的文献数", "documents by group"),
    ("years.csv", "逐年文献数", "documents by year"),
    ("fields.csv", "各字段的完备率", "share of documents with each field"),
    ("field_years.csv", "各字段逐年完备率", "the same by year"),
    ("duplicates.csv", "合并与重复的计数", "what was merged, what may still be double"),
    ("quality.csv", "各赛道的检索质量", "quality of retrieval by track"),
    ("moves.csv", "每一行分类号对应关系的情况", "every row of the concordance"),
    ("moved_years.csv", "每一行逐年的旧号、新号、任一文献数", "its documents by year"),
)
