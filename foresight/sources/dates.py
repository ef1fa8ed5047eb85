"""Dates as exports write them: Chinese, English, of spreadsheets, with the day or month first."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 1500, 2100  # what lies outside is a slip of the pen, not a date
MONTHS = 12
_NAMES = (
    "jan january feb february mar march apr april may may jun june jul july aug august "
    "sep september oct october nov november dec december"
)
_MONTHS = {name: place // 2 + 1 for place, name in enumerate(_NAMES.split())} | {"sept": 9}
_QUARTERS = {"win": 12, "winter": 12, "spr": 6, "spring": 6, "sum": 9, "summer": 9, "fal": 12}
_QUARTERS |= {"fall": 12, "aut": 12, "autumn": 12}
_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_TIME = r"(?:\s*[Tt ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_WHOLE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_PARTS = re.compile(
    rf"(\d{{4}})\s*[-./年]\s*(\d{{1,2}})(?:\s*[-./月]\s*(\d{{1,2}})\s*[日号]?|\s*月)?{_TIME}"
)
_YEAR = re.compile(r"(\d{4})\s*年?(?:\.0+)?")
_SHORT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_WORDS = re.compile(r"[A-Za-z]+|\d+")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_HAN = re.compile(r"[〇零○一二三四五六七八九十]+")
_ROC = re.compile(r"(?:中華)?民[国國]\s*(\d{2,3})\s*年")
# Spreadsheets count days from 1899-12-30; the range is 1954-10-03 to 2064-04-08.
_EPOCH, _SERIALS = date(1899, 12, 30), range(20000, 60000)
_SOME = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}|(?<!\d)(?:19|20)\d{6}(?!\d)")


def day_month_order(values: Iterable[str | None]) -> str | None:
    """Tell whether dates such as 05/10/17 begin with the day or the month.

    Returns
    -------
    "dmy" or "mdy", or None if no date tells, or dates contradict each other.

    >>> day_month_order(["05/10/17", "26/10/17"]), day_month_order(["05/10/17"])
    ('dmy', None)
    """
    found = [match for value in values if value and (match := _SHORT.fullmatch(value.strip()))]
    day_first = any(int(match.group(1)) > MONTHS for match in found)
    month_first = any(int(match.group(2)) > MONTHS for match in found)
    if day_first == month_first:
        return None
    return "dmy" if day_first else "mdy"


@lru_cache(maxsize=65536)
def read_date(
    text: str, *, order: str | None = None, latest: str | None = None
) -> tuple[str, bool] | None:
    """Read a date as `YYYY-MM-DD`.

    2021-03-05, 20210305, 2021.3.5, 2021/3/5, 2021年3月5日, 二〇二一年三月五日, 民国110年3月5日,
    5 Mar 2021, Mar 5, 2021, MAR-APR 2021, with or without a time; day numbers of a spreadsheet.
    A year becomes its 31 December, a month or quarter its last day, because by then at the
    latest the document was public.

    Parameters
    ----------
    text : str
    order : "dmy", "mdy" or None
        For 05/10/17 and 05/10/2017. Where it is None and both readings are dates, the later
        one is taken and the date counts as completed.
    latest : str, optional
        ISO date that a year of two digits must not pass: 99 becomes 1999.

    Returns
    -------
    (str, bool) or None
        ISO date and whether it was completed; None if the text is no date.
    """
    flat = unicodedata.normalize("NFKC", text).strip().strip("'\"").rstrip(".")
    if not flat or len(flat) > 60:
        return None
    flat = _arabic(flat)
    if match := _WHOLE.fullmatch(flat) or _PARTS.fullmatch(flat):
        return _full(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _YEAR.fullmatch(flat):
        return _full(int(match[1]), None, None)
    if match := _SHORT.fullmatch(flat):
        return _short(match, order, latest)
    if (match := _SERIAL.fullmatch(flat)) and int(match[1]) in _SERIALS:
        return (_EPOCH + timedelta(days=int(match[1]))).isoformat(), False
    return _english(flat)


def find_dates(text: str) -> list[str]:
    """All full dates in a text, in order, as ISO dates.

    >>> find_dates("2019-03-05至2021年3月4日")
    ['2019-03-05', '2021-03-04']
    """
    flat = unicodedata.normalize("NFKC", text)
    found = (read_date(re.sub(r"\s", "", match)) for match in _SOME.findall(flat))
    return [value[0] for value in found if value]


def _full(year: int, month: int | None, day: int | None) -> tuple[str, bool] | None:
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= (month or MONTHS) <= MONTHS:
        return None
    last = calendar.monthrange(year, month or MONTHS)[1]
    if day is not None and not 1 <= day <= last:
        return None
    return f"{year:04d}-{month or MONTHS:02d}-{day or last:02d}", day is None


def _short(match: re.Match[str], order: str | None, latest: str | None) -> tuple[str, bool] | None:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    years = [year] if len(match[3]) == 4 else [2000 + year, 1900 + year]
    readings = {"dmy": (second, first), "mdy": (first, second)}
    wanted = [readings[order]] if order else sorted(set(readings.values()), reverse=True)
    for value in years:
        dates = [found for month, day in wanted if (found := _full(value, month, day))]
        dates = [found for found in dates if latest is None or found[0] <= latest]
        if dates:
            best = max(dates)
            return best[0], len({found[0] for found in dates}) > 1
    return None


def _arabic(text: str) -> str:
    if match := _ROC.match(text):
        text = f"{int(match[1]) + 1911}年{text[match.end() :]}"
    if "年" not in text:
        return text
    return _HAN.sub(lambda match: _han_number(match[0]), text)


def _han_number(text: str) -> str:
    if "十" not in text:
        return "".join(_DIGITS[c] for c in text)
    tens, _, ones = text.partition("十")
    return (_DIGITS.get(tens, "1") if tens else "1") + (_DIGITS.get(ones, "0") if ones else "0")


def _english(text: str) -> tuple[str, bool] | None:
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words or len(words) > 4 or len("".join(words)) < len(re.sub(r"[\s,.\-/]", "", text)):
        return None
    names = [word for word in words if word.isalpha()]
    months = [_MONTHS.get(word) or _QUARTERS.get(word) for word in names]
    years = [int(word) for word in words if len(word) == 4 and word.isdigit()]
    days = [int(word) for word in words if word.isdigit() and len(word) <= 2]
    if len(years) != 1 or None in months or not months or len(days) > 1:
        return None
    month = max(value for value in months if value)
    quarter = any(word in _QUARTERS for word in names)
    return _full(years[0], month, None if quarter or len(names) > 1 else next(iter(days), None))
