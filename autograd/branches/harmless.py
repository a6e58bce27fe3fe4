"""Things that Python's own syntax may act on with no effect but a result.

Both sides of a merged branch are run, so nothing in them may change what others see. Numbers, texts, lists and the like
change nothing when they are added, compared, looked into or gone through; an object of somebody's own class may, by its
methods, and an iterator that others have too is taken from.
"""

from __future__ import annotations

import collections
import datetime
import enum
import gc
import itertools
import sys
from collections.abc import Iterable
from fractions import Fraction
from types import (
    BuiltinFunctionType,
    EllipsisType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    NoneType,
    NotImplementedType,
)
from typing import Any

import numpy as np

from autograd.branches.conditions import Chosen, Condition, Missing
from autograd.values.value import Value

__all__ = ["FRESH", "MAKERS", "NUMBERS", "THINGS", "noise_of", "noise_of_read", "noise_of_taking", "noise_within"]

SCALARS = {np.dtype(code).type for code in np.typecodes["All"] if code not in "OV"}
NUMBERS = {Value, Chosen, Condition, Missing, int, float, bool, complex, str, bytes, NoneType, Fraction, *SCALARS}
"""What is added, compared and written out without any effect."""
VIEWS = (dict, collections.OrderedDict, collections.Counter)
EMPTY: dict[Any, Any] = {}
HOLDERS: set[Any] = {
    list, tuple, dict, set, frozenset, *VIEWS[1:], *map(type, (EMPTY.keys(), EMPTY.values(), EMPTY.items())),
}  # fmt: skip
THINGS = {
    *NUMBERS, *HOLDERS, range, slice, np.ndarray, EllipsisType, NotImplementedType, datetime.date, datetime.datetime,
    datetime.timedelta, datetime.time,
}  # fmt: skip
"""What is looked into, counted and gone through without any effect, whatever is in it."""
INERT = {*THINGS, FunctionType, BuiltinFunctionType, MethodType, ModuleType, type, np.dtype} - {np.ndarray}

MAKERS = {
    zip, enumerate, reversed, map, filter, itertools.count, itertools.repeat, itertools.chain, itertools.product,
    itertools.pairwise, itertools.islice, itertools.accumulate, itertools.zip_longest, itertools.combinations,
    itertools.permutations, itertools.takewhile, itertools.starmap,
}  # fmt: skip
"""Functions that make iterators."""
SOURCES: tuple[Any, ...] = (
    [], (), EMPTY, "", b"", range(0), range(2**70), EMPTY.keys(), EMPTY.values(), EMPTY.items(),
)  # fmt: skip
"""What iterators are made of that only count, or look up."""
ITERATORS: set[Any] = {
    *MAKERS, np.flatiter, type(iter(np.ndarray(1))), *(type(iter(x)) for x in SOURCES), type(iter(set())),
    *(type(reversed(x)) for x in SOURCES),
}  # fmt: skip
UNARY = """neg pos abs invert lt le gt ge eq ne bool len iter next getitem missing contains index int float complex
round trunc floor ceil hash format str repr length_hint reversed array array_ufunc array_function array_interface
array_struct instancecheck subclasscheck"""
BINARY = "add sub mul truediv pow floordiv mod divmod matmul lshift rshift and or xor"
SPECIAL = {f"__{name}__" for name in UNARY.split()} | {
    f"__{before}{name}__" for name in BINARY.split() for before in ("", "r", "i")
}
"""Methods by which Python's syntax, and functions like abs, act on a thing."""
BASES = {*THINGS, object, enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag, BaseException, Exception}
PLAIN_DESCRIPTORS = {
    FunctionType, BuiltinFunctionType, staticmethod, classmethod, type(str.join), type(object.__str__),
    type(FunctionType.__code__), type(FunctionType.__globals__), type(dict.__dict__["fromkeys"]), type,
    type(collections.namedtuple("Pair", "x").x),  # type: ignore[attr-defined]
}  # fmt: skip
"""What a class may have under a name so that to read it from an object does nothing else."""
TRUSTED = ("autograd.", "builtins", "enum", "fractions", "datetime", "numpy", "collections", "decimal")


def held(*things: Any) -> int:
    """How many hold a thing that is one of the arguments of a function."""
    return sys.getrefcount(things[0])


FRESH = held(object())
"""That many hold what nobody else does."""
INSIDE = FRESH + 1
"""The same, of what is in another thing, and in a list that was made to look at it."""


