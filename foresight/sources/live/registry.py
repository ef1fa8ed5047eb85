"""Live services by name."""

from __future__ import annotations

from difflib import get_close_matches

from foresight.errors import SettingsError
from foresight.sources.live.arxiv import Arxiv
from foresight.sources.live.base import LiveSource
from foresight.sources.live.crossref import Crossref
from foresight.sources.live.epo import Epo
from foresight.sources.live.europepmc import EuropePmc
from foresight.sources.live.openalex import OpenAlex
from foresight.sources.live.patentsview import PatentsView
from foresight.sources.live.uspto import Uspto

SOURCES: dict[str, LiveSource] = {
    source.name: source
    for source in (OpenAlex(), Arxiv(), Crossref(), EuropePmc(), Epo(), Uspto(), PatentsView())
}
WITHOUT_KEY = tuple(name for name, source in SOURCES.items() if not source.service.keys)


def live_source(name: str) -> LiveSource:
    """The live source of a name.

    Raises
    ------
    SettingsError
        If there is none; the message names the known ones.
    """
    if name not in SOURCES:
        near = get_close_matches(name, SOURCES, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        msg = f"There is no live source {name!r}.{hint} Known are: {', '.join(SOURCES)}."
        raise SettingsError(msg)
    return SOURCES[name]
