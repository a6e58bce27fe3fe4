"""An epoch: what its steps leave behind, and what becomes of it in the history."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import no_grad
from nn.chance import Feed, fed_by
from nn.checks import number_of, require_as_many
from nn.diagnosis.measures import measure
from nn.prediction.labels import Labels
from nn.prediction.predict import evaluating
from nn.ranks.rows import plain
from nn.recording.samples import Samples
from nn.recording.scorer import Scorer
from nn.training.history import History

__all__ = [
    "Epoch", "Judge", "Lazy", "cut_to", "diagnosed", "in_short", "measured_by",
    "surely", "within",
]  # fmt: skip

MOST_DIAGNOSED = 64
"""So many samples are looked at for a diagnosis."""


class Epoch:
    """What the steps of an epoch leave behind so far.

    Attributes:
        losses, sizes: Of each batch its loss, and how many samples it had.
        norms: Of each step the length of its gradient.
        scores, truth: Of each batch what the model gave, and its labels; if metrics want them.
        spans: Of each batch which of its samples the scores are of, from one to below the other; None for all.

    >>> epoch = Epoch()
    >>> epoch.add(1.0, 3, None, None)
    >>> epoch.add(5.0, 1, None, None)
    >>> epoch.mean_loss()
    2.0
    """

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.sizes: list[int] = []
        self.norms: list[float] = []
        self.scores: list[Any] = []
        self.truth: list[Any] = []
        self.spans: list[Any] = []

    def add(self, loss: float, size: int, scores: Any, truth: Any, span: Any = None) -> None:
        """Take a batch down.

        >>> Epoch().add(1.0, 3, None, None)
        """
        self.losses.append(loss)
        self.sizes.append(size)
        if truth is not None:
            self.scores.append(scores)
            self.truth.append(truth)
            self.spans.append(span)

    def mean_loss(self) -> float:
        """The mean loss of all samples."""
        if not self.sizes:
            raise ValueError("fit: data: there are no batches")
        return sum(x * n for x, n in zip(self.losses, self.sizes, strict=True)) / sum(self.sizes)

    def mean_norm(self) -> float:
        """The mean length of the gradients."""
        return sum(self.norms) / len(self.norms)

    def labels_and_scores(self) -> tuple[list[Any], Any]:
        """All labels, and all scores: an array where they are of one shape, else a list."""
        truth = [y for part in self.truth for y in part]
        shapes = {part.shape[1:] if isinstance(part, np.ndarray) else None for part in self.scores}
        if len(shapes) == 1 and None not in shapes:
            return truth, np.concatenate(self.scores)
        return truth, [plain(row) for part in self.scores for row in part]

    def to_dict(self) -> dict[str, Any]:
        """Plain data.

        >>> Epoch().to_dict()["losses"]
        []
        """
        scores = [
            {"shape": list(s.shape), "numbers": s.ravel().tolist()}
            if isinstance(s, np.ndarray)
            else list(map(plain, s))
            for s in self.scores
        ]
        return {
            "losses": self.losses, "sizes": self.sizes, "norms": self.norms, "scores": scores, "truth": self.truth
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Epoch":
        """The epoch that `to_dict` described.

        >>> Epoch.from_dict(Epoch().to_dict()).sizes
        []
        """
        found = cls()
        found.losses, found.sizes, found.norms, found.truth = (
            list(data[key]) for key in ("losses", "sizes", "norms", "truth")
        )
        found.scores = [
            np.array(s["numbers"], dtype=float).reshape(s["shape"]) if isinstance(s, dict) else s
            for s in data["scores"]
        ]
        found.spans = [None] * len(found.scores)
        return found


def measured_by(metrics: Mapping[str, Any], labels: Labels, truth: list[Any], scores: Any) -> dict[str, Any]:
    """The numbers of some metrics, by name.

    Args:
        metrics: Rows of `nn.metrics`, by name.
        labels: What labels there are.
        truth, scores: Labels, and what the model gave.

    >>> from nn.metrics.naming import METRICS
    >>> measured_by({"acc": METRICS["accuracy"]}, Labels.of([0, 1]), [0, 1], np.array([0.2, 0.4]))
    {'acc': 0.5}
    """
    found: dict[str, Any] = {}
    predicted: Any = None
    for name, metric in metrics.items():
        if metric.takes == "scores":
            given = scores[:, 0] if isinstance(scores, np.ndarray) and scores.shape[1:] == (1,) else scores
        elif metric.takes == "probabilities":
            given = labels.probabilities(scores)
        else:
            if predicted is None:
                predicted = labels.decided(scores) if isinstance(scores, np.ndarray) else scores
            given = predicted
        number = metric.function(truth, given)
        found[name] = number.item() if hasattr(number, "item") else number
    return found


def diagnosed(model: Any, loss: Any, optimizer: Any, task: Any) -> Any:
    """What `nn.diagnose` measures of a model, by the first samples of a task; its Values hold what was trained."""
    some = range(min(len(task.samples), MOST_DIAGNOSED))
    batch = task.samples.some(some), task.labels.some(some)
    return measure(model, batch, loss, getattr(optimizer, "own", optimizer), coded=True)


class Judge:
    """Samples to validate by.

    Args:
        model, loss, labels: Of the run.
        xs, ys: The samples and their labels.
        source: Where masks come from; none are drawn, as the model is no longer trained then.

    Raises:
        ValueError: they are not as many, or there are none.
    """

    def __init__(self, model: Any, loss: Any, labels: Labels, xs: Any, ys: Any, source: Any) -> None:
        self.model, self.loss, self.source = model, loss, source
        self.samples, self.given = Samples(xs, "validation samples"), Samples(ys, "validation labels")
        given = self.given
        require_as_many(self.samples, given, "fit: validation", ("samples", "labels"))
        self.truth = given.some(range(len(given)))
        self._wanted = labels.encoded(self.truth)
        self._scorer: Scorer | None = None
        self._span: Any = None

    def not_finite(self, numbers: Sequence[int] | None) -> str:
        """Which sample holds a number that is not finite; "" if none does.

        Args:
            numbers: Those that the samples have in the data; None where they are data of their own.
        """
        for things, what in ((self.samples, "sample"), (self.given, "label")):
            found = things.first_not_finite()
            if found is not None:
                number = found[0] if numbers is None else numbers[found[0]]
                return f"validation {what} {number} is or holds a nan or infinity: leave it out"
        return ""

    def __call__(self, theta: Any, parameters: Sequence[Any], compiled: bool, threads: Any) -> tuple[float, Any]:
        """The loss of all of them, the model being as after `eval()`, and their scores."""
        scores = self.scores(theta, parameters, compiled, threads)
        return self.loss_of(scores), scores

    def scores(self, theta: Any, parameters: Sequence[Any], compiled: bool, threads: Any, span: Any = None) -> Any:
        """The scores of all of them, or of those from one to below another."""
        if self._scorer is None or span != self._span:
            some = self.samples if span is None else Samples(self.samples.some(range(*span)), "validation samples")
            self._scorer, self._span = Scorer(self.model, some, parameters, compiled, threads), span
        with no_grad(), evaluating(self.model), fed_by(Feed(self.source)):
            return self._scorer(theta)

    def loss_of(self, scores: Any) -> float:
        """The loss of the scores of all of them, the model being as after `eval()`."""
        with no_grad(), evaluating(self.model), fed_by(Feed(self.source)):
            return number_of(self.loss(plain(scores), self._wanted))


class Lazy:
    """Some samples, made when first looked at."""

    def __init__(self, samples: Samples, places: Any) -> None:
        self._samples, self._places = samples, places

    def __iter__(self) -> Iterator[Any]:
        return iter(self._samples.some(self._places))


def within(scores: Any) -> bool:
    """Whether all scores are from 0 to 1.

    >>> within(np.array([0.5, 1.5]))
    False
    """
    return not isinstance(scores, np.ndarray) or bool(((scores >= 0.0) & (scores <= 1.0)).all())


def surely(act: Callable[[], None]) -> None:
    """Do it, and again if Ctrl-C comes meanwhile.

    >>> surely(lambda: None)
    """
    while True:
        try:
            act()
        except KeyboardInterrupt:
            continue
        return


def cut_to(history: History, epochs: int) -> None:
    """Take out of a history what an epoch left that was not completed.

    >>> history = History(loss=[2.0, 1.0], learning_rates=[0.1])
    >>> cut_to(history, 1)
    >>> history.loss, history.learning_rates
    ([2.0], [0.1])
    """
    for name, numbers in [*vars(history).items(), *history.metrics.items()]:
        if isinstance(numbers, list):
            del numbers[epochs:]
            if not numbers and name in history.metrics:
                del history.metrics[name]


def in_short(history: History) -> str:
    """The last epoch, for a bar.

    >>> in_short(History(loss=[2.0, 1.0], metrics={"accuracy": [0.5, 0.75]}))
    'loss 1, accuracy 75.0%'
    """
    texts = [f"loss {history.loss[-1]:.4g}"]
    if history.validation_losses:
        texts.append(f"validation {history.validation_losses[-1]:.4g}")
    for name, numbers in history.metrics.items():
        if isinstance(numbers[-1], (int, float)) and not name.startswith("validation "):
            texts.append(f"{name} {numbers[-1]:.1%}" if name == "accuracy" else f"{name} {numbers[-1]:.4g}")
    return ", ".join(texts)
