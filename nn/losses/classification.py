"""Losses of classes: how little scores say what their labels say.

A label may be a Value too, so that one tape serves every label. Then there is no number to check, and nothing branches.
"""

import operator
from collections.abc import Sequence
from math import nan
from typing import Any

from autograd import Value, dot, equal, logsumexp, relu, where
from autograd import sum as add_up
from autograd.border.wording import brief
from nn.checks import as_finite, as_list, is_whole, require_as_many
from nn.losses.loss import PLAIN, Pairs, additive, as_numbers, as_reduction, counted, elements

__all__ = ["cross_entropy", "hinge", "nll", "squared_hinge"]


@counted
def hinge(scores: Sequence[Any], labels: Sequence[Any], *, reduction: str = "mean") -> Any:
    """Max-margin loss: Σ relu(1 - label * score) / n; zero once every score is beyond 1 on its label's side.

    Args:
        scores: Values or numbers, one per sample; or a list of them per sample, one per output.
        labels: -1 or 1, as many; of a Value that is neither, relu(1 - label * score) is taken as it is.
        reduction: "mean" over all labels, "sum", or "none": a list of each label's.

    Returns:
        A Value if any score or label is one, else a float.

    Raises:
        TypeError: a score is no number.
        ValueError: the lengths differ, there are no samples, or a label is neither -1 nor 1.

    Kink: relu'(0) = 0, so a score exactly on the margin is left alone.

    >>> hinge([Value(0.5), Value(0.25)], [1, -1]).data
    0.875
    """
    pairs = Pairs("hinge", scores, labels, reduction, ("scores", "labels"))
    return pairs.reduced(margins(pairs))


@counted
def squared_hinge(scores: Sequence[Any], labels: Sequence[Any], *, reduction: str = "mean") -> Any:
    """Squared max-margin loss: Σ relu(1 - label * score)² / n; as `hinge`, without its kink.

    Args:
        scores, labels, reduction: As for `hinge`.

    Returns:
        A Value if any score or label is one, else a float.

    Raises:
        TypeError, ValueError: As `hinge`.

    >>> squared_hinge([Value(0.5), Value(0.0)], [1, -1]).data
    0.625
    """
    pairs = Pairs("squared_hinge", scores, labels, reduction, ("scores", "labels"))
    found = margins(pairs)
    if reduction == "none":
        return pairs.reduced([margin * margin for margin in found])
    total = dot(found, found)
    return total if reduction == "sum" else total / len(found)


def margins(pairs: Pairs) -> list[Any]:
    """By how much each score falls short of 1 on its label's side.

    Raises:
        ValueError: a label is neither -1 nor 1.
    """
    found = []
    for k, (score, label) in enumerate(zip(pairs.left, pairs.right, strict=True)):
        if isinstance(label, Value):
            found.append(relu(1.0 - label * score))
        elif label == 1:
            found.append(relu(1.0 - score))
        elif label == -1:
            found.append(relu(1.0 + score))
        else:
            raise ValueError(f"{pairs.what}: label {pairs.name(k)} is {brief(label)}; labels are -1 or 1")
    return found


