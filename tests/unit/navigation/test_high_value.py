"""Every row of the truth tables of high-value patents, by hand."""

import itertools

import pandas as pd
import pytest

from foresight.errors import SettingsError
from foresight.navigation.high_value import (
    CATEGORIES,
    StrategicClasses,
    event_record,
    high_value,
    high_value_share,
    plan_classes,
    reason_words,
)
from foresight.navigation.high_value_rules import REASONS
from foresight.navigation.verdicts import NO, UNDECIDED, YES, both, either
from foresight.tables import CLASSES, DOCUMENTS, EVENT_TABLE, FAMILY_MEMBERS, empty
from foresight.tracks import load_registry

AS_OF = "2024-06-30"
TABLE = pd.DataFrame({"industry": ["battery"], "prefix": ["H01M10"]})
OFFICIAL = StrategicClasses("a table", TABLE, complete=True)
STAND_IN = StrategicClasses("another", TABLE, complete=False)


def documents(**fields):
    row = {
        "doc_id": "CN1B", "kind": "patent", "title": "t", "published": "2012-01-10",
        "filed": "2011-01-10", "granted": "2013-05-01", "office": "CN", "doc_type": "B",
    }  # fmt: skip
    return pd.DataFrame([row | fields], columns=DOCUMENTS.names)


def happened(*pairs, doc_id="CN1B"):
    return pd.DataFrame([(doc_id, day, event) for day, event in pairs], columns=EVENT_TABLE.names)


def family(*ids, known_by="listed", published=None):
    rows = [("CN1B", name, name[:2], published, known_by) for name in ids]
    return pd.DataFrame(rows, columns=FAMILY_MEMBERS.names)


def classed(*codes):
    rows = [("CN1B", "ipc", code, None) for code in codes]
    return pd.DataFrame(rows, columns=CLASSES.names)


def verdict(part, *, docs=None, events=None, members=None, classes=None, **options):
    """Verdict and reason of one part for one patent."""
    row = high_value(
        documents() if docs is None else docs,
        classes=empty(CLASSES) if classes is None else classes,
        events=empty(EVENT_TABLE) if events is None else events,
        family_members=empty(FAMILY_MEMBERS) if members is None else members,
        **{"as_of": AS_OF, **options},
    ).iloc[0]
    return row[part], row.get(f"why_{part}")


KNOWN = {"known_on": "2024-06-01"}
ALL = {"events_complete": True}
VALID = [
    # invention
    ({"doc_type": "utility_model", "status": "active"}, (), KNOWN, (NO, "minor_kind")),
    ({"doc_type": "U", "status": "active"}, (), KNOWN, (NO, "minor_kind")),
    ({"doc_type": None, "status": "active"}, (), KNOWN, (UNDECIDED, "kind_unknown")),
    ({"doc_type": "granted", "status": "active"}, (), KNOWN, (UNDECIDED, "kind_unknown")),
    ({"doc_type": "B2", "status": "active"}, (), KNOWN, (YES, "")),
    # granted
    ({"granted": None}, (("2013-05-01", "grant"),), ALL, (YES, "")),
    ({"granted": "2024-07-01"}, (), ALL, (NO, "not_granted")),
    ({"granted": None, "status": "pending"}, (), KNOWN, (NO, "not_granted")),
    ({"granted": None}, (), ALL, (NO, "not_granted")),
    ({"granted": None}, (), {}, (UNDECIDED, "grant_unknown")),
    ({"granted": None}, (("2024-07-01", "grant"),), {}, (UNDECIDED, "grant_unknown")),
    # in force
    ({"filed": "1998-01-01", "granted": "2001-01-01"}, (), ALL, (NO, "term_over")),
    ({"filed": "1998-01-01", "granted": "2003-01-01"}, (), ALL, (YES, "")),
    ({"filed": None, "granted": "1998-01-01"}, (), ALL, (NO, "term_over")),
    ({"filed": None, "granted": "2001-01-01"}, (), ALL, (YES, "")),
    ({"status": "active"}, (), KNOWN, (YES, "")),
    ({"status": "active"}, (), {}, (UNDECIDED, "force_unknown")),
    ({"status": "active"}, (), {"known_on": "2024-07-01"}, (UNDECIDED, "force_unknown")),
    ({"status": "active"}, (("2020-01-01", "lapse"),), KNOWN, (YES, "")),
    ({"status": "active"}, (("2024-06-15", "lapse"),), KNOWN, (NO, "not_in_force")),
    ({"status": "active"}, (("2020-01-01", "invalidation"),), KNOWN, (YES, "")),
    ({"status": "active"}, (("2024-06-15", "invalidation"),), KNOWN, (UNDECIDED, "invalidation")),
    ({"status": "inactive"}, (), KNOWN, (NO, "not_in_force")),
    ({"status": "withdrawn"}, (), KNOWN, (NO, "not_in_force")),
    ({}, (("2020-01-01", "lapse"),), {}, (NO, "not_in_force")),
    ({}, (("2020-01-01", "lapse"), ("2019-01-01", "renewal")), ALL, (NO, "not_in_force")),
    ({}, (("2020-01-01", "lapse"), ("2020-04-01", "renewal")), ALL,
     (UNDECIDED, "lapse_or_renewal")),
    ({}, (("2024-07-01", "lapse"),), ALL, (YES, "")),
    ({}, (("2020-01-01", "invalidation"),), ALL, (UNDECIDED, "invalidation")),
    ({}, (), ALL, (YES, "")),
    ({}, (), {}, (UNDECIDED, "force_unknown")),
    # one no settles it, whatever is open
    ({"doc_type": None, "granted": None, "status": "pending"}, (), KNOWN, (NO, "not_granted")),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "events", "options", "wanted"), VALID)
