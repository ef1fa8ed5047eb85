"""Core patents of a field: often cited for their field and year, or protected in many markets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from foresight.errors import SettingsError
from foresight.indicators.graph import citation_graph
from foresight.indicators.impact import citation_percentile, citations_received
from foresight.navigation.high_value_rules import NOT_ABROAD
from foresight.navigation.patent_record import members_until, patents_of
from foresight.navigation.verdicts import NO, UNDECIDED, YES, Rule, either, judge
from foresight.tables import CLASSES, DOCUMENTS, FAMILY_MEMBERS, REFERENCES, check

CRITERIA = ("cited", "offices")
TOP = 90.0  # percentile of citations from which a patent is core: the upper tenth
LEAST_OFFICES = 3  # with its own: protected in three markets
LEAST_AGE = 3  # years since publication: a younger patent may still be cited
SUBCLASS = 4  # characters of a CPC/IPC subclass
REASONS = {
    "no_citations": ("没有引文数据", "no citations on record"),
    "no_field": ("没有分类号", "no class on record"),
    "small_cell": (
        "同领域同年文献不足十件或均未被引",
        "fewer than ten documents of its field and year, or none of them cited",
    ),
    "young": ("公开未满三年", "public for less than three years"),
    "not_top": ("被引不在前一成", "not in the upper tenth by citations"),
    "top": ("被引居同领域同年前一成", "in the upper tenth of its field and year by citations"),
    "families_unknown": ("没有同族信息", "no list of family members"),
    "few_offices": ("同族不足三个局", "its family has fewer than three offices"),
    "offices": ("同族达三个局", "a family of three offices or more"),
}


def core_patents(
    documents: pd.DataFrame,
    *,
    references: pd.DataFrame,
    classes: pd.DataFrame,
    family_members: pd.DataFrame,
    as_of: str,
    known_on: str | None = None,
    criteria: Sequence[str] = CRITERIA,
) -> pd.DataFrame:
    """Decide which patents are core: often cited for their field and year, or widely protected.

    Ours. Two criteria, each yes, no or undecided; core is their disjunction in three-valued
    logic (a yes makes a yes, else an undecided makes it undecided). The number of claims, which
    analysts also use, is in no table and takes no part.

    - `cited`: percentile of citations received by `as_of` among the documents of its classes
      (CPC subclasses, IPC where there is none) and year is at least 90. Undecided without
      references, class or ten documents in a cell, where no document of the cell is cited, and
      for three years after publication.
    - `offices`: the family, itself included, is published at three offices or more (WO and IB
      left aside). Undecided where no list of its family is on record.

    Parameters
    ----------
    documents, references, classes, family_members : DataFrame
        Tables of the contract. Citing documents must be among `documents`: give the corpus, not
        the branch alone.
    as_of : str
        ISO date; later documents neither stand nor cite, later members are not counted.
    known_on : str, optional
        ISO date on which lists of families were read. Members without a day of their own count
        only with it, from then on.
    criteria : sequence of str, default ("cited", "offices")
        Those used; without a family list anywhere choose ("cited",), or nothing is ever `no`.

    Returns
    -------
    DataFrame, one row per patent, sorted by doc_id
        doc_id, year, core, cited, why_cited, offices, why_offices (keys of `REASONS`),
        percentile, n_citations, n_cell, n_offices.

    Raises
    ------
    TableError
        If a table breaks its contract.
    SettingsError
        If a criterion is unknown or none is given.

    References
    ----------
    Percentile: see `foresight.indicators.impact.citation_percentile`. Family size as a mark of
    value: Harhoff, Scherer & Vopel (2003), doi:10.1016/S0048-7333(02)00124-5.
    """
    if not criteria or set(criteria) - set(CRITERIA):
        msg = f"Criteria must be some of {', '.join(CRITERIA)}; got {list(criteria)}."
        raise SettingsError(msg)
    tables = ((documents, DOCUMENTS), (references, REFERENCES), (classes, CLASSES))
    for frame, table in (*tables, (family_members, FAMILY_MEMBERS)):
        check(frame, table)
    known = documents[documents["published"] <= as_of]
    patents = patents_of(documents, as_of)
    cited = _cited(known, references, classes, as_of).reindex(patents.index)
    wide = _offices(patents, family_members, as_of, known_on)
    found = {"cited": cited["verdict"], "offices": wide["verdict"]}
    frame = pd.DataFrame(
        {
            "year": patents["published"].str[:4].astype(int),
            "core": either(*(found[name] for name in criteria)),
            "cited": cited["verdict"], "why_cited": cited["why"],
            "offices": wide["verdict"], "why_offices": wide["why"],
            "percentile": cited["percentile"],
            "n_citations": cited["n_so_far"].astype("Int64"),
            "n_cell": cited["n_cell"].astype("Int64"),
            "n_offices": wide["n_offices"],
        }
    )  # fmt: skip
    return frame.rename_axis("doc_id").reset_index()


def _cited(
    known: pd.DataFrame, references: pd.DataFrame, classes: pd.DataFrame, as_of: str
) -> pd.DataFrame:
    docs = known[["doc_id"]].assign(year=known["published"].str[:4].astype(int))
    graph = citation_graph(docs, references)
    counts = citations_received(graph)["n_so_far"]
    rows = classes[classes["scheme"].isin(["cpc", "ipc"])]
    cpc = rows.loc[rows["scheme"] == "cpc", "doc_id"]
    rows = rows[(rows["scheme"] == "cpc") | ~rows["doc_id"].isin(cpc)]
    fields = rows.assign(field=rows["code"].str[:SUBCLASS])[["doc_id", "field"]].drop_duplicates()
    cells = docs.merge(fields, on="doc_id")
    cells = cells.assign(n_citations=cells["doc_id"].map(counts))
    # A cell in which nothing is cited ranks nobody.
    alive = cells.groupby(["field", "year"])["n_citations"].transform("max") > 0
    ranked = citation_percentile(cells[alive]).reindex(docs["doc_id"])
    frame = ranked[["percentile", "n_cell"]].fillna({"n_cell": 0}).rename_axis(None)
    frame["n_so_far"] = counts.reindex(frame.index)
    day = known.set_index("doc_id")["published"].reindex(frame.index)
    young = (day.str[:4].astype(int) + LEAST_AGE).astype(str) + day.str[4:] > as_of
    verdicts = judge(
        frame.index,
        Rule(graph.n_arcs == 0, UNDECIDED, "no_citations"),
        Rule(~frame.index.isin(fields["doc_id"]), UNDECIDED, "no_field"),
        Rule(young, UNDECIDED, "young"),
        Rule(frame["percentile"].isna(), UNDECIDED, "small_cell"),
        Rule(frame["percentile"] >= TOP, YES, "top"),
        otherwise=(NO, "not_top"),
    )
    return frame.join(verdicts)


def _offices(
    patents: pd.DataFrame, members: pd.DataFrame, as_of: str, known_on: str | None
) -> pd.DataFrame:
    rows = members_until(members, as_of, known_on)
    rows = rows[rows["doc_id"].isin(patents.index)]
    listed = patents.index.isin(rows.loc[rows["known_by"] == "listed", "doc_id"])
    own = patents[["doc_id", "office"]]
    shared = patents.dropna(subset=["family_id"])[["doc_id", "family_id"]].merge(
        patents[["family_id", "office"]], on="family_id"
    )
    every = pd.concat([rows[["doc_id", "office"]], own, shared[["doc_id", "office"]]])
    every = every[~every["office"].isin(NOT_ABROAD)]
    n = every.groupby("doc_id")["office"].nunique().reindex(patents.index).fillna(0).astype(int)
    verdicts = judge(
        patents.index,
        Rule(n >= LEAST_OFFICES, YES, "offices"),
        Rule(listed, NO, "few_offices"),
        otherwise=(UNDECIDED, "families_unknown"),
    )
    return verdicts.assign(n_offices=n)
