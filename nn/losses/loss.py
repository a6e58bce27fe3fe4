"""What all losses have in common: scores and targets side by side, a reduction, and how a loss is a sum over samples.

`loss.terms(score, target, **options)` gives a sum and a weight of one sample. Over a batch, `reduction="sum"` is the
sum of the sums, `reduction="mean"` that divided by the sum of the weights. So a batch may be taken sample by sample.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple, TypeVar

from autograd import Value
from autograd import sum as add_up
from autograd.border.wording import brief
from nn.checks import as_list, require_as_many, require_one_number

__all__ = ["PLAIN", "LossParts", "Pairs", "additive", "as_numbers", "as_reduction", "counted", "elements", "parts_of"]

Terms = Callable[..., tuple[Any, Any]]
"""Of a score, its target and the options of the loss: a sum and a weight, each a float or a Value."""

F = TypeVar("F", bound=Callable[..., Any])

REDUCTIONS = ("mean", "sum", "none")

PLAIN = frozenset({Value, float, int, bool})
"""Types of what is surely one number: most scores and targets are of these."""

READY = frozenset({Value, float})
"""Types that are computed with as they are."""


def as_reduction(reduction: Any, what: str, known: Sequence[str] = REDUCTIONS) -> str:
    """`reduction` itself.

    Raises:
        ValueError: there is none of this name.

    >>> as_reduction("sum", "mse")
    'sum'
    """
    if isinstance(reduction, str) and reduction in known:
        return reduction
    near = get_close_matches(str(reduction), known, 1, 0.5)
    meant = f": did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{what}: reduction is {brief(reduction)}; it is one of {', '.join(map(repr, known))}{meant}")


def elements(x: Any) -> list[Any] | None:
    """The elements of a list, a tuple or an array; None for what is one number.

    >>> elements((1.0, 2.0)), elements(3.0)
    ([1.0, 2.0], None)
    """
    if type(x) in PLAIN:
        return None
    if isinstance(x, (list, tuple)):
        return x if isinstance(x, list) else [*x]
    found = x.tolist() if hasattr(x, "tolist") else None
    return found if isinstance(found, list) else None


def as_numbers(xs: Sequence[Any], what: str) -> list[Any]:
    """Values as they are, and numbers of any type as floats.

    Raises:
        TypeError: one of them is no number.

    >>> as_numbers([1, True, 2.5], "mse")
    [1.0, 1.0, 2.5]
    """
    if READY.issuperset(map(type, xs)):
        return xs if isinstance(xs, list) else [*xs]
    return [x if isinstance(x, (Value, float)) else _as_number(x, what) for x in xs]


def _as_number(x: Any, what: str) -> float:
    require_one_number(x, what)
    try:
        return float(x)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{what}: expected a real number, got {type(x).__name__} {brief(x)}") from error


class Pairs:
    """The numbers of all scores beside those of their targets, in two flat lists.

    A score is one number, or a list of them with a list of as many targets, nested as deeply as one likes. A list of
    one is as good as its one number.

    Args:
        what: The loss, for messages.
        scores, targets: As many of one as of the other.
        reduction: What becomes of the losses.
        names: What scores and targets are called, for messages.
        known: The reductions there are.

    Attributes:
        left, right: The numbers; not to be changed. Targets are as they were given, and not looked at.

    Raises:
        TypeError: there are no lists.
        ValueError: the lengths differ, there are no samples, or the reduction is unknown.

    >>> pairs = Pairs("mse", [1.0, [2.0, 3.0]], [0.0, [0.5, 0.25]])
    >>> pairs.left, pairs.right
    ([1.0, 2.0, 3.0], [0.0, 0.5, 0.25])
    """

    def __init__(
        self,
        what: str,
        scores: Any,
        targets: Any,
        reduction: str = "mean",
        names: tuple[str, str] = ("predictions", "targets"),
        known: Sequence[str] = REDUCTIONS,
    ) -> None:
        self.what, self.names, self.reduction = what, names, as_reduction(reduction, what, known)
        self.scores, self.targets = as_list(scores, f"{what}: {names[0]}"), as_list(targets, f"{what}: {names[1]}")
        require_as_many(self.scores, self.targets, what, names)
        self.left, self.right = self.scores, self.targets
        if not (PLAIN.issuperset(map(type, self.scores)) and PLAIN.issuperset(map(type, self.targets))):
            self.left, self.right = [], []
            for i, (score, target) in enumerate(zip(self.scores, self.targets, strict=True)):
                self._lay(score, target, i)
        self.left = as_numbers(self.left, what)

    def _lay(self, score: Any, target: Any, i: int) -> None:
        """Append what is in a score and its target, pairwise."""
        several, wanted = elements(score), elements(target)
        if several is None and wanted is None:
            self.left.append(score)
            self.right.append(target)
            return
        if several is None and wanted is not None and len(wanted) == 1:
            several = [score]
        elif wanted is None and several is not None and len(several) == 1:
            wanted = [target]
        if several is None or wanted is None or len(several) != len(wanted):
            raise ValueError(
                f"{self.what}: sample {i} has {self._several(several, 0)} but {self._several(wanted, 1)}: give one of "
                "each per output of the model"
            )
        if not several:
            raise ValueError(f"{self.what}: sample {i} has no {self.names[0]}")
        for x, y in zip(several, wanted, strict=True):
            self._lay(x, y, i)

    def _several(self, xs: list[Any] | None, side: int) -> str:
        n = 1 if xs is None else len(xs)
        return f"{n} {self.names[side] if n != 1 else self.names[side][:-1]}"

    def name(self, k: int) -> str:
        """Of the number at a place of the flat lists, for messages: that of its sample, and which of its numbers it is.

        >>> pairs = Pairs("mse", [1.0, [2.0, 3.0]], [0.0, [0.5, 0.25]])
        >>> pairs.name(0), pairs.name(2)
        ('0', '1 of sample 1')
        """
        for i, target in enumerate(self.targets):
            n = count(target)
            if k < n:
                return f"{i}" if n == 1 else f"{k} of sample {i}"
            k -= n
        raise IndexError(k)

    def reduced(self, losses: list[Any]) -> Any:
        """The mean or the sum of the losses of all numbers; or these, in lists as the scores were.

        >>> pairs = Pairs("mse", [1.0, [2.0, 3.0]], [0.0, [0.5, 0.25]], "none")
        >>> pairs.reduced([10.0, 20.0, 30.0])
        [10.0, [20.0, 30.0]]
        """
        if self.reduction == "none":
            rest = iter(losses)
            return [_shaped(x, y, rest) for x, y in zip(self.scores, self.targets, strict=True)]
        total = losses[0] if len(losses) == 1 else add_up(losses)
        return total if self.reduction == "sum" else total / len(losses)


def _shaped(score: Any, target: Any, losses: Iterator[Any]) -> Any:
    """The next losses, in lists where the score and the target are lists."""
    several, wanted = elements(score), elements(target)
    if several is None and wanted is None:
        return next(losses)
    if several is None or wanted is None:
        return _shaped(score if several is None else several[0], target if wanted is None else wanted[0], losses)
    return [_shaped(x, y, losses) for x, y in zip(several, wanted, strict=True)]


def count(x: Any) -> int:
    """How many numbers there are in nested lists.

    >>> count(1.0), count([1.0, [2.0, 3.0]])
    (1, 3)
    """
    several = elements(x)
    return 1 if several is None else sum([count(y) for y in several])


def additive(terms: Terms) -> Callable[[F], F]:
    """A decorator: says by `loss.terms` how a loss is a sum over samples.

    >>> def of_one(score, target, reduction="mean"):
    ...     return (score - target) ** 4, 1.0
    >>> @additive(of_one)
    ... def quartic(scores, targets, reduction="mean"):
    ...     return sum(of_one(s, t)[0] for s, t in zip(scores, targets)) / len(scores)
    >>> quartic.terms(3.0, 1.0)
    (16.0, 1.0)
    """

    def mark(loss: F) -> F:
        loss.terms = terms  # type: ignore[attr-defined]  # a function remains one: picklable, with its own signature
        return loss

    return mark


def counted(loss: F) -> F:
    """A decorator, for a loss that is a mean over all numbers: a sample weighs as much as it has targets.

    >>> @counted
    ... def mae(scores, targets, reduction="mean"):
    ...     pairs = Pairs("mae", scores, targets, reduction)
    ...     return pairs.reduced([abs(x - y) for x, y in zip(pairs.left, pairs.right)])
    >>> mae.terms([1.0, 2.0], [0.0, 0.0])
    (3.0, 2.0)
    """

    def terms(score: Any, target: Any, **options: Any) -> tuple[Any, float]:
        return loss([score], [target], **{**options, "reduction": "sum"}), float(count(target))

    return additive(terms)(loss)


class LossParts(NamedTuple):
    """How a loss is a sum over samples.

    Attributes:
        terms: Of a score and its target: a sum and a weight.
        mean: Whether the sum of the sums is divided by that of the weights.
    """

    terms: Callable[[Any, Any], tuple[Any, Any]]
    mean: bool


def parts_of(loss: Any) -> LossParts | None:
    """How a loss is a sum over samples: its terms with the options that `functools.partial` fixed; None if it is none.

    >>> from nn import mse
    >>> parts = parts_of(partial(mse, reduction="sum"))
    >>> parts.terms(3.0, 1.0), parts.mean
    ((4.0, 1.0), False)
    >>> parts_of(max) is None
    True
    """
    options: dict[str, Any] = {}
    while isinstance(loss, partial):  # one of a partial is flat, unless it has attributes of its own
        if loss.args:
            return None
        options = {**loss.keywords, **options}
        loss = loss.func
    terms = getattr(loss, "terms", None)
    reduction = options.get("reduction", "mean")
    if not callable(terms) or reduction not in ("mean", "batchmean", "sum"):
        return None
    return LossParts(partial(terms, **options), reduction != "sum")
