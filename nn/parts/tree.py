"""Modules in modules: the children of one, all below it with their paths, and in which order a function is applied."""

from collections.abc import Callable, Iterator
from typing import Any

from nn.parts.walk import Structured, opened

__all__ = ["apply_below", "children_of", "named_below"]


def children_of(module: Any) -> list[tuple[str, Any]]:
    """The modules nearest below one, however nested in lists, tuples, dicts and arrays, each once, with their paths.

    >>> from nn import MLP
    >>> [(name, len(layer.neurons)) for name, layer in children_of(MLP(2, [3, 1]))]
    [('layers.0', 3), ('layers.1', 1)]
    """
    found: list[tuple[str, Any]] = []
    met = {id(module)}
    stack = [named_items(module, "")]
    while stack:
        for path, x in stack[-1]:
            if id(x) in met:
                continue
            if isinstance(x, Structured):
                met.add(id(x))
                found.append((path, x))
            elif opened(x) is not None:
                met.add(id(x))
                stack.append(named_items(x, f"{path}."))
                break
        else:
            stack.pop()
    return found


def named_items(container: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """What a container holds, with the path of each."""
    kind, items = opened(container)  # type: ignore[misc]  # asked for containers alone
    return iter([(prefix + name, x) for name, x in zip(kind.names(), items, strict=True)])


def named_below(module: Any) -> list[tuple[str, Any]]:
    """A module under the name "", and every module below it with its path, each once and before those in it.

    >>> from nn import Layer
    >>> [name for name, _ in named_below(Layer(3, 2))]
    ['', 'neurons.0', 'neurons.1']
    """
    found: list[tuple[str, Any]] = []
    met: set[int] = set()
    stack = [("", module)]
    while stack:
        path, x = stack.pop()
        if id(x) in met:
            continue
        met.add(id(x))
        found.append((path, x))
        start = f"{path}." if path else ""
        stack += [(start + name, child) for name, child in reversed(children_of(x))]
    return found


def apply_below(module: Any, function: Callable[[Any], Any]) -> None:
    """Call a function with every module below one, and with itself; each once, and after those in it.

    >>> from nn import Layer
    >>> seen = []
    >>> apply_below(Layer(3, 2), lambda module: seen.append(type(module).__name__))
    >>> seen
    ['Neuron', 'Neuron', 'Layer']
    """
    met = {id(module)}
    stack = [(module, iter(children_of(module)))]
    while stack:
        x, children = stack[-1]
        for _, child in children:
            if id(child) not in met:
                met.add(id(child))
                stack.append((child, iter(children_of(child))))
                break
        else:
            stack.pop()
            function(x)
