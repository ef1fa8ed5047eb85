"""Claims on what has changed since the kept results of an earlier run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from foresight.brief.candidates import ruled
from foresight.brief.claims.model import Claim, claim_of, quoted
from foresight.brief.moves import Move, list_moves
from foresight.brief.reading import Reading
from foresight.brief.since import Placed, Since, TopicEvent
from foresight.brief.wording import KINDS, MOVES, count, date, documents, listing, pick, term

NAMED = 3  # names that the summary page gives of a kind of change; the tables give all
BORN = {
    "birth": ("新形成", "formed"),
    "split": ("由分化产生", "split off"),
    "merge": ("由合并产生", "merged from others"),
    "absent": ("来源未载", "of unknown origin"),
}
ENDED = {
    "split": ("已分化", "split"),
    "merge": ("已并入其他主题", "merged into others"),
    "death": ("已消亡", "died"),
    "absent": ("已重新划分", "formed anew"),
}


def since_claims(reading: Reading, since: Since) -> list[Claim]:
    """Claims of section 2 (documents, topics and ranks) and of section 8 (the list)."""
    return [_documents(reading, since), _moves(reading, since)]


def _documents(reading: Reading, since: Since) -> Claim:
    fresh, gone = since.new_documents, since.gone_documents
    by_kind = fresh["kind"].value_counts()
    n_then, n_now = len(since.kept.documents), len(reading.study.documents)

    def say(lang: str) -> str:
        then = date(since.kept.as_of, lang)
        kinds = [
            pick(lang, f"{term(KINDS, kind, lang)} {count(by_kind[kind])} 件",
                 f"{count(by_kind[kind])} {'patent' if kind == 'patent' else 'paper'}"
                 f"{'' if by_kind[kind] == 1 else 's'}")
            for kind in sorted(by_kind.index)
        ]  # fmt: skip
        inner = listing(kinds, lang)
        new_zh = f"新增 {count(len(fresh))} 件（{inner}）" if kinds else "没有新增"
        new_en = f"{count(len(fresh))} new ({inner})" if kinds else "none new"
        gone_zh = f"，另有 {count(len(gone))} 件不再计入" if gone else ""
        gone_en = f"; {count(len(gone))} no longer counted" if gone else ""
        return pick(
            lang,
            f"与{then}一期相比，本赛道文献由 {count(n_then)} 件变为 {count(n_now)} 件："
            f"{new_zh}{gone_zh}。",
            f"Against the run of {then}, documents went from {count(n_then)} to "
            f"{count(n_now)}: {new_en}{gone_en}.",
        )

    return claim_of(
        "since:documents",
        2,
        say,
        unit_id=reading.study.track.slug,
        value=len(fresh),
        n=n_now,
        unit="documents",
        doc_ids=fresh["doc_id"],
    )


def _moves(reading: Reading, since: Since) -> Claim:
    moves = list_moves(reading, ruled(reading))
    moved = [one for one in since.sub_directions if one.state != "same"]

    def say(lang: str) -> str:
        parts = [
            _topics(lang, since),
            _ranks(lang, since.sub_directions),
            _listed(lang, moves),
        ]
        return pick(lang, "；", "; ").join(part for part in parts if part) + pick(lang, "。", ".")

    ids = {doc for one in moved for doc in one.unit.doc_ids}
    ids |= {doc for move in moves if move.unit and move.state != "same"
            for doc in move.unit.doc_ids}  # fmt: skip
    changed = len(moved) + len(since.born_topics) + len(since.ended_topics)
    return claim_of(
        "since:moves",
        2,
        say,
        unit_id=reading.study.track.slug,
        value=changed,
        n=len(since.sub_directions) + len(reading.study.topics),
        unit="units",
        doc_ids=ids,
    )


def _topics(lang: str, since: Since) -> str:
    born, ended = since.born_topics, since.ended_topics
    if not born and not ended:
        if since.reading.study.topics.empty:
            return ""
        return pick(lang, "技术主题没有增减", "No topic came or went")
    zh, en = [], []
    if born:
        zh.append(f"新增 {count(len(born))} 个（{_events(lang, born, BORN)}）")
        en.append(f"{count(len(born))} new ({_events(lang, born, BORN)})")
    if ended:
        zh.append(f"消失 {count(len(ended))} 个（{_events(lang, ended, ENDED)}）")
        en.append(f"{count(len(ended))} gone ({_events(lang, ended, ENDED)})")
    return pick(lang, "技术主题" + "、".join(zh), "Topics: " + ", ".join(en))


def _events(lang: str, events: Iterable[TopicEvent], words: dict[str, tuple[str, str]]) -> str:
    by_fate = Counter(event.fate for event in events)
    parts = [
        pick(lang, f"{pick(lang, *words[fate])} {count(by_fate[fate])} 个",
             f"{count(by_fate[fate])} {pick(lang, *words[fate])}")
        for fate in words
        if by_fate[fate]
    ]  # fmt: skip
    return listing(parts, lang)


def _ranks(lang: str, places: list[Placed]) -> str:
    if not places:
        return pick(lang, "没有可比的细分方向", "no sub-direction to compare")
    moved = [one for one in places if one.state != "same"]
    if not moved:
        return pick(
            lang,
            f"{count(len(places))} 个可比细分方向的名次变动均未超出当前名次区间",
            f"none of {count(len(places))} sub-directions moved beyond its rank interval",
        )
    parts = []
    for state, words in MOVES.items():
        names = [quoted(one.unit.label(lang), lang) for one in moved if one.state == state]
        if names:
            shown = listing(names[:NAMED], lang)
            more = pick(lang, "等", " and others") if len(names) > NAMED else ""
            parts.append(
                pick(
                    lang,
                    f"{words[0]} {count(len(names))} 个（{shown}{more}）",
                    f"{count(len(names))} {words[1]} ({shown}{more})",
                )
            )
    return pick(lang, "细分方向名次" + "、".join(parts), "sub-directions: " + ", ".join(parts))


def _listed(lang: str, moves: list[Move]) -> str:
    by_state = Counter(move.state for move in moves)
    if not moves:
        return pick(lang, "两期均无攻关候选", "no candidate in either run")
    parts = [
        pick(lang, f"{words[0]} {count(n)} 项", f"{count(n)} {words[1]}")
        for state, words in MOVES.items()
        if (n := by_state[state])
    ]
    return pick(lang, "攻关候选" + "、".join(parts), "candidates: " + ", ".join(parts))


def list_claim(reading: Reading, since: Since) -> Claim:
    """Claim of section 8: how the list differs from that of the kept run."""
    moves = list_moves(reading, ruled(reading))

    def say(lang: str) -> str:
        then, n = date(since.kept.as_of, lang), documents(len(since.new_documents), lang)
        return pick(
            lang,
            f"与{then}一期的清单（{count(len(since.kept.candidates))} 项）相比："
            f"{_listed(lang, moves)}；其间新增 {n}。",
            f"Against the list of {then} ({count(len(since.kept.candidates))} candidates): "
            f"{_listed(lang, moves)}; {n} new since then.",
        )

    return claim_of(
        "since:list",
        8,
        say,
        unit_id=reading.study.track.slug,
        value=sum(1 for move in moves if move.state != "same"),
        n=len(moves),
        unit="candidates",
        doc_ids={doc for move in moves if move.unit for doc in move.unit.doc_ids},
    )
