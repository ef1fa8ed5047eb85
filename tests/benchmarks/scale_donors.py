"""Real texts, classes and names that a generated corpus is put together from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foresight.corpus.store import Corpus, open_corpus

_SENTENCE = re.compile(r"(?<=[.!?;。！？；])\s*(?=\S)")
_HALVES = re.compile(r" (?=(?:for|of|with|in|using|and|on|by|to|from|having|via) )")
_TEXT = pa.large_string()


@dataclass(frozen=True)
class Ragged:
    """Lists of values, one after the other: `values[starts[i] : starts[i] + sizes[i]]`."""

    values: pa.Array
    starts: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class Donors:
    """What documents are drawn from; donors that are next to each other are alike.

    Attributes
    ----------
    heads, tails : Arrow arrays, halves of the titles
    sentences : Ragged, of the abstracts
    classes : Ragged, CPC codes; `primary` beside them
    is_patent, is_chinese : arrays of bool
    keywords, venues, orgs, first_names, last_names : Arrow arrays
    cities : Arrow array, by which names of organisations are told apart beyond the real ones
    places : Arrow struct array of city, country
    """

    heads: pa.Array
    tails: pa.Array
    sentences: Ragged
    classes: Ragged
    primary: pa.Array
    is_patent: np.ndarray
    is_chinese: np.ndarray
    keywords: pa.Array
    venues: pa.Array
    orgs: pa.Array
    first_names: pa.Array
    last_names: pa.Array
    places: pa.StructArray

    def draw(self, bits: np.ndarray, *, paper: np.ndarray, chinese: np.ndarray) -> np.ndarray:
        """A donor for each document: a patent for patents, anything for papers, by language."""
        latin = np.flatnonzero(~self.is_chinese)
        patents = np.flatnonzero(self.is_patent & ~self.is_chinese)
        han = np.flatnonzero(self.is_chinese)
        found = np.where(
            paper, latin[_below(bits, len(latin))], patents[_below(bits, len(patents))]
        )
        # A Chinese text has no class here, so only papers are in Chinese.
        zh = chinese & paper
        return np.where(zh, han[_below(bits, len(han))], found) if len(han) else found

    def _near(self, donor: np.ndarray, bits: np.ndarray, near: int) -> np.ndarray:
        """A donor at most `near` places away, of the same language."""
        other = np.clip(donor + _below(bits, 2 * near + 1) - near, 0, len(self.heads) - 1)
        return np.where(self.is_chinese[other] == self.is_chinese[donor], other, donor)

    def titles(self, donor: np.ndarray, bits: np.ndarray, *, near: int) -> pa.Array:
        """The first half of one title, the second of another nearby."""
        tail = self.tails.take(pa.array(self._near(donor, bits, near)))
        return pc.binary_join_element_wise(
            self.heads.take(pa.array(donor)), tail, pa.scalar("", _TEXT)
        )

    def abstracts(
        self, donor: np.ndarray, bits: np.ndarray, *, near: int, missing: np.ndarray
    ) -> pa.Array:
        """As many sentences as the donor has, each of a donor nearby; null where missing."""
        sizes = np.where(missing, 0, self.sentences.sizes[donor])
        owner = np.repeat(np.arange(len(donor)), sizes)
        place = (np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)).astype(
            np.uint64
        )
        with np.errstate(over="ignore"):
            mixed = (bits[owner] + place * np.uint64(0x9E3779B97F4A7C15)) * np.uint64(
                0xBF58476D1CE4E5B9
            )
        mixed ^= mixed >> np.uint64(29)
        source = self._near(donor[owner], mixed, near)
        source = np.where(self.sentences.sizes[source] > 0, source, donor[owner])
        nth = _below(mixed >> np.uint64(24), self.sentences.sizes[source])
        flat = self.sentences.values.take(pa.array(self.sentences.starts[source] + nth))
        offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int64())
        # Chinese sentences follow each other without a space.
        lists = pa.LargeListArray.from_arrays(offsets, flat)
        gap = pa.array([" ", ""], _TEXT).take(pa.array(self.is_chinese[donor].astype(np.int64)))
        return pc.if_else(pa.array(sizes > 0), pc.binary_join(lists, gap), pa.scalar(None, _TEXT))

    def codes(self, donor: np.ndarray) -> tuple[np.ndarray, pa.Array, pa.Array]:
        """Place of the document, code and primary flag for all codes of the donors."""
        sizes = self.classes.sizes[donor]
        owner = np.repeat(np.arange(len(donor)), sizes)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        at = pa.array(self.classes.starts[donor][owner] + place)
        return owner, self.classes.values.take(at), self.primary.take(at)

    def names(self, bits: np.ndarray) -> pa.Array:
        """Names of people: a first and a last name of the donors."""
        first = self.first_names.take(pa.array(_below(bits, len(self.first_names))))
        last = self.last_names.take(pa.array(_below(bits >> np.uint64(20), len(self.last_names))))
        return pc.binary_join_element_wise(first, last, pa.scalar(" ", _TEXT))

    def organisations(self, rank: np.ndarray) -> pa.Array:
        """Names of organisations by rank: the real ones, then each with the names of places."""
        name = self.orgs.take(pa.array(rank % len(self.orgs)))
        turn = rank // len(self.orgs)
        city = self.places.field("city").take(pa.array((turn * 97 + rank) % len(self.places)))
        told = pc.binary_join_element_wise(name, city, pa.scalar(" ", _TEXT))
        return pc.if_else(pa.array(turn > 0), told, name)


def _below(bits: np.ndarray, size: int | np.ndarray) -> np.ndarray:
    return (bits >> np.uint64(8)).astype(np.int64) % size


def read_donors(names: tuple[str, ...]) -> Donors:
    """Read the corpora named; one of them must hold patents with CPC codes, places and owners."""
    corpora = [open_corpus(name) for name in names]
    documents = pd.concat([_documents(corpus) for corpus in corpora])
    documents = documents.sort_values(["zh", "first", "doc_id"], na_position="last")
    documents = documents.drop_duplicates("doc_id").reset_index(drop=True)
    halves = [_halves(title) for title in documents["title"]]
    spoken = documents["abstract"].fillna("")
    classes = pd.concat([_codes(corpus) for corpus in corpora]).drop_duplicates(["doc_id", "code"])
    order = pd.Series(documents.index, index=documents["doc_id"])
    classes = classes.assign(at=classes["doc_id"].map(order)).sort_values(["at", "code"])
    parties = pd.concat([_parties(corpus) for corpus in corpora])
    people = sorted({name for name in parties["name"].dropna() if " " in name})
    places = parties.dropna(subset=["city", "country"])[["city", "country"]].drop_duplicates()
    places = places.sort_values(["city", "country"])
    keywords = pd.concat([_keywords(corpus) for corpus in corpora])
    heads = pa.array([head for head, _ in halves], _TEXT)
    return Donors(
        heads=heads,
        tails=pa.array([tail for _, tail in halves], _TEXT),
        sentences=_ragged([_SENTENCE.split(text) if text else [] for text in spoken]),
        classes=Ragged(
            pa.array(classes["code"], _TEXT), *_spans(classes["at"].to_numpy(), len(documents))
        ),
        primary=pa.array(classes["primary"].astype("boolean")),
        is_patent=(documents["kind"] == "patent").to_numpy(),
        is_chinese=documents["zh"].to_numpy(),
        keywords=pa.array(sorted(set(keywords["code"])) or ["general"], _TEXT),
        venues=_distinct(heads, 60_000),
        orgs=pa.array(sorted(set(parties["org"].dropna())), _TEXT),
        first_names=_distinct(pa.array([name.split()[0] for name in people], _TEXT)),
        last_names=_distinct(pa.array([name.split()[-1] for name in people], _TEXT)),
        places=pa.StructArray.from_arrays(
            [pa.array(places["city"], _TEXT), pa.array(places["country"], _TEXT)],
            ["city", "country"],
        ),
    )


def _documents(corpus: Corpus) -> pd.DataFrame:
    docs = corpus.table("documents").select("doc_id", "kind", "title", "abstract", "language")
    codes = corpus.table("classes")
    first = codes.group_by("doc_id").agg(first=codes.code.min())
    frame = corpus.read(docs.left_join(first, "doc_id").drop("doc_id_right"))
    return frame.assign(zh=frame["language"] == "zh")


def _codes(corpus: Corpus) -> pd.DataFrame:
    codes = corpus.table("classes")
    return corpus.read(codes.filter(codes.scheme == "cpc").select("doc_id", "code", "primary"))


def _keywords(corpus: Corpus) -> pd.DataFrame:
    codes = corpus.table("classes")
    return corpus.read(codes.filter(codes.scheme == "keyword").select("code").distinct())


def _parties(corpus: Corpus) -> pd.DataFrame:
    return corpus.read(corpus.table("parties").select("name", "org", "city", "country").distinct())


def _halves(title: str) -> tuple[str, str]:
    """A title cut before a preposition in its middle, else after half of its letters."""
    cuts = [found.start() for found in _HALVES.finditer(title)]
    middle = len(title) // 2
    cut = min(cuts, key=lambda at: abs(at - middle), default=middle)
    return title[:cut], title[cut:]


def _distinct(values: pa.Array, most: int | None = None) -> pa.Array:
    return pa.array(sorted(set(values.to_pylist()))[:most], _TEXT)


def _ragged(lists: Sequence[list[str]]) -> Ragged:
    sizes = np.array([len(some) for some in lists])
    flat = pa.array([text for some in lists for text in some], _TEXT)
    return Ragged(flat, np.cumsum(sizes) - sizes, sizes)


def _spans(at: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.bincount(at.astype(np.int64), minlength=total)
    return np.cumsum(sizes) - sizes, sizes
