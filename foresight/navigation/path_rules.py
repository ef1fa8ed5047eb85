"""The rules of the path: what is recommended on which condition; all are ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from foresight.navigation.teams import SURE
from foresight.provenance import join_ids

MIN_CONFIDENCE = SURE  # that a person's documents are one person's
MIN_DOCS = 3  # of an organisation or person in the unit
MIN_ANCHOR = 5  # of a local organisation that others may gather about
MIN_ORGANISATIONS = 3  # small local ones, to speak of joining them
MIN_CONTROL = 0.1  # lower bound of the control index
OPERATED = ("transfers", "licences", "pledges")

FIGURES = ("value", "lo", "hi", "n", "doc_ids")
INPUTS: Mapping[str, tuple[str, ...]] = {
    "gaps": (
        "view", "indicator", "unit_id", "against", "verdict", "reason", "evidence", *FIGURES,
        "ref_ids",
    ),
    "directions": ("unit_id", "course"),
    "niches": (
        "region", "unit_id", "state", "evidence", "density", "density_lo", "density_hi",
        "n_region", "doc_ids", "support_ids",
    ),
    "organisations": (
        "org", "unit_id", "strong", "rising", "size", "local", "share", "share_lo", "share_hi",
        "recent_share", "recent_lo", "recent_hi", "n_recent", "n_docs", "doc_ids",
    ),
    "people": (
        "person_id", "unit_id", "prolific", "rising", "bridging", "moved_abroad", "n_province",
        "local", "confidence", "recent_share", "recent_lo", "recent_hi", "groups_joined",
        "n_abroad", "n_recent", "n_docs", "doc_ids",
    ),
    "control": (
        "unit_id", "org_id", "local", "control", "control_lo", "control_hi", "n_docs", "doc_ids",
    ),
    "regions": (
        "region", "unit_id", "kind", "rta_shrunk", "rta_lo", "rta_hi", "n_docs", "doc_ids",
    ),
    "white_space": (
        "unit_id", "effect", "status", "ratio_near", "near_lo", "near_hi", "n_near", "doc_ids",
        "near_ids",
    ),
}  # fmt: skip
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """A rule: its id, chapter, what it recommends, the tables it needs, its condition in words."""

    id: str
    chapter: str
    kind: str
    needs: tuple[str, ...]
    zh: str
    en: str
    find: Callable[[Tables], pd.DataFrame]
    reads: tuple[str, ...] = ()  # indicators of `gaps`; all undecided, the rule is undecided too


def _moving(tables: Tables, *courses: str) -> set[str]:
    rows = tables["directions"]
    return set(rows.loc[rows["course"].isin(courses), "unit_id"])


def _branches(tables: Tables, verdict: str, *, courses: tuple[str, ...]) -> pd.DataFrame:
    """Branches that stand out in share and move in a given way."""
    rows = tables["gaps"]
    rows = rows[(rows["indicator"] == "branch_share") & (rows["verdict"] == verdict)]
    rows = rows[rows["unit_id"].isin(_moving(tables, *courses))]
    return _from_gaps(rows)


def _from_gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `gaps` as recommendations; documents of both sides are the evidence."""
    both = [
        _joined(own, other) for own, other in zip(rows["doc_ids"], rows["ref_ids"], strict=True)
    ]
    measure = rows["indicator"].astype("str") + " against " + rows["against"].astype("str")
    return rows.assign(subject=rows["unit_id"], measure=measure, doc_ids=both)[
        ["subject", "unit_id", "measure", "evidence", *FIGURES]
    ]


def _joined(*cells: object) -> str:
    """Ids of several cells in one."""
    return join_ids({i for cell in cells if isinstance(cell, str) for i in cell.split(";") if i})


def _wanted(tables: Tables) -> set[str]:
    """Units that rise or are hot, or in which the region has a gap."""
    rows = tables["gaps"]
    gaps = rows[(rows["indicator"] == "branch_share") & (rows["verdict"] == "gap")]
    return set(gaps["unit_id"]) | _moving(tables, "hot", "rising")


def _strong(tables: Tables) -> set[str]:
    rows = tables["gaps"]
    found = rows[(rows["indicator"] == "branch_share") & (rows["verdict"] == "strength")]
    return set(found["unit_id"])


