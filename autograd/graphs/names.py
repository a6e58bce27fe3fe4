"""What Values are called: by their labels, by their place in a module, by the variables of whoever asks.

Looking for names calls nothing of a user's but `named_parameters`, writes no label, and keeps no reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import CO_OPTIMIZED
from itertools import islice
from types import FrameType
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.border.wording import brief
from autograd.graphs.graph import Graph
from autograd.values.value import Value

__all__ = ["Labels", "Names", "Part", "names_of", "scope_of"]

Labels = Literal["auto", "given"] | None | Mapping[Value, str]
Scope = Sequence[Mapping[str, Any]]
ELEMENTS = 200_000
"""So many elements of lists, dicts, arrays and modules are looked at; beyond, what is in sight has no names."""
PLAIN = {id(kind) for kind in (int, str, bool, type(None), bytes, complex)}
"""Most of what is looked at, and no modules; by id, since a class may have an `==` of its author's."""
DEEPEST = 1000
"""So many steps of a path are followed."""
LEVELS = 3
"""How deep lists in lists are looked into: `xs[0][1][2]`."""


class Part(NamedTuple):
    """A module within another, or in nothing.

    Attributes:
        path: Where it is, as in `model.layers.0`.
        kind: The name of its class.
        parent: The number of the module that it is in; -1 for an outermost one.
    """

    path: str
    kind: str
    parent: int


class Names(NamedTuple):
    """What the nodes of a graph are called.

    Attributes:
        given: Names of nodes, by number; nodes that nobody named are not in it. Two may have the same.
        parts: Modules in sight that own parameters of the graph, or modules that do; each after the one it is in.
        owners: For each parameter of the graph, by number, which part owns it: the innermost.
    """

    given: dict[int, str]
    parts: tuple[Part, ...]
    owners: dict[int, int]


def names_of(graph: Graph, labels: Labels = "auto", scope: Scope = ()) -> Names:
    """What the nodes of a graph are called.

    Args:
        graph: The graph.
        labels: "auto" takes the label that the author gave; where there is none the path of a parameter in a module
            in sight, `model.layers.0.b`; else a variable in sight, `w`, `xs[3]`, `params["w"]`, the shortest. "given"
            takes labels alone, None nothing. A dict of Values and their names goes before all of "auto"; "" there is
            no name.
        scope: Namespaces to look around in, inner before outer: see `scope_of`.

    Raises:
        TypeError, ValueError: `labels` is none of these.

    Cost: linear in the nodes, and in what is in sight up to 200,000 elements.

    >>> from autograd.graphs.graph import graph_of
    >>> w = [Value(2.0), Value(3.0)]
    >>> loss = w[0] * w[1]
    >>> names_of(graph_of(loss), scope=[{"w": w, "loss": loss}]).given
    {2: 'loss', 0: 'w[0]', 1: 'w[1]'}
    """
    if labels is None:
        return Names({}, (), {})
    told = told_names(graph, labels)
    given = graph.labels()
    if labels == "given":
        return Names(given, (), {})
    sight = Sight(graph, scope)
    found = sight.names | given | told
    return Names({i: name for i, name in found.items() if name}, tuple(sight.parts), sight.owners)


def scope_of(frame: FrameType, labels: Any = "auto") -> list[Mapping[str, Any]]:
    """The namespaces that the code in a frame sees, inner before outer, for `names_of`.

    Args:
        frame: Whose.
        labels: As `names_of` takes them. Where they come without variables, nothing is looked at, and there are none.

    >>> import sys
    >>> x = Value(3.0)
    >>> "x" in scope_of(sys._getframe())[0], scope_of(sys._getframe(), "given")
    (True, [])
    """
    if not isinstance(labels, Mapping) and not (isinstance(labels, str) and labels == "auto"):
        return []
    inner, outer = frame.f_locals, frame.f_globals
    if inner is outer:
        return [outer]
    if frame.f_code.co_flags & CO_OPTIMIZED and type(inner) is dict:
        # What Python gives is a copy that stays with the frame of a function, and would keep alive what is in it.
        copy = dict(inner)
        inner.clear()
        return [copy, outer]
    return [inner, outer]


