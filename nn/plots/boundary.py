"""The plane as a model sees it."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import no_grad
from nn.checks import as_list, as_size, import_extra, number_of, require_as_many
from nn.plots.axes import BLACK, BLUE, ORANGE, as_axes

__all__ = ["decision_boundary"]


def decision_boundary(
    model: Callable[[Any], Any], points: Sequence[Any], labels: Sequence[int], ax: Any = None, resolution: int = 80
) -> Any:
    """The plane as a model of two inputs and one output sees it, shaded by score, a line where that is 0; and points.

    Args:
        model: Maps a point to a score.
        points: Pairs of coordinates.
        labels: -1 or 1, as many.
        ax: Matplotlib axes; None makes new ones.
        resolution: Points of the grid along each side.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: the lengths differ, or there are no points.

    Cost: resolution² calls of the model, without a graph.

    >>> ax = decision_boundary(lambda p: p[0] - p[1], [(0.0, 1.0), (1.0, 0.0)], [-1, 1], resolution=8)
    >>> ax.get_xlabel()
    'x'
    """
    places, sides = as_list(points, "decision_boundary: points"), as_list(labels, "decision_boundary: labels")
    require_as_many(places, sides, "decision_boundary", ("points", "labels"))
    n = as_size(resolution, "decision_boundary: resolution", least=2)
    ax = as_axes(ax)
    colors = import_extra("matplotlib.colors")
    xs, ys = (_span([p[axis] for p in places], n) for axis in (0, 1))
    with no_grad():
        scores = [[number_of(model([x, y])) for x in xs] for y in ys]
    reach = max(1e-12, min(3.0, max(abs(s) for row in scores for s in row)))
    clipped = [[max(-reach, min(reach, s)) for s in row] for row in scores]
    shades = colors.LinearSegmentedColormap.from_list("sides", [BLUE, "#FFFFFF", ORANGE])
    levels = [reach * (i - 10) / 10 for i in range(21)]
    ax.contourf(xs, ys, clipped, levels=levels, cmap=shades, alpha=0.6)
    if min(map(min, scores)) < 0.0 < max(map(max, scores)):
        ax.contour(xs, ys, scores, levels=[0.0], colors=BLACK, linewidths=1.5)
    for side, marker, color in ((-1, "o", BLUE), (1, "^", ORANGE)):
        chosen = [p for p, label in zip(places, sides, strict=True) if label == side]
        ax.scatter(
            [p[0] for p in chosen], [p[1] for p in chosen], label=f"label {side:+d}",
            s=34, marker=marker, c=color, edgecolors=BLACK, linewidths=0.7, zorder=3,
        )  # fmt: skip
    ax.set(xlabel="x", ylabel="y", xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), aspect="equal")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)  # clear of the boundary
    return ax


def _span(numbers: list[float], n: int) -> list[float]:
    """`n` evenly spaced numbers over the range of these and a margin around it."""
    low, high = min(numbers), max(numbers)
    margin = 0.15 * (high - low) or 0.5
    low, high = low - margin, high + margin
    return [low + (high - low) * i / (n - 1) for i in range(n)]
