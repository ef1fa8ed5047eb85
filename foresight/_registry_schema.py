"""Shape of the registry's YAML files: frozen records, and a reader that accepts nothing unknown."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from foresight.concordance import Reclassification
from foresight.errors import RegistryError

TIERS = ("priority", "active_layout", "zhejiang_feature")
SUB_DIRECTION_KINDS = (
    "direction",
    "platform",
    "product",
    "system",
    "component",
    "software",
    "enabler",
    "infrastructure",
    "application",
)
MATCHES = ("exact", "near_synonym", "sub_direction", "interpreted")
STANDS_IN = ("body", "title")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CLASS_PREFIX = re.compile(r"[A-HY]\d\d([A-Z](\d{1,4}(/\d{2,6})?)?)?")


@dataclass(frozen=True)
class Classes:
    """CPC/IPC prefixes. `core` is enough alone; `broad` needs a keyword or context keyword."""

    core: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """English and Chinese terms."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubDirection:
    """One direction, product or field of application that the policy names under a track.

    `literal` holds the policy's own words (white space removed), `context_zh` the words beside
    them that complete the sense; both stand in the track's paragraph, in its `title` where
    `stands_in` says so. `zh` and `en` are display names.
    """

    id: str
    kind: str
    zh: str
    en: str
    literal: tuple[str, ...]
    stands_in: str
    context_zh: str
    classes: Classes
    keywords: Words
    context_keywords: Words


@dataclass(frozen=True)
class Topic:
    """An OpenAlex topic: id such as `T10181`, and its name."""

    id: str
    name: str


@dataclass(frozen=True)
class Exclusions:
    """What keeps a document out of the track whichever route brought it."""

    classes: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Track:
    """One of the 24 future industries. Terms at this level belong to no single sub-direction."""

    number: int
    slug: str
    name_zh: str
    name_en: str
    tier: str
    sub_directions: tuple[SubDirection, ...]
    classes: Classes
    keywords: Words
    context_keywords: Words
    openalex_topics: tuple[Topic, ...]
    exclusions: Exclusions
    notes: tuple[str, ...]


@dataclass(frozen=True)
class LandmarkItem:
    """One product of a landmark family; `literal` is the policy's own string for it.

    `keywords` find documents that name the item; empty for an aim that no term describes.
    """

    zh: str
    en: str
    literal: str
    keywords: Words = Words()


@dataclass(frozen=True)
class LandmarkFamily:
    """One of the ten families of landmark products, with the tracks it belongs to."""

    number: int
    zh: str
    en: str
    tracks: tuple[str, ...]
    items: tuple[LandmarkItem, ...]


@dataclass(frozen=True)
class CityPhrase:
    """One field that the policy gives a city, and the track (and sub-directions) it means."""

    phrase: str
    track: str
    match: str
    sub_directions: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """One of the eleven cities: `key` fields (重点发展) and `active` fields (积极布局)."""

    zh: str
    en: str
    key: tuple[CityPhrase, ...]
    active: tuple[CityPhrase, ...]


@dataclass(frozen=True)
class Target:
    """A number that the policy wants reached; `literal` is its own string."""

    id: str
    zh: str
    en: str
    number: int
    unit_zh: str
    literal: str


