"""The navigation report (专利导航报告) of a track and a region, in the order of GB/T 39551."""

from __future__ import annotations

from collections.abc import Mapping

from foresight.brief.escape import md_text
from foresight.brief.navigation.claims import read_navigation_claims
from foresight.brief.navigation.direction import direction
from foresight.brief.navigation.opening import collection, in_short, processing, scope
from foresight.brief.navigation.path import path
from foresight.brief.navigation.position import position
from foresight.brief.navigation.results import application, results
from foresight.brief.navigation.tables import NavigationTables, Sheet
from foresight.brief.sections.blocks import heading
from foresight.brief.wording import check_language, date, documents, pick, years

KIND = ("专利导航报告", "Patent navigation report")


def navigation_title(tables: NavigationTables, lang: str) -> str:
    """Title of the report, plain text; what kind of document it is stands beside it."""
    track, region = tables.label(tables.slug, lang), tables.region(lang)
    return pick(lang, f"{track}（{region}）", f"{track}, {region}")


def navigation_meta(tables: NavigationTables, lang: str) -> dict[str, str]:
    """Facts of the cover."""
    day = str(tables.facts["as_of"])
    thin = int(tables.facts["levels"][tables.facts["region"]["level"]]["inside"]) < 30
    flag = pick(lang, "区域证据薄", "Thin evidence on the region")
    return {
        "kind": pick(lang, *KIND),
        "as_of": date(day, lang),
        "corpus": f"{tables.card.name}, {documents(tables.card.n_docs, lang)}",
        "coverage": years(*tables.window, lang),
        "digest": tables.digest[:16],
        "date": day,
        **({"flag": flag} if thin else {}),
    }


def compose_navigation(tables: NavigationTables, *, figures: Mapping[str, str], lang: str) -> str:
    """Write the report as Markdown.

    Parameters
    ----------
    tables : NavigationTables
    figures : mapping of name to path
        From `write_navigation_figures`; no image for a name that is not there.
    lang : str
        `zh` or `en`.

    Returns
    -------
    str, pandoc Markdown by the conventions of `foresight.brief.render`
    """
    check_language(lang)
    sheet = Sheet(tables, read_navigation_claims(tables), lang, figures)
    title = pick(lang, *KIND) + pick(lang, "：", ": ") + navigation_title(tables, lang)
    blocks = [heading(1, md_text(title))]
    for chapter in (
        in_short, scope, collection, processing, direction, position, path, results, application,
    ):  # fmt: skip
        blocks += chapter(sheet)
    return "\n\n".join(blocks) + "\n"
