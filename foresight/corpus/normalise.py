"""One form for texts, classification codes, organisations and places.

Everything a corpus is matched and grouped by goes through this module, whatever the source.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foresight.errors import RegistryError
from foresight.settings import data_dir

GAZETTEER_FILE = "gazetteer/zhejiang.csv"
ORGANISATION_FILE = "organisations.csv"
HOME = "CN"
PROVINCE = "Zhejiang"
NAMES_KEPT = 1 << 18  # reduced names of organisations that are kept: the same come again and again
MANY = 1 << 12  # texts from which on compiled code is worth its loading
CJK = "\\x{3400}-\\x{4dbf}\\x{4e00}-\\x{9fff}\\x{f900}-\\x{faff}\\x{20000}-\\x{323af}"

# Legal forms at the end of a name; the phrases also stand in front (Kabushiki Kaisha Toshiba).
_LEGAL_FORMS = (
    "incorporated inc corporation corp company companies co limited ltd ltda llc llp lp plc pllc "
    "gmbh mbh ag kg kgaa ohg ug se sa sas sarl sca nv bv cv ab aktiebolag oy oyj as asa aps spa "
    "srl sl kk pte pty pvt bhd sdn doo zrt kft"
)
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
LEGAL_PHRASES = (
    "kabushiki kaisha",
    "kabushikikaisha",
    "kabushiki gaisha",
    "yugen kaisha",
    "societe anonyme",
    "aktiengesellschaft",
    "gesellschaft mit beschrankter haftung",
    "societa per azioni",
    "naamloze vennootschap",
)
LEGAL_ZH = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "公司")
_LETTERS = re.compile(r"(?<=\b[a-z]) (?=[a-z]\b)")  # "l l c" -> "llc"
_IPC14 = re.compile(r"^([A-HY]\d{2}[A-Z])(\d{4})(\d{6})$")


def english_words(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Reduce texts to their Latin words, one space apart and around, letter case kept.

    Compatibility characters and accents are folded (NFKD), everything that is not a Latin letter
    or a digit becomes one space: "Micro-LED™ displays" gives " Micro LEDTM displays ".
    A phrase occurs in a text exactly if its form is a substring of the text's form, so matching
    needs no regular expression and means the same in every engine.

    Parameters
    ----------
    texts : Arrow array of text; null counts as empty

    Returns
    -------
    Arrow array of the same length; " " where there is no word.
    """
    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([english_words(chunk) for chunk in texts.chunks], texts.type)
    filled = pc.fill_null(texts, "")
    if len(filled) < MANY:
        return _english_words(filled)
    from foresight.corpus.kernels import ascii_words

    strange = pc.invert(pc.string_is_ascii(filled))
    plain = ascii_words(pc.if_else(strange, pa.scalar("", filled.type), filled))
    return pc.replace_with_mask(plain, strange, _english_words(filled.filter(strange)))


def _english_words(texts: pa.Array) -> pa.Array:
    flat = pc.utf8_normalize(texts, form="NFKD")
    flat = pc.replace_substring_regex(flat, pattern=r"\p{M}+", replacement="")
    flat = pc.replace_substring_regex(flat, pattern=r"[^A-Za-z0-9]+", replacement=" ")
    flat = pc.utf8_trim(flat, characters=" ")
    return pc.binary_join_element_wise(
        pa.scalar("", flat.type), flat, pa.scalar("", flat.type), pa.scalar(" ", flat.type)
    )


