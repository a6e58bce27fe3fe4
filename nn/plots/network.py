"""A network as neurons in columns, drawn as `autograd.draw` draws one.

- inputs are squares, neurons are circles; of many the first and the last are drawn, of columns too;
- a line is as wide as its weight is large, and narrower where there are many; of negative weights it is dashed;
- a ring is as thick as the logarithm of the gradient, over three decades below the largest; grey is exactly 0.
"""

from itertools import pairwise
from math import log10
from typing import Any, NamedTuple

import numpy as np

from nn.checks import as_label, as_size, import_extra
from nn.parts.columns import Column, columns_of, require_module
from nn.plots.axes import BLACK, BLUE, LETTERS, ORANGE, as_axes, shown, without_formulas
from nn.plots.description import tell

__all__ = ["network"]

MOST_COLUMNS = 8
WIDEST, LEAST, NARROWEST, MANY = 3.2, 1.2, 0.25, 48
"""Points: the widest line; the same where there are very many; the narrowest. So many are not many yet."""

DECADES = 3.0
"""Below the largest gradient: what is smaller has the thinnest ring."""

DEAD = "#777777"
"""What fills a neuron that no gradient reaches."""


class Stack(NamedTuple):
    """What is drawn above one place of the horizontal axis.

    Attributes:
        place: Where it stands.
        column: Its neurons; None for inputs.
        heights: Where each that is shown stands.
        size: How many there are.
    """

    place: int
    column: Column | None
    heights: dict[int, float]
    size: int


def network(model: Any, ax: Any = None, *, most: int = 16) -> Any:
    """A network as neurons in columns: a line for each weight, as wide as the weight is large, and rings of gradients.

    Lines of positive weights are orange and whole, of negative ones blue and dashed. The ring around a neuron is as
    thick as the logarithm of the mean |grad| of its parameters; a neuron whose gradients are exactly 0 is grey, and
    where no sweep has been there are no rings. Biases count in the rings alone. Layers are drawn in the order of
    definition; one that does not fit the one before it begins anew, with inputs of its own.

    Args:
        model: A Neuron, a Layer, an MLP, or any module that has some, however deep.
        ax: Matplotlib axes; None makes new ones.
        most: Neurons of a column that are drawn; of one that has more, the first and the last.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: `model` is no module.
        ValueError: there is neither a layer nor a neuron in it, or `most` is below 3.

    >>> from nn import MLP, describe
    >>> describe(network(MLP(2, [3, 1], rng=1)))
    'Network of 2 inputs; layers.0, 3 ReLU; layers.1, 1 Linear. 4 weights are positive and 5 negative, ...
    """
    most = as_size(most, "network: most", least=3)
    require_module(model, "network")
    columns = columns_of(model)
    stacks = stacks_of(columns, most)
    ax = as_axes(ax, (min(10.0, max(7.0, 1.6 * len(stacks))), 4.8))  # no wider than a cell
    rows = max(max(stack.heights.values()) for stack in stacks) * 2 + 1
    ax.set(xlim=(-0.4, stacks[-1].place + 0.4), ylim=(-rows / 2 - 0.2, rows / 2 + 0.2))
    handles = draw_edges(ax, stacks)
    handles += draw_neurons(ax, stacks, columns, spacing(ax, rows))
    name_stacks(ax, stacks)
    note_gaps(ax, stacks, len(columns))
    ax.legend(
        handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2 if width_of(ax) > 380 else 1,
        frameon=False, fontsize=LETTERS,
    )  # fmt: skip
    tell(ax.collections[-1], in_words(columns))
    return ax


def stacks_of(columns: list[Column], most: int) -> list[Stack]:
    """Columns of neurons and of inputs, side by side, with a gap where columns are left out."""
    stacks: list[Stack] = []
    place, before = 0, 0
    for i in shown(len(columns), MOST_COLUMNS):
        if i is None:
            place, before = place + 1, -1
            continue
        column = columns[i]
        if column.inputs != before and before != -1:
            place += bool(stacks)
            stacks.append(Stack(place, None, heights_of(column.inputs, most), column.inputs))
            place += 1
        before = len(column.weights)
        stacks.append(Stack(place, column, heights_of(before, most), before))
        place += 1
    return stacks


def heights_of(n: int, most: int) -> dict[int, float]:
    """The height of each that is shown, around 0; one that stands for others takes two places."""
    numbers = shown(n, most)
    middle = (len(numbers) + (None in numbers) - 1) / 2
    found, height = {}, middle
    for i in numbers:
        if i is not None:
            found[i] = height
        height -= 2.0 if i is None else 1.0
    return found


