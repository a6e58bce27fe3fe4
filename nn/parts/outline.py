"""A module as a tree: what holds what, and which of the parameters are whose."""

from typing import Any

from autograd import Value
from nn.parts.anatomy import FIRST, Container
from nn.parts.walk import Walk

__all__ = ["Part", "outline"]


class Part:
    """What holds parameters in a module: the module itself, one in it, a list, tuple, dict or array, a parameter.

    Only a parameter that is an attribute is a part; those in lists and dicts are counted.

    Attributes:
        name: What its holder calls it: attribute, place or key; "" for the root.
        kind: "module", "list", "tuple", "dict", "array" or "parameter".
        thing: What it is; None for a tuple, which may not be told from another.
        parts: What it holds.
        begin, end: Its parameters among all, but for those that were met before.
    """

    __slots__ = ("begin", "end", "holder", "kind", "name", "parts", "thing")

    def __init__(self, holder: "Part | None", name: str, kind: str, thing: Any, begin: int) -> None:
        self.holder, self.name, self.kind, self.thing, self.begin, self.end = holder, name, kind, thing, begin, begin
        self.parts: list[Part] = []
        if holder is not None:
            holder.parts.append(self)

    @property
    def path(self) -> str:
        """Its path from the root, as in `named_parameters`; "" for the root."""
        names, part = [], self
        while part.holder is not None:
            names.append(part.name)
            part = part.holder
        return ".".join(reversed(names[:-1]))  # without what holds the root

    def nearest(self) -> list["Part"]:
        """The parts below it as a reader sees them, in order: modules, however nested in lists, and other attributes.

        >>> from nn import MLP
        >>> [part.path for part in outline(MLP(2, [3, 1]))[0].nearest()]
        ['layers.0', 'layers.1']
        """
        found = []
        stack = self.parts[::-1]
        while stack:
            part = stack.pop()
            if part.kind in ("module", "parameter") or not part.holds_modules():
                found.append(part)
            else:
                stack += [x for x in reversed(part.parts) if x.kind != "parameter"]
        return [part for part in found if part.kind == "module" or part.begin < part.end]

    def holds_modules(self) -> bool:
        """Whether there are modules in it, however deep."""
        stack = list(self.parts)
        while stack:
            part = stack.pop()
            if part.kind == "module":
                return True
            stack += part.parts
        return False

    def modules(self) -> list["Part"]:
        """Itself and every part below that is a module, in the order of definition.

        >>> from nn import Layer
        >>> [part.path for part in outline(Layer(3, 2))[0].modules()]
        ['', 'neurons.0', 'neurons.1']
        """
        found, stack = [], [self]
        while stack:
            part = stack.pop()
            if part.kind == "module":
                found.append(part)
            stack += reversed(part.parts)
        return found


def outline(root: Any) -> tuple[Part, list[Value]]:
    """The tree of a module, and its parameters in their order.

    Cost: a walk over the module.

    >>> from nn import Neuron
    >>> whole, parameters = outline(Neuron(2))
    >>> [(part.path, part.kind, part.end - part.begin) for part in whole.parts], len(parameters)
    ([('w', 'list', 2), ('b', 'parameter', 1)], 3)
    """
    walk = Walk(root)
    things = iter(walk.containers)
    top = Part(None, "", "", None, 0)  # what holds the root
    holders = [(top, 0)]  # each with how many names there will be when all its items have come
    names = [""]  # of what comes, the next on top
    met = 0
    for entry in walk.parts:
        while len(names) == holders[-1][1]:
            holders.pop()[0].end = met
        holder, name = holders[-1][0], names.pop()
        if isinstance(entry, Container):
            part = Part(holder, name, entry.kind, next(things) if entry.mutable else None, met)
            holders.append((part, len(names)))
            names += reversed(entry.names())
        elif entry is FIRST:
            met += 1
            if holder.kind == "module":
                Part(holder, name, "parameter", walk.parameters[met - 1], met - 1).end = met
    for part, _ in holders:
        part.end = met
    return top.parts[0], walk.parameters
