"""Modules: anything that owns parameters, however nested."""

from collections.abc import Mapping
from typing import Any

from autograd import Value, register_structure, vector_to_values
from autograd.border.wording import brief
from nn.modules.arguments import put_together, take_apart
from nn.modules.foldable import foldable
from nn.parts.columns import columns_of, require_module
from nn.parts.walk import Structured, Walk

__all__ = ["Module"]


class Module(Structured):
    """Something with parameters: the leaf Values in its attributes, and in modules, lists, tuples and dicts therein.

    Constants and computed Values (an output kept for later) are not parameters. A Value that is reachable twice is
    one parameter, under the first of its names. Sets are not searched: they have no order.

    A module can be an argument of a compiled function. Derivatives by it come back as a module alike, whose parameters
    hold them. All else in it counts as fixed: where that differs, the function is recorded anew. What objects other
    than modules, lists, tuples and dicts hold is not seen; changed in place, it stays what it was in the recording.
    A compiled function is to give numbers back, or lists and dicts of them: what it computes into a module is not seen.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).backward()
    >>> [(name, p.data, p.grad) for name, p in line.named_parameters()]
    [('slope', 2.0, 3.0), ('offset', 1.0, 1.0)]
    >>> from autograd import compile
    >>> compile(lambda line, x: line(x) * x).grad(line, 5.0).state_dict()
    {'slope': 25.0, 'offset': 5.0}
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        register_structure(cls, take_apart, put_together)

    def __network__(self) -> list[dict[str, Any]]:
        """Its columns of neurons as plain data, for `autograd.draw`.

        Raises:
            ValueError: there are no neurons in it.

        >>> from nn import MLP
        >>> [(column["name"], len(column["weights"])) for column in MLP(2, [3, 1]).__network__()]
        [('layers.0', 3), ('layers.1', 1)]
        """
        require_module(self, "draw")
        return [column._asdict() for column in columns_of(self, "draw")]

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of definition.

        Cost: a walk over all parameters; keep the list if you need it in a tight loop.

        >>> from nn import Neuron
        >>> len(Neuron(3).parameters())
        4
        """
        return Walk(self).parameters

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter with its path from here: attributes, places in lists and keys of dicts, joined by dots.

        Raises:
            ValueError: two parameters have the same path, because a key of a dict contains a dot.

        >>> from nn import MLP
        >>> MLP(2, [3, 1]).named_parameters()[4][0]
        'layers.0.neurons.1.w.1'
        """
        walk = Walk(self)
        names = walk.names()
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise ValueError(f"{type(self).__name__}: two parameters are named {name!r}: rename a key of a dict")
            seen.add(name)
        return list(zip(names, walk.parameters, strict=True))

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0, before a `backward` that is not to add to the last one.

        >>> p = Value(1.0)
        >>> m = Module()
        >>> m.p = p
        >>> p.backward()
        >>> m.zero_grad()
        >>> p.grad
        0.0
        """
        vector_to_values(0.0, self.parameters(), "grad")

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter under its name; plain floats, ready for JSON.

        >>> from nn import Neuron
        >>> list(Neuron(2, rng=1).state_dict())
        ['w.0', 'w.1', 'b']
        """
        return {name: p.data for name, p in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set every parameter to the number under its name; all of them, or none if anything is wrong.

        Args:
            state: What `state_dict` of a module of the same shape gave.

        Raises:
            ValueError: entries are missing or left over, or one is not a number (a list where one number belongs), or
                `state` is no dict at all. The last two are TypeErrors too: it may be a damaged file, or a mistake.

        >>> from nn import Neuron
        >>> a, b = Neuron(2, rng=1), Neuron(2, rng=2)
        >>> b.load_state_dict(a.state_dict())
        >>> a.state_dict() == b.state_dict()
        True
        """
        if not isinstance(state, Mapping):
            raise StateError(f"load_state_dict: expected a dict of names to numbers, got {type(state).__name__}")
        mine = self.named_parameters()
        names = {name for name, _ in mine}
        missing = [name for name, _ in mine if name not in state]
        extra = [name for name in state if name not in names]
        if missing or extra:
            complaints = [f"{what} {_some(ones)}" for what, ones in (("missing", missing), ("unknown", extra)) if ones]
            raise ValueError(f"load_state_dict: {'; '.join(complaints)}: the state is of a module of another shape")
        numbers = [_as_number(name, state[name]) for name, _ in mine]
        vector_to_values(numbers, [p for _, p in mine], "data")

    def _repr_html_(self) -> str | None:
        """The module in a notebook: a tree to unfold, with sizes, mean |w|, mean |grad| and paths."""
        try:
            return foldable(self)
        except Exception:  # a repr never raises: without this one, a notebook takes the other
            return None


register_structure(Module, take_apart, put_together)  # the classes below it see to themselves


class StateError(ValueError, TypeError):
    """What was to be loaded holds something else than numbers."""


def _as_number(name: str, entry: Any) -> float:
    """One entry of a state as a float."""
    if isinstance(entry, (list, tuple, dict)):
        raise StateError(f"load_state_dict: {name} is wrongly sized: one number belongs there, got {brief(entry)}")
    try:
        return Value(entry).data
    except (TypeError, ValueError, OverflowError) as error:
        raise StateError(f"load_state_dict: {name} is not a number: {error}") from None


def _some(names: list[str]) -> str:
    """The first few names and how many more there are."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(map(str, names[:5])) + more
