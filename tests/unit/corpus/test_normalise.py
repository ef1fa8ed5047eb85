import pandas as pd
import pyarrow as pa
import pytest

from foresight.corpus import normalise
from foresight.corpus.normalise import (
    chinese_text,
    class_code,
    english_words,
    load_gazetteer,
    locate,
    organisation_id,
    place_city,
    prefectures,
)


def words(text):
    return english_words(pa.array([text], pa.large_string())).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Micro-LED displays", " Micro LED displays "),
        ("ﬁbre/naïve  5G", " fibre naive 5G "),
        ("ＬＥＤ大模型LLM训练", " LED LLM "),
        (None, "  "),
        ("<script>alert('x')</script>", " script alert x script "),
    ],
)
def test_english_words(text, form):
    assert words(text) == form


def test_chinese_text_folds_width_and_spaces_and_is_null_without_han():
    texts = pa.array(["ＡＩ 大 模型", "no han", None], pa.large_string())
    assert chinese_text(texts).to_pylist() == ["ai大模型", None, None]


def test_traditional_characters_meet_the_simplified_terms():
    texts = pa.array(["量子計算與機器人", "石墨烯薄膜", None], pa.large_string())
    assert chinese_text(texts).to_pylist() == ["量子计算与机器人", "石墨烯薄膜", None]
    assert chinese_text(pa.chunked_array([texts])).to_pylist()[0] == "量子计算与机器人"


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("H01M 10/0562", "H01M10/0562"),
        ("h01m10/0562", "H01M10/0562"),
        ("H01M0010056200", "H01M10/0562"),
        ("H01M0010000000", "H01M10/00"),
        ("G06N 3/08 (2023.01)", "G06N3/08"),
        ("G06F16", "G06F16"),
    ],
)
def test_class_code(code, form):
    assert class_code(code) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Canon Kabushiki Kaisha", "canon"),
        ("Kabushiki Kaisha Toshiba", "toshiba"),
        ("LG ELECTRONICS INC.", "lg electronics"),
        ("Hon Hai Precision Industry Co., Ltd.", "hon hai precision industry"),
        ("Foo L.L.C.", "foo"),
        ("Siemens Aktiengesellschaft", "siemens"),
        ("华为技术有限公司", "huawei technologies"),
        ("舜宇光学科技有限公司", "舜宇光学科技"),
        ("Company", "company"),
        ("!!!", "!!!"),
        ("  ", None),
        (None, None),
    ],
)
def test_organisation_id(name, form):
    assert organisation_id(name) == form


@pytest.mark.parametrize(
    ("city", "country", "found"),
    [
        ("Hangzhou", "CN", (True, "杭州")),
        ("Hang-Zhou", "CN", (True, "杭州")),
        ("Yiwu", "CN", (True, "金华")),
        ("Cixi", None, (True, "宁波")),
        ("Rui'an", "CN", (True, "温州")),
        ("Zhejiang Province", "CN", (True, None)),
        ("浙江省宁波市", "CN", (True, "宁波")),
        ("Taizhou", "CN", (False, None)),
        ("Taizhou, Zhejiang Province 318058", "CN", (True, "台州")),
        ("Lishui", "CN", (False, None)),
        ("Hangzhou Road, Shanghai", "CN", (False, None)),
        ("Taizhou, Jiangsu", "CN", (False, None)),
        ("Yongkang", "TW", (False, None)),
        ("Hangzhouwan", "CN", (False, None)),
        (None, "CN", (False, None)),
    ],
)
def test_places(city, country, found):
    assert locate(city, country) == found
    assert place_city(city, country) == found[1]


def test_the_region_beside_an_ambiguous_city_decides():
    assert place_city("Taizhou", "CN", "Zhejiang") == "台州"
    assert place_city("台州", "CN") == "台州"


def test_the_gazetteer_names_exactly_the_eleven_cities():
    cities = {zh for zh, _ in load_gazetteer().names.values()}
    assert cities == set("杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水".split())


def test_prefectures_keep_the_index_and_null():
    parties = pd.DataFrame(
        {"city": ["Ningbo", None], "country": ["CN", None], "region": [None, None]}, index=[7, 3]
    )
    found = prefectures(parties)
    assert list(found.index) == [7, 3]
    assert found[7] == "宁波"
    assert pd.isna(found[3])


def test_a_missing_gazetteer_is_one_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr(normalise, "data_dir", lambda: tmp_path)
    load_gazetteer.cache_clear()
    try:
        with pytest.raises(normalise.RegistryError, match=r"zhejiang\.csv is missing"):
            load_gazetteer()
    finally:
        load_gazetteer.cache_clear()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CN", "CN"), ("cn", "CN"), ("China", "CN"), ("P.R. China", "CN"), ("中国", "CN"),
        ("USA", "US"), ("United States", "US"), ("U.S.", "US"), ("UK", "GB"), ("KOR", "KR"),
        ("South Korea", "KR"), ("Republic of Korea", "KR"), ("韩国", "KR"), ("台湾", "TW"),
        ("Taiwan", "TW"), ("Hong Kong", "HK"), ("Türkiye", "TR"), ("Atlantis", "Atlantis"),
        (None, None),
    ],
)  # fmt: skip
def test_country_code(name, code):
    assert normalise.country_code(name) == code


def test_every_alias_of_a_country_is_a_code():
    aliases = normalise._COUNTRY_ALIASES
    assert all(normalise.is_country_code(code) for code in aliases.values())
    assert all(normalise.country_code(name) == code for name, code in aliases.items())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("浙江省宁波市鄞州区学士路655号", (True, "宁波")),
        ("310027 中国浙江省杭州市西湖区浙大路38号", (True, "杭州")),
        ("浙江义乌市稠城街道", (True, "金华")),
        ("浙江省象山县", (True, "宁波")),
        ("浙江省龙港市", (True, "温州")),
        ("余姚市阳明街道", (True, "宁波")),
        ("青田县温溪镇", (True, "丽水")),
        ("浙江大学", (True, None)),
        ("上海市浙江中路1号", (False, None)),
        ("上海市黄浦区宁波路", (False, None)),
        ("杭州路8号", (False, None)),
        ("南昌市西湖区", (False, None)),
        ("象山区", (False, None)),
        ("江苏省泰州市", (False, None)),
    ],
)
def test_addresses_in_chinese(text, found):
    assert locate(text, None) == found
