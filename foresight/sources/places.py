"""Provinces, cities and countries in the cells of Chinese exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# GB/T 2260, first two digits.
_CODES = (
    "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 33浙江 34安徽 "
    "35福建 36江西 37山东 41河南 42湖北 43湖南 44广东 45广西 46海南 50重庆 51四川 52贵州 53云南 "
    "54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆"
)
PROVINCES = {item[:2]: item[2:] for item in _CODES.split()}
_ELSEWHERE = {"71": "TW", "81": "HK", "82": "MO", "台湾": "TW", "香港": "HK", "澳门": "MO"}
_CITIES = ("北京", "天津", "上海", "重庆")  # provinces that are cities
_PROVINCE = re.compile(f"(?:{'|'.join(PROVINCES.values())})")
_CITY = re.compile(r"([\u4e00-\u9fff]{2,7}?(?:市|自治州|地区|盟))")
_SUFFIX = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")
_CODE = re.compile(r"(?:CN[-_ ]?)?(\d{2})\d{0,4}")
OFFICES = {
    "中国": "CN", "美国": "US", "日本": "JP", "韩国": "KR", "德国": "DE", "英国": "GB",
    "法国": "FR", "欧洲专利局": "EP", "欧专局": "EP", "欧洲": "EP", "epo": "EP",
    "世界知识产权组织": "WO",
    "wipo": "WO", "pct": "WO", "中国台湾": "TW", "台湾": "TW", "中国香港": "HK", "香港": "HK",
    "中国澳门": "MO", "加拿大": "CA", "澳大利亚": "AU", "俄罗斯": "RU", "印度": "IN", "巴西": "BR",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Country (code or name as given), province and city, each None where not told."""

    country: str | None = None
    region: str | None = None
    city: str | None = None


def office_code(text: str | None) -> str | None:
    """Two letters of an office given by code or by name in Chinese; None for others."""
    if not text:
        return None
    flat = text.strip()
    if re.fullmatch(r"[A-Za-z]{2}", flat):
        return flat.upper()
    return OFFICES.get(flat.casefold())


def region(text: str) -> Place:
    """Read a province by name or code; a name that is no province is taken for a country.

    >>> region("浙江省").region, region("33").region, region("美国").country
    ('浙江', '浙江', '美国')
    """
    flat = text.strip()
    if match := _CODE.fullmatch(flat):
        code = match[1]
        if code in PROVINCES:
            return Place("CN", PROVINCES[code], None)
        return Place(_ELSEWHERE.get(code))
    short = _SUFFIX.sub("", flat.removeprefix("中国"))
    if short in PROVINCES.values():
        return Place("CN", short, f"{short}市" if short in _CITIES else None)
    if short in _ELSEWHERE:
        return Place(_ELSEWHERE[short])
    return Place(flat) if not flat.isascii() or len(flat) == 2 else Place(None, flat, None)


def regions(values: Sequence[str]) -> list[Place]:
    """Places of a list in which codes may stand beside the names that they mean (浙江; 33)."""
    named = [value for value in values if not re.fullmatch(r"[\dA-Za-z]{1,6}", value.strip())]
    return [region(value) for value in (named or values)]


def address(text: str) -> Place:
    """Province and city of a Chinese address; what lies below the city is not kept.

    >>> address("310027 浙江省杭州市西湖区浙大路38号")
    Place(country='CN', region='浙江', city='杭州市')
    """
    match = _PROVINCE.search(text)
    name = match[0] if match else None
    rest = text[match.end() :] if match else text
    if name in _CITIES:
        return Place("CN", name, f"{name}市")
    rest = re.sub(r"^(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区)", "", rest)
    city = _CITY.match(rest.strip(" ,，")) if name else _CITY.search(rest)
    return Place("CN" if name or city else None, name, city[1] if city else None)
