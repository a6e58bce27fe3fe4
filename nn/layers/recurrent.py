"""Recurrent layers: a cell makes a new state of an input and the last state; a layer goes through a sequence with one.

Equations and shapes are PyTorch's: for each gate as many rows as the state has numbers, once for the input and once for
the state, each with biases of its own. All numbers are drawn uniformly between ±1/√size.
"""

from math import sqrt
from typing import Any

from autograd import dot, sigmoid, tanh
from nn.chance import as_generator
from nn.checks import as_flag, as_size
from nn.layers.activations import as_activation, function_of
from nn.layers.dense import Linear, fitting
from nn.layers.signals import as_signal, each_of, in_our_words, is_nested
from nn.modules.module import Module

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"]


class Cell(Module):
    """What cells have in common.

    Attributes:
        nin, size: How many numbers an input and a state have.
        input: What the gates have of the input: a Linear of so many outputs.
        hidden: What they have of the state.
    """

    gates = 1

    @in_our_words
    def __init__(self, nin: int, size: int, bias: bool = True, *, rng: Any = None) -> None:
        what = type(self).__name__
        self.nin, self.size = as_size(nin, f"{what}: nin"), as_size(size, f"{what}: size")
        bias = as_flag(bias, f"{what}: bias", "; activation=, if there is one, is given by its name")
        source = as_generator(rng)
        self.input = Linear(self.nin, self.gates * self.size, bias, rng=source)
        self.hidden = Linear(self.size, self.gates * self.size, bias, rng=source)
        bound = 1.0 / sqrt(self.size)
        for neuron in self.input.neurons:
            for parameter in neuron.parameters():
                parameter.data = source.uniform(-bound, bound)

    def start(self) -> Any:
        """The state before a sequence: zeros."""
        return [0.0] * self.size

    def state_of(self, state: Any) -> Any:
        """A state as lists, zeros for None.

        Raises:
            ValueError: it has another size.
        """
        if state is None:
            return self.start()
        what = f"{type(self).__name__}: the state"
        return fitting(as_signal(state, self.size, what), self.size, what)

    def input_of(self, x: Any) -> list[Any]:
        """An input as a list.

        Raises:
            ValueError: it has another size.
        """
        what = type(self).__name__
        return fitting(as_signal(x, self.nin, what), self.nin, what)

    def sums(self, x: list[Any], h: list[Any]) -> list[Any]:
        """What input and state give together for each row: a node each."""
        found = []
        both = [*x, *h]
        ends = [*both, 1.0]
        for a, b in zip(self.input.neurons, self.hidden.neurons, strict=True):
            if a.b is None:
                found.append(dot([*a.w, *b.w], both))
            else:
                found.append(dot([*a.w, *b.w, b.b], ends, a.b))
        return found

    def __repr__(self) -> str:
        bias = "" if self.input.neurons[0].b is not None else ", bias=False"
        return f"{type(self).__name__}({self.nin}, {self.size}{bias})"


class RNNCell(Cell):
    """h' = tanh(W x + b + U h + c).

    Args:
        nin: How many numbers an input has.
        size: How many numbers a state has.
        bias: Whether there are b and c.
        activation: In place of tanh: as for Neuron.
        rng: As for Neuron.

    Raises:
        TypeError, ValueError: a size is no size, or there is no such activation.

    Source: Elman, "Finding structure in time" (1990).

    >>> cell = RNNCell(2, 3, rng=1)
    >>> cell, len(cell([1.0, 2.0]))
    (RNNCell(2, 3), 3)
    """

    @in_our_words
    def __init__(self, nin: int, size: int, bias: bool = True, *, activation: Any = "tanh", rng: Any = None) -> None:
        super().__init__(nin, size, bias, rng=rng)
        self.activation = as_activation(activation)

    def __call__(self, x: Any, state: Any = None) -> list[Any]:
        """The new state, a list, of an input and a state; None is zeros."""
        activate = function_of(self.activation)
        sums = self.sums(self.input_of(x), self.state_of(state))
        return sums if activate is None else [activate(s) for s in sums]


class LSTMCell(Cell):
    """Long short-term memory: c' = f*c + i*g, h' = o*tanh(c'), with gates i, f, g, o in this order.

    i, f and o are sigmoid(W x + b + U h + c) with rows of their own, g is tanh of the same.

    Args:
        nin, size, bias, rng: As for RNNCell.

    Raises:
        TypeError, ValueError: a size is no size.

    Source: Hochreiter, Schmidhuber (1997); with the forget gate of Gers, Schmidhuber, Cummins (2000).

    >>> cell = LSTMCell(2, 3, rng=1)
    >>> h, c = cell([1.0, 2.0])
    >>> cell, len(h), len(c)
    (LSTMCell(2, 3), 3, 3)
    """

    gates = 4

    def start(self) -> Any:
        """The state before a sequence: zeros, twice.

        >>> LSTMCell(2, 1).start()
        ([0.0], [0.0])
        """
        return [0.0] * self.size, [0.0] * self.size

    def state_of(self, state: Any) -> Any:
        """A state as two lists, h and c; zeros for None.

        Raises:
            ValueError: it is no pair, or of another size.

        >>> LSTMCell(2, 1).state_of([[1.0], [2.0]])
        ([1.0], [2.0])
        """
        if state is None:
            return self.start()
        if not hasattr(state, "__len__") or len(state) != 2:
            raise ValueError("LSTMCell: the state is a pair (h, c) of lists, as a call gives them")
        h, c = (fitting(as_signal(x, self.size, "LSTMCell"), self.size, "LSTMCell: the state") for x in state)
        return h, c

    def __call__(self, x: Any, state: Any = None) -> tuple[list[Any], list[Any]]:
        """The new state (h, c), two lists, of an input and a state; None is zeros."""
        n = self.size
        h, c = self.state_of(state)
        sums = self.sums(self.input_of(x), h)
        new = [
            dot([sigmoid(f), sigmoid(i)], [before, tanh(g)])
            for i, f, g, before in zip(sums[:n], sums[n : 2 * n], sums[2 * n : 3 * n], c, strict=True)
        ]
        return [sigmoid(o) * tanh(x) for o, x in zip(sums[3 * n :], new, strict=True)], new


