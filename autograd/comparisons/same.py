"""The derivatives of a function against those of another library, number by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.border.conversion import as_float
from autograd.border.wording import brief
from autograd.checks.gradcheck import names_of_inputs, numeric
from autograd.comparisons.peers import Jax, Peer, Torch
from autograd.derivatives.arguments import changed
from autograd.derivatives.calls import Call, as_function, name_of_function
from autograd.derivatives.second import hessian_of
from autograd.derivatives.transforms import jacobian_of
from autograd.foreign.numbers import Run

__all__ = ["assert_same_as_jax", "assert_same_as_torch"]

SHOWN = 12
"""So many differences are written."""


def assert_same_as_torch(
    function: Callable[..., Any],
    *args: Any,
    theirs: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] | None = None,
    order: int = 1,
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> None:
    """Pass if a function has the values and derivatives that PyTorch gives it, in doubles; else say which differ.

    Args:
        function: Ordinary Python over numbers, with the operators, methods and functions of Values; it gives numbers in
            any structure. It is run again on numbers of PyTorch, each row of the table by its function of that name.
        args: The positional arguments at which to compare; what is not made of numbers is given on as it is.
        theirs: The same function as PyTorch writes it, in place of that: it takes tensors without axes for numbers and
            tensors for arrays.
        argnums: By which arguments derivatives are compared; all that are made of numbers, if not given.
        order: 1, or 2 to compare second derivatives too.
        rtol, atol: How far off a number may be, relatively and besides. Two that are nan count as the same.

    Raises:
        AssertionError: a number differs; the message has each, by result and argument, ours, theirs and how far apart.
        ImportError: PyTorch is not installed.
        NotImplementedError: PyTorch has no such function: give `theirs`.
        TypeError, ValueError: an argument is none of these.

    Cost: a call of the function by each, and a sweep for each result; of second derivatives for each number too.

    >>> assert_same_as_torch(lambda x, y: (x * y).sin() / x, 0.5, 2.0, order=2)  # doctest: +SKIP
    """
    compare(Torch, "assert_same_as_torch", function, args, theirs, argnums, order, rtol, atol)


def assert_same_as_jax(
    function: Callable[..., Any],
    *args: Any,
    theirs: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] | None = None,
    order: int = 1,
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> None:
    """Pass if a function has the values and derivatives that JAX gives it, in doubles; else say which differ.

    Args and errors are those of `assert_same_as_torch`, of JAX and its arrays. It runs without `jit`, so that a
    function may branch on numbers; JAX's precision is set to doubles for the while.

    >>> assert_same_as_jax(lambda x, y: (x * y).sin() / x, 0.5, 2.0, order=2)  # doctest: +SKIP
    """
    compare(Jax, "assert_same_as_jax", function, args, theirs, argnums, order, rtol, atol)


class Difference(NamedTuple):
    """A number that differs: what it is, by which argument, ours and theirs."""

    what: str
    by: str
    ours: float
    theirs: float

    @property
    def error(self) -> float:
        """How far apart they are."""
        return abs(self.ours - self.theirs)


def compare(
    kind: Callable[[], Peer], what: str, function: Callable[..., Any], args: Sequence[Any],
    theirs: Callable[..., Any] | None, argnums: Any, order: Any, rtol: Any, atol: Any,
) -> None:  # fmt: skip
    """As of the functions above."""
    as_function(function, what)
    if theirs is not None:
        as_function(theirs, f"{what}: theirs")
    if isinstance(order, bool) or order not in (1, 2):
        raise ValueError(f"{what}: order {brief(order)}: 1 for slopes, 2 for second derivatives too")
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if not 0.0 <= as_float(tolerance, f"{what}: {name}") < math.inf:
            raise ValueError(f"{what}: {name} {brief(tolerance)}: a number from 0 on")
    peer = kind()
    given = [changed(x, lambda value: value.data) for x in args]
    call = Call(what, function, numeric(given, what) if argnums is None else argnums, given, {})
    results = call.results.numbers()
    with peer.precision():
        run = Run(peer, call, given, function if theirs is None else theirs, theirs is not None)
        values, slopes = peer.slopes(run, call.items)
        bends = peer.bends(run, call.items) if order == 2 else []
    names = names_of_inputs(call)
    named = ["the result" if len(results) == 1 else f"result {k}" for k in range(len(results))]
    found = [Difference(of, "", a, b) for of, a, b in zip(named, results, values, strict=True)]
    for of, ours, other in zip(named, jacobian_of(call), slopes, strict=True):
        found += [Difference(f"∂({of})", by, a, b) for by, a, b in zip(names, ours, other, strict=True)]
    for k, other in enumerate(bends):
        ours = hessian_of(call, k).tolist()
        for i, by in enumerate(names):
            found += [Difference(f"∂²({named[k]})", f"{by}, {names[j]}", ours[i][j], other[i][j]) for j in range(i + 1)]
    wrong = [d for d in found if differs(d, rtol, atol)]
    if wrong:
        raise AssertionError(report(f"{name_of_function(function)} against {peer.name}", wrong, len(found)))


def differs(d: Difference, rtol: float, atol: float) -> bool:
    """Whether two numbers are not the same: nan is as nan, and inf as inf."""
    if d.ours == d.theirs or (math.isnan(d.ours) and math.isnan(d.theirs)):
        return False
    return not d.error <= atol + rtol * abs(d.theirs)


def report(title: str, wrong: Sequence[Difference], count: int) -> str:
    """The differences as a table, the largest first."""
    size = lambda d: d.error / (abs(d.theirs) + 1e-300) if d.error == d.error else math.inf  # noqa: E731
    shown = sorted(wrong, key=size, reverse=True)[:SHOWN]
    rows = [("of", "by", "ours", "theirs", "apart")]
    rows += [(d.what, d.by, f"{d.ours:.17g}", f"{d.theirs:.17g}", f"{d.error:.1e}") for d in shown]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = [f"and {len(wrong) - len(shown):,} more"] * (len(wrong) > len(shown))
    return "\n".join([f"{title}: {len(wrong):,} of {count:,} numbers differ", *lines, *more])
