"""What the labels of some samples are, what a loss is given for them, and what a score says in their terms.

A score may be the one number of a model, or a list with one for each class. Which label it stands for depends on what
the model was trained to give: a logit, a probability, a margin, or the label's own number.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import is_whole
from nn.files.load import keepable

__all__ = ["Labels", "family_of", "unboxed"]

MOST_CLASSES = 20
"""Whole numbers of more values than these are quantities."""

MOST_INDICES = 100_000
"""A whole number beyond is not taken for the index of a class."""

FAMILIES = {
    "cross_entropy": "index", "nll": "index", "hinge": "sign", "squared_hinge": "sign",
    "binary_cross_entropy": "probability", "binary_cross_entropy_with_logits": "logit",
    "mse": "number", "mae": "number", "huber": "number", "smooth_l1": "number", "log_cosh": "number",
    "poisson_nll": "quantity", "gaussian_nll": "quantity", "kl_divergence": "quantity",
}  # fmt: skip
"""By the name of a loss: what the score of a class is. "index" is one score per class, of which the largest counts.

Of a loss of a user's own it is "", and turns out in training to be a "share", from 0 to 1, or a "margin"."""


def family_of(loss: Any) -> str:
    """What a score is for a loss: a value of `FAMILIES`, or "" for a loss of a user's own.

    >>> from nn import mse
    >>> family_of(mse), family_of(partial(mse, reduction="sum")), family_of(max)
    ('number', 'number', '')
    """
    while isinstance(loss, partial):
        loss = loss.func
    own = getattr(loss, "family", None)
    if own is not None:
        return str(own)
    return FAMILIES.get(getattr(loss, "__name__", ""), "") if hasattr(loss, "terms") else ""


def ignored_by(loss: Any) -> int | None:
    """The label that a loss of indices leaves out; None if it leaves out none.

    >>> from nn import cross_entropy
    >>> ignored_by(cross_entropy), ignored_by(partial(cross_entropy, ignore_index=-1))
    (None, -1)
    """
    while isinstance(loss, partial):
        if "ignore_index" in loss.keywords:
            found: int | None = loss.keywords["ignore_index"]
            return found
        loss = loss.func
    return None