def noise_of(kind: type, known: dict[Any, str]) -> str:
    """Why it may have an effect to act on a thing of this type; "" if not.

    Args:
        known: Of types what was found before.
    """
    if kind in INERT:
        return ""
    found = known.get(kind)
    if found is None:
        found = ""
        for name in SPECIAL:
            owner = next((x for x in kind.__mro__ if name in vars(x)), object)
            if owner not in BASES and vars(owner)[name] is not None:
                found = f"it uses what a {kind.__name__} does for {name}, which may do more than give a result"
                break
        known[kind] = found
    return found


def noise_within(x: Any, known: dict[Any, str]) -> str:
    """The same of what is done to all that is in a thing: as where lists are compared or written out."""
    kind = type(x)
    if kind in NUMBERS:
        return ""
    if kind in HOLDERS:
        parts: Iterable[Any] = [*x, *x.values()] if isinstance(x, dict) else list(x)
    elif kind is np.ndarray:
        parts = list(x.flat) if x.dtype == object else ()
    elif kind is slice:
        parts = (x.start, x.stop, x.step)
    else:
        return noise_of(kind, known)
    if NUMBERS.issuperset(map(type, parts)):
        return ""
    return next((found for found in (noise_within(each, known) for each in parts) if found), "")


def noise_of_taking(x: Any, codes: dict[Any, Any], known: dict[Any, str]) -> str:
    """Why it may have an effect to take what is in an iterator that nobody else has; "" if not.

    Args:
        codes: Of functions that were rewritten.
    """
    kind = type(x)
    if kind is GeneratorType:
        if x.gi_code not in codes or x.gi_code.co_name != "<genexpr>":
            return f"it takes from {x.__name__}, a generator"
    elif kind not in ITERATORS:
        return f"it takes from a {kind.__name__}, which others may take from too"
    elif kind is np.flatiter:
        return ""
    inside = gc.get_referents(x)
    for i in range(len(inside)):
        more = gc.get_referents(inside[i]) if type(inside[i]) is tuple else []
        for some in (inside, more):
            for j in range(len(some)) if some is more else (i,):
                part = type(some[j])
                if hasattr(part, "__next__"):
                    if sys.getrefcount(some[j]) > INSIDE:
                        return "it takes from an iterator that others take from"
                    found = noise_of_taking(some[j], codes, known)
                elif kind in (reversed, *ITERATORS) and part not in THINGS:
                    found = "" if callable(some[j]) else noise_of(part, known)
                else:
                    found = ""
                if found:
                    return found
    return ""


def noise_of_read(x: Any, name: str, known: dict[Any, str]) -> Any:
    """Why it may have an effect to read an attribute of a thing; "" if not; a function, if a property does by it."""
    kind = type(x)
    if kind is ModuleType:
        return "" if name in vars(x) or "__getattr__" not in vars(x) else f"it asks {x.__name__} for {name}"
    classes = x.__mro__ if isinstance(x, type) else kind.__mro__
    if kind is super:
        classes = x.__self_class__.__mro__
    else:
        found = known.get((kind, name)) if classes is kind.__mro__ else None
        if found is not None:
            return found
    found = noise_of_class_read(kind, classes, name)
    if classes is kind.__mro__:
        if type(found) is str and found and reads_plainly(kind) and hasattr(x, "__dict__"):
            own = object.__getattribute__(x, "__dict__")
            if name in own and not any(name in vars(each) for each in classes):
                return ""
        known[kind, name] = found
    return found


def noise_of_class_read(kind: type, classes: tuple[type, ...], name: str) -> Any:
    """The same of a name that these classes may have."""
    owner: Any = next((each for each in classes if name in vars(each)), None)
    if owner is not None and is_trusted(owner):
        return ""
    if owner is not None:
        thing = vars(owner)[name]
        if type(thing) is property and type(thing.fget) is FunctionType and reads_plainly(kind):
            return thing.fget
        if hasattr(type(thing), "__get__") and type(thing) not in PLAIN_DESCRIPTORS:
            return f"it reads {name} of a {kind.__name__}, which may do more than give a result"
    for how in ("__getattribute__", "__getattr__"):
        reader = next((each for each in kind.__mro__ if how in vars(each)), object)
        if not is_trusted(reader) and (how == "__getattribute__" or owner is None):
            return f"it reads {name} of a {kind.__name__}, whose {how} may do more than give a result"
    return ""


def reads_plainly(kind: type) -> bool:
    """Whether attributes of things of a class are looked up in Python's own way."""
    return not any("__getattribute__" in vars(each) for each in kind.__mro__ if each is not object)


def is_trusted(owner: type) -> bool:
    """Whether a class is Python's own, NumPy's, or of this package."""
    return (owner.__module__ or "").startswith(TRUSTED)
