"""Markdown blocks of a brief, and what every section is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foresight.brief.claims import Claims
from foresight.brief.escape import md_text, shorten
from foresight.brief.reading import Reading, Unit
from foresight.brief.study import Study
from foresight.brief.wording import pick

TITLE_LENGTH = 60  # columns of a document's title shown in the summary, which has one page
NAME_LENGTH = 60  # columns of an organisation's or topic's name


@dataclass(frozen=True)
class Page:
    """The study, what was read from it, its claims, the language and the figures that exist."""

    study: Study
    reading: Reading
    claims: Claims
    lang: str
    figures: tuple[str, ...]

    def pick(self, zh: str, en: str) -> str:
        """The text in the page's language."""
        return pick(self.lang, zh, en)

    def claim(self, key: str) -> str:
        """A claim's statement as Markdown, with its number; empty where there is no such claim."""
        if key not in self.claims:
            return ""
        gap = self.pick("", " ")
        return md_text(self.claims.claim(key).statement(self.lang)) + gap + self.claims.mark(key)

    def claim_list(self, prefix: str) -> list[str]:
        """Claims whose key begins with a prefix, each as Markdown."""
        return [self.claim(key) for key in self.claims.keys(prefix)]

    def name(self, unit: Unit) -> str:
        """A unit's name as Markdown."""
        return name_cell(unit.label(self.lang))

    def caption(self, zh: str, en: str) -> str:
        """A table's caption, as the renderer finds it."""
        return pick(self.lang, f"表：{zh}", f"Table: {en}")

    def figure(self, name: str, caption: str) -> list[str]:
        """An image block where the figure exists, nothing where it does not."""
        if name not in self.figures:
            return []
        return [f"![{md_text(caption)}](figures/{name}.{self.lang}.png)"]


def name_cell(text: str) -> str:
    """A topic's or organisation's name: shortened, harmless in Markdown."""
    return md_text(shorten(text, NAME_LENGTH))


def title_cell(text: str) -> str:
    """A document's title: shortened, harmless in Markdown."""
    return md_text(shorten(text, TITLE_LENGTH))


def heading(level: int, text: str) -> str:
    """An ATX heading."""
    return f"{'#' * level} {text}"


def call_out(text: str) -> str:
    """A block quote."""
    return "\n".join(f"> {line}" for line in text.splitlines())


def bullets(items: Sequence[str]) -> list[str]:
    """A list as one block; nothing for no items."""
    kept = [item for item in items if item]
    return ["\n".join(f"- {item}" for item in kept)] if kept else []


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[int],
    right: Sequence[int] = (),
    caption: str = "",
) -> list[str]:
    """A pandoc pipe table as one block, its caption before it; nothing for no rows.

    Parameters
    ----------
    headers, rows : texts, harmless in Markdown already
    widths : one weight per column
        Relative widths; pandoc reads them from the number of dashes.
    right : columns (from 0) of numbers, set flush right
    caption : text after `Table:` or `表：`, given with it; none by default
    """
    if not rows:
        return []
    rule = ["-" * (3 * w - 1) + (":" if i in right else "-") for i, w in enumerate(widths)]
    lines = [headers, rule, *rows]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return [caption, body] if caption else [body]