def chinese_text(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Fold width (NFKC), letter case and traditional characters, and drop spaces.

    Null where a text has no Han character. Chinese terms match as substrings, so nothing is cut
    into words. Traditional characters become simplified ones one by one (OpenCC's table), not
    phrase by phrase, so that a term and a text meet in one form wherever it stands.

    Parameters
    ----------
    texts : Arrow array of text

    Returns
    -------
    Arrow array of the same length.
    """
    has = pc.match_substring_regex(pc.fill_null(texts, ""), pattern=f"[{CJK}]")
    flat = pc.if_else(has, texts, pa.scalar(None, texts.type))
    flat = pc.utf8_lower(pc.utf8_normalize(flat, form="NFKC"))
    flat = pc.replace_substring_regex(flat, pattern=r"[\s\p{Z}]+", replacement="")
    flat = pc.utf8_normalize(flat, form="NFKC")  # an accent may now stand beside its letter
    return _simplified(flat)


@cache
def _simplified_table() -> dict[int, str]:
    """Traditional characters and the simplified ones they become."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    blocks = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
    pairs = ((code, convert(chr(code))) for block in blocks for code in block)
    return {code: simple for code, simple in pairs if simple != chr(code)}


def _simplified(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    if texts.null_count == len(texts):  # a corpus without Chinese needs no table
        return texts
    table = _simplified_table()
    plain = [None if text is None else text.translate(table) for text in texts.to_pylist()]
    array = pa.array(plain, texts.type)
    return pa.chunked_array([array]) if isinstance(texts, pa.ChunkedArray) else array


def class_code(code: str) -> str:
    """Write a CPC or IPC code as in "H01M10/0562".

    Spaces, lower case, a version in brackets ("(2010.01)") and the 14-character form of ST.8
    ("H01M0010056200") are accepted.

    >>> class_code("h01m 10/0562 (2010.01)")
    'H01M10/0562'
    """
    flat = re.sub(r"\(.*?\)|\s+", "", unicodedata.normalize("NFKC", code)).upper()
    long = _IPC14.match(flat)
    if long:
        subclass, group, rest = long.groups()
        tail = rest.rstrip("0")
        return f"{subclass}{int(group)}/{tail.ljust(2, '0')}"
    return flat


def organisation_id(name: str | None) -> str | None:
    """Reduce an organisation's name to what its spellings share.

    Letter case, accents and punctuation are folded, and legal forms at the end ("Co., Ltd.",
    "Inc", "GmbH", "Kabushiki Kaisha", 有限公司) are dropped. Two firms that differ in nothing
    else fall together; subsidiaries stay apart from their parents. Other names of one organisation,
    such as that in Chinese, are those of `data/organisations.csv`, which can be edited.

    >>> organisation_id("The Upjohn Company"), organisation_id("LG ELECTRONICS INC.")
    ('upjohn', 'lg electronics')
    >>> organisation_id("浙江大学"), organisation_id("Zhejiang Univ.")
    ('zhejiang university', 'zhejiang university')
    """
    if name is None or not name.strip():
        return None
    short = _short_name(name)
    return load_organisations().get(short, short)


@cache
def load_organisations() -> dict[str, str]:
    """Read `data/organisations.csv`: reduced alias to reduced name of the organisation.

    Raises
    ------
    RegistryError
        If the file is missing, a row lacks a name, or an alias means two organisations.
    """
    path = data_dir() / ORGANISATION_FILE
    if not path.is_file():
        msg = f"{ORGANISATION_FILE} is missing below {data_dir()}. Restore it from git."
        raise RegistryError(msg)
    known: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            alias, name = (row.get("alias") or "").strip(), (row.get("organisation") or "").strip()
            if not alias or not name:
                msg = f"{ORGANISATION_FILE}, line {number}: fill `alias` and `organisation`."
                raise RegistryError(msg)
            short, target = _short_name(alias), _short_name(name)
            if known.setdefault(short, target) != target:
                msg = (
                    f"{ORGANISATION_FILE}, line {number}: {alias!r} already means "
                    f"{known[short]!r}, not {target!r}. Keep one of the rows."
                )
                raise RegistryError(msg)
    chained = sorted(alias for alias, name in known.items() if known.get(name, name) != name)
    if chained:
        msg = f"{ORGANISATION_FILE}: {chained[0]!r} leads to another alias. Name the organisation."
        raise RegistryError(msg)
    return {alias: name for alias, name in known.items() if alias != name}


@lru_cache(maxsize=NAMES_KEPT)
def _short_name(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c)).replace("&", " and ")
    flat = " ".join("".join(c if c.isalnum() else " " for c in flat.replace("'", "")).split())
    flat = _LETTERS.sub("", flat)
    short = flat.removeprefix("the ")
    for phrase in LEGAL_PHRASES:
        short = short.removeprefix(f"{phrase} ").removesuffix(f" {phrase}")
    words = short.split()
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or words[-1] == "and"):
        words.pop()
    short = " ".join(words)
    for form in LEGAL_ZH:
        if short.endswith(form) and len(short) > len(form):
            short = short.removesuffix(form)
            break
    return short or flat or name.strip().casefold()


@dataclass(frozen=True)
class Gazetteer:
    """Place names of Zhejiang.

    Attributes
    ----------
    cities : dict
        Folded name of a prefecture city to (Chinese, English) name of the city.
    counties : dict
        The same for districts, counties and county-level cities.
    ambiguous : frozenset
        Folded names that a larger or equal place elsewhere in China shares.
    province, elsewhere : frozenset
        Folded names of the province, and of other provinces and large cities.
    """

    cities: dict[str, tuple[str, str]]
    counties: dict[str, tuple[str, str]]
    ambiguous: frozenset[str]
    province: frozenset[str]
    elsewhere: frozenset[str]

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """All names below the province; a city's name goes before a county's."""
        return {**self.counties, **self.cities}


def _fold(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    flat = re.sub(r"['’`]", "", flat)
    return " ".join(re.sub(r"[^\w]+|_", " ", flat).split())


@cache
def load_gazetteer() -> Gazetteer:
    """Read `data/gazetteer/zhejiang.csv`.

    Raises
    ------
    RegistryError
        If the file is missing, or a row names an unknown kind.
    """
    path = data_dir() / GAZETTEER_FILE
    if not path.is_file():
        msg = f"The gazetteer {GAZETTEER_FILE} is missing below {data_dir()}. Restore it from git."
        raise RegistryError(msg)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kinds: dict[str, dict[str, tuple[str, str]]] = {
        kind: {} for kind in ("province", "city", "county", "elsewhere")
    }
    for number, row in enumerate(rows, start=2):
        if row["kind"] not in kinds:
            msg = (
                f"{GAZETTEER_FILE}, line {number}: kind {row['kind']!r} is unknown. "
                f"Use one of {', '.join(kinds)}."
            )
            raise RegistryError(msg)
        kinds[row["kind"]].setdefault(_fold(row["place"]), (row["city_zh"], row["city_en"]))
    ambiguous = frozenset(_fold(row["place"]) for row in rows if row["ambiguous"] == "1")
    return Gazetteer(
        kinds["city"],
        kinds["county"],
        ambiguous,
        frozenset(kinds["province"]),
        frozenset(kinds["elsewhere"]),
    )


def _parts(text: str) -> tuple[list[str], str]:
    """Words and pairs of words in order, without those that name a street; and the folded text."""
    folded = _fold(text)
    words = re.sub(r"\b\w+ (?:road|rd|street|st|avenue|lu)\b", " ", folded).split()
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return words + pairs, folded


_STREET = r"(?:大学)?[东南西北中]?(?:[一二三四五]|\d+)?(?:大街|大道|路|街|巷|弄)"


def _has(name: str, parts: Iterable[str], folded: str) -> bool:
    """Whether a name stands in a text; a street named after a place (浙江中路) does not count."""
    if name.isascii() or name not in folded:
        return name in parts
    return re.search(rf"{re.escape(name)}(?!{_STREET})", folded) is not None


# Names in common use that CLDR, which follows other conventions, does not list.
_COUNTRY_ALIASES = {
    "america": "US", "u s": "US", "united states of america": "US", "england": "GB",
    "scotland": "GB", "wales": "GB", "northern ireland": "GB", "great britain": "GB",
    "korea": "KR", "republic of korea": "KR", "korea republic of": "KR", "s korea": "KR",
    "pr china": "CN", "p r china": "CN", "people s republic of china": "CN", "prc": "CN",
    "mainland china": "CN", "taiwan roc": "TW", "taiwan r o c": "TW", "chinese taipei": "TW",
    "hong kong": "HK", "macau": "MO", "macao": "MO", "turkey": "TR", "czech republic": "CZ",
    "russian federation": "RU", "holland": "NL", "the netherlands": "NL", "viet nam": "VN",
    "iran islamic republic of": "IR", "slovak republic": "SK", "brasil": "BR", "uae": "AE",
    "中国大陆": "CN", "台湾": "TW", "中国台湾": "TW", "香港": "HK", "中国香港": "HK", "澳门": "MO",
    "中国澳门": "MO",
}  # fmt: skip


_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})  # CLDR's unions and placeholders


