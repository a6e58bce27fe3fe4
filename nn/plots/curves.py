"""Training, epoch by epoch."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Protocol

from autograd.border.wording import brief
from nn.checks import as_label
from nn.plots.axes import PALETTE, STROKES, as_axes, without_formulas
from nn.plots.description import tell

__all__ = ["Trained", "loss_curves"]

DOTTED = (0, (1.0, 1.0))
"""How what is validated is drawn."""
FEW = 30
"""So many numbers have a dot each."""


class Trained(Protocol):
    """What happened in training: a `History`."""

    loss: list[float]
    accuracy: list[float]
    validation_losses: list[float]


def loss_curves(
    histories: Trained | Mapping[str, Trained], ax: Any = None, *, per: str = "epoch", accuracy: bool = False
) -> Any:
    """Loss against epochs, on a logarithmic scale, one line for each history; that of validation is dotted.

    Args:
        histories: What `train` gave: one history, or several under the names to print.
        ax: Matplotlib axes; None makes new ones.
        per: What the axis counts: "step" where an epoch is one step.
        accuracy: Whether to draw the accuracies too, those of validation as well if they are there, as thin lines on an
            axis of their own to the right.

    Returns:
        The axes, of the losses.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: `histories` is neither a history nor a dict of them.
        ValueError: there are no histories, one of them has no epoch, or no accuracies where these are wanted.

    >>> from nn import History
    >>> ax = loss_curves({"moons": History(loss=[1.0, 0.1])})
    >>> ax.get_yscale()
    'log'
    """
    named = as_named(histories, accuracy)
    ax = as_axes(ax)
    right = ax.twinx() if accuracy else None
    handles = []
    alone = len(named) == 1
    for i, (name, history) in enumerate(named.items()):
        colors = PALETTE if alone else PALETTE[i % len(PALETTE) :][:1] * 4
        look = {"color": colors[0], "linestyle": STROKES[i % len(STROKES)]}
        short, validated = as_label(name, 40), history.validation_losses
        label = short + ("" if not accuracy else ", loss" if name else "loss")
        if validated and not name:
            label = "training loss" if accuracy else "training"
        handles.append(drawn(ax, history.loss, f"{label}{trouble(history.loss, per)}", linewidth=1.8, **look))
        told = in_words(name, history, per, accuracy)
        tell(handles[-1], f"Training loss by {per}, on a logarithmic scale. {told}" if i == 0 else told)
        if validated:
            label = ", ".join(filter(None, [short, "validation loss" if accuracy and alone else "validation"]))
            handles.append(drawn(
                ax, validated, f"{label}{trouble(validated, per)}", linewidth=1.6, linestyle=DOTTED, color=colors[1]
            ))  # fmt: skip
            tell(handles[-1], f"Validation loss: from {validated[0]:.3g} to {validated[-1]:.3g}.")
        if right is not None:
            for words, numbers, color, stroke in (
                ("accuracy", history.accuracy, colors[2], look["linestyle"]),
                ("validation accuracy", validated_accuracy(history), colors[3], DOTTED),
            ):
                label = f"{short}, {words}" if name else words
                marker = "." if len(numbers) <= FEW else None
                if numbers:
                    handles.append(drawn(right, numbers, label, marker, linewidth=0.9, linestyle=stroke, color=color))
    positive = any(isfinite(loss) and loss > 0.0 for history in named.values() for loss in history.loss)
    validating = any(history.validation_losses for history in named.values())
    ax.set(xlabel=per, ylabel="loss" if validating else "training loss", yscale="log" if positive else "linear")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(which="major", alpha=0.4)
    ax.spines[["top", "right"]].set_visible(False)
    if right is not None:
        right.set(ylabel="accuracy", ylim=(0.0, 1.02))
        right.spines["top"].set_visible(False)
    texts = [handle.get_label() for handle in handles]
    if len(handles) > 1 or not texts[0].startswith("_"):  # which is what matplotlib calls a line without a name
        where = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 2, "frameon": False} if accuracy else {}
        without_formulas(ax.legend(handles, texts, **where).get_texts())
    return ax


def as_named(histories: Any, accuracy: bool) -> dict[str, Trained]:
    """Histories by name, each with something to draw; one alone has the name ""."""
    if is_history(histories):
        histories = {"": histories}
    if not isinstance(histories, Mapping):
        raise TypeError(
            f"loss_curves: expected a History, or several by name, as {{'moons': history}}, got {brief(histories)}"
        )
    if not histories:
        raise ValueError("loss_curves: no histories: give at least one, as {'name': history}")
    for name, history in histories.items():
        whose = f"the history of {name!r}" if name else "the history"
        if not is_history(history):
            raise TypeError(f"loss_curves: {whose}: expected a History, got {brief(history)}")
        if not history.loss:
            raise ValueError(f"loss_curves: {whose} has no epoch to draw")
        if accuracy and not history.accuracy:
            raise ValueError(f"loss_curves: {whose} has no accuracies to draw: leave out accuracy=True")
    return dict(histories)


def is_history(x: Any) -> bool:
    """Whether something has losses, and accuracies, in lists."""
    return isinstance(getattr(x, "loss", None), list) and isinstance(getattr(x, "accuracy", None), list)


def drawn(ax: Any, numbers: Sequence[float], label: str, marker: str | None = None, **look: Any) -> Any:
    """A line through numbers, a dot if there is only one."""
    alone = "o" if len(numbers) == 1 else marker
    label = f" {label}" if label.startswith("_") else label  # which the legend would leave out
    return ax.plot(range(1, len(numbers) + 1), numbers, label=label, marker=alone, **look)[0]


def validated_accuracy(history: Any) -> list[float]:
    """The accuracy of each epoch over the samples to validate by; none if it was not asked for."""
    return list((getattr(history, "metrics", None) or {}).get("validation accuracy", ()))


def trouble(losses: Sequence[float], per: str) -> str:
    """Where losses stop to be numbers, for the legend."""
    first = next((i for i, loss in enumerate(losses, 1) if not isfinite(loss)), 0)
    return f" ({losses[first - 1]} at {per} {first})" if first else ""


def in_words(name: str, history: Trained, per: str, accuracy: bool) -> str:
    """Where a curve begins and ends."""
    n = len(history.loss)
    whose = f"{as_label(name, 40)}: from" if name else "From"
    text = f"{whose} {history.loss[0]:.3g} to {history.loss[-1]:.3g} in {n:,} {per}{'s' * (n != 1)}"
    text += trouble(history.loss, per)
    return text + (f", accuracy {history.accuracy[-1]:.1%} at the end." if accuracy else ".")
