"""How large the numbers of a model are, layer by layer."""

from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import as_size
from nn.parts.columns import Group, groups_of, require_module
from nn.plots.axes import BLUE, GREY, LETTERS, ORANGE, PALETTE, as_axes, shown, without_formulas
from nn.plots.description import tell

__all__ = ["histograms"]

MOST_ROWS = 24
DECADES = 12.0
"""Of gradients, below the largest one: what is smaller is counted in the first bin."""

OF = ("weights", "gradients")


def histograms(model: Any, ax: Any = None, of: str = "weights", *, bins: int = 40) -> Any:
    """A histogram for each layer of a model, one below the other, on one axis.

    Weights, biases among them, stand to the left of 0 and in blue where they are negative, to the right and in orange
    where they are positive. Gradients stand on a logarithmic axis by their size. Beside each row is the share of those
    that are exactly 0: they are in no bin. Each row is as high as its own fullest bin.

    Args:
        model: A module. Its rows are its layers; what is outside of layers has a row for each neuron or attribute.
        ax: Matplotlib axes; None makes new ones.
        of: "weights" or "gradients".
        bins: How many there are.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: `model` is no module.
        ValueError: it has no parameters, or `of` is something else.

    >>> from nn import MLP, describe
    >>> describe(histograms(MLP(2, [3, 1], rng=1)))
    'Histograms of the weights of 2 layers, from -0.812 to 0.812. layers.0: 9 numbers, mean 0.28, 33% exactly 0; ...
    """
    if of not in OF:
        raise ValueError(f"histograms: of: expected one of {', '.join(map(repr, OF))}, got {brief(of)}")
    bins = as_size(bins, "histograms: bins")
    require_module(model, "histograms")
    groups = groups_of(model)
    rows = shown(len(groups), MOST_ROWS)
    ax = as_axes(ax, (6.4, max(2.4, 0.42 * len(rows) + 1.2)))
    everything = np.concatenate([group.data if of == "weights" else group.grads for group in groups])
    swept = of == "weights" or bool(everything.any())
    edges = edges_of(everything, of, bins)
    for y, i in enumerate(rows):
        if i is None:
            text = f"… {len(groups) - len(rows) + 1:,} more layers …"
            place = ax.get_yaxis_transform()
            ax.text(
                0.5, y - 0.4, text, ha="center", va="center", fontsize=LETTERS, transform=place, backgroundcolor="w"
            )
            continue
        draw_row(ax, groups[i].data if of == "weights" else groups[i].grads, of, edges, y)
        note = note_of(groups[i], of) if swept else "–"
        ax.text(1.01, y, note, va="bottom", fontsize=LETTERS, transform=ax.get_yaxis_transform(), clip_on=False)
    names = ["" if i is None else f"{groups[i].name}\n{len(groups[i].data):,} numbers" for i in rows]
    ax.set_yticks([y - 0.35 for y in range(len(rows))], labels=names, fontsize=LETTERS)
    without_formulas(ax.get_yticklabels())
    label = "weights and biases" if of == "weights" else "size of gradients, |grad|"
    ax.set(ylim=(len(rows) - 0.8, -1.0), xlim=(edges[0], edges[-1]), xlabel=label)
    if of == "gradients":
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter("")
        if not swept:
            ax.set(xlabel=f"{label}: – (no sweep has been yet)")
            ax.set_xticks([])
            ax.set_xticks([], minor=True)
    else:
        ax.axvline(0.0, color=GREY, linewidth=0.6, zorder=0)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    tell(ax.texts[0], in_words(groups, of, edges, swept))
    return ax


def edges_of(numbers: Any, of: str, bins: int) -> Any:
    """The edges of bins that hold all finite numbers: around 0, or from the largest size downwards by factors."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    largest = float(np.clip(sizes.max(initial=0.0), 1e-300, 1e300)) if sizes.any() else 1.0  # matplotlib adds margins
    if of == "weights":
        return np.linspace(-largest, largest, 2 * max(1, bins // 2) + 1)
    least = max(float(sizes[sizes > 0.0].min(initial=largest)), largest * 10.0**-DECADES)
    return np.geomspace(min(least, 0.01 * largest), largest * 1.0000001, bins + 1)


def draw_row(ax: Any, numbers: Any, of: str, edges: Any, y: float) -> None:
    """Draw the histogram of a layer, standing on the height `y` of an axis that goes downwards."""
    ax.axhline(y, color=GREY, linewidth=0.6)
    finite = numbers[np.isfinite(numbers) & (numbers != 0.0)]
    if of == "gradients":
        finite = np.abs(finite)
    counts = np.histogram(np.clip(finite, edges[0], edges[-1]), edges)[0]
    if not counts.any():
        return
    heights = y - 0.8 * counts / counts.max()
    middle = len(counts) // 2
    parts = [(slice(None), PALETTE[2])]
    if of == "weights":
        parts = [(slice(None, middle), BLUE), (slice(middle, None), ORANGE)]
    for chosen, color in parts:
        ends = edges[: middle + 1] if chosen.stop else edges[-1 - len(heights[chosen]) :]
        ax.stairs(heights[chosen], ends, baseline=y, fill=True, color=color, alpha=0.85)


def note_of(group: Group, of: str) -> str:
    """What is said beside a row: the mean size, how many are exactly 0, how many not finite."""
    numbers = group.data if of == "weights" else group.grads
    finite = np.abs(numbers[np.isfinite(numbers)])
    lines = [f"mean {(finite / len(finite)).sum():.2g}"] if len(finite) else []  # a sum of sizes may be infinite
    zeros = int((numbers == 0.0).sum())
    if zeros:
        lines.append(f"{100 * zeros / len(numbers):.2g}% exactly 0")
    strange = len(numbers) - len(finite)
    if strange:
        lines.append(f"{strange:,} not finite")
    return "\n".join(lines)


def in_words(groups: list[Group], of: str, edges: Any, swept: bool) -> str:
    """The range of all, and the mean of each layer."""
    n = len(groups)
    text = f"Histograms of the {of} of {n:,} layer{'s' * (n != 1)}"
    if not swept:
        return f"{text}: there are none, as no sweep has been yet."
    rows = [
        f"{group.name}: {len(group.data):,} numbers, {note_of(group, of)}".replace("\n", ", ")
        for group in groups[:MOST_ROWS]
    ]
    more = f"; and {n - MOST_ROWS:,} more" if n > MOST_ROWS else ""
    return f"{text}, from {edges[0]:.3g} to {edges[-1]:.3g}. {'; '.join(rows)}{more}."