def test_valid(fields, events, options, wanted):
    found = verdict("valid", docs=documents(**fields), events=happened(*events), **options)
    assert found == wanted


@pytest.mark.parametrize(
    ("codes", "table", "wanted"),
    [
        (("H01M10/0562",), OFFICIAL, (YES, "class")),
        (("H01M10",), OFFICIAL, (YES, "class")),
        (("H01M10/0562",), STAND_IN, (YES, "class")),
        (("H01M10/0562",), None, (UNDECIDED, "no_table")),
        ((), OFFICIAL, (UNDECIDED, "no_class")),
        (("H01M105/00",), STAND_IN, (UNDECIDED, "table_incomplete")),
        (("H01M105/00", "G06N3/08"), OFFICIAL, (NO, "class_elsewhere")),
    ],
)
def test_strategic(codes, table, wanted):
    assert verdict("strategic", classes=classed(*codes), strategic=table) == wanted


def test_a_keyword_is_no_class():
    words = pd.DataFrame([("CN1B", "keyword", "H01M10/05", None)], columns=CLASSES.names)
    assert verdict("strategic", classes=words, strategic=OFFICIAL) == (UNDECIDED, "no_class")


COMPLETE = {"families_complete": True}
OVERSEAS = [
    (family("CN1A", "US11000001B2"), KNOWN, (YES, "member")),
    (family("US11000001B2", published="2024-01-01"), {}, (YES, "member")),
    (family("US11000001B2", published="2024-07-01"), {}, (UNDECIDED, "family_unknown")),
    (family("US11000001B2"), {}, (UNDECIDED, "family_unknown")),
    (family("US11000001B2"), {"known_on": "2024-07-01"}, (UNDECIDED, "family_unknown")),
    (family("US20200000001A1"), KNOWN, (UNDECIDED, "member_not_granted")),
    (family("US20200000001A1"), KNOWN | {"overseas_right": False}, (YES, "member")),
    (family("US20200000001A1"), KNOWN | COMPLETE, (NO, "no_member")),
    (family("CN1A", "WO2020000001A1"), KNOWN, (NO, "no_member")),
    (family("CN1A", "WO2020000001A1"), KNOWN | {"overseas_right": False}, (NO, "no_member")),
    (family("CN1A"), KNOWN, (NO, "no_member")),
    (family("CN1A", known_by="record"), KNOWN, (UNDECIDED, "family_unknown")),
    (family(), COMPLETE, (NO, "no_member")),
    (family(), {}, (UNDECIDED, "family_unknown")),
]


@pytest.mark.parametrize(("members", "options", "wanted"), OVERSEAS)
def test_overseas(members, options, wanted):
    assert verdict("overseas", members=members, **options) == wanted


