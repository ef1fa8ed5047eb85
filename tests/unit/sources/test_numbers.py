import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.sources.numbers import doi, publication, text_key


@pytest.mark.parametrize(
    ("text", "doc_id"),
    [
        ("US 2023/0067653 A1", "US20230067653A1"),
        ("us-7642217-b2", "US7642217B2"),
        ("US7,642,217", "US7642217"),
        ("US 07642217 B2", "US7642217B2"),
        ("US2001000001A1", "US20010000001A1"),
        ("CN 118000001 A", "CN118000001A"),
        ("ＣＮ１１８０００００１Ａ", "CN118000001A"),
        ("EP 123456 B1", "EP0123456B1"),
        ("EP 2135119 B8 20161012", "EP2135119B8"),
        ("WO 2004/012345 A1", "WO2004012345A1"),
        ("JP H05-123456 A", "JPH05123456A"),
        ("EA 019184 B1", "EA19184B1"),
        ("DE 102014009903 A1", "DE102014009903A1"),
        ("IN 1442/CH/2015 A", "IN1442CH2015A"),
        ("US D123456 S1", "USD123456S1"),
    ],
)
def test_spellings(text, doc_id):
    assert publication(text).doc_id == doc_id


@pytest.mark.parametrize("text", ["", "CN", "x", "12345", "ZL201910000001.2", "CN电池", "固态"])
def test_what_is_no_publication_number(text):
    assert publication(text) is None


def test_office_and_kind_may_come_from_elsewhere():
    assert publication("7642217", office="US", kind="B2").doc_id == "US7642217B2"
    assert publication("CN118000001A", office="CN", kind="B").doc_id == "CN118000001A"


@pytest.mark.parametrize(
    ("text", "kind", "granted"),
    [
        ("CN203572336U", "utility_model", True),
        ("CN306000004S", "design", True),
        ("CN110000001B", None, True),
        ("CN110000001A", None, False),
        ("TWM415289U", "utility_model", False),
        ("DE202014000001U1", "utility_model", False),
        ("USD123456S1", "design", True),
        ("US4366578A", None, True),
        ("US20230067653A1", None, False),
        ("EP0123456B1", None, True),
    ],
)
def test_what_the_kind_says(text, kind, granted):
    found = publication(text)
    assert (found.minor_type, found.granted) == (kind, granted)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://doi.org/10.1016/J.JOI.2017.08.007", "10.1016/j.joi.2017.08.007"),
        ("DOI [10.3390/ijgi705168, 10.3390/ijgi7050168]", "10.3390/ijgi705168"),
        ("see 10.1016/0030-4018(73)90041-2.", "10.1016/0030-4018(73)90041-2"),
        ("(doi: 10.1000/abc)", "10.1000/abc"),
        ("10.1000/a;b", "10.1000/a"),
        ("10.1000/a; 10.1000/b", "10.1000/a"),
        (
            "x 10.1002/(SICI)1097(1998)39:2<266::AID-JBM14>3.0.CO;2-E; y",
            "10.1002/(sici)1097(1998)39:2<266::aid-jbm14>3.0.co%3b2-e",
        ),
        (
            "https://doi.org/10.1175/1520(1963)020%3C0130:DNF%3E2.0.CO%3B2",
            "10.1175/1520(1963)020<0130:dnf>2.0.co%3b2",
        ),
        (
            "10.1175/1520(1963)020&lt;0130:DNF&gt;2.0.CO;2",
            "10.1175/1520(1963)020<0130:dnf>2.0.co%3b2",
        ),
        ("no", None),
        (None, None),
    ],
)
def test_dois(text, found):
    assert doi(text) == found


@given(st.text(max_size=40))
def test_a_doi_stays_what_it_is(text):
    found = doi(f"10.1000/{text}")
    assert found is None or doi(found) == doi(found, whole=True) == found


@given(st.text(max_size=40))
def test_no_text_breaks_them(text):
    found = publication(text)
    assert found is None or publication(found.doc_id) == found
    assert ";" not in (doi(text) or "")


def test_keys_do_not_see_case_width_or_punctuation():
    assert text_key("Smith J., 2001", "Ａ") == text_key("smith j 2001", "a")
    assert text_key("a", "b") != text_key("ab", "")
