"""What a reader of a corpus must be told of how it was read, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

# Name of a count -> sentence in zh and en; a count of zero says nothing.
_CAVEATS = {
    "left_out_utility_model": (
        "{n}件实用新型未纳入。",
        "{n} utility model(s) were left out.",
    ),
    "left_out_design": (
        "{n}件外观设计未纳入。",
        "{n} design(s) were left out.",
    ),
    "refused": (
        "{n}行记录因缺少必要信息或格式损坏未纳入，逐行原因见随库清单。",
        "{n} row(s) were refused; the reason of each is in the list beside the corpus.",
    ),
    "differing": (
        "{n}条记录与先前同号记录内容不一致，以先读到的为准。",
        "{n} record(s) repeat an id with other content; the one read first stands.",
    ),
    "dates_completed_documents_published": (
        "{n}件文献的公开日只有年份或月份，按该期最后一天计。",
        "{n} document(s) give only a year or month of publication; the last day of it is used.",
    ),
    "dates_given_by_reader": (
        "{n}件文献没有日期，按读入时指定的{given}计。",
        "{n} document(s) have no date; the given {given} is used.",
    ),
    "published_in_future": (
        "{n}件文献的公开日晚于读入日（{day}），保留在库中，但不进入该日及以前的任何时点视图。",
        "{n} document(s) are dated after the day of reading ({day}) and enter no view before.",
    ),
    "events_in_future": (
        "{n}条法律事件的日期晚于读入日，视为预计事件，未记入。",
        "{n} legal event(s) are dated after the day of reading: expected, not recorded.",
    ),
    "events_without_date": (
        "{n}条法律事件只有名称没有日期，未记入事件表。",
        "{n} legal event(s) are named without a date and are not in the table of events.",
    ),
    "places_unassigned": (
        "{n}件专利的地区个数与申请人个数不符，只记给第一申请人。",
        "{n} patent(s) have another number of places than of applicants; the first is used.",
    ),
}


def caveats(counts: Mapping[str, int], *, day: str, given: str = "") -> list[dict[str, str]]:
    """Sentences for the counts that are not zero.

    Parameters
    ----------
    counts : mapping of name to number
        Names without a sentence are passed over.
    day : str
        ISO date of reading.
    given : str
        Date that the reader gave for records without one.
    """
    values = {"day": day, "given": given}
    return [
        {"zh": zh.format(n=counts[name], **values), "en": en.format(n=counts[name], **values)}
        for name, (zh, en) in _CAVEATS.items()
        if counts.get(name)
    ]