def _niches(tables: Tables) -> pd.DataFrame:
    rows = tables["niches"]
    rows = rows[rows["state"] == "recommended"]
    ids = [_joined(a, b) for a, b in zip(rows["doc_ids"], rows["support_ids"], strict=True)]
    names = {"density": "value", "density_lo": "lo", "density_hi": "hi", "n_region": "n"}
    rows = rows.assign(doc_ids=ids).rename(columns=names)
    rows = rows.assign(subject=rows["unit_id"], measure="relatedness_density")
    return rows[["subject", "region", "unit_id", "measure", "evidence", *FIGURES]]


def _specialised(tables: Tables) -> pd.DataFrame:
    """Cities whose specialisation in the track is no accident of the sample."""
    rows = tables["regions"]
    rows = rows[(rows["kind"] == "city") & (rows["rta_lo"] > 1) & (rows["n_docs"] >= MIN_DOCS)]
    rows = _as_figures(rows, "rta_shrunk", ("rta_lo", "rta_hi"))
    rows = rows.assign(subject=rows["unit_id"], measure="rta")
    return rows[["subject", "region", "unit_id", "measure", *FIGURES]]


def _flagged(rows: pd.DataFrame, flag: str) -> pd.Series:
    """A flag of rows as plain booleans; a null is no."""
    return rows[flag].astype("boolean").fillna(value=False).astype(bool)


def _placed(rows: pd.DataFrame, *, local: bool) -> pd.DataFrame:
    """Rows known to be in the region, or known not to be."""
    return rows[rows["local"].astype("boolean").eq(local).fillna(value=False).astype(bool)]


def _still_active(tables: Tables, name: str) -> Tables:
    """The tables, of one only the rows with a recent document in the unit."""
    return {**tables, name: tables[name][tables[name]["n_recent"] > 0]}


def _as_figures(rows: pd.DataFrame, value: str, bounds: tuple[str, str] | None) -> pd.DataFrame:
    """A column as `value` with its bounds, and the documents in the unit as n."""
    nothing = pd.Series(float("nan"), index=rows.index)
    lo, hi = (nothing, nothing) if bounds is None else (rows[bounds[0]], rows[bounds[1]])
    return rows.assign(value=rows[value], lo=lo, hi=hi, n=rows["n_docs"])


def _organisations(tables: Tables, standing: str, *, local: bool) -> pd.DataFrame:
    rows = _placed(tables["organisations"], local=local)
    rows = rows[_flagged(rows, standing) & (rows["n_docs"] >= MIN_DOCS)]
    name = "recent" if standing == "rising" else "share"
    value = "recent_share" if standing == "rising" else "share"
    rows = _as_figures(rows, value, (f"{name}_lo", f"{name}_hi"))
    rows = rows.assign(subject=rows["org"], measure=value)
    return rows[["subject", "unit_id", "measure", *FIGURES]]


def _anchors(tables: Tables) -> pd.DataFrame:
    """Local organisations with some documents in a unit, recent ones among them."""
    rows = _placed(_still_active(tables, "organisations")["organisations"], local=True)
    rows = rows[rows["n_docs"] >= MIN_ANCHOR]
    rows = _as_figures(rows, "share", ("share_lo", "share_hi"))
    rows = rows.assign(subject=rows["org"], measure="share")
    return rows[["subject", "unit_id", "measure", *FIGURES]]


def _brought_in(tables: Tables) -> pd.DataFrame:
    rows = _organisations(_still_active(tables, "organisations"), "strong", local=False)
    return rows[rows["unit_id"].isin(_wanted(tables))]


def _joinable(tables: Tables) -> pd.DataFrame:
    """Units in which several small local organisations work side by side."""
    rows = _placed(tables["organisations"], local=True)
    rows = rows[rows["size"] == "small"].sort_values("org")
    found = []
    for unit, group in rows.groupby("unit_id"):
        names = list(dict.fromkeys(group["org"]))
        if len(names) < MIN_ORGANISATIONS:
            continue
        ids = _joined(*group["doc_ids"])
        found.append(
            {
                "subject": "; ".join(names),
                "unit_id": unit,
                "measure": "small_organisations",
                "value": float(len(names)),
                "n": len(ids.split(";")) if ids else 0,
                "doc_ids": ids,
            }
        )
    return pd.DataFrame(found)


