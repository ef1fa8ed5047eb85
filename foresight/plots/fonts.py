"""The Chinese fonts that installed packages carry, found without importing those packages."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from foresight.errors import RenderError

FAMILY = "Noto Sans CJK SC"
REGULAR = ("noto-cjk-sans-otc", "noto_cjk_sans_otc/NotoSansCJK-Regular.ttc")
VARIABLE = ("manimgx-fonts-cjk", "manimgx_fonts_cjk/NotoSansCJK-VF.otf.ttc")


def locate(distribution: str, name: str) -> Path:
    """Path of a file that an installed distribution ships.

    Parameters
    ----------
    distribution : str
        Name of the distribution, as in `requirements.lock`.
    name : str
        Path of the file inside it.

    Raises
    ------
    RenderError
        If the distribution is not installed or has no such file.
    """
    try:
        listed = files(distribution) or []
    except PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.as_posix() == name:
            path = Path(str(entry.locate()))
            if path.is_file():
                return path
    msg = (
        f"The font file {name} of the package {distribution} is not installed, so Chinese text "
        f"cannot be drawn. Install what requirements.lock lists, among it {distribution}."
    )
    raise RenderError(msg)


@cache
def use_fonts() -> str:
    """Make matplotlib draw Chinese and Latin text in one family, and return its name.

    Sets `rcParams` of the process: the family, a minus sign that the font has, and no
    mathematics in labels, so that a dollar sign in a record stays a dollar sign.

    Raises
    ------
    RenderError
        If the font is not installed.
    """
    import matplotlib as mpl
    from matplotlib.font_manager import fontManager

    path = locate(*REGULAR)
    if not any(entry.fname == str(path) for entry in fontManager.ttflist):
        fontManager.addfont(path)
    if not any(entry.name == FAMILY for entry in fontManager.ttflist):
        msg = f"{path} has no face {FAMILY}. Install the version that requirements.lock names."
        raise RenderError(msg)
    mpl.rcParams["font.family"] = [FAMILY, "DejaVu Sans"]
    mpl.rcParams["axes.unicode_minus"] = True
    mpl.rcParams["text.parse_math"] = False
    return FAMILY