@cache
def _country_names() -> dict[str, str]:
    """Folded names of countries in English and Chinese, and codes, to ISO 3166 two letters."""
    from babel import Locale
    from babel.core import get_global

    names: dict[str, str] = {}
    for language in ("en", "zh"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
                names |= {_fold_name(name): code, code.casefold(): code}
    for alias, codes in get_global("territory_aliases").items():
        if alias.isalpha() and codes[0] in names.values():
            names.setdefault(alias.casefold(), codes[0])
    return names | _COUNTRY_ALIASES


def _fold_name(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c)).replace("&", " and ")
    return " ".join("".join(c if c.isalnum() else " " for c in flat).split())


def country_code(name: str | None) -> str | None:
    """ISO 3166 two-letter code of a country given by code or name, in English or Chinese.

    What is not recognised stays as it is, so that nothing is lost. Names: Unicode CLDR.

    >>> country_code("South Korea"), country_code("USA"), country_code("中国"), country_code("Oz")
    ('KR', 'US', 'CN', 'Oz')
    """
    if name is None:
        return None
    return _country_names().get(_fold_name(name), name)


def is_country_code(text: str) -> bool:
    """Whether a text is a code that `country_code` gives."""
    return text in _country_names().values()


def locate(
    city: str | None, country: str | None, region: str | None = None
) -> tuple[bool, str | None]:
    """Tell whether a place lies in Zhejiang, and in which of its 11 cities.

    A name counts when the country is China or not given, no other province is named, and the
    name is not shared with a place elsewhere (Taizhou is also 泰州 in Jiangsu) unless the
    province is named beside it.

    Parameters
    ----------
    city, region : text as on the record, in English or Chinese, or None
    country : ISO 3166 two-letter code, or None

    Returns
    -------
    (bool, str or None)
        In Zhejiang; Chinese name of the prefecture city, None when it cannot be told.
    """
    if country not in (None, "", HOME):
        return False, None
    gazetteer = load_gazetteer()
    parts, folded = _parts(f"{city or ''} {region or ''}")
    province = any(_has(name, parts, folded) for name in gazetteer.province)
    if not province and any(_has(name, parts, folded) for name in gazetteer.elsewhere):
        return False, None
    for names in (gazetteer.cities, gazetteer.counties):
        for name in sorted(names):
            if _has(name, parts, folded) and (province or name not in gazetteer.ambiguous):
                return True, names[name][0]
    return province, None


def place_city(city: str | None, country: str | None, region: str | None = None) -> str | None:
    """Chinese name of the prefecture city of Zhejiang in which a place lies, or None.

    >>> place_city("Yiwu", "CN"), place_city("Taizhou", "CN"), place_city("Taizhou, Zhejiang", "CN")
    ('金华', None, '台州')
    """
    return locate(city, country, region)[1]


def prefectures(parties: pd.DataFrame) -> pd.Series:
    """Prefecture city of Zhejiang for each row of a `parties` frame.

    Parameters
    ----------
    parties : DataFrame, table `PARTIES` (columns city, country, region are read)

    Returns
    -------
    Series, same index
        Chinese name of the city; null outside Zhejiang or where it cannot be told.
    """
    columns = ["city", "country", "region"]
    keys = parties[columns].astype(object).where(parties[columns].notna(), None)
    found = {key: place_city(*key) for key in set(keys.itertuples(index=False, name=None))}
    values = [found[key] for key in keys.itertuples(index=False, name=None)]
    return pd.Series(values, index=parties.index, dtype="str", name="prefecture")