PEOPLE = {
    "rising": ("recent_share", ("recent_lo", "recent_hi")),
    "prolific": ("n_docs", None),
    "bridging": ("groups_joined", None),
    "moved_abroad": ("n_abroad", None),
}
"""What a recommendation of a person states, by the list on which the person stands."""


def _people(tables: Tables, *lists: str, local: bool | None) -> pd.DataFrame:
    """People of the first of some lists on which they stand, sure to be one person each."""
    rows = tables["people"]
    rows = rows[(rows["confidence"] >= MIN_CONFIDENCE) & (rows["n_docs"] >= MIN_DOCS)]
    if local is not None:
        rows = _placed(rows, local=local)
    parts = []
    for name in lists:
        value, bounds = PEOPLE[name]
        hit = _flagged(rows, name)
        parts.append(_as_figures(rows[hit], value, bounds).assign(measure=value))
        rows = rows[~hit]
    found = pd.concat([part for part in parts if len(part)] or parts[:1])
    found = found.assign(subject=found["person_id"])
    return found[["subject", "unit_id", "measure", *FIGURES]]


def _called(tables: Tables) -> pd.DataFrame:
    rows = _people(_still_active(tables, "people"), "rising", "prolific", local=False)
    return rows[rows["unit_id"].isin(_wanted(tables))]


def _returning(tables: Tables) -> pd.DataFrame:
    """People with documents in the province whose later ones are abroad."""
    rows = tables["people"]
    return _people({"people": rows[rows["n_province"] > 0]}, "moved_abroad", local=None)


def _held_by_others(tables: Tables, units: set[str]) -> pd.DataFrame:
    rows = _placed(tables["control"], local=False)
    rows = rows[(rows["control_lo"] >= MIN_CONTROL) & rows["unit_id"].isin(units)]
    rows = _as_figures(rows, "control", ("control_lo", "control_hi"))
    rows = rows.assign(subject=rows["org_id"], measure="control_index")
    return rows[["subject", "unit_id", "measure", *FIGURES]]


def _open_cells(tables: Tables, units: set[str] | None = None) -> pd.DataFrame:
    rows = tables["white_space"]
    rows = rows[rows["status"] == "open"]
    if units is not None:
        rows = rows[rows["unit_id"].isin(units)]
    ids = [_joined(a, b) for a, b in zip(rows["doc_ids"], rows["near_ids"], strict=True)]
    names = {"ratio_near": "value", "near_lo": "lo", "near_hi": "hi", "n_near": "n"}
    rows = rows.assign(doc_ids=ids).rename(columns=names)
    rows = rows.assign(subject=rows["effect"], measure="neighbours_against_expected")
    return rows[["subject", "unit_id", "measure", *FIGURES]]


def _gap_in(tables: Tables, *indicators: str) -> pd.DataFrame:
    rows = tables["gaps"]
    rows = rows[rows["indicator"].isin(indicators) & (rows["verdict"] == "gap")]
    return _from_gaps(rows).assign(subject=rows["indicator"])


