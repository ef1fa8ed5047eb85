"""The policy registry: tracks, landmark products, cities, targets and the class concordance."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import pandas as pd

from foresight._registry_schema import (
    SLUG,
    City,
    CityPhrase,
    Classes,
    Exclusions,
    LandmarkFamily,
    LandmarkItem,
    SubDirection,
    Target,
    Topic,
    Track,
    Words,
    read_cities,
    read_concordance,
    read_landmarks,
    read_targets,
    read_track,
)
from foresight.concordance import Concordance, Reclassification, class_matches, class_start
from foresight.errors import RegistryError, UnknownTrackError
from foresight.provenance import text_digest
from foresight.settings import data_dir

__all__ = [
    "City",
    "CityPhrase",
    "Classes",
    "Exclusions",
    "LandmarkFamily",
    "LandmarkItem",
    "Reclassification",
    "Registry",
    "SubDirection",
    "Target",
    "Topic",
    "Track",
    "Words",
    "class_matches",
    "class_start",
    "draft_terms",
    "load_registry",
    "read_terms",
]

TERM_KINDS = (
    "core_class",
    "broad_class",
    "keyword_en",
    "keyword_zh",
    "context_en",
    "context_zh",
    "topic",
    "exclude_class",
    "exclude_en",
    "exclude_zh",
)
MAX_SUGGESTIONS = 3


@dataclass(frozen=True)
class Registry:
    """The policy as data. Built by `load_registry`; equal content gives an equal `digest`.

    `tracks`, `landmarks` (ten families), `cities` (eleven), `targets` (of `target_year`) and
    `concordance` (reclassifications) are tuples of frozen records in the order of the files.
    """

    tracks: tuple[Track, ...]
    landmarks: tuple[LandmarkFamily, ...]
    cities: tuple[City, ...]
    target_year: int
    targets: tuple[Target, ...]
    concordance: tuple[Reclassification, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content; layout, comments and key order in the files do not count."""
        return text_digest(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True))

    @property
    def slugs(self) -> list[str]:
        """Slugs of all tracks in the policy's order."""
        return [track.slug for track in self.tracks]

    def track(self, name: str) -> Track:
        """Find a track by slug, Chinese name or English name (case does not matter).

        Raises
        ------
        UnknownTrackError
            If no track has that name; the message suggests the nearest slugs.

        """
        wanted = name.strip().casefold()
        names = {
            spelling.casefold(): track
            for track in self.tracks
            for spelling in (track.slug, track.name_zh, track.name_en)
        }
        if wanted in names:
            return names[wanted]
        inside = [spelling for spelling in names if wanted and wanted in spelling]
        near = inside or get_close_matches(wanted, names, n=MAX_SUGGESTIONS, cutoff=0.5)
        slugs = list(dict.fromkeys(names[spelling].slug for spelling in near))[:MAX_SUGGESTIONS]
        advice = (
            f"Did you mean {' or '.join(slugs)}?"
            if slugs
            else f"Known are: {', '.join(self.slugs)}."
        )
        msg = f"No track is called {name!r} (slug, Chinese or English name). {advice}"
        raise UnknownTrackError(msg)

    def sub_direction(self, sub_id: str) -> SubDirection:
        """Find a sub-direction by its id, `<slug>/<name>`.

        Raises
        ------
        UnknownTrackError
            If the track or the sub-direction is unknown; the message names the known ones.

        """
        track = self.track(sub_id.partition("/")[0])
        for sub in track.sub_directions:
            if sub.id == sub_id:
                return sub
        known = ", ".join(sub.id for sub in track.sub_directions)
        msg = f"Track {track.slug} has no sub-direction {sub_id!r}. Known are: {known}."
        raise UnknownTrackError(msg)

    def terms(self) -> pd.DataFrame:
        """Everything that track matching looks for, as one table.

        Classes that were moved are completed by what they were or are called elsewhere
        (`foresight.concordance`), at the same strength.

        Returns
        -------
        DataFrame, one row per term, in registry order
            `track` (slug), `sub_direction` (id; null where the term belongs to the whole track),
            `kind` (one of `TERM_KINDS`), `term`. Class terms follow `class_start`.

        """
        return self._terms.copy()

    @cached_property
    def _terms(self) -> pd.DataFrame:
        moves = Concordance(self.concordance)
        rows = [row for track in self.tracks for row in _track_terms(track, moves)]
        return pd.DataFrame(rows, columns=["track", "sub_direction", "kind", "term"], dtype="str")

    def terms_digest(self, track: str) -> str:
        """SHA-256 over what track matching looks for in one track; order does not count."""
        rows = self._terms[self._terms["track"] == track].fillna("")
        return text_digest(*sorted("\x1f".join(row) for row in rows.to_numpy()))

    def city_fields(self) -> pd.DataFrame:
        """Which city is given which track.

        Returns
        -------
        DataFrame, one row per city, phrase, track and sub-direction, in the policy's order
            `city_zh`, `city_en`, `level` (`key` or `active`), `phrase`, `track` (slug),
            `sub_direction` (id; null where the phrase means the whole track), `match`.

        """
        rows = [
            (city.zh, city.en, level, phrase.phrase, phrase.track, sub, phrase.match)
            for city in self.cities
            for level, phrases in (("key", city.key), ("active", city.active))
            for phrase in phrases
            for sub in phrase.sub_directions or (None,)
        ]
        columns = [
            "city_zh",
            "city_en",
            "level",
            "phrase",
            "track",
            "sub_direction",
            "match",
        ]
        return pd.DataFrame(rows, columns=columns, dtype="str")


