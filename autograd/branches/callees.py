"""What a rewritten function calls: what may be called in a merged branch, and how with what is not decided."""

from __future__ import annotations

import math
import sys
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from autograd.branches.conditions import Chosen, Condition, Failure
from autograd.branches.ordering import greatest, in_order, least
from autograd.values.value import Value

__all__ = ["called_with", "decided_in", "is_mutable", "name_of", "why_not_called"]

PURE = {
    abs, min, max, sum, len, range, zip, enumerate, list, tuple, dict, set, frozenset, sorted, reversed, any, all, int,
    float, bool, complex, str, repr, round, divmod, pow, isinstance, issubclass, type, callable, hash, id, map, filter,
    slice, ord, chr, format, hasattr, getattr, greatest, least, in_order, Value,
}  # fmt: skip
"""Of Python's own functions those that do nothing but give a result."""

OF_NUMPY = {
    np.array, np.asarray, np.zeros, np.ones, np.full, np.arange, np.linspace, np.eye, np.dot, np.matmul, np.inner,
    np.outer, np.sum, np.prod, np.mean, np.max, np.min, np.where, np.clip, np.cumsum, np.diff, np.sort, np.argsort,
    np.argmax,
    np.argmin, np.concatenate, np.stack, np.vstack, np.hstack, np.reshape, np.ravel, np.transpose, np.tile, np.repeat,
    np.abs, np.interp, np.searchsorted, np.polyval, np.zeros_like, np.ones_like,
}  # fmt: skip
"""Of NumPy's, beside ufuncs."""
METHODS = {
    list: {"index", "count", "copy"},
    dict: {"get", "keys", "values", "items", "copy"},
    np.ndarray: {"sum", "mean", "dot", "copy", "tolist", "item", "reshape", "ravel", "min", "max", "astype", "prod"},
}
"""Of things that can be changed, methods that do not."""
UNCHANGING = (
    int,
    float,
    complex,
    bool,
    str,
    bytes,
    tuple,
    frozenset,
    range,
    type(None),
    Value,
    Chosen,
    Condition,
    np.generic,
)
BY_OPERATORS = {
    abs, sum, len, zip, enumerate, list, tuple, reversed, map, filter, any, all, iter, next, range, dict, set, bool,
}  # fmt: skip
"""Functions that do with what is chosen what its operators do."""
KINDS = {
    FunctionType, BuiltinFunctionType, MethodType, type, np.ufunc, type(np.sum), type([].__len__), type(str.join),
    type(object.__str__), type(Value.sin),
}  # fmt: skip
"""Of what can be called, what may be asked for its names: an object of somebody's own may answer by a method."""
SELECTORS = {greatest, least, in_order}


def is_mutable(x: Any) -> bool:
    """Whether `x += y` may change x in place."""
    return not isinstance(x, UNCHANGING)


def is_ours(function: Any) -> bool:
    """Whether it is a function of numbers of this package: rows of the table, folds, and what is made of them."""
    return str(getattr(function, "__module__", "")).startswith("autograd.values")


def differentiates(function: Any) -> bool:
    """Whether it takes derivatives by Values: then it matters which Value is which."""
    if not str(getattr(function, "__module__", "")).startswith("autograd.derivatives"):
        return False
    return getattr(function, "__name__", "") not in ("root", "fixed_point", "checkpoint")


def why_not_called(function: Any, known: Any, args: tuple[Any, ...], rewritten: dict[Any, Any]) -> str:
    """Why a function may not be called in a merged branch; "" if it may."""
    for x in args:
        if hasattr(type(x), "__next__") and sys.getrefcount(x) > 4:
            return "it takes from an iterator that others take from"
        if isinstance(x, FunctionType):
            handed = rewritten.get(x.__code__)
            if handed.unsafe if handed is not None else not is_ours(x):
                return f"it hands on {name_of(x)}, which may do more than give a result"
    if known is not None:
        return f"it calls {name_of(function)}: {known.unsafe}" if known.unsafe else ""
    module = getattr(function, "__module__", None)
    if is_ours(function) or module == "math":
        return ""
    try:
        if function in PURE or function in OF_NUMPY:
            return ""
    except TypeError:
        pass
    if isinstance(function, np.ufunc):
        return ""
    owner = getattr(function, "__self__", None)
    if owner is not None and not isinstance(owner, type) and owner is not math:
        if isinstance(owner, UNCHANGING) and getattr(function, "__name__", "") != "backward":
            return ""
        if getattr(function, "__name__", "") in METHODS.get(type(owner), ()):
            return ""
    return f"it calls {name_of(function)}, which may do more than give a result"


