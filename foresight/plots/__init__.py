"""Figures of briefs: each takes a table and axes, draws, and returns the axes."""

from __future__ import annotations

from foresight.plots.heat import plot_heat_map
from foresight.plots.maps import plot_board, plot_components, plot_topic_map
from foresight.plots.style import height_cm, new_figure, save_figure
from foresight.plots.themes import plot_themes
from foresight.plots.trends import plot_share, plot_topic_years
from foresight.plots.units import plot_organisations, plot_ranking

__all__ = [
    "height_cm",
    "new_figure",
    "plot_board",
    "plot_components",
    "plot_heat_map",
    "plot_organisations",
    "plot_ranking",
    "plot_share",
    "plot_themes",
    "plot_topic_map",
    "plot_topic_years",
    "save_figure",
]
