"""The eleven sections of a sector brief, as Markdown, in Chinese or English."""

from __future__ import annotations

from foresight.brief.claims import read_claims
from foresight.brief.figures import planned
from foresight.brief.reading import Reading
from foresight.brief.sections.analysis import emerging, landscape
from foresight.brief.sections.blocks import Page, heading
from foresight.brief.sections.candidates import candidates
from foresight.brief.sections.closing import methods
from foresight.brief.sections.lists import landmarks_and_cities
from foresight.brief.sections.opening import (
    DIGEST_SHOWN,
    brief_title,
    cover,
    flag,
    summary,
)
from foresight.brief.sections.position import actors, navigation
from foresight.brief.sections.record import track_record
from foresight.brief.sections.routes import routes
from foresight.brief.study import Study
from foresight.brief.wording import TIERS, check_language, date, pick, term

SECTIONS = (
    cover,
    summary,
    landscape,
    emerging,
    routes,
    navigation,
    actors,
    candidates,
    landmarks_and_cities,
    track_record,
    methods,
)
ON_A_PAGE = (cover, summary)  # the rest begins on the third page
NEW_PAGE = "---"


def open_page(study: Study, lang: str) -> Page:
    """Read a study once for all sections in one language."""
    check_language(lang)
    reading = Reading(study)
    return Page(study, reading, read_claims(reading), lang, planned(study))


def compose_brief(study: Study, *, lang: str) -> str:
    """Write a sector brief as Markdown.

    Parameters
    ----------
    study : Study
    lang : str
        `zh` or `en`.

    Returns
    -------
    str
        Pandoc Markdown: a title, eleven sections, pipe tables, images below `figures/`. Sentences
        that carry a number end with a claim's number, such as `[S2-01]`: see `make_claims`.

    Raises
    ------
    SettingsError
        If the language is not one of those that briefs are written in.
    """
    page = open_page(study, lang)
    blocks = [heading(1, brief_title(page))]
    for section in SECTIONS:
        blocks += section(page)
        if section in ON_A_PAGE:
            blocks.append(NEW_PAGE)
    return "\n\n".join(blocks) + "\n"


def cover_meta(study: Study, lang: str) -> dict[str, str]:
    """What the cover page of the PDF shows.

    Returns
    -------
    dict
        title, subtitle, tier, as_of (in words), date (ISO, of the files), corpus, flag (empty where
        the track is not thin), digest, lang; plain text, not Markdown.
    """
    page = open_page(study, lang)
    track = study.track
    return {
        "title": brief_title(page),
        "subtitle": pick(lang, track.name_en, track.name_zh),
        "tier": term(TIERS, track.tier, lang),
        "as_of": date(study.as_of, lang),
        "date": study.as_of,
        "corpus": study.corpus.title[lang],
        "flag": flag(page),
        "digest": study.digest[:DIGEST_SHOWN],
        "lang": lang,
    }


__all__ = ["compose_brief", "cover_meta"]
