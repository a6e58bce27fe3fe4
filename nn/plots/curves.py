"""Training, epoch by epoch."""

from collections.abc import Mapping
from typing import Any

from nn.plots.axes import PALETTE, STROKES, as_axes
from nn.training.history import History

__all__ = ["loss_curves"]


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
    ax = as_axes(ax)
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
