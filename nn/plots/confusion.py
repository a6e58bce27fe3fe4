"""Which class was taken for which."""

from collections.abc import Sequence
from typing import Any

from nn.checks import as_list, require_as_many
from nn.plots.axes import as_axes, ink_on
from nn.plots.description import tell

__all__ = ["confusion_matrix"]


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
    ax = as_axes(ax)
    # A square root, so that a single mistake is seen beside forty right answers.
    shades = ax.imshow([[count**0.5 for count in row] for row in counts], cmap="Blues", vmin=0.0)
    for i in range(n):
        for j in range(n):
            ink = ink_on(shades.to_rgba(counts[i][j] ** 0.5)[:3])
            ax.text(j, i, str(counts[i][j] or ""), ha="center", va="center", color=ink)
    ax.set(xlabel="predicted", ylabel="true")
    ax.set_xticks(range(n), labels=classes)
    ax.set_yticks(range(n), labels=classes)
    ax.set_xticks([i - 0.5 for i in range(1, n)], minor=True)
    ax.set_yticks([i - 0.5 for i in range(1, n)], minor=True)
    ax.grid(which="minor", color="#CCCCCC", linewidth=0.6)
    ax.tick_params(which="both", length=0)
    tell(shades, in_words(classes, counts))
    return ax


def in_words(classes: list[Any], counts: list[list[int]]) -> str:
    """How many are right, and which mistake is made most often."""
    every, n = sum(map(sum, counts)), len(classes)
    right = sum(counts[i][i] for i in range(n))
    text = f"Confusion matrix of {every:,} samples in {n} classes: {right:,} are decided rightly."
    worst, i, j = max([(counts[i][j], -i, -j) for i in range(n) for j in range(n) if i != j], default=(0, 0, 0))
    if not worst:
        return text
    return f"{text} Most often, {classes[-i]} is taken for {classes[-j]} ({worst} time{'s' * (worst != 1)})."
