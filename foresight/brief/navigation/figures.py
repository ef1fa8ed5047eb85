"""The figures of a navigation report."""

from __future__ import annotations

from pathlib import Path

from foresight.brief.figures import FOLDER
from foresight.brief.navigation.tables import NavigationTables
from foresight.brief.wording import check_language


def write_navigation_figures(
    tables: NavigationTables, folder: Path, *, lang: str
) -> dict[str, str]:
    """Write the figures that a navigation can fill.

    Parameters
    ----------
    tables : NavigationTables
    folder : Path
        Of the report; figures go to `figures/` in it.
    lang : str

    Returns
    -------
    dict of name to path below `folder`
        `share`; absent where no complete year has a document.
    """
    from foresight import plots

    check_language(lang)
    years = tables.frames["track_years"]
    complete = years[years["complete"]]
    if not complete["n_docs"].sum():
        return {}
    figure, ax = plots.new_figure(height_cm=plots.height_cm("share"))
    last = int(tables.facts["last_year"])
    plots.plot_share(complete, ax=ax, lang=lang, last_year=last)
    path = folder / FOLDER / f"share.{lang}.png"
    plots.save_figure(figure, path)
    return {"share": f"{FOLDER}/{path.name}"}