class _Rule:
    """What a loss of classes does with one position, a list of numbers and the class that is right.

    Args:
        what: The loss, for messages.
        units: What its numbers are called.
        weight: Of each class; None for 1.
        ignore_index: Positions of this target are left out.
        label_smoothing: The share of a target that is spread over all classes.
        normalised: Whether the numbers are logarithms of probabilities already.
    """

    def __init__(
        self,
        what: str,
        units: str,
        weight: Any,
        ignore_index: Any,
        label_smoothing: Any = 0.0,
        normalised: bool = False,
    ) -> None:
        self.what, self.units, self.normalised = what, units, normalised
        self.weight = (
            None
            if weight is None
            else [self._as_weight(w, k) for k, w in enumerate(as_list(weight, f"{what}: weight"))]
        )
        self.ignored = ignore_index
        if ignore_index is not None and not is_whole(ignore_index):
            raise TypeError(f"{what}: ignore_index is {brief(ignore_index)}; expected a whole number or None")
        self.smoothing = 0.0 if label_smoothing == 0.0 else as_finite(label_smoothing, f"{what}: label_smoothing")
        if not 0.0 <= self.smoothing <= 1.0:
            raise ValueError(f"{what}: label_smoothing is {self.smoothing}; it is a share, from 0 to 1")

    def _as_weight(self, w: Any, k: int) -> float:
        found = as_finite(w, f"{self.what}: weight of class {k}")
        if found < 0.0:
            raise ValueError(f"{self.what}: weight of class {k} is {found}; a weight is not negative")
        return found

    def of_one(self, row: Any, target: Any, place: tuple[int, ...]) -> tuple[Any, Any]:
        """The loss at one position times its weight, and the weight."""
        logits = self._as_row(row, place)
        if isinstance(target, Value):
            return self._of_value(logits, target)
        index = operator.index(target)
        if index == self.ignored:
            return 0.0, 0.0
        n = len(logits)
        if not 0 <= index < n:
            raise ValueError(
                f"{self.what}: {_target(place)} is {index}, out of range for {n} classes (0 to {n - 1})"
                + ("; ignore_index=-100 would leave it out" if index == -100 else "")
            )
        w = 1.0 if self.weight is None else self.weight[index]
        if not self.smoothing:
            own = -logits[index] if self.normalised else logsumexp(logits) - logits[index]
            return (own if self.weight is None else w * own), w
        shares = self._spread(n)
        shares[index] += (1.0 - self.smoothing) * w
        return _of_shares(logits, shares, logsumexp(logits)), w

    def of_shares(self, row: Any, wanted: list[Any], place: tuple[int, ...]) -> tuple[Any, Any]:
        """The loss at one position whose target is a probability for each class; it weighs 1, as in PyTorch."""
        logits = self._as_row(row, place)
        if self.normalised:
            raise TypeError(f"{self.what}: {_target(place)} is {brief(wanted)}; expected the index of a class")
        if len(wanted) != len(logits):
            raise ValueError(
                f"{self.what}: {_target(place)} is a list of {len(wanted)} for {len(logits)} {self.units}: give the "
                "index of the right class, or a probability for each; targets of a sequence need a list of logits each"
            )
        for k, y in enumerate(as_numbers(wanted, f"{self.what}: {_target(place)}")):
            if not isinstance(y, Value) and not 0.0 <= y <= 1.0:
                raise ValueError(f"{self.what}: {_target(place)} has {y} for class {k}; expected a probability, 0 to 1")
        ws = self.weight or [1.0] * len(logits)
        shares = [(1.0 - self.smoothing) * w * y for w, y in zip(ws, wanted, strict=True)]
        if self.smoothing:
            shares = [share + more for share, more in zip(shares, self._spread(len(logits)), strict=True)]
        return _of_shares(logits, shares, logsumexp(logits)), 1.0

    def _as_row(self, row: Any, place: tuple[int, ...]) -> list[Any]:
        """The numbers of one position."""
        logits = row if type(row) is list else elements(row)
        if logits is None:
            raise TypeError(f"{self.what}: {_sample(place)} has one number; a target needs a list of {self.units}")
        if not logits:
            raise ValueError(f"{self.what}: no {self.units}: give one per class")
        if type(logits[0]) not in PLAIN and elements(logits[0]) is not None:
            raise TypeError(
                f"{self.what}: {_sample(place)} has a list of lists of {self.units} but one target: give one for each"
            )
        if self.weight is not None and len(self.weight) != len(logits):
            raise ValueError(f"{self.what}: {len(self.weight)} weights of classes for {len(logits)} {self.units}")
        return logits

    def _spread(self, n: int) -> list[float]:
        """The share of a position that goes to each class whatever its target."""
        each = self.smoothing / n
        return [each] * n if self.weight is None else [each * w for w in self.weight]

    def _of_value(self, logits: list[Any], target: Value) -> tuple[Any, Any]:
        """The same of a target that is a Value: it chooses among all classes, or nan if it is none of them."""
        right: Any = nan
        w: Any = 1.0 if self.weight is None else nan
        for k, logit in enumerate(logits):
            chosen = equal(target, float(k))
            right = where(chosen, logit, right)
            if self.weight is not None:
                w = where(chosen, self.weight[k], w)
        total = 0.0 if self.normalised else logsumexp(logits)
        loss = -right if self.normalised else total - right
        if self.weight is not None:
            loss = w * loss
        if self.smoothing:
            loss = (1.0 - self.smoothing) * loss + _of_shares(logits, self._spread(len(logits)), total)
        if self.ignored is not None:
            out = equal(target, float(self.ignored))
            loss, w = where(out, 0.0, loss), where(out, 0.0, w)
        return loss, w

    def gather(self, row: Any, target: Any, place: tuple[int, ...], sums: list[Any], weights: list[Any]) -> Any:
        """The losses of a sample's positions, nested as its targets are; each, and its weight, goes into the lists."""
        if type(target) is int or isinstance(target, Value) or is_whole(target):
            found, weight = self.of_one(row, target, place)
        else:
            wanted = elements(target)
            if wanted is None:
                raise TypeError(
                    f"{self.what}: {_target(place)} is {brief(target)}; expected the index of a class, a whole number"
                )
            rows = elements(row)
            if rows and elements(rows[0]) is not None:
                require_as_many(rows, wanted, f"{self.what}: {_sample(place)}", (f"lists of {self.units}", "targets"))
                return [
                    self.gather(r, t, (*place, k), sums, weights)
                    for k, (r, t) in enumerate(zip(rows, wanted, strict=True))
                ]
            found, weight = self.of_shares(row, wanted, place)
        sums.append(found)
        weights.append(weight)
        return found

    def of_all(self, rows: Any, targets: Any, reduction: str) -> Any:
        """The loss of one sample, or of a list of them."""
        as_reduction(reduction, self.what)
        sums: list[Any] = []
        weights: list[Any] = []
        rows = as_list(rows, f"{self.what}: {self.units}")
        if isinstance(targets, Value) or is_whole(targets):
            found = self.gather(rows, targets, (), sums, weights)
        else:
            wanted = as_list(targets, f"{self.what}: target")
            require_as_many(rows, wanted, self.what, (f"lists of {self.units}", "targets"))
            if elements(rows[0]) is None:
                raise TypeError(
                    f"{self.what}: sample 0 has one number; {len(wanted)} targets need a list of {self.units} each"
                )
            found = [
                self.gather(row, t, (i,), sums, weights) for i, (row, t) in enumerate(zip(rows, wanted, strict=True))
            ]
        if reduction == "none":
            return found
        total, weight = self.together(sums, weights)
        if reduction == "sum":
            return total
        if not isinstance(weight, Value) and weight == 0.0:
            raise ValueError(f"{self.what}: no target counts: all are of ignore_index, or of classes of weight 0")
        return total / weight

    def together(self, sums: list[Any], weights: list[Any]) -> tuple[Any, Any]:
        """The sum of the losses and that of the weights."""
        return (sums[0], weights[0]) if len(sums) == 1 else (add_up(sums), add_up(weights))

    def of_sample(self, row: Any, target: Any) -> tuple[Any, Any]:
        """A sum and a weight of one sample."""
        sums: list[Any] = []
        weights: list[Any] = []
        self.gather(row, target, (0,), sums, weights)
        return self.together(sums, weights)


