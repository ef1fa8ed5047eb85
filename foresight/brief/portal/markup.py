"""Pieces of HTML that are safe by making, and the frame that every page of the portal shares."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from foresight.brief.escape import plain
from foresight.brief.wording import ABSENT, missing

ASSETS = Path(__file__).parents[1] / "assets"
SHADE_STEPS = 10
# Characters that could end a block of data or start markup in it.
UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
ROLES = {"table": "table", "tr": "row", "th": "columnheader", "td": "cell"}


def text(value: str) -> str:
    """Text of a record for HTML: one visible line, escaped."""
    return escape(plain(value), quote=True)


def both(zh: str, en: str) -> str:
    """A text in both languages, each in its own element; what is given is escaped.

    A text that is the same in both stands once.
    """
    if zh == en:
        return text(zh)
    spans = ("zh", "zh-CN", zh), ("en", "en", en)
    return " ".join(
        f'<span class="{code}" lang="{lang}">{text(said)}</span>' for code, lang, said in spans
    )


def link(path: str, label: str, *, download: bool = False) -> str:
    """A link to a file beside the page; `label` is HTML."""
    mark = " download" if download else ""
    return f'<a href="{escape(path, quote=True)}"{mark}>{label}</a>'


def outside(address: str, label: str) -> str:
    """A link to an office or a DOI, opened apart and without telling where it came from."""
    return (
        f'<a href="{escape(address, quote=True)}" rel="noopener noreferrer" target="_blank">'
        f"{label}</a>"
    )


def cell(
    content: str,
    *,
    value: Any = None,
    kind: str = "",
    head: tuple[str, str] | None = None,
    row_head: bool = False,
) -> str:
    """A cell of a table that stays a table for a screen reader when it is laid out as a card.

    Parameters
    ----------
    content : str
        HTML.
    value : number or str, optional
        What the column is sorted by; none for a missing value, which always comes last.
    kind : str
        Classes.
    head : (str, str), optional
        The column's name, shown beside the value on a narrow screen.
    row_head : bool, default False
        Whether the cell names its row.
    """
    tag = 'th scope="row" role="rowheader"' if row_head else 'td role="cell"'
    sort = "" if missing(value) else f' data-v="{text(str(value))}"'
    name = "" if head is None else f'<span class="head" aria-hidden="true">{both(*head)}</span>'
    marked = f' class="{kind}"' if kind else ""
    return f"<{tag}{marked}{sort}>{name}{content or ABSENT}</{tag[:2]}>"


def table(
    heads: Sequence[tuple[str, str]],
    rows: Sequence[str],
    *,
    name: str,
    caption: tuple[str, str],
    numeric: Sequence[int] = (),
) -> str:
    """A table with a caption; a script may let its columns be sorted.

    Parameters
    ----------
    heads : names of the columns
    rows : HTML of the rows
    name : str
        Id of the table.
    caption : (str, str)
    numeric : places of the columns that hold numbers, which sort from the greatest down first
    """
    cells = "".join(
        f'<th scope="col" role="columnheader"{" class=num" if place in numeric else ""}>'
        f"{both(*head)}</th>"
        for place, head in enumerate(heads)
    )
    return (
        f'<table id="{name}" role="table"><caption>{both(*caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{"".join(rows)}</tbody></table>'
    )


def json_block(name: str, value: Any) -> str:
    """Data for a script, inert: no character in it can end the block or start markup."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f'<script type="application/json" id="{name}">{body.translate(UNSAFE)}</script>'


def switch() -> str:
    """The choice of language; it works by style alone."""
    names = (("both", "双语 Both", "zh-CN"), ("zh", "中文", "zh-CN"), ("en", "English", "en"))
    choices = "".join(
        f'<input type="radio" name="lang" id="lang-{key}" value="{key}"'
        f"{' checked' if key == 'both' else ''}>"
        f'<label for="lang-{key}" lang="{lang}">{label}</label>'
        for key, label, lang in names
    )
    return (
        f'<fieldset class="switch"><legend class="hidden">{both("语言", "Language")}</legend>'
        f"{choices}</fieldset>"
    )


def page(title: str, *, body: str, scripts: Sequence[str]) -> str:
    """A whole page: one file, nothing from elsewhere, only our own style and script allowed to act.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML.
    scripts : names of files in the package's assets, joined to one module
    """
    style = _asset("portal.css") + _shades()
    script = "\n".join(_asset(name) for name in scripts)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="zh-CN"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{text(title)}</title>",
            f"<style>{style}</style></head>",
            f"<body>{body}",
            f'<script type="module">{script}</script>',
            "</body></html>\n",
        ]
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def shade(value: float | None, low: float, high: float) -> str:
    """Class of a cell of a heat map, by its column's lowest and highest; hatched if missing."""
    if value is None:
        return "none"
    place = (value - low) / (high - low) if high > low else 0.0
    return f"s{min(SHADE_STEPS - 1, int(place * SHADE_STEPS))}"


def _shades() -> str:
    """Rules for the classes that `shade` gives, in the colours of the figures."""
    from foresight.plots.style import SHADES

    stops = [[int(shade[i : i + 2], 16) for i in (1, 3, 5)] for shade in SHADES]
    rules = []
    for step in range(SHADE_STEPS):
        place = step / (SHADE_STEPS - 1) * (len(stops) - 1)
        left = min(int(place), len(stops) - 2)
        part = place - left
        rgb = [round(a + part * (b - a)) for a, b in zip(stops[left], stops[left + 1], strict=True)]
        ink = "#000" if _luminance(rgb) > 0.18 else "#fff"
        rules.append(f".s{step}{{background:#{''.join(f'{c:02x}' for c in rgb)};color:{ink}}}")
    return "\n".join(rules) + "\n"


def _luminance(rgb: Sequence[int]) -> float:
    """Relative luminance by WCAG 2; above 0.18 black reads better than white."""
    parts = [c / 255 for c in rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
