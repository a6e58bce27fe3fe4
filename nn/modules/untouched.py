"""What a look at a model leaves as it was: weights, gradients, buffers, attributes, sources of random numbers."""

import random
from typing import Any, Self

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.parts.walk import Structured, Walk

__all__ = ["Untouched"]


class Untouched:
    """Things as they are now, to come back to, however often; at the end of a `with` they do.

    Kept are the numbers and gradients of all leaves and buffers in modules, lists and dicts, what these hold, arrays of
    numbers in them, and the state of every source of random numbers in them, of Python's and of NumPy's global one.

    Args:
        things: A module, or a dict or list of modules.

    Cost: a walk over them, and a copy of all numbers.

    >>> w = Value(1.0)
    >>> things = {"w": w}
    >>> with Untouched(things):
    ...     w.data, things["more"], drawn = 2.0, 3, random.random()
    >>> w.data, list(things), random.random() == drawn
    (1.0, ['w'], True)
    """

    def __init__(self, things: Any) -> None:
        walk = Walk(things)
        self._values: list[Value] = [*walk.parameters, *walk.buffers]
        self._data = values_to_vector(self._values)
        self._free = [p for p in walk.parameters if not p.is_constant]
        self._held = [(x, held_by(x)) for x in walk.containers]
        items = [item for _, held in self._held for item in (held.values() if isinstance(held, dict) else held)]
        kept = [x for x in items if isinstance(x, Value) and x.operands and not x.is_constant]
        self._free += kept  # what a model computed and keeps, a hidden state for example
        self._grads = values_to_vector(self._free, "grad")
        self._arrays = [(x, x.copy()) for x in items if isinstance(x, np.ndarray) and x.dtype != object]
        sources = {id(x): x for x in items if isinstance(x, (random.Random, np.random.Generator))}
        self._sources = [(x, state_of(x)) for x in (random, np.random, *sources.values())]

    def restore(self) -> None:
        """Have everything be as it was.

        >>> w = Value(1.0)
        >>> before = Untouched([w])
        >>> w.grad = 5.0
        >>> before.restore()
        >>> w.grad
        0.0
        """
        for x, held in self._held:
            put_back(x, held)
        for array, numbers in self._arrays:
            array[...] = numbers
        vector_to_values(self._data, self._values, "data")
        vector_to_values(self._grads, self._free, "grad")
        self.draw_again()

    def draw_again(self) -> None:
        """Have the same random numbers come again.

        >>> before = Untouched([])
        >>> first = random.random()
        >>> before.draw_again()
        >>> random.random() == first
        True
        """
        for source, state in self._sources:
            to_state(source, state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.restore()


def held_by(container: Any) -> Any:
    """A copy of what a container holds: a dict of attributes or items, or a list."""
    if isinstance(container, Structured):
        return dict(vars(container))
    if isinstance(container, dict):
        return dict(container)
    return list(container) if isinstance(container, list) else container.reshape(-1).tolist()


def put_back(container: Any, held: Any) -> None:
    """Have a container hold what it held, where it does not."""
    now = held_by(container)
    if len(now) == len(held):
        if not isinstance(held, dict):
            if all(a is b for a, b in zip(now, held, strict=True)):
                return
        elif all(a == b and x is y for (a, x), (b, y) in zip(now.items(), held.items(), strict=True)):
            return
    if isinstance(held, dict):
        target = vars(container) if isinstance(container, Structured) else container
        target.clear()
        target.update(held)
    elif isinstance(container, list):
        container[:] = held
    else:
        for place, x in zip(np.ndindex(container.shape), held, strict=True):
            container[place] = x


def state_of(source: Any) -> Any:
    """The state of a source of random numbers."""
    if isinstance(source, np.random.Generator):
        return source.bit_generator.state
    return source.get_state() if source is np.random else source.getstate()


def to_state(source: Any, state: Any) -> None:
    """Set a source to a state."""
    if isinstance(source, np.random.Generator):
        source.bit_generator.state = state
    elif source is np.random:
        source.set_state(state)
    else:
        source.setstate(state)
