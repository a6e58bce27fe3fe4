"""A diagnosis drawn: from layer to layer, how large signals and gradients are."""

from typing import Any

from nn.checks import as_label, import_extra

__all__ = ["drawn"]

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#555555"
"""Of the palette of nn.plots: signals, gradients, shares that are dead or saturated."""


def drawn(measure: dict[str, Any], said: str, ax: Any = None) -> Any:
    """Signals and gradients by layer on a logarithmic axis, with what 80% of them are between; shares as bars.

    Args:
        measure: What `measure` gave.
        said: What it shows, in words.
        ax: Matplotlib axes; None makes new ones.

    Returns:
        The axes.

    >>> from nn import MLP, measure
    >>> drawn(measure(MLP(2, [3, 1], rng=1), [[1.0, 2.0]]), "Two layers.").get_ylabel()
    'size'
    """
    layers = measure["layers"]
    if ax is None:
        size = (max(4.8, 0.7 * len(layers) + 2.5), 3.6)
        ax = import_extra("matplotlib.pyplot").subplots(figsize=size, layout="constrained")[1]
    places = list(range(len(layers)))
    lines = []
    for names, color, stroke, marker, label in (
        (("rms", None, None), BLUE, "-", "o", "signal, root mean square"),
        (("gradient", "gradient_low", "gradient_high"), ORANGE, "--", "s", "gradient, mean |d loss / d output|"),
    ):
        numbers = [[float("nan") if name is None else as_size(layer[name]) for layer in layers] for name in names]
        if not any(x == x for x in numbers[0]):
            continue
        lines += ax.plot(places, numbers[0], color=color, linestyle=stroke, marker=marker, label=label)
        ax.fill_between(places, numbers[1], numbers[2], color=color, alpha=0.15, linewidth=0.0)
    ax.set_xticks(places, labels=[as_label(layer["name"], 16) for layer in layers], fontsize=9)
    for text in ax.get_xticklabels():
        text.set_parse_math(False)
        if len(layers) > 6:
            text.set(rotation=45, ha="right")
    if lines:
        ax.set_yscale("log")
    shares = [max(layer["dead"] or 0.0, layer["saturated"] or 0.0) for layer in layers]
    for place, share in zip(places, shares, strict=True):
        if share > 0.0:
            ax.axvspan(place - 0.3, place + 0.3, ymax=share, color=GREY, alpha=0.2, linewidth=0.0, zorder=0)
    ax.set(ylabel="size", xlim=(-0.5, max(len(layers), 1) - 0.5))
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", alpha=0.3)
    if any(shares):
        lines.append(import_extra("matplotlib.patches").Patch(color=GREY, alpha=0.2, label="share dead or saturated"))
    if lines:
        ax.legend(handles=lines, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1, frameon=False, fontsize=9)
    ax.patch._description = said  # where nn.describe looks
    return ax


def as_size(x: Any) -> float:
    """A number as it can stand on a logarithmic axis; nan for what cannot."""
    return x if x is not None and 1e-300 < x < 1e300 else float("nan")