def _of_shares(logits: list[Any], shares: list[Any], total: Any) -> Any:
    """Σ share * (total - logit); what has no share is left out, however low its logit."""
    kept = [k for k, share in enumerate(shares) if isinstance(share, Value) or share]
    shares = [shares[k] for k in kept]
    return add_up(shares) * total - dot(shares, [logits[k] for k in kept])


def _target(place: tuple[int, ...]) -> str:
    """Which target is meant: "target 2 of sample 5" where a sample has several."""
    if len(place) < 2:
        return " ".join(["target", *map(str, place)])
    return f"target {', '.join(map(str, place[1:]))} of sample {place[0]}"


def _sample(place: tuple[int, ...]) -> str:
    """Which sample is meant, and where in it."""
    if not place:
        return "the sample"
    return f"sample {place[0]}" + "".join([f", position {k}" for k in place[1:]])


def _cross_entropy_terms(
    score: Any, target: Any, *, weight: Any = None, ignore_index: Any = None, label_smoothing: Any = 0.0,
    reduction: str = "mean",
) -> tuple[Any, Any]:  # fmt: skip
    """A sum and a weight of one sample: the weight of its class, 0 where it is ignored; of a sequence, their sums."""
    return _Rule("cross_entropy", "logits", weight, ignore_index, label_smoothing).of_sample(score, target)


