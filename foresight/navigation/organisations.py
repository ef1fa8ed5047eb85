"""Organisations of a unit: strong, rising, absent from the province, small and large."""

from __future__ import annotations

import re

import pandas as pd

from foresight.corpus.normalise import (
    HOME,
    LEGAL_FORMS,
    LEGAL_PHRASES,
    LEGAL_ZH,
    PROVINCE,
    organisation_id,
)
from foresight.errors import TableError
from foresight.intervals import wilson
from foresight.navigation.person_mentions import known_documents, mapped, with_all_columns
from foresight.provenance import join_ids
from foresight.tables import DOCUMENTS, PARTIES, check

RECENT = 3  # complete years that count as recent
LEAST_STRONG = 5  # documents in the unit of an organisation that is called strong
STRONGEST = 10  # by documents; ties with the tenth are in
LEAST_RECENT = 3  # recent documents of one that is called rising
LEAST_PLACED = 3  # documents with a place, to say that an organisation is absent from one
SMALL = 10  # documents in the whole corpus of a company that is taken for small

KINDS = ("university", "hospital", "company", "institute", "government", "unknown")
_UNIVERSITY = re.compile(
    r"univers|\buniv\b|\bcollege\b|polytech|hochschule|[eé]cole|\balumni\b|\bregents\b|politecnic|"
    r"institute of (?:science and |advanced )*technology|(?:academ\w*|univ\w*)[- ]industr|"
    r"industry[- ](?:academ|univ)|\bkaist\b|\bpostech\b|大学|(?<!科)学院",
    re.I,
)
_HOSPITAL = re.compile(r"hospital|\bclinic\b|medical cent(?:er|re)\b|医院", re.I)
_INSTITUTE = re.compile(
    r"institut|academ|research|laborator(?:y|ies)\b|council|foundation|fraunhofer|max[- ]planck|"
    r"commissariat|centre national|研究院|研究所|科学院|实验室|中心$",
    re.I,
)
_GOVERNMENT = re.compile(
    r"\bministry\b|\bsecretary\b|\bgovernment\b|\bunited states of america\b|\bagency\b|"
    r"\bdepartment of\b|\bnavy\b|\barmy\b|administration\b|委员会$|管理局$|部$",
    re.I,
)
_COMPANY = re.compile(r"(?:公司|工厂|集团|厂)$|\b(?:company|holdings?|group|industries)\b", re.I)
COLUMNS = [
    "unit_id", "org_id", "org", "kind", "n_docs", "share", "share_lo", "share_hi", "n_recent",
    "recent_share", "recent_lo", "recent_hi", "unit_recent_share", "strong", "rising", "n_corpus",
    "size", "size_basis", "n_placed", "n_province", "province_hi", "absent", "doc_ids",
]  # fmt: skip


def organisation_kind(name: str) -> str:
    """University, hospital, company, institute or government, by the words of a name.

    A legal form at the end makes a company, unless a university is named. `unknown` where the
    name does not tell (`Qualcomm`); that is not a statement that it is a company. Ours.

    >>> organisation_kind("Zhejiang University"), organisation_kind("Ningbo Joyson Co., Ltd.")
    ('university', 'company')
    """
    flat = re.sub(r"[^\w]+", " ", name.casefold().replace(".", ""))
    words = flat.split()
    if _UNIVERSITY.search(name):
        return "university"
    phrase = any(form in flat for form in LEGAL_PHRASES)
    if phrase or (words and words[-1] in LEGAL_FORMS) or name.strip().endswith(LEGAL_ZH):
        return "company"
    for kind, pattern in (
        ("hospital", _HOSPITAL),
        ("institute", _INSTITUTE),
        ("government", _GOVERNMENT),
        ("company", _COMPANY),
    ):
        if pattern.search(name):
            return kind
    return "unknown"


