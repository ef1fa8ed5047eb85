"""Composition of Chinese labels, and the state of the committed glossary."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from foresight.errors import InsufficientDataError, RegistryError
from foresight.glossary import Glossary, load_glossary
from foresight.settings import data_dir

TERMS = data_dir() / "glossary" / "terms.csv"
CHINESE = re.compile(r"[\u3400-\u9fff]")

# What a Chinese patent examiner would write; set down before the code was run on them.
ACCEPTED = {
    "solid electrolyte layer": "固体电解质层",
    "charging current": "充电电流",
    "quantum dot": "量子点",
    "fuel cell": "燃料电池",
    "proton exchange membrane fuel cell": "质子交换膜燃料电池",
    "stem cell": "干细胞",
    "memory cell array": "存储单元阵列",
    "serving cell": "服务小区",
    "battery cell": "电池单体",
    "solar cell module": "太阳能电池组件",
    "host cell": "宿主细胞",
    "base station": "基站",
    "light emitting device": "发光器件",
    "organic light emitting diode": "有机发光二极管",
    "liquid crystal display device": "液晶显示装置",
    "thin film transistor": "薄膜晶体管",
    "field effect transistor": "场效应晶体管",
    "magnetic field": "磁场",
    "lens barrel": "镜筒",
    "contact lens": "隐形眼镜",
    "intraocular lens": "人工晶状体",
    "power supply": "电源",
    "control unit": "控制单元",
    "drive circuit": "驱动电路",
    "hollow fiber membrane": "中空纤维膜",
    "unmanned aerial vehicle": "无人机",
    "flight control system": "飞控系统",
    "path planning": "路径规划",
    "robot arm": "机械臂",
    "end effector": "末端执行器",
    "humanoid robot": "人形机器人",
    "brain computer interface": "脑机接口",
    "deep neural network": "深度神经网络",
    "reinforcement learning": "强化学习",
    "large language model": "大语言模型",
    "positive electrode active material": "正极活性材料",
    "lithium ion battery": "锂离子电池",
    "all-solid-state battery": "全固态电池",
    "current collector": "集流体",
    "bipolar plate": "双极板",
    "hydrogen storage alloy": "储氢合金",
    "water electrolysis": "电解水",
    "carbon dioxide capture": "二氧化碳捕集",
    "carbon nanotube": "碳纳米管",
    "graphene oxide": "氧化石墨烯",
    "silicon carbide substrate": "碳化硅衬底",
    "gallium nitride layer": "氮化镓层",
    "trench isolation structure": "沟槽隔离结构",
    "chemical vapor deposition": "化学气相沉积",
    "electron beam lithography": "电子束光刻",
    "channel state information": "信道状态信息",
    "random access procedure": "随机接入过程",
    "downlink control channel": "下行控制信道",
    "viral vector": "病毒载体",
    "motion vector": "运动矢量",
    "monoclonal antibody": "单克隆抗体",
    "chimeric antigen receptor": "嵌合抗原受体",
    "nucleic acid molecule": "核酸分子",
    "positron emission tomography": "正电子发射断层扫描",
    "optical coherence tomography": "光学相干断层扫描",
    "nuclear power plant": "核电厂",
    "transgenic plant": "转基因植物",
    "heat exchanger": "换热器",
    "quantum key distribution": "量子密钥分发",
    "atomic layer deposition": "原子层沉积",
    "head mounted display": "头戴式显示器",
    "lidar sensor": "激光雷达传感器",
    "5g communication": "5G通信",
}


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary()


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    with TERMS.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


@pytest.fixture
def small() -> Glossary:
    terms = {
        "fuel": "燃料",
        "cell": "细胞",
        "fuel cell": "燃料电池",
        "layer": "层",
        "membrane": "膜",
        "battery": "电池",
        "method": "方法",
        "image": "图像",
        "processing": "处理",
        "silicon": "硅",
        "virus": "病毒",
        "analysis": "分析",
        "lens": "透镜",
        "matrix": "矩阵",
        "color": "彩色",
        "free": "自由",
        "gpu": "GPU",
        "dna": "DNA",
        "internet of things": "物联网",
        "thing": "物",
    }
    return Glossary(terms=terms, materials=frozenset({"silicon"}))


@pytest.mark.parametrize(("english", "chinese"), ACCEPTED.items())
def test_the_committed_glossary_writes_what_an_examiner_would(
    glossary: Glossary, english: str, chinese: str
) -> None:
    assert glossary.translate(english) == chinese


def test_a_longer_term_wins_over_its_words(small: Glossary) -> None:
    assert small.translate("fuel cell layer") == "燃料电池层"
    assert small.translate("fuel layer cell") == "燃料层细胞"


def test_the_fewest_terms_win_even_where_the_first_match_is_shorter() -> None:
    glossary = Glossary(
        terms={"a": "甲", "a b": "甲乙", "b c d": "整体", "c": "丙", "d": "丁"},
        materials=frozenset(),
    )
    assert glossary.translate("b c d") == "整体"
    assert Glossary(terms={**glossary.terms, "x": "某"}).translate("x b c d") == "某整体"
    assert Glossary(terms={**glossary.terms, "x b": "短"}).translate("x b c d") == "短丙丁"


@pytest.mark.parametrize(
    "phrase", ["fuel flux", "fluxfuel", "", "   ", "fuel + cell", "the", "燃料"]
)
def test_an_unknown_word_leaves_everything_untranslated(small: Glossary, phrase: str) -> None:
    assert small.translate(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "chinese"),
    [
        ("Fuel-Cells", "燃料电池"),
        ("batteries", "电池"),
        ("viruses", "病毒"),
        ("analyses", "分析"),
        ("lenses", "透镜"),
        ("matrices", "矩阵"),
        ("colour images", "彩色图像"),
        ("ｆｕｅｌ　cells", "燃料电池"),
        ("battery's layer", "电池层"),
        ("internet of things", "物联网"),
        ("things", "物"),
    ],
)
def test_spelling_and_number_do_not_matter(small: Glossary, phrase: str, chinese: str) -> None:
    assert small.translate(phrase) == chinese


@pytest.mark.parametrize(
    ("phrase", "chinese"),
    [
        ("method of analysis", "分析方法"),
        ("method for image processing", "图像处理的方法"),
        ("the processing of the images", "图像处理"),
        ("analysis of layers of silicon", "硅层的分析"),
        ("battery and fuel cell", "电池和燃料电池"),
    ],
)
def test_of_and_for_turn_the_order(small: Glossary, phrase: str, chinese: str) -> None:
    assert small.translate(phrase) == chinese


@pytest.mark.parametrize(
    ("phrase", "chinese"),
    [
        ("silicon-based membrane", "硅基膜"),
        ("image-based analysis", "基于图像的分析"),
        ("silicon containing layer", "含硅层"),
        ("layer containing silicon", "含硅层"),
        ("silicon-based", "硅基"),
        ("silicon free membrane", "无硅膜"),
        ("free layer", "自由层"),
        ("virus free layer", "病毒自由层"),
    ],
)
def test_affixes_go_where_chinese_wants_them(small: Glossary, phrase: str, chinese: str) -> None:
    assert small.translate(phrase) == chinese


@pytest.mark.parametrize(
    "phrase",
    [
        "of",
        "method of",
        "for cells",
        "and layer",
        "layer or",
        "based layer",
        "based",
        "image based",
        "layer containing",
        "containing silicon",
        "image containing cell",
    ],
)
def test_a_torn_phrase_is_not_translated(small: Glossary, phrase: str) -> None:
    assert small.translate(phrase) is None


def test_a_modifier_may_stand_alone_but_not_end_a_phrase() -> None:
    glossary = Glossary(
        terms={"active": "有源", "electrode": "电极", "material": "材料"},
        modifiers=frozenset({"active"}),
    )
    assert glossary.translate("active") == "有源"
    assert glossary.translate("active electrode material") == "有源电极材料"
    assert glossary.translate("electrode active") is None


def test_only_latin_neighbours_are_parted_by_a_space(small: Glossary) -> None:
    assert small.translate("dna analysis") == "DNA分析"
    assert small.translate("gpu dna layer") == "GPU DNA层"


def test_coverage_is_the_share_of_whole_translations(small: Glossary) -> None:
    assert small.coverage(["fuel cell", "flux", "layers", "fuel flux"]) == 0.5
    with pytest.raises(InsufficientDataError, match="at least one phrase"):
        small.coverage([])


def test_the_file_is_sorted_unique_and_large(rows: list[list[str]]) -> None:
    english = [row[0] for row in rows]
    assert english == sorted(set(english))
    assert sum(" " in en for en in english) >= 1300
    assert sum(" " not in en for en in english) >= 2800


def test_every_row_of_the_file_is_clean(rows: list[list[str]]) -> None:
    for en, zh, note in rows:
        assert unicodedata.normalize("NFKC", en).lower() == en
        assert re.fullmatch(r"[a-z0-9']+( [a-z0-9']+)*", en), en
        assert not re.search(r"[\s()（）]", zh), (en, zh)
        assert unicodedata.normalize("NFC", zh) == zh
        assert note in {"", "acronym", "symbol", "material", "modifier"}, (en, note)
        assert CHINESE.search(zh) or note in {"acronym", "symbol"}, (en, zh)


def test_every_term_of_the_file_translates_to_itself(glossary: Glossary) -> None:
    for en, zh in glossary.terms.items():
        assert glossary.translate(en) in {zh, None}, en


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must begin with the header en,zh,note"),
        ("english,chinese\n", "must begin with the header en,zh,note"),
        ("en,zh,note\ncell,细胞\n", r"row 2 has 2 field\(s\)"),
        ("en,zh,note\nFuel,燃料,\n", "row 2 has en = 'Fuel'"),
        ("en,zh,note\nfuel-cell,燃料电池,\n", "row 2 has en = 'fuel-cell'"),
        ("en,zh,note\ncell,,\n", "row 2 has zh = ''"),
        ("en,zh,note\ncell,细胞（电池）,\n", "without spaces, brackets"),
        ("en,zh,note\ncell,细胞,biology\n", "has note = 'biology'"),
        ("en,zh,note\ngpu,GPU,\n", "note acronym or symbol"),
        ("en,zh,note\ncell,细胞,\ncell,电池,\n", "row 3 .* repeats 'cell'"),
        ("en,zh,note\nfuel,燃料,\ncell,细胞,\n", "row 3 .* comes after 'fuel'"),
        ('en,zh,note\n"fuel,燃料,\n', "not a readable UTF-8 CSV"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RegistryError, match=message):
        load_glossary(_write(tmp_path / "terms.csv", text))


def test_a_missing_or_wrongly_encoded_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="does not exist"):
        load_glossary(tmp_path / "terms.csv")
    path = tmp_path / "terms.csv"
    path.write_bytes("en,zh,note\ncell,细胞,\n".encode("gb18030"))
    with pytest.raises(RegistryError, match="not a readable UTF-8 CSV"):
        load_glossary(path)


def test_materials_are_read_from_the_note(tmp_path: Path) -> None:
    text = "en,zh,note\nimage,图像,\nmembrane,膜,\nsilicon,硅,material\n"
    glossary = load_glossary(_write(tmp_path / "terms.csv", text))
    assert glossary.materials == {"silicon"}
    assert glossary.translate("silicon based membrane") == "硅基膜"
    assert glossary.translate("image based membrane") == "基于图像的膜"
