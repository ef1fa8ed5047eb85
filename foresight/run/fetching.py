"""`foresight fetch`: from live services to a corpus, with progress, going on where it stopped."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import numpy as np
from tqdm import tqdm

from foresight.corpus.store import Corpus, check_name, write_corpus
from foresight.errors import SettingsError
from foresight.settings import raw_dir
from foresight.sources.http import Client
from foresight.sources.live.base import LiveSource
from foresight.sources.live.fetch import Fetch, Progress
from foresight.sources.live.read import read_pages
from foresight.sources.live.registry import WITHOUT_KEY, live_source
from foresight.tracks import Track

PAPERS = "papers"
PAPERS_SINCE = "2015-01-01"
PAPERS_LIMIT = 1000  # per track and service, so up to 3,000 a track
RESERVED = ("sample",)


class Bar(Progress):
    """Progress bars: one for the totals, one for the records; pages on disk count as no time.

    Parameters
    ----------
    label : str
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar = tqdm(total=0, desc=f"{label}, totals", unit=" searches", file=sys.stderr)

    def count(self, more: int) -> None:
        """Expect `more` totals to be asked for; -1 says that one has come."""
        if more > 0:
            self._bar.total += more
        else:
            self._bar.update(-more)

    def expect(self, records: int) -> None:
        """Expect so many records: the totals are there."""
        self._bar.close()
        self._bar = tqdm(
            total=records, desc=self._label, unit=" records", file=sys.stderr, smoothing=0.1
        )

    def got(self, records: int, *, fetched: bool) -> None:
        """Take so many records as done."""
        if fetched:
            self._bar.update(records)
        else:
            self._bar.initial += records
            self._bar.n += records
            self._bar.refresh()

    def say(self, text: str) -> None:
        """Write a line above the bar."""
        self._bar.write(text, file=sys.stderr)

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.total = max(self._bar.total, self._bar.n)
        self._bar.close()


def first_day(text: str) -> str:
    """Read --since: a year or an ISO date.

    Raises
    ------
    SettingsError
    """
    return _day(text, "--since", "-01-01")


def last_day(text: str) -> str:
    """Read --until: a year or an ISO date.

    Raises
    ------
    SettingsError
    """
    return _day(text, "--until", "-12-31")


def _day(text: str, option: str, rest: str) -> str:
    whole = text + rest if re.fullmatch(r"\d{4}", text) else text
    try:
        return date.fromisoformat(whole).isoformat()
    except ValueError as error:
        msg = f"{option} takes a year or a date such as 2015 or 2015-06-30, got {text!r}."
        raise SettingsError(msg) from error


def make_client(source: LiveSource, *, say: Callable[[str], None]) -> Client:
    """The client of a source, with its key and its manners.

    Raises
    ------
    SettingsError
        If a key is not set.
    """
    return Client(
        source.service,
        rng=np.random.default_rng(),
        auth=source.auth(),
        pace=source.pace,
        throttled=source.throttled,
        say=say,
    )


def fetch_source(
    source_name: str,
    *,
    tracks: Sequence[Track],
    raw_name: str,
    corpus_name: str,
    since: str,
    until: str | None = None,
    limit: int | None = None,
) -> Corpus:
    """Fetch the pages of one service that are missing, and write the corpus of all its pages.

    Parameters
    ----------
    source_name : str
        See `foresight.sources.live.registry`.
    tracks : sequence of Track
    raw_name, corpus_name : str
        Folder of the pages below `data/raw`, and name of the corpus.
    since, until : str
        ISO dates.
    limit : int, optional
        Records per track.

    Returns
    -------
    Corpus

    Raises
    ------
    SettingsError, SourceError, CorpusError, TableError
    """
    source = live_source(source_name)
    for name in (raw_name, corpus_name):
        check_name(name)
        if name in RESERVED:
            msg = f"`{name}` is the name of the default corpus. Give yours another --name."
            raise SettingsError(msg)
    folder = raw_dir() / raw_name
    bar = Bar(source.service.title)
    clients: list[Client] = []

    def client() -> Client:
        clients.append(make_client(source, say=bar.say))
        return clients[-1]

    try:
        Fetch(
            source,
            folder,
            client=client,
            since=since,
            until=until,
            limit=limit,
            today=datetime.now(UTC).date().isoformat(),
            progress=bar,
            say=bar.say,
        ).run(list(tracks))
    finally:
        bar.close()
        for made in clients:
            made.close()
    return write_corpus(read_pages(source, folder), name=corpus_name)


def fetch_papers(
    *, tracks: Sequence[Track], name: str, since: str, until: str | None, limit: int | None
) -> list[Corpus]:
    """Fetch papers from every service that needs no key: corpora `<name>-arxiv` and so on.

    Returns
    -------
    list of Corpus
        One per service; `foresight corpus merge` joins them.

    Raises
    ------
    SettingsError, SourceError, CorpusError, TableError
    """
    return [
        fetch_source(
            source,
            tracks=tracks,
            raw_name=name,
            corpus_name=f"{name}-{source}",
            since=since,
            until=until,
            limit=PAPERS_LIMIT if limit is None else limit,
        )
        for source in WITHOUT_KEY
    ]
