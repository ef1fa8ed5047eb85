"""Why a candidate is new on the list, has moved on it, or has left it: in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foresight.brief.reading import TOP, Change, Reading, Unit
from foresight.brief.since import Since, Then, TopicEvent, listed, open_since, place_of
from foresight.brief.wording import (
    RULES,
    count,
    decimal,
    documents,
    listing,
    pick,
    probability,
    span,
    term,
)

REASONS = {
    "unchanged": ("规则与名次均未变", "rule and rank as before"),
    "rank": ("名次变化超出区间", "rank moved beyond its interval"),
    "rule": ("适用规则改变", "another rule applies"),
    "not_met": ("上期未达入选规则", "did not meet the rules then"),
    "few_documents": ("文献不足以评分", "too few documents for a score"),
    "rank_left": ("名次退出前列", "left the first ranks"),
    "score": ("得分低于全语料主题的中位", "score below the median topic of the corpus"),
    "rules_left": ("不再符合入选规则", "no longer meets the rules"),
    "birth": ("主题新生", "topic born"),
    "split": ("主题分化", "topic split"),
    "merge": ("主题合并", "topic merged"),
    "death": ("主题消亡", "topic died"),
    "absent": ("另一期没有对应单元", "no counterpart in the other run"),
}
YEAR_AGO = {"risen": "up", "fallen": "down", "unchanged": "same", "new": "new"}


@dataclass(frozen=True)
class Move:
    """A candidate now or then, what became of it, and why.

    `unit` is None for a unit that is no more, `then` for one that the earlier run lacked or where
    none was kept; `state` is None where nothing can be compared.
    """

    unit_id: str
    unit: Unit | None
    rule: str | None
    then: Then | None
    state: str | None
    compared_with: str | None
    reason: str | None
    reason_zh: str | None
    reason_en: str | None


def list_moves(reading: Reading, pairs: Sequence[tuple[str, Unit]]) -> list[Move]:
    """Candidates in their order with what became of each, then those that dropped out.

    Parameters
    ----------
    reading : Reading
    pairs : sequence of (rule, unit)
        Of `foresight.brief.candidates.ruled`.
    """
    since = open_since(reading)
    if since is None:
        return [_year_ago(reading, rule, unit) for rule, unit in pairs]
    moves = [_move(since, rule, unit, since.then.get(unit.unit_id)) for rule, unit in pairs]
    now = {unit.unit_id for _, unit in pairs}
    gone = [then for then in since.then.values() if then.rule and then.unit_id not in now]
    gone.sort(
        key=lambda then: (then.rule or "", then.kind != "topic", then.rank or 0, then.unit_id)
    )
    return moves + [_move(since, None, reading.units.get(t.unit_id), t) for t in gone]


def _year_ago(reading: Reading, rule: str, unit: Unit) -> Move:
    """Without a kept run: the rank of a sub-direction a year before, as computed today."""
    change: Change | None = reading.change_of(unit)
    if change is None:
        return Move(unit.unit_id, unit, rule, None, None, None, None, None, None)
    state, was = YEAR_AGO[change.state], change.earlier_rank
    key = {"new": "few_documents", "same": "unchanged"}.get(state, "rank")
    if was is None:
        zh, en = "一年前因文献不足没有得分", "too few documents for a score a year before"
    else:
        zh, en = (_ranks(lang, unit, was) for lang in ("zh", "en"))
    then = reading.study.previous
    return Move(unit.unit_id, unit, rule, None, state, then, key, zh, en)


def _move(since: Since, rule: str | None, unit: Unit | None, then: Then | None) -> Move:
    was_rule = None if then is None else then.rule
    state = listed(rule, was_rule, place_of(unit, then))
    key, event = _reason(since, rule, unit, then, state)
    zh, en = (_words(lang, since, key, rule, unit, then, event) for lang in ("zh", "en"))
    unit_id = unit.unit_id if unit is not None else then.unit_id if then is not None else ""
    kept = since.kept.as_of
    return Move(unit_id, unit, rule, then, state, kept, key, zh, en)


def _reason(
    since: Since, rule: str | None, unit: Unit | None, then: Then | None, state: str | None
) -> tuple[str, TopicEvent | None]:
    """Key of `REASONS`, and the event of the lineage where that is the reason."""
    if then is None and unit is not None:
        event = since.born(unit.unit_id) if unit.kind == "topic" else None
        return ("absent", None) if event is None else (event.fate, event)
    if unit is None and then is not None:
        event = since.ended(then.unit_id) if then.kind == "topic" else None
        return ("absent", None) if event is None else (event.fate, event)
    if state == "new":
        return ("few_documents" if then is not None and then.rank is None else "not_met"), None
    if state == "dropped" and unit is not None:
        if unit.rank is None:
            return "few_documents", None
        if unit.rank <= TOP:  # by rank it would stand in the list
            return "score", None
        left = then is not None and then.rank is not None and then.rank <= TOP
        return ("rank_left" if left else "rules_left"), None
    if then is not None and then.rule != rule:
        return "rule", None
    return ("unchanged" if state == "same" else "rank"), None


def _words(
    lang: str,
    since: Since,
    key: str,
    rule: str | None,
    unit: Unit | None,
    then: Then | None,
    event: TopicEvent | None,
) -> str:
    if event is not None:
        return lineage_words(lang, since, event, born=then is None)
    if unit is None or then is None:
        return pick(lang, *REASONS["absent"])
    if key == "few_documents":
        return pick(
            lang,
            f"文献由 {count(then.n_docs)} 件变为 {documents(unit.n_docs, lang)}，"
            + ("上期不足以评分" if unit.rank is not None else "不足以评分"),
            f"documents from {count(then.n_docs)} to {count(unit.n_docs)}: too few for a score "
            + ("then" if unit.rank is not None else "now"),
        )
    lead = {
        "rule": _rules(lang, then.rule, rule),
        "not_met": pick(lang, "上期未达入选规则", "did not meet the rules then"),
        "rank_left": pick(lang, f"名次退出前 {TOP}", f"rank no longer in the first {TOP}"),
        "score": pick(lang, *REASONS["score"]),
        "rules_left": pick(lang, "不再符合入选规则", "no longer meets the rules"),
    }.get(key)
    parts = [] if lead is None else [lead]
    parts.append(_ranks(lang, unit, then.rank))
    parts.append(_figure(lang, ("得分", "score"), decimal(then.score), decimal(unit.score)))
    if key in {"not_met", "rule", "rules_left"}:
        words = ("增长概率", "P(growth)")
        chances = probability(then.p_growth), probability(unit.p_growth)
        parts.append(_figure(lang, words, *chances))
    return pick(lang, "；", "; ").join(parts)


def _rules(lang: str, was: str | None, now: str | None) -> str:
    then, here = (term(RULES, rule, lang) for rule in (was, now))
    return pick(lang, f"由“{then}”变为“{here}”", f"from ‘{then}’ to ‘{here}’")


def _ranks(lang: str, unit: Unit, was: int | None) -> str:
    bounds = span(count(unit.rank_lo), count(unit.rank_hi), lang)
    now = pick(lang, f"第 {count(unit.rank)}（区间 {bounds}）", f"{count(unit.rank)} ({bounds})")
    if was == unit.rank:
        return pick(lang, f"名次仍为{now}", f"rank still {now}")
    return pick(lang, f"名次由第 {count(was)} 变为{now}", f"rank from {count(was)} to {now}")


def _figure(lang: str, name: tuple[str, str], was: str, now: str) -> str:
    if was == now:
        return pick(lang, f"{name[0]}仍为 {now}", f"{name[1]} still {now}")
    return pick(lang, f"{name[0]}由 {was} 变为 {now}", f"{name[1]} from {was} to {now}")


def lineage_words(lang: str, since: Since, event: TopicEvent, *, born: bool) -> str:
    """What the lineage tells of a topic that only one of the runs has."""
    mark = pick(lang, "“{}”", "‘{}’")
    names = listing([mark.format(since.label(one, lang)) for one in event.others], lang)
    year = "" if event.year is None else str(event.year)
    zh_born = {
        "birth": f"{year}年新形成的主题",
        "split": f"{year}年由{names}分化而来",
        "merge": f"{year}年由{names}合并而成",
        "absent": "上期没有该主题，谱系未载其来源",
    }
    en_born = {
        "birth": f"topic formed in {year}",
        "split": f"split off from {names} in {year}",
        "merge": f"merged from {names} in {year}",
        "absent": "no such topic then; the lineage does not tell where it comes from",
    }
    zh_gone = {
        "split": f"{year}年分化为{names}",
        "merge": f"{year}年并入{names}",
        "death": f"{year}年消亡",
        "absent": "主题已重新划分，本期谱系中没有该主题",
    }
    en_gone = {
        "split": f"split into {names} in {year}",
        "merge": f"merged into {names} in {year}",
        "death": f"topic died in {year}",
        "absent": "topics were formed anew: the lineage of this run does not have it",
    }
    zh, en = (zh_born, en_born) if born else (zh_gone, en_gone)
    return pick(lang, zh[event.fate], en[event.fate])