def spacing(ax: Any, rows: float) -> float:
    """How many points one neuron is above the next, about: axes shrink where labels need room."""
    figure = ax.get_figure()
    height = ax.get_position().height * figure.get_size_inches()[1] * 72 * 0.85
    return float(min(30.0, max(3.0, height / (rows + 0.4))))


def width_of(ax: Any) -> float:
    """How wide axes are, in points."""
    return float(ax.get_position().width * ax.get_figure().get_size_inches()[0] * 72)


def draw_edges(ax: Any, stacks: list[Stack]) -> list[Any]:
    """Draw a line for each weight between neurons that are shown; gives what the legend has to say of them."""
    ends, weights, crowd = [], [], 1
    for one, other in pairwise(stacks):
        if other.column is None or other.place != one.place + 1:
            continue
        crowd = max(crowd, len(one.heights) * len(other.heights))
        for i, top in other.heights.items():
            row = other.column.weights[i]
            for j, height in one.heights.items():
                if j < len(row):
                    ends.append(((one.place, height), (other.place, top)))
                    weights.append(row[j])
    numbers = np.array(weights)
    sizes = np.abs(numbers)
    finite = np.isfinite(numbers)
    largest = float(sizes[finite].max(initial=0.0)) or 1.0
    widest = max(LEAST, WIDEST * min(1.0, (MANY / crowd) ** 0.5))
    widths = np.where(finite, np.maximum(NARROWEST, widest * np.where(finite, sizes, 0.0) / largest), widest)
    handles = []
    for chosen, color, dash, label in (
        (finite & (numbers > 0), ORANGE, None, f"weight > 0, the widest {largest:.3g}"),
        (finite & (numbers < 0), BLUE, (4.0, 2.0), "weight < 0"),
        (~finite, BLACK, (1.0, 1.5), "weight not finite"),
    ):
        places = sorted(np.flatnonzero(chosen), key=sizes.__getitem__)  # the widest on top
        if places:
            strokes: Any = [stroke(dash, widths[k]) for k in places]
            lines = import_extra("matplotlib.collections").LineCollection(
                [ends[k] for k in places], colors=color, linewidths=widths[places], linestyles=strokes, label=label,
                alpha=0.85, zorder=1,
            )  # fmt: skip
            ax.add_collection(lines, autolim=False)
            handles.append(handle(label, color=color, linewidth=2.0, linestyle=stroke(dash, 2.0)))
    return handles


def stroke(dash: tuple[float, float] | None, width: float) -> Any:
    """A stroke of dashes as long as they are, in points: matplotlib has them grow with the width."""
    return "-" if dash is None else (0, (max(1.0, dash[0] / width), max(1.0, dash[1] / width)))


def draw_neurons(ax: Any, stacks: list[Stack], columns: list[Column], pace: float) -> list[Any]:
    """Draw inputs as squares, neurons as discs, gradients as rings; gives what the legend has to say of them."""
    size = 0.45 * pace
    squares = [(s.place, y) for s in stacks if s.column is None for y in s.heights.values()]
    discs = [(s.place, y) for s in stacks if s.column for y in s.heights.values()]
    gradients = [s.column.gradients[i] for s in stacks if s.column for i in s.heights]
    look = {"edgecolors": BLACK, "linewidths": 0.8, "zorder": 3}
    ax.scatter(*xy(squares), s=size**2, marker="s", label="inputs", facecolors="white", **look)
    every = np.array([g for column in columns for g in column.gradients])
    fills = ["white"] * len(discs)
    handles = [handle("gradients: – (no sweep has been yet)", linestyle="")]
    if every.any():
        fills = [DEAD if g == 0.0 else "white" for g in gradients]
        handles = draw_rings(ax, discs, np.array(gradients), every, (1.25 * size, 0.2 * pace))
    ax.scatter(*xy(discs), s=size**2, marker="o", label="neurons", facecolors=fills, **look)
    return handles


def draw_rings(ax: Any, places: list[Any], gradients: Any, every: Any, size: tuple[float, float]) -> list[Any]:
    """Draw a ring for each gradient that is not 0, a cross for one that is not finite; gives the legend's lines.

    Args:
        ax: Where.
        places: Of the neurons that are shown.
        gradients: Theirs.
        every: Those of all neurons: they make the scale.
        size: How wide the hole of a ring is, and the thickest ring itself.
    """
    handles = []
    hole, thickest = size
    finite, largest = np.isfinite(gradients), float(every[np.isfinite(every)].max(initial=0.0))
    if largest:
        chosen = np.flatnonzero(finite & (gradients > 0.0))
        share = 1.0 + (np.log10(gradients[chosen]) - log10(largest)) / DECADES
        width = 0.4 + (thickest - 0.4) * np.clip(share, 0.0, 1.0)
        ax.scatter(
            *xy([places[k] for k in chosen]), s=(hole + width) ** 2, linewidths=width, label="rings", zorder=2,
            facecolors="none", edgecolors=BLACK,
        )  # fmt: skip
        text = f"ring: mean |grad|, {largest * 10.0**-DECADES:.2g} or less to {largest:.2g}"
        handles.append(disc(text, markeredgewidth=2.5))
    if (gradients == 0.0).any():
        handles.append(disc("gradient exactly 0", markerfacecolor=DEAD))
    if not finite.all():
        chosen = np.flatnonzero(~finite)
        look = {"s": (1.7 * hole) ** 2, "marker": "X", "label": "crosses", "zorder": 2}
        ax.scatter(*xy([places[k] for k in chosen]), facecolors=BLACK, edgecolors="white", **look)
        handles.append(disc("gradient not finite", marker="X", markerfacecolor=BLACK))
    return handles


