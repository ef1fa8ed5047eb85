"""The figures of a backtest's report."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from foresight.brief.backtest.report import BacktestTables
from foresight.brief.backtest.words import method_name
from foresight.brief.figures import FOLDER, skill_figure
from foresight.brief.wording import check_language


def write_backtest_figures(tables: BacktestTables, folder: Path, *, lang: str) -> dict[str, str]:
    """Write the figures that a backtest can fill.

    Parameters
    ----------
    tables : BacktestTables
    folder : Path
        Of the report; figures go to `figures/` in it.
    lang : str

    Returns
    -------
    dict of name to path below `folder`
        `skill`, `reliability` (absent where no probabilities were given), `places`.
    """
    from foresight import plots

    check_language(lang)
    record = tables.record
    made: dict[str, str] = {}

    def save(figure: object, name: str) -> None:
        path = folder / FOLDER / f"{name}.{lang}.png"
        plots.save_figure(figure, path)
        made[name] = f"{FOLDER}/{path.name}"

    figure, ax = plots.new_figure(height_cm=plots.height_cm("skill"))
    skill_figure(record, ax, lang=lang)
    save(figure, "skill")
    bins = record.reliability()
    sure = [name for name in record.published if name in set(bins["method"])]
    if sure and record.base_rate is not None:
        figure, axes = plots.new_figure(height_cm=plots.height_cm("reliability"), columns=len(sure))
        for name, ax in zip(sure, np.ravel(axes), strict=True):
            plots.plot_reliability(
                bins[bins["method"] == name],
                base_rate=record.base_rate,
                title=method_name(name, lang),
                ax=ax,
                lang=lang,
            )
        save(figure, "reliability")
    placed = [name for name in record.published if name in set(tables.places["method"])]
    figure, axes = plots.new_figure(height_cm=plots.height_cm("places"), columns=len(placed))
    panels = list(np.ravel(axes))
    for name, ax in zip(placed, panels, strict=True):
        rows = tables.places[tables.places["method"] == name]
        plots.plot_rise_by_place(rows, title=method_name(name, lang), ax=ax, lang=lang)
    low, high = (f(ax.get_ylim()[i] for ax in panels) for i, f in ((0, min), (1, max)))
    for ax in panels:
        ax.set_ylim(low, high)
    save(figure, "places")
    return made