def test_overseas_by_another_document_of_the_family():
    own = documents(family_id="F")
    granted = documents(doc_id="EP2B1", office="EP", family_id="F", granted="2015-01-01")
    applied = documents(doc_id="US3A1", office="US", family_id="F", granted=None, doc_type="A1")
    home = documents(doc_id="CN4A", family_id="F", granted=None)
    late = documents(doc_id="EP2B1", office="EP", family_id="F", published="2024-07-01")
    for others, wanted in (
        ([granted], (YES, "member")),
        ([applied], (UNDECIDED, "member_not_granted")),
        ([home], (UNDECIDED, "family_unknown")),
        ([late], (UNDECIDED, "family_unknown")),
    ):
        assert verdict("overseas", docs=pd.concat([own, *others])) == wanted


def test_a_family_of_one_is_told_by_its_id_where_lists_are_on_record():
    alone = documents(doc_id="CN2B", family_id="F")
    docs = pd.concat([documents(), alone, documents(doc_id="CN3B")])

    def found(members, **options):
        table = high_value(
            docs, classes=empty(CLASSES), events=empty(EVENT_TABLE), family_members=members,
            as_of=AS_OF, **options,
        )  # fmt: skip
        return table["overseas"].tolist()

    assert found(family("CN1A"), **KNOWN) == [NO, NO, UNDECIDED]
    assert found(family("CN1A", published="2024-01-01")) == [NO, UNDECIDED, UNDECIDED]
    assert found(family(), **KNOWN) == [UNDECIDED, UNDECIDED, UNDECIDED]


def test_without_an_office_of_its_own_nothing_is_abroad():
    docs = documents(office=None)
    assert verdict("overseas", docs=docs, members=family("US11000001B2"), **KNOWN)[0] != YES


MAINTAINED = [
    ({"granted": "2024-07-01"}, (), {}, (NO, "not_granted")),
    ({"granted": None}, (), {}, (UNDECIDED, "grant_unknown")),
    ({"granted": "2014-06-30"}, (), ALL, (NO, "young")),  # ten years to the day are not more
    ({"granted": "2014-06-29"}, (), ALL, (YES, "kept")),
    ({"status": "active"}, (), KNOWN, (YES, "kept")),
    ({}, (("2023-05-02", "renewal"),), {}, (YES, "kept")),
    ({}, (("2023-05-01", "renewal"),), {}, (UNDECIDED, "end_unknown")),
    ({}, (("2023-05-02", "lapse"),), {}, (YES, "kept")),
    ({}, (("2023-05-01", "lapse"),), {}, (NO, "kept_short")),
    ({"status": "inactive"}, (), KNOWN, (UNDECIDED, "end_unknown")),
    ({}, (), {}, (UNDECIDED, "end_unknown")),
]


@pytest.mark.parametrize(("fields", "events", "options", "wanted"), MAINTAINED)
def test_maintained(fields, events, options, wanted):
    docs = documents(**fields)
    assert verdict("maintained", docs=docs, events=happened(*events), **options) == wanted


PLEDGE = (("2022-02-02", "pledge"),)


def pledged(amount, day="2022-02-02"):
    frame = pd.DataFrame({"doc_id": ["CN1B"], "date": [day], "amount": [amount]})
    return {"pledge_amounts": frame, "pledge_threshold": 10e6}


PLEDGED = [
    (PLEDGE, pledged(10e6), (YES, "amount")),
    ((), pledged(10e6), (YES, "amount")),
    (PLEDGE, pledged(10e6, "2024-07-01"), (UNDECIDED, "amount_unknown")),
    (PLEDGE, {}, (UNDECIDED, "amount_unknown")),
    (PLEDGE, ALL, (UNDECIDED, "amount_unknown")),
    ((*PLEDGE, ("2023-03-03", "pledge")), pledged(1e6) | ALL, (UNDECIDED, "amount_unknown")),
    (PLEDGE, pledged(1e6) | ALL, (NO, "amount_small")),
    ((), ALL, (NO, "amount_small")),
    ((("2024-07-01", "pledge"),), ALL, (NO, "amount_small")),
    (PLEDGE, pledged(1e6), (UNDECIDED, "record_incomplete")),
    ((), {}, (UNDECIDED, "record_incomplete")),
]


