"""Copies of a graph at any depth, without recursion: `copy.deepcopy` and `pickle`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import cython

from autograd.calculus.primitive import FIRST_CODE
from autograd.calculus.table import TABLE
from autograd.engine.listening import tell_made
from autograd.engine.node import Fold, N, Node
from autograd.engine.reading import attributes, operands_of, partials_of, rule_of
from autograd.engine.rules import Result
from autograd.engine.sweep import in_order

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, CUSTOM, LEAF
    from autograd.engine.listening import _listening
    from autograd.engine.node import blank

__all__ = ["copied", "deepcopy_graph", "reduce_graph"]


def copied(node: N) -> N:
    """A node of the same number, operands and attributes, of which nobody is told."""
    twin: N = blank()
    twin._data, twin._grad, twin._code = node._data, node._grad, node._code
    twin._x, twin._y, twin._dx, twin._dy, twin._fold = node._x, node._y, node._dx, node._dy, node._fold
    vars(twin).update(attributes(node))
    return twin


def deepcopy_graph(root: Node, memo: dict[int, Any]) -> Any:
    """The copy of `root`; every node below it is copied into `memo`, so what was shared stays shared."""
    from copy import deepcopy

    fresh = []
    for node in reachable(root):
        if id(node) not in memo:
            memo[id(node)] = put_together(*dismantle(node, lambda operand: memo[id(operand)]))
            fresh.append(node)
    for node in fresh:  # attributes last: they may refer to any node of the graph
        if hung := attributes(node):
            vars(memo[id(node)]).update(deepcopy(hung, memo))
    twin: Node = memo[id(root)]
    return twin


def reachable(root: Node) -> list[Node]:
    """Every node below the root, then those below Values hung on them as attributes; operands before their users."""
    found: list[Node] = []
    seen: set[int] = set()
    pending = [root]
    while pending:
        top = pending.pop()
        if id(top) not in seen:
            fresh = [node for node in in_order([top]) if id(node) not in seen]
            seen.update(map(id, fresh))
            found += fresh
            for node in fresh:
                pending.extend(x for x in attributes(node).values() if isinstance(x, Node))
    return found


class Shell:
    """A node on its way into a pickle. It becomes the Value again as soon as it is loaded.

    Pickle would recurse from a node into its operands. A root is saved as the list of the shells below it, operands
    first; by the time a shell is saved, those of its operands are in the pickler's memo. A node keeps one shell as long
    as some pickler remembers it, so that nodes shared by two roots stay shared.
    """

    __slots__ = ("__weakref__", "node")
    alive: ClassVar[WeakValueDictionary[int, Shell]] = WeakValueDictionary()

    def __init__(self, node: Node) -> None:
        self.node = node

    @classmethod
    def of(cls, node: Node) -> Shell:
        """The shell of a node."""
        shell = cls.alive.get(id(node))
        if shell is None:
            shell = cls.alive[id(node)] = cls(node)
        return shell

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuild, dismantle(self.node, Shell.of)


def reduce_graph(root: Node) -> tuple[Any, ...]:
    """What pickle saves for a root: the nodes, what hangs on them, and which is the root."""
    nodes = reachable(root)
    hung = []
    for node in nodes:
        if found := attributes(node):
            named = {name: Shell.of(x) if isinstance(x, Node) else x for name, x in found.items()}
            hung.append((Shell.of(node), named))
    return assemble, ([Shell.of(node) for node in nodes], hung, Shell.of(root))


def assemble(nodes: list[Node], hung: list[tuple[Node, dict[str, Any]]], root: Node) -> Node:
    """The root, once its graph is loaded and has its attributes again.

    Raises:
        TypeError: a Value is none.
    """
    for x in (*nodes, *[node for node, _ in hung], root):
        if not isinstance(x, Node):
            raise TypeError(f"this graph is damaged: it has a {type(x).__name__} in place of a Value")
    for node, named in hung:
        if not all(type(key) is str for key in named):
            raise TypeError(f"this graph is damaged: attributes {named!r:.60}")
        vars(node).update(named)
    return root


def dismantle(node: Node, replace: Callable[[Node], Any]) -> tuple[Any, ...]:
    """The arguments of `rebuild` that make this node again, over `replace(operand)` in the place of each operand.

    Rows go by name, so that what was saved outlives a change of the table's order.

    Raises:
        TypeError: the node has a rule of its own: a `_backward` closure refers to the nodes it was written for, that of
            a compiled function keeps what it was given.
    """
    f = node._fold
    if f is None:
        operands: tuple[Any, ...] = operands_of(node)
        partials: tuple[float, ...] = partials_of(node)
    elif f.rule is not None:
        whole = f.operands[0] if isinstance(f.rule, Result) else node
        raise TypeError(f"{node!r} cannot be copied: {rule_of(whole).bound}")
    else:
        operands = f.operands
        partials = tuple([f.partials[i] for i in range(len(operands))])
    replaced = tuple([replace(x) if isinstance(x, Node) else x for x in operands])
    return _NAMES[node._code], node._data, node._grad, f is not None, *replaced, *partials


def rebuild(name: str, data: float, grad: float, folded: bool, *rest: Any) -> Node:
    """The node that `dismantle` took apart, out of a pickle: `rest` is its operands, then as many partials.

    The pickle may be damaged or forged, and the engine looks at no node twice: what no node can be is refused here.

    Raises:
        ValueError: no row of the table has that name, or it takes other operands.
        TypeError: a number is no float, or an operand no Value.
    """
    check_node(name, data, grad, folded, rest)
    node: Node = put_together(name, data, grad, folded, *rest)
    return node


@cython.locals(z=Node, f=Fold, i=cython.Py_ssize_t, n=cython.Py_ssize_t)  # type: ignore[untyped-decorator]
def put_together(name: str, data: float, grad: float, folded: bool, *rest: Any) -> Any:
    """The node that `dismantle` took apart."""
    z = blank()
    z._data, z._grad = data, grad
    z._code = _CODES[name]
    n = len(rest) // 2
    if folded:
        z._fold = f = Fold(rest[:n])
        for i in range(n):
            f.partials[i] = rest[n + i]
    elif n == 1:
        z._x, z._dx = rest
    elif n == 2:
        z._x, z._y, z._dx, z._dy = rest
    if _listening:
        tell_made(z)
    return z


def check_node(name: Any, data: Any, grad: Any, folded: Any, rest: tuple[Any, ...]) -> None:
    """Pass if `rebuild` can make a node of this."""
    if type(name) is not str or name not in _CODES:
        raise ValueError(f"this graph was saved with a function {name!r:.60} that this version does not have")
    n = len(rest) // 2
    operands, numbers = rest[:n], (data, grad, *rest[n:])
    if not fits(name, n, folded) or len(rest) % 2:
        raise ValueError(f"this graph is damaged: {name} of {len(rest)} operands and partials, folded {folded!r:.20}")
    numbers_too = folded is True and name != "custom"  # floats to the letter: what is no float is taken for a node
    fit = all(isinstance(x, Node) or (numbers_too and type(x) is float) for x in operands)
    if not fit or not all(type(x) is float for x in numbers):
        raise TypeError(f"this graph is damaged: {name} with data {data!r:.40}, grad {grad!r:.40} of {rest!r:.60}")


def fits(name: str, n: int, folded: Any) -> bool:
    """Whether a node of that name has `n` operands, in a fold or not."""
    if name in ("leaf", "constant"):
        return n == 0 and folded is False
    if name == "custom":
        return folded is True
    row = TABLE[_CODES[name] - FIRST_CODE]
    return row.takes(n) and folded is (len(row.partials) not in (1, 2))


_CODES = {"leaf": LEAF, "constant": CONSTANT, "custom": CUSTOM} | {row.name: row.code for row in TABLE}
_NAMES = {code: name for name, code in _CODES.items()}
