"""A loopback server that speaks the services' formats, and clients that do not really wait."""

import numpy as np
import pytest
from live_server import SERVICES, Server

from foresight.sources.http import Client
from foresight.sources.live.fetch import Fetch
from foresight.sources.live.read import read_pages
from foresight.sources.live.registry import SOURCES
from foresight.tracks import load_registry

TODAY = "2024-06-01"
SINCE = "2020-01-01"


class Clock:
    """A clock that only sleeping moves; it keeps what was slept."""

    def __init__(self):
        self.time, self.slept = 1_700_000_000.0, []

    def sleep(self, seconds):
        assert seconds >= 0
        self.slept.append(seconds)
        self.time += seconds

    def now(self):
        return self.time


@pytest.fixture
def server(monkeypatch):
    running = Server()
    for name, value in running.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield running
    running.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_client(clock):
    """A client of a source that waits on the clock of the test."""
    made = []

    def make(source, **options):
        name = source if isinstance(source, str) else source.name
        live = SOURCES[name]
        client = Client(
            live.service,
            rng=np.random.default_rng(1),
            auth=live.auth(),
            pace=live.pace,
            throttled=live.throttled,
            sleep=clock.sleep,
            clock=clock.now,
            now=clock.now,
            **options,
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of eight records, so that few records make several."""
    for name in SERVICES:
        monkeypatch.setattr(type(SOURCES[name]), "page_size", 8)


@pytest.fixture(scope="session")
def registry():
    return load_registry()


@pytest.fixture
def tracks(registry):
    return [registry.track("zero-magnetic-medicine")]


@pytest.fixture
def one_query(monkeypatch):
    """One search per track, so that pages and records can be counted by hand."""
    for name in SERVICES:
        kind = type(SOURCES[name])
        monkeypatch.setattr(kind, "queries", lambda self, track, q=kind.queries: q(self, track)[:1])


@pytest.fixture
def fetch(tmp_path, make_client, tracks):
    """Fetch from a source into the raw folder of the test, and read it."""

    def run(name, *, folder="raw", some=None, since=SINCE, **options):
        said = []
        Fetch(
            SOURCES[name],
            tmp_path / folder,
            client=lambda: make_client(name, say=said.append),
            since=since,
            today=options.pop("today", TODAY),
            say=said.append,
            **options,
        ).run(some or tracks)
        run.said = said
        return read_pages(SOURCES[name], tmp_path / folder)

    run.said = []
    run.folder = tmp_path / "raw"
    return run