@pytest.mark.parametrize(("events", "options", "wanted"), PLEDGED)
def test_pledged(events, options, wanted):
    assert verdict("pledged", events=happened(*events), **options) == wanted


@pytest.mark.parametrize(
    ("events", "options", "wanted"),
    [
        ((("2020-07-01", "award"),), {}, (YES, "event")),
        ((("2024-07-01", "award"),), ALL, (NO, "no_event")),
        ((), ALL, (NO, "no_event")),
        ((), {}, (UNDECIDED, "record_incomplete")),
    ],
)
def test_awarded(events, options, wanted):
    assert verdict("awarded", events=happened(*events), **options) == wanted


def test_amounts_and_threshold_go_together():
    with pytest.raises(SettingsError, match="go together"):
        verdict("pledged", pledge_threshold=1.0)


@pytest.mark.parametrize(
    ("parts", "conjunction", "disjunction"),
    [
        ((YES, YES), YES, YES), ((YES, NO), NO, YES), ((YES, UNDECIDED), UNDECIDED, YES),
        ((NO, NO), NO, NO), ((NO, UNDECIDED), NO, UNDECIDED),
        ((UNDECIDED, UNDECIDED), UNDECIDED, UNDECIDED),
    ],
)  # fmt: skip
def test_three_valued_logic(parts, conjunction, disjunction):
    for left, right in (parts, parts[::-1]):
        assert both(pd.Series([left]), pd.Series([right])).tolist() == [conjunction]
        assert either(pd.Series([left]), pd.Series([right])).tolist() == [disjunction]


def test_high_value_is_valid_and_any_category():
    awarded = happened(("2020-07-01", "award"))
    young = documents(granted="2020-01-01", status="active")
    everything = {**ALL, **COMPLETE, "strategic": OFFICIAL, "classes": classed("A01B1/00")}
    assert verdict("high_value", docs=young, events=awarded, **KNOWN)[0] == YES
    assert verdict("high_value", docs=young, events=awarded)[0] == UNDECIDED
    assert verdict("high_value", docs=young, **everything)[0] == NO
    assert verdict("high_value", docs=young, **ALL)[0] == UNDECIDED
    assert verdict("high_value", docs=documents(doc_type="U"), events=awarded)[0] == NO


def test_presence_of_an_event_at_an_office_is_a_record_that_the_caller_may_take_as_complete():
    foreign = documents(doc_id="US3B2", office="US")
    docs = pd.concat([documents(), documents(doc_id="CN2B"), foreign])
    events = pd.concat(
        [happened(("2020-07-01", "award")), happened(("2024-07-01", "lapse"), doc_id="CN2B")]
    )
    record = event_record(docs, events, as_of=AS_OF)
    assert record.to_dict("records") == [
        {"office": "CN", "event": "award", "n_events": 1, "n_docs": 1}
    ]
    found = high_value(
        docs, classes=empty(CLASSES), events=events, family_members=empty(FAMILY_MEMBERS),
        as_of=AS_OF, events_complete=record,
    ).set_index("doc_id")  # fmt: skip
    assert found["awarded"].to_dict() == {"CN1B": YES, "CN2B": NO, "US3B2": UNDECIDED}
    assert found["pledged"].to_dict() == dict.fromkeys(found.index, UNDECIDED)
    assert event_record(docs, events, as_of=AS_OF, least=2).empty


def test_papers_and_later_publications_are_left_out():
    docs = pd.concat(
        [documents(), documents(doc_id="p", kind="paper"),
         documents(doc_id="CN9B", published="2024-07-01")]
    )  # fmt: skip
    found = high_value(
        docs, classes=empty(CLASSES), events=empty(EVENT_TABLE),
        family_members=empty(FAMILY_MEMBERS), as_of=AS_OF,
    )  # fmt: skip
    assert found["doc_id"].tolist() == ["CN1B"]


def judged(**columns):
    size = len(columns["valid"])
    rest = dict.fromkeys(CATEGORIES, [NO] * size) | columns
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(size)], **rest})