def owner_of(function: Any) -> Any:
    """What a method is of; None of what is none."""
    return function.__self__ if type(function) in KINDS and hasattr(function, "__self__") else None


def name_of(function: Any) -> str:
    """The name of what is called."""
    return str(
        getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or type(function).__name__
    )


def called_with(run: Any, site: Any, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of a function that was not rewritten.

    Functions of numbers take what is chosen as Values; for others conditions are decided, and what is chosen is
    refused.
    """
    if (function is any or function is all) and len(args) == 1 and not kwargs:
        return any_or_all(run, site, args[0], function is any)
    given = (*args, *kwargs.values())
    shared = run.merger.shared
    gives_away = bool(shared) and any(map(run.merger.is_shared, (*given, owner_of(function))))
    if gives_away and why_not_called(function, None, (), run.known):
        raise run.fail(f"a list that was chosen is given to {name_of(function)}")
    if differentiates(function) and any(map(run.merger.is_made, given)):
        raise run.fail("a derivative is taken by a number that was chosen")
    if not any(map(is_open, given)):
        result = function(*args, **kwargs)
        if is_in(function, SELECTORS):
            run.merger.note(result, given)
        return result
    if is_ours(function):
        numbers = tuple([as_values(x) for x in args])
        result = function(*numbers, **{name: as_values(x) for name, x in kwargs.items()})
        if isinstance(result, Value) and not any(has_value(x) for x in given):
            return Chosen(result, site, "none")
        return result
    if is_in(function, {greatest, least}) and set(kwargs) <= {"default"}:
        result = function(*[as_values(x) for x in args], **kwargs)
        return Chosen(result, site, "some") if isinstance(result, Value) else result
    args = tuple([bool(x) if type(x) is Condition else x for x in args])
    kwargs = {name: bool(x) if type(x) is Condition else x for name, x in kwargs.items()}
    if not is_in(function, BY_OPERATORS):
        for x in (*args, *kwargs.values()):
            which = chosen_in(x)
            if which is not None:
                raise Failure(which.site, f"what it chose is given to {name_of(function)}")
    return function(*args, **kwargs)


def is_in(function: Any, functions: set[Any]) -> bool:
    """Whether it is one of these, also if it cannot be hashed."""
    return type(function) in KINDS and function in functions


def is_open(x: Any) -> bool:
    """Whether there is something in it that is not decided, or chosen."""
    if type(x) in (list, tuple):
        return any(map(is_open, x))
    return type(x) in (Chosen, Condition)


def chosen_in(x: Any) -> Any:
    """A chosen number in a thing, or None."""
    if type(x) in (list, tuple):
        return next((found for found in map(chosen_in, x) if found is not None), None)
    return x if type(x) is Chosen else None


def decided_in(run: Any, x: Any) -> Any:
    """A thing with nothing in it that is not decided: of a list the same one, which others may have too."""
    kind = type(x)
    if kind is Condition:
        return bool(x)
    if kind is Chosen:
        raise run.fail("what it chose is matched with patterns", x.site)
    if kind is tuple:
        return tuple([decided_in(run, each) for each in x])
    if kind in (list, dict):
        for key in range(len(x)) if kind is list else [*x]:
            if type(x[key]) in (Condition, Chosen, tuple, list, dict):
                x[key] = decided_in(run, x[key])
    return x


def has_value(x: Any) -> bool:
    """Whether there is a Value in it."""
    return any(map(has_value, x)) if type(x) in (list, tuple) else isinstance(x, Value)


def as_values(x: Any) -> Any:
    """A thing with Values in place of what is chosen or not decided."""
    if type(x) in (list, tuple):
        return type(x)([as_values(each) for each in x])
    return x.value if type(x) in (Chosen, Condition) else x


def any_or_all(run: Any, site: Any, things: Any, is_any: bool) -> Any:
    """Python's `any` and `all`: of conditions one condition."""
    found: Any = None
    for x in things:
        if type(x) is Condition and x.known is None and not (site.refusal or site in run.decisions.refused):
            if found is None:
                run.merges(site)
                run.enter(site, x, not is_any)
                found = x
            else:
                found = found | x if is_any else found & x
                run.turn(found, not is_any)
        elif bool(x) is is_any:
            if found is not None:
                run.leave()
            return is_any
    if found is not None:
        run.leave()
    return (not is_any) if found is None else found
