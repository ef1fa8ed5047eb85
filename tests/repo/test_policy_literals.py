"""The registry says what the policy says: every phrase is there, and none is invented.

The three boxes of the policy's text are cut into paragraphs. From each paragraph every literal of
the registry is taken away, longest first; what remains must consist of the connecting words listed
here and of nothing else. A literal that is lost, changed or invented leaves a remainder or is not
found.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from foresight.settings import data_dir
from foresight.tracks import City, LandmarkFamily, Registry, Track, load_registry

POLICY = data_dir() / "tracks" / "policy_zh.txt"

# Words of box 1 that connect directions or say what is to be done with them.
DIRECTION_WORDS = (
    "减少温室气体排放",
    "协同发展",
    "布局发展",
    "等领域的应用",
    "等领域应用",
    "等产品",
    "发展",
    "推动",
    "推进",
    "融合",
    "基于",
    "以及",
    "将",
    "等",
    "在",
    "的",
    "和",
    "与",
    "及",
)
# Words of box 2 that class products or say what is to be done with them.
PRODUCT_WORDS = (
    "围绕不同技术路线和应用场景需求",
    "等标志性产品",
    "等标志性装备",
    "等关键材料",
    "医用同位素",
    "培育打造",
    "打造",
    "培育",
    "和",
)
# Words of box 3 that class a city's fields or connect them.
CITY_WORDS = ("等领域", "等特色赛道", "和", "与")
PUNCTUATION = "、，。；"


def normalised(text: str) -> str:
    """The text without page numbers and white space: the source is wrapped within sentences."""
    lines = [line.strip() for line in text.splitlines()]
    return re.sub(r"\s+", "", "".join(line for line in lines if not re.fullmatch(r"\d+", line)))


def between(text: str, start: str, end: str) -> str:
    assert text.count(start) == 1, start
    tail = text.split(start)[1]
    assert end in tail, end
    return tail.split(end)[0]


def remainder(text: str, literals: list[str], connecting: tuple[str, ...]) -> str:
    """What is left of `text` without each literal (once, longest first) and connecting words."""
    for literal in sorted(literals, key=len, reverse=True):
        assert literal in text, f"{literal} does not stand in: {text}"
        text = text.replace(literal, "|", 1)
    for word in sorted(connecting, key=len, reverse=True):
        text = text.replace(word, "")
    return "".join(mark for mark in text if mark not in PUNCTUATION + "|")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def policy() -> str:
    return normalised(POLICY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def box1(policy: str) -> str:
    return between(policy, "专栏1：未来产业发展方向", "（二）培育打造标志性产品")


@pytest.fixture(scope="module")
def box2(policy: str) -> str:
    return between(policy, "专栏2：未来产业标志性产品", "（三）统筹推进区域协调发展")


@pytest.fixture(scope="module")
def box3(policy: str) -> str:
    return between(policy, "专栏3：未来产业区域布局", "三、主要任务")


def directions(box1: str, registry: Registry) -> dict[str, str]:
    """Paragraph of box 1 by track name. The headings of the tiers go; order is the policy's."""
    for number, heading in enumerate(
        (
            "优先发展产业爆发力强、成长较快的未来产业",
            "积极布局力量尚在集聚、远期潜力巨大的未来产业",
            "培育发展具有浙江特色的未来产业",
        ),
        start=1,
    ):
        assert box1.count(f"{number}.{heading}") == 1
        box1 = box1.replace(f"{number}.{heading}", "")
    found, rest = {}, box1
    for track, follower in zip(registry.tracks, [*registry.tracks[1:], None], strict=True):
        assert rest.startswith(f"{track.name_zh}。"), f"{track.name_zh} is not next in: {rest[:40]}"
        rest = rest.removeprefix(f"{track.name_zh}。")
        body, mark, tail = rest.partition(f"。{follower.name_zh}。") if follower else (rest, "", "")
        found[track.name_zh] = body
        rest = f"{follower.name_zh}。{tail}" if follower and mark else tail
    assert rest == ""
    return found


def numbered(box: str, names: list[str]) -> dict[str, str]:
    """Paragraph of a numbered box by name: `1.name。text` and so on, nothing before or after."""
    found, rest = {}, box
    for number, name in enumerate(names, start=1):
        head = f"{number}.{name}。"
        assert rest.startswith(head), f"{head} is not next in: {rest[:40]}"
        rest = rest.removeprefix(head)
        following = f"。{number + 1}.{names[number]}。" if number < len(names) else None
        cut = rest.index(following) + 1 if following else len(rest)
        found[name], rest = rest[:cut], rest[cut:]
    assert rest == ""
    return found


def track_remainder(paragraph: str, track: Track) -> str:
    body = [s for s in track.sub_directions if s.stands_in == "body"]
    contexts = {s.context_zh for s in body} - {""}
    for sub in body:
        if sub.context_zh:
            assert sub.context_zh in paragraph, f"{sub.id}: {sub.context_zh}"
    wholes = tuple(c for c in contexts if c.startswith("等") or c == "产品")
    literals = [literal for sub in body for literal in sub.literal]
    return remainder(paragraph, literals, DIRECTION_WORDS + wholes)


