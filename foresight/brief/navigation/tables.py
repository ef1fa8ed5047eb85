"""What a navigation report is made from, and what its chapters are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from foresight.brief.claims.model import Claims
from foresight.brief.escape import md_text, shorten
from foresight.brief.study import CorpusCard, Retrieval
from foresight.brief.wording import pick
from foresight.tracks import Track

NAME_LENGTH = 60  # columns of an organisation's or branch's name


@dataclass(frozen=True)
class NavigationTables:
    """What a navigation report is made from.

    Attributes
    ----------
    track : Track
    card : CorpusCard
    frames : mapping of name to DataFrame
        Tables of `foresight.run.navigation_stage.compute_navigation`, by name.
    facts : mapping
        Its `facts.json`.
    cities : mapping of Chinese to English name
        Of the cities of the province.
    retrieval : Retrieval or None
        How sure retrieval is; None where no sample of the corpus has been labelled.
    digest : str
        SHA-256 of everything that the tables depend on.
    """

    track: Track
    card: CorpusCard
    frames: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    cities: Mapping[str, str]
    retrieval: Retrieval | None
    digest: str

    @property
    def slug(self) -> str:
        """The track as a unit."""
        return self.track.slug

    @property
    def branches(self) -> list[str]:
        """Ids of the track's sub-directions, in the plan's order."""
        return [sub.id for sub in self.track.sub_directions]

    @property
    def levels(self) -> list[str]:
        """Levels of the report, the widest first."""
        levels = ["world", "country", "province", "city"]
        return levels if self.facts["region"]["level"] == "city" else levels[:3]

    @property
    def window(self) -> tuple[int, int]:
        """First and last of the complete years that trends are read from."""
        last = int(self.facts["last_year"])
        return last - int(self.facts["window"]) + 1, last

    def region(self, lang: str) -> str:
        """Name of the region."""
        return str(self.facts["region"][lang])

    def place(self, region: object, lang: str) -> str:
        """Name of the province or of a city, from the Chinese one."""
        name = str(region)
        return pick(lang, name, self.cities.get(name, self.region("en")))

    def label(self, unit: str, lang: str) -> str:
        """Name of the track or of a unit of any track; its id where it is not of this track."""
        if unit == self.slug:
            return pick(lang, self.track.name_zh, self.track.name_en)
        for sub in self.track.sub_directions:
            if sub.id == unit:
                return pick(lang, sub.zh, sub.en)
        return unit

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """Name of each organisation by its id."""
        rows = self.frames["control"].drop_duplicates("org_id")
        return dict(zip(rows["org_id"], rows["org"], strict=True))

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """Rows of `path` about one subject by one rule taken together, in the order of `path`."""
        rows = self.frames["path"]
        rows = rows[rows["kind"] != "none"]
        keys = ["rule", "region", "subject"]
        if rows.empty:
            return []
        found = []
        branch = rows["unit_id"].where(rows["rule"].str.startswith("S"), "")
        for _, group in rows.groupby([*(rows[k] for k in keys), branch], sort=False):
            lead = group.iloc[0]
            ids = {i for cell in group["doc_ids"] for i in str(cell).split(";") if i}
            units = list(dict.fromkeys(group["unit_id"].dropna()))
            found.append(Recommendation(dict(lead), units, tuple(sorted(ids))))
        order = list(dict.fromkeys(rows["rule"]))
        return sorted(found, key=lambda one: order.index(str(one.lead["rule"])))


@dataclass(frozen=True)
class Recommendation:
    """One subject recommended by one rule: its first row of `path`, its units, its documents."""

    lead: Mapping[Any, Any]
    units: list[str]
    doc_ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """Key of its claim."""
        parts = (self.lead["rule"], self.lead["region"], self.lead["subject"], *self.units)
        return "rec:" + "|".join(map(str, parts))


def split_ids(cell: object) -> tuple[str, ...]:
    """Ids of a cell."""
    return tuple(filter(None, str(cell).split(";"))) if isinstance(cell, str) else ()


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a frame, each with its columns as attributes."""
    return iter(frame.itertuples(index=False))


@dataclass(frozen=True)
class Sheet:
    """The tables, their claims, the language and the figures that exist."""

    tables: NavigationTables
    claims: Claims
    lang: str
    figures: Mapping[str, str]

    def pick(self, zh: str, en: str) -> str:
        """The text in the sheet's language."""
        return pick(self.lang, zh, en)

    def label(self, unit: str) -> str:
        """Name of a unit as Markdown."""
        return md_text(shorten(self.tables.label(unit, self.lang), NAME_LENGTH))

    def claim(self, key: str) -> str:
        """A claim's statement as Markdown, with its number; empty where there is no such claim."""
        if key not in self.claims:
            return ""
        gap = self.pick("", " ")
        return md_text(self.claims.claim(key).statement(self.lang)) + gap + self.claims.mark(key)

    def mark(self, key: str) -> str:
        """A claim's number behind a gap; empty where there is no such claim."""
        mark = self.claims.mark(key)
        return f" {mark}" if mark else ""

    def caption(self, zh: str, en: str) -> str:
        """A table's caption, as the renderer finds it."""
        return pick(self.lang, f"表：{zh}", f"Table: {en}")

    def figure(self, name: str, zh: str, en: str) -> list[str]:
        """An image block where the figure exists, nothing where it does not."""
        if name not in self.figures:
            return []
        return [f"![{md_text(self.pick(zh, en))}]({self.figures[name]})"]

    def heads(self, zh: str, en: str) -> list[str]:
        """Heads of a table, separated by bars."""
        return self.pick(zh, en).split("|")
