"""The figures of a navigation report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foresight.brief.figures import FOLDER
from foresight.brief.navigation.claims_direction import effect_names
from foresight.brief.navigation.tables import NavigationTables
from foresight.brief.wording import check_language

MOST_EFFECTS = 12  # columns up to which every cell has room for its number


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
        `share`, `matrix`; absent where there is nothing to draw.
    """
    from foresight import plots

    check_language(lang)
    made: dict[str, str] = {}

    def save(figure: object, name: str) -> None:
        path = folder / FOLDER / f"{name}.{lang}.png"
        plots.save_figure(figure, path)
        made[name] = f"{FOLDER}/{path.name}"

    years = tables.frames["track_years"]
    complete = years[years["complete"]]
    if complete["n_docs"].sum() > 0:
        figure, ax = plots.new_figure(height_cm=plots.height_cm("share"))
        last = int(tables.facts["last_year"])
        plots.plot_share(complete, ax=ax, lang=lang, last_year=last)
        save(figure, "share")
    cells = tables.frames["matrix"]
    if len(cells) and cells["n"].sum() > 0:
        names = effect_names()
        used = cells.groupby("effect")["n"].sum()
        used = used[used > 0].sort_index().sort_values(ascending=False, kind="stable")
        shown = cells[cells["effect"].isin(used.index[:MOST_EFFECTS])]
        units = pd.DataFrame(
            [(u, tables.label(u, "zh"), tables.label(u, "en")) for u in tables.branches],
            columns=["unit_id", "label_zh", "label_en"],
        )
        units = units[units["unit_id"].isin(shown["unit_id"])]
        values = shown.rename(columns={"effect": "column", "n": "value"})
        figure, ax = plots.new_figure(
            height_cm=plots.height_cm("heat_map", rows=len(units), labels=units[f"label_{lang}"])
        )
        plots.plot_heat_map(
            values[["unit_id", "column", "value"]], units=units, ax=ax, lang=lang,
            measure=("专利族数", "families"), heads=names,
        )  # fmt: skip
        save(figure, "matrix")
    return made
