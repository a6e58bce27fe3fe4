"""The plane as a model sees it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import no_grad
from nn.checks import as_size, import_extra, number_of
from nn.plots.axes import BLACK, BLUE, ORANGE, as_axes, lighter
from nn.plots.description import tell
from nn.plots.points import as_points, counted, draw_points, sides_of
from nn.prediction.predict import count_right

__all__ = ["decision_boundary"]


def decision_boundary(
    model: Callable[[Any], Any], points: Sequence[Any], labels: Sequence[int], ax: Any = None, resolution: int = 80
) -> Any:
    """The plane as a model of two inputs sees it, a line where its decision changes; and points.

    A model of one score shades the plane by it, the line being where it is 0. Of several scores, one for each class,
    the largest decides; a region has its class's colour and number.

    Args:
        model: Maps a point to a score, or to a list of scores.
        points: Pairs of coordinates.
        labels: As many: -1 and 1 for one score, the index of a class for several.
        ax: Matplotlib axes; None makes new ones.
        resolution: Points of the grid along each side.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: the lengths differ, there are no points, or a label is not one that the model can decide for.

    Cost: resolution² calls of the model, without a graph.

    >>> ax = decision_boundary(lambda p: p[0] - p[1], [(0.0, 1.0), (1.0, 0.0)], [-1, 1], resolution=8)
    >>> ax.get_xlabel()
    'x'
    """
    places, classes = as_points(points, labels, "decision_boundary")
    n = as_size(resolution, "decision_boundary: resolution", least=2)
    xs, ys = (_span([p[axis] for p in places], n) for axis in (0, 1))
    with no_grad():
        scores = np.array([[_numbers(model([x, y])) for x in xs] for y in ys])
        right = count_right([model(p) for p in places], classes)
    one = scores.ndim == 2
    sides = sides_of(None if one else scores.shape[2], classes, "decision_boundary")
    ax = as_axes(ax)
    margins = {-1: -scores, 1: scores} if one else _margins(scores)
    if one:
        _shade(ax, xs, ys, scores)
    for side, margin in margins.items():
        name, _, color = sides[side]
        inside, outside = (margin > 0.0).any(), (margin < 0.0).any()  # where it is nan, neither
        if not one and inside:
            ax.contourf(xs, ys, margin, levels=[0.0, max(1.0, margin.max())], colors=[lighter(color, 0.35)])
        if side != -1 and inside and outside:
            ax.contour(xs, ys, margin, levels=[0.0], colors=BLACK, linewidths=1.5)
        place = _roomiest(xs, ys, margin > 0.0, places)
        if place is not None:
            ax.text(*place, name.split()[1], ha="center", va="center", fontsize=12, fontweight="bold")
    drawn = draw_points(ax, places, classes, sides)
    ax.set(xlabel="x", ylabel="y", xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), aspect="equal")
    line = "where its score is 0" if one else "where its decision changes"
    tell(
        drawn,
        f"The plane as a model sees it, with a line {line}, and {len(places):,} points: {counted(classes, sides)}. "
        f"{right:,} of them lie on the side of their label.",
    )
    return ax


def _numbers(score: Any) -> Any:
    """One score as a number, several as a list of them."""
    if isinstance(score, (list, tuple)) or getattr(score, "shape", None):
        return [number_of(s) for s in score]
    return number_of(score)


def _margins(scores: Any) -> dict[int, Any]:
    """For each class by how much its score exceeds the others': what is nan, or infinite twice, belongs to none."""
    found = {}
    with np.errstate(invalid="ignore"):
        for i in range(scores.shape[2]):
            others = np.delete(scores, i, axis=2)
            margin = scores[..., i] - others.max(axis=2) if others.size else np.ones(scores.shape[:2])
            found[i] = np.clip(np.nan_to_num(margin, nan=-1.0), -1e3, 1e3)
    return found


def _shade(ax: Any, xs: list[float], ys: list[float], scores: Any) -> None:
    """Shade the plane by one score: blue below 0, orange above, strongest from 3 on."""
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
