"""From kept pages to tables, for all live sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from foresight.errors import SourceError
from foresight.sources.base import SourceTables
from foresight.sources.live.base import LiveSource
from foresight.sources.live.collector import Collector, RefusedRecordError
from foresight.sources.pages import JOURNAL, PageStore, read_card

NAMED = 3  # tracks that a corpus's title names; of more it gives the number


def read_pages(source: LiveSource, folder: Path, *, today: str | None = None) -> SourceTables:
    """Read the pages of a source in a raw folder.

    Parameters
    ----------
    source : LiveSource
    folder : Path
        `data/raw/<name>`.
    today : str, optional
        ISO date after which `published` lies in the future; default is the day the fetch began.

    Returns
    -------
    SourceTables
        Records of several tracks or pages are taken once. A fetch that is not complete is read as
        far as it went, and a caveat says so.

    Raises
    ------
    SourceError
        If nothing was fetched there, or a page is damaged.
    """
    card = read_card(folder)["sources"].get(source.name)
    if card is None:
        msg = f"{folder} holds nothing from {source.service.title}. Fetch it first."
        raise SourceError(msg)
    origin: dict[str, str] = {}
    bodies = _bodies(folder / source.name, origin)
    tables = read_bodies(source, bodies, today=today or card["started"])
    return SourceTables(
        tables=tables.tables,
        title=_title(source, card),
        licence=source.licence,
        notes=source.notes,
        origin=origin,
        counts=tables.counts,
        caveats=[*_card_caveats(source, card), *tables.caveats],
        report=tables.report,
    )


def read_bodies(
    source: LiveSource, bodies: Iterable[tuple[str, bytes]], *, today: str
) -> SourceTables:
    """Read pages that are at hand.

    Parameters
    ----------
    source : LiveSource
    bodies : iterable of (name, body)
    today : str

    Returns
    -------
    SourceTables
        A page that cannot be read is one refused row; a record that cannot be is another.
    """
    collector = Collector(today=today)
    for name, body in bodies:
        try:
            records = source.records(body) if body else []
        except ValueError as error:
            collector.refuse(file=name, line=None, reason=f"the page cannot be read: {error}")
            continue
        for number, raw in enumerate(records, start=1):
            try:
                record = source.record(raw)
            except RefusedRecordError as error:
                collector.refuse(file=name, line=number, reason=str(error))
                continue
            collector.add(record, file=name, line=number)
    tables = source.finish(collector.tables(), collector.aliases)
    report = collector.report(recognised=source.fields, tables=tables)
    counts = {
        **collector.counts,
        "records_read": collector.rows_in,
        "records_repeated": collector.repeated,
        "records_refused": len(collector.refusals),
    }
    return SourceTables(
        tables, source.title, source.licence, source.notes, {}, counts, collector.caveats(), report
    )


def _bodies(folder: Path, origin: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    for journal in sorted(folder.glob(f"*/{JOURNAL}")):
        store = PageStore(journal.parent)
        track = journal.parent.name
        for name in store.names():
            if name.startswith("page."):
                whole = f"{folder.name}/{track}/{name}"
                origin[whole] = str(store.entry(name)["sha256"])
                yield whole, store.read(name)


def _title(source: LiveSource, card: dict[str, Any]) -> dict[str, str]:
    tracks, names = card["tracks"], card["names"]
    many = {"zh": f"{len(tracks)}个赛道", "en": f"{len(tracks)} tracks"}
    named = {
        language: many[language]
        if len(tracks) > NAMED
        else joint.join(names.get(track, {}).get(language, track) for track in tracks)
        for language, joint in (("zh", "、"), ("en", "; "))
    }
    since, until = card["since"], card["until"]
    return {
        "zh": f"{source.title['zh']}（{named['zh']}，{since}至{until}）",
        "en": f"{source.title['en']} ({named['en']}, {since} to {until})",
    }


def _card_caveats(source: LiveSource, card: dict[str, Any]) -> list[dict[str, str]]:
    """What the fetch itself left out."""
    title, found = source.service.title, []
    if card["done"] != card["tracks"]:
        found.append(
            {
                "zh": f"{title} 的检索尚未完成，仅含已取得的页。",
                "en": f"The fetch from {title} is not complete; only the pages so far are in.",
            }
        )
    searches = card["searches"]
    announced = sum(s["announced"] or 0 for s in searches)
    got = sum(s["got"] for s in searches)
    if card["limit"] is not None and got < announced:
        how = {
            True: {
                "zh": f"各年按同一比例、相关度高者优先取样，检索命中{announced}条，取{got}条",
                "en": f"the same share of each year, most relevant first, {got} of {announced}",
            },
            False: {
                "zh": f"该服务只排序、不筛选，取相关度最高的{got}条；各年数量反映排序而非实际产出",
                "en": f"this service ranks and does not select: the {got} most relevant; yearly "
                "counts reflect the ranking, not the output",
            },
        }[source.boolean]
        found.append(
            {
                "zh": f"{title} 每个赛道限{card['limit']}条：{how['zh']}。",
                "en": f"{title} is limited to {card['limit']} records per track: {how['en']}.",
            }
        )
    expected = [s for s in searches if s["announced"] is not None]
    short = [s for s in expected if s["got"] < min(s["announced"], s["wanted"] or s["announced"])]
    capped = [s for s in expected if card["limit"] is None and (s["wanted"] or 0) > 0
              and s["wanted"] < s["announced"]]  # fmt: skip
    if short:
        lost = sum(min(s["announced"], s["wanted"] or s["announced"]) - s["got"] for s in short)
        found.append(
            {
                "zh": f"{title} 有{len(short)}个检索实际返回的记录比其声明的少，共少{lost}条。",
                "en": f"{title} gave fewer records than it announced in {len(short)} search(es), "
                f"{lost} in all.",
            }
        )
    if capped:
        lost = sum(s["announced"] - s["wanted"] for s in capped)
        found.append(
            {
                "zh": f"{title} 单次检索最多给出{source.most}条，同一日超出的{lost}条无法取得。",
                "en": f"{title} gives at most {source.most} records of a search; {lost} more on "
                "single days cannot be had.",
            }
        )
    return found