TermRow = tuple[str, str | None, str, str]


def _term_rows(
    slug: str,
    sub_id: str | None,
    classes: Classes,
    words: tuple[Words, Words],
    moves: Concordance,
) -> list[TermRow]:
    keywords, context = words
    core = (*classes.core, *moves.counterparts(classes.core))
    either = moves.wider((*classes.core, *classes.broad))
    weak = [code for code in either if code not in core]
    kinds = {
        "core_class": core,
        "broad_class": (*classes.broad, *weak),
        "keyword_en": keywords.en,
        "keyword_zh": keywords.zh,
        "context_en": context.en,
        "context_zh": context.zh,
    }
    return [(slug, sub_id, kind, term) for kind, terms in kinds.items() for term in terms]


def _track_terms(track: Track, moves: Concordance) -> list[TermRow]:
    rows = []
    for sub in track.sub_directions:
        words = (sub.keywords, sub.context_keywords)
        rows += _term_rows(track.slug, sub.id, sub.classes, words, moves)
    words = (track.keywords, track.context_keywords)
    rows += _term_rows(track.slug, None, track.classes, words, moves)
    rows += [(track.slug, None, "topic", topic.id) for topic in track.openalex_topics]
    out = track.exclusions
    excluded = {
        "exclude_class": (*out.classes, *moves.counterparts(out.classes)),
        "exclude_en": out.en,
        "exclude_zh": out.zh,
    }
    rows += [(track.slug, None, kind, term) for kind, terms in excluded.items() for term in terms]
    return rows


def _check_unique(values: Iterable[str], what: str, folder: Path) -> None:
    twice = sorted(value for value, n in Counter(values).items() if n > 1)
    if twice:
        msg = f"{what} {', '.join(twice)} used more than once in {folder}. Give each its own."
        raise RegistryError(msg)


def _check_track(track: Track, folder: Path) -> None:
    """Raise RegistryError if ids, or the strength of a term, contradict each other."""
    where = f"{folder / 'registry'}, track {track.slug}"
    for sub in track.sub_directions:
        head, _, tail = sub.id.partition("/")
        if head != track.slug or not SLUG.fullmatch(tail):
            msg = f"{where}: id {sub.id!r} must be {track.slug}/<short-english-name> in kebab case."
            raise RegistryError(msg)
    if not track.sub_directions:
        msg = f"{where} has no sub-direction. Every track of the policy names some."
        raise RegistryError(msg)
    out = {*track.exclusions.classes, *track.exclusions.en, *track.exclusions.zh}
    parts: tuple[SubDirection | Track, ...] = (*track.sub_directions, track)
    for part in parts:
        strong = {*part.classes.core, *part.keywords.en, *part.keywords.zh}
        weak = {*part.classes.broad, *part.context_keywords.en, *part.context_keywords.zh}
        both = sorted((strong & weak) | (out & (strong | weak)))
        if both:
            msg = (
                f"{where}: {', '.join(both)} cannot be strong and weak, or sought and excluded, "
                "at once. Keep it in one place."
            )
            raise RegistryError(msg)


