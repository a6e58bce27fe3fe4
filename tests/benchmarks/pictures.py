"""The README's pictures of graphs, drawn anew: `python -m tests.benchmarks.pictures`."""

from pathlib import Path

from autograd import Value, draw
from tests.folding.networks import moons

FOLDER = Path(__file__).parents[2] / "notebooks" / "pictures"


def neuron():
    """The neuron of micrograd's lecture, as the README writes it."""
    x1, x2, w1, w2, b = map(Value, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432))
    n = x1 * w1 + x2 * w2 + b
    o = n.tanh()
    o.backward()
    return draw(o, name="neuron")


def moons_loss():
    """The loss of micrograd's demo before training, a multiplication or an addition at a time."""
    model, loss = moons(by_operator=True)  # noqa: RUF059  (`draw` finds the names of parameters in it)
    loss.backward()
    return draw(loss, wrap=900, name="moons_loss")


DRAWINGS = {"neuron.svg": neuron, "moons_loss.svg": moons_loss}

if __name__ == "__main__":
    for name, drawing in DRAWINGS.items():
        print(drawing().save(FOLDER / name))