def document_organisations(parties: pd.DataFrame) -> pd.DataFrame:
    """Organisations of each document, of whatever role.

    Parameters
    ----------
    parties : DataFrame, table `PARTIES`

    Returns
    -------
    DataFrame, distinct and sorted by doc_id, org_id
        doc_id, org_id (as in the table, or made from the name), org (commonest spelling in the
        table; the first by the alphabet of equals).
    """
    check(parties, PARTIES)
    full = with_all_columns(parties)
    full["org_id"] = full["org_id"].fillna(mapped(full["org"], organisation_id))
    named = full.dropna(subset=["org_id"])
    frame = named[["doc_id", "org_id"]].drop_duplicates().sort_values(["doc_id", "org_id"])
    frame["org"] = frame["org_id"].map(commonest_spelling(named)).fillna(frame["org_id"])
    return frame.reset_index(drop=True)


def commonest_spelling(parties: pd.DataFrame) -> pd.Series:
    """Name of each organisation as most rows spell it; the first by the alphabet of equals.

    Parameters
    ----------
    parties : DataFrame
        org_id, org; rows without a name do not count.

    Returns
    -------
    Series of str by org_id
    """
    times = parties.dropna(subset=["org"]).groupby(["org_id", "org"]).size().rename("n")
    spelled = times.reset_index().sort_values(["org_id", "n", "org"], ascending=[True, False, True])
    return spelled.drop_duplicates("org_id").set_index("org_id")["org"]


def organisations(
    parties: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    members: pd.DataFrame,
    as_of: str,
    last_year: int,
    province: str = PROVINCE,
    sizes: pd.DataFrame | None = None,
    recent: int = RECENT,
    small: int = SMALL,
) -> pd.DataFrame:
    """Describe the organisations behind each unit's documents.

    Strong: at least 5 documents of the unit and among its ten largest. Rising: at least 3 recent
    documents, and the 95 % interval of the organisation's recent share lies above the unit's
    recent share. Absent: it has at least 3 placed documents in the whole corpus, and none names
    the province. The rules are ours.

    Parameters
    ----------
    parties, documents : DataFrame, tables `PARTIES`, `DOCUMENTS`
        Of the whole corpus: size and presence in the province are read from all of it.
    members : DataFrame
        unit_id, doc_id: documents of each unit; a document may be in several.
    as_of : str
        Date (YYYY-MM-DD). What was published later is never read.
    last_year : int
        Last complete year; documents of later years count in n_docs, not in recent shares.
    province : str, default "Zhejiang"
        As the column `region` of parties writes it.
    sizes : DataFrame, optional
        org_id, size (`small`, `large`, or the caller's own words). Default: a proxy, companies
        with at most `small` documents in the corpus are small, all others large.
    recent : int, default 3
        Complete years that count as recent.
    small : int, default 10

    Returns
    -------
    DataFrame, a row per unit and organisation, sorted by unit_id, n_docs (falling), org_id
        unit_id, org_id, org, kind (see `organisation_kind`), n_docs (of the unit), share of the
        unit's documents with share_lo, share_hi (Wilson, 95 %), n_recent, recent_share (of its
        documents up to last_year; missing where it has none) with recent_lo, recent_hi,
        unit_recent_share, strong, rising, n_corpus (its documents in the corpus), size (missing
        for others than companies and unknown ones), size_basis (`given`, `documents`; missing
        likewise), n_placed (its documents in the corpus with a region, city or place abroad),
        n_province (those in the province), province_hi (upper end of the 95 % interval of that
        share), absent (missing where too few are placed), doc_ids.

    Raises
    ------
    TableError
        If a table breaks its contract, or sizes repeat an organisation.
    InsufficientDataError
        If no document was published by `as_of`.

    Notes
    -----
    A document's place is that of the persons and organisations on it; in the default corpus only
    one inventor per patent has a place, so absence is weak evidence: read province_hi. Branches
    and subsidiaries under other names count apart. Documents in the corpus are no measure of
    staff or turnover.
    """
    check(parties, PARTIES)
    check(documents, DOCUMENTS)
    known = known_documents(documents, as_of=as_of)
    full = with_all_columns(parties[parties["doc_id"].isin(known.index)])
    named = document_organisations(full)
    inside = members[["unit_id", "doc_id"]].drop_duplicates()
    inside = inside[inside["doc_id"].isin(known.index)]
    inside = inside.assign(year=inside["doc_id"].map(known["year"]))
    inside["recent"] = inside["year"].between(last_year - recent + 1, last_year)
    inside["complete"] = inside["year"] <= last_year
    rows = inside.merge(named, on="doc_id")
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    by = rows.groupby(["unit_id", "org_id"])
    frame = by.agg(
        org=("org", "first"),
        n_docs=("doc_id", "size"),
        n_recent=("recent", "sum"),
        complete=("complete", "sum"),
        doc_ids=("doc_id", join_ids),
    ).reset_index()
    frame["kind"] = frame["org"].map({name: organisation_kind(name) for name in frame["org"]})
    _add_shares(frame, inside)
    _add_sizes(frame, named, sizes, small)
    _add_places(frame, named, full, province)
    frame = frame.sort_values(["unit_id", "n_docs", "org_id"], ascending=[True, False, True])
    return frame[COLUMNS].reset_index(drop=True)


