"""What kind of organisation a name says it is."""

from __future__ import annotations

import re
import unicodedata

from foresight.corpus.normalise import LEGAL_FORMS, LEGAL_PHRASES, LEGAL_ZH

COMPANY, RESEARCH = "company", "research"
_RESEARCH = re.compile(
    r"\b(univ|uni\b|college|institut|academ|school|polytech|hochschule|ecole|hospital|clinic"
    r"|laborator|research|science|council|foundation|national|ministry|government|secretary)"
    r"|大学|学院|研究|科学院|医院|学校|实验室"
)


def institution(name: str | None) -> str | None:
    """Kind of an organisation by its name: `company`, `research`, or null where it does not say.

    A legal form at the end ("Co., Ltd.", "GmbH", 公司) makes a company, also of an institute that
    has one; research are universities, hospitals, institutes and public bodies.

    >>> institution("LG Electronics Inc."), institution("浙江大学"), institution("IBM")
    ('company', 'research', None)
    """
    if name is None:
        return None
    flat = unicodedata.normalize("NFKD", name).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c)).replace("'", "")
    words = "".join(c if c.isalnum() else " " for c in re.sub(r"(?<=\b\w)\.", "", flat)).split()
    text = " ".join(words)
    legal = any(text.startswith(f"{one} ") or text.endswith(f" {one}") for one in LEGAL_PHRASES)
    if legal or text.endswith(LEGAL_ZH) or (len(words) > 1 and words[-1] in LEGAL_FORMS):
        return COMPANY
    return RESEARCH if _RESEARCH.search(text) else None
