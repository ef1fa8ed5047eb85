"""Figures of briefs and reports: each takes a table and axes, draws, and returns the axes."""

from __future__ import annotations

from foresight.plots.corpus import plot_fields, plot_quality
from foresight.plots.heat import plot_heat_map
from foresight.plots.lineage import plot_topic_flows
from foresight.plots.maps import plot_board, plot_components, plot_topic_map
from foresight.plots.moves import MOVES_COLUMNS, finish_moves, moves_height_cm, plot_move
from foresight.plots.paths import path_height_cm, plot_main_path
from foresight.plots.regions import plot_specialisation
from foresight.plots.skill import plot_reliability, plot_rise_by_place, plot_skill
from foresight.plots.structure import plot_bursts, plot_nowcast, plot_s_curve
from foresight.plots.style import height_cm, new_figure, save_figure
from foresight.plots.themes import plot_themes
from foresight.plots.trends import plot_share, plot_topic_years, plot_years
from foresight.plots.units import plot_organisations, plot_ranking

__all__ = [
    "MOVES_COLUMNS",
    "finish_moves",
    "height_cm",
    "moves_height_cm",
    "new_figure",
    "path_height_cm",
    "plot_board",
    "plot_bursts",
    "plot_components",
    "plot_fields",
    "plot_heat_map",
    "plot_main_path",
    "plot_move",
    "plot_nowcast",
    "plot_organisations",
    "plot_quality",
    "plot_ranking",
    "plot_reliability",
    "plot_rise_by_place",
    "plot_s_curve",
    "plot_share",
    "plot_skill",
    "plot_specialisation",
    "plot_themes",
    "plot_topic_flows",
    "plot_topic_map",
    "plot_topic_years",
    "plot_years",
    "save_figure",
]
