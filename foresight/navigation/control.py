"""Who controls a branch (专利控制力): concentration, control index, and the branch's course."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from foresight.indicators.aggregate import check_columns
from foresight.indicators.concentration import (
    DRAWS,
    LEADERS,
    concentration,
    organisation_parts,
)
from foresight.indicators.growth import share_growth
from foresight.provenance import join_ids
from foresight.tables import DOCUMENTS, PARTIES, among, check

Floats = NDArray[np.float64]

LEAST_TREND = 10  # documents in the window: with fewer no course is told
STEADY = float(np.log(1.08))  # per year: 8 % is "extreme growth" (Boyack & Klavans 2022)
REASONS = {
    "no_core": ("没有可判定的核心专利", "no core patent could be told"),
    "no_citations_inside": ("分支内没有他人引用", "no citation from others inside the branch"),
    "few_documents": ("窗口内文献不足十件", "fewer than ten documents in the window"),
    "wide": ("区间过宽，不能判断", "the interval is too wide to tell"),
}


def holders(
    documents: pd.DataFrame,
    parties: pd.DataFrame,
    *,
    roles: Sequence[str] = ("applicant", "owner"),
) -> pd.DataFrame:
    """Tell who stands behind each document: its organisations in the first role that names any.

    Parameters
    ----------
    documents, parties : DataFrame, tables DOCUMENTS and PARTIES
        `org_id`, and where it is missing `org`, names an organisation.
    roles : sequence of str, default ("applicant", "owner")
        In order of preference, document by document. Owners may be those of the export's day.

    Returns
    -------
    DataFrame sorted by doc_id and org_id
        doc_id, org_id, year (of publication), role; one row with null org_id for a document
        without any.
    """
    check(documents, DOCUMENTS)
    check(parties, PARTIES)
    named = parties.reindex(columns=["doc_id", "role", "org", "org_id"]).astype("str")
    named = named.assign(org_id=named["org_id"].fillna(named["org"])).dropna(subset=["org_id"])
    named = named[named["role"].isin(roles)]
    named = named.assign(rank=named["role"].map({role: i for i, role in enumerate(roles)}))
    best = named.groupby("doc_id")["rank"].transform("min")
    named = named[named["rank"] == best][["doc_id", "org_id", "role"]].drop_duplicates()
    years = documents[["doc_id"]].assign(year=documents["published"].str[:4].astype(int))
    frame = years.merge(named, on="doc_id", how="left", validate="one_to_many")
    frame = frame.sort_values(["doc_id", "org_id"])
    return frame[["doc_id", "org_id", "year", "role"]].reset_index(drop=True)


def branch_concentration(
    members: pd.DataFrame,
    doc_orgs: pd.DataFrame,
    *,
    last_year: int,
    rng: np.random.Generator,
    window: int = 5,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Estimate CR4, CR10, HHI and 1/HHI of each branch's documents over organisations.

    See `foresight.indicators.concentration.concentration`.

    Parameters
    ----------
    members : DataFrame
        `unit_id` (branch), `doc_id`.
    doc_orgs : DataFrame, of `holders`
    last_year : int
        Last complete year.
    rng : Generator
    window, draws : int

    Returns
    -------
    DataFrame, four rows per branch, sorted by unit_id
        unit_id, measure, value, lo, hi, raw, n_docs, n_unknown, n_orgs, leaders (org_ids, joined
        by ";", of the largest four or ten, for cr4 and cr10), doc_ids (of the window).
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    pairs = members[["unit_id", "doc_id"]].drop_duplicates()
    rows = pairs.merge(doc_orgs, on="doc_id")
    rows = rows[(rows["year"] <= last_year) & (rows["year"] > last_year - window)]
    made = []
    for unit in sorted(pairs["unit_id"].unique()):
        own = rows[rows["unit_id"] == unit].sort_values(["doc_id", "org_id"])
        table = concentration(own, last_year=last_year, rng=rng, window=window, draws=draws)
        parts = own.dropna(subset=["org_id"])
        weight = 1.0 / parts.groupby("doc_id")["org_id"].transform("size")
        size = weight.groupby(parts["org_id"]).sum().reset_index(name="parts")
        ranked = size.sort_values(["parts", "org_id"], ascending=[False, True])["org_id"]
        leaders = {f"cr{n}": ";".join(ranked.head(n)) for n in LEADERS}
        table = table.assign(leaders=[leaders.get(str(m), "") for m in table.index])
        table.insert(0, "unit_id", unit)
        made.append(table.reset_index().assign(doc_ids=join_ids(own["doc_id"].unique())))
    columns = "unit_id measure value lo hi raw n_docs n_unknown n_orgs leaders doc_ids".split()
    return pd.concat(made, ignore_index=True)[columns] if made else pd.DataFrame(columns=columns)


def control_index(
    members: pd.DataFrame,
    core: pd.DataFrame,
    *,
    doc_orgs: pd.DataFrame,
    references: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate how far each organisation controls a branch. Ours.

        control = (share of the branch's core patents + share of citations received inside it) / 2

    A citation counts if both patents are of the branch and have no organisation in common. A
    patent of several organisations counts for each in equal parts; patents without a known
    organisation take no part in the shares. The interval is the percentile interval over
    `draws` resamples of the branch's patents.

    Parameters
    ----------
    members : DataFrame
        `unit_id` (branch), `doc_id`.
    core : DataFrame, of `core_patents`
        Its patents are those known at its date: others are not read.
    doc_orgs : DataFrame, of `holders`
    references : DataFrame, table REFERENCES
    rng : Generator
    draws : int, default 400
    level : float, default 0.95

    Returns
    -------
    DataFrame, one row per branch and organisation; by unit_id, then from the strongest down
        unit_id, org_id, n_docs, doc_share, n_core, core_share, n_citations, citation_share (of
        parts, 0 to 1), control, control_lo, control_hi, status (`decided`, `undecided`), why (key
        of `REASONS`), n_unit_docs, n_unit_core, n_unit_open (core undecided), n_unit_citations,
        doc_ids, core_ids. Undecided, with a missing index, where the branch has no core patent
        or no citation from others on record; the shares that are known stand.

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    Both shares rest on what the corpus holds of the branch. With few core patents (`n_unit_core`)
    one patent moves the index by much; the interval does not cover core patents still undecided.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    check_columns(core, ("doc_id", "core"), "core")
    check_columns(doc_orgs, ("doc_id", "org_id"), "doc_orgs")
    check_columns(references, ("citing_id", "cited_id"), "references")
    verdict = core.set_index("doc_id")["core"]
    orgs = doc_orgs[["doc_id", "org_id"]].dropna().drop_duplicates()
    pairs = members[["unit_id", "doc_id"]].drop_duplicates()
    pairs = pairs[among(pairs["doc_id"], verdict.index)]
    made = []
    for unit, rows in pairs.groupby("unit_id", sort=True):
        docs = rows["doc_id"].sort_values()
        own = orgs[among(orgs["doc_id"], docs)]
        cited = _cited_by_others(docs, own, references)
        table = _branch(docs, own, verdict.reindex(docs), cited, rng=rng, draws=draws, level=level)
        table.insert(0, "unit_id", unit)
        made.append(table)
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=_INDEX_COLUMNS)


_INDEX_COLUMNS = (
    "unit_id org_id n_docs doc_share n_core core_share n_citations citation_share control "
    "control_lo control_hi status why n_unit_docs n_unit_core n_unit_open n_unit_citations "
    "doc_ids core_ids"
).split()


def _cited_by_others(docs: pd.Series, own: pd.DataFrame, references: pd.DataFrame) -> pd.Series:
    """Citations of each document from the branch's documents of other organisations."""
    arcs = references[["citing_id", "cited_id"]].drop_duplicates()
    arcs = arcs[among(arcs["citing_id"], docs) & among(arcs["cited_id"], docs)]
    arcs = arcs[arcs["citing_id"] != arcs["cited_id"]]
    sides = arcs.merge(own, left_on="citing_id", right_on="doc_id").merge(
        own, left_on=["cited_id", "org_id"], right_on=["doc_id", "org_id"]
    )
    same = pd.MultiIndex.from_frame(sides[["citing_id", "cited_id"]])
    arcs = arcs[~pd.MultiIndex.from_frame(arcs).isin(same)]
    return arcs.groupby("cited_id").size().reindex(docs).fillna(0)


