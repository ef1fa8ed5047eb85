"""Classes that were moved: what a prefix of CPC or IPC was called before, or is called now.

A row of the concordance says that the documents under all its old prefixes taken together are,
from an edition on, those under all its new ones. A set of prefixes that holds the whole of one
side is therefore completed by the other, so that a series counts the same documents before and
after the move, whether or not the office has re-tagged its back-file. A part of a side is not:
it would bring in documents of other parts. Such parts need a row of their own
(`Concordance.gaps`). Classes that count only beside a word may be completed by the whole other
side: the word keeps out what is foreign (`Concordance.wider`).
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


class Concordance:
    """Rows of moves, to be asked what completes a set of prefixes.

    Parameters
    ----------
    rows : iterable of Reclassification

    In the methods `prefixes` are those of one strength in one sub-direction, and what they give is
    sorted and without what the set, or another of those found, covers already.
    """

    def __init__(self, rows: Iterable[Reclassification]) -> None:
        table = list(rows)
        self._sides = [side for row in table for side in (row.old, row.new)]
        self._index = _Index(self._sides)
        self._in_place = {
            place
            for number, row in enumerate(table)
            if not set(row.old) - set(row.new)
            for place in (2 * number, 2 * number + 1)
        }

    def counterparts(self, prefixes: Iterable[str]) -> list[str]:
        """Prefixes that complete a set across the moves of its classes: those of whole sides."""
        held = list(prefixes)
        whole = self._whole(held, self._touched(held))
        return _reduced(held, {prefix for place in whole for prefix in self._other(place)})

    def wider(self, prefixes: Iterable[str]) -> list[str]:
        """Prefixes that complete a set across the moves of its classes, parts of a side included.

        A prefix that is only a part of a side gains the other side of the finest row that holds
        it: the longest prefix, then the shortest side. For classes that count only beside a word.
        """
        held = list(prefixes)
        touched = self._touched(held)
        places = self._whole(held, touched)
        found = {prefix for place in places for prefix in self._other(place)}
        for prefix in self._open_ends(held, touched):
            inside = [
                (max(map(len, parts)), -len(self._sides[place]), self._other(place))
                for place in touched[prefix]
                if (parts := [part for part in self._sides[place] if covers(part, prefix)])
            ]
            finest = max(((length, few) for length, few, _ in inside), default=None)
            found |= {new for *size, other in inside if tuple(size) == finest for new in other}
        return _reduced(held, found)

    def gaps(self, prefixes: Iterable[str]) -> list[str]:
        """Prefixes that were moved and are a part of a row's side only: nothing completes them."""
        held = list(prefixes)
        return self._open_ends(held, self._touched(held))

    def _touched(self, held: list[str]) -> dict[str, set[int]]:
        return {prefix: self._index.touched(prefix) for prefix in held}

    def _whole(self, held: list[str], touched: dict[str, set[int]]) -> set[int]:
        of_set = _Prefixes(held)
        places = {place for found in touched.values() for place in found}
        return {place for place in places if of_set.hold(self._sides[place])}

    def _open_ends(self, held: list[str], touched: dict[str, set[int]]) -> list[str]:
        whole = self._whole(held, touched)
        moved = {prefix: places - self._in_place for prefix, places in touched.items()}
        return sorted(prefix for prefix in held if moved[prefix] and not moved[prefix] & whole)

    def _other(self, place: int) -> tuple[str, ...]:
        """The side that faces the one at a place."""
        return self._sides[place ^ 1]


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


class _Index:
    """Sides by their parts, to be asked which of them a prefix touches."""

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
