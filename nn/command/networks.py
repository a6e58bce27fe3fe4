"""What is trained: how a network is described in few words, and made of them, again and again the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from random import Random
from typing import Any

from nn.chance import as_generator
from nn.checks import as_size
from nn.command.choices import STARTS
from nn.layers.activations import as_activation
from nn.layers.dense import MLP, Layer
from nn.layers.dropout import Dropout
from nn.layers.sequential import Sequential
from nn.models.gpt import GPT

__all__ = ["Design", "GPTDesign", "described", "design_of"]


@dataclass
class Design:
    """A network of neurons in layers.

    Attributes:
        inputs: How many numbers a sample has.
        layers: Sizes of the hidden layers.
        outputs: How many numbers it gives.
        activation: Of the hidden layers.
        end: Of the last one.
        dropout: The share of hidden outputs that is dropped in training.

    >>> Design(2, [3], 1).build()
    MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]
    """

    inputs: int
    layers: list[int]
    outputs: int
    activation: str = "relu"
    end: str = "linear"
    dropout: float = 0.0

    kind = "network"

    def build(self, rng: Any = None, start: str = "") -> Any:
        """The network.

        Args:
            rng: Where its numbers come from.
            start: How they are drawn, a key of `STARTS`; "" is how layers draw them.

        Raises:
            TypeError, ValueError: a size, a share or a name is not right.
        """
        source: Random = as_generator(rng)
        sizes = [self.inputs, *self.layers, self.outputs]
        kinds = [*[self.activation] * len(self.layers), self.end]
        model: Any
        if not self.dropout:
            model = MLP(self.inputs, sizes[1:], kinds, rng=source)
        else:
            steps: list[Any] = []
            for nin, nout, kind in zip(sizes, sizes[1:], kinds, strict=False):
                steps += [Layer(nin, nout, kind, rng=source), Dropout(self.dropout)]
            model = Sequential(steps[:-1])
        if start:
            STARTS[start](model, rng=source)
        return model


@dataclass
class GPTDesign:
    """A small language model of characters.

    Attributes:
        vocabulary: How many tokens there are.
        embedding, heads, layers, block: As of `nn.models.GPT`.

    >>> GPTDesign(5, 4, 2).build()
    GPT(5, embedding=4, heads=2, layers=1, block=16)
    """

    vocabulary: int
    embedding: int = 16
    heads: int = 4
    layers: int = 1
    block: int = 16

    kind = "GPT"

    def build(self, rng: Any = None) -> Any:
        """The model, its numbers drawn from `rng`.

        Raises:
            TypeError, ValueError: a size is not right.
        """
        return GPT(self.vocabulary, self.embedding, self.heads, self.layers, self.block, rng)


def design_of(data: Any) -> Design | GPTDesign:
    """The design that was written to a file as plain data.

    Raises:
        ValueError: it is none.

    >>> design_of(described(Design(2, [3], 1))).layers
    [3]
    """
    kinds: dict[str, Any] = {cls.kind: cls for cls in (Design, GPTDesign)}
    found = kinds.get(data.get("kind", "")) if isinstance(data, Mapping) else None
    if found is None or set(data) != {"kind", *(field.name for field in fields(found))}:
        raise ValueError("it does not tell how its model is built")
    design: Design | GPTDesign = found(**{key: x for key, x in data.items() if key != "kind"})
    as_it_must_be(design)
    return design


def as_it_must_be(design: Any) -> None:
    """Pass if a design out of a file holds together: of sizes, names and shares.

    Raises:
        ValueError: it does not.
    """
    try:
        for field in fields(design):
            x = getattr(design, field.name)
            if field.name in ("activation", "end"):
                as_activation(x)
            elif field.name == "dropout":
                Dropout(x)
            else:
                for n in x if isinstance(x, list) else [x]:
                    as_size(n, field.name)
    except (TypeError, ValueError) as error:
        raise ValueError(f"it does not tell how its model is built: {error}") from None


def described(design: Design | GPTDesign) -> dict[str, Any]:
    """A design as plain data.

    >>> described(GPTDesign(5))["kind"]
    'GPT'
    """
    return {"kind": design.kind, **asdict(design)}
