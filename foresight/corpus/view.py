"""The corpus as it could be known on a date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from foresight.corpus.derived import in_force
from foresight.corpus.store import Corpus
from foresight.errors import CorpusError
from foresight.tables import CORPUS_TABLES, sort

KEYS = {
    **{table.name: table.key for table in CORPUS_TABLES},
    "search_text": ("doc_id",),
    "history": ("doc_id",),
}
DECEMBER = 12


@dataclass(frozen=True)
class View:
    """The documents public by a date, and what belongs to them.

    Attributes
    ----------
    corpus : Corpus
    date : str
        ISO date of knowledge (`as_of`).
    """

    corpus: Corpus
    date: str

    @property
    def documents(self) -> ir.Table:
        """Documents published by the date, those withdrawn before issue aside.

        A grant after the date is not yet known: `granted` is null. `status` is a snapshot of
        the day of supply without a date of its own, so it is null in any view that ends before
        the corpus does.
        """
        table = self.corpus.table("documents")
        granted = ibis.cases((table.granted <= self.date, table.granted))
        changes: dict[str, ir.Value] = {"granted": granted}
        if self.date < str(self.corpus.manifest["last_published"]):
            changes["status"] = ibis.null("string")
        return in_force(table).filter(table.published <= self.date).mutate(**changes)

    @property
    def references(self) -> ir.Table:
        """References made by documents of the view; the cited may lie outside."""
        table = self.corpus.table("references")
        return table.semi_join(self.documents, table.citing_id == self.documents.doc_id)

    @property
    def classes(self) -> ir.Table:
        """Classes of documents of the view."""
        return self._of_documents("classes")

    @property
    def parties(self) -> ir.Table:
        """Parties of documents of the view."""
        return self._of_documents("parties")

    @property
    def events(self) -> ir.Table:
        """Events up to the date, of documents of the view."""
        table = self._of_documents("events")
        return table.filter(table.date <= self.date)

    @property
    def search_text(self) -> ir.Table:
        """Normalised texts of documents of the view."""
        return self._of_documents("search_text")

    @property
    def history(self) -> ir.Table:
        """Counts of pairs and first-ever pairs of documents of the view."""
        return self._of_documents("history")

    @property
    def first_organisations(self) -> ir.Table:
        """Organisations that appeared by the date, with the day of their first document."""
        table = self.corpus.table("first_organisations")
        return table.filter(table.first_published <= self.date)

    @property
    def last_published(self) -> str:
        """The latest date of publication in the view."""
        return str(
            self.corpus.read(self.documents.agg(day=lambda t: t.published.max()))["day"].iloc[0]
        )

    @property
    def last_complete_year(self) -> int:
        """The last calendar year that the view holds whole (see `last_complete_year`)."""
        return last_complete_year(self.date, last_published=self.last_published)

    def _of_documents(self, name: str) -> ir.Table:
        return self.corpus.table(name).semi_join(self.documents, "doc_id")

    def table(self, name: str) -> ir.Table:
        """Give a table of the view by name.

        Raises
        ------
        CorpusError
            For an unknown name.
        """
        if name not in KEYS:
            msg = f"A view has no table `{name}`. It has: {', '.join(KEYS)}."
            raise CorpusError(msg)
        table: ir.Table = getattr(self, name)
        return table

    def yearly_totals(self) -> pd.DataFrame:
        """Count the documents of each year of publication.

        Returns
        -------
        DataFrame, sorted by year, with a row for every year from the first to that of the date
            year, n_docs, n_patents, n_papers. Years without a document have zeros; the year
            that the date cuts short is included.
        """
        documents = self.documents
        years = documents.mutate(year=documents.published[:4].cast("int64"))
        counted = years.group_by("year").agg(
            n_docs=years.count(),
            n_patents=(years.kind == "patent").sum(),
            n_papers=(years.kind == "paper").sum(),
        )
        frame = self.corpus.read(counted).set_index("year").sort_index()
        every = pd.RangeIndex(int(frame.index[0]), int(self.date[:4]) + 1, name="year")
        whole: pd.DataFrame = frame.reindex(every, fill_value=0).astype(np.int64).reset_index()
        return whole

    def frame(self, name: str, doc_ids: Iterable[str] | None = None) -> pd.DataFrame:
        """Read the rows of some documents of the view into memory.

        Parameters
        ----------
        name : str
            Table of the view.
        doc_ids : iterable of str, optional
            Documents wanted (citing documents for `references`). Ids outside the view have no
            rows in the result. Default: all of the view.

        Returns
        -------
        DataFrame, sorted by the table's key, fresh index.

        Raises
        ------
        CorpusError
            For an unknown table.
        """
        table = self.table(name)
        if doc_ids is not None:
            column = "citing_id" if name == "references" else "doc_id"
            wanted = pd.DataFrame({"wanted": pd.Series(sorted(set(doc_ids)), dtype="str")})
            ids = ibis.memtable(wanted, schema={"wanted": "string"})
            table = table.semi_join(ids, table[column] == ids.wanted)
        return sort(self.corpus.read(table), KEYS[name])


def as_of(corpus: Corpus, date: str, *, today: str | None = None) -> View:
    """View a corpus as of a date: nothing published later is in it.

    Parameters
    ----------
    corpus : Corpus
    date : str
        ISO date `YYYY-MM-DD`.
    today : str, optional
        ISO date; default is the day in UTC.

    Raises
    ------
    CorpusError
        If the date is malformed, lies in the future, or before the first document.
    """
    check_date(date)
    now = today or utc_today()
    if date > now:
        msg = f"The as-of date {date} lies after today ({now}). Give a date up to today."
        raise CorpusError(msg)
    first = str(corpus.manifest["first_published"])
    if date < first:
        msg = (
            f"On {date} nothing of corpus {corpus.name!r} was public; its first document is of "
            f"{first}. Give a date from then on."
        )
        raise CorpusError(msg)
    return View(corpus, date)


def default_as_of(corpus: Corpus, *, today: str | None = None) -> str:
    """Find the latest date of publication in a corpus that is not after today.

    Raises
    ------
    CorpusError
        If every document is dated in the future.
    """
    now = today or utc_today()
    documents = in_force(corpus.table("documents"))
    known = documents.filter(documents.published <= now)
    latest = corpus.read(known.agg(day=known.published.max()))["day"].iloc[0]
    if latest is None or pd.isna(latest):
        msg = (
            f"All documents of corpus {corpus.name!r} are dated after today ({now}), the first on "
            f"{corpus.manifest['first_published']}. Check the column `published`."
        )
        raise CorpusError(msg)
    return str(latest)


def last_complete_year(date: str, *, last_published: str | None = None) -> int:
    """Tell the last calendar year that is over, and covered, at a date.

    Parameters
    ----------
    date : str
        ISO date of knowledge.
    last_published : str, optional
        Latest date of publication known. A year after it, or in which it lies before December,
        is not covered: the corpus ended, not the technology (the rule is ours).

    Returns
    -------
    int
        Year of `date` if that is 31 December, otherwise the year before; earlier if the corpus
        ends earlier.
    """
    day = check_date(date)
    year = day.year if (day.month, day.day) == (DECEMBER, 31) else day.year - 1
    if last_published is None:
        return year
    last = check_date(last_published)
    return min(year, last.year if last.month == DECEMBER else last.year - 1)


def check_date(text: str) -> date:
    """Read an ISO date.

    Raises
    ------
    CorpusError
        If it is not `YYYY-MM-DD` or no day of the calendar.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        if year and 1 <= month <= DECEMBER and 1 <= day <= calendar.monthrange(year, month)[1]:
            return date(year, month, day)
    msg = f"{text!r} is not a date. Write it as YYYY-MM-DD, for example 2020-12-31."
    raise CorpusError(msg)


def utc_today() -> str:
    """Today's date in UTC."""
    return datetime.now(UTC).date().isoformat()
