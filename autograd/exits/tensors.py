"""Numbers that write a graph of ONNX as they are computed with: doubles, one for each row of a batch.

A row of the table that is applied to them is written by operators of ONNX; which these are, others say. Equal nodes are
one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from autograd.calculus.arithmetic import Conditions
from autograd.calculus.primitive import Primitive

__all__ = ["Graph", "Tensor"]

DOUBLE, LONG = 11, 7
"""What ONNX calls these kinds of numbers."""


class Graph:
    """A graph that grows.

    Args:
        onnx: The library.
        apply: Writes a row of the table.

    Attributes:
        nodes: Its nodes, in an order in which they can be computed.
        constants: Its numbers, as tensors.
    """

    def __init__(self, onnx: Any, apply: Callable[[Graph, Primitive, Sequence[Tensor]], Tensor]) -> None:
        self.helper, self.apply = onnx.helper, apply
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names: dict[Any, str] = {}

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """The name of what an operator gives."""
        key = operator, inputs, tuple(attributes.items())
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = f"/{operator}_{len(self.nodes)}"
            self.nodes.append(self.helper.make_node(operator, list(inputs), [found], name=found, **attributes))
        return found

    def constant(self, x: float) -> str:
        """The name of a number."""
        return self._constant(DOUBLE, [], struct.pack("d", x), x)

    def whole(self, *ks: int) -> str:
        """The name of a vector of whole numbers."""
        return self._constant(LONG, [len(ks)], ks, *ks)

    def _constant(self, kind: int, shape: list[int], key: Any, *numbers: float) -> str:
        found = self._names.get((kind, key))
        if found is None:
            found = self._names[kind, key] = f"/constant_{len(self.constants)}"
            self.constants.append(self.helper.make_tensor(found, kind, shape, numbers))
        return found

    def tensor(self, x: Any) -> Tensor:
        """A number, as one of this graph."""
        return x if isinstance(x, Tensor) else Tensor(self, float(x))


class Tensor(Conditions):
    """A number of each row of a batch, or one of all.

    Args:
        graph: Where it is written.
        what: Its number, if it is a constant; else the name of its node.
        truth: Whether the node is a truth value, which is 1 or 0 to whom takes it for a number.
    """

    __slots__ = ("_number", "graph", "truth", "what")

    def __init__(self, graph: Graph, what: float | str, truth: bool = False) -> None:
        self.graph, self.what, self.truth = graph, what, truth
        self._number = ""

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Tensor:
        return self.graph.apply(self.graph, primitive, [self.graph.tensor(x) for x in operands])

    @property
    def number(self) -> str:
        """Its name as a double."""
        if isinstance(self.what, float):
            return self.graph.constant(self.what)
        if self.truth and not self._number:
            self._number = self.graph.node("Cast", self.what, to=DOUBLE)
        return self._number or self.what

    @property
    def condition(self) -> str:
        """The name of whether it is not 0; nan is not."""
        if self.truth:
            assert isinstance(self.what, str)
            return self.what
        return self.graph.node("Not", self.graph.node("Equal", self.number, self.graph.constant(0.0)))

    def by(self, operator: str, *others: Tensor, **attributes: Any) -> Tensor:
        """What an operator of numbers gives of it and others."""
        names = [x.number for x in (self, *others)]
        return Tensor(self.graph, self.graph.node(operator, *names, **attributes))

    def decided(self, operator: str, *others: Tensor) -> Tensor:
        """What an operator that compares numbers decides."""
        return Tensor(self.graph, self.graph.node(operator, self.number, *[x.number for x in others]), truth=True)
