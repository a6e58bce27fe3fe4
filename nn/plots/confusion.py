"""Which class was taken for which."""

from collections.abc import Sequence
from typing import Any

from nn.checks import as_label, as_list, require_as_many
from nn.plots.axes import LETTERS, as_axes, ink_on, without_formulas
from nn.plots.description import tell
from nn.plots.points import as_classes

__all__ = ["confusion_matrix"]


def confusion_matrix(true: Sequence[Any], predicted: Sequence[Any], ax: Any = None) -> Any:
    """How often each class (row) was taken for each class (column), as numbers on shades.

    Args:
        true: The right classes: text, bools or whole numbers.
        predicted: What was decided, as many, of the same kind.
        ax: Matplotlib axes; None makes new ones.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed.
        TypeError: a class is neither text nor a number.
        ValueError: the lengths differ, there are no samples, a number is not whole, or some are text and others not.

    >>> ax = confusion_matrix([0, 0, 1], [0, 1, 1])
    >>> [text.get_text() for text in ax.texts]
    ['1', '1', '', '1']
    """
    what = "confusion_matrix"
    right, found = as_list(true, f"{what}: true"), as_list(predicted, f"{what}: predicted")
    require_as_many(right, found, what, ("true classes", "predicted classes"))
    both = as_classes([*right, *found], f"{what}: true and predicted classes")
    right, found = both[: len(right)], both[len(right) :]
    classes = sorted(set(both))
    place = {name: i for i, name in enumerate(classes)}
    n = len(classes)
    counts = [[0] * n for _ in range(n)]
    for t, p in zip(right, found, strict=True):
        counts[place[t]][place[p]] += 1
    ax = as_axes(ax)
    # A square root, so that a single mistake is seen beside forty right answers.
    shades = ax.imshow([[count**0.5 for count in row] for row in counts], cmap="Blues", vmin=0.0)
    letters = min(10.0, max(4.0, 150.0 / max(n, len(str(max(map(max, counts)))) * n / 3)))
    for i in range(n):
        for j in range(n):
            ink = ink_on(shades.to_rgba(counts[i][j] ** 0.5)[:3])
            ax.text(j, i, str(counts[i][j] or ""), ha="center", va="center", color=ink, fontsize=letters)
    names = [as_label(name, 16) or repr(name) for name in classes]
    ax.set(xlabel="predicted", ylabel="true")
    ax.set_xticks(range(n), labels=names)
    ax.set_yticks(range(n), labels=names)
    without_formulas([*ax.get_xticklabels(), *ax.get_yticklabels()])
    if sum(map(len, names)) > 32:  # they would lie on one another
        ax.tick_params(axis="x", labelrotation=90)
    if n > 16:
        ax.tick_params(labelsize=max(5.0, LETTERS * 16 / n))
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