def _add_shares(frame: pd.DataFrame, inside: pd.DataFrame) -> None:
    unit = inside.groupby("unit_id")
    total = frame["unit_id"].map(unit.size())
    frame["share"] = frame["n_docs"] / total
    frame["share_lo"], frame["share_hi"] = wilson(frame["n_docs"], total)
    frame["recent_share"] = frame["n_recent"] / frame["complete"].where(frame["complete"] > 0)
    frame["recent_lo"], frame["recent_hi"] = wilson(frame["n_recent"], frame["complete"])
    complete = unit["complete"].sum()
    frame["unit_recent_share"] = frame["unit_id"].map(
        unit["recent"].sum() / complete.where(complete > 0)
    )
    place = frame.groupby("unit_id")["n_docs"].rank(method="min", ascending=False)
    frame["strong"] = (frame["n_docs"] >= LEAST_STRONG) & (place <= STRONGEST)
    ahead = frame["recent_lo"] > frame["unit_recent_share"]
    frame["rising"] = ahead & (frame["n_recent"] >= LEAST_RECENT)


def _add_sizes(
    frame: pd.DataFrame, named: pd.DataFrame, sizes: pd.DataFrame | None, small: int
) -> None:
    frame["n_corpus"] = frame["org_id"].map(named.groupby("org_id").size())
    firm = frame["kind"].isin(["company", "unknown"])
    if sizes is None:
        size = frame["n_corpus"].le(small).map({True: "small", False: "large"})
        basis = pd.Series("documents", index=frame.index)
    else:
        if sizes["org_id"].duplicated().any():
            twice = sizes.loc[sizes["org_id"].duplicated(), "org_id"].iloc[0]
            msg = f"Table `sizes` names {twice!r} twice. Keep one row per org_id."
            raise TableError(msg)
        size = frame["org_id"].map(sizes.set_index("org_id")["size"])
        basis = pd.Series("given", index=frame.index).where(size.notna())
    frame["size"] = size.where(firm)
    frame["size_basis"] = basis.where(firm)


def _add_places(
    frame: pd.DataFrame, named: pd.DataFrame, full: pd.DataFrame, province: str
) -> None:
    # An address that says China and no more might be in the province: it is not placed.
    within = full["region"].notna() | full["city"].notna()
    placed = full[within | (full["country"].notna() & (full["country"] != HOME))]
    local = set(full.loc[full["region"] == province, "doc_id"])
    rows = named[named["doc_id"].isin(set(placed["doc_id"]))]
    known = rows.groupby("org_id").size()
    found = rows[rows["doc_id"].isin(local)].groupby("org_id").size()
    frame["n_placed"] = frame["org_id"].map(known).fillna(0).astype(int)
    frame["n_province"] = frame["org_id"].map(found).fillna(0).astype(int)
    frame["province_hi"] = wilson(frame["n_province"], frame["n_placed"])[1]
    absent = (frame["n_province"] == 0).astype("boolean")
    frame["absent"] = absent.where((frame["n_placed"] >= LEAST_PLACED) | ~absent)
