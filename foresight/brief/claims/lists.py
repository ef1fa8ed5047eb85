"""Claims of sections 7, 8 and 9."""

from __future__ import annotations

from foresight.brief.candidates import ruled
from foresight.brief.claims.model import Claim, claim_of, quoted
from foresight.brief.claims.since import list_claim
from foresight.brief.reading import Reading, split_ids
from foresight.brief.since import open_since
from foresight.brief.study import Study
from foresight.brief.wording import (
    RULES,
    as_int,
    count,
    documents,
    missing,
    pick,
)


def actor_claims(reading: Reading) -> list[Claim]:
    """Claims of section 7: organisations and newcomers."""
    table = reading.study.organisations
    if table.empty:
        return []
    new = table[table["new"].fillna(False).astype(bool)]
    all_ids = {doc for cell in table["doc_ids"] for doc in split_ids(cell)}
    fresh = {doc for cell in new["doc_ids"] for doc in split_ids(cell)}
    first = reading.window[0]

    def all_of_them(lang: str) -> str:
        top = table.iloc[0]
        name = quoted(str(top["org"]), lang)
        n, docs = count(len(table)), documents(len(all_ids), lang)
        return pick(
            lang,
            f"{docs}载有机构名称，涉及机构 {n} 家；文献最多的是{name}，{count(top['n_docs'])} 件。",
            f"{docs} name an organisation, {n} organisations in all; {name} has most, "
            f"{count(top['n_docs'])}.",
        )

    def newcomers(lang: str) -> str:
        return pick(
            lang,
            f"其中 {count(len(new))} 家为{first}年以来首次在语料中出现的新进入者。",
            f"Of these, {count(len(new))} first appear in the corpus in {first} or later.",
        )

    slug = reading.study.track.slug
    return [
        claim_of(
            "organisations",
            7,
            all_of_them,
            unit_id=slug,
            value=len(table),
            n=len(all_ids),
            unit="organisations",
            doc_ids=all_ids,
        ),
        claim_of(
            "newcomers",
            7,
            newcomers,
            unit_id=slug,
            value=len(new),
            n=len(table),
            unit="organisations",
            doc_ids=fresh,
        ),
    ]


def list_claims(reading: Reading) -> list[Claim]:
    """Claims of sections 8 and 9: candidates, landmark products, cities."""
    study, slug = reading.study, reading.study.track.slug
    pairs = ruled(reading)
    found = []
    if pairs:

        def entered(lang: str) -> str:
            by_rule = {rule: sum(1 for r, _ in pairs if r == rule) for rule in RULES}
            parts = [f"{pick(lang, *RULES[rule])} {count(n)}" for rule, n in by_rule.items()]
            inner = pick(lang, "，", ", ").join(parts)
            return pick(
                lang,
                f"按下述规则入选 {count(len(pairs))} 项（{inner}）。",
                f"{count(len(pairs))} candidates enter by the rules below ({inner}).",
            )

        ids = {doc for _, unit in pairs for doc in unit.doc_ids}
        found.append(
            claim_of(
                "candidates",
                8,
                entered,
                unit_id=slug,
                value=len(pairs),
                n=len(pairs),
                unit="candidates",
                doc_ids=ids,
            )
        )
    since = open_since(reading)
    if since is not None:
        found.append(list_claim(reading, since))
    return found + _landmarks(study) + _cities(reading)


def _landmarks(study: Study) -> list[Claim]:
    table = study.landmarks
    if table.empty:
        return []
    searched = table[table["n_docs"].notna()]
    seen = searched[searched["n_docs"] > 0]

    def say(lang: str) -> str:
        blank = len(table) - len(searched)
        return pick(
            lang,
            f"与本赛道对应的标志性产品 {count(len(table))} 项，语料中见到佐证的 "
            f"{count(len(seen))} 项" + (f"，未设检索词的 {count(blank)} 项。" if blank else "。"),
            f"Of {count(len(table))} landmark items linked to this track, the corpus holds "
            f"evidence for {count(len(seen))}"
            + (f"; {count(blank)} have no search terms." if blank else "."),
        )

    ids = {doc for cell in seen["doc_ids"] for doc in split_ids(cell)}
    return [
        claim_of(
            "landmarks",
            9,
            say,
            unit_id=study.track.slug,
            value=len(seen),
            n=len(table),
            unit="items",
            doc_ids=ids,
        )
    ]


def _cities(reading: Reading) -> list[Claim]:
    study, table = reading.study, reading.study.cities
    if table.empty:
        return []
    chosen = table[table["role"].notna()]
    sure = set(chosen.loc[chosen["match"] != "interpreted", "city_zh"])
    read = set(chosen["city_zh"]) - sure
    with_docs = table[table["n_docs"].map(lambda n: not missing(n) and as_int(n) != 0)]
    ids = {doc for cell in table["doc_ids"] for doc in split_ids(cell)}

    def say(lang: str) -> str:
        cities, ours = count(len(sure)), count(len(read))
        zh = f"政策点名本赛道的设区市 {cities} 个" + (f"，另有 {ours} 个按解读归入" if read else "")
        en = f"Cities that the policy names for this track: {cities}"
        en += f", and {ours} more by our interpretation" if read else ""
        if not reading.has_places:
            return pick(
                lang,
                f"{zh}；文献未载省、市，各市文献数无法给出。",
                f"{en}; without places no documents can be counted by city.",
            )
        places = count(with_docs["city_zh"].nunique())
        if not ids:
            return pick(
                lang,
                f"{zh}；语料中未见载有浙江各市地点的文献。",
                f"{en}; no document states a place in a city of the province.",
            )
        return pick(
            lang,
            f"{zh}；载有浙江各市地点的文献合计 {count(len(ids))} 件，涉及 {places} 个市。",
            f"{en}; documents that state a place in a city of the province: {count(len(ids))}, "
            f"in {places} of the cities.",
        )

    return [
        claim_of(
            "cities",
            9,
            say,
            unit_id=study.track.slug,
            value=len(sure),
            n=table["city_zh"].nunique(),
            unit="items",
            doc_ids=ids,
        )
    ]
