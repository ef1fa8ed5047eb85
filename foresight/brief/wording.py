"""How numbers, intervals, dates and fixed terms read in Chinese and in English.

Tables and prose take their numbers from here, so that the same value reads the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresight.errors import SettingsError
from foresight.settings import LANGUAGES

ABSENT = "—"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"

TIERS = {
    "priority": (
        "优先发展（产业爆发力强、成长较快的未来产业）",
        "Priority development (strong industrial momentum, fast growing)",
    ),
    "active_layout": (
        "积极布局（力量尚在集聚、远期潜力巨大的未来产业）",
        "Active layout (capabilities still gathering, large long-term potential)",
    ),
    "zhejiang_feature": (
        "培育发展（具有浙江特色的未来产业）",
        "Cultivation (industries with Zhejiang features)",
    ),
}
STAGES = {
    "emerging": ("萌芽期", "emerging"),
    "growing": ("成长期", "growing"),
    "maturing": ("成熟期", "maturing"),
    "saturated": ("饱和期", "saturated"),
}
UNDECIDED = ("尚难判定", "not decidable")
STAGE_REASONS = {
    "too_few_documents": ("文献太少", "too few documents"),
    "too_few_years": ("年份太少", "too few years"),
    "unbounded": ("增长未见上限", "no upper bound seen"),
    "late_record": ("记录开始太晚", "record starts too late"),
}
KINDS = {"patent": ("专利", "patent"), "paper": ("论文", "paper")}
LANGUAGE_NAMES = {
    "en": ("英文", "English"),
    "zh": ("中文", "Chinese"),
    "ja": ("日文", "Japanese"),
    "ko": ("韩文", "Korean"),
    "de": ("德文", "German"),
    "fr": ("法文", "French"),
}
OFFICES = {
    "US": ("美国", "United States"),
    "CN": ("中国", "China"),
    "EP": ("欧洲专利局", "European Patent Office"),
    "WO": ("国际申请（PCT）", "PCT"),
    "JP": ("日本", "Japan"),
    "KR": ("韩国", "Korea"),
    "DE": ("德国", "Germany"),
    "FR": ("法国", "France"),
    "GB": ("英国", "United Kingdom"),
    "TW": ("中国台湾", "Taiwan, China"),
}
COUNTRIES = {
    "AE": ("阿联酋", "United Arab Emirates"),
    "AR": ("阿根廷", "Argentina"),
    "AT": ("奥地利", "Austria"),
    "AU": ("澳大利亚", "Australia"),
    "BE": ("比利时", "Belgium"),
    "BG": ("保加利亚", "Bulgaria"),
    "BR": ("巴西", "Brazil"),
    "BY": ("白俄罗斯", "Belarus"),
    "CA": ("加拿大", "Canada"),
    "CH": ("瑞士", "Switzerland"),
    "CL": ("智利", "Chile"),
    "CN": ("中国", "China"),
    "CY": ("塞浦路斯", "Cyprus"),
    "CZ": ("捷克", "Czechia"),
    "DE": ("德国", "Germany"),
    "DK": ("丹麦", "Denmark"),
    "EE": ("爱沙尼亚", "Estonia"),
    "EG": ("埃及", "Egypt"),
    "ES": ("西班牙", "Spain"),
    "FI": ("芬兰", "Finland"),
    "FR": ("法国", "France"),
    "GB": ("英国", "United Kingdom"),
    "GR": ("希腊", "Greece"),
    "HK": ("中国香港", "Hong Kong, China"),
    "HR": ("克罗地亚", "Croatia"),
    "HU": ("匈牙利", "Hungary"),
    "ID": ("印度尼西亚", "Indonesia"),
    "IE": ("爱尔兰", "Ireland"),
    "IL": ("以色列", "Israel"),
    "IN": ("印度", "India"),
    "IR": ("伊朗", "Iran"),
    "IS": ("冰岛", "Iceland"),
    "IT": ("意大利", "Italy"),
    "JP": ("日本", "Japan"),
    "KR": ("韩国", "Korea"),
    "LI": ("列支敦士登", "Liechtenstein"),
    "LT": ("立陶宛", "Lithuania"),
    "LU": ("卢森堡", "Luxembourg"),
    "LV": ("拉脱维亚", "Latvia"),
    "MO": ("中国澳门", "Macao, China"),
    "MX": ("墨西哥", "Mexico"),
    "MY": ("马来西亚", "Malaysia"),
    "NL": ("荷兰", "Netherlands"),
    "NO": ("挪威", "Norway"),
    "NZ": ("新西兰", "New Zealand"),
    "PH": ("菲律宾", "Philippines"),
    "PL": ("波兰", "Poland"),
    "PT": ("葡萄牙", "Portugal"),
    "RO": ("罗马尼亚", "Romania"),
    "RS": ("塞尔维亚", "Serbia"),
    "RU": ("俄罗斯", "Russia"),
    "SA": ("沙特阿拉伯", "Saudi Arabia"),
    "SE": ("瑞典", "Sweden"),
    "SG": ("新加坡", "Singapore"),
    "SI": ("斯洛文尼亚", "Slovenia"),
    "SK": ("斯洛伐克", "Slovakia"),
    "TH": ("泰国", "Thailand"),
    "TR": ("土耳其", "Türkiye"),
    "TW": ("中国台湾", "Taiwan, China"),
    "UA": ("乌克兰", "Ukraine"),
    "US": ("美国", "United States"),
    "VN": ("越南", "Viet Nam"),
    "ZA": ("南非", "South Africa"),
}
RULES = {
    "A": ("优先论证", "assess first"),
    "B": ("补证后论证", "gather evidence first"),
    "C": ("跟踪观察", "watch"),
}
MOVES = {
    "new": ("新进", "new"),
    "up": ("上升", "up"),
    "down": ("下降", "down"),
    "same": ("持平", "same"),
    "dropped": ("退出", "dropped"),
}
CHANGES = {
    "new": ("新进", "new"),
    "risen": ("上升", "risen"),
    "fallen": ("下降", "fallen"),
    "unchanged": ("持平", "unchanged"),
    "dropped": ("退出", "dropped"),
}


def check_language(lang: str) -> None:
    """Check that a language is one of those that briefs are written in.

    Raises
    ------
    SettingsError
    """
    if lang not in LANGUAGES:
        msg = f"Language {lang!r} is not available. Choose from: {', '.join(LANGUAGES)}."
        raise SettingsError(msg)


def pick(lang: str, zh: str, en: str) -> str:
    """The text in the language asked for."""
    return zh if lang == "zh" else en


def term(table: dict[str, tuple[str, str]], key: Any, lang: str) -> str:
    """Name of a code in a table of terms; the code itself where the table lacks it."""
    if missing(key):
        return ABSENT
    pair = table.get(str(key))
    return str(key) if pair is None else pick(lang, *pair)


def missing(value: Any) -> bool:
    """Whether a scalar is absent (None, NaN or NA)."""
    return value is None or bool(pd.isna(value))


def as_float(value: Any) -> float | None:
    """A number as float, None where absent."""
    return None if missing(value) else float(value)


def as_int(value: Any) -> int | None:
    """A whole number as int, None where absent."""
    return None if missing(value) else int(value)


def as_text(value: Any) -> str:
    """A text, empty where absent."""
    return "" if missing(value) else str(value)


def _signed(text: str) -> str:
    digits = text.lstrip("-").replace(",", "")
    if text.startswith("-"):
        return text[1:] if float(digits) == 0 else MINUS + text[1:]
    return text


def count(value: Any) -> str:
    """A whole number with thousands separators."""
    return ABSENT if missing(value) else _signed(f"{int(value):,}")


def decimal(value: Any, digits: int = 1) -> str:
    """A number with fixed decimals."""
    return ABSENT if missing(value) else _signed(f"{float(value):,.{digits}f}")


def percent(value: Any, digits: int = 1) -> str:
    """A share (0 to 1) as per cent."""
    return ABSENT if missing(value) else _signed(f"{100 * float(value):,.{digits}f}") + "%"


def small_percent(value: Any) -> str:
    """A share as per cent with two decimals below 1 %, where one decimal would say little."""
    if missing(value):
        return ABSENT
    return percent(value, 2 if 0 < abs(float(value)) < 0.01 else 1)


def yearly_change(log_growth: Any) -> float | None:
    """Relative change per year (0.05 = 5 % more) of a yearly log-growth."""
    value = as_float(log_growth)
    return None if value is None else math.expm1(value)


def signed_percent(value: Any, digits: int = 1) -> str:
    """A relative change as per cent with its sign."""
    if missing(value):
        return ABSENT
    text = percent(value, digits)
    return text if text.startswith(MINUS) or float(value) <= 0 else "+" + text


def probability(value: Any) -> str:
    """A probability with two decimals, never a false 0.00 or 1.00."""
    number = as_float(value)
    if number is None:
        return ABSENT
    if number < 0.005:
        return "<0.01"
    return ">0.99" if number > 0.995 else f"{number:.2f}"


def span(lo: str, hi: str, lang: str) -> str:
    """Two bounds already in words: an en dash, or a word where a minus or plus sign is near."""
    if ABSENT in (lo, hi):
        return ABSENT
    if any(sign in lo + hi for sign in (MINUS, "+")):
        return f"{lo} {pick(lang, '至', 'to')} {hi}"
    return f"{lo}{DASH}{hi}"


def bracketed(value: str, lo: str, hi: str, lang: str) -> str:
    """A value with its interval in brackets, as in table cells: `78.2（65.1–88.0）`."""
    if value == ABSENT:
        return ABSENT
    between = span(lo, hi, lang)
    if between == ABSENT:
        return value
    return pick(lang, f"{value}（{between}）", f"{value} ({between})")


def interval(lo: str, hi: str, lang: str) -> str:
    """A 95 % interval in words: `95% 置信区间 12.3–45.6` or `95% interval 12.3–45.6`."""
    between = span(lo, hi, lang)
    if between == ABSENT:
        return pick(lang, "置信区间无法给出", "no interval can be given")
    return pick(lang, f"95% 置信区间 {between}", f"95% interval {between}")


def with_interval(value: str, lo: str, hi: str, lang: str) -> str:
    """A value in prose with its 95 % interval in brackets."""
    text = interval(lo, hi, lang)
    return pick(lang, f"{value}（{text}）", f"{value} ({text})")


def score_cell(row: Any, lang: str) -> str:
    """Score with its interval, from a row with score, score_lo, score_hi."""
    parts = (decimal(row.score), decimal(row.score_lo), decimal(row.score_hi))
    return bracketed(*parts, lang)


def rank_cell(row: Any, lang: str) -> str:
    """Rank with its interval, from a row with rank, rank_lo, rank_hi."""
    return bracketed(count(row.rank), count(row.rank_lo), count(row.rank_hi), lang)


def growth_texts(value: Any, lo: Any, hi: Any) -> tuple[str, str, str]:
    """Yearly log-growth and bounds as signed per cent a year."""
    first, second, third = (signed_percent(yearly_change(x)) for x in (value, lo, hi))
    return first, second, third


def date(iso: Any, lang: str) -> str:
    """An ISO date in words."""
    if missing(iso):
        return ABSENT
    year, month, day = (int(part) for part in str(iso)[:10].split("-"))
    return pick(lang, f"{year}年{month}月{day}日", f"{day} {MONTHS[month - 1]} {year}")


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def years(first: int, last: int, lang: str) -> str:
    """A span of calendar years."""
    if first == last:
        return pick(lang, f"{first}年", f"{first}")
    return pick(lang, f"{first}{DASH}{last}年", f"{first}{DASH}{last}")


def listing(items: Sequence[str], lang: str) -> str:
    """Items in a row: 甲、乙和丙, or A, B and C."""
    if len(items) < 2:
        return "".join(items)
    head = pick(lang, "、", ", ").join(items[:-1])
    return pick(lang, f"{head}和{items[-1]}", f"{head} and {items[-1]}")


def documents(n: Any, lang: str) -> str:
    """A number of documents: `1,234 件文献`, `1 document`."""
    number = as_int(n)
    noun = "document" if number == 1 else "documents"
    return pick(lang, f"{count(n)} 件文献", f"{count(n)} {noun}")


def stage(value: Any, lang: str, reason: Any = None) -> str:
    """Life-cycle stage, or that it cannot be decided, and why where the reason is given."""
    if not missing(value):
        return term(STAGES, value, lang)
    undecided = pick(lang, *UNDECIDED)
    if missing(reason):
        return undecided
    return undecided + pick(lang, "：", ": ") + term(STAGE_REASONS, reason, lang)
