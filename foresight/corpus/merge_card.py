"""What a merged corpus says of itself: titles, licences, notes and caveats of all its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foresight.corpus.staged import Card
from foresight.corpus.store import Corpus


def part_counts(parts: Sequence[Corpus]) -> dict[str, int]:
    """Counts of the parts, added up by name."""
    counts: dict[str, int] = {}
    for part in parts:
        for name, number in part.manifest["counts"].items():
            counts[name] = counts.get(name, 0) + number
    return counts


def merged_card(
    parts: Sequence[Corpus], *, counts: Mapping[str, int], by_rule: Mapping[str, int]
) -> Card:
    """What is said of the new corpus: everything that the parts say, each under its name."""
    cards = [part.manifest for part in parts]

    def joint(field: str, language: str, mark: str) -> str:
        return mark.join(dict.fromkeys(card[field][language] for card in cards))

    title = {
        "zh": f"合并语料：{joint('title', 'zh', '；')}",
        "en": f"Merged corpus: {joint('title', 'en', '; ')}",
    }
    licence = {"zh": joint("licence", "zh", "；"), "en": joint("licence", "en", "; ")}
    notes = {
        language: [
            f"{card['name']}{mark}{note}" for card in cards for note in card["notes"][language]
        ]
        for language, mark in (("zh", "："), ("en", ": "))
    }
    caveats = [
        {"zh": f"{card['name']}：{caveat['zh']}", "en": f"{card['name']}: {caveat['en']}"}
        for card in cards
        for caveat in card["caveats"]
    ]
    return Card(
        title=title,
        licence=licence,
        notes=notes,
        origin={f"{card['name']}/{file}": text for card in cards
                for file, text in card["origin"].items()},
        counts=counts,
        caveats=[*caveats, *_spans(cards), *_joined(by_rule, counts)],
        more={
            "parts": [
                {
                    "name": card["name"],
                    "digest": card["digest"],
                    "documents": card["rows"]["documents"],
                    "first_published": card["first_published"],
                    "last_published": card["last_published"],
                }
                for card in cards
            ],
            "identity": dict(by_rule),
        },
    )  # fmt: skip


def _spans(cards: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Parts that end in different years: what looks like a decline is the end of one."""
    years = {str(card["last_published"])[:4] for card in cards}
    if len(years) < 2:
        return []
    spans = [(card["name"], card["first_published"], card["last_published"]) for card in cards]
    return [
        {
            "zh": "各部分的时间范围不同（"
            + "；".join(f"{name}：{first}至{last}" for name, first, last in spans)
            + "）：某一部分截止之后的数量下降并非技术衰退。",
            "en": "The parts end on different days ("
            + "; ".join(f"{name}: {first} to {last}" for name, first, last in spans)
            + "): a fall after the end of one is not a decline of the technology.",
        }
    ]


_RULES_ZH = {
    "same_id": "编号相同",
    "doi": "DOI或arXiv号相同",
    "source_id": "来源库记录号相同",
    "publication_number": "公开号相同",
    "number_without_kind": "公开号相同（一方未注明文献种类代码）",
    "application_and_grant": "同一申请的公开与授权",
    "family": "同族",
    "family_member": "同族名单列有对方公开号",
    "same_filing": "申请日、名称、第一发明人相同的申请与授权",
    "title_year_name": "题名、年份、第一作者（发明人）相同",
}


def _joined(by_rule: Mapping[str, int], counts: Mapping[str, int]) -> list[dict[str, str]]:
    found = []
    total = sum(by_rule.values())
    if total:
        zh = "、".join(f"{_RULES_ZH[rule]}{n}条" for rule, n in by_rule.items() if n)
        en = ", ".join(f"{rule.replace('_', ' ')} {n}" for rule, n in by_rule.items() if n)
        found.append(
            {
                "zh": f"合并时{total}条记录与其他记录指同一文献或同一专利族，各计一次（{zh}）。",
                "en": f"{total} record(s) are of a document or family that another record has too, "
                f"and count once ({en}).",
            }
        )
    for name, zh, en in _SAID:
        if counts.get(name):
            found.append({"zh": zh.format(counts[name]), "en": en.format(counts[name])})
    return found


_SAID = (
    (
        "titles_left_ambiguous",
        "{}个题名对应多条记录、无法确定是否为同一文献，未合并。",
        "{} title(s) with several records that may or may not be one document were left apart.",
    ),
    (
        "references_of_later_publications",
        "{}条引文仅见于同族较晚的公开文本，当时尚不可知，未收录。",
        "{} reference(s) of later publications of a family were left out: not known at its first.",
    ),
    (
        "events_of_other_offices",
        "{}条其他专利局的同族法律事件未收录。",
        "{} legal event(s) of family members at other offices were left out.",
    ),
)