@keepable
class Labels:
    """What labels there are, and how scores are read.

    Args:
        kind: "classes"; "numbers", of a regression; or "lists", of sequences and of several numbers.
        classes: The labels there are, in order; none, unless the kind is "classes".
        family: What a score is; see `FAMILIES`.

    >>> labels = Labels.of(["no", "yes", "no"], "logit")
    >>> labels.classes, labels.encoded(["yes", "no"]), labels.decided([-0.5, 2.0])
    (['no', 'yes'], [1, 0], ['no', 'yes'])
    """

    def __init__(self, kind: str, classes: Sequence[Any] = (), family: str = "") -> None:
        self.kind, self.classes, self.family = kind, list(classes), family
        self._places = {key_of(c): k for k, c in enumerate(self.classes)}
        self.codes = self._coded()

    @classmethod
    def for_loss(cls, labels: Sequence[Any], loss: Any, outputs: int | None = None) -> "Labels":
        """The labels that are among these, as a loss takes them; those that it ignores apart.

        Args:
            labels, outputs: As for `of`.
            loss: A loss; None for one that is not known yet.

        >>> from nn import cross_entropy
        >>> Labels.for_loss([0, 2, -1], partial(cross_entropy, ignore_index=-1)).classes
        [0, 1, 2]
        """
        family = family_of(loss)
        if family != "index":
            return cls.of(labels, family, outputs)
        ignored = ignored_by(loss)
        counted = [x for x in plain_labels(labels) if ignored is None or x != ignored]
        return cls.of(counted, family, outputs)

    @classmethod
    def of(cls, labels: Sequence[Any], family: str = "", outputs: int | None = None) -> "Labels":
        """The labels that are among these.

        Strings, bools, and whole numbers of at most 20 values are classes; so are 0.0 and 1.0, and -1.0 and 1.0, where
        there is nothing else. For a loss that takes the index of a class, all whole numbers are; they are such indices
        themselves, unless a model with so many `outputs` could not give one of them.

        Raises:
            TypeError: text and numbers are mixed.
            ValueError: a label is nan.
        """
        found = plain_labels(labels)
        if not found:
            return cls("numbers", (), family)
        if any(isinstance(x, (list, tuple)) for x in found):
            return cls("lists", (), family)
        texts = sum(isinstance(x, str) for x in found)
        if 0 < texts < len(found):
            other = next(x for x in found if not isinstance(x, str))
            raise TypeError(f"labels: some are text, others are not, such as {brief(other)}: give them one type")
        if not texts and not all(isinstance(x, (int, float)) for x in found):
            return cls("other", (), family)
        distinct = set(found)
        whole = all(isinstance(x, int) for x in distinct)
        few = len(distinct) <= MOST_CLASSES
        signs = not whole and not texts and (distinct <= {0.0, 1.0} or distinct <= {-1.0, 1.0})
        classy = texts or signs or (whole and (few or family == "index"))
        if family == "quantity" or not classy:
            return cls("numbers", (), family)
        if family == "index" and whole and not any(isinstance(x, bool) for x in distinct) and min(distinct) >= 0:
            count = max(distinct) + 1
            if count > max(outputs or 0, MOST_INDICES):
                place = found.index(max(distinct))
                said = f"; the model gives {outputs} scores" if outputs else ""
                raise ValueError(f"label {place} is {max(distinct)}, which is the index of no class{said}")
            if outputs is None or count <= outputs or len(distinct) > outputs:
                return cls("classes", range(max(count, outputs or 0)), family)
        if family == "index" and whole and min(distinct) < 0 and not distinct <= {-1, 1}:
            raise ValueError(
                f"label {found.index(min(distinct))} is {min(distinct)}; this loss takes the index of a class, from 0 "
                "(ignore_index= leaves labels out)"
            )
        if len(distinct) == 1 and (signs or whole):  # the other one is not here
            (only,) = distinct
            pair = {-1: (-1, 1), 0: (0, 1), 1: (-1, 1) if family == "sign" else (0, 1)}.get(int(only))
            distinct = {type(only)(x) for x in pair} if pair else distinct
        return cls("classes", sorted(distinct), family)

    def _coded(self) -> list[Any]:
        """The number that stands for each class in a loss."""
        n = len(self.classes)
        if self.family == "index":
            return list(range(n))
        if self.family == "sign":
            return [-1, 1] if n == 2 else [1] if n == 1 else list(range(n))
        if self.family in ("logit", "probability"):
            return [0, 1] if n == 2 else list(range(n))
        if any(isinstance(c, (str, bool)) for c in self.classes):
            return list(range(n))
        return list(self.classes)

    @property
    def is_unsure(self) -> bool:
        """Whether a score of a user's own loss may be a probability, or a margin that is split at 0: see `read_as`."""
        return not self.family and self.kind == "classes" and self.codes == [0, 1]

    def read_as(self, family: str) -> "Labels":
        """The same labels, their scores being read so: as a "share", split at a half, or a "margin", split at 0.

        >>> labels = Labels.of([0, 1])
        >>> labels.read_as("margin").decided([0.3]), labels.read_as("share").decided([0.3])
        ([1], [0])
        """
        return Labels(self.kind, self.classes, family)

    @property
    def plain(self) -> bool:
        """Whether a loss is given the labels as they are."""
        same = all(type(a) is type(b) and a == b for a, b in zip(self.codes, self.classes, strict=True))
        return self.kind != "classes" or same

    def encoded(self, labels: Sequence[Any]) -> list[Any]:
        """The numbers of some labels, for a loss.

        Raises:
            ValueError: one is not among the classes.
        """
        found = plain_labels(labels)
        if self.plain:
            return found
        return [self.codes[self.place(x, i)] for i, x in enumerate(found)]

    def place(self, label: Any, i: int = 0) -> int:
        """Which of the classes a label is.

        Raises:
            ValueError: none of them.
        """
        found = self._places.get(key_of(label))
        if found is None:
            known = ", ".join(map(repr, self.classes[:8])) + (", ..." if len(self.classes) > 8 else "")
            raise ValueError(f"label {i} is {brief(label)}; the model was trained on {known}")
        return found

    def places(self, labels: Sequence[Any]) -> Any:
        """Which of the classes each label is, in an array; -1 for none of them."""
        if (
            self.classes
            and isinstance(self.classes[0], (int, float))
            and self.classes == list(range(len(self.classes)))
        ):
            return np.asarray(labels, dtype=float).astype(int)
        return np.array([self._places.get(key_of(x), -1) for x in plain_labels(labels)])

    def decided_places(self, scores: Any) -> Any:
        """Which of the classes each score says, in an array; a tie goes to the first class.

        Args:
            scores: An array: of one number per sample, or of a row per sample with one for each class.
        """
        scores = np.asarray(scores, dtype=float)
        if scores.ndim == 2 and scores.shape[1] == 1:
            scores = scores[:, 0]
        if scores.ndim == 2:
            return scores.argmax(axis=1)
        return (scores[:, None] > np.array(self.cuts(scores), dtype=float)).sum(axis=1)

    def cuts(self, scores: Any) -> list[float]:
        """Where the decision changes from each class to the next, for models of one score.

        Args:
            scores: Scores of the model; asked only where it is not known what they are.

        >>> Labels("classes", ["no", "yes"], "probability").cuts([]), Labels("classes", [0, 1, 2], "number").cuts([])
        ([0.5], [0.5, 1.5])
        """
        if len(self.classes) == 2 and self.family in ("sign", "logit", "probability", "margin", "share"):
            return [0.5 if self.family in ("probability", "share") else 0.0]
        found = np.asarray(scores, dtype=float)
        if self.is_unsure and not ((found >= 0.0) & (found <= 1.0)).all():
            return [0.0]  # no probabilities: logits, or margins
        return [(one + other) / 2 for one, other in pairwise(self.codes)]

    def decided(self, scores: Any) -> list[Any]:
        """What each score says: a label; for a regression, the number itself.

        Raises:
            ValueError: there are more scores than classes.

        >>> Labels("classes", [0, 1], "number").decided([0.4, 0.6])
        [0, 1]
        """
        if self.kind != "classes":
            found: list[Any] = np.asarray(scores, dtype=float).tolist()
            return found
        places = self.decided_places(scores)
        if len(places) and places.max() >= len(self.classes):
            if self.family == "index" and self.classes == list(range(len(self.classes))):
                return [int(k) for k in places]
            raise ValueError(f"the model gives {np.shape(scores)[1]} scores, but there are {len(self.classes)} classes")
        return [self.classes[k] for k in places.tolist()]

    def probabilities(self, scores: Any) -> list[list[float]]:
        """The probability of each class, a row for each score.

        Raises:
            ValueError: scores of this kind are no probabilities, nor logits.

        >>> Labels("classes", [0, 1], "logit").probabilities([0.0])
        [[0.5, 0.5]]
        """
        scores = np.asarray(scores, dtype=float)
        if scores.ndim == 2 and scores.shape[1] == 1:
            scores = scores[:, 0]
        if self.kind != "classes" or self.family in ("number", "sign"):
            raise ValueError(
                "predict_proba: what the model gives are no probabilities: train it with cross_entropy, or with "
                "binary_cross_entropy_with_logits"
            )
        if scores.ndim == 2:
            with np.errstate(invalid="ignore", over="ignore"):
                powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            found: list[list[float]] = (powers / powers.sum(axis=1, keepdims=True)).tolist()
            return found
        inside = ((scores >= 0.0) & (scores <= 1.0)).all()
        if self.family in ("probability", "share") or (not self.family and inside):
            p = scores
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                p = np.where(scores >= 0.0, 1.0 / (1.0 + np.exp(-scores)), np.exp(scores) / (1.0 + np.exp(scores)))
        return [[1.0 - x, x] for x in p.tolist()]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, to be saved with a model.

        >>> Labels.from_dict(Labels("classes", ["a", "b"]).to_dict()).classes
        ['a', 'b']
        """
        return {"kind": self.kind, "classes": list(self.classes), "family": self.family}

    @classmethod
    def from_dict(cls, data: Any) -> "Labels":
        """The labels that `to_dict` described.

        Raises:
            ValueError: it did not.
        """
        try:
            return cls(str(data["kind"]), list(data["classes"]), str(data["family"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"this does not describe labels: {error}") from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Labels) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.kind, self.family, len(self.classes)))

    def __repr__(self) -> str:
        if self.kind != "classes":
            return f"<Labels: {self.kind}>"
        shown = ", ".join(map(repr, self.classes[:6])) + (", ..." if len(self.classes) > 6 else "")
        return f"<Labels: {len(self.classes)} classes, {shown}>"


def unboxed(labels: Any) -> Any:
    """Labels that come in a column, one in a list each, without these; others as they are.

    >>> unboxed([["a"], ["b"]]), unboxed(np.array([[1], [2]])).shape, unboxed([[1.0, 2.0]])
    (['a', 'b'], (2,), [[1.0, 2.0]])
    """
    if hasattr(labels, "to_numpy"):
        labels = labels.to_numpy()
    if isinstance(labels, np.ndarray):
        return labels.reshape(-1) if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if isinstance(labels, (list, tuple)) and labels and all(map(is_boxed, labels)):
        return [x[0] for x in labels]
    return labels


def is_boxed(label: Any) -> bool:
    """Whether a label is a list, a tuple or an array of one."""
    return isinstance(label, (list, tuple, np.ndarray)) and np.shape(label)[:1] == (1,) and np.ndim(label) == 1


def plain_labels(labels: Sequence[Any]) -> list[Any]:
    """Labels as Python's own bools, numbers, text and lists.

    >>> plain_labels(np.array([1, 2])), plain_labels([np.float64(0.5), "a"])
    ([1, 2], [0.5, 'a'])
    """
    if hasattr(labels, "tolist"):
        found: list[Any] = labels.tolist()
        return found
    return [x.tolist() if hasattr(x, "tolist") else x for x in labels]


def key_of(label: Any) -> Any:
    """What labels that are equal have in common; True is not 1 there, and 1.0 is."""
    if isinstance(label, bool):
        return ("bool", label)
    if is_whole(label) or isinstance(label, float):
        return float(label)
    return label
