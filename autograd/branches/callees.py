"""What a rewritten function calls: what may be called in a merged branch, and how with what is not decided."""

from __future__ import annotations

import math
import operator
import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograd.branches.choice import is_chosen
from autograd.branches.conditions import Chosen, Condition, Failure, most_of
from autograd.branches.harmless import FRESH, MAKERS, NUMBERS, noise_of, noise_of_read, noise_of_taking, noise_within
from autograd.branches.ordering import greatest, in_order, least
from autograd.values._functions import where
from autograd.values.value import Value

__all__ = ["called_with", "decided_in", "is_mutable", "name_of", "why_not_called"]

PURE = {
    abs, min, max, sum, len, range, zip, enumerate, list, tuple, dict, set, frozenset, sorted, reversed, any, all, int,
    float, bool, complex, str, repr, round, divmod, pow, isinstance, issubclass, type, callable, hash, id, map, filter,
    slice, ord, chr, format, hasattr, getattr, iter, object, greatest, least, in_order, Value, *MAKERS,
}  # fmt: skip
"""Of Python's own functions those that do nothing but give a result."""

OF_NUMPY: dict[Any, int] = {
    **dict.fromkeys((
        np.array, np.asarray, np.zeros, np.ones, np.full, np.arange, np.linspace, np.eye, np.inner, np.where, np.diff,
        np.sort, np.argsort, np.vstack, np.hstack, np.reshape, np.ravel, np.transpose, np.tile, np.repeat, np.interp,
        np.searchsorted, np.polyval, np.zeros_like, np.ones_like,
    ), 20),
    np.dot: 2, np.outer: 2, np.max: 2, np.min: 2, np.argmax: 2, np.argmin: 2, np.concatenate: 2, np.stack: 2,
    np.sum: 3, np.prod: 3, np.mean: 3, np.clip: 3, np.cumsum: 3,
}  # fmt: skip
"""Of NumPy's, beside ufuncs, with how many arguments none of them is an array to fill."""
METHODS = {
    list: dict.fromkeys(("index", "count", "copy"), 9),
    dict: dict.fromkeys(("get", "keys", "values", "items", "copy"), 9),
    np.ndarray: {**dict.fromkeys(("copy", "tolist", "item", "reshape", "ravel", "astype"), 20),
                 "sum": 2, "mean": 2, "prod": 2, "dot": 1, "min": 1, "max": 1},
}  # fmt: skip
"""Of things that can be changed, methods that do not, in the same way."""
UNCHANGED = {*NUMBERS, tuple, frozenset, range, slice}
CHANGING = {
    "backward", "register_hook", "zero_grad", "requires_grad_", "retain_grad", "retains_grad", "freeze", "share",
}  # fmt: skip
"""Methods of a Value that do more than give a result."""
LOOKING = {isinstance, issubclass, type, id, callable}
"""Functions that do nothing with what they are given."""
SHALLOW = {zip, enumerate, list, tuple, len, reversed, range, map, filter, iter, bool, *MAKERS}
"""Functions that do nothing with what is in what they are given."""
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
    type(object.__str__), type(Value.sin), type(Value(1.0).sin), type(where),
}  # fmt: skip
"""Of what can be called, what may be asked for its names: an object of somebody's own may answer by a method."""
SELECTORS = {greatest, least, in_order}
WHICH_ONE = {id, operator.is_, operator.is_not}
"""Functions that ask which thing one is."""


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