@additive(_cross_entropy_terms)
def cross_entropy(
    logits: Sequence[Any],
    target: Any,
    *,
    weight: Sequence[float] | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Any:
    """-log softmax(logits)[target], computed as logsumexp(logits) - logits[target], without overflow.

    Args:
        logits: One score per class; or a list of such lists, one per sample. A sample may be a sequence too: a list of
            such lists, one per position.
        target: The index of the right class; or as many of them; for a sequence, a list of them. A Value that is the
            index of no class makes the loss nan. In a list of samples, a target may be a list of probabilities too,
            one per class.
        weight: Of each class, for classes that are rare or matter more.
        ignore_index: Targets of this number are left out (PyTorch's default is -100).
        label_smoothing: The share of each target that is spread over all classes alike, from 0 to 1.
        reduction: "mean" (over all positions of all samples, each as much as its class weighs), "sum", or "none": the
            loss of each, in lists as the targets were.

    Returns:
        A Value if any logit or target is one, else a float.

    Raises:
        TypeError: a target is not a whole number, or samples and classes are mixed up.
        ValueError: a target is out of range, the lengths differ, there are no samples or classes, or none counts.

    Cost: two nodes per sample, and two for the mean; for a target that is a Value, two more per class.

    Source: label smoothing, Szegedy et al., Rethinking the Inception Architecture, 2016, section 7.

    >>> round(cross_entropy([Value(2.0), Value(2.0)], 0).data, 12)
    0.69314718056
    >>> round(cross_entropy([[2.0, 2.0], [1000.0, 0.0]], [0, 0]), 12)
    0.34657359028
    """
    return _Rule("cross_entropy", "logits", weight, ignore_index, label_smoothing).of_all(logits, target, reduction)


def _nll_terms(
    score: Any, target: Any, *, weight: Any = None, ignore_index: Any = None, reduction: str = "mean"
) -> tuple[Any, Any]:
    """A sum and a weight of one sample, as for `cross_entropy`."""
    return _Rule("nll", "log-probabilities", weight, ignore_index, normalised=True).of_sample(score, target)


@additive(_nll_terms)
def nll(
    log_probabilities: Sequence[Any],
    target: Any,
    *,
    weight: Sequence[float] | None = None,
    ignore_index: int | None = None,
    reduction: str = "mean",
) -> Any:
    """Negative log-likelihood: -log_probabilities[target], of what a log_softmax gives.

    Args:
        log_probabilities: One per class; or a list of such lists, one per sample; or per sample a list of such lists.
        target, weight, ignore_index, reduction: As for `cross_entropy`, but for probabilities.

    Returns:
        A Value if any number or target is one, else a float.

    Raises:
        TypeError, ValueError: As `cross_entropy`.

    >>> nll([[Value(-0.5), Value(-1.0)], [Value(-0.25), Value(-1.5)]], [0, 1]).data
    1.0
    """
    rule = _Rule("nll", "log-probabilities", weight, ignore_index, normalised=True)
    return rule.of_all(log_probabilities, target, reduction)
