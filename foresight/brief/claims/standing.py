"""Claims of sections 6 and 7 that rest on patent navigation: position, path, organisations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from foresight.brief.claims.model import Claim, claim_of
from foresight.brief.reading import Reading, split_ids
from foresight.brief.study import Standing, Study
from foresight.brief.wording import as_text, count, pick

if TYPE_CHECKING:
    from foresight.brief.navigation.tables import NavigationTables, Recommendation

STRENGTHS_SHOWN = 6  # comparisons that a brief states; the report has all
PER_RULE = 2  # recommendations of a rule that a brief states
NAMED = 5  # organisations of a kind that are named


def navigation_tables(study: Study, standing: Standing) -> NavigationTables:
    """The tables of a brief as those of a navigation report, for its sentences."""
    from foresight.brief.navigation.tables import NavigationTables

    table = standing.organisations
    known = dict(zip(table["org_id"], table["org"], strict=True))
    path = standing.path.copy()
    path["name"] = [known.get(as_text(one), as_text(one)) for one in path["subject"]]
    path["organisation"] = None
    return NavigationTables(
        track=study.track,
        card=study.corpus,
        frames={"path": path, "strengths": standing.strengths},
        facts={
            "region": {"zh": "浙江", "en": "Zhejiang", "level": "province"},
            "last_year": study.last_year,
            "window": study.settings.window,
        },
        cities={city.zh: city.en for city in study.registry.cities},
        retrieval=study.retrieval,
        digest=study.digest,
    )


def strengths_told(standing: Standing) -> pd.DataFrame:
    """Comparisons of the province that are decided, the first of them."""
    rows = standing.strengths
    return rows[rows["verdict"] != "undecided"].head(STRENGTHS_SHOWN)


def standing_claims(reading: Reading) -> list[Claim]:
    """Claims of section 6: what stands out of the province, and recommendations."""
    study, standing = reading.study, reading.study.standing
    if standing is None or "patent" not in study.kinds:
        return []
    from foresight.brief.navigation.claims_position import gaps_claims

    shown = replace(standing, strengths=strengths_told(standing))
    tables = navigation_tables(study, shown)
    found = [replace(claim, section=6, key=f"nav:{claim.key}") for claim in gaps_claims(tables)]
    seen: dict[str, int] = {}
    for one in tables.recommendations:
        rule = str(one.lead["rule"])
        seen[rule] = seen.get(rule, 0) + 1
        if seen[rule] <= PER_RULE:
            found.append(_recommendation(tables, one))
    return found


def _recommendation(tables: NavigationTables, one: Recommendation) -> Claim:
    """A recommendation as a claim; effects take no part in those of a brief."""
    from foresight.brief.navigation.claims_position import recommendation_text

    lead = one.lead
    return claim_of(
        f"nav:{one.key}",
        6,
        lambda lang: recommendation_text(tables, one, {}, lang),
        unit_id=";".join(one.units),
        value=lead["value"],
        lo=lead["lo"],
        hi=lead["hi"],
        n=int(lead["n"]),
        unit=str(lead["measure"]),
        doc_ids=one.doc_ids,
    )


def recommended(study: Study, standing: Standing) -> int:
    """How many recommendations there are in all."""
    return len(navigation_tables(study, standing).recommendations)


KINDS = {
    "strong": (
        "文献不少于 5 件且居前十的机构 {n} 家",
        "{n} organisations with at least 5 documents are among the ten largest",
        "{n} organisation with at least 5 documents is among the ten largest",
    ),
    "rising": (
        "文献集中于近三年、比重明显高于全赛道的机构 {n} 家",
        "{n} organisations are rising (more of their documents are recent than of the track's)",
        "{n} organisation is rising (more of its documents are recent than of the track's)",
    ),
    "absent": (
        "上述居前机构中，有地点文献不少于 3 件而无一涉及浙江的 {n} 家",
        "{n} of the largest have at least 3 placed documents and none in Zhejiang",
        "{n} of the largest has at least 3 placed documents and none in Zhejiang",
    ),
    "local": (
        "以浙江为主要所在地（有地点文献过半在浙江）的机构 {n} 家",
        "{n} organisations have half or more of their placed documents in Zhejiang",
        "{n} organisation has half or more of its placed documents in Zhejiang",
    ),
}


def organisations_of(standing: Standing, kind: str) -> pd.DataFrame:
    """Organisations of the track that are strong, rising, absent (and strong), or local."""
    table = standing.organisations

    def flag(name: str) -> pd.Series:
        return table[name].astype("boolean").fillna(value=False).astype(bool)

    return table[flag("strong") & flag("absent") if kind == "absent" else flag(kind)]


def standing_organisation_claims(reading: Reading) -> list[Claim]:
    """Claims of section 7: organisations strong, rising, absent from the province, local."""
    standing = reading.study.standing
    if standing is None or standing.organisations.empty:
        return []
    found = []
    for kind, (zh, en, one) in KINDS.items():
        rows = organisations_of(standing, kind)
        top = rows.head(NAMED)
        named = list(zip(top["org"].astype(str), top["n_docs"].astype(int), strict=True))

        def say(
            lang: str,
            zh: str = zh,
            en: str = en,
            one: str = one,
            n: int = len(rows),
            named: list[tuple[str, int]] = named,
        ) -> str:
            text = pick(lang, zh, one if n == 1 else en).format(n=count(n))
            shown = [
                pick(lang, f"{name}（{count(docs)} 件）", f"{name} ({count(docs)})")
                for name, docs in named
            ]
            names = pick(lang, "、", ", ").join(shown)
            more = pick(lang, "等", " and others") if n > len(named) else ""
            tail = pick(lang, f"：{names}{more}。", f": {names}{more}.")
            return text + (tail if named else pick(lang, "。", "."))

        found.append(
            claim_of(
                f"orgs:{kind}",
                7,
                say,
                unit_id=reading.study.track.slug,
                value=len(rows),
                n=len(standing.organisations),
                unit="organisations",
                doc_ids={doc for cell in rows["doc_ids"] for doc in split_ids(cell)},
            )
        )
    return found