def _branch(
    docs: pd.Series,
    own: pd.DataFrame,
    verdict: pd.Series,
    cited: pd.Series,
    *,
    rng: np.random.Generator,
    draws: int,
    level: float,
) -> pd.DataFrame:
    parts, orgs = organisation_parts(own)
    held = sorted(own["doc_id"].unique())
    flags = {
        "doc": np.ones(len(held)),
        "core": (verdict.reindex(held) == "yes").to_numpy(dtype=float),
        "citation": cited.reindex(held).to_numpy(dtype=float),
    }
    n = len(held)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=draws) if n else np.ones((1, 0))
    shares, again = {}, {}
    for name, amount in flags.items():
        once, many = amount[np.newaxis] @ parts, (drawn * amount) @ parts
        shares[name], again[name] = _of_all(once)[0], _of_all(many)
    control = (shares["core"] + shares["citation"]) / 2
    tail = (1 - level) / 2
    resampled = (again["core"] + again["citation"]) / 2
    known = resampled[~np.isnan(resampled).any(axis=1)]
    empty = np.full(len(orgs), np.nan)
    lo, hi = np.quantile(known, [tail, 1 - tail], axis=0) if len(known) else (empty, empty)
    incidence = parts > 0
    n_core, n_cited = int(flags["core"].sum()), int(flags["citation"].sum())
    why = "no_core" if not n_core else "no_citations_inside" if not n_cited else ""
    of_org = own.sort_values("doc_id").groupby("org_id")["doc_id"]
    core = own[own["doc_id"].map(verdict) == "yes"].groupby("org_id")["doc_id"].agg(join_ids)
    frame = pd.DataFrame(
        {
            "org_id": orgs, "n_docs": (flags["doc"] @ incidence).astype(int),
            "doc_share": shares["doc"], "n_core": (flags["core"] @ incidence).astype(int),
            "core_share": shares["core"],
            "n_citations": (flags["citation"] @ incidence).astype(int),
            "citation_share": shares["citation"], "control": control, "control_lo": lo,
            "control_hi": hi, "status": "undecided" if why else "decided", "why": why,
            "n_unit_docs": len(docs), "n_unit_core": n_core,
            "n_unit_open": int((verdict == "undecided").sum()), "n_unit_citations": n_cited,
            "doc_ids": of_org.agg(join_ids).reindex(orgs).to_numpy(),
            "core_ids": core.reindex(orgs).fillna("").to_numpy(),
        }
    )  # fmt: skip
    order = ["control", "doc_share", "org_id"]
    return frame.sort_values(order, ascending=[False, False, True])


