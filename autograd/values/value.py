"""Value: a node as a user holds it, with all that Python, NumPy, micrograd and pickle ask of a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from operator import index
from typing import Any

import cython

from autograd.border.conversion import as_float
from autograd.border.wording import refuse_misspelt
from autograd.calculus.application import apply_composed
from autograd.calculus.arrays import apply_function, apply_ufunc
from autograd.calculus.composed import clip, rounded
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import fingerprint
from autograd.engine.hooks import Handle, register
from autograd.engine.listening import refuse_over, tell_made
from autograd.engine.node import constant, made_of, node_of, row_of
from autograd.engine.reading import attributes, name_of, operands_of, partials_of, refuse, require_alive, rule_of
from autograd.engine.sweep import sweep
from autograd.values._methods import TABLE_WAS, Elementary
from autograd.values.closures import Closure, customise, pass_on, set_rule
from autograd.values.comparing import compare, identity
from autograd.values.copying import copied, deepcopy_graph, reduce_graph
from autograd.values.freezing import freeze
from autograd.values.misspelt import MEANT, NAMES
from autograd.values.showing import cut_by, show, without

if not cython.compiled:
    from autograd.calculus._codes import (  # isort: skip
        ABS, ADD, CEIL, CONSTANT, CUSTOM, DIV, FLOOR, FLOOR_DIVIDE, IS_EQ, IS_GE, IS_GT, IS_LE, IS_LT, IS_NE,
        LEAF, MUL, NEG, POW, REMAINDER, RINT, SUB, TRUNC,
    )  # fmt: skip
    from autograd.engine.listening import _listening
    from autograd.engine.node import node2, operand, unary

__all__ = ["Value"]

if fingerprint() != TABLE_WAS:
    raise ImportError("the table has changed: run `python autograd/calculus/_generate.py`, then `pip install .`")


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
        __slots__ = ()
        __module__ = "autograd"  # where users find it

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
        number = float(data) if is_plain(data) else as_float(data, "Value(data)")
        self._code = LEAF
        self._x = self._y = self._fold = None
        self._data = number
        self._grad = self._dx = self._dy = 0.0
        self._slot = 0
        if children is not None or _children is not None or local_grads is not None or op or _op or label:
            customise(self, children if children is not None else _children, op or _op, label, local_grads)
        if _listening:
            tell_made(self)

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
        self._data = float(x) if is_plain(x) else as_float(x, "data")

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
        self._grad = float(x) if is_plain(x) else as_float(x, "grad")

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
        return operands_of(self)

    @property
    def partials(self) -> tuple[float, ...]:
        """∂self/∂operand for each of `operands`, at the numbers of the forward pass."""
        if _listening:
            refuse("reading .partials")
        return partials_of(self)

    @property
    def primitive(self) -> Primitive | None:
        """The row of the table that made this node, or a `primitive` of your own; None where there is neither."""
        if self._code > CUSTOM:
            return row_of(self._code)
        rule = rule_of(self)
        return rule.row if rule is not None else None

    @property
    def is_constant(self) -> bool:
        """Whether no gradient flows here: a number lifted by an operator, detached, or made under `no_grad`."""
        return self._code == CONSTANT

    @property
    def is_leaf(self) -> bool:
        """Whether it was computed from nothing, as in PyTorch: a parameter, an input, a constant."""
        return not operands_of(self)

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow here. Setting it to False freezes a leaf: from now on it counts as a constant.

        What was computed from it before keeps the partials that it had then. A module lists a frozen parameter, and
        saves it, but no optimiser moves it.

        Raises:
            ValueError: it is set, and the Value was computed from others.
            TypeError: what is set is no bool.

        >>> w, x = Value(2.0), Value(3.0)
        >>> w.requires_grad = False
        >>> (w * x).backward()
        >>> w.grad, x.grad
        (0.0, 2.0)
        """
        return self._code != CONSTANT

    @requires_grad.setter
    def requires_grad(self, wanted: Any) -> None:
        freeze(self, wanted)

    def requires_grad_(self, wanted: Any = True) -> Value:
        """Set `requires_grad`, and give the Value back: PyTorch's way to write it."""
        freeze(self, wanted)
        return self

    @property
    def is_frozen(self) -> bool:
        """Whether it is a leaf whose `requires_grad` was set to False."""
        return self._code == CONSTANT and "frozen" in attributes(self)

    @property
    def has_closure(self) -> bool:
        """Whether the node's rule is a `_backward` closure of the user's own."""
        return isinstance(rule_of(self), Closure)

    def item(self) -> float:
        """The number, as in PyTorch.

        >>> Value(2).item()
        2.0
        """
        return self.data

    def register_hook(self, hook: Callable[[Any], Any]) -> Handle:
        """Have each sweep call `hook` with the gradient of this Value, once it is complete, as in PyTorch.

        A number that it gives goes on in place of the gradient; None changes nothing. With `create_graph` it is given a
        Value. Hooks are called in order; copies have none, and what is compiled calls none. `.remove()` ends it.
        """
        if _listening:
            refuse("calling .register_hook()")
        return register(require_alive(self), hook)

    def conjugate(self) -> Value:
        """Self, being real; NumPy's `var` and `std` ask for it."""
        return self

    def clip(self, low: Any = None, high: Any = None, out: None = None) -> Any:
        """Self where it is between the two, else the nearer one, as `np.clip` asks for it; None is no bound."""
        return apply_composed(clip, (self, -inf if low is None else low, inf if high is None else high), "clip")

    def zero_grad(self) -> None:
        """Set `grad` to 0."""
        self.grad = 0.0

    def backward(self, seed: Any = 1.0) -> None:
        """Add ∂self/∂leaf, times `seed`, to the `grad` of every leaf; inner nodes show their adjoint of this sweep.

        Raises:
            TypeError: `seed` is not a real number. Whatever is raised, every `grad` stays as it was.

        Cost: linear in the nodes below self; no recursion.
        """
        if _listening:
            refuse("calling .backward()")
        sweep([require_alive(self)], [as_float(seed, "seed")])

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
    def __mod__(self, other: Any) -> Any: return binary(REMAINDER, self, other)
    def __rmod__(self, other: Any) -> Any: return reflected(REMAINDER, self, other)
    def __floordiv__(self, other: Any) -> Any: return binary(FLOOR_DIVIDE, self, other)
    def __rfloordiv__(self, other: Any) -> Any: return reflected(FLOOR_DIVIDE, self, other)
    def __neg__(self) -> Value: return unary(NEG, self)
    def __pos__(self) -> Value: return self
    def __abs__(self) -> Value: return unary(ABS, self)
    def __floor__(self) -> Value: return unary(FLOOR, self)
    def __ceil__(self) -> Value: return unary(CEIL, self)
    def __trunc__(self) -> Value: return unary(TRUNC, self)
    def __round__(self, digits: Any = None) -> Any: return rounded(self, index(digits)) if digits else unary(RINT, self)

    # --- comparison: by data, as numbers compare; identity for hashing, since data may change ---
    def __eq__(self, other: object) -> Any: return compare(self, other, IS_EQ)
    def __ne__(self, other: object) -> Any: return compare(self, other, IS_NE)
    def __lt__(self, other: Any) -> Any: return compare(self, other, IS_LT)
    def __le__(self, other: Any) -> Any: return compare(self, other, IS_LE)
    def __gt__(self, other: Any) -> Any: return compare(self, other, IS_GT)
    def __ge__(self, other: Any) -> Any: return compare(self, other, IS_GE)
    def __hash__(self) -> int: return identity(self)
    def __bool__(self) -> bool: return bool(compare(self, 0.0, IS_NE))

    def __float__(self) -> float: raise cut_by("float(Value)")
    def __int__(self) -> int: raise cut_by("int(Value)")
    def __index__(self) -> int: raise cut_by("using a Value as a whole number (range(n), table[i])")
    def __complex__(self) -> complex: raise cut_by("complex(Value)")
    def __repr__(self) -> str: return show(self)
    def __format__(self, spec: str) -> str: return format(self.data, spec) if spec else show(self)
    def __array_function__(self, f: Any, kinds: Any, xs: Any, kw: Any) -> Any: return apply_function(f, kinds, xs, kw)
    def __apply_primitive__(self, row: Primitive, operands: Sequence[Any]) -> Any: return node_of(row, operands)

    def __divmod__(self, other: Any) -> Any:
        whole = binary(FLOOR_DIVIDE, self, other)
        return whole if whole is NotImplemented else (whole, binary(REMAINDER, self, other))

    def __rdivmod__(self, other: Any) -> Any:
        whole = reflected(FLOOR_DIVIDE, self, other)
        return whole if whole is NotImplemented else (whole, reflected(REMAINDER, self, other))

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        return binary(POW, self, other if modulo is None else without("pow(Value, y, modulo)"))

    def __rpow__(self, other: Any, modulo: Any = None) -> Any:
        return reflected(POW, self, other if modulo is None else without("pow(x, Value, modulo)"))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, kwargs)

    # --- the names of micrograd and microgpt ---

    @property
    def _prev(self) -> tuple[Value, ...]: return self.operands

    @property
    def _children(self) -> tuple[Value, ...]: return self.operands

    @property
    def _local_grads(self) -> tuple[float, ...]: return self.partials

    @property
    def _op(self) -> str: return name_of(self)

    @_op.setter
    def _op(self, text: str) -> None:
        vars(self)["op"] = text

    @property
    def _backward(self) -> Callable[[], None]: return lambda: pass_on(self)

    @_backward.setter
    def _backward(self, closure: Callable[[], None]) -> None:
        set_rule(self, closure)

    # fmt: on
    # --- copies ---

    def __copy__(self) -> Value:
        if _listening:
            refuse("copying a Value")
        twin: Value = copied(self)
        if _listening:
            tell_made(twin)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if _listening:
            refuse("copying a Value")
        return deepcopy_graph(self, memo)

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if name not in NAMES]

    def __getstate__(self) -> Any:
        if _listening:
            refuse("reading the state of a Value")
        raise TypeError("a Value has no state apart from its graph: copy.deepcopy or pickle it")

    def __reduce_ex__(self, protocol: Any) -> Any:
        if _listening:
            refuse("pickling a Value")
        return reduce_graph(self)


LARGEST_INT, SMALLEST_INT = 2**1023, -(2**1023)  # between them, every int has a float


def is_plain(x: Any) -> bool:
    """Whether it is what most are: a float, or an int that has one."""
    return type(x) is float or (type(x) is int and SMALLEST_INT < x < LARGEST_INT)


def binary(code: int, x: Value, other: Any) -> Any:
    """`x (op) other`, lifting a number to a constant; NotImplemented for what may know how to do it itself."""
    if isinstance(other, Value):
        y: Value = other
        return node2(code, x, y)
    if is_plain(other):
        return node2(code, x, constant(float(other)))
    lifted = operand(other, code)
    return lifted if lifted is NotImplemented else node2(code, x, lifted)


def reflected(code: int, y: Value, other: Any) -> Any:
    """`other (op) y`."""
    if is_plain(other):
        return node2(code, constant(float(other)), y)
    lifted = operand(other, code)
    return lifted if lifted is NotImplemented else node2(code, lifted, y)


made_of(Value, "autograd.Value", "(data, children=None, op='', label='', *, local_grads=None, _children=None, _op='')")
refuse_misspelt(Value, "a Value", MEANT)
