"""Fonts of briefs: matplotlib draws with `use_fonts`, typst sets with the folder `font_folder`."""

from __future__ import annotations

from pathlib import Path

from foresight.plots.fonts import FAMILY, REGULAR, VARIABLE, locate, use_fonts

__all__ = ["FAMILY", "figure_font", "font_folder", "page_font", "use_fonts"]


def figure_font() -> Path:
    """File of the font that figures are drawn with.

    Raises
    ------
    RenderError
        If it is not installed.
    """
    return locate(*REGULAR)


def page_font() -> Path:
    """File of the font that the PDF is set in: one variable font, regular and bold.

    Raises
    ------
    RenderError
        If it is not installed.
    """
    return locate(*VARIABLE)


def font_folder() -> Path:
    """Folder of the font that the PDF is set in, as typst wants it.

    Raises
    ------
    RenderError
        If it is not installed.
    """
    return page_font().parent
