"""Fetching pages: plan, ask, keep; and go on where an earlier run stopped.

Every step is decided by the plan and by the pages that are there, so a run that was killed and
one that was not end with the same files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from foresight.errors import SourceError
from foresight.provenance import read_json, write_json
from foresight.sources.http import Client, LostReplyError, Request
from foresight.sources.live.base import LiveSource, Page, Query, Window
from foresight.sources.live.terms import years
from foresight.sources.pages import CARD, PageStore, only_fetch, read_card, write_card
from foresight.tracks import Track

PLAN = "plan.json"
TURNS = 3  # times that a search is followed from its beginning


@dataclass
class Search:
    """One search in one window: what the service has, what is wanted of it, what came."""

    track: str
    query: Query
    window: Window
    announced: int | None
    wanted: int | None
    got: int = 0

    def summary(self) -> dict[str, Any]:
        """For the card."""
        return {
            "track": self.track,
            "query": self.query.name,
            "since": self.window.since,
            "until": self.window.until,
            "announced": self.announced,
            "wanted": self.wanted,
            "got": self.got,
        }


class Progress:
    """Is told how far a fetch is; this one takes no notice."""

    def count(self, more: int) -> None:
        """Expect `more` totals to be asked for; -1 says that one has come."""

    def expect(self, records: int) -> None:
        """Expect so many records more."""

    def got(self, records: int, *, fetched: bool) -> None:
        """Take so many records as done; `fetched` tells whether they took time."""


class Fetch:
    """One source's fetch into a raw folder.

    Parameters
    ----------
    source : LiveSource
    folder : Path
        `data/raw/<name>`; pages lie in `<source>/<track>` below it.
    client : callable
        Gives the client; called when the first page is really needed, so that a complete fetch can
        be read without key and network.
    since, until : str
        ISO dates; `until` is the day of the first run if it is None.
    limit : int, optional
        Records per track.
    today : str, optional
        ISO date; default is the day in UTC.
    progress : Progress, optional
    say : callable
        Is told, in one line, what a person should know.
    """

    def __init__(
        self,
        source: LiveSource,
        folder: Path,
        *,
        client: Callable[[], Client],
        since: str,
        until: str | None = None,
        limit: int | None = None,
        today: str | None = None,
        progress: Progress | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.source, self.folder, self.since = source, folder, since
        self.limit = limit if limit is not None else source.limit
        self._make_client = client
        self._client: Client | None = None
        self._progress, self._say = progress or Progress(), say
        self.today = today or datetime.now(UTC).date().isoformat()
        self._given_until = until
        self.until = until or self.today
        self._stores: dict[str, PageStore] = {}

    def run(self, tracks: Sequence[Track]) -> None:
        """Fetch what is missing, and write the card.

        Raises
        ------
        SourceError
            If the folder was begun with another plan, or the service does not give what it should.
        SettingsError
            If a key is not set.
        """
        with only_fetch(self.folder):
            queries = self._plan(tracks)
            self._write_card([], tracks, done=False)
            searches = [s for track in tracks for s in self._searches(track, queries[track.slug])]
            self._progress.expect(sum(s.wanted or s.announced or 0 for s in searches))
            for search in searches:
                self._fetch(search)
            self._write_card(searches, tracks, done=True)

    def _plan(self, tracks: Sequence[Track]) -> dict[str, list[Query]]:
        """Agree with the plan that the folder was begun with, or make it."""
        path = self.folder / self.source.name / PLAN
        made = {track.slug: self.source.queries(track) for track in tracks}
        texts = {slug: {query.name: query.text for query in some} for slug, some in made.items()}
        plan: dict[str, Any] = {"since": self.since, "limit": self.limit, "tracks": texts}
        if path.is_file():
            begun = read_json(path)
            wanted = {**plan, "until": self._given_until or begun["until"]}
            differing = [k for k in ("since", "until", "limit") if begun[k] != wanted[k]]
            differing += [s for s, t in texts.items() if begun["tracks"].get(s, t) != t]
            if differing:
                was = {k: begun[k] for k in ("since", "until", "limit")}
                msg = (
                    f"{path.parent} was begun with another plan ({was}); these differ now: "
                    f"{', '.join(differing)}. Give another --name, or remove the folder."
                )
                raise SourceError(msg)
            self.until, self.today = begun["until"], begun["started"]
            plan["tracks"] = {**begun["tracks"], **texts}
        if self.since > self.until:
            msg = f"Nothing lies between {self.since} and {self.until}. Correct --since or --until."
            raise SourceError(msg)
        write_json(path, {**plan, "until": self.until, "started": self.today})
        return made

    def _store(self, track: str) -> PageStore:
        if track not in self._stores:
            self._stores[track] = PageStore(self.folder / self.source.name / track)
            self._stores[track].sweep()
        return self._stores[track]

    def _searches(self, track: Track, queries: list[Query]) -> Iterator[Search]:
        whole = Window(self.since, self.until)
        if self.limit is None:
            self._progress.count(len(queries))
            for query in queries:
                yield from self._cut(track.slug, query, whole)
            return
        totals: list[int | None]
        if self.source.boolean:
            windows = [Window(*year) for year in years(self.since, self.until)]
            cells = [(query, window) for query in queries for window in windows]
            self._progress.count(len(cells))
            counts = [self._count(track.slug, *cell) for cell in cells]
            totals = [*counts]
            shares = proportional(counts, self.limit)
        else:  # a ranking has no totals worth the name: each search gets the same share
            cells = [(query, whole) for query in queries]
            totals = [None] * len(cells)
            shares = equal(len(cells), self.limit)
        for (query, window), total, share in zip(cells, totals, shares, strict=True):
            if share:
                wanted = min(share, self.source.most or share)
                yield Search(track.slug, query, window, total, wanted)

    def _cut(self, track: str, query: Query, window: Window) -> Iterator[Search]:
        """Halve a window until the service gives all of it."""
        most, total = self.source.most, self._count(track, query, window)
        if most is not None and total > most and window.since < window.until:
            self._progress.count(2)
            first, last = date.fromisoformat(window.since), date.fromisoformat(window.until)
            middle = first + (last - first) // 2
            yield from self._cut(track, query, Window(window.since, middle.isoformat()))
            after = (middle + timedelta(days=1)).isoformat()
            yield from self._cut(track, query, Window(after, window.until))
        elif total:
            yield Search(track, query, window, total, most if most and total > most else None)

    def _count(self, track: str, query: Query, window: Window) -> int:
        name = f"count.{query.name}.{window}.{self.source.suffix}.gz"
        request = self.source.count_request(query, window)
        page = self._page(track, name, request, cursor=self.source.start, size=1)[0]
        self._progress.count(-1)
        return page.total or 0

    def _page(
        self, track: str, name: str, request: Request, *, cursor: str, size: int
    ) -> tuple[Page, bool]:
        """Give a page from disk, or ask for it and keep it; and whether it was asked for."""
        store, source = self._store(track), self.source
        fetched = not store.has(name)
        if fetched:
            if self._client is None:
                self._client = self._make_client()
            body = self._client.fetch(
                request,
                check=lambda body: source.page(body, cursor=cursor, size=size),
                none=source.none,
                repeatable=not source.cursor_moves or cursor == source.start,
            )
            store.write(name, body, asked={"path": request.path, "params": dict(request.params)})
        else:
            body = store.read(name)
        if not body:
            return Page(0, (), None), fetched
        try:
            return source.page(body, cursor=cursor, size=size), fetched
        except ValueError as error:
            msg = (
                f"{store.folder / name} is not what this version reads ({error}). Remove "
                f"{store.folder} and run the same command."
            )
            raise SourceError(msg) from error

    def _fetch(self, search: Search) -> None:
        """Follow a search to its end; where its cursor is lost, begin it anew."""
        for turn in range(1, TURNS + 1):
            try:
                self._follow(search)
            except LostReplyError:
                if turn == TURNS:
                    raise
                prefix = f"page.{search.query.name}.{search.window}."
                moved = self._store(search.track).set_aside(prefix)
                self._say(
                    f"{self.source.service.title} no longer knows where we stood in "
                    f"{search.track}, {search.query.name}: {moved} page(s) set aside, begun anew."
                )
                self._progress.got(-search.got, fetched=False)
                search.got = 0
            else:
                return

    def _follow(self, search: Search) -> None:
        """Go from page to page."""
        source, cursor, number = self.source, self.source.start, 0
        cursors, pages = {cursor}, set()
        fetched = True
        while search.wanted is None or search.got < search.wanted:
            number += 1
            left = source.page_size if search.wanted is None else search.wanted - search.got
            size = min(source.page_size, left)
            name = f"page.{search.query.name}.{search.window}.{number:06d}.{source.suffix}.gz"
            if not fetched and source.cursor_moves and not self._store(search.track).has(name):
                msg = "The cursor of an earlier run cannot be trusted: it moves when it is used."
                raise LostReplyError(msg)
            request = source.request(search.query, search.window, cursor=cursor, size=size)
            page, fetched = self._page(search.track, name, request, cursor=cursor, size=size)
            search.announced = max(search.announced or 0, page.total or 0)
            again = page.next in cursors and not source.cursor_repeats
            if page.ids and (page.ids in pages or again):
                what = "the page" if page.ids in pages else f"the cursor {page.next!r}"
                msg = (
                    f"{source.service.title} gives {what} a second time (page {number} of "
                    f"{search.track}, {search.query.name}, {search.window}): following it would "
                    f"never end. {search.got} of {search.announced} record(s) of this search are "
                    f"kept. Remove {self._store(search.track).folder} and run the same command; "
                    "if it happens again, narrow --since."
                )
                raise SourceError(msg)
            pages.add(page.ids)
            search.got += len(page.ids)
            self._progress.got(len(page.ids), fetched=fetched)
            if page.next is None or not page.ids:
                return
            cursors.add(page.next)
            cursor = page.next

    def _write_card(
        self, searches: Sequence[Search], tracks: Sequence[Track], *, done: bool
    ) -> None:
        source, ours = self.source, {track.slug for track in tracks}
        path = self.folder / CARD
        cards: dict[str, Any] = read_card(self.folder)["sources"] if path.is_file() else {}
        old: dict[str, Any] = cards.get(source.name, {})
        finished = set(old.get("done", [])) - ours | (ours if done else set())
        before: list[dict[str, Any]] = old.get("searches", [])
        kept = [search for search in before if search["track"] not in ours]
        card = {
            "name": source.name,
            "title": source.service.title,
            "address": source.service.base_url or None,
            "licence": dict(source.licence),
            "since": self.since,
            "until": self.until,
            "started": self.today,
            "limit": self.limit,
            "tracks": sorted(read_json(self.folder / source.name / PLAN)["tracks"]),
            "names": {
                **old.get("names", {}),
                **{track.slug: {"zh": track.name_zh, "en": track.name_en} for track in tracks},
            },
            "done": sorted(finished),
            "searches": sorted(
                [*kept, *(search.summary() for search in searches)],
                key=lambda s: (s["track"], s["query"], s["since"]),
            ),
        }
        write_card(self.folder, card)


def proportional(totals: Sequence[int], limit: int) -> list[int]:
    """Share out `limit` records in proportion to totals, by largest remainders.

    Every part gets the same share of its total, so the course over the years is kept.

    >>> proportional([10, 20, 70], 10), proportional([3, 4], 10)
    ([1, 2, 7], [3, 4])
    """
    whole = sum(totals)
    if whole <= limit:
        return list(totals)
    shares = [total * limit // whole for total in totals]
    rest = sorted(range(len(totals)), key=lambda i: (-(totals[i] * limit % whole), i))
    for place in rest[: limit - sum(shares)]:
        shares[place] += 1
    return shares


def equal(parts: int, limit: int) -> list[int]:
    """Share out `limit` records evenly; the first parts get one more.

    >>> equal(3, 10)
    [4, 3, 3]
    """
    return [limit // parts + (place < limit % parts) for place in range(parts)] if parts else []