class GRUCell(Cell):
    """The gated recurrent unit: h' = (1 - z)*n + z*h, with gates r, z, n in this order.

    r and z are sigmoid(W x + b + U h + c) with rows of their own, n is tanh(W x + b + r*(U h + c)).

    Args:
        nin, size, bias, rng: As for RNNCell.

    Raises:
        TypeError, ValueError: a size is no size.

    Source: Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014); r as in PyTorch, after U.

    >>> cell = GRUCell(2, 3, rng=1)
    >>> cell, len(cell([1.0, 2.0]))
    (GRUCell(2, 3), 3)
    """

    gates = 3

    def __call__(self, x: Any, state: Any = None) -> list[Any]:
        """The new state, a list, of an input and a state; None is zeros."""
        n = self.size
        x, h = self.input_of(x), self.state_of(state)
        from_input, from_state = self.input.respond(x), self.hidden.respond(h)
        found = []
        for k in range(n):
            r = sigmoid(from_input[k] + from_state[k])
            z = sigmoid(from_input[n + k] + from_state[n + k])
            new = tanh(dot([r], [from_state[2 * n + k]], from_input[2 * n + k]))
            found.append(dot([z], [h[k] - new], new))
        return found


class Recurrent(Module):
    """A cell that goes through sequences.

    Attributes:
        cell: The cell.
    """

    cell: Any

    def __call__(self, xs: Any, state: Any = None) -> Any:
        """The outputs h of each step, a list of lists, and the last state.

        For a batch, a list of sequences, each as long as it is, a list of such pairs.

        Args:
            xs: A sequence: a list of inputs, each a list of numbers and Values.
            state: The state before it; None is zeros.

        Raises:
            ValueError: an input or the state has another size.
        """
        found = as_signal(xs, self.cell.nin, type(self).__name__)
        if is_nested(found) and is_nested(as_signal(found[0], self.cell.nin, type(self).__name__)):
            return each_of(lambda sequence: self(sequence, state), found)
        state = self.cell.state_of(state)
        outputs = []
        for x in found:
            state = self.cell(x, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return outputs, state

    def __repr__(self) -> str:
        return repr(self.cell).replace("Cell(", "(", 1)


class RNN(Recurrent):
    """An RNNCell that goes through a sequence.

    Args:
        nin, size, bias, activation, rng: As for RNNCell.

    Raises:
        TypeError, ValueError: as for RNNCell.

    >>> rnn = RNN(1, 2, rng=1)
    >>> outputs, state = rnn([[1.0], [2.0], [3.0]])
    >>> rnn, len(outputs), outputs[-1] is state
    (RNN(1, 2), 3, True)
    """

    @in_our_words
    def __init__(self, nin: int, size: int, bias: bool = True, *, activation: Any = "tanh", rng: Any = None) -> None:
        self.cell = RNNCell(nin, size, bias, activation=activation, rng=rng)


class LSTM(Recurrent):
    """An LSTMCell that goes through a sequence.

    Args:
        nin, size, bias, rng: As for RNNCell.

    Raises:
        TypeError, ValueError: as for RNNCell.

    >>> lstm = LSTM(1, 2, rng=1)
    >>> outputs, (h, c) = lstm([[1.0], [2.0], [3.0]])
    >>> lstm, len(outputs), outputs[-1] is h
    (LSTM(1, 2), 3, True)
    """

    @in_our_words
    def __init__(self, nin: int, size: int, bias: bool = True, *, rng: Any = None) -> None:
        self.cell = LSTMCell(nin, size, bias, rng=rng)


class GRU(Recurrent):
    """A GRUCell that goes through a sequence.

    Args:
        nin, size, bias, rng: As for RNNCell.

    Raises:
        TypeError, ValueError: as for RNNCell.

    >>> gru = GRU(1, 2, rng=1)
    >>> outputs, state = gru([[1.0], [2.0], [3.0]])
    >>> gru, len(outputs), outputs[-1] is state
    (GRU(1, 2), 3, True)
    """

    @in_our_words
    def __init__(self, nin: int, size: int, bias: bool = True, *, rng: Any = None) -> None:
        self.cell = GRUCell(nin, size, bias, rng=rng)
