"""Texts, names, places and legal words in cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.sources import legal, papers, places, texts
from foresight.sources.places import Place


def test_empty_marks_control_characters_and_tags():
    assert [texts.tidy(t) for t in ("-", "NA", " n/a ", "无", "", None, "nan")] == [None] * 7
    assert texts.tidy(" a\x00 b\ud800\n c ") == "a b c"
    assert texts.prose("CO<sub>2</sub> &amp; &lt;i&gt;in situ&lt;/i&gt; a < b > c") == (
        "CO2 & in situ a < b > c"
    )
    assert texts.prose("<script>x</script>") == "<script>x</script>"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("张, 三", "张三"),
        ("王 小明", "王小明"),
        ("欧阳，娜娜", "欧阳娜娜"),
        ("Smith, John A.", "John A. Smith"),
        ("DOE JOHN", "DOE JOHN"),
        ("Wu, Haowei (58737453200)", "Haowei Wu"),
        ("R.W.乔尔甘塔斯三世",) * 2,
        ("Smith, J., Jr.", "Smith J. Jr."),
        (",", ","),
    ],
)
def test_persons(name, form):
    assert texts.person(name) == form


def test_no_address_keeps_an_e_mail():
    text = "Department of Soil, Zhejiang University, Hangzhou, China; email: a.b@zju.edu.cn"
    found = papers.author("Li, Wei", text)
    assert (found.name, found.org, found.country) == ("Wei Li", "Zhejiang University", "CN")
    assert texts.without_mail("浙江大学 a.b@zju.edu.cn").strip() == "浙江大学"


def test_lists_are_cut_at_half_and_full_width_marks():
    assert texts.split_list("张三；李四; 王五;;", ";") == ["张三", "李四", "王五"]
    assert texts.split_list("a | b｜c", "|") == ["a", "b", "c"]
    assert texts.split_list("-", ";") == []


def test_who_is_a_person():
    assert texts.is_person("赵六", people=["赵六"])
    assert not texts.is_person("华为", people=["赵六"])
    assert texts.is_person("钱七", stated="个人")
    assert not texts.is_person("钱七公司", stated="个人")
    assert not texts.is_person("浙江大学", people=["浙江大学"])
    assert texts.is_person("DOE JOHN", people=["JOHN DOE"])
    assert not texts.is_person("Acme Inc", people=["Acme Inc"])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["浙江", "33"], [Place("CN", "浙江")]),
        (["33"], [Place("CN", "浙江")]),
        (["CN-33"], [Place("CN", "浙江")]),
        (["浙江省", "北京市"], [Place("CN", "浙江"), Place("CN", "北京", "北京市")]),
        (["内蒙古自治区"], [Place("CN", "内蒙古")]),
        (["美国"], [Place("美国")]),
        (["台湾"], [Place("TW")]),
    ],
)
def test_regions(values, found):
    assert places.regions(values) == found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("310027 浙江省杭州市西湖区浙大路38号", Place("CN", "浙江", "杭州市")),
        ("上海市浦东新区张江路1号", Place("CN", "上海", "上海市")),
        ("江苏南京市玄武区", Place("CN", "江苏", "南京市")),
        ("1-7-1 Konan, Tokyo", Place()),
    ],
)
def test_addresses_are_kept_down_to_the_city(text, place):
    assert places.address(text) == place


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("有效", "active"),
        ("失效", "inactive"),
        ("审中", "pending"),
        ("授权", "active"),
        ("撤回", "inactive"),
        ("专利权全部无效", "inactive"),
        ("实质审查", "pending"),
        ("ACTIVE", "active"),
        ("INACTIVE", "inactive"),
        ("withdrawn", "inactive"),
        ("UNKNOWN", None),
        (None, None),
    ],
)
def test_states(text, state):
    assert legal.state(text) == state


def test_events_in_a_text():
    text = (
        "2019-07-12 公开;2021.03.05 授权；20220202 质押合同登记的生效|"
        "2023-02-02 质押合同登记的注销;2023年4月5日 专利权的转移;2024-01-01 专利权人变更;"
        "2024-05-06 无效宣告请求;2024-06-07 专利权部分无效;"
        "2025-01-01 未缴年费专利权终止;2022-03-03 专利实施许可合同备案;诉讼"
    )
    dated, undated = legal.read_events(text)
    assert dated == [
        ("2021-03-05", "grant"),
        ("2022-02-02", "pledge"),
        ("2023-04-05", "transfer"),
        ("2024-06-07", "invalidation"),
        ("2025-01-01", "lapse"),
        ("2022-03-03", "license"),
    ]
    assert undated == ["litigation"]
    assert legal.read_events("授权 | 权利转移 | 质押") == ([], ["grant", "transfer", "pledge"])
    assert legal.read_events(None) == ([], [])


@given(st.text(max_size=60))
def test_no_text_breaks_them(text):
    texts.prose(text)
    texts.person(text)
    places.address(text)
    places.regions(texts.split_list(text, ";,|"))
    legal.state(text)
    legal.read_events(text)
    (texts.tidy(text) or "").encode("utf-8")