class _UniqueKeyLoader(yaml.CSafeLoader):
    """The safe loader, refusing a key written twice instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            mark = f"line {node.start_mark.line + 1}"
            msg = f"key(s) {', '.join(twice)} written more than once in the mapping at {mark}"
            raise yaml.YAMLError(msg)
        return super().construct_mapping(node, deep=deep)


class Fields:
    """One mapping of a YAML file. Every name that is asked for is known; `done` refuses the rest.

    Parameters
    ----------
    value : any
        What stands in the file; anything but a mapping is refused.
    where : str
        File and place, for messages.

    """

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            msg = f"{where} must be a mapping of names to values, got {type(value).__name__}."
            raise RegistryError(msg)
        self.where = where
        self._value: dict[Any, Any] = value
        self._known: list[str] = []

    @classmethod
    def of_file(cls, path: Path) -> Fields:
        """Read a YAML file whose top level is a mapping.

        Raises
        ------
        RegistryError
            If the file is missing, is not UTF-8 or YAML, repeats a key, or holds something else.

        """
        try:
            value = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)  # noqa: S506
        except FileNotFoundError as error:
            msg = f"{path} is missing. Restore it; data/tracks/README.md lists the files."
            raise RegistryError(msg) from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            msg = f"{path} is not readable as YAML: {error}. Correct the file at that place."
            raise RegistryError(msg) from error
        return cls(value, str(path))

    def _get(self, name: str) -> Any:
        self._known.append(name)
        return self._value.get(name)

    def _wrong(self, name: str, wanted: str, got: object) -> RegistryError:
        return RegistryError(
            f"{self.where}: `{name}` must be {wanted}, got {got!r}. Correct it there."
        )

    def text(self, name: str, *, default: str | None = None) -> str:
        """Read a text, trimmed and not empty; `default` where the name is absent."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value or value != value.strip():
            raise self._wrong(name, "a text (quoted, if it looks like a number or a yes/no)", value)
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
        """Read a text out of `allowed`."""
        value = self.text(name, default=default)
        if value not in allowed:
            raise self._wrong(name, f"one of {', '.join(allowed)}", value)
        return value

    def whole(self, name: str) -> int:
        """Read a whole number above 0."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise self._wrong(name, "a whole number above 0", value)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of different texts; empty where the name is absent."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(name, "a list of texts", value)
        for item in value:
            if not isinstance(item, str) or not item or item != item.strip():
                raise self._wrong(name, "a list of texts, trimmed and not empty", item)
        twice = sorted({item for item in value if value.count(item) > 1})
        if twice:
            raise self._wrong(name, "a list without repeats", twice)
        return tuple(value)

    def terms(self, name: str) -> tuple[str, ...]:
        """Read a list of search terms: no remark in brackets, which would never match a text."""
        value = self.texts(name)
        for term in value:
            if re.search(r"[()（）]|->", term):
                raise self._wrong(name, "a list of bare terms (remarks belong in `notes`)", term)
        return value

    def prefixes(self, name: str) -> tuple[str, ...]:
        """Read a list of class prefixes, written as `foresight.tracks.class_start` explains."""
        value = self.texts(name)
        for prefix in value:
            if not CLASS_PREFIX.fullmatch(prefix) or prefix.endswith("/00"):
                wanted = (
                    "a list of CPC/IPC prefixes such as G06N (subclass), G06F16 (main group, "
                    "without /00) or H01M10/0562 (subgroup and what begins with it)"
                )
                raise self._wrong(name, wanted, prefix)
        return value

    def part(self, name: str) -> Fields:
        """Read a mapping inside this one; empty where the name is absent."""
        value = self._get(name)
        return Fields({} if value is None else value, f"{self.where}, `{name}`")

    def parts(self, name: str) -> list[Fields]:
        """Read a list of mappings; empty where the name is absent."""
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list of mappings", value)
        return [Fields(item, f"{self.where}, `{name}` {n}") for n, item in enumerate(value, 1)]

    def done(self) -> None:
        """Refuse every name that was not asked for."""
        unknown = sorted(str(name) for name in self._value if name not in self._known)
        if unknown:
            msg = (
                f"{self.where} has unknown key(s) {', '.join(unknown)}. "
                f"Known are: {', '.join(sorted(self._known))}."
            )
            raise RegistryError(msg)


def _classes(fields: Fields) -> Classes:
    part = fields.part("classes")
    classes = Classes(core=part.prefixes("core"), broad=part.prefixes("broad"))
    part.done()
    return classes


def _words(fields: Fields, name: str) -> Words:
    part = fields.part(name)
    words = Words(en=part.terms("en"), zh=part.terms("zh"))
    part.done()
    return words


def _sub_direction(fields: Fields) -> SubDirection:
    sub = SubDirection(
        id=fields.text("id"),
        kind=fields.choice("kind", SUB_DIRECTION_KINDS),
        zh=fields.text("zh"),
        en=fields.text("en"),
        literal=fields.texts("literal"),
        stands_in=fields.choice("stands_in", STANDS_IN, default="body"),
        context_zh=fields.text("context_zh", default=""),
        classes=_classes(fields),
        keywords=_words(fields, "keywords"),
        context_keywords=_words(fields, "context_keywords"),
    )
    fields.done()
    if not sub.literal:
        msg = f"{fields.where}: `literal` is empty. Give the policy's own words for {sub.id}."
        raise RegistryError(msg)
    return sub


def _topic(fields: Fields) -> Topic:
    topic = Topic(id=fields.text("id"), name=fields.text("name"))
    fields.done()
    return topic


def _exclusions(fields: Fields) -> Exclusions:
    part = fields.part("exclusions")
    exclusions = Exclusions(
        classes=part.prefixes("classes"), en=part.terms("en"), zh=part.terms("zh")
    )
    part.done()
    return exclusions


def read_track(path: Path) -> Track:
    """Read one track file. Raises RegistryError for anything that the schema does not know."""
    fields = Fields.of_file(path)
    track = Track(
        number=fields.whole("number"),
        slug=fields.text("slug"),
        name_zh=fields.text("name_zh"),
        name_en=fields.text("name_en"),
        tier=fields.choice("tier", TIERS),
        sub_directions=tuple(_sub_direction(part) for part in fields.parts("sub_directions")),
        classes=_classes(fields),
        keywords=_words(fields, "keywords"),
        context_keywords=_words(fields, "context_keywords"),
        openalex_topics=tuple(_topic(part) for part in fields.parts("openalex_topics")),
        exclusions=_exclusions(fields),
        notes=fields.texts("notes"),
    )
    fields.done()
    if path.name != f"{track.number:02d}-{track.slug}.yml":
        name = f"{track.number:02d}-{track.slug}.yml"
        msg = f"{path} holds track {track.number}, {track.slug}. Name it {name}."
        raise RegistryError(msg)
    return track


def read_landmarks(path: Path) -> tuple[LandmarkFamily, ...]:
    """Read the families of landmark products, in order."""
    fields = Fields.of_file(path)
    families = []
    for part in fields.parts("families"):
        items = []
        for item in part.parts("items"):
            zh = item.text("zh")
            items.append(
                LandmarkItem(
                    zh=zh,
                    en=item.text("en"),
                    literal=item.text("literal", default=zh),
                    keywords=_words(item, "keywords"),
                )
            )
            item.done()
        family = LandmarkFamily(
            number=part.whole("number"),
            zh=part.text("zh"),
            en=part.text("en"),
            tracks=part.texts("tracks"),
            items=tuple(items),
        )
        part.done()
        families.append(family)
    fields.done()
    return tuple(families)


def _city_phrases(fields: Fields, name: str) -> tuple[CityPhrase, ...]:
    phrases = []
    for part in fields.parts(name):
        phrase = CityPhrase(
            phrase=part.text("phrase"),
            track=part.text("track"),
            match=part.choice("match", MATCHES),
            sub_directions=part.texts("sub_directions"),
        )
        part.done()
        phrases.append(phrase)
    return tuple(phrases)


def read_cities(path: Path) -> tuple[City, ...]:
    """Read the cities with their key and active fields, in order."""
    fields = Fields.of_file(path)
    cities = []
    for part in fields.parts("cities"):
        city = City(
            zh=part.text("zh"),
            en=part.text("en"),
            key=_city_phrases(part, "key"),
            active=_city_phrases(part, "active"),
        )
        part.done()
        cities.append(city)
    fields.done()
    return tuple(cities)


def read_targets(path: Path) -> tuple[int, tuple[Target, ...]]:
    """Read the target year and the targets, in order."""
    fields = Fields.of_file(path)
    year = fields.whole("year")
    targets = []
    for part in fields.parts("targets"):
        target = Target(
            id=part.text("id"),
            zh=part.text("zh"),
            en=part.text("en"),
            number=part.whole("number"),
            unit_zh=part.text("unit_zh"),
            literal=part.text("literal"),
        )
        part.done()
        targets.append(target)
    fields.done()
    return year, tuple(targets)


def read_concordance(path: Path) -> tuple[Reclassification, ...]:
    """Read the reclassifications, in order."""
    fields = Fields.of_file(path)
    rows = []
    for part in fields.parts("reclassifications"):
        row = Reclassification(
            old=part.prefixes("old"),
            new=part.prefixes("new"),
            since=part.text("since"),
            note=part.text("note"),
            note_zh=part.text("note_zh"),
        )
        part.done()
        if not row.old or not row.new or not re.fullmatch(r"\d{4}\.\d\d", row.since):
            msg = f"{part.where} needs `old`, `new`, `since` as YYYY.MM, got {row}. Correct it."
            raise RegistryError(msg)
        rows.append(row)
    fields.done()
    return tuple(rows)
