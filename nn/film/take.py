"""A take: a model in one shape, with an optimiser; the numbers of each frame can be put into it for a while."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from operator import is_
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.checks import as_label
from nn.film.graph import Finder
from nn.modules.arguments import take_apart
from nn.modules.calls import modules_in
from nn.modules.untouched import Untouched
from nn.parts.columns import groups_of
from nn.parts.walk import Structured, Walk

__all__ = ["Take", "is_pickled", "optimiser_of"]


class Take:
    """A model as it is now, but for its numbers.

    A module is copied: should it be changed later, the copy stands in for it.

    Args:
        model: A module, or a function that uses some.
        optimizer: What moves the parameters; None for nothing.

    Attributes:
        values: The parameters of the model, then what else the optimiser moves.
        buffers: The buffers of the model.
        names: What the values are called.

    Raises:
        TypeError: the model cannot be called.

    >>> from nn import MLP, SGD
    >>> model = MLP(2, [1], rng=1)
    >>> take = Take(model, SGD(model.parameters()))
    >>> take.names, take.goes_on(model, take.optimizer)
    (['layers.0.neurons.0.w.0', 'layers.0.neurons.0.w.1', 'layers.0.neurons.0.b'], True)
    """

    def __init__(self, model: Any, optimizer: Any) -> None:
        self.model, self.optimizer = model, optimizer
        walk = Walk(modules_in(model))
        mine = {id(p) for p in walk.parameters}
        others = [p for p in moved_by(optimizer) if id(p) not in mine]
        self.values: list[Value] = [*walk.parameters, *others]
        self.names = [
            *walk.names(),
            *(as_label(p.label) if p.label else f"parameter {k}" for k, p in enumerate(others)),
        ]
        self.buffers: list[Value] = walk.buffers
        places = {id(p): k for k, p in enumerate(self.values)}
        self.moved = np.array([places[id(p)] for p in moved_by(optimizer)], dtype=int)
        self._shape = shape_of(model)
        self._still = Still(walk) if isinstance(model, Structured) else never
        self._twin: Any = None
        if isinstance(model, Structured):
            with suppress(Exception):  # what holds a file, or a lock
                self._twin = deepcopy(model)
        self._finder: Finder | None = None
        self._found = False
        self._groups: dict[str, Any] | None = None

    def goes_on(self, model: Any, optimizer: Any) -> bool:
        """Whether these are the same model and optimiser, and the model has the same shape."""
        if model is not self.model or optimizer is not self.optimizer or len(self.moved) != len(moved_by(optimizer)):
            return False
        return self._still() or shape_of(model) == self._shape

    def finder(self, sample: Any) -> Finder | None:
        """What finds the layers in the graph of a loss; None where that cannot be."""
        if not self._found:
            self._found = True
            whole = any(getattr(x, "whole_batch", False) for x in Walk(modules_in(self.model)).containers)
            if not whole:
                with suppress(Exception):  # whatever a model of a user's own makes of a sample
                    self._finder = Finder(self.model, sample, self.values)
        return self._finder

    @contextmanager
    def holding(self, data: Any, buffers: Any, grads: Any = None) -> Iterator[tuple[Any, list[Value]]]:
        """Meanwhile the model, or its copy, has these numbers: gives it, and its parameters.

        Raises:
            ValueError: the model has changed its shape, and there is no copy.
        """
        model, values, held = self._as_it_was()
        with Untouched([modules_in(model), values]):
            vector_to_values(data, values, "data")
            vector_to_values(buffers, held, "data")
            if grads is not None:
                free = np.array([not p.is_constant for p in values], dtype=bool)
                vector_to_values(grads[free], [p for p in values if not p.is_constant], "grad")
            yield model, values

    def put(self, data: Any, buffers: Any) -> None:
        """Have the model itself hold these numbers.

        Raises:
            ValueError: it has another shape now.
        """
        if shape_of(self.model) != self._shape:
            raise ValueError("the model has another shape now than it had then")
        vector_to_values(data, self.values, "data")
        vector_to_values(buffers, self.buffers, "data")

    def optimiser_at(self, state: Any, values: list[Value]) -> Any:
        """A copy of the optimiser with what it remembered then, over these values; None if it cannot be had.

        Args:
            state: What `state_dict` gave.
            values: In place of the take's.
        """
        own = optimiser_of(self.optimizer)
        if not moved_by(own):
            return None
        with suppress(Exception):  # one of a user's own may hold anything
            twin = deepcopy(own, {id(p): q for p, q in zip(self.values, values, strict=True)})
            if state is not None:
                twin.load_state_dict(state)
            return twin
        return None

    def groups(self) -> dict[str, Any]:
        """The places of the parameters of each layer; of what is in none under "elsewhere"."""
        if self._groups is None:
            n = len(self.values)
            found: dict[str, Any] = {}
            if isinstance(self.model, Structured):
                buffers = values_to_vector(self.buffers)
                with self.holding(np.arange(n, dtype=float), buffers) as (model, _):
                    for group in groups_of(model):  # of which two may have names that are cut to the same
                        mine = group.data.astype(int)
                        found[group.name] = np.concatenate([found.get(group.name, mine[:0]), mine])
            rest = np.setdiff1d(np.arange(n), np.concatenate([*found.values(), np.empty(0, dtype=int)]))
            if len(rest):
                found["elsewhere" if found else "parameters"] = rest
            self._groups = found
        return self._groups

    def __getstate__(self) -> dict[str, Any]:
        """The model as it was, if it can be pickled, with the values in it."""
        state = {**vars(self), "_finder": None, "_found": False, "_shape": None, "_still": never, "_twin": None}
        with suppress(ValueError):
            state["model"], state["values"], state["buffers"] = self._as_it_was()
            if state["model"] is not self.model:
                state["optimizer"] = self.optimiser_at(None, state["values"])
        for name in ("model", "optimizer"):
            if not is_pickled(state[name]):
                state[name] = None
        return state

    def _as_it_was(self) -> tuple[Any, list[Value], list[Value]]:
        """The model, its parameters and its buffers; those of the copy, where the model is another by now."""
        if self.model is None:
            raise ValueError("the model was not to be pickled, so that there are its numbers alone")
        if self._shape is None:  # unpickled a while ago; what it is made of was not all there then
            self._shape = shape_of(self.model)
        if self._still() or shape_of(self.model) == self._shape:
            return self.model, self.values, self.buffers
        if self._twin is None:
            raise ValueError("the model has been changed since, and no copy of it could be made")
        walk = Walk(self._twin)
        return self._twin, [*walk.parameters, *self.values[len(walk.parameters) :]], walk.buffers


class Still:
    """Whether all that some modules hold is what it was: a quick look, which is sure if it says so.

    Args:
        walk: Through them, while it is.

    >>> things = {"a": [1, 2]}
    >>> still = Still(Walk(things))
    >>> still(), things["a"].append(3), still()
    (True, None, False)
    """

    def __init__(self, walk: Walk) -> None:
        self._held = [(x, names_in(x), items_in(x)) for x in walk.containers]
        inside = [x for _, _, items in self._held for x in items]
        # What else can change without being replaced, and what was not walked through.
        self._sure = not walk.methods and not any(isinstance(x, (np.ndarray, set)) for x in inside)

    def __call__(self) -> bool:
        """Whether it is; False where it may be, and cannot be told so quickly."""
        return self._sure and all(
            len(items) == len(now := items_in(x)) and all(map(is_, now, items)) and names_in(x) == names
            for x, names, items in self._held
        )


def never() -> bool:
    """In place of a quick look at what was not all there when it was to be noted."""
    return False


def names_in(container: Any) -> list[Any]:
    """The names or keys of what a container holds; none of a list."""
    if isinstance(container, Structured):
        return list(vars(container))
    return list(container) if isinstance(container, dict) else []


def items_in(container: Any) -> list[Any]:
    """What a container holds."""
    if isinstance(container, Structured):
        return list(vars(container).values())
    if isinstance(container, dict):
        return list(container.values())
    return list(container) if isinstance(container, list) else container.reshape(-1).tolist()


def is_pickled(thing: Any) -> bool:
    """Whether a thing can be pickled.

    >>> is_pickled(max), is_pickled(lambda: None)
    (True, False)
    """
    try:
        pickle.dumps(thing)
    except Exception:  # of whatever kind: each class has its own
        return False
    return True


def optimiser_of(optimizer: Any) -> Any:
    """The optimiser itself, where training goes by something around it."""
    return getattr(optimizer, "own", optimizer)


def moved_by(optimizer: Any) -> list[Value]:
    """The parameters that an optimiser moves; none if it does not say."""
    found = getattr(optimizer, "parameters", None)
    return found if isinstance(found, list) and all(isinstance(p, Value) for p in found) else []


def shape_of(model: Any) -> Any:
    """What tells whether a model computes otherwise, but for its numbers: equal as long as it does not.

    >>> from nn import MLP
    >>> model = MLP(2, [1], rng=1)
    >>> before = shape_of(model)
    >>> model.layers.append(None)
    >>> shape_of(model) == before
    False
    """
    modules = modules_in(model)
    try:
        parameters, anatomy = take_apart(modules)
    except TypeError:  # an attribute that captured a part of it
        parameters, anatomy = tuple(Walk(modules).parameters), None
    return [id(p) for p in parameters], anatomy
