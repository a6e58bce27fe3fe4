"""The engine: Value, the graph it records, and the reverse sweep.

A Value is a number that remembers how it was made. Arithmetic on Values records one node per operation: the row of the
table that was applied, its operands, and the partial derivative towards each, taken at once from the numbers that
went in. `backward()` then needs no calculus: it visits the nodes in reverse topological order and passes

    adjoint(operand) += partial * adjoint(node)

which is the chain rule. This file is plain Python; with `engine.pxd` beside it Cython compiles it as it stands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from threading import RLock
from types import CellType, FunctionType
from typing import Any

import cython

from autograd._elementary import TABLE_WAS, Elementary
from autograd.numbers import as_float, describe, is_number
from autograd.primitives import FIRST_CODE, TABLE, Primitive, fingerprint

if not cython.compiled:
    from autograd._kernel import (
        ABS, ADD, CONSTANT, CUSTOM, DIV, FLOOR, LEAF, MUL, NEG, POW, SUB, Doubles,
        doubles, drop, fold_partial, fold_value, hang_dict_on, has_dict, partial1, partial2, poll, release, selects, value1, value2,
    )  # fmt: skip

__all__ = [
    "Fold", "Value", "attributes", "backward", "dismantle", "grad", "native", "no_grad", "rebuild", "record",
    "row_of", "topological_order",
]  # fmt: skip

if fingerprint() != TABLE_WAS:
    raise ImportError("primitives.py has changed: run `python autograd/_generate.py`, then `pip install .` to compile")

native: bool = cython.compiled
"""Whether this is the compiled engine."""


@cython.no_gc
@cython.cclass
class Value(Elementary):
    """A real number that remembers how it was computed.

    Args:
        data: A real number of any type; kept as a float. Dimensionless.
        children: Operands of a node whose rule you write yourself (set `_backward`, or give `local_grads`).
        op: The name of that rule; a tuple here is taken as `local_grads`.
        label: A name for printing and drawing.
        local_grads: `∂self/∂child`, one per child.

    Raises:
        TypeError: `data` is not a real number.

    >>> w, x = Value(2.0), Value(5.0)
    >>> loss = (w * x - 12) ** 2
    >>> loss.backward()
    >>> loss.data, w.grad
    (4.0, -20.0)
    """

    if not cython.compiled:
        __slots__ = ("__dict__", "_code", "_data", "_dx", "_dy", "_fold", "_grad", "_slot", "_x", "_y")

    def __init__(
        self,
        data: Any,
        children: Iterable[Value] = (),
        op: Any = "",
        label: str = "",
        *,
        local_grads: Iterable[float] = (),
        _children: Iterable[Value] = (),
        _op: str = "",
    ) -> None:
        self._data = data if type(data) is float else as_float(data, "Value(data)")
        self._grad = 0.0
        self._dx = self._dy = 0.0
        self._x = self._y = None
        self._fold = None
        self._code = LEAF
        self._slot = 0
        if children or _children or op or _op or label or local_grads:
            customise(self, children or _children, op or _op, label, local_grads)

    # --- what a user reads and writes ---

    @property
    def data(self) -> float:
        """The number. Setting it does not touch what was computed from it before."""
        return self._data

    @data.setter
    def data(self, x: Any) -> None:
        self._data = x if type(x) is float else as_float(x, "data")

    @property
    def grad(self) -> float:
        """∂root/∂self: summed over calls of `backward` for a leaf, of the last one for an inner node."""
        return self._grad

    @grad.setter
    def grad(self, x: Any) -> None:
        self._grad = x if type(x) is float else as_float(x, "grad")

    @property
    def label(self) -> str:
        """A name for printing and drawing; empty if none was given."""
        return attributes(self).get("label", "")

    @label.setter
    def label(self, text: str) -> None:
        vars(self)["label"] = text

    @property
    def operands(self) -> tuple[Value, ...]:
        """The nodes this one was computed from, in order and with repeats; empty for a leaf."""
        if self._fold is not None:
            return tuple([x for x in self._fold.operands if isinstance(x, Value)])
        if self._x is None:
            return ()
        return (self._x,) if self._y is None else (self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂operand for each of `operands`, at the numbers of the forward pass."""
        fold = self._fold
        if fold is not None:
            return tuple([fold.partials[i] for i in range(len(fold.operands)) if isinstance(fold.operands[i], Value)])
        if self._x is None:
            return ()
        if self._y is None:
            return (self._dx,)
        return (self._dx, self._dy)

    @property
    def primitive(self) -> Primitive | None:
        """The row of the table that made this node; None for a leaf, a constant or a rule of your own."""
        return row_of(self._code) if self._code > CUSTOM else None

    @property
    def is_constant(self) -> bool:
        """Whether no gradient flows here: a number lifted by an operator, a detached value, a result under `no_grad`."""
        return self._code == CONSTANT

    def item(self) -> float:
        """The number, as in PyTorch.

        >>> Value(2).item()
        2.0
        """
        return self._data

    def detach(self) -> Value:
        """The same number as a constant: gradients stop here.

        >>> x = Value(3.0)
        >>> (x * x.detach()).backward()
        >>> x.grad
        3.0
        """
        return constant(self._data)

    def zero_grad(self) -> None:
        """Set `grad` to 0."""
        self._grad = 0.0

    def backward(self, seed: Any = 1.0) -> None:
        """Add ∂self/∂leaf, times `seed`, to the `grad` of every leaf; inner nodes show their adjoint of this sweep.

        Raises:
            TypeError: `seed` is not a real number. Whatever is raised, every `grad` stays as it was.

        Cost: linear in the nodes below self; no recursion.
        """
        backward([self], [seed])

    # --- arithmetic: one line per operator ---
    # fmt: off
    def __add__(self, other: Any) -> Any: return binary(ADD, self, other)
    def __radd__(self, other: Any) -> Any: return reflected(ADD, self, other)
    def __sub__(self, other: Any) -> Any: return binary(SUB, self, other)
    def __rsub__(self, other: Any) -> Any: return reflected(SUB, self, other)
    def __mul__(self, other: Any) -> Any: return binary(MUL, self, other)
    def __rmul__(self, other: Any) -> Any: return reflected(MUL, self, other)
    def __truediv__(self, other: Any) -> Any: return binary(DIV, self, other)
    def __rtruediv__(self, other: Any) -> Any: return reflected(DIV, self, other)
    def __neg__(self) -> Value: return unary(NEG, self)
    def __pos__(self) -> Value: return self
    def __abs__(self) -> Value: return unary(ABS, self)
    def __floor__(self) -> Value: return unary(FLOOR, self)

    def _unary(self, code: cython.int) -> Any: return unary(code, self)
    def _binary(self, code: cython.int, other: Any) -> Any: return operate(code, self, other)

    # --- comparison: by data, as numbers compare; identity for hashing, since data may change ---
    def __eq__(self, other: object) -> Any: return compare(self, other, 0)
    def __ne__(self, other: object) -> Any: return compare(self, other, 1)
    def __lt__(self, other: Any) -> Any: return compare(self, other, 2)
    def __le__(self, other: Any) -> Any: return compare(self, other, 3)
    def __gt__(self, other: Any) -> Any: return compare(self, other, 4)
    def __ge__(self, other: Any) -> Any: return compare(self, other, 5)
    def __hash__(self) -> int: return id(self) >> 4
    def __bool__(self) -> bool: return self._data != 0.0

    def __float__(self) -> float: raise _cut("float(Value)")
    def __int__(self) -> int: raise _cut("int(Value)")
    def __complex__(self) -> complex: raise _cut("complex(Value)")
    def __round__(self, digits: Any = None) -> Any: raise _cut("round(Value)")
    def __trunc__(self) -> Any: raise _cut("math.trunc(Value)")
    def __ceil__(self) -> Value: return -(-self)._unary(FLOOR)
    def __repr__(self) -> str: return f"Value(data={self._data}, grad={self._grad})"
    def __format__(self, spec: str) -> str: return format(self._data, spec) if spec else repr(self)
    # fmt: on

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            raise TypeError("pow(Value, y, modulo) has no derivative: leave the third argument out")
        return binary(POW, self, other)

    def __rpow__(self, other: Any, modulo: Any = None) -> Any:
        return reflected(POW, self, other)

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Value:
        return record(primitive, operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from autograd.arrays import apply_ufunc

        return apply_ufunc(ufunc, method, inputs, kwargs)

    # --- the names of micrograd and microgpt ---

    @property
    def _prev(self) -> tuple[Value, ...]:
        return self.operands

    @property
    def _children(self) -> tuple[Value, ...]:
        return self.operands

    @property
    def _local_grads(self) -> tuple[float, ...]:
        return self.partials

    @property
    def _op(self) -> str:
        row = self.primitive
        return (row.symbol or row.name) if row is not None else attributes(self).get("op", "")

    @_op.setter
    def _op(self, text: str) -> None:
        vars(self)["op"] = text

    @property
    def _backward(self) -> Callable[[], None]:
        return lambda: pass_on(self)

    @_backward.setter
    def _backward(self, closure: Callable[[], None]) -> None:
        set_rule(self, closure)

    # --- copies ---

    def __copy__(self) -> Value:
        twin: Value = Value.__new__(Value)
        twin._data, twin._grad, twin._code, twin._slot = self._data, self._grad, self._code, 0
        twin._x, twin._y, twin._dx, twin._dy, twin._fold = self._x, self._y, self._dx, self._dy, self._fold
        vars(twin).update(attributes(self))
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        from autograd.copying import deepcopy_graph

        return deepcopy_graph(self, memo)  # type: ignore[no-any-return]

    def __reduce_ex__(self, protocol: Any) -> Any:
        from autograd.copying import reduce_graph

        return reduce_graph(self)

    # --- dropping a graph: a chain of any length, without recursion ---

    def __dealloc__(self) -> None:
        drop(self)

    if not cython.compiled:
        __del__ = __dealloc__


@cython.no_gc
@cython.cclass
class Fold:
    """What a node of many operands keeps besides: the operands (Values and numbers), their partials, a user's rule."""

    if not cython.compiled:
        __slots__ = ("operands", "partials", "rule", "shadow")

    def __init__(self, operands: tuple[Any, ...]) -> None:
        self.operands = operands
        self.partials = doubles(len(operands))
        self.rule: Callable[[], None] | None = None
        self.shadow: Value | None = None

    def __dealloc__(self) -> None:
        release(self.partials)


def _cut(what: str) -> TypeError:
    return TypeError(f"{what} would cut the graph: use v.data for the number, or v.exp() / autograd.exp(v) to stay on it")


# --- recording -------------------------------------------------------------------------------------------------------

_recording: ContextVar[bool] = ContextVar("recording", default=True)
_paused = 0  # how many no_grad blocks are open in any thread: while 0, nobody needs to ask the ContextVar


def unary(code: int, x: Value) -> Value:
    """The node of a unary row."""
    z: Value = Value.__new__(Value)
    z._data = value1(code, x._data)
    z._grad = z._dx = z._dy = 0.0
    z._slot = 0
    z._x = z._y = None
    z._fold = None
    if _paused and not _recording.get():
        z._code = CONSTANT
        return z
    z._code = code
    z._x = x
    z._dx = partial1(code, x._data, z._data)
    return z


def node2(code: int, x: Value, y: Value) -> Value:
    """The node of a binary row. A partial towards a constant is never computed."""
    z: Value = Value.__new__(Value)
    z._data = value2(code, x._data, y._data)
    z._grad = z._dx = z._dy = 0.0
    z._slot = 0
    z._x = z._y = None
    z._fold = None
    if _paused and not _recording.get():
        z._code = CONSTANT
        return z
    z._code = code
    z._x, z._y = x, y
    if x._code != CONSTANT:
        z._dx = partial2(code, 0, x._data, y._data, z._data)
    if y._code != CONSTANT:
        z._dy = partial2(code, 1, x._data, y._data, z._data)
    return z


def binary(code: int, x: Value, other: Any) -> Any:
    """`x (op) other`, lifting a number to a constant; NotImplemented for what may know how to do it itself."""
    if isinstance(other, Value):
        return node2(code, x, other)
    if type(other) is float:
        return node2(code, x, constant(other))
    y = _operand(other, code)
    return y if y is NotImplemented else node2(code, x, y)


def reflected(code: int, y: Value, other: Any) -> Any:
    """`other (op) y`."""
    if type(other) is float:
        return node2(code, constant(other), y)
    x = _operand(other, code)
    return x if x is NotImplemented else node2(code, x, y)


def operate(code: int, x: Value, other: Any) -> Any:
    """A named binary row; there is no reflected method to hand over to."""
    y = binary(code, x, other)
    if y is NotImplemented:
        raise TypeError(f"{row_of(code).name}: expected a real number or a Value, got {describe(other)}")
    return y


def constant(data: float) -> Value:
    """A number in the graph: no gradient flows to it."""
    z: Value = Value.__new__(Value)
    z._data = data
    z._grad = z._dx = z._dy = 0.0
    z._x = z._y = None
    z._fold = None
    z._code = CONSTANT
    z._slot = 0
    return z


def row_of(code: int) -> Primitive:
    """The row of the table behind a node's code."""
    return TABLE[code - FIRST_CODE]


def _operand(x: Any, code: int) -> Any:
    if isinstance(x, Value):
        return x
    if is_number(x) or x is None or isinstance(x, (str, bytes, complex)):
        return constant(as_float(x, f"operand of {row_of(code).symbol or row_of(code).name}"))
    return NotImplemented


def compare(x: Value, other: Any, how: int) -> Any:
    """Compare by data; NotImplemented for what is not a number, so that `v == "a"` is False and `v < "a"` raises."""
    if isinstance(other, Value):
        y: float = other.data
    elif is_number(other):
        y = float(other)
    else:
        return NotImplemented
    if how == 0:
        return x._data == y
    if how == 1:
        return x._data != y
    if how == 2:
        return x._data < y
    if how == 3:
        return x._data <= y
    return x._data > y if how == 4 else x._data >= y


def record(row: Primitive, operands: Sequence[Any]) -> Value:
    """The node of any row over Values and numbers."""
    n = len(operands)
    if n == 1 and len(row.partials) == 1:
        return unary(row.code, lift(operands[0], row.name))
    if n == 2 and len(row.partials) == 2:
        return node2(row.code, lift(operands[0], row.name), lift(operands[1], row.name))
    return fold(row.code, tuple([x if isinstance(x, Value) else as_float(x, row.name) for x in operands]))


def lift(x: Any, what: str) -> Value:
    """`x` if it is a Value, else the number as a constant."""
    return x if isinstance(x, Value) else constant(as_float(x, what))


def fold(code: int, operands: tuple[Any, ...]) -> Value:
    """One node over many operands, each a Value or a float."""
    n = len(operands)
    z = constant(0.0)
    xs = doubles(n)
    try:
        for i in range(n):
            x = operands[i]
            if isinstance(x, Value):
                v: Value = x
                xs[i] = v._data
            else:
                xs[i] = x
        z._data = fold_value(code, xs, n)
        if _paused and not _recording.get():
            return z
        z._fold = f = Fold(operands)
        z._code = code
        for i in range(n):
            if isinstance(operands[i], Value):
                f.partials[i] = fold_partial(code, i, xs, z._data)
    finally:
        release(xs)
    return z


class no_grad:
    """Inside, nothing is recorded: results are constants. A context manager and a decorator; per thread and task.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """

    def __init__(self) -> None:
        self._tokens: list[Any] = []

    def __enter__(self) -> None:
        global _paused
        _paused += 1
        self._tokens.append(_recording.set(False))

    def __exit__(self, *exc: object) -> None:
        global _paused
        _recording.reset(self._tokens.pop())
        _paused -= 1

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        from functools import wraps
        from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

        if isgeneratorfunction(function) or iscoroutinefunction(function) or isasyncgenfunction(function):
            raise TypeError(f"no_grad cannot decorate {function.__name__}: it yields; use `with no_grad():` inside it")

        @wraps(function)
        def quiet(*args: Any, **kwargs: Any) -> Any:
            with no_grad():
                return function(*args, **kwargs)

        return quiet


def attributes(node: Value) -> dict[str, Any]:
    """What was hung on a node: its label, the name of its rule, a user's own. Changing the result changes nothing."""
    return dict(vars(node)) if has_dict(node) else {}


def dismantle(node: Value, replace: Callable[[Value], Any]) -> tuple[Any, ...]:
    """The arguments of `rebuild` that make this node again, over `replace(operand)` in the place of each operand.

    Rows go by name, so that what was saved outlives a change of the table's order.

    Raises:
        TypeError: the node has a `_backward` closure, which refers to the nodes it was written for.
    """
    f = node._fold
    if f is None:
        operands: tuple[Any, ...] = node.operands
        partials: tuple[float, ...] = node.partials
    elif f.rule is not None:
        raise TypeError(f"{node!r} cannot be copied: its _backward closure refers to other nodes; give local_grads instead")
    else:
        operands = f.operands
        partials = tuple([f.partials[i] for i in range(len(operands))])
    replaced = tuple([replace(x) if isinstance(x, Value) else x for x in operands])
    return _NAMES[node._code], node._data, node._grad, f is not None, *replaced, *partials


@cython.locals(z=Value, f=Fold, i=cython.Py_ssize_t, n=cython.Py_ssize_t)
def rebuild(name: str, data: float, grad: float, folded: bool, *rest: Any) -> Value:
    """The node that `dismantle` took apart: `rest` is its operands, then as many partials.

    Raises:
        ValueError: no row of the table has that name.
    """
    if name not in _CODES:
        raise ValueError(f"this graph was saved with a function {name!r} that this version does not have")
    z = constant(data)
    z._grad = grad
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
    return z


_CODES = {"leaf": LEAF, "constant": CONSTANT, "custom": CUSTOM} | {row.name: row.code for row in TABLE}
_NAMES = {code: name for name, code in _CODES.items()}


# --- the reverse sweep -----------------------------------------------------------------------------------------------

_lock = RLock()  # a sweep numbers the nodes it visits, so one runs at a time
_depth = 0  # sweeps in progress: more than one only if a signal handler or a user's rule starts another


def backward(roots: Value | Iterable[Value], seeds: Any = None) -> None:
    """Add the gradient of the roots' sum, each times its seed, to the `grad` of every leaf, in one sweep.

    Args:
        roots: One Value or several.
        seeds: One number per root (1 if not given).

    Raises:
        TypeError: a root is not a Value, or a seed not a real number.
        ValueError: a root is a constant, or the seeds are not as many as the roots.

    >>> x = Value(3.0)
    >>> backward([x * x, 2 * x])
    >>> x.grad
    8.0
    """
    checked = as_values(roots, "backward")
    sweep(checked, as_seeds(seeds, len(checked)), None)


def grad(outputs: Value | Iterable[Value], inputs: Value | Iterable[Value], seeds: Any = None) -> Any:
    """∂(sum of outputs)/∂input for each input, without touching any `grad`: a list, or one float for one input.

    An input that the outputs do not depend on has derivative 0.

    Raises:
        TypeError: an output or input is not a Value.
        ValueError: an input is a constant, to which derivatives are not kept.

    >>> x, y = Value(3.0), Value(4.0)
    >>> grad(x * y, [x, y])
    [4.0, 3.0]
    """
    wanted = as_values(inputs, "grad")
    for x in wanted:
        if x.is_constant:
            raise ValueError(f"grad: {x!r} is a constant (detached, or made under no_grad): no derivative towards it")
    checked = as_values(outputs, "grad")
    found = sweep(checked, as_seeds(seeds, len(checked)), wanted)
    return found[0] if isinstance(inputs, Value) else found


def as_values(values: Value | Iterable[Value], what: str) -> list[Value]:
    """A list of Values from one or several."""
    found = [values] if isinstance(values, Value) else list(values)
    for x in found:
        if not isinstance(x, Value):
            raise TypeError(f"{what}: expected a Value, got {describe(x)}")
    return found


def as_seeds(seeds: Any, n: int) -> list[float]:
    """One float per root."""
    if seeds is None:
        return [1.0] * n
    found = [as_float(seed, "seed") for seed in ([seeds] if is_number(seeds) else seeds)]
    if len(found) != n:
        raise ValueError(f"expected {n} seeds, one per root, got {len(found)}")
    return found


def sweep(roots: list[Value], seeds: list[float], wanted: list[Value] | None) -> list[float]:
    """Run the chain rule backward from the roots; write every `grad`, or return the adjoints of the wanted nodes.

    Adjoints live in storage of the sweep's own until all of them are known. So an exception, a signal or a rule that
    raises leaves every `grad` as it was.
    """
    global _depth
    found: list[float] = []
    order: list[Value] = []
    for root in roots:
        if root._code == CONSTANT:
            raise ValueError(f"backward from {root!r}: a constant (detached, or made under no_grad) has no graph")
    with _lock:
        _depth += 1
        displaced: list[int] | None = [] if _depth > 1 else None
        try:
            number_nodes(roots, order, displaced)
            adjoints = doubles(len(order))
            try:
                for root, seed in zip(roots, seeds):  # noqa: B905  (checked; strict costs the compiled engine)
                    adjoints[root._slot] += seed
                propagate(order, adjoints)
                if wanted is None:
                    write_grads(order, adjoints)
                else:
                    for node in wanted:
                        found.append(adjoints[node._slot] if is_placed(node, order) else 0.0)
            finally:
                release(adjoints)
        finally:
            if displaced is not None:
                for i in range(len(displaced)):
                    order[i]._slot = displaced[i]
            _depth -= 1
    return found


def propagate(order: list[Value], adjoints: Doubles) -> None:
    """The chain rule, from the last node to the first."""
    for i in range(len(order) - 1, -1, -1):
        if i & 0xFFFF == 0:
            poll()
        node: Value = order[i]
        adjoint = adjoints[i]
        if node._code <= CONSTANT:
            continue
        if node._fold is not None:
            propagate_fold(node, adjoint, adjoints)
            continue
        x: Value = node._x
        if x._code != CONSTANT and (node._dx != 0.0 or not selects(node._code)):
            adjoints[x._slot] += node._dx * adjoint
        y: Value | None = node._y
        if y is not None and y._code != CONSTANT and (node._dy != 0.0 or not selects(node._code)):
            adjoints[y._slot] += node._dy * adjoint


def propagate_fold(node: Value, adjoint: float, adjoints: Doubles) -> None:
    """The same for a node of many operands."""
    f: Fold = node._fold
    operands = f.operands
    if f.rule is not None:
        for v, contribution in apply_rule(node, adjoint):
            x = v
            adjoints[x._slot] += contribution
    else:
        for i in range(len(operands)):
            if isinstance(operands[i], Value):
                x = operands[i]
                if x._code != CONSTANT and (f.partials[i] != 0.0 or not selects(node._code)):
                    adjoints[x._slot] += f.partials[i] * adjoint


def write_grads(order: list[Value], adjoints: Doubles) -> None:
    """Leaves add their adjoint to `grad`, inner nodes show it; all or none."""
    if cython.compiled:
        for i in range(len(order)):
            node: Value = order[i]
            if node._code == LEAF:
                node._grad += adjoints[i]
            elif node._code != CONSTANT:
                node._grad = adjoints[i]
    else:
        grads = [
            node._grad + adjoint if node._code == LEAF else adjoint if node._code != CONSTANT else node._grad
            for node, adjoint in zip(order, adjoints, strict=True)
        ]
        # One call into C, in which no signal can be delivered: nothing is half-written.
        deque(map(Value._grad.__set__, order, grads), maxlen=0)  # type: ignore[attr-defined]


def topological_order(roots: Value | Iterable[Value]) -> list[Value]:
    """Every node below the roots once, operands before the nodes made from them.

    >>> x = Value(2.0)
    >>> [node._op for node in topological_order(x * x + x)]
    ['', '*', '+']

    Cost: linear in nodes and edges; no recursion.
    """
    global _depth
    order: list[Value] = []
    with _lock:
        _depth += 1
        displaced: list[int] | None = [] if _depth > 1 else None
        try:
            number_nodes(as_values(roots, "topological_order"), order, displaced)
        finally:
            if displaced is not None:
                for i in range(len(displaced)):
                    order[i]._slot = displaced[i]
            _depth -= 1
    return order


def number_nodes(roots: list[Value], order: list[Value], displaced: list[int] | None) -> None:
    """Fill `order` with the nodes below the roots, and give each its place in it as `_slot`.

    A node is known to be in place when its slot points back at it, so there are no marks to clear. What a sweep within
    a sweep renumbers, it keeps in `displaced` and puts back.
    """
    stack: list[Any] = list(roots)
    stack.reverse()
    while stack:
        node: Value | None = stack.pop()
        if node is None:  # all operands of the node below are in place
            node = stack.pop()
        elif is_placed(node, order):
            continue
        elif node._code > CONSTANT:
            stack.append(node)
            stack.append(None)
            if node._fold is not None:
                for x in reversed(node._fold.operands):
                    if isinstance(x, Value) and not is_placed(x, order):
                        stack.append(x)
            else:
                if node._y is not None and not is_placed(node._y, order):
                    stack.append(node._y)
                if not is_placed(node._x, order):
                    stack.append(node._x)
            continue
        if displaced is not None:
            displaced.append(node._slot)
        node._slot = len(order)
        order.append(node)


def is_placed(node: Value, order: list[Value]) -> bool:
    """Whether the node is in the list already."""
    return node._slot < len(order) and order[node._slot] is node


# --- rules that a user writes: micrograd's `_backward` closures, microgpt's local gradients --------------------------


def customise(node: Value, children: Iterable[Value], op: Any, label: str, local_grads: Iterable[float]) -> None:
    """Make a fresh node what `Value(data, children, op, label)` or `Value(data, children, local_grads)` asks for."""
    if isinstance(op, (tuple, list)):
        op, local_grads = "", op
    operands = tuple(as_values(children, "Value(data, children)"))
    partials = [as_float(d, "local gradient") for d in local_grads]
    if partials and len(partials) != len(operands):
        raise ValueError(f"Value: {len(operands)} children need as many local gradients, got {len(partials)}")
    if label:
        node.label = label
    if op:
        node._op = op
    if operands and (not _paused or _recording.get()):
        node._code = CUSTOM
        node._fold = f = Fold(operands)
        for i in range(len(partials)):
            f.partials[i] = partials[i]


def set_rule(node: Value, closure: Any) -> None:
    """Give a node the rule `closure`, which reads the node's `grad` and adds to its operands'.

    A closure refers to the node it belongs to, and that cycle would never be freed: it gets a copy of the node to read.
    """
    if not callable(closure):
        raise TypeError(f"_backward: expected a function without arguments, got {describe(closure)}")
    operands, partials = node.operands, node.partials
    node._op = node._op
    f = Fold(operands)
    shadow = node.__copy__()
    shadow._x = shadow._y = None
    shadow._fold = Fold(operands)
    for i in range(len(operands)):
        f.partials[i] = shadow._fold.partials[i] = partials[i]
    cells = getattr(closure, "__closure__", None) or ()
    own = [i for i, cell in enumerate(cells) if holds(cell, node)]
    if own and isinstance(closure, FunctionType):
        replaced = tuple([CellType(shadow) if i in own else cell for i, cell in enumerate(cells)])
        closure = FunctionType(
            closure.__code__, closure.__globals__, closure.__name__, closure.__defaults__, replaced
        )
    f.rule, f.shadow = closure, shadow
    node._x = node._y = None
    node._fold = f
    node._code = shadow._code = CUSTOM


def holds(cell: Any, node: Value) -> bool:
    """Whether a closure's cell holds the node; an empty cell holds nothing."""
    try:
        return cell.cell_contents is node
    except ValueError:
        return False


def apply_rule(node: Value, adjoint: float) -> list[tuple[Value, float]]:
    """What a user's rule adds to each operand when the node's `grad` is `adjoint`; their own `grad` is left alone."""
    f: Fold = node._fold
    inputs = list({id(x): x for x in f.operands}.values())
    unique = [*inputs, node]
    before = [x.grad for x in unique]
    for x in unique:
        x.grad = 0.0
    try:
        node.grad = f.shadow.grad = adjoint
        f.shadow.data = node.data
        f.rule()
        return [(x, x.grad) for x in inputs]
    finally:
        for x, g in zip(unique, before, strict=True):
            x.grad = g


def pass_on(node: Value) -> None:
    """Add this node's share to its operands' `grad`: one step of the chain rule, by hand."""
    if node._fold is not None and node._fold.rule is not None:
        node._fold.shadow.grad = node.grad
        node._fold.rule()
    else:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if not operand.is_constant:
                operand.grad += partial * node.grad


hang_dict_on(Value, Value(0.0))
