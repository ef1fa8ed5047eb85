"""Where a candidate stands: who controls it, what the province has, which form of work follows."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from foresight.indicators.aggregate import check_columns
from foresight.indicators.concentration import DRAWS, LEAST_DOCS
from foresight.navigation.control import branch_concentration
from foresight.provenance import join_ids
from foresight.tables import among

HELD = 0.4  # CR4 from which a field is called concentrated, as is usual for markets
HELD_BY_ONE = 0.1  # lower bound of one organisation's control index, as in the rules of the path
LEAST_BASE = 5  # documents of the province to build on, as the rules of the path ask of an anchor
LEAST_PLACED = 10  # documents of known place, to say that there is none
LEADERS = 4
LEAST_HELD = LEAST_DOCS * LEADERS  # documents that name an organisation, for CR4
FORMS = ("independent", "joint", "open_call", "bring_in")
WHY = (
    "few_documents", "concentration_unsure", "no_organisation_named", "places_not_known",
)  # fmt: skip
CONTROL = [
    "unit_id", "n_held", "n_unknown", "cr4", "cr4_lo", "cr4_hi", "leaders", "leaders_local",
    "n_leaders_local", "control_org", "control", "control_lo", "control_hi", "held", "held_why",
]  # fmt: skip
BASE = [
    "unit_id", "n_placed", "n_local", "n_local_orgs", "n_local_people", "local_orgs", "local_ids",
]  # fmt: skip


def unit_control(
    members: pd.DataFrame,
    doc_orgs: pd.DataFrame,
    *,
    local: pd.Series,
    index: pd.DataFrame | None,
    last_year: int,
    rng: np.random.Generator,
    window: int = 5,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Tell of each unit whether a few organisations control it, and whether they are from here.

    `held` is `others` where the lower end of CR4's interval is at least 0.4 and the strongest
    organisation is not known to be local, or where the control index of an organisation from
    elsewhere is at least 0.1 at its lower end; `local` where CR4 is as high and the strongest is
    local; `nobody` where the upper end of CR4 is below 0.4 and no index says otherwise; else
    `undecided`. The rule and its bounds are ours.

    Parameters
    ----------
    members : DataFrame
        unit_id, doc_id.
    doc_orgs : DataFrame, of `foresight.navigation.control.holders`
    local : Series of boolean, indexed by org_id
        Of `foresight.navigation.presence.presence`; null for neither.
    index : DataFrame or None, of `foresight.navigation.control.control_index`
        None where the corpus has no citations.
    last_year : int
        Last complete year.
    rng : Generator
    window : int, default 5, years
    draws : int, default 400

    Returns
    -------
    DataFrame, one row per unit, sorted by unit_id
        unit_id, n_held (documents of the window that name an organisation), n_unknown, cr4 with
        cr4_lo, cr4_hi (missing with fewer than 40 documents), leaders (org_ids of the largest
        four, ";"-joined), leaders_local (of them those that are local), n_leaders_local,
        control_org, control, control_lo, control_hi (the strongest by the index; missing where it
        is undecided), held, held_why (null where decided; else of `WHY`).

    Raises
    ------
    TableError
        If a column is missing.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    table = branch_concentration(
        members, doc_orgs, last_year=last_year, rng=rng, window=window, draws=draws
    )
    if table.empty:
        return pd.DataFrame(columns=CONTROL)
    frame = table[table["measure"] == "cr4"].reset_index(drop=True)
    names_of = {"value": "cr4", "lo": "cr4_lo", "hi": "cr4_hi", "n_docs": "n_held"}
    frame = frame.rename(columns=names_of)
    here = set(local.index[local.fillna(value=False).astype(bool)])
    firsts = [str(cell).split(";") if cell else [] for cell in frame["leaders"]]
    frame["leaders_local"] = [join_ids(here & set(names)) for names in firsts]
    frame["n_leaders_local"] = [len(here & set(names)) for names in firsts]
    frame = frame.merge(_strongest(index, here), on="unit_id", how="left")
    dense, loose = frame["cr4_lo"] >= HELD, frame["cr4_hi"] < HELD
    first_here = pd.Series([bool(names) and names[0] in here for names in firsts])
    by_one = frame["held_by_one"].astype(float).fillna(value=0.0) >= HELD_BY_ONE
    frame["held"] = np.select(
        [by_one, dense & first_here, dense, loose],
        ["others", "local", "others", "nobody"],
        default="undecided",
    )
    why = np.select(
        [frame["n_held"] == 0, frame["cr4"].isna()],
        ["no_organisation_named", "few_documents"],
        default="concentration_unsure",
    )
    undecided = frame["held"] == "undecided"
    frame["held_why"] = pd.Series(why, dtype="str").where(undecided)
    return frame[CONTROL]


def _strongest(index: pd.DataFrame | None, here: Collection[str]) -> pd.DataFrame:
    """Of each unit the strongest organisation by the index, and the lower bound from elsewhere."""
    columns = ["unit_id", "control_org", "control", "control_lo", "control_hi", "held_by_one"]
    if index is None or index.empty:
        return pd.DataFrame(columns=columns).astype(
            {"unit_id": "str", "control_org": "str"} | dict.fromkeys(columns[2:], "float64")
        )
    rows = index[index["status"] == "decided"]
    top = rows.drop_duplicates("unit_id").rename(columns={"org_id": "control_org"})
    away = rows[~rows["org_id"].isin(here)].groupby("unit_id")["control_lo"].max()
    return top.assign(held_by_one=top["unit_id"].map(away))[columns]


def provincial_base(
    members: pd.DataFrame,
    doc_orgs: pd.DataFrame,
    *,
    inside: pd.Series,
    people: pd.DataFrame,
) -> pd.DataFrame:
    """Count what the province has in each unit: documents, organisations on them, people.

    Parameters
    ----------
    members : DataFrame
        unit_id, doc_id.
    doc_orgs : DataFrame, of `foresight.navigation.control.holders`
    inside : Series of boolean, indexed by doc_id
        Whether a document involves the province; null where that is not known.
    people : DataFrame
        doc_id, name: authors and inventors whose own place is in the province.

    Returns
    -------
    DataFrame, one row per unit, sorted by unit_id
        unit_id, n_placed (documents of which it is known), n_local, n_local_orgs (organisations on
        the province's documents, wherever they sit), n_local_people (distinct names as written,
        not disambiguated), local_orgs, local_ids (";"-joined). Counts but n_placed are null where
        it is known of no document.

    Raises
    ------
    TableError
        If a column is missing.
    """
    check_columns(members, ("unit_id", "doc_id"), "members")
    check_columns(doc_orgs, ("doc_id", "org_id"), "doc_orgs")
    check_columns(people, ("doc_id", "name"), "people")
    known = set(inside.index[inside.notna()])
    here = set(inside.index[inside.fillna(value=False).astype(bool)])
    orgs = doc_orgs[among(doc_orgs["doc_id"], here)].dropna(subset=["org_id"])
    names = people[among(people["doc_id"], here)].dropna(subset=["name"])
    rows = []
    for unit, group in members.groupby("unit_id", sort=True):
        ids = set(group["doc_id"])
        own = sorted(set(orgs.loc[among(orgs["doc_id"], ids), "org_id"]))
        who = set(names.loc[among(names["doc_id"], ids), "name"])
        local = ids & here
        counts = (len(local), len(own), len(who)) if ids & known else (None, None, None)
        rows.append((unit, len(ids & known), *counts, ";".join(own), join_ids(local)))
    frame = pd.DataFrame(rows, columns=BASE)
    return frame.astype(dict.fromkeys(("n_local", "n_local_orgs", "n_local_people"), "Int64"))


def suggested_form(control: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Suggest in which form a unit may be tackled, from control by others and provincial base.

    | | base (5 documents or more) | less |
    | --- | --- | --- |
    | held by others | `joint` 联合攻关 | `bring_in` 引进合作 |
    | held by nobody | `independent` 自主研发 | `open_call` 揭榜挂帅 |
    | held locally | `independent` 自主研发 | `open_call` 揭榜挂帅 |

    Ours. Nothing is suggested where control is undecided (see `unit_control`), or where fewer than
    ten documents have a known place and fewer than five are the province's.

    Parameters
    ----------
    control : DataFrame, of `unit_control`
    base : DataFrame, of `provincial_base`

    Returns
    -------
    DataFrame, one row per unit of `control`, in its order
        unit_id, form (of `FORMS`; null for none), form_why (of `WHY`; null where there is one).

    Raises
    ------
    TableError
        If a column is missing.

    Notes
    -----
    The base is what the corpus places in the province: in a corpus of foreign patents it is
    smaller than what there is.
    """
    check_columns(control, ("unit_id", "held", "held_why"), "control")
    check_columns(base, ("unit_id", "n_placed", "n_local"), "base")
    frame = control[["unit_id", "held", "held_why"]].merge(base, on="unit_id", how="left")
    has = (frame["n_local"].fillna(0) >= LEAST_BASE).astype(bool)
    none = (~has & (frame["n_placed"].fillna(0) >= LEAST_PLACED)).astype(bool)
    others, free = frame["held"] == "others", frame["held"].isin(["nobody", "local"])
    form = np.select(
        [others & has, others & none, free & has, free & none],
        ["joint", "bring_in", "independent", "open_call"],
        default="",
    )
    frame["form"] = pd.Series(form, dtype="str").where(form != "")
    why = frame["held_why"].astype("str").fillna("places_not_known")
    frame["form_why"] = why.where(frame["form"].isna())
    return frame[["unit_id", "form", "form_why"]]