def test_share_with_its_bounds():
    # Valid: two yes, one no, one undecided. Validity undecided: one yes, one no, one undecided.
    found = judged(
        valid=[YES, YES, YES, YES, UNDECIDED, UNDECIDED, UNDECIDED, NO],
        awarded=[YES, YES, NO, UNDECIDED, YES, NO, UNDECIDED, YES],
    )
    row = high_value_share(found).set_index("criterion").loc["high_value"]
    counts = ["n_patents", "n_valid", "n_invalid", "n_valid_undecided", "n_yes", "n_no"]
    assert row[counts].tolist() == [8, 4, 1, 3, 2, 1]
    assert row["n_undecided"] == 1
    assert row["share"] == pytest.approx(2 / 3)
    assert [row["lo"], row["hi"]] == pytest.approx([0.2076596, 0.9385081])  # Wilson, 2 of 3
    assert row["if_no"] == pytest.approx(2 / 6)  # the no and the undecided turn out valid
    assert row["if_yes"] == pytest.approx(5 / 6)  # all but the no turn out valid
    assert row["doc_ids"] == "d0;d1"


def test_bounds_are_those_of_every_way_to_decide():
    values = (YES, NO, UNDECIDED)
    kinds = list(itertools.product(values, values))
    trios = dict(enumerate(itertools.combinations_with_replacement(kinds, 3)))
    cells = [cell for trio in trios.values() for cell in trio]
    found = judged(valid=[c[0] for c in cells], awarded=[c[1] for c in cells])
    members = found[["doc_id"]].assign(unit_id=[number for number in trios for _ in range(3)])
    table = high_value_share(found, members=members).set_index(["criterion", "unit_id"])
    for number, trio in trios.items():
        row = table.loc[("awarded", number)]
        choices = [
            [(v, a) for v in ((YES, NO) if valid == UNDECIDED else (valid,))
             for a in ((YES, NO) if award == UNDECIDED else (award,))]
            for valid, award in trio
        ]  # fmt: skip
        shares = [
            sum(v == a == YES for v, a in way) / sum(v == YES for v, _ in way)
            for way in itertools.product(*choices)
            if any(v == YES for v, _ in way)
        ]
        if shares:
            assert row["if_no"] == pytest.approx(min(shares)), trio
            assert row["if_yes"] == pytest.approx(max(shares)), trio
        else:
            assert row[["if_no", "if_yes"]].isna().all(), trio


def test_share_by_unit_and_without_valid_patents():
    found = judged(valid=[YES, NO], awarded=[YES, YES])
    members = pd.DataFrame({"unit_id": ["a", "b", "b"], "doc_id": ["d0", "d1", "unknown"]})
    table = high_value_share(found, members=members).set_index(["unit_id", "criterion"])
    assert len(table) == 12
    assert table.loc[("a", "awarded"), "share"] == 1.0
    assert table.loc[("b", "awarded"), ["n_patents", "n_valid"]].tolist() == [1, 0]
    assert table.loc[("b", "awarded"), ["share", "lo", "hi", "if_no"]].isna().all()


def test_stand_in_says_its_name_and_makes_no_no():
    table = plan_classes(load_registry())
    assert "stand-in" in table.name
    assert not table.complete
    assert {"advanced-batteries", "quantum"} <= set(table.prefixes["industry"])
    row = high_value(
        documents(), classes=classed("A01B1/00"), events=empty(EVENT_TABLE),
        family_members=empty(FAMILY_MEMBERS), as_of=AS_OF, strategic=table,
    ).iloc[0]  # fmt: skip
    assert row["strategic_table"] == table.name
    assert row["strategic"] == UNDECIDED


def test_reasons_have_words():
    codes = [code for *_, (_, code) in [*VALID, *OVERSEAS, *MAINTAINED, *PLEDGED]]
    for language in ("zh", "en"):
        assert all(reason_words(sorted(set(REASONS)), language=language))
    assert set(codes) - {""} <= set(REASONS)
    assert reason_words(["", "young"], language="en") == ["", REASONS["young"][1]]
    assert reason_words(["young"]) == ["授权未满十年"]


def test_inputs_are_not_changed():
    docs, events = documents(status="active"), happened(("2020-07-01", "award"))
    copies = docs.copy(), events.copy()
    verdict("valid", docs=docs, events=events, **KNOWN)
    pd.testing.assert_frame_equal(docs, copies[0])
    pd.testing.assert_frame_equal(events, copies[1])