def _check_links(registry: Registry, folder: Path) -> None:
    """Raise RegistryError if a landmark family or city names a track or id that does not exist."""
    subs = {sub.id: track.slug for track in registry.tracks for sub in track.sub_directions}
    for family in registry.landmarks:
        unknown = sorted(set(family.tracks) - set(registry.slugs))
        if unknown:
            msg = (
                f"{folder / 'landmarks.yml'}: family {family.zh} names unknown track(s) {unknown}."
            )
            raise RegistryError(msg)
    for city in registry.cities:
        for phrase in city.key + city.active:
            place = f"{folder / 'cities.yml'}: {city.zh}, {phrase.phrase}"
            if phrase.track not in registry.slugs:
                msg = f"{place} names the unknown track {phrase.track!r}."
                raise RegistryError(msg)
            wrong = [sub for sub in phrase.sub_directions if subs.get(sub) != phrase.track]
            if wrong or (phrase.match == "sub_direction") != bool(phrase.sub_directions):
                msg = (
                    f"{place}: `sub_directions` must be ids of {phrase.track}, given exactly when "
                    f"`match` is sub_direction; got {phrase.match}, {list(phrase.sub_directions)}."
                )
                raise RegistryError(msg)


def read_terms(path: Path) -> pd.DataFrame:
    """Read search terms from a CSV, as `foresight tracks --terms` writes it.

    Returns
    -------
    DataFrame
        `track`, `sub_direction` (null where the term belongs to the whole track, or the file
        has no such column), `kind`, `term`.

    Raises
    ------
    RegistryError
        If the file cannot be read or lacks a column.
    """
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read as CSV ({error}). `foresight tracks --terms` writes one."
        raise RegistryError(msg) from error
    missing = [name for name in ("track", "kind", "term") if name not in frame.columns]
    if missing:
        msg = f"{path} lacks the column(s) {', '.join(missing)}; it has {list(frame.columns)}."
        raise RegistryError(msg)
    if "sub_direction" not in frame.columns:
        frame["sub_direction"] = ""
    frame["sub_direction"] = frame["sub_direction"].replace("", pd.NA)
    return frame[["track", "sub_direction", "kind", "term"]]


def draft_terms() -> pd.DataFrame:
    """Terms of the research draft of the registry: every class and keyword counts alone.

    What retrieval is measured against (`foresight corpus compare`).

    Returns
    -------
    DataFrame, as `Registry.terms`
    """
    return read_terms(data_dir() / "tracks" / "draft_terms.csv")


def _without_interpreted(city: City) -> City:
    key = tuple(phrase for phrase in city.key if phrase.match != "interpreted")
    active = tuple(phrase for phrase in city.active if phrase.match != "interpreted")
    return replace(city, key=key, active=active)


def load_registry(path: Path | None = None, *, interpreted: bool = True) -> Registry:
    """Read and check the registry.

    Parameters
    ----------
    path : Path, optional
        Folder with `registry/*.yml` and the other files; `data/tracks` of the project by default.
    interpreted : bool, default True
        Keep the city phrases that have no track of their own in the policy and were mapped by
        judgement (新型储能, 前沿新材料). False leaves them out.

    Returns
    -------
    Registry, tracks in the policy's order

    Raises
    ------
    RegistryError
        If a file is missing or malformed, has an unknown key, or contradicts another file.

    """
    folder = data_dir() / "tracks" if path is None else path
    files = sorted((folder / "registry").glob("*.yml"))
    if not files:
        msg = f"{folder / 'registry'} holds no track file (*.yml). Restore it from the repository."
        raise RegistryError(msg)
    tracks = sorted((read_track(file) for file in files), key=lambda track: track.number)
    cities = read_cities(folder / "cities.yml")
    year, targets = read_targets(folder / "targets.yml")
    registry = Registry(
        tracks=tuple(tracks),
        landmarks=read_landmarks(folder / "landmarks.yml"),
        cities=cities if interpreted else tuple(_without_interpreted(city) for city in cities),
        target_year=year,
        targets=targets,
        concordance=read_concordance(folder / "concordance.yml"),
    )
    _check_unique((str(track.number) for track in tracks), "Track number(s)", folder)
    _check_unique(
        (n for t in tracks for n in (t.slug, t.name_zh, t.name_en)),
        "Track name(s)",
        folder,
    )
    _check_unique(
        (sub.id for t in tracks for sub in t.sub_directions),
        "Sub-direction id(s)",
        folder,
    )
    for track in tracks:
        _check_track(track, folder)
    _check_links(registry, folder)
    return registry
