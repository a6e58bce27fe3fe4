"""Jacobians and Hessians as matrices: sparse ones, and dense ones too large for a program of all their entries.

Small ones, and those of batches, are answered as any kind of derivative is (`dispatch.py`), in the structure of
arguments and results at once.
"""

from __future__ import annotations

from typing import Any, Literal

from autograd._build import native
from autograd.border.wording import brief
from autograd.compiled.call import Call
from autograd.compiled.checking import look_through
from autograd.compiled.dispatch import answer, answered, keep, look_back
from autograd.compiled.entries import Entries
from autograd.engine.listening import checkers
from autograd.recorded.paths import Path
from autograd.recorded.traced import Traced
from autograd.sparsity.pattern import Pattern

if native:
    from autograd.recorded.repetition import is_key

__all__ = ["Sparse", "matrix", "pattern"]

Sparse = bool | Literal["values"]
"""What is wanted in place of a dense matrix: False for that, True for a sparse one, "values" for its numbers alone."""
LARGE = 2**14
"""From so many entries on, zeros among them, a dense matrix is put together from those that are not zero."""


def matrix(
    traced: Traced, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any, sparse: Sparse
) -> Any:
    """The matrix of first or second derivatives: `kind` is "jacobian" or "hessian".

    Raises:
        ValueError: `sparse` is none of what it may be, or is asked for with a batch or by one argument twice.
    """
    if not (sparse is True or sparse is False or (isinstance(sparse, str) and sparse == "values")):
        raise ValueError(
            f"{traced.name}.{kind}: sparse is {brief(sparse)}; it is False for an array, True for SciPy's matrix, or "
            '"values" for its numbers in the order of pattern()'
        )
    if native:
        if not sparse:
            known = traced.repetitions.find(kind, argnums, args, kwargs)
            if known is not None:
                return known[0]
        known = traced.repetitions.find(f"{kind} entries", argnums, args, kwargs)
        if known is not None:
            (numbers, (entries, path)), _ = known
            return finished(entries, path, numbers, sparse, from_the_front(argnums, len(args)))
    if not sparse and traced.skipping:
        return answer(traced, kind, args, kwargs, argnums)
    call = Call(traced, args, kwargs)
    if not sparse and not is_large(call, kind, argnums):
        return answered(call, kind, argnums)
    if sparse:
        require_alone(call, kind, argnums)
    inputs = call.inputs(kind, argnums)
    if checkers():
        look_through(call, {*inputs}, None)
    path, entries = entries_of(call, kind, inputs)
    numbers = call.rows.run_path(path, entries.asked, None)[0]
    found = finished(entries, path, numbers, sparse, call.positions(argnums))
    call.look_at_steps()
    look_back(call)
    if native and is_key(argnums) and call.way() is path:
        keep(call, (f"{kind} entries", argnums), path, entries.question(path))
    return found


def pattern(traced: Traced, of: str, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Any) -> Pattern:
    """The pattern of a matrix, on the path that the arguments take; it is the same object for all on that path.

    Raises:
        ValueError: `of` is neither "hessian" nor "jacobian"; else as of `matrix`.
        TypeError: of a Hessian, the function gives more than one number.
    """
    if not (isinstance(of, str) and of in ("hessian", "jacobian")):
        raise ValueError(f'{traced.name}.pattern: of is {brief(of)}; it is "hessian" or "jacobian"')
    call = Call(traced, args, kwargs)
    if of == "hessian" and not call.results.single:
        raise TypeError(
            f"{traced.name}.pattern: a Hessian wants a function of one number, this gives {call.results}: let it give "
            'one of them, or their sum; or ask for of="jacobian"'
        )
    require_alone(call, of, argnums)
    found = entries_of(call, of, call.inputs(of, argnums))[1].pattern
    look_back(call)
    return found


def entries_of(call: Call, kind: str, inputs: tuple[int, ...]) -> tuple[Path, Entries]:
    """The path of a call, and the entries along it; those of a path that is kept are found once."""
    ((path, _),) = call.rows.groups_of_all()
    if path.results is not call.results:
        call.arguments.require_same_structure(path.results, 0)
    return path, path.once(("entries", kind, inputs), lambda: Entries(path, kind, inputs, call.layout))


def finished(entries: Entries, path: Path, numbers: Any, sparse: Sparse, argnums: Any) -> Any:
    """The matrix as it is wanted, of what was asked of the path."""
    if sparse:
        values = entries.values(path, numbers)
        return entries.sparse(values) if sparse is True else values
    return entries.in_structure(entries.array(path, numbers), argnums)


def from_the_front(argnums: Any, count: int) -> Any:
    """Positions that a call with so many positional arguments has been answered for, counted from the front."""
    return argnums % count if isinstance(argnums, int) else tuple([k % count for k in argnums])


def is_large(call: Call, kind: str, argnums: Any) -> bool:
    """Whether a dense matrix is large, and of one call."""
    if call.batched:
        return False
    inputs = call.inputs(kind, argnums)
    rows = len(call.results.values) if kind == "jacobian" else len(inputs)
    return rows * len(inputs) >= LARGE and len({*inputs}) == len(inputs)


def require_alone(call: Call, kind: str, argnums: Any) -> None:
    """Refuse a sparse matrix of a batch, or by an argument that is given twice."""
    name = call.traced.name
    if call.batched:
        raise ValueError(
            f"{name}: a sparse {kind} is that of one call, this one has a batch of {call.n}: compile the function "
            "without in_axes and call it on each row (or on all rows, to give their sum); without sparse= a batch "
            "gives a dense matrix for each row"
        )
    inputs = call.inputs(kind, argnums)
    if len({*inputs}) < len(inputs):
        raise ValueError(f"{name}: argnums is {brief(argnums)}: a sparse {kind} is by each argument once")
