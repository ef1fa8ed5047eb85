"""Organisation, city and country in an address line of an author.

"Department of Physics, Zhejiang University, Hangzhou 310027, China. x@y.cn" gives Zhejiang
University, Hangzhou, China. A rule of thumb: what it cannot read stays empty, and mail addresses
are dropped.
"""

from __future__ import annotations

import re
from functools import cache

_MAIL = re.compile(r"\(?\s*(?:electronic address|e-?mail)?\s*:?\s*[^\s@;,()]+@[^\s@;,()]+\)?", re.I)
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}-?)?\d{3,7}(?:-\d{3,4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\bCEDEX\b.*",
    re.I,
)
_WHOLE = re.compile(
    r"univ|\binst\b|institut|academ|\bacad\b|hosp|colleg|\bcoll\b|polytech|école|ecole|hochschule|"
    r"research cent|national lab|compan|"
    r"\b(?:inc|ltd|llc|gmbh|corp|corporation|ag|spa|kk)\b|\w &? ?co\.?$|"
    r"大学|学院|研究院|研究所|医院|公司|科学院|实验室|中心",
    re.I,
)
_FIRST = re.compile(r"univ|academy of|\bacad\b|大学|科学院", re.I)
_PART = re.compile(
    r"^(?:department|dept|school|sch\b|faculty|fac\b|division|div\b|section|laborator|lab\b|"
    r"key lab|state key|college of|coll\b|institute of .* of )",
    re.I,
)
_UNIT = re.compile(r"\b(?:dept|sch|fac|div|lab|ctr|engn|technol|sci|res|sect|grp)\b", re.I)
_USA = re.compile(r"(?:^|[\s,])(?:USA|U\.S\.A\.|United States(?: of America)?)\.?$")
_ALIASES = {
    "usa": "US", "u.s.a.": "US", "u.s.a": "US", "united states of america": "US", "uk": "GB",
    "u.k.": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "p. r. china": "CN", "p.r. china": "CN", "pr china": "CN", "p.r.china": "CN",
    "people's republic of china": "CN", "people’s republic of china": "CN", "mainland china": "CN",
    "peoples r china": "CN",
    "republic of korea": "KR", "korea": "KR", "south korea": "KR", "republic of singapore": "SG",
    "the netherlands": "NL", "russia": "RU", "russian federation": "RU", "viet nam": "VN",
    "taiwan": "TW", "hong kong": "HK", "macau": "MO", "macao": "MO", "iran": "IR", "turkey": "TR",
    "czech republic": "CZ", "中国": "CN", "中华人民共和国": "CN",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for language in ("en", "zh"):
        for code, name in sorted(Locale(language).territories.items()):
            if re.fullmatch("[A-Z]{2}", code):
                names[name.casefold()] = code
    return {**names, **_ALIASES}


def country_of(text: str) -> str | None:
    """ISO code of a country's name in English or Chinese; None if it is none."""
    return _countries().get(text.strip(" .").casefold()) or _countries().get(
        text.strip().casefold()
    )


def _without_mail(text: str) -> str:
    return _MAIL.sub("", text).strip(" .;,")


def read_affiliation(text: str | None) -> dict[str, str | None]:
    """Read an address line.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    dict
        `org`, `city`, `country` (ISO code); None where the line does not tell.
    """
    nothing: dict[str, str | None] = {"org": None, "city": None, "country": None}
    line = _without_mail(text or "").split(";")[0]
    parts = [part.strip(" .") for part in re.split(r"[,，]", line) if part.strip(" .")]
    if not parts:
        return nothing
    country = _country(parts[-1]) if len(parts) > 1 else None
    body = parts[:-1] if country else parts
    org = _organisation(body)
    rest = body[body.index(org) + 1 :] if org in body else []
    return {"org": org, "city": _city(rest), "country": country}


def _country(part: str) -> str | None:
    """Country of the last part, beside which a state or post code of the US may stand."""
    return country_of(part) or ("US" if _USA.search(part) else None)


def _organisation(parts: list[str]) -> str | None:
    """A university or academy, else another whole institution, else what is no mere department.

    Of two parts without such a word the second is the city.
    """
    whole = [part for part in parts if _WHOLE.search(part)]
    strong = [part for part in whole if not _PART.match(part)]
    first = [part for part in strong if _FIRST.search(part)]
    if whole:
        return (first or strong or whole)[0]
    named = parts if len(parts) <= 2 else [part for part in parts if not _PART.match(part)]
    return next(iter(named or parts), None)


def _city(parts: list[str]) -> str | None:
    """The first part after the institution that is a name once post codes are gone."""
    for part in parts:
        name = " ".join(_POSTCODE.sub("", part).split()).strip(" -.")
        plain = name and not any(c.isdigit() for c in name)
        if plain and not (_WHOLE.search(name) or _PART.match(name) or _UNIT.search(name)):
            return name
    return None
