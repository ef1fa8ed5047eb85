"""High-value invention patents (高价值发明专利): the five official categories, and their share.

A high-value patent is a valid invention patent in at least one of five categories. Every part
is `yes`, `no` or `undecided`; absence of data never makes a `no`. In the tables below the first
row that applies counts; "complete" means that the caller says so (`events_complete`,
`families_complete`). Everything is as known on `as_of`: statuses and undated lists of families
are read only where `known_on` <= `as_of`.

valid = invention AND granted AND in force (strong three-valued logic: one `no` makes a `no`,
else one `undecided` makes it undecided).

| part | what the record tells | verdict |
| --- | --- | --- |
| invention | type is utility model, design or plant (kind U, Y, S, D, P) | no |
| | kind A, B, C or E | yes |
| | anything else | undecided |
| granted | day of grant, or a `grant` event, on or before `as_of` | yes |
| | day of grant after `as_of`, or status `pending` or `withdrawn` | no |
| | none, and the record of grants is complete | no |
| | none | undecided |
| in force | 25 years from filing and 22 years from grant are over | no |
| | status `active`, and no `lapse` after `known_on` | yes |
| | status `inactive`, `pending` or `withdrawn` | no |
| | `lapse` without a later `renewal` | no |
| | `lapse` with a later `renewal` (it may have been restored) | undecided |
| | `invalidation` (it may have upheld the patent, or a part) | undecided |
| | none of these, and the record of lapses is complete | yes |
| | none of these | undecided |

| category | what the record tells | verdict |
| --- | --- | --- |
| 1 strategic | a class of the document is under a prefix of the caller's table | yes |
| | no table, no class on record, or the table is not complete | undecided |
| | its classes are elsewhere, and the table is complete | no |
| 2 overseas | a family member granted by another office (WO never counts) | yes |
| | another office's member, not known to be granted; list not complete | undecided |
| | list complete, or a list on record without another office | no |
| | a family id, no member, and lists of its office on record: a family of one | no |
| | no list on record | undecided |
| 3 maintained | not granted, or no more than 10 years since grant | no |
| | granted: undecided; day of grant unknown | undecided |
| | in force, or a `renewal` more than 10 years after grant | yes |
| | lapsed: more than 10 years after grant yes, else no | yes / no |
| | in force: undecided, or ended on an unknown day | undecided |
| 4 pledged | an amount of at least the threshold | yes |
| | a `pledge` whose amount is not known | undecided |
| | smaller amounts or none, and the record of pledges is complete | no |
| | the same, record not complete | undecided |
| 5 awarded | an `award` event | yes |
| | none: record complete / not complete | no / undecided |

high_value = valid AND (1 OR 2 OR 3 OR 4 OR 5), in the same logic.

The categories: China National Intellectual Property Administration (2021), definition of
高价值发明专利 for the 14th five-year plan: 战略性新兴产业; 在海外有同族专利权; 维持年限超过10年;
实现较高质押融资金额; 获得国家科学技术奖或中国专利奖. How the parts are read off a record is ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from foresight.errors import SettingsError
from foresight.indicators.aggregate import check_columns
from foresight.intervals import wilson
from foresight.navigation.high_value_rules import (
    REASONS,
    StrategicClasses,
    judge_maintained,
    judge_overseas,
    judge_pledged,
    judge_strategic,
    judge_valid,
)
from foresight.navigation.patent_record import PatentRecord, events_until, patents_of
from foresight.navigation.verdicts import NO, UNDECIDED, YES, Rule, both, either, judge
from foresight.provenance import join_ids
from foresight.tables import CLASSES, DOCUMENTS, EVENT_TABLE, FAMILY_MEMBERS, check
from foresight.tracks import Registry

CATEGORIES = ("strategic", "overseas", "maintained", "pledged", "awarded")


def plan_classes(registry: Registry) -> StrategicClasses:
    """Give the core classes of the plan's tracks as a stand-in for the official table.

    The official 战略性新兴产业分类与国际专利分类参照关系表 is not shipped. The plan's future
    industries are neither all of the strategic industries nor only them, so the stand-in is not
    complete: it makes a document `yes` by a convention of ours, and none `no`.

    Parameters
    ----------
    registry : Registry

    Returns
    -------
    StrategicClasses
        `industry` is the track's slug.
    """
    terms = registry.terms()
    core = terms[terms["kind"] == "core_class"][["track", "term"]].drop_duplicates()
    prefixes = core.rename(columns={"track": "industry", "term": "prefix"})
    name = "plan's tracks, stand-in for the official table (规划赛道分类，替代官方参照表)"
    return StrategicClasses(name, prefixes.reset_index(drop=True), complete=False)


def event_record(
    documents: pd.DataFrame, events: pd.DataFrame, *, as_of: str, least: int = 1
) -> pd.DataFrame:
    """Tell of which offices and events a corpus has a record at all.

    Where a corpus has at least `least` events of a kind at an office, its record of them may be
    taken as complete (`events_complete`). That is a presumption, ours: the caller makes it.

    Parameters
    ----------
    documents, events : DataFrame, tables DOCUMENTS and EVENT_TABLE
    as_of : str
        ISO date; later documents and events are not read.
    least : int, default 1

    Returns
    -------
    DataFrame sorted by office and event
        office, event, n_events, n_docs.
    """
    rows = patents_of(documents, as_of)[["doc_id", "office"]].merge(
        events_until(events, as_of), on="doc_id", validate="one_to_many"
    )
    grouped = rows.groupby(["office", "event"])
    frame = grouped.agg(n_events=("doc_id", "size"), n_docs=("doc_id", "nunique")).reset_index()
    return frame[frame["n_events"] >= least].reset_index(drop=True)


def high_value(
    documents: pd.DataFrame,
    *,
    classes: pd.DataFrame,
    events: pd.DataFrame,
    family_members: pd.DataFrame,
    as_of: str,
    known_on: str | None = None,
    events_complete: bool | pd.DataFrame = False,
    families_complete: bool = False,
    strategic: StrategicClasses | None = None,
    pledge_amounts: pd.DataFrame | None = None,
    pledge_threshold: float | None = None,
    overseas_right: bool = True,
) -> pd.DataFrame:
    """Decide for each patent whether it is a high-value invention patent, and in which category.

    The rules are the tables at the head of this module.

    Parameters
    ----------
    documents, classes, events, family_members : DataFrame
        Tables DOCUMENTS, CLASSES, EVENT_TABLE and FAMILY_MEMBERS; empty where not known.
    as_of : str
        ISO date of knowledge; documents published later are left out, later events not read.
    known_on : str, optional
        ISO date on which statuses and lists of families were read (day of the export). Without
        it, or where it is later than `as_of`, neither is used.
    events_complete : bool or DataFrame, default False
        True: every event of every patent is on record. A frame with `office` and `event` (such
        as `event_record` gives): the records that are complete.
    families_complete : bool, default False
        Every family member of every patent is in `family_members`.
    strategic : StrategicClasses, optional
        Without it category 1 is undecided.
    pledge_amounts : DataFrame, optional
        `doc_id`, `date`, `amount`, in one currency; events have no amount.
    pledge_threshold : float, optional
        In that currency: what counts as a comparatively high amount (no figure is official).
    overseas_right : bool, default True
        The member abroad must be a granted right, as the official wording says; False: any
        publication of another office counts.

    Returns
    -------
    DataFrame, one row per patent, sorted by doc_id
        doc_id; `valid`, `strategic`, `overseas`, `maintained`, `pledged`, `awarded`,
        `high_value` (yes, no, undecided); `why_` of the first six (keys of `REASONS`);
        `strategic_table` (name of the table, null without one).

    Raises
    ------
    TableError
        If a table breaks its contract.
    SettingsError
        If amounts come without a threshold or a threshold without amounts.

    Notes
    -----
    Overseas means another office than the document's own. The official count is of patents
    granted by CNIPA to residents: choose the documents before calling. An award event does not
    tell the award: provincial ones, if the source has them, count. The official wording of
    category 3 is 维持年限, which statistics of validity count from filing; here it is counted
    from grant, which is stricter.
    """
    for frame, table in (
        (documents, DOCUMENTS),
        (classes, CLASSES),
        (events, EVENT_TABLE),
        (family_members, FAMILY_MEMBERS),
    ):
        check(frame, table)
    if (pledge_amounts is None) != (pledge_threshold is None):
        msg = "Pledge amounts and their threshold go together. Give both or neither."
        raise SettingsError(msg)
    docs = patents_of(documents, as_of)
    case = PatentRecord(docs, events_until(events, as_of), as_of, known_on, events_complete)
    parts = {
        "valid": judge_valid(case),
        "strategic": judge_strategic(docs, classes, strategic),
        "overseas": judge_overseas(case, family_members, families_complete, right=overseas_right),
        "maintained": judge_maintained(case),
        "pledged": judge_pledged(case, pledge_amounts, pledge_threshold),
        "awarded": judge(
            docs.index,
            Rule(case.has("award"), YES, "event"),
            Rule(case.complete("award"), NO, "no_event"),
            otherwise=(UNDECIDED, "record_incomplete"),
        ),
    }
    frame = pd.DataFrame({name: part["verdict"] for name, part in parts.items()})
    frame["high_value"] = both(frame["valid"], either(*(frame[name] for name in CATEGORIES)))
    for name, part in parts.items():
        frame[f"why_{name}"] = part["why"]
    frame["strategic_table"] = None if strategic is None else strategic.name
    return frame.astype({"strategic_table": "str"}).rename_axis("doc_id").reset_index()


def high_value_share(found: pd.DataFrame, *, members: pd.DataFrame | None = None) -> pd.DataFrame:
    """Estimate the share of high-value patents, and of each category, among valid ones.

    share = yes / (yes + no) over valid patents that are decided, with Wilson's interval. The
    bounds are those of every way in which the undecided could be decided, of the patents whose
    validity is undecided as well:

        if_no  = Y / (V + a),  a: validity undecided, not yes otherwise
        if_yes = (Y + U + b) / (V + b),  b: validity undecided, not no otherwise

    with V valid patents, of which Y are yes and U undecided.

    Parameters
    ----------
    found : DataFrame, of `high_value`
    members : DataFrame, optional
        `unit_id`, `doc_id`; one unit `all` when absent.

    Returns
    -------
    DataFrame, one row per unit and criterion (`high_value`, then the categories)
        unit_id, criterion, n_patents, n_valid, n_invalid, n_valid_undecided, n_yes, n_no,
        n_undecided (the last three of the valid), share, lo, hi (95 %; sampling of the decided,
        not what is undecided), if_no, if_yes, doc_ids (of the yes). Missing where there is
        nothing to divide by.

    Raises
    ------
    TableError
        If a column is missing.
    """
    check_columns(found, ("doc_id", "valid", *CATEGORIES), "found")
    if members is None:
        members = found[["doc_id"]].assign(unit_id="all")
    check_columns(members, ("unit_id", "doc_id"), "members")
    either_of = either(*(found[name] for name in CATEGORIES))
    table = found.assign(high_value=either_of)
    rows = members[["unit_id", "doc_id"]].drop_duplicates().merge(table, on="doc_id", how="left")
    made = [
        (unit, criterion, *_counts(group.dropna(subset=["valid"]), criterion))
        for unit, group in rows.groupby("unit_id", sort=True)
        for criterion in ("high_value", *CATEGORIES)
    ]
    names = "unit_id criterion n_patents n_valid n_invalid n_valid_undecided n_yes n_no"
    columns = [*names.split(), "n_undecided", "if_no", "if_yes", "doc_ids"]
    frame = pd.DataFrame(made, columns=columns)
    decided = frame["n_yes"] + frame["n_no"]
    share = frame["n_yes"] / decided.where(decided > 0)
    lo, hi = wilson(frame["n_yes"], decided)
    order = [*columns[:9], "share", "lo", "hi", *columns[9:]]
    return frame.assign(share=share, lo=lo, hi=hi)[order]


def _counts(rows: pd.DataFrame, criterion: str) -> tuple[object, ...]:
    valid, verdict = rows["valid"], rows[criterion]
    inside = valid == YES
    yes, no, open_ = (int((inside & (verdict == v)).sum()) for v in (YES, NO, UNDECIDED))
    unsure = valid == UNDECIDED
    against = int((unsure & (verdict != YES)).sum())
    inclined = int((unsure & (verdict != NO)).sum())
    all_, n = int(unsure.sum()), int(inside.sum())
    low = yes / (n + against) if n + against else (1.0 if all_ else np.nan)
    high = (yes + open_ + inclined) / (n + inclined) if n + inclined else (0.0 if all_ else np.nan)
    ids = join_ids(rows.loc[inside & (verdict == YES), "doc_id"])
    invalid = int((valid == NO).sum())
    return len(rows), n, invalid, all_, yes, no, open_, low, high, ids


def reason_words(codes: Sequence[str], *, language: str = "zh") -> list[str]:
    """Words, in Chinese or English, for reasons of `high_value`; empty for an empty reason."""
    place = ("zh", "en").index(language)
    return [REASONS[code][place] if code else "" for code in codes]