def why_not_called(run: Any, function: Any, known: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Why a function may not be called in a merged branch; "" if it may."""
    if known is not None:
        return f"it calls {name_of(function)}: {known.unsafe}" if known.unsafe else ""
    found = noise_of_function(run, function, len(args), kwargs)
    if found or is_in(function, LOOKING):
        return found
    if is_in(function, {getattr, hasattr}):
        return "it reads what may do more than give a result" if noise_of_read(args[0], args[1], run.noise) else ""
    shallow = is_in(function, SHALLOW) or (is_in(function, SELECTORS) and kwargs.get("key") is not None)
    for i in range(len(args)):
        others = sys.getrefcount(args[i]) > FRESH
        found = noise_of_given(run, args[i], others, shallow)
        if found:
            return found
    for name in kwargs:
        others = sys.getrefcount(kwargs[name]) > FRESH
        found = noise_of_given(run, kwargs[name], others, shallow)
        if found:
            return found
    return ""


def noise_of_given(run: Any, x: Any, others: bool, shallow: bool) -> str:
    """Why a function that does nothing else may have an effect by what it is given; "" if not."""
    kind = type(x)
    if kind in NUMBERS:
        return ""
    if hasattr(kind, "__next__"):
        if others:
            return "it takes from an iterator that others take from"
        return noise_of_taking(x, run.known, run.noise)
    if kind in KINDS:
        code = getattr(x, "__code__", None)
        found = run.known.get(code) if code is not None else None
        why = noise_of_function(run, x, 0, {}) if found is None else found.unsafe
        return why and f"it hands on {name_of(x)}, which may do more than give a result"
    return noise_of(kind, run.noise) if shallow and kind is not np.ndarray else noise_within(x, run.noise)


def noise_of_function(run: Any, function: Any, count: int, kwargs: dict[str, Any]) -> str:
    """Why a function that was not rewritten may do more than give a result; "" if not."""
    refusal = f"it calls {name_of(function)}, which may do more than give a result"
    if type(function) not in KINDS:
        return refusal
    owner = owner_of(function)
    if is_ours(function) and not isinstance(owner, Value):
        return ""
    if kwargs.get("out") is not None:
        return "it fills an array"
    if isinstance(function, np.ufunc):
        return "it fills an array" if count > function.nin else ""
    if function in PURE or function in OF_NUMPY:
        return "it fills an array" if count > OF_NUMPY.get(function, count) else ""
    if owner is None or owner is math or isinstance(owner, ModuleType):
        if getattr(function, "__module__", None) == "math" or getattr(function, "__objclass__", None) in UNCHANGED:
            return ""
        return refusal
    name = getattr(function, "__name__", "")
    if type(owner) in UNCHANGED:
        return refusal if isinstance(owner, Value) and name in CHANGING else ""
    most = METHODS.get(type(owner), {}).get(name, -1)
    return "" if count <= most else refusal if most < 0 else "it fills an array"


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
    if gives_away and noise_of_function(run, function, 0, {}):
        raise run.fail(f"a list that was chosen is given to {name_of(function)}")
    if differentiates(function) and any(map(has_chosen, given)):
        raise run.fail("a derivative is taken by a number that was chosen")
    if is_in(function, WHICH_ONE) and any(map(has_chosen, given)):
        raise run.fail(f"which of two numbers it is, is asked for by {name_of(function)}")
    if not any(map(is_open, given)):
        return function(*args, **kwargs)
    if is_ours(function):
        numbers = tuple([as_values(x) for x in args])
        result = function(*numbers, **{name: as_values(x) for name, x in kwargs.items()})
        if isinstance(result, Value) and not any(has_value(x) for x in given):
            return Chosen(result, site, "none")
        return result
    if is_in(function, {greatest, least}) and set(kwargs) <= {"default"}:
        result = function(*[as_values(x) for x in args], **kwargs)
        return Chosen(result, site, "some", most_in(args)) if isinstance(result, Value) else result
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


def has_chosen(x: Any) -> bool:
    """Whether something in it was chosen."""
    return any(map(has_chosen, x)) if type(x) in (list, tuple) else type(x) is Chosen or is_chosen(x)


def most_in(x: Any) -> float:
    """How large a number in a thing may be where it is an int."""
    return max(map(most_in, x), default=0.0) if type(x) in (list, tuple) else most_of(x)


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