def _of_all(mass: Floats) -> Floats:
    """Shares of each row; NaN for a row without anything."""
    mass = np.asarray(mass)
    total = mass.sum(axis=1, keepdims=True)
    out = np.full(mass.shape, np.nan)
    return np.asarray(np.divide(mass, total, out=out, where=total > 0))


def branch_trends(
    members: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    totals: pd.DataFrame,
    last_year: int,
    window: int = 5,
) -> pd.DataFrame:
    """Tell which branches are hot, rising, steady or fading, from the interval of their growth.

    Growth is the slope of the branch's share of the corpus (`foresight.indicators.growth`, not
    shrunk). `rising`: its interval lies above zero; `hot`: rising, and at least as many documents
    in the window as the median branch of those with ten or more; `fading`: below zero; `steady`:
    within 8 % a year either way; else undecided. The names and bounds are ours.

    Parameters
    ----------
    members : DataFrame
        `unit_id`, `doc_id`.
    documents : DataFrame, table DOCUMENTS
        Every member must be there.
    totals : DataFrame
        `year`, `n_docs` of the whole corpus.
    last_year : int
        Last complete year; later documents are not read.
    window : int, default 5, years

    Returns
    -------
    DataFrame sorted by unit_id
        unit_id, course, why (key of `REASONS`, of the undecided), growth, lo, hi (95 %, per year,
        natural log), n_docs (of the window), doc_ids (of the window).

    Raises
    ------
    InsufficientDataError
        If the corpus has no document in a year of the window.
    TableError
        If a column is missing.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    check_columns(totals, ("year", "n_docs"), "totals")
    check(documents, DOCUMENTS)
    years = range(last_year - window + 1, last_year + 1)
    docs = documents[["doc_id", "kind"]].assign(year=documents["published"].str[:4].astype(int))
    pairs = members[["unit_id", "doc_id"]].drop_duplicates()
    rows = pairs.merge(docs[docs["year"].isin(years)], on="doc_id")
    units = sorted(pairs["unit_id"].unique())
    grid = pd.MultiIndex.from_product([units, years], names=["unit_id", "year"])
    counts = pd.DataFrame(
        {
            "n_docs": rows.groupby(["unit_id", "year"]).size(),
            "n_patents": rows[rows["kind"] == "patent"].groupby(["unit_id", "year"]).size(),
            "n_papers": rows[rows["kind"] == "paper"].groupby(["unit_id", "year"]).size(),
        }
    )
    counts = counts.reindex(grid).fillna(0).astype(int).reset_index()
    corpus = totals.set_index("year")["n_docs"].reindex(years).fillna(0).astype(int)
    counts["n_corpus"] = counts["year"].map(corpus)
    table = share_growth(
        counts.rename(columns={"unit_id": "topic_id"}), last_year=last_year, window=window
    )
    half = float(norm.ppf(0.975)) * table["raw_se"]
    frame = pd.DataFrame(
        {"growth": table["raw"], "lo": table["raw"] - half, "hi": table["raw"] + half,
         "n_docs": table["n_docs"]}
    )  # fmt: skip
    few = frame["n_docs"] < LEAST_TREND
    large = frame["n_docs"] >= frame.loc[~few, "n_docs"].median()
    rising, fading = frame["lo"] > 0, frame["hi"] < 0
    steady = (frame["lo"] > -STEADY) & (frame["hi"] < STEADY)
    course = np.select(
        [few, rising & large, rising, fading, steady],
        ["undecided", "hot", "rising", "fading", "steady"],
        default="undecided",
    )
    frame.insert(0, "course", course)
    why = np.where(few, "few_documents", np.where(course == "undecided", "wide", ""))
    frame.insert(1, "why", why)
    ids = rows.groupby("unit_id")["doc_id"].agg(join_ids)
    frame["doc_ids"] = ids.reindex(frame.index).fillna("")
    return frame.rename_axis("unit_id").reset_index()
