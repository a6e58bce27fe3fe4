"""Pictures with matplotlib: each draws on the axes it is given, or on new ones, and gives the axes back.

Colours are of Okabe and Ito's palette, which the colour-blind tell apart; shapes and numbers repeat what they say.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import no_grad
from nn.checks import as_list, as_size, import_extra, number_of, require_as_many
from nn.train import History

__all__ = ["confusion_matrix", "decision_boundary", "loss_curves"]

BLUE, ORANGE, BLACK = "#0072B2", "#E69F00", "#000000"
PALETTE = (BLUE, "#D55E00", "#009E73", "#CC79A7")
STROKES = ("-", "--", "-.", ":")


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
    ax = _axes(ax)
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


def loss_curves(histories: Mapping[str, History], ax: Any = None, *, per: str = "epoch") -> Any:
    """Loss against epochs, on a logarithmic scale, one line for each history.

    Args:
        histories: What `train` gave, under the name to print.
        ax: Matplotlib axes; None makes new ones.
        per: What the axis counts: "step" where an epoch is one step.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: `histories` gives no names.
        ValueError: there are no histories, or one of them has no epoch.

    >>> ax = loss_curves({"moons": History(loss=[1.0, 0.1])})
    >>> ax.get_yscale()
    'log'
    """
    if not isinstance(histories, Mapping):
        kind = type(histories).__name__
        raise TypeError(f"loss_curves: expected histories by name, as {{'moons': history}}, got {kind}")
    if not histories:
        raise ValueError("loss_curves: no histories: give at least one, as {'name': history}")
    for name, history in histories.items():
        if not history.loss:
            raise ValueError(f"loss_curves: the history of {name!r} has no epoch to draw")
    ax = _axes(ax)
    for i, (name, history) in enumerate(histories.items()):
        alone = "o" if len(history.loss) == 1 else None
        ax.plot(
            range(1, len(history.loss) + 1), history.loss, label=name, marker=alone, linewidth=1.8,
            color=PALETTE[i % len(PALETTE)], linestyle=STROKES[i % len(STROKES)],
        )  # fmt: skip
    ax.set(xlabel=per, ylabel="training loss", yscale="log")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(which="major", alpha=0.4)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend()
    return ax


def confusion_matrix(true: Sequence[int], predicted: Sequence[int], ax: Any = None) -> Any:
    """How often each class (row) was taken for each class (column), as numbers on shades.

    Args:
        true: The right classes.
        predicted: What was decided, as many.
        ax: Matplotlib axes; None makes new ones.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: the lengths differ, or there are no samples.

    >>> ax = confusion_matrix([0, 0, 1], [0, 1, 1])
    >>> [text.get_text() for text in ax.texts]
    ['1', '1', '', '1']
    """
    right, found = as_list(true, "confusion_matrix: true"), as_list(predicted, "confusion_matrix: predicted")
    require_as_many(right, found, "confusion_matrix", ("true classes", "predicted classes"))
    classes = sorted({*right, *found})
    place = {name: i for i, name in enumerate(classes)}
    n = len(classes)
    counts = [[0] * n for _ in range(n)]
    for t, p in zip(right, found, strict=True):
        counts[place[t]][place[p]] += 1
    ax = _axes(ax)
    # A square root, so that a single mistake is seen beside forty right answers.
    ax.imshow([[count**0.5 for count in row] for row in counts], cmap="Blues", vmin=0.0)
    top = max(map(max, counts))
    for i in range(n):
        for j in range(n):
            ink = "white" if 3 * counts[i][j] > top else "black"
            ax.text(j, i, str(counts[i][j] or ""), ha="center", va="center", color=ink)
    ax.set(xlabel="predicted", ylabel="true")
    ax.set_xticks(range(n), labels=classes)
    ax.set_yticks(range(n), labels=classes)
    ax.set_xticks([i - 0.5 for i in range(1, n)], minor=True)
    ax.set_yticks([i - 0.5 for i in range(1, n)], minor=True)
    ax.grid(which="minor", color="#CCCCCC", linewidth=0.6)
    ax.tick_params(which="both", length=0)
    return ax


def _axes(ax: Any) -> Any:
    """The axes given, or those of a new figure."""
    return import_extra("matplotlib.pyplot").subplots()[1] if ax is None else ax


def _span(numbers: list[float], n: int) -> list[float]:
    """`n` evenly spaced numbers over the range of these and a margin around it."""
    low, high = min(numbers), max(numbers)
    margin = 0.15 * (high - low) or 0.5
    low, high = low - margin, high + margin
    return [low + (high - low) * i / (n - 1) for i in range(n)]