RULES = (
    Rule(
        "S1", "structure", "strengthen", ("gaps", "directions"),
        "占比显著高于参照且方向为热点或上升", "share above the reference, branch hot or rising",
        lambda t: _branches(t, "strength", courses=("hot", "rising")), ("branch_share",),
    ),
    Rule(
        "S2", "structure", "fill", ("gaps", "directions"),
        "占比显著低于参照且方向为热点或上升", "share below the reference, branch hot or rising",
        lambda t: _branches(t, "gap", courses=("hot", "rising")), ("branch_share",),
    ),
    Rule(
        "S3", "structure", "review", ("gaps", "directions"),
        "占比显著高于参照但方向在回落", "share above the reference, branch fading",
        lambda t: _branches(t, "strength", courses=("fading",)), ("branch_share",),
    ),
    Rule(
        "S4", "structure", "niche", ("niches",),
        "城市尚未专业化、与已有基础邻近，且复杂度高或在规划清单内",
        "not yet a speciality of the city, near to what it has, complex or listed by the plan",
        _niches,
    ),
    Rule(
        "S5", "structure", "carry", ("regions",),
        f"城市的 RTA 区间高于 1，本赛道文献不少于{MIN_DOCS}件",
        f"specialisation of the city surely above 1, at least {MIN_DOCS} documents in the track",
        _specialised,
    ),
    Rule(
        "O1", "enterprises", "foster", ("organisations",),
        f"本地机构上升，该方向文献不少于{MIN_DOCS}件",
        f"rising organisation of the region, at least {MIN_DOCS} documents in the unit",
        lambda t: _organisations(t, "rising", local=True),
    ),
    Rule(
        "O4", "enterprises", "anchor", ("organisations",),
        f"本地机构在该方向文献不少于{MIN_ANCHOR}件，近三年仍有文献",
        f"organisation of the region with at least {MIN_ANCHOR} documents in the unit, recent "
        "ones among them",
        _anchors,
    ),
    Rule(
        "O2", "enterprises", "bring_in", ("organisations", "gaps", "directions"),
        f"外地强机构，本地无文献，近三年仍有文献，方向为缺口、热点或上升，文献不少于{MIN_DOCS}件",
        f"strong organisation without a document in the region, at least {MIN_DOCS} documents, "
        "recent ones among them, in a unit that is a gap, hot or rising",
        _brought_in,
    ),
    Rule(
        "O3", "enterprises", "join", ("organisations",),
        f"同一方向有不少于{MIN_ORGANISATIONS}家本地小机构",
        f"at least {MIN_ORGANISATIONS} small organisations of the region in one unit",
        _joinable,
    ),
    Rule(
        "P1", "talent", "develop", ("people",),
        f"本地上升或高产人才，同一人置信度不低于{MIN_CONFIDENCE}，文献不少于{MIN_DOCS}件",
        f"rising or prolific person of the region, confidence at least {MIN_CONFIDENCE}, at "
        f"least {MIN_DOCS} documents",
        lambda t: _people(t, "rising", "prolific", local=True),
    ),
    Rule(
        "P2", "talent", "bring_in", ("people", "gaps", "directions"),
        f"外地上升或高产人才，近三年仍有文献，方向为缺口、热点或上升，"
        f"同一人置信度不低于{MIN_CONFIDENCE}",
        "rising or prolific person elsewhere with recent documents, unit a gap, hot or rising, "
        f"confidence at least {MIN_CONFIDENCE}",
        _called,
    ),
    Rule(
        "P3", "talent", "return", ("people",),
        f"数据显示曾在本省、后在国外，同一人置信度不低于{MIN_CONFIDENCE}",
        f"documents in the province, then only abroad, confidence at least "
        f"{MIN_CONFIDENCE}",
        _returning,
    ),
    Rule(
        "T1", "technology", "lead", ("people",),
        f"本地桥梁型人才，同一人置信度不低于{MIN_CONFIDENCE}",
        f"bridging person of the region, confidence at least {MIN_CONFIDENCE}",
        lambda t: _people(t, "bridging", local=True),
    ),
    Rule(
        "T2", "technology", "explore", ("white_space",),
        "技术功效矩阵空白点判为尚无人做", "empty cell of technology and effect judged open",
        _open_cells,
    ),
    Rule(
        "T3", "technology", "cooperate", ("control", "gaps", "directions"),
        f"方向为缺口、热点或上升，外地机构控制指数下限不低于{MIN_CONTROL}",
        f"unit a gap, hot or rising; control index of one elsewhere at least {MIN_CONTROL} at its "
        "lower bound",
        lambda t: _held_by_others(t, _wanted(t)),
    ),
    Rule(
        "L1", "layout", "guard", ("control", "gaps"),
        f"本地优势方向，外地机构控制指数下限不低于{MIN_CONTROL}",
        f"branch in which the region is strong; control index of one elsewhere at least "
        f"{MIN_CONTROL} at its lower bound",
        lambda t: _held_by_others(t, _strong(t)),
    ),
    Rule(
        "L2", "layout", "file", ("white_space", "gaps"),
        "本地优势方向内的空白点判为尚无人做", "open cell in a branch in which the region is strong",
        lambda t: _open_cells(t, _strong(t)),
    ),
    Rule(
        "L3", "layout", "raise_value", ("gaps",),
        "高价值发明专利占比显著低于参照", "share of high-value patents below the reference",
        lambda t: _gap_in(t, "high_value_share"), ("high_value_share",),
    ),
    Rule(
        "L4", "layout", "operate", ("gaps",),
        "单件有效专利的转让、许可或质押显著低于参照",
        "transfers, licences or pledges per valid patent below the reference",
        lambda t: _gap_in(t, *OPERATED), OPERATED,
    ),
)  # fmt: skip
