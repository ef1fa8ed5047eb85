"""A corpus as the plain tables that patent navigation reads: patents, one per family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from foresight.corpus.members import family_members
from foresight.corpus.normalise import HOME, PROVINCE, prefectures
from foresight.corpus.select import match_tracks
from foresight.corpus.view import View
from foresight.navigation.high_value_rules import MINOR
from foresight.navigation.places import document_places, level_documents
from foresight.navigation.presence import inside_region
from foresight.run.backtest_records import first_of_family
from foresight.run.stage import sub_direction_members
from foresight.tables import FAMILY_MEMBERS
from foresight.tracks import Registry

PEOPLE = ("author", "inventor")


@dataclass(frozen=True)
class Region:
    """The region that a navigation is for: the province, or one of its cities.

    Attributes
    ----------
    zh, en : str
        Names of the region.
    city : str or None
        Chinese name of the city; None for the province.
    """

    zh: str
    en: str
    city: str | None

    @property
    def level(self) -> str:
        """Level of the region: `province` or `city`."""
        return "province" if self.city is None else "city"

    @property
    def wider(self) -> tuple[str, ...]:
        """Levels that the region is compared with, the nearest first."""
        return ("country", "world") if self.city is None else ("province", "country", "world")


@dataclass(frozen=True)
class Ground:
    """What a navigation is computed from, as known on a date.

    Attributes
    ----------
    patents : DataFrame, table DOCUMENTS
        All patents of the corpus, every member of a family and utility models among them.
    documents : DataFrame, table DOCUMENTS, with year and is_granted
        The patents that are counted: inventions, the first of each family to become public;
        is_granted tells whether any member of the family is.
    stands_for : Series indexed by doc_id
        The counted document of each invention patent's family.
    members : DataFrame
        unit_id (tracks and sub-directions), doc_id: of counted documents.
    matched : DataFrame
        track, doc_id, kind, minor: all documents that belong to a track, papers too.
    parties, classes, history : DataFrame, of counted documents
    classes_of_others : DataFrame, table CLASSES, of the other patents
    references : DataFrame
        Between counted documents, by the families that they stand for.
    events : DataFrame, table EVENT_TABLE, of all patents
    listed : DataFrame, table FAMILY_MEMBERS, as the corpus has it
    places : DataFrame, of `document_places`, of counted documents
    """

    patents: pd.DataFrame
    documents: pd.DataFrame
    stands_for: pd.Series
    members: pd.DataFrame
    matched: pd.DataFrame
    parties: pd.DataFrame
    classes: pd.DataFrame
    classes_of_others: pd.DataFrame
    history: pd.DataFrame
    references: pd.DataFrame
    events: pd.DataFrame
    listed: pd.DataFrame
    places: pd.DataFrame

    def of_track(self, track: str) -> pd.DataFrame:
        """unit_id, doc_id of a track and its sub-directions."""
        units = self.members["unit_id"]
        own = (units == track) | units.str.startswith(f"{track}/")
        return self.members[own].reset_index(drop=True)

    def families(self, *, told: bool) -> pd.DataFrame:
        """What else was published of each counted document's family, table FAMILY_MEMBERS.

        Those listed, and the family's other documents in the corpus. A document that is both
        counts as listed where lists may be read (`told`), else as a record with its own day.
        """
        own = self.patents.set_index("doc_id")
        siblings = self.stands_for[self.stands_for.index != self.stands_for]
        of_corpus = pd.DataFrame(
            {
                "doc_id": siblings.to_numpy(),
                "member_id": siblings.index,
                "office": own["office"].reindex(siblings.index).to_numpy(),
                "published": own["published"].reindex(siblings.index).to_numpy(),
                "known_by": "record",
            }
        )
        rows = self.listed.assign(doc_id=self.listed["doc_id"].map(self.stands_for))
        rows = rows.dropna(subset=["doc_id"])[FAMILY_MEMBERS.names]
        frame = pd.concat([rows, of_corpus], ignore_index=True)
        frame = frame[frame["doc_id"] != frame["member_id"]]
        order = ["doc_id", "member_id", "known_by"]
        frame = frame.sort_values(order, ascending=[True, True, told], kind="stable")
        return frame.drop_duplicates(["doc_id", "member_id"]).reset_index(drop=True)

    def every_class(self, ids: Iterable[str]) -> pd.DataFrame:
        """Table CLASSES of some patents, counted or not."""
        wanted = set(ids)
        parts = (self.classes, self.classes_of_others)
        return pd.concat([p[p["doc_id"].isin(wanted)] for p in parts], ignore_index=True)

    def totals(self) -> pd.DataFrame:
        """year, n_docs: counted documents of the corpus; zeros are rows."""
        counts = self.documents["year"].value_counts().sort_index()
        every = pd.RangeIndex(int(counts.index[0]), int(counts.index[-1]) + 1, name="year")
        return counts.reindex(every, fill_value=0).rename("n_docs").reset_index()

    def levels(self, ids: pd.Index, region: Region) -> pd.DataFrame:
        """Of which level documents are; see `level_documents`."""
        return level_documents(
            ids, places=self.places, home=HOME, province=PROVINCE, city=region.city
        )

    def inventors(self) -> pd.DataFrame:
        """Persons on counted documents: doc_id, role, position, name, first_year, own place."""
        rows = self.parties[self.parties["role"].isin(PEOPLE)].dropna(subset=["name"])
        years = self.documents.set_index("doc_id")["year"]
        firsts = rows["doc_id"].map(years).groupby(rows["name"]).min()
        rows = rows.assign(first_year=rows["name"].map(firsts), province=rows["region"])
        found = rows.assign(city=prefectures(rows))
        inside = inside_region(found, home=HOME, province=PROVINCE).fillna(value=False)
        found["province"] = found["province"].mask(inside.astype(bool), PROVINCE)
        names = ["doc_id", "role", "position", "name", "first_year", "country", "province", "city"]
        return found[names].reset_index(drop=True)


def read_ground(view: View, registry: Registry) -> Ground:
    """Read a corpus as of a date.

    Parameters
    ----------
    view : View
    registry : Registry
    """
    every = view.frame("documents")
    patents = every[every["kind"] == "patent"].reset_index(drop=True)
    minor = patents["doc_type"].fillna("").astype("str").str.fullmatch(MINOR).astype(bool)
    stands_for = first_of_family(patents[~minor])
    counted = pd.Index(sorted(stands_for.unique()))
    documents = _counted(patents, stands_for)
    parties = view.frame("parties")
    parties = parties[parties["doc_id"].isin(counted)].reset_index(drop=True)
    classes = view.frame("classes")
    history = view.frame("history")
    matches = match_tracks(view.corpus, registry.terms())
    matches = matches[matches["doc_id"].isin(every["doc_id"])]
    kinds = every.set_index("doc_id")["kind"]
    matched = matches[["track", "doc_id"]].drop_duplicates().sort_values(["track", "doc_id"])
    matched = matched.assign(
        kind=matched["doc_id"].map(kinds),
        minor=matched["doc_id"].isin(patents.loc[minor, "doc_id"]),
    )
    return Ground(
        patents=patents,
        documents=documents,
        stands_for=stands_for,
        members=_members(matches, stands_for),
        matched=matched.reset_index(drop=True),
        parties=parties,
        classes=classes[classes["doc_id"].isin(counted)].reset_index(drop=True),
        classes_of_others=classes[~classes["doc_id"].isin(counted)].reset_index(drop=True),
        history=history[history["doc_id"].isin(counted)].reset_index(drop=True),
        references=_references(view.frame("references"), stands_for),
        events=view.frame("events", patents["doc_id"]),
        listed=family_members(view.corpus),
        places=document_places(parties, cities=prefectures(parties), home=HOME),
    )


def _counted(patents: pd.DataFrame, stands_for: pd.Series) -> pd.DataFrame:
    """The documents that stand for a family, with what is known of any member."""
    grants = patents.set_index("doc_id")["granted"].reindex(stands_for.index).notna()
    granted = grants.groupby(stands_for.to_numpy()).any()
    rows = patents[patents["doc_id"].isin(stands_for)].sort_values("doc_id")
    return rows.assign(
        year=rows["published"].str[:4].astype(int), is_granted=rows["doc_id"].map(granted)
    ).reset_index(drop=True)


def _members(matches: pd.DataFrame, stands_for: pd.Series) -> pd.DataFrame:
    whole = matches.rename(columns={"track": "unit_id"})[["unit_id", "doc_id"]]
    rows = pd.concat([whole, sub_direction_members(matches)], ignore_index=True)
    rows = rows.assign(doc_id=rows["doc_id"].map(stands_for)).dropna().drop_duplicates()
    return rows.sort_values(["unit_id", "doc_id"]).reset_index(drop=True)


def _references(references: pd.DataFrame, stands_for: pd.Series) -> pd.DataFrame:
    """Citations between families of counted documents; those within a family aside."""
    pairs = references[["citing_id", "cited_id"]]
    pairs = pairs.assign(
        citing_id=pairs["citing_id"].map(stands_for), cited_id=pairs["cited_id"].map(stands_for)
    ).dropna()
    pairs = pairs[pairs["citing_id"] != pairs["cited_id"]].drop_duplicates()
    return pairs.sort_values(["citing_id", "cited_id"]).reset_index(drop=True)


def lost_members(ground: Ground, track: str) -> dict[str, int]:
    """How documents of a track became counted families.

    Returns
    -------
    dict
        n_matched, n_papers, n_minor, n_patents (inventions), n_families.
    """
    rows = ground.matched[ground.matched["track"] == track]
    patents = rows[(rows["kind"] == "patent") & ~rows["minor"]]
    return {
        "n_matched": len(rows),
        "n_papers": int((rows["kind"] == "paper").sum()),
        "n_minor": int(rows["minor"].sum()),
        "n_patents": len(patents),
        "n_families": int(patents["doc_id"].map(ground.stands_for).nunique()),
    }
