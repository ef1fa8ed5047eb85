"""What is known of patents on a date: grant, status, events, and whether they are in force."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from foresight.indicators.aggregate import check_columns
from foresight.navigation.verdicts import NO, UNDECIDED, YES, Rule, judge
from foresight.tables import FAMILY_MEMBERS

TERM_FILED, TERM_GRANTED = 25, 22  # years: 20 or 17 and an extension of 5; nothing lasts longer


def patents_of(documents: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Patents public by a date, with every column that is read, indexed and sorted by doc_id."""
    rows = documents[(documents["kind"] == "patent") & (documents["published"] <= as_of)]
    names = ["doc_id", "published", "filed", "granted", "office", "family_id", "doc_type", "status"]
    rows = rows.reindex(columns=names).astype("str")
    return rows.set_index("doc_id", drop=False).rename_axis(None).sort_index()


def events_until(events: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Events on or before a date."""
    return events.loc[events["date"] <= as_of, ["doc_id", "date", "event"]]


def members_until(members: pd.DataFrame, as_of: str, known_on: str | None) -> pd.DataFrame:
    """Rows of FAMILY_MEMBERS known by a date: by their own day, else by that of the reading."""
    rows = members.reindex(columns=FAMILY_MEMBERS.names).astype("str")
    by_reading = rows["published"].isna() & (known_on is not None and known_on <= as_of)
    return rows[(rows["published"] <= as_of) | by_reading]


def years_later(days: pd.Series, years: int) -> pd.Series:
    """ISO dates some years later; 29 February stays, which sorts as it should."""
    moved = pd.to_numeric(days.str[:4]) + years
    return moved.astype("Int64").astype("str").str.zfill(4) + days.str[4:]


@dataclass(frozen=True)
class PatentRecord:
    """Patents, what happened to them, and what is known about it."""

    docs: pd.DataFrame
    events: pd.DataFrame
    as_of: str
    known_on: str | None
    record: bool | pd.DataFrame

    @property
    def told(self) -> bool:
        """Whether statuses and lists of families were read by `as_of`."""
        return self.known_on is not None and self.known_on <= self.as_of

    @property
    def status(self) -> pd.Series:
        """Status of each patent; null where it was not known by `as_of`."""
        status: pd.Series = self.docs["status"]
        return status if self.told else status.where(pd.Series(False, index=status.index))

    def last(self, event: str) -> pd.Series:
        """Last day of an event of each patent; null where it has none."""
        days = self.events[self.events["event"] == event].groupby("doc_id")["date"].max()
        return days.reindex(self.docs.index).astype("str")

    def has(self, event: str) -> pd.Series:
        """Whether a patent has an event."""
        return self.last(event).notna()

    def complete(self, event: str) -> pd.Series:
        """Whether the record of an event is complete for a patent's office."""
        if isinstance(self.record, bool):
            return pd.Series(self.record, index=self.docs.index)
        check_columns(self.record, ("office", "event"), "events_complete")
        offices = self.record.loc[self.record["event"] == event, "office"]
        return self.docs["office"].isin(offices)

    @property
    def grant_day(self) -> pd.Series:
        """Day of grant, from the document or its first event; null where later than `as_of`."""
        days = self.events[self.events["event"] == "grant"].groupby("doc_id")["date"].min()
        own = self.docs["granted"]
        return own.where(own <= self.as_of).fillna(days.reindex(self.docs.index))

    def granted(self) -> pd.DataFrame:
        """Verdict on the grant."""
        given = self.grant_day.notna()
        later = self.docs["granted"] > self.as_of
        denied = self.status.isin(["pending", "withdrawn"])
        return judge(
            self.docs.index,
            Rule(given, YES, ""),
            Rule(later | denied | self.complete("grant"), NO, "not_granted"),
            otherwise=(UNDECIDED, "grant_unknown"),
        )

    def in_force(self) -> pd.DataFrame:
        """Verdict on whether a granted patent is in force on `as_of`."""
        granted, lapse = self.grant_day, self.last("lapse")
        filed = self.docs["filed"].fillna(granted)
        over = (years_later(filed, TERM_FILED) < self.as_of) & (
            years_later(granted, TERM_GRANTED) < self.as_of
        )
        status = self.status
        since = lapse > (self.known_on or "")
        ended = status.isin(["inactive", "pending", "withdrawn"])
        renewed = self.last("renewal") > lapse
        judged_since = self.last("invalidation") > (self.known_on or "")
        active = (status == "active") & ~since & ~judged_since
        return judge(
            self.docs.index,
            Rule(over, NO, "term_over"),
            Rule(active, YES, ""),
            Rule(ended | (lapse.notna() & ~renewed), NO, "not_in_force"),
            Rule(lapse.notna(), UNDECIDED, "lapse_or_renewal"),
            Rule(self.has("invalidation"), UNDECIDED, "invalidation"),
            Rule(self.complete("lapse"), YES, ""),
            otherwise=(UNDECIDED, "force_unknown"),
        )
