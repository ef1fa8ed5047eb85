"""What was the first of its kind: pairs of classes, and organisations.

Every value of a document looks only backwards from its own date of publication, so records
added later change nothing before them, and one computation over the whole corpus serves every
as-of view.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from foresight.corpus.portable import lower

DAY = 10  # letters of an ISO date
PAIR = ("doc_id", "published", "a", "b")


def class_units(documents: ir.Table, classes: ir.Table) -> ir.Table:
    """Units whose pairs are counted: one row per document and unit.

    For patents the main group of each CPC or IPC code ("H01M10"; both schemes share the
    symbols, so a group counts once). For papers each keyword and each OpenAlex topic, in lower
    case, marked by its scheme.

    Returns
    -------
    Ibis table
        doc_id, published, unit; distinct.
    """
    patents = documents.filter(documents.kind == "patent").select("doc_id", "published")
    papers = documents.filter(documents.kind == "paper").select("doc_id", "published")
    groups = classes.filter(classes.scheme.isin(["cpc", "ipc"]))
    groups = groups.select("doc_id", unit=groups.code.split("/")[0])
    concepts = classes.filter(classes.scheme.isin(["keyword", "openalex_topic"]))
    concepts = concepts.select("doc_id", unit=concepts.scheme + ":" + lower(concepts.code.strip()))
    both = ibis.union(patents.join(groups, "doc_id"), papers.join(concepts, "doc_id"))
    return both.select("doc_id", "published", "unit").distinct()


def document_pairs(units: ir.Table) -> ir.Table:
    """Pairs of units that documents have: doc_id, published, a, b (a before b); of `class_units`.

    Documents with many classes are not cut short: n units give n(n-1)/2 pairs.
    """
    left = units.select("doc_id", "published", a="unit")
    right = units.select("doc_id", b="unit")
    return left.join(right, "doc_id").filter(lambda t: t.a < t.b).select(*PAIR)


def pair_firsts(pairs: ir.Table) -> ir.Table:
    """The first day of each pair: a, b, first; of `document_pairs`."""
    return pairs.group_by("a", "b").agg(first=pairs.published.min())


def first_pairs(
    documents: ir.Table, units: ir.Table, pairs: ir.Table, firsts: ir.Table
) -> ir.Table:
    """Count each document's pairs of classes, and those never seen before it.

    A pair is new in a document if no document published on an earlier day has it; documents of
    one day share their first pairs. Pairs of main groups as the mark of a new combination:
    Verhoeven, Bakker, Veugelers 2016, doi:10.1016/j.respol.2015.11.010 (there on IPC groups).

    Parameters
    ----------
    documents, units, pairs : Ibis tables
        Of the documents that are counted: the whole corpus, or some.
    firsts : Ibis table, of `pair_firsts`
        Of the whole corpus.

    Returns
    -------
    Ibis table, one row per document
        doc_id, n_pairs, n_first_pairs; both null for a document without any class (not
        known), 0 for a document with one.

    Notes
    -----
    The first documents of a corpus have nothing behind them, so nearly all their pairs are
    first. Shares are comparable within a year only.
    """
    counted = (
        pairs.join(firsts, ["a", "b"])
        .group_by("doc_id")
        .agg(
            n_pairs=lambda t: t.count(),
            n_first_pairs=lambda t: (t.published == t.first).sum(),
        )
    )
    known = units.select("doc_id").distinct().mutate(known=ibis.literal(True))
    joined = documents.select("doc_id").left_join(known, "doc_id").drop("doc_id_right")
    joined = joined.left_join(counted, "doc_id").drop("doc_id_right")
    return joined.select(
        "doc_id",
        **{
            name: ibis.cases((joined.known, joined[name].coalesce(0).cast("int64")))
            for name in ("n_pairs", "n_first_pairs")
        },
    ).order_by("doc_id")


def first_organisations(documents: ir.Table, parties: ir.Table) -> ir.Table:
    """Find the day on which each organisation first appears in the corpus.

    Returns
    -------
    Ibis table, one row per organisation
        org_id, org (the alphabetically first spelling of the first day that has one; null if
        none has), first_published, named (that day).
    """
    named = parties.drop_null(["org_id"]).select("doc_id", "org_id", "org")
    dated = named.join(documents.select("doc_id", "published"), "doc_id")
    # ISO dates are ten letters: the least of date and name together is the first day's first name.
    firsts = dated.group_by("org_id").agg(
        first_published=dated.published.min(), dated_name=(dated.published + dated.org).min()
    )
    return with_names(firsts).order_by("org_id")


def with_names(firsts: ir.Table) -> ir.Table:
    """Cut `dated_name`, a day with the name after it, of organisations into `named` and `org`."""
    cut = firsts.mutate(org=firsts.dated_name.substr(DAY), named=firsts.dated_name.substr(0, DAY))
    return cut.select("org_id", "org", "first_published", "named")
