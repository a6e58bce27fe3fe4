"""What ails a network, told from one batch, with what helps."""

from collections.abc import Callable
from html import escape
from typing import Any

from nn.checks import as_label
from nn.diagnosis.measures import measure
from nn.diagnosis.picture import drawn
from nn.diagnosis.verdicts import Verdict, verdicts_of
from nn.modules.table import as_html, as_text

__all__ = ["Diagnosis", "diagnose"]

HEAD = ("layer", "kind", "mean", "std", "gradient", "of last's", "dead", "saturated", "update/weight")
MOST_ROWS = 60


class Diagnosis:
    """What was seen of a network, and what it means. `print` it, or end a cell of a notebook with it.

    Args:
        measured: What `measure` gave.

    Attributes:
        measured: The same: plain data.
        layers: A dict for each layer, of the numbers that `measure` describes.
        verdicts: What ails it, each with a remedy.

    >>> from nn import MLP
    >>> Diagnosis(measure(MLP(2, [3, 1], rng=1), [[1.0, 2.0]])).healthy
    True
    """

    def __init__(self, measured: dict[str, Any]) -> None:
        self.measured = measured
        self.layers: list[dict[str, Any]] = measured["layers"]
        self.verdicts: list[Verdict] = verdicts_of(measured)

    @property
    def healthy(self) -> bool:
        """Whether there is no verdict."""
        return not self.verdicts

    def __str__(self) -> str:
        lines = [str(verdict) for verdict in self.verdicts] or ["healthy: nothing was found that ails it."]
        return "\n".join([as_text(HEAD, self._cells()), *lines])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        said = [
            f"<li><b>{escape(verdict.kind)}</b>: {escape(verdict.says)} {escape(verdict.remedy)}</li>"
            for verdict in self.verdicts
        ]
        below = f"<ul>{''.join(said)}</ul>" if said else "<p>healthy: nothing was found that ails it.</p>"
        return as_html(HEAD, self._cells()) + below

    def plot(self, ax: Any = None) -> Any:
        """Signals and gradients from layer to layer, on a logarithmic scale.

        Args:
            ax: Matplotlib axes; None makes new ones.

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.

        >>> from nn import MLP
        >>> Diagnosis(measure(MLP(2, [3, 1], rng=1), [[1.0, 2.0]])).plot().get_yscale()
        'log'
        """
        return drawn(self.measured, self.in_words(), ax)

    def in_words(self) -> str:
        """What it says, without the table.

        >>> from nn import MLP
        >>> Diagnosis(measure(MLP(2, [3, 1], rng=1), [[1.0, 2.0]])).in_words()
        'Signals and gradients of 2 layers. healthy: nothing was found that ails it.'
        """
        n = len(self.layers)
        said = " ".join(map(str, self.verdicts)) or "healthy: nothing was found that ails it."
        return f"Signals and gradients of {n:,} layer{'s' * (n != 1)}. {said}"

    def _cells(self) -> list[list[str]]:
        layers: list[Any] = self.layers
        half = MOST_ROWS // 2
        if len(layers) > MOST_ROWS:
            layers = [*layers[:half], None, *layers[-half:]]
        last = self.layers[-1]["gradient_norm"] if self.layers else None
        last = last or float("nan")
        found = []
        for layer in layers:
            if layer is None:
                found.append([f"… {len(self.layers) - 2 * half:,} more …", *[""] * (len(HEAD) - 1)])
                continue
            activation = "" if layer["activation"] in ("", "linear") else f", {layer['activation']}"
            norm = layer["gradient_norm"]
            share = None if norm is None or last != last else norm / last
            found.append([
                as_label(layer["name"], 32), as_label(f"{layer['kind']}{activation}", 32), shown(layer["mean"]),
                shown(layer["std"]), shown(layer["gradient"]), shown(share),
                percent(layer["dead"]), percent(layer["saturated"]), shown(layer["ratio"]),
            ])  # fmt: skip
        return found


def diagnose(model: Callable[[Any], Any], batch: Any, loss: Any = None, optimizer: Any = None) -> Diagnosis:
    """How signals and gradients fare in a network, layer by layer, what ails it, and what textbooks advise.

    It is said whether gradients vanish or explode, rectifiers are dead (60% of a layer's give 0 for all samples, or 30%
    are far below 0 for all), sigmoids and tanhs saturated, whether the start is of the wrong scale; and with an
    optimiser, whether its learning rate is too large or too small. Nothing is changed: weights, gradients, buffers,
    random numbers and what the optimiser remembers are left as they are.

    Gradients are those of each sample's outputs of a layer, not of parameters, in which samples cancel each other.

    Args:
        model: A module, of nn's or of one's own; or another function of a sample, whose modules are those it refers to.
        batch: A pair (samples, labels), as a tuple; or samples alone, in a list. A few dozen are enough. Labels are
            those that `fit` takes, of whatever type; where it has kept some on the model, these.
        loss: A function of scores and labels, or its name; None takes the sum of the outputs' squares.
        optimizer: One that holds the parameters, to see what its step would do.

    Raises:
        TypeError: `model` is no function, `loss` has no labels, or `optimizer` no parameters; the model computes no
            Values.
        ValueError: there are no samples, or another number of labels, or one that the model was not trained on; there
            is no loss of the name.

    Cost: a sweep over the graph of the batch; with an optimiser, three times the way forward.

    Source: Glorot, Bengio 2010; He et al. 2015; Goodfellow, Bengio, Courville, Deep Learning (2016), §8 and §11.

    >>> from nn import MLP, make_moons, mse
    >>> points, labels = make_moons(32, rng=1)
    >>> found = diagnose(MLP(2, [8] * 8 + [1], "sigmoid", rng=1), (points, labels), mse)
    >>> [verdict.kind for verdict in found.verdicts]
    ['vanishing']
    """
    return Diagnosis(measure(model, batch, loss, optimizer))


def shown(x: Any) -> str:
    """A number in a table.

    >>> shown(0.012345), shown(None)
    ('0.0123', '–')
    """
    return "–" if x is None else f"{x:.3g}"


def percent(x: Any) -> str:
    """A share in a table.

    >>> percent(0.25), percent(None)
    ('25%', '–')
    """
    return "–" if x is None else f"{x:.0%}"
