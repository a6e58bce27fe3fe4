"""The engine: Value, a number that remembers how it was made, and the recording of what makes it.

Arithmetic on Values records one node per operation: the row of the table that was applied, its operands, and the
partial derivative towards each, taken at once from the numbers that went in. So the gradient is that of the forward
pass that ran, and the sweep (`sweep.py`) needs no calculus. This file is plain Python; with `engine.pxd` beside it,
which has the types, Cython compiles it as it stands.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from functools import partial
from threading import get_ident
from typing import Any
from weakref import ref

import cython

from autograd.border.conversion import as_float, describe, is_number
from autograd.border.forking import in_forked_processes
from autograd.calculus.primitive import FIRST_CODE, Primitive, Variadic
from autograd.calculus.table import TABLE, fingerprint
from autograd.values._methods import TABLE_WAS, Elementary

if not cython.compiled:
    from autograd.calculus.kernel import *  # noqa: F403  (engine.pxd names what it takes)

__all__ = [
    "Fold", "Joint", "Value", "all_operands", "attributes", "constant", "data_of", "finish", "heard_by", "is_recording",
    "is_stamped", "listener", "no_grad", "record", "recordings", "refuse", "refuse_any", "require_alive",
    "row_of", "rule_of", "stamp",
]  # fmt: skip

if fingerprint() != TABLE_WAS:
    raise ImportError(
        "the table has changed: run `python autograd/calculus/_generate.py`, then `pip install .` to compile"
    )


@cython.binding(False)  # methods check what they are called on, as those of Python's own types do
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

    A Value compares as its number does, which micrograd's does not: `Value(0.0)` is falsy, and `v in nodes` finds
    another node of equal number in a list. Ask `v is not None` and `v is w`, or keep nodes in a set: it goes by
    identity.

    Methods of your own may be set on the class (`Value.cube = lambda v: v**3`), or belong to a subclass.

    The compiled engine frees a graph by counting references: a cycle that you close yourself through an attribute
    (`v.me = v`) or a helper object that a `_backward` closure holds is never freed.

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
        children: Any = None,
        op: Any = "",
        label: str = "",
        *,
        local_grads: Any = None,
        _children: Any = None,
        _op: str = "",
    ) -> None:
        number = data if type(data) is float else as_float(data, "Value(data)")
        self._code = LEAF
        self._x: Any = None
        self._y: Any = None
        self._fold: Any = None
        self._data = number
        self._grad = self._dx = self._dy = 0.0
        self._slot = 0
        if _listening:
            heard(self)
        if children is not None or _children is not None or local_grads is not None or op or _op or label:
            from autograd.values.closures import customise

            customise(self, children if children is not None else _children, op or _op, label, local_grads)

    # --- what a user reads and writes ---

    @property
    def data(self) -> float:
        """The number. Setting it does not touch what was computed from it before."""
        if _listening:
            refuse("reading .data", self)
        if self._code < CONSTANT:
            refuse_over()
        return self._data

    @data.setter
    def data(self, x: Any) -> None:
        if _listening:
            refuse("setting .data")
        if self._code < CONSTANT:
            refuse_over()
        self._data = x if type(x) is float else as_float(x, "data")

    @property
    def grad(self) -> float:
        """∂root/∂self: summed over calls of `backward` for a leaf; for an inner node, of the last that reached it."""
        if _listening:
            refuse("reading .grad")
        if self._code < CONSTANT:
            refuse_over()
        return self._grad

    @grad.setter
    def grad(self, x: Any) -> None:
        if _listening:
            refuse("setting .grad")
        if self._code < CONSTANT:
            refuse_over()
        self._grad = x if type(x) is float else as_float(x, "grad")

    @property
    def label(self) -> str:
        """A name for printing and drawing; empty if none was given."""
        return str(attributes(self).get("label", ""))

    @label.setter
    def label(self, text: str) -> None:
        vars(self)["label"] = text

    @property
    def operands(self) -> tuple[Value, ...]:
        """The nodes this one was computed from, in order and with repeats; empty for a leaf."""
        if self._code < CONSTANT:
            refuse_over()
        if self._fold is not None:
            return tuple([x for x in self._fold.operands if isinstance(x, Value)])
        if self._x is None:
            return ()
        return (self._x,) if self._y is None else (self._x, self._y)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂operand for each of `operands`, at the numbers of the forward pass."""
        if _listening:
            refuse("reading .partials")
        if self._code < CONSTANT:
            refuse_over()
        fold = self._fold
        if fold is not None and isinstance(fold.rule, Joint):
            return tuple(fold.rule.partials())
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
        """Whether no gradient flows here: a number lifted by an operator, detached, or made under `no_grad`."""
        return self._code == CONSTANT

    @property
    def has_closure(self) -> bool:
        """Whether the node's rule is a `_backward` closure of the user's own."""
        return self._fold is not None and callable(self._fold.rule)

    def item(self) -> float:
        """The number, as in PyTorch.

        >>> Value(2).item()
        2.0
        """
        return self.data

    def conjugate(self) -> Value:
        """Self, being real; NumPy's `var` and `std` ask for it."""
        return self

    def zero_grad(self) -> None:
        """Set `grad` to 0."""
        self.grad = 0.0

    def backward(self, seed: Any = 1.0) -> None:
        """Add ∂self/∂leaf, times `seed`, to the `grad` of every leaf; inner nodes show their adjoint of this sweep.

        Raises:
            TypeError: `seed` is not a real number. Whatever is raised, every `grad` stays as it was.

        Cost: linear in the nodes below self; no recursion.
        """
        from autograd.engine.sweep import backward

        if _listening:
            refuse("calling .backward()")
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
    def __bool__(self) -> bool: return bool(compare(self, 0.0, 1))

    def __float__(self) -> float: raise _cut("float(Value)")
    def __int__(self) -> int: raise _cut("int(Value)")
    def __index__(self) -> int: raise _cut("using a Value as a whole number (range(n), table[i])")
    def __complex__(self) -> complex: raise _cut("complex(Value)")
    def __round__(self, digits: Any = None) -> Any: raise _cut("round(Value)")
    def __trunc__(self) -> Any: raise _cut("math.trunc(Value)")
    def __ceil__(self) -> Value: return unary(NEG, unary(FLOOR, unary(NEG, self)))
    def __repr__(self) -> str: return show(self)
    def __format__(self, spec: str) -> str: return format(self.data, spec) if spec else show(self)
    # fmt: on

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            raise TypeError("pow(Value, y, modulo) has no derivative: leave the third argument out")
        return binary(POW, self, other)

    def __rpow__(self, other: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            raise TypeError("pow(x, Value, modulo) has no derivative: leave the third argument out")
        return reflected(POW, self, other)

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Value:
        return record(primitive, operands)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from autograd.calculus.arrays import apply_ufunc

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
        if row is None and self._fold is not None and isinstance(self._fold.rule, Joint):
            return str(self._fold.rule.name)
        return (row.symbol or row.name) if row is not None else str(attributes(self).get("op", ""))

    @_op.setter
    def _op(self, text: str) -> None:
        vars(self)["op"] = text

    @property
    def _backward(self) -> Callable[[], None]:
        from autograd.values.closures import pass_on

        return lambda: pass_on(self)

    @_backward.setter
    def _backward(self, closure: Callable[[], None]) -> None:
        from autograd.values.closures import set_rule

        set_rule(self, closure)

    # --- copies ---

    def __copy__(self) -> Value:
        if _listening:
            refuse("copying a Value")
        twin: Value = Value.__new__(Value)
        twin._data, twin._grad, twin._code, twin._slot = self._data, self._grad, self._code, 0
        twin._x, twin._y, twin._dx, twin._dy, twin._fold = self._x, self._y, self._dx, self._dy, self._fold
        vars(twin).update(attributes(self))
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        from autograd.values.copying import deepcopy_graph

        if _listening:
            refuse("copying a Value")

        return deepcopy_graph(self, memo)

    def __getstate__(self) -> Any:
        if _listening:
            refuse("reading the state of a Value")
        raise TypeError("a Value has no state apart from its graph: copy.deepcopy or pickle it")

    def __reduce_ex__(self, protocol: Any) -> Any:
        from autograd.values.copying import reduce_graph

        if _listening:
            refuse("pickling a Value")

        return reduce_graph(self)

    # --- dropping a graph: a chain of any length, without recursion ---

    def __dealloc__(self) -> None:
        drop(self)

    if not cython.compiled:
        __del__ = __dealloc__


@cython.no_gc
@cython.cclass
class Fold:
    """What a node of many operands keeps besides: the operands (Values and numbers), their partials, and a rule.

    That is a user's closure; or for what has several results, which are differentiated together, a `Joint` on the node
    of the whole, and the number of a result on the node of each, whose one operand is the whole.
    """

    if not cython.compiled:
        __slots__ = ("operands", "partials", "rule", "shadow")

    def __init__(self, operands: tuple[Any, ...]) -> None:
        self.operands = operands
        self.partials = doubles(len(operands))
        self.rule: Any = None
        self.shadow: Any = None

    def __dealloc__(self) -> None:
        release(self.partials)


class Joint:
    """An operation that is no row of the table, and is differentiated as a whole: the rule of its node.

    Attributes:
        name: What is printed.
        many: Whether its results have nodes of their own; else its node is its one result.
    """

    __slots__ = ("many", "name")
    name: str
    many: bool

    def contributions(self, adjoints: dict[int, float]) -> Sequence[float | None]:
        """What goes on to each operand from the adjoints of the results that have one, by number; None for nothing."""
        raise NotImplementedError

    def contributions_as_values(self, operands: Sequence[Value], adjoints: dict[int, Any]) -> Sequence[Any]:
        """The same from Values and as Values, to be differentiated again."""
        raise NotImplementedError

    def partials(self) -> Sequence[float]:
        """∂result/∂operand; of several results, of their sum."""
        raise NotImplementedError


def show(v: Value) -> str:
    """What is printed: while a function is recorded there is no number to show, since each replay has its own."""
    if v._code < CONSTANT:
        return "Value(of a recording that is over)"
    if _listening and listener() is not None:
        return f"Value(recorded{', ' if v._op else ''}{v._op})"
    return f"Value(data={v._data}, grad={v._grad})"


def _cut(what: str) -> TypeError:
    if _listening:
        refuse(what)
    remedy = (
        "use v.data for the number, int(v.data) for a whole one; to stay on it, v.exp() or autograd.exp(v) for "
        "math.exp(v), v != v for math.isnan(v)"
    )
    return TypeError(f"{what} would cut the graph: {remedy}")


# --- recording -------------------------------------------------------------------------------------------------------

# What runs is switched through context variables, and what a `with` or a call holds on to. Nothing has to be put back
# at its end, so an interrupt at any moment leaves nothing switched. Sets tell what is switched in any thread: while
# they are empty, nobody needs to ask the context. They may hold too much for a while, and never too little.

_block: ContextVar[Any] = ContextVar("block", default=None)  # of no_grad: the one entered last in this thread and task
_paused: set[Any] = set()  # the blocks of no_grad that are open


def innermost() -> Any:
    """The block of `no_grad` that this thread and task are in, or None."""
    block = _block.get()
    while block is not None and not block.lasts():
        block = block.outer
    return block


def is_recording() -> bool:
    """Whether operations leave nodes here, in this thread and task: not under `no_grad`."""
    return not _pausing or innermost() is None


# Whoever records a function listens: it hears of every node, and of every comparison, that is made meanwhile.
_listener: ContextVar[Any] = ContextVar("listener", default=None)
_listeners: set[Any] = set()  # references to the recordings that are going on

# What every operation looks at: the sets themselves, or in the compiled engine their sizes as C's numbers.
_pausing: Any = 0 if cython.compiled else _paused
_listening: Any = 0 if cython.compiled else _listeners


def count() -> None:
    """Take the sizes of the sets anew."""
    global _pausing, _listening
    if cython.compiled:
        _pausing, _listening = len(_paused), len(_listeners)


def heard_by(recording: Any, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What the function gives; the recording hears what is made in this thread and task meanwhile. None hears nothing.

    A function that is recorded, or run to be differentiated, leaves nodes even where its caller wants none of its own.
    """
    context = copy_context()
    if recording is None:
        return context.run(listen, None, function, args, kwargs)
    mark = ref(recording, _listeners.discard)
    _listeners.add(mark)
    count()
    try:
        return context.run(listen, recording, function, args, kwargs)
    finally:
        _listeners.discard(mark)
        count()


def listen(recording: Any, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The same, in a context that is left afterwards."""
    _listener.set(recording)
    _block.set(None)
    return function(*args, **kwargs)


def listener() -> Any:
    """The recording that is going on in this thread and task, or None."""
    recording = _listener.get() if _listening else None
    return recording if recording is not None and recording.nodes is not None else None


def recordings() -> list[Any]:
    """Those that are going on, in any thread."""
    return [recording for recording in [mark() for mark in list(_listeners)] if recording is not None]


def heard(node: Value) -> None:
    """Tell of a new node."""
    recording = _listener.get()
    nodes = recording.nodes if recording is not None else None
    if nodes is not None:  # else it is over, and this is a task that the function began
        node._slot = STAMP
        nodes.append(node)


def keep_this_thread() -> None:
    """In a forked process: of what is switched, this thread's is left."""
    here = listener()
    for mark in list(_listeners):
        if mark() is not here:
            _listeners.discard(mark)
    for block in list(_paused):
        if block.thread != get_ident():
            _paused.discard(block)
    count()
    stop_draining()


in_forked_processes(keep_this_thread)

STAMP = 2**32 - 1  # in place of the number that a sweep gives: a Value of a recording in progress


def stamp(node: Value) -> None:
    """Mark an input of a recording."""
    node._slot = STAMP


def is_stamped(node: Value) -> bool:
    """Whether the node belongs to a recording in progress, if there is one."""
    return node._slot == STAMP


def refuse(what: str, node: Any = None) -> None:
    """Raise RecordingError if a function is being recorded here: `what` would freeze a number of this one run.

    A node that belongs to a recording refuses in every thread.
    """
    if listener() is not None or (node is not None and is_stamped(node)):
        from autograd.tape.recording import frozen

        raise frozen(what)


def refuse_any(what: str, nodes: list[Value]) -> None:
    """The same for what is done to many nodes at once."""
    if _listening:
        for node in nodes:
            refuse(what, node)


def finish(nodes: list[Value]) -> None:
    """The recording that made these Values is over: what uses one of them from now on is refused.

    Each replay has numbers of its own for them; theirs are those of the one run that was recorded.
    """
    for i in range(len(nodes)):
        node: Value = nodes[i]
        node._code = OVER
        node._x = node._y = node._fold = None


def require_alive(x: Value) -> Value:
    """The Value, unless it is of a recording that is over."""
    if x._code < CONSTANT:
        refuse_over()
    return x


def refuse_over() -> int:
    """Raise RecordingError for a Value of a recording that is over."""
    from autograd.tape.recording import outlived

    raise outlived()


def unrecorded(z: Value, code: int, operands: tuple[Any, ...]) -> Value:
    """A constant, through which no gradient flows. A function's recording is told how it comes about all the same."""
    for i in range(len(operands)):
        if isinstance(operands[i], Value):
            require_alive(operands[i])
    z._code = CONSTANT
    if _listening:
        heard(z)
        recording = listener()
        if recording is not None:
            recording.cuts[id(z)] = (row_of(code), operands)
    return z


def unary(code: int, x: Value) -> Value:
    """The node of a unary row."""
    z: Value = Value.__new__(Value)
    if not cython.compiled:
        clear(z)
    z._data = value1(code, x._data)
    if code == DETACH or (_pausing and not is_recording()):
        return unrecorded(z, code, (x,))
    if x._code < CONSTANT:
        refuse_over()
    z._code = code
    z._x = x
    z._dx = partial1(code, x._data, z._data)
    if _listening:
        heard(z)
    return z


def node2(code: int, x: Value, y: Value) -> Value:
    """The node of a binary row. A partial towards a constant is never computed."""
    z: Value = Value.__new__(Value)
    if not cython.compiled:
        clear(z)
    z._data = value2(code, x._data, y._data)
    if _pausing and not is_recording():
        return unrecorded(z, code, (x, y))
    z._code = code
    z._x, z._y = x, y
    if (x._code | y._code) < 0:  # one of them is OVER
        refuse_over()
    if x._code != CONSTANT:
        z._dx = partial2(code, 0, x._data, y._data, z._data)
    if y._code != CONSTANT:
        z._dy = partial2(code, 1, x._data, y._data, z._data)
    if _listening:
        heard(z)
    return z


LARGEST_INT = 2**1023  # below it, every int has a float


def binary(code: int, x: Value, other: Any) -> Any:
    """`x (op) other`, lifting a number to a constant; NotImplemented for what may know how to do it itself."""
    if isinstance(other, Value):
        return node2(code, x, other)
    if type(other) is float or (type(other) is int and -LARGEST_INT < other < LARGEST_INT):
        return node2(code, x, constant(float(other)))
    y = _operand(other, code)
    return y if y is NotImplemented else node2(code, x, y)


def reflected(code: int, y: Value, other: Any) -> Any:
    """`other (op) y`."""
    if type(other) is float or (type(other) is int and -LARGEST_INT < other < LARGEST_INT):
        return node2(code, constant(float(other)), y)
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
    if not cython.compiled:
        clear(z)
    z._data = data
    z._code = CONSTANT
    if _listening:
        heard(z)
    return z


def clear(node: Value) -> None:
    """Set every field but `_code` as it is in a new node; a compiled one comes so."""
    node._grad = node._dx = node._dy = 0.0
    node._x = node._y = node._fold = None
    node._slot = 0


def row_of(code: int) -> Primitive:
    """The row of the table behind a node's code."""
    return TABLE[code - FIRST_CODE]


def _operand(x: Any, code: int) -> Any:
    if isinstance(x, Value):
        return x
    if is_number(x) or x is None or isinstance(x, (str, bytes, complex)):
        return constant(as_float(x, f"operand of {row_of(code).symbol or row_of(code).name}"))
    return NotImplemented


_COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def compare(x: Value, other: Any, how: int) -> Any:
    """Compare by data; NotImplemented for what is not a number, so that `v == "a"` is False and `v < "a"` raises."""
    given = other
    if isinstance(other, Value):
        y: Value = require_alive(other)
        other = y._data
    elif isinstance(other, float):
        other = given = float(other)
    elif not is_number(other):
        return NotImplemented
    if x._code < CONSTANT:
        refuse_over()
    outcome = bool(_COMPARISONS[how](x._data, other))  # NumPy's scalars give bools of their own
    if _listening:
        recording = listener()
        if recording is not None:
            recording.guard(how, x, given, outcome)
        else:
            refuse("comparing in another thread", x)
            if isinstance(given, Value):
                refuse("comparing in another thread", given)
    return outcome


def data_of(x: Value) -> float:
    """The number, also while a function is recorded: for what makes nothing of it that a replay would need."""
    if x._code < CONSTANT:
        refuse_over()
    return x._data


def record(row: Primitive, operands: Sequence[Any]) -> Value:
    """The node of any row over Values and numbers."""
    n = len(operands)
    if not isinstance(row, Variadic) and n != len(row.partials):
        raise TypeError(f"{row.name} takes {len(row.partials)} operands, got {n}")
    if row.code == DOT and n % 2:
        raise TypeError(f"dot takes its operands in pairs, got {n}")
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
    z: Value = Value.__new__(Value)
    if not cython.compiled:
        clear(z)
    xs = doubles(n)
    try:
        for i in range(n):
            x = operands[i]
            if isinstance(x, Value):
                v: Value = x
                if v._code < CONSTANT:
                    refuse_over()
                xs[i] = v._data
            else:
                xs[i] = x
        z._data = fold_value(code, xs, n)
        if _pausing and not is_recording():
            return unrecorded(z, code, operands)
        z._fold = f = Fold(operands)
        z._code = code
        fold_partials(code, xs, n, z._data, f.partials)
        if _listening:
            heard(z)
    finally:
        release(xs)
    return z


class Block:
    """One time that `no_grad` is entered.

    Attributes:
        leaving: A weak reference to what leaves it, where that is an object of its own.
        outer: The block that was open around it.
        entered, over: How far it has come.
        thread: Where it began.
    """

    __slots__ = ("entered", "leaving", "outer", "over", "thread")

    def __init__(self) -> None:
        self.entered = self.over = False
        self.leaving: Any = None
        self.outer: Any = None
        self.thread = get_ident()

    def lasts(self) -> bool:
        """Whether it has not been left, and still can be."""
        return not self.over and (self.leaving is None or self.leaving() is not None)


_looked_up: ContextVar[Any] = ContextVar("looked_up", default=None)  # the block whose leaving was asked for last


class Leaving:
    """`no_grad.__exit__`: a new function each time that it is looked up.

    A `with` statement does so before it enters, and holds that function until the block has been left, in whatever way.
    So the block lasts as long as the function does: cut short by an interrupt anywhere, even in the midst of entering
    or leaving, it is over.
    """

    def __get__(self, instance: Any, owner: Any = None) -> Callable[..., None]:
        block = Block()
        leaving = partial(leave, block)
        block.leaving = ref(leaving)
        _looked_up.set(block)
        return leaving


def leave(block: Block, *args: object) -> None:
    """End the block of `no_grad`; if it was never entered, that which was entered by hand last."""
    found = block if block.entered else innermost()
    if found is None:
        raise RuntimeError("no_grad: left without having been entered")
    found.over = True
    _paused.discard(found)
    count()


class no_grad:  # noqa: N801  (PyTorch's name)
    """Inside, nothing is recorded: results are constants. A context manager and a decorator; per thread and task.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """

    def __init__(self, function: object = None) -> None:
        if function is not None:
            raise TypeError("no_grad is called before it decorates: write @no_grad() with parentheses")

    def __enter__(self) -> None:
        block = _looked_up.get()
        if block is None or block.entered or not block.lasts():  # no `with` is under way: it is entered by hand
            block = Block()
        block.outer, block.entered = innermost(), True
        _paused.add(block)
        count()
        _block.set(block)

    __exit__ = Leaving()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with nothing recorded inside it."""
        from functools import wraps
        from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

        if isgeneratorfunction(function) or iscoroutinefunction(function) or isasyncgenfunction(function):
            raise TypeError(f"no_grad cannot decorate {function.__name__}: it yields; use `with no_grad():` inside it")

        @wraps(function)
        def quiet(*args: Any, **kwargs: Any) -> Any:
            with no_grad():
                return function(*args, **kwargs)

        return quiet


def all_operands(node: Value) -> tuple[Any, ...]:
    """What the row was applied to: Values, and the numbers of a row of many operands."""
    return node.operands if node._fold is None else tuple(node._fold.operands)


def rule_of(node: Value) -> Any:
    """The rule of a node that is no row of the table; None if it has none: see `Fold`."""
    return node._fold.rule if node._fold is not None else None


def attributes(node: Value) -> dict[str, Any]:
    """What was hung on a node: its label, the name of its rule, a user's own. Changing the result changes nothing."""
    return dict(vars(node)) if has_dict(node) else {}


_dying_attributes: list[Any] = []  # see node.pxd
hang_dict_on(Value, Value(0.0))
