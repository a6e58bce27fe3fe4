"""Modules as arguments of compiled functions: taken apart into parameters and all else, and put together again."""

from contextlib import suppress
from functools import partial
from types import MethodType
from typing import Any

from autograd import Value
from nn.parts.anatomy import FIRST, Anatomy, Bound, Container, Same, fixed, thing_of
from nn.parts.walk import Walk

__all__ = ["put_together", "take_apart"]


def take_apart(module: Any) -> tuple[tuple[Value, ...], Anatomy]:
    """The parameters of a module, each once and in the order of `parameters()`, and all else that it is.

    What is fixed is told apart by type and value: numbers, text, arrays of numbers, sets of these, and lists, tuples
    and dicts however nested. Other objects, and Values that are no parameters, are told apart by identity; they are not
    looked into.

    Raises:
        TypeError: an attribute is a function that captured a part of the module itself. It would go on computing with
            that part, whatever takes its place here.

    Cost: a walk over the module.

    >>> from nn import Neuron
    >>> parameters, anatomy = take_apart(Neuron(2, "tanh", rng=1))
    >>> len(parameters), anatomy
    (3, <Neuron of 3 parameters>)
    """
    walk = Walk(module, told=fixed)
    for _, method in walk.methods:  # of which there may be more in what they are bound to
        walk.through(method.__self__)
    for owner, (place, method) in enumerate(reversed(walk.methods)):
        walk.parts[place] = Bound(Same(method.__func__), owner)
    for function in walk.functions:
        if any(map(walk.has_met, captured_by(function))):
            raise TypeError(
                f"{type(module).__name__} as an argument: its attribute {function!r} captured a part of the module, "
                "which no copy of the module can replace: make it a method"
            )
    return tuple(walk.parameters), Anatomy(tuple(walk.parts))


def captured_by(function: Any) -> list[Any]:
    """What a function holds on to."""
    if isinstance(function, partial):
        return [*function.args, *function.keywords.values()]
    contents = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a cell that is empty so far
            contents.append(cell.cell_contents)
    return [*contents, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]


def put_together(anatomy: Anatomy, parameters: Any) -> Any:
    """A module of this anatomy with these in place of its parameters; a number becomes a parameter of that number.

    Nothing that could change is shared with the module that was taken apart, but objects told apart by identity.

    >>> from nn import Neuron
    >>> neuron = Neuron(1, rng=1)
    >>> twin = put_together(take_apart(neuron)[1], [2.0, 3.0])
    >>> twin.state_dict(), twin.w is neuron.w
    ({'w.0': 2.0, 'b': 3.0}, False)
    """
    given = [
        x if isinstance(x, Value) or not (isinstance(x, float) or getattr(x, "shape", None) == ()) else Value(x)
        for x in parameters
    ]
    # What methods are bound to is made first and stays at the bottom of the stack.
    empty = [part.made() for part in anatomy.parts if isinstance(part, Container) and part.mutable]
    filled, met = len(empty), len(given)
    stack: list[Any] = []
    for part in reversed(anatomy.parts):  # so that the items of a container come before it, its first on top
        if part is FIRST:
            met -= 1
            stack.append(given[met])
        elif type(part) is int:
            stack.append(given[part])
        elif isinstance(part, Container):
            begin = len(stack) - part.size
            items = stack[begin:][::-1]
            del stack[begin:]
            filled -= part.mutable
            stack.append(part.filled(empty[filled] if part.mutable else None, items))
        elif type(part) is tuple and part[0] == "again":
            stack.append(empty[part[1]])
        elif isinstance(part, Bound):
            stack.append(MethodType(part.function.thing, stack[part.owner]))
        else:
            stack.append(thing_of(part))
    return stack.pop()
