"""How large gradients are, layer by layer, while a network is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import as_label, as_list, import_extra
from nn.plots.axes import LETTERS, as_axes, shown, without_formulas
from nn.plots.description import tell

__all__ = ["gradient_flow"]

MOST_ROWS = 24
DECADES = 7.0
"""Shown below the largest gradient; what is smaller has the colour of the smallest."""


def gradient_flow(
    measures: Any,
    ax: Any = None,
    *,
    per: str = "epoch",
    at: Sequence[int] | None = None,
    limits: tuple[float, float] | None = None,
) -> Any:
    """The size of gradients as a map: a row for each layer, the first on top, a column for each measure.

    Colours are logarithmic: a row that is darker than those below it receives less than they do. White is where no
    gradient came to, or none that is finite.

    Args:
        measures: What `nn.measure` or `nn.diagnose` gave, one after the other; or a History of `fit(diagnose=True)`.
        ax: Matplotlib axes; None makes new ones.
        per: What a measure was taken after: "epoch" or "step".
        at: The number of the epoch or step of each measure, in rising order; None counts them from 1.
        limits: The sizes that have the first and the last colour; None takes the largest there is, and seven decades
            below it.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: `measures` is no list of measures, and no History.
        ValueError: there are none.

    >>> from nn import MLP, describe, measure
    >>> model = MLP(2, [3, 1], rng=1)
    >>> describe(gradient_flow([measure(model, [[1.0, 2.0]])] * 3))
    'Mean size of the gradients of 2 layers in 3 epochs. layers.0: 0.225 to 0.225; layers.1: 0.399 to 0.399.'
    """
    found = as_measures(measures)
    names = list(dict.fromkeys(layer["name"] for one in found for layer in one["layers"]))
    if not names:
        raise ValueError("gradient_flow: nothing to draw: there are no layers in the measures")
    sizes = np.full((len(names), len(found)), np.nan)
    places = {name: i for i, name in enumerate(names)}
    for j, one in enumerate(found):
        for layer in one["layers"]:
            if layer["gradient"] is not None:
                sizes[places[layer["name"]], j] = layer["gradient"]
    rows = shown(len(names), MOST_ROWS)
    table = np.array([np.full(len(found), np.nan) if i is None else sizes[i] for i in rows])
    seen = np.isfinite(table) & (table > 1e-300) & (table < 1e300)
    ax = as_axes(ax, (6.4, max(2.4, 0.32 * len(rows) + 1.2)))
    largest = float(table[seen].max()) if seen.any() else 1.0
    ends = limits or (max(largest * 10.0**-DECADES, 1e-307), largest)
    norm = import_extra("matplotlib.colors").LogNorm(*ends)
    masked = np.ma.masked_where(~seen, table)
    edges = edges_around(range(1, len(found) + 1) if at is None else at), np.arange(len(rows) + 1) - 0.5
    mesh = ax.pcolormesh(*edges, masked, norm=norm, cmap="cividis")
    bar = ax.get_figure().colorbar(mesh, ax=ax, extend="neither" if limits is None else "both")
    bar.set_label("mean |d loss / d output|", fontsize=LETTERS)
    texts = [f"… {len(names) - len(rows) + 1:,} more …" if i is None else as_label(names[i]) for i in rows]
    ax.set_yticks(range(len(rows)), labels=texts, fontsize=LETTERS)
    without_formulas(ax.get_yticklabels())
    ax.set(xlabel=per, ylim=(len(rows) - 0.5, -0.5))
    ax.xaxis.get_major_locator().set_params(integer=True)
    tell(mesh, in_words(names, sizes, per))
    return ax


def edges_around(places: Sequence[int]) -> Any:
    """The edges of columns that stand around some places: halfway to the next.

    >>> edges_around([1, 2, 3]).tolist(), edges_around([0, 10, 30]).tolist()
    ([0.5, 1.5, 2.5, 3.5], [-5.0, 5.0, 20.0, 40.0])
    """
    found = np.asarray(places, dtype=float)
    gaps = np.diff(found) if len(found) > 1 else np.ones(1)
    return np.concatenate([found[:1] - gaps[0] / 2, found[:-1] + gaps[: len(found) - 1] / 2, found[-1:] + gaps[-1] / 2])


def as_measures(measures: Any) -> list[Mapping[str, Any]]:
    """Measures in a list, each looked at.

    Raises:
        TypeError: something in it is no measure.
        ValueError: there are none.
    """
    if hasattr(measures, "diagnoses"):
        if not measures.diagnoses:
            raise ValueError("gradient_flow: there are no diagnoses in the history: fit(..., diagnose=True) keeps them")
        measures = measures.diagnoses
    if isinstance(measures, Mapping) or hasattr(measures, "measured"):
        measures = [measures]
    found = [getattr(one, "measured", one) for one in as_list(measures, "gradient_flow: measures")]
    if not found:
        raise ValueError("gradient_flow: nothing to draw: there are no measures")
    for i, one in enumerate(found):
        if not isinstance(one, Mapping) or "layers" not in one:
            raise TypeError(f"gradient_flow: measure {i} is {brief(one)}; expected what nn.measure gives")
    return found


def in_words(names: list[str], sizes: Any, per: str) -> str:
    """How large gradients were in the beginning, and at the end."""
    n = sizes.shape[1]
    text = f"Mean size of the gradients of {len(names):,} layer{'s' * (len(names) != 1)} in {n:,} {per}{'s' * (n != 1)}"
    rows = [f"{as_label(name, 40)}: {row[0]:.3g} to {row[-1]:.3g}" for name, row in zip(names, sizes, strict=True)]
    more = f"; and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
    return f"{text}. {'; '.join(rows[:MOST_ROWS])}{more}."
