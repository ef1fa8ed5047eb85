from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.sources.dates import day_month_order, find_dates, read_date

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
HAN = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05", "20210305", "2021.03.05", "2021.3.5", "2021/3/5", "2021年3月5日",
        "2021年03月05日", "2021年3月5号", "2021.03.05.", "2021 年 3 月 5 日",
        "二〇二一年三月五日", "二零二一年三月五日",
        "民国110年3月5日", "２０２１－０３－０５", "2021-03-05 00:00:00", "2021-03-05T10:00:00Z",
        "2021-03-05 11:12", "5 Mar 2021", "Mar 5, 2021", "05-Mar-2021", "5 March 2021", "44260",
        "44260.0", "20210305.0", " 2021-03-05 ", "'2021-03-05",
    ],
)  # fmt: skip
def test_every_form_of_a_day(text):
    assert read_date(text) == ("2021-03-05", False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021", "2021-12-31"), ("2021年", "2021-12-31"), ("2021年2月", "2021-02-28"),
        ("2020-02", "2020-02-29"), ("MAR-APR 2021", "2021-04-30"), ("SPR 2021", "2021-06-30"),
        ("WIN 2021", "2021-12-31"), ("Feb 2021", "2021-02-28"), ("二〇二一年十二月", "2021-12-31"),
    ],
)  # fmt: skip
def test_what_is_short_becomes_its_last_day(text, day):
    assert read_date(text) == (day, True)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "2021-02-30", "2021-13-01", "20210230", "99999", "abc", "1 2 3", "15 June",
     "0000-00-00", "2021-03-05-07", "3021年3月5日", "12345678901234", "२०२१-१३-०१"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert read_date(text) is None


@given(DAYS)
def test_all_spellings_of_a_day_agree(day):
    han = "".join(HAN[c] for c in str(day.year))
    serial = (day - date(1899, 12, 30)).days
    forms = [
        day.isoformat(), day.strftime("%Y%m%d"), f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{han}年{day.month}月{day.day}日",
        day.strftime("%d %b %Y"),
    ]  # fmt: skip
    forms += [str(serial)] if 20000 <= serial < 60000 else []
    assert {read_date(form) for form in forms} == {(day.isoformat(), False)}


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    value = read_date(text)
    assert value is None or date.fromisoformat(value[0])
    assert all(date.fromisoformat(day) for day in find_dates(text))


def test_the_order_of_day_and_month_comes_from_the_column():
    assert day_month_order(["05/10/17", "26/10/17", None]) == "dmy"
    assert day_month_order(["10/26/17", "05/10/17"]) == "mdy"
    assert day_month_order(["05/10/17"]) is None
    assert day_month_order(["26/10/17", "10/26/17"]) is None
    assert read_date("05/10/17", order="dmy") == ("2017-10-05", False)
    assert read_date("05/10/17", order="mdy") == ("2017-05-10", False)


def test_an_order_that_cannot_be_told_gives_the_later_day_and_says_so():
    assert read_date("05/10/2017") == ("2017-10-05", True)
    assert read_date("05/05/2017") == ("2017-05-05", False)
    assert read_date("26/10/2017") == ("2017-10-26", False)


def test_the_century_of_two_digits_is_the_last_one_that_fits():
    assert read_date("01/02/85", order="dmy", latest="1990-01-01") == ("1985-02-01", False)
    assert read_date("01/02/15", order="dmy", latest="2016-01-01") == ("2015-02-01", False)
    assert read_date("30/12/82", order="dmy", latest="1982-12-31") == ("1982-12-30", False)


def test_ranges_and_lists():
    assert find_dates("2019-03-05至2021年3月4日") == ["2019-03-05", "2021-03-04"]
    assert find_dates("20190305-20210304") == ["2019-03-05", "2021-03-04"]
    assert find_dates("合同备案号 12345678，无日期") == []


def test_the_day_numbers_of_a_spreadsheet():
    for number in (20000, 44260, 59999):
        day = (date(1899, 12, 30) + timedelta(days=number)).isoformat()
        assert read_date(str(number)) == (day, False)
