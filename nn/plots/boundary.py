"""The plane as a model sees it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.checks import as_size, import_extra
from nn.plots.axes import BLACK, BLUE, ORANGE, as_axes, lighter
from nn.plots.description import tell
from nn.plots.points import as_points, counted, draw_points, looks_of
from nn.prediction.plane import margins_of, reading_of, scores_at

__all__ = ["decision_boundary"]


def decision_boundary(
    model: Callable[[Any], Any], points: Sequence[Any], labels: Sequence[Any], ax: Any = None, resolution: int = 80
) -> Any:
    """The plane as a model of two inputs sees it, a line where its decision changes; and points.

    A model of one score shades the plane by it, the line being where its decision changes: at 0 for margins and logits,
    halfway for probabilities and for labels that are numbers. Of several scores, one for each class, the largest
    decides; a region has its class's colour and name.

    Args:
        model: Maps a point to a score, or to a list of scores. Modules are called as after `eval()`.
        points: Pairs of coordinates.
        labels: As many, of the kind that the model was trained on by `fit`. Of any other model: two of any kind for one
            score; for several, their indices, or as many classes of any kind, whose scores are in order.
        ax: Matplotlib axes; None makes new ones.
        resolution: Points of the grid along each side.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: a label is neither text nor a number, or the model cannot be called or gives no numbers.
        ValueError: the lengths differ, there are no points, one is no pair of finite numbers, or a label is not one
            that the model can decide for.

    Cost: resolution² calls of the model, without a graph; Modules are recorded once, and run at compiled speed.

    >>> ax = decision_boundary(lambda p: p[0] - p[1], [(0.0, 1.0), (1.0, 0.0)], [-1, 1], resolution=8)
    >>> ax.get_xlabel()
    'x'
    """
    what = "decision_boundary"
    places, classes = as_points(points, labels, what)
    n = as_size(resolution, f"{what}: resolution", least=2)
    xs, ys = (_span([p[axis] for p in places], n) for axis in (0, 1))
    found = scores_at(model, [*places, *([x, y] for y in ys for x in xs)], what)
    known = reading_of(model, classes, 1 if found.ndim == 1 else found.shape[1], what)
    cuts = known.cuts(found) if found.ndim == 1 else []
    which, sides = [known.place(x) for x in classes], looks_of(known.classes)
    right = int(np.sum(known.decided_places(found)[: len(places)] == which))
    ax = as_axes(ax)
    shaded = found.ndim == 1 and len(sides) <= 2
    if shaded:
        _shade(ax, xs, ys, (found[len(places) :] - (cuts or [0.0])[0]).reshape(n, n))
    for k, margin in enumerate(margins_of(found[len(places) :], known, cuts)):
        margin = margin.reshape(n, n)
        inside, outside = (margin > 0.0).any(), (margin < 0.0).any()  # where it is nan, neither
        if not shaded and inside:
            ax.contourf(xs, ys, margin, levels=[0.0, max(1.0, margin.max())], colors=[lighter(sides[k].color, 0.35)])
        if (k or not shaded) and inside and outside:
            ax.contour(xs, ys, margin, levels=[0.0], colors=BLACK, linewidths=1.5)
        place = _roomiest(xs, ys, margin > 0.0, places)
        if place is not None:
            look = {"ha": "center", "va": "center", "fontsize": 12, "fontweight": "bold", "color": BLACK}
            text = ax.text(*place, sides[k].short, **look)  # the plane is light in dark styles too
            text.set_parse_math(False)
    drawn = draw_points(ax, places, which, sides)
    ax.set(xlabel="x", ylabel="y", xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), aspect="equal")
    line = f"where its score is {cuts[0]:g}" if shaded and cuts else "where its decision changes"
    tell(
        drawn,
        f"The plane as a model sees it, with a line {line}, and {len(places):,} points: {counted(which, sides)}. "
        f"{right:,} of them lie on the side of their label.",
    )
    return ax


def _shade(ax: Any, xs: list[float], ys: list[float], scores: Any) -> None:
    """Shade the plane by one score, from where the decision changes: blue below, orange above, strongest from 3 on."""
    sizes = np.abs(scores[np.isfinite(scores)])
    reach = max(1e-12, min(3.0, float(sizes.max(initial=0.0))))
    ends = [lighter(BLUE, 0.6), "#FFFFFF", lighter(ORANGE, 0.6)]
    shades = import_extra("matplotlib.colors").LinearSegmentedColormap.from_list("sides", ends)
    levels = [reach * (i - 10) / 10 for i in range(21)]
    ax.contourf(xs, ys, np.clip(scores, -reach, reach), levels=levels, cmap=shades)


def _roomiest(xs: list[float], ys: list[float], mask: Any, points: list[Any]) -> tuple[float, float] | None:
    """The place in a region that is farthest from its border and from all points; None where there is little room."""
    pace = -(-len(xs) // 24)
    coarse = mask[::pace, ::pace]
    across, up = np.meshgrid(np.array(xs)[::pace], np.array(ys)[::pace])
    inside = np.column_stack([across[coarse], up[coarse]])
    walls = np.column_stack([across[~coarse], up[~coarse]])
    wide = max(xs[-1] - xs[0], ys[-1] - ys[0])
    if not len(inside):
        return None
    room = np.minimum(
        np.minimum(inside[:, 0] - xs[0], xs[-1] - inside[:, 0]), np.minimum(inside[:, 1] - ys[0], ys[-1] - inside[:, 1])
    )
    for what in (walls, np.array([p[:2] for p in points], dtype=float)):
        if len(what):
            apart = np.hypot(*(inside[:, None, axis] - what[None, :, axis] for axis in (0, 1)))
            room = np.minimum(room, apart.min(axis=1))
    best = int(np.argmax(room))
    return tuple(inside[best].tolist()) if room[best] > 0.03 * wide else None


def _span(numbers: list[float], n: int) -> list[float]:
    """`n` evenly spaced numbers over the range of these and a margin around it."""
    low, high = min(numbers), max(numbers)
    margin = 0.15 * (high - low) or 0.5
    low, high = low - margin, high + margin
    return [low + (high - low) * i / (n - 1) for i in range(n)]
