"""The numbers of many Values at once, in one array: what is done to each of them is then a line of NumPy.

Plain Python that Cython compiles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import repeat
from operator import attrgetter
from typing import Any, Literal

import cython
import numpy as np

from autograd.border.conversion import as_array, as_float
from autograd.border.wording import brief
from autograd.engine.node import Node
from autograd.engine.reading import as_nodes, refuse, refuse_any, require_alive
from autograd.engine.sweep import one_at_a_time, sweep
from autograd.values.value import Value

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, LEAF
    from autograd.engine.memory import node_at

__all__ = ["add_to_grads", "read_values", "values_to_vector", "vector_to_values"]


def values_to_vector(values: Iterable[Value], of: Literal["data", "grad", "requires_grad"] = "data") -> Any:
    """The `data`, or the `grad`, of many Values, in order: `np.array([v.data for v in values])`, many times faster.

    PyTorch's `parameters_to_vector`, for gradients too.

    Args:
        values: One Value or several; one may occur more than once.
        of: "data" or "grad"; or "requires_grad", 1 where it is True and else 0.

    Returns:
        An array of doubles, as many as there are Values. It is a copy: to change the Values, give it to
        `vector_to_values`.

    Raises:
        TypeError: something given is not a Value.
        ValueError: `of` is none of these.

    >>> w, b = Value(3.0), Value(1.0)
    >>> (2.0 * w + b).backward()
    >>> values_to_vector([w, b]), values_to_vector([w, b], "grad")
    (array([3., 1.]), array([2., 1.]))
    """
    found = values if type(values) is list else as_nodes(values, "values_to_vector")
    vector = np.empty(len(found))
    if of == "requires_grad":
        read_free(found if are_exact(found) else as_nodes(found, "values_to_vector"), vector)
        return vector
    grads = is_grad(of, "values_to_vector")
    if not read_values(found, vector, grads, True):
        vector = np.array([getattr(v, of) for v in as_nodes(found, "values_to_vector")], dtype=float)
    refuse_any("reading .grad" if grads else "reading .data", found)
    return vector


def vector_to_values(vector: Any, values: Iterable[Value], of: Literal["data", "grad"] = "data") -> None:
    """Set the `data`, or the `grad`, of many Values, as `v.data = x` does for each; all of them, or none.

    PyTorch's function of nearly this name, for gradients too.

    Args:
        vector: An array or list of as many real numbers as there are Values, or one number for all.
        values: One Value or several; of one that occurs more than once, the last counts. If there are Values of a
            class of your own, which may have another `data`, they are set one by one.
        of: "data" or "grad".

    Raises:
        TypeError: something given is not a Value, or not a real number.
        ValueError: there are not as many numbers as Values; `of` is neither "data" nor "grad".

    >>> ps = [Value(3.0), Value(1.0)]
    >>> vector_to_values(values_to_vector(ps) - [0.5, 0.25], ps)
    >>> vector_to_values(0.0, ps, "grad")
    >>> ps
    [Value(data=2.5, grad=0.0), Value(data=0.75, grad=0.0)]
    """
    grads = is_grad(of, "vector_to_values")
    found = values if type(values) is list else as_nodes(values, "vector_to_values")
    numbers = as_doubles(vector, len(found))
    refuse("setting .grad" if grads else "setting .data")
    if not write_values(found, numbers, grads):
        for v, x in zip(as_nodes(found, "vector_to_values"), numbers.tolist(), strict=True):
            setattr(v, of, x)


def read_values(values: list[Value], numbers: Any, grads: bool = False, exact: bool = False) -> bool:
    """Put the data or grads into the first elements of an array, also while a function is recorded.

    With `exact` it gives up, and says False, where there is something other than a Value, or one of a subclass.
    """
    if cython.compiled:
        for i in range(min(len(values), len(numbers))):
            if exact and type(values[i]) is not Value:
                return False
            node: Value = values[i]
            if node._code < CONSTANT:
                require_alive(node)
            numbers[i] = node._grad if grads else node._data
    else:
        if exact and not are_exact(values):
            return False
        if min(map(attrgetter("_code"), values), default=CONSTANT) < CONSTANT:
            deque(map(require_alive, values), maxlen=0)
        n = len(values)
        numbers[:n] = np.fromiter(map(attrgetter("_grad" if grads else "_data"), values), float, n)
    return True


def read_free(values: list[Value], numbers: Any) -> None:
    """Put 1 into the first elements of an array for a Value through which gradients flow, else 0."""
    if cython.compiled:
        for i in range(min(len(values), len(numbers))):
            node: Value = values[i]
            numbers[i] = node._code != CONSTANT
    else:
        numbers[:] = [v._code != CONSTANT for v in values]


def write_values(values: list[Value], numbers: Any, grads: bool) -> bool:
    """Set the data or grads to the elements of an array; False, and none is set, if they are not `are_exact`.

    No signal is delivered meanwhile, so nothing is ever half-written.
    """
    if not are_exact(values):
        return False
    if cython.compiled:
        for i in range(min(len(values), len(numbers))):
            node: Value = values[i]
            if grads:
                node._grad = numbers[i]
            else:
                node._data = numbers[i]
    else:
        deque(map(setattr, values, repeat("_grad" if grads else "_data"), numbers.tolist()), maxlen=0)
    return True


def add_to_grads(targets: list[Value], shares: Any) -> None:
    """Add a number of an array to the `grad` of each leaf; into a node that was computed it goes as a seed of a sweep.

    Constants are passed over. All or none, as with `backward`.
    """
    if not cython.compiled:
        shares = shares.tolist()
    inner: list[Node] = []
    seeds: list[float] = []
    for i in range(len(targets)):
        node: Node = node_at(targets, i)
        if node._code > LEAF:
            inner.append(node)
            seeds.append(shares[i])
    if inner:
        sweep(inner, seeds)
    with one_at_a_time():
        for i in range(len(targets)):
            node = node_at(targets, i)
            if node._code == LEAF:
                share = shares[i]
                node._grad = node._grad + share


def are_exact(values: list[Value]) -> bool:
    """Whether all are Values, and none of a class of a user's own."""
    return all(type(x) is Value for x in values) if cython.compiled else {*map(type, values)} <= {Value}


def is_grad(of: str, what: str) -> bool:
    """Whether the grads are meant, and not the data."""
    if of not in ("data", "grad"):
        raise ValueError(f'{what}: of is {brief(of)}; a Value has "data" and "grad"')
    return of == "grad"


def as_doubles(vector: Any, n: int) -> Any:
    """Real numbers of any type as a new array of `n` doubles; one number stands for all."""
    found = np.empty(n)
    if type(vector) is float:
        found.fill(vector)
        return found
    numbers = as_array(vector, "vector_to_values")
    if numbers.dtype.kind not in "biuf":
        flat = [as_float(x, "vector_to_values") for x in numbers.ravel().tolist()]
        numbers = np.array(flat, dtype=float).reshape(numbers.shape)
    if numbers.shape not in ((), (n,)):
        raise ValueError(f"vector_to_values: {n} Values, but numbers of shape {numbers.shape}: give one for each")
    found[:] = numbers
    return found
