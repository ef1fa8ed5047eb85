"""Where labels stand beside their points: close, inside the axes, over nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foresight.plots.style import INK, SOFT, TINY

Floats = NDArray[np.float64]

ANGLES = np.deg2rad([0, 180, 90, 270, 30, 150, 330, 210, 60, 120, 300, 240])
DISTANCES = (2.0, 8.0, 16.0, 26.0, 38.0)  # points from the edge of the marker
FREE_LINE = 7.0  # points: beyond, a thin line leads from the point to its label
ROUNDS = 4
PAD = 1.5  # points between labels


def place_labels(
    ax: Any,
    points: Floats,
    *,
    texts: Sequence[str],
    radii: Floats,
    obstacles: Sequence[Any] = (),
    fontsize: float = TINY,
) -> list[Any]:
    """Label points directly, so that labels cover one another, markers and the frame least.

    Each label tries twelve directions at five distances and takes the place with the least overlap,
    then the shortest way; all are placed anew, in order, four times. The layout of the figure is
    settled first: draw everything else before.

    Parameters
    ----------
    ax : Axes
    points : array of shape (n, 2), in data coordinates
    texts : sequence of n str; may have several lines
    radii : array of shape (n,), points
        Size of the markers.
    obstacles : sequence of Text
        Texts already in the axes that must stay free.
    fontsize : float, default 7

    Returns
    -------
    list of n Annotation
    """
    from matplotlib.patheffects import withStroke

    figure = ax.figure
    figure.draw_without_rendering()
    scale = figure.dpi / 72.0
    renderer = figure.canvas.get_renderer()
    centres = ax.transData.transform(points) / scale
    frame = ax.get_window_extent(renderer).extents / scale
    blocked = [text.get_window_extent(renderer).extents / scale for text in obstacles]
    labels, sizes = [], []
    for point, text in zip(points, texts, strict=True):
        label = ax.annotate(
            text, point, xytext=(0, 0), textcoords="offset points", ha="center", va="center",
            fontsize=fontsize, color=INK, linespacing=1.05, zorder=6, annotation_clip=False,
            path_effects=[withStroke(linewidth=1.5, foreground="white")],
        )  # fmt: skip
        label.set_in_layout(False)
        box = label.get_window_extent(renderer)
        labels.append(label)
        sizes.append((box.width / scale + PAD, box.height / scale + PAD))
    boxes = _boxes(centres, np.array(sizes).reshape(-1, 2), radii, frame, blocked)
    for label, centre, box, radius in zip(labels, centres, boxes, radii, strict=True):
        middle = (box[:2] + box[2:]) / 2 - centre
        label.set_position(tuple(middle))
        beside = abs(middle[0]) > radius + FREE_LINE
        label.set_multialignment(("left" if middle[0] > 0 else "right") if beside else "center")
        edge = np.clip(centre, box[:2], box[2:]) - centre
        length = float(np.hypot(*edge))
        if length - radius > FREE_LINE:
            start = centre + edge / length * radius
            ends = ax.transData.inverted().transform(np.array([start, centre + edge]) * scale)
            ax.plot(*ends.T, color=SOFT, linewidth=0.5, zorder=2.5, scalex=False, scaley=False)
    return labels


def _boxes(
    centres: Floats, sizes: Floats, radii: Floats, frame: Floats, blocked: Sequence[Floats]
) -> list[Floats]:
    """A box (x0, y0, x1, y1) for each label, in points."""
    markers = np.column_stack([centres - radii[:, None], centres + radii[:, None]])
    fixed = np.vstack([markers, *[np.reshape(box, (1, 4)) for box in blocked]])
    chosen: list[Floats | None] = [None] * len(centres)
    order = np.lexsort((centres[:, 0], -centres[:, 1]))
    for _ in range(ROUNDS):
        for i in order:
            trial = _candidates(centres[i], sizes[i], radii[i])
            others = [box for j, box in enumerate(chosen) if box is not None and j != i]
            cost = 4.0 * _overlap(trial, np.array(others).reshape(-1, 4))
            cost += 2.0 * _overlap(trial, fixed)
            area = sizes[i].prod()
            cost += 8.0 * (area - _overlap(trial, frame.reshape(1, 4)))
            cost += np.repeat(DISTANCES, len(ANGLES)) * 0.4
            cost += np.tile(np.arange(len(ANGLES)), len(DISTANCES)) * 0.05
            chosen[i] = trial[int(np.argmin(cost))]
    return [box for box in chosen if box is not None]


def _candidates(centre: Floats, size: Floats, radius: float) -> Floats:
    """Boxes around a marker, nearest distance first: shape (n_distances * n_angles, 4)."""
    ways = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
    gaps = radius + np.array(DISTANCES)
    # The label's edge, not its middle, keeps the distance.
    steps = gaps[:, None, None] * ways + ways * size / 2
    middles = centre + steps.reshape(-1, 2)
    return np.hstack([middles - size / 2, middles + size / 2])


def _overlap(boxes: Floats, others: Floats) -> Floats:
    """Area that each box shares with all of the others together."""
    if not len(others):
        return np.zeros(len(boxes))
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0.0, None).prod(axis=2).sum(axis=1))
