"""What a search asks for: the terms of a track's registry entry, in portions a service accepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote_plus

from foresight.sources.live.base import Query
from foresight.tracks import SubDirection, Track


def english_terms(track: Track) -> list[str]:
    """English keywords of a track that stand alone, in the registry's order, each once."""
    return _terms([part.keywords.en for part in _parts(track)])


def chinese_terms(track: Track) -> list[str]:
    """Chinese keywords of a track that stand alone, in the registry's order, each once."""
    return _terms([part.keywords.zh for part in _parts(track)])


def core_classes(track: Track) -> list[str]:
    """CPC/IPC prefixes that alone put a patent into the track, each once."""
    return _terms([part.classes.core for part in _parts(track)])


def leading_terms(track: Track, *, count: int) -> list[str]:
    """The first English keywords of each sub-direction: what stands for it in a ranking search."""
    return _terms([part.keywords.en[:count] for part in _parts(track)])


def _parts(track: Track) -> tuple[SubDirection | Track, ...]:
    return (*track.sub_directions, track)


def _terms(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(term for terms in lists for term in terms))


def quoted(term: str) -> str:
    """A term as a phrase: in quotation marks, without what a search would take for syntax."""
    words = re.sub(r"[^\w\s./+-]", " ", term).split()
    return f'"{" ".join(words)}"'


def portions(
    terms: Sequence[str],
    write: Callable[[Sequence[str]], str],
    *,
    name: str,
    longest: int,
    most: int | None = None,
) -> list[Query]:
    """Write searches with as many terms each as fit.

    Parameters
    ----------
    terms : sequence of str
    write : callable
        Writes the search for some terms.
    name : str
        Of the searches: they are `<name>-1`, `<name>-2`, ….
    longest : int
        Characters of a search in an address, escaped.
    most : int, optional
        Terms of a search.
    """
    found: list[list[str]] = []
    taken: list[str] = []

    def fits(some: Sequence[str]) -> bool:
        return len(quote_plus(write(some))) <= longest and (most is None or len(some) <= most)

    for term in terms:
        if taken and not fits([*taken, term]):
            found.append(taken)
            taken = []
        taken = [*taken, term]
    if taken:
        found.append(taken)
    return [Query(f"{name}-{number}", write(some)) for number, some in enumerate(found, start=1)]


def years(since: str, until: str) -> Iterator[tuple[str, str]]:
    """Calendar years between two ISO dates, the first and last cut short: (first day, last day)."""
    for year in range(int(since[:4]), int(until[:4]) + 1):
        yield max(since, f"{year:04d}-01-01"), min(until, f"{year:04d}-12-31")