def test_box_1_says_the_tracks_and_directions_of_the_registry(
    box1: str, registry: Registry
) -> None:
    paragraphs = directions(box1, registry)
    left = {t.slug: track_remainder(paragraphs[t.name_zh], t) for t in registry.tracks}
    assert {slug: text for slug, text in left.items() if text} == {}


def test_the_check_of_box_1_notices_a_lost_or_invented_literal(
    box1: str, registry: Registry
) -> None:
    paragraphs = directions(box1, registry)
    for track in registry.tracks:
        paragraph = paragraphs[track.name_zh]
        for sub in track.sub_directions:
            lost = replace(track, sub_directions=tuple(s for s in track.sub_directions if s != sub))
            if sub.stands_in == "body":
                assert track_remainder(paragraph, lost), sub.id
            invented = replace(sub, literal=(*sub.literal, "量子波动养生"), stands_in="body")
            with pytest.raises(AssertionError):
                track_remainder(paragraph, replace(track, sub_directions=(invented,)))


def test_only_carbon_storage_stands_in_a_title(registry: Registry) -> None:
    titled = [
        (track, sub)
        for track in registry.tracks
        for sub in track.sub_directions
        if sub.stands_in == "title"
    ]
    assert [sub.id for _, sub in titled] == ["ccus/storage"]
    for track, sub in titled:
        assert all(literal in track.name_zh for literal in sub.literal)


def family_remainder(paragraph: str, family: LandmarkFamily) -> str:
    return remainder(paragraph, [item.literal for item in family.items], PRODUCT_WORDS)


def test_box_2_says_the_products_of_the_registry(box2: str, registry: Registry) -> None:
    paragraphs = numbered(box2, [family.zh for family in registry.landmarks])
    left = {f.zh: family_remainder(paragraphs[f.zh], f) for f in registry.landmarks}
    assert {name: text for name, text in left.items() if text} == {}


def city_remainders(paragraph: str, city: City) -> tuple[str, str]:
    key, mark, active = paragraph.partition("积极布局")
    assert mark
    assert key.startswith("重点发展")
    return (
        remainder(key.removeprefix("重点发展"), list({p.phrase for p in city.key}), CITY_WORDS),
        remainder(active, list({p.phrase for p in city.active}), CITY_WORDS),
    )


def test_box_3_says_the_cities_of_the_registry(box3: str, registry: Registry) -> None:
    paragraphs = numbered(box3, [city.zh for city in registry.cities])
    left = {city.zh: city_remainders(paragraphs[city.zh], city) for city in registry.cities}
    assert {name: texts for name, texts in left.items() if any(texts)} == {}


def test_city_phrases_keep_the_order_of_the_text(box3: str, registry: Registry) -> None:
    paragraphs = numbered(box3, [city.zh for city in registry.cities])
    for city in registry.cities:
        places = [paragraphs[city.zh].index(p.phrase) for p in (*city.key, *city.active)]
        assert places == sorted(places), city.zh


def test_targets_stand_in_the_text_with_their_numbers(policy: str, registry: Registry) -> None:
    goals = between(policy, "到2027年，", "到2030年")
    for target in registry.targets:
        assert goals.count(target.literal) == 1, target.literal
        assert target.literal.endswith(f"{target.number}{target.unit_zh}")
        assert target.literal.startswith(target.zh)
    said = re.findall(r"(\d+)[项个家]", goals)
    assert sorted(map(int, said)) == sorted(target.number for target in registry.targets)
    assert registry.target_year == 2027


def test_counts_and_tiers_are_those_of_the_policy(policy: str, registry: Registry) -> None:
    subs = [len(track.sub_directions) for track in registry.tracks]
    expected = [8, 9, 8, 7, 3, 5, 9, 5, 4, 6, 7, 7, 6, 5, 6, 7, 6, 6, 5, 7, 5, 4, 3, 4]
    assert subs == expected
    assert sum(subs) == 142
    assert (len(registry.tracks), len(registry.landmarks), len(registry.cities)) == (24, 10, 11)
    tiers = [track.tier for track in registry.tracks]
    assert tiers == ["priority"] * 10 + ["active_layout"] * 10 + ["zhejiang_feature"] * 4
    for verb, tier in (
        ("优先发展", "priority"),
        ("积极布局", "active_layout"),
        ("培育发展", "zhejiang_feature"),
    ):
        names = "、".join(track.name_zh for track in registry.tracks if track.tier == tier)
        assert f"{verb}{names}等" in policy


def test_every_landmark_item_has_its_own_literal(registry: Registry) -> None:
    for family in registry.landmarks:
        literals = [item.literal for item in family.items]
        assert len(set(literals)) == len(literals)
        assert all(literal in item.zh for literal, item in zip(literals, family.items, strict=True))


def test_the_policy_is_stored_whole() -> None:
    text = normalised(POLICY.read_text(encoding="utf-8"))
    assert text.startswith("关于加快培育未来产业的实施意见（二次征求意见稿）")
    assert text.endswith("省统计局、省科协）")
