"""Numbers, intervals, dates and terms."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from foresight.brief import wording as w
from foresight.errors import SettingsError
from foresight.indicators.life_cycle import REASONS


def test_counts_have_thousands_separators_and_absent_values_a_dash() -> None:
    assert w.count(1234567) == "1,234,567"
    assert w.count(0) == "0"
    for absent in (None, float("nan"), pd.NA):
        assert w.count(absent) == w.decimal(absent) == w.percent(absent) == "—"


def test_no_negative_zero_and_a_true_minus_sign() -> None:
    assert w.decimal(-0.04) == "0.0"
    assert w.decimal(-1.25, 2) == "−1.25"
    assert w.signed_percent(-0.0001) == "0.0%"
    assert w.signed_percent(0.1234) == "+12.3%"
    assert w.signed_percent(-0.5) == "−50.0%"


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0%"), (0.0012, "0.12%"), (0.01, "1.0%"), (0.123, "12.3%")]
)
def test_small_shares_get_a_second_decimal(share: float, text: str) -> None:
    assert w.small_percent(share) == text


def test_interval_wording() -> None:
    assert w.interval("12.3", "45.6", "zh") == "95% 置信区间 12.3–45.6"
    assert w.interval("12.3", "45.6", "en") == "95% interval 12.3–45.6"
    assert w.with_interval("20.0", "12.3", "45.6", "zh") == "20.0（95% 置信区间 12.3–45.6）"


def test_an_interval_with_signs_uses_a_word_not_a_dash() -> None:
    assert w.interval("−5.2%", "+3.1%", "zh") == "95% 置信区间 −5.2% 至 +3.1%"
    assert w.interval("−5.2%", "+3.1%", "en") == "95% interval −5.2% to +3.1%"
    assert w.bracketed("+1.0%", "−5.2%", "+3.1%", "en") == "+1.0% (−5.2% to +3.1%)"


def test_a_missing_bound_is_said_not_drawn() -> None:
    assert w.interval("—", "3", "zh") == "置信区间无法给出"
    assert w.bracketed("2", "—", "3", "zh") == "2"
    assert w.bracketed("—", "1", "3", "zh") == "—"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "<0.01"),
        (0.004, "<0.01"),
        (0.005, "0.01"),
        (0.5, "0.50"),
        (0.996, ">0.99"),
        (1, ">0.99"),
    ],
)
def test_probabilities_are_never_certain(value: float, text: str) -> None:
    assert w.probability(value) == text


def test_dates_and_years() -> None:
    assert w.date("2022-06-30", "zh") == "2022年6月30日"
    assert w.date("2022-06-30", "en") == "30 June 2022"
    assert w.years(2017, 2021, "zh") == "2017–2021年"
    assert w.years(2021, 2021, "en") == "2021"


def test_yearly_change_of_log_growth() -> None:
    assert w.yearly_change(math.log(2)) == pytest.approx(1.0)
    assert w.yearly_change(np.nan) is None
    assert w.growth_texts(math.log(1.1), 0.0, None) == ("+10.0%", "0.0%", "—")


def test_terms_stages_and_unknown_codes() -> None:
    assert w.stage("maturing", "zh") == "成熟期"
    assert w.stage(None, "zh") == "尚难判定"
    assert w.stage(None, "zh", "too_few_years") == "尚难判定：年份太少"
    assert w.stage(None, "en", "unbounded") == "not decidable: no upper bound seen"
    assert w.stage("growing", "en", None) == "growing"
    assert set(w.STAGE_REASONS) == set(REASONS)
    assert w.term(w.COUNTRIES, "TW", "zh") == "中国台湾"
    assert w.term(w.COUNTRIES, "XX", "zh") == "XX"
    assert w.term(w.OFFICES, None, "en") == "—"


def test_listing_and_documents() -> None:
    assert w.listing(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert w.listing(["A"], "en") == "A"
    assert w.listing([], "en") == ""
    assert w.documents(1, "en") == "1 document"
    assert w.documents(1200, "zh") == "1,200 件文献"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"'fr'.*zh, en"):
        w.check_language("fr")
