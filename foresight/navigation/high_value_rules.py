"""The rules of `foresight.navigation.high_value`, and the words for their reasons."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from foresight.concordance import class_start
from foresight.indicators.aggregate import check_columns
from foresight.navigation.patent_record import PatentRecord, members_until, years_later
from foresight.navigation.verdicts import NO, UNDECIDED, YES, Rule, both, judge
from foresight.sources.numbers import publication

MAINTAINED = 10  # years after grant that must be exceeded
NOT_ABROAD = ("WO", "IB")  # an international application is no right anywhere
INVENTION = r"[ABCE]\d?"
MINOR = r"utility_model|design|plant|[UYSDP]\d?"

REASONS = {
    "minor_kind": ("实用新型、外观设计或植物专利", "a utility model, design or plant patent"),
    "kind_unknown": ("专利类型不明", "the kind of patent is not known"),
    "not_granted": ("尚未授权", "not granted"),
    "grant_unknown": ("没有授权信息", "no grant on record"),
    "term_over": ("保护期已届满", "the term is over"),
    "not_in_force": ("已失效", "no longer in force"),
    "lapse_or_renewal": ("终止后又续费，是否恢复不明", "renewed after a lapse: perhaps restored"),
    "invalidation": ("有无效决定，结果不明", "a decision on invalidity, outcome not known"),
    "force_unknown": (
        "没有有效性或完整事件记录",
        "neither a status nor a complete record of lapses",
    ),
    "class": ("分类号在表内", "a class is in the table"),
    "no_table": ("未提供战略性新兴产业分类表", "no table of strategic industries given"),
    "no_class": ("没有分类号", "no class on record"),
    "table_incomplete": ("不在替代表内，替代表不完整", "not in the table, which is not complete"),
    "class_elsewhere": ("分类号不在表内", "its classes are not in the table"),
    "member": ("有海外同族", "a family member abroad"),
    "member_not_granted": ("海外同族未见授权", "family members abroad, none known to be granted"),
    "no_member": ("同族均在本局", "no family member abroad"),
    "family_unknown": ("没有同族信息", "no list of family members"),
    "young": ("授权未满十年", "no more than ten years since grant"),
    "kept": ("授权后维持超过十年", "kept more than ten years after grant"),
    "kept_short": ("十年内失效", "lapsed within ten years"),
    "end_unknown": ("是否维持超过十年不明", "how long it was kept is not known"),
    "amount": ("质押金额达到门槛", "pledged for the threshold or more"),
    "amount_unknown": ("有质押，金额不明", "pledged, amount not known"),
    "amount_small": ("质押金额低于门槛或无质押", "no pledge of the threshold or more"),
    "event": ("有获奖记录", "an award on record"),
    "no_event": ("记录完整且无此事件", "none in a record that is complete"),
    "record_incomplete": ("事件记录不完整", "none found, but the record is not known complete"),
}


@dataclass(frozen=True)
class StrategicClasses:
    """A table of the classes of strategic emerging industries.

    Attributes
    ----------
    name : str
        What table it is; stands beside every verdict made with it.
    prefixes : DataFrame
        `industry`, `prefix` (CPC/IPC: H01M, H01M10, H01M10/05; a main group holds its subgroups).
    complete : bool
        Whether a document whose classes are elsewhere is in no such industry.
    """

    name: str
    prefixes: pd.DataFrame
    complete: bool


def judge_valid(case: PatentRecord) -> pd.DataFrame:
    """Verdict on the precondition: an invention patent, granted, in force."""
    kind = case.docs["doc_type"]
    invention = judge(
        case.docs.index,
        Rule(kind.str.fullmatch(MINOR), NO, "minor_kind"),
        Rule(kind.str.fullmatch(INVENTION), YES, ""),
        otherwise=(UNDECIDED, "kind_unknown"),
    )
    parts = [invention, case.granted(), case.in_force()]
    verdict = both(*(part["verdict"] for part in parts))
    why = pd.Series("", index=verdict.index)
    for part in reversed(parts):  # the first part that has the verdict gives the reason
        why = why.mask((part["verdict"] == verdict) & (verdict != YES), part["why"])
    return pd.DataFrame({"verdict": verdict, "why": why})


def judge_strategic(
    docs: pd.DataFrame, classes: pd.DataFrame, table: StrategicClasses | None
) -> pd.DataFrame:
    """Verdict on category 1: a class in the table of strategic industries."""
    rows = classes[classes["scheme"].isin(["cpc", "ipc"]) & classes["doc_id"].isin(docs.index)]
    known = docs.index.isin(rows["doc_id"].unique())
    if table is None:
        return judge(docs.index, otherwise=(UNDECIDED, "no_table"))
    check_columns(table.prefixes, ("industry", "prefix"), "strategic.prefixes")
    starts = tuple(class_start(prefix) for prefix in table.prefixes["prefix"])
    # A stored code may be a main group without its slash.
    codes = pd.Series(rows["code"].unique(), dtype="str")
    whole = codes.where(codes.str.contains("/", regex=False), codes + "/")
    inside = codes[[code.startswith(starts) for code in whole]]
    hits = docs.index.isin(rows.loc[rows["code"].isin(inside), "doc_id"].unique())
    return judge(
        docs.index,
        Rule(hits, YES, "class"),
        Rule(~known, UNDECIDED, "no_class"),
        Rule(table.complete, NO, "class_elsewhere"),
        otherwise=(UNDECIDED, "table_incomplete"),
    )


def judge_overseas(
    case: PatentRecord, members: pd.DataFrame, complete: bool, *, right: bool
) -> pd.DataFrame:
    """Verdict on category 2: a member of the family abroad."""
    docs = case.docs
    rows = members_until(members, case.as_of, case.known_on)
    rows = rows[rows["doc_id"].isin(docs.index)]
    known = rows.loc[rows["known_by"] == "listed", "doc_id"]
    # A list that names the document alone leaves its family id and no row.
    has_lists = docs["office"].isin(docs["office"].reindex(known))
    alone = docs["family_id"].notna() & ~docs.index.isin(rows["doc_id"]) & case.told & has_lists
    listed = docs.index.isin(known) | alone
    numbers = [publication(name) for name in rows["member_id"]]
    stated = [number.office if number else None for number in numbers]
    rows = rows.assign(
        office=rows["office"].fillna(pd.Series(stated, index=rows.index, dtype="str")),
        granted=[bool(number and number.granted) for number in numbers],
    )
    relatives = docs.dropna(subset=["family_id"])[["doc_id", "family_id", "office"]]
    others = docs.assign(granted=case.grant_day.notna())[["family_id", "office", "granted"]]
    pairs = relatives.merge(others, on="family_id", suffixes=("_own", ""))
    near = pd.concat(
        [rows[["doc_id", "office", "granted"]], pairs[["doc_id", "office", "granted"]]]
    )
    home = near["doc_id"].map(docs["office"])
    placed = near["office"].notna() & home.notna() & ~near["office"].isin(NOT_ABROAD)
    abroad = near[placed & (near["office"] != home)]
    granted = docs.index.isin(abroad.loc[abroad["granted"].astype(bool), "doc_id"])
    any_ = docs.index.isin(abroad["doc_id"])
    return judge(
        docs.index,
        Rule(granted if right else any_, YES, "member"),
        Rule(any_ & (not complete), UNDECIDED, "member_not_granted"),
        Rule(listed | complete, NO, "no_member"),
        otherwise=(UNDECIDED, "family_unknown"),
    )


def judge_maintained(case: PatentRecord) -> pd.DataFrame:
    """Verdict on category 3: kept more than ten years after grant."""
    granted, force = case.granted(), case.in_force()
    mark = years_later(case.grant_day, MAINTAINED)
    lapse = case.last("lapse")
    ended = (force["verdict"] == NO) & lapse.notna()
    unsure = (granted["verdict"] != YES) | case.grant_day.isna()
    return judge(
        case.docs.index,
        Rule(granted["verdict"] == NO, NO, "not_granted"),
        Rule(unsure, UNDECIDED, "grant_unknown"),
        Rule(mark >= case.as_of, NO, "young"),
        Rule((force["verdict"] == YES) | (case.last("renewal") > mark), YES, "kept"),
        Rule(ended & (lapse > mark), YES, "kept"),
        Rule(ended, NO, "kept_short"),
        otherwise=(UNDECIDED, "end_unknown"),
    )


def judge_pledged(
    case: PatentRecord, amounts: pd.DataFrame | None, threshold: float | None
) -> pd.DataFrame:
    """Verdict on category 4: pledged for a comparatively high amount."""
    columns = ("doc_id", "date", "amount")
    given = pd.DataFrame(columns=list(columns)) if amounts is None else amounts
    check_columns(given, columns, "pledge_amounts")
    known = given[given["date"] <= case.as_of].dropna(subset=["amount"])
    enough = known[known["amount"] >= threshold] if threshold is not None else known
    pledges = case.events[case.events["event"] == "pledge"]
    pairs = pd.MultiIndex.from_frame(known[["doc_id", "date"]])
    bare = pledges[~pd.MultiIndex.from_frame(pledges[["doc_id", "date"]]).isin(pairs)]
    return judge(
        case.docs.index,
        Rule(case.docs.index.isin(enough["doc_id"]), YES, "amount"),
        Rule(case.docs.index.isin(bare["doc_id"]), UNDECIDED, "amount_unknown"),
        Rule(case.complete("pledge"), NO, "amount_small"),
        otherwise=(UNDECIDED, "record_incomplete"),
    )
