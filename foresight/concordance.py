"""Classes that were moved: what a prefix of CPC or IPC was called before, or is called now.

A row of the concordance says that the documents under all its old prefixes taken together are,
from an edition on, those under all its new ones. A set of prefixes that holds the whole of one
side is therefore completed by the other, so that a series counts the same documents before and
after the move, whether or not the office has re-tagged its back-file. A part of a side is not:
it would bring in documents of other parts. Such parts need a row of their own (`gaps`). Classes
that count only beside a word may be completed by the whole other side: the word keeps out what
is foreign (`wider`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

SUBCLASS_LENGTH = 4  # characters of a CPC/IPC subclass, such as G06N


@dataclass(frozen=True)
class Reclassification:
    """Documents under `old` prefixes before edition `since` (`YYYY.MM`) are under `new` after.

    `note` and `note_zh` name what was moved.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    since: str
    note: str
    note_zh: str


def class_start(prefix: str) -> str:
    """Say with which characters a class code must start to lie under a registry prefix.

    A main group stands for itself and its subgroups, so it is closed with the slash: `G06F16`
    becomes `G06F16/` and does not reach into `G06F161/00`. Subclasses (`G06N`) and subgroups
    (`H01M10/0562`, with every code that begins with it) are taken as they are.

    Parameters
    ----------
    prefix : str
        A prefix of the registry.

    Returns
    -------
    str, for a test such as `code.startswith(...)`
    """
    return f"{prefix}/" if len(prefix) > SUBCLASS_LENGTH and "/" not in prefix else prefix


def class_matches(prefix: str, code: str) -> bool:
    """Tell whether a CPC/IPC code, written `H01M10/0562`, lies under a registry prefix."""
    return code.startswith(class_start(prefix))


def covers(prefix: str, other: str) -> bool:
    """Whether every code under `other` lies under `prefix`."""
    return prefix == other or class_matches(prefix, other)


def counterparts(prefixes: Iterable[str], rows: Iterable[Reclassification]) -> list[str]:
    """Prefixes that complete a set across the moves of its classes.

    Parameters
    ----------
    prefixes : iterable of str
        Those of one strength in one sub-direction.
    rows : iterable of Reclassification

    Returns
    -------
    list of str, sorted
        Without those that the set, or another of them, covers already.
    """
    held = list(prefixes)
    of_set = _Prefixes(held)
    found = {
        prefix
        for row in rows
        for side, other in ((row.old, row.new), (row.new, row.old))
        if of_set.hold(side)
        for prefix in other
    }
    return _reduced(held, found)


def wider(prefixes: Iterable[str], rows: Iterable[Reclassification]) -> list[str]:
    """Prefixes that complete a set across the moves of its classes, parts of a side included.

    A prefix that is only a part of a side gains the other side of the finest row that holds it:
    the longest prefix, then the shortest side.
    For classes that count only beside a word. Parameters and result as for `counterparts`.
    """
    held, table = list(prefixes), list(rows)
    found = set(counterparts(held, table))
    for prefix in gaps(held, table):
        inside = [
            (max(len(part) for part in side if covers(part, prefix)), -len(side), other)
            for row in table
            for side, other in ((row.old, row.new), (row.new, row.old))
            if any(covers(part, prefix) for part in side)
        ]
        finest = max(((length, few) for length, few, _ in inside), default=None)
        found |= {new for *size, other in inside if tuple(size) == finest for new in other}
    return _reduced(held, found)


def gaps(prefixes: Iterable[str], rows: Iterable[Reclassification]) -> list[str]:
    """Prefixes that were moved and are a part of a row's side only: nothing completes them.

    Parameters and rows as for `counterparts`.
    """
    held = list(prefixes)
    table = [row for row in rows if set(row.old) - set(row.new)]  # not those moved in place
    sides = [side for row in table for side in (row.old, row.new)]
    of_set = _Prefixes(held)
    whole = {number for number, side in enumerate(sides) if of_set.hold(side)}
    index = _Sides(sides)
    touched = {prefix: index.touched(prefix) for prefix in held}
    return sorted(prefix for prefix in held if touched[prefix] and not touched[prefix] & whole)


def _reduced(held: list[str], found: set[str]) -> list[str]:
    """What the set, or another of those found, does not cover."""
    of_set = _Prefixes(held)
    new = [prefix for prefix in sorted(found) if not of_set.hold((prefix,))]
    return [a for a in new if not any(a != b and covers(b, a) for b in new)]


class _Prefixes:
    """A set of prefixes, to be asked what it covers without going through it."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._exact = set(prefixes)
        self._starts = {class_start(prefix) for prefix in self._exact}

    def hold(self, side: tuple[str, ...]) -> bool:
        """Whether every part of a side lies under one of the prefixes."""
        return all(part in self._exact or self._starts & _beginnings(part) for part in side)


class _Sides:
    """Sides of rows by their parts, to be asked which of them a prefix touches."""

    def __init__(self, sides: list[tuple[str, ...]]) -> None:
        self._parts = sorted((part, n) for n, side in enumerate(sides) for part in side)
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._starts: dict[str, set[int]] = defaultdict(set)
        for part, number in self._parts:
            self._exact[part].add(number)
            self._starts[class_start(part)].add(number)

    def touched(self, prefix: str) -> set[int]:
        """Places of the sides with a part that covers the prefix, or that it covers."""
        found = set(self._exact.get(prefix, ()))
        for start in _beginnings(prefix) & self._starts.keys():
            found |= self._starts[start]
        start = class_start(prefix)
        place = bisect_left(self._parts, (start,))
        while place < len(self._parts) and self._parts[place][0].startswith(start):
            found.add(self._parts[place][1])
            place += 1
        return found


def _beginnings(code: str) -> set[str]:
    return {code[:end] for end in range(1, len(code) + 1)}