def told_names(graph: Graph, labels: Labels) -> dict[int, str]:
    """The names in a dict of Values and names, for those that are in the graph."""
    if isinstance(labels, str) and labels in ("auto", "given"):
        return {}
    wanted = 'choose "auto", "given", None, or a dict of Values and their names'
    if isinstance(labels, str):
        raise ValueError(f"labels {brief(labels)} is no choice: {wanted}")
    if not isinstance(labels, Mapping):
        raise TypeError(f"labels: expected one of these, got {type(labels).__name__} {brief(labels)}: {wanted}")
    found, find = {}, graph.finder()
    for value, name in labels.items():
        if not isinstance(value, Value):
            raise TypeError(f"labels: expected Values as keys, got {type(value).__name__} {brief(value)}: {wanted}")
        if not isinstance(name, str):
            raise TypeError(f"labels: expected a str as the name of {value!r}, got {type(name).__name__} {brief(name)}")
        if (node := find(value)) >= 0:
            found[node] = str(name)
    return found


class Module(NamedTuple):
    """Something with `named_parameters`, the name of the variable it is in, and what it gave."""

    thing: Any
    name: str
    parameters: list[tuple[str, Value]]


class Sight:
    """What some namespaces call the nodes of a graph.

    Attributes:
        names: The name of each node that has one: the path in a module, or else the shortest variable.
        parts, owners: As in `Names`.
    """

    def __init__(self, graph: Graph, scope: Scope) -> None:
        self.find = graph.finder()
        self.names: dict[int, str] = {}
        self.parts: list[Part] = []
        self.owners: dict[int, int] = {}
        self.left = ELEMENTS
        self.modules: dict[int, tuple[str, Any]] = {}
        self.look_around(scope)
        self.name_parameters()

    def look_around(self, scope: Scope) -> None:
        """Find names in variables, and modules.

        Containers come level by level, small ones first: a data set may be in sight, and must not use up what is
        looked at.
        """
        containers: list[tuple[str, Any]] = []
        for name, thing in variables(scope):
            self.look_at(name, thing, containers)
        for _ in range(LEVELS):
            containers, these = [], sorted(containers, key=lambda pair: size_of(pair[1]))
            for name, container in these:
                for key, thing in elements(container, self.left):
                    self.left -= 1
                    if type(thing) is not float:
                        self.look_at(name, thing, containers, key)

    def look_at(self, name: str, thing: Any, containers: list[tuple[str, Any]], key: Any = None) -> None:
        """Note what a Value or a module is called, and put a container with those to be looked into."""
        kind = type(thing)  # not isinstance: that asks the thing itself
        if issubclass(kind, Value):
            if (node := self.find(thing)) >= 0:
                name = spelled(name, key)
                if len(name) < len(self.names.get(node, name + " ")):
                    self.names[node] = name
        elif issubclass(kind, (list, tuple, dict)) or (issubclass(kind, np.ndarray) and is_of_objects(thing)):
            containers.append((spelled(name, key), thing))
        elif is_module(kind):
            name = spelled(name, key)
            if len(name) < len(self.modules.get(id(thing), (name + " ",))[0]):
                self.modules[id(thing)] = name, thing

    def name_parameters(self) -> None:
        """Name the parameters of modules by their paths; of one that is in another too, by that in the outer one."""
        modules = [Module(thing, name, self.parameters_of(thing)) for name, thing in self.modules.values()]
        modules.sort(key=lambda m: (-len(m.parameters), -sum(len(path) for path, _ in m.parameters), len(m.name)))
        numbers: dict[int, int] = {}
        for module in modules:
            walk = Walk(module, self.parts, numbers)
            for path, value in module.parameters:
                if (node := self.find(value)) >= 0 and node not in self.owners:
                    self.names[node] = f"{module.name}.{path}"
                    self.owners[node] = walk.place_of(path.rpartition(".")[0])[1]

    def parameters_of(self, thing: Any) -> list[tuple[str, Value]]:
        """The parameters of a module with their paths, or nothing where it raises, or what it gives is no such."""
        try:
            found = list(islice(thing.named_parameters(), self.left))
            self.left -= len(found)
            return [(str(path), value) for path, value in found if issubclass(type(value), Value)]
        except Exception:  # a user's; a picture without these names is better than none
            return []


