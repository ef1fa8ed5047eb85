"""Pairs of classes over a whole corpus: who joins them first, and how often they meet in a year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from foresight.corpus.history import class_units


def recombinations(documents: ir.Table, classes: ir.Table) -> ir.Table:
    """Tell first-ever pairs of classes that were both known from those that bring a new class.

    A pair with a unit that no earlier document has must be new. Main groups of a fixed scheme
    exist before they are used, keywords do not: of 3,257 papers with keywords of conferences,
    98.7 % have a first-ever pair but 9.3 % one without a new keyword. Joining known components is
    what a recombination is (Fleming 2001, doi:10.1287/mnsc.47.1.117.10671); new components are
    counted beside it (Verhoeven, Bakker, Veugelers 2016, doi:10.1016/j.respol.2015.11.010, look at
    pairs alone).

    Parameters
    ----------
    documents, classes : Ibis tables of the whole corpus

    Returns
    -------
    Ibis table, one row per document
        doc_id, n_units, n_first_units (no document of an earlier day has the unit), n_pairs,
        n_first_pairs (as in `foresight.corpus.history.first_pairs`), n_known_first_pairs (those
        of two units that documents of earlier days have). All null for a document without any
        class, 0 for a document with one.

    Notes
    -----
    Each value looks only backwards from the document's own day. Classes as a corpus has them now:
    where codes were assigned again later (CPC), a pair may be older than its classes were then.
    """
    units = class_units(documents, classes)
    starts = units.group_by("unit").agg(begun=units.published.min())
    dated = units.join(starts, "unit").mutate(new=lambda t: t.published == t.begun)
    own = dated.group_by("doc_id").agg(
        n_units=lambda t: t.count(), n_first_units=lambda t: t.new.sum()
    )
    pairs = _pairs(dated)
    firsts = pairs.group_by("a", "b").agg(first=pairs.published.min())
    joined = pairs.join(firsts, ["a", "b"]).mutate(is_first=lambda t: t.published == t.first)
    counted = joined.group_by("doc_id").agg(
        n_pairs=lambda t: t.count(),
        n_first_pairs=lambda t: t.is_first.sum(),
        n_known_first_pairs=lambda t: (t.is_first & ~t.new & ~t.new_b).sum(),
    )
    whole = documents.select("doc_id").left_join(own, "doc_id").drop("doc_id_right")
    whole = whole.left_join(counted, "doc_id").drop("doc_id_right")
    names = ("n_units", "n_first_units", "n_pairs", "n_first_pairs", "n_known_first_pairs")
    known = whole.n_units.notnull()
    values = {n: ibis.cases((known, whole[n].coalesce(0).cast("int64"))) for n in names}
    return whole.select("doc_id", **values).order_by("doc_id")


def _pairs(units: ir.Table) -> ir.Table:
    """Every pair a < b of a document's units; what belongs to b carries the suffix `_b`."""
    more = [name for name in units.columns if name not in {"doc_id", "published", "unit"}]
    left = units.select("doc_id", "published", *more, a="unit")
    right = units.select("doc_id", b="unit", **{f"{name}_b": name for name in more})
    joined: ir.Table = left.join(right, "doc_id").filter(lambda t: t.a < t.b)
    return joined


def pair_counts(documents: ir.Table, classes: ir.Table) -> ir.Table:
    """Count, for each document and pair of its classes, how often both met in its year.

    Only documents with at least two units are counted: the others cannot join any.

    Parameters
    ----------
    documents, classes : Ibis tables of the whole corpus

    Returns
    -------
    Ibis table, one row per document and pair a < b, sorted
        doc_id, year (of publication), a, b, n_pair (documents of the year with both), n_a, n_b
        (with either), n_docs (documents of the year with at least two units); all count the
        document itself. Input of `foresight.indicators.atypicality.pair_atypicality`.

    Notes
    -----
    A year's counts are complete when the year is: read a year that is not over with care, and
    nothing of a later year.
    """
    units = class_units(documents, classes)
    several = units.group_by("doc_id").having(units.count() > 1).agg()
    units = units.semi_join(several, "doc_id").mutate(year=units.published[:4].cast("int64"))
    sizes = units.group_by("year").agg(n_docs=units.doc_id.nunique())
    uses = units.group_by("year", "unit").agg(n=lambda t: t.count())
    pairs = _pairs(units).drop("year_b", "published")
    both = pairs.group_by("year", "a", "b").agg(n_pair=pairs.count())
    counted = (
        pairs.join(both, ["year", "a", "b"])
        .join(uses.rename(a="unit", n_a="n"), ["year", "a"])
        .join(uses.rename(b="unit", n_b="n"), ["year", "b"])
        .join(sizes, "year")
    )
    columns = ("doc_id", "year", "a", "b", "n_pair", "n_a", "n_b", "n_docs")
    return counted.select(*columns).order_by("doc_id", "a", "b")