def handle(label: str, **look: Any) -> Any:
    """A line of the legend."""
    return import_extra("matplotlib.lines").Line2D([], [], label=label, **look)


def disc(label: str, **look: Any) -> Any:
    """A line of the legend that is about neurons."""
    usual = {"linestyle": "", "marker": "o", "markersize": 8, "markerfacecolor": "white", "markeredgecolor": BLACK}
    return handle(label, **{**usual, **look})


def xy(places: list[Any]) -> tuple[list[float], list[float]]:
    """Places as two lists."""
    return [x for x, _ in places], [y for _, y in places]


def name_stacks(ax: Any, stacks: list[Stack]) -> None:
    """Write below each column what it is."""
    letters = int(width_of(ax) / (stacks[-1].place + 0.8) / (0.65 * LETTERS))
    steps = 2 if letters < 12 else 1  # every other name is a step lower where there is little room
    letters = max(6, steps * letters - steps)
    ticks, texts = [], []
    for stack in stacks:
        name, kind = (stack.column.name, stack.column.kind) if stack.column else ("inputs", "")
        ticks.append(stack.place)
        size = f"{stack.size:,} {kind}".strip()
        text = f"{as_label(name, letters)}\n{size}"
        if len(size) > letters:
            text = f"{as_label(name, letters)}\n{stack.size:,}\n{as_label(kind, letters)}"
        texts.append(text)
    lower = "\n" * (max(text.count("\n") for text in texts) + 2)
    texts = [lower * (k % steps) + text for k, text in enumerate(texts)]
    ax.set_xticks(ticks, labels=texts, fontsize=LETTERS)
    without_formulas(ax.get_xticklabels())
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def note_gaps(ax: Any, stacks: list[Stack], n: int) -> None:
    """Write into the gap of a column how many neurons are left out, and into that between columns how many layers."""
    for stack in stacks:
        if len(stack.heights) < stack.size:
            middle = max((one + other) / 2 for one, other in pairwise(stack.heights.values()) if one - other > 1.0)
            text = f"⋮\n{stack.size - len(stack.heights):,} more"
            ax.text(
                stack.place, middle, text, ha="center", va="center", fontsize=LETTERS, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip
    left_out = n - sum(stack.column is not None for stack in stacks)
    if left_out:
        gap = next(x.place + 1 for x, y in pairwise(stacks) if y.column and y.place > x.place + 1)
        ax.text(gap, 0.0, f"…\n{left_out:,} more\nlayers\n…", ha="center", va="center", fontsize=LETTERS)


def in_words(columns: list[Column]) -> str:
    """The layers, the signs of their weights, and their gradients."""
    layers = "; ".join(
        f"{as_label(column.name, 40)}, {len(column.weights):,} {column.kind}" for column in columns[:MOST_COLUMNS]
    )
    more = f"; and {len(columns) - MOST_COLUMNS:,} more layers" if len(columns) > MOST_COLUMNS else ""
    weights = np.concatenate([row for column in columns for row in column.weights])
    gradients = np.array([g for column in columns for g in column.gradients])
    text = (
        f"Network of {columns[0].inputs:,} inputs; {layers}{more}. {int((weights > 0).sum()):,} weights are positive "
        f"and {int((weights < 0).sum()):,} negative, the largest {np.nanmax(np.abs(weights), initial=0.0):.3g}. "
    )
    if not gradients.any():
        return text + "No sweep has been yet."
    dead, strange = int((gradients == 0).sum()), int((~np.isfinite(gradients)).sum())
    said = []
    finite = gradients[np.isfinite(gradients) & (gradients > 0)]
    if len(finite):
        said.append(f"from {finite.min():.2g} to {finite.max():.2g} for {len(finite):,}")
    if dead:
        said.append(f"exactly 0 for {dead:,}")
    if strange:
        said.append(f"not finite for {strange:,}")
    return f"{text}Mean |grad| by neuron: {', '.join(said)}."