class Walk:
    """Where the paths of a module's parameters lead, and which modules are on the way."""

    def __init__(self, module: Module, parts: list[Part], numbers: dict[int, int]) -> None:
        self.module, self.parts, self.numbers = module, parts, numbers
        self.places: dict[str, tuple[Any, int]] = {}

    def place_of(self, path: str) -> tuple[Any, int]:
        """What is at a path, None if that cannot be seen, and the part that it is in, or is."""
        if path not in self.places:
            walked, thing = self.module.name, self.module.thing
            parent = self.part(thing, walked, -1)
            for name in path.split(".")[:DEEPEST] if path else ():
                walked += f".{name}"
                thing = member(thing, name)
                if is_module(type(thing)):
                    parent = self.part(thing, walked, parent)
            self.places[path] = thing, parent
        return self.places[path]

    def part(self, thing: Any, path: str, parent: int) -> int:
        """The number of a module among the parts, each once."""
        if id(thing) not in self.numbers:
            self.numbers[id(thing)] = len(self.parts)
            self.parts.append(Part(path, type.__getattribute__(type(thing), "__name__"), parent))
        return self.numbers[id(thing)]


def variables(scope: Scope) -> Iterator[tuple[str, Any]]:
    """The variables in namespaces, of two with one name the inner; none of IPython's, or that begin with `_`."""
    seen = {"In", "Out"}
    for namespace in scope:
        for name, thing in list(namespace.items()):
            if type(name) is str and not name.startswith("_") and name not in seen:
                yield name, thing
        seen.update(name for name in list(namespace) if type(name) is str)


def is_module(kind: type) -> bool:
    """Whether things of a class have parameters with names; their attributes are not asked, as any may be made up."""
    if id(kind) in PLAIN:
        return False
    bases = type.__getattribute__(kind, "__mro__")  # not of its metaclass, which may be anybody's
    return any("named_parameters" in type.__getattribute__(base, "__dict__") for base in bases)


def size_of(container: Any) -> int:
    """How many elements a container has, by the methods of Python's own types."""
    of = next(base for base in (list, tuple, dict, np.ndarray) if issubclass(type(container), base))
    return int(of.__len__(container))


def elements(container: Any, most: int) -> Iterator[tuple[Any, Any]]:
    """The first elements of a container with their keys, by the methods of Python's own types.

    Of a dict those whose keys can be typed in a few characters: strings and whole numbers.
    """
    if issubclass(type(container), dict):
        items = list(islice(dict.items(container), most))
        return ((key, thing) for key, thing in items if type(key) in (str, int))
    if issubclass(type(container), np.ndarray):
        return enumerate(islice(np.ndarray.view(container, np.ndarray), most))
    each = list.__iter__(container) if issubclass(type(container), list) else tuple.__iter__(container)
    return enumerate(islice(each, most))


def is_of_objects(array: Any) -> bool:
    """Whether an array may hold Values."""
    return bool(array.dtype == object and array.ndim)


def spelled(name: str, key: Any) -> str:
    """What somebody types to get at the element of a variable: `w[3]`, `params["w"]`; without a key the variable."""
    if key is None:
        return name
    text = repr(key)
    if text[0] == "'" and '"' not in text:
        text = f'"{text[1:-1]}"'
    return f"{name}[{text}]"


def member(thing: Any, name: str) -> Any:
    """What a part of a path stands for: an attribute, a place in a list or the key of a dict; None if none is there."""
    kind = type(thing)
    if issubclass(kind, (list, tuple)):
        return next(islice(elements(thing, int(name) + 1), int(name), None), (0, None))[1] if is_index(name) else None
    if issubclass(kind, dict):
        return dict.get(thing, name, dict.get(thing, int(name)) if is_index(name) else None)
    try:
        held = object.__getattribute__(thing, "__dict__")
    except AttributeError:  # it has slots
        return None
    return dict.get(held, name)


def is_index(name: str) -> bool:
    """Whether a part of a path is a whole number."""
    return name.isdecimal() and len(name) < 10
